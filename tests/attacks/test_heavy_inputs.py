"""The heaviest inputs take few steps if they are accepted, and are refused otherwise."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from benchmarks.contenders.heavy import HEAVY, Heavy
from mockdouyin import Sandbox, Scenario
from mockdouyin.control import OPERATIONS, Execution, execute
from mockdouyin.core import exchange_view, multipart, patterns
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import MockDouyinError, ScenarioError, suggestion
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.multipart import MAX_PARTS, Multipart
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.parameters import FORM_LIMIT, MAX_FIELDS, MAX_TEXT
from mockdouyin.core.people import MAX_PEOPLE, PersonSpec
from mockdouyin.delivery import Dispatcher, _dispatch_loop
from mockdouyin.domain.signatures.login_state import SignedCall, find_login_state
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario import Rule, yaml_source
from mockdouyin.scenario._lint import MAX_ITEMS
from mockdouyin.server.serving import ThreadedServer
from tests.attacks.steps import Searched, steps
from tests.support.doors import DOORS
from tests.support.helpers import (
    GAME,
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
    app_token,
    phone,
    post,
    sandbox,
    send,
)
from tests.support.posting import set_hook, tell
from tests.support.sending import Call
from tests.support.waiting import until

LOGIN = "/api/apps/v2/jscode2session"
NOTIFY = "/api/apps/subscribe_notification/developer/v1/notify"

MOST_STEPS = 500_000
"""Lines of Python that one request may take; most go by in a comprehension."""


def ask(box: Sandbox, asked: Heavy) -> object:
    """Send a request to the sandbox, or execute an operation as the server would."""
    path, _, query = asked.path.partition("?")
    if path.startswith("/_mock"):
        return _run_operation(box, asked.method, path, asked.body)
    kind = [(b"content-type", asked.kind.encode())]
    return box.handle(Request(asked.method, path, query.encode(), kind, asked.body))


def _run_operation(box: Sandbox, method: str, path: str, body: bytes) -> object:
    [name] = [
        each.name for each in OPERATIONS.values() if each.method == method and path in each.paths()
    ]
    try:
        return execute(box, name, body=json.loads(body) if body else None)
    except MockDouyinError as error:
        return error


def run(box: Sandbox, name: str, **given: Any) -> Any:
    """Execute an operation in the world `default`."""
    return execute(box, name, **given)


QUICK = [name for name in HEAVY if not HEAVY[name]().path.startswith("/_mock")]
LONG = {
    "a_scenario_of_rules": 18_000_000,
    "a_crowd": 8_000_000,
    "apps": 2_000_000,
    "openapi": 6_000_000,
}
"""Operations that run in a thread, and how many steps they may take in it."""


@pytest.mark.parametrize("name", QUICK)
def test_no_request_takes_many_steps(name: str) -> None:
    """Of the heaviest requests to Douyin, each is answered or refused in a few steps."""
    box, asked = sandbox(), HEAVY[name]()

    replies: list[Any] = []
    assert steps(lambda: replies.append(ask(box, asked))) < MOST_STEPS
    assert isinstance(replies[0], Reply)
    assert replies[0].status in (200, 400, 404, 413)


@pytest.mark.parametrize("escape", [rb"\ud83d", rb"\\", rb"\ud83d\ude00"])
@pytest.mark.parametrize("size", [60_000, 1_000_000])
def test_no_escapes_take_many_steps(escape: bytes, size: int) -> None:
    """Halves of surrogate pairs are replaced, but not in bodies of any length."""
    body = b'{"code": "%s" x}' % (escape * (size // len(escape)))
    made = Request("POST", LOGIN, b"", [(b"content-type", b"application/json")], body)
    box = sandbox()

    assert steps(lambda: box.handle(made)) < MOST_STEPS


@pytest.mark.parametrize("name", [n for n in HEAVY if n not in QUICK])
def test_no_operation_takes_many_steps(name: str) -> None:
    """Of the heaviest operations, each is executed or refused in a few steps."""
    box, asked = sandbox(), HEAVY[name]()

    assert steps(lambda: ask(box, asked)) < LONG.get(name, 10 * MOST_STEPS)


@pytest.mark.parametrize("count", [250, 500])
def test_a_scenario_of_many_rules(count: int) -> None:
    """Each further rule of a scenario takes as many steps as the one before, shadowed or not."""
    for rule in ({"on": "*", "delay": "1s", "times": 1}, {"on": "code_to_session", "status": 502}):
        given = {"rules": [{**rule, "id": f"r{number}"} for number in range(count)]}

        assert steps(partial(ask_for_world, sandbox(), given)) < 6000 * count + 50_000


def ask_for_world(box: Sandbox, scenario: dict[str, Any]) -> object:
    """Make a world from an inline scenario; a mistake in it is given."""
    try:
        return execute(box, "create_world", body={"scenario": scenario})
    except ScenarioError as error:
        return error


def test_an_inline_scenario_needs_no_yaml(monkeypatch: pytest.MonkeyPatch) -> None:
    """A scenario that comes as JSON is checked as it is; a mistake is told by its keys."""
    monkeypatch.setattr(yaml_source, "read", None)
    box = sandbox()

    made = ask_for_world(
        box, {"people": {"小红": {"gender": 2}}, "rules": [{"on": "notify", "error": 1000}]}
    )
    wrong = ask_for_world(
        box, {"people": {"小红": {"gender": "2"}}, "rules": [{"on": "notifi", "error": 1}]}
    )

    assert isinstance(made, dict)
    assert made["people"][0]["name"] == "小红"
    assert (
        str(wrong)
        .splitlines()[0]
        .startswith("scenario: people.小红.gender: gender should be a whole number")
    )
    assert "scenario: rules.0.on: on: unknown endpoint 'notifi'; did you mean notify?" in str(
        wrong
    )


@pytest.mark.parametrize("name", MAX_ITEMS)
def test_a_scenario_has_a_size(name: str) -> None:
    """More of anything than a world can have is refused once its bytes were looked at."""
    box = sandbox()
    many: Any = {f"x{n}": {} for n in range(MAX_ITEMS[name] + 1)}
    given = list(many.values()) if name in ("rules", "events") else many

    wrong: list[object] = []
    taken = steps(lambda: wrong.append(ask_for_world(box, {name: given})))

    most = MAX_ITEMS[name]
    assert str(wrong[0]).endswith(f"{most + 1} {name}; a scenario has {most} at most")
    assert taken < 5_000 + 20 * most


# YAML.


def _grown(first: str, how: str) -> str:
    """Write nine values, each nine times the one before."""
    lines = [f"a0: &a0 {first}"]
    for number in range(1, 9):
        many = ", ".join([f"*a{number - 1}"] * 9)
        lines.append(f"a{number}: &a{number}{how}[{many}]")
    return "\n".join(lines)


GROWING = {
    "merges": _grown("{x: 1, y: 2}", "\n  <<: "),
    "aliases": _grown("[1, 2]", " "),
    "its own merge": "a: &a\n  <<: *a",
    "its own alias": "a: &a [*a]",
    "lists": "a: " + "[" * 300,
    "mappings": "a: " + "{b: " * 5000,
    "dashes": "- " * 5000,
}


@pytest.mark.parametrize("name", GROWING)
def test_yaml_that_grows(name: str) -> None:
    """A short text that stands for a long one, or a deep one, is refused before it is built."""
    wrong: list[Exception] = []

    def read() -> None:
        with pytest.raises(ScenarioError) as caught:
            Scenario.parse(GROWING[name])
        wrong.append(caught.value)

    assert steps(read) < (1_500_000 if name == "aliases" else 1_000_000)
    assert "cannot parse YAML" in str(wrong[0])


def test_long_yaml_is_not_read() -> None:
    """A text of more than a megabyte is refused as it is."""
    text = "about: " + "x" * yaml_source.MAX_BYTES

    def read() -> None:
        with pytest.raises(ScenarioError, match="bytes of YAML; 1048576 is the most"):
            Scenario.parse(text)

    assert steps(read) < 3000


# Bodies.


PIECES = {
    "no blank line": b"--edge\r\n" + b"x\r\n--edge\r\n" * 900,
    "no line end": b"--edge\r\n" + b"x" * 60_000,
    "half boundaries": b"--edge\r\n\r\n" + b"\r\n--edg" * 9000,
    "blank lines": b"--edge\r\n" + b"\r\n" * 30_000,
    "files": b'--edge\r\nx; name="a"; filename="b"\r\n\r\ncontent\r\n' * 900,
}


@pytest.mark.parametrize("size", [1, 7, 4096, 10**6])
@pytest.mark.parametrize("name", PIECES)
def test_multipart_is_linear(monkeypatch: pytest.MonkeyPatch, name: str, size: int) -> None:
    """Whatever a body is, and the pieces it comes in, each byte is looked at a few times."""
    monkeypatch.setattr(multipart, "bytearray", Searched, raising=False)
    monkeypatch.setattr(Searched, "looked_at", 0)
    whole, body = PIECES[name], Multipart("multipart/form-data; boundary=edge")

    for at in range(0, len(whole), size):
        body.feed(whole[at : at + size])
    body.close()

    # In pieces of one byte, the few that may begin a boundary are looked at again with each.
    assert len(whole) <= Searched.looked_at <= (60 if size < 100 else 5) * len(whole)


def test_a_form_has_a_number_of_parts() -> None:
    """A form of a thousand parts is read; of one more, its door is told."""
    part = b'--edge\r\nx; name="code"\r\n\r\n1\r\n'
    box, kind = sandbox(), {"content-type": "multipart/form-data; boundary=edge"}

    read = send(box, "POST", LOGIN, body=part * MAX_PARTS + b"--edge--", headers=kind)
    more = send(box, "POST", LOGIN, body=part * (MAX_PARTS + 1) + b"--edge--", headers=kind)

    assert json.loads(read.body)["err_no"] == 40014
    assert (more.status, more.body) == (413, b"mockdouyin: the form has more than 1000 parts\n")


@pytest.mark.parametrize("name", DOORS)
def test_every_door_has_the_limit(name: str) -> None:
    """A body of more than a megabyte is refused with 413, through whatever door it comes."""
    box = Sandbox()
    world = box.worlds.create("doors")
    body = b'{"code": "' + b"a" * BODY_LIMIT + b'"}'
    with DOORS[name](box, world) as through:
        seen = through(
            Call("POST", LOGIN, headers={"content-type": "application/json"}, body=body)
        )

    assert seen.status == 413, seen
    assert seen.body.startswith(b"mockdouyin: the body of ")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"code": "%s"}' % (b"a" * BODY_LIMIT)),
        ("application/x-www-form-urlencoded", b"code=" + b"a" * FORM_LIMIT),
        ("application/x-www-form-urlencoded", b"a=1&" * MAX_FIELDS + b"b=1"),
        ("application/json", b"{%s}" % b",".join(b'"a%d":1' % n for n in range(MAX_FIELDS + 1))),
    ],
    ids=["JSON", "form", "fields", "keys"],
)
def test_what_is_over_a_limit_is_not_read(kind: str, body: bytes) -> None:
    """A body over the limit of its kind is refused with 413, and not parsed; the journal tells."""
    box = sandbox()
    replies: list[Reply] = []

    taken = steps(
        lambda: replies.append(send(box, "POST", LOGIN, body=body, headers={"content-type": kind}))
    )

    assert taken < 300
    assert replies[0].status == 413
    [exchange] = box.default.journal
    assert f"mockdouyin: {exchange.why.render('en')}\n".encode() == replies[0].body


def test_a_query_has_the_limits_of_a_form() -> None:
    """A query of more fields than a form may have is refused likewise."""
    reply = send(sandbox(), "GET", "/js/getticket/", query=b"a=1&" * MAX_FIELDS + b"b=1")

    assert (reply.status, b"1001 fields; 1000 is the most" in reply.body) == (413, True)


def test_a_text_has_a_length() -> None:
    """A parameter of more than 64 KB is the family's own bad params; one of 64 KB is looked at."""
    box = sandbox()

    assert post(box, LOGIN, {**PROGRAM_LOGIN, "code": "a" * MAX_TEXT})["err_no"] == 40018
    assert post(box, LOGIN, {**PROGRAM_LOGIN, "code": "a" * (MAX_TEXT + 1)})["err_no"] == 40014


