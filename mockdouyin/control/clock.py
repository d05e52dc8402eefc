"""Operations on a world's clock."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.control._error_texts import NOT_BACK
from mockdouyin.control._operations import OperationCall, operation, woken
from mockdouyin.control._shown import Shown, typed
from mockdouyin.control._steps import After, Step, Waiting
from mockdouyin.control._turns import paced
from mockdouyin.core.clock import format_duration, iso, parse_duration, parse_time
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.due import Ran, RunCount


class DeliveriesRun(Shown):
    """Attempts to deliver: how many were accepted, are to be retried, or were the last.

    投递的尝试：多少被接受，多少还要重试，多少是最后一次。
    """

    delivered: int
    retried: int
    failed: int


class RanShown(Shown, kw_only=True):
    """What a move of the clock ran: what fell due on the way, as it happened.

    拨动时钟时执行了什么：途中到期、照常发生的事情。
    """

    from_: str = msgspec.field(name="from")
    to: str
    expired: dict[str, int]
    """How many expired, by what they are: `user_token`, `login_code`, …

    各有多少过期，键是种类：`user_token`、`login_code` 等。"""
    deliveries: DeliveriesRun
    events: int
    """Events that the scenario's timeline sent.

    场景的时间线发出的事件数。"""
    rules_ended: int
    """Rules whose `ttl` ended.

    `ttl` 到期的规则数。"""
    says: str
    """The same in one sentence.

    同样的内容，用一句话说。"""
    settled: int | msgspec.UnsetType = msgspec.UNSET
    """Orders that the platform settled by itself, if any.

    平台自行结算的订单数，如果有。"""
    partial: bool | msgspec.UnsetType = msgspec.UNSET
    """True if there were too many records to count all that expired.

    记录太多，过期的没有数完，就是 true。"""


class ClockShown(Shown):
    """A world's time, as `2026-11-20T12:00:00+08:00`.

    虚拟时间，如 `2026-11-20T12:00:00+08:00`。
    """

    now: str
    frozen: bool
    moved: bool
    """Whether it differs from the real time.

    是否与真实时间不同。"""
    unfinished: bool | msgspec.UnsetType = msgspec.UNSET
    """True if not all that fell due on the way was done in time.

    途中到期的事情没有及时做完，就是 true。"""
    ran: RanShown | msgspec.UnsetType = msgspec.UNSET
    """After a move ahead: what it ran.

    拨快之后：执行了什么。"""


def _state(call: OperationCall[Any]) -> ClockShown:
    clock = call.world.clock
    return ClockShown(now=iso(clock.now()), frozen=clock.frozen, moved=clock.moved)


@operation("GET", "/clock")
def clock(call: OperationCall[None]) -> ClockShown:
    """Show the world's time, whether it is frozen, and whether it differs from the real time.

    查看虚拟时间、是否冻结、是否与真实时间不同。
    """
    return _state(call)


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `advance_clock`: how far to move the clock.

    advance_clock 的请求体：时钟拨快多少。
    """

    by: str | float
    """How far: a duration such as `2h1m`, or seconds.

    拨多少：时长如 `2h1m`，或秒数。"""


@operation("POST", "/clock/advance", long=True)
def advance_clock(call: OperationCall[Advance]) -> Step[ClockShown]:
    """Move the world's time ahead, and do everything that falls due on the way, in order.

    把虚拟时间拨快，途中到期的事情按顺序全部执行。
    """
    world, by = call.world, _duration(call.given.by)
    # A target beyond the last year is refused here, before anything falls due on the way.
    world.clock.ahead(by)
    began, number = world.clock.now(), world.journal.next_number
    call.note("clock.advance", act_texts.CLOCK_ADVANCED(by=format_duration(by)))

    def sum_up(is_quiet: bool) -> Step[ClockShown]:
        state, run = _state(call), RunCount(world, began, number, paced)
        if not is_quiet:
            state.unfinished = True
        return After(lambda: _told(call, state, run.count()))

    return Waiting(lambda: call.sandbox.deliverer.advance(world, by), sum_up)


def _told(call: OperationCall[Any], state: ClockShown, ran: Ran) -> ClockShown:
    """Add to the clock's state what a move ran, and write that into the journal."""
    world = call.world

    def note() -> None:
        unit = world.store.unit(world.clock.now())
        world.note(unit, "clock.ran", ran.says, result=ran.plain())

    if not ran.is_empty:
        world.transact(note)
    state.ran = typed({**ran.plain(), "says": ran.says.render(call.language)}, RanShown)
    return state


def _duration(by: str | float) -> float:
    if str(by).strip().startswith("-"):
        raise MockDouyinError(NOT_BACK(by=by))
    return parse_duration(by)


class Freeze(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `freeze_clock`: at which moment, or `now`.

    freeze_clock 的请求体：冻结在哪个时刻，或 `now`。
    """

    at: str | None = None
    """The moment, as `2026-11-20T12:00:00+08:00`; by default now.

    时刻，如 `2026-11-20T12:00:00+08:00`，默认是现在。"""


@operation("POST", "/clock/freeze")
def freeze_clock(call: OperationCall[Freeze]) -> Step[ClockShown]:
    """Stop the world's time.

    冻结虚拟时间。
    """
    at = call.given.at
    call.world.clock.freeze(None if at in (None, "", "now") else parse_time(at))
    call.note("clock.freeze", act_texts.CLOCK_FROZEN(now=iso(call.world.clock.now())))
    return woken(call, _state(call))


@operation("POST", "/clock/back")
def return_clock(call: OperationCall[None]) -> Step[ClockShown]:
    """Set the world's clock back to the real time, running.

    What was issued stays: a token that expired while the clock was ahead is valid again.

    世界的时钟回到真实时间，继续走。
    """
    call.world.clock.reset()
    call.note("clock.back", act_texts.CLOCK_RETURNED())
    return woken(call, _state(call))


@operation("POST", "/clock/resume")
def resume_clock(call: OperationCall[None]) -> Step[ClockShown]:
    """Let the world's time run on from where it is.

    虚拟时间从当前时刻继续走。
    """
    call.world.clock.resume()
    call.note("clock.resume", act_texts.CLOCK_RESUMED())
    return woken(call, _state(call))
