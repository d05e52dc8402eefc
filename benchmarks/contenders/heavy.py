"""The heaviest inputs: the largest that are accepted, and larger ones that must be refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import quote

from benchmarks.contenders.stock import LOGIN_PATH, PROGRAM, WEB
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.parameters import FORM_LIMIT, MAX_FIELDS, MAX_TEXT

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=edge"

ROOM = BODY_LIMIT - 1024
"""Bytes for the heavy part of a body; the rest is for what is around it."""


class Heavy(NamedTuple):
    """One request that takes long if any code that it passes through is slow."""

    path: str
    body: bytes = b""
    kind: str = JSON
    method: str = "POST"


HEAVY: dict[str, Callable[[], Heavy]] = {}
"""Requests named by what is large in them; those of the control API have paths below /_mock."""


def heavy(make: Callable[[], Heavy]) -> Callable[[], Heavy]:
    """Register a request under its function's name."""
    HEAVY[make.__name__] = make
    return make


def filled(make: Callable[[int], str], room: int = ROOM, between: str = ",") -> str:
    """Join as many pieces as there is room for."""

    def pieces() -> Iterator[str]:
        left, number = room, 0
        while (left := left - len(piece := make(number)) - len(between)) > 0:
            yield piece
            number += 1

    return between.join(pieces())


def _order(path: str, **body: Any) -> Heavy:
    return Heavy(f"/_mock{path}", json.dumps(body).encode())


def _login(**over: Any) -> bytes:
    login = {"appid": PROGRAM.client_key, "secret": PROGRAM.client_secret, "code": "none"}
    return json.dumps({**login, **over}).encode()


# Requests to Douyin's endpoints.


@heavy
def keys() -> Heavy:
    """A JSON object with as many keys as fit."""
    return Heavy(LOGIN_PATH, b"{%s}" % filled(lambda n: f'"{n:x}":"1"').encode())


@heavy
def keys_of_nothing() -> Heavy:
    """The same to an unknown path: the world is looked up by what the body carries."""
    return keys()._replace(path="/nothing/here")


@heavy
def lists() -> Heavy:
    """As many lists as fit."""
    return Heavy(LOGIN_PATH, b'{"code":[%s]}' % filled(lambda n: "[]").encode())


@heavy
def a_long_text() -> Heavy:
    """A text of a megabyte as the app's key."""
    return Heavy(LOGIN_PATH, _login(appid="a" * ROOM))


@heavy
def a_text() -> Heavy:
    """The longest text that is read, as the app's key."""
    return Heavy(LOGIN_PATH, _login(appid="a" * MAX_TEXT))


