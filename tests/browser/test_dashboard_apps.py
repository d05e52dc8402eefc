"""The dashboard's apps in a browser: keys, the webhook's handshake, credentials, settings."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from mockdouyin.intercept.interception_setup import InterceptionSetup
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import Opens
from tests.browser.dashboard import (
    MINI,
    WATCH_CLIPBOARD,
    WEB,
    Board,
    Steering,
    board,
    keep,
    pasted,
    steering,
)
from tests.support.receivers import Receiver, says

__all__ = ["board", "steering"]

MARKUP = "<img src=x onerror=alert(1)>"


def app_of(steering: Steering, key: str) -> dict[str, Any]:
    """Return an app as the control API shows it."""
    found: dict[str, Any] = steering.http.get("/_mock/apps", params={"app": key}).json()["apps"][0]
    return found


def fits(page: Page) -> bool:
    """Whether nothing of the page sticks out at the side."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_keys_to_copy(board: Board) -> None:
    """The secret is masked until it is revealed, in this pane alone; a copy has the whole."""
    page = board("apps", app=WEB.client_key)
    page.evaluate(WATCH_CLIPBOARD)
    keys = page.locator(".app-keys").first
    expect(keys).to_contain_text(WEB.client_key)
    expect(keys).not_to_contain_text(WEB.client_secret)

    keys.get_by_role("button", name="复制（明文）").click()
    expect(keys.get_by_role("button", name="已复制，含密钥")).to_be_visible()
    assert pasted(page) == WEB.client_secret

    page.locator(".app-detail").get_by_role("button", name="显示密钥").click()
    expect(keys).to_contain_text(WEB.client_secret)
    page.get_by_role("button", name=re.compile("示例小程序")).click()
    expect(keys).to_contain_text(MINI.client_key)
    expect(keys).not_to_contain_text(MINI.client_secret)
    keys.get_by_role("button", name="curl").click()
    expect(keys.get_by_role("button", name="已复制，含密钥")).to_be_visible()
    assert f'"secret":"{MINI.client_secret}"' in pasted(page)


def test_a_webhook_with_its_handshake(board: Board, steering: Steering) -> None:
    """A URL is set, with some events; the receiver's answer to the challenge is shown."""
    page = board("apps", app=WEB.client_key)
    webhook = page.get_by_role("region", name="Webhook")
    with Receiver() as receiver:
        webhook.get_by_role("button", name="设置 Webhook").click()
        webhook.get_by_role("textbox", name="URL").fill(receiver.url)
        webhook.get_by_role("checkbox", name="订阅全部事件").uncheck()
        webhook.get_by_role("checkbox", name="create_video").check()
        webhook.get_by_role("button", name="保存并校验").click()

        expect(webhook.get_by_text("校验通过")).to_be_visible()
        expect(webhook.locator(".challenge")).to_contain_text("verify_webhook")
        expect(webhook.locator(".challenge")).to_contain_text("200")
        expect(webhook).to_contain_text("订阅 1 个事件")
        assert app_of(steering, WEB.client_key)["webhook"]["events"] == ["create_video"]

        webhook.get_by_role("button", name="再校验一次").click()
        assert receiver.wait(2)[1].event == "verify_webhook"
        expect(webhook.locator(".challenge")).to_be_visible()
    keep(page, "apps-webhook")


def test_a_receiver_that_does_not_echo(board: Board, steering: Steering) -> None:
    """The reason stands beside what it answered; nothing is set, unless the check is skipped."""
    page = board("apps", app=WEB.client_key)
    webhook = page.get_by_role("region", name="Webhook")
    with Receiver(says(f'{{"oops": "{MARKUP}"}}')) as receiver:
        webhook.get_by_role("button", name="设置 Webhook").click()
        webhook.get_by_role("textbox", name="URL").fill(receiver.url)
        webhook.get_by_role("button", name="保存并校验").click()

        expect(webhook.locator(".refusal")).to_contain_text("challenge")
        expect(webhook.locator(".refusal")).to_contain_text(MARKUP)
        keep(page, "apps-webhook-refused")
        assert app_of(steering, WEB.client_key)["webhook"] is None

        webhook.get_by_role("checkbox", name="不校验，直接保存").check()
        webhook.get_by_role("button", name="保存并校验").click()
        expect(webhook.get_by_role("button", name="修改")).to_be_visible()
        assert app_of(steering, WEB.client_key)["webhook"]["url"] == receiver.url
        assert len(receiver.received) == 1


def test_redirect_uris(board: Board, steering: Steering) -> None:
    """They are changed as lines; what the server refuses is said in place."""
    page = board("apps", app=WEB.client_key)
    block = page.locator(".app-detail .block", has_text="redirect_uri")
    block.get_by_role("button", name="修改").click()
    field = block.get_by_role("textbox", name="redirect_uri")
    field.fill("https://one.example.test/cb\n\nhttps://two.example.test/cb")
    block.get_by_role("button", name="保存").click()

    expect(block).to_contain_text("https://two.example.test/cb")
    expect(field).to_be_hidden()
    assert app_of(steering, WEB.client_key)["redirect_uris"] == [
        "https://one.example.test/cb",
        "https://two.example.test/cb",
    ]


def test_a_new_app(board: Board, steering: Steering) -> None:
    """It is made of one's own key and secret, with whatever name; a taken key is refused."""
    page = board("apps")
    page.get_by_role("button", name="新建").click()
    form = page.get_by_role("region", name="新建")
    form.get_by_role("radio", name="网站应用").click()
    form.get_by_role("textbox", name="client_key").fill(WEB.client_key)
    form.get_by_role("button", name="创建").click()
    expect(form.locator(".refusal")).to_contain_text(WEB.client_key)

    form.get_by_role("textbox", name="名称").fill(MARKUP)
    form.get_by_role("textbox", name="client_key").fill("awmine")
    form.get_by_label("client_secret").fill("mine-secret-0001")
    form.get_by_role("button", name="创建").click()

    expect(page.locator(".app-title")).to_contain_text(MARKUP)
    expect(page.locator(".app-row[aria-current]")).to_contain_text(MARKUP)
    assert app_of(steering, "awmine")["client_secret"] == "mine-secret-0001"
    assert app_of(steering, "awmine")["kind"] == "web"


