"""Near misses: the call closest to what was expected, and in which fields it differed.

They are looked for when somebody asks, outside of every transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mockdouyin.core.acts import Act
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.journal import Entry, Exchange, fits, is_called
from mockdouyin.core.spelling import words_of
from mockdouyin.core.texts import Language, Text, text
from mockdouyin.endpoints.unserved_paths import (
    KnownPath,
    PathIndex,
    either,
    find_known_path,
    find_meant_path,
)
from mockdouyin.phone import APIS, PhoneApi
from mockdouyin.sandbox._call_parameters import recorded_arguments, recorded_parameters
from mockdouyin.sandbox._differences import (
    Difference,
    MaskFunction,
    NearMiss,
    called_name,
    path_differences,
)
from mockdouyin.sandbox._path_search import PathSearch
from mockdouyin.sandbox._rule_differences import (
    COUNTED,
    CountedRule,
    count_differences,
    paths_matching,
    rule_differences,
)
from mockdouyin.scenario.compiled import CompiledRule
from mockdouyin.scenario.targets import names_of

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

__all__ = ["ANY_ENDPOINT", "CallSearch", "CountedRule", "Difference", "NearMiss", "PathSearch"]

MAX_CALLS = 50
"""The newest calls of one endpoint or phone API, and of paths without an endpoint, that are
compared with a rule."""

_NOTHING_CALLED = text(
    "near_nothing_called", zh="没有收到任何调用", en="nothing was called at all"
)
_NO_CALL_OF = text("near_no_call_of", zh="没有匹配的 {name} 调用", en="no call of {name} matched")
_ONCE = text("near_once", zh="1 次", en="once")
_TIMES = text("near_times", zh="{count} 次", en="{count} times")
_CLOSEST_OF = text(
    "near_closest_of",
    zh="{name} 被调用了 {times}，最接近的是 #{id}：{differences}",
    en="{name} was called {times}; the closest, #{id}: {differences}",
)
_COUNTED_ONLY = text("near_counted", zh="{name} 的调用：{differences}", en="{name}: {differences}")
_CLOSEST = text(
    "near_closest",
    zh="最接近的调用是 {name}（#{id}）：{differences}",
    en="the closest call was {name} (#{id}): {differences}",
)
_ABOVE = text("near_above", zh="大于 {number}", en="above {number}")
ANY_ENDPOINT = text("near_any_endpoint", zh="任意接口", en="any endpoint")


class CallSearch:
    """The calls of a world, searched for the one that is closest to what was expected.

    Of the acts among the journal's entries only the calls of phones count.
    """

    def __init__(self, world: World, entries: Iterable[Entry], mask: MaskFunction) -> None:
        self._apps = world.apps
        self._catalogue = world.catalogue
        self._lenient = world.settings.lenient_names
        self.mask: MaskFunction = mask
        self._exchanges: list[Exchange] = []
        self._served: dict[str, list[Exchange]] = defaultdict(list)
        self._unserved: list[Exchange] = []
        self._of_phones: dict[str, list[Act]] = {each.full_name: [] for each in APIS.values()}
        for entry in entries:
            if isinstance(entry, Act):
                if entry.kind in self._of_phones:
                    self._of_phones[entry.kind].append(entry)
                continue
            self._exchanges.append(entry)
            if entry.endpoint is None:
                self._unserved.append(entry)
            else:
                self._served[entry.endpoint.full_name].append(entry)
        del self._unserved[:-MAX_CALLS]
        self._parameters: dict[int, dict[str, Any] | None] = {}
        self._meant: dict[str, KnownPath | None] = {}
        self._words: list[tuple[Exchange, frozenset[str]]] = []

    def show_rule(self, rule: CountedRule, language: Language) -> dict[str, Any]:
        """Return the call that came closest to a rule, in words and as a near miss."""
        near, count = self.closest_to_rule(rule)
        said = self._describe(rule, near, count, language)
        return {"closest": said, "near": near.show(language) if near else None}

    def _describe(
        self, rule: CountedRule, near: NearMiss | None, count: int, language: Language
    ) -> str:
        name = ", ".join(names_of(rule.compiled.rule))
        if near is None:
            called = self._exchanges or any(self._of_phones.values())
            said = _NO_CALL_OF(name=name) if called else _NOTHING_CALLED()
            return said.render(language)
        parts = {"name": near.candidate, "differences": near.describe(language)}
        if near.id is None:
            return _COUNTED_ONLY(**parts).render(language)
        if not count:
            return _CLOSEST(id=near.id, **parts).render(language)
        times = _ONCE() if count == 1 else _TIMES(count=count)
        return _CLOSEST_OF(id=near.id, times=times, **parts).render(language)

    def closest_to_rule(self, rule: CountedRule) -> tuple[NearMiss | None, int]:
        """Return the call closest to those that a rule is applied to, and how many were like it.

        Of calls with other parameters the one with the fewest differences counts, then the newest.
        """
        compiled = rule.compiled
        best: tuple[tuple[int, int], NearMiss, int] | None = None
        for calls in self._calls_on(compiled):
            for call in calls[-MAX_CALLS:]:
                found = self._compare(rule, call)
                rank = 0 if found[0].field in COUNTED else len(found)
                if best is None or (-rank, call.number) > best[0]:
                    near = NearMiss(called_name(call, self.mask), call.number, found)
                    best = (-rank, call.number), near, len(calls)
        if best is not None:
            return best[1:]
        names = names_of(compiled.rule)
        if rule.counts.seen:  # their calls are no longer in the journal
            return NearMiss(", ".join(names), None, tuple(count_differences(rule))), 0
        return self._closest_to_targets(compiled, ", ".join(names)), 0

    def _calls_on(self, compiled: CompiledRule) -> list[Sequence[Entry]]:
        """Return the calls of each endpoint and phone API that a rule is on, and of paths."""
        found: list[Sequence[Entry]] = [
            self._of_phones[each.full_name]
            if isinstance(each, PhoneApi)
            else self._served.get(each.full_name, [])
            for each in compiled.targets
        ]
        if not compiled.unserved_paths:
            return found
        unserved = [each for each in self._unserved if paths_matching(compiled, each.request.path)]
        return [*found, unserved]

    def _compare(self, rule: CountedRule, call: Entry) -> tuple[Difference, ...]:
        number = call.number
        if number not in self._parameters:
            self._parameters[number] = self.parameters(call)
        return tuple(rule_differences(rule, call, self._parameters[number], self.mask))

    def parameters(self, call: Entry) -> dict[str, Any] | None:
        """Return the parameters by which rules match a call; None if they were not kept whole."""
        app = self._apps.get(call.app)
        name = app.name if app else call.app
        if isinstance(call, Exchange):
            return recorded_parameters(call, name, lenient=self._lenient)
        return recorded_arguments(call, name)

    def _closest_to_targets(self, compiled: CompiledRule, names: str) -> NearMiss | None:
        """Return the call closest to what a rule is on, where nothing of that was called."""
        near = None
        endpoints = [each for each in compiled.targets if isinstance(each, Endpoint)]
        if endpoints or compiled.unserved_paths:
            paths = [each.path for each in compiled.unserved_paths if "*" not in each.path]
            near = self._closest_elsewhere(names, endpoints, paths)
        if near is None and len(endpoints) < len(compiled.targets):
            near = self._newest_of_phones(names)
        return near

    def _newest_of_phones(self, expected: str) -> NearMiss | None:
        newest = [calls[-1] for calls in self._of_phones.values() if calls]
        if not newest:
            return None
        call = max(newest, key=lambda each: each.number)
        return NearMiss(call.kind, call.number, (Difference("api", expected, call.kind),))

    def closest_to_wait(self, endpoint: str, since: int, count: int) -> NearMiss | None:
        """Return the call closest to `count` calls of an endpoint numbered above `since`."""
        calls = [each for each in self._exchanges if not endpoint or fits(each, endpoint)]
        if not calls:
            named = [each for each in self._catalogue if is_called(each, endpoint)]
            paths = [endpoint] if endpoint[:1] == "/" else []
            return self._closest_elsewhere(endpoint or ANY_ENDPOINT(), named, paths)
        newest = calls[-1]
        seen = sum(each.number > since for each in calls)
        found = Difference("count", count, seen)
        if not seen:
            found = Difference("since", _ABOVE(number=since), newest.number)
        return NearMiss(called_name(newest, self.mask), newest.number, (found,))

    def describe_wait(self, near: NearMiss | None, language: Language) -> str:
        """Return in words what came closest to what was waited for."""
        if near is None:
            return _NOTHING_CALLED().render(language)
        differences = near.describe(language)
        said = _CLOSEST(name=near.candidate, id=near.id or 0, differences=differences)
        return said.render(language)

    def _closest_elsewhere(
        self, expected: str | Text, endpoints: list[Endpoint], paths: list[str]
    ) -> NearMiss | None:
        """Return the call closest to endpoints and paths that were not called."""
        meant = {path.rstrip("/") for each in endpoints for path in each.paths}
        index = PathIndex(paths)
        for exchange in reversed(self._unserved):
            path = exchange.request.path
            known = self._find_meant(path)
            if known is not None and known.path.rstrip("/") in meant:
                near = known.path
                methods = {m for e in endpoints if near in e.paths for m in e.methods}
            else:
                near, methods = index.find_meant(path), set[str]()
            if near:
                return self._misdirected(exchange, near, methods)
        return self._most_alike(expected, endpoints)

    def _misdirected(self, exchange: Exchange, path: str, methods: set[str]) -> NearMiss:
        """Return a call that went to another path, or with another method, than was meant."""
        name = called_name(exchange, self.mask)
        found = path_differences(path, name.partition(" ")[2])
        method = exchange.request.method
        if methods and method not in methods:
            found.append(Difference("method", either(sorted(methods)), method))
        return NearMiss(name, exchange.number, tuple(found))

    def _find_meant(self, path: str) -> KnownPath | None:
        if path not in self._meant:
            known = find_known_path(path, self._catalogue)
            self._meant[path] = known or find_meant_path(path, self._catalogue)
        return self._meant[path]

    def _most_alike(self, expected: str | Text, endpoints: list[Endpoint]) -> NearMiss | None:
        """Return the call whose endpoint shares most words with those that were meant."""
        if not self._words:
            newest = [calls[-1] for calls in self._served.values()] + self._unserved
            self._words = [(each, _words(called_name(each, str))) for each in newest]
        named = [expected] if isinstance(expected, str) else []
        wanted = [_words(name) for name in (*named, *(e.full_name for e in endpoints))][:MAX_CALLS]
        if not self._words:
            return None
        exchange, _ = max(
            self._words,
            key=lambda each: (
                max((_shared(each[1], w) for w in wanted), default=0.0),
                each[0].number,
            ),
        )
        name = called_name(exchange, self.mask)
        return NearMiss(name, exchange.number, (Difference("endpoint", expected, name),))


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in words_of(name.lower()) if word)


def _shared(words: frozenset[str], others: frozenset[str]) -> float:
    """Return which part of two names' words they share."""
    return len(words & others) / (len(words | others) or 1)
