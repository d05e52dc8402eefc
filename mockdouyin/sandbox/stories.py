"""Stories: what happened in a world, joined to what belongs together.

A story is one login, consent, share, subscription, conversation or comment, from the phone to the
receiver's answer. It is joined when somebody reads it, by the links, causes and delivery ids that
were written when things happened.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote

from mockdouyin.core.acts import Act
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.links import Link
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.pace import Pace

MAX_STEPS = 200
"""Steps that a story shows; of a longer one the first `FIRST_STEPS` and the newest."""
FIRST_STEPS = 20

FEWEST_COLLAPSED = 3
"""As many equal exchanges in a row become one step."""

_WIDTHS = {"login": 2, "grant": 1, "qr": 1}
"""Of an entry's links only the narrowest count; those without a number here are the narrowest.

A reply to a comment carries a token of a consent, and the token goes on to a hundred comments: the
reply belongs to the comment. A QR code leads to one consent, and belongs to its story.
"""

SHEET = "sheet"
"""The kind of the link that joins a sheet with the call that it held up, whatever that belongs to:
beside another link it neither counts nor names the story."""

_KINDS = {"sheet": "phone", "grant": "consent", "qr": "consent", "conversation": "message"}
"""The kinds of stories whose names differ from those of their links."""

_ACT_KINDS = {"timeline": "event", "phone.login": "login"}
"""The kinds of stories without a link, where they differ from the head of their act's kind."""

_TOLD_ALONE = ("consent.", "event.", "push.", "social.", "timeline.", "webhook.")
"""Acts that make a story without a link or a delivery, by the head of their kind."""

StepOf: TypeAlias = Entry | Delivery


class StoryStep(NamedTuple):
    """One step of a story: an exchange, an act, or a delivery with all its attempts."""

    of: StepOf
    times: int = 1
    """How many equal exchanges follow one another; the step is the first of them."""
    last: int = 0
    """The number of the last of them."""


