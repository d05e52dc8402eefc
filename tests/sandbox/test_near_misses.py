"""Near misses: the closest candidate, and each field in which it differed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.acts import Act
from mockdouyin.endpoints.unserved_paths import operations
from tests.support.helpers import (
    PROGRAM,
    PROGRAM_LOGIN,
    UNSERVED,
    WEB_CLIENT,
    client_token,
    get,
    phone,
    post,
    sandbox,
    send,
)

LOGIN = "/api/apps/v2/jscode2session"
NOT_EMULATED = f"POST {UNSERVED}"
MISSPELT = f"{UNSERVED}t"

Row = tuple[str, Any, Any]


def rows(near: Any) -> list[Row]:
    """Return the differences of a near miss as field, expected and seen."""
    return [(each["field"], each["expected"], each["seen"]) for each in near["differences"]]


def rule(box: Sandbox, on: str, **then: Any) -> str:
    """Set a rule that answers with a 502, and return its id."""
    effect = {} if {"error", "happens"} & set(then) else {"status": 502}
    return str(execute(box, "add_rule", body={"on": on, **effect, **then})["id"])


def unused(box: Sandbox) -> Any:
    """Return the one rule that was never applied."""
    [found] = execute(box, "list_leftovers")["unused_rules"]
    return found


def number_of(box: Sandbox, position: int = -1) -> int:
    """Return the number of an exchange in the journal, by its position there."""
    return int(execute(box, "journal")["exchanges"][position]["id"])


def number_of_phone_call(box: Sandbox, position: int = -1) -> int:
    """Return the number of a phone's call in the journal, by its position among those."""
    acts = [each for each in box.default.journal.newest() if isinstance(each, Act)]
    return [act.number for act in acts if act.kind.startswith("phone.")][position]


def near_of_call(box: Sandbox, method: str, path: str, body: bytes = b"", query: str = "") -> Any:
    """Send a call that nothing answers, and return what it came close to."""
    send(box, method, path, body=body, query=query.encode())
    return execute(box, "journal")["exchanges"][-1]["near"]


def login(box: Sandbox, code: str) -> int:
    """Log in with a code; return the number of the exchange."""
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    return number_of(box)


# An unanswered call


@pytest.mark.parametrize(
    ("method", "path", "body", "candidate", "differences"),
    [
        pytest.param(
            *("POST", "/oauth/client_tokn/", b"client_key=aw1", "oauth.client_token"),
            [("path[2]", "client_token", "client_tokn")],
            id="segment",
        ),
        pytest.param(
            *("DELETE", "/oauth/client_token", b"client_key=aw1", "oauth.client_token"),
            [("method", "POST or GET", "DELETE")],
            id="method",
        ),
        pytest.param(
            *("GET", "/api/apps/v2/jscode2sesion", b"", "mini_program.code_to_session"),
            [
                ("path[4]", "jscode2session", "jscode2sesion"),
                ("method", "POST", "GET"),
                ("appid", "a value", None),
            ],
            id="all",
        ),
        pytest.param(
            *("POST", "/api/apps/v3/jscode2session", b'{"appId": "tt1"}'),
            "mini_program.code_to_session",
            [("path[3]", "v2", "v3"), ("parameter", "appid", "appId")],
            id="version",
        ),
        pytest.param(
            *("GET", "/v1/oauth/userinfo/", b"", "oauth.user_info"),
            [
                ("path", "/oauth/userinfo/", "/v1/oauth/userinfo/"),
                ("access_token", "a value", None),
            ],
            id="prefix",
        ),
        pytest.param(
            *("POST", "/api/apps/createQRCode", b"", "qr_codes_toutiao.qrcode"),
            [("path[3]", "qrcode", "createQRCode"), ("access_token", "a value", None)],
            id="the docs' name",
        ),
        pytest.param(
            *("POST", "/api/apps/v1/createQRCode", b"", "qr_codes_toutiao.qrcode"),
            [
                ("path", "/api/apps/qrcode", "/api/apps/v1/createQRCode"),
                ("access_token", "a value", None),
            ],
            id="the docs' name in another version",
        ),
        pytest.param(
            *("POST", f"/v1{UNSERVED}", b"", NOT_EMULATED),
            [("path", UNSERVED, f"/v1{UNSERVED}")],
            id="not emulated",
        ),
        pytest.param(
            *("GET", UNSERVED, b"", NOT_EMULATED, [("method", "POST", "GET")]),
            id="method of what is not emulated",
        ),
    ],
)
def test_an_unanswered_call_names_the_closest_endpoint(
    method: str, path: str, body: bytes, candidate: str, differences: list[Row]
) -> None:
    """Method, path by segment, and parameters: each comes as it should be and as it was."""
    near = near_of_call(sandbox(), method, path, body)

    assert (near["candidate"], near["id"]) == (candidate, None)
    assert rows(near) == differences


