"""People: each has a phone, one open_id per app, and one union_id per developer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Annotated

import msgspec
from msgspec import Meta

from mockdouyin.core import resources
from mockdouyin.core._error_texts import NO_PERSON, TOO_MANY_PEOPLE
from mockdouyin.core.errors import ConflictError, NotFoundError, suggestion
from mockdouyin.core.ids import Ids
from mockdouyin.core.typed import thread_safe

if TYPE_CHECKING:
    from faker import Faker

    from mockdouyin.core.apps import App


MAX_PEOPLE = 5000
"""Maximum number of people in one world, not counting strangers."""

MAX_DERIVED = 20_000
"""Open_ids derived for one lookup, so that the search for an unknown one stays short."""


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person's profile. An empty phone means that no number is bound."""

    name: str
    nickname: str
    phone: str = ""
    """The number without country code."""
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
    """A person as a scenario or the control API describes them; omitted fields are generated.

    场景或控制接口描述的一个用户，没写的自动生成。
    """

    nickname: str | None = None
    """The nickname (昵称) in their profile.

    资料里的昵称。"""
    phone: str | None = None
    """The number without country code; empty if no number is bound.

    手机号，不含国家代码；空着就是没有绑定手机号。"""
    country_code: str | None = None
    """The phone number's country code.

    手机号的国家代码。"""
    gender: Annotated[int, Meta(ge=0, le=2)] | None = None
    """0 unknown, 1 male, 2 female.

    性别：0 未知，1 男，2 女。"""
    country: str | None = None
    """The country in their profile.

    资料里的国家。"""
    province: str | None = None
    """The province in their profile and address.

    资料和地址里的省。"""
    city: str | None = None
    """The city in their profile and address.

    资料和地址里的市。"""
    district: str | None = None
    """The district in their address.

    地址里的区。"""
    language: str | None = None
    """The language of their phone.

    手机的语言。"""
    avatar: str | None = None
    """The address of their picture.

    头像的地址。"""
    address: str | None = None
    """Their street and number.

    详细地址。"""
    latitude: Annotated[float, Meta(ge=-90, le=90)] | None = None
    """Where their phone is, in degrees.

    手机所在的纬度。"""
    longitude: Annotated[float, Meta(ge=-180, le=180)] | None = None
    """Where their phone is, in degrees.

    手机所在的经度。"""

    def given(self) -> dict[str, object]:
        """Return the fields that the spec sets."""
        return {f: v for f in self.__struct_fields__ if (v := getattr(self, f)) is not None}


@cache
def demo_people() -> tuple[Person, ...]:
    """Return the people that every world starts with."""
    return resources.records("people.json", Person)  # type: ignore[return-value]