def test_an_operation_has_a_limit(http: httpx.Client) -> None:
    """An operation's body over a megabyte is refused with 413; `handle` may carry more."""
    long = {"event": "a" * BODY_LIMIT}
    carried = {"method": "POST", "path": LOGIN, "body": "YWFh" * (BODY_LIMIT // 3)}

    refused = http.post("/_mock/events", json=long)
    answered = http.post("/_mock/handle", json=carried)

    assert (refused.status_code, "is over the limit of 1048576" in refused.text) == (413, True)
    assert (answered.status_code, answered.json()["status"]) == (200, 200)


# Names and patterns.


@pytest.mark.parametrize("word", ["a" * 100, "a" * 10_000_000, "ab" * 50])
def test_a_suggestion_is_bounded(word: str) -> None:
    """What may have been meant is looked for among a few hundred words, and not for a long one."""
    known = [f"{'a' * 95}{number}" for number in range(10_000)]

    assert steps(lambda: suggestion(word, known)) < 1_000_000
    assert suggestion("notfiy", ["notify", "login"]).render("en") == "; did you mean notify?"


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("a*b*c", "a--b--c", True),
        ("a*b*c", "a--c--b", False),
        ("*ab*", "-ab-", True),
        ("ab*ba", "aba", False),
        ("*", "", True),
        ("a?c", "abc", True),
        ("a?c", "a?" + "c" * patterns.MAX_PATTERN, False),
        ("[ab]c", "bc", True),
        ("exact", "exact", True),
        ("exact", "exactly", False),
    ],
)
def test_patterns(pattern: str, text: str, fits: bool) -> None:
    """A pattern fits as it always did: `*` is any text, `?` one character, `[ab]` one of these."""
    assert patterns.compile_pattern(pattern)(text) is fits


