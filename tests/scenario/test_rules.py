"""Rules, and the other ways to make Douyin refuse."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from mockdouyin import Fault, Rule, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError, ScenarioError
from mockdouyin.core.http import Reply
from mockdouyin.domain.decryption import unseal
from mockdouyin.domain.effects import Effect, can_apply
from tests.support.helpers import (
    GAME,
    GAME_LOGIN,
    PROGRAM,
    PROGRAM_LOGIN,
    UNSERVED,
    WEB_CLIENT,
    app_token,
    client_token,
    consent,
    get,
    phone,
    post,
    sandbox,
    send,
)

V2 = "/api/apps/v2/jscode2session"
CLIENT_TOKEN = "/oauth/client_token/"
ASKED = {**WEB_CLIENT, "grant_type": "client_credential"}


def with_rules(*rules: dict[str, Any], **settings: Any) -> Sandbox:
    """Make a sandbox with these rules, written as in a scenario."""
    text = json.dumps({"name": "ruled", "rules": rules}, ensure_ascii=False)
    return sandbox(scenario=Scenario.parse(text), settings=settings)


def ask(box: Sandbox, headers: dict[str, str] | None = None, **fields: Any) -> Reply:
    """Ask for a client token, and return the reply as it is."""
    body = json.dumps({**ASKED, **fields}).encode()
    return send(box, "POST", CLIENT_TOKEN, body=body, headers=headers)


def number(reply: Reply) -> int:
    """Return the number in the passport's envelope."""
    code = json.loads(reply.body)["data"]["error_code"]
    assert isinstance(code, int)
    return code


def numbers(box: Sandbox, calls: int) -> list[int]:
    """Ask for so many client tokens; return the number of each answer."""
    return [number(ask(box)) for _ in range(calls)]


def counts(box: Sandbox) -> list[tuple[int, int]]:
    """Return how many calls each rule saw, and to how many it was applied."""
    world = box.default
    shown = [rule.show(world.store.unit(world.clock.now())) for rule in world.rules]
    return [(each["seen"], each["hits"]) for each in shown]


def reason(box: Sandbox) -> str:
    """Return why the last call was answered as it was."""
    why = [*box.default.journal][-1].why.render("en")
    assert isinstance(why, str)
    return why


# Which calls.


@pytest.mark.parametrize(
    ("when", "applied"),
    [
        ({}, [1, 1, 1, 1, 1, 1]),
        ({"times": 2}, [1, 1, 0, 0, 0, 0]),
        ({"times": 0}, [0, 0, 0, 0, 0, 0]),
        ({"after": 4}, [0, 0, 0, 0, 1, 1]),
        ({"every": 3}, [0, 0, 1, 0, 0, 1]),
        ({"after": 1, "every": 2}, [0, 0, 1, 0, 1, 0]),
        ({"after": 1, "times": 2}, [0, 1, 1, 0, 0, 0]),
        ({"every": 2, "times": 2}, [0, 1, 0, 1, 0, 0]),
        ({"chance": 0}, [0, 0, 0, 0, 0, 0]),
        ({"chance": 1}, [1, 1, 1, 1, 1, 1]),
    ],
)
def test_which_calls(when: dict[str, Any], applied: list[int]) -> None:
    """A rule applies a number of times, after so many calls, to every n-th, or by chance."""
    box = with_rules({"on": "client_token", "error": 10001, **when})

    assert numbers(box, 6) == [10001 * each for each in applied]
    assert counts(box) == [(6, sum(applied))]


def test_chance_is_repeatable() -> None:
    """With the same seed a rule applies to the same calls; with another, to as many others."""
    rule = {"on": "client_token", "chance": 0.3, "error": 10001}
    first, again, other = (with_rules(rule, seed=seed) for seed in (7, 7, 8))

    applied = numbers(first, 200)

    assert applied == numbers(again, 200)
    assert applied != numbers(other, 200)
    assert 35 < applied.count(10001) < 85