class People:
    """One world's people, in order. Profiles are generated on first use, open_ids derived."""

    def __init__(
        self,
        ids: Ids,
        *,
        apps: Callable[[], Iterable[App]] = tuple,
        strangers: Callable[[], int] = int,
    ) -> None:
        """Begin with nobody.

        `apps` returns the apps in which people have an open_id, `strangers` how many strangers
        other processes may have added.
        """
        self._ids = ids
        self._apps = apps
        self._strangers = strangers
        self.revision: int = 0
        """Counts changes of the people; derived ones, strangers and profiles, do not count."""
        self._specs: dict[str, Person | PersonSpec] = {}
        self._changing = threading.Lock()
        """Held while a spec is replaced, also by `complete`, which needs no transaction."""
        self.derived: set[str] = set()
        """Names of strangers, whom each process adds when it first needs them."""
        self._met = 1
        """Strangers added so far; number 0 is the world's first person."""
        self.generated: int = 0
        """Counts generated profiles."""
        self._open_ids: dict[tuple[str, str], str] = {}
        self._union_ids: dict[tuple[str, str], str] = {}
        self._by_open_id: dict[str, str] = {}
        self._names: list[str] | None = None
        """All names in order, cached until somebody joins."""
        self._known: dict[str, int] = {}
        """By client_key: how many people, in order, have their open_id in `_by_open_id`."""

    def add(self, name: str, spec: Person | PersonSpec) -> None:
        """Add a person, or replace the one with this name."""
        if name not in self._specs:
            count = len(self._specs) - len(self.derived)
            # A complete `Person`, as the demo people are, is always admitted.
            if count >= MAX_PEOPLE and isinstance(spec, PersonSpec):
                raise ConflictError(TOO_MANY_PEOPLE(count=count))
            self._names = None
        with self._changing:
            self._specs[name] = spec
        self.derived.discard(name)
        self.revision += 1

    @property
    def specs(self) -> dict[str, Person | PersonSpec]:
        """A copy of all profiles and specs, by name and in order."""
        return dict(self._specs)

    def replace(self, specs: dict[str, Person | PersonSpec]) -> None:
        """Replace the people."""
        # The open_ids of those who keep their places at the front need not be derived again.
        pairs = zip(self._specs, specs, strict=False)
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        with self._changing:
            self._specs = dict(specs)
        self.derived.intersection_update(specs)
        self._met, self._names = 1, None
        self._known = {key: min(count, same) for key, count in self._known.items()}
        self.revision += 1

    def __contains__(self, name: object) -> bool:
        return name in self._specs

    def __len__(self) -> int:
        return len(self._specs)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._specs))

    @property
    def first(self) -> str:
        """The name of the world's first person, the default wherever a person is needed."""
        return next(iter(self._specs))

    def stranger(self, number: int) -> str:
        """Return the n-th person for unknown codes, added if needed; 0 is the first person."""
        if number == 0:
            return self.first
        name = f"stranger-{number}"
        if name not in self._specs:
            self._specs[name] = PersonSpec()
            self._names = None
            self.derived.add(name)
        return name

    def _add_strangers(self) -> None:
        for number in range(self._met, self._strangers()):
            self.stranger(number)
            self._met = number + 1

    def profile(self, name: str) -> Person:
        """Return a person's profile; what its spec omits is generated from the seed."""
        if name not in self._specs:
            self._add_strangers()
        return self.complete(name, self._specs[name])

    def complete(self, name: str, spec: Person | PersonSpec) -> Person:
        """Return the profile of a spec, and keep it if the person still has this spec.

        Generating takes long, so this can be called outside the world's transaction, for a copy of
        the specs.
        """
        if isinstance(spec, Person):
            return spec
        person = generate(name, spec, self._ids)
        with self._changing:
            if self._specs.get(name) is spec:
                self._specs[name] = person
                self.generated += 1
        return person

    def phones(self) -> list[str]:
        """Return all known phone numbers, so that they can be masked."""
        return [spec.phone for spec in self._specs.values() if spec.phone]

    def find(self, who: str) -> str:
        """Return the name of the person with this name or open_id; raise if there is none."""
        if who in self._specs:
            return who
        if who not in self._by_open_id and who.startswith(("_000", "stranger-")):
            self._add_strangers()
            self._derive_open_ids()
        name = self._by_open_id.get(who, who)  # it may be of a person who is gone
        if name in self._specs:
            return name
        raise NotFoundError(NO_PERSON(who=who, hint=suggestion(who, self._specs)))

    def _derive_open_ids(self) -> None:
        """Derive open_ids, app by app: another process may have sent out one not yet seen here.

        Each is derived once, and at most `MAX_DERIVED` in one call, so that no caller waits long.
        """
        left = MAX_DERIVED
        for app in self._apps():
            left -= self._derive_open_ids_in(app, left)
            if left <= 0:
                return

    def _derive_open_ids_in(self, app: App, limit: int) -> int:
        """Derive open_ids in one app for those who joined since the last call; return how many."""
        names = self._names
        if names is None:
            names = self._names = list(self._specs)
        begin = self._known.get(app.client_key, 0)
        end = min(len(names), begin + limit)
        for name in names[begin:end]:
            self.open_id(app, name)
        self._known[app.client_key] = end
        return end - begin

    def open_id(self, app: App, name: str) -> str:
        """Return the person's id within one app."""
        key = (app.client_key, name)
        known = self._open_ids.get(key)
        if known is None:
            known = self._open_ids[key] = self._ids.open_id(app.client_key, name)
            self._by_open_id[known] = name
        return known

    def owner(self, app: App, open_id: str) -> str | None:
        """Return the name of the person with this open_id in this app, or None."""
        name = self._by_open_id.get(open_id)
        if name is None:
            self._add_strangers()
            self._derive_open_ids_in(app, MAX_DERIVED)
            name = self._by_open_id.get(open_id)
        if name is None or name not in self._specs:
            return None
        return name if self.open_id(app, name) == open_id else None

    def anonymous_id(self, app: App, name: str) -> str:
        """Return the id of a person's phone within one app, used before they log in."""
        return self._ids.open_id("anonymous", app.client_key, name)

    def union_id(self, app: App, name: str) -> str:
        """Return the person's id among the apps of the app's developer."""
        key = (app.developer, name)
        known = self._union_ids.get(key)
        if known is None:
            known = self._union_ids[key] = self._ids.uuid("union_id", *key)
        return known


@cache
def _faker() -> Faker:
    from faker import Faker  # on first use: it takes longer than all other imports together

    return Faker("zh_CN")


_FAKER_LOCK = threading.Lock()
"""Held from seeding the shared Faker until a person is complete: threads would mix seeds."""


def generate(name: str, spec: PersonSpec, ids: Ids) -> Person:
    """Generate what the spec omits, from the world's seed and the person's name."""
    with _FAKER_LOCK:
        generated = _generate_fields(name, ids)
    return msgspec.convert({"name": name, **generated, **spec.given()}, thread_safe(Person))


def _generate_fields(name: str, ids: Ids) -> dict[str, object]:
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
