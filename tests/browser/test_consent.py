"""The consent page in a real browser: on a desk and on a phone, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest
from playwright.sync_api import Page, expect

from mockdouyin.core.apps import demo_apps
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import Application, Opens

WEB = demo_apps()["web"]
SHOP = "awstarshop000001"
PHONE = 390
WORDS = {
    "zh-CN": {"allow": "同意授权", "deny": "拒绝", "new": "新用户", "name": "新用户的名字"},
    "en-US": {"allow": "Allow", "deny": "Deny", "new": "New", "name": "Name of the new person"},
}

Shoots = Callable[[Page, str], None]

each_language = pytest.mark.parametrize("locale", ["zh-CN", "en-US"])
each_width = pytest.mark.parametrize("width", [1100, PHONE])


@pytest.fixture
def http(server: ThreadedServer) -> Any:
    """Yield an HTTP client of the server, on which an app with a name is registered."""
    with httpx.Client(base_url=server.url, timeout=20) as client:
        app = {"name": "星选小店", "kind": "web", "client_key": SHOP}
        client.post("/_mock/apps", json=app).raise_for_status()
        yield client


@pytest.fixture
def link(http: httpx.Client, application: Application) -> str:
    """Return the link that the application sends a person to."""
    return link_of(application.callback)


def link_of(callback: str, **changed: str) -> str:
    """Return such a link with changed parameters."""
    query = {
        "client_key": SHOP,
        "response_type": "code",
        "scope": "user_info,video.list,data.external.item,open.get.ticket,user_info",
        "optionalScope": "friend_relation,1,message,0",
        "redirect_uri": callback,
        "state": "1662039377758420993",
        **changed,
    }
    return f"/platform/oauth/connect/?{urlencode(query)}"


def fits(page: Page) -> bool:
    """Whether nothing of the page sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


@each_language
@each_width
def test_the_page(opens: Opens, shoot: Shoots, link: str, locale: str, width: int) -> None:
    """It is whole on a desk and on a phone, in both languages, and can be read and hit."""
    page = opens(link, width, locale=locale, device_scale_factor=2 if width == PHONE else 1)

    words = WORDS[locale]
    expect(page.get_by_role("heading", name="星选小店")).to_be_visible()
    expect(page.get_by_text("user_info", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("扫一扫|Scan"))).to_be_visible()
    expect(page.get_by_label(words["name"])).to_be_hidden()
    assert fits(page)
    for name in ("allow", "deny"):
        box = page.get_by_role("button", name=words[name]).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    shoot(page, f"{'phone' if width == PHONE else 'desk'}-{locale[:2]}")


def test_the_page_in_the_dark(opens: Opens, shoot: Shoots, link: str) -> None:
    """It follows the system to a dark ground."""
    page = opens(link, color_scheme="dark")

    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(16, 17, 22)"
    shoot(page, "dark-zh")


def test_allow(opens: Opens, http: httpx.Client, link: str, application: Application) -> None:
    """The person who was chosen allows; the application gets a code that is theirs."""
    page = opens(link)
    page.get_by_role("radio", name="小红").check()
    page.get_by_role("button", name="同意授权").click()

    expect(page).to_have_title("application")
    [got] = application.callbacks
    assert got["state"] == "1662039377758420993"
    assert got["scopes"] == "user_info,video.list,data.external.item,friend_relation"
    apps = http.get("/_mock/apps").json()["apps"]
    [app] = [app for app in apps if app["client_key"] == SHOP]
    keys = {name: app[name] for name in ("client_key", "client_secret")}
    body = {**keys, "code": got["code"], "grant_type": "authorization_code"}
    data = http.post("/oauth/access_token/", data=body).json()["data"]
    people = {each["name"]: each for each in http.get("/_mock/people").json()["people"]}
    assert data["open_id"] == people["小红"]["open_ids"][SHOP]


def test_the_form_as_the_docs_answer_it(opens: Opens, link: str, application: Application) -> None:
    """A person and a decision can be chosen by the names of the form's fields."""
    page = opens(link)
    page.get_by_label("小红").check()
    page.locator("button[name=decision][value=allow]").click()

    expect(page).to_have_title("application")
    assert len(application.callbacks) == 1


def test_allow_without_javascript(opens: Opens, link: str, application: Application) -> None:
    """Everything works where scripts are switched off."""
    page = opens(link, java_script_enabled=False)
    page.get_by_role("button", name="同意授权").click()

    expect(page).to_have_title("application")
    assert application.callbacks[0]["code"]


