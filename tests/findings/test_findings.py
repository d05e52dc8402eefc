"""Findings: each mistake is noticed, and a client that makes none is left in peace."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.http import Request
from mockdouyin.domain.grants import revoke
from mockdouyin.endpoints import WRITTEN
from mockdouyin.findings import RULES
from mockdouyin.testing.fixture import Douyin
from tests.endpoints.calls import Scene, good
from tests.examples import test_login_library, test_mini_program, test_open_platform
from tests.support.ecpay import sign
from tests.support.helpers import (
    GAME_LOGIN,
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
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

LOGIN = "/api/apps/v2/jscode2session"
TICKET = "/open/getticket/"
NOTIFY = "/api/apps/subscribe_notification/developer/v1/notify"


def findings(box: Sandbox, rule: str = "") -> list[dict[str, Any]]:
    """Return the findings of the world `default`; each is complete, and its exchange exists.

    That an address is retired says nothing of how it is called: it is told by its own name only.
    """
    found: list[dict[str, Any]] = execute(box, "findings", query={"rule": rule})["findings"]
    check_chinese(box, rule, found)
    numbers = {exchange.number for exchange in box.default.journal}
    for each in found:
        assert list(each) == ["rule", "level", "says", "exchange", "source", "fix"]
        assert each["rule"] in RULES
        assert all(each[key] for key in each)
        assert each["exchange"]["id"] in numbers
    return [each for each in found if rule or each["rule"] != "retired_address"]


CHINESE = re.compile("[\u4e00-\u9fff]")


def check_chinese(box: Sandbox, rule: str, english: list[dict[str, Any]]) -> None:
    """Assert that the findings are the same in Chinese, all that they say in Chinese words."""
    answer = execute(box, "findings", query={"rule": rule}, language="zh")
    assert [each["rule"] for each in answer["findings"]] == [each["rule"] for each in english]
    assert {each["rule"] for each in answer["rules"]} == ({rule} if rule else set(RULES))
    for each in (*answer["findings"], *answer["rules"]):
        said = [each[name] for name in ("says", "fix", "source", "about", "why") if name in each]
        assert all(map(CHINESE.search, said))


def only(box: Sandbox, rule: str) -> dict[str, Any]:
    """Return the one finding of the world, which is this rule's."""
    [found] = findings(box)
    assert found["rule"] == rule
    return found


def advance(box: Sandbox, by: str) -> None:
    """Move the world's clock."""
    execute(box, "advance_clock", body={"by": by})


def with_rule(**rule: Any) -> Sandbox:
    """Return a sandbox with one rule."""
    box = sandbox()
    execute(box, "add_rule", body=rule)
    return box


# Hosts.


def asked(box: Sandbox, host: str, path: str = LOGIN) -> None:
    """Send a login that was meant for a host, as one that was taken over is."""
    code = phone(box, "login")["code"]
    body = json.dumps({**PROGRAM_LOGIN, "code": code}).encode()
    box.handle(Request("POST", path, body=body, host=host))


def test_wrong_host() -> None:
    """A path asked at another of Douyin's hosts is found, with the hosts that serve it."""
    box = sandbox()
    asked(box, "open.douyin.com")
    asked(box, "Open.Douyin.com:443")

    found = only(box, "wrong_host")
    assert found["says"] == (
        f"{LOGIN} was asked at open.douyin.com twice;"
        " it is served by developer.toutiao.com and open-sandbox.douyin.com"
    )
    assert found["fix"] == f"Ask https://developer.toutiao.com{LOGIN}."
    assert found["exchange"]["host"] == "Open.Douyin.com:443"
    assert found["source"].startswith("https://developer.open-douyin.com/docs/")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "developer.toutiao.com",
        "developer.toutiao.com:443",
        "OPEN-SANDBOX.douyin.com.",
        "127.0.0.1:8600",
        "[::1]:8600",
        "localhost",
        "testserver",
        "douyin.test",
    ],
)
def test_right_host(host: str) -> None:
    """The family's own hosts are right, and so is a stand-in's name or none."""
    box = sandbox()
    asked(box, host)

    assert findings(box) == []


