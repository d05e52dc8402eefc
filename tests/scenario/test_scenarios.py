"""Every scenario that ships: what its `about` promises happens, seen from outside."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from jsonschema import Draft202012Validator

from mockdouyin import Fault, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Reply
from mockdouyin.core.settings import Settings
from mockdouyin.domain.consent import fits_redirect
from mockdouyin.domain.decryption import unseal
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import scenario_files, yaml_source
from tests.scenario.test_declared_endpoints import SHOWN as OF_DECLARED
from tests.scenario.test_payment_scenarios import SHOWN as OF_PAYMENT
from tests.support.helpers import (
    GAME,
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

SHOWN: set[str] = set()
V2, V1 = "/api/apps/v2/jscode2session", "/api/apps/jscode2session"
GAME_V1 = "/mgplatform/api/apps/jscode2session"
PROVIDER = "/api/apps/v1/microapp/code2session/"
NOTIFY, NOTIFY_USER = (
    "/api/apps/subscribe_notification/developer/v1/notify",
    "/api/notification/v2/subscription/notify_user/",
)
DATA = {"快递派送": "在路上"}


def shows(*names: str) -> Callable[[Any], Any]:
    """Start the test in a sandbox that was made from each scenario, and note what is shown."""
    SHOWN.update(names)
    return pytest.mark.parametrize("box", names, indirect=True)


@pytest.fixture
def box(request: pytest.FixtureRequest) -> Sandbox:
    """A sandbox that was started from a scenario."""
    return sandbox(scenario=Scenario.load(request.param))


def login(box: Sandbox, code: str | None = None) -> Any:
    """Exchange a code of the mini-program's tt.login."""
    code = code or phone(box, "login")["code"]
    return post(box, V2, {**PROGRAM_LOGIN, "code": code})


def tokens(box: Sandbox) -> dict[str, Any]:
    """Exchange the code of a consent."""
    fields = {**WEB_CLIENT, "code": consent(box), "grant_type": "authorization_code"}
    data: dict[str, Any] = post(box, "/oauth/access_token/", fields)["data"]
    return data


def user_info(box: Sandbox, given: dict[str, Any]) -> int:
    """Ask for the public profile; return the number of the answer."""
    fields = {"access_token": given["access_token"], "open_id": given["open_id"]}
    number = post(box, "/oauth/userinfo/", fields)["err_no"]
    assert isinstance(number, int)
    return number


def refresh(box: Sandbox, token: str) -> dict[str, Any]:
    """Refresh a person's tokens."""
    fields = {
        "client_key": WEB.client_key,
        "refresh_token": token,
        "grant_type": "refresh_token",
    }
    data: dict[str, Any] = post(box, "/oauth/refresh_token/", fields)["data"]
    return data


def renew(box: Sandbox, token: str) -> dict[str, Any]:
    """Renew a refresh token."""
    fields = {"client_key": WEB.client_key, "refresh_token": token}
    data: dict[str, Any] = post(box, "/oauth/renew_refresh_token/", fields)["data"]
    return data


def share(box: Sandbox, token: str) -> int:
    """Ask for a share id; return the number of the answer."""
    number = get(box, "/share-id/", token=token)["extra"]["error_code"]
    assert isinstance(number, int)
    return number


def ticket(box: Sandbox, kind: str, token: str) -> Any:
    """Ask for a ticket."""
    return get(box, f"/{kind}/getticket/", token=token)["data"]


def notify(box: Sandbox, token: str, open_id: str) -> int:
    """Send the mini-program's subscription message; return the number of the answer."""
    fields = {"app_id": PROGRAM.client_key, "tpl_id": PROGRAM.template, "open_id": open_id}
    number = post(box, NOTIFY, {**fields, "access_token": token, "data": DATA})["err_no"]
    assert isinstance(number, int)
    return number


def ask_token(box: Sandbox) -> Reply:
    """Ask for an app token, and return the reply with what the wire does to it."""
    body = json.dumps({**PROGRAM_LOGIN, "grant_type": "client_credential"}).encode()
    return send(box, "POST", "/api/apps/v2/token", body=body)