def test_a_pattern_takes_few_steps() -> None:
    """However many stars a pattern has, no text makes it try again and again."""
    matches = patterns.compile_pattern("*a" * 90 + "*b")

    assert steps(lambda: matches("a" * MAX_TEXT)) < 1000


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"on": ["notify"] * 51}, "on has 51 names; 50 is the most"),
        ({"on": "n" * 201}, "on: 201 characters; 200 is the most"),
        ({"when": {f"p{n}": "x" for n in range(51)}}, "when has 51 parameters; 50 is the most"),
        ({"when": {"open_id": "?" * 201}}, "when: 201 characters; 200 is the most"),
        ({"patch": {f"data.p{n}": 1 for n in range(101)}}, "patch has 101 paths; 100 is the most"),
        ({"patch": {"data" + ".x" * 20: 1}}, "patch: a path of 21 steps; 20 is the most"),
        (
            {"error": None, "reply": {"headers": {f"h{n}": "x" for n in range(51)}}},
            "headers has 51 headers; 50 is the most",
        ),
    ],
)
def test_a_rule_has_sizes(rule: dict[str, Any], says: str) -> None:
    """A rule that has more of anything than is looked through in a moment is refused."""
    with pytest.raises(ScenarioError) as caught:
        run(sandbox(), "add_rule", body={"on": "notify", "error": 1000, **rule})

    assert str(caught.value) == says


