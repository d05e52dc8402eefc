"""Every file of the catalogue can be read, and says nothing that is of no use."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mockdouyin import endpoints
from mockdouyin.core.endpoint import Fields
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
from mockdouyin.endpoints.declared.operation import APP, PAGING, Operation
from mockdouyin.endpoints.own_actions import OWN

FILES = sorted((Path(endpoints.__file__).parent / "catalog").glob("*.yaml"))


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def family(request: pytest.FixtureRequest) -> DeclaredFamily:
    """Return one family after the other."""
    return DeclaredFamily(request.param)


def operations(family: DeclaredFamily) -> list[Operation]:
    """Return a family's operations, each read."""
    return [endpoint.operation for endpoint in family.endpoints]  # type: ignore[attr-defined]


@cache
def created() -> set[str]:
    """Return the full names of all that operations of any family create."""
    read = [op for file in FILES for op in operations(DeclaredFamily(file))]
    return {op.resource.name for op in read if op.does and op.does.verb == "create"}


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
    for endpoint, operation in zip(family.endpoints, operations(family), strict=True):
        does = operation.does
        if does is None:
            continue
        fields, params = operation.resource.shape.fields, operation.takes.fields
        inside = params[does.inside].shape if does.inside else operation.takes
        assert isinstance(inside, ObjectOf), operation.name
        assert {*does.sets, *does.adds, *does.only} <= fields.keys(), operation.name
        assert does.agrees.keys() <= fields.keys(), operation.name
        assert {*does.agrees.values()} <= params.keys(), operation.name
        named = {name.partition(".")[0] for name in (does.once, does.by, does.also, does.each)}
        assert named - {""} <= params.keys(), operation.name
        if does.verb in ("get", "update", "delete"):
            source = operation.resource.source
            found_by = {does.by or source.key, does.also or source.also}
            found_by = {name.partition(".")[0] for name in found_by}
            assert found_by & params.keys(), operation.name
        if does.fails:
            assert endpoint.find_case(does.fails), operation.name
        words = [*map(str, does.sets.values())]
        words += [str(what).lstrip("-+") for what in does.adds.values()]
        sent = {word[1:].partition(".")[0] for word in words if word[:1] == "="}
        assert sent <= params.keys(), operation.name


def test_a_reply_shows_what_the_operation_did(family: DeclaredFamily) -> None:
    """It shows the resource that was acted on, and parameters that there are."""
    for operation in operations(family):
        done = {operation.does.resource} if operation.does else set()
        if operation.name in OWN:
            done = {*operation.resources, *PAGING}
        if operation.does and operation.does.verb == "list":
            done |= {*PAGING}
        elif operation.does and operation.does.verb == "get":
            done.add("total")
        for part in parts(operation.gives):
            if isinstance(part, Outcome):
                assert part.name in {*done, APP}, operation.name
            if isinstance(part, Echo):
                assert part.name in operation.takes.fields, operation.name


def test_every_resource_is_used(family: DeclaredFamily) -> None:
    """What is declared is created or there from the beginning, has a name, and is acted upon."""
    for name, resource in family.resources.items():
        verbs = {op.does.verb for op in operations(family) if op.does and op.does.resource == name}
        source = resource.source
        is_own = any(op.name in OWN for op in operations(family))
        assert verbs or is_own, resource.name
        assert source.about, resource.name
        is_made = resource.name in created()
        assert is_made or source.given or is_own, resource.name
        assert {*source.starts} <= resource.shape.fields.keys(), resource.name
        if source.later:
            shape = resource.shape.fields[source.later.field].shape
            assert isinstance(shape, Scalar), resource.name
