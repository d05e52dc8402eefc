"""The sheets by which phones ask: what each shows, and how its call goes on with the answer."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import Language
from mockdouyin.phone import APIS
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.phone_waits import SheetWait
from tests.support.helpers import GAME, PROGRAM, phone, sandbox

CASHIERS = ("pay", "createOrder", "continueToPay")
ASKING = {name: api for name, api in APIS.items() if api.sheet and name not in CASHIERS}
"""The APIs that ask for a permission; cashiers, which need an order, have tests of their own."""
ARGS: dict[str, dict[str, Any]] = {"showDouyinOpenAuth": {"scopeList": ["user_info"]}}
DENIED: dict[str, dict[str, Any]] = {
    "requestSubscribeMessage": {"errMsg": "requestSubscribeMessage:ok"},
    "chooseAddress": {"errMsg": "chooseAddress:fail cancel", "errNo": 10502},
}


class Asked:
    """A sandbox whose phones ask, and which has threads to call them in."""

    def __init__(self, box: Sandbox, threads: ThreadPoolExecutor) -> None:
        self.box = box
        self.threads = threads
        execute(box, "add_rule", body={"on": "phone.*", "sheet": "ask", "id": "asks"})

    def call(self, api: str, answer: dict[str, Any], **args: Any) -> dict[str, Any]:
        """Call an API, answer its sheet, and return what the caller gets."""
        waiting = self.threads.submit(phone, self.box, api, **args)
        answered = execute(self.box, "answer_sheet", body={"timeout": 20, **answer})
        result = waiting.result()
        assert answered["result"] == result
        return result

    def sheet(self, api: str, *, lang: Language = "zh", **args: Any) -> dict[str, Any]:
        """Call an API, and return the sheet that it shows, which is denied then."""
        wait = call_phone(self.box.default, api, None, None, args)
        assert isinstance(wait, SheetWait)
        shown: dict[str, Any] = execute(self.box, "list_sheets", language=lang)["sheets"][0]
        execute(self.box, "answer_sheet", body={"allow": False})
        wait.finish()
        return shown


@pytest.fixture
def asked() -> Iterator[Asked]:
    """Yield a sandbox whose phones ask; everybody is logged in."""
    with ThreadPoolExecutor() as threads:
        box = sandbox()
        phone(box, "login")
        yield Asked(box, threads)


@pytest.mark.parametrize("api", ASKING)
def test_allowed_is_as_usual(asked: Asked, api: str) -> None:
    """Once the person has allowed, the call returns what it returns without a sheet."""
    plain = sandbox()
    phone(plain, "login")
    usual = phone(plain, api, **ARGS.get(api, {}))

    assert asked.call(api, {"allow": True}, **ARGS.get(api, {})) == usual


@pytest.mark.parametrize("api", ASKING)
def test_denied(asked: Asked, api: str) -> None:
    """Who denies has the call fail as its API's denial does; a subscription is rejected."""
    expected = DENIED.get(api, {"errMsg": f"{api}:fail auth deny", "errNo": 10502})

    denied = asked.call(api, {"allow": False}, **ARGS.get(api, {}))

    assert {name: denied.get(name) for name in expected} == expected
    if api == "requestSubscribeMessage":
        assert denied[PROGRAM.template] == "reject"


def test_any_other_failure(asked: Asked) -> None:
    """An answer may be any errNo, or a failure of the API by its name."""
    assert asked.call("getLocation", {"errNo": 4711}) == {
        "errMsg": "getLocation:fail 4711",
        "errNo": 4711,
    }
    refused = asked.call("getLocation", {"errNo": "system_permission_denied"})
    assert refused["errMsg"] == "getLocation:fail system permission denied"


def test_denied_by_a_rule() -> None:
    """`sheet: deny` denies at once; `sheet: allow` before it is as usual."""
    box = sandbox()
    execute(box, "add_rule", body={"on": "phone.getLocation", "sheet": "allow", "times": 1})
    execute(box, "add_rule", body={"on": "phone.*", "sheet": "deny"})

    assert phone(box, "getLocation")["errMsg"] == "getLocation:ok"
    assert phone(box, "getLocation")["errNo"] == 10502
    assert phone(box, "chooseAddress")["errMsg"] == "chooseAddress:fail cancel"
    assert phone(box, "login")["errMsg"] == "login:ok"


