"""The JSON Schema of scenario files, for completion and hints in editors."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import inspect as types

from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.docstrings import said_in
from mockdouyin.core.envelopes import JsonSchema
from mockdouyin.core.errors import ErrorCase
from mockdouyin.core.settings import Settings, encode
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.declared.dialects import DIALECTS
from mockdouyin.phone import APIS
from mockdouyin.scenario.scenario import Scenario

_DURATION: JsonSchema = {
    "type": ["string", "number"],
    "pattern": r"^ *(\d+(\.\d+)? *(ms|s|m|h|d) *)+$",
    "minimum": 0,
    "examples": ["90s", "5m", "2h1m", "15d", "200ms"],
}


def scenario_schema(
    catalogue: Catalogue | None = None, language: Language = DEFAULT_LANGUAGE
) -> JsonSchema:
    """Return the schema, with every endpoint, error and setting as an example."""
    catalogue = catalogue or CATALOGUE
    builder = _SchemaBuilder(language)
    builder.schema(types.type_info(Scenario))
    settings = builder.schema(types.type_info(Settings))
    definitions = builder.definitions
    root = definitions.pop("Scenario")
    del root["properties"]["settings"]["additionalProperties"]
    root["properties"]["settings"] |= settings
    root["properties"]["extends"]["examples"] = ["default"]
    rule = definitions["Rule"]["properties"]
    rule["on"]["examples"] = [*dict.fromkeys(_targets(catalogue))]
    rule["error"]["examples"] = _errors(catalogue)
    event = definitions["TimedEvent"]["properties"]
    event["send"]["examples"] = ["create_video", "authorize"]
    definitions["EndpointSource"]["properties"]["envelope"]["examples"] = [*DIALECTS]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mockdouyin scenario",
        **root,
        "$defs": definitions,
    }


class _SchemaBuilder:
    """Builds schemas of types; each struct and enum is defined once, with its docstrings."""

    def __init__(self, language: Language) -> None:
        self._language: Language = language
        self.definitions: dict[str, JsonSchema] = {}

    def schema(self, kind: types.Type) -> JsonSchema:
        if isinstance(kind, types.StructType | types.EnumType):
            name = kind.cls.__name__
            if name not in self.definitions:
                self.definitions[name] = {}  # ends recursion, and keeps outer types first
                if isinstance(kind, types.StructType):
                    self.definitions[name] = self._struct(kind)
                else:
                    self.definitions[name] = self._enum(kind)
            return {"$ref": f"#/$defs/{name}"}
        if isinstance(kind, types.UnionType):
            each = [t for t in kind.types if not isinstance(t, types.NoneType)]
            return self.schema(each[0]) if len(each) == 1 else {"anyOf": [*map(self.schema, each)]}
        if isinstance(kind, types.DictType):
            return {"type": "object", "additionalProperties": self.schema(kind.value_type)}
        if isinstance(kind, types.VarTupleType | types.ListType):
            return {"type": "array", "items": self.schema(kind.item_type)}
        if isinstance(kind, types.LiteralType):
            return {"enum": list(kind.values)}
        if isinstance(kind, types.IntType | types.FloatType):
            return _number(kind)
        if isinstance(kind, types.CustomType):
            return dict(_DURATION)
        plain = {types.StrType: "string", types.BoolType: "boolean"}
        return {"type": plain[type(kind)]} if type(kind) in plain else {}

    def _struct(self, kind: types.StructType) -> JsonSchema:
        docs = attribute_docs(kind.cls, self._language)
        properties: dict[str, JsonSchema] = {}
        for field in kind.fields:
            schema = self.schema(field.type)
            if field.encode_name in docs:
                schema["description"] = docs[field.encode_name]
            if field.default not in (msgspec.NODEFAULT, msgspec.UNSET, None, "", ()):
                schema["default"] = msgspec.to_builtins(field.default, enc_hook=encode)
            properties[field.encode_name] = schema
        return {
            "type": "object",
            "description": said_in(kind.cls.__doc__, self._language),
            "properties": properties,
            "required": [field.encode_name for field in kind.fields if field.required],
            "additionalProperties": False,
        }

    def _enum(self, kind: types.EnumType) -> JsonSchema:
        docs = attribute_docs(kind.cls, self._language)
        lines = [f"`{each.value}`: {docs.get(each.name, '')}" for each in kind.cls]
        return {"enum": [each.value for each in kind.cls], "description": "\n\n".join(lines)}


def _number(kind: types.IntType | types.FloatType) -> JsonSchema:
    bounds = {"minimum": kind.ge, "maximum": kind.le}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"type": "integer" if isinstance(kind, types.IntType) else "number", **given}


def _targets(catalogue: Catalogue) -> Iterator[str]:
    yield "*"
    for family in catalogue.families:
        yield f"{family.name}.*"
    for endpoint in catalogue:
        yield endpoint.full_name
    for endpoint in catalogue:
        yield endpoint.name
    for api in APIS.values():
        yield api.full_name


def _errors(catalogue: Catalogue) -> list[str | int]:
    cases: list[ErrorCase] = [case for endpoint in catalogue for case in endpoint.errors]
    return [*sorted({case.name for case in cases}), *sorted({case.code for case in cases})]
