"""What a rule can strike, and what makes no sense in one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from mockdouyin.core.bounds import header_problem, name_problem
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase, did_you_mean
from mockdouyin.core.pages import Redirect
from mockdouyin.core.settings import encode
from mockdouyin.core.spelling import is_misspelling
from mockdouyin.domain.effects import can_apply
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.near_misses import meant_path
from mockdouyin.phone import APIS, PhoneApi
from mockdouyin.scenario._patterns import LONGEST, compiled
from mockdouyin.scenario.validation import Mistake, mistakes

if TYPE_CHECKING:
    from mockdouyin.scenario.rules import Rule

RuleTarget = Endpoint | PhoneApi

Called = tuple[str, str]
"""A method, empty for a phone API, and the full name of what is called with it."""


class PathTarget(NamedTuple):
    """A method and a path, as `on` writes them; `*` and `?` stand for anything."""

    method: str
    path: str

    def fits(self, method: str, path: str) -> bool:
        """Whether a call goes there; a slash at the end makes no difference."""
        return self.method in ("*", method) and (
            path.rstrip("/") == self.path.rstrip("/") or compiled(self.path)(path)
        )


_EVERYWHERE = PathTarget("*", "*")


def names_of(rule: Rule) -> tuple[str, ...]:
    """Return what `on` names."""
    return (rule.on,) if isinstance(rule.on, str) else rule.on


def place_of(name: str) -> PathTarget | None:
    """Read `POST /path`, `/path` or `*`; None where the name is not a place."""
    if name == "*":
        return PathTarget("*", "*")
    method, space, path = name.partition(" ")
    if not space:
        method, path = "*", name
    if path[:1] != "/" or not (method == "*" or method.isupper()):
        return None
    return PathTarget(method, path)


def named(rule: Rule) -> list[RuleTarget]:
    """Give the endpoints and phone APIs that `on` names."""
    names = {full_name for _, full_name in _calls_of(rule)}
    return [target for target in _every_target() if target.full_name in names]


def places_elsewhere(rule: Rule) -> list[PathTarget]:
    """Return the places that a rule strikes where no endpoint answers.

    A rule with an error, a patch or `happens` strikes none: what has no endpoint knows no errors.
    """
    if rule.error is not None or rule.patch or rule.happens is not None:
        return []
    return [place for name in names_of(rule) if (place := place_of(name)) is not None]


def matched(rule: Rule) -> list[RuleTarget]:
    """Give those of them that the rule can strike."""
    found = named(rule)
    if rule.error is not None:
        found = [target for target in found if target.find_case(rule.error)]
    if rule.happens is not None:
        what = rule.happens
        found = [target for target in found if can_apply(what, _field_names(target))]
    for path in rule.patch:
        found = [target for target in found if _patchable(target, path) is None]
    return found


def _calls_of(rule: Rule) -> frozenset[Called]:
    """Return the calls that `on` names."""
    return frozenset().union(*map(_calls_named, names_of(rule)))


@lru_cache(maxsize=4096)
def _calls_named(name: str) -> frozenset[Called]:
    return frozenset(call for call, target in _every_call().items() if _named(target, name, call))


@cache
def _every_call() -> dict[Called, RuleTarget]:
    return {
        (method, target.full_name): target
        for target in _every_target()
        for method in (target.methods if isinstance(target, Endpoint) else ("",))
    }


def _every_target() -> Iterator[RuleTarget]:
    yield from CATALOGUE
    yield from APIS.values()


def _named(target: RuleTarget, name: str, call: Called) -> bool:
    if isinstance(target, PhoneApi) and not name.startswith("phone."):
        return False
    if name in (target.full_name, target.name) or compiled(name)(target.full_name):
        return True
    place = place_of(name)
    if place is None or isinstance(target, PhoneApi):
        return False
    return any(place.fits(call[0], path) for path in target.paths)


def _unknown_target(name: str) -> str:
    """Say that nothing has this name, and which name may have been meant."""
    place = place_of(name)
    if place is not None:
        meant = meant_path(place.path)
        method = "any method" if place.method == "*" else place.method
        return (
            f"no endpoint answers {place.path} ({method}), and a path without one knows no errors"
            f" or fields: give `reply`, `status`, `fault` or `delay`{_hint(meant)}"
        )
    known = {target.full_name for target in _every_target()} | {e.name for e in CATALOGUE}
    near = next((each for each in sorted(known) if is_misspelling(name, each)), "")
    listed = "; `mockdouyin endpoints` lists them"
    return f"unknown endpoint {name!r}{_hint(near) or listed}"


def _hint(meant: str) -> str:
    return f"; did you mean {meant}?" if meant else ""


MOST_NAMES, MOST_PARAMETERS, MOST_PATCHES, MOST_STEPS, MOST_HEADERS = 50, 50, 100, 20, 50
"""How much a rule may have of what is looked through at each call."""


def _sizes(rule: Rule) -> Iterator[Mistake]:
    """Find more of anything than a rule may have."""
    names = names_of(rule)
    headers = rule.reply.headers if rule.reply is not None else {}
    counted = (
        (("on",), len(names), MOST_NAMES, "names"),
        (("when",), len(rule.when), MOST_PARAMETERS, "parameters"),
        (("patch",), len(rule.patch), MOST_PATCHES, "paths"),
        (("reply", "headers"), len(headers), MOST_HEADERS, "headers"),
    )
    for path, count, most, what in counted:
        if count > most:
            yield Mistake(path, f"{path[-1]} has {count} {what}; {most} is the most")
    for where, text in (*(("on", name) for name in names), *rule.when.items()):
        if isinstance(text, str) and len(text) > LONGEST:
            path = ("on",) if where == "on" else ("when", where)
            yield Mistake(path, f"{path[0]}: {len(text)} characters; {LONGEST} is the most")
    for place in rule.patch:
        if place.count(".") >= MOST_STEPS:
            says = f"patch: a path of {place.count('.') + 1} steps; {MOST_STEPS} is the most"
            yield Mistake(("patch", place), says, at_key=True)


def mistakes_of(rule: Rule) -> Iterator[Mistake]:
    """Find all that makes no sense in a rule."""
    large = list(_sizes(rule))
    if large:
        yield from large
        return
    wrong = list(mistakes(msgspec.to_builtins(rule, enc_hook=encode), type(rule)))
    yield from wrong
    if wrong:
        return
    yield from _contradictions(rule)
    yield from _unsendable(rule)
    elsewhere = places_elsewhere(rule)
    for number, name in enumerate(names_of(rule)):
        if place_of(name) in elsewhere or _calls_named(name):
            continue
        path = ("on",) if isinstance(rule.on, str) else ("on", number)
        yield Mistake(path, f"on: {_unknown_target(name)}")
    found = named(rule)
    if found:
        yield from _unknown_names(rule, found, elsewhere)


def _contradictions(rule: Rule) -> Iterator[Mistake]:
    answers = [name for name in ("error", "status", "reply") if getattr(rule, name) is not None]
    if len(answers) > 1:
        says = f"{' and '.join(answers)} exclude one another: keep one"
        yield Mistake((answers[1],), says, at_key=True)
    for name in ("patch", "happens"):
        if answers and getattr(rule, name):
            says = f"{name} changes nothing where {answers[0]} answers in Douyin's place"
            yield Mistake((name,), says, at_key=True)
    if rule.reply is not None and rule.reply.text and rule.reply.json is not msgspec.UNSET:
        yield Mistake(("reply", "text"), "json and text exclude one another", at_key=True)
    if not (answers or rule.happens or rule.patch or rule.fault or rule.delay):
        wanted = "error, status, reply, happens, patch, fault or delay"
        yield Mistake((), f"the rule does nothing: give {wanted}")
    if not rule.on:
        yield Mistake(("on",), "on names nothing", at_key=True)
    if rule.ttl is not None and not rule.ttl:
        yield Mistake(("ttl",), "ttl is over at once: the rule would never strike")


def _unsendable(rule: Rule) -> Iterator[Mistake]:
    """Find an id that no address can name, and headers that no answer can carry."""
    for field in ("id", "set_by"):
        if (text := getattr(rule, field)) and (says := name_problem(text)):
            yield Mistake((field,), f"{field} {says}")
    if "/" in rule.id:
        yield Mistake(("id",), f"id {rule.id!r} has a / in it, and could not be removed by it")
    for name, value in (rule.reply.headers if rule.reply is not None else {}).items():
        if says := header_problem(name, value):
            yield Mistake(("reply", "headers", name), f"reply.headers: {name!r} {says}")


def _unknown_names(
    rule: Rule, found: list[RuleTarget], elsewhere: list[PathTarget]
) -> Iterator[Mistake]:
    if rule.error is not None and not any(t.find_case(rule.error) for t in found):
        known = sorted({name for target in found for name in _case_names(target)})
        hint = did_you_mean(str(rule.error), known)
        yield Mistake(("error",), f"error: {_list(found)} has no error {str(rule.error)!r}{hint}")
    for name in rule.when:
        known = sorted({field for target in found for field in _field_names(target)})
        if name not in known and all(place.path == "*" for place in elsewhere):
            says = f"when: unknown field {name!r}{did_you_mean(name, known)}"
            yield Mistake(("when", name), says, at_key=True)
    for path in rule.patch:
        hints = [_patchable(target, path) for target in found]
        if None not in hints:
            says = f"patch: no answer has a field {path!r}{hints[0]}"
            yield Mistake(("patch", path), says, at_key=True)
    what = rule.happens
    if what is not None and not any(can_apply(what, _field_names(t)) for t in found):
        says = f"happens: {_list(found)} carries nothing to which {what} could happen"
        yield Mistake(("happens",), says)
    if all(isinstance(target, PhoneApi) for target in found):
        for name in ("status", "reply", "patch", "fault", "delay"):
            if getattr(rule, name):
                says = f"{name} is for what travels; on a phone there are error and happens"
                yield Mistake((name,), says, at_key=True)


def _list(found: list[RuleTarget]) -> str:
    names = [target.full_name for target in found]
    return " or ".join(names[:3]) + (" or any other of them" if len(names) > 3 else "")


def _case_names(target: RuleTarget) -> Iterator[str]:
    cases: tuple[ErrorCase, ...] = target.errors if isinstance(target, Endpoint) else target.fails
    for case in cases:
        yield case.name
        yield str(case.code)


def _field_names(target: RuleTarget) -> tuple[str, ...]:
    if isinstance(target, PhoneApi):
        return ("app", "person", *target.takes)
    return target.fields.__struct_fields__


class Examined(NamedTuple):
    """What is to be known of a rule before it is armed."""

    mistakes: tuple[Mistake, ...]
    """The first few."""
    targets: tuple[RuleTarget, ...]
    calls: frozenset[Called]
    """The endpoints that it strikes, each with its methods, and the phone APIs."""
    mask: int
    """The same as bits of one number, to be compared with those of another rule."""
    elsewhere: frozenset[PathTarget]
    """Where it strikes calls that no endpoint answers."""

    def covers(self, other: Examined) -> bool:
        """Whether every call that another rule can strike can be struck by this one."""
        if other.mask & ~self.mask:
            return False
        return _EVERYWHERE in self.elsewhere or other.elsewhere <= self.elsewhere


TOLD = 10
"""Mistakes of one rule that are told."""


def examine(rule: Rule) -> Examined:
    """Look into a rule; what was written the same before is remembered, unless it is long."""
    try:
        text = msgspec.json.encode(rule, enc_hook=str, order="sorted")
    except (UnicodeEncodeError, RecursionError):
        return _examined(rule)
    return _remembered(_Written(rule, text)) if len(text) <= _SHORT else _examined(rule)


_SHORT = 4096


class _Written:
    """A rule, equal to any that is written the same."""

    def __init__(self, rule: Rule, text: bytes) -> None:
        self.rule = rule
        self._text = text
        self._hash = hash(text)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Written) and self._text == other._text


@lru_cache(maxsize=4096)
def _remembered(written: _Written) -> Examined:
    return _examined(written.rule)


def _examined(rule: Rule) -> Examined:
    wrong = tuple(islice(mistakes_of(rule), TOLD))
    if wrong:
        return Examined(wrong, (), frozenset(), 0, frozenset())
    targets = tuple(matched(rule))
    names = {target.full_name for target in targets}
    calls = frozenset(call for call in _calls_of(rule) if call[1] in names)
    bits = _bits()
    mask = sum(bits[call] for call in calls)
    return Examined((), targets, calls, mask, frozenset(places_elsewhere(rule)))


@cache
def _bits() -> dict[Called, int]:
    return {call: 1 << place for place, call in enumerate(_every_call())}


@cache
def reply_fields(endpoint: Endpoint) -> dict[str, Any]:
    """Describe an endpoint's success as a JSON schema, its references resolved."""
    if endpoint.is_page or endpoint.reply is Redirect:
        return {"type": "object", "properties": {}}
    if endpoint.reply is type(None):
        return endpoint.envelope.schema({"type": "object", "properties": {}})
    schema = msgspec.json.schema(endpoint.reply)
    parts = schema.get("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolve(parts[value["$ref"].rpartition("/")[2]])
            return {k: resolve(v) for k, v in value.items() if k != "$defs"}
        return [resolve(each) for each in value] if isinstance(value, list) else value

    return endpoint.envelope.schema(resolve(schema))


def _patchable(target: RuleTarget, path: str) -> str | None:
    """Give None where the answer has the field, else a hint; so a slip of the pen is seen."""
    if isinstance(target, PhoneApi):
        return ""
    schema: dict[str, Any] = reply_fields(target)
    for step in path.split("."):
        if schema.get("type") == "array":
            if not step.isdecimal():
                return f"; {step} stands where a list's item has its number, from 0"
            schema = schema.get("items", {})
            continue
        properties = _properties(schema)
        if properties is None:
            return None
        if step not in properties:
            return did_you_mean(step, properties)
        schema = properties[step]
    return None


def _properties(schema: dict[str, Any]) -> dict[str, Any] | None:
    """Give a schema's fields; None where anything may be."""
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged.update(_properties(part) or {})
        return merged
    if schema.get("type") == "object":
        return schema.get("properties")
    return {} if schema else None