@pytest.mark.parametrize(
    ("when", "matches"),
    [
        ({"client_key": "aw*"}, True),
        ({"client_key": "awd0c5?0000000*"}, True),
        ({"client_key": "tt*"}, False),
        ({"client_key": "aw*", "grant_type": "other"}, False),
        ({"client_key": "*", "grant_type": "client_credential"}, True),
    ],
)
def test_when(when: dict[str, str], matches: bool) -> None:
    """Every field of `when` must match; a call that does not is not counted."""
    box = with_rules({"on": "client_token", "when": when, "error": 10001})

    assert numbers(box, 1) == [10001 if matches else 0]
    assert counts(box) == [(int(matches), int(matches))]


def test_when_reads_what_is_not_text() -> None:
    """Numbers and booleans match by their value, and an absent field never matches."""
    box = with_rules(
        {"on": "share_id", "when": {"need_callback": True}, "error": "system_error"},
        {"on": "share_id", "when": {"link_param": 7}, "error": "not_permitted"},
        {"on": "share_id", "when": {"source_style_id": "*?"}, "error": "bad_params"},
    )
    token = client_token(box)

    def code(**query: str) -> Any:
        return get(box, "/share-id/", query, token)["extra"]["error_code"]

    assert code(need_callback="true") == 2100004
    assert code(link_param="7") == 2100007
    assert code(source_style_id="x") == 2100005
    assert code(need_callback="false") == 0


def test_when_sees_the_token() -> None:
    """The token is a field like others, whichever way it came."""
    box = with_rules(
        {"on": "js_ticket", "when": {"access_token": "clt.*"}, "error": "system_error"}
    )
    token = client_token(box)

    by_header = get(box, "/js/getticket/", token=token)
    by_query = get(box, "/js/getticket/", {"access_token": token})

    assert by_header["data"]["error_code"] == by_query["data"]["error_code"] == 28001005


# Which endpoints.


@pytest.mark.parametrize(
    ("on", "program", "game"),
    [
        ("code_to_session", True, True),
        ("mini_program.code_to_session", True, False),
        ("mini_game.*", False, True),
        ("*code_to_session", True, True),
        ("*", True, True),
        ("/api/apps/v2/jscode2session", True, False),
        ("/api/apps/v2/jscode2session/", True, False),
        ("/mgplatform/api/apps/jscode2session", False, True),
        (["mini_program.code_to_session", "/mgplatform/api/apps/jscode2session"], True, True),
        ("client_token", False, False),
    ],
)
def test_on(on: Any, program: bool, game: bool) -> None:
    """`on` is a full name, a bare name for every family that has it, a glob or a path."""
    box = with_rules({"on": on, "status": 503})

    assert (send(box, "POST", V2).status == 503) is program
    assert (send(box, "GET", "/mgplatform/api/apps/jscode2session").status == 503) is game


def test_star_leaves_phones_alone() -> None:
    """A rule applies to a phone API only by its own name."""
    box = with_rules({"on": "*", "status": 503})

    assert "code" in phone(box, "login")


def test_phone() -> None:
    """A rule on a phone API makes it fail, for the calls that match."""
    rule = {"on": "phone.login", "when": {"person": "小红"}, "times": 1}
    box = with_rules({**rule, "error": "host_login_fail"})

    assert phone(box, "login")["errMsg"] == "login:ok"
    assert phone(box, "login", person="小红") == {
        "errMsg": "login:fail host login fail",
        "errNo": 113001,
    }
    assert phone(box, "login", person="小红")["errMsg"] == "login:ok"


def test_applies_only_where_it_can() -> None:
    """A rule is not applied to an endpoint without its error, which uses nothing up."""
    box = with_rules({"on": "*", "times": 1, "error": "bad_code"})

    assert numbers(box, 1) == [0]
    assert post(box, V2, {**PROGRAM_LOGIN, "code": "x"})["err_no"] == 40018
    assert reason(box).startswith("asked for by rule")


