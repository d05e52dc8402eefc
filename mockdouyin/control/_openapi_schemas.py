"""Structs as components of an OpenAPI document: described, and required where always there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, TypeGuard, get_args, get_origin

import msgspec
from msgspec import inspect

from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.docstrings import said_in
from mockdouyin.core.multipart import File
from mockdouyin.core.settings import Duration, encode
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language

Schema = dict[str, Any]


class Components:
    """The structs of a document as its components, and where each is."""

    def __init__(
        self,
        requests: set[type],
        replies: set[type],
        enums: Iterable[type[Enum]],
        language: Language = DEFAULT_LANGUAGE,
    ) -> None:
        kinds = requests | replies
        ordered = tuple(sorted(kinds, key=lambda kind: f"{kind.__module__}.{kind.__name__}"))
        twins = _twins(ordered)
        schemas, self.all = msgspec.json.schema_components(
            [twins.get(kind, kind) for kind in ordered],
            ref_template="#/components/schemas/{name}",
            schema_hook=_schema,
        )
        self._of: dict[Any, Schema] = dict(zip(ordered, schemas, strict=True))
        named = {kind.__name__: kind for kind in enums}
        for name, component in self.all.items():
            if "description" in component:
                component["description"] = said_in(component["description"], language)
            if name in named:
                component["x-enumDescriptions"] = _meanings(named[name], language)
        for kind in kinds:
            component = self.all[self._of[kind]["$ref"].rpartition("/")[2]]
            describe(component, kind, language)
            if kind in replies - requests:
                _require(component, kind)

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type: a reference, if it is one of the structs."""
        if get_origin(kind) is list:
            return {"type": "array", "items": self.of(get_args(kind)[0])}
        found = self._of.get(kind)
        return found if found is not None else msgspec.json.schema(kind)


def _schema(kind: type) -> dict[str, Any]:
    if kind is File:
        return {"type": "string", "format": "binary"}
    if kind is Duration:
        return {"type": ["string", "number"], "examples": ["5m", 300]}
    raise NotImplementedError(kind)


def _twins(kinds: Iterable[type]) -> dict[type, type]:
    """Return structs to describe in place of those with durations as defaults.

    msgspec cannot write such a default into a schema, so a twin has it as text.
    """
    twins: dict[type, type] = {}
    for kind in kinds:
        fields = msgspec.structs.fields(kind)
        if any(isinstance(field.default, Duration) for field in fields):
            twins[kind] = _twin(kind, twins)
    for kind in kinds:
        if any(field.type in twins for field in msgspec.structs.fields(kind)):
            twins[kind] = _twin(kind, twins)
    return twins


def _twin(kind: type, twins: dict[type, type]) -> type:
    fields: list[Any] = []
    for field in msgspec.structs.fields(kind):
        given: Any = field.default
        if isinstance(given, Duration):
            given = encode(given)
        elif field.default_factory is not msgspec.NODEFAULT:
            given = msgspec.field(default_factory=field.default_factory)
        required = () if given is msgspec.NODEFAULT else (given,)
        fields.append((field.name, twins.get(field.type, field.type), *required))
    forbids = kind.__struct_config__.forbid_unknown_fields  # type: ignore[attr-defined]
    return msgspec.defstruct(
        kind.__name__,
        fields,
        module=kind.__module__,
        namespace={"__doc__": kind.__doc__},
        kw_only=True,
        forbid_unknown_fields=forbids,
    )


def structs_in(kind: Any) -> Iterator[type]:
    """Yield every struct in a type, the type itself included."""
    yield from (each.cls for each in _found(inspect.type_info(kind)) if not _is_enum(each))


def enums_in(kind: Any) -> Iterator[type[Enum]]:
    """Yield every enum in a type."""
    yield from (each.cls for each in _found(inspect.type_info(kind)) if _is_enum(each))


def _is_enum(kind: inspect.StructType | inspect.EnumType) -> TypeGuard[inspect.EnumType]:
    return isinstance(kind, inspect.EnumType)


def _found(kind: inspect.Type) -> Iterator[inspect.StructType | inspect.EnumType]:
    if isinstance(kind, inspect.StructType | inspect.EnumType):
        yield kind
    if isinstance(kind, inspect.StructType):
        for field in kind.fields:
            yield from _found(field.type)
    elif isinstance(kind, inspect.ListType | inspect.VarTupleType):
        yield from _found(kind.item_type)
    elif isinstance(kind, inspect.DictType):
        yield from _found(kind.value_type)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _found(each)


def _meanings(kind: type[Enum], language: Language) -> dict[str, str]:
    """Return what each value of an enum means, by the value."""
    docs = attribute_docs(kind, language)
    return {each.value: docs[each.name] for each in kind if each.name in docs}


def _require(schema: dict[str, Any], kind: type) -> None:
    """Mark the fields of an answer as required, except those that may be left out."""
    config = kind.__struct_config__  # type: ignore[attr-defined]
    always = [
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if field.default is not msgspec.UNSET and (field.required or not config.omit_defaults)
    ]
    if always:
        schema["required"] = always


def describe(schema: dict[str, Any], kind: type, language: Language) -> None:
    """Add the docstrings of a struct's fields."""
    docs = attribute_docs(kind, language)
    for field in msgspec.structs.fields(kind):
        says = docs.get(field.name)
        if says is not None:
            schema["properties"][field.encode_name]["description"] = says
