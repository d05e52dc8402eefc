"""Deliveries of a world: what is due, and what came back.

Sending is up to the deliverer that a sandbox is made with; without one nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NoReturn, Protocol, TypeVar, Unpack

import msgspec

from mockdouyin.core import plans
from mockdouyin.core.acts import ATTEMPT
from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.links import Link
from mockdouyin.core.outbox import MAX_KEPT_ANSWER, Attempt, Delivery
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Text
from mockdouyin.core.webhooks import WEBHOOK, DeliveryCount, Details, emit, kind_of, settle
from mockdouyin.domain import act_texts as texts
from mockdouyin.sandbox.error_texts import NO_DELIVERER, NO_DELIVERY, NO_RECEIVER

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mockdouyin.sandbox.worlds import World
    from mockdouyin.scenario.scenario import TimedEvent

T = TypeVar("T")


def next_due(world: World) -> float | None:
    """Return the world's time at which something falls due; None if nothing will."""
    times = [t for t in (world.outbox.next_due, world.timeline.next_due) if t is not None]
    return min(times, default=None)


class Deliverer(Protocol):
    """Sends deliveries when they are due; its futures are done from any thread."""

    def advance(self, world: World, seconds: float) -> Future[bool]:
        """Move a world's clock from due time to due time; return whether all due work was done."""

    def try_now(self, world: World, delivery: Delivery) -> Future[Delivery]:
        """Post a delivery once, whether due or not, and record the attempt."""

    def post(self, delivery: Delivery) -> Future[Attempt]:
        """Post something that is not kept."""

    def wake(self, world: World | None = None) -> None:
        """Check one world or all for due work: something was added, or a clock was moved.

        After a stop, only a check of all worlds starts anew.
        """

    def stop(self) -> None:
        """End the posts under way and start no others; what was not sent is due again."""


class NullDeliverer:
    """The deliverer of a sandbox that was given none: the clock moves, and nothing is sent."""

    def advance(self, world: World, seconds: float) -> Future[bool]:
        """Move the clock; plans are carried out, and deliveries stay in the outbox."""

        def move() -> bool:
            target = world.clock.now() + seconds
            while (due := world.timeline.next_due) is not None and due <= target:
                world.clock.advance(max(0.0, due - world.clock.now()))
                _emit_due_events(world)
            world.clock.advance(max(0.0, target - world.clock.now()))
            for delivery in claim_due(world):
                put_back(world, delivery)
            return next_due(world) is None or (next_due(world) or 0) > target

        return done(lambda: world.transact(move))

    def try_now(self, world: World, delivery: Delivery) -> Future[Delivery]:
        """Refuse: nothing can be sent."""
        return done(_refuse)

    def post(self, delivery: Delivery) -> Future[Attempt]:
        """Refuse: nothing can be sent."""
        return done(_refuse)

    def wake(self, world: World | None = None) -> None:
        """Do nothing."""

    def stop(self) -> None:
        """Do nothing."""


def done(work: Callable[[], T]) -> Future[T]:
    """Return a future that is done, with what work returns or raises."""
    from concurrent.futures import Future  # with logging: 8 ms, which few runs need

    future: Future[T] = Future()
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001 - it is raised by whoever asks for the result
        future.set_exception(error)
    return future


def _refuse() -> NoReturn:
    raise MockDouyinError(NO_DELIVERER())


def prepare(
    world: World,
    app: App,
    event: str,
    person: str,
    *,
    act: str,
    says: Text,
    once: bool,
    other: str | None = None,
    url: str = "",
    links: Iterable[Link] = (),
    **details: Unpack[Details],
) -> Delivery:
    """Create a delivery that the caller sends at once, so it does not wait in the outbox.

    The act of this kind, which says this, is its cause; both belong to `links`.

    If the receiver does not accept it, it waits there for its next attempt, unless `once`.
    """
    unit = world.store.unit(world.clock.now())
    for link in links:
        unit.link(link)
    delivery = emit(world, unit, app, event, person, other=other, url=url, **details)
    if delivery is None:
        raise MockDouyinError(NO_RECEIVER(app=app.name, event=event))
    delivery = msgspec.structs.replace(delivery, state="held", once=once)
    unit.write(delivery.id, delivery)
    unit.commit()
    world.note(unit, act, says, app=app.client_key, person=person, given=details.get("content"))
    return delivery


def prepare_challenge(world: World, app: App, webhook: Webhook) -> Delivery:
    """Create the verify_webhook event whose challenge a webhook's receiver has to echo."""
    secret = webhook.secret or app.client_secret
    first = world.people.first
    return prepare(
        world,
        app,
        "verify_webhook",
        first,
        act="webhook.handshake",
        says=texts.HANDSHAKE(app=app.name, url=webhook.url),
        once=True,
        url=webhook.url,
        secret=secret,
    )


def check_echo(webhook: Webhook, sent: Delivery) -> None:
    """Raise unless the receiver echoed the challenge that it was sent."""
    if problem := sent.attempts[-1].problem:
        from mockdouyin.core.redaction import Mask  # rarely needed: most webhooks are accepted

        url = Mask(())(webhook.url)
        raise MockDouyinError(texts.HANDSHAKE_REFUSED(url=url, problem=problem))


def claim_due(world: World) -> list[Delivery]:
    """Claim the deliveries that are due; the scenario's events and plans that are due happen."""

    def claim() -> list[Delivery]:
        now = world.clock.now()
        _emit_due_events(world)
        unit = world.store.unit(now)
        # Without duplicates: a delivery that was tried by hand meanwhile is in the outbox twice.
        keys = dict.fromkeys(world.outbox.claim(now))
        claimed = [unit.read(Delivery, key) for key in keys]
        due = [each for each in claimed if each is not None and each.due <= now]
        for each in due:
            if each.state == "planned":
                _carry_out(world, each)
        return [each for each in due if each.state == "waiting"]

    return world.transact(claim)


