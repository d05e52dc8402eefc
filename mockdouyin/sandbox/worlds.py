"""One isolated world: apps, people and records with rules, a journal, snapshots and a lock."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from mockdouyin.core.apps import KINDS, App, AppSpec, kind_of_spec, make_app
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import ConflictError, EndedError
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.journal import Journal
from mockdouyin.core.outbox import Outbox
from mockdouyin.core.people import demo_people
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import MemoryStore, Store
from mockdouyin.core.world import WorldState
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.sandbox._snapshots import Snapshots
from mockdouyin.sandbox.error_texts import TWO_APPS, WORLD_ENDED
from mockdouyin.sandbox.scenario_switch import ScenarioSwitch
from mockdouyin.sandbox.timeline import Timeline
from mockdouyin.scenario.declared_endpoints import catalogue_of
from mockdouyin.scenario.rulebook import Rulebook
from mockdouyin.scenario.scenario import Scenario

if TYPE_CHECKING:
    from mockdouyin.core.redaction import Mask

T = TypeVar("T")

DEFAULT_WORLD = "default"


class Backing(NamedTuple):
    """What keeps the state of a world: its records, its exchanges, and what waits to be sent."""

    store: Store
    journal: Journal
    outbox: Outbox


def memory() -> Backing:
    """Keep a world's state in this process."""
    return Backing(MemoryStore(), Journal(), Outbox())


