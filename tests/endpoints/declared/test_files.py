"""Every file of the catalogue can be read, and says nothing that is of no use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockdouyin import endpoints
from mockdouyin.core.calls import Fields
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.endpoints import CATALOGUE, WRITTEN
from mockdouyin.endpoints.declared.family import DeclaredFamily
from mockdouyin.endpoints.declared.notation import (
    Echo,
    ListOf,
    MapOf,
    ObjectOf,
    Outcome,
    Scalar,
    Shape,
)
from mockdouyin.endpoints.declared.operation import (
    APP,
    FAILED,
    MINI_PROGRAM,
    PAGING,
    Does,
    Operation,
)
from mockdouyin.endpoints.own_actions import OWN
from tests.endpoints.declared.scene import RefusedError, Scene

FILES = sorted((Path(endpoints.__file__).parent / "catalog").glob("*.yaml"))


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def family(request: pytest.FixtureRequest) -> DeclaredFamily:
    """Return one family after the other."""
    return DeclaredFamily(request.param)


def operations(family: DeclaredFamily) -> list[Operation]:
    """Return a family's operations, each read."""
    return [endpoint.operation for endpoint in family.endpoints]  # type: ignore[attr-defined]


def steps(family: DeclaredFamily) -> Iterator[tuple[Endpoint, Operation, Does]]:
    """Iterate over everything that a family's operations do with resources."""
    for endpoint, operation in zip(family.endpoints, operations(family), strict=True):
        for does in operation.does.steps if operation.does else ():
            yield endpoint, operation, does


@cache
def used() -> set[tuple[str, str]]:
    """Return what operations of any family do with which resource."""
    read = [DeclaredFamily(file) for file in FILES]
    done = {(op.named_resource(d.resource).name, d.verb) for f in read for _, op, d in steps(f)}
    own = {
        (each.name, "create")
        for f in read
        for op in operations(f)
        if op.name in OWN
        for each in op.resources.values()
    }
    return done | own


def parts(shape: Shape | None) -> Iterator[Shape]:
    """Iterate over a shape and all that it holds."""
    if shape is None:
        return
    yield shape
    if isinstance(shape, ObjectOf):
        for field in shape.fields.values():
            yield from parts(field.shape)
    elif isinstance(shape, ListOf):
        yield from parts(shape.item)
    elif isinstance(shape, MapOf):
        yield from parts(shape.value)


def test_every_operation_is_understood(family: DeclaredFamily) -> None:
    """The parameters and the payload of every operation have schemas and types."""
    assert family.source.about
    assert len(family.endpoints) == len(family.source.operations)
    for endpoint, operation in zip(family.endpoints, operations(family), strict=True):
        assert endpoint.described is not None
        assert endpoint.described.request["type"] == "object"
        assert (endpoint.described.reply is None) == (operation.gives is None), operation.name
        assert issubclass(endpoint.types.fields, Fields)
        assert operation.state in ("full", "generic", "shape only")


def test_what_an_operation_does_is_possible(family: DeclaredFamily) -> None:
    """It acts on a resource by fields and parameters that exist, and has the errors it names."""
    for endpoint, operation, does in steps(family):
        resource = operation.named_resource(does.resource)
        fields, params = resource.shape.fields, operation.takes.fields
        names = {*params, *operation.inside(does).fields}
        names |= {does.by} if does.inside else set()
        known = {name for name in does.sets if name[:1] != "="}
        assert known | {*does.adds, *does.only} <= fields.keys(), operation.name
        assert {each.split(".")[0] for each in does.agrees} <= fields.keys(), operation.name
        assert {*does.agrees.values()} <= names, operation.name
        assert {*does.within, *does.unique} <= fields.keys(), operation.name
        if does.reports is not None:
            assert {"err_no", "err_msg"} <= fields.keys(), operation.name
        assert does.spends.keys() <= does.needs.keys(), operation.name
        for name, said in does.needs.items():
            by, _, case = said.partition(" ")
            earlier = (family.resources[each].shape.fields for each in does.needs)
            assert by in names or any(by in each for each in earlier), operation.name
            assert endpoint.find_case(case or does.missing), operation.name
            assert does.spends.get(name, {}).keys() <= family.resources[name].shape.fields.keys()
        assert {each for ends in does.within.values() for each in ends} <= params.keys()
        named = {name.partition(".")[0] for name in (does.once, does.by, does.also, does.each)}
        assert named - {""} <= names, operation.name
        if does.verb in ("get", "update", "delete") and not does.where:
            alone = resource.source.single or resource.source.given == 1 or does.inside
            source = resource.source
            found_by = {does.by or source.key, does.also or source.also}
            assert alone or {name.partition(".")[0] for name in found_by} & names, operation.name
        for case in filter(None, (does.fails, does.missing, *does.unique.values())):
            assert endpoint.find_case(case), f"{operation.name}: {case}"
        words = [str(word).lstrip("-+") for word in (*does.sets.values(), *does.adds.values())]
        sent = {word[1:].split(" ")[0].split(".")[0] for word in words if word[:1] == "="}
        assert sent <= names, operation.name


