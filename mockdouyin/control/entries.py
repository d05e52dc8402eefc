"""Operations that open one thing that happened: an exchange, an act or a delivery, whole."""

from __future__ import annotations

import re
from typing import Any, NoReturn

import msgspec

from mockdouyin.control._entry_texts import (
    ENTRY_DROPPED,
    IDS_ARE,
    IN_WORLD,
    IS_ACT,
    IS_EXCHANGE,
    LATEST_ENTRY,
    LOGID_EARLIER,
    LOGID_ELSEWHERE,
    NO_ENTRY,
    NO_LOGID_DELIVERY,
    NO_WORLD_HERE,
    NOT_A_NUMBER,
    NOTHING_YET,
    ROLLED_BACK,
    WORLD_OF_LOGID,
)
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control.deliveries import DeliveryShown, show_delivery
from mockdouyin.control.journal import ExchangeShown, exchange_shower
from mockdouyin.control.stories import StoryShown, story_with
from mockdouyin.core.acts import MAX_KEPT_VALUE, Act
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.redaction import Mask
from mockdouyin.core.webhooks import FIRST_DELIVERY
from mockdouyin.sandbox import deliveries
from mockdouyin.sandbox.worlds import World

_LOG_ID = re.compile(r"(?P<stamp>[0-9]{14})(?P<tag>[0-9A-F]{8})(?P<number>[0-9A-F]{12})")


class EntryQuery(OperationQuery):
    """How to show an entry.

    怎样显示一条记录。
    """

    reveal: bool = False
    """Do not mask secrets.

    不给密钥打码。"""


