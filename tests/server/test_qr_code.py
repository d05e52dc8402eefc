"""QR codes that a backend shows by itself, and the addresses that ask nobody."""

from __future__ import annotations

import base64
import re
from typing import Any

import httpx
import pytest

from mockdouyin.core.apps import demo_apps
from mockdouyin.server.serving import ThreadedServer
from tests.support.consent_page import (
    CALLBACK,
    CONNECT,
    WEB,
    asked,
    boxes,
    exchange,
    last,
    sent_to,
    settings,
    submit,
)

# The QR code's JSON.


def qr(http: httpx.Client, **changed: str) -> dict[str, Any]:
    """Fetch a QR code."""
    query = {
        "client_key": WEB.client_key,
        "scope": "user_info",
        "next": CALLBACK,
        "state": "s&1",
        "jump_type": "native",
        "optional_scope_check": "friend_relation",
        "optional_scope_uncheck": "message",
        "customize_params": '{"comment_id":"","source":"pc_auth","not_skip_confirm":"true"}',
        **changed,
    }
    reply = http.get("/oauth/get_qrcode/", params=query).json()
    assert reply["message"] == "success", reply
    data: dict[str, Any] = reply["data"]
    return data


def poll(http: httpx.Client, token: str, client_key: str = WEB.client_key) -> dict[str, Any]:
    """Request the status of a QR code."""
    query = {"client_key": client_key, "token": token, "timestamp": "1"}
    data: dict[str, Any] = http.get("/oauth/check_qrcode/", params=query).json()["data"]
    return data


def test_a_qr_code_is_scanned_and_confirmed(server: ThreadedServer, http: httpx.Client) -> None:
    """New, scanned when its address is opened, confirmed with code and address once allowed."""
    shown = qr(http)
    picture = base64.b64decode(shown["qrcode"])
    assert picture.startswith(b"\x89PNG\r\n")
    assert re.fullmatch(r"[0-9a-f]{32}_lf", shown["token"])
    assert shown["error_code"] == 0
    assert shown["qrcode_index_url"].startswith(f"{server.url}{CONNECT}?client_key=")
    assert poll(http, shown["token"])["status"] == "new"

    page = http.get(shown["qrcode_index_url"]).text
    assert "已扫码" in page
    assert boxes(page) == {"friend_relation": True, "message": False}
    assert "code" not in poll(http, shown["token"])
    assert poll(http, shown["token"])["status"] == "scanned"

    form = {"decision": "allow", "person": "小红", "tick": "message"}
    reply = submit(http, shown["qrcode_index_url"], form)
    assert (reply.status_code, "授权成功" in reply.text) == (200, True)
    done = poll(http, shown["token"])
    where = f"{CALLBACK}?code={done['code']}&state=s%261&scopes=user_info,message"
    assert (done["status"], done["redirect_url"], done["state"]) == ("confirmed", where, "s&1")
    assert exchange(http, done["code"])["scope"] == "user_info,message"
    assert "<code>10002</code>" in http.get(shown["qrcode_index_url"]).text


def test_addresses_in_json_are_escaped(http: httpx.Client) -> None:
    """The ampersands of an address are written as Go writes them."""
    token = qr(http)["token"]
    http.post("/_mock/oauth/scan", json={"token": token, "decision": "allow"})
    query = {"client_key": WEB.client_key, "token": token}
    raw = http.get("/oauth/check_qrcode", params=query).text

    assert r"\u0026state=s%261\u0026scopes=user_info,friend_relation" in raw


def test_a_phone_answers_by_order(http: httpx.Client) -> None:
    """Orders play the phone: scan, allow with what is ticked at first or named, deny."""
    first, second, third = (qr(http)["token"] for _ in range(3))

    def scan(**given: Any) -> dict[str, Any]:
        reply: dict[str, Any] = http.post("/_mock/oauth/scan", json=given).json()
        return reply

    assert scan(token=first, person="小红")["status"] == "scanned"
    assert poll(http, first)["status"] == "scanned"
    done = scan(token=first, person="小红", decision="allow")
    assert (done["person"], done["code"]) == ("小红", poll(http, first)["code"])
    assert "&scopes=user_info,friend_relation" in done["location"]
    assert (
        "&scopes=user_info,message"
        in scan(token=second, decision="allow", tick=["message"])["location"]
    )
    assert scan(token=third, decision="deny")["status"] == "refused"
    assert poll(http, third)["status"] == "refused"
    assert "the QR code is refused" in scan(token=third, decision="allow")["error"]


