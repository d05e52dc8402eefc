"""The page that a link into a mini-app opens, in a real browser."""

from __future__ import annotations

from typing import Any

import httpx
from playwright.sync_api import expect

from mockdouyin.core.apps import demo_apps
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import Opens
from tests.browser.test_consent import Shoots, fits
from tests.browser.test_merchants import each_look
from tests.support.links import opened_at

PROGRAM = demo_apps()["mini_program"]


def link(server: ThreadedServer, **fields: Any) -> str:
    """Make a schema that never expires; return the path of its page."""
    client = {"client_key": PROGRAM.client_key, "client_secret": PROGRAM.client_secret}
    asked = {**client, "grant_type": "client_credential"}
    token = httpx.post(f"{server.url}/oauth/client_token/", json=asked).json()["data"]
    answer = httpx.post(
        f"{server.url}/api/apps/v1/url/generate_schema/",
        json={"app_id": PROGRAM.client_key, "no_expire": True, **fields},
        headers={"access-token": token["access_token"]},
    ).json()
    assert answer["err_no"] == 0, answer
    return opened_at(answer["data"]["schema"].replace("ticket=v1_", "/"))


def test_a_link_says_where_it_leads(opens: Opens, server: ThreadedServer) -> None:
    """The page names the app, its page and the parameters, as text, in either language."""
    path = link(server, path="pages/goods/detail", query='{"id":"7","note":"a&amp;b"}')

    page = opens(path)

    expect(page.get_by_role("heading", level=1)).to_have_text("示例小程序")
    expect(page.locator(".target")).to_have_text("pages/goods/detail")
    expect(page.locator(".facts").first).to_contain_text("a&amp;b")
    expect(page.get_by_text("长期有效")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("Douyin would open this mini-app")).to_be_visible()
    expect(page.locator(".target")).to_have_text("pages/goods/detail")


@each_look
def test_the_page_in_every_look(
    opens: Opens,
    server: ThreadedServer,
    shoot: Shoots,
    look: str,
    width: int,
    locale: str,
    scheme: str,
) -> None:
    """Nothing sticks out on a phone or a desk, with a long path and long values too."""
    long = {"path": "pages/" + "goods/" * 40, "query": '{"token":"' + "0123456789" * 60 + '"}'}
    page = opens(link(server, **long), width, locale=locale, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shoot(page, f"link-{look}")
    assert fits(page)