# The files.


@pytest.mark.parametrize("name", scenario_files.names())
def test_file(name: str) -> None:
    """Every scenario bears its file's name, says what happens, and makes a world."""
    scenario = Scenario.load(name)

    assert scenario.name == name
    assert 20 < len(scenario.about) < 400
    assert len(scenario.about.split(". ")) <= 4
    assert sandbox(scenario=scenario).default.scenario is scenario


def test_every_file_is_shown() -> None:
    """Every scenario that ships has a test here that shows it."""
    assert set(scenario_files.names()) == SHOWN | OF_DECLARED | OF_PAYMENT


@pytest.mark.parametrize("name", scenario_files.names())
def test_schema_takes_it(name: str) -> None:
    """The JSON Schema is sound, and accepts every scenario that ships."""
    schema = files.json_schema()
    Draft202012Validator.check_schema(schema)
    value = yaml_source.read(scenario_files.find(name).read_text(encoding="utf-8"), name).value

    assert [*Draft202012Validator(schema).iter_errors(value)] == []


@shows("default")
def test_default(box: Sandbox) -> None:
    """The default scenario is what a sandbox starts from, and has no trouble."""
    assert box.default.scenario == files.DEFAULT
    assert [*box.default.rules] == []
    assert login(box)["err_no"] == 0


# Logins.


@shows("login-code-expired")
def test_login_code_expired(box: Sandbox) -> None:
    """The first code has expired; the next logs in."""
    assert login(box)["err_no"] == 40018
    assert "expired" in [*box.default.journal][-1].why.render("en")
    assert login(box)["err_no"] == 0


@pytest.mark.parametrize("given", [{}, {"anonymous": True}])
@pytest.mark.parametrize("name", ["login-code-expired", "login-code-used-twice"])
def test_accident_of_other_logins(name: str, given: dict[str, bool]) -> None:
    """Games, the first version and anonymous logins meet the same accident."""
    box = sandbox(scenario=Scenario.load(name))
    handed = phone(box, "login", app=GAME.client_key)
    codes = {"anonymous_code": handed["anonymousCode"]} if given else {"code": handed["code"]}

    refused = get(box, GAME_V1, {**GAME_LOGIN, **codes})

    assert refused["errcode"] == (40019 if given else 40018)


@pytest.mark.parametrize("name", ["login-code-expired", "login-code-used-twice"])
def test_accident_of_a_real_code(name: str) -> None:
    """A code of a real phone meets the accident too, where unknown codes are accepted."""
    box = sandbox(scenario=Scenario.load(name), settings={"unknown_codes": "accept"})

    assert login(box, "a-real-code")["err_no"] == 40018
    assert login(box, "another-real-code")["err_no"] == 0


def test_accident_of_a_real_consents_code() -> None:
    """The code of a consent that was given elsewhere meets the accident too."""
    scenario = Scenario.load("auth-code-expired")
    box = sandbox(scenario=scenario, settings={"unknown_codes": "accept"})

    def exchanged(code: str) -> int:
        fields = {**WEB_CLIENT, "code": code, "grant_type": "authorization_code"}
        number: int = post(box, "/oauth/access_token/", fields)["data"]["error_code"]
        return number

    assert exchanged("ffab5ec26cd958fditn2GNr8Wx5m0iABCDEF") == 10007
    assert exchanged("ffab5ec26cd958fditn2GNr8Wx5m0iABCDEG") == 0


@shows("login-code-used-twice")
def test_login_code_used_twice(box: Sandbox) -> None:
    """The first code was used by somebody else; the next logs in."""
    assert login(box)["err_no"] == 40018
    assert "already used" in [*box.default.journal][-1].why.render("en")
    assert login(box)["err_no"] == 0