def test_a_reply_shows_what_the_operation_did(family: DeclaredFamily) -> None:
    """It shows the resource that was acted on, and parameters that there are."""
    for operation in operations(family):
        steps = operation.does.steps if operation.does else ()
        done = {APP, MINI_PROGRAM, *(does.resource for does in steps)}
        if operation.name in OWN:
            done |= {*operation.resources, *PAGING}
        for does in steps:
            done |= {*PAGING} if does.verb == "list" else {"total", FAILED}
        for part in parts(operation.gives):
            if isinstance(part, Outcome):
                assert part.name in done, operation.name
            if isinstance(part, Echo):
                assert part.name in operation.takes.fields, operation.name


def test_every_resource_is_used(family: DeclaredFamily) -> None:
    """What is declared is created or there from the beginning, has a name, and is acted upon."""
    for name, resource in family.resources.items():
        assert name
        verbs = {verb for full_name, verb in used() if full_name == resource.name}
        source = resource.source
        assert verbs, resource.name
        assert source.about, resource.name
        assert verbs & {"create", "save"} or source.given, resource.name
        assert {*source.starts} <= resource.shape.fields.keys(), resource.name
        if source.later:
            shape = resource.shape.fields[source.later.field].shape
            assert isinstance(shape, Scalar), resource.name


def example_of(operation: Operation, made: dict[str, Any]) -> dict[str, Any]:
    """Return an operation's example, with bytes for the files in it."""
    shapes = {name: field.shape for name, field in operation.takes.fields.items()}
    files = {n for n, s in shapes.items() if isinstance(s, Scalar) and s.format == "file"}
    return {name: b"x" if name in files else value for name, value in made.items()}


def answered(scene: Scene, name: str, params: dict[str, Any]) -> tuple[Any, str]:
    """Return the answer to a call, or our name of the error that it was refused with."""
    try:
        return scene.answer(name, params), ""
    except RefusedError as refused:
        return None, str(refused)


def test_an_example_is_answered_as_the_schema_says(family: DeclaredFamily) -> None:
    """It is never malformed; it succeeds, or there is nothing that it could be about."""
    scene = Scene()
    for endpoint, operation in zip(family.endpoints, operations(family), strict=True):
        if not hasattr(CATALOGUE.endpoints.get(endpoint.full_name), "operation"):
            continue  # one that is written by hand answers at this path
        assert endpoint.described is not None
        params = example_of(operation, endpoint.described.request_example)
        if operation.token in ("user", "business") and "open_id" in params:
            params["open_id"] = scene.open_id("web")
        answer, refusal = answered(scene, endpoint.full_name, params)
        said = {d.missing for d in operation.does.steps} if operation.does else set()
        assert refusal not in {"bad_params", "system_error"} - said, operation.name
        if not refusal:
            schema = endpoint.envelope.schema(endpoint.described.reply)
            wrong = [error.message for error in Draft202012Validator(schema).iter_errors(answer)]
            assert wrong == [], operation.name


def test_a_bare_name_of_a_function_is_its_own() -> None:
    """A rule on the bare name of a function never reaches an operation of the catalogue."""
    functions = {each.name for each in WRITTEN}
    declared = [each for each in CATALOGUE if each.full_name not in WRITTEN.endpoints]

    assert len(declared) > 600
    assert [each.full_name for each in declared if each.name in functions] == []
