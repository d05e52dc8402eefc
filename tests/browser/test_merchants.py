"""A merchant's page in a real browser: it is filled in, reviewed, and its account is looked at."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from mockdouyin.core.apps import demo_apps
from mockdouyin.server.serving import ThreadedServer
from tests.browser.conftest import Opens
from tests.browser.test_consent import PHONE, Shoots, fits
from tests.support.ecpay import sign

PROGRAM = demo_apps()["mini_program"]
SAAS = "/api/apps/ecpay/saas/"
LOOKS = [
    ("desk-zh", 1440, "zh-CN", "light"),
    ("desk-en", 1440, "en-US", "dark"),
    ("phone-zh", PHONE, "zh-CN", "dark"),
    ("phone-en", PHONE, "en-US", "light"),
]

each_look = pytest.mark.parametrize(("look", "width", "locale", "scheme"), LOOKS)


def call(server: ThreadedServer, name: str, **fields: Any) -> Any:
    """Call an operation of guaranteed payment, signed."""
    every = {"app_id": PROGRAM.client_key, **fields}
    signed = {**every, "sign": sign(every, PROGRAM.payment.salt)}
    return httpx.post(server.url + SAAS + name, json=signed, timeout=20).json()


def link(server: ThreadedServer, url_type: int = 1) -> str:
    """Return the path of a link to a partner's page."""
    answer = call(server, "app_add_sub_merchant", sub_merchant_id="partner-01", url_type=url_type)
    assert answer["err_no"] == 0, answer
    url: str = answer["url"]
    return url.removeprefix(server.url)


def state(page: Page) -> Any:
    """Return how the page says that the merchant stands."""
    return page.locator(".state")


def test_a_merchant_is_onboarded(opens: Opens, server: ThreadedServer) -> None:
    """The form wants a name and a channel; a tester refuses it, then lets it pass."""
    page = opens(link(server))
    expect(state(page)).to_have_text("未提交")
    page.get_by_role("button", name="提交进件").click()
    expect(page.get_by_role("alert")).to_have_text("请填写商户名称，最多 64 个字。")

    page.get_by_label("商户名称").fill("星选小店")
    page.get_by_role("checkbox", name=re.compile("支付宝")).uncheck()
    page.get_by_role("button", name="提交进件").click()
    expect(state(page)).to_have_text("审核中")
    expect(page.get_by_role("heading", name="星选小店")).to_be_visible()
    page.get_by_label("原因（驳回或冻结时）").fill("营业执照照片不清晰")
    page.get_by_role("button", name="审核不通过").click()
    expect(state(page)).to_have_text("未通过")
    expect(page.get_by_text("营业执照照片不清晰")).to_be_visible()
    page.get_by_role("button", name="提交进件").click()
    page.get_by_role("button", name="审核通过").click()
    expect(state(page)).to_have_text("已通过")

    merchant = page.locator(".facts code").first.text_content()
    found = call(server, "query_merchant_status", merchant_id=merchant)
    assert (found["wx"], found["alipay"]) == (1, 0)
    page.get_by_role("button", name="冻结商户").click()
    expect(state(page)).to_have_text("已冻结")
    page.reload()
    page.get_by_role("button", name="解除冻结").click()
    expect(state(page)).to_have_text("已通过")


@each_look
def test_it_looks_well(
    opens: Opens,
    server: ThreadedServer,
    shoot: Shoots,
    look: str,
    width: int,
    locale: str,
    scheme: str,
) -> None:
    """Each step is whole on a desk and on a phone, in both languages, light and dark."""
    factor = 2 if width == PHONE else 1
    page = opens(
        link(server), width, locale=locale, color_scheme=scheme, device_scale_factor=factor
    )
    shoot(page, f"merchant-1-form-{look}")
    assert fits(page)
    page.locator("[name=name]").fill("星选小店")
    page.locator("[value=submit]").click()
    expect(page.locator("[value=approve]")).to_be_visible()
    shoot(page, f"merchant-2-review-{look}")
    assert fits(page)
    page.locator("[value=approve]").click()
    expect(state(page)).to_have_class(re.compile("state-ok"))
    shoot(page, f"merchant-3-done-{look}")
    assert fits(page)
    page.locator("[name=reason]").fill("营业执照照片不清晰")
    page.locator("[value=refuse]").click()
    expect(state(page)).to_have_class(re.compile("state-refused"))
    shoot(page, f"merchant-4-refused-{look}")
    page.goto(server.url + link(server, 2))
    page.locator("[name=amount]").fill("1")
    page.locator("[value=withdraw]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    shoot(page, f"merchant-5-account-{look}")
    assert fits(page)
    page.goto(f"{server.url}/ecpay/merchant/page/?app_id={PROGRAM.client_key}&link=none")
    expect(page.get_by_role("heading")).to_be_visible()
    shoot(page, f"merchant-6-no-link-{look}")
