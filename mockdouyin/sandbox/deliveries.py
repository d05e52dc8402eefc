"""Deliveries of a world: what is due, what came back, and how the control API shows it.

Who posts is given from outside: a server brings a deliverer; without one nothing leaves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import msgspec

from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.store import Unit
from mockdouyin.core.webhooks import DeliveryCount, EmittedEvent, emit
from mockdouyin.domain.webhook_handshake import read_echo

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World
    from mockdouyin.scenario.scenario import TimedEvent


KEPT_ANSWER = 4096
"""Characters of a receiver's answer that are kept of each attempt."""


class SendResult(NamedTuple):
    """What became of one HTTP request of ours."""

    status: int | None
    content_type: str = ""
    body: str = ""
    error: str = ""
    took_ms: int = 0


class OutgoingRequest(NamedTuple):
    """One HTTP request of ours."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes


Sender = Callable[[OutgoingRequest], SendResult]
"""Posts a parcel and tells what came back; it never raises."""


class Timeline:
    """What a scenario lets happen by itself, and when."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, TimedEvent]] = []

    def snapshot(self) -> Timeline:
        """Give what is still to happen as it is now."""
        saved = Timeline()
        saved._heap = list(self._heap)
        return saved

    def add(self, due: float, event: TimedEvent) -> None:
        """Let an event happen at a time."""
        heappush(self._heap, (due, len(self._heap), event))

    def __iter__(self) -> Iterator[tuple[float, TimedEvent]]:
        return iter([(due, event) for due, _, event in sorted(self._heap, key=itemgetter(0, 1))])

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next_due(self) -> float | None:
        """The world's time of the next event."""
        return self._heap[0][0] if self._heap else None

    def claim(self, now: float) -> Iterator[TimedEvent]:
        """Take every event that is due."""
        while self._heap and self._heap[0][0] <= now:
            yield heappop(self._heap)[2]


def next_due(world: World) -> float | None:
    """Give the world's time at which something is to be done."""
    times = [t for t in (world.outbox.next_due, world.timeline.next_due) if t is not None]
    return min(times, default=None)


class Deliverer(Protocol):
    """Sends what is due."""

    def advance(self, world: World, seconds: float) -> bool:
        """Move a clock from due time to due time; tell whether all that fell due was done."""

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Post a delivery once, whatever its time, and record what came back."""

    def post(self, parcel: OutgoingRequest) -> SendResult:
        """Post something that is no delivery."""

    def wake(self, world: World | None = None) -> None:
        """Look again at a world, or at all: something is to be sent, or a clock was moved."""


class NullDeliverer:
    """The deliverer of a sandbox without a server: time moves, and nothing leaves."""

    def advance(self, world: World, seconds: float) -> bool:
        """Move the clock; what falls due waits in the outbox."""

        def move() -> bool:
            target = world.clock.now() + seconds
            while (due := world.timeline.next_due) is not None and due <= target:
                world.clock.advance(max(0.0, due - world.clock.now()))
                claim_due(world, leave=True)
            world.clock.advance(max(0.0, target - world.clock.now()))
            return next_due(world) is None or (next_due(world) or 0) > target

        return world.transact(move)

    def try_now(self, world: World, delivery: Delivery) -> Delivery:
        """Refuse: nothing can be posted."""
        raise MockDouyinError("nothing can be posted without a server")

    def post(self, parcel: OutgoingRequest) -> SendResult:
        """Refuse: nothing can be posted."""
        raise MockDouyinError("nothing can be posted without a server")

    def wake(self, world: World | None = None) -> None:
        """Do nothing."""


def prepare(world: World, app: App, what: EmittedEvent, *, once: bool) -> Delivery:
    """Make a delivery that somebody sends at once, so that it does not wait in the outbox.

    If the receiver does not take it, it waits there for its next try, unless it has but one.
    """
    unit = world.store.unit(world.clock.now())
    made = emit(world, unit, app, what)
    if made is None:
        raise MockDouyinError(f"app {app.name!r} has no webhook that wants {what.event!r}")
    made = msgspec.structs.replace(made, state="held", once=once)
    unit.write(made.id, made)
    unit.commit()
    return made


def handshake(deliverer: Deliverer, world: World, app: App, webhook: Webhook) -> None:
    """Let a receiver prove itself: it has to echo the challenge of a verify_webhook in time."""
    secret = webhook.secret or app.client_secret
    what = EmittedEvent(
        event="verify_webhook", person=world.people.first, url=webhook.url, secret=secret
    )
    made = world.transact(lambda: prepare(world, app, what, once=True))
    sent = deliverer.try_now(world, made)
    challenge = msgspec.json.decode(made.body)["content"]["challenge"]
    answer = sent.attempts[-1]
    problem = answer.error
    if answer.status is not None:
        echo = read_echo(answer.status, answer.content_type, answer.body.encode(), challenge)
        problem = "" if echo.accepted else echo.remark
    if problem:
        from mockdouyin.core.redaction import Mask  # most webhooks are accepted

        raise MockDouyinError(f"the webhook {Mask(())(webhook.url)} is not accepted: {problem}")


def claim_due(world: World, *, leave: bool = False) -> list[Delivery]:
    """Let happen what is due by the scenario's timeline, and take the deliveries that are due."""

    def claim() -> list[Delivery]:
        now = world.clock.now()
        for event in world.timeline.claim(now):
            _happen(world, event)
        if leave:
            return []
        unit = world.store.unit(now)
        # Once each: what was tried by hand meanwhile is in the outbox a second time.
        keys = dict.fromkeys(world.outbox.claim(now))
        claimed = [unit.read(Delivery, key) for key in keys]
        return [
            each
            for each in claimed
            if each is not None and each.state == "waiting" and each.due <= now
        ]

    return world.transact(claim)


