"""Debian's Chromium, driven by Playwright, with an application that is sent back to."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import need

SHOTS = Path(__file__).parent.parent.parent / "build" / "screenshots"

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
"""No sandbox, because CI runs as root; and nothing that would call home."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Yield a browser; its driver occupies this thread's event loop, which other tests need."""
    chromium = shutil.which("chromium")
    need(chromium, "needs Chromium and a font: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def server() -> Iterator[ThreadedServer]:
    """Yield a running server with a sandbox of its own."""
    with ThreadedServer() as running:
        yield running


class Application:
    """An application under test: it remembers the callbacks that it got."""

    def __init__(self) -> None:
        self.callbacks: list[dict[str, str]] = []
        application = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/callback":
                    query = parse_qsl(parts.query, keep_blank_values=True)
                    application.callbacks.append(dict(query))
                self.send_response(200)
                self.send_header("content-type", "text/html")
                self.end_headers()
                self.wfile.write(b"<title>application</title>welcome")

            def log_message(self, *_: object) -> None:
                """Log nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        self.callback = f"http://127.0.0.1:{self._server.server_port}/callback"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def application() -> Iterator[Application]:
    """Yield an application that listens on this machine."""
    made = Application()
    yield made
    made.close()


Opens = Callable[..., Page]


@pytest.fixture
def opens(browser: Browser, server: ThreadedServer, application: Application) -> Iterator[Opens]:
    """Yield a function that opens a page; pages must log no error and load nothing from elsewhere.

    The application outlives its pages: what they still fetch from it finds it listening.
    """
    troubles: list[str] = []
    with ExitStack() as stack:

        def open_page(address: str, width: int = 1100, **settings: Any) -> Page:
            height = 844 if width < 600 else 860
            given = {"locale": "zh-CN", "viewport": {"width": width, "height": height}, **settings}
            context = browser.new_context(**given)
            stack.callback(context.close)
            watch(context, troubles)
            page = context.new_page()
            page.goto(server.url + address)
            return page

        yield open_page
    assert troubles == []


def watch(context: BrowserContext, troubles: list[str]) -> None:
    """Note what the pages of a context, however opened, log, throw and load from elsewhere."""
    context.on("console", lambda said: troubles.extend(_complaint(said)))
    context.on("weberror", lambda thrown: troubles.append(str(thrown.error)))
    context.on("request", lambda sent: troubles.extend(_strange(sent.url)))


def _complaint(said: ConsoleMessage) -> list[str]:
    """Return what a page logged; what the control API refuses is for the page to show."""
    is_refusal = "/_mock/worlds/" in said.location["url"] and "status of 4" in said.text
    return [] if is_refusal else [said.text]


def _strange(url: str) -> list[str]:
    host = urlsplit(url).hostname
    return [] if host in ("127.0.0.1", None) else [url]


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Return a function that saves a screenshot of a page under build/."""

    def keep(page: Page, name: str) -> None:
        SHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SHOTS / f"consent-{name}.png", full_page=True)

    return keep