def test_a_world_has_a_number_of_rules() -> None:
    """The rule that comes after a thousand is refused."""
    box = sandbox()
    box.default.rules.load([Rule(on="notify", error=1000, times=n + 1) for n in range(999)])
    run(box, "add_rule", body={"on": "notify", "error": 1000})

    with pytest.raises(ScenarioError, match="1000 rules at most, not 1001"):
        run(box, "add_rule", body={"on": "notify", "error": 1000})


def test_a_thousand_rules_take_few_steps() -> None:
    """A call that a thousand rules are compared with is answered in a bounded number of steps."""
    box = sandbox()
    when: dict[str, str | int | float | bool] = {"open_id": "*a" * 90 + "*b", "data": "x*"}
    box.default.rules.load(
        [Rule(on="notify", error=1000, when=when, times=n + 1) for n in range(1000)]
    )
    fields = {"access_token": app_token(box), "open_id": "a" * 1000, "data": {"x" * 1000: 1}}

    assert steps(lambda: post(box, NOTIFY, fields)) < 1000 * 30


def test_many_rules_on_unknown_paths_take_few_steps() -> None:
    """A call that nothing answers is compared with a thousand rules on paths in a few steps."""
    box = sandbox()
    box.default.rules.load(
        [Rule(on=f"POST /{'*a' * 90}/{number}", status=502) for number in range(1000)]
    )

    send(box, "POST", "/first", body=b"{}")  # builds the index of paths, once for the process

    assert steps(lambda: send(box, "POST", "/" + "a" * 60_000, body=b"{}")) < 1000 * 40