@shows("login-answer-lost")
def test_login_answer_lost(box: Sandbox) -> None:
    """The first answer is lost and the code is used up by it; a new one logs in."""
    code = phone(box, "login")["code"]
    body = json.dumps({**PROGRAM_LOGIN, "code": code}).encode()

    assert send(box, "POST", V2, body=body).fault is Fault.RESET
    assert login(box, code)["err_no"] == 40018
    assert login(box)["err_no"] == 0


@shows("session-key-rotated")
def test_session_key_rotated(box: Sandbox) -> None:
    """The session_key of the first login opens nothing; that of the second does."""
    stale = login(box)["data"]["session_key"]
    sealed = phone(box, "getPhoneNumber")["detail"]
    with pytest.raises(MockDouyinError):
        unseal(stale, sealed["iv"], sealed["encryptedData"])
    fresh = login(box)["data"]["session_key"]
    again = phone(box, "getPhoneNumber")["detail"]

    assert b"13800138000" in unseal(fresh, again["iv"], again["encryptedData"])


@shows("flaky-login")
def test_flaky_login(box: Sandbox) -> None:
    """The first login is a bad code, the second answer is lost, the third is well."""
    code = phone(box, "login")["code"]
    body = json.dumps({**PROGRAM_LOGIN, "code": code}).encode()

    replies = [send(box, "POST", V2, body=body) for _ in range(2)]

    assert json.loads(replies[0].body)["err_no"] == 40018
    assert (replies[1].fault, replies[1].delay) == (Fault.RESET, 0.2)
    assert login(box)["err_no"] == 0


@shows("lenient-names")
def test_lenient_names(box: Sandbox) -> None:
    """An anonymousCode in camelCase logs in; without the scenario it is 40014."""
    strict = sandbox()
    for each, number in ((box, 0), (strict, 40014)):
        anonymous = phone(each, "login")["anonymousCode"]
        fields = {**PROGRAM_LOGIN, "code": None, "anonymousCode": anonymous}

        assert post(each, V2, fields)["err_no"] == number


@shows("accept-unknown")
def test_accept_unknown(box: Sandbox) -> None:
    """Any app, secret and code is let in, as the first person of the world; a code still once."""
    fields = {"appid": "tt00000000000000ab01", "secret": "any", "code": "a-real-code"}

    first, second = post(box, V2, fields), post(box, V2, fields)

    assert first["err_no"] == 0
    assert box.default.people.find(first["data"]["openid"]) == "小明"
    assert second["err_no"] == 40018


# The app's own tokens.


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("client-token-expired", 2190008, 28001008), ("client-token-superseded", 2190002, 28001003)],
)
def test_client_token_accident(name: str, old: int, new: int) -> None:
    """The token of the first call is dead, by each page's number; a new one works."""
    for kind, number in (("open", old), ("js", new)):
        box = sandbox(scenario=Scenario.load(name))
        token = client_token(box)

        assert ticket(box, kind, token)["error_code"] == number
        assert ticket(box, kind, token)["error_code"] == number
        assert ticket(box, kind, client_token(box))["error_code"] == 0


@shows("client-token-expired")
def test_client_token_expired(box: Sandbox) -> None:
    """A stable token that has expired is followed by another."""
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}
    first = post(box, "/oauth/stable_client_token/", fields)["data"]["access_token"]

    assert share(box, first) == 2190008
    second = post(box, "/oauth/stable_client_token/", fields)["data"]["access_token"]
    assert second != first
    assert share(box, second) == 0


@shows("client-token-superseded")
def test_client_token_superseded(box: Sandbox) -> None:
    """The journal says that newer tokens killed it; a stable one is replaced as well."""
    assert share(box, client_token(box)) == 2190002
    assert "newer tokens" in [*box.default.journal][-1].why.render("en")

    stable = sandbox(scenario=Scenario.load("client-token-superseded"))
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}
    first = post(stable, "/oauth/stable_client_token/", fields)["data"]["access_token"]
    assert share(stable, first) == 2190002
    second = post(stable, "/oauth/stable_client_token/", fields)["data"]["access_token"]
    assert share(stable, second) == 0


