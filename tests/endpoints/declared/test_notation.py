"""What the notation says, and what it says of its mistakes."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.endpoints.declared import schemas
from mockdouyin.endpoints.declared.notation import FORMATS, ListOf, fields_of, parse


@pytest.mark.parametrize(
    ("given", "schema"),
    [
        ("text", {"type": "string"}),
        ("text ..20", {"type": "string", "maxLength": 20}),
        ("text 甲|乙", {"type": "string", "enum": ["甲", "乙"]}),
        ("int", {"type": "integer"}),
        ("int 1..50", {"type": "integer", "minimum": 1, "maximum": 50}),
        ("int 1|2", {"type": "integer", "enum": [1, 2]}),
        ("int text", {"type": "string"}),
        ("id", {"type": "string"}),
        ("id number", {"type": "integer"}),
        ("number", {"type": "number"}),
        ("bool", {"type": "boolean"}),
        ("any", {}),
        (
            ["id", "1..50"],
            {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 50},
        ),
        ({"<id>": "int"}, {"type": "object", "additionalProperties": {"type": "integer"}}),
    ],
)
def test_what_a_shape_is_in_json(given: Any, schema: dict[str, Any]) -> None:
    """Formats, ranges, choices, lists and maps are those of the JSON Schema."""
    assert schemas.sent_shape(parse(given)) == schema


def test_stars_and_question_marks() -> None:
    """A star makes a parameter required; a question mark lets a reply lack a field."""
    shape = fields_of({"a*": "int", "b": "int", "c?": "int"})

    assert schemas.sent(shape)["required"] == ["a"]
    assert schemas.given(shape)["required"] == ["a", "b"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("txet", "'txet' is no format; did you mean text?"),
        (["id", "many"], "'many' is no range"),
        ([], "is no list"),
        (["id", "1", "2"], "is no list"),
        (5, "5 is no shape"),
        ({"a": {"b": "itn"}}, "'itn' is no format"),
    ],
)
def test_mistakes(given: Any, says: str) -> None:
    """A mistake is named with what stands there, and with what was probably meant."""
    with pytest.raises(MockDouyinError, match=".*") as caught:
        parse(given)

    assert says in str(caught.value)


def test_one_number_is_a_range_of_one() -> None:
    """`digits 12` has twelve digits, and `[id, 3]` three items."""
    shape = parse(["id", "3"])

    assert isinstance(shape, ListOf)
    assert (shape.low, shape.high) == (3, 3)


def test_every_format_has_values() -> None:
    """A value of each format is what its own schema allows."""
    from jsonschema import Draft202012Validator

    from mockdouyin.core.ids import Ids
    from mockdouyin.endpoints.declared.values import Values

    made = Values(Ids(1, "w"), 1767240000.0, "test")
    for name in FORMATS:
        if name not in ("file", "object"):
            shape = parse(name)
            Draft202012Validator(schemas.given(shape)).validate(made.make(shape))
