"""What cannot be kept is refused when it is written, by the name of its field, at every door."""

from __future__ import annotations

import json
import math
import threading
from typing import Any

import httpx
import pytest

from mockdouyin import MockDouyinError, Rule, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.settings import Settings
from mockdouyin.scenario.rule import StubReply
from mockdouyin.server.serving import ThreadedServer
from tests.attacks.operations import SAMPLES
from tests.cli.conftest import complaint_of
from tests.support.helpers import PROGRAM, phone, post, sandbox
from tests.support.waiting import until

LONG = 2**64
RULE = {"on": "notify", "status": 502}
NOTHING = {"on": "notify"}
HALF = "\ud800"

REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "a seed": ("create_world", {"seed": LONG}, "seed"),
    "a seed below": ("create_world", {"seed": -(2**63) - 1}, "seed"),
    "a setting's seed": ("create_world", {"settings": {"seed": LONG}}, "seed"),
    "a quota": ("change_settings", {"daily_quota": LONG}, "daily_quota"),
    "calls": ("change_settings", {"calls_per_second": LONG}, "calls_per_second"),
    "people": ("change_settings", {"unknown_people": LONG}, "unknown_people"),
    "a lifetime": ("change_settings", {"ticket_lifetime": LONG}, "ticket_lifetime"),
    "no lifetime": ("change_settings", {"ticket_lifetime": math.nan}, "ticket_lifetime"),
    "times": ("add_rule", {**RULE, "times": LONG}, "times"),
    "after": ("add_rule", {**RULE, "after": LONG}, "after"),
    "every": ("add_rule", {**RULE, "every": LONG}, "every"),
    "chance": ("add_rule", {**RULE, "chance": math.nan}, "chance"),
    "delay": ("add_rule", {**RULE, "delay": LONG}, "delay"),
    "no delay": ("add_rule", {**RULE, "delay": math.inf}, "delay"),
    "ttl": ("add_rule", {**RULE, "ttl": LONG}, "ttl"),
    "no ttl": ("add_rule", {**RULE, "ttl": 0}, "ttl"),
    "error": ("add_rule", {"on": "notify", "error": LONG}, "error"),
    "when": ("add_rule", {**RULE, "when": {"app_id": LONG}}, "app_id"),
    "a half": ("add_rule", {**RULE, "when": {"app_id": HALF}}, "app_id"),
    "half a key": ("add_rule", {**NOTHING, "patch": {HALF: 1}}, "patch"),
    "half a reply": ("add_rule", {**NOTHING, "reply": {"text": HALF}}, "text"),
    "half in JSON": ("add_rule", {**NOTHING, "reply": {"json": {"a": [HALF]}}}, "a"),
    "no number": ("add_rule", {**NOTHING, "reply": {"json": {"a": math.nan}}}, "a"),
    "half a header": ("add_rule", {**NOTHING, "reply": {"headers": {"X": HALF}}}, "X"),
    "half an id": ("add_rule", {**RULE, "id": HALF}, "id"),
    "two lines": ("add_rule", {**RULE, "id": "a\nb"}, "id"),
    "a slash": ("add_rule", {**RULE, "id": "a/b"}, "id"),
    "who set it": ("add_rule", {**RULE, "set_by": "a\r\nb"}, "set_by"),
    "an app's name": ("add_app", {"name": "a\nb"}, "name"),
    "an app's long name": ("add_app", {"name": "a" * 300}, "name"),
    "an app's key": ("add_app", {"client_key": "a\x00b"}, "client_key"),
    "an app's long key": ("add_app", {"client_key": "a" * 300}, "client_key"),
    "an app's secret": ("add_app", {"client_secret": "a b"}, "client_secret"),
    "a public key": ("add_app", {"public_key": "none"}, "public_key"),
    "a message quota": ("add_app", {"templates": {"T": {"quota": LONG}}}, "quota"),
    "half a hook": ("change_app", {"webhook": {"secret": HALF}}, "secret"),
    "a person's name": ("add_person", {"name": "a\x7fb"}, "name"),
    "a long name": ("add_person", {"name": "小" * 201}, "name"),
    "half a person": ("add_person", {"nickname": f"a{HALF}"}, "nickname"),
    "a place": ("change_person", {"latitude": math.nan}, "latitude"),
    "a phone's argument": ("phone", {"answers": {"a": math.inf}}, "a"),
    "half an act": ("act", {"text": HALF}, "text"),
    "half a state": ("authorize", {"state": HALF}, "state"),
    "half a content": ("send_event", {"event": "authorize", "content": {"a": HALF}}, "a"),
    "a field": ("send_event", {"event": "authorize", "fields": {"a": math.nan}}, "a"),
    "a time": ("advance_clock", {"by": math.nan}, "by"),
    "no time": ("advance_clock", {"by": math.inf}, "by"),
    "a long time": ("advance_clock", {"by": 10**400}, "by"),
    "a body": ("handle", {"method": "GET", "path": "/", "body": "no base64!"}, "body"),
    "a header": ("handle", {"method": "GET", "path": "/", "headers": [["a"]]}, "headers"),
    "a query": ("handle", {"method": "GET", "path": "/", "query": "名"}, "query"),
    "a header's value": (
        "handle",
        {"method": "GET", "path": "/", "headers": [["a", "名"]]},
        "headers",
    ),
    "a length": ("handle", {"method": "GET", "path": "/", "too_long": LONG}, "too_long"),
    "an inline rule": (
        "create_world",
        {"scenario": {"rules": [{**RULE, "times": LONG}]}},
        "times",
    ),
    "an inline name": ("create_world", {"scenario": {"people": {"a\nb": {}}}}, "person"),
    "a scenario of 300": ("create_world", {"scenario": "s" * 300}, "no scenario"),
    "extends of 300": ("create_world", {"scenario": {"extends": "s" * 300}}, "no scenario"),
    "a world of 300": ("create_world", {"name": "w" * 300}, "name"),
    "a world's name": ("create_world", {"name": "a\nb"}, "name"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_operation_is_refused_by_its_field(name: str) -> None:
    """Numbers, texts and names that could not be kept are a 4xx that names the field."""
    order, body, field = REFUSED[name]

    with pytest.raises(MockDouyinError, match=field) as refusal:
        execute(sandbox(), order, path=SAMPLES[order][0].path, body=body)

    assert 400 <= refusal.value.status < 500
    assert str(refusal.value).encode()


def nested(depth: int) -> Any:
    """Return nested lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize("place", ["patch", "reply", "content", "when"])
def test_what_is_too_deep_is_refused(place: str) -> None:
    """Free JSON is refused by its depth wherever it may stand; what is less deep is taken."""
    bodies: dict[str, Any] = {
        "patch": lambda value: {"on": "client_token", "patch": {"data.expires_in": value}},
        "reply": lambda value: {"on": "client_token", "reply": {"json": value}},
        "content": lambda value: {"event": "authorize", "to": "x", "content": {"a": value}},
        "when": lambda value: {"people": {}, "rules": [], "settings": {"a": value}},
    }
    order = {"content": "send_event", "when": "create_world"}.get(place, "add_rule")
    body = bodies[place](nested(600))
    if place == "when":
        body = {"scenario": body}

    with pytest.raises(MockDouyinError):
        execute(sandbox(), order, body=body)
    if order == "add_rule":
        assert execute(sandbox(), order, body=bodies[place](nested(50)))["id"] == "rule-1"


HEADERS = {
    "CR": {"X-A": "a\r\nX-B: c"},
    "NUL": {"X-A": "a\x00"},
    "LF in a name": {"X-A\n": "a"},
    "a space in a name": {"X A": "a"},
    "a colon": {"X:": "a"},
    "Chinese": {"名": "a"},
    "nothing": {"": "a"},
    "a length": {"Content-Length": "7"},
    "pieces": {"transfer-encoding": "chunked"},
}


@pytest.mark.parametrize("name", HEADERS)
def test_headers_that_cannot_be_sent(name: str) -> None:
    """An answer's headers are checked in an operation, in a scenario and in Python."""
    headers = HEADERS[name]
    rule = {**NOTHING, "reply": {"headers": headers}}
    text = json.dumps({"name": "x", "rules": [rule]})

    with pytest.raises(MockDouyinError, match=r"reply\.headers"):
        execute(sandbox(), "add_rule", body=rule)
    with pytest.raises(MockDouyinError, match=r"^s:1:\d+: reply\.headers"):
        Scenario.parse(text, "s")
    with pytest.raises(MockDouyinError, match=r"reply\.headers"):
        sandbox().default.rules.add(Rule(on="notify", reply=StubReply(headers=headers)))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("seed: 18446744073709551616", "1:18: seed is a whole number of 64 bits, not 1844674407"),
        ("auto_consent: !!float .nan", "1:26: auto_consent should be text"),
        ("ticket_lifetime: !!float .inf", "ticket_lifetime"),
        (r'visitor: "\ud800"', "1:21: visitor has half of a surrogate pair in it"),
        (r'"\ud800": 1', "unknown key"),
    ],
)
def test_a_scenario_is_refused_with_its_line(text: str, says: str) -> None:
    """YAML's escapes and numbers are measured where they stand, and can be printed."""
    with pytest.raises(MockDouyinError, match=says) as refusal:
        Scenario.parse(f"settings: {{{text}}}\nname: x", "s")

    assert str(refusal.value).encode()


