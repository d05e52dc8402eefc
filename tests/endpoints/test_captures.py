"""Answers as developers have published them, each beside the call that it answers here."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.core.http import Reply
from tests.endpoints.calls import Ask, Scene, good


def header(reply: Reply, name: str) -> str | None:
    """Return one header of a reply, if it is there."""
    found: str | None = dict(_texts(reply)).get(name)
    return found


def _texts(reply: Reply) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, value in reply.headers]


def bare(answer: Any) -> Any:
    """Return an answer without what differs from call to call."""
    del answer["extra"]["logid"], answer["extra"]["now"]
    return answer


def test_a_bad_token_repeats_its_text() -> None:
    """2190002 has its text a third time, in sub_description."""
    scene = Scene()

    answer = scene.ask(good(scene, "tickets.open_ticket").with_token("clt.0000"))

    assert bare(answer) == {
        "data": {"error_code": 2190002, "description": "access_token无效"},
        "extra": {
            "error_code": 2190002,
            "description": "access_token无效",
            "sub_error_code": 0,
            "sub_description": "access_token无效",
        },
    }


def test_a_missing_scope_says_where_to_ask_for_it() -> None:
    """2190004 names the address of the console, in both places; sub_description is empty."""
    scene = Scene()
    ask = good(scene, "share.share_id")
    scene.amend("web", scopes=("user_info",))

    answer = scene.ask(ask)

    text = "应用未获得该能力, 请去https://open.douyin.com/申请"
    assert bare(answer) == {
        "data": {"error_code": 2190004, "description": text},
        "extra": {
            "error_code": 2190004,
            "description": text,
            "sub_error_code": 0,
            "sub_description": "",
        },
    }


def test_the_open_tickets_page_has_words_of_its_own() -> None:
    """The open ticket's page prints another text for 2190004."""
    scene = Scene()
    ask = good(scene, "tickets.open_ticket")
    scene.amend("web", scopes=("user_info",))

    assert scene.ask(ask)["extra"]["description"] == "无权访问"


PASSPORT = (
    *("user_token", "refresh_token", "renew_refresh_token", "client_token"),
    *("stable_client_token", "user_info", "get_qrcode", "check_qrcode"),
)


@pytest.mark.parametrize("name", PASSPORT)
def test_the_passport_tells_its_number_in_a_header(name: str) -> None:
    """What is in the passport's envelope has its number in bd-tt-error-code too; 0 is success."""
    scene = Scene()
    ask = good(scene, f"oauth.{name}")

    assert header(scene.send(ask), "bd-tt-error-code") == "0"
    bad = ask.under(aweme_negative_test="system_error")
    code = list(scene.world.journal)[-1].endpoint.case("system_error").code  # type: ignore[union-attr]
    assert header(scene.send(bad), "bd-tt-error-code") == str(code)


@pytest.mark.parametrize("name", ["mini_program.code_to_session", "tickets.js_ticket"])
def test_other_families_have_no_such_header(name: str) -> None:
    """No capture shows the header at the other families, and it is not sent there."""
    scene = Scene()
    ask: Ask = good(scene, name)

    assert header(scene.send(ask), "bd-tt-error-code") is None
