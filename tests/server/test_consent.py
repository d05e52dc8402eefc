"""The consent page as a browser without JavaScript meets it."""

from __future__ import annotations

import html
import re
from urllib.parse import quote, urlencode

import httpx
import pytest

from mockdouyin.core.apps import demo_apps
from mockdouyin.core.http import Page, Reply
from mockdouyin.core.texts import Language
from mockdouyin.server.pages import WORDS, qr_svg, render
from mockdouyin.server.serving import ThreadedServer
from tests.support.consent_page import (
    ASKED,
    CALLBACK,
    CONNECT,
    WEB,
    answer,
    asked,
    boxes,
    exchange,
    last,
    sent_to,
    settings,
    show,
    submit,
    token_of,
)

# What the page shows.


def test_the_page_names_who_asks_for_what(http: httpx.Client) -> None:
    """App, each scope once by id and Chinese name, optional ones to tick, people, two buttons."""
    reply = show(http)
    page = reply.text

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "示例网站应用" in page
    for text in ("获取你的公开信息", ">user_info<", "查询你的视频列表", ">video.list<"):
        assert page.count(text) == 1
    assert ">renew_refresh_token<" in page
    assert boxes(page) == {"friend_relation": True, "message": False}
    for name in ("小明", "小红", "老王", "Anna", "+new"):
        assert f'name="person" value="{name}"' in page
    assert re.search(r'value="小明" checked', page)
    assert re.findall(r'name="decision" value="(\w+)"', page) == ["allow", "deny"]
    assert "app.example.test" in page


def test_the_page_loads_and_runs_nothing(http: httpx.Client) -> None:
    """There is no script, nothing from elsewhere, and a policy that forbids both."""
    reply = show(http)

    assert "<script" not in reply.text
    assert not re.search(r'(?:src|href)="(?!\?|data:,")', reply.text)
    assert " style=" not in reply.text
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["x-tt-logid"]


@pytest.mark.parametrize(
    ("header", "lang", "language"),
    [
        (None, None, "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh-CN"),
        ("en-GB,en;q=0.9,zh;q=0.8", None, "en"),
        ("zh;q=0.1,en;q=0.8", None, "en"),
        ("de", None, "en"),
        ("*", None, "zh-CN"),
        ("en;q=nonsense", None, "zh-CN"),
        ("zh-CN", "en", "en"),
        ("en", "zh_CN", "zh-CN"),
        ("en", "fr", "en"),
    ],
)
def test_languages(
    http: httpx.Client, header: str | None, lang: str | None, language: str
) -> None:
    """`lang` chooses the language, else Accept-Language does; without either it is Chinese."""
    headers = {} if header is None else {"accept-language": header}
    request = http.build_request("GET", CONNECT, params=asked(lang=lang), headers=headers)
    if header is None:
        request.headers.pop("accept-language", None)
    page = http.send(request).text

    assert f'<html lang="{language}">' in page
    assert ("Who is consenting" if language == "en" else "以谁的身份授权") in page


def test_both_languages_say_everything() -> None:
    """Every text and every hint is there in both languages."""
    assert WORDS["zh"].texts.keys() == WORDS["en"].texts.keys()
    assert WORDS["zh"].hints.keys() == WORDS["en"].hints.keys()


def test_the_language_can_be_turned(http: httpx.Client) -> None:
    """A link on the page shows the same question in the other language."""
    found = re.search(r'class="turn" href="([^"]+)"', show(http).text)
    assert found is not None
    page = http.get(CONNECT + html.unescape(found[1])).text

    assert "Your public profile" in page
    assert boxes(page) == {"friend_relation": True, "message": False}


def test_the_qr_code_holds_the_address(server: ThreadedServer, http: httpx.Client) -> None:
    """The QR code is of the page's own address, byte for byte."""
    reply = show(http)

    assert reply.text.count("<svg") == 1
    assert str(qr_svg(str(reply.request.url), "打开抖音扫一扫")) in reply.text
    assert str(reply.request.url).startswith(server.url)