def test_patches_only_where_it_can() -> None:
    """An answer that has not the field is left as it is."""
    box = with_rules({"on": "*", "patch": {"data.expires_in": 60}})
    code = phone(box, "login")["code"]

    assert json.loads(ask(box).body)["data"]["expires_in"] == 60
    assert "expires_in" not in post(box, V2, {**PROGRAM_LOGIN, "code": code})["data"]


# What happens.


@pytest.mark.parametrize("error", [10013, "10013", "bad_client_secret"], ids=repr)
def test_error(error: int | str) -> None:
    """An error is named by its number or our name; Douyin's own text comes with it."""
    box = with_rules({"on": "client_token", "error": error})

    reply = ask(box)

    assert reply.status == 200
    assert json.loads(reply.body)["data"]["description"] == "client_key 或者 client_secret 报错"


def test_error_changes_nothing() -> None:
    """Where a rule answers in Douyin's place, Douyin does nothing: the code stays good."""
    box = with_rules({"on": "code_to_session", "times": 1, "error": "system_error"})
    fields = {**PROGRAM_LOGIN, "code": phone(box, "login")["code"]}

    assert [post(box, V2, fields)["err_no"] for _ in range(3)] == [-1, 0, 40018]


def test_status() -> None:
    """A status comes with a page of HTML, as a gateway's."""
    reply = ask(with_rules({"on": "client_token", "status": 504}))

    assert (reply.status, reply.headers) == (504, ((b"content-type", b"text/html"),))
    assert b"504" in reply.body


def test_reply_json() -> None:
    """A reply is sent as it is written, key for key."""
    wanted = {"err_no": 53030, "err_tips": "原样", "data": None, "a": [1, 2.5]}
    reply = ask(with_rules({"on": "client_token", "reply": {"json": wanted}}))

    assert reply.status == 200
    assert reply.body.decode() == json.dumps(wanted, ensure_ascii=False, separators=(",", ":"))
    assert reply.headers == ((b"content-type", b"application/json; charset=utf-8"),)


def test_reply_text() -> None:
    """A reply may be text of any status, with headers of one's own."""
    own = {"status": 429, "text": "slow down", "headers": {"Retry-After": "3"}}
    reply = ask(with_rules({"on": "client_token", "reply": own}))

    assert (reply.status, reply.body) == (429, b"slow down")
    assert (b"retry-after", b"3") in reply.headers
    assert (b"content-type", b"text/plain; charset=utf-8") in reply.headers


def test_reply_of_another_type() -> None:
    """A content-type of one's own replaces ours."""
    own = {"json": {}, "headers": {"Content-Type": "text/html"}}
    reply = ask(with_rules({"on": "client_token", "reply": own}))

    assert reply.headers == ((b"content-type", b"text/html"),)


def test_patch() -> None:
    """A patch changes what it names, deep or new, and leaves the rest."""
    box = with_rules({"on": "client_token", "patch": {"data.expires_in": 60, "message": "成功"}})

    answer = json.loads(ask(box).body)

    assert (answer["data"]["expires_in"], answer["message"]) == (60, "成功")
    assert answer["data"]["access_token"].startswith("clt.")


def test_patch_of_a_refusal() -> None:
    """A refusal is patched too; what it lacks is made."""
    box = with_rules({"on": "share_id", "patch": {"data.share_id": "7"}})

    answer = get(box, "/share-id/", token="none")

    assert answer["data"]["share_id"] == "7"
    assert answer["extra"]["error_code"] == 2190002


