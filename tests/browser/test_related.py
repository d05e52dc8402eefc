"""What a row has to do with others: lives of credentials, rows that it depends on, findings."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.dashboard import (
    WEB,
    Board,
    Steering,
    board,
    detail,
    keep,
    row,
    steering,
)
from tests.support.receivers import Receiver

__all__ = ["board", "steering"]


@pytest.fixture
def frozen(steering: Steering) -> Steering:
    """Return a client of a world whose clock stands at two o'clock: that is row 1."""
    steering.control("clock/freeze", at="2026-11-20T14:00:00+08:00")
    return steering


def stops(page: Page) -> Locator:
    """Return the stops of the first life line."""
    return detail(page).locator(".life").first.locator("li")


def tones(page: Page) -> list[str]:
    """Return how the line leads on from each stop."""
    found: list[str] = stops(page).evaluate_all("all => all.map(each => each.className)")
    return found


def test_a_token_and_the_clock(board: Board, frozen: Steering) -> None:
    """A token's line grows with the clock: now is a mark on it, then its end is."""
    frozen.token()
    page = board("timeline", at=2)
    expect(stops(page)).to_have_count(2)
    expect(stops(page).last).to_contain_text("16:00:00到期")
    assert tones(page)[0] == "ahead"
    badge = detail(page).locator(".life .badge")
    expect(badge).to_have_text("有效，还剩 2 小时")

    frozen.control("clock/advance", by="90m")
    expect(stops(page)).to_have_count(3)
    expect(stops(page).nth(1)).to_contain_text("15:30:00现在")
    expect(badge).to_have_text("有效，还剩 30 分")
    assert tones(page)[:2] == ["alive", "ahead now"]
    keep(page, "life-token")
    frozen.control("clock/advance", by="31m")
    expect(stops(page).last).to_contain_text("过期")
    expect(badge).to_have_text("已过期")
    assert tones(page)[:1] == ["alive"]


def test_a_superseded_token(board: Board, frozen: Steering) -> None:
    """A newer token is a stop that leads to it; of one that is gone, the end is not drawn."""
    frozen.token(2)
    page = board("timeline", at=2)
    expect(detail(page).locator(".life .badge")).to_have_text("已被取代，还剩 5 分")
    expect(stops(page)).to_have_text(
        [re.compile("签发"), re.compile("有了新的"), re.compile("到期")]
    )
    frozen.token()
    page.reload()
    expect(stops(page)).to_have_text(
        [re.compile("签发"), re.compile("有了新的"), re.compile("作废")]
    )
    stops(page).nth(1).get_by_role("button", name="#3").click()
    expect(detail(page).locator(".title")).to_contain_text("#3")


def test_hover_and_selection(board: Board, steering: Steering) -> None:
    """A row at rest under the pointer marks what it depends on; without it, the open row does."""
    number = steering.reuse()
    steering.exchange(steering.login("小红"))
    other = steering.latest(type="exchange")
    page = board("timeline", at=number, open=str(other))
    marked = page.locator(".list .related")
    expect(marked).to_have_count(2)
    expect(row(page, number - 1)).to_contain_text("code 在这里用掉")

    row(page, other).hover()
    expect(marked).to_have_count(1)
    expect(row(page, other - 1)).to_contain_text("code 在这里签发")
    keep(page, "related")
    page.locator(".bar").hover()
    expect(marked).to_have_count(2)
    page.keyboard.press("Escape")
    expect(marked).to_have_count(0)


def test_attempts_of_a_delivery(board: Board, steering: Steering) -> None:
    """An attempt depends on the one before it."""
    with Receiver() as receiver:
        steering.control("events", event="create_video", to=receiver.url, content={})
        delivery = steering.rows(kind="delivery")[-1]["delivery"]
        steering.control(f"deliveries/{delivery}/replay")
        page = board("timeline", at=steering.latest(type="delivery"))
        expect(page.locator(".why-related")).to_have_text(["上一次投递"])


def test_a_delivery_that_failed(board: Board, steering: Steering) -> None:
    """An attempt that failed is no refusal of the platform's: it says why it was not delivered."""
    steering.control("events", event="create_video", to="http://127.0.0.1:9/", content={})
    page = board("timeline", at=steering.latest(type="delivery"))
    expect(detail(page).locator(".why")).to_contain_text("为什么没有送达")
    expect(detail(page).locator(".title .badge")).to_have_text("未送达")


def test_a_finding_has_a_flag(board: Board, steering: Steering) -> None:
    """A row that shows a finding gets a flag, live; it leads to the finding, and filters."""
    steering.token()
    page = board("timeline")
    expect(row(page, 1)).to_be_visible()
    flags = page.locator(".list .flag")
    expect(flags).to_have_count(1)  # the secret stands in the address
    steering.http.get("/open/get_ticket/")
    flag = row(page, 2).get_by_role("link", name="请求了不存在的接口")
    expect(flag).to_be_visible(timeout=15_000)
    keep(page, "flags")

    page.get_by_role("button", name="有问题 2").click()
    expect(page).to_have_url(re.compile("finding%3Aany"))
    steering.token()
    page.locator(".search input").fill("finding:unknown")
    expect(page.locator(".list .row")).to_have_count(1)
    page.reload()
    expect(page.locator(".list .row")).to_have_count(1)
    flag.click()
    expect(page).to_have_url(re.compile("/findings\\?rule=unknown_path$"))
    expect(detail(page).locator("h1")).to_have_text("请求了不存在的接口")


def test_a_folded_story_keeps_its_flag(board: Board, steering: Steering) -> None:
    """A story shows the flag of a step while it is folded; what is open says what to do."""
    number = steering.reuse()
    page = board("timeline")
    story = page.locator(".row.story")
    expect(story.locator(".flag")).to_be_visible(timeout=15_000)
    story.click()
    expect(story.locator(".flag")).to_have_count(0)
    expect(row(page, number).locator(".flag")).to_be_visible()
    row(page, number).click()
    why = detail(page).locator(".why")
    expect(why).to_contain_text("一个 code 只换一次")
    why.get_by_role("link", name="code_reused").click()
    expect(page).to_have_url(re.compile("rule=code_reused"))


def test_a_consent_that_is_revoked(board: Board, steering: Steering) -> None:
    """The line of a user token ends where the person took the consent back."""
    given = steering.control(
        "oauth/authorize", client_key=WEB.client_key, scope="user_info", person="小明"
    )
    keys = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
    form = {**keys, "code": given["code"], "grant_type": "authorization_code"}
    token = steering.http.post("/oauth/access_token/", data=form).json()["data"]
    steering.control("oauth/revoke", client_key=WEB.client_key, person="小明")
    whose = {"access_token": token["access_token"], "open_id": token["open_id"]}
    steering.http.post("/oauth/userinfo/", data=whose)
    number = steering.latest(type="exchange")
    page = board("timeline", at=number)
    words = [re.compile(each) for each in ("签发", "用户取消授权", f"#{number} 这次", "本应到期")]
    expect(stops(page)).to_have_text(words)
    assert tones(page)[:3] == ["alive", "dead", "ahead"]
    expect(detail(page).locator(".life .badge")).to_have_text("已取消授权")
