"""Worlds: parallel users of one sandbox, found by the credentials that a request carries."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from mockdouyin.core.apps import KINDS, App, AppSpec, kind_of_spec, make_app
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import ConflictError, NotFoundError, did_you_mean
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.ids import Ids, world_tag
from mockdouyin.core.journal import Journal
from mockdouyin.core.people import demo_people
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import MemoryStore
from mockdouyin.core.world import WorldState
from mockdouyin.sandbox._snapshots import Snapshots
from mockdouyin.sandbox.deliveries import Timeline
from mockdouyin.scenario.rulebook import Rulebook
from mockdouyin.scenario.scenario import DEFAULT, Scenario, check, settings_of

if TYPE_CHECKING:
    from mockdouyin.core.redaction import Mask

T = TypeVar("T")

DEFAULT_WORLD = "default"


class World(WorldState):
    """One isolated part of the sandbox: what endpoints see, with rules, journal and a lock."""

    index: Callable[[App], None] = staticmethod(lambda app: None)
    """Tells the registry of a new app; set once the world lives there."""

    reclaim: Callable[[set[str]], None] = staticmethod(lambda keys: None)
    """Lets the registry find the world by these app keys and no others."""

    answer: Callable[[Request], Reply]
    """How the sandbox answers a request; set once the world lives in one."""

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        settings: Settings,
        clock: Clock,
        *,
        shared_keys: bool = False,
    ) -> None:
        super().__init__(name, settings, clock, MemoryStore())
        self.shared_keys = shared_keys
        """Whether it is found by its name and what it issued, and never by an app key."""
        self.rules = Rulebook(self)
        self.journal = Journal()
        self.scenario = scenario
        self.claimed: set[str] = set()
        """The app keys that the registry finds this world by."""
        self.changes = 0
        """Counts what was changed by anything but a request, which the journal counts."""
        self._mask: tuple[object, Mask] | None = None
        """What `mask` gave last, and for which secrets."""
        self.snapshots = Snapshots(self)
        self.load(scenario, settings)
        self.timeline = Timeline()
        self._begin()

    def _begin(self) -> None:
        """Let the scenario's events happen so long after now, and its rules' time begin."""
        self.rules.begin()
        for event in self.scenario.events:
            self.timeline.add(self.clock.now() + event.after, event)

    def transact(self, work: Callable[[], T]) -> T:
        """Do work of which nobody sees the half."""
        with self.lock:
            return work()

    @property
    def counts(self) -> tuple[int, int]:
        """What changes whenever the world is used: requests, and all other changes."""
        return self.journal.total, self.changes

    def mark(self) -> object:
        """Give what is another whenever the world's definition changed."""
        return (
            *(self.revision, self.rules.revision, self.people.revision, self.snapshots.made),
            *(self.clock.position, self.settings, self.scenario),
            *(self.timeline, len(self.timeline)),
        )

    def handle(self, request: Request) -> Reply:
        """Answer a request that meets this world, whatever it carries."""
        return self.answer(replace(request, world=self.name))

    def load(self, scenario: Scenario, settings: Settings) -> None:
        """Take over a scenario: what has a name is replaced by name, what was issued stays."""
        demo = self.name == DEFAULT_WORLD
        specs = dict(scenario.apps)
        kinds = {kind_of_spec(spec) for spec in specs.values()}
        for kind in KINDS:
            if kind not in kinds:
                specs.setdefault(kind, AppSpec(kind=kind))
        apps = [make_app(n, s, self.ids, demo=demo and _is_demo(n, s)) for n, s in specs.items()]
        for key, count in Counter(app.client_key for app in apps).items():
            if count > 1:
                raise ConflictError(f"two apps of the scenario have the client_key {key!r}")
        for app in apps:
            self.index(app)  # before anything changes: a key that lives elsewhere is refused
        self.rules.load(scenario.rules, scenario.name)
        self.scenario = scenario
        self.settings = msgspec.structs.replace(settings, seed=self.settings.seed)
        for app in apps:
            self.replace_app(app)
        for name, spec in scenario.people.items():
            self.people.add(name, spec)
        for person in demo_people():
            if person.name not in self.people:
                self.people.add(person.name, person)
        self.touch()

    def touch(self) -> None:
        """Let it be seen that something was changed."""
        with self.lock:
            self.changes += 1

    def replace_app(self, app: App) -> None:
        """Register an app in place of the one that has its name."""
        for key, other in self.apps.items():
            if other.name == app.name and key != app.client_key:
                del self.apps[key]
                break
        self.register(app)

    def register(self, app: App) -> None:
        """Register an app, and let the registry find the world by its key."""
        self.index(app)
        super().register(app)

    def reset(self) -> None:
        """Begin again: nothing issued, no rules from outside, the clock running."""
        self.store.clear()
        self.journal.clear()
        self.rules.clear_outside()
        self.outbox.clear()
        self.snapshots.clear()
        self.clock.reset()
        self.timeline = Timeline()
        self._begin()

    def end(self) -> None:
        """Do nothing more: what was to be sent is not."""
        with self.lock:
            self.store.clear()
            self.outbox.clear()
            self.timeline = Timeline()

    def mask(self) -> Mask:
        """Return what hides this world's secrets and phone numbers; made when they change."""
        from mockdouyin.core.redaction import Mask

        with self.lock:
            known = (self.revision, self.people.revision, self.people.generated)
            if self._mask is not None and self._mask[0] == known:
                return self._mask[1]
            apps = [app for app in self.apps.values() if not app.any_secret]
            secrets = [app.client_secret for app in apps]
            secrets += [app.webhook.secret for app in apps if app.webhook]
            secrets += self.people.phones()
        made = Mask(tuple(secrets))  # it remembers short texts, which come again and again
        self._mask = (known, made)
        return made


