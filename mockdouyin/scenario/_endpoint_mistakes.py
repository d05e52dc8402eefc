"""What is wrong with an endpoint or a resource that a scenario declares, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.clock import parse_duration
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import Text
from mockdouyin.endpoints.declared.dialects import dialect
from mockdouyin.endpoints.declared.inline import ENVELOPE, split_call
from mockdouyin.endpoints.declared.operation import (
    FAILED,
    PAGING,
    PATH,
    Does,
    EndpointSource,
    ResourceSource,
    error_of,
)
from mockdouyin.endpoints.unserved_paths import MAX_PATH
from mockdouyin.scenario import _declaration_mistake_texts as texts
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
        says = texts.RESOURCE_NAME(name=name)
        yield Mistake((), says, at_key=True)
    yield from shape_mistakes(source.shape, ("shape",))
    key = source.shape.get(source.key, source.shape.get(f"{source.key}*"))
    if not isinstance(key, str):
        says = texts.KEY_NOT_PLAIN(key=source.key, hint=suggestion(source.key, fields))
        yield Mistake(("key",), says)
    yield from _unknown_fields(source.starts, fields, ("starts",))
    if source.given < 0 or source.given > _MAX_GIVEN:
        yield Mistake(("given",), texts.GIVEN_RANGE(most=_MAX_GIVEN, given=source.given))
    later = source.later
    if later is None:
        return
    yield from _unknown_fields([later.field], fields, ("later", "field"), at_value=True)
    if later.after not in Settings.__struct_fields__:
        try:
            parse_duration(later.after)
        except MockDouyinError as error:
            hint = suggestion(later.after, Settings.__struct_fields__, ask=False)
            yield Mistake(("later", "after"), texts.OR_SETTING(error=error.says, hint=hint))


_MAX_GIVEN = 100
"""Records of a resource that each owner has from the beginning, at most."""


def mistakes_of_endpoint(
    name: str, source: EndpointSource, resources: Mapping[str, KnownResource]
) -> Iterator[Mistake]:
    """Find what is wrong with an endpoint by itself."""
    if not _NAME.fullmatch(name) or name.startswith("phone."):
        says = texts.ENDPOINT_NAME(name=name)
        yield Mistake((), says, at_key=True)
    yield from _call(source.call)
    yield from shape_mistakes(source.takes, ("takes",))
    yield from _envelope(source)
    errors = list(_errors(source))
    yield from errors
    known = Known(fields_in(source.takes))
    if source.does is not None:
        found = list(_steps(source, resources, known.takes))
        yield from found
        if found:
            return
        steps = source.does.steps
        shapes = {each.resource: resources[each.resource].source.shape for each in steps}
        totals = tuple(name for each in steps for name in _totals(each.verb))
        known = Known(known.takes, shapes, totals)
    if source.gives is not None:
        yield from shape_mistakes(source.gives, ("gives",), known)
        yield from _payload(source)


def _payload(source: EndpointSource) -> Iterator[Mistake]:
    """Find a payload that cannot be in its envelope."""
    gives = source.gives
    is_record = isinstance(gives, str) and gives[:1] == "$" and "." not in gives
    if isinstance(gives, dict) or gives == "object" or is_record:
        return
    name = source.envelope or ENVELOPE
    try:
        dialect(name).envelope.success([], "", 0.0)
    except TypeError:
        says = texts.ENVELOPE_FIELDS(name=name)
        yield Mistake(("gives",), says)
    except MockDouyinError:  # it is told already that there is no such envelope
        return


def _totals(verb: str) -> tuple[str, ...]:
    return PAGING if verb == "list" else ("total", FAILED)


def _call(call: str) -> Iterator[Mistake]:
    try:
        _, paths = split_call(call)
    except MockDouyinError as error:
        yield Mistake(("call",), error.says)
        return
    for path in paths:
        if len(path) > MAX_PATH:
            says = texts.PATH_TOO_LONG(most=MAX_PATH, count=len(path))
            yield Mistake(("call",), says)
        elif not PATH.fullmatch(path):
            says = texts.NOT_A_PATH(path=path)
            yield Mistake(("call",), says)


def _envelope(source: EndpointSource) -> Iterator[Mistake]:
    try:
        dialect(source.envelope or ENVELOPE)
    except MockDouyinError as error:
        yield Mistake(("envelope",), error.says)


def _errors(source: EndpointSource) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, text in enumerate(source.errors):
        try:
            case = error_of(text, "assumed")
        except MockDouyinError as error:
            yield Mistake(("errors", number), error.says)
            continue
        if not _WORD.fullmatch(case.name):
            says = texts.ERROR_NAME(name=case.name, code=case.code)
            yield Mistake(("errors", number), says)
        elif case.name in seen:
            yield Mistake(("errors", number), texts.ERROR_TWICE(name=case.name))
        seen.add(case.name)


def _names_of_errors(source: EndpointSource) -> list[str]:
    own = [text.split(" ")[1] for text in source.errors if " " in text]
    try:
        common = dialect(source.envelope or ENVELOPE).errors
    except MockDouyinError:
        common = ()
    return sorted({*own, *(case.name for case in common)})


def _steps(
    source: EndpointSource, resources: Mapping[str, KnownResource], takes: Names
) -> Iterator[Mistake]:
    path: KeyPath = ("does",)
    for does in source.does.steps if source.does else ():
        for mistake in _does(does, resources, _sent_to(does, source.takes), source):
            yield mistake._replace(path=(*path, *mistake.path))
        path = (*path, "then")


def _sent_to(does: Does, takes: Mapping[str, Any]) -> Names:
    """Return the names of the parameters, with those in the one that holds the fields."""
    names = fields_in(takes)
    inside = takes.get(f"{does.inside}*", takes.get(does.inside)) if does.inside else None
    if isinstance(inside, list) and inside:
        inside = inside[0]
        names[does.by or ""] = None
    return {**names, **fields_in(inside)}


def _does(
    does: Does, resources: Mapping[str, KnownResource], takes: Names, source: EndpointSource
) -> Iterator[Mistake]:
    try:
        verb = does.verb
    except MockDouyinError as error:
        yield Mistake((), error.says)
        return
    resource = resources.get(does.resource)
    if resource is None:
        says = texts.NO_RESOURCE(name=does.resource, hint=suggestion(does.resource, resources))
        yield Mistake((verb,), says)
        return
    fields = resource.fields
    by = does.by or resource.source.key
    is_alone = resource.source.single or resource.source.given == 1
    also = does.also or resource.source.also
    is_sent = not {by.partition(".")[0], also.partition(".")[0]}.isdisjoint(takes)
    is_known = is_sent or does.where or does.inside or is_alone
    if verb in _NEED_AN_ID and not is_known:
        says = texts.NEEDS_ID(verb=verb, by=by)
        yield Mistake((), says)
    for name in ("once", "inside", "each", "also"):
        given = getattr(does, name).partition(".")[0]
        if given and given not in takes:
            yield Mistake((name,), _no_parameter(given, takes))
    for number, (field, given) in enumerate(does.agrees.items()):
        at: KeyPath = ("where", field if isinstance(does.where, dict) else number)
        if given not in takes:
            yield Mistake(at, _no_parameter(given, takes))
        else:
            yield from _unknown_fields([field.partition(".")[0]], fields, at, at_value=True)
    yield from _unknown_fields([n for n in does.sets if n[:1] != "="], fields, ("sets",))
    for name in ("adds", "only", "within", "unique"):
        yield from _unknown_fields(getattr(does, name), fields, (name,))
    yield from _parameters(does, takes)
    yield from _others(does, resources)
    errors = _names_of_errors(source)
    for path, given in _named_errors(does):
        if given and given not in (*errors, "not_found"):
            says = texts.NO_ERROR(name=given, hint=suggestion(given, errors))
            yield Mistake(path, says)


def _named_errors(does: Does) -> Iterator[tuple[KeyPath, str]]:
    yield ("fails",), does.fails
    yield ("missing",), does.missing
    for name, case in does.unique.items():
        yield ("unique", name), case
    for name, said in does.needs.items():
        yield ("needs", name), said.partition(" ")[2]


def _others(does: Does, resources: Mapping[str, KnownResource]) -> Iterator[Mistake]:
    """Find what is wrong with the other resources that it needs and spends."""
    for key, names in (("needs", does.needs), ("spends", does.spends)):
        for name in names:
            if name not in resources:
                says = texts.NO_RESOURCE(name=name, hint=suggestion(name, resources))
                yield Mistake((key, name), says, at_key=True)
    for name, spent in does.spends.items():
        if name in resources:
            yield from _unknown_fields(spent, resources[name].fields, ("spends", name))


def _parameters(does: Does, takes: Names) -> Iterator[Mistake]:
    """Find what is named that is no parameter, and what is added that is no number."""
    for field, value in does.sets.items():
        for said in (field, value):
            if isinstance(said, str) and said[:1] == "=" and _bare(said) not in takes:
                yield Mistake(("sets", field), _no_parameter(_bare(said), takes))
    for field, added in does.adds.items():
        bare = str(added).lstrip("-+")
        if bare[:1] == "=" and _bare(bare) not in takes:
            yield Mistake(("adds", field), _no_parameter(_bare(bare), takes))
        elif bare[:1] != "=" and not bare.isdecimal():
            says = texts.NOTHING_TO_ADD(added=added)
            yield Mistake(("adds", field), says)
    for key, names in (("less", does.less), ("whole", does.whole)):
        for name in names:
            if name not in takes:
                yield Mistake((key, name), _no_parameter(name, takes), at_key=True)
    for field, ends in does.within.items():
        for number, name in enumerate(ends):
            if name not in takes:
                yield Mistake(("within", field, number), _no_parameter(name, takes))


def _bare(said: str) -> str:
    """Return the name of the parameter in `=status 1:2 2:6` or `=status.field`."""
    return said[1:].partition(" ")[0].partition(".")[0]


def _no_parameter(name: str, takes: Names) -> Text:
    return texts.NO_PARAMETER(name=name, hint=suggestion(name, takes))


def _unknown_fields(
    names: Iterable[str],
    fields: Names,
    path: KeyPath,
    *,
    at_value: bool = False,
) -> Iterator[Mistake]:
    for name in names:
        if name not in fields:
            says = texts.NO_FIELD(name=name, hint=suggestion(name, fields))
            yield Mistake(path if at_value else (*path, name), says, at_key=not at_value)
