"""Operations on a world's people."""

from __future__ import annotations

import msgspec

from mockdouyin.control._error_texts import PERSON_TAKEN
from mockdouyin.control._names import check_name, free_name
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.core.apps import App
from mockdouyin.core.errors import ConflictError
from mockdouyin.core.people import People, Person, PersonSpec
from mockdouyin.core.typed import thread_safe
from mockdouyin.domain import act_texts
from mockdouyin.sandbox.worlds import World


class PersonShown(Shown, kw_only=True):
    """A person with their profile and ids.

    一个用户的资料和各种 id。
    """

    name: str
    nickname: str
    phone: str
    """The number without country code; empty if none is bound.

    手机号，不含国家代码；没有绑定则是空的。"""
    country_code: str
    gender: int
    """0 unknown, 1 male, 2 female.

    性别：0 未知，1 男，2 女。"""
    country: str
    province: str
    city: str
    district: str
    language: str
    avatar: str
    address: str
    latitude: float
    longitude: float
    open_ids: dict[str, str]
    """By the app's client_key.

    open_id，键是应用的 client_key。"""
    union_ids: dict[str, str]
    """By developer.

    union_id，键是开发者。"""


class PeopleShown(Shown):
    """People of a world.

    世界里的用户。
    """

    people: list[PersonShown]
    count: int
    """All people of the world, however many were asked for.

    世界里全部用户的数量，不论列出了多少。"""


class Roster:
    """Some of a world's people, copied in its transaction, to be shown after it.

    Profiles that nobody has seen yet have to be generated, which takes long.
    """

    def __init__(self, world: World, *names: str) -> None:
        self._people: People = world.people
        specs = world.people.specs
        self._specs = {name: specs[name] for name in names} if names else specs
        self._apps: list[App] = list(world.apps.values())

    def show(self) -> list[PersonShown]:
        """Return the people as the API shows them."""
        return [self._show(name) for name in self._specs]

    def _show(self, name: str) -> PersonShown:
        people = self._people
        return PersonShown(
            **msgspec.structs.asdict(people.complete(name, self._specs[name])),
            open_ids={app.client_key: people.open_id(app, name) for app in self._apps},
            union_ids={app.developer: people.union_id(app, name) for app in self._apps},
        )


class PeopleQuery(OperationQuery):
    """Which people to list.

    列出哪些用户。
    """

    person: str = ""
    """The name or open_id of the only one to list.

    只列出这个用户：名字或 open_id。"""
    limit: int = 0
    """At most so many, the first of them; 0 for all.

    最多这么多，从第一个起；0 是全部。"""


@operation("GET", "/people", long=True)
def people(call: OperationCall[PeopleQuery]) -> Step[PeopleShown]:
    """List the world's people, or one of them.

    列出世界里的用户，或其中一个。
    """
    given, known = call.given, call.world.people
    names = [known.find(given.person)] if given.person else list(known.specs)
    roster = Roster(call.world, *names[: given.limit or None])
    count = len(known.specs)
    return After(lambda: PeopleShown(people=roster.show(), count=count))


class NewPerson(PersonSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `add_person`.

    add_person 的请求体。
    """

    name: str | None = None
    """The name by which everything here knows them.

    名字，这里的一切都用它指代这个用户。"""


@operation("POST", "/people", long=True)
def add_person(call: OperationCall[NewPerson]) -> Step[PersonShown]:
    """Add a person; what is left out is generated from the world's seed.

    添加一个用户，没写的由世界的种子生成。
    """
    given, world = call.given, call.world
    check_name(given.name)
    name = given.name or free_name("person", world.people, len(world.people))
    if name in world.people:
        raise ConflictError(PERSON_TAKEN(name=name))
    spec = PersonSpec(**{f: getattr(given, f) for f in PersonSpec.__struct_fields__})
    world.people.add(name, spec)
    call.note("person.add", act_texts.PERSON_ADDED(person=name), person=name)
    return _shown(world, name)


@operation("PATCH", "/people/{name}", long=True)
def change_person(call: OperationCall[PersonSpec]) -> Step[PersonShown]:
    """Change a person's profile.

    修改用户的资料。
    """
    given, world = call.given, call.world
    name = world.people.find(call.path["name"])
    before = msgspec.structs.asdict(world.people.profile(name))
    world.people.add(name, msgspec.convert({**before, **given.given()}, thread_safe(Person)))
    call.note("person.change", act_texts.PERSON_CHANGED(person=name), person=name)
    return _shown(world, name)


def _shown(world: World, name: str) -> Step[PersonShown]:
    roster = Roster(world, name)
    return After(lambda: roster.show()[0])