def test_a_host_header_is_not_a_host() -> None:
    """What a client calls the server by says nothing: only a host that was taken over does."""
    box = sandbox()
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": "x"}, headers={"host": "open.douyin.com"})

    assert findings(box) == []


# Configuration that cannot work.

PAGE = "/platform/oauth/connect/"
BROWSER = {"accept": "text/html,application/xhtml+xml", "sec-fetch-mode": "navigate"}


def consented(box: Sandbox, redirect: str, headers: dict[str, str] | None = None) -> None:
    """Open the consent page with a redirect_uri."""
    query = {"client_key": WEB.client_key, "response_type": "code", "scope": "user_info"}
    if redirect:
        query["redirect_uri"] = redirect
    send(box, "GET", PAGE, query=urlencode(query).encode(), headers=headers or BROWSER)


@pytest.mark.parametrize(
    ("redirect", "says"),
    [
        ("app.example.test", "is a bare domain or path: it lacks https://"),
        ("app.example.test/callback", "is a bare domain or path: it lacks https://"),
        ("/callback", "is a bare domain or path: it lacks https://"),
        ("http://app.example.test/callback", "is http: Douyin sends people back to https only"),
        ("http://192.168.1.7:8080/callback", "is http: Douyin sends people back to https only"),
        ("http://[::1/", "is not an address"),
    ],
)
def test_a_redirect_that_cannot_work(redirect: str, says: str) -> None:
    """A redirect_uri that is a bare domain, or http on another machine, is found."""
    box = sandbox()
    consented(box, redirect)

    assert only(box, "unusable_redirect")["says"] == f"redirect_uri {redirect} {says}"


@pytest.mark.parametrize(
    "redirect",
    ["https://app.example.test/cb", "http://localhost:3000/cb", "http://127.0.0.1/cb", ""],
)
def test_a_redirect_that_works(redirect: str) -> None:
    """Https anywhere and http on this machine are right, and none is told by the refusal."""
    box = sandbox()
    consented(box, redirect)

    assert findings(box, "unusable_redirect") == []
    why = list(box.default.journal)[-1].why.render("en")
    assert (why == "redirect_uri is missing") is (redirect == "")


def test_a_bare_domain_is_refused_with_what_is_lacking() -> None:
    """The refusal of a bare domain says that https:// is lacking."""
    box = sandbox()
    consented(box, "app.example.test")

    assert (
        list(box.default.journal)[-1]
        .why.render("en")
        .startswith("redirect_uri is a whole address")
    )


def test_a_consent_page_fetched_by_a_server() -> None:
    """A consent page that a program fetches is found; one that a browser opens is not."""
    box = sandbox()
    consented(box, "https://app.example.test/douyin/callback")
    assert findings(box) == []

    agent = {"user-agent": "okhttp/4.12", "accept": "*/*"}
    consented(box, "https://app.example.test/douyin/callback", agent)

    assert only(box, "consent_page_fetched")["says"] == f"{PAGE} was fetched once by okhttp/4.12"


def part(box: Sandbox, login: tuple[str, str], number: int, content: bytes) -> None:
    """Send one part of a video, as a form with its parameters in the query."""
    token, upload_id = login
    boundary = f"----{number:08}"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="video"; filename="a.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    ).encode() + content
    open_id = box.default.people.open_id(box.default.apps[WEB.client_key], "小明")
    query = {"open_id": open_id, "upload_id": upload_id, "part_number": str(number)}
    send(
        box,
        "POST",
        "/api/douyin/v1/video/upload_video_part/",
        query=urlencode(query).encode(),
        body=body + f"\r\n--{boundary}--\r\n".encode(),
        headers={
            "access-token": token,
            "content-type": f"multipart/form-data; boundary={boundary}",
        },
    )


