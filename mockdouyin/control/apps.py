"""Operations on a world's apps."""

from __future__ import annotations

import msgspec

from mockdouyin.control._names import check_name, free_name
from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core import bounds
from mockdouyin.core.apps import App, AppSpec, Webhook, amend_app, make_app
from mockdouyin.core.crypto import load_public_key
from mockdouyin.core.errors import (
    ConflictError,
    MockDouyinError,
)
from mockdouyin.sandbox.deliveries import handshake
from mockdouyin.sandbox.worlds import World


def apps_of(world: World) -> Answer:
    """Return the apps of a world as the API shows them."""
    return {"apps": [_show_app(app) for app in world.transact(lambda: list(world.apps.values()))]}


def _show_app(app: App) -> Answer:
    shown: Answer = msgspec.to_builtins(app)
    del shown["any_secret"], shown["trial_since"]
    return shown


@operation("GET", "/apps", long=True)
def apps(call: OperationCall) -> Answer:
    """List the world's apps."""
    return apps_of(call.world)


class NewApp(AppSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The body of `add_app` and `change_app`."""

    name: str | None = None
    verify: bool = True
    """Whether a webhook's receiver has to answer the challenge first."""


def _check_app(given: NewApp) -> None:
    """Raise if a name, key or secret has characters that calls cannot carry, or a bad RSA key."""
    check_name(given.name)
    for field in ("client_key", "client_secret"):
        text = getattr(given, field)
        if text and (says := bounds.key_problem(text)):
            raise MockDouyinError(f"{field} {says}")
    if given.public_key:
        load_public_key(given.public_key)


def _spec(given: NewApp) -> AppSpec:
    return AppSpec(**{f: getattr(given, f) for f in AppSpec.__struct_fields__})


@operation("POST", "/apps", waits=True)
def add_app(call: OperationCall) -> Answer:
    """Register an app; what is left out is made up."""
    given, world = call.read(NewApp), call.world
    _check_app(given)

    def register() -> App:
        names = {app.name for app in world.apps.values()}
        name = given.name or free_name("app", names, len(world.apps))
        if name in names:
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
        _set_webhook(call, app, given)
    return world.transact(lambda: _show_app(world.apps[app.client_key]))


@operation("PATCH", "/apps/{key}", waits=True)
def change_app(call: OperationCall) -> Answer:
    """Change an app: a field that is given replaces the old value, templates are merged."""
    given, world = call.read(NewApp), call.world
    _check_app(given)

    def change() -> App:
        app = world.find_app(call.path["key"])
        if given.client_key not in (None, app.client_key) or given.kind not in (None, app.kind):
            raise MockDouyinError("an app keeps its client_key and kind; register another")
        changed = amend_app(app, msgspec.structs.replace(_spec(given), webhook=None))
        world.register(changed)
        return changed

    app = world.transact(change)
    if given.webhook is not None:
        _set_webhook(call, app, given)
    return world.transact(lambda: _show_app(world.apps[app.client_key]))


def _set_webhook(call: OperationCall, app: App, given: NewApp) -> None:
    """Merge a webhook into an app's; a new URL has to answer Douyin's challenge first."""
    if given.webhook is None:
        return
    named = call.body["webhook"]
    before = app.webhook or Webhook(verified=False)
    changed = {name: getattr(given.webhook, name) for name in named if name != "verified"}
    verified = before.verified or "url" in named or not given.verify
    webhook = msgspec.structs.replace(before, **changed, verified=verified)
    if given.verify and "url" in named and webhook.url:
        # Between two transactions: the receiver may take seconds to answer.
        handshake(call.sandbox.deliverer, call.world, app, webhook)

    def register() -> None:
        # Read the app again: it may have changed while the receiver was asked.
        now = call.world.apps[app.client_key]
        call.world.register(msgspec.structs.replace(now, webhook=webhook))

    call.world.transact(register)