@pytest.mark.parametrize(
    "path",
    [
        "/api/apps/qr_token",
        "/api/apps/v2/tokens/list",
        "/token",
        "/list/",
        "/oauth/introspect_token/",
        "/video/share/",
        "/video/deleted/items/",
        "/item/comment/delete/",
        "/im/group/setting/token/",
        "/fans/export/",
        "/oauth/revoke_token/",
        "/api/douyin/v1/video/delete_video/",
        "/my/own/shop/oauth/userinfo/",
        "/",
        "/" + "oauth/" * 5000 + "client_token",
    ],
)
def test_a_call_of_another_meaning_is_close_to_nothing(path: str) -> None:
    """A path that shares words or letters with an endpoint's does not mean the same."""
    box = sandbox()

    assert near_of_call(box, "POST", path) is None
    assert "did you mean" not in execute(box, "journal")["exchanges"][-1]["why"]


def test_what_douyin_has_and_is_not_emulated_is_close_to_nothing() -> None:
    """Of the paths of Douyin's that nothing answers, each means itself."""
    box = sandbox()
    sent = [
        (method, path)
        for method, paths in operations().items()
        for path in sorted(paths)
        if (method, path) not in box.catalogue.routes
    ]
    for method, path in sent:
        send(box, method, path)

    before, found = 0, list[Any]()
    while not found or found[0]["id"] > 1:
        page = execute(box, "journal", query={"limit": "500", "before": str(before)})
        found, before = [*page["exchanges"], *found], page["exchanges"][0]["id"]
    assert len(found) == len(sent) > 100
    assert [each["path"] for each in found if each["near"]] == []


@pytest.mark.parametrize(
    ("rules", "call", "candidate", "differences"),
    [
        (
            [{"on": NOT_EMULATED}],
            ("GET", UNSERVED, ""),
            NOT_EMULATED,
            [("method", "POST", "GET")],
        ),
        (
            [{"on": NOT_EMULATED, "when": {"path": "pages/*", "width": 430}}],
            ("POST", UNSERVED, "path=index&width=280"),
            NOT_EMULATED,
            [("when.path", "pages/*", "index"), ("when.width", 430, "280")],
        ),
        (
            [{"on": MISSPELT}],
            ("POST", UNSERVED, ""),
            MISSPELT,
            [("path[5]", "add_tplt", "add_tpl")],
        ),
        (
            [{"on": NOT_EMULATED, "after": 1}],
            ("POST", UNSERVED, ""),
            NOT_EMULATED,
            [("after", "at least 2 matching calls", 1)],
        ),
        (
            [{"on": NOT_EMULATED, "times": 0}],
            ("POST", UNSERVED, ""),
            NOT_EMULATED,
            [("times", "at most 0", 1)],
        ),
    ],
    ids=["method", "when", "path", "after", "times"],
)
def test_an_unanswered_call_names_the_closest_rule(
    rules: list[dict[str, Any]], call: tuple[str, str, str], candidate: str, differences: list[Row]
) -> None:
    """A rule on a path that no endpoint serves is compared in each of its conditions."""
    box = sandbox()
    [name] = [rule(box, **each) for each in rules]
    method, path, query = call

    near = near_of_call(box, method, path, query=query)

    assert (near["candidate"], near["id"]) == (candidate, name)
    assert rows(near) == differences