class ActShown(Shown, kw_only=True):
    """An act whole: what a person, the platform or a tester did.

    一个操作的全部：用户、平台或测试者做了什么。
    """

    id: int
    time: str
    world: str
    kind: str
    """`phone.login`, `consent.allow`, `clock.advance`, `rule.add`, `delivery`, …

    `phone.login`、`consent.allow`、`clock.advance`、`rule.add`、`delivery` 等。"""
    app: str
    person: str
    verdict: str
    """`ok` or `refused`.

    `ok` 或 `refused`。"""
    says: str
    """What happened.

    发生了什么。"""
    why: str
    """Why it was refused, or failed.

    为什么被拒绝或失败。"""
    why_code: str | None
    """The reason's code, the same in every language.

    原因的代号，与语言无关。"""
    rule: str | None
    """The id of the rule that decided.

    起作用的规则的 id。"""
    links: list[str]
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`.

    属于什么，如 `login:tt0123456789abcdef:小明:7`。"""
    delivery: str | None
    """The id of the delivery that it is an attempt of.

    是哪个投递的尝试：它的 id。"""
    given: Any
    """What was asked for, with its secrets masked.

    参数，密钥已打码。"""
    result: Any
    """What came of it, likewise.

    结果，密钥已打码。"""


class Opened(Shown, kw_only=True):
    """An exchange, an act or a delivery whole, and the story that it belongs to.

    一次请求、一个操作或一个投递的全部，以及它所属的流程。
    """

    exchange: ExchangeShown | msgspec.UnsetType = msgspec.UNSET
    act: ActShown | msgspec.UnsetType = msgspec.UNSET
    delivery: DeliveryShown | msgspec.UnsetType = msgspec.UNSET
    story: StoryShown | None = None
    """Null if it belongs to none.

    不属于任何流程则是 null。"""


@operation("GET", "/exchanges/{id}", long=True)
def open_exchange(call: OperationCall[EntryQuery]) -> Step[ExchangeShown]:
    """Show one exchange whole; secrets are masked unless `reveal=true`.

    查看一次请求的全部内容；密钥会打码，除非 `reveal=true`。
    """
    found = find_exchange(call.world, call.path["id"])
    return After(lambda: exchange_shower(call.world, *_manner(call))(found))


# The same name as in `POST /acts/{act}`, as OpenAPI wants it.
@operation("GET", "/acts/{act}", long=True)
def open_act(call: OperationCall[EntryQuery]) -> Step[ActShown]:
    """Show one act whole, by its number; secrets are masked unless `reveal=true`.

    按编号查看一个操作的全部内容；密钥会打码，除非 `reveal=true`。
    """
    found = _find(call.world, call.path["act"])
    if not isinstance(found, Act):
        raise NotFoundError(IS_EXCHANGE(number=found.number))
    return After(lambda: _show_act(found, *_manner(call)))


@operation("GET", "/show/{id}", long=True)
def open_by_id(call: OperationCall[EntryQuery]) -> Step[Opened]:
    """Show what has this id: an entry's number, a log id of Douyin's replies, or a delivery's id.

    The answer has one of `exchange`, `act` and `delivery`, and its `story`.

    按 id 查看：记录的编号、抖音响应里的 log_id，或投递的 id。
    """
    wanted = call.path["id"].removeprefix("#")
    log_id = _LOG_ID.fullmatch(wanted.upper())
    found: Entry | Delivery
    if wanted.isascii() and wanted.isdigit() and log_id is None:
        found = _find(call.world, wanted)
    elif log_id is not None:
        found = _of_log_id(call, wanted, log_id)
    else:
        found = _find_delivery(call.world, wanted)
    return After(lambda: _opened(call, found))


def _opened(call: OperationCall[EntryQuery], found: Entry | Delivery) -> Opened:
    if isinstance(found, Delivery):
        return Opened(
            delivery=show_delivery(found, call.language), story=story_with(call, delivery=found.id)
        )
    story = story_with(call, number=found.number)
    if isinstance(found, Exchange):
        return Opened(exchange=exchange_shower(call.world, *_manner(call))(found), story=story)
    return Opened(act=_show_act(found, *_manner(call)), story=story)


def _manner(call: OperationCall[EntryQuery]) -> tuple[Any, Any]:
    """Return the mask and the language in which to show something."""
    return (lambda text: text) if call.given.reveal else call.world.mask(), call.language


def _show_act(act: Act, mask: Any, language: Any) -> ActShown:
    return ActShown(
        id=act.number,
        time=iso(act.time),
        world=act.world,
        kind=act.kind,
        app=mask(act.app),
        person=act.person,
        verdict=act.verdict,
        says=mask(act.says.render(language)),
        why=mask(act.why.render(language)),
        why_code=act.why.code or None,
        rule=act.rule or None,
        links=[link.id for link in act.links],
        delivery=act.delivery or None,
        given=_value(act.given, mask),
        result=_value(act.result, mask),
    )


def _value(kept: bytes, mask: Any) -> Any:
    """Return a value that an act kept; one that was cut is no JSON any more, and stays text."""
    if not kept:
        return None
    try:
        value = msgspec.json.decode(kept)
    except msgspec.DecodeError:
        text = mask(kept.decode("utf-8", "replace"))
        return f"{text}… (the first {MAX_KEPT_VALUE} bytes)"
    return mask.json(value) if isinstance(mask, Mask) else value


def find_exchange(world: World, text: str) -> Exchange:
    """Return the exchange with this number; raise if it is none, was dropped, or never was."""
    found = _find(world, text)
    if not isinstance(found, Exchange):
        raise NotFoundError(IS_ACT(number=found.number, kind=found.kind))
    return found


def _find(world: World, text: str) -> Entry:
    """Return the entry with this number; raise if it was dropped, or never was."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    found = world.journal.find(number) if number else None
    return found or _missing(world, number, text)


def _missing(world: World, number: int, text: str) -> NoReturn:
    journal, settings = world.journal, world.settings
    where = IN_WORLD(name=world.name)
    if not number:
        raise NotFoundError(NOT_A_NUMBER(text=text[:60]))
    if number > journal.total:
        latest = LATEST_ENTRY(total=journal.total) if journal.total else NOTHING_YET()
        raise NotFoundError(NO_ENTRY(number=number, where=where, latest=latest))
    if number <= journal.dropped:
        raise NotFoundError(
            ENTRY_DROPPED(
                number=number,
                where=where,
                exchanges=settings.journal_exchanges,
                size=settings.journal_bytes,
            )
        )
    raise NotFoundError(ROLLED_BACK(number=number, where=where))


def _of_log_id(
    call: OperationCall[EntryQuery], log_id: str, parts: re.Match[str]
) -> Entry | Delivery:
    """Return the exchange that answered with this log id, or the delivery that carries it."""
    world, tag = call.world, parts["tag"].lower()
    if tag != world.ids.tag:
        other = call.sandbox.worlds.of_credential(tag)
        whose = WORLD_OF_LOGID(name=other.name) if other else NO_WORLD_HERE()
        raise NotFoundError(LOGID_ELSEWHERE(log_id=log_id, whose=whose))
    number = int(parts["number"], 16)
    if number > FIRST_DELIVERY:
        return _delivery_of_log_id(world, log_id, parts["stamp"], number - FIRST_DELIVERY)
    found = _find(world, str(number))
    if world.clock.stamp(found.time) != parts["stamp"]:
        raise NotFoundError(LOGID_EARLIER(log_id=log_id, number=number, time=iso(found.time)))
    return found


def _delivery_of_log_id(world: World, log_id: str, stamp: str, count: int) -> Delivery:
    """Return the delivery with this log id; each app counts its own, so several may fit."""
    unit = world.store.unit(world.clock.now())
    read = [unit.read(Delivery, f"{key}-{count}") for key in world.apps]
    fitting = [each for each in read if each and world.clock.stamp(each.born) == stamp]
    if fitting:
        return max(fitting, key=lambda each: log_id.upper().encode() in each.body)
    raise NotFoundError(NO_LOGID_DELIVERY(world=world.name, log_id=log_id))


def _find_delivery(world: World, delivery_id: str) -> Delivery:
    try:
        return deliveries.find(world, delivery_id)
    except NotFoundError as error:
        raise NotFoundError(IDS_ARE(error=error.says)) from None
