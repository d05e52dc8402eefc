"""What can still be read of a world's definition of which something cannot: all the rest of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.core import bounds, codec
from mockdouyin.core.bounds import Path
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.settings import decode
from mockdouyin.core.typed import built
from mockdouyin.persistence.definition import Definition, RuleState, unpack
from mockdouyin.scenario import validation
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_validation import mistakes_of

Say = Callable[[str], object]
"""Told of each thing that is left out."""

_NAMED = (("scenario", "apps"), ("scenario", "people"))
"""Mappings by name, whose items stand or fall as a whole."""


def read(data: bytes, say: Say) -> Definition:
    """Read a definition without what cannot be read of it, and without rules that strike nothing.

    What has neither a name nor a seed of a world, or is of another format, is refused.
    """
    try:
        found = unpack(data)
    except MockDouyinError as error:
        found = _without_mistakes(data, say, error)
    return _without_bad_rules(found, say)


def _without_mistakes(data: bytes, say: Say, error: MockDouyinError) -> Definition:
    try:
        plain: dict[str, Any] = codec.decode(dict, data)
    except MockDouyinError:
        raise error from None
    world = f"world {str(plain.get('name'))[:200]!r}"
    while wrong := list(validation.mistakes(plain, Definition)):
        cut: set[Path] = set()
        for mistake in wrong:
            place = _whole(mistake.path)
            if not place:
                raise error
            if place not in cut:
                cut.add(place)
                say(f"{world}: {bounds.where(place)} ({mistake.says})")
        for place in sorted(cut, key=_from_the_end):
            _remove(plain, place)
    try:
        return msgspec.convert(plain, built(Definition), dec_hook=decode)
    except msgspec.ValidationError as other:
        raise MockDouyinError(f"{world}: {other}") from None


def _whole(path: Path) -> Path:
    """Return what stands or falls with a mistake: half a rule would be another one."""
    for length, step in enumerate(path, 1):
        if isinstance(step, int):
            return path[:length]
    return path[:3] if path[:2] in _NAMED else path


def _from_the_end(place: Path) -> tuple[int, ...]:
    return tuple(-step for step in place if isinstance(step, int))


def _remove(plain: Any, place: Path) -> None:
    *way, last = place
    for step in way:
        plain = plain[step]
    del plain[last]


def _without_bad_rules(found: Definition, say: Say) -> Definition:
    """Leave out the rules that cannot be armed: another version knew what they strike."""

    def good(rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        kept = []
        for rule in rules:
            wrong = next(mistakes_of(rule), None)
            if wrong is None:
                kept.append(rule)
            else:
                say(f"world {found.name!r}: the rule {rule.id or rule.on!r} ({wrong.says})")
        return tuple(kept)

    state = found.rules
    rules: RuleState = replace(state, outside=good(state.outside), scenario=good(state.scenario))
    scenario = replace(found.scenario, rules=good(found.scenario.rules))
    return replace(found, rules=rules, scenario=scenario)