def uploading(box: Sandbox) -> tuple[str, str]:
    """Begin an upload in parts; return the token and the upload_id."""
    code = consent(box, scopes=("user_info", "video.create"))
    fields = {**WEB_CLIENT, "code": code, "grant_type": "authorization_code"}
    data = post(box, "/oauth/access_token/", fields)["data"]
    path = "/api/douyin/v1/video/init_video_part_upload/"
    query = urlencode({"open_id": data["open_id"]})
    begun = post(box, path, {}, {"access-token": data["access_token"]}, query=query)
    return data["access_token"], begun["data"]["upload_id"]


def test_parts_with_the_same_bytes() -> None:
    """Three parts of one video with the same bytes are found; parts that differ are not."""
    box = sandbox()
    login = uploading(box)
    for number in (9, 10, 11):
        part(box, login, number, bytes([number]) * 200_000)
    assert findings(box) == []

    for number in (9, 10, 11):
        part(box, login, number, b"same" * 50_000)

    says = only(box, "same_part")["says"]
    assert says == "parts 9, 10, 11 of one upload_id begin with the same bytes"


@pytest.mark.parametrize(
    ("method", "path", "successor"),
    [
        ("POST", NOTIFY, "/api/notification/v2/subscription/notify_user/"),
        ("GET", "/api/apps/jscode2session", "/api/apps/v2/jscode2session"),
        ("GET", "/api/apps/token", "/api/apps/v2/token"),
    ],
)
def test_a_retired_address(method: str, path: str, successor: str) -> None:
    """An address that Douyin has replaced is found once, with what takes its place."""
    box = sandbox()
    for _ in range(2):
        send(box, method, path)

    [found] = findings(box, "retired_address")
    assert found["says"].startswith(f"{path} was called twice: ")
    assert found["says"].endswith(f"{successor} takes its place")
    assert (("POST", successor) in WRITTEN.routes) is True


# Paths.


def test_unknown_path() -> None:
    """A path that nothing answers is found once, with what is nearest."""
    box = sandbox()
    for _ in range(3):
        send(box, "POST", "/api/apps/v2/jscode2sesion")

    says = only(box, "unknown_path")["says"]
    assert says.startswith("POST /api/apps/v2/jscode2sesion was called 3 times: no endpoint ")
    assert "did you mean POST /api/apps/v2/jscode2session" in says


def test_unknown_method() -> None:
    """A wrong method is as lost as a wrong path."""
    box = sandbox()
    send(box, "GET", LOGIN)

    assert "takes POST, not GET" in only(box, "unknown_path")["says"]


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/.well-known/x"])
def test_what_browsers_ask_for(path: str) -> None:
    """What a browser asks any server for is not a mistake of the client's."""
    box = sandbox()
    send(box, "GET", path)

    assert findings(box) == []


# Parameters.


def test_unread_field() -> None:
    """A misspelt parameter is found once for each endpoint, with the name that was meant."""
    box = sandbox()
    for _ in range(2):
        codes = phone(box, "login")
        given = {"code": codes["code"], "anonymousCode": codes["anonymousCode"]}
        post(box, LOGIN, {**PROGRAM_LOGIN, **given})

    found = only(box, "unread_field")
    assert found["says"] == (
        "anonymousCode was sent to mini_program.code_to_session twice, and is not read there;"
        " did you mean anonymous_code?"
    )
    assert found["fix"] == "Send it as anonymous_code."
    assert found["exchange"]["id"] == 4


def test_unread_field_like_no_other() -> None:
    """Nothing is proposed that was sent as well, or is not near."""
    box = sandbox()
    code = phone(box, "login")["code"]
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code, "codes": "1", "version": 2})

    assert [each["says"].partition(" once")[2] for each in findings(box)] == [
        ", and is not read there",
        ", and is not read there",
    ]


