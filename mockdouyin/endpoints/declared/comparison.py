"""Values as YAML, as JSON and as calls have them: read, compared, joined."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.endpoints.declared.notation import Scalar


def agrees(fields: dict[str, Any], path: str, wanted: Any) -> bool:
    """Whether a record's field is what was sent, or one of those; what was not sent is no matter.

    `list.name` is a field of a list's objects, of which one has to be it.
    """
    if wanted in (None, "", []):
        return True
    sent = {plain(each) for each in (wanted if isinstance(wanted, list) else [wanted])}
    name, _, inner = path.partition(".")
    value = fields.get(name)
    rows: list[Any] = value if isinstance(value, list) else [value]
    return any(plain(row.get(inner) if inner else row) in sent for row in rows)


def plain(value: Any) -> str:
    """Return a value as YAML has it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_shape(shape: Scalar, value: Any) -> Any:
    """Return a plain value as this format has it in JSON, if it can be read so."""
    if shape.is_text:
        if isinstance(value, bool):
            return str(value).lower()
        return value if isinstance(value, str) or value is None else str(value)
    if not isinstance(value, str) or shape.format in ("any", "null"):
        return value
    if shape.format == "bool":
        return value == "true"
    try:
        if shape.format == "object":
            return msgspec.json.decode(value)
        return float(value) if shape.format == "number" else int(value)
    except ValueError:
        return value


def joined(rows: list[Any], what: Any, sign: int) -> list[Any]:
    """Return a list with what was sent at its end, or without it."""
    given = what if isinstance(what, list) else [] if what is None else [what]
    seen = {repr(each) for each in given}
    rest = [row for row in rows if repr(row) not in seen]
    return [*rest, *given] if sign > 0 else rest


def first(sent: dict[str, Any], names: tuple[str, ...]) -> int | None:
    """Return the number in the first of these parameters that was sent."""
    for name in names:
        if name in sent:
            try:
                return max(0, int(sent[name]))
            except ValueError:
                return None
    return None
