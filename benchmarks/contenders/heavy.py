"""The heaviest inputs: those that are just accepted, and those that have to be refused."""

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
"""Bytes for what is heavy, beside what it is wrapped in."""


class Heavy(NamedTuple):
    """One request that would take long if anything in its way did."""

    path: str
    body: bytes = b""
    kind: str = JSON
    method: str = "POST"


HEAVY: dict[str, Callable[[], Heavy]] = {}
"""Each by what is large in it; orders of the control API are at paths below /_mock."""


def heavy(make: Callable[[], Heavy]) -> Callable[[], Heavy]:
    """Enter a request into the table."""
    HEAVY[make.__name__] = make
    return make


def filled(make: Callable[[int], str], room: int = ROOM, between: str = ",") -> str:
    """Join so many pieces as there is room for."""

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


# Bodies and addresses of Douyin's.


@heavy
def keys() -> Heavy:
    """A JSON object with as many keys as fit."""
    return Heavy(LOGIN_PATH, b"{%s}" % filled(lambda n: f'"{n:x}":"1"').encode())


@heavy
def keys_of_nothing() -> Heavy:
    """The same to a path that nothing answers: its world is looked for in what it carries."""
    return keys()._replace(path="/nothing/here")


@heavy
def lists() -> Heavy:
    """As many lists as fit."""
    return Heavy(LOGIN_PATH, b'{"code":[%s]}' % filled(lambda n: "[]").encode())


@heavy
def a_long_text() -> Heavy:
    """A secret of a megabyte, where an app's key is expected."""
    return Heavy(LOGIN_PATH, _login(appid="a" * ROOM))


@heavy
def a_text() -> Heavy:
    """The longest text that is read, where an app's key is expected."""
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
    """A multipart body of boundaries, without a blank line."""
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
    """A consent with the longest state: it comes back escaped."""
    state = quote("中" * (MAX_TEXT // 9))
    asked = f"client_key={WEB.client_key}&response_type=code&scope=user_info&state={state}"
    return Heavy(f"/platform/oauth/connect/?{asked}", method="GET")


# Orders.


@heavy
def a_scenario_of_rules() -> Heavy:
    """A world with as many rules as it may have, no two alike."""
    made = [{"on": "*", "delay": "1s", "times": n + 1} for n in range(1000)]
    return _order("/worlds", scenario={"rules": made})


@heavy
def shadows() -> Heavy:
    """A scenario in which each rule but the first never strikes."""
    made = [{"on": "code_to_session", "error": 40018}] * 1000
    return _order("/worlds", scenario={"rules": made})


@heavy
def a_crowd() -> Heavy:
    """A world with as many people as it may have, all of them to be made up."""
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
    """A link whose nonce is as long as a link may be."""
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
def a_duration() -> Heavy:
    """The longest way to write a duration."""
    return _order("/clock/advance", by="1s" * (ROOM // 2))


@heavy
def the_journal() -> Heavy:
    """As much of the journal as one answer has."""
    return Heavy("/_mock/journal?limit=0", method="GET")


@heavy
def findings() -> Heavy:
    """What the whole journal shows."""
    return Heavy("/_mock/findings", method="GET")


@heavy
def openapi() -> Heavy:
    """The description of all there is."""
    return Heavy("/_mock/openapi.json", method="GET")