@shows("client-token-rate-limited")
def test_client_token_rate_limited(box: Sandbox) -> None:
    """Three calls for a token are too many; the fourth is let through."""
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}

    answers = [post(box, "/oauth/client_token/", fields)["data"]["error_code"] for _ in range(4)]

    assert answers == [10020, 10020, 10020, 0]


def _subscribed(box: Sandbox) -> str:
    phone(box, "requestSubscribeMessage", tmplIds=[PROGRAM.template])
    open_id = login(box)["data"]["openid"]
    assert isinstance(open_id, str)
    return open_id


@shows("app-token-expired")
def test_app_token_expired(box: Sandbox) -> None:
    """The token of the first message has expired: 12025; a new one works."""
    open_id, token = _subscribed(box), app_token(box)

    assert notify(box, token, open_id) == 12025
    assert notify(box, app_token(box), open_id) == 0


@shows("app-token-superseded")
def test_app_token_superseded(box: Sandbox) -> None:
    """The token of the first message was superseded: 12024; a new one works."""
    open_id, token = _subscribed(box), app_token(box)

    assert notify(box, token, open_id) == 12024
    assert notify(box, app_token(box), open_id) == 0


@pytest.mark.parametrize("name", ["app-token-expired", "app-token-superseded"])
def test_app_token_accident_of_a_game(name: str) -> None:
    """A game's storage and session-key calls answer their own numbers."""
    for path, field, number in (
        ("/mgplatform/api/apps/set_user_storage", "errcode", 40002),
        ("/mgplatform/api/apps/reset_session_key", "err_no", 28001003),
    ):
        box = sandbox(scenario=Scenario.load(name))
        token = app_token(box, GAME_LOGIN)

        assert post(box, path, {"access_token": token})[field] == number


# What a person granted.


@shows("auth-code-expired")
def test_auth_code_expired(box: Sandbox) -> None:
    """The code of the first consent has expired; the next is exchanged."""
    assert tokens(box)["error_code"] == 10007
    assert tokens(box)["error_code"] == 0


@shows("user-token-expired")
def test_user_token_expired(box: Sandbox) -> None:
    """The user token has expired; a refresh gives another that works."""
    given = tokens(box)

    assert user_info(box, given) == 28001008
    fresh = refresh(box, given["refresh_token"])
    assert fresh["access_token"] != given["access_token"]
    assert user_info(box, fresh) == 0


@shows("refresh-token-expired")
def test_refresh_token_expired(box: Sandbox) -> None:
    """The refresh token has expired for good; a new consent gives another."""
    given = tokens(box)

    assert refresh(box, given["refresh_token"])["error_code"] == 10010
    assert renew(box, given["refresh_token"])["error_code"] == 10010
    assert refresh(box, tokens(box)["refresh_token"])["error_code"] == 0


@shows("renewals-used-up")
def test_renewals_used_up(box: Sandbox) -> None:
    """The refresh token cannot be renewed and still refreshes; a new consent's can be renewed."""
    given = tokens(box)

    assert renew(box, given["refresh_token"])["error_code"] == 10020
    assert refresh(box, given["refresh_token"])["error_code"] == 0
    assert renew(box, tokens(box)["refresh_token"])["error_code"] == 0


@shows("authorization-revoked")
def test_authorization_revoked(box: Sandbox) -> None:
    """Both tokens are dead at once; a new consent's work."""
    given = tokens(box)

    assert user_info(box, given) == 28001003
    assert refresh(box, given["refresh_token"])["error_code"] == 10010
    assert user_info(box, tokens(box)) == 0


def test_authorization_revoked_before_refresh() -> None:
    """The revocation also precedes a refresh that comes first."""
    box = sandbox(scenario=Scenario.load("authorization-revoked"))
    given = tokens(box)

    assert refresh(box, given["refresh_token"])["error_code"] == 10010
    assert user_info(box, given) == 28001003


