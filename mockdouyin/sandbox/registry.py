"""The registry of living worlds: by name, by app key, and by the tag in their credentials."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from mockdouyin.core.apps import App
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import (
    ConflictError,
    EndedError,
    NotFoundError,
    suggestion,
)
from mockdouyin.core.ids import Ids, world_tag
from mockdouyin.core.settings import Settings
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.sandbox.definition import Definition, apply
from mockdouyin.sandbox.error_texts import KEY_LIVES, NO_WORLD, WORLD_ENDED, WORLD_EXISTS
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario.scenario import DEFAULT, Scenario, check, settings_of


class Listed(NamedTuple):
    """A world as the list of worlds shows it."""

    world: str
    scenario: str
    seed: int
    exchanges: int
    people: int


def latest_names(names: list[str], limit: int) -> list[str]:
    """Return at most `limit` names of worlds: `default`, and the last others; 0 for all."""
    if not limit or len(names) <= limit:
        return names
    others = [name for name in names if name != DEFAULT_WORLD]
    return [DEFAULT_WORLD, *others[len(others) - limit + 1 :]]


_PROVIDER = "provider "


def provider_key(provider: str) -> str:
    """Return the key by which the world of a service provider (服务商) is found.

    Unlike an app key it may be in several worlds: the first one that has it keeps it.
    """
    return _PROVIDER + provider


def is_of_provider(key: str) -> bool:
    """Whether it is such a key."""
    return key.startswith(_PROVIDER)


def keys_of(apps: Collection[App]) -> set[str]:
    """Return the keys by which the world of these apps is found."""
    found = {app.client_key for app in apps}
    providers = {app.payment.thirdparty_id for app in apps}
    return found | {provider_key(each) for each in providers if each}


class Worlds:
    """Every living world, by name, by app key, and by the tag in its credentials."""

    def __init__(
        self, clock: Callable[[], Clock] = Clock, catalogue: Catalogue = CATALOGUE
    ) -> None:
        self._clock = clock
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._by_name: dict[str, World] = {}
        self._by_key: dict[str, World] = {}
        self._by_tag: dict[str, World] = {}
        self.made: int = 0
        """Names ever generated: the next one derives from this number plus one."""
        self.listeners: list[Callable[[World], None]] = []
        """Called with each new world."""
        self.drop_listeners: list[Callable[[World], None]] = []
        """Called with each world that is about to be dropped, while it can still be looked at."""

    def __iter__(self) -> Iterator[World]:
        return iter(list(self._by_name.values()))

    def loaded(self) -> list[World]:
        """Return the worlds that this process has loaded."""
        return list(self._by_name.values())

    def count(self) -> int:
        """Return the number of living worlds."""
        return len(self._by_name)

    def listed(self, limit: int = 0) -> list[Listed]:
        """Return a row for each living world, or for `limit` of them."""
        known = {world.name: world for world in self.loaded()}
        return [
            Listed(
                world.name,
                world.scenario.name,
                world.settings.seed,
                world.journal.exchange_count,
                len(world.people),
            )
            for world in map(known.__getitem__, latest_names(list(known), limit))
        ]

    def activity(self) -> dict[str, object]:
        """Return by name a value for each world that differs whenever the world was used."""
        return {world.name: world.counts for world in self.loaded()}

    def counts(self, name: str) -> object:
        """Return a value that differs whenever a world was used; None for an unknown world."""
        world = self._by_name.get(name)
        return None if world is None else world.counts

    def begin(
        self,
        name: str,
        scenario: Scenario,
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> World:
        """Create the world that exists from the start."""
        return self.create(name, scenario, seed, settings)

    def create(
        self,
        name: str | None = None,
        scenario: Scenario = DEFAULT,
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
        *,
        shared_keys: bool = False,
    ) -> World:
        """Create a world; without a name it gets a fresh one.

        With shared keys it is found by its name and its credentials, and never by an app key, so
        worlds that pin the same key can exist side by side.
        """
        overrides = dict(settings or {})
        if seed is not None:
            overrides["seed"] = seed
        check(scenario)
        checked = settings_of(scenario, **overrides)
        with self._lock:
            name = name or self._fresh_name(checked.seed)
            self._check_name(name)
        # Without the lock: building a large world takes long, and others are looked up meanwhile.
        # Hence the second check of the name below.
        world = self._make(name, scenario, checked, shared_keys=shared_keys)
        with self._lock:
            self._check_name(name)
            self._take_in(world, keys_of(world.apps.values()))
        self._tell(world)
        return world

    def add(self, definition: Definition) -> World:
        """Build the world of a definition and add it, with the keys that it has claimed."""
        world = self._make(
            definition.name,
            definition.scenario,
            definition.settings,
            shared_keys=definition.shared_keys,
        )
        apply(world, definition)
        with self._lock:
            self._check_name(world.name)
            self._take_in(world, world.claimed)
        self._tell(world)
        return world

    def _make(
        self, name: str, scenario: Scenario, settings: Settings, *, shared_keys: bool
    ) -> World:
        return World(
            *(name, scenario, settings, self._clock()),
            catalogue=self._catalogue,
            shared_keys=shared_keys,
        )

    def _check_name(self, name: str) -> None:
        if name in self._by_name:
            raise ConflictError(WORLD_EXISTS(name=name))

    def _take_in(self, world: World, keys: set[str]) -> None:
        if not world.shared_keys:
            self._claim(world, keys)
            world.index = lambda *apps: self._index(world, *apps)
            world.reclaim = lambda keys: self._reclaim(world, keys)
        world.issuer = self._issuer
        self._by_name[world.name] = world
        self._by_tag[world.ids.tag] = world

    def _tell(self, world: World) -> None:
        for listener in self.listeners:
            listener(world)

    def _fresh_name(self, seed: int) -> str:
        while True:
            self.made += 1
            name = f"w-{Ids(seed, 'worlds').hex(8, self.made)}"
            if name not in self._by_name:
                return name

    def _claim(self, world: World, keys: set[str]) -> None:
        """Claim all of these keys for a world, or none if another world has an app key of them."""
        taken = {key for key in keys if self._by_key.get(key, world) is not world}
        for key in sorted(taken):
            if not is_of_provider(key):
                raise self.key_conflict(key, self._by_key[key].name)
        self._by_key.update(dict.fromkeys(keys - taken, world))
        world.claimed |= keys - taken

    @staticmethod
    def key_conflict(key: str, holder: str) -> ConflictError:
        """Return the error for an app key that another world has, with what to do about it."""
        return ConflictError(KEY_LIVES(key=key, holder=holder))

    def _index(self, world: World, *apps: App) -> None:
        with self._lock:
            self._claim(world, keys_of(apps))

    def _reclaim(self, world: World, keys: set[str]) -> None:
        with self._lock:
            self._claim(world, keys)
            self._release(world, world.claimed - keys)

    def _release(self, world: World, keys: set[str]) -> None:
        for key in keys:
            if self._by_key.get(key) is world:
                del self._by_key[key]
        world.claimed = world.claimed - keys

    def get(self, name: str) -> World:
        """Return the world with this name; over Redis, within a transaction, as it is now."""
        return self.find(name)

    def find(self, name: str) -> World:
        """Return the world with this name, as this process last knew it."""
        world = self._by_name.get(name)
        if world is None:
            raise NotFoundError(NO_WORLD(name=name, hint=suggestion(name, list(self._by_name))))
        return world

    def drop(self, name: str) -> None:
        """Close a world and release its name and keys."""
        world = self.get(name)
        self._announce_drop(world)
        with self._lock:
            if self._by_name.get(name) is not world:  # somebody else has just dropped it
                raise EndedError(WORLD_ENDED(name=name))
            del self._by_name[name]
            self._by_tag.pop(world.ids.tag, None)
            self._release(world, world.claimed)
        world.end()

    def _announce_drop(self, world: World) -> None:
        for listener in self.drop_listeners:
            listener(world)

    def of_app(self, client_key: str) -> World | None:
        """Return the world that has the app key."""
        return self._by_key.get(client_key)

    def of_provider(self, provider: str) -> World | None:
        """Return the first world in which a service provider serves apps."""
        return self.of_app(provider_key(provider))

    def of_credential(self, credential: str) -> World | None:
        """Return the world that issued a code, token or ticket."""
        return self._by_tag.get(world_tag(credential))

    def _issuer(self, credential: str) -> str:
        found = self.of_credential(credential)
        return found.name if found is not None else ""