def test_nulls_are_not_sent() -> None:
    """A parameter that is null or empty counts as absent."""
    box = sandbox()
    code = phone(box, "login")["code"]
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code, "anonymousCode": None, "x": ""})

    assert findings(box) == []


def test_unreadable_bodies() -> None:
    """A body that cannot be read shows nothing but itself."""
    box = sandbox()
    send(box, "POST", LOGIN, body=b'{"code": ')
    send(box, "POST", "/oauth/userinfo/", body=b"\xff=\xff")

    assert findings(box) == []


def test_wrong_content_type() -> None:
    """Notify insists on application/json, as its page says."""
    box = sandbox()
    body = json.dumps({"access_token": app_token(box)}).encode()
    send(box, "POST", NOTIFY, body=body, headers={"content-type": "text/plain"})
    send(box, "POST", NOTIFY, body=body)

    assert only(box, "wrong_content_type")["says"] == (
        "mini_program.notify was called twice with no content type"
    )


def test_content_types_that_are_taken() -> None:
    """JSON is JSON with a charset too, and OAuth takes forms."""
    box = sandbox()
    json_type = {"content-type": "application/json; charset=utf-8"}
    form = {"content-type": "application/x-www-form-urlencoded"}
    send(box, "POST", NOTIFY, body=b"{}", headers=json_type)
    fields = urlencode({**WEB_CLIENT, "grant_type": "client_credential"}).encode()
    send(box, "POST", "/oauth/client_token/", body=fields, headers=form)

    assert findings(box) == []


def test_secret_in_query() -> None:
    """A secret in the address is found where the docs want it in a body, and is not shown."""
    box = sandbox()
    get(box, "/oauth/client_token/", {**WEB_CLIENT, "grant_type": "client_credential"})

    found = only(box, "secret_in_query")
    assert found["says"] == "oauth.client_token was called once with the secret in the query"
    assert WEB.client_secret not in json.dumps(found)


def test_secret_where_it_belongs() -> None:
    """In a body it is right; and the first code2session has no other place than the query."""
    box = sandbox()
    client_token(box)
    code = phone(box, "login")["code"]
    get(box, "/api/apps/jscode2session", {**PROGRAM_LOGIN, "code": code})

    assert findings(box) == []


def test_refused_again() -> None:
    """A request that was refused for what it says, and is repeated unchanged, is found."""
    box = sandbox()
    wrong = {**WEB_CLIENT, "client_secret": "0" * 32, "grant_type": "client_credential"}
    for _ in range(4):
        post(box, "/oauth/client_token/", wrong)

    found = only(box, "refused_again")
    assert found["says"].startswith(
        "the same request of oauth.client_token was refused 4 times with 10013 client_key"
    )
    assert "0" * 32 not in json.dumps(found)


def test_refused_now_and_then() -> None:
    """Two at once may not know of each other, and who tries once an hour is a person."""
    box = sandbox()
    wrong = {**WEB_CLIENT, "client_secret": "wrong", "grant_type": "client_credential"}
    for _ in range(3):
        post(box, "/oauth/client_token/", wrong)
        advance(box, "1h")
    post(box, LOGIN, {"appid": "tt1", "code": "x"})
    post(box, LOGIN, {"appid": "tt1", "code": "x"})

    assert findings(box) == []


def test_refused_by_us() -> None:
    """A refusal that a rule asked for is not a mistake of the client's, however often it comes."""
    box = with_rule(on="code_to_session", error="bad_params", times=3)
    code = phone(box, "login")["code"]
    for _ in range(4):
        answer = post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})

    assert answer["err_no"] == 0
    assert findings(box) == []


# Tokens.


