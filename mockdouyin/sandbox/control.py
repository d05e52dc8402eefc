"""Steering: what the control API, the command line and the test fixtures can ask of a sandbox.

Each order is one function from plain data to plain data, declared with the method and path that it
has under `/_mock`; a door carries it over HTTP or calls it directly.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Literal, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec

from mockdouyin.core import pushes
from mockdouyin.core.apps import App, AppSpec, Webhook, amend_app, make_app
from mockdouyin.core.clock import iso, parse_duration, parse_moment
from mockdouyin.core.errors import (
    ConflictError,
    MockDouyinError,
    NotFoundError,
    ScenarioError,
    did_you_mean,
)
from mockdouyin.core.events import EVENTS
from mockdouyin.core.journal import Exchange, fits, show
from mockdouyin.core.people import Person, PersonSpec
from mockdouyin.core.settings import decode, encode
from mockdouyin.core.sharing import JsCall
from mockdouyin.core.webhooks import Happened, kind_of
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.phone import APIS
from mockdouyin.sandbox import consent, deliveries, shape, sharing
from mockdouyin.sandbox.deliveries import Parcel, handshake, prepare
from mockdouyin.sandbox.rules import Rule
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.scenario import DEFAULT, Scenario, load, settings_of
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World

T = TypeVar("T")

Answer = dict[str, Any]


class Ask(NamedTuple):
    """One order to a sandbox, as it arrived."""

    sandbox: Sandbox
    world: World
    path: dict[str, str]
    query: dict[str, str]
    body: Any

    def read(self, kind: type[T]) -> T:
        """Read the body; an unknown or ill-typed field is refused by name."""
        body = self.body or {}
        try:
            return msgspec.convert(body, kind, dec_hook=decode)
        except msgspec.ValidationError as error:
            raise MockDouyinError(_plain(str(error), body, kind)) from None

    def number(self, name: str, default: float) -> float:
        """Give a number of the query."""
        try:
            return float(self.query.get(name, default))
        except ValueError:
            raise MockDouyinError(f"{name} should be a number, not {self.query[name]!r}") from None


def _plain(text: str, body: Any, kind: type) -> str:
    if "unknown field" in text:
        name = text.split("`")[1]
        known = getattr(kind, "__struct_fields__", ())
        return f"unknown field {name}{did_you_mean(name, known)}"
    return shape.described(body, kind) or text


class Order(NamedTuple):
    """One thing that can be asked for."""

    name: str
    method: str
    path: str
    function: Callable[[Ask], Answer]
    in_world: bool
    waits: bool


ORDERS: dict[str, Order] = {}
"""Everything that can be asked for, by name."""

_Function = Callable[[Ask], Answer]


def order(
    method: str, path: str, *, in_world: bool = True, waits: bool = False
) -> Callable[[_Function], _Function]:
    """Declare an order; one that is `in_world` is at /worlds/{world}/… too."""

    def declare(function: _Function) -> _Function:
        name = function.__name__
        ORDERS[name] = Order(name, method, path, function, in_world, waits)
        return function

    return declare


def carry_out(
    sandbox: Sandbox,
    name: str,
    *,
    world: str = DEFAULT_WORLD,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: Any = None,
) -> Answer:
    """Carry out one order; what is wrong with it is raised as a MockDouyinError."""
    wanted = ORDERS[name]
    place = sandbox.worlds.get(world) if wanted.in_world else sandbox.default
    return wanted.function(Ask(sandbox, place, path or {}, query or {}, body))


# About the whole sandbox.


@order("GET", "/health", in_world=False)
def health(ask: Ask) -> Answer:
    """Tell that the server answers."""
    from mockdouyin import __version__

    return {"status": "ok", "version": __version__}


@order("GET", "/openapi.json", in_world=False)
def openapi(ask: Ask) -> Answer:
    """Describe every emulated endpoint and this API, as OpenAPI 3.1."""
    from mockdouyin.sandbox.openapi import document

    return document(ORDERS)


@order("GET", "/endpoints", in_world=False)
def endpoints(ask: Ask) -> Answer:
    """List what is emulated, and how sure we are of each."""
    return {
        "endpoints": [
            {
                "name": endpoint.full_name,
                "methods": list(endpoint.methods),
                "paths": list(endpoint.paths),
                "hosts": list(endpoint.family.hosts),
                "about": endpoint.about,
                "basis": endpoint.basis,
                "doc": endpoint.doc,
                "scope": endpoint.scope,
                "parameters": list(endpoint.fields.__struct_fields__),
                "errors": len(endpoint.errors),
            }
            for endpoint in CATALOGUE
        ],
        "phone": [
            {"name": api.full_name, "about": api.about, "arguments": list(api.takes)}
            for api in APIS.values()
        ],
    }


@order("GET", "/errors", in_world=False)
def errors(ask: Ask) -> Answer:
    """List every error that can be provoked, of one endpoint where it is named."""
    wanted = ask.query.get("endpoint", "")
    rows = [
        {
            "endpoint": endpoint.full_name,
            "code": case.code,
            "name": case.name,
            "text": case.text,
            "basis": case.basis,
            "cause": case.cause,
            "doc": endpoint.doc,
        }
        for endpoint in CATALOGUE
        if wanted in ("", endpoint.full_name, endpoint.name, *endpoint.paths)
        for case in endpoint.errors
    ]
    if not rows:
        names = [e.full_name for e in CATALOGUE] + [e.name for e in CATALOGUE]
        raise NotFoundError(f"no endpoint {wanted!r}{did_you_mean(wanted, names)}")
    return {"errors": rows}


# Worlds.


class NewWorld(msgspec.Struct, forbid_unknown_fields=True):
    """A world to be made."""

    name: str | None = None
    scenario: str | dict[str, Any] | None = None
    seed: int | None = None
    settings: dict[str, Any] = {}


_WORLD_NAME = "letters, digits and . _ - only, up to 200"


@order("POST", "/worlds", in_world=False)
def create_world(ask: Ask) -> Answer:
    """Make a world of its own, with fresh credentials unless the scenario pins them."""
    wanted = ask.read(NewWorld)
    if wanted.name is not None:
        plain = wanted.name.translate(str.maketrans("", "", "._-"))
        if not plain.isalnum() or len(wanted.name) > 200:
            raise MockDouyinError(f"a world's name has {_WORLD_NAME}, not {wanted.name!r}")
    scenario = DEFAULT
    if isinstance(wanted.scenario, str):
        scenario = load(wanted.scenario)
    elif wanted.scenario is not None:
        scenario = _inline(wanted.scenario)
    world = ask.sandbox.worlds.create(wanted.name, scenario, wanted.seed, wanted.settings)
    return _show_world(world)


def _inline(given: dict[str, Any]) -> Scenario:
    return Scenario.parse(msgspec.json.encode({"name": "inline", **given}).decode(), "scenario")


def _show_world(world: World) -> Answer:
    return {
        "world": world.name,
        "scenario": world.scenario.name,
        "seed": world.settings.seed,
        **_apps(world),
        **_people(world),
    }


@order("GET", "/worlds", in_world=False)
def worlds(ask: Ask) -> Answer:
    """List the living worlds."""
    return {
        "worlds": [
            {
                "world": world.name,
                "scenario": world.scenario.name,
                "seed": world.settings.seed,
                "exchanges": world.journal.total,
            }
            for world in ask.sandbox.worlds
        ]
    }


@order("DELETE", "")
def drop_world(ask: Ask) -> Answer:
    """End a world; what it issued is no longer known."""
    if ask.world.name == DEFAULT_WORLD:
        raise ConflictError("the world default stays; reset it instead")
    ask.sandbox.worlds.drop(ask.world.name)
    return {"dropped": ask.world.name}


@order("POST", "/reset")
def reset(ask: Ask) -> Answer:
    """Let a world begin again: nothing issued, no rules from outside, its clock running."""
    with ask.world.lock:
        ask.world.reset()
    return _show_world(ask.world)


@order("GET", "/settings")
def settings(ask: Ask) -> Answer:
    """Give the world's settings."""
    return {"settings": msgspec.to_builtins(ask.world.settings, enc_hook=encode)}


