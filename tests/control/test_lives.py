"""What became of the codes, tokens and tickets of an exchange."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import execute
from tests.support.helpers import (
    PROGRAM,
    PROGRAM_LOGIN,
    WEB,
    WEB_CLIENT,
    app_token,
    client_token,
    get,
    phone,
    post,
    send,
)

LOGIN = "/api/apps/v2/jscode2session"


def lives(box: Sandbox, number: int) -> dict[str, Any]:
    """Tell the lives of an exchange's credentials, by name; what was sent has the name first."""
    shown = execute(box, "lives", path={"id": str(number)})["lives"]
    return {each["name"]: each for each in shown}


def marks(life: Any) -> list[tuple[str, int]]:
    """Return what happened to a credential, and by which entry."""
    return [(each["what"], each["id"]) for each in life["marks"]]


def advance(box: Sandbox, by: str) -> None:
    """Move the clock; that is an entry too."""
    execute(box, "advance_clock", body={"by": by})


def frozen(box: Sandbox) -> Sandbox:
    """Stop the clock at noon: that is entry 1."""
    execute(box, "freeze_clock", body={"at": "2026-11-20T12:00:00+08:00"})
    return box


def consented(box: Sandbox) -> str:
    """Consent to the web app as 小明; return the code."""
    asked = {"client_key": WEB.client_key, "scope": "user_info", "person": "小明"}
    code: str = execute(box, "authorize", body=asked)["code"]
    return code


def tokens_of(box: Sandbox, code: str) -> dict[str, Any]:
    """Exchange the code of a consent; return the tokens."""
    fields = {**WEB_CLIENT, "code": code, "grant_type": "authorization_code"}
    found: dict[str, Any] = post(box, "/oauth/access_token/", fields)["data"]
    return found


def refreshed(box: Sandbox, path: str, token: str) -> dict[str, Any]:
    """Send a refresh token."""
    fields = {**WEB_CLIENT, "refresh_token": token, "grant_type": "refresh_token"}
    found: dict[str, Any] = post(box, path, fields)["data"]
    return found


def test_a_login_code(box: Sandbox) -> None:
    """A code is issued by the phone and used once; the call that is asked about has its place."""
    frozen(box)
    code = phone(box, "login")["code"]
    advance(box, "5s")
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})

    life = lives(box, 5)["login_code"]
    assert marks(life) == [("issued", 2), ("used", 4), ("call", 5)]
    assert [each["time"][11:19] for each in life["marks"]] == ["12:00:00", "12:00:05", "12:00:05"]
    assert life["expires"] == "2026-11-20T12:05:00+08:00"
    assert (life["kind"], life["sent"], life["person"]) == ("code", True, "小明")
    assert life["head"] == f"{code[:4]}***"
    assert life["link"] == f"login:{PROGRAM.client_key}:小明:1"
    assert marks(lives(box, 4)["login_code"]) == [("issued", 2), ("used", 4)]


def test_a_code_that_was_not_used(box: Sandbox) -> None:
    """A refusal for another reason leaves a code unused; an expired one says when that was."""
    frozen(box)
    code = phone(box, "login")["code"]
    post(box, LOGIN, {**PROGRAM_LOGIN, "secret": "0" * 40, "code": code})
    assert marks(lives(box, 3)["login_code"]) == [("issued", 2), ("call", 3)]

    advance(box, "6m")
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})
    last = execute(box, "rows")["total"]
    life = lives(box, last)["login_code"]
    assert marks(life) == [("issued", 2), ("call", last)]
    assert life["expires"] < life["marks"][-1]["time"]


def test_a_code_whose_reply_was_lost(box: Sandbox) -> None:
    """A call whose reply a rule broke has used the code all the same."""
    frozen(box)
    code = phone(box, "login")["code"]
    execute(box, "add_rule", body={"on": "code_to_session", "fault": "reset", "times": 1})
    for _ in range(2):
        send(box, "POST", LOGIN, body=json.dumps({**PROGRAM_LOGIN, "code": code}).encode())
    used = marks(lives(box, 5)["login_code"])
    assert used == [("issued", 2), ("used", 4), ("call", 5)]


def test_a_session(box: Sandbox) -> None:
    """A session begins with the login; another login ends it."""
    frozen(box)
    for _ in range(2):
        post(box, LOGIN, {**PROGRAM_LOGIN, "code": phone(box, "login")["code"]})

    first, second = (lives(box, number)["session_key"] for number in (3, 5))
    assert marks(first) == [("issued", 2), ("call", 3), ("ended", 4)]
    assert first["expires"] is None
    assert marks(second) == [("issued", 4), ("call", 5)]
    assert second["expires"] == "2026-12-20T12:00:00+08:00"
    assert second["sent"] is False