def test_the_endpoints_that_rules_name_are_counted() -> None:
    """A scenario whose rules name more endpoints than can be looked up at once is refused."""
    named = [f"*{'a' * number}" for number in range(50)]
    given = {"rules": [{"on": named, "status": 502}] * 101}

    assert str(ask_for_world(sandbox(), given)) == (
        "scenario: rules: the rules name 5050 endpoints; 5000 is the most"
    )


def test_a_long_body_is_not_signed_in_every_wrong_way() -> None:
    """Why a signature is wrong is looked for over a body as calls have it, and no longer one."""
    call = SignedCall("POST", "/x", "", b'{"a": "%s"}' % ("中" * 4000).encode(), "key")
    longer = call._replace(body=call.body * 2)

    assert steps(lambda: find_login_state("wrong", call)) < 500_000
    assert steps(lambda: find_login_state("wrong", longer)) < 10


# Many people, apps and worlds.


def crowd(box: Sandbox, count: int) -> None:
    """Add so many people to the world `default`."""
    for number in range(count):
        box.default.people.add(f"p{number}", PersonSpec(nickname="x"))


def log_in(box: Sandbox) -> None:
    """Log the first person in, and exchange the code."""
    code = phone(box, "login", app=PROGRAM.client_key)["code"]
    assert post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["err_no"] == 0


def write_to_nobody(box: Sandbox) -> None:
    """Send a message to an open_id that nobody has."""
    fields = {"app_id": PROGRAM.client_key, "tpl_id": "t", "data": {"a": 1}}
    asked = {**fields, "access_token": app_token(box), "open_id": "_000" + "x" * 32}
    assert post(box, NOTIFY, asked)["err_no"] == 1001


@pytest.mark.parametrize("act", [log_in, write_to_nobody], ids=lambda act: act.__name__)
def test_people_do_not_slow_a_login(act: Callable[[Sandbox], None]) -> None:
    """With 4,000 people in its world a call takes as many steps as with none."""
    taken = []
    for count in (0, 4000):
        box = sandbox()
        crowd(box, count)
        for _ in range(2):
            act(box)
        taken.append(steps(partial(act, box)))

    assert taken[1] <= taken[0] + 50