@heavy
def escapes() -> Heavy:
    """A form in which every character is escaped."""
    return Heavy(LOGIN_PATH, b"code=" + b"%41" * ((FORM_LIMIT - 5) // 3), FORM)


@heavy
def pairs() -> Heavy:
    """As many fields as a form may have."""
    return Heavy(LOGIN_PATH, b"&".join(b"a%d=1" % n for n in range(MAX_FIELDS)), FORM)


@heavy
def too_many_pairs() -> Heavy:
    """As many fields as fit into the longest form."""
    return Heavy(LOGIN_PATH, b"a=&" * (FORM_LIMIT // 3), FORM)


@heavy
def boundaries() -> Heavy:
    """A multipart body of nothing but boundaries, without a blank line."""
    return Heavy(LOGIN_PATH, b"--edge\r\nx\r\n" * (ROOM // 11), MULTIPART)


@heavy
def slashes() -> Heavy:
    """A path of slashes."""
    return Heavy("/" * 60_000, method="GET")


@heavy
def worlds_in_a_path() -> Heavy:
    """A path that names a world again and again."""
    return Heavy("/@default" * 6000 + LOGIN_PATH)


@heavy
def scopes() -> Heavy:
    """A consent with as many optional scopes as a form holds."""
    asked = f"client_key={WEB.client_key}&response_type=code&scope=user_info"
    asked += "&redirect_uri=http%3A%2F%2Flocalhost%2F&optionalScope="
    many = filled(lambda n: f"{n:x}", FORM_LIMIT - 1024, "%2C")
    return Heavy("/platform/oauth/connect/", (asked + many).encode(), FORM)


@heavy
def a_state() -> Heavy:
    """A consent with the longest state, which the answer returns escaped."""
    state = quote("中" * (MAX_TEXT // 9))
    asked = f"client_key={WEB.client_key}&response_type=code&scope=user_info&state={state}"
    return Heavy(f"/platform/oauth/connect/?{asked}", method="GET")


# Operations of the control API.


@heavy
def a_scenario_of_rules() -> Heavy:
    """A world with as many rules as it may have, no two alike."""
    made = [{"on": "*", "delay": "1s", "times": n + 1} for n in range(1000)]
    return _order("/worlds", scenario={"rules": made})


@heavy
def shadows() -> Heavy:
    """A scenario in which every rule but the first is never reached."""
    made = [{"on": "code_to_session", "error": 40018}] * 1000
    return _order("/worlds", scenario={"rules": made})


@heavy
def a_crowd() -> Heavy:
    """A world with as many people as it may have, all generated."""
    return _order("/worlds", scenario={"people": {f"p{n}": {} for n in range(5000)}})


@heavy
def apps() -> Heavy:
    """A world with as many apps as it may have."""
    made = {f"a{n}": {"kind": "web"} for n in range(1000)}
    return _order("/worlds", scenario={"apps": made})


@heavy
def settings() -> Heavy:
    """A world with as many unknown settings as fit."""
    return _order("/worlds", settings={f"s{n}": 1 for n in range(70_000)})


@heavy
def names_of_a_rule() -> Heavy:
    """A rule on as many unknown endpoints as fit."""
    return _order("/rules", on=[f"nothing{n}" for n in range(60_000)], error=40018)


@heavy
def an_event() -> Heavy:
    """An event with the longest name."""
    return _order("/events", event="a" * ROOM)


@heavy
def a_share_link() -> Heavy:
    """A link of as many parameters as fit."""
    link = "snssdk1128://openplatform/share?" + "a&" * (ROOM // 2)
    return _order("/share/verify", schema=link)


@heavy
def a_nonce() -> Heavy:
    """A link with the longest nonce that a link can hold."""
    link = f"snssdk1128://openplatform/share?client_key={WEB.client_key}&share_type=h5"
    link += f"&nonce_str={'a' * 60_000}&timestamp=1&signature=x"
    return _order("/share/verify", schema=link)


@heavy
def an_address_that_was_signed() -> Heavy:
    """A page's address of a megabyte, with a wrong signature."""
    given = {
        "nonce_str": "n",
        "timestamp": "1",
        "signature": "x",
        "url": "https://x/" + "a" * ROOM,
    }
    return _order("/js/verify", client_key=WEB.client_key, **given)


@heavy
def a_sign_of_many_fields() -> Heavy:
    """A payment request with as many fields as a request may have, and a wrong sign."""
    fields = {f"f{number}": number for number in range(MAX_FIELDS - 2)}
    body = {**fields, "app_id": PROGRAM.client_key, "sign": "0" * 32}
    return Heavy("/api/apps/ecpay/v1/query_order", json.dumps(body).encode())


@heavy
def a_sign_of_long_values() -> Heavy:
    """A payment request with nested values as long as they may be, and a wrong sign."""
    lists = {f"f{number}": [[1] * 1000] * 16 for number in range(16)}
    body = {**lists, "app_id": PROGRAM.client_key, "sign": "0" * 32, "cp_extra": "[" * 60_000}
    return Heavy("/api/apps/ecpay/v1/query_order", json.dumps(body).encode())


@heavy
def a_signature_to_check() -> Heavy:
    """A request of as many fields as a request may have, as a command line."""
    fields = {f"f{number}": "x" * 900 for number in range(MAX_FIELDS - 1)}
    text = f"curl http://a.test/ -d '{json.dumps({**fields, 'sign': '0' * 32})}'"
    return _order("/signatures/check", text=text, key="k")


@heavy
def a_duration() -> Heavy:
    """The longest text of a duration."""
    return _order("/clock/advance", by="1s" * (ROOM // 2))


@heavy
def the_journal() -> Heavy:
    """The largest page of the journal."""
    return Heavy("/_mock/journal?limit=0", method="GET")


@heavy
def findings() -> Heavy:
    """The findings in the whole journal."""
    return Heavy("/_mock/findings", method="GET")


@heavy
def openapi() -> Heavy:
    """The OpenAPI document."""
    return Heavy("/_mock/openapi.json", method="GET")