def test_the_qr_code_names_the_host_that_was_asked(http: httpx.Client) -> None:
    """Under Douyin's own host name the address is Douyin's; a strange host is not repeated."""
    for host, origin in (
        ("open.douyin.com", "https://open.douyin.com"),
        ("<b>:1", "https://open.douyin.com"),
        ("[::1]:8600", "http://[::1]:8600"),
    ):
        reply = http.get(CONNECT, params=asked(), headers={"host": host})
        address = f"{origin}{CONNECT}?{reply.request.url.query.decode()}"
        assert str(qr_svg(address, "打开抖音扫一扫")) in reply.text


@pytest.mark.parametrize(
    ("host", "says"),
    [
        ("127.0.0.1:8600", "二维码是本机地址，手机打不开"),
        ("localhost", "二维码是本机地址，手机打不开"),
        ("192.168.1.7:8600", "二维码的内容就是本页地址"),
        ("open.douyin.com", "手机会打开真正的抖音"),
    ],
)
def test_a_qr_code_says_whether_a_phone_can_open_it(
    http: httpx.Client, host: str, says: str
) -> None:
    """An address of this machine, or of Douyin's, is told to be of no use to a phone."""
    page = http.get(CONNECT, params=asked(), headers={"host": host}).text

    assert says in page


def test_an_address_too_long_for_a_qr_code(http: httpx.Client) -> None:
    """Where the address fits no QR code, the page does without."""
    page = show(http, state="s" * 3000).text

    assert "<svg" not in page
    assert "地址太长" in page


@pytest.mark.parametrize(
    "path",
    [
        "/platform/oauth/connect",
        "/platform/oauth/connect/",
        "//platform/oauth/connect",
        "/oauth/connect",
        "/oauth/connect/",
        "/oauth/authorize",
        "/oauth/authorize/",
    ],
)
def test_every_address_of_the_page(http: httpx.Client, path: str) -> None:
    """Douyin's address and those of Toutiao and Xigua show it, with the slash and without."""
    reply = show(http, path)

    assert reply.status_code == 200
    assert "user_info" in reply.text
    assert last(http)["endpoint"] == "oauth.connect"


def test_the_link_of_the_guide(http: httpx.Client) -> None:
    """A link that was put together by hand, with nothing encoded, is read as it is meant."""
    scopes = "data.external.item,user_info,h5.share,open.get.ticket,trial.whitelist"
    link = (
        f"{CONNECT[:-1]}?client_key={WEB.client_key}&redirect_uri={CALLBACK}"
        f"&response_type=code&scope={scopes},poi.cps.common,open.get.ticket&state=16620393777"
    )
    page = http.get(link).text
    assert page.count(">open.get.ticket<") == 1

    sent = sent_to(submit(http, link, {"decision": "allow"}))

    assert sent["state"] == "16620393777"
    assert sent["scopes"] == "data.external.item,user_info,h5.share,trial.whitelist,poi.cps.common"


@pytest.mark.parametrize(
    ("optional", "shown"),
    [
        ("", {}),
        (None, {}),
        ("friend_relation,1,message,0", {"friend_relation": True, "message": False}),
        ("friend_relation,message", {"friend_relation": False, "message": False}),
        (" message , 1 ,,", {"message": True}),
        ("message,1,message,0", {"message": False}),
        ("user_info,0,message,1", {"message": True}),
    ],
)
def test_optional_scopes_are_read(
    http: httpx.Client, optional: str | None, shown: dict[str, bool]
) -> None:
    """Pairs of scope and flag, empty or without flags; what is required is no option."""
    assert boxes(show(http, optionalScope=optional).text) == shown


def test_many_people_are_listed_by_name(http: httpx.Client) -> None:
    """In a world of many people the page has a list to choose from."""
    for number in range(5):
        http.post("/_mock/people", json={"name": f"person {number}"})
    page = show(http, person="person 3").text

    assert '<option value="person 3" selected>' in page
    assert 'type="radio"' not in page


