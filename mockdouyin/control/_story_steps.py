"""What a story is made of, as it is shown: its steps, and the attempts of a delivery."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from msgspec import UNSET, UnsetType

from mockdouyin.control._shown import Shown
from mockdouyin.control.rows import RowShown, show_row
from mockdouyin.core.clock import iso
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Language
from mockdouyin.sandbox.stories import StoryStep


class AttemptMade(Shown, kw_only=True):
    """One attempt to deliver, without the receiver's body.

    一次投递的尝试，不含接收端返回的 body。
    """

    time: str
    status: int | None
    """Null if no answer came.

    没有响应则是 null。"""
    error: str | None
    problem: str | None
    """Why it does not count as delivered.

    为什么不算收到。"""
    took_ms: int


class StepShown(Shown, kw_only=True):
    """One step of a story; which fields it has depends on its kind.

    其中的一步；有哪些字段取决于种类。
    """

    kind: Literal["act", "exchange", "delivery"]
    id: int | str
    """The number of an act or exchange; the id of a delivery.

    操作或请求的编号，或投递的 id。"""
    time: str
    app: str
    person: str
    links: list[str]
    act: str | UnsetType = UNSET
    """An act's kind, such as `phone.login`.

    操作的种类，如 `phone.login`。"""
    says: str | UnsetType = UNSET
    """What the act was.

    操作是什么。"""
    endpoint: str | UnsetType = UNSET
    """An exchange's endpoint.

    请求的接口。"""
    method: str | UnsetType = UNSET
    path: str | UnsetType = UNSET
    verdict: str | UnsetType = UNSET
    """`ok` or `refused`; of an exchange also `bent`, `fault`, `unknown` or `error`.

    `ok` 或 `refused`；请求还有 `bent`、`fault`、`unknown`、`error`。"""
    status: int | UnsetType = UNSET
    code: int | UnsetType = UNSET
    """The number of the error with which the platform refused it.

    平台拒绝时的错误码。"""
    error: str | UnsetType = UNSET
    """The error's name.

    错误的名称。"""
    fault: str | UnsetType = UNSET
    why: str | UnsetType = UNSET
    """Why it was refused.

    为什么被拒绝。"""
    rule: str | UnsetType = UNSET
    """The id of the rule that decided.

    起作用的规则的 id。"""
    took_ms: float | UnsetType = UNSET
    times: int | UnsetType = UNSET
    """How many equal exchanges followed one another, of which this is the first.

    连续几次相同的请求，这是第一次。"""
    last: int | UnsetType = UNSET
    """The number of the last of them.

    其中最后一次的编号。"""
    delivery: str | UnsetType = UNSET
    """The id of the delivery that an act sends again.

    操作重发了哪个投递：它的 id。"""
    event: str | UnsetType = UNSET
    """A delivery's event.

    投递的事件。"""
    url: str | UnsetType = UNSET
    state: str | UnsetType = UNSET
    """A delivery's state: `waiting`, `held` (sent by hand), `delivered` or `failed`.

    投递的状态：`waiting`、`held`（手动发送）、`delivered` 或 `failed`。"""
    attempts: list[AttemptMade] | UnsetType = UNSET
    cause: int | UnsetType = UNSET
    """The number of what a delivery tells of.

    投递说的是哪件事：它的编号。"""
    born: str | UnsetType = UNSET
    next_try: str | None | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Do nothing: no field holds plain dictionaries."""


_OF_ROW = tuple(name for name in RowShown.__struct_fields__ if name not in ("type", "kind"))


def show_step(step: StoryStep, mask: Callable[[str], str], language: Language) -> StepShown:
    if isinstance(step.of, Delivery):
        return _show_delivery(step.of, mask, language)
    row = show_row(step.of, mask, language)
    of_row = {name: value for name in _OF_ROW if (value := getattr(row, name)) not in (None, "")}
    shown = StepShown(
        **{"app": "", "person": "", **of_row},
        kind="exchange" if row.type == "exchange" else "act",
        act=row.kind or UNSET,
    )
    if step.times > 1:
        shown.times, shown.last = step.times, step.last
    return shown


def _show_delivery(
    delivery: Delivery, mask: Callable[[str], str], language: Language
) -> StepShown:
    return StepShown(
        kind="delivery",
        id=delivery.id,
        time=iso(delivery.born),
        app=delivery.app,
        person=delivery.person,
        links=[link.id for link in delivery.links],
        event=delivery.event,
        url=mask(delivery.url),
        state=delivery.state,
        attempts=[
            AttemptMade(
                time=iso(attempt.time),
                status=attempt.status,
                error=mask(attempt.error.render(language)) or None,
                problem=mask(attempt.problem.render(language)) or None,
                took_ms=attempt.took_ms,
            )
            for attempt in delivery.attempts
        ],
        cause=delivery.cause,
        born=iso(delivery.born),
        next_try=iso(delivery.due) if delivery.state == "waiting" else None,
    )