def _emit_due_events(world: World) -> None:
    for event in world.timeline.claim(world.clock.now()):
        _emit_event(world, event)


def _carry_out(world: World, planned: Delivery) -> None:
    unit = world.store.unit(world.clock.now())
    unit.links = planned.links
    plans.carry_out(world, unit, planned)
    unit.commit()
    world.touch()


def stands(world: World, delivery: Delivery) -> bool:
    """Whether a claimed delivery is still to be sent unchanged.

    It is not if its world was reset, restored or dropped meanwhile, or if it was tried by hand.
    """

    def check() -> bool:
        now = world.clock.now()
        return (
            delivery.due <= now and world.store.unit(now).read(Delivery, delivery.id) == delivery
        )

    return world.transact(check)


def put_back(world: World, delivery: Delivery) -> None:
    """Return a claimed delivery that was not tried to the outbox."""

    def write_again() -> None:
        # A delivery that is written waits in the outbox. One that was changed meanwhile was
        # written by whoever changed it.
        unit = world.store.unit(world.clock.now())
        if unit.read(Delivery, delivery.id) == delivery:
            unit.write(delivery.id, delivery)
            unit.commit()

    world.transact(write_again)


def _emit_event(world: World, event: TimedEvent) -> None:
    unit = world.store.unit(world.clock.now())
    app = world.find_app(event.app, "web")
    person = world.people.find(event.person) if event.person else world.people.first
    emit(world, unit, app, event.send, person, content=event.content or {})
    unit.commit()
    says = texts.TIMELINE_EVENT(event=event.send)
    world.note(unit, "timeline.event", says, app=app.client_key, person=person)
    world.touch()


def record(world: World, delivery: Delivery, attempt: Attempt) -> Delivery:
    """Record an attempt; return the delivery with it."""

    def write() -> Delivery:
        now = world.clock.now()
        unit = world.store.unit(now)
        world.journal.expect()
        known = unit.read(Delivery, delivery.id)
        was_reset = known is None or known.body != delivery.body
        tried = delivery if known is None or was_reset else known
        settled = _storable(settle(tried, msgspec.structs.replace(attempt, time=now)))
        if was_reset:
            return settled
        unit.write(settled.id, settled)
        _count_failures(world, unit, settled)
        unit.commit()
        _note_attempt(world, unit, settled)
        world.touch()
        return settled

    return world.transact(write)


def _note_attempt(world: World, unit: Unit, settled: Delivery) -> None:
    last = settled.attempts[-1]
    answer = last.error or f"HTTP {last.status}"
    words = texts.NOT_DELIVERED if last.problem else texts.DELIVERED
    why = last.problem
    if settled.state == "waiting":
        why = texts.RETRY_AT(problem=last.problem, time=iso(settled.due))
    unit.links = settled.links
    world.note(
        unit,
        ATTEMPT,
        words(event=settled.event, url=settled.url, answer=answer),
        app=settled.app,
        person=settled.person,
        why=why,
        delivery=settled.id,
    )


def note_replay(world: World, delivery: Delivery) -> None:
    """Write into the journal that a delivery is sent again."""
    unit = world.store.unit(world.clock.now())
    unit.links = delivery.links
    world.note(
        unit,
        "delivery.replay",
        texts.REPLAYED(delivery=delivery.id),
        app=delivery.app,
        person=delivery.person,
        delivery=delivery.id,
    )


def _storable(delivery: Delivery) -> Delivery:
    """Shorten the last answer, which was judged as a whole, and replace what is not UTF-8."""
    *before, last = delivery.attempts
    body = last.body.encode(errors="surrogateescape").decode(errors="replace")
    shortened = msgspec.structs.replace(
        last, body=body[:MAX_KEPT_ANSWER], location=last.location[:MAX_KEPT_ANSWER]
    )
    return msgspec.structs.replace(delivery, attempts=(*before, shortened))


def _count_failures(world: World, unit: Unit, settled: Delivery) -> None:
    """Unsubscribe a webhook after too many failures in a row, if the world's settings say so."""
    limit, app = world.settings.webhook_unsubscribe_after, world.apps.get(settled.app)
    if not limit or settled.state == "waiting" or app is None or app.webhook is None:
        return
    if settled.url != app.webhook.url or kind_of(settled.event).channel.name != WEBHOOK.name:
        return  # sent by hand to another URL, to the webhook's previous one, or no webhook at all
    counted = unit.read(DeliveryCount, settled.app) or DeliveryCount()
    failed = 0 if settled.state == "delivered" else counted.failed_in_a_row + 1
    if failed >= limit:
        failed = 0
        unsubscribed = msgspec.structs.replace(app.webhook, verified=False)
        world.register(msgspec.structs.replace(app, webhook=unsubscribed))
    unit.write(settled.app, msgspec.structs.replace(counted, failed_in_a_row=failed))


def find(world: World, delivery_id: str) -> Delivery:
    """Return the delivery with this id."""
    unit = world.store.unit(world.clock.now())
    found = unit.read(Delivery, delivery_id)
    if found is None or found.state == "planned":
        raise NotFoundError(NO_DELIVERY(delivery_id=delivery_id, world=world.name))
    return found


def listed(world: World) -> list[Delivery]:
    """Return every delivery that is kept, oldest first; plans are none yet."""
    unit = world.store.unit(world.clock.now())
    return [each for _, each in unit.scan(Delivery) if each.state != "planned"]