# What follows.


def test_allow_goes_back_with_code_state_and_scopes(http: httpx.Client) -> None:
    """The redirect has code, state and scopes, commas as they are, and the code works once."""
    reply = answer(http, {"decision": "allow", "person": "小红", "tick": "message"})
    code = sent_to(reply)["code"]

    assert re.fullmatch(r"[0-9a-f]{16}[0-9A-Za-z]{20}", code)
    tail = f"?code={code}&state=a%20b%26c&scopes=user_info,video.list,message"
    assert reply.headers["location"] == CALLBACK + tail
    assert reply.content == b""
    shown = last(http)
    assert (shown["endpoint"], shown["person"], shown["verdict"]) == (
        "oauth.connect",
        "小红",
        "ok",
    )
    data = exchange(http, code)
    assert data["scope"] == "user_info,video.list,message"
    assert exchange(http, code)["error_code"] == 10007


@pytest.mark.parametrize(
    ("ticks", "scopes"),
    [
        ([], "user_info,video.list"),
        (["friend_relation", "message"], "user_info,video.list,friend_relation,message"),
        (["fans.list"], "user_info,video.list"),
    ],
)
def test_only_what_is_ticked_is_granted(http: httpx.Client, ticks: list[str], scopes: str) -> None:
    """Options that are not ticked are not granted, nor is what was never asked for."""
    sent = sent_to(answer(http, {"decision": "allow", "tick": ticks}))

    assert sent["scopes"] == scopes


def test_the_answer_may_be_json(http: httpx.Client) -> None:
    """A script may post its answer as JSON."""
    given = {"decision": "allow", "tick": ["message"], "form_token": token_of(show(http).text)}
    reply = http.post(f"{CONNECT}?{urlencode(asked())}", json=given)

    assert sent_to(reply)["scopes"].endswith(",message")


@pytest.mark.parametrize("state", ["", None])
def test_the_state_is_there_even_when_empty(http: httpx.Client, state: str | None) -> None:
    """A state that was not sent comes back empty."""
    reply = answer(http, {"decision": "allow"}, state=state)

    assert "&state=&scopes=" in reply.headers["location"]


def test_a_new_consent_voids_the_earlier_code(http: httpx.Client) -> None:
    """Of two codes of one person, only the later can be exchanged."""
    first = sent_to(answer(http, {"decision": "allow"}))["code"]
    second = sent_to(answer(http, {"decision": "allow"}))["code"]

    assert exchange(http, first)["error_code"] == 10007
    assert exchange(http, second)["error_code"] == 0


def test_a_fragment_stays_at_the_end(http: httpx.Client) -> None:
    """An address with # is compared up to it, and gets its query before it."""
    sent = answer(http, {"decision": "allow"}, redirect_uri=f"{CALLBACK}#/login")

    assert sent.headers["location"].startswith(f"{CALLBACK}?code=")
    assert sent.headers["location"].endswith("#/login")


def test_what_is_no_ascii_is_encoded(http: httpx.Client) -> None:
    """A callback with Chinese in its path can stand in a header."""
    sent = answer(http, {"decision": "allow"}, redirect_uri="http://127.0.0.1:9/回调?a=1")

    assert sent.headers["location"].startswith("http://127.0.0.1:9/%E5%9B%9E%E8%B0%83?a=1&code=")


def test_deny_ends_on_a_page(http: httpx.Client) -> None:
    """Whoever denies is told so; nobody is redirected, and no code is made."""
    reply = answer(http, {"decision": "deny", "person": "小红"})

    assert reply.status_code == 200
    assert "已拒绝" in reply.text
    assert "小红" in reply.text
    assert "location" not in reply.headers
    seen = last(http)
    assert (seen["verdict"], seen["error"]) == ("refused", None)
    assert seen["why"] == "小红 declined to consent"
    assert http.post("/_mock/oauth/revoke", json={"person": "小红"}).status_code == 404