def test_patch_in_a_list() -> None:
    """A number in the path names an item of a list; where there is none, nothing is changed."""
    rule = {"on": "query_app_tpl", "times": 2}
    patch = {"data.template_list.0.title": "通知", "data.template_list.1": {}}
    box = with_rules({**rule, "patch": {**patch, "data.template_list.1.title": ""}})
    token = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)
    query = {"classification": "1", "page_num": "1", "page_size": "10"}
    path = "/api/notification/v2/subscription/query_app_tpl/"

    (template,) = get(box, path, query, token)["data"]["template_list"]

    assert (template["title"], template["msg_id"]) == ("通知", PROGRAM.template)
    assert get(box, path, query, "none")["err_no"] == 28001003


def test_patch_that_leads_nowhere() -> None:
    """An answer that has a text where the path goes on is left as it is."""
    patch = {"data.template_list.0.title.deeper": 1, "data.template_list.0.title.deeper.still": 1}
    box = with_rules({"on": "query_app_tpl", "patch": patch})
    token = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)
    query = {"classification": "1", "page_num": "1", "page_size": "10"}
    path = "/api/notification/v2/subscription/query_app_tpl/"

    assert get(box, path, query, token)["data"]["template_list"][0]["title"] == "快递通知"


@pytest.mark.parametrize("fault", [*Fault])
def test_fault(fault: Fault) -> None:
    """A fault is set on the reply after the endpoint ran, and the door carries it out."""
    reply = ask(with_rules({"on": "client_token", "fault": str(fault)}))

    assert reply.fault is fault
    assert number(reply) == 0


def test_delay() -> None:
    """A delay is real time, for the door to wait; it goes with anything else."""
    rules = with_rules(
        {"on": "client_token", "times": 1, "delay": "1m30s"},
        {"on": "client_token", "times": 1, "delay": 0.2, "error": 10001},
        {"on": "client_token", "delay": "200ms", "status": 502, "fault": "cut"},
    )

    replies = [ask(rules) for _ in range(3)]

    assert [(r.status, r.delay, r.fault) for r in replies] == [
        (200, 90.0, None),
        (200, 0.2, None),
        (502, 0.2, Fault.CUT),
    ]


# Effects on what a call carries; whole stories are in test_scenarios.py.


def test_effect_is_kept() -> None:
    """An effect stays, though the refusal that it leads to rolls back everything else."""
    box = with_rules({"on": "code_to_session", "times": 1, "happens": "code_is_used"})
    fields = {**PROGRAM_LOGIN, "code": phone(box, "login")["code"]}

    assert [post(box, V2, fields)["err_no"] for _ in range(2)] == [40018, 40018]


def test_effect_with_a_fault() -> None:
    """An effect can be combined with what changes the reply."""
    box = with_rules({"on": "share_id", "happens": "token_expires", "delay": "1s"})
    heads = {"access-token": client_token(box)}

    reply = send(box, "GET", "/share-id/", headers=heads)

    assert (reply.delay, json.loads(reply.body)["extra"]["error_code"]) == (1.0, 2190008)


@pytest.mark.parametrize("what", [*Effect])
def test_nothing_happens_to_nothing(what: Effect) -> None:
    """A call that carries nothing, or what is none of ours, is answered as without the rule."""
    paths = {
        "/api/apps/v2/jscode2session": "POST",
        "/oauth/access_token/": "POST",
        "/oauth/refresh_token/": "POST",
        "/oauth/userinfo/": "POST",
        "/share-id/": "POST",
        "/api/notification/v2/subscription/notify_user/": "POST",
    }
    strange = {
        **dict.fromkeys(("code", "access_token", "refresh_token", "open_id"), "none-of-ours"),
        **dict.fromkeys(("appid", "secret", "client_key", "client_secret"), "none-of-ours"),
        "grant_type": "refresh_token",
    }
    for fields in ({}, strange):
        for path, method in paths.items():
            body = json.dumps(fields).encode()
            plain, affected = (
                send(box, method, path, body=body)
                for box in (sandbox(), with_rules({"on": "*", "happens": str(what)}))
            )

            assert affected.body == plain.body