def test_credentials_as_bars(board: Board, steering: Steering) -> None:
    """Tokens come and drain while one looks, in the world's time; superseded ones say so."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    page = board("apps", app=WEB.client_key)
    rows = page.locator(".credential")
    expect(page.get_by_text("还没有有效的 token 或 ticket")).to_be_visible()

    steering.token()
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("client_token")
    expect(rows.first).to_contain_text("2 小时")
    expect(page.locator(".app-row[aria-current]")).to_contain_text("1 个凭证")
    steering.token(2)
    expect(page.locator(".credential.superseded")).to_contain_text("已被取代")
    expect(page.locator(".credential.superseded .left")).to_have_text("5 分")

    page.get_by_role("button", name="+5 分钟").click()
    expect(page.locator(".credential.superseded")).to_have_count(0)
    expect(rows.first.get_by_role("meter")).to_have_attribute("aria-valuenow", str(115 * 60))
    keep(page, "apps-credentials")


def test_a_token_to_copy(board: Board, steering: Steering) -> None:
    """A masked token is copied whole; it is shown whole once it is revealed."""
    query = {
        "client_key": WEB.client_key,
        "client_secret": WEB.client_secret,
        "grant_type": "client_credential",
    }
    reply = steering.http.get("/oauth/client_token/", params=query).json()
    token = reply["data"]["access_token"]
    page = board("apps", app=WEB.client_key)
    page.evaluate(WATCH_CLIPBOARD)
    first = page.locator(".credential").first
    expect(first).to_contain_text("***")
    expect(first).not_to_contain_text(token)

    first.get_by_role("button", name="复制（明文）").click()
    expect(first.get_by_role("button", name="已复制，含密钥")).to_be_visible()
    assert pasted(page) == token
    page.locator(".app-right").get_by_role("button", name="显示密钥").click()
    expect(page.locator(".credential").first).to_contain_text(token)


def test_settings_of_clients_by_base_url(board: Board, steering: Steering) -> None:
    """Where nothing is intercepted, the base URL of the world is to be copied."""
    steering.control("worlds", name="shop")
    page = board("apps", world="shop")
    expect(page.get_by_role("region", name="让客户端连到这里")).to_contain_text(
        f"DOUYIN_BASE_URL={steering.server.url}/@shop"
    )


def test_settings_of_clients_by_runtime(opens: Opens, server: ThreadedServer) -> None:
    """An intercepting server has them for each runtime, in the syntax of a shell."""
    server.sandbox.client_settings = lambda world, shell: {
        "runtimes": {"python": f"{shell} {world} python", "node": f"{shell} {world} node"},
        "browser": "chromium --no-first-run",
    }
    page = opens("/_mock/#/default/apps", 1440)
    block = page.get_by_role("region", name="让客户端连到这里")

    expect(block).to_contain_text("sh default python")
    block.get_by_role("radio", name="Node").click()
    expect(block).to_contain_text("sh default node")
    block.get_by_role("combobox", name="语法").select_option("powershell")
    expect(block).to_contain_text("powershell default node")
    block.get_by_role("radio", name="浏览器").click()
    expect(block).to_contain_text("chromium --no-first-run")


def test_keys_lead_through_the_apps(board: Board) -> None:
    """3 opens the view, j and k walk, Enter reads, Escape returns to the list."""
    page = board("timeline")
    page.keyboard.press("3")
    rows = page.locator(".app-row")
    expect(rows.first).to_have_attribute("aria-current", "true")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    page.keyboard.press("Enter")
    expect(page.locator(".app-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".app-row").first).to_be_focused()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_it_fits(board: Board, steering: Steering, locale: str, width: int) -> None:
    """Both languages fit on a desk and on a phone, which shows the list or one app."""
    steering.token(2)
    scheme = "dark" if locale == "en-GB" else "light"
    page = board("apps", width, locale=locale, color_scheme=scheme)
    expect(page.locator(".app-row")).to_have_count(3)
    if width == 390:
        expect(page.locator(".app-detail")).to_be_hidden()
        page.locator(".app-row").last.click()
        expect(page.locator(".app-detail")).to_be_visible()
        expect(page.locator(".app-list")).to_be_hidden()
    else:
        page.locator(".app-row").last.click()
    expect(page.locator(".credential")).to_have_count(2)
    assert fits(page)
    keep(page, f"apps-{locale[:2]}-{width}")
    if width == 390:
        page.get_by_role("button", name=re.compile("^(返回|Back)$")).click()
        expect(page.locator(".app-list")).to_be_visible()


def test_interception_is_real(opens: Opens, server: ThreadedServer) -> None:
    """What a setup publishes is what the page shows."""
    setup = InterceptionSetup()
    with ThreadedServer(server.sandbox, proxy=setup.proxy) as intercepting:
        setup.open(server.sandbox, intercepting.url)
        page = opens("/_mock/#/default/apps", 1440)
        block = page.get_by_role("region", name="让客户端连到这里")
        expect(block).to_contain_text(f"HTTPS_PROXY=http://127.0.0.1:{setup.proxy.port}")
        expect(block).to_contain_text("REQUESTS_CA_BUNDLE=")
        keep(page, "apps-intercepted")
    setup.close()
