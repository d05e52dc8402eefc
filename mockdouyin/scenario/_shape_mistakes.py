"""What is wrong with the shape of parameters, of a reply or of a resource, and where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mockdouyin.core.bounds import KeyPath
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.endpoints.declared.notation import NUMBERS, Echo, Outcome, Scalar, Worked, parse
from mockdouyin.endpoints.declared.operation import APP, APP_FIELDS, MINI_PROGRAM
from mockdouyin.scenario import _declaration_mistake_texts as texts
from mockdouyin.scenario._validation_walk import is_number
from mockdouyin.scenario.validation import Mistake

Names = dict[str, None]
"""Names in their order."""

MAX_WORD = 1000
"""Characters of a shape in words."""


class Known(NamedTuple):
    """What a reply can show beside plain values."""

    takes: Names
    """The names of the parameters."""
    resources: Mapping[str, Mapping[str, Any]] = {}
    """The shapes of the resources that the call does something with."""
    totals: tuple[str, ...] = ()
    """What a list tells beside its rows."""


def bare(name: str) -> str:
    """Return the name of a field without the mark behind it."""
    return name.rstrip("*?")


def fields_in(shape: Any) -> Names:
    """Return the names of an object's fields."""
    return dict.fromkeys(map(bare, shape)) if isinstance(shape, dict) else {}


def shape_mistakes(
    given: Any, path: KeyPath, known: Known | None = None, beside: dict[str, Any] | None = None
) -> Iterator[Mistake]:
    """Find what is wrong with a shape; without `known` it must be plain.

    `beside` has the fields of the object whose field it is, and of those around.
    """
    if isinstance(given, dict):
        yield from _object(given, path, known, beside or {})
    elif isinstance(given, list):
        yield from _list(given, path, known)
    else:
        yield from _word(given, path, known, beside or {})


def _object(
    given: dict[str, Any], path: KeyPath, known: Known | None, around: dict[str, Any]
) -> Iterator[Mistake]:
    seen: set[str] = set()
    for name, each in given.items():
        if name[:1] == "<":
            if len(given) > 1 or name[-1:] != ">":
                says = texts.EVERY_KEY(name=name)
                yield Mistake((*path, name), says, at_key=True)
            else:
                of_echo = known if name[1:2] == "=" else None
                yield from _at_key(_word(name[1:-1], (*path, name), of_echo, {}))
        elif not bare(name) or bare(name) in seen:
            says = texts.FIELD_TWICE(name=bare(name)) if bare(name) else texts.FIELD_NAMELESS()
            yield Mistake((*path, name), says, at_key=True)
        seen.add(bare(name))
        yield from shape_mistakes(each, (*path, name), known, {**around, **given})


def _at_key(found: Iterator[Mistake]) -> Iterator[Mistake]:
    for mistake in found:
        yield mistake._replace(at_key=True)


def _list(given: list[Any], path: KeyPath, known: Known | None) -> Iterator[Mistake]:
    if len(given) not in (1, 2):
        yield Mistake(path, texts.LIST_FORM(count=len(given)))
        return
    yield from shape_mistakes(given[0], (*path, 0), known)
    if len(given) == 2:
        try:
            parse(["any", str(given[1])[:MAX_WORD]])
        except MockDouyinError as error:
            yield Mistake((*path, 1), error.says)


def _word(
    given: Any, path: KeyPath, known: Known | None, beside: dict[str, Any]
) -> Iterator[Mistake]:
    if isinstance(given, str) and len(given) > MAX_WORD:
        yield Mistake(path, texts.SHAPE_TOO_LONG(most=MAX_WORD, count=len(given)))
        return
    try:
        shape = parse(given)
    except MockDouyinError as error:
        yield Mistake(path, error.says)
        return
    if isinstance(shape, Scalar):
        says = _limits(given, shape)
    elif known is None:
        says = texts.FOR_REPLIES(given=given)
    elif isinstance(shape, Outcome):
        says = _outcome(shape, known)
    elif isinstance(shape, Echo):
        is_sent = shape.name in known.takes
        hint = suggestion(shape.name, known.takes)
        says = NOTHING if is_sent else texts.NO_PARAMETER(name=shape.name, hint=hint)
    else:
        says = _worked(shape, known, beside) if isinstance(shape, Worked) else NOTHING
    if says:
        yield Mistake(path, says)


def _limits(given: Any, shape: Scalar) -> Text:
    """Say what is wrong with a range or with the values that there may be."""
    if shape.low is not None and shape.high is not None and shape.low > shape.high:
        return texts.RANGE_REVERSED(given=given)
    needs_number = shape.format in (*NUMBERS, "number")
    for choice in shape.choices:
        if not choice or " " in choice:
            return texts.EMPTY_CHOICE(given=given, format=shape.format)
        if needs_number and not is_number(choice):
            return texts.CHOICE_NOT_NUMBER(choice=choice, format=shape.format)
    return NOTHING


def _outcome(shape: Outcome, known: Known) -> Text:
    if shape.name == APP:
        return NOTHING
    if shape.name == MINI_PROGRAM:
        fields = dict.fromkeys(APP_FIELDS)
    elif shape.name in known.resources or shape.name in known.totals:
        fields = fields_in(known.resources.get(shape.name, {}))
    else:
        there = suggestion(shape.name, [*known.resources, *known.totals])
        return texts.NO_OUTCOME(name=shape.name, hint=there or texts.DOES_SAYS_NOTHING())
    if not shape.field or shape.field in fields:
        return NOTHING
    return texts.SHAPE_NO_FIELD(
        name=shape.name, field=shape.field, hint=suggestion(shape.field, fields)
    )


def _worked(shape: Worked, known: Known, beside: dict[str, Any]) -> Text:
    """Say why a number cannot be worked out from the list beside it."""
    rows = _field(beside, shape.list)
    if not isinstance(rows, list):
        lists = (bare(name) for name, each in beside.items() if isinstance(each, list))
        return texts.NO_LIST(list=shape.list, hint=suggestion(shape.list, lists))
    if shape.how == "count":
        return NOTHING
    item = rows[0] if rows else None
    if isinstance(item, str) and item[:1] == "$":
        item = known.resources.get(item[1:])
    fields = item if isinstance(item, Mapping) else {}
    if _is_numeric(_field(fields, shape.field)):
        return NOTHING
    numbers = (bare(name) for name, each in fields.items() if _is_numeric(each))
    there = suggestion(shape.field, numbers) or texts.HAS_NONE()
    return texts.NO_NUMBER(list=shape.list, field=shape.field, hint=there)


def _field(shape: Mapping[str, Any], name: str) -> Any:
    """Return the shape of a field, whatever mark is behind its name."""
    return shape.get(name, shape.get(f"{name}?", shape.get(f"{name}*")))


def _is_numeric(given: Any) -> bool:
    return isinstance(given, str) and given.split(" ")[0] in (*NUMBERS, "number")
