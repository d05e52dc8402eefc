"""Links into a mini-app from a backend to a person's browser, through the real HTTP door."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockdouyin.core.apps import demo_apps
from mockdouyin.domain.app_links import AppLink
from mockdouyin.server.serving import ThreadedServer
from tests.support.links import opened_at
from tests.support.pictures import read, shows
from tests.support.wire import Intercepting, intercepting, trusting

PROGRAM = demo_apps()["mini_program"]
GAME = demo_apps()["mini_game"]
START, START_TIME = "2030-01-01T04:00:00Z", 1_893_470_400


def post(http: httpx.Client, path: str, /, **fields: Any) -> Any:
    """Call the platform as the mini-program; return the answer."""
    return http.post(path, json=fields).json()


@pytest.fixture
def backend(server: ThreadedServer) -> Iterator[httpx.Client]:
    """Yield the mini-program's backend: a client with its token, at noon of a day in 2030."""
    with httpx.Client(base_url=server.url, timeout=20) as http:
        http.post("/_mock/clock/freeze", json={"at": START})
        _renew_token(http)
        yield http


def _renew_token(http: httpx.Client) -> None:
    asked = {"client_key": PROGRAM.client_key, "client_secret": PROGRAM.client_secret}
    token = post(http, "/oauth/client_token/", grant_type="client_credential", **asked)
    http.headers["access-token"] = token["data"]["access_token"]


def text_of(page: str) -> str:
    """Return the words of a page, without its markup."""
    body = page.partition("<main>")[2]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split())


def steps_of(http: httpx.Client, id: str) -> list[dict[str, Any]]:
    """Return the steps of a story of a link."""
    found = http.get("/_mock/worlds/default/stories").json()["stories"]
    [one] = [each for each in found if each["id"] == id]
    assert one["kind"] == "link"
    steps: list[dict[str, Any]] = one["steps"]
    return steps


def names(steps: list[dict[str, Any]]) -> list[str]:
    """Return what was called or done in each step."""
    return [step.get("act") or step["endpoint"] for step in steps]


def test_a_url_link_from_its_making_to_its_end(backend: httpx.Client) -> None:
    """It is made, counted and told, opened by people, and ends; its story has all of that."""
    app = {"app_id": PROGRAM.client_key}
    start = START_TIME
    leads = {"path": "pages/goods/detail", "query": '{"goods_id":"7301","from":"sms"}'}
    asked = {"app_name": "douyin", "expire_time": start + 86400, **leads}
    made = post(backend, "/api/apps/v1/url_link/generate/", **app, **asked)
    link = made["data"]["url_link"]
    quota = post(backend, "/api/apps/v1/url_link/query_quota/", **app)["data"]
    assert quota["url_link_used"] == 1
    told = post(backend, "/api/apps/v1/url_link/query_info/", **app, url_link=link)["data"]
    assert told == {
        **app,
        "app_name": "douyin",
        **leads,
        "create_time": start,
        "expire_time": start + 86400,
    }

    page = backend.get(opened_at(link), headers={"accept-language": "zh-CN"})
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    words = text_of(page.text)
    assert "示例小程序 抖音会打开这个小程序 短链（URL Link）" in words
    assert "页面 pages/goods/detail 页面参数 goods_id 7301 from sms" in words
    assert f"失效时间 2030-01-02 12:00 还剩 1d 链接 {link} 用户 小明" in words
    english = backend.get(opened_at(link), params={"link": link, "lang": "en", "person": "小红"})
    assert "Page pages/goods/detail Parameters goods_id 7301 from sms" in text_of(english.text)
    assert "Person 小红" in text_of(english.text)

    backend.post("/_mock/clock/advance", json={"by": "1d"})
    _renew_token(backend)
    gone = post(backend, "/api/apps/v1/url_link/query_info/", **app, url_link=link)
    assert (gone["err_no"], gone["err_msg"]) == (12023, "URL_Link不存在或已失效")
    page = backend.get(opened_at(link), headers={"accept-language": "zh-CN"})
    assert "URL_Link不存在或已失效" in page.text
    assert "链接已过期" in page.text

    of_link = steps_of(backend, f"link:{PROGRAM.client_key}:1:url_link")
    steps = names(of_link)
    assert steps[:2] == ["links.generate", "links.query_info"]
    assert steps[2:6] == ["link.open", "links.link_page"] * 2
    assert steps[6:] == ["links.query_info", "links.link_page"]
    acts = [
        step
        for step in steps_of(backend, f"link:{PROGRAM.client_key}:1:url_link")
        if step.get("act")
    ]
    assert [each["person"] for each in acts] == ["小明", "小红"]
    assert "pages/goods/detail" in acts[0]["says"]