def test_deny_after_scanning(http: httpx.Client) -> None:
    """A denial on the phone reaches the screen that polls, and no callback."""
    settings(http, on_denial="redirect")
    shown = qr(http)
    reply = submit(http, shown["qrcode_index_url"], {"decision": "deny"})

    assert (reply.status_code, "已拒绝" in reply.text) == (200, True)
    assert poll(http, shown["token"])["status"] == "refused"


def test_a_qr_code_expires(http: httpx.Client) -> None:
    """After five minutes of the world's time it cannot be scanned; an answered one stays so."""
    shown, answered = qr(http), qr(http)["token"]
    http.post("/_mock/oauth/scan", json={"token": answered, "decision": "allow"})
    http.post("/_mock/clock/advance", json={"by": "5m1s"})

    assert poll(http, shown["token"])["status"] == "expired"
    assert "<code>10002</code>" in http.get(shown["qrcode_index_url"]).text
    assert http.post("/_mock/oauth/scan", json={"token": shown["token"]}).status_code == 404
    assert poll(http, answered)["status"] == "confirmed"


def test_a_token_of_nobody(http: httpx.Client) -> None:
    """An unknown token, or one of another app, has expired."""
    made = {"name": "other", "kind": "web", "client_key": "awother000000000"}
    http.post("/_mock/apps", json=made)
    token = qr(http)["token"]

    assert poll(http, "0" * 32 + "_lf")["status"] == "expired"
    assert poll(http, token, "awother000000000")["status"] == "expired"
    query = {"client_key": WEB.client_key, "token": "none"}
    assert "<code>10002</code>" in http.get(CONNECT, params=query).text


@pytest.mark.parametrize(
    ("changed", "code", "text"),
    [
        ({"client_key": "aw"}, 10003, "配置无效"),
        ({"client_key": demo_apps()["mini_game"].client_key}, 10015, "应用类型错误"),
        ({"next": "javascript:alert(1)"}, 10006, "非法重定向URI"),
        ({"scope": "no.such"}, 10004, "应用权限不足"),
    ],
)
def test_a_qr_code_is_refused(
    http: httpx.Client, changed: dict[str, str], code: int, text: str
) -> None:
    """The JSON twin of the page refuses as the passport does."""
    query = {"client_key": WEB.client_key, "scope": "user_info", "next": CALLBACK, **changed}
    reply = http.get("/oauth/get_qrcode/", params=query).json()

    assert reply["message"] == "error"
    assert reply["data"]["error_code"] == code
    assert text in reply["data"]["description"]


@pytest.mark.parametrize(("auto", "status"), [("allow", "confirmed"), ("deny", "refused")])
def test_auto_consent_answers_qr_codes(http: httpx.Client, auto: str, status: str) -> None:
    """Where consent is automatic, the first poll finds the code answered."""
    settings(http, auto_consent=auto)

    assert poll(http, qr(http)["token"])["status"] == status


# Silent authorization.


@pytest.mark.parametrize(
    "path", ["/oauth/authorize/v2/", "/passport/open/silent_auth/", "/platform/oauth/authorize/v2"]
)
def test_silent_authorization(http: httpx.Client, path: str) -> None:
    """It goes back at once with code and state, and the code gives login_id."""
    settings(http, visitor="小红")
    reply = http.get(path, params=asked(scope="login_id", optionalScope=None))
    code = sent_to(reply)["code"]

    assert reply.headers["location"] == f"{CALLBACK}?code={code}&state=a%20b%26c"
    assert exchange(http, code)["scope"] == "login_id"
    assert (last(http)["endpoint"], last(http)["person"]) == ("oauth.user_token", "小红")
    http.get(path, params=asked(scope="login_id", person="Anna"))
    assert last(http)["person"] == "Anna"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"scope": "user_info"}, 28004020),
        ({"scope": "login_id", "redirect_uri": "https://evil.example.test/"}, 10006),
        ({"scope": "login_id", "client_key": "aw"}, 10003),
        ({"scope": "login_id", "response_type": "token"}, 10002),
    ],
)
def test_silent_authorization_is_refused(
    http: httpx.Client, changed: dict[str, str], code: int
) -> None:
    """A refusal is JSON, and nobody is redirected."""
    reply = http.get("/passport/open/silent_auth/", params=asked(**changed))

    assert (reply.status_code, reply.json()["data"]["error_code"]) == (200, code)


def test_silent_authorization_of_a_trial_app(http: httpx.Client) -> None:
    """A trial app recognises its testers alone."""
    http.patch(f"/_mock/apps/{WEB.client_key}", json={"trial": True, "testers": ["小红"]})
    query = asked(scope="login_id")

    refused = http.get("/passport/open/silent_auth/", params=query).json()["data"]["error_code"]
    assert refused == 28001020
    query["person"] = "小红"
    assert sent_to(http.get("/passport/open/silent_auth/", params=query))["code"]