def test_effect_on_a_phone() -> None:
    """A person who logs in again just before their phone seals has a key that nobody was given."""
    box = with_rules({"on": "phone.getUserProfile", "times": 1, "happens": "person_logs_in_again"})
    key = post(box, V2, {**PROGRAM_LOGIN, "code": phone(box, "login")["code"]})["data"]
    sealed = phone(box, "getUserProfile")

    with pytest.raises(MockDouyinError):
        unseal(key["session_key"], sealed["iv"], sealed["encryptedData"])


def test_newest_token_supersedes_the_older_one() -> None:
    """The older of two living tokens is dead after the effect as well."""
    box = with_rules({"on": "share_id", "times": 1, "happens": "token_is_superseded"})
    older, newer = client_token(box), client_token(box)

    for token in (older, newer):
        assert get(box, "/share-id/", token=token)["extra"]["error_code"] in (2190002, 2190008)


@pytest.mark.parametrize("what", [*Effect])
def test_effect_has_its_needs(what: Effect) -> None:
    """Every effect needs certain fields; a rule on targets that lack them is refused."""
    assert not can_apply(what, ["nothing"])
    with pytest.raises(ScenarioError, match=f"carries nothing to which {what} could happen"):
        with_rules({"on": "app_token", "happens": str(what)})


# Which rule.


def test_first_due_rule_decides() -> None:
    """The first rule that is due decides; the others count the call and are not applied."""
    box = with_rules(
        {"on": "client_token", "every": 2, "error": 10001},
        {"on": "client_token", "times": 2, "error": 10003},
        {"on": "oauth.*", "after": 3, "error": 10013},
    )

    assert numbers(box, 6) == [10003, 10001, 10003, 10001, 10013, 10001]
    assert counts(box) == [(6, 3), (6, 2), (6, 1)]


def test_rules_from_outside_go_first() -> None:
    """A rule set while the world runs decides before the scenario's, until it is removed."""
    box = with_rules({"on": "client_token", "error": 10001})
    rules = box.default.rules
    added = rules.add(Rule(on="client_token", error=10003))

    assert numbers(box, 1) == [10003]
    assert rules.remove(added.id)
    assert not rules.remove(added.id)
    assert numbers(box, 1) == [10001]


def test_rules_are_cleared() -> None:
    """Rules go all at once, or those from outside alone."""
    box = with_rules({"on": "client_token", "error": 10001})
    box.default.rules.add(Rule(on="client_token", error=10003))

    box.default.rules.clear_outside()
    assert numbers(box, 1) == [10001]
    box.default.rules.clear()
    assert numbers(box, 1) == [0]


def test_ids() -> None:
    """A rule has the id that it was given, or one made up; no two have the same."""
    box = with_rules(
        {"on": "client_token", "times": 1, "status": 502, "id": "gateway"},
        {"on": "client_token", "times": 1, "status": 502},
        {"on": "client_token", "times": 1, "status": 502},
    )
    rules = box.default.rules

    assert rules.add(Rule(on="notify", status=502)).id == "rule-1"
    ids = [rule.id for rule in rules]
    assert ids[:2] == ["rule-1", "gateway"]
    assert len(set(ids)) == 4
    with pytest.raises(ScenarioError, match="there is a rule 'gateway' already"):
        rules.add(Rule(on="notify", status=502, id="gateway"))


def test_reloaded_rules_keep_their_counters() -> None:
    """A rule that is as it was goes on counting when its scenario is loaded again."""
    box = with_rules({"on": "client_token", "times": 2, "error": 10001})
    numbers(box, 1)

    same = Rule(on="client_token", times=2, error=10001)
    box.default.rules.load([Rule(on="notify", status=502), same])

    assert numbers(box, 2) == [10001, 0]
    assert counts(box) == [(0, 0), (3, 2)]