def test_a_schema_and_a_code_lead_to_the_same_page(
    server: ThreadedServer, backend: httpx.Client
) -> None:
    """A schema is opened by its address or ticket, a QR code by what is read off its picture."""
    app = {"app_id": PROGRAM.client_key}
    made = post(backend, "/api/apps/v1/url/generate_schema/", **app, no_expire=True, query="{}")
    schema = made["data"]["schema"]
    for given in (schema, schema.partition("=")[2]):
        words = text_of(backend.get("/mini_app/link/", params={"link": given, "lang": "zh"}).text)
        assert "页面 首页 页面参数 没有参数 跳转链接（Schema）" in words
        assert "失效时间 长期有效" in words

    path = "pages%2Fgoods%2Fdetail%3Fgoods_id%3D7301%26name%3D%25E5%25B0%258F"
    coded = post(backend, "/api/apps/v1/qrcode/create/", appid=PROGRAM.client_key, path=path)
    picture = read(base64.b64decode(coded["data"]["img"]))
    key = _key_of_the_code(server)
    address = opened_at(key, server.url)
    assert shows(picture, address, error="m", dark=(0, 0, 0, 255)) == 1
    words = text_of(backend.get(address, params={"link": key, "lang": "zh"}).text)
    assert "小程序码" in words
    assert "pages/goods/detail 页面参数 goods_id 7301 name 小" in words
    assert names(steps_of(backend, f"link:{PROGRAM.client_key}:1:qr_code")) == [
        "qr_codes.qrcode_create",
        "link.open",
        "links.link_page",
    ]


def _key_of_the_code(server: ThreadedServer) -> str:
    """Return the key of the one QR code in the world."""
    world = server.sandbox.default
    found = world.store.unit(world.clock.now()).scan(AppLink)
    [key] = [key for key, link in found if link.kind == "qr_code"]
    return key


def _through(running: Intercepting) -> httpx.Client:
    return httpx.Client(proxy=running.proxy_url, verify=trusting())


def test_the_short_address_is_answered_where_it_is_intercepted() -> None:
    """A browser behind the proxy opens https://z.douyin.com/… itself, and sees the page."""
    with (
        intercepting() as running,
        httpx.Client(proxy=running.proxy_url, verify=trusting()) as http,
    ):
        credentials = {"appid": GAME.client_key, "secret": GAME.client_secret}
        host = "https://minigame.zijieapi.com/mgplatform/api/apps"
        token = post(http, f"{host}/v2/token", grant_type="client_credential", **credentials)
        http.headers["access-token"] = token["data"]["access_token"]
        end = int(running.world.clock.now()) + 3600
        made = post(http, f"{host}/url_link/generate", path="game", query="{}", expire_time=end)
        link = made["data"]["url_link"]
        assert link.startswith("https://z.douyin.com/")

        page = http.get(link, headers={"accept-language": "zh"})

        assert page.status_code == 200
        assert "示例小游戏" in text_of(page.text)
        assert "<code>12023</code>" in http.get("https://z.douyin.com/nothing").text
        assert running.hosts()[-1] == "z.douyin.com"
