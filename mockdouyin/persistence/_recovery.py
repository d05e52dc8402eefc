"""Load a world's definition without the parts of it that cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.core import bounds, codec
from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.settings import decode
from mockdouyin.core.texts import Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.persistence._error_texts import IN_WORLD, PART_LEFT_OUT, RULE_LEFT_OUT, WORLD
from mockdouyin.persistence.encoding import expand, unpack
from mockdouyin.sandbox.definition import Definition, RuleState
from mockdouyin.scenario import validation
from mockdouyin.scenario.declared_endpoints import (
    Declarations,
    catalogue_of,
    declaration_mistakes,
)
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_analysis import analyze

OnLeftOut = Callable[[Text], object]
"""Called with a description of each thing that is left out."""

_NAMED = tuple(("scenario", part) for part in ("apps", "people", "endpoints", "resources"))
"""Mappings by name, of which an item is left out as a whole."""


def recover(data: bytes, on_left_out: OnLeftOut) -> Definition:
    """Decode a definition, leaving out what cannot be read and rules that cannot be compiled.

    Raise MockDouyinError if it has no name or seed, or is of another format.
    """
    try:
        found = unpack(data)
    except MockDouyinError as error:
        found = _without_mistakes(data, on_left_out, error)
    return _without_bad_rules(_without_bad_endpoints(found, on_left_out), on_left_out)


def _without_mistakes(data: bytes, on_left_out: OnLeftOut, error: MockDouyinError) -> Definition:
    try:
        plain: dict[str, Any] = codec.decode(dict, data)
    except MockDouyinError:
        raise error from None
    world = WORLD(name=str(plain.get("name"))[:200])
    # Again until there are none: leaving one thing out can make a mistake of another.
    while wrong := list(validation.mistakes(plain, Definition)):
        removed: set[KeyPath] = set()
        for mistake in wrong:
            path = _whole_item(mistake.path)
            if not path:
                raise error
            if path not in removed:
                removed.add(path)
                on_left_out(
                    PART_LEFT_OUT(world=world, path=bounds.format_path(path), says=mistake.says)
                )
        # From the end of each list, so that the indexes of the others stay right.
        for path in sorted(removed, key=_from_the_end):
            _remove(plain, path)
    try:
        return expand(msgspec.convert(plain, thread_safe(Definition), dec_hook=decode))
    except msgspec.ValidationError as other:
        raise MockDouyinError(IN_WORLD(world=world, other=str(other))) from None


def _whole_item(path: KeyPath) -> KeyPath:
    """Return the path of the item to leave out: half a rule would be a different rule."""
    for length, step in enumerate(path, 1):
        if isinstance(step, int):
            return path[:length]
    return path[:3] if path[:2] in _NAMED else path


def _from_the_end(path: KeyPath) -> tuple[int, ...]:
    return tuple(-step for step in path if isinstance(step, int))


def _remove(plain: Any, path: KeyPath) -> None:
    *parents, last = path
    for step in parents:
        plain = plain[step]
    del plain[last]


def _without_bad_endpoints(found: Definition, on_left_out: OnLeftOut) -> Definition:
    """Leave out the endpoints that cannot be declared: another version did not emulate them."""
    scenario = found.scenario
    wrong: dict[KeyPath, Text] = {}
    for mistake in declaration_mistakes(Declarations(scenario.endpoints, scenario.resources)):
        wrong.setdefault(mistake.path[:2], mistake.says)
    for path, says in wrong.items():
        world = WORLD(name=found.name)
        on_left_out(PART_LEFT_OUT(world=world, path=bounds.format_path(path), says=says))
    if any(part == "resources" for part, _ in wrong):
        kept: dict[str, Any] = {}  # what they do with it cannot be known
    else:
        kept = {n: e for n, e in scenario.endpoints.items() if ("endpoints", n) not in wrong}
    return replace(found, scenario=replace(scenario, endpoints=kept)) if wrong else found


def _without_bad_rules(found: Definition, on_left_out: OnLeftOut) -> Definition:
    """Leave out the rules that cannot be compiled: another version knew what they match."""

    catalogue = catalogue_of(found.scenario, CATALOGUE)

    def good(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        kept = []
        for rule in rules:
            wrong = analyze(rule, catalogue).mistakes
            if not wrong:
                kept.append(rule)
            else:
                on_left_out(
                    RULE_LEFT_OUT(
                        world=WORLD(name=found.name),
                        rule=repr(rule.id or rule.on),
                        says=wrong[0].says,
                    )
                )
        return tuple(kept)

    state = found.rules
    rules: RuleState = replace(state, outside=good(state.outside), scenario=good(state.scenario))
    scenario = replace(found.scenario, rules=good(found.scenario.rules))
    return replace(found, rules=rules, scenario=scenario)