def test_a_rule_that_came_too_late_or_is_used_up() -> None:
    """A call from before the rule was set, or after its last time, is told so."""
    box = sandbox()
    send(box, "POST", UNSERVED)
    rule(box, NOT_EMULATED, times=1)
    first = execute(box, "journal")["exchanges"][0]
    send(box, "POST", UNSERVED)
    send(box, "POST", UNSERVED)
    *_, last = execute(box, "journal")["exchanges"]

    assert rows(first["near"]) == [("set", "before the call", "after the call")]
    assert first["near"]["says"] == "the rule was set after the call"
    assert rows(last["near"]) == [("times", "at most 1", 2)]


def test_an_answered_call_is_near_nothing(box: Sandbox) -> None:
    """What an endpoint or a rule answered has no near miss."""
    rule(box, NOT_EMULATED)
    client_token(box)
    send(box, "POST", UNSERVED)

    assert [each["near"] for each in execute(box, "journal")["exchanges"]] == [None, None]


# A rule that was never applied


def test_the_parameters_of_the_closest_call(box: Sandbox) -> None:
    """Of several calls the one with the fewest differences counts, not the newest."""
    rule(box, "code_to_session", when={"code": "abc*", "anonymous_code": "x"})
    closest = login(box, "abcd")
    newest = login(box, "b")

    found = unused(box)

    assert found["near"]["candidate"] == "mini_program.code_to_session"
    assert found["near"]["id"] == closest < newest
    assert rows(found["near"]) == [("when.anonymous_code", "x", None)]
    assert found["closest"] == (
        f"mini_program.code_to_session was called 2 times; the closest, #{closest}:"
        " anonymous_code expected x, seen nothing"
    )


def test_a_token_counts_however_it_was_sent(box: Sandbox) -> None:
    """The parameter `access_token` of a rule is compared with the header's."""
    rule(box, "js_ticket", when={"access_token": "clt.1*"})
    get(box, "/js/getticket/", token="not-a-token")

    assert [field for field, *_ in rows(unused(box)["near"])] == ["when.access_token"]


@pytest.mark.parametrize(
    ("conditions", "calls", "difference"),
    [
        ({"on": "GET /oauth/client_token/"}, 1, ("method", "GET", "POST")),
        ({"after": 2}, 1, ("after", "at least 3 matching calls", 1)),
        ({"after": 1, "every": 3}, 2, ("every", "at least 4 matching calls", 2)),
        ({"times": 0}, 2, ("times", "at most 0", 2)),
    ],
)
def test_conditions_of_the_rule(
    box: Sandbox, conditions: dict[str, Any], calls: int, difference: Row
) -> None:
    """The condition that held a rule back is named, with what it counted."""
    rule(box, **{"on": "client_token", **conditions})
    for _ in range(calls):
        client_token(box)

    near = unused(box)["near"]

    assert len(execute(box, "journal")["exchanges"]) == calls
    assert (near["candidate"], near["id"]) == ("oauth.client_token", number_of(box))
    assert rows(near) == [difference]


def test_a_rule_that_expired(box: Sandbox) -> None:
    """A call after the end of a rule's ttl is compared with that end."""
    rule(box, "client_token", ttl="1m")
    execute(box, "advance_clock", body={"by": "2m"})
    client_token(box)

    assert rows(unused(box)["near"]) == [
        ("ttl", "before 2026-01-01T12:01:00+08:00", "2026-01-01T12:02:00+08:00")
    ]


def test_a_rule_behind_another(box: Sandbox) -> None:
    """The rule that was applied in its place is named."""
    first = rule(box, "client_token", times=1)
    second = rule(box, "oauth.*")
    send(box, "POST", "/oauth/client_token/")

    assert rows(unused(box)["near"]) == [("rule", second, first)]


def test_a_rule_that_was_set_too_late(box: Sandbox) -> None:
    """A call that fits and came before the rule was set is told so."""
    client_token(box)
    rule(box, "client_token")

    assert rows(unused(box)["near"]) == [("set", "before the call", "after the call")]


def test_a_call_that_missed_the_endpoint(box: Sandbox) -> None:
    """A misspelt call is closer to a rule than a call of another endpoint."""
    rule(box, "oauth.refresh_token")
    send(box, "POST", "/oauth/refreshtoken/")
    client_token(box)

    near = unused(box)["near"]

    assert (near["candidate"], near["id"]) == ("POST /oauth/refreshtoken/", number_of(box, 0))
    assert rows(near) == [("path[2]", "refresh_token", "refreshtoken")]


