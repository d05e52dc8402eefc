"""What an unanswered call came close to: an endpoint, or a rule on a path without one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.http import single_slashes
from mockdouyin.core.journal import Exchange
from mockdouyin.core.spelling import is_misspelling
from mockdouyin.core.texts import Language, text
from mockdouyin.endpoints.unserved_paths import (
    MAX_PATH,
    PathIndex,
    either,
    find_known_path,
    find_meant_path,
)
from mockdouyin.sandbox._call_parameters import (
    read_headers,
    recorded_parameters,
)
from mockdouyin.sandbox._differences import (
    Difference,
    MaskFunction,
    NearMiss,
    path_differences,
    shorten,
)
from mockdouyin.sandbox._rule_differences import CountedRule, rule_differences
from mockdouyin.scenario.targets import PathTarget

if TYPE_CHECKING:
    from mockdouyin.sandbox.worlds import World

MAX_NAMES, MAX_NAME = 20, 60
"""Parameters of a call, and characters of their names, that are compared with an endpoint's."""

MAX_RULES = 20
"""Rules on one path that are compared with a call."""

_WILDCARDS = frozenset("*?[")

_GIVEN = text("near_given", zh="有值", en="a value")


class PathSearch:
    """The endpoints and rules of a world, searched for the one that a call nearly reached."""

    def __init__(self, world: World, mask: MaskFunction) -> None:
        self._world = world
        self._mask = mask

    @cached_property
    def _rules(self) -> list[CountedRule]:
        """The rules on paths that no endpoint serves; most journals have no call to compare."""
        world = self._world

        def collect() -> list[CountedRule]:
            unit = world.store.unit(world.clock.now())
            rules = [each for each in world.rules if each.unserved_paths]
            return [CountedRule(each, each.count(unit)) for each in rules]

        return world.transact(collect)

    @cached_property
    def _rules_by_path(self) -> dict[str, list[tuple[CountedRule, PathTarget]]]:
        """The rules on a path without wildcards, by it."""
        found = defaultdict[str, list[tuple[CountedRule, PathTarget]]](list)
        for rule in self._rules:
            for target in rule.compiled.unserved_paths:
                if not _WILDCARDS.intersection(target.path):
                    found[target.path.rstrip("/")].append((rule, target))
        return dict(found)

    @cached_property
    def _wildcard_rules(self) -> list[tuple[CountedRule, PathTarget]]:
        """The other rules, but not those on every path: they are close to no call."""
        return [
            (rule, target)
            for rule in self._rules
            for target in rule.compiled.unserved_paths
            if _WILDCARDS.intersection(target.path) and target.path != "*"
        ]

    @cached_property
    def _rule_paths(self) -> PathIndex:
        return PathIndex(self._rules_by_path)

    def closest(self, exchange: Exchange) -> NearMiss | None:
        """Return the endpoint or the rule with the fewest differences from an unanswered call.

        None if nothing is close to it, or if it was answered.
        """
        path = exchange.request.path
        if not exchange.is_unanswered or len(path) > MAX_PATH:
            return None
        path = single_slashes(path)
        found = [*self._near_rules(exchange, path), *self._near_endpoint(exchange, path)]
        return min(found, key=lambda each: len(each.differences), default=None)

    def show(self, exchange: Exchange, language: Language) -> dict[str, Any] | None:
        """Return the closest endpoint or rule in the control API's form."""
        near = self.closest(exchange)
        return near.show(language) if near is not None else None

    def _near_rules(self, exchange: Exchange, path: str) -> Iterator[NearMiss]:
        wild = [each for each in self._wildcard_rules if each[1].is_at(path)]
        named = [*self._rules_by_path.get(path.rstrip("/"), []), *wild]
        if not named:
            meant = self._rule_paths.find_meant(path)
            for rule, target in self._rules_by_path.get(meant, [])[:1]:
                yield NearMiss(_name(target), rule.compiled.id, self._path(exchange, target.path))
            return
        parameters = recorded_parameters(exchange, lenient=False)
        for rule, target in named[:MAX_RULES]:
            found = rule_differences(rule, exchange, parameters, self._mask)
            yield NearMiss(_name(target), rule.compiled.id, tuple(found))

    def _path(self, exchange: Exchange, expected: str) -> tuple[Difference, ...]:
        return tuple(path_differences(expected, shorten(self._mask(exchange.request.path))))

    def _near_endpoint(self, exchange: Exchange, path: str) -> Iterator[NearMiss]:
        """Yield the endpoint that was nearly called, or a path of Douyin's without one."""
        catalogue, method = self._world.catalogue, exchange.request.method
        known = find_known_path(path, catalogue)
        found: tuple[Difference, ...] = ()
        if known is None:
            known = find_meant_path(path, catalogue)
            if known is None:
                return
            found = self._path(exchange, known.path)
        if method not in known.methods:
            found += (Difference("method", either(known.methods), method),)
        meant = method if method in known.methods else known.methods[0]
        endpoint = catalogue.routes.get((meant, known.path))
        if endpoint is not None:
            found += tuple(self._parameters(exchange, endpoint))
            yield NearMiss(endpoint.full_name, None, found)
        elif found:
            yield NearMiss(f"{meant} {known.path}", None, found)

    def _parameters(self, exchange: Exchange, endpoint: Endpoint) -> Iterator[Difference]:
        """Yield parameters with another name than the endpoint's, and the credential it lacks."""
        given = recorded_parameters(exchange, lenient=False)
        if given is None:
            return
        types = endpoint.types
        absent = [name for name in types.fields.__struct_fields__ if name not in given]
        meant = set()
        for name in list(given)[:MAX_NAMES]:
            near = [
                each for each in absent if len(name) <= MAX_NAME and is_misspelling(name, each)
            ]
            if near and name not in types.fields.__struct_fields__:
                meant.add(near[0])
                yield Difference("parameter", near[0], shorten(self._mask(name)))
        needed = ("access_token",) if types.takes_token else types.app_keys
        has_token = types.takes_token and read_headers(exchange.request)[0]
        if needed and not has_token and not any(n in given or n in meant for n in needed):
            yield Difference(needed[0], _GIVEN(), None)


def _name(target: PathTarget) -> str:
    return target.path if target.method == "*" else f"{target.method} {target.path}"