def test_shown() -> None:
    """A rule is shown as it was written, with its id and what it did."""
    written = {"on": "client_token", "times": 1, "delay": "200ms", "fault": "reset", "id": "lost"}
    box = with_rules(written)
    (rule,) = box.default.rules
    unit = box.default.store.unit(box.default.clock.now())

    assert rule.show(unit) == {**written, "set_by": "scenario ruled", "hits": 0, "seen": 0}


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (Rule(on="client_tokn", error=10001), "unknown endpoint 'client_tokn'; did you mean"),
        (Rule(on="client_token", error=40018), "oauth.client_token has no error '40018'"),
        (Rule(on="client_token", times=-1, error=10001), "times is at least 0, not -1"),
        (Rule(on="client_token", every=0, chance=7, error=10001), "every is at least 1, not 0; "),
        (Rule(on="client_token"), "the rule does nothing"),
    ],
)
def test_refused(rule: Rule, told: str) -> None:
    """A rule that makes no sense is refused when it is set, with all that is wrong."""
    with pytest.raises(ScenarioError) as refusal:
        sandbox().default.rules.add(rule)

    assert told in str(refusal.value)


# Paths that nothing answers.


def test_a_rule_answers_where_no_endpoint_does() -> None:
    """A rule that names a method and a path answers there, is counted, and is in the journal."""
    reply = {"status": 201, "json": {"err_no": 0}, "headers": {"X-A": "b"}}
    box = with_rules({"on": f"POST {UNSERVED}", "reply": reply, "times": 1, "id": "qr"})

    got = send(box, "POST", UNSERVED + "/", body=b"{}")

    assert (got.status, got.body) == (201, b'{"err_no":0}')
    assert (b"x-a", b"b") in got.headers
    assert send(box, "GET", UNSERVED).status == 404
    assert send(box, "POST", UNSERVED).status == 404
    first, other, spent = box.default.journal
    assert (first.verdict, first.rule, first.why.render("en")) == (
        "bent",
        "qr",
        "answered by rule qr",
    )
    assert [each.verdict for each in (other, spent)] == ["unknown", "unknown"]
    assert [each.request.method for each in box.default.journal.unanswered] == ["GET", "POST"]
    assert execute(box, "findings", query={"rule": "unknown_path"})["findings"] != []


def test_parameters_of_a_path_that_nothing_answers() -> None:
    """`when` looks at whatever parameters such a call carries, wherever they travel."""
    box = with_rules({"on": UNSERVED, "when": {"width": 430}, "status": 503})

    assert send(box, "POST", UNSERVED, body=b'{"width": 430}').status == 503
    assert send(box, "POST", UNSERVED, query=b"width=430").status == 503
    assert send(box, "POST", UNSERVED, body=b'{"width": 280}').status == 404
    assert send(box, "POST", UNSERVED, body=b"no parameters").status == 404


@pytest.mark.parametrize("on", ["*", "/api/*", "POST /api/tpapp/*", ["client_token", UNSERVED]])
def test_wide_rules_apply_to_what_nothing_answers_too(on: str | list[str]) -> None:
    """`*` and paths with wildcards apply to calls that no endpoint answers."""
    box = with_rules({"on": on, "status": 502})

    assert send(box, "POST", UNSERVED).status == 502
    assert number_of(box, "GET", "/") == (502 if on == "*" else 404)


def number_of(box: Sandbox, method: str, path: str) -> int:
    """Return the status of a call with nothing in it."""
    return send(box, method, path).status


def test_a_fault_alone_breaks_the_answer_that_there_is() -> None:
    """A rule that only breaks the wire breaks the 404 of a path that nothing answers."""
    box = with_rules({"on": "*", "fault": "reset", "delay": "1s"})

    got = send(box, "GET", "/nothing")

    assert (got.status, got.fault, got.delay) == (404, Fault.RESET, 1.0)


def test_a_wide_rule_with_an_error_leaves_them_alone() -> None:
    """A path that nothing answers knows no errors: a rule with one does not apply to it."""
    box = with_rules({"on": "*", "error": 10003})

    assert send(box, "POST", UNSERVED).status == 404
    assert number(ask(box)) == 10003