def test_deny_may_be_told_to_the_app(http: httpx.Client) -> None:
    """Where the world says so, a denial goes back with an error and the state."""
    settings(http, on_denial="redirect")

    reply = answer(http, {"decision": "deny"})
    order = http.post("/_mock/oauth/authorize", json={"decision": "deny", "state": "s"}).json()

    assert reply.headers["location"] == f"{CALLBACK}?error=access_denied&state=a%20b%26c"
    assert order == {"location": f"{CALLBACK}?error=access_denied&state=s", "code": None}


@pytest.mark.parametrize("form", [{}, {"decision": "maybe"}, {"person": "小红"}])
def test_no_decision_asks_again(http: httpx.Client, form: dict[str, str]) -> None:
    """A form that decides nothing shows the page again."""
    reply = answer(http, form)

    assert reply.status_code == 200
    assert 'name="decision"' in reply.text


def test_opening_the_page_decides_nothing(http: httpx.Client) -> None:
    """A decision in the address alone, as anybody could send one, is not heeded."""
    reply = show(http, decision="allow", person="小红")

    assert reply.status_code == 200
    assert re.search(r'value="小红" checked', reply.text)


# Someone new.


def test_someone_new_consents(http: httpx.Client) -> None:
    """A name that nobody has joins the world; a second time it is the same person."""
    form = {"decision": "allow", "person": "+new", "new_person": " 阿杰 "}
    first = exchange(http, sent_to(answer(http, form))["code"])
    again = exchange(http, sent_to(answer(http, form))["code"])

    names = [person["name"] for person in http.get("/_mock/people").json()["people"]]
    assert names.count("阿杰") == 1
    answer(http, {**form, "decision": "deny", "new_person": "阿珍"})
    assert last(http)["person"] == "阿珍"
    assert first["open_id"] == again["open_id"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "请填写"), ("  ", "请填写"), ("x" * 41, "最多 40"), ("a\x00b", "最多 40")],
)
def test_a_new_name_must_make_sense(http: httpx.Client, name: str, problem: str) -> None:
    """Without a proper name the page asks again, and keeps what was typed."""
    reply = answer(http, {"decision": "allow", "person": "+new", "new_person": name})

    assert reply.status_code == 200
    assert problem in reply.text
    assert 'aria-invalid="true"' in reply.text
    assert re.search(r'value="\+new" checked', reply.text)


def test_nobody_of_that_name(http: httpx.Client) -> None:
    """A person whom no page offered gets an error of mockdouyin's own."""
    reply = answer(http, {"decision": "allow", "person": "小名"})

    assert reply.status_code == 404
    assert reply.text.startswith("mockdouyin: no person '小名'")


# What is refused.