class Story:
    """The entries and deliveries that belong together.

    There may be ten thousand of them for each reader, so one is two objects and no more.
    """

    __slots__ = ("deliveries", "entries")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        """In the order of their numbers, attempts to deliver included."""
        self.deliveries: Sequence[Delivery] = ()

    def add_delivery(self, delivery: Delivery) -> None:
        """Add a delivery, with its attempts so far."""
        if isinstance(self.deliveries, list):
            self.deliveries.append(delivery)
        else:
            self.deliveries = [delivery]

    @property
    def links(self) -> tuple[Link, ...]:
        """What its steps have in common, in the order in which it came up."""
        return tuple(dict.fromkeys(self._links()))

    def _links(self) -> Iterator[Link]:
        sent = self._sent()
        for entry in self.entries:
            if not (isinstance(entry, Act) and entry.delivery in sent):
                yield from narrowest(entry.links)
        numbers = {entry.number for entry in self.entries} if self.deliveries else ()
        for delivery in self.deliveries:
            if delivery.cause not in numbers:
                yield from narrowest(delivery.links)

    def _first_link(self) -> Link | None:
        """Return the link that names it: the first one that says more than which sheet asked."""
        sheet = None
        for link in self._links():
            if link.kind != SHEET:
                return link
            sheet = sheet or link
        return sheet

    def _sent(self) -> set[str]:
        return {delivery.id for delivery in self.deliveries}

    @property
    def id(self) -> str:
        """Its first link; without one its first entry's number, or its delivery's id."""
        first = self._first_link()
        if first is not None:
            return first.id
        return str(self.entries[0].number) if self.entries else self.deliveries[0].id

    @property
    def kind(self) -> str:
        """What its first link names, or what its first act is: `login`, `consent`, `event`, …"""
        first = self._first_link()
        if first is not None:
            return _KINDS.get(first.kind, first.kind)
        first_entry = self.entries[0] if self.entries else None
        if not isinstance(first_entry, Act):
            return "consent" if first_entry is not None and first_entry.denied else "event"
        kind = first_entry.kind
        head = kind.partition(".")[0]
        return _ACT_KINDS.get(kind) or _ACT_KINDS.get(head, head)

    @property
    def number(self) -> int:
        """Which one it is of its kind, of its person and app; 0 if they are not numbered."""
        first = self._first_link()
        return first.number if first is not None else 0

    @property
    def person(self) -> str:
        """Whom it is about: the first person in it."""
        return next((each.person for each in self._parts() if each.person), "")

    @property
    def app(self) -> str:
        """The client_key of its first app."""
        return next((each.app for each in self._parts() if each.app), "")

    def names(self, person: str) -> bool:
        """Whether a person takes part in it."""
        return any(each.person == person for each in self._parts())

    def _parts(self) -> Iterable[StepOf]:
        yield from self.entries
        yield from self.deliveries

    @property
    def started(self) -> float:
        """When it began, in the world's time."""
        if self.entries:
            return self.entries[0].time
        return self.deliveries[0].born

    @property
    def ended(self) -> float:
        """When the latest thing in it happened."""
        if self.entries:
            return self.entries[-1].time
        last = self.deliveries[-1]
        return last.attempts[-1].time if last.attempts else last.born

    @property
    def latest(self) -> int:
        """The number of the latest thing that happened in it."""
        return self.entries[-1].number if self.entries else self.deliveries[-1].cause

    @property
    def verdict(self) -> str:
        """How it stands: `failed`, `waiting`, else how its calls ended.

        It has `failed` if a delivery was given up, and is `waiting` while one is still to be sent.
        Otherwise each endpoint and each kind of act counts by its latest verdict, so that what was
        refused and done again is ok; of those that did not end well the latest one decides.
        """
        states = {delivery.state for delivery in self.deliveries}
        if "failed" in states:
            return "failed"
        if states & {"waiting", "held"}:
            return "waiting"
        verdicts: dict[str, str] = {}
        sent = self._sent()
        for entry in self.entries:
            if not (isinstance(entry, Act) and entry.delivery in sent):
                name = _name(entry)
                verdicts.pop(name, None)
                verdicts[name] = entry.verdict
        bad = [verdict for verdict in verdicts.values() if verdict != "ok"]
        return bad[-1] if bad else "ok"

    def has(self, id: str) -> bool:
        """Whether this is its id, or that of a link, an entry or a delivery in it."""
        if id.isascii() and id.isdigit():
            number = int(id)
            return any(entry.number == number for entry in self.entries)
        if any(delivery.id == id for delivery in self.deliveries):
            return True
        return any(unquote(link.id) == unquote(id) for link in self._links())

    def steps(self) -> tuple[list[StoryStep], int]:
        """Return its steps in order, and how many others there are in their middle.

        A delivery comes after its cause, and its attempts are no steps. Equal exchanges in a row,
        such as the polls of a QR code, are one step.
        """
        steps = _collapsed(self._ordered())
        more = max(0, len(steps) - MAX_STEPS)
        if more:
            steps[FIRST_STEPS : FIRST_STEPS + more] = []
        return steps, more

    def _ordered(self) -> list[StepOf]:
        sent = self._sent()
        places: list[tuple[int, int, StepOf]] = [
            (entry.number, 0, entry)
            for entry in self.entries
            if not (isinstance(entry, Act) and entry.is_attempt and entry.delivery in sent)
        ]
        places += [(each.cause, n, each) for n, each in enumerate(self.deliveries, start=1)]
        return [each for _, _, each in sorted(places, key=lambda place: place[:2])]


def narrowest(links: tuple[Link, ...]) -> tuple[Link, ...]:
    """Return those of an entry's links by which it belongs to a story."""
    if len(links) < 2:
        return links
    least = min(_WIDTHS.get(link.kind, 0) for link in links if link.kind != SHEET)
    return tuple(
        link for link in links if link.kind == SHEET or _WIDTHS.get(link.kind, 0) == least
    )


