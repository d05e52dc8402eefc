"""Every declared operation answers a good call with what its file says that it gives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from mockdouyin.endpoints.catalog import families
from mockdouyin.endpoints.declared.family import DeclaredEndpoint, DeclaredFamily
from tests.endpoints.calls_declared import Caller

FAMILIES = list(families())

SAFE = 2**53
"""The largest whole number up to which JavaScript has all."""


def _numbers(answer: Any) -> Iterator[float]:
    inside = answer.values() if isinstance(answer, dict) else answer
    if isinstance(answer, dict | list):
        for each in inside:
            yield from _numbers(each)
    elif isinstance(answer, int | float):
        yield answer


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: str(family.name))
def test_answers_have_the_form_that_is_declared(family: DeclaredFamily) -> None:
    """Success in the family's envelope; each field that is always there; each of its JSON type.

    No id that is a number has more digits than JavaScript keeps.
    """
    caller = Caller(str(family.name))
    wrong = {}
    for endpoint in family.endpoints:
        assert isinstance(endpoint, DeclaredEndpoint)
        does = endpoint.operation.does
        is_alone = does is not None and any(each.unique or each.where for each in does.steps)
        by = Caller(str(family.name)) if is_alone else caller  # where nothing else is alike
        wrong[endpoint.name] = _problems(by, endpoint)

    assert family.endpoints
    assert {name: problems for name, problems in wrong.items() if problems} == {}


def _problems(caller: Caller, endpoint: Any) -> list[Any]:
    """Return what is wrong with an operation's answer, and the answer; nothing if all is well."""
    answer = caller.answer(endpoint)
    schema = endpoint.envelope.schema(endpoint.described.reply)
    validator = jsonschema.Draft202012Validator(schema)
    problems = [f"{e.json_path}: {e.message}" for e in validator.iter_errors(answer)]
    problems += [f"JavaScript rounds {number}" for number in _numbers(answer) if number > SAFE]
    return [*problems[:3], answer] if problems else []
