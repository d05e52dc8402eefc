"""Login codes: once, in time, for their app; and what a code from elsewhere meets."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Sandbox
from tests.support.helpers import GAME_LOGIN, PROGRAM_LOGIN, open_sealed, phone, post, sandbox

LOGIN = "/api/apps/v2/jscode2session"
STRANGE = "real-phone-" + "x" * 112


def exchange(box: Sandbox, login: dict[str, str] = PROGRAM_LOGIN, **codes: str) -> Any:
    """Exchange codes."""
    return post(box, LOGIN, {**login, **codes})


def refused(box: Sandbox, number: int, login: dict[str, str] = PROGRAM_LOGIN, **codes: str) -> str:
    """Have an exchange refused with this number; give the reason."""
    assert exchange(box, login, **codes)["err_no"] == number
    return list(box.default.journal)[-1].why.render("en")


def test_a_code_works_once() -> None:
    """The second exchange of a code is refused, of an anonymous one too."""
    box = sandbox()
    codes = phone(box, "login")
    both = {"code": codes["code"], "anonymous_code": codes["anonymousCode"]}

    data = exchange(box, **both)["data"]

    assert data["openid"] != data["anonymous_openid"]
    used = "the code was already used; it works once"
    assert refused(box, 40018, code=codes["code"]) == used
    assert refused(box, 40019, anonymous_code=codes["anonymousCode"]) == used


@pytest.mark.parametrize(("setting", "lives"), [({}, "5m"), ({"login_code_lifetime": "3m"}, "3m")])
def test_a_code_lives_five_minutes(setting: dict[str, str], lives: str) -> None:
    """A code is good until its life is over: five minutes, or as set."""
    box = sandbox(settings=setting)
    seconds = int(lives[0]) * 60
    first, second = phone(box, "login")["code"], phone(box, "login")["code"]

    box.default.clock.advance(seconds - 1)
    assert exchange(box, code=first)["err_no"] == 0
    box.default.clock.advance(61)
    assert refused(box, 40018, code=second) == f"the code expired 1m ago; it lives {lives}"


def test_a_code_is_its_apps() -> None:
    """A code of another app is a bad one."""
    box = sandbox()
    code = phone(box, "login")["code"]

    assert refused(box, 40018, GAME_LOGIN, code=code).startswith("the code was made for app 'tt")
    assert exchange(box, code=code)["err_no"] == 0


def test_a_code_is_what_it_was_given_as() -> None:
    """A code sent as anonymous_code is told as that, and the reverse."""
    box = sandbox()
    codes = phone(box, "login")

    assert refused(box, 40019, anonymous_code=codes["code"]) == (
        "tt.login gave it as code, it was sent as anonymous_code"
    )
    assert refused(box, 40018, code=codes["anonymousCode"]) == (
        "tt.login gave it as anonymous_code, it was sent as code"
    )


def test_a_refused_exchange_uses_nothing_up() -> None:
    """Where one of two codes is bad, or the secret is, the other is as good as before."""
    box = sandbox()
    code = phone(box, "login")["code"]

    refused(box, 40019, code=code, anonymous_code="bad")
    refused(box, 40017, {**PROGRAM_LOGIN, "secret": "bad"}, code=code)

    assert exchange(box, code=code)["err_no"] == 0


def test_a_code_from_elsewhere() -> None:
    """A code that was never issued here is refused, with the flag that would admit it."""
    box = sandbox()

    flag = "; codes of a real phone are admitted by `serve --accept-unknown`"
    assert refused(box, 40018, code="short") == (
        f"it was not issued by world 'default', and has not the form of a code of tt.login{flag}"
    )
    assert refused(box, 40018, code=STRANGE) == (
        "it was not issued by world 'default' nor by another that lives here: it is Douyin's own,"
        f" or of a world that ended{flag}"
    )


def strangers(**more: Any) -> Sandbox:
    """Make a sandbox that admits unknown codes."""
    return sandbox(settings={"unknown_codes": "accept", **more})


def test_a_strange_code_logs_in_the_first_person() -> None:
    """Where unknown codes are accepted, one logs in the first person, once."""
    box = strangers()
    known = exchange(box, code=phone(box, "login")["code"])["data"]

    data = exchange(box, code=STRANGE)["data"]

    assert (data["openid"], data["unionid"]) == (known["openid"], known["unionid"])
    assert data["session_key"] != known["session_key"]
    assert refused(box, 40018, code=STRANGE) == "the code was already used; it works once"
    box.default.clock.advance(301)
    assert exchange(box, code=STRANGE)["err_no"] == 0


def test_a_strange_code_seals_from_then_on() -> None:
    """What the phone hands out after a strange login opens with that login's key."""
    box = strangers()

    key = exchange(box, code=STRANGE)["data"]["session_key"]
    detail = phone(box, "getPhoneNumber")["detail"]

    assert b"13800138000" in open_sealed(key, detail["iv"], detail["encryptedData"])


def test_a_strange_anonymous_code_is_no_login() -> None:
    """An unknown anonymous code gives an anonymous_openid, and makes no session."""
    box = strangers()

    data = exchange(box, anonymous_code=STRANGE)["data"]

    assert data["anonymous_openid"]
    assert (data["openid"], data["session_key"]) == ("", "")
    assert phone(box, "checkSession")["errNo"] == 113101


def test_no_strange_code_has_the_key_of_a_login() -> None:
    """An unknown code that looks like one of our counts gets a key of its own."""
    box = strangers()
    keys = [exchange(box, code=phone(box, "login")["code"])["data"]["session_key"]]
    keys += [exchange(box, code=code)["data"]["session_key"] for code in ("1", "2", "reset")]

    assert len(set(keys)) == 4


def test_a_code_of_ours_is_never_a_strangers() -> None:
    """A code that was issued here and is long dead stays dead, though strangers are welcome."""
    box = strangers()
    code = phone(box, "login")["code"]
    box.default.clock.advance(86400)
    for _ in range(3):
        phone(box, "login", person="小红")

    assert exchange(box, code=code)["err_no"] == 40018