def test_stale_token() -> None:
    """A token sent again after it was refused as expired is found, and is not shown."""
    box = sandbox()
    token = client_token(box)
    advance(box, "2h1m")
    for path in (TICKET, "/js/getticket/", TICKET):
        get(box, path, token=token)

    found = findings(box)
    assert [(each["rule"], each["exchange"]["id"]) for each in found] == [
        ("stale_token", 5),
        ("stale_token", 6),
    ]
    assert "it expired 1m ago" in found[0]["says"]
    assert found[0]["fix"].startswith("Fetch a new token")
    assert token not in json.dumps(found)


def test_a_token_that_newer_ones_killed() -> None:
    """A client that goes on with its first token while others fetch newer ones is found."""
    box = sandbox()
    token = client_token(box)
    advance(box, "6m")
    client_token(box)
    client_token(box)
    get(box, TICKET, token=token)
    get(box, TICKET, token=token)

    assert "the second killed it" in only(box, "stale_token")["says"]


def test_a_token_in_the_body() -> None:
    """A token counts wherever it travels."""
    box = sandbox()
    token = app_token(box)
    advance(box, "2h1m")
    post(box, NOTIFY, {"access_token": token})
    message = {"access_token": token, "app_id": PROGRAM.client_key, "tpl_id": "M", "open_id": "x"}
    post(box, NOTIFY, {**message, "data": {"a": 1}})
    post(box, NOTIFY, {**message, "data": {"a": 1}})

    assert "called once with a token" in only(box, "stale_token")["says"]


def test_a_dead_refresh_token() -> None:
    """A refresh token that was refused stays dead; only the person can help."""
    box = sandbox()
    given = {"client_key": WEB.client_key, "grant_type": "refresh_token"}
    for _ in range(2):
        post(box, "/oauth/refresh_token/", {**given, "refresh_token": f"rft.{'0' * 60}"})

    found = only(box, "stale_token")
    assert found["says"].startswith("oauth.refresh_token was called once with a token that")
    assert found["fix"].startswith("Let the person consent again")


def test_fetching_anew_after_a_refusal() -> None:
    """A client that learns from one refusal, and fetches a new token, does well."""
    box = sandbox()
    for _ in range(3):
        token = client_token(box)
        get(box, TICKET, token=token)
        advance(box, "2h1m")
        get(box, TICKET, token=token)

    assert findings(box) == []


def test_different_calls_at_one_moment() -> None:
    """Calls that were on their way when a person revoked did not know; one a second later did."""
    box = sandbox()
    code = consent(box)
    granted = post(
        box,
        "/oauth/access_token/",
        {**WEB_CLIENT, "code": code, "grant_type": "authorization_code"},
    )["data"]
    unit = box.default.store.unit(box.default.clock.now())
    revoke(box.default, unit, box.default.apps[WEB.client_key], "小明")
    unit.commit()
    fields = {"open_id": granted["open_id"]}
    token = {"access-token": granted["access_token"]}
    post(box, "/oauth/userinfo/", fields, headers=token)
    get(box, "/video/list/", {**fields, "count": "5", "cursor": "0"}, granted["access_token"])

    assert findings(box) == []
    advance(box, "1s")
    post(box, "/oauth/userinfo/", fields, headers=token)
    assert only(box, "stale_token")["fix"].startswith("Refresh it by its refresh_token")


def test_a_token_in_the_wrong_place() -> None:
    """A token that is refused where another kind belongs, and taken elsewhere, is not stale."""
    box = sandbox()
    token = client_token(box)
    message = {"app_id": PROGRAM.client_key, "tpl_id": "M", "open_id": "x", "data": {"a": 1}}
    for _ in range(2):
        assert post(box, NOTIFY, {**message, "access_token": token})["err_no"] == 12024
        get(box, TICKET, token=token)

    assert findings(box) == []


def test_a_refusal_that_got_lost() -> None:
    """A client that never heard of the refusal is not to blame for sending the token again."""
    box = with_rule(on="open_ticket", fault="reset", times=1)
    token = client_token(box)
    advance(box, "2h1m")
    assert send(box, "GET", TICKET, headers={"access-token": token}).fault
    get(box, TICKET, token=token)

    assert findings(box) == []


