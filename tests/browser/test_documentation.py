"""The documentation site in a browser: search, both languages, dark and narrow pages."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import watch
from tests.docs.site import build


class Handler(SimpleHTTPRequestHandler):
    """Sends the files of the site, and says nothing."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Build the site, serve it from a folder below the host's root, and yield its address."""
    folder = tmp_path_factory.mktemp("host")
    done = build(folder / "docs")
    assert done.returncode == 0, done.stderr
    handler = partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/docs/"
        server.shutdown()
        thread.join()


Opens = Callable[..., Page]


@pytest.fixture
def reads(browser: Browser, site: str) -> Iterator[Opens]:
    """Yield a function that opens a page of the site; no page may log an error."""
    troubles: list[str] = []
    contexts = []

    def open_page(address: str, width: int = 1280) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 844})
        contexts.append(context)
        watch(context, troubles)
        page = context.new_page()
        page.goto(site + address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.mark.parametrize(
    ("address", "words", "title", "found"),
    [("zh/", "退款", "支付", "zh/payments/"), ("", "refund", "Payments", "payments/")],
)
def test_search(reads: Opens, site: str, address: str, words: str, title: str, found: str) -> None:
    """Words of a page lead to that page, in the language in which one reads."""
    page = reads(address)
    page.locator(".md-search__input").click()
    page.keyboard.type(words)
    page.keyboard.press("End")

    results = page.locator(".md-search-result__link")
    expect(results.filter(has_text=title).first).to_be_visible(timeout=20_000)
    hrefs = [each.get_attribute("href") or "" for each in results.all()]
    places = {href.removeprefix(site).partition("?")[0] for href in hrefs}
    assert found in places
    assert {place.startswith("zh/") for place in places} == {address == "zh/"}


@pytest.mark.parametrize("address", ["", "payments/"])
def test_the_switch_of_languages(reads: Opens, site: str, address: str) -> None:
    """A page leads to its twin and back, wherever the site stands."""
    page = reads(address)

    for language, place in (("zh", f"zh/{address}"), ("en", address)):
        page.locator(".md-select").hover()
        page.locator(f".md-select__link[hreflang={language}]").click()
        expect(page).to_have_url(site + place)


@pytest.mark.parametrize("address", ["zh/", "zh/payments/", "control-api/", "coverage/"])
def test_a_narrow_screen(reads: Opens, address: str) -> None:
    """On a phone nothing but code and tables has to be moved sideways."""
    page = reads(address, width=390)

    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("address", ["zh/coverage/", "coverage/", "zh/troubleshooting/"])
def test_a_table_fits(reads: Opens, address: str) -> None:
    """On a wide screen no column of a table is out of sight."""
    page = reads(address, width=1440)

    tables = page.locator(".md-typeset__scrollwrap")
    assert tables.count() > 0
    assert tables.evaluate_all("all => all.filter(e => e.scrollWidth > e.clientWidth).length") == 0


def test_dark(reads: Opens) -> None:
    """The switch of colours makes the page dark, and it stays so on the next page."""
    page = reads("zh/")
    body = page.locator("body")
    for _ in range(2):
        page.locator("label.md-header__button[for^=__palette]:visible").click()
    expect(body).to_have_attribute("data-md-color-scheme", "slate")

    page.locator(".md-content a", has_text="支付").first.click()

    expect(page.locator("h1")).to_contain_text("支付")
    expect(body).to_have_attribute("data-md-color-scheme", "slate")


def test_code_stands_as_it_is(reads: Opens) -> None:
    """A file outside docs/ that a page links to is a page with that file's text."""
    page = reads("zh/payments/")
    page.locator(".md-content a[href*=ecpay-py]").first.click()

    source = Path(__file__).parents[2] / "examples" / "ecpay.py"
    expect(page.locator(".highlight code")).to_contain_text(source.read_text("utf-8")[:200])
