"""Worlds that are found on every replica at once: what one makes or changes, all have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from zlib import crc32

from mockdouyin.core import codec
from mockdouyin.core.apps import App
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import ConflictError, NotFoundError, did_you_mean
from mockdouyin.core.ids import Ids, world_tag
from mockdouyin.persistence.definition import apply, unpack
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._queries import HasPending, JournalTotal, PendingSummary
from mockdouyin.redis_store._shared_world import SharedWorld, defined
from mockdouyin.redis_store._store import SharedStore
from mockdouyin.redis_store._transaction import current
from mockdouyin.redis_store._world_summary import Pulse, Summary, Timing
from mockdouyin.sandbox.registry import Listed, Worlds
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario.scenario import DEFAULT, Scenario, check, settings_of

BIRTH = 10.0
"""Seconds that a world may take from being written down to being found."""

TURNS = 10
"""Looks within which each world is looked at, whatever waits there."""


class SharedWorlds(Worlds):
    """Every living world: those that this process has met are at hand, the rest in Redis."""

    def __init__(self, link: RedisConnection, clock: Callable[[], Clock] = Clock) -> None:
        super().__init__(clock)
        self.link = link
        self._pulses: dict[str, Pulse] = {}
        self._turn = 0
        self._registry = [f"{link.prefix}{{*}}:{each}" for each in ("names", "keys", "tags")]

    # Made and dropped.

    def begin(
        self,
        name: str,
        scenario: Scenario,
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> World:
        """Join the world of this name, or make it where there is none."""
        known = self._load(name)
        if known is not None:
            return known
        try:
            return self.create(name, scenario, seed, settings)
        except ConflictError:  # another replica began at the same moment
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
        """Make a world; without a name it gets a fresh one."""
        over = dict(settings or {})
        if seed is not None:
            over["seed"] = seed
        check(scenario)
        checked = settings_of(scenario, **over)
        name = name or self._fresh_name(checked.seed)
        world = SharedWorld(name, scenario, checked, self._clock(), shared_keys=shared_keys)
        if not shared_keys:
            world.claimed = set(world.apps)
        self._publish(world)
        self._at_hand(world)
        return world

    def _fresh_name(self, seed: int) -> str:
        while True:
            made = self.link.one("INCR", f"{self.link.prefix}{{*}}:made")
            name = f"w-{Ids(seed, 'worlds').hex(8, made)}"
            if not self.link.one("HEXISTS", self._registry[0], name):
                return name

    def _publish(self, world: SharedWorld) -> None:
        """Write a world down, and have it found by its name, keys and tag."""
        world.share(self)
        about = world.store.key("about")
        definition = defined(world)
        version = self.link.one(*_scripts.BEGIN([about], definition), again=False)
        if version is None and not self._is_left_over(world.store):
            raise ConflictError(f"there is a world {world.name!r} already")
        if version is None:
            self._erase(world.store)
            version = self.link.one(*_scripts.BEGIN([about], definition), again=False)
        try:
            self._claim_keys(world, world.claimed, begins=True)
        except ConflictError:
            self._erase(world.store)
            raise
        world.store.version, world.committed = version.decode(), definition

    def _is_left_over(self, store: SharedStore) -> bool:
        """Whether a world cannot be found, for whoever made it died before that."""
        if self.link.one("HEXISTS", self._registry[0], store.name):
            return False
        seen = HasPending().read(store, self.link.one(*HasPending().command(store)))
        return bool(seen.version) and int(seen.version) / 1e6 < seen.moment - BIRTH

    def _claim_keys(self, world: World, keys: set[str], *, begins: bool = False) -> None:
        tag = world.ids.tag if begins else ""
        claim = _scripts.CLAIM_KEYS(self._registry, world.name, tag, *sorted(keys))
        # Asked twice, a world that begins would find itself there already.
        refused = [each.decode() for each in self.link.one(*claim, again=not begins)]
        if refused and not refused[0]:
            raise ConflictError(f"there is a world {world.name!r} already")
        if refused:
            raise self.key_conflict(*refused)

    def drop(self, name: str) -> None:
        """End a world, on every replica; its keys are free again."""
        world = self.get(name)
        keys = sorted(world.claimed)
        self.link.one(*_scripts.RELEASE_KEYS(self._registry, name, world.ids.tag, *keys))
        self._erase(world.store)  # type: ignore[arg-type]
        self._forget(world)

    def _erase(self, store: SharedStore) -> None:
        kinds = self.link.one("SMEMBERS", store.key("kinds"))
        keys = [store.key(each) for each in ("about", "kinds", "journal", "missed")]
        keys += [store.key(each) for each in ("due", "claimed")]
        self.link.one("DEL", *keys, *(store.tables + kind.decode() for kind in kinds))

    def _forget(self, world: World) -> None:
        with self._lock:
            if self._by_name.get(world.name) is world:
                del self._by_name[world.name]
                self._by_tag.pop(world.ids.tag, None)
            self._release(world, set(world.claimed))
        world.end()

    # Kept as they are in Redis.

    def _load(self, name: str) -> SharedWorld | None:
        """Have a world at hand that another process made."""
        store = SharedStore(self.link, name)
        version, definition = self._definition(store)
        if not version:
            return None
        found = unpack(definition)
        keys = found.shared_keys
        world = SharedWorld(name, found.scenario, found.settings, self._clock(), shared_keys=keys)
        world.share(self)
        apply(world, found)
        world.store.version, world.committed = version, definition
        return self._at_hand(world)

    def _definition(self, store: SharedStore) -> tuple[str, bytes]:
        command = ("HMGET", store.key("about"), "version", "definition")
        version, definition = self.link.one(*command)
        return (version or b"").decode(), definition or b""

    def _at_hand(self, world: SharedWorld) -> SharedWorld:
        with self._lock:
            known = self._by_name.get(world.name)
            if known is not None:
                return known  # type: ignore[return-value]
            self._take_in(world, world.claimed)
        self._tell(world)
        return world

    def renew(self, world: SharedWorld) -> None:
        """Have the definition that a world has now; let go of a world that has ended."""
        version, definition = self._definition(world.store)
        if not version and world.name == DEFAULT_WORLD:
            self._revive(world)
        elif not version:
            self._forget(world)
        else:
            self._adopt(world, version, definition)

    def _adopt(self, world: SharedWorld, version: str, definition: bytes) -> None:
        found = unpack(definition)
        if found.settings.seed != world.settings.seed or found.shared_keys != world.shared_keys:
            self._forget(world)  # another world that has taken its name
            return
        with world.lock:
            if int(version) > int(world.store.version or 0):
                if definition != world.committed:
                    apply(world, found)
                world.store.version, world.committed = version, definition

    def _revive(self, world: SharedWorld) -> None:
        """Write the world that always is down again, where Redis lost it."""
        with world.lock:
            # Its version comes last: whoever sees that has nothing more to do.
            claim = _scripts.CLAIM_KEYS(self._registry, world.name, world.ids.tag, *world.claimed)
            self.link.one(*claim)
            begin = _scripts.BEGIN([world.store.key("about")], world.committed)
            version = self.link.one(*begin, again=False)
            if version is not None:
                world.store.version = version.decode()
                return
        self._adopt(world, *self._definition(world.store))

    # Found.

    def _claim(self, world: World, keys: set[str]) -> None:
        """Let a world be found by these keys, here; Redis has given them to it."""
        self._by_key.update(dict.fromkeys(keys, world))
        world.claimed |= keys

    def _index(self, world: World, app: App) -> None:
        if app.client_key not in world.claimed:
            self._claim_keys(world, {app.client_key})
        super()._index(world, app)

    def __iter__(self) -> Iterator[World]:
        """Give every living world, met here or not."""
        for name in self.link.one("HKEYS", self._registry[0]):
            if name.decode() not in self._by_name:
                self._load(name.decode())
        worlds = list(self._by_name.values())
        if current() is not None:
            for world in worlds:
                world.store.store_transaction().prefetch(JournalTotal())  # type: ignore[attr-defined]
        return iter(worlds)

    def get(self, name: str) -> World:
        """Give the world of this name; within some work, as it is now."""
        world = self.find(name)
        if current() is not None:
            world.store.store_transaction()  # type: ignore[attr-defined]
        return world

    def find(self, name: str) -> World:
        """Give the world of this name, as it was when this process last met it."""
        world = self._by_name.get(name) or self._load(name)
        if world is None:
            known = [each.decode() for each in self.link.one("HKEYS", self._registry[0])]
            raise NotFoundError(f"no world {name!r}{did_you_mean(name, known)}")
        return world

    def of_app(self, client_key: str) -> World | None:
        """Give the world in which the app key lives."""
        return self._by_key.get(client_key) or self._elsewhere(1, client_key)

    def of_credential(self, credential: str) -> World | None:
        """Give the world that issued a code, token or ticket."""
        tag = world_tag(credential)
        return self._by_tag.get(tag) or self._elsewhere(2, tag)

    def _elsewhere(self, index: int, value: str) -> World | None:
        if not value:
            return None
        name = self.link.one("HGET", self._registry[index], value.encode("utf-8", "replace"))
        if name is None:
            return None
        return self._by_name.get(name.decode()) or self._load(name.decode())

    # All of them, and none of them loaded for it.

    def _names(self) -> list[str]:
        return [name.decode() for name in self.link.one("HKEYS", self._registry[0])]

    def _about(self, names: Iterable[str], *fields: str) -> Iterator[tuple[str, list[Any]]]:
        """Fetch fields of worlds in one trip; those that have ended meanwhile are left out."""
        names = list(names)
        abouts = (SharedStore(self.link, name).key("about") for name in names)
        answers = self.link.call(*(("HMGET", about, "version", *fields) for about in abouts))
        for name, (version, *values) in zip(names, answers, strict=True):
            if version is not None:
                yield name, [version.decode(), *values]

    def listed(self) -> list[Listed]:
        """Return what there is to say of each living world."""
        found = []
        for name, (_, definition, total) in self._about(self._names(), "definition", "total"):
            told = codec.decode(Summary, definition)
            people = len(told.people)
            made = Listed(name, told.scenario.name, told.settings.seed, int(total or 0), people)
            found.append(made)
        return found

    def activity(self) -> dict[str, object]:
        """Return, by each world's name, what changes whenever it is used."""
        return {name: tuple(about) for name, about in self._about(self._names(), "total")}

    def counts(self, name: str) -> object:
        """Return what changes whenever a world is used; None where there is no such world."""
        return {each: tuple(about) for each, about in self._about([name], "total")}.get(name)

    # What falls due.

    def worlds_with_due_work(self) -> Iterator[World]:
        """Give the worlds in which something may fall due within a second.

        Where nothing waited the last time, only a process that died may have left anything: such
        worlds are looked at in turn. Those of others are loaded when there is something to do.
        """
        names = self._names()
        self._miss(names)
        pulses, self._pulses = self._pulses, {}
        self._turn = (self._turn + 1) % TURNS
        stores = {}
        for name in names:
            pulse = pulses.get(name)
            if pulse is not None:
                self._pulses[name] = pulse
            if pulse is None or not pulse.is_quiet or crc32(name.encode()) % TURNS == self._turn:
                stores[name] = SharedStore(self.link, name)
        answers = self.link.call(*(HasPending().command(store) for store in stores.values()))
        seen = {
            name: HasPending().read(store, answer)
            for (name, store), answer in zip(stores.items(), answers, strict=True)
        }
        self._feel(seen)
        for name, each in seen.items():
            pulse = self._pulses.get(name)
            if pulse is not None and pulse.stirs(each):
                yield self.find(name)

    def _miss(self, names: Iterable[str]) -> None:
        """Let go of worlds that have ended elsewhere; make anew the one that always is."""
        for name in set(self._by_name).difference(names):
            world = self._by_name.get(name)
            if world is not None:
                self.renew(world)  # type: ignore[arg-type]

    def _feel(self, seen: dict[str, PendingSummary]) -> None:
        """Learn when something falls due in worlds that are not as they were."""
        changed = [
            name
            for name, each in seen.items()
            if each.version and getattr(self._pulses.get(name), "version", "") != each.version
        ]
        for name, (version, definition) in self._about(changed, "definition"):
            told = codec.decode(Timing, definition)
            due = min((each.due for each in told.timeline), default=None)
            self._pulses[name] = Pulse(version, told.clock, due)
        for name, each in seen.items():
            pulse = self._pulses.get(name)
            if pulse is not None:
                quiet = pulse.due is None and each.due is None and each.leased is None
                self._pulses[name] = pulse._replace(is_quiet=quiet)

    def renew_claims(self) -> None:
        """Claim for longer what is still to be sent."""
        for world in list(self._by_name.values()):
            world.outbox.renew()  # type: ignore[attr-defined]
