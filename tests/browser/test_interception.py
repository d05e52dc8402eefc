"""Douyin's own addresses in a real browser, with what `mockdouyin env --runtime browser` says."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Page, expect, sync_playwright

from mockdouyin.core.apps import demo_apps
from tests.browser.conftest import FLAGS, Application
from tests.cli.shell import run, serve
from tests.support.helpers import need

WEB = demo_apps()["web"]


def test_a_real_consent_link_opens_here(
    application: Application, shoot: Callable[[Page, str], None], tmp_path: Path
) -> None:
    """A link at https://open.douyin.com is shown with no warning; the person is sent back."""
    chromium = shutil.which("chromium")
    need(chromium, "needs Chromium and a font: apt-get install chromium fonts-noto-cjk")
    query = {
        "client_key": WEB.client_key,
        "response_type": "code",
        "scope": "user_info",
        "redirect_uri": application.callback,
        "state": "s1",
    }
    link = f"https://open.douyin.com/platform/oauth/connect/?{urlencode(query)}"
    with (
        serve(tmp_path, "--intercept", "--proxy-port", "0") as server,
        sync_playwright() as playwright,
    ):
        line = run("env", "--runtime", "browser", "--url", server.url).stdout
        told = [word for word in shlex.split(line) if word.startswith(("--proxy", "--ignore"))]
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *told])
        page = browser.new_page(locale="zh-CN", viewport={"width": 1100, "height": 860})
        page.goto(link)

        expect(page.get_by_role("button", name="同意授权")).to_be_visible()
        assert page.url.startswith("https://open.douyin.com/platform/oauth/connect/")
        shoot(page, "intercepted")
        page.get_by_role("button", name="同意授权").click()
        expect(page).to_have_title("application")
        browser.close()

    [got] = application.callbacks
    assert got["state"] == "s1"
    assert len(got["code"]) == 36