@shows("message-quota-exhausted")
def test_message_quota_exhausted(box: Sandbox) -> None:
    """The consent's messages are used up; after another consent the message goes out."""
    open_id, token = _subscribed(box), app_token(box)

    assert notify(box, token, open_id) == 28014043
    assert notify(box, token, open_id) == 28014043
    phone(box, "requestSubscribeMessage", tmplIds=[PROGRAM.template])
    assert notify(box, token, open_id) == 0


def test_message_quota_exhausted_by_the_newer_call() -> None:
    """The newer call has a number of its own for messages that are used up."""
    box = sandbox(scenario=Scenario.load("message-quota-exhausted"))
    open_id = _subscribed(box)
    token = client_token(box, PROGRAM.client_key, PROGRAM.client_secret)
    fields = {"msg_id": PROGRAM.template, "open_id": open_id, "data": DATA}
    heads = {"access-token": token}

    assert post(box, NOTIFY_USER, fields, heads)["err_no"] == 28014041
    phone(box, "requestSubscribeMessage", tmplIds=[PROGRAM.template])
    assert post(box, NOTIFY_USER, fields, heads)["err_no"] == 0


# Permissions.


@shows("permission-asked")
def test_permission_asked(box: Sandbox) -> None:
    """A tt call that needs a permission waits for the person, and goes on as they answer."""
    phone(box, "login")
    with ThreadPoolExecutor() as threads:
        asked = threads.submit(phone, box, "getPhoneNumber")
        execute(box, "answer_sheet", body={"allow": True, "timeout": 20})
        assert asked.result()["errMsg"] == "getPhoneNumber:ok"
        asked = threads.submit(phone, box, "getUserProfile")
        execute(box, "answer_sheet", body={"allow": False, "timeout": 20})
        assert asked.result()["errNo"] == 10502


@shows("permission-denied")
def test_permission_denied(box: Sandbox) -> None:
    """Whatever needs the person's permission is denied."""
    phone(box, "login")

    for api in ("getUserProfile", "getPhoneNumber", "getLocation", "chooseAddress"):
        assert phone(box, api)["errNo"] == 10502
    assert phone(box, "requestSubscribeMessage")[PROGRAM.template] == "reject"


# Tickets.


@pytest.mark.parametrize("kind", ["js", "open"])
def test_ticket_lies_once(kind: str) -> None:
    """The first ticket promises two hours; after ten seconds there is another that does not."""
    box = sandbox(scenario=Scenario.load(f"{kind}-ticket-expired"))
    token = client_token(box)

    first = ticket(box, kind, token)
    box.default.clock.advance(10)
    second = ticket(box, kind, token)

    assert (first["expires_in"], second["expires_in"]) == (7200, 10)
    assert first["ticket"] != second["ticket"]


@shows("js-ticket-expired")
def test_js_ticket_expired(box: Sandbox) -> None:
    """The open ticket says at once that it lives ten seconds: the lie is about the other."""
    assert ticket(box, "open", client_token(box))["expires_in"] == 10


@shows("open-ticket-expired")
def test_open_ticket_expired(box: Sandbox) -> None:
    """The JS ticket says at once that it lives ten seconds: the lie is about the other."""
    assert ticket(box, "js", client_token(box))["expires_in"] == 10


# The platform itself, and the way to it.


@shows("slow-platform")
def test_slow_platform(box: Sandbox) -> None:
    """Every answer is three seconds late and otherwise as ever."""
    replies = [ask_token(box) for _ in range(3)]

    assert [reply.delay for reply in replies] == [3.0, 3.0, 3.0]
    assert all(json.loads(reply.body)["err_no"] == 0 for reply in replies)


@shows("bad-gateway")
def test_bad_gateway(box: Sandbox) -> None:
    """Every other call gets 502 in HTML, and Douyin never sees it: the code stays good."""
    code = phone(box, "login")["code"]
    body = json.dumps({**PROGRAM_LOGIN, "code": code}).encode()

    broken = send(box, "POST", V2, body=body)

    assert (broken.status, broken.body[:6]) == (502, b"<html>")
    assert login(box, code)["err_no"] == 0
    assert [ask_token(box).status for _ in range(4)] == [502, 200, 502, 200]