def join(
    entries: Iterable[Entry], deliveries: Sequence[Delivery], pace: Pace = iter
) -> list[Story]:
    """Join entries, in the order of their numbers, and deliveries to stories.

    The story in which something happened last is the last. A call that belongs to nothing, such
    as that for a client_token, is in no story. `pace` may let other threads run between things.
    """
    causes = {delivery.cause for delivery in deliveries}
    sent = {delivery.id for delivery in deliveries}
    groups = _Groups()
    placed: list[tuple[int, Entry]] = []
    kept = set[int]()
    for entry in pace(entries):
        keys = _keys_of(entry, sent)
        if entry.number in causes or (not keys and _is_told_alone(entry)):
            keys.append(entry.number)
            kept.add(entry.number)
        if keys:
            placed.append((groups.join(keys), entry))
    sendings: list[tuple[int, Delivery]] = []
    for delivery in pace(deliveries):
        # Its links are those of its cause, or fewer: they count only where the cause is gone.
        keys = [delivery.id, *(() if delivery.cause in kept else narrowest(delivery.links))]
        if delivery.cause:
            keys.append(delivery.cause)
        sendings.append((groups.join(keys), delivery))
    found: dict[int, Story] = {}
    for group, entry in pace(placed):
        found.setdefault(groups.root(group), Story()).entries.append(entry)
    for group, delivery in pace(sendings):
        found.setdefault(groups.root(group), Story()).add_delivery(delivery)
    return sorted(found.values(), key=lambda story: story.latest)


def _keys_of(entry: Entry, sent: set[str]) -> list[Hashable]:
    """Return that by which an entry belongs to a story."""
    if isinstance(entry, Act) and entry.delivery:
        links = () if entry.delivery in sent else narrowest(entry.links)
        return [entry.delivery, *links]
    return list(narrowest(entry.links))


class _Groups:
    """Disjoint sets of what has a key in common."""

    def __init__(self) -> None:
        self._of: dict[Hashable, int] = {}
        self._parents: list[int] = []

    def join(self, keys: Iterable[Hashable]) -> int:
        """Join the groups of these keys to one; return it."""
        group = -1
        for key in keys:
            found = self._of.get(key, -1)
            if found < 0:
                if group < 0:
                    group = len(self._parents)
                    self._parents.append(group)
                self._of[key] = group
            elif group < 0:
                group = self.root(found)
            else:
                # The older one stays: a story grows by what comes later.
                other = self.root(found)
                group, other = min(group, other), max(group, other)
                self._parents[other] = group
        return group

    def root(self, group: int) -> int:
        """Return the group that this one was joined to."""
        parents = self._parents
        while parents[group] != group:
            parents[group] = parents[parents[group]]
            group = parents[group]
        return group


def _is_told_alone(entry: Entry) -> bool:
    """Whether an entry without a link and without a delivery tells something all the same."""
    if isinstance(entry, Exchange):
        return entry.denied
    is_refused_on_phone = entry.kind.startswith("phone.") and entry.verdict != "ok"
    return is_refused_on_phone or entry.kind.startswith(_TOLD_ALONE)


def _name(entry: Entry) -> str:
    if isinstance(entry, Act):
        return entry.kind
    return entry.endpoint.full_name if entry.endpoint else entry.request.path


def _collapsed(steps: list[StepOf]) -> list[StoryStep]:
    """Return the steps with each run of equal exchanges as one of them."""
    runs: list[tuple[object, list[StepOf]]] = []
    for step in steps:
        sameness = _sameness(step)
        if runs and sameness is not None and runs[-1][0] == sameness:
            runs[-1][1].append(step)
        else:
            runs.append((sameness, [step]))
    collapsed: list[StoryStep] = []
    for _, run in runs:
        last = run[-1]
        if len(run) >= FEWEST_COLLAPSED and isinstance(last, Exchange):
            collapsed.append(StoryStep(run[0], len(run), last.number))
        else:
            collapsed += [StoryStep(each) for each in run]
    return collapsed


def _sameness(step: StepOf) -> object:
    """Return what equal exchanges have in common; None for what is never collapsed."""
    if not isinstance(step, Exchange):
        return None
    reply = step.reply
    return (_name(step), step.person, step.verdict, step.error, step.why, step.rule, reply.status)
