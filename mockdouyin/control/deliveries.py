"""Operations on deliveries: what was sent to receivers or waits, and every attempt."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeVar

from mockdouyin.control._delivery_texts import NO_DELIVERY_BEFORE, NO_EVENT
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step, Waiting
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import NotFoundError, suggestion
from mockdouyin.core.events import EVENT_KINDS
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Language
from mockdouyin.sandbox import deliveries

T = TypeVar("T")


class AttemptShown(Shown, kw_only=True):
    """One attempt to deliver, with the receiver's answer.

    一次投递的尝试，以及接收端的响应。
    """

    time: str
    status: int | None
    """Null if no answer came.

    没有响应则是 null。"""
    body: str
    error: str | None
    took_ms: int
    problem: str | None
    """Why it does not count as delivered.

    为什么不算收到。"""


class DeliveryShown(Shown, kw_only=True):
    """A webhook request that was sent or waits, with its attempts.

    已发送或在等的一个投递，以及每次尝试。
    """

    id: str
    event: str
    app: str
    person: str
    url: str
    headers: dict[str, str]
    body: str
    attempts: list[AttemptShown]
    state: str
    """`waiting`, `held` (sent by hand), `delivered` or `failed`.

    `waiting`、`held`（手动发送）、`delivered` 或 `failed`。"""
    next_try: str | None
    cause: int
    """The number of the exchange or act that it tells of.

    说的是哪次请求或操作：它的编号。"""
    born: str
    """When that happened.

    那件事发生的时间。"""
    links: list[str]
    """What it belongs to, such as `grant:aw0123456789abcdef:小明:1`.

    属于什么，如 `grant:aw0123456789abcdef:小明:1`。"""


class DeliveriesShown(Shown):
    """Deliveries of a world, the oldest first.

    世界的投递，最早的在前。
    """

    deliveries: list[DeliveryShown]
    total: int
    """All deliveries that the world keeps, whichever were asked for.

    世界保留的全部投递数，不论列出了哪些。"""
    more: bool
    """Whether there are earlier ones.

    之前是否还有。"""


def show_delivery(delivery: Delivery, language: Language) -> DeliveryShown:
    """Return a delivery as the API shows it."""
    attempts = [
        AttemptShown(
            time=iso(attempt.time),
            status=attempt.status,
            body=attempt.body,
            error=attempt.error.render(language) or None,
            took_ms=attempt.took_ms,
            problem=attempt.problem.render(language) or None,
        )
        for attempt in delivery.attempts
    ]
    return DeliveryShown(
        id=delivery.id,
        event=delivery.event,
        app=delivery.app,
        person=delivery.person,
        url=delivery.url,
        headers=delivery.headers,
        body=delivery.body.decode("utf-8", "replace"),
        attempts=attempts,
        state=delivery.state,
        next_try=iso(delivery.due) if delivery.state == "waiting" else None,
        cause=delivery.cause,
        born=iso(delivery.born),
        links=[link.id for link in delivery.links],
    )


def try_now(
    call: OperationCall[Any], delivery: Delivery, show: Callable[[Delivery], T]
) -> Step[T]:
    """Send a delivery once, and show it with the attempt."""
    deliverer, world = call.sandbox.deliverer, call.world
    return Waiting(lambda: deliverer.try_now(world, delivery), show)


class DeliveryQuery(OperationQuery):
    """Which deliveries to list.

    列出哪些投递。
    """

    event: str = ""
    """Only those of this event.

    只要这个事件的。"""
    app: str = ""
    """A client_key or name.

    client_key 或应用名。"""
    person: str = ""
    """A name or open_id: the person who acted.

    用户名或 open_id：做这件事的人。"""
    state: Literal["", "waiting", "held", "delivered", "failed"] = ""
    """Only those in this state; `held` is sent by hand.

    只要这个状态的；`held` 是手动发送的。"""
    failed: bool = False
    """Only those that were not accepted at their latest attempt, retried or not.

    只要最近一次没有被接受的，不论还会不会重试。"""
    before: str = ""
    """The id of a delivery: list only what was emitted earlier.

    投递的 id：只列出比它早发出的。"""
    limit: int = 0
    """At most so many, the newest of them; 0 for all.

    最多这么多，取最新的；0 是全部。"""


@operation("GET", "/deliveries", long=True)
def list_deliveries(call: OperationCall[DeliveryQuery]) -> Step[DeliveriesShown]:
    """List deliveries with their attempts, the oldest first; without a query, all of them.

    列出投递和每次尝试，最早的在前；不带条件就是全部。
    """
    given, world = call.given, call.world
    app = world.find_app(given.app).client_key if given.app else ""
    person = world.people.find(given.person) if given.person else ""
    kept = deliveries.listed(world)

    def show() -> DeliveriesShown:
        if given.event not in ("", *EVENT_KINDS, *(each.event for each in kept)):
            hint = suggestion(given.event, EVENT_KINDS)
            raise NotFoundError(NO_EVENT(event=given.event, hint=hint))
        found = [each for each in _earlier(kept, given.before) if _fits(each, given, app, person)]
        shown = found[-given.limit :] if given.limit else found
        return DeliveriesShown(
            deliveries=[show_delivery(each, call.language) for each in shown],
            total=len(kept),
            more=len(found) > len(shown),
        )

    return After(show)


def _earlier(kept: list[Delivery], before: str) -> list[Delivery]:
    """Return what was emitted before the delivery with this id; all if it is empty."""
    if not before:
        return kept
    for place, each in enumerate(kept):
        if each.id == before:
            return kept[:place]
    raise NotFoundError(NO_DELIVERY_BEFORE(before=before))


def _fits(delivery: Delivery, given: DeliveryQuery, app: str, person: str) -> bool:
    unaccepted = delivery.state == "failed" or (
        bool(delivery.attempts) and delivery.state != "delivered"
    )
    return (
        given.event in ("", delivery.event)
        and app in ("", delivery.app)
        and person in ("", delivery.person)
        and given.state in ("", delivery.state)
        and (unaccepted or not given.failed)
    )


@operation("GET", "/deliveries/{id}")
def delivery(call: OperationCall[None]) -> DeliveryShown:
    """Show one delivery with its attempts.

    查看一个投递和它的每次尝试。
    """
    return show_delivery(deliveries.find(call.world, call.path["id"]), call.language)


@operation("POST", "/deliveries/{id}/replay")
def replay(call: OperationCall[None]) -> Step[DeliveryShown]:
    """Send the same bytes again, under the same Msg-Id.

    把同样的字节再发一次，Msg-Id 不变。
    """
    found = deliveries.find(call.world, call.path["id"])
    deliveries.note_replay(call.world, found)
    return try_now(call, found, partial(show_delivery, language=call.language))
