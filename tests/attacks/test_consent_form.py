"""Another site that makes a person's browser answer a consent page (login CSRF)."""

from __future__ import annotations

from urllib.parse import urlencode

import httpx
import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.support.consent_page import CONNECT, asked, last, sent_to, settings, show, token_of

ALLOW = {"decision": "allow", "person": "小红"}
ADDRESS = f"{CONNECT}?{urlencode(asked())}"


def refused(http: httpx.Client, reply: httpx.Response, why: str) -> None:
    """Refuse with a page that says why, with no redirect and no code."""
    assert (reply.status_code, "location" in reply.headers) == (200, False)
    assert "<code>10002</code>" in reply.text
    assert why in reply.text
    assert "重新打开授权链接" in reply.text
    assert last(http)["verdict"] == "refused"


def test_an_answer_without_the_page(http: httpx.Client) -> None:
    """An answer to a page that was never shown, or not in full, is refused."""
    for token in ({}, {"form_token": ""}, {"form_token": "0" * 32}, {"form_token": "小"}):
        refused(http, http.post(ADDRESS, data={**ALLOW, **token}), "请重新打开授权链接")
    show(http)
    refused(http, http.post(ADDRESS, data=ALLOW), "缺少 form_token")


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("scope", "user_info"),
        ("optionalScope", "friend_relation,0"),
        ("redirect_uri", "https://app.example.test/douyin/callback#elsewhere"),
        ("state", "another"),
        ("state", None),
    ],
)
def test_a_token_of_another_request(http: httpx.Client, name: str, other: str | None) -> None:
    """What a page was given for one request fits no other: scope, callback and state are bound."""
    token = token_of(http.get(CONNECT, params=asked(**{name: other})).text)
    form = {**ALLOW, "form_token": token}

    assert token
    refused(http, http.post(ADDRESS, data=form), "form_token 不正确")
    sent_to(http.post(f"{CONNECT}?{urlencode(asked(**{name: other}))}", data=form))


def test_a_token_of_another_app(http: httpx.Client) -> None:
    """What a page of one app was given does not fit another app's page."""
    made = {"kind": "web", "client_key": "awother", "redirect_uris": [asked()["redirect_uri"]]}
    http.post("/_mock/apps", json={"name": "other", **made}).raise_for_status()
    token = token_of(show(http, client_key="awother").text)

    refused(http, http.post(ADDRESS, data={**ALLOW, "form_token": token}), "form_token 不正确")


def test_parameters_in_the_form_change_nothing(http: httpx.Client) -> None:
    """A form that brings parameters of the request along is judged by what it asks in the end."""
    token = token_of(show(http).text)
    form = {**ALLOW, "form_token": token, "state": "another"}

    refused(
        http,
        http.post(f"{CONNECT}?{urlencode(asked(state=None))}", data=form),
        "form_token 不正确",
    )


def test_two_servers_have_different_tokens() -> None:
    """The same page of two servers, of one seed, has another token: nobody can work it out."""
    tokens = []
    for _ in (1, 2):
        with ThreadedServer() as one, httpx.Client(base_url=one.url) as client:
            tokens.append(token_of(show(client).text))

    assert len(set(tokens)) == 2
    assert min(map(len, tokens)) == 32


ELSEWHERE = {
    "a form": {"origin": "https://evil.example"},
    "a sandboxed frame": {"origin": "null"},
    "another port": {"origin": "http://127.0.0.1:1"},
    "told by the browser": {"sec-fetch-site": "cross-site"},
    "a neighbouring port": {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:1"},
    "begins like ours": {"origin": "http://127.0.0.1.evil.example"},
}


@pytest.mark.parametrize("way", ELSEWHERE)
def test_an_answer_from_another_site(http: httpx.Client, way: str) -> None:
    """Who has fetched a page, and its token, cannot make another browser send it."""
    form = {**ALLOW, "form_token": token_of(show(http).text)}
    reply = http.post(ADDRESS, data=form, headers=ELSEWHERE[way])

    refused(http, reply, "这次提交来自其他网站的页面")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "OWN"},
        {"origin": "OWN", "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"host": "open.douyin.com", "origin": "https://open.douyin.com"},
        {"host": "127.0.0.1:1", "x-forwarded-host": "d.test", "origin": "https://d.test"},
    ],
)
def test_the_page_itself(
    server: ThreadedServer, http: httpx.Client, headers: dict[str, str]
) -> None:
    """The page's own form is taken: by address, under Douyin's name, and behind another server."""
    given = {name: value.replace("OWN", server.url) for name, value in headers.items()}
    form = {**ALLOW, "form_token": token_of(show(http).text)}

    sent_to(http.post(ADDRESS, data=form, headers=given))


def test_the_form_may_be_sent_again(http: httpx.Client) -> None:
    """A button that is pressed twice, or after going back, answers twice."""
    form = {**ALLOW, "form_token": token_of(show(http).text)}
    first, second = (sent_to(http.post(ADDRESS, data=form))["code"] for _ in range(2))

    assert first != second


def test_the_language_changes_no_token(http: httpx.Client) -> None:
    """The token is of what is asked: in another language the same page has the same."""
    assert token_of(show(http).text) == token_of(show(http, lang="en").text) != ""


def test_a_reset_forgets_the_pages(http: httpx.Client) -> None:
    """After a reset a page that is still open is refused, and a new one is taken."""
    token = token_of(show(http).text)
    http.post("/_mock/reset").raise_for_status()

    refused(http, http.post(ADDRESS, data={**ALLOW, "form_token": token}), "form_token 不正确")
    sent_to(http.post(ADDRESS, data={**ALLOW, "form_token": token_of(show(http).text)}))


def test_a_scanned_code_is_answered_on_its_page(http: httpx.Client) -> None:
    """The page that a QR code leads to is bound to that code; an order needs no page."""
    query = {"client_key": asked()["client_key"], "scope": "user_info", "state": "s"}
    query["next"] = asked()["redirect_uri"]
    shown = [http.get("/oauth/get_qrcode/", params=query).json()["data"] for _ in range(2)]
    one, two = (each["qrcode_index_url"] for each in shown)
    form = {**ALLOW, "form_token": token_of(http.get(one).text)}

    refused(http, http.post(one, data=ALLOW), "缺少 form_token")
    refused(http, http.post(two, data=form), "form_token 不正确")
    assert "授权成功" in http.post(one, data=form).text
    scanned = {"token": shown[1]["token"], "decision": "allow"}
    assert http.post("/_mock/oauth/scan", json=scanned).json()["status"] == "confirmed"


def test_orders_need_no_page(http: httpx.Client) -> None:
    """Consent without a browser goes on as it did: by order, and where the world consents."""
    assert http.post("/_mock/oauth/authorize", json={"person": "小红"}).json()["code"]
    settings(http, auto_consent="allow")
    assert sent_to(show(http))["code"]
