"""What is wrong with an endpoint or a resource that a scenario declares, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.clock import parse_duration
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.core.settings import Settings
from mockdouyin.endpoints.declared.dialects import dialect
from mockdouyin.endpoints.declared.inline import ENVELOPE, split_call
from mockdouyin.endpoints.declared.operation import (
    PAGING,
    PATH,
    Does,
    EndpointSource,
    Plain,
    ResourceSource,
    error_of,
)
from mockdouyin.endpoints.unserved_paths import MAX_PATH
from mockdouyin.scenario._shape_mistakes import Known, Names, fields_in, shape_mistakes
from mockdouyin.scenario.validation import Mistake

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}\.[a-z][a-z0-9_]{0,99}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,99}")
_NEED_AN_ID = ("get", "update", "delete")


class KnownResource(NamedTuple):
    """A resource, and the names of its fields."""

    source: ResourceSource
    fields: Names

    @classmethod
    def of(cls, source: ResourceSource) -> KnownResource:
        """Read the names off its shape."""
        return cls(source, fields_in(source.shape))


def mistakes_of_resource(name: str, resource: KnownResource) -> Iterator[Mistake]:
    """Find what is wrong with a resource."""
    source, fields = resource
    if not _WORD.fullmatch(name) or name in PAGING:
        says = f"{name!r} is no name of a resource: write small letters, digits and underscores"
        yield Mistake((), says, at_key=True)
    yield from shape_mistakes(source.shape, ("shape",))
    key = source.shape.get(source.key, source.shape.get(f"{source.key}*"))
    if not isinstance(key, str):
        says = (
            f"the key {source.key!r} is no plain field of shape{did_you_mean(source.key, fields)}"
        )
        yield Mistake(("key",), says)
    yield from _unknown_fields(source.starts, fields, ("starts",))
    if source.given < 0 or source.given > _MAX_GIVEN:
        yield Mistake(("given",), f"given is from 0 to {_MAX_GIVEN}, not {source.given}")
    later = source.later
    if later is None:
        return
    yield from _unknown_fields([later.field], fields, ("later", "field"), at_value=True)
    if later.after not in Settings.__struct_fields__:
        try:
            parse_duration(later.after)
        except MockDouyinError as error:
            hint = did_you_mean(later.after, Settings.__struct_fields__, ask=False)
            yield Mistake(("later", "after"), f"{error}, or name a setting{hint}")


_MAX_GIVEN = 100
"""Records of a resource that each owner has from the beginning, at most."""


def mistakes_of_endpoint(
    name: str, source: EndpointSource, resources: Mapping[str, KnownResource]
) -> Iterator[Mistake]:
    """Find what is wrong with an endpoint by itself."""
    if not _NAME.fullmatch(name) or name.startswith("phone."):
        says = f"{name!r} is no name of an endpoint: write family.name in small letters"
        yield Mistake((), says, at_key=True)
    yield from _call(source.call)
    yield from shape_mistakes(source.takes, ("takes",))
    yield from _envelope(source)
    errors = list(_errors(source))
    yield from errors
    known = Known(fields_in(source.takes))
    if source.does is not None:
        found = list(_does(source.does, resources, known.takes, _names_of_errors(source)))
        yield from found
        if found:
            return
        name = source.does.resource
        shape = resources[name].source.shape
        totals = _totals(source.does.verb)
        known = Known(known.takes, name, shape, resources[name].fields, totals)
    if source.gives is not None:
        yield from shape_mistakes(source.gives, ("gives",), known)
        yield from _payload(source)


def _payload(source: EndpointSource) -> Iterator[Mistake]:
    """Find a payload that cannot be in its envelope."""
    if isinstance(source.gives, dict) or source.gives == "object":
        return
    name = source.envelope or ENVELOPE
    try:
        dialect(name).envelope.success([], "", 0.0)
    except TypeError:
        says = f"the envelope {name} has fields beside those of the payload: give an object"
        yield Mistake(("gives",), says)
    except MockDouyinError:  # it is told already that there is no such envelope
        return


def _totals(verb: str) -> tuple[str, ...]:
    return {"list": PAGING, "get": ("total",)}.get(verb, ())


def _call(call: str) -> Iterator[Mistake]:
    try:
        _, paths = split_call(call)
    except MockDouyinError as error:
        yield Mistake(("call",), str(error))
        return
    for path in paths:
        if len(path) > MAX_PATH:
            says = f"a path has {MAX_PATH} characters at most, not {len(path)}"
            yield Mistake(("call",), says)
        elif not PATH.fullmatch(path):
            says = f"{path!r} is no path of an endpoint: /api/points/v1/query is, without a query"
            yield Mistake(("call",), says)


def _envelope(source: EndpointSource) -> Iterator[Mistake]:
    try:
        dialect(source.envelope or ENVELOPE)
    except MockDouyinError as error:
        yield Mistake(("envelope",), str(error))


def _errors(source: EndpointSource) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, text in enumerate(source.errors):
        try:
            case = error_of(text, "assumed")
        except MockDouyinError as error:
            yield Mistake(("errors", number), str(error))
            continue
        if not _WORD.fullmatch(case.name):
            says = f"{case.name!r} is no name of an error: write {case.code} a_name and a text"
            yield Mistake(("errors", number), says)
        elif case.name in seen:
            yield Mistake(("errors", number), f"there is an error {case.name!r} already")
        seen.add(case.name)


def _names_of_errors(source: EndpointSource) -> list[str]:
    own = [text.split(" ")[1] for text in source.errors if " " in text]
    try:
        common = dialect(source.envelope or ENVELOPE).errors
    except MockDouyinError:
        common = ()
    return sorted({*own, *(case.name for case in common)})


def _does(
    does: Does, resources: Mapping[str, KnownResource], takes: Names, errors: list[str]
) -> Iterator[Mistake]:
    try:
        verb = does.verb
    except MockDouyinError as error:
        yield Mistake(("does",), str(error))
        return
    resource = resources.get(does.resource)
    if resource is None:
        says = f"there is no resource {does.resource!r}{did_you_mean(does.resource, resources)}"
        yield Mistake(("does", verb), says)
        return
    fields = resource.fields
    by = does.by or resource.source.key
    if verb in _NEED_AN_ID and by not in takes:
        says = f"{verb} needs the parameter {by}, by which it finds a record: takes has none"
        yield Mistake(("does",), says)
    for name in ("once", "inside"):
        given = getattr(does, name)
        if given and given not in takes:
            yield Mistake(("does", name), _no_parameter(given, takes))
    for number, given in enumerate(does.where):
        if given not in takes:
            yield Mistake(("does", "where", number), _no_parameter(given, takes))
        else:
            yield from _unknown_fields([given], fields, ("does", "where", number), at_value=True)
    for name in ("sets", "adds", "only"):
        yield from _unknown_fields(getattr(does, name), fields, ("does", name))
    yield from _parameters(does, takes)
    for name in ("fails", "missing"):
        given = getattr(does, name)
        if given and given not in (*errors, "not_found"):
            says = f"there is no error {given!r}{did_you_mean(given, errors)}"
            yield Mistake(("does", name), says)


def _parameters(does: Does, takes: Names) -> Iterator[Mistake]:
    """Find what `sets` and `adds` name that is no parameter, and no number."""
    for field, value in does.sets.items():
        if isinstance(value, str) and value[:1] == "=" and value[1:] not in takes:
            yield Mistake(("does", "sets", field), _no_parameter(value[1:], takes))
    for field, added in does.adds.items():
        bare = str(added).lstrip("-+")
        if bare[:1] == "=" and bare[1:] not in takes:
            yield Mistake(("does", "adds", field), _no_parameter(bare[1:], takes))
        elif bare[:1] != "=" and not bare.isdecimal():
            says = f"{added!r} is nothing to add: write 1, -1, =parameter or -=parameter"
            yield Mistake(("does", "adds", field), says)


def _no_parameter(name: str, takes: Names) -> str:
    return f"takes has no parameter {name!r}{did_you_mean(name, takes)}"


def _unknown_fields(
    names: Iterable[str] | Mapping[str, Plain],
    fields: Names,
    path: KeyPath,
    *,
    at_value: bool = False,
) -> Iterator[Mistake]:
    for name in names:
        if name not in fields:
            says = f"the resource has no field {name!r}{did_you_mean(name, fields)}"
            yield Mistake(path if at_value else (*path, name), says, at_key=not at_value)