@order("PATCH", "/settings")
def change_settings(ask: Ask) -> Answer:
    """Change some of the world's settings; its seed stays."""
    given: dict[str, Any] = ask.read(dict)
    if "seed" in given:
        raise MockDouyinError("the seed of a living world cannot change; make another world")
    before = msgspec.to_builtins(ask.world.settings, enc_hook=encode)
    with ask.world.lock:
        ask.world.settings = settings_of(DEFAULT, **{**before, **given})
    return settings(ask)


# Apps and people.


def _apps(world: World) -> Answer:
    return {"apps": [_show_app(world, key) for key in world.apps]}


def _show_app(world: World, key: str) -> Answer:
    shown: Answer = msgspec.to_builtins(world.apps[key])
    del shown["any_secret"], shown["trial_since"]
    return shown


def _people(world: World) -> Answer:
    return {"people": [_show_person(world, name) for name in world.people]}


def _show_person(world: World, name: str) -> Answer:
    people, apps = world.people, world.apps.values()
    return {
        **msgspec.to_builtins(people.profile(name)),
        "open_ids": {app.client_key: people.open_id(app, name) for app in apps},
        "union_ids": {app.developer: people.union_id(app, name) for app in apps},
    }


@order("GET", "/apps")
def apps(ask: Ask) -> Answer:
    """List the world's apps."""
    return _apps(ask.world)


