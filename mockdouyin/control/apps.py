"""Orders about a world's apps and people."""

from __future__ import annotations

from collections.abc import Container

import msgspec

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core import bounds
from mockdouyin.core.apps import App, AppSpec, Webhook, amend_app, make_app
from mockdouyin.core.crypto import load_public_key
from mockdouyin.core.errors import (
    ConflictError,
    MockDouyinError,
)
from mockdouyin.core.people import Person, PersonSpec
from mockdouyin.core.typed import thread_safe
from mockdouyin.sandbox.deliveries import handshake
from mockdouyin.sandbox.worlds import World


def apps_of(world: World) -> Answer:
    """Show the apps of a world."""
    return {"apps": [_show_app(app) for app in world.transact(lambda: list(world.apps.values()))]}


def _show_app(app: App) -> Answer:
    shown: Answer = msgspec.to_builtins(app)
    del shown["any_secret"], shown["trial_since"]
    return shown


def people_of(world: World) -> Answer:
    """Show the people of a world; a profile that nobody asked for yet is generated now."""
    names, apps = world.transact(lambda: (list(world.people), list(world.apps.values())))
    return {"people": [_show_person(world, name, apps) for name in names]}


def _show_person(world: World, name: str, apps: list[App]) -> Answer:
    people = world.people
    return {
        **msgspec.to_builtins(people.profile(name)),
        "open_ids": {app.client_key: people.open_id(app, name) for app in apps},
        "union_ids": {app.developer: people.union_id(app, name) for app in apps},
    }


@operation("GET", "/apps", long=True)
def apps(ask: OperationCall) -> Answer:
    """List the world's apps."""
    return apps_of(ask.world)


@operation("GET", "/people", long=True)
def people(ask: OperationCall) -> Answer:
    """List the world's people."""
    return people_of(ask.world)


class NewApp(AppSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app to be registered."""

    name: str | None = None
    verify: bool = True
    """Whether a webhook's receiver has to answer the challenge first."""


def _free(kind: str, taken: Container[str], count: int) -> str:
    """Return the first of `app-1`, `app-2`, … that nothing has, after as many as there are."""
    while f"{kind}-{count + 1}" in taken:
        count += 1
    return f"{kind}-{count + 1}"


def _check_name(name: str | None) -> None:
    if name and (says := bounds.name_problem(name)):
        raise MockDouyinError(f"name {says}")


def _check_app(given: NewApp) -> None:
    """Refuse an app that could not be called, called for, or sealed for."""
    _check_name(given.name)
    for field in ("client_key", "client_secret"):
        text = getattr(given, field)
        if text and (says := bounds.key_problem(text)):
            raise MockDouyinError(f"{field} {says}")
    if given.public_key:
        load_public_key(given.public_key)


def _spec(given: NewApp) -> AppSpec:
    return AppSpec(**{f: getattr(given, f) for f in AppSpec.__struct_fields__})


@operation("POST", "/apps", waits=True)
def add_app(ask: OperationCall) -> Answer:
    """Register an app; what is left out is made up."""
    given, world = ask.read(NewApp), ask.world
    _check_app(given)

    def register() -> App:
        name = given.name or _free("app", {a.name for a in world.apps.values()}, len(world.apps))
        if any(app.name == name for app in world.apps.values()):
            raise ConflictError(f"there is an app {name!r} already; change it with PATCH")
        world.check_room()
        spec = msgspec.structs.replace(_spec(given), webhook=None)
        app = make_app(name, spec, world.ids)
        if app.client_key in world.apps:
            raise ConflictError(f"there is an app with the key {app.client_key!r} already")
        world.register(app)
        return app

    app = world.transact(register)
    if given.webhook is not None:
        _set_webhook(ask, app, given)
    return world.transact(lambda: _show_app(world.apps[app.client_key]))


@operation("PATCH", "/apps/{key}", waits=True)
def change_app(ask: OperationCall) -> Answer:
    """Change an app: what is named replaces, templates merge."""
    given, world = ask.read(NewApp), ask.world
    _check_app(given)

    def change() -> App:
        app = world.find_app(ask.path["key"])
        if given.client_key not in (None, app.client_key) or given.kind not in (None, app.kind):
            raise MockDouyinError("an app keeps its client_key and kind; register another")
        changed = amend_app(app, msgspec.structs.replace(_spec(given), webhook=None))
        world.register(changed)
        return changed

    app = world.transact(change)
    if given.webhook is not None:
        _set_webhook(ask, app, given)
    return world.transact(lambda: _show_app(world.apps[app.client_key]))


class NewPerson(PersonSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person to be added."""

    name: str | None = None


@operation("POST", "/people", long=True)
def add_person(ask: OperationCall) -> Answer:
    """Add a person; what is left out is generated from the world's seed."""
    given, world = ask.read(NewPerson), ask.world
    _check_name(given.name)

    def add() -> tuple[str, list[App]]:
        name = given.name or _free("person", world.people, len(world.people))
        if name in world.people:
            raise ConflictError(f"there is a person {name!r} already; change them with PATCH")
        spec = PersonSpec(**{f: getattr(given, f) for f in PersonSpec.__struct_fields__})
        world.people.add(name, spec)
        return name, list(world.apps.values())

    return _show_person(world, *world.transact(add))


@operation("PATCH", "/people/{name}", long=True)
def change_person(ask: OperationCall) -> Answer:
    """Change a person's profile."""
    given, world = ask.read(PersonSpec), ask.world

    def change() -> tuple[str, list[App]]:
        name = world.people.find(ask.path["name"])
        before = msgspec.structs.asdict(world.people.profile(name))
        world.people.add(name, msgspec.convert({**before, **given.given()}, thread_safe(Person)))
        return name, list(world.apps.values())

    return _show_person(world, *world.transact(change))


def _set_webhook(ask: OperationCall, app: App, given: NewApp) -> None:
    """Set a webhook; what is not named stays. A new URL has to answer Douyin's challenge."""
    if given.webhook is None:
        return
    named = ask.body["webhook"]
    before = app.webhook or Webhook(verified=False)
    changed = {name: getattr(given.webhook, name) for name in named if name != "verified"}
    proved = before.verified or "url" in named or not given.verify
    webhook = msgspec.structs.replace(before, **changed, verified=proved)
    if given.verify and "url" in named and webhook.url:
        handshake(ask.sandbox.deliverer, ask.world, app, webhook)

    def register() -> None:
        now = ask.world.apps[app.client_key]
        ask.world.register(msgspec.structs.replace(now, webhook=webhook))

    ask.world.transact(register)
