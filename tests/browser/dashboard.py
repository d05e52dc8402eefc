"""The dashboard in a browser: a page that is open, and a world in which things happen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from mockdouyin.core.apps import demo_apps
from mockdouyin.core.http import Request
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import SHOTS, Opens

MINI, WEB = demo_apps()["mini_program"], demo_apps()["web"]

EXCHANGE = "/api/apps/v2/jscode2session"


class Steering:
    """A client and a tester: calls Douyin's addresses, and steers the world."""

    def __init__(self, server: ThreadedServer) -> None:
        self.server = server
        self.http = httpx.Client(base_url=server.url, timeout=20)

    def control(self, path: str, **body: Any) -> Any:
        """Call an operation; return its answer."""
        reply = self.http.post(f"/_mock/{path}", json=body)
        reply.raise_for_status()
        return reply.json()

    def rows(self, **query: str) -> list[dict[str, Any]]:
        """Return the rows of what happened."""
        found: list[dict[str, Any]] = self.http.get("/_mock/rows", params=query).json()["rows"]
        return found

    def latest(self, **fields: Any) -> int:
        """Return the number of the latest row with these fields."""
        fitting = [row for row in self.rows() if fields.items() <= row.items()]
        number: int = fitting[-1]["id"]
        return number

    def login(self, person: str = "小明") -> str:
        """Log somebody in; return the code."""
        code: str = self.control("phone/login", person=person)["code"]
        return code

    def exchange(self, code: str, **more: str) -> Any:
        """Exchange a code as a backend does."""
        keys = {"appid": MINI.client_key, "secret": MINI.client_secret}
        return self.http.post(EXCHANGE, json={**keys, "code": code, **more}).json()

    def token(self, times: int = 1) -> None:
        """Fetch client tokens, without a socket: thousands of them take no time."""
        query = urlencode(
            {
                "client_key": WEB.client_key,
                "client_secret": WEB.client_secret,
                "grant_type": "client_credential",
            }
        ).encode()
        for _ in range(times):
            self.server.sandbox.handle(Request("GET", "/oauth/client_token/", query))

    def reuse(self, person: str = "小明") -> int:
        """Log in, exchange the code twice; return the number of the refusal."""
        code = self.login(person)
        self.exchange(code)
        self.exchange(code, anonymousCode="a71c02e")
        return self.latest(error="bad_code")


@pytest.fixture
def steering(server: ThreadedServer) -> Iterator[Steering]:
    """Yield a client of the server, who also steers it."""
    made = Steering(server)
    yield made
    made.http.close()


Board = Callable[..., Page]


@pytest.fixture
def board(opens: Opens) -> Board:
    """Return a function that opens the dashboard at a view and waits until it is live."""

    def open_board(
        view: str = "", width: int = 1440, world: str = "default", **given: Any
    ) -> Page:
        settings = {key: given.pop(key) for key in ("locale", "color_scheme") if key in given}
        query = f"?{urlencode(given)}" if given else ""
        page = opens(f"/_mock/#/{quote(world)}/{view}{query}", width, **settings)
        expect(page.locator(".state.is-live")).to_be_attached()
        return page

    return open_board


def row(page: Page, number: int) -> Locator:
    """Return a row of the timeline."""
    return page.locator(f'.list [data-key="r{number}"]')


def detail(page: Page) -> Locator:
    """Return the pane of what is open."""
    return page.locator(".detail")


def keep(page: Page, name: str) -> None:
    """Save a screenshot under build/."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"dashboard-{name}.png")


def pasted(page: Page) -> str:
    """Return what was copied last."""
    text: str = page.evaluate("() => window.copied")
    return text


WATCH_CLIPBOARD = """() => {
  Object.defineProperty(navigator, "clipboard", {
    value: { writeText: async (text) => { window.copied = text; } },
  });
}"""


def parsed(text: str) -> Any:
    """Parse JSON."""
    return json.loads(text)
