"""What a rule can be applied to: endpoints, phone APIs, and paths that no endpoint serves."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import suggestion
from mockdouyin.core.pages import Download, Redirect
from mockdouyin.core.patterns import compile_pattern
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain.effects import can_apply
from mockdouyin.domain.subjects import subjects_of
from mockdouyin.phone import APIS, PhoneApi
from mockdouyin.scenario import _mistake_texts as texts
from mockdouyin.scenario.rule import Rule

RuleTarget = Endpoint | PhoneApi

TargetCall = tuple[str, str]
"""A method, empty for a phone API, and the full name of what is called with it."""


class PathTarget(NamedTuple):
    """A method and a path as written in `on`; both may hold wildcards."""

    method: str
    path: str

    def matches(self, method: str, path: str) -> bool:
        """Whether a call goes to this path, with or without a slash at the end."""
        return self.method in ("*", method) and (
            path.rstrip("/") == self.path.rstrip("/") or compile_pattern(self.path)(path)
        )

    def is_at(self, path: str) -> bool:
        """Whether a call with this path goes there, whatever its method."""
        return PathTarget("*", self.path).matches("", path)


EVERY_PATH = PathTarget("*", "*")


def names_of(rule: Rule) -> tuple[str, ...]:
    """Return what `on` names."""
    return (rule.on,) if isinstance(rule.on, str) else rule.on


def parse_path(name: str) -> PathTarget | None:
    """Parse `POST /path`, `/path` or `*`; return None if the name is not a path."""
    if name == "*":
        return EVERY_PATH
    method, space, path = name.partition(" ")
    if not space:
        method, path = "*", name
    if path[:1] != "/" or not (method == "*" or method.isupper()):
        return None
    return PathTarget(method, path)


class NamedTargets(NamedTuple):
    """What a rule's `on` names."""

    calls: frozenset[TargetCall]
    targets: list[RuleTarget]
    unserved_paths: list[PathTarget]
    """The paths that the rule is applied to where no endpoint serves them."""
    unknown: list[tuple[int, str]]
    """The names that stand for nothing, with their positions."""


class Targets:
    """Everything that a rule can name: the endpoints of a catalogue, and the phone APIs."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._all: tuple[RuleTarget, ...] = (*catalogue, *APIS.values())
        self._calls: dict[TargetCall, RuleTarget] = {
            (method, target.full_name): target
            for target in self._all
            for method in (target.methods if isinstance(target, Endpoint) else ("",))
        }
        self._bits = {call: 1 << place for place, call in enumerate(self._calls)}
        self._calls_named = lru_cache(maxsize=4096)(self._find_calls)

    def named_by(self, rule: Rule) -> NamedTargets:
        """Return what a rule's `on` names.

        A rule with an error, a patch, `happens` or `sheet` is on no path that is not served:
        without an endpoint there are no errors and no fields.
        """
        needed = (rule.error, rule.patch or None, rule.happens, rule.sheet)
        needs_endpoint = any(each is not None for each in needed)
        calls: set[TargetCall] = set()
        unserved_paths, unknown = [], []
        for number, name in enumerate(names_of(rule)):
            found = self._calls_named(name)
            path = None if needs_endpoint else parse_path(name)
            calls |= found
            if path is not None:
                unserved_paths.append(path)
            elif not found:
                unknown.append((number, name))
        names = {full_name for _, full_name in calls}
        targets = [target for target in self._all if target.full_name in names]
        return NamedTargets(frozenset(calls), targets, unserved_paths, unknown)

    def _find_calls(self, name: str) -> frozenset[TargetCall]:
        return frozenset(
            call for call, target in self._calls.items() if _is_named(target, name, call)
        )

    def mask(self, calls: frozenset[TargetCall]) -> int:
        """Return calls as a bit set."""
        return sum(self._bits[call] for call in calls)

    def names(self) -> list[str]:
        """Return every name that stands for endpoints or a phone API, sorted."""
        return sorted({each.full_name for each in self._all} | {e.name for e in self.catalogue})


def _is_named(target: RuleTarget, name: str, call: TargetCall) -> bool:
    if isinstance(target, PhoneApi) and not name.startswith("phone."):
        return False
    if name in (target.full_name, target.name) or compile_pattern(name)(target.full_name):
        return True
    parsed = parse_path(name)
    if parsed is None or isinstance(target, PhoneApi):
        return False
    return any(parsed.matches(call[0], path) for path in target.paths)


def is_applicable(rule: Rule, target: RuleTarget) -> bool:
    """Whether a target has the error, the fields and the sheet that the rule needs."""
    if rule.error is not None and not target.find_case(rule.error):
        return False
    if rule.happens is not None and not can_apply(rule.happens, field_names(target)):
        return False
    if rule.sheet is not None and not shows_sheet(target):
        return False
    return all(patch_problem(target, path) is None for path in rule.patch)


def shows_sheet(target: RuleTarget) -> bool:
    """Whether a target is a phone API that asks the person by a sheet."""
    return isinstance(target, PhoneApi) and target.sheet is not None


def field_names(target: RuleTarget) -> tuple[str, ...]:
    """Return the names of the parameters that a target reads."""
    if isinstance(target, PhoneApi):
        return ("app", "person", *target.takes)
    return target.parameters


def condition_names(target: RuleTarget) -> tuple[str, ...]:
    """Return the names that `when` can have for a target: its parameters, person and app."""
    if isinstance(target, PhoneApi):
        return field_names(target)
    return (*field_names(target), *subjects_of(target))


def patch_problem(target: RuleTarget, path: str) -> Text | None:
    """Return None if the target's reply can have a field at this path, else a hint."""
    if isinstance(target, PhoneApi):
        return NOTHING
    schema: dict[str, Any] = _reply_schema(target)
    for step in path.split("."):
        if schema.get("type") == "array":
            if not step.isdecimal():
                return texts.ITEM_NUMBER(step=step)
            schema = schema.get("items", {})
            continue
        properties = _properties(schema)
        if properties is None:
            return None
        if step not in properties:
            return suggestion(step, properties)
        schema = properties[step]
    return None


@cache
def _reply_schema(endpoint: Endpoint) -> dict[str, Any]:
    """Return the JSON Schema of an endpoint's success reply, with its references resolved."""
    if endpoint.is_page or endpoint.types.reply in (Redirect, Download):
        return {"type": "object", "properties": {}}
    if endpoint.types.reply is type(None):
        return endpoint.envelope.schema({"type": "object", "properties": {}})
    schema = msgspec.json.schema(endpoint.types.reply)
    definitions = schema.get("$defs", {})

    def resolve(value: Any) -> Any:
        if isinstance(value, dict):
            if "$ref" in value:
                return resolve(definitions[value["$ref"].rpartition("/")[2]])
            return {k: resolve(v) for k, v in value.items() if k != "$defs"}
        return [resolve(each) for each in value] if isinstance(value, list) else value

    return endpoint.envelope.schema(resolve(schema))


def _properties(schema: dict[str, Any]) -> dict[str, Any] | None:
    """Return the fields of a schema; None if it allows any field."""
    if "allOf" in schema:
        merged: dict[str, Any] = {}
        for part in schema["allOf"]:
            merged.update(_properties(part) or {})
        return merged
    if schema.get("type") == "object":
        return schema.get("properties")
    return {} if schema else None