def test_optional_scopes(opens: Opens, link: str, application: Application) -> None:
    """What is ticked is granted, and what is not is not."""
    page = opens(link)
    expect(page.get_by_role("checkbox", name="获取你的好友关系")).to_be_checked()
    page.get_by_role("checkbox", name="获取你的好友关系").uncheck()
    page.get_by_role("checkbox", name="给你发送消息").check()
    page.get_by_role("button", name="同意授权").click()

    expect(page).to_have_title("application")
    [got] = application.callbacks
    assert got["scopes"] == "user_info,video.list,data.external.item,message"


@each_language
def test_someone_new(
    opens: Opens, shoot: Shoots, link: str, application: Application, locale: str
) -> None:
    """A field appears for the name; without one the page asks again, with one they consent."""
    page, words = opens(link, locale=locale), WORDS[locale]
    page.get_by_role("radio", name=words["new"]).check()
    page.get_by_role("button", name=words["allow"]).click()
    expect(page.get_by_label(words["name"])).to_have_attribute("aria-invalid", "true")
    shoot(page, f"someone-new-{locale[:2]}")

    page.get_by_label(words["name"]).fill("阿杰 <b>")
    page.keyboard.press("Enter")

    expect(page).to_have_title("application")
    assert application.callbacks[0]["code"]


@each_language
@each_width
def test_deny(
    opens: Opens,
    shoot: Shoots,
    link: str,
    application: Application,
    locale: str,
    width: int,
) -> None:
    """It ends on a page, the application hears nothing, and one can choose again."""
    page, words = opens(link, width, locale=locale), WORDS[locale]
    page.get_by_role("button", name=words["deny"]).click()

    expect(page.get_by_role("heading")).to_have_text(re.compile("已拒绝|Denied"))
    assert fits(page)
    shoot(page, f"denied-{'phone' if width == PHONE else 'desk'}-{locale[:2]}")
    page.get_by_role("link").click()
    expect(page.get_by_role("button", name=words["allow"])).to_be_visible()
    assert application.callbacks == []


@each_language
@each_width
def test_a_wrong_redirect(
    opens: Opens, shoot: Shoots, http: httpx.Client, locale: str, width: int
) -> None:
    """Number and text are shown, the address is not, and the browser stays."""
    page = opens(link_of("javascript:alert(1)"), width, locale=locale)

    expect(page.get_by_text("10006")).to_be_visible()
    assert "alert" not in page.content()
    assert urlsplit(page.url).path == "/platform/oauth/connect/"
    assert fits(page)
    shoot(page, f"refused-{'phone' if width == PHONE else 'desk'}-{locale[:2]}")


def test_long_names_on_a_phone(
    opens: Opens, shoot: Shoots, http: httpx.Client, application: Application
) -> None:
    """Names of any length leave a narrow page whole."""
    long = {
        "name": "一个名字特别特别长的应用" * 4,
        "kind": "web",
        "client_key": "awlong0000000000",
    }
    http.post("/_mock/apps", json=long).raise_for_status()
    http.post("/_mock/people", json={"name": "Wolfeschlegelsteinhausenbergerdorff"})
    everything = "live.room.interactive,data.external.billboard_hot_video,poi.cps.common"
    page = opens(
        link_of(application.callback, client_key="awlong0000000000", scope=everything), PHONE
    )

    assert fits(page)
    shoot(page, "long-names-phone-zh")


@each_language
def test_the_language_can_be_turned(opens: Opens, link: str, locale: str) -> None:
    """One click shows the same question in the other language."""
    page = opens(link, locale=locale)
    page.get_by_role("link").click()

    other = "en-US" if locale == "zh-CN" else "zh-CN"
    expect(page.get_by_role("button", name=WORDS[other]["allow"])).to_be_visible()


def test_a_phone_scans_and_a_desk_goes_on(
    opens: Opens, shoot: Shoots, http: httpx.Client, application: Application
) -> None:
    """The phone that scanned a code is told to go back to the other screen, which has the code."""
    query = {"client_key": SHOP, "scope": "user_info", "next": application.callback}
    shown = http.get("/oauth/get_qrcode/", params=query).json()["data"]
    parts = urlsplit(shown["qrcode_index_url"])
    page = opens(f"{parts.path}?{parts.query}", PHONE)
    shoot(page, "scanned-phone-zh")
    page.get_by_role("button", name="同意授权").click()

    expect(page.get_by_role("heading")).to_have_text("授权成功")
    shoot(page, "allowed-phone-zh")
    poll = {"client_key": SHOP, "token": shown["token"]}
    done = http.get("/oauth/check_qrcode/", params=poll).json()["data"]
    assert done["redirect_url"].startswith(application.callback + "?code=")
