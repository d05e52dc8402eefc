"""People: someone with a phone, one open_id in every app and one union_id at every developer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from mockdouyin.core import resources
from mockdouyin.core.errors import ConflictError, NotFoundError, did_you_mean
from mockdouyin.core.ids import Ids
from mockdouyin.core.typed import built

if TYPE_CHECKING:
    from faker import Faker

    from mockdouyin.core.apps import App


MAX_PEOPLE = 5000
"""People of one world, without the strangers."""

SOUGHT = 20_000
"""Open_ids that are worked out to find whose one is, before somebody is asked to name them."""


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Someone with a phone, as their profile says. An empty phone is one not bound."""

    name: str
    nickname: str
    phone: str = ""
    """The number with no country code."""
    country_code: str = "86"
    gender: int = 0
    """0 unknown, 1 male, 2 female."""
    country: str = "中国"
    province: str = ""
    city: str = ""
    district: str = ""
    language: str = "zh_CN"
    avatar: str = "https://p3.example.test/aweme/100x100/avatar.jpeg"
    address: str = ""
    latitude: float = 39.9092
    longitude: float = 116.3974


class PersonSpec(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person as a scenario or the control API writes one; what is left out is generated."""

    nickname: str | None = None
    phone: str | None = None
    """The number with no country code; an empty one is not bound."""
    country_code: str | None = None
    gender: Annotated[int, Meta(ge=0, le=2)] | None = None
    """0 unknown, 1 male, 2 female."""
    country: str | None = None
    province: str | None = None
    city: str | None = None
    district: str | None = None
    language: str | None = None
    avatar: str | None = None
    address: str | None = None
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None

    def given(self) -> dict[str, object]:
        """Give what the spec names."""
        return {f: v for f in self.__struct_fields__ if (v := getattr(self, f)) is not None}


@cache
def demo_people() -> tuple[Person, ...]:
    """Give the people that every world starts with."""
    return resources.records("people.json", Person)  # type: ignore[return-value]


class People:
    """One world's people, in order. A profile that nobody gave is generated when asked for."""

    apps: Callable[[], Iterable[App]] = staticmethod(lambda: ())
    """Gives the apps in which people have an open_id."""

    strangers: Callable[[], int] = staticmethod(lambda: 0)
    """Gives how many people unknown codes are spread over, where other processes meet them too."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.revision = 0
        """Counts up when somebody joins or changes; strangers and generated profiles derive."""
        self._specs: dict[str, Person | PersonSpec] = {}
        self.derived: set[str] = set()
        """Strangers: they are in the world once a code logs them in, in every process."""
        self._met = 1
        """Strangers that are in the world, the first person being the first of them."""
        self.generated = 0
        """Counts up when a profile is generated."""
        self._open_ids: dict[tuple[str, str], str] = {}
        self._union_ids: dict[tuple[str, str], str] = {}
        self._by_open_id: dict[str, str] = {}
        self._names: list[str] | None = None
        """Everybody's name in order, until somebody joins."""
        self._known: dict[str, int] = {}
        """By client_key: of how many, in order, the open_id is in `_by_open_id`."""

    def add(self, name: str, spec: Person | PersonSpec) -> None:
        """Add a person, or replace the one of that name."""
        if name not in self._specs:
            count = len(self._specs) - len(self.derived)
            if count >= MAX_PEOPLE and isinstance(spec, PersonSpec):  # each world has some anyway
                raise ConflictError(f"the world has {count} people, and takes no more")
            self._names = None
        self._specs[name] = spec
        self.derived.discard(name)
        self.revision += 1

    @property
    def specs(self) -> dict[str, Person | PersonSpec]:
        """Every person as given or generated, by name and in order."""
        return dict(self._specs)

    def replace(self, specs: dict[str, Person | PersonSpec]) -> None:
        """Be these people and no others."""
        same = sum(
            1
            for _ in takewhile(
                lambda pair: pair[0] == pair[1], zip(self._specs, specs, strict=False)
            )
        )
        self._specs = dict(specs)
        self._met, self._names = 1, None
        self._known = {key: min(count, same) for key, count in self._known.items()}
        self.revision += 1

    def snapshot(self) -> People:
        """Give the people as they are now; what is added later does not change it."""
        saved = People(self._ids)
        saved.restore(self)
        return saved

    def restore(self, saved: People) -> None:
        """Be the people of a snapshot again."""
        self._specs = dict(saved._specs)
        self._met, self._names = 1, None
        self._open_ids = dict(saved._open_ids)
        self._by_open_id = dict(saved._by_open_id)
        self._known = dict(saved._known)
        self.revision += 1

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def __len__(self) -> int:
        return len(self._specs)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._specs))

    @property
    def first(self) -> str:
        """The name of the world's first person, whom everything is about unless told otherwise."""
        return next(iter(self._specs))

    def stranger(self, number: int) -> str:
        """Give the name of the n-th person whom an unknown code logs in; 0 is the first person."""
        if number == 0:
            return self.first
        name = f"stranger-{number}"
        if name not in self._specs:
            self._specs[name] = PersonSpec()
            self._names = None
            self.derived.add(name)
        return name

    def _meet_strangers(self) -> None:
        for number in range(self._met, self.strangers()):
            self.stranger(number)
            self._met = number + 1

    def profile(self, name: str) -> Person:
        """Give a person's profile, generated from the seed where nobody gave it."""
        if name not in self._specs:
            self._meet_strangers()
        spec = self._specs[name]
        if isinstance(spec, PersonSpec):
            spec = generate(name, spec, self._ids)
            self._specs[name] = spec
            self.generated += 1
        return spec

    def phones(self) -> list[str]:
        """Give the phone numbers that are known, to be hidden where they should not be seen."""
        return [spec.phone for spec in self._specs.values() if spec.phone]

    def find(self, who: str) -> str:
        """Give the name of the person who has this name or open_id."""
        if who in self._specs:
            return who
        if who not in self._by_open_id and who.startswith(("_000", "stranger-")):
            self._meet_strangers()
            self._know_open_ids()
        name = self._by_open_id.get(who, who)  # open_ids derive: those who are gone have theirs
        if name in self._specs:
            return name
        raise NotFoundError(f"no person {who!r} in this world{did_you_mean(who, self._specs)}")

    def _know_open_ids(self) -> None:
        """Work out open_ids, app by app: another process may have shown one.

        Each is worked out once, and so many at a time that nobody waits for long.
        """
        left = SOUGHT
        for app in self.apps():
            left -= self._know_open_ids_of(app, left)
            if left <= 0:
                return

    def _know_open_ids_of(self, app: App, most: int) -> int:
        """Work out the open_ids in one app of those who joined since the last time."""
        names = self._names
        if names is None:
            names = self._names = list(self._specs)
        begin = self._known.get(app.client_key, 0)
        end = min(len(names), begin + most)
        for name in names[begin:end]:
            self.open_id(app, name)
        self._known[app.client_key] = end
        return end - begin

    def open_id(self, app: App, name: str) -> str:
        """Give the person's id within one app."""
        key = (app.client_key, name)
        known = self._open_ids.get(key)
        if known is None:
            known = self._open_ids[key] = self._ids.open_id(app.client_key, name)
            self._by_open_id[known] = name
        return known

    def owner(self, app: App, open_id: str) -> str | None:
        """Give the name of the person who has this open_id in this app."""
        name = self._by_open_id.get(open_id)
        if name is None:
            self._meet_strangers()
            self._know_open_ids_of(app, SOUGHT)
            name = self._by_open_id.get(open_id)
        if name is None or name not in self._specs:
            return None
        return name if self.open_id(app, name) == open_id else None

    def anonymous_id(self, app: App, name: str) -> str:
        """Give the id of the person's phone within one app, for those who have not logged in."""
        return self._ids.open_id("anonymous", app.client_key, name)

    def union_id(self, app: App, name: str) -> str:
        """Give the person's id at one developer."""
        key = (app.developer, name)
        known = self._union_ids.get(key)
        if known is None:
            known = self._union_ids[key] = self._ids.uuid("union_id", *key)
        return known


@cache
def _faker() -> Faker:
    from faker import Faker  # loaded when first needed: it costs more than all else together

    return Faker("zh_CN")


_FAKING = threading.Lock()
"""Held from a seed to the last thing that derives from it."""


def generate(name: str, spec: PersonSpec, ids: Ids) -> Person:
    """Make up what the spec leaves open, from the world's seed and the person's own name."""
    with _FAKING:
        made = _made_up(name, ids)
    return msgspec.convert({"name": name, **made, **spec.given()}, built(Person))


def _made_up(name: str, ids: Ids) -> dict[str, object]:
    fake = _faker()
    fake.seed_instance(ids.number(2**63, "person", name))
    return {
        "nickname": fake.name(),
        "phone": fake.numerify("13#########"),
        "gender": fake.random_element((1, 2)),
        "province": fake.province(),
        "city": fake.city_name() + "市",
        "district": fake.district() + "区",
        "address": fake.street_address(),
        "latitude": float(fake.latitude()) / 4 + 31,
        "longitude": float(fake.longitude()) / 12 + 108,
        "avatar": f"https://p3.example.test/aweme/100x100/{ids.hex(12, 'avatar', name)}.jpeg",
    }