def test_names_of_a_scenario() -> None:
    """Nobody and nothing is called by control characters, or by 300 characters."""
    told = []
    for part in ("apps", "people"):
        for name in ("a\nb", "x" * 300):
            text = json.dumps({"name": "x", part: {name: {}}})
            with pytest.raises(MockDouyinError) as refusal:
                Scenario.parse(text, "s")
            told.append(str(refusal.value).partition(": ")[2])

    control = r"has no control characters, and '\n' is one"
    long = "has 1 to 200 characters, not 300"
    assert told == [f"the name of the {w} {s}" for w in ("app", "person") for s in (control, long)]


def test_a_pair_of_escapes_is_one_character() -> None:
    """A scenario in JSON writes an emoji as two escapes, which is one character."""
    text = json.dumps({"name": "x", "people": {"😀": {"city": "😀"}}})
    assert r"\ud83d\ude00" in text

    assert Scenario.parse(text).people["😀"].city == "😀"


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(name="x", rules=(Rule(on="notify", status=502, times=LONG),)),
        Scenario(name=HALF),
        Scenario(name="x", settings={"seed": LONG}),
        Scenario(name="x", rules=(Rule(on="notify", patch={"err_tips": object()}),)),
    ],
)
def test_a_scenario_made_in_python(scenario: Scenario) -> None:
    """What never was YAML is measured when a world begins with it."""
    with pytest.raises(MockDouyinError):
        sandbox(scenario=scenario)