def test_a_call_of_another_endpoint(box: Sandbox) -> None:
    """Where nothing closer was called, the call with the most similar name is named."""
    rule(box, "oauth.refresh_token")
    client_token(box)
    get(box, "/hotsearch/sentences/", token="x")

    found = unused(box)

    called = ("oauth.client_token", number_of(box, 0))
    assert (found["near"]["candidate"], found["near"]["id"]) == called
    assert rows(found["near"]) == [("endpoint", "oauth.refresh_token", "oauth.client_token")]


def test_a_rule_on_a_phone(box: Sandbox) -> None:
    """Calls of a phone count too, and are counted."""
    rule(box, "phone.login", error="host_login_fail", after=2)
    assert (unused(box)["closest"], unused(box)["near"]) == ("nothing was called at all", None)
    client_token(box)
    assert unused(box)["closest"] == "no call of phone.login matched"
    phone(box, "login")
    phone(box, "login")

    found = unused(box)

    number = number_of_phone_call(box)
    assert (found["near"]["candidate"], found["near"]["id"]) == ("phone.login", number)
    assert rows(found["near"]) == [("after", "at least 3 matching calls", 2)]
    assert found["closest"] == (
        f"phone.login was called 2 times; the closest, #{number}:"
        " after expected at least 3 matching calls, seen 2"
    )


def test_the_arguments_of_the_closest_call_of_a_phone(box: Sandbox) -> None:
    """Person, app and arguments are compared; the call with the fewest differences counts."""
    when = {"person": "小红", "app": "mini_program", "force": True}
    rule(box, "phone.login", error="host_login_fail", when=when)
    phone(box, "login", person="小红", app="mini_program", force=False)
    phone(box, "login", person="小明", app="mini_game")

    found = unused(box)

    number = number_of_phone_call(box, 0)
    assert (found["near"]["candidate"], found["near"]["id"]) == ("phone.login", number)
    assert rows(found["near"]) == [("when.force", True, False)]
    phone(box, "login", person="小明", app="mini_game", force=True)
    phone(box, "login")
    assert rows(unused(box)["near"]) == [("when.force", True, False)]
    execute(box, "clear_rules")
    rule(box, "phone.login", error="host_login_fail", when={"app": "web", "person": "小红"})
    assert rows(unused(box)["near"]) == [("when.app", "web", "mini_program")]


def test_a_call_of_a_phone_by_default(box: Sandbox) -> None:
    """Whose phone and which app it was is known where the call did not say so."""
    when = {"person": "小红", "app": "mini_game"}
    rule(box, "phone.*", error="network_unavailable", when=when)
    phone(box, "login")

    assert rows(unused(box)["near"]) == [
        ("when.person", "小红", "小明"),
        ("when.app", "mini_game", "mini_program"),
    ]


@pytest.mark.parametrize(
    ("conditions", "difference"),
    [
        ({"times": 0}, ("times", "at most 0", 1)),
        ({"every": 2}, ("every", "at least 2 matching calls", 1)),
        ({"ttl": "1m"}, ("ttl", "before 2026-01-01T12:01:00+08:00", "2026-01-01T12:02:00+08:00")),
    ],
)
def test_conditions_of_a_rule_on_a_phone(
    box: Sandbox, conditions: dict[str, Any], difference: Row
) -> None:
    """Counts and the end of a rule hold it back from a phone's calls as from others."""
    rule(box, "phone.login", error="host_login_fail", **conditions)
    execute(box, "advance_clock", body={"by": "2m"})
    phone(box, "login")

    assert rows(unused(box)["near"]) == [difference]


def test_a_rule_on_a_phone_that_was_set_too_late_or_is_behind_another(box: Sandbox) -> None:
    """A call from before the rule was set, or with another rule's answer, is told so."""
    phone(box, "login")
    first = rule(box, "phone.login", error="host_login_fail")
    assert rows(unused(box)["near"]) == [("set", "before the call", "after the call")]
    second = rule(box, "phone.login", error="app_in_background")
    phone(box, "login")

    assert rows(unused(box)["near"]) == [("rule", second, first)]