@pytest.mark.parametrize("kind", ["client", "app"])
def test_a_token_of_an_app(box: Sandbox, kind: str) -> None:
    """A newer token supersedes one, and leaves it five minutes; the third ends it."""
    frozen(box)
    fetch = client_token if kind == "client" else app_token
    for _ in range(3):
        fetch(box)
        advance(box, "1s")

    first, second, third = (lives(box, number)[f"{kind}_token"] for number in (2, 4, 6))
    assert marks(first) == [("issued", 2), ("superseded", 4), ("ended", 6)]
    assert first["expires"] is None
    assert marks(second) == [("issued", 4), ("superseded", 6)]
    assert second["expires"] == "2026-11-20T12:05:02+08:00"
    assert marks(third) == [("issued", 6)]
    assert third["expires"] == "2026-11-20T14:00:02+08:00"


def test_a_user_token(box: Sandbox) -> None:
    """A user token is refreshed, and revoked with the consent that it comes from."""
    frozen(box)
    given = tokens_of(box, consented(box))
    number = execute(box, "rows")["total"]
    assert marks(lives(box, number)["auth_code"])[-1] == ("used", number)
    assert marks(lives(box, number)["user_token"]) == [("issued", number)]

    advance(box, "1d")
    refreshed(box, "/oauth/refresh_token/", given["refresh_token"])
    execute(box, "revoke", body={"client_key": WEB.client_key, "person": "小明"})
    post(
        box,
        "/oauth/userinfo/",
        {"access_token": given["access_token"], "open_id": given["open_id"]},
    )
    last = execute(box, "rows")["total"]
    life = lives(box, last)["user_token"]
    kinds = [("issued", number), ("refreshed", number + 2), ("revoked", number + 3)]
    assert marks(life) == [*kinds, ("call", last)]
    assert life["expires"] == "2026-12-06T12:00:00+08:00"


def test_a_refresh_token(box: Sandbox) -> None:
    """A renewed refresh token is over; its record is gone, but the journal tells by whom."""
    frozen(box)
    given = tokens_of(box, consented(box))
    number = execute(box, "rows")["total"]
    fields = {"client_key": WEB.client_key, "refresh_token": given["refresh_token"]}
    post(box, "/oauth/renew_refresh_token/", fields)

    life = lives(box, number)["refresh_token"]
    assert marks(life) == [("issued", number), ("ended", number + 1)]
    assert life["expires"] is None


def test_tickets(box: Sandbox) -> None:
    """An open ticket is superseded by each further one; a JS ticket stays the same."""
    frozen(box)
    token = client_token(box)
    for path in ("/open/getticket/", "/open/getticket/", "/js/getticket/", "/js/getticket/"):
        get(box, path, token=token)

    assert marks(lives(box, 3)["open_ticket"]) == [("issued", 3), ("superseded", 4)]
    assert marks(lives(box, 4)["open_ticket"]) == [("issued", 4)]
    assert marks(lives(box, 6)["js_ticket"]) == [("issued", 5), ("call", 6)]
    assert marks(lives(box, 6)["client_token"]) == [("issued", 2), ("call", 6)]


def test_what_is_not_known(box: Sandbox) -> None:
    """What the journal has no more is left out, not guessed."""
    frozen(box)
    execute(box, "change_settings", body={"journal_exchanges": 2})
    given = tokens_of(box, consented(box))
    for _ in range(3):
        advance(box, "1h")
        refreshed(box, "/oauth/refresh_token/", given["refresh_token"])
    last = execute(box, "rows")["total"]

    for life in lives(box, last).values():
        assert {each for each in marks(life) if each[0] == "issued"} <= {("issued", 4)}
    refreshes = [each for each in marks(lives(box, last)["user_token"]) if each[0] == "refreshed"]
    assert refreshes[-1] == ("refreshed", last)
    kept = {each["id"] for each in execute(box, "journal")["exchanges"]}
    assert (("issued", 4) in marks(lives(box, last)["user_token"])) == (4 in kept)
    assert execute(box, "lives", path={"id": str(last)})["now"] == "2026-11-20T15:00:00+08:00"


def test_what_has_no_credentials(box: Sandbox) -> None:
    """A call without any has no lives; an act is no exchange."""
    frozen(box)
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": "undefined"})
    assert lives(box, 2) == {}
    with pytest.raises(MockDouyinError, match="is an act"):
        lives(box, 1)
