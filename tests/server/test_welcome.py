"""The page at / in a browser: what this is, and what to try first."""

from __future__ import annotations

import re

import httpx
import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.core.apps import demo_apps
from mockdouyin.server.access import Access
from mockdouyin.server.serving import ThreadedServer

PAGE = {"accept": "text/html,application/xhtml+xml", "accept-language": "zh-CN,zh;q=0.9"}
SECRETS = [app.client_secret for app in demo_apps().values()]


def opened(server: ThreadedServer, **headers: str) -> httpx.Response:
    """Open the server in a browser."""
    return httpx.get(server.url + "/", headers={**PAGE, **headers})


def test_it_says_what_this_is_in_the_browsers_language() -> None:
    """The page has the apps with their credentials, and says everything in both languages."""
    with ThreadedServer() as server:
        zh = opened(server)
        en = opened(server, **{"accept-language": "en-GB"})
        turned = httpx.get(server.url + "/?lang=en", headers=PAGE)

        assert (zh.status_code, zh.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "default-src 'none'" in zh.headers["content-security-policy"]
        assert "本地的抖音开放平台" in zh.text
        for page in (zh, en):
            assert all(secret in page.text for secret in SECRETS)
            assert f"{server.url}/_mock/phone/login" in page.text
        assert "A Douyin open platform, on this machine" in en.text
        assert turned.text == en.text
        consent = re.search(r'href="(/platform/oauth/connect/[^"]*)"', zh.text)
        assert consent is not None
        link = consent[1].replace("&amp;", "&")
        assert "示例网站应用" in httpx.get(server.url + link, headers=PAGE).text


def test_a_program_gets_the_404_as_ever() -> None:
    """A request at / that does not ask for HTML gets a 404."""
    with ThreadedServer() as server:
        for reply in (httpx.get(server.url + "/"), httpx.get(server.url + "/?a=1")):
            assert reply.status_code == 404
            assert reply.text.startswith("mockdouyin: no endpoint GET /")
        assert httpx.post(server.url + "/", headers=PAGE).status_code == 404


def test_the_users_own_secret_is_not_shown() -> None:
    """An app whose secret the user gave is listed without it."""
    own = "{kind: web, client_key: awown00000000001, client_secret: not-for-a-screen-0001}"
    box = Sandbox(Scenario.parse(f"name: own\napps: {{shop: {own}}}"))
    with ThreadedServer(box) as server:
        page = opened(server).text

    assert "awown00000000001" in page
    assert "not-for-a-screen" not in page
    assert "你自己的密钥" in page


@pytest.mark.parametrize(
    ("access", "headers"),
    [
        (Access("a-token"), {}),
        (Access(), {"host": "rebound.example.test"}),
        (Access(), {"origin": "https://evil.example.test"}),
    ],
)
def test_strangers_see_no_credentials(access: Access, headers: dict[str, str]) -> None:
    """Who may not use the control API sees the page without credentials, and why."""
    with ThreadedServer(access=access) as server:
        page = opened(server, **headers)

    assert page.status_code == 200
    assert not any(secret in page.text for secret in SECRETS)
    assert "小明" not in page.text
    assert "控制接口" in page.text