def test_the_largest_numbers_are_taken() -> None:
    """Whole numbers of 64 bits are as good as any, and longer ones where any JSON may stand."""
    box = sandbox()
    made = execute(box, "create_world", body={"seed": 2**64 - 1})
    lowest = execute(box, "create_world", body={"seed": -(2**63)})
    rule = {"on": "client_token", "reply": {"json": {"a": 10**30}}, "times": 2**64 - 1}

    assert (made["seed"], lowest["seed"]) == (2**64 - 1, -(2**63))
    assert execute(box, "add_rule", body=rule)["reply"]["json"] == {"a": 10**30}


QUERIES = [
    ("since", "nan"),
    ("since", "inf"),
    ("since", "-1"),
    ("since", "1.5"),
    ("since", "9" * 400),
    ("limit", "nan"),
    ("limit", "-inf"),
    ("limit", "1e3"),
    ("count", "inf"),
    ("count", "x"),
    ("timeout", "nan"),
    ("timeout", "inf"),
    ("timeout", "-5"),
]


@pytest.mark.parametrize(("name", "value"), QUERIES)
def test_numbers_of_a_query(http: httpx.Client, name: str, value: str) -> None:
    """A query's number that is none is a 400 that names it."""
    path = "/_mock/journal/wait" if name in ("count", "timeout") else "/_mock/journal"
    answer = http.get(path, params={"count": "0", name: value})

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(f"mockdouyin: {name} should be a ")