FAULTS = {
    "dropped-connections": Fault.RESET,
    "answer-cut-short": Fault.CUT,
    "hanging": Fault.HANG,
}


@shows(*FAULTS)
def test_broken_wire(box: Sandbox) -> None:
    """Every other answer breaks on its way, after Douyin did its work."""
    fault = FAULTS[box.default.scenario.name]

    replies = [ask_token(box) for _ in range(4)]

    assert [reply.fault for reply in replies] == [fault, None, fault, None]
    given = {json.loads(reply.body)["data"]["access_token"] for reply in replies}
    assert len(given) == 4


@shows("rate-limited")
def test_rate_limited(box: Sandbox) -> None:
    """The second call in a second is too much; a second later the next is let through."""
    token = client_token(box)

    assert ticket(box, "js", token)["error_code"] == 0
    assert ticket(box, "js", token)["error_code"] == 28003018
    box.default.clock.advance(1)
    assert ticket(box, "js", token)["error_code"] == 0


def test_rate_limited_messages() -> None:
    """A message beyond the limit has that page's own number."""
    box = sandbox(scenario=Scenario.load("rate-limited"))
    open_id, token = _subscribed(box), app_token(box)

    assert notify(box, token, open_id) == 0
    phone(box, "requestSubscribeMessage", tmplIds=[PROGRAM.template])
    assert notify(box, token, open_id) == 28006003


@shows("daily-quota-used-up")
def test_daily_quota_used_up(box: Sandbox) -> None:
    """The fourth call of a scope is refused until the next day begins."""
    token = client_token(box)

    assert [share(box, token) for _ in range(4)] == [0, 0, 0, 2190001]
    js = [ticket(box, "js", token)["error_code"] for _ in range(4)]
    assert js == [0, 0, 0, 28003017]
    box.default.clock.advance(86400)
    assert share(box, client_token(box)) == 0


@shows("enforced-limits")
def test_enforced_limits(box: Sandbox) -> None:
    """Two messages in a second to one person are too many; so are 501 client tokens."""
    open_id, token = _subscribed(box), app_token(box)
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}

    assert notify(box, token, open_id) == 0
    phone(box, "requestSubscribeMessage", tmplIds=[PROGRAM.template])
    assert notify(box, token, open_id) == 1010
    codes = [post(box, "/oauth/client_token/", fields)["data"]["error_code"] for _ in range(501)]
    assert (codes[499], codes[500]) == (0, 10020)


@shows("long-tokens")
def test_long_tokens(box: Sandbox) -> None:
    """Tokens have the long form, and work."""
    given = tokens(box)

    assert given["access_token"].startswith("act.3.")
    assert given["refresh_token"].startswith("rft.3.")
    assert client_token(box).startswith("clt.2.")
    assert min(len(given["access_token"]), len(given["refresh_token"])) > 180
    assert user_info(box, given) == 0


@shows("strict-redirect")
def test_strict_redirect(box: Sandbox) -> None:
    """A callback on this machine is refused, which by default it is not."""
    for each, allowed in ((box, False), (sandbox(), True)):
        app = each.default.apps[WEB.client_key]
        rule = each.default.settings.redirect_check

        assert fits_redirect(app, "http://127.0.0.1:9000/callback", rule) is allowed
        assert fits_redirect(app, app.redirect_uris[0], rule)


# The numbers of the login library.

EMPTY = {"session_key": "", "openid": "", "anonymous_openid": "", "unionid": ""}


def _v2(box: Sandbox) -> Any:
    return login(box)


def _flat(box: Sandbox, path: str, given: dict[str, str], app: str) -> Any:
    return get(box, path, {**given, "code": phone(box, "login", app=app)["code"]})