def stands(world: World, delivery: Delivery) -> bool:
    """Whether a delivery that was claimed is still to be sent as it was.

    Not when its world began again, went back or ended meanwhile, or somebody tried it by hand.
    """

    def check() -> bool:
        now = world.clock.now()
        return (
            delivery.due <= now and world.store.unit(now).read(Delivery, delivery.id) == delivery
        )

    return world.transact(check)


def put_back(world: World, delivery: Delivery) -> None:
    """Let a delivery that was claimed and not tried be due again."""
    with world.lock:
        world.outbox.add(delivery)


def _happen(world: World, event: TimedEvent) -> None:
    unit = world.store.unit(world.clock.now())
    app = world.find_app(event.app, "web")
    person = world.people.find(event.person) if event.person else world.people.first
    emit(
        world,
        unit,
        app,
        EmittedEvent(event=event.send, person=person, content=event.content or {}),
    )
    unit.commit()
    world.touch()


def outgoing_request(delivery: Delivery) -> OutgoingRequest:
    """Give the HTTP request that a delivery is."""
    return OutgoingRequest(delivery.method, delivery.url, delivery.headers, delivery.body)


def record(world: World, delivery: Delivery, posted: SendResult) -> Delivery:
    """Write down what came back."""

    def write() -> Delivery:
        now = world.clock.now()
        attempt = Attempt(
            now,
            posted.status,
            posted.body[:KEPT_ANSWER],
            posted.error,
            posted.took_ms,
            posted.content_type,
        )
        unit = world.store.unit(now)
        known = unit.read(Delivery, delivery.id)
        if known is None or known.body != delivery.body:
            return delivery.after_attempt(attempt)  # the world began again meanwhile
        settled = known.after_attempt(attempt)
        unit.write(settled.id, settled)
        _count_failures(world, unit, settled)
        unit.commit()
        world.touch()
        return settled

    return world.transact(write)


def _count_failures(world: World, unit: Unit, settled: Delivery) -> None:
    """Give up a webhook that was silent for too long, where the world says so."""
    bound, app = world.settings.webhook_unsubscribe_after, world.apps.get(settled.app)
    if not bound or settled.state == "waiting" or app is None or app.webhook is None:
        return
    if settled.url != app.webhook.url:
        return  # sent by hand to somewhere else, or to where the webhook was before
    counted = unit.read(DeliveryCount, settled.app) or DeliveryCount()
    failed = 0 if settled.state == "delivered" else counted.failed_in_a_row + 1
    if failed >= bound:
        failed = 0
        given_up = msgspec.structs.replace(app.webhook, verified=False)
        world.register(msgspec.structs.replace(app, webhook=given_up))
    unit.write(settled.app, msgspec.structs.replace(counted, failed_in_a_row=failed))


def find(world: World, delivery_id: str) -> Delivery:
    """Give the delivery of this id."""
    unit = world.store.unit(world.clock.now())
    found = unit.read(Delivery, delivery_id)
    if found is None:
        raise NotFoundError(f"no delivery {delivery_id!r} in world {world.name!r}")
    return found


def listed(world: World) -> list[Delivery]:
    """Give every delivery that is remembered, the oldest first."""
    unit = world.store.unit(world.clock.now())
    return [delivery for _, delivery in unit.scan(Delivery)]


def show(delivery: Delivery) -> dict[str, Any]:
    """Give a delivery as the control API does."""
    return {
        "id": delivery.id,
        "event": delivery.event,
        "app": delivery.app,
        "person": delivery.person,
        "url": delivery.url,
        "headers": delivery.headers,
        "body": delivery.body.decode("utf-8", "replace"),
        "attempts": [
            {
                "time": iso(attempt.time),
                "status": attempt.status,
                "body": attempt.body,
                "error": attempt.error or None,
                "took_ms": attempt.took_ms,
            }
            for attempt in delivery.attempts
        ],
        "state": delivery.state,
        "next_try": iso(delivery.due) if delivery.state == "waiting" else None,
    }
