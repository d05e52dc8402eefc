"""Reading a world's tables for what expires: what ends next, what is valid, what has ended.

A table may have millions of records: it is read page by page, outside every lock, and no more of
it is kept than the answer needs.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from mockdouyin.core.pace import Pace
from mockdouyin.core.store import Record, TablePages, Unit
from mockdouyin.domain.expiry import EXPIRING, Ending, Expiring

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

LATEST = sys.float_info.max
"""Later than anything that ends at all."""

MAX_PAGES = 1000
"""Pages of one table that are read, at most: about a million records."""

_AT_ONCE = 1000
"""Records that are looked into in one transaction."""

_SPARE = 200
"""Records beyond what was asked for that are looked into, because some may be void."""

_Candidate = tuple[float, int, str, Record]
"""When a record's first end is, the index of its table, its key and the record."""


class Expiration(NamedTuple):
    """Something that expires, with the app and the person that it belongs to."""

    group: str
    """`code`, `token`, `ticket`, …"""
    app: str
    person: str
    ending: Ending


class Expirations:
    """What ends in a world after one time and until another.

    It is made in a transaction, which decides what is read, and asked once, outside of any.
    """

    def __init__(
        self,
        world: World,
        after: float,
        until: float = LATEST,
        *,
        pace: Pace,
        kinds: Iterable[Expiring[Any]] = EXPIRING.values(),
        app: str = "",
        person: str = "",
    ) -> None:
        self._world = world
        self._after = after
        self._until = until
        self._pace = pace
        self._owner = (app, person)
        self._tables: list[tuple[Expiring[Any], TablePages[Any]]] = [
            (kind, world.store.pages(kind.kind, after, lambda: self._until)) for kind in kinds
        ]
        self.more: bool = False
        """Whether there are others that were left out."""

    def soonest(self, limit: int) -> list[Expiration]:
        """Return those that end first, in order."""
        keep = limit + _SPARE
        top: list[_Candidate] = []
        for found in self._candidates():
            top += found
            if len(top) > 4 * keep:
                top.sort(key=itemgetter(0))
                del top[keep:]
                self._until = top[-1][0]  # from now on, only what ends earlier is of interest
                self.more = True
        top.sort(key=itemgetter(0))
        self.more |= len(top) > keep
        endings = sorted(self._look_into(top[:keep]), key=lambda each: each.ending.at)
        self.more |= len(endings) > limit
        return endings[:limit]

    def count(self) -> Counter[tuple[str, str]]:
        """Return how many there are, by group and name."""
        counted: Counter[tuple[str, str]] = Counter()
        for found in self._candidates():
            kind = self._tables[found[0][1]][0]
            if kind.needs_others:
                found = self._world.transact(partial(self._not_void, found))
            names = Counter(kind.name(record) for *_, record in found)
            if kind.ends_in_parts:
                names = Counter(
                    kind.name(record)
                    for *_, record in found
                    for end in kind.ends(record)
                    if self._after < end <= self._until
                )
            counted.update({(kind.group, name): count for name, count in names.items()})
        return counted

    def _candidates(self) -> Iterator[list[_Candidate]]:
        """Yield what may be of interest, page by page."""
        after = self._after
        for index, (kind, pages) in enumerate(self._tables):
            first_end = kind.first_end
            for page in self._pace(islice(pages, MAX_PAGES)):
                until = self._until
                found = [
                    (end, index, key, record)
                    for key, record in page
                    if after < (end := first_end(record, after)) <= until
                ]
                if any(self._owner):
                    found = [each for each in found if self._is_of_owner(kind, each)]
                if found:
                    yield found
            self.more |= next(pages, None) is not None

    def _is_of_owner(self, kind: Expiring[Any], candidate: _Candidate) -> bool:
        owner = kind.owner(*candidate[2:])
        pairs = zip(self._owner, owner, strict=True)
        return all(not wanted or wanted == found for wanted, found in pairs)

    def _look_into(self, candidates: list[_Candidate]) -> Iterator[Expiration]:
        """Yield what ends with these records."""
        for start in range(0, len(candidates), _AT_ONCE):
            some = candidates[start : start + _AT_ONCE]
            for each in self._world.transact(partial(self._endings_of, some)):
                if self._after < each.ending.at <= self._until:
                    yield each

    def _endings_of(self, candidates: list[_Candidate]) -> list[Expiration]:
        unit = self._fetched(candidates)
        found = []
        for _, index, key, record in candidates:
            kind = self._tables[index][0]
            if not kind.is_void(unit, record):
                owner = kind.owner(key, record)
                endings = kind.endings(self._world, unit, key, record)
                found += [Expiration(kind.group, *owner, ending) for ending in endings]
        return found

    def _not_void(self, candidates: list[_Candidate]) -> list[_Candidate]:
        unit = self._fetched(candidates)
        return [each for each in candidates if not self._tables[each[1]][0].is_void(unit, each[3])]

    def _fetched(self, candidates: list[_Candidate]) -> Unit:
        """Return a unit in which the records beside the candidates are fetched together."""
        unit = self._world.store.unit(self._after)
        needed: defaultdict[type[Record], list[str]] = defaultdict(list)
        for _, index, key, record in candidates:
            if (place := self._tables[index][0].needed(key, record)) is not None:
                needed[place[0]].append(place[1])
        for table, keys in needed.items():
            unit.expect(table, keys)
        return unit
