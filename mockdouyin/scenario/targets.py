"""What a rule can be applied to: endpoints, phone APIs, and paths that no endpoint serves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import did_you_mean
from mockdouyin.core.pages import Redirect
from mockdouyin.domain.effects import can_apply
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS, PhoneApi
from mockdouyin.scenario._patterns import compile_pattern
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


def named_targets(rule: Rule) -> list[RuleTarget]:
    """Return the endpoints and phone APIs that `on` names."""
    names = {full_name for _, full_name in calls_of(rule)}
    return [target for target in every_target() if target.full_name in names]


def unserved_paths(rule: Rule) -> list[PathTarget]:
    """Return the paths that a rule is applied to where no endpoint serves them.

    None for a rule with an error, a patch or `happens`: without an endpoint there are no errors
    and no fields.
    """
    if rule.error is not None or rule.patch or rule.happens is not None:
        return []
    return [path for name in names_of(rule) if (path := parse_path(name)) is not None]


def applicable_targets(rule: Rule) -> list[RuleTarget]:
    """Return the named targets that have the error and the fields that the rule needs."""
    found = named_targets(rule)
    if rule.error is not None:
        found = [target for target in found if target.find_case(rule.error)]
    if rule.happens is not None:
        effect = rule.happens
        found = [target for target in found if can_apply(effect, field_names(target))]
    for path in rule.patch:
        found = [target for target in found if patch_problem(target, path) is None]
    return found


def calls_of(rule: Rule) -> frozenset[TargetCall]:
    """Return the calls that `on` names."""
    return frozenset().union(*map(calls_named, names_of(rule)))


@lru_cache(maxsize=4096)
def calls_named(name: str) -> frozenset[TargetCall]:
    """Return the calls of endpoints and phone APIs that one name of `on` stands for."""
    return frozenset(
        call for call, target in every_call().items() if _is_named(target, name, call)
    )


@cache
def every_call() -> dict[TargetCall, RuleTarget]:
    """Return every call of an endpoint or a phone API."""
    return {
        (method, target.full_name): target
        for target in every_target()
        for method in (target.methods if isinstance(target, Endpoint) else ("",))
    }


def every_target() -> Iterator[RuleTarget]:
    """Iterate over all endpoints, then all phone APIs."""
    yield from CATALOGUE
    yield from APIS.values()


def _is_named(target: RuleTarget, name: str, call: TargetCall) -> bool:
    if isinstance(target, PhoneApi) and not name.startswith("phone."):
        return False
    if name in (target.full_name, target.name) or compile_pattern(name)(target.full_name):
        return True
    parsed = parse_path(name)
    if parsed is None or isinstance(target, PhoneApi):
        return False
    return any(parsed.matches(call[0], path) for path in target.paths)


def field_names(target: RuleTarget) -> tuple[str, ...]:
    """Return the names of the parameters that a target reads."""
    if isinstance(target, PhoneApi):
        return ("app", "person", *target.takes)
    return target.types.fields.__struct_fields__


def patch_problem(target: RuleTarget, path: str) -> str | None:
    """Return None if the target's reply can have a field at this path, else a hint."""
    if isinstance(target, PhoneApi):
        return ""
    schema: dict[str, Any] = _reply_schema(target)
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


@cache
def _reply_schema(endpoint: Endpoint) -> dict[str, Any]:
    """Return the JSON Schema of an endpoint's success reply, with its references resolved."""
    if endpoint.is_page or endpoint.types.reply is Redirect:
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