@pytest.mark.parametrize(
    ("changed", "code", "text"),
    [
        ({"client_key": "awnobody00000000"}, 10003, "client_key 错误"),
        ({"client_key": None}, 10003, "client_key 错误"),
        ({"scope": "user_info,no.such"}, 10004, "应用权限不足"),
        ({"optionalScope": "no.such,1"}, 10004, "应用权限不足"),
        ({"scope": None}, 10002, "参数错误"),
        ({"response_type": "token"}, 10002, "参数错误"),
        ({"response_type": None}, 10002, "参数错误"),
        ({"redirect_uri": "https://evil.example.test/"}, 10006, "非法重定向URI"),
        ({"redirect_uri": None}, 10006, "非法重定向URI"),
        ({"client_key": demo_apps()["mini_program"].client_key}, 10015, "应用类型错误"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_refusal_is_a_page(
    http: httpx.Client, method: str, changed: dict[str, str | None], code: int, text: str
) -> None:
    """Number and text stand on a page with HTTP 200, and nobody is redirected."""
    form = {"decision": "allow"} if method == "POST" else None
    reply = http.request(method, CONNECT, params=asked(**changed), data=form)

    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "location" not in reply.headers
    assert f"<code>{code}</code>" in reply.text
    assert text in reply.text
    assert last(http)["error"]["code"] == code


DANGEROUS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)//app.example.test/",
    "java\nscript:alert(1)",
    "data:text/html,<b>x</b>",
    "vbscript:x",
    "snssdk1128://openplatform/share",
    "file:///etc/passwd",
    "//evil.example.test/",
    "https://evil.example.test\\@app.example.test/douyin/callback",
    "https://app.example.test@evil.example.test/",
    f"{CALLBACK}#\r\nSet-Cookie: a=b",
    "http://[::1",
    "http://127.0.0.1:9000/a b",
    "https://:1/x",
]


@pytest.mark.parametrize(
    ("uri", "rule"),
    [(uri, rule) for uri in DANGEROUS for rule in ("exact", "domain", "loopback")]
    + [(f"{CALLBACK}?x=1", "exact"), (f"{CALLBACK}?x=1", "loopback")],
)
def test_a_dangerous_address_is_refused_and_not_repeated(
    http: httpx.Client, uri: str, rule: str
) -> None:
    """Whatever the rule, it is 10006, and the page holds the address in no form."""
    settings(http, redirect_check=rule)
    reply = show(http, redirect_uri=uri)

    assert "<code>10006</code>" in reply.text
    assert "set-cookie" not in reply.headers
    for form in (uri, html.escape(uri), quote(uri, safe=""), quote(uri)):
        assert form not in reply.text
    assert "evil" not in reply.text
    assert "alert" not in reply.text


@pytest.mark.parametrize(
    ("rule", "uri", "fits"),
    [
        ("exact", CALLBACK, True),
        ("exact", f"{CALLBACK}#there", True),
        ("exact", f"{CALLBACK}/", False),
        ("exact", "http://127.0.0.1:9000/cb", False),
        ("domain", "https://app.example.test/elsewhere?a=1", True),
        ("domain", "https://sub.app.example.test/", False),
        ("loopback", "http://127.0.0.1:9000/cb", True),
        ("loopback", "http://localhost/cb?a=1", True),
        ("loopback", "http://[::1]:9000/", True),
        ("loopback", "http://127.0.0.1.example.test/", False),
    ],
)
def test_redirect_checks(http: httpx.Client, rule: str, uri: str, fits: bool) -> None:
    """Exactly up to #, by domain, or exactly and every address of this machine."""
    settings(http, redirect_check=rule)

    assert ("10006" not in show(http, redirect_uri=uri).text) == fits


@pytest.mark.parametrize("name", ["client_key", "scope", "optionalScope", "state", "lang"])
def test_what_the_address_brings_is_escaped(http: httpx.Client, name: str) -> None:
    """No parameter brings markup onto a page."""
    mark = "<img src=x onerror=alert(1)>\"'>"
    reply = show(http, CONNECT, **{name: mark})

    assert reply.status_code == 200
    assert "<img" not in reply.text
    assert "onerror=alert(1)>" not in reply.text


def test_names_are_escaped(http: httpx.Client) -> None:
    """An app's and a person's name may hold markup, and it is shown as text."""
    mark = "<i>&\"'</i>"
    http.post("/_mock/people", json={"name": mark, "nickname": mark})
    made = {"name": mark, "kind": "web", "client_key": "awmarkup00000000"}
    http.post("/_mock/apps", json=made)
    page = show(http, client_key="awmarkup00000000").text
    denied = answer(http, {"decision": "deny", "person": mark}, client_key="awmarkup00000000")

    assert "<i>" not in page + denied.text
    assert page.count("&lt;i&gt;") >= 3


def test_a_banned_app(http: httpx.Client) -> None:
    """An app that is offline asks nobody for consent."""
    http.patch(f"/_mock/apps/{WEB.client_key}", json={"banned": True})

    assert "<code>28001016</code>" in show(http).text


def test_an_app_registered_on_first_sight(http: httpx.Client) -> None:
    """Where unknown apps are accepted, an unknown key may ask, whatever its kind."""
    settings(http, unknown_apps="accept")

    assert 'name="decision"' in show(http, client_key="1234563").text


# Rules, worlds, and answers without a person.


def test_a_rule_refuses(http: httpx.Client) -> None:
    """A rule on the page refuses a visit with any of its errors, and the next is served."""
    rule = {"on": "oauth.connect", "error": 10012, "times": 1}
    http.post("/_mock/rules", json=rule).raise_for_status()

    assert "应用正在审核中" in show(http).text
    assert last(http)["rule"]
    assert 'name="decision"' in show(http).text


@pytest.mark.parametrize("endpoint", ["oauth.connect", "silent.authorize"])
def test_a_page_cannot_be_patched(http: httpx.Client, endpoint: str) -> None:
    """A rule that would patch what is not JSON is refused when it is written."""
    rule = {"on": endpoint, "patch": {"data.code": 1}}

    assert http.post("/_mock/rules", json=rule).status_code == 400


def test_half_a_page(http: httpx.Client) -> None:
    """A fault cuts the page itself."""
    http.post("/_mock/rules", json={"on": "oauth.connect", "fault": "cut", "times": 1})

    with pytest.raises(httpx.RemoteProtocolError):
        show(http)


def test_each_world_asks_its_own_people(http: httpx.Client) -> None:
    """A world is found by the app's key or the prefix, and the QR code leads back to it."""
    made = http.post("/_mock/worlds", json={"name": "other"}).json()
    key = next(app["client_key"] for app in made["apps"] if app["kind"] == "web")
    http.post("/_mock/worlds/other/people", json={"name": "other's own"})
    by_key = show(http, client_key=key)
    by_prefix = show(http, f"/@other{CONNECT}", client_key=key)

    for reply in (by_key, by_prefix):
        assert "other&#39;s own" in reply.text
    assert str(qr_svg(str(by_prefix.request.url), "打开抖音扫一扫")) in by_prefix.text
    assert "<code>10003</code>" in show(http, f"/@other{CONNECT}").text
    form = {"decision": "allow", "person": "other's own"}
    assert sent_to(submit(http, str(by_prefix.request.url), form))["code"]


def test_auto_consent(http: httpx.Client) -> None:
    """The page answers at once: by the visitor, or by the person who is named."""
    settings(http, auto_consent="allow", visitor="小红")
    assert sent_to(show(http))["scopes"] == "user_info,video.list,friend_relation"
    assert last(http)["person"] == "小红"
    show(http, person="Anna")
    assert last(http)["person"] == "Anna"

    settings(http, auto_consent="老王")
    sent_to(show(http))
    assert last(http)["person"] == "老王"

    settings(http, auto_consent="deny")
    assert "已拒绝" in show(http).text

    settings(http, auto_consent="nobody")
    assert show(http).status_code == 404


def test_auto_consent_checks_first(http: httpx.Client) -> None:
    """What is refused is refused at once, too."""
    settings(http, auto_consent="allow")

    assert "<code>10006</code>" in show(http, redirect_uri="https://evil.example.test/").text


def test_an_operation_ticks(http: httpx.Client) -> None:
    """Consent through the control API grants the options ticked by default, or those given."""
    order = {"optional_scope": ASKED["optionalScope"]}
    first = http.post("/_mock/oauth/authorize", json=order).json()["location"]
    named = http.post("/_mock/oauth/authorize", json={**order, "tick": ["message"]}).json()

    assert first.endswith("&scopes=user_info,friend_relation")
    assert named["location"].endswith("&scopes=user_info,message")


@pytest.mark.parametrize(
    ("language", "says"),
    [("zh", "mockdouyin 自己的 bug：TemplateNotFound"), ("en", "a bug of mockdouyin's: Template")],
)
def test_a_page_that_cannot_be_made(
    caplog: pytest.LogCaptureFixture, language: Language, says: str
) -> None:
    """A bug in a page is reported as ours, as everywhere else, in the page's language."""
    reply = render(Reply(200, b"", page=Page("no such page", language, None)))

    assert reply.status == 500
    assert reply.body.decode().startswith(f"mockdouyin: {says}")
    assert "Traceback" in caplog.text
    assert render(Reply(200, b"{}")).body == b"{}"


# Trial apps.


@pytest.fixture
def trial(http: httpx.Client) -> dict[str, str | None]:
    """Put the web app on trial, with one tester; give what it must ask for."""
    http.patch(f"/_mock/apps/{WEB.client_key}", json={"trial": True, "testers": ["小红"]})
    return {"scope": "user_info,trial.whitelist"}


def test_a_trial_app_asks_its_testers(http: httpx.Client, trial: dict[str, str | None]) -> None:
    """A tester consents; anybody else is refused, and someone new does not join the world."""
    assert "不在白名单" in show(http, CONNECT, **trial).text
    assert "测试应用" in show(http, CONNECT, **trial).text
    sent_to(answer(http, {"decision": "allow", "person": "小红"}, **trial))

    new = {"person": "+new", "new_person": "stranger"}
    for form in ({"person": "小明"}, new):
        reply = answer(http, {"decision": "allow", **form}, **trial)
        assert "用户未绑定应用白名单，请授权 trial.whitelist 权限" in reply.text
    names = [person["name"] for person in http.get("/_mock/people").json()["people"]]
    assert "stranger" not in names


@pytest.mark.parametrize("scope", ["user_info", "trial.whitelist", "video.list"])
def test_a_trial_app_must_ask_for_both(
    http: httpx.Client, trial: dict[str, str | None], scope: str
) -> None:
    """Without trial.whitelist and user_info together, nobody is asked."""
    assert "trial.whitelist 权限" in show(http, scope=scope, optionalScope="").text


def test_an_option_counts_once_it_is_ticked(
    http: httpx.Client, trial: dict[str, str | None]
) -> None:
    """trial.whitelist may be optional; who does not tick it is refused."""
    changed: dict[str, str | None] = {"scope": "user_info", "optionalScope": "trial.whitelist,0"}
    form = {"decision": "allow", "person": "小红"}

    assert "trial.whitelist 权限" in answer(http, form, **changed).text
    assert sent_to(answer(http, {**form, "tick": "trial.whitelist"}, **changed))["code"]


def test_who_leaves_the_white_list(http: httpx.Client, trial: dict[str, str | None]) -> None:
    """A token of one who is no tester any more is refused, and after 120 days every token."""
    form = {"decision": "allow", "person": "小红"}
    data = exchange(http, sent_to(answer(http, form, **trial))["code"])
    query = {"access_token": data["access_token"], "open_id": data["open_id"]}
    assert http.get("/oauth/userinfo/", params=query).json()["err_no"] == 0

    http.patch(f"/_mock/apps/{WEB.client_key}", json={"testers": []})
    assert http.get("/oauth/userinfo/", params=query).json()["err_no"] == 28001020

    http.patch(f"/_mock/apps/{WEB.client_key}", json={"testers": ["小红"]})
    http.post("/_mock/clock/advance", json={"by": "14d"})
    assert http.get("/oauth/userinfo/", params=query).json()["err_no"] == 0
    http.post("/_mock/clock/advance", json={"by": "106d"})
    assert "<code>28001021</code>" in show(http, CONNECT, **trial).text
    assert http.post("/_mock/oauth/authorize", json=trial).json()["error_code"] == 28001021


def test_a_reload_does_not_begin_a_trial_again(
    http: httpx.Client, trial: dict[str, str | None]
) -> None:
    """A change of the app leaves the 120 days running."""
    http.post("/_mock/clock/advance", json={"by": "120d"})
    http.patch(f"/_mock/apps/{WEB.client_key}", json={"testers": ["小明"]})

    assert "<code>28001021</code>" in show(http, CONNECT, **trial).text