def test_worlds_do_not_slow_a_login() -> None:
    """With 2,000 worlds beside its own a login takes as many steps as alone."""
    alone, among = sandbox(), sandbox()
    for _ in range(2000):
        among.worlds.create()
    for box in (alone, among):
        log_in(box)

    assert steps(lambda: log_in(among)) <= steps(lambda: log_in(alone)) + 50


def test_an_event_wakes_its_own_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where something is to be sent, that world is looked at, and none of the many others."""
    box, looked = Sandbox(deliverer=Dispatcher), list[str]()
    for number in range(500):
        box.worlds.create(f"w{number}")
    settled = threading.Event()

    def look(world: World) -> list[Delivery]:
        looked.append(world.name)
        if world.name == "w7":
            settled.set()
        return []

    monkeypatch.setattr(_dispatch_loop, "claim_due", look)
    set_hook(box.worlds.get("w7"), "http://127.0.0.1:9/")
    try:
        tell(box.worlds.get("w7"), "create_video")  # the first time all are looked at
        until(lambda: len(set(looked)) == 501, "a look at all worlds")
        looked.clear()
        settled.clear()
        tell(box.worlds.get("w7"), "create_video")
        assert settled.wait(10)
        assert set(looked) == {"w7"}
    finally:
        box.deliverer.stop()


def test_a_mask_is_made_when_secrets_change() -> None:
    """What hides phone numbers is made once for thousands of people, and anew for a new one."""
    box = sandbox()
    crowd(box, 2000)
    mask = box.default.mask()

    assert box.default.mask() is mask
    box.default.people.add("new", PersonSpec(phone="999555000111"))
    run(box, "people")
    assert "999555000111" not in box.default.mask()("a call from 999555000111.")


def test_a_world_has_a_number_of_people_and_apps() -> None:
    """One person or app too many is refused with 409, in an operation and at its first request."""
    box = sandbox()
    crowd(box, MAX_PEOPLE - len(box.default.people))
    for number in range(1000):
        box.default.apps[f"tt{number}"] = box.default.apps[GAME.client_key]
    run(box, "change_settings", body={"unknown_apps": "accept"})

    with pytest.raises(MockDouyinError, match="people, and takes no more"):
        run(box, "add_person", body={"name": "one more"})
    with pytest.raises(MockDouyinError, match="apps, and takes no more"):
        run(box, "add_app", body={"name": "one more"})
    reply = send(box, "POST", LOGIN, body=b'{"appid": "ttnew", "secret": "x", "code": "x"}')
    assert (reply.status, b"takes no more" in reply.body) == (409, True)


# Long operations.


def test_long_orders_leave_the_loop(
    server: ThreadedServer, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What grows with a world, and what comes in a long body, is worked on in another thread."""
    seen: dict[str, str] = {}
    real = Execution.step

    def note(self: Execution, outcome: Any = None) -> Any:
        seen[self.operation.name] = threading.current_thread().name
        return real(self, outcome)

    monkeypatch.setattr(Execution, "step", note)
    for path in ("journal", "findings", "people", "worlds", "openapi.json", "clock"):
        assert http.get(f"/_mock/{path}").status_code == 200
    http.post("/_mock/share/verify", json={"schema": "x" * 20_000})
    http.post("/_mock/worlds", json={})

    assert seen.pop("clock") == "mockdouyin"
    assert set(seen) >= {"journal", "findings", "people", "worlds", "openapi", "create_world"}
    assert "mockdouyin" not in seen.values()


