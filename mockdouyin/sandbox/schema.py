"""The JSON Schema of scenario files, and what it finds wrong in one, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from jsonschema import Draft202012Validator

from mockdouyin.core.errors import did_you_mean
from mockdouyin.core.message import Fault
from mockdouyin.core.settings import Duration, Settings
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS
from mockdouyin.sandbox.scenario import Scenario

_DURATION = {
    "type": ["string", "number"],
    "pattern": r"^\s*(\d+(\.\d+)?\s*(ms|s|m|h|d)\s*)+$",
    "minimum": 0,
    "examples": ["90s", "5m", "2h1m", "15d", "200ms"],
}


def _hook(kind: type) -> dict[str, Any]:
    if kind is Duration:
        return dict(_DURATION)
    raise NotImplementedError(kind)


def scenario_schema() -> dict[str, Any]:
    """Give the schema, with every endpoint and error that there is, for completion."""
    (root, settings), parts = msgspec.json.schema_components(
        (Scenario, Settings), schema_hook=_hook, ref_template="#/$defs/{name}"
    )
    scenario = parts["Scenario"]
    scenario["properties"]["settings"] = settings
    rule = parts["Rule"]["properties"]
    rule["on"]["examples"] = sorted(_targets())
    rule["error"]["examples"] = sorted({case.name for e in CATALOGUE for case in e.errors})
    rule["fault"] = {"enum": [str(fault) for fault in Fault], "default": None}
    rule.pop("id", None)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mockdouyin scenario",
        **root,
        "$defs": {name: _described(part) for name, part in parts.items()},
    }


def _targets() -> Iterator[str]:
    for family in CATALOGUE.families:
        yield f"{family.name}.*"
    for endpoint in CATALOGUE:
        yield endpoint.full_name
        yield endpoint.name
    for api in APIS.values():
        yield api.full_name


def _described(part: dict[str, Any]) -> dict[str, Any]:
    part.pop("title", None)
    return part


def problems(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Find every mistake of shape, each with its place."""
    for error in Draft202012Validator(scenario_schema()).iter_errors(value):
        yield from _explain(error)


def _explain(error: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    path = tuple(error.absolute_path)
    if error.validator == "anyOf" and error.context:
        real = [each for each in error.context if each.validator != "type"] or error.context[:1]
        if all(each.validator == "type" for each in error.context):
            wanted = " or ".join(sorted({_kind(each.validator_value) for each in error.context}))
            yield path, f"{_name(path)} should be {wanted}, not {error.instance!r}"
            return
        for each in real:
            yield from _explain(each)
    elif error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        for name in error.instance:
            if name not in known:
                yield (*path, name), f"unknown key {name}{did_you_mean(name, known)}"
    elif error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        yield path, f"{_name(path)} needs {', '.join(missing)}"
    elif error.validator == "enum":
        known = [str(each) for each in error.validator_value if each is not None]
        yield (
            path,
            f"unknown {_name(path)} {error.instance!r}{did_you_mean(error.instance, known)}",
        )
    elif error.validator == "type":
        kind = _kind(error.validator_value)
        yield path, f"{_name(path)} should be {kind}, not {error.instance!r}{_hint(error)}"
    elif error.validator in ("pattern", "minimum") and "examples" in error.schema:
        yield path, f"{_name(path)}: {error.instance!r} is no duration; write 90s, 5m or 2h1m"
    else:
        yield path, f"{_name(path)}: {error.message}"


def _kind(wanted: str | list[str]) -> str:
    words = {"string": "text", "object": "a mapping", "array": "a list", "integer": "a number"}
    kinds = [wanted] if isinstance(wanted, str) else wanted
    return " or ".join(words.get(kind, kind) for kind in kinds if kind != "null")


def _hint(error: Any) -> str:
    if isinstance(error.instance, int) and error.validator_value == "string":
        return f'; quote it: "{error.instance}"'
    return ""


def _name(path: tuple[str | int, ...]) -> str:
    words = [str(part) for part in path if isinstance(part, str)]
    return words[-1] if words else "the scenario"
