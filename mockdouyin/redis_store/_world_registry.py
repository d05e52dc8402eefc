"""The registry of worlds in Redis: what one replica makes or changes, every replica finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec

from mockdouyin.core import codec
from mockdouyin.core.apps import App
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import ConflictError, NotFoundError, suggestion
from mockdouyin.core.ids import Ids, world_tag
from mockdouyin.core.settings import Settings
from mockdouyin.persistence.encoding import unpack
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._due_worlds import DueWorlds
from mockdouyin.redis_store._queries import JournalCounts, PendingDeliveries
from mockdouyin.redis_store._shared_world import SharedStore, SharedWorld
from mockdouyin.redis_store._transaction import current
from mockdouyin.redis_store._world_index import WorldIndex
from mockdouyin.sandbox.definition import apply
from mockdouyin.sandbox.error_texts import NO_WORLD, WORLD_EXISTS
from mockdouyin.sandbox.registry import Listed, Worlds, is_of_provider, keys_of, latest_names
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario.scenario import DEFAULT, Scenario, check, settings_of

CREATION_TIMEOUT = 10.0
"""Seconds between writing a world's definition and indexing it, after which its maker is dead."""


class SharedWorlds(Worlds):
    """Every living world; this process loads those that it is asked for.

    A loaded world holds a copy of the definition under its version. A commit is refused as
    'changed' if Redis has another version, so a stale copy costs a retry and never a wrong answer.
    """

    def __init__(
        self, redis: RedisConnection, clock: Callable[[], Clock], catalogue: Catalogue
    ) -> None:
        super().__init__(clock, catalogue)
        self.redis = redis
        self._redis_index = WorldIndex(redis)
        self._due_worlds = DueWorlds(redis, self._redis_index)

    def begin(
        self,
        name: str,
        scenario: Scenario,
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> World:
        """Join the world of this name, or create it if there is none."""
        known = self._load(name)
        if known is not None:
            return known
        try:
            return self.create(name, scenario, seed, settings)
        except ConflictError:  # another replica created it between the two
            known = self._load(name)
            if known is None:
                raise
            return known

    def create(
        self,
        name: str | None = None,
        scenario: Scenario = DEFAULT,
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
        *,
        shared_keys: bool = False,
    ) -> World:
        """Create a world; without a name it gets a fresh one."""
        over = dict(settings or {})
        if seed is not None:
            over["seed"] = seed
        check(scenario)
        checked = settings_of(scenario, **over)
        name = name or self._fresh_name(checked.seed)
        world = self._make(name, scenario, checked, shared_keys=shared_keys)
        if not shared_keys:
            world.claimed = keys_of(world.apps.values())
        self._publish(world)
        self._register(world)
        return world

    def _make(
        self, name: str, scenario: Scenario, settings: Settings, *, shared_keys: bool
    ) -> SharedWorld:
        return SharedWorld(
            self,
            *(name, scenario, settings, self._clock()),
            catalogue=self._catalogue,
            shared_keys=shared_keys,
        )

    def _fresh_name(self, seed: int) -> str:
        while True:
            name = f"w-{Ids(seed, 'worlds').hex(8, self._redis_index.next_number())}"
            if name not in self._redis_index:
                return name

    def _publish(self, world: SharedWorld) -> None:
        """Write a world's definition to Redis, then index its name, app keys and tag."""
        # In this order a world that can be found has a definition. They are in different slots of
        # a cluster, so it takes two scripts, and this process may die between them.
        about = world.store.key("about")
        definition = world.definition.encode()
        create = _scripts.CREATE_WORLD([about], definition)
        version = self.redis.call(*create, retry=False)
        if version is None and not self._is_abandoned(world.store):
            raise ConflictError(WORLD_EXISTS(name=world.name))
        if version is None:
            self._delete_state(world.store)
            version = self.redis.call(*create, retry=False)
        try:
            self._claim_keys(world, world.claimed, is_new=True)
        except ConflictError:
            self._delete_state(world.store)
            raise
        world.definition.is_at(version.decode(), definition)

    def _is_abandoned(self, store: SharedStore) -> bool:
        """Whether a definition was never indexed, because its maker died before it could."""
        if store.name in self._redis_index:
            return False
        query = PendingDeliveries()
        seen = query.parse(store, self.redis.call(*query.command(store)))
        # A version begins as Redis's time of creation, in microseconds.
        return bool(seen.version) and int(seen.version) / 1e6 < seen.time - CREATION_TIMEOUT

    def _claim_keys(self, world: World, keys: set[str], *, is_new: bool = False) -> None:
        tag = world.ids.tag if is_new else ""
        # Not sent twice for a new world: the second time it would find its own name taken.
        refused = self._redis_index.claim(world.name, sorted(keys), new_tag=tag, retry=not is_new)
        if refused is None:
            return
        key, holder = refused
        if not key:
            raise ConflictError(WORLD_EXISTS(name=world.name))
        raise self.key_conflict(key, holder)

    def drop(self, name: str) -> None:
        """End a world on every replica; its app keys are free again."""
        world = self.get(name)
        self._announce_drop(world)
        self._redis_index.release(name, world.ids.tag, sorted(world.claimed))
        self._delete_state(world.store)  # type: ignore[arg-type]
        self._forget(world)

    def _delete_state(self, store: SharedStore) -> None:
        kinds = self.redis.call("SMEMBERS", store.key("kinds"))
        keys = [store.key(each) for each in ("about", "kinds", "journal", "places", "missed")]
        keys += [store.key(each) for each in ("due", "claimed")]
        self.redis.call("DEL", *keys, *(store.tables + kind.decode() for kind in kinds))

    def _forget(self, world: World) -> None:
        """Unload a world that has ended."""
        with self._lock:
            # Its name may already belong to a new world, which stays.
            if self._by_name.get(world.name) is world:
                del self._by_name[world.name]
                self._by_tag.pop(world.ids.tag, None)
            self._release(world, set(world.claimed))
        world.end()

    def _load(self, name: str) -> SharedWorld | None:
        """Load a world that another process created; None if there is none."""
        store = SharedStore(self.redis, name)
        version, definition = self._fetch_definition(store)
        if not version:
            return None
        found = unpack(definition)
        keys = found.shared_keys
        world = self._make(name, found.scenario, found.settings, shared_keys=keys)
        apply(world, found)
        world.definition.is_at(version, definition)
        return self._register(world)

    def _fetch_definition(self, store: SharedStore) -> tuple[str, bytes]:
        """Return the version and the definition; both empty if there is no such world."""
        command = ("HMGET", store.key("about"), "version", "definition")
        version, definition = self.redis.call(*command)
        return (version or b"").decode(), definition or b""

    def _register(self, world: SharedWorld) -> SharedWorld:
        """Add a world to those that are loaded, and return the one that is."""
        with self._lock:
            # Two threads may load a world at once; one object must be it, for its lock's sake.
            known = self._by_name.get(world.name)
            if known is not None:
                return known  # type: ignore[return-value]
            self._take_in(world, world.claimed)
        self._tell(world)
        return world

    def refresh(self, world: SharedWorld) -> None:
        """Load the definition that a world has now; forget the world if it has ended."""
        version, definition = self._fetch_definition(world.store)
        if not version and world.name == DEFAULT_WORLD:
            self._recreate_default(world)
        elif not version:
            self._forget(world)
        else:
            self._apply_definition(world, version, definition)

    def _apply_definition(self, world: SharedWorld, version: str, definition: bytes) -> None:
        found = unpack(definition)
        # A world never changes these: this is another one, made after the first was dropped.
        if found.settings.seed != world.settings.seed or found.shared_keys != world.shared_keys:
            self._forget(world)
            return
        with world.store.lock:
            # Another thread may have applied a newer one while this one waited for the lock.
            if int(version) > int(world.definition.version or 0):
                if definition != world.definition.last:
                    apply(world, found)
                world.definition.is_at(version, definition)

    def _recreate_default(self, world: SharedWorld) -> None:
        """Write the default world again: it always exists, and Redis has lost it."""
        with world.store.lock:
            # Its version comes last: a replica that sees it does nothing more, so the index must
            # be complete by then. Several replicas may be here at once; CREATE_WORLD lets one win.
            self._redis_index.claim(world.name, world.claimed, new_tag=world.ids.tag)
            create = _scripts.CREATE_WORLD([world.store.key("about")], world.definition.last)
            version = self.redis.call(*create, retry=False)
            if version is not None:
                world.definition.version = version.decode()
                return
        self._apply_definition(world, *self._fetch_definition(world.store))

    def _claim(self, world: World, keys: set[str]) -> None:
        """Index a world by these keys in this process; in Redis it has them already."""
        # Who has a provider's key is asked in Redis each time: a world that wanted it may not.
        self._by_key.update({key: world for key in keys if not is_of_provider(key)})
        world.claimed |= keys

    def _index(self, world: World, *apps: App) -> None:
        new = keys_of(apps) - world.claimed
        if new:
            self._claim_keys(world, new)
        super()._index(world, *apps)

    def __iter__(self) -> Iterator[World]:
        """Iterate over every living world, loading those that are not."""
        for name in self._redis_index.names():
            if name not in self._by_name:
                self._load(name)
        worlds = list(self._by_name.values())
        if current() is not None:
            # Asked for one by one, each count would cost a pass and a round trip.
            for world in worlds:
                world.store.store_transaction().prefetch(JournalCounts())  # type: ignore[attr-defined]
        return iter(worlds)

    def get(self, name: str) -> World:
        """Return the world with this name; within a transaction, as it is now."""
        world = self.find(name)
        if current() is not None:
            world.store.store_transaction()  # type: ignore[attr-defined]
        return world

    def find(self, name: str) -> World:
        """Return the world with this name, as this process last knew it."""
        world = self._by_name.get(name) or self._load(name)
        if world is None:
            known = self._redis_index.names()
            raise NotFoundError(NO_WORLD(name=name, hint=suggestion(name, known)))
        return world

    def of_app(self, client_key: str) -> World | None:
        """Return the world that has the app key."""
        known = self._by_key.get(client_key)
        return known or self._load_found(self._redis_index.world_of_app(client_key))

    def of_credential(self, credential: str) -> World | None:
        """Return the world that issued a code, token or ticket."""
        tag = world_tag(credential)
        return self._by_tag.get(tag) or self._load_found(self._redis_index.world_of_tag(tag))

    def _load_found(self, name: str | None) -> World | None:
        return None if name is None else self._by_name.get(name) or self._load(name)

    def count(self) -> int:
        """Return the number of living worlds."""
        return self._redis_index.count()

    def listed(self, limit: int = 0) -> list[Listed]:
        """Return what a list shows of each living world, or of some, without loading any."""
        found = []
        # In a large hash of Redis names have no order: some of them are any.
        names = latest_names(self._redis_index.names(), limit)
        about = self._redis_index.about(names, "definition", "exchanges")
        for name, (_, definition, count) in about:
            summary = codec.decode(DefinitionSummary, definition)
            scenario, seed = summary.scenario.name, summary.settings.seed
            found.append(Listed(name, scenario, seed, int(count or 0), len(summary.people)))
        return found

    def activity(self) -> dict[str, object]:
        """Return by each world's name a value that differs once the world was used."""
        return self._activity(self._redis_index.names())

    def counts(self, name: str) -> object:
        """Return a value that differs once a world was used; None if there is no such world."""
        return self._activity([name]).get(name)

    def _activity(self, names: Iterable[str]) -> dict[str, object]:
        return {name: tuple(each) for name, each in self._redis_index.about(names, "total")}

    def worlds_with_due_work(self) -> Iterator[World]:
        """Yield the worlds in which something may fall due within a second; load only those."""
        names = self._redis_index.names()
        # Worlds that were dropped elsewhere, and the default one if Redis came back empty.
        for name in set(self._by_name).difference(names):
            world = self._by_name.get(name)
            if world is not None:
                self.refresh(world)  # type: ignore[arg-type]
        for name in self._due_worlds.poll(names):
            yield self.find(name)

    def renew_claims(self) -> None:
        """Extend the leases of the deliveries that this process has still to send."""
        for world in list(self._by_name.values()):
            world.outbox.renew()  # type: ignore[attr-defined]


class _Named(msgspec.Struct):
    name: str


class _Seeded(msgspec.Struct):
    seed: int = 0


class DefinitionSummary(msgspec.Struct):
    """The part of a definition that a list of worlds shows; the rest is not decoded."""

    scenario: _Named
    settings: _Seeded
    people: list[msgspec.Raw]