def _is_demo(name: str, spec: AppSpec) -> bool:
    return name in KINDS and spec.client_key is None


class Listed(NamedTuple):
    """A world in a list of all."""

    world: str
    scenario: str
    seed: int
    exchanges: int
    people: int


class Worlds:
    """Every living world, by name, by app key, and by the tag in what it issued."""

    def __init__(self, clock: Callable[[], Clock] = Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._by_name: dict[str, World] = {}
        self._by_key: dict[str, World] = {}
        self._by_tag: dict[str, World] = {}
        self.made = 0
        """Names ever made up; the next one derives from one more."""
        self.listeners: list[Callable[[World], None]] = []
        """Told of each new world."""

    def __iter__(self) -> Iterator[World]:
        return iter(list(self._by_name.values()))

    def at_hand(self) -> list[World]:
        """Return the worlds that this process has met."""
        return list(self._by_name.values())

    def listed(self) -> list[Listed]:
        """Return what there is to say of each living world."""
        return [
            Listed(
                world.name,
                world.scenario.name,
                world.settings.seed,
                world.journal.total,
                len(world.people),
            )
            for world in self.at_hand()
        ]

    def activity(self) -> dict[str, object]:
        """Return, by each world's name, what changes whenever it is used."""
        return {world.name: world.counts for world in self.at_hand()}

    def counts(self, name: str) -> object:
        """Return what changes whenever a world is used; None where there is no such world."""
        world = self._by_name.get(name)
        return None if world is None else world.counts

    def begin(
        self,
        name: str,
        scenario: Scenario,
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> World:
        """Make the world that is there from the start."""
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
        """Make a world; without a name it gets a fresh one.

        With shared keys it is found by its name and by what it issued, and never by an app key:
        worlds that pin the same key can live side by side.
        """
        over = dict(settings or {})
        if seed is not None:
            over["seed"] = seed
        check(scenario)
        checked = settings_of(scenario, **over)
        with self._lock:
            name = name or self._fresh_name(checked.seed)
            self._check_name(name)
        # Without the lock: a large world takes long to make, and others are sought meanwhile.
        world = World(name, scenario, checked, self._clock(), shared_keys=shared_keys)
        with self._lock:
            self._check_name(name)
            self._take_in(world, set(world.apps))
        self._tell(world)
        return world

    def add(self, world: World) -> None:
        """Take in a world that was built elsewhere, with the keys that it has claimed."""
        with self._lock:
            self._check_name(world.name)
            self._take_in(world, world.claimed)
        self._tell(world)

    def _check_name(self, name: str) -> None:
        if name in self._by_name:
            raise ConflictError(f"there is a world {name!r} already")

    def _take_in(self, world: World, keys: set[str]) -> None:
        if not world.shared_keys:
            self._claim(world, keys)
            world.index = lambda app: self._index(world, app)
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
        """Let a world be found by these keys: all of them, or none where one lives elsewhere."""
        for key in sorted(keys):
            holder = self._by_key.get(key)
            if holder is not None and holder is not world:
                raise self.taken(key, holder.name)
        self._by_key.update(dict.fromkeys(keys, world))
        world.claimed |= keys

    @staticmethod
    def taken(key: str, holder: str) -> ConflictError:
        """Say that an app key lives in another world, and what to do."""
        return ConflictError(
            f"the client_key {key!r} lives in world {holder!r} already; leave it"
            " out and the app gets a fresh one, or make the world with shared_keys: true"
            " and name it in each request (/@name or X-Mockdouyin-World)"
        )

    def _index(self, world: World, app: App) -> None:
        with self._lock:
            self._claim(world, {app.client_key})

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
        """Give the world of this name."""
        world = self._by_name.get(name)
        if world is None:
            raise NotFoundError(f"no world {name!r}{did_you_mean(name, self._by_name)}")
        return world

    def drop(self, name: str) -> None:
        """End a world; its keys are free again."""
        world = self.get(name)
        with self._lock:
            del self._by_name[name]
            self._by_tag.pop(world.ids.tag, None)
            self._release(world, world.claimed)
        world.end()

    def of_app(self, client_key: str) -> World | None:
        """Give the world in which the app key lives."""
        return self._by_key.get(client_key)

    def of_credential(self, credential: str) -> World | None:
        """Give the world that issued a code, token or ticket."""
        return self._by_tag.get(world_tag(credential))

    def _issuer(self, credential: str) -> str:
        found = self.of_credential(credential)
        return found.name if found is not None else ""
