"""Operations on a world's people."""

from __future__ import annotations

import msgspec

from mockdouyin.control._names import check_name, free_name
from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.apps import App
from mockdouyin.core.errors import ConflictError
from mockdouyin.core.people import Person, PersonSpec
from mockdouyin.core.typed import thread_safe
from mockdouyin.sandbox.worlds import World


def people_of(world: World) -> Answer:
    """Return the people of a world as the API shows them, generating profiles not made yet."""
    names, apps = world.transact(lambda: (list(world.people), list(world.apps.values())))
    return {"people": [_show_person(world, name, apps) for name in names]}


def _show_person(world: World, name: str, apps: list[App]) -> Answer:
    people = world.people
    return {
        **msgspec.to_builtins(people.profile(name)),
        "open_ids": {app.client_key: people.open_id(app, name) for app in apps},
        "union_ids": {app.developer: people.union_id(app, name) for app in apps},
    }


@operation("GET", "/people", long=True)
def people(call: OperationCall) -> Answer:
    """List the world's people."""
    return people_of(call.world)


class NewPerson(PersonSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `add_person`."""

    name: str | None = None


@operation("POST", "/people", long=True)
def add_person(call: OperationCall) -> Answer:
    """Add a person; what is left out is generated from the world's seed."""
    given, world = call.read(NewPerson), call.world
    check_name(given.name)

    def add() -> tuple[str, list[App]]:
        name = given.name or free_name("person", world.people, len(world.people))
        if name in world.people:
            raise ConflictError(f"there is a person {name!r} already; change them with PATCH")
        spec = PersonSpec(**{f: getattr(given, f) for f in PersonSpec.__struct_fields__})
        world.people.add(name, spec)
        return name, list(world.apps.values())

    return _show_person(world, *world.transact(add))


@operation("PATCH", "/people/{name}", long=True)
def change_person(call: OperationCall) -> Answer:
    """Change a person's profile."""
    given, world = call.read(PersonSpec), call.world

    def change() -> tuple[str, list[App]]:
        name = world.people.find(call.path["name"])
        before = msgspec.structs.asdict(world.people.profile(name))
        world.people.add(name, msgspec.convert({**before, **given.given()}, thread_safe(Person)))
        return name, list(world.apps.values())

    return _show_person(world, *world.transact(change))