class World(WorldState):
    """One isolated part of the sandbox: the state of its platform, with rules and a journal."""

    no_snapshots = ""
    """Why this world takes no snapshots; empty if it does."""

    index: Callable[..., None] = staticmethod(lambda *apps: None)
    """Register the keys of apps in the registry, or none if another world has one of them; set
    when the world is added to one."""

    reclaim: Callable[[set[str]], None] = staticmethod(lambda keys: None)
    """Replace the app keys by which the registry finds the world; set when added to one."""

    answer: Callable[[Request], Reply]
    """Answer a request; set when the world is added to a sandbox."""

    def __init__(
        self,
        name: str,
        scenario: Scenario,
        settings: Settings,
        clock: Clock,
        *,
        catalogue: Catalogue = CATALOGUE,
        shared_keys: bool = False,
        backing: Backing | None = None,
    ) -> None:
        store, journal, outbox = backing or memory()
        super().__init__(name, settings, clock, store, journal, outbox)
        self._lock = threading.RLock()
        self.emulated = catalogue
        """The endpoints that are emulated in every world."""
        self.shared_keys = shared_keys
        """Whether it is found by its name and its credentials only, never by an app key."""
        self.rules: Rulebook = Rulebook(self, catalogue)
        self.scenario: Scenario = scenario
        self.switch: ScenarioSwitch | None = None
        """What a switch to another scenario has to remember; None if there was none."""
        self.claimed: set[str] = set()
        """The app keys by which the registry finds this world."""
        self.changes: int = 0
        """Incremented by every change other than a request, which the journal counts."""
        self._mask: tuple[object, Mask] | None = None
        """The cached mask, after the revisions that it was made for."""
        self.snapshots: Snapshots = Snapshots(self)
        self.load(scenario, settings)
        self.timeline: Timeline
        self.start_scenario()

    @property
    def catalogue(self) -> Catalogue:
        """The endpoints that answer in it, and that its rules may name: emulated and declared."""
        return self.rules.catalogue

    def start_scenario(self) -> None:
        """Count the delays of the scenario's events and the ttl of its rules from now."""
        self.rules.restart()
        self.timeline = Timeline()
        for event in self.scenario.events:
            self.timeline.add(self.clock.now() + event.after, event)

    def transact(self, work: Callable[[], T]) -> T:
        """Run work as one transaction, the only way to change a world or to read it as a whole.

        No other thread sees its intermediate states. Within a transaction it takes part in that.
        Work must not wait for others, as `advance_clock` does: they may need the same world.
        """
        with self._lock:
            return work()

    @property
    def began_with(self) -> Scenario:
        """The scenario that it was made or loaded with: its own, unless that was switched."""
        return self.scenario if self.switch is None else self.switch.began_with

    @property
    def counts(self) -> tuple[int, int]:
        """The numbers of requests and of other changes; one grows whenever the world is used."""
        return self.journal.total, self.changes

    def mark(self) -> object:
        """Return a value that differs whenever the world's definition has changed."""
        return (
            *(self.revision, self.rules.revision, self.people.revision, self.snapshots.made),
            *(self.clock.position, self.settings, self.scenario),
            *(self.timeline, self.timeline.revision, self.switch),
        )

    def handle(self, request: Request) -> Reply:
        """Answer a request in this world, whatever credentials it carries."""
        return self.answer(replace(request, world=self.name))

    def load(self, scenario: Scenario, settings: Settings) -> None:
        """Load a scenario: named parts replace those of the same name; credentials stay valid."""
        demo = self.name == DEFAULT_WORLD
        specs = dict(scenario.apps)
        kinds = {kind_of_spec(spec) for spec in specs.values()}
        for kind in KINDS:
            if kind not in kinds:
                specs.setdefault(kind, AppSpec(kind=kind))
        apps = [make_app(n, s, self.ids, demo=demo and _is_demo(n, s)) for n, s in specs.items()]
        for key, count in Counter(app.client_key for app in apps).items():
            if count > 1:
                raise ConflictError(TWO_APPS(key=key))
        catalogue = catalogue_of(scenario, self.emulated)
        self.index(*apps)  # first, while nothing has changed: another world may have a key
        self.rules.load(scenario.rules, scenario.name, catalogue)
        self.scenario, self.switch = scenario, None
        self.use(msgspec.structs.replace(settings, seed=self.settings.seed))
        for app in apps:
            self.replace_app(app)
        for name, spec in scenario.people.items():
            self.people.add(name, spec)
        for person in demo_people():
            if person.name not in self.people:
                self.people.add(person.name, person)
        self.touch()

    def touch(self) -> None:
        """Mark the world as changed."""

        def count() -> None:
            self.changes += 1

        self.transact(count)

    def replace_app(self, app: App) -> None:
        """Register an app in place of the one with the same name."""
        for key, other in self.apps.items():
            if other.name == app.name and key != app.client_key:
                del self.apps[key]
                break
        self.register(app)

    def register(self, app: App) -> None:
        """Register an app, here and with its key in the registry."""
        self.index(app)
        super().register(app)

    def reset(self) -> None:
        """Start over: no records, no rules from outside, and the clock back at its start."""
        self.store.clear()
        self.journal.clear()
        self.rules.clear_outside()
        self.outbox.clear()
        self.snapshots.clear()
        self.clock.reset()
        self.start_scenario()

    def end(self) -> None:
        """Drop all records and everything that is still to be sent."""

        def drop() -> None:
            self.store.clear()
            self.outbox.clear()
            self.timeline = Timeline()

        self.transact(drop)
        self.journal.followers.end(EndedError(WORLD_ENDED(name=self.name)))
        self.outbox.wake()  # whoever noted when something falls due here may forget the world

    def mask(self) -> Mask:
        """Return the mask of this world's secrets and phone numbers, rebuilt when they change."""
        from mockdouyin.core.redaction import Mask

        def collect() -> tuple[object, tuple[str, ...]]:
            revisions = (self.revision, self.people.revision, self.people.generated)
            is_known = known is not None and known[0] == revisions
            return revisions, () if is_known else self._secrets()

        known = self._mask
        revisions, secrets = self.transact(collect)
        if known is None or known[0] != revisions:
            # Made without the lock: that takes long in a large world. It is kept, because it
            # caches short texts, which recur.
            known = self._mask = (revisions, Mask(secrets))
        return known[1]

    def _secrets(self) -> tuple[str, ...]:
        apps = [app for app in self.apps.values() if not app.any_secret]
        secrets = [app.client_secret for app in apps]
        secrets += [app.webhook.secret for app in apps if app.webhook]
        secrets += [secret for app in apps for secret in app.payment.secrets]
        return (*secrets, *self.people.phones())


def _is_demo(name: str, spec: AppSpec) -> bool:
    return name in KINDS and spec.client_key is None