RAW = [
    ("POST", "/_mock/clock/advance", b'{"by": NaN}'),
    ("POST", "/_mock/clock/advance", b'{"by": Infinity}'),
    ("POST", "/_mock/clock/advance", b'{"by": 1e999}'),
    ("POST", "/_mock/people", rb'{"nickname": "\ud800"}'),
    ("POST", "/_mock/people", rb'{"nickname": "\udc00x"}'),
    ("POST", "/_mock/rules", b'{"on": "notify", "delay": ' + b"9" * 5000 + b"}"),
    ("POST", "/_mock/handle", b'{"method": "GET", "path": "/", "body": "%%%"}'),
    ("GET", "/_mock/worlds/" + "w" * 300 + "/apps", b""),
    ("DELETE", "/_mock/rules/" + "r" * 300, b""),
    ("POST", "/_mock/worlds", b'{"scenario": "' + b"s" * 300 + b'"}'),
    ("GET", "/@default" * 600 + "/oauth/userinfo/", b""),
    ("GET", "/@default" * 3 + "/oauth/userinfo/", b""),
    ("POST", "/@" + "w" * 300 + "/oauth/userinfo/", b""),
]


@pytest.mark.parametrize("number", range(len(RAW)))
def test_bytes_of_a_stranger(http: httpx.Client, number: int) -> None:
    """A request that no well-meaning client sends gets a 4xx of ours, and changes nothing."""
    method, path, body = RAW[number]
    answer = http.request(method, path, content=body)

    assert 400 <= answer.status_code < 500
    says = answer.json()["error"] if path.startswith("/_mock") else answer.text
    assert says.startswith("mockdouyin: ")
    assert http.get("/_mock/health").status_code == 200


def test_fields_that_are_lost_on_the_way(server: ThreadedServer) -> None:
    """JSON has no nan, and a client that sent null for it would set no such field at all."""
    control = HttpControl(server.url)
    try:
        for body in ({"latitude": math.nan}, {"nickname": HALF}, {"city": {"a": object()}}):
            with pytest.raises(MockDouyinError, match=next(iter(body))):
                control.order("add_person", body=body)
        with pytest.raises(MockDouyinError, match="an address cannot hold"):
            control.order("apps", world=HALF)
    finally:
        control.close()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("rule", "add", "--on", "notify", "--status", "502", "--chance", "nan"), "chance is not"),
        (("rule", "add", "--on", "notify", "--status", "502", "--times", str(LONG)), "times is a"),
        (("rule", "add", r'{on: notify, reply: {text: "\ud800"}}'), "text has half of a surr"),
        (("clock", "advance", "inf"), "'inf' is not a duration"),
        (("phone", "login", "--arg", r'x="\ud800"'), "has half of a surrogate pair"),
        (("phone", "login", "--arg", "x=1e999"), "is not a finite number"),
        (("check-webhook", "http://127.0.0.1:9", "--secret", "s", "--timeout", "nan"), "timeout"),
        (("serve", "--seed", str(LONG)), "seed is a whole number of 64 bits"),
        (("serve", "--app", "a b:secret"), "--app 'a b': the key has letters and digits only"),
        (("serve", "--app", "a:not this"), "--app 'a': the secret has letters and digits only"),
        (("serve", "--scenario", "s" * 300), "no scenario 'sss"),
        (("serve", "--state", "s" * 300), "File name too long"),
        (("serve", "--ready-file", "s" * 300), "File name too long"),
    ],
)
def test_options_of_a_command(args: tuple[str, ...], says: str) -> None:
    """A command refuses in one line what cannot be kept, and what JSON cannot carry."""
    assert says in complaint_of(*args)


def test_a_name_is_found_that_nobody_has() -> None:
    """Names and ids that are made up go round those that somebody chose."""
    box = sandbox()
    for number in range(5, 12):
        execute(box, "add_person", body={"name": f"person-{number}"})
        execute(box, "add_app", body={"name": f"app-{number}"})
        execute(box, "add_rule", body={**RULE, "id": f"rule-{number}"})

    for order, kind in (("add_person", "person"), ("add_app", "app"), ("add_rule", "rule")):
        made = [execute(box, order, body=RULE if kind == "rule" else {}) for _ in range(12)]
        names = [each["id" if kind == "rule" else "name"] for each in made]
        assert len(set(names)) == 12
        assert all(name.startswith(f"{kind}-") for name in names)


METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/_mock/nothing", "/_mock/clock/advance", "/_mock/rules/rule-1"])
def test_methods_and_addresses_that_there_are_not(
    http: httpx.Client, method: str, path: str
) -> None:
    """404 and 405 below /_mock are ours and say so, whatever the method; 405 says which to use."""
    answer = http.request(method, path)
    taken = {"/_mock/clock/advance": "POST", "/_mock/rules/rule-1": "DELETE, PATCH"}.get(path)
    if taken is not None and method in taken.split(", "):
        return

    assert answer.status_code == (404 if taken is None else 405)
    assert answer.headers.get("allow") == taken
    if method != "HEAD":
        assert answer.json()["error"].startswith("mockdouyin: ")
        assert path in answer.json()["error"]


def test_moments_after_the_calendar(http: httpx.Client) -> None:
    """What lasts for longer than a calendar goes is shown with its last day, at every look."""
    years = {"webhook_delay": "2928000d", "ticket_lifetime": 252e9}
    hook = {"webhook": {"url": "http://127.0.0.1:9/"}, "verify": False}
    assert http.patch("/_mock/settings", json=years).status_code == 200
    assert http.patch("/_mock/apps/web", json=hook).status_code == 200
    http.post("/_mock/acts/follow", json={})

    [delivery] = http.get("/_mock/deliveries").json()["deliveries"]

    assert delivery["next_try"].startswith("9999-12-31T23:59:59")
    assert http.patch("/_mock/settings", json={"webhook_delay": "0s"}).status_code == 200
    http.post("/_mock/acts/follow", json={})
    until(lambda: http.get("/_mock/deliveries").json()["deliveries"][1]["attempts"], "an attempt")


def test_every_setting_is_measured() -> None:
    """A long number is refused in each setting that is a number, and no setting is forgotten."""
    settings = Settings()
    numbers = [each for each in settings.__struct_fields__ if type(getattr(settings, each)) is int]
    assert len(numbers) > 5
    for name in numbers:
        with pytest.raises(MockDouyinError, match=name):
            Sandbox(settings={name: LONG})


def test_messages_that_are_allowed_add_up_within_bounds() -> None:
    """Two consents to the largest quota are not more messages than can be counted."""
    box = sandbox()
    template = {"kind": "one_time", "fields": ["a"], "quota": 2**64 - 1}
    body = {"templates": {PROGRAM.template: template}}
    execute(box, "change_app", path={"key": "mini_program"}, body=body)

    for _ in range(2):
        asked = phone(box, "requestSubscribeMessage", tmplIds=[PROGRAM.template])
        assert asked["errMsg"] == "requestSubscribeMessage:ok"


def test_a_delay_of_thousands_of_years() -> None:
    """A door is told to wait for as long as a system can, and not for longer."""
    box = sandbox()
    execute(box, "add_rule", body={"on": "client_token", "delay": "2900000d"})

    answer = execute(box, "handle", body={"method": "POST", "path": "/oauth/client_token/"})

    assert 0 < answer["delay"] < threading.TIMEOUT_MAX


def test_a_clock_that_cannot_be_moved_so_far_stays() -> None:
    """Nothing falls due on a way that cannot be gone to its end."""
    event = {"after": "1d", "send": "authorize"}
    hook = {"kind": "web", "webhook": {"url": "http://127.0.0.1:9/"}}
    text = json.dumps({"name": "x", "apps": {"web": hook}, "events": [event]})
    box = sandbox(scenario=Scenario.parse(text))
    before = execute(box, "clock")

    with pytest.raises(MockDouyinError, match="the clock runs from 1970 to 9987"):
        execute(box, "advance_clock", body={"by": "2920000d"})

    assert execute(box, "clock") == before
    assert execute(box, "list_deliveries")["deliveries"] == []


@pytest.mark.parametrize("key", ["a b", "a\nb", "名", "x" * 300, "a\x00"])
def test_an_app_key_that_is_none(key: str) -> None:
    """Where any app is let in, what could not be an app's key is a bad one all the same."""
    box = sandbox(settings={"unknown_apps": "accept", "unknown_codes": "accept"})
    before = execute(box, "apps")

    answer = post(box, "/api/apps/v2/jscode2session", {"appid": key, "secret": "s", "code": "c"})

    assert answer["err_no"] == 40015
    assert execute(box, "apps") == before
