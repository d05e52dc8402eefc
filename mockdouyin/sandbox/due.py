"""What falls due next in a world, and what a move of its clock ran."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core import plans
from mockdouyin.core.acts import Act
from mockdouyin.core.clock import iso
from mockdouyin.core.links import Link
from mockdouyin.core.outbox import QUEUED_STATES, Delivery
from mockdouyin.core.pace import Pace
from mockdouyin.core.store import FOREVER
from mockdouyin.core.texts import Text
from mockdouyin.domain import act_texts
from mockdouyin.domain import due_texts as texts
from mockdouyin.sandbox.expirations import Expiration, Expirations

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

_AT_ONCE = 1000
"""Entries of the journal that are read in one transaction."""


class Due(NamedTuple):
    """One thing that falls due."""

    at: float
    """The world's time."""
    kind: str
    """`delivery`, `event`, `rule`, or the group of what expires or is planned: `code`, …"""
    name: str
    """The event, the rule's id, or what it is that expires or is planned: `user_token`, …"""
    says: Text
    app: str = ""
    person: str = ""
    id: str = ""
    """The id of a delivery or a rule."""
    link: Link | None = None
    """What it belongs to."""


class DueSearch:
    """What falls due next in a world: made in a transaction, and asked outside of any."""

    def __init__(self, world: World, limit: int, pace: Pace) -> None:
        self._world = world
        self._limit = limit
        self._now = world.clock.now()
        self._expirations = Expirations(world, self._now, pace=pace)
        self._others = [*self._deliveries(), *self._events(), *self._rules()]
        self.more: bool = False
        """Whether there is more than was found."""

    def soonest(self) -> list[Due]:
        """Return what falls due first, in order."""
        found = [self._expiring(each) for each in self._expirations.soonest(self._limit)]
        found = sorted([*found, *self._others], key=lambda due: due.at)
        self.more = self._expirations.more or len(found) > self._limit
        return found[: self._limit]

    def _deliveries(self) -> list[Due]:
        unit = self._world.store.unit(self._now)
        # Some of them may have been tried by hand meanwhile.
        ids = list(dict.fromkeys(self._world.outbox.soonest(2 * self._limit + 1)))
        unit.expect(Delivery, ids)
        found = [unit.read(Delivery, each) for each in ids]
        queued = [each for each in found if each is not None and each.state in QUEUED_STATES]
        return [
            self._planned(each) if each.state == "planned" else _delivery(each) for each in queued
        ]

    def _planned(self, each: Delivery) -> Due:
        app = self._world.apps.get(each.app)
        says = plans.words(each, app.name if app else each.app)
        link = each.links[0]
        return Due(each.due, link.kind, each.event, says, each.app, each.person, link=link)

    def _events(self) -> list[Due]:
        return [
            Due(
                at,
                "event",
                event.send,
                act_texts.TIMELINE_EVENT(event=event.send),
                app=self._world.find_app(event.app, "web").client_key,
                person=event.person or self._world.people.first,
            )
            for at, event in self._world.timeline
        ]

    def _rules(self) -> list[Due]:
        return [
            Due(rule.ends, "rule", rule.id, texts.RULE_ENDS(rule=rule.id), id=rule.id)
            for rule in self._world.rules
            if self._now < rule.ends < FOREVER
        ]

    def _expiring(self, found: Expiration) -> Due:
        ending, app = found.ending, self._world.apps.get(found.app)
        says = (texts.SUPERSEDED_EXPIRES if ending.superseded else texts.EXPIRES)(
            what=ending.what, app=app.name if app else found.app
        )
        if found.person:
            says = texts.EXPIRES_OF_PERSON(
                what=ending.what, person=found.person, app=app.name if app else found.app
            )
        if found.group == "order" and ending.link is not None:
            says = texts.ORDER_EXPIRES(what=ending.link.part, app=app.name if app else found.app)
        who = {"app": found.app, "person": found.person}
        return Due(ending.at, found.group, ending.name, says, **who, link=ending.link)


def _delivery(delivery: Delivery) -> Due:
    says = texts.IS_SENT(event=delivery.event, url=delivery.url)
    if tries := len(delivery.attempts):
        says = texts.IS_SENT_AGAIN(event=delivery.event, url=delivery.url, attempt=tries + 1)
    link = delivery.links[0] if delivery.links else None
    return Due(
        delivery.due,
        "delivery",
        delivery.event,
        says,
        delivery.app,
        delivery.person,
        delivery.id,
        link,
    )


class Ran(NamedTuple):
    """What a move of a clock ran, from what happened in between."""

    began: float
    ended: float
    expired: dict[str, int]
    """How many expired, by what they are: `user_token`, …"""
    counts: Counter[str]
    """The same by group, with attempts to deliver (`delivered`, `retried`, `failed`), orders that
    the platform `settled`, the scenario's `events` and `rules_ended`."""
    partial: bool
    """Whether there were too many records to count all that expired."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing fell due."""
        return not self.counts.total()

    @property
    def says(self) -> Text:
        """The same in one sentence."""
        return texts.sum_up(self.counts)

    def plain(self) -> dict[str, Any]:
        """Return it as data."""
        outcomes = ("delivered", "retried", "failed")
        settled = self.counts["settled"]
        return {
            "from": iso(self.began),
            "to": iso(self.ended),
            "expired": self.expired,
            "deliveries": {outcome: self.counts[outcome] for outcome in outcomes},
            "events": self.counts["events"],
            "rules_ended": self.counts["rules_ended"],
            **({"settled": settled} if settled else {}),
            **({"partial": True} if self.partial else {}),
        }


class RunCount:
    """Counts what a move of a clock ran, once it is over: made in a transaction, asked outside."""

    def __init__(self, world: World, began: float, number: int, pace: Pace) -> None:
        """Begin with the time and the number in the journal from which the clock was moved."""
        self._world = world
        self._began, self._ended = began, world.clock.now()
        self._number, self._latest = number, world.journal.total
        self._expirations = Expirations(world, began, self._ended, pace=pace)
        self._rules_ended = sum(began < rule.ends <= self._ended for rule in world.rules)
        self._pace = pace

    def count(self) -> Ran:
        """Count what expired, and what the journal tells of deliveries and events."""
        expired: Counter[str] = Counter()
        counts: Counter[str] = Counter(rules_ended=self._rules_ended)
        for (group, name), count in self._expirations.count().items():
            expired[name] += count
            counts[group] += count
        for act in self._acts():
            if act.is_attempt:
                is_last = act.why.code != act_texts.RETRY_AT.code
                counts["delivered" if not act.why else "failed" if is_last else "retried"] += 1
            counts["events"] += act.kind == "timeline.event"
            counts["settled"] += act.kind == "order.settled"
        return Ran(self._began, self._ended, dict(expired), counts, self._expirations.more)

    def _acts(self) -> list[Act]:
        journal, before = self._world.journal, self._latest + 1
        found: list[Act] = []
        while before > self._number + 1:
            read = partial(journal.newest, _AT_ONCE, self._number, before)
            page = self._world.transact(read)
            found += [entry for entry in self._pace(page) if isinstance(entry, Act)]
            if len(page) < _AT_ONCE:
                break
            before = page[0].number
        return found