@shows("53030")
def test_53030(box: Sandbox) -> None:
    """A mini-program's login answers 53030 with four empty strings; a game's is well."""
    text = "DouYinMiniProgramLoginError"

    assert _v2(box) == {"err_no": 53030, "err_tips": text, "data": EMPTY}
    assert list(_v2(box)) == ["err_no", "err_tips", "data"]
    assert _flat(box, GAME_V1, GAME_LOGIN, GAME.client_key)["error"] == 0


@shows("53010")
def test_53010(box: Sandbox) -> None:
    """A game's login answers the flat four keys with 53010 in both numbers."""
    text = "DouYinMiniGameLoginError"
    answer = _flat(box, GAME_V1, GAME_LOGIN, GAME.client_key)

    assert answer == {"errcode": 53010, "errmsg": text, "error": 53010, "message": text}
    assert list(answer) == ["errcode", "errmsg", "error", "message"]
    assert _v2(box)["err_no"] == 0


@shows("10020", "53000", "53020")
def test_numbers_of_the_library_alone(box: Sandbox) -> None:
    """What the library raises before it calls anybody is answered by every login."""
    number = int(box.default.scenario.name)

    assert _v2(box)["err_no"] == number
    assert _v2(box)["data"] == EMPTY
    for answer in (
        _flat(box, GAME_V1, GAME_LOGIN, GAME.client_key),
        _flat(box, V1, PROGRAM_LOGIN, PROGRAM.client_key),
    ):
        assert (answer["error"], answer["errcode"]) == (number, number)


@pytest.mark.parametrize("number", ["10020", "53000", "53010", "53020", "53030"])
def test_about_names_douyins_own_numbers(number: str) -> None:
    """Each of the library's numbers says which of Douyin's own lead there in production."""
    assert "40014" in Scenario.load(number).about


def test_switches_are_settings() -> None:
    """A scenario's settings are those of a world, each known."""
    for name in scenario_files.names():
        assert set(Scenario.load(name).settings) <= set(Settings.__struct_fields__)


def test_package_ships_them() -> None:
    """The files lie where an installed package looks for them."""
    assert Path(scenario_files.find("default")).parent.name == "scenarios"


# Consent.


def connect(box: Sandbox, person: str = "", scope: str = "user_info") -> Reply:
    """Open the consent page, and let nobody press a button."""
    query = {
        "client_key": WEB.client_key,
        "response_type": "code",
        "scope": scope,
        "optionalScope": "friend_relation,1,message,0",
        "redirect_uri": "https://app.example.test/douyin/callback",
        "state": "s",
        "person": person,
    }
    return send(box, "GET", "/platform/oauth/connect", query=urlencode(query).encode())


@shows("auto-consent")
def test_auto_consent(box: Sandbox) -> None:
    """The page redirects at once with a good code, and the scopes that are ticked."""
    reply = connect(box)
    sent = dict(parse_qsl(urlsplit(dict(reply.headers)[b"location"].decode()).query))

    assert reply.status == 302
    assert (sent["state"], sent["scopes"]) == ("s", "user_info,friend_relation")
    fields = {**WEB_CLIENT, "code": sent["code"], "grant_type": "authorization_code"}
    assert post(box, "/oauth/access_token/", fields)["message"] == "success"


@shows("consent-denied")
def test_consent_denied(box: Sandbox) -> None:
    """The page redirects at once with an error and the state, and there is no code."""
    location = dict(connect(box).headers)[b"location"].decode()

    assert location.endswith("/callback?error=access_denied&state=s")


@shows("trial-app")
def test_trial_app(box: Sandbox) -> None:
    """The tester is asked, and nobody else; both scopes have to be asked for."""
    both = "user_info,trial.whitelist"
    box.default.settings = Settings(auto_consent="allow")

    assert connect(box, "小红", both).status == 302
    assert connect(box, "小明", both).body.startswith(b"28001020 ")
    assert connect(box, "小红").body.startswith(b"28001020 ")
