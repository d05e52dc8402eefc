"""A good call of every endpoint, and the world that it is made in."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core import codec
from mockdouyin.core.apps import App, Webhook
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.http import Reply, Request
from mockdouyin.domain.grants import authorize, revoke
from mockdouyin.domain.rate_limits import Window, count
from mockdouyin.endpoints import WRITTEN
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.compiled import RuleCount

SEED = 7
PERSON = "小明"
CONSENTED = ("user_info", "video.list", "mobile_alert")
JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class Ask:
    """One request, as a client writes it: parameters in the query, or as JSON in the body."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    fields: dict[str, Any] | None = None

    @property
    def body(self) -> bytes:
        """Return the body's bytes, which are also those that a signature is made over."""
        return b"" if self.fields is None else compact(self.fields)

    def having(self, **changed: Any) -> Ask:
        """Return the request with parameters set where they travel; None leaves one out."""
        query, fields = dict(self.query), dict(self.fields or {})
        for name, value in changed.items():
            place: dict[str, Any] = query if name in query or self.fields is None else fields
            place[name] = value
            if value is None:
                del place[name]
        return replace(self, query=query, fields=None if self.fields is None else fields)

    def under(self, **headers: str) -> Ask:
        """Return the request with headers set; underscores are written as hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def with_token(self, token: str) -> Ask:
        """Return the request with another token, in the place where it has one."""
        for header in ("access-token", "x-token"):
            if header in self.headers:
                return self.under(**{header: token})
        return self.having(access_token=token or None)

    def request(self) -> Request:
        """Return the request as the sandbox takes it."""
        heads = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        if self.fields is not None:
            heads.append((b"content-type", b"application/json"))
        return Request(self.method, self.path, urlencode(self.query).encode(), heads, self.body)


def compact(value: Any) -> bytes:
    """Write JSON as Douyin and most clients do: no spaces, raw UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