def test_a_token_refused_by_us() -> None:
    """A refusal that a rule, a header or a value asked for leaves the token as good as it was."""
    box = with_rule(on="open_ticket", error="expired_token", times=2)
    token = client_token(box)
    for _ in range(3):
        answer = get(box, TICKET, token=token)
    for _ in range(2):
        head = {"access-token": token, "aweme-negative-test": "expired_token"}
        send(box, "GET", TICKET, headers=head)
        get(box, TICKET, token="mock-error-expired_token")

    assert answer["data"]["error_code"] == 0
    assert findings(box) == []


def test_token_stampede() -> None:
    """A token fetched for every call is found, as each third one kills a living one."""
    box = sandbox()
    for _ in range(5):
        get(box, TICKET, token=client_token(box))
        advance(box, "10s")

    found = only(box, "token_stampede")
    assert found["says"].startswith(
        f"app {WEB.client_key} fetched its client token 3 times while it held two"
    )
    assert found["source"].startswith("https://developer.open-douyin.com/docs/")


def test_each_app_and_kind_has_a_ladder() -> None:
    """App tokens are counted likewise; those of different apps and kinds are not added up."""
    box = sandbox()
    program = {"app": PROGRAM.client_key, "secret": PROGRAM.client_secret}
    for _ in range(2):
        app_token(box)
        client_token(box)
        client_token(box, **program)
    assert findings(box) == []

    app_token(box)
    assert "fetched its app token once" in only(box, "token_stampede")["says"]


def test_tokens_in_good_time() -> None:
    """Two fetches at a restart, a fetch before the end, and the stable token are all well."""
    box = sandbox()
    for _ in range(4):
        client_token(box)
        client_token(box)
        advance(box, "1h55m")
    for _ in range(5):
        given = {**WEB_CLIENT, "grant_type": "client_credential"}
        post(box, "/oauth/stable_client_token/", given)

    assert findings(box) == []


def test_short_lives() -> None:
    """In a world whose tokens live for minutes a client has to fetch that often."""
    box = sandbox(settings={"client_token_lifetime": "1m"})
    for _ in range(10):
        client_token(box)
        advance(box, "30s")

    assert findings(box) == []


def test_tokens_that_we_spoiled() -> None:
    """A client that was told its token is dead, or never got it, may fetch another."""
    box = with_rule(on="open_ticket", error="expired_token")
    execute(box, "add_rule", body={"on": "client_token", "fault": "reset", "every": 2})
    for _ in range(8):
        given = {**WEB_CLIENT, "grant_type": "client_credential"}
        reply = send(box, "POST", "/oauth/client_token/", body=json.dumps(given).encode())
        if reply.fault is None:
            get(box, TICKET, token=json.loads(reply.body)["data"]["access_token"])

    assert findings(box) == []


# Codes.


def test_code_reused() -> None:
    """A code that is sent again after its exchange is found."""
    box = sandbox()
    code = phone(box, "login")["code"]
    for _ in range(3):
        post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})

    says = only(box, "code_reused")["says"]
    assert says.startswith("mini_program.code_to_session was called twice with a code that")
    assert "it works once" in says


def test_a_bad_code_retried() -> None:
    """A code that was refused as bad never becomes good; nor does an auth code."""
    box = sandbox()
    given = {**WEB_CLIENT, "code": "made-up", "grant_type": "authorization_code"}
    post(box, "/oauth/access_token/", given)
    assert findings(box) == []
    post(box, "/oauth/access_token/", given)

    assert only(box, "code_reused")["says"].startswith("oauth.user_token was called once")


def test_one_code_for_two_apps() -> None:
    """A code that one app's exchange refused may be meant for another app."""
    box = sandbox()
    code = phone(box, "login", app="mini_game")["code"]
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    post(box, LOGIN, {**GAME_LOGIN, "code": code})

    assert findings(box) == []


