"""What a sandbox is filled with before a measurement, and the requests it then gets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from mockdouyin import Rule, Sandbox, Scenario
from mockdouyin.core.apps import demo_apps
from mockdouyin.core.http import Request

_DEMO = demo_apps()
PROGRAM, WEB = _DEMO["mini_program"], _DEMO["web"]
LOGIN_PATH = "/api/apps/v2/jscode2session"
_CLIENT = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
_JSON = {"content-type": "application/json"}

SCENARIO = Scenario.parse(
    """
name: benchmark
apps:
  mini_program: {kind: mini_program, templates: {BENCH: {kind: long_term, fields: [签到天数]}}}
settings: {login_code_lifetime: 1d, auth_code_lifetime: 1d}
"""
)
"""Codes live for a day, so that none expires before it is sent in a long run."""


class Load(NamedTuple):
    """One kind of request, sent again and again."""

    method: str
    path: str
    headers: dict[str, str]
    body: str = ""
    expect: str = '"error_code":0'
    """A part of every successful answer."""


def login_body(code: str) -> str:
    """Return the body with which a backend exchanges a code."""
    fields = {"appid": PROGRAM.client_key, "secret": PROGRAM.client_secret, "code": code}
    return json.dumps(fields)


def logins(box: Sandbox, count: int) -> Iterator[str]:
    """Log the first person in again and again, and yield the bodies that exchange the codes."""
    for _ in range(count):
        yield login_body(phone(box, "login")["code"])


def strangers(name: str, count: int) -> Iterator[str]:
    """Yield the bodies that exchange codes from elsewhere, all different."""
    for number in range(count):
        yield login_body(f"{name}-{number:032}")


def phone(box: Sandbox, api: str, **args: Any) -> dict[str, Any]:
    """Call a tt API on the first person's phone, in the mini-program."""
    return box.phone(box.default, api, app=PROGRAM.client_key, person=None, args=args)


def consent(box: Sandbox) -> dict[str, Any]:
    """Consent as the first person, and exchange the code for two tokens."""
    from mockdouyin.phone.consent import Consent, authorize

    asked = Consent(client_key=WEB.client_key)
    code = authorize(box.default, asked)["code"]
    fields = {**_CLIENT, "code": code, "grant_type": "authorization_code"}
    return ask(box, "/oauth/access_token/", fields)


def ask(box: Sandbox, path: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Post fields straight to the sandbox; return `data` of the answer."""
    body = json.dumps(fields).encode()
    reply = box.handle(Request("POST", path, headers=_raw(_JSON), body=body))
    answer: dict[str, Any] = json.loads(reply.body)["data"]
    return answer


def _raw(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def fill(box: Sandbox, live: int) -> int:
    """Issue this many codes and tokens, half of each, and return their number."""
    for _ in range(live // 4):
        phone(box, "login")
        consent(box)
    return live // 4 * 4


def arm(box: Sandbox, worlds: int, rules: int) -> int:
    """Add rules in other worlds, and one in this world on another endpoint."""
    box.default.rules.add(Rule(on="refresh_token", error="bad_refresh_token"))
    for _ in range(worlds):
        world = box.worlds.create()
        for number in range(rules // worlds):
            rule = Rule(on="code_to_session", when={"code": f"{number}-*"}, error=40018)
            world.rules.add(rule)
    return worlds


def client_token(_: Sandbox) -> Load:
    """The app's token for open.douyin.com: a new one each time."""
    body = json.dumps({**_CLIENT, "grant_type": "client_credential"})
    return Load("POST", "/oauth/client_token/", _JSON, body)


def _fresh_client_token(box: Sandbox) -> str:
    fields = {**_CLIENT, "grant_type": "client_credential"}
    token: str = ask(box, "/oauth/client_token/", fields)["access_token"]
    return token


def open_ticket(box: Sandbox) -> Load:
    """The ticket for H5 sharing: a new one each time."""
    return Load("GET", "/open/getticket/", {"access-token": _fresh_client_token(box)})


def js_ticket(box: Sandbox) -> Load:
    """The ticket of the JS SDK: the same one while it lives."""
    return Load("GET", "/js/getticket/", {"access-token": _fresh_client_token(box)})


def userinfo(box: Sandbox) -> Load:
    """A person's public profile."""
    given = consent(box)
    fields = {"access_token": given["access_token"], "open_id": given["open_id"]}
    return Load("POST", "/oauth/userinfo/", _JSON, json.dumps(fields))


def notify(box: Sandbox) -> Load:
    """A subscription message with a template that does not run out."""
    phone(box, "requestSubscribeMessage", tmplIds=["BENCH"])
    world, login = box.default, {"appid": PROGRAM.client_key, "secret": PROGRAM.client_secret}
    token = ask(box, "/api/apps/v2/token", {**login, "grant_type": "client_credential"})
    fields = {
        "access_token": token["access_token"],
        "app_id": PROGRAM.client_key,
        "tpl_id": "BENCH",
        "open_id": world.people.open_id(world.apps[PROGRAM.client_key], world.people.first),
        "data": {"签到天数": "7"},
    }
    path = "/api/apps/subscribe_notification/developer/v1/notify"
    return Load("POST", path, _JSON, json.dumps(fields), '"err_no":0')


LOADS: dict[str, Callable[[Sandbox], Load]] = {
    "client_token": client_token,
    "open_ticket": open_ticket,
    "js_ticket": js_ticket,
    "userinfo": userinfo,
    "notify": notify,
}

LOGIN = Load("POST", LOGIN_PATH, _JSON, login_body("code"), '"err_no":0')
"""A login; its bodies come from a file, each with a different code."""


def request_of(load: Load, body: str = "") -> Request:
    """Return a load's request as the server passes it to the sandbox."""
    body = body or load.body
    headers = {"host": "127.0.0.1:8600", "content-length": str(len(body.encode()))}
    return Request(load.method, load.path, b"", _raw({**headers, **load.headers}), body.encode())