@order("GET", "/people")
def people(ask: Ask) -> Answer:
    """List the world's people."""
    return _people(ask.world)


class NewApp(AppSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An app to be registered."""

    name: str | None = None
    verify: bool = True
    """Whether a webhook's receiver has to answer the challenge first."""


def _spec(given: NewApp) -> AppSpec:
    return AppSpec(**{f: getattr(given, f) for f in AppSpec.__struct_fields__})


@order("POST", "/apps", waits=True)
def add_app(ask: Ask) -> Answer:
    """Register an app; what is left out is made up."""
    given, world = ask.read(NewApp), ask.world
    with world.lock:
        name = given.name or f"app-{len(world.apps) + 1}"
        if any(app.name == name for app in world.apps.values()):
            raise ConflictError(f"there is an app {name!r} already; change it with PATCH")
        spec = msgspec.structs.replace(_spec(given), webhook=None)
        app = make_app(name, spec, world.ids)
        if app.client_key in world.apps:
            raise ConflictError(f"there is an app with the key {app.client_key!r} already")
        world.register(app)
    if given.webhook is not None:
        _set_webhook(ask, app, given)
    return _show_app(world, app.client_key)


@order("PATCH", "/apps/{key}", waits=True)
def change_app(ask: Ask) -> Answer:
    """Change an app: what is named replaces, templates merge."""
    given, world = ask.read(NewApp), ask.world
    with world.lock:
        app = world.find_app(ask.path["key"])
        if given.client_key not in (None, app.client_key) or given.kind not in (None, app.kind):
            raise MockDouyinError("an app keeps its client_key and kind; register another")
        world.register(amend_app(app, msgspec.structs.replace(_spec(given), webhook=None)))
    if given.webhook is not None:
        _set_webhook(ask, world.find_app(ask.path["key"]), given)
    return _show_app(world, app.client_key)


class NewPerson(PersonSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person to be added."""

    name: str | None = None


@order("POST", "/people")
def add_person(ask: Ask) -> Answer:
    """Add a person; what is left out is generated from the world's seed."""
    given, world = ask.read(NewPerson), ask.world
    with world.lock:
        name = given.name or f"person-{len(list(world.people)) + 1}"
        if name in world.people:
            raise ConflictError(f"there is a person {name!r} already; change them with PATCH")
        spec = PersonSpec(**{f: getattr(given, f) for f in PersonSpec.__struct_fields__})
        world.people.add(name, spec)
    return _show_person(world, name)


@order("PATCH", "/people/{name}")
def change_person(ask: Ask) -> Answer:
    """Change a person's profile."""
    given, world = ask.read(PersonSpec), ask.world
    with world.lock:
        name = world.people.find(ask.path["name"])
        before = msgspec.structs.asdict(world.people.profile(name))
        world.people.add(name, msgspec.convert({**before, **given.given()}, Person))
    return _show_person(world, name)


def _set_webhook(ask: Ask, app: App, given: NewApp) -> None:
    """Set a webhook; what is not named stays. A new URL has to answer Douyin's challenge."""
    if given.webhook is None:
        return
    named = ask.body["webhook"]
    before = app.webhook or Webhook(verified=False)
    changed = {name: getattr(given.webhook, name) for name in named if name != "verified"}
    webhook = msgspec.structs.replace(before, **changed, verified=True)
    if given.verify and "url" in named and webhook.url:
        handshake(ask.sandbox.deliverer, ask.world, app, webhook)
    with ask.world.lock:
        ask.world.register(
            msgspec.structs.replace(ask.world.apps[app.client_key], webhook=webhook)
        )


# What people do.


@order("POST", "/phone/{api}")
def phone(ask: Ask) -> Answer:
    """Call a tt API on a person's phone: exactly what it hands to `success`, or to `fail`."""
    args: dict[str, Any] = dict(ask.read(dict))
    app, person = args.pop("app", None), args.pop("person", None)
    for name, who in (("app", app), ("person", person)):
        if not isinstance(who, str | None):
            raise MockDouyinError(f"{name} should be text, not {who!r}")
    return ask.sandbox.phone(ask.world, ask.path["api"], app=app, person=person, args=args)


@order("POST", "/oauth/authorize")
def authorize(ask: Ask) -> Answer:
    """Let a person consent: the address that they are sent back to, and the code in it."""
    return consent.authorize(ask.world, ask.read(consent.Consent))


@order("POST", "/oauth/scan")
def scan(ask: Ask) -> Answer:
    """Let a phone scan a QR code of /oauth/get_qrcode/, and answer it where it is said how."""
    return consent.scan(ask.world, ask.read(consent.Scan))


@order("POST", "/oauth/revoke")
def revoke(ask: Ask) -> Answer:
    """Let a person take back what they granted an app: its tokens are dead at once."""
    return consent.revoke(ask.world, ask.read(consent.Revocation))


# Time.


@order("GET", "/clock")
def clock(ask: Ask) -> Answer:
    """Give the world's time."""
    return {"now": iso(ask.world.clock.now()), "frozen": ask.world.clock.frozen}


class Advance(msgspec.Struct, forbid_unknown_fields=True):
    """How far to move the clock."""

    by: str | float


@order("POST", "/clock/advance", waits=True)
def advance_clock(ask: Ask) -> Answer:
    """Move the world's time ahead, and do all that falls due on the way, in order."""
    by = parse_duration(ask.read(Advance).by)
    quiet = ask.sandbox.deliverer.advance(ask.world, by)
    return clock(ask) if quiet else {**clock(ask), "unfinished": True}


class Freeze(msgspec.Struct, forbid_unknown_fields=True):
    """When to stand still; now, unless said."""

    at: str | None = None


@order("POST", "/clock/freeze")
def freeze_clock(ask: Ask) -> Answer:
    """Let the world's time stand still."""
    at = ask.read(Freeze).at
    with ask.world.lock:
        ask.world.clock.freeze(parse_moment(at) if at else None)
    return clock(ask)


@order("POST", "/clock/resume")
def resume_clock(ask: Ask) -> Answer:
    """Let the world's time run on."""
    with ask.world.lock:
        ask.world.clock.resume()
    ask.sandbox.deliverer.wake()
    return clock(ask)


# Sharing.


@order("POST", "/share/build")
def build_share(ask: Ask) -> Answer:
    """Build a share link as a right backend does."""
    return sharing.build(ask.world, ask.read(sharing.NewLink))


@order("POST", "/share/verify")
def verify_share(ask: Ask) -> Answer:
    """Examine a share link: which part the Douyin app would not take, and why."""
    return sharing.verify(ask.world, ask.read(sharing.Link))


@order("POST", "/share/publish")
def publish_share(ask: Ask) -> Answer:
    """Let a person open a share link and publish: the video is listed, create_video goes out."""
    return sharing.publish(ask.world, ask.read(sharing.Link))


@order("POST", "/js/verify")
def verify_js(ask: Ask) -> Answer:
    """Examine a signature of the JS SDK."""
    return sharing.verify_js(ask.world, ask.read(JsCall))


# Events.


class NewEvent(msgspec.Struct, forbid_unknown_fields=True):
    """An event to be sent now, whether the app subscribed to it or not."""

    event: str
    app: str | None = None
    person: str | None = None
    other: str | None = None
    to: str = ""
    secret: str = ""
    content: dict[str, Any] = {}
    fields: dict[str, Any] = {}
    form: Literal["object", "string"] | None = None
    raw: str | None = None
    """The whole body, in place of the platform's."""


@order("GET", "/events", in_world=False)
def events(ask: Ask) -> Answer:
    """List the kinds of events, and whether the content of each is an object or a string."""
    return {
        "events": [
            {"event": e.name, "about": e.about, "content": e.form, "basis": e.basis}
            for e in EVENTS.values()
        ]
    }


@order("POST", "/events", waits=True)
def send_event(ask: Ask) -> Answer:
    """Send an event to an app's webhook, or to a URL; the delivery, with what came back."""
    given, world = ask.read(NewEvent), ask.world
    if given.raw is None:
        kind_of(given.event)
    with world.lock:
        app = world.find_app(given.app, "web")
        url = given.to or (app.webhook.url if app.webhook else "")
        if not url:
            raise MockDouyinError(f"app {app.name!r} has no webhook; say `to` which URL")
        what = Happened(
            event=given.event,
            person=world.people.find(given.person) if given.person else world.people.first,
            other=world.people.find(given.other) if given.other else None,
            content=given.content,
            fields=given.fields,
            form=given.form,
            url=url,
            secret=given.secret,
            raw=None if given.raw is None else given.raw.encode(),
        )
        made = prepare(world, app, what)
    return deliveries.show(ask.sandbox.deliverer.try_now(world, made))


class NewPush(msgspec.Struct, forbid_unknown_fields=True):
    """A message push to be sent now."""

    to: str
    token: str
    kind: str = "verify_request"
    """A mini-game's x-msg-type; or `verify_mini_app` for a mini-app's handshake, a GET."""
    app: str | None = None
    person: str | None = None
    content: dict[str, Any] = {}


@order("POST", "/pushes", waits=True)
def send_push(ask: Ask) -> Answer:
    """Send a mini-game's message push, or a mini-app's push verification; what came back."""
    given, world = ask.read(NewPush), ask.world
    with world.lock:
        now = world.clock.now()
        if given.kind == "verify_mini_app":
            query = pushes.app_verification(world.ids, given.token, now)
            joint = "&" if "?" in given.to else "?"
            parcel = Parcel("GET", f"{given.to}{joint}{urlencode(query)}", {}, b"")
        else:
            app = world.find_app(given.app, "mini_game")
            who = world.people.find(given.person) if given.person else world.people.first
            content = dict(given.content)
            if given.kind != "verify_request":
                content.setdefault("open_id", world.people.open_id(app, who))
            headers, body = pushes.game_push(
                world.ids, app.client_key, given.token, given.kind, now, content
            )
            parcel = Parcel("POST", given.to, headers, body)
    posted = ask.sandbox.deliverer.post(parcel)
    return {
        "sent": {
            "method": parcel.method,
            "url": parcel.url,
            "headers": parcel.headers,
            "body": parcel.body.decode(),
        },
        "status": posted.status,
        "body": posted.body,
        "error": posted.error or None,
        "took_ms": posted.took_ms,
    }


@order("GET", "/deliveries")
def list_deliveries(ask: Ask) -> Answer:
    """List every delivery with its attempts, the oldest first."""
    with ask.world.lock:
        return {"deliveries": [deliveries.show(each) for each in deliveries.listed(ask.world)]}


@order("POST", "/deliveries/{id}/replay", waits=True)
def replay(ask: Ask) -> Answer:
    """Send the same bytes again, under the same Msg-Id."""
    with ask.world.lock:
        found = deliveries.find(ask.world, ask.path["id"])
    return deliveries.show(ask.sandbox.deliverer.try_now(ask.world, found))


# Rules.


@order("GET", "/rules")
def rules(ask: Ask) -> Answer:
    """List the rules in the order in which they decide, with how often each struck."""
    unit = ask.world.store.unit(ask.world.clock.now())
    return {"rules": [armed.show(unit) for armed in ask.world.rules]}


@order("POST", "/rules")
def add_rule(ask: Ask) -> Answer:
    """Set a rule; an unknown endpoint, error or field is refused."""
    rule = _read_rule(ask)
    with ask.world.lock:
        armed = ask.world.rules.add(rule)
        return armed.show(ask.world.store.unit(ask.world.clock.now()))


def _read_rule(ask: Ask) -> Rule:
    if not isinstance(ask.body, dict) or "on" not in ask.body:
        raise ScenarioError("a rule says `on` which endpoint it works")
    return ask.read(Rule)


@order("DELETE", "/rules")
def clear_rules(ask: Ask) -> Answer:
    """Remove every rule, the scenario's too."""
    with ask.world.lock:
        ask.world.rules.clear()
    return {"rules": []}


@order("DELETE", "/rules/{id}")
def remove_rule(ask: Ask) -> Answer:
    """Remove one rule."""
    with ask.world.lock:
        if not ask.world.rules.remove(ask.path["id"]):
            known = [armed.id for armed in ask.world.rules]
            raise NotFoundError(f"no rule {ask.path['id']!r}{did_you_mean(ask.path['id'], known)}")
    return rules(ask)


# The journal.


@order("GET", "/journal")
def journal(ask: Ask) -> Answer:
    """List exchanges, the newest last, with what must not be seen hidden unless `reveal=true`."""
    since, limit = int(ask.number("since", 0)), int(ask.number("limit", 100))
    with ask.world.lock:
        found = ask.world.journal.select(ask.query.get("endpoint", ""), since, limit)
        return {"exchanges": _shown(ask, found), "total": ask.world.journal.total}


def _shown(ask: Ask, found: list[Exchange]) -> list[Answer]:
    reveal = ask.query.get("reveal", "").lower() in ("true", "1", "yes")
    hide = (lambda text: text) if reveal else ask.world.mask()
    return [show(exchange, hide) for exchange in found]


@order("GET", "/journal/wait", waits=True)
def wait_for_journal(ask: Ask) -> Answer:
    """Wait until an endpoint was called so often; 408 with the closest call if it was not."""
    endpoint = ask.query.get("endpoint", "")
    count, timeout = int(ask.number("count", 1)), min(ask.number("timeout", 5), 60.0)
    since = int(ask.number("since", 0))
    found = _wait(ask, endpoint, since, count, timeout)
    if len(found) < count:
        raise WaitedInVainError(_closest(ask.world, endpoint, count, timeout, len(found)))
    return {"exchanges": _shown(ask, found)}


class WaitedInVainError(MockDouyinError):
    """What was waited for did not happen in time."""

    status = 408


def _wait(ask: Ask, endpoint: str, since: int, count: int, timeout: float) -> list[Exchange]:
    world, came = ask.world, threading.Semaphore(0)

    def listen(exchange: Exchange) -> None:
        if exchange.world == world.name and (not endpoint or fits(exchange, endpoint)):
            came.release()

    with world.lock:
        found = world.journal.select(endpoint, since)
        missing = count - len(found)
        world.journal.listeners.append(listen)

    def give_up() -> None:
        came.release(max(missing, 1))

    ask.sandbox.waits.append(give_up)
    try:
        for _ in range(missing):
            if not came.acquire(timeout=timeout):
                break
    finally:
        ask.sandbox.waits.remove(give_up)
        with world.lock:
            world.journal.listeners.remove(listen)
            found = world.journal.select(endpoint, since)
    return found


def _closest(world: World, endpoint: str, count: int, timeout: float, seen: int) -> str:
    latest = next(iter(reversed(list(world.journal))), None)
    last = "nothing was called at all"
    if latest is not None:
        name = latest.endpoint.full_name if latest.endpoint else "no endpoint"
        last = (
            f"the latest call was {latest.request.method} {latest.request.path} ({name},"
            f" {latest.verdict}{': ' + latest.why if latest.why else ''})"
        )
    what = endpoint or "any endpoint"
    return f"waited {timeout:g}s for {count} calls of {what} and saw {seen}; {last}"