def test_a_method_in_a_rule() -> None:
    """A path with a method applies to the endpoint there only when it is called by that method."""
    box = with_rules({"on": f"GET {CLIENT_TOKEN}", "error": 10003})

    assert number(ask(box)) == 0
    assert get(box, CLIENT_TOKEN, ASKED)["data"]["error_code"] == 10003


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"on": f"POST {UNSERVED}", "error": 40018}, f"no endpoint answers {UNSERVED} (POST)"),
        ({"on": "/oauth/client_tokn/", "error": 10003}, "did you mean /oauth/client_token/?"),
        ({"on": UNSERVED, "patch": {"a": 1}}, "give `reply`, `status`, `fault` or `delay`"),
        ({"on": "post /oauth/client_token/", "error": 10003}, "unknown endpoint"),
        ({"on": "delete_token", "error": 10003}, "`mockdouyin endpoints` lists them"),
        ({"on": "*", "when": {"clientkey": "a"}, "status": 502}, "unknown field 'clientkey'"),
    ],
)
def test_a_path_that_makes_no_sense(rule: dict[str, Any], told: str) -> None:
    """What has no endpoint has no errors and fields to name; a misspelling is noticed."""
    with pytest.raises(ScenarioError, match=re.escape(told)):
        with_rules(rule)


def test_rules_on_paths_shadow_each_other() -> None:
    """A rule behind one that decides all its calls is refused, on such paths too."""
    with_rules({"on": f"POST {UNSERVED}", "status": 500}, {"on": f"GET {UNSERVED}", "status": 500})
    with_rules({"on": f"GET {CLIENT_TOKEN}", "status": 500}, {"on": "client_token", "status": 501})
    for first in ("*", f"POST {UNSERVED}"):
        with pytest.raises(ScenarioError, match="the rule never applies: rule 1 decides"):
            with_rules({"on": first, "status": 500}, {"on": f"POST {UNSERVED}", "status": 501})


@pytest.mark.parametrize(
    ("method", "path", "says"),
    [
        (
            "POST",
            UNSERVED,
            "), mockdouyin does not answer it yet; a rule can: {on:",
        ),
        ("GET", UNSERVED, f"Douyin's {UNSERVED} takes POST, not GET"),
        ("GET", "/api/apps/v2/jscode2session", "/jscode2session takes POST, not GET"),
        ("POST", "/video/remove/", "no endpoint POST /video/remove/; `mockdouyin endpoints`"),
        ("POST", "/oauth/invoke_token/", "; `mockdouyin endpoints`"),
        ("POST", "/v1/oauth/client_token/", "did you mean POST or GET /oauth/client_token/?"),
        ("POST", "/jscode2session", "; `mockdouyin endpoints`"),
        ("POST", "/" + "a/" * 900, "; `mockdouyin endpoints`"),
    ],
)
def test_what_is_said_of_them(method: str, path: str, says: str) -> None:
    """What Douyin has and we lack is said so; only a misspelling is told what was meant."""
    body = send(sandbox(), method, path).body.decode()

    assert says in body
    assert ("did you mean" in body) is ("did you mean" in says)


# The other triggers, and which goes first.


@pytest.mark.parametrize("case", ["10013", "bad_client_secret"])
def test_negative_test_header(case: str) -> None:
    """Douyin's own header refuses the call that carries it, by number or name."""
    box = sandbox()

    assert number(ask(box, {"Aweme-Negative-Test": case})) == 10013
    assert reason(box) == "asked for by Aweme-Negative-Test"
    assert numbers(box, 1) == [0]


def test_negative_test_header_of_no_case() -> None:
    """A case that the endpoint does not have is a 400, never dressed as Douyin's."""
    reply = ask(sandbox(), {"Aweme-Negative-Test": "bad_client_secre"})

    assert reply.status == 400
    assert reply.body.startswith(b"mockdouyin: ")
    assert b"did you mean bad_client_secret?" in reply.body


