"""One world as endpoints and phones see it: apps and people with a clock, ids and a store."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core._error_texts import NO_APP, TOO_MANY_APPS
from mockdouyin.core.acts import Act, kept
from mockdouyin.core.apps import MAX_APPS, App, AppSpec, make_app
from mockdouyin.core.bounds import key_problem
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import ConflictError, NotFoundError, suggestion
from mockdouyin.core.ids import Ids
from mockdouyin.core.outbox import Delivery, Outbox
from mockdouyin.core.people import People
from mockdouyin.core.settings import Settings
from mockdouyin.core.store import Store, Unit
from mockdouyin.core.texts import NOTHING, Text

if TYPE_CHECKING:
    from mockdouyin.core.journal import Journal


class WorldState:
    """The state of one isolated part of the sandbox."""

    issuer: Callable[[str], str] = staticmethod(lambda credential: "")
    """Returns the name of the living world that issued a credential; set by the sandbox."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        clock: Clock,
        store: Store,
        journal: Journal,
        outbox: Outbox,
    ) -> None:
        self.name = name
        self.clock = clock
        self.store = store
        self.journal = journal
        self.settings: Settings = settings
        self.use(settings)
        self.ids: Ids = Ids(settings.seed, name)
        self.apps: dict[str, App] = {}
        """By client_key."""
        self.revision: int = 0
        """Counts changes of the apps."""
        self.people: People = People(
            self.ids, apps=lambda: self.apps.values(), strangers=self.strangers_elsewhere
        )
        made = count(1)
        self.nonce: Callable[[], str] = lambda: self.ids.hex(32, "nonce", next(made))
        """Returns a text never used before; a server replaces this with an unguessable one."""
        self.outbox = outbox
        store.watch(Delivery, outbox.add)

    def use(self, settings: Settings) -> None:
        """Go by these settings from now on."""
        self.settings = settings
        self.journal.limit(settings.journal_exchanges, settings.journal_bytes)

    def note(
        self,
        unit: Unit,
        kind: str,
        says: Text,
        *,
        app: str = "",
        person: str = "",
        why: Text = NOTHING,
        rule: str = "",
        delivery: str = "",
        given: Any = None,
        result: Any = None,
    ) -> None:
        """Write an act into the journal: what a person, the platform or a tester did in a unit.

        `app` is a client_key; `given` and `result` are plain data.
        """
        act = Act(
            number=self.journal.next_number,
            time=unit.now,
            world=self.name,
            kind=kind,
            says=says,
            app=app,
            person=person,
            why=why,
            rule=rule,
            links=unit.links,
            delivery=delivery,
            given=kept(given),
            result=kept(result),
        )
        self.journal.write(act)

    def strangers_elsewhere(self) -> int:
        """Return how many strangers other processes may have added; in memory there are none."""
        return 0

    def register(self, app: App) -> None:
        """Register an app, or replace the one with its key; a trial keeps its first start."""
        if app.trial and not app.trial_since:
            before = self.apps.get(app.client_key)
            since = before.trial_since if before is not None else 0.0
            app = msgspec.structs.replace(app, trial_since=since or self.clock.now())
        self.apps[app.client_key] = app
        self.revision += 1

    def check_room(self) -> None:
        """Raise ConflictError if the world has as many apps as it can have."""
        if len(self.apps) >= MAX_APPS:
            raise ConflictError(TOO_MANY_APPS(name=self.name, count=len(self.apps)))

    def app_of(self, client_key: str) -> App | None:
        """Return the app with this key; register it first if unknown apps are accepted."""
        app = self.apps.get(client_key)
        if app is None and client_key and self.settings.unknown_apps == "accept":
            if key_problem(client_key):
                return None
            self.check_room()
            spec = AppSpec(client_key=client_key)
            app = make_app(client_key, spec, self.ids, any_secret=True)
            self.register(app)
        return app

    def find_app(self, who: str | None, *kinds: str) -> App:
        """Return the app with this key or name, or by default the first app of the first kind."""
        if who:
            found = self.apps.get(who)
            for app in self.apps.values():
                if found is None and app.name == who:
                    found = app
            if found is not None:
                return found
            known = [app.name for app in self.apps.values()]
            raise NotFoundError(NO_APP(who=who, name=self.name, hint=suggestion(who, known)))
        for kind in kinds:
            for app in self.apps.values():
                if app.kind == kind:
                    return app
        return next(iter(self.apps.values()))