def test_nobody_is_asked_for_what_fails_anyway(asked: Asked) -> None:
    """Without a login, without a number, or with a template that is not there, no sheet opens."""
    execute(asked.box, "add_person", body={"name": "无号", "phone": ""})
    phone(asked.box, "login", person="无号")

    assert phone(asked.box, "getPhoneNumber", person="小红")["errMsg"].endswith("not login")
    assert phone(asked.box, "getPhoneNumber", person="无号")["errMsg"].endswith("no phone number")
    refused = phone(asked.box, "requestSubscribeMessage", tmplIds=["none"])
    assert refused["errNo"] == 21101
    kinds = [row["kind"] for row in execute(asked.box, "rows")["rows"]]
    assert "sheet.open" not in kinds


def test_what_a_sheet_shows(asked: Asked) -> None:
    """It names the app, the person and what is asked, in the language of whoever looks."""
    shown = asked.sheet("getPhoneNumber")

    assert (shown["api"], shown["app"]) == ("getPhoneNumber", PROGRAM.client_key)
    assert (shown["person"], shown["rule"]) == ("小明", "asks")
    assert shown["asks"] == "获取你的手机号"
    assert shown["details"] == {"phone": "138****8000"}
    assert shown["since"] == "2026-01-01T12:00:00+08:00"
    assert asked.sheet("getPhoneNumber", lang="en")["asks"] == "use your phone number"


def test_what_a_subscription_shows(asked: Asked) -> None:
    """Each template has its title and kind, and the answer may say something of each."""
    shown = asked.sheet("requestSubscribeMessage", tmplIds=[PROGRAM.template])

    assert [each["id"] for each in shown["details"]["templates"]] == [PROGRAM.template]
    assert shown["details"]["templates"][0]["kind"] == "one_time"
    assert (shown["takes"], shown["args"]) == (["answers"], {"tmplIds": [PROGRAM.template]})
    banned = asked.call("requestSubscribeMessage", {"answers": {PROGRAM.template: "ban"}})
    assert banned[PROGRAM.template] == "ban"


def test_what_a_consent_shows(asked: Asked) -> None:
    """A sheet for scopes says which are optional, and the answer which of them stay ticked."""
    args: dict[str, Any] = {"scopes": {"user_info": 0, "mobile": 1, "fans.list": 2}}
    shown = asked.sheet("showDouyinOpenAuth", **args)

    assert shown["details"]["scopes"] == [
        {"scope": "user_info", "optional": False, "ticked": True},
        {"scope": "mobile", "optional": True, "ticked": True},
        {"scope": "fans.list", "optional": True, "ticked": False},
    ]
    granted = asked.call("showDouyinOpenAuth", {"tick": ["fans.list"]}, **args)
    assert granted["grantPermissions"] == ["user_info", "fans.list"]


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"answers": {"x": "accept"}}, "takes no 'answers'"),
        ({"tick": ["a"]}, "takes no 'tick'"),
    ],
)
def test_an_answer_that_does_not_fit(asked: Asked, answer: dict[str, Any], says: str) -> None:
    """An answer with what the sheet does not ask is refused, and the sheet goes on waiting."""
    waiting = asked.threads.submit(phone, asked.box, "getLocation")
    with pytest.raises(MockDouyinError, match=says):
        execute(asked.box, "answer_sheet", body={"timeout": 20, **answer})

    execute(asked.box, "answer_sheet", body={"allow": True})
    assert waiting.result()["errMsg"] == "getLocation:ok"


def test_an_answer_with_a_wrong_word(asked: Asked) -> None:
    """A template is accepted, rejected or banned; anything else is told to whoever answers."""
    waiting = asked.threads.submit(phone, asked.box, "requestSubscribeMessage")
    wrong = {"answers": {PROGRAM.template: "yes"}}
    with pytest.raises(MockDouyinError, match="each is accept, reject or ban, not 'yes'"):
        execute(asked.box, "answer_sheet", body={"timeout": 20, **wrong})

    execute(asked.box, "answer_sheet", body={"allow": True})
    assert waiting.result()[PROGRAM.template] == "accept"


def test_a_sheet_of_a_game(asked: Asked) -> None:
    """Mini-games ask, too."""
    answered = asked.call("getLocation", {"allow": True}, app=GAME.client_key)

    assert answered["errMsg"] == "getLocation:ok"


@pytest.mark.parametrize("timeout", [-1, "soon", True, None, float("nan")])
def test_a_timeout_that_is_none(timeout: Any) -> None:
    """A call's `timeout` is a number of seconds."""
    with pytest.raises(MockDouyinError, match="timeout is a number of seconds"):
        phone(sandbox(), "getLocation", timeout=timeout)