def test_a_phone_that_was_told_to_fail(box: Sandbox) -> None:
    """Rules do not match such a call, and the near miss says why."""
    rule(box, "phone.login", error="host_login_fail")
    phone(box, "login", fail="network_unavailable")

    found = unused(box)

    assert (found["seen"], rows(found["near"])) == (0, [("fail", None, "network_unavailable")])
    assert found["closest"].endswith("fail expected nothing, seen network_unavailable")


def test_another_api_of_a_phone(box: Sandbox) -> None:
    """Where the API was not called, the newest call of a phone is named, not one of a client."""
    rule(box, "phone.getUserProfile", error="auth_deny")
    phone(box, "getSystemInfo")
    phone(box, "login")
    client_token(box)

    near = unused(box)["near"]

    assert (near["candidate"], near["id"]) == ("phone.login", number_of_phone_call(box))
    assert rows(near) == [("api", "phone.getUserProfile", "phone.login")]


def test_a_phone_is_not_close_to_an_endpoint(box: Sandbox) -> None:
    """A rule on endpoints is not compared with phones; one on both is with either."""
    rule(box, "code_to_session")
    phone(box, "login")
    near = unused(box)
    assert (near["closest"], near["near"]) == ("no call of code_to_session matched", None)

    execute(box, "clear_rules")
    both = ["code_to_session", "phone.login"]
    execute(box, "add_rule", body={"on": both, "status": 502, "after": 9})
    assert unused(box)["near"]["id"] == number_of_phone_call(box)
    assert unused(box)["near"]["candidate"] == "phone.login"
    number = login(box, "x")
    assert unused(box)["near"]["id"] == number


def test_arguments_that_were_not_kept_are_not_judged(box: Sandbox) -> None:
    """Of a phone's call longer than the journal keeps, no argument is said to be missing."""
    rule(box, "phone.login", error="host_login_fail", when={"force": True})
    phone(box, "login", force="x" * 100_000)

    [[field, expected, seen]] = rows(unused(box)["near"])

    assert (field, expected) == ("when.force", True)
    assert "not kept" in seen


def test_a_call_that_the_journal_dropped(box: Sandbox) -> None:
    """A rule has counted calls that are in the journal no longer, and says how many."""
    rule(box, "client_token", after=2)
    execute(box, "change_settings", body={"journal_exchanges": 1})
    client_token(box)
    send(box, "GET", "/nowhere")

    found = unused(box)

    assert (found["near"]["candidate"], found["near"]["id"]) == ("client_token", None)
    assert found["closest"] == "client_token: after expected at least 3 matching calls, seen 1"


def test_near_misses_are_masked(box: Sandbox) -> None:
    """No secret of the rule or of the call is shown, whichever of the two is wrong."""
    rule(box, "code_to_session", when={"secret": "S3cr3tS3cr3t", "code": PROGRAM.client_secret})
    rule(box, "/x/secret/S3cr3tS3cr3t")
    login(box, PROGRAM.client_secret + "9")
    send(box, "GET", "/x/secret/S3cr3tS3cr3tt")

    left = execute(box, "list_leftovers")

    shown = str([each["near"] for each in (*left["unused_rules"], *left["unanswered"])])
    assert "when.secret" in shown
    assert PROGRAM.client_secret not in shown
    assert "S3cr3tS3cr3tt" not in shown


def test_near_misses_are_in_both_languages(box: Sandbox) -> None:
    """What is said comes in the language that was asked for, after a restore too."""
    saved = execute(box, "take_snapshot")["snapshot"]
    rule(box, "code_to_session", when={"code": "a"}, after=1)
    login(box, "b")
    for _ in range(2):
        for language, says in (("zh", "code 应为 a，实际为 b"), ("en", "code expected a, seen b")):
            [left] = execute(box, "list_leftovers", language=language)["unused_rules"]
            assert left["near"]["says"] == says
            assert says in left["closest"]
        execute(box, "restore_snapshot", path={"id": saved})