@pytest.mark.parametrize("value", ["mock-error-10003", "mock-error-bad_client_key"])
def test_magic_value(value: str) -> None:
    """A value that names an error is refused with it, whichever field it stands in."""
    box = sandbox()

    assert number(ask(box, client_secret=value)) == 10003
    assert number(ask(box, client_key=value)) == 10003
    assert value in reason(box)


def test_magic_value_in_a_query_and_a_token() -> None:
    """A code in a query and a token in a header work alike."""
    box = sandbox()
    query = {**GAME_LOGIN, "code": "mock-error-40015"}

    assert get(box, "/mgplatform/api/apps/jscode2session", query)["errcode"] == 40015
    share = get(box, "/share-id/", token="mock-error-quota_used_up")
    assert share["extra"]["error_code"] == 2190001


def test_magic_value_of_no_case() -> None:
    """A value that names no error of the endpoint is a value like any other."""
    box = sandbox()
    fields = {**PROGRAM_LOGIN, "code": "mock-error-53030"}

    assert post(box, V2, fields)["err_no"] == 40018


def test_header_then_rule_then_value_then_state() -> None:
    """Of several triggers the header decides, then a rule, then a value, then the state."""
    box = with_rules({"on": "client_token", "times": 2, "error": 10001})
    wrong: dict[str, Any] = {"client_key": "mock-error-10003", "client_secret": "wrong"}

    assert number(ask(box, {"Aweme-Negative-Test": "10020"}, **wrong)) == 10020
    assert number(ask(box, **wrong)) == 10001
    assert number(ask(box, **wrong)) == 10003
    assert number(ask(box, client_secret="wrong")) == 10013


def test_call_answered_by_a_rule_is_in_the_journal() -> None:
    """The journal knows the rule and the app of a call that a rule answered."""
    box = with_rules({"on": "code_to_session", "error": 40018, "id": "first"})
    get(box, "/mgplatform/api/apps/jscode2session", {**GAME_LOGIN, "code": "x"})

    (exchange,) = box.default.journal

    assert (exchange.rule, exchange.app) == ("first", GAME.client_key)
    assert exchange.error is not None
    assert exchange.error.name == "bad_code"


def test_lifetimes_are_settings() -> None:
    """Tokens and tickets live as long as the world's settings say, and say so."""
    box = sandbox(settings={"client_token_lifetime": "30s", "app_token_lifetime": "40s"})
    answer = json.loads(ask(box).body)["data"]
    fields = {**PROGRAM_LOGIN, "grant_type": "client_credential"}

    assert answer["expires_in"] == 30
    assert post(box, "/api/apps/v2/token", fields)["data"]["expires_in"] == 40
    assert app_token(box)
    box.default.clock.advance(30)
    token = answer["access_token"]
    assert get(box, "/share-id/", token=token)["extra"]["error_code"] == 2190008


def test_lifetimes_of_a_consent() -> None:
    """A consent's code and tokens live as long as the settings say."""
    lives = {"auth_code_lifetime": "1m", "user_token_lifetime": "2m"}
    box = sandbox(settings={**lives, "refresh_token_lifetime": "3m"})
    fields = {**WEB_CLIENT, "grant_type": "authorization_code"}
    late = consent(box)
    box.default.clock.advance(60)
    refused = post(box, "/oauth/access_token/", {**fields, "code": late})["data"]
    given = post(box, "/oauth/access_token/", {**fields, "code": consent(box)})["data"]
    renewal = {"client_key": WEB_CLIENT["client_key"], "refresh_token": given["refresh_token"]}
    renewed = post(box, "/oauth/renew_refresh_token/", renewal)["data"]

    assert refused["error_code"] == 10007
    assert (given["expires_in"], given["refresh_expires_in"]) == (120, 180)
    assert renewed["expires_in"] == 180
