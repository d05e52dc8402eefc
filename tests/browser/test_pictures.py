"""The pictures of the READMEs: a morning's work in a world, seen in the dashboard."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler

import pytest
from playwright.sync_api import expect

from tests.browser.dashboard import WEB, Board, Steering, board, detail, keep, row, steering
from tests.support.receivers import Received, Receiver, Responder, echo, fails
from tests.support.waiting import until

__all__ = ["board", "steering"]


def consented(steering: Steering, person: str) -> None:
    """Let a person allow what the web app asks for, and fetch their profile."""
    given = steering.control(
        "oauth/authorize",
        client_key=WEB.client_key,
        scope="user_info",
        person=person,
    )
    keys = {"client_key": WEB.client_key, "client_secret": WEB.client_secret}
    form = {**keys, "code": given["code"], "grant_type": "authorization_code"}
    token = steering.http.post("/oauth/access_token/", data=form).json()["data"]
    whose = {"access_token": token["access_token"], "open_id": token["open_id"]}
    steering.http.post("/oauth/userinfo/", data=whose)


def worked(steering: Steering, receiver: Receiver) -> int:
    """Work for a while; return the number of a refusal."""
    steering.control("clock/freeze", at="2026-11-20T13:58:43+08:00")
    hook = {"webhook": {"url": receiver.url}}
    steering.http.patch("/_mock/apps/web", json=hook).raise_for_status()
    consented(steering, "小红")
    until(lambda: len(steering.rows(kind="delivery")) == 2, "the consent was told")
    steering.control("clock/advance", by="27s")
    steering.token()
    steering.http.get("/open/getticket/", headers={"access-token": "clt.0"})
    steering.http.get("/open/get_ticket/")
    receiver.respond = failing_once(receiver)
    consented(steering, "老王")
    until(lambda: steering.rows(kind="delivery")[-1]["verdict"] != "ok", "an attempt failed")
    steering.control("clock/advance", by="10s")
    steering.control("rules", on="client_token", fault="reset", times=1, id="weak-network")
    steering.token()
    steering.control("clock/advance", by="18s")
    number = steering.reuse()
    steering.control("clock/advance", by="5s")
    steering.token(2)
    return number


def failing_once(receiver: Receiver) -> Responder:
    """Return a responder that fails once, and then answers as it should."""

    def respond(handler: BaseHTTPRequestHandler, received: Received) -> None:
        receiver.respond = echo
        fails(handler, received)

    return respond


@pytest.mark.parametrize(
    ("locale", "scheme", "name"),
    [("zh-CN", "light", "timeline-zh"), ("en-GB", "light", "timeline"), ("zh-CN", "dark", "dark")],
)
def test_a_picture(board: Board, steering: Steering, locale: str, scheme: str, name: str) -> None:
    """Stories, requests, webhooks and the clock stand in order, and the refusal is explained."""
    with Receiver() as receiver:
        number = worked(steering, receiver)
        page = board("timeline", at=number, locale=locale, color_scheme=scheme)
        expect(page.locator(".row.story")).to_have_count(3)
        expect(row(page, number)).to_have_attribute("aria-selected", "true")
        expect(detail(page).locator(".life li")).to_have_count(4)
        expect(detail(page).locator(".why")).to_contain_text("code_reused", timeout=15_000)
        page.mouse.move(0, 0)
        keep(page, f"readme-{name}")