def test_long_input_is_cut(box: Sandbox) -> None:
    """Values, paths and methods of a client are cut in what is said of them."""
    rule(box, "code_to_session", when={"code": "a"})
    login(box, "b" * 50_000)
    send(box, "M" * 5000, "/" + "x" * 60_000)
    query = {"endpoint": "client_token", "timeout": "0"}
    with pytest.raises(Exception, match="closest call") as refused:
        execute(box, "wait_for_journal", query=query)

    assert len(str(unused(box))) < 2000
    assert len(str(refused.value)) < 2000


def test_a_body_that_was_not_kept_is_not_judged(box: Sandbox) -> None:
    """Of a body longer than the journal keeps, no parameter is said to be missing."""
    rule(box, "code_to_session", when={"code": "a"})
    post(box, LOGIN, {"code": "b", "other": "c" * 100_000})

    [[field, expected, seen]] = rows(unused(box)["near"])

    assert (field, expected) == ("when.code", "a")
    assert "not kept" in seen


def test_rules_are_listed_with_near_misses(box: Sandbox) -> None:
    """The list of rules has them where it is asked for them, also of the scenario's rules."""
    rule(box, "client_token", when={"client_key": "x"})
    rule(box, "oauth.client_token")
    send(box, "POST", "/oauth/client_token/", query=urlencode(WEB_CLIENT).encode())

    plain = execute(box, "rules")["rules"]
    idle, used = execute(box, "rules", query={"near": "true"})["rules"]

    assert all("near" not in each for each in plain)
    assert [field for field, *_ in rows(idle["near"])] == ["when.client_key"]
    assert "closest" not in used


# A wait in vain


def wait(box: Sandbox, **query: str) -> Any:
    """Wait in vain, and return the error."""
    with pytest.raises(Exception, match="waited") as refused:
        execute(box, "wait_for_journal", query={"timeout": "0", **query})
    return refused.value


def test_a_wait_for_more(box: Sandbox) -> None:
    """Of calls that came, the last is named, with how many were missing."""
    client_token(box)
    send(box, "GET", "/nowhere")
    error = wait(box, endpoint="client_token", count="2")

    number = number_of(box, 0)
    assert (error.near["candidate"], error.near["id"]) == ("oauth.client_token", number)
    assert rows(error.near) == [("count", 2, 1)]
    assert str(error).endswith(
        f"and saw 1; the closest call was oauth.client_token (#{number}): count expected 2, seen 1"
    )


def test_a_wait_for_what_came_before(box: Sandbox) -> None:
    """A call from before `since` is named with its number."""
    client_token(box)
    send(box, "GET", "/nowhere")
    first, last = number_of(box, 0), number_of(box)
    error = wait(box, endpoint="oauth.*", since=str(last))

    assert rows(error.near) == [("since", f"above {last}", first)]


def test_a_wait_for_a_call_that_went_elsewhere(box: Sandbox) -> None:
    """A misspelt path is closer than the latest call; else the most similar name is."""
    send(box, "GET", "/oauth/userinf/")
    client_token(box)
    login(box, "x")

    missed = wait(box, endpoint="user_info").near
    other = wait(box, endpoint="stable_client_token").near

    assert (missed["candidate"], missed["id"]) == ("GET /oauth/userinf/", number_of(box, 0))
    assert rows(missed) == [("path[2]", "userinfo", "userinf")]
    assert (other["candidate"], other["id"]) == ("oauth.client_token", number_of(box, 1))
    assert rows(other) == [("endpoint", "stable_client_token", "oauth.client_token")]


def test_a_wait_where_nothing_was_called(box: Sandbox) -> None:
    """Nothing is close where nothing was called; phones are not calls of a client."""
    rule(box, "client_token")
    phone(box, "login")
    for endpoint in ("", "code_to_session", "phone.login"):
        error = wait(box, endpoint=endpoint)

        assert error.near is None
        assert str(error).endswith("saw 0; nothing was called at all")


def test_a_wait_says_nothing_of_phones(box: Sandbox) -> None:
    """Among calls of a client and acts, the closest is a call."""
    number = login(box, "x")
    phone(box, "login")

    near = wait(box, endpoint="phone.login").near

    assert (near["candidate"], near["id"]) == ("mini_program.code_to_session", number)