class Scene:
    """A sandbox whose clock stands still, with what people and clients do in it."""

    def __init__(self, box: Sandbox | None = None, **settings: Any) -> None:
        self.box = box or Sandbox(clock=ManualClock, seed=SEED, settings=settings)
        self.world: World = self.box.default

    def app(self, kind: str) -> App:
        """Return the demo app of a kind."""
        return self.world.find_app(None, kind)

    def amend(self, kind: str, **changes: Any) -> None:
        """Change the demo app of a kind."""

        def change() -> None:
            self.world.register(msgspec.structs.replace(self.app(kind), **changes))

        self.world.transact(change)

    def set(self, **settings: Any) -> None:
        """Change the world's settings."""

        def change() -> None:
            self.world.settings = msgspec.structs.replace(self.world.settings, **settings)

        self.world.transact(change)

    def advance(self, seconds: float) -> None:
        """Move the world's clock."""
        self.world.transact(lambda: self.world.clock.advance(seconds))

    def send(self, ask: Ask) -> Reply:
        """Send a request."""
        return self.box.handle(ask.request())

    def ask(self, ask: Ask) -> Any:
        """Send a request and give the JSON of the answer."""
        reply = self.send(ask)
        assert reply.status == 200, reply.body
        return json.loads(reply.body)

    def phone(
        self, api: str, kind: str = "mini_program", person: str = PERSON, **args: Any
    ) -> Any:
        """Call a tt API on a person's phone."""
        return self.box.phone(self.world, api, app=kind, person=person, args=args)

    def session_key(self, kind: str = "mini_game", person: str = PERSON) -> str:
        """Log a person in and exchange the code; give the session key."""
        code = self.phone("login", kind, person)["code"]
        app = self.app(kind)
        path = "/mgplatform/api/apps/jscode2session"
        query = {"appid": app.client_key, "secret": app.client_secret, "code": code}
        return str(self.ask(Ask("GET", path, query))["session_key"])

    def open_id(self, kind: str, person: str = PERSON) -> str:
        """Return a person's open_id in an app."""
        return self.world.people.open_id(self.app(kind), person)

    def app_token(self, kind: str = "mini_program") -> str:
        """Fetch an app token."""
        app = self.app(kind)
        fields = {
            "appid": app.client_key,
            "secret": app.client_secret,
            "grant_type": "client_credential",
        }
        answer = self.ask(Ask("POST", "/api/apps/v2/token", fields=fields))
        return str(answer["data"]["access_token"])

    def client_token(self, kind: str = "web") -> str:
        """Fetch the app's stable client token, which is the same each time."""
        answer = self.ask(Ask("POST", "/oauth/stable_client_token/", fields=self.client(kind)))
        return str(answer["data"]["access_token"])

    def client(self, kind: str = "web") -> dict[str, Any]:
        """Return what an app asks for a client token with."""
        app = self.app(kind)
        return {
            "client_key": app.client_key,
            "client_secret": app.client_secret,
            "grant_type": "client_credential",
        }

    def consent(self, person: str = PERSON, scopes: tuple[str, ...] = CONSENTED) -> str:
        """Consent to the web app as a person; return the code that it is sent."""
        unit = self.world.store.unit(self.world.clock.now())
        code = authorize(self.world, unit, self.app("web"), person, scopes)
        unit.commit()
        return code

    def revoke(self, person: str = PERSON) -> None:
        """Revoke a person's consent."""
        unit = self.world.store.unit(self.world.clock.now())
        revoke(self.world, unit, self.app("web"), person)
        unit.commit()

    def exchange(self, code: str) -> Any:
        """Exchange the code of a consent; give the answer's data."""
        app = self.app("web")
        fields = {
            "client_key": app.client_key,
            "client_secret": app.client_secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        return self.ask(Ask("POST", "/oauth/access_token/", fields=fields))["data"]

    def tokens(self, person: str = PERSON, scopes: tuple[str, ...] = CONSENTED) -> Any:
        """Consent as a person and exchange the code; return their tokens."""
        return self.exchange(self.consent(person, scopes))

    def template(self, kind: str) -> str:
        """Return the id of the app's first template."""
        return next(iter(self.app(kind).templates))

    def called(self, what: str, calls: int, period: float) -> None:
        """Count so many calls as made in the present window, without making them."""
        unit = self.world.store.unit(self.world.clock.now())
        before = dict(unit.scan(Window))
        count(unit, what, period)
        for key, window in list(unit.scan(Window)):
            if key not in before:
                unit.write(key, msgspec.structs.replace(window, calls=calls))
        unit.commit()

    def state(self) -> dict[str, Any]:
        """Return every living record but those that count calls."""
        unit = self.world.store.unit(self.world.clock.now())
        counting = (Window, RuleCount)
        kinds = [kind for kind in codec.kinds().values() if kind not in counting]
        return {f"{kind.__name__} {key}": held for kind in kinds for key, held in unit.scan(kind)}


def sign(key: str, message: bytes) -> str:
    """Sign a login state, as a client does."""
    return hmac.new(key.encode(), message, hashlib.sha256).hexdigest()


# A good call of every endpoint.

Builder = Callable[[Scene, str, str], Ask]
"""Makes a call from a scene, the path, and the kind of app that calls."""

GOOD: dict[str, Builder] = {}


def good(scene: Scene, name: str) -> Ask:
    """Return a call of the endpoint that succeeds; each has codes of its own."""
    endpoint = WRITTEN.endpoints[name]
    return GOOD[name](scene, endpoint.paths[0], kind_of(endpoint))


WEB_FAMILIES = ("oauth", "silent", "tickets", "share", "schema", "webhook")


def kind_of(endpoint: Endpoint) -> str:
    """Return the kind of app that a family's calls are made for here."""
    if endpoint.family.name in ("mini_game", "links_game"):
        return "mini_game"
    is_web = endpoint.family.name in WEB_FAMILIES or endpoint.full_name in BUILDERS
    return "web" if is_web else "mini_program"


def _builds(*names: str) -> Callable[[Builder], Builder]:
    def keep(builder: Builder) -> Builder:
        GOOD.update((name, builder) for name in names)
        return builder

    return keep


def _login(scene: Scene, kind: str) -> dict[str, Any]:
    app, codes = scene.app(kind), scene.phone("login", kind)
    return {
        "appid": app.client_key,
        "secret": app.client_secret,
        "code": codes["code"],
        "anonymous_code": codes["anonymousCode"],
    }


@_builds("mini_program.code_to_session")
def _code_to_session(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("POST", path, fields=_login(scene, kind))


@_builds("mini_program.code_to_session_v1", "mini_game.code_to_session")
def _code_to_session_flat(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, _login(scene, kind))


def _credentials(scene: Scene, kind: str) -> dict[str, str]:
    app = scene.app(kind)
    return {
        "appid": app.client_key,
        "secret": app.client_secret,
        "grant_type": "client_credential",
    }


@_builds("mini_program.app_token", "mini_game.app_token", "mini_game.stable_app_token")
def _app_token(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("POST", path, fields=_credentials(scene, kind))


@_builds("mini_program.app_token_v1", "mini_game.app_token_v1")
def _app_token_flat(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, _credentials(scene, kind))


@_builds("mini_program.notify", "mini_game.notify")
def _notify(scene: Scene, path: str, kind: str) -> Ask:
    scene.phone("requestSubscribeMessage", kind)
    fields = {
        "access_token": scene.app_token(kind),
        "app_id": scene.app(kind).client_key,
        "tpl_id": scene.template(kind),
        "open_id": scene.open_id(kind),
        "data": {"快递派送": "SF1111111111"},
    }
    return Ask("POST", path, fields=fields)


def _signed(scene: Scene, kind: str) -> dict[str, Any]:
    return {
        "access_token": scene.app_token(kind),
        "openid": scene.open_id(kind),
        "sig_method": "hmac_sha256",
    }


@_builds("mini_game.check_session_key")
def _check_session_key(scene: Scene, path: str, kind: str) -> Ask:
    signature = sign(scene.session_key(kind), f"get&{quote(path, safe='')}".encode())
    return Ask("GET", path, {**_signed(scene, kind), "signature": signature})


@_builds("mini_game.reset_session_key")
def _reset_session_key(scene: Scene, path: str, kind: str) -> Ask:
    signature = sign(scene.session_key(kind), b"")
    return Ask("POST", path, fields={**_signed(scene, kind), "signature": signature})


def storing(scene: Scene, path: str, kind: str, fields: dict[str, Any]) -> Ask:
    """Return a call of the user storage, signed over its body."""
    ask = Ask("POST", path, _signed(scene, kind), fields=fields)
    signature = sign(scene.session_key(kind), ask.body)
    return replace(ask, query={**ask.query, "signature": signature})


@_builds("mini_game.set_user_storage")
def _set_user_storage(scene: Scene, path: str, kind: str) -> Ask:
    pair = {"key": "score", "value": '{"ttgame":{"score":1}}'}
    return storing(scene, path, kind, {"kv_list": [pair]})


@_builds("mini_game.remove_user_storage")
def _remove_user_storage(scene: Scene, path: str, kind: str) -> Ask:
    return storing(scene, path, kind, {"key": ["score"]})


@_builds("oauth.user_token")
def _user_token(scene: Scene, path: str, kind: str) -> Ask:
    client = {**scene.client(), "code": scene.consent(), "grant_type": "authorization_code"}
    return Ask("POST", path, fields=client)


@_builds("oauth.refresh_token")
def _refresh_token(scene: Scene, path: str, kind: str) -> Ask:
    fields = {
        "client_key": scene.app(kind).client_key,
        "refresh_token": scene.tokens()["refresh_token"],
        "grant_type": "refresh_token",
    }
    return Ask("POST", path, fields=fields)


@_builds("oauth.renew_refresh_token")
def _renew_refresh_token(scene: Scene, path: str, kind: str) -> Ask:
    fields = {
        "client_key": scene.app(kind).client_key,
        "refresh_token": scene.tokens()["refresh_token"],
    }
    return Ask("POST", path, fields=fields)


@_builds("oauth.client_token", "oauth.stable_client_token")
def _client_token(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("POST", path, fields=scene.client())


@_builds("oauth.user_info")
def _user_info(scene: Scene, path: str, kind: str) -> Ask:
    tokens = scene.tokens()
    fields = {"open_id": tokens["open_id"]}
    return Ask("POST", path, headers={"access-token": tokens["access_token"]}, fields=fields)


def asked(scene: Scene, kind: str = "web") -> dict[str, str]:
    """Return what an app asks a person for."""
    app = scene.app(kind)
    return {
        "client_key": app.client_key,
        "response_type": "code",
        "scope": "user_info,video.list",
        "redirect_uri": app.redirect_uris[0],
        "state": "1662039377758420993",
    }


@_builds("oauth.connect")
def _connect(scene: Scene, path: str, kind: str) -> Ask:
    query = asked(scene, kind)
    opened = Ask("GET", path, query).under(user_agent="Mozilla/5.0", sec_fetch_mode="navigate")
    page = scene.send(opened).page
    token = getattr(page.content, "form_token", "") if page is not None else ""
    answer = {"person": PERSON, "decision": "allow", "form_token": token}
    return Ask("POST", path, query, fields=answer)


def _next(scene: Scene, kind: str) -> dict[str, str]:
    query = asked(scene, kind)
    query["next"] = query.pop("redirect_uri")
    del query["response_type"]
    return query


@_builds("oauth.get_qrcode")
def _get_qrcode(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, _next(scene, kind))


@_builds("oauth.check_qrcode")
def _check_qrcode(scene: Scene, path: str, kind: str) -> Ask:
    query = _next(scene, kind)
    shown = scene.ask(Ask("GET", "/oauth/get_qrcode/", query))["data"]
    return Ask("GET", path, {**query, "token": shown["token"]})


@_builds("silent.authorize")
def _silent(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, {**asked(scene, kind), "scope": "login_id"})


@_builds("tickets.js_ticket", "tickets.open_ticket", "share.share_id")
def _with_client_token(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, headers={"access-token": scene.client_token(kind)})


def _to_gateway(scene: Scene, path: str, kind: str, fields: dict[str, Any]) -> Ask:
    return Ask("POST", path, headers={"access-token": scene.client_token(kind)}, fields=fields)


@_builds("microapp.code_to_session")
def _provider_login(scene: Scene, path: str, kind: str) -> Ask:
    codes, app = scene.phone("login", kind), scene.app(kind)
    fields = {
        "code": codes["code"],
        "anonymous_code": codes["anonymousCode"],
        "app_id": app.client_key,
    }
    return Ask("POST", path, headers={"access-token": app.authorizer_token}, fields=fields)


@_builds("microapp.phone_number")
def _phone_number(scene: Scene, path: str, kind: str) -> Ask:
    scene.phone("login", kind)
    code = scene.phone("getPhoneNumber", kind)["detail"]["code"]
    return _to_gateway(scene, path, kind, {"code": code})


@_builds("subscription.notify_user")
def _notify_user(scene: Scene, path: str, kind: str) -> Ask:
    scene.phone("requestSubscribeMessage", kind)
    fields = {
        "msg_id": scene.template(kind),
        "open_id": scene.open_id(kind),
        "data": {"快递派送": "SF1111111111"},
        "notify_type": [1, 2],
    }
    return _to_gateway(scene, path, kind, fields)


@_builds("subscription.query_user_subscribe")
def _query_user_subscribe(scene: Scene, path: str, kind: str) -> Ask:
    fields = {"msg_id": scene.template(kind), "open_id": scene.open_id(kind)}
    return _to_gateway(scene, path, kind, fields)


@_builds("subscription.create_tpl")
def _create_tpl(scene: Scene, path: str, kind: str) -> Ask:
    fields = {
        "category_ids": "1,2",
        "classification": 1,
        "title": "取餐提醒",
        "host_list": ["douyin"],
        "keyword_list": ["取餐码", "门店"],
    }
    return _to_gateway(scene, path, kind, fields)


@_builds("subscription.add_app_tpl")
def _add_app_tpl(scene: Scene, path: str, kind: str) -> Ask:
    fields = {"template_id": "12260", "keyword_list": ["订单编号", "订单状态"]}
    return _to_gateway(scene, path, kind, fields)


@_builds("subscription.delete_app_tpl")
def _delete_app_tpl(scene: Scene, path: str, kind: str) -> Ask:
    fields = {"template_id": 12259, "keyword_list": ["快递单号"]}
    add = WRITTEN.endpoints["subscription.add_app_tpl"].paths[0]
    added = scene.ask(_to_gateway(scene, add, kind, fields))
    return _to_gateway(scene, path, kind, {"msg_id": added["data"]["msg_id"]})


@_builds("subscription.query_tpl_list", "subscription.query_app_tpl")
def _query_tpl(scene: Scene, path: str, kind: str) -> Ask:
    query = {"classification": "1", "page_num": "1", "page_size": "2"}
    return Ask("GET", path, query, {"access-token": scene.client_token(kind)})


@_builds("subscription.query_created_tpl_list")
def _query_created(scene: Scene, path: str, kind: str) -> Ask:
    scene.ask(good(scene, "subscription.create_tpl"))
    query = {"page_num": "1", "page_size": "10", "status": "1"}
    return Ask("GET", path, query, {"access-token": scene.client_token(kind)})


# Webhooks.

HOOK = "http://127.0.0.1:9/hook"
"""A callback URL; nothing is posted there without a server."""


@_builds("webhook.event_status_list")
def _event_status_list(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, headers={"access-token": scene.client_token(kind)})


@_builds("webhook.event_status_update")
def _event_status_update(scene: Scene, path: str, kind: str) -> Ask:
    return _to_gateway(scene, path, kind, {"list": [{"event": "create_video", "status": 1}]})


@_builds("webhook.send_test_event")
def _send_test_event(scene: Scene, path: str, kind: str) -> Ask:
    scene.amend(kind, webhook=Webhook(url=HOOK))
    return _to_gateway(scene, path, kind, {"event_type": "create_video"})


def _by_provider(scene: Scene, method: str, path: str, kind: str, fields: Any = None) -> Ask:
    """Call as the third-party platform that an app has authorized."""
    scene.amend(kind, webhook=Webhook(url=HOOK, secret="0" * 32))
    headers = {"access-token": scene.app(kind).authorizer_token}
    return Ask(method, path, headers=headers, fields=fields)


@_builds("platform_webhook.event_statuses", "platform_webhook.reset_secret")
def _of_the_webhook(scene: Scene, path: str, kind: str) -> Ask:
    return _by_provider(scene, "GET", path, kind)


@_builds("platform_webhook.update_event_status")
def _update_event_status(scene: Scene, path: str, kind: str) -> Ask:
    wanted = [{"event": "user_subscribe_action", "status": 0}]
    return _by_provider(scene, "POST", path, kind, {"event_list": wanted})


# Links into the Douyin app.


@_builds("schema.get_share")
def _get_share(scene: Scene, path: str, kind: str) -> Ask:
    token = {"access-token": scene.client_token(kind)}
    ticket = scene.ask(Ask("GET", "/open/getticket/", headers=token))["data"]["ticket"]
    fields = {
        "client_ticket": ticket,
        "expire_at": int(scene.world.clock.now()) + 3600,
        "video_path": "https://media.example.test/video.mp4",
    }
    return _to_gateway(scene, path, kind, fields)


@_builds("schema.get_user_profile", "schema.get_chat", "schema.get_live")
def _get_page(scene: Scene, path: str, kind: str) -> Ask:
    until = int(scene.world.clock.now()) + 3600
    return _to_gateway(scene, path, kind, {"expire_at": until, "open_id": scene.open_id(kind)})


@_builds("schema.get_item_info")
def _get_item_info(scene: Scene, path: str, kind: str) -> Ask:
    until = int(scene.world.clock.now()) + 3600
    return _to_gateway(scene, path, kind, {"expire_at": until, "item_id": "@8hxdhauTCMppan=="})


from tests.endpoints import calls_content, calls_merchant, calls_payment  # noqa: E402 - made of what is above
from tests.endpoints import (  # noqa: E402 - made of what is above
    calls_groups as _calls_groups,  # noqa: F401 - it adds to BUILDERS
)
from tests.endpoints.calls_user import BUILDERS  # noqa: E402 - so is this

GOOD.update(BUILDERS)
GOOD.update(calls_payment.BUILDERS)
GOOD.update(calls_merchant.BUILDERS)
GOOD.update(calls_content.BUILDERS)