@pytest.mark.parametrize("name", ["journal", "findings", "list_leftovers"])
def test_showing_holds_no_lock(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the journal is made readable, which takes long, others are answered."""
    box = sandbox()
    send(box, "GET", "/nothing/here")
    for _ in range(3):
        send(box, "POST", LOGIN, body=b'{"appid": "x"}')
    answered: list[bool] = []
    real = exchange_view.show

    def show(*given: Any) -> Any:
        other = threading.Thread(target=lambda: log_in(box))
        other.start()
        other.join(10)
        answered.append(not other.is_alive())
        return real(*given)

    monkeypatch.setattr(exchange_view, "show", show)
    run(box, name)

    assert answered
    assert all(answered)


def test_the_journal_has_pages() -> None:
    """An answer has 500 exchanges at most; `before` leads on, and a test sees all of them."""
    from mockdouyin.control.client import LocalControl
    from mockdouyin.testing.fixture import Douyin

    box = sandbox()
    for _ in range(1203):
        send(box, "POST", LOGIN)

    page = run(box, "journal", query={"limit": "0"})
    first = page["exchanges"][0]["id"]
    earlier = run(box, "journal", query={"limit": "900", "before": str(first)})

    assert (len(page["exchanges"]), first, page["more"], page["total"]) == (500, 704, True, 1203)
    assert (earlier["exchanges"][0]["id"], earlier["exchanges"][-1]["id"]) == (204, 703)
    seen = [each["id"] for each in Douyin(LocalControl(box), "default").journal]
    assert seen == list(range(1, 1204))


def test_waiting_does_not_slow_a_login() -> None:
    """With a full journal and many who wait for another call, a login takes few steps more."""
    box = sandbox()
    for _ in range(2000):
        send(box, "POST", LOGIN)
    log_in(box)
    alone = steps(partial(log_in, box))
    query = {"endpoint": "oauth.client_token", "count": "1", "timeout": "30"}
    waiting = [Execution(box, "wait_for_journal", query=query).step() for _ in range(20)]

    assert len(box.default.journal.listeners) == len(waiting) == 20
    assert steps(partial(log_in, box)) < alone + 20 * 50


def test_a_link_is_looked_through_once() -> None:
    """A link of a thousand parameters has a verdict of a hundred, and says that it is too long."""
    link = "snssdk1128://openplatform/share?" + "a&" * 5000
    verdict: list[Any] = []

    taken = steps(lambda: verdict.append(run(sandbox(), "verify_share", body={"schema": link})))

    assert taken < 50_000
    assert {"part": "schema", "seen": "5000 parameters", "expected": "100 at most"}.items() <= max(
        verdict[0]["problems"], key=lambda each: each["part"] == "schema"
    ).items()


def test_a_signature_is_not_sought_over_long_texts() -> None:
    """Wrong recipes are tried over what a page and a nonce can be, and over nothing longer."""
    box = sandbox()
    given = {"client_key": WEB.client_key, "timestamp": "1767240000", "signature": "x"}

    js = run(
        box, "verify_js", body={**given, "nonce_str": "n" * 257, "url": "https://x/" + "a" * 9000}
    )
    link = f"snssdk1128://openplatform/share?client_key={WEB.client_key}&nonce_str={'n' * 257}"
    share = run(box, "verify_share", body={"schema": f"{link}&timestamp=1767240000&signature=x"})

    assert [p["part"] for p in js["problems"]] == ["nonce_str", "url"]
    assert {"part": "nonce_str", "seen": "257 characters"}.items() <= share["problems"][-1].items()


def test_a_consent_asks_for_so_much() -> None:
    """More scopes than there are, or a state that no address could carry back, are refused."""
    box = sandbox()
    asked = {"client_key": WEB.client_key, "redirect_uri": "http://localhost/"}

    for over in ({"optional_scope": ",".join(f"s{n}" for n in range(300))}, {"state": "x" * 9000}):
        with pytest.raises(MockDouyinError, match="10002.*is the most"):
            run(box, "authorize", body={**asked, **over})


def test_deliveries_are_found_in_one_look() -> None:
    """Listing what was sent looks at each record once."""
    box = sandbox()
    unit = box.default.store.unit(box.default.clock.now())
    for number in range(3000):
        made = Delivery(
            id=f"d{number}", event="x", app="a", person="p", url="u", headers={}, body=b""
        )
        unit.write(made.id, made)
    unit.commit()
    fresh = box.default.store.unit(box.default.clock.now())

    assert steps(lambda: list(fresh.scan(Delivery))) < 3000 * 8