def test_an_exchange_that_may_be_tried_again() -> None:
    """A code is good after an exchange that failed for another reason, or was lost on the way."""
    box = with_rule(on="code_to_session", fault="reset", times=1)
    code, lost = phone(box, "login")["code"], phone(box, "login")["code"]
    body = json.dumps({**PROGRAM_LOGIN, "code": lost}).encode()
    assert send(box, "POST", LOGIN, body=body).fault
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": lost})
    post(box, LOGIN, {**PROGRAM_LOGIN, "secret": "wrong", "code": code})
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})

    assert findings(box) == []


# The whole.


@pytest.mark.parametrize("name", [endpoint.full_name for endpoint in WRITTEN])
def test_good_calls_show_nothing(name: str) -> None:
    """The good call of every endpoint is beyond reproach."""
    scene = Scene()
    scene.send(good(scene, name))

    assert findings(scene.box) == []


@pytest.mark.parametrize(
    ("example", "expected"),
    [
        (test_mini_program.test_login_and_sealed_profile, set()),
        (test_mini_program.test_phone_number_from_encrypted_data, set()),
        (test_mini_program.test_phone_number_from_code, set()),
        (test_mini_program.test_subscription_message, {"retired_address"}),
        (test_open_platform.test_consent_to_user_info, set()),
        (test_open_platform.test_client_token_to_share_schema, set()),
        (test_open_platform.test_a_code_is_exchanged_once, {"code_reused"}),
        (test_login_library.test_mini_game_login, set()),
        (test_login_library.test_mini_program_login, set()),
        (test_login_library.test_failures_raise, set()),
    ],
)
def test_examples(douyin: Douyin, example: Any, expected: set[str]) -> None:
    """Whole flows as clients write them show no more than the mistake that they are about."""
    example(douyin)

    assert {each.rule for each in douyin.findings} == expected


def test_notes_are_apart(douyin: Douyin) -> None:
    """A test whose own machine is called back does nothing wrong; `notes` are for who asks."""
    app = douyin.app("mini_program")
    fields = {
        "app_id": app.client_key,
        "out_order_no": "A-1",
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        "notify_url": "http://127.0.0.1:9000/notify",
    }
    made = {**fields, "sign": sign(fields, app.payment.salt)}
    httpx.post(f"{douyin.url}/api/apps/ecpay/v1/create_order", json=made)

    assert douyin.findings == []
    [note] = douyin.notes
    assert (note.rule, note.level) == ("local_notify_url", "note")
    assert "http://127.0.0.1:9000/notify works here" in note.says


def test_one_rule_alone() -> None:
    """The rule can be named; one that is not there is refused with what was meant."""
    box = sandbox()
    send(box, "POST", "/nowhere")
    post(box, LOGIN, {**PROGRAM_LOGIN, "nonsense": 1})

    assert [each["rule"] for each in findings(box)] == ["unknown_path", "unread_field"]
    assert [each["rule"] for each in findings(box, "unread_field")] == ["unread_field"]
    with pytest.raises(MockDouyinError, match="did you mean wrong_host"):
        findings(box, "wrong_hosts")


def test_worlds_are_examined_apart() -> None:
    """What one world's client does wrong is not told in another."""
    box = sandbox()
    box.worlds.create("other")
    box.handle(Request("POST", "/nowhere", world="other"))

    assert findings(box) == []
    assert len(execute(box, "findings", world="other")["findings"]) == 1


def test_nothing_secret_is_told() -> None:
    """Whatever is sent in a wrong place is masked as in the journal."""
    box = sandbox()
    secret, token = WEB.client_secret, client_token(box)
    send(box, "GET", f"/nowhere/{secret}")
    post(box, LOGIN, {**PROGRAM_LOGIN, secret: 1, token: 2})

    told = json.dumps(findings(box))
    assert len(findings(box)) == 3
    assert secret not in told
    assert token not in told
