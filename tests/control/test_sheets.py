"""Sheets that wait: who answers them, what ends them, and what is left of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from typing import Any

import httpx
import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.control.client import LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.domain import sheets as domain
from mockdouyin.persistence.state_dump import dump
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.phone_waits import SheetWait
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import phone, sandbox
from tests.support.waiting import until

MANY = 80
"""Calls that wait at once; a server has 40 threads."""


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Yield threads in which calls wait."""
    with ThreadPoolExecutor(16) as pool:
        yield pool


def ask(box: Sandbox, **rule: Any) -> None:
    """Have phones ask."""
    execute(box, "add_rule", body={"on": "phone.*", "sheet": "ask", **rule})


def opened(box: Sandbox, api: str = "getLocation", person: str = "小明", **args: Any) -> SheetWait:
    """Open a sheet for which nobody waits yet."""
    called = call_phone(box.default, api, None, person, args)
    assert isinstance(called, SheetWait)
    return called


def waiting(box: Sandbox, **query: str) -> list[dict[str, Any]]:
    """Return the sheets that wait."""
    found: list[dict[str, Any]] = execute(box, "list_sheets", query=query)["sheets"]
    return found


def told(box: Sandbox) -> list[tuple[str, str]]:
    """Return the acts of phones and sheets, with their verdicts."""
    rows = execute(box, "rows")["rows"]
    return [(r["kind"], r["verdict"]) for r in rows if r["kind"].startswith(("phone.", "sheet."))]


def refused(done: Future[Any]) -> tuple[int, str]:
    """Return the status and the words with which a call was refused."""
    error = done.exception(timeout=20)
    assert isinstance(error, MockDouyinError), error
    return error.status, str(error)


def test_both_clients(threads: ThreadPoolExecutor, box: Sandbox) -> None:
    """A call waits in process and over HTTP, and either may answer the other."""
    ask(box)
    with ThreadedServer(box) as server, closing(HttpControl(server.url)) as far:
        near = LocalControl(box)
        for caller, answerer in ((near, far), (far, near), (far, far), (near, near)):
            located = threads.submit(caller.operation, "phone", path={"api": "getLocation"})
            answered = answerer.operation("answer_sheet", body={"allow": True, "timeout": 20})

            assert located.result(timeout=20) == answered["result"]
            assert answered["result"]["errMsg"] == "getLocation:ok"
    assert waiting(box) == []


def test_the_oldest_comes_first(box: Sandbox) -> None:
    """The list has the sheets in the order in which they opened, also those of one person."""
    ask(box)
    waits = [opened(box, person=name) for name in ("小红", "小明", "小红")]

    assert [each["id"] for each in waiting(box)] == [each.sheet.number for each in waits]
    assert [each["person"] for each in waiting(box, person="小红")] == ["小红", "小红"]


def test_which_sheet_is_meant(box: Sandbox) -> None:
    """The only sheet needs no name, nor the only one of a person; of several an id says which."""
    ask(box)
    with pytest.raises(MockDouyinError, match="no sheet waits for an answer in world default"):
        execute(box, "answer_sheet", body={"allow": True})
    first, second, third = (opened(box, person=name) for name in ("小明", "小红", "小红"))

    with pytest.raises(
        MockDouyinError, match=r"3 sheets wait: #\d+ getLocation \(小明\), #"
    ) as error:
        execute(box, "answer_sheet", body={"allow": True})
    assert error.value.status == 409
    with pytest.raises(MockDouyinError, match="2 sheets wait"):
        execute(box, "answer_sheet", body={"allow": True, "person": "小红"})
    with pytest.raises(MockDouyinError, match="no sheet waits on the phone of 老王; these wait"):
        execute(box, "answer_sheet", body={"allow": True, "person": "老王"})
    with pytest.raises(MockDouyinError, match="no person '小名'"):
        execute(box, "answer_sheet", body={"allow": True, "person": "小名"})
    answered = execute(box, "answer_sheet", body={"allow": True, "id": third.sheet.number})
    assert answered["id"] == third.sheet.number
    assert execute(box, "answer_sheet", body={"allow": True, "person": "小红"})["person"] == "小红"
    assert execute(box, "answer_sheet", body={"allow": False})["id"] == first.sheet.number
    with pytest.raises(MockDouyinError, match=f"no sheet #{second.sheet.number} waits"):
        execute(box, "answer_sheet", body={"allow": True, "id": second.sheet.number})


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({}, "an answer is allow: true, allow: false, or an errNo"),
        ({"allow": True, "errNo": 1}, "allow and errNo exclude one another"),
        ({"allow": False, "answers": {}}, "answers: only a person who allows decides more"),
        ({"allowed": True}, "did you mean allow"),
    ],
)
def test_a_bad_answer(answer: dict[str, Any], says: str) -> None:
    """An answer that contradicts itself, or says nothing, is refused."""
    with pytest.raises(MockDouyinError, match=says):
        execute(sandbox(), "answer_sheet", body=answer)


def test_answered_once(threads: ThreadPoolExecutor, box: Sandbox) -> None:
    """Of many who answer at once one succeeds, and the call is carried out once."""
    ask(box)
    waits = opened(box)
    number = waits.sheet.number
    start = threading.Barrier(8)

    def answer() -> str:
        start.wait()
        try:
            execute(box, "answer_sheet", body={"allow": True, "id": number})
        except MockDouyinError as error:
            return str(error)
        return ""

    says = [each.result() for each in [threads.submit(answer) for _ in range(8)]]

    assert says.count("") == 1
    assert told(box).count(("phone.getLocation", "ok")) == 1
    assert waits.finish()["errMsg"] == "getLocation:ok"


def test_everything_is_done_when_the_answer_returns(box: Sandbox) -> None:
    """An answer carries the call out: a subscription counts at once, and the journal has it."""
    ask(box)
    opened(box, "requestSubscribeMessage")
    execute(box, "answer_sheet", body={"allow": True})

    assert told(box) == [
        ("sheet.open", "ok"),
        ("sheet.answer", "ok"),
        ("phone.requestSubscribeMessage", "ok"),
    ]


def test_an_answer_that_comes_at_the_last_moment_counts(box: Sandbox) -> None:
    """A call whose time is over gets the answer that was given all the same."""
    ask(box)
    waits = opened(box)
    execute(box, "answer_sheet", body={"allow": False})

    assert waits.finish()["errNo"] == 10502
    assert waiting(box) == []


def test_nobody_answers(box: Sandbox) -> None:
    """A call that nobody answers is a 408 that says what it waited for, and its sheet closes."""
    ask(box)
    with pytest.raises(MockDouyinError, match="小明 did not answer sheet #") as error:
        execute(box, "phone", path={"api": "getLocation"}, body={"timeout": 0.01})

    assert error.value.status == 408
    assert "tt.getLocation" in str(error.value)
    assert waiting(box) == []
    assert told(box) == [("sheet.open", "ok"), ("sheet.close", "refused")]


def test_the_answer_waits_for_its_sheet(threads: ThreadPoolExecutor, box: Sandbox) -> None:
    """With a timeout an answer waits for a sheet of its person; another's does not do."""
    ask(box)
    answered = threads.submit(
        execute, box, "answer_sheet", body={"allow": True, "person": "小红", "timeout": 20}
    )
    opened(box, person="小明")
    opened(box, person="小红")

    assert answered.result(timeout=20)["person"] == "小红"
    with pytest.raises(MockDouyinError, match="no sheet waits on the phone of 小红"):
        execute(box, "answer_sheet", body={"allow": True, "person": "小红", "timeout": 0.01})


@pytest.mark.parametrize("how", ["reset", "restore_snapshot"])
def test_a_reset_ends_the_wait(threads: ThreadPoolExecutor, how: str) -> None:
    """A world that is reset, or restored, has no sheets, and whoever waits is told at once."""
    box = sandbox()
    ask(box)
    snapshot = execute(box, "take_snapshot")["snapshot"]
    located = threads.submit(phone, box, "getLocation")
    until(lambda: waiting(box), "the sheet")
    execute(box, how, path={"id": snapshot} if how == "restore_snapshot" else {})

    status, says = refused(located)
    assert status == 409
    assert "the world was reset or restored" in says
    assert waiting(box) == []


def test_a_reset_over_any_store_ends_the_wait(threads: ThreadPoolExecutor, box: Sandbox) -> None:
    """So it is with worlds in Redis."""
    ask(box)
    located = threads.submit(phone, box, "getLocation")
    until(lambda: waiting(box), "the sheet")
    execute(box, "reset")

    assert refused(located)[0] == 409


def test_the_end_of_the_world_ends_the_wait(threads: ThreadPoolExecutor, box: Sandbox) -> None:
    """Whoever waits in a world that is dropped is told that it has ended."""
    name = execute(box, "create_world")["world"]
    execute(box, "add_rule", world=name, body={"on": "phone.*", "sheet": "ask"})
    located = threads.submit(execute, box, "phone", world=name, path={"api": "getLocation"})
    until(lambda: execute(box, "list_sheets", world=name)["sheets"], "the sheet")
    execute(box, "drop_world", world=name)

    assert refused(located) == (404, f"world {name!r} has ended")


def test_a_snapshot_has_no_sheet() -> None:
    """A sheet that waited when a snapshot was taken does not come back with it."""
    box = sandbox()
    ask(box)
    opened(box)
    snapshot = execute(box, "take_snapshot")["snapshot"]
    kept = dump(box).worlds[0].records
    execute(box, "answer_sheet", body={"allow": True})
    execute(box, "restore_snapshot", path={"id": snapshot})

    assert waiting(box) == []
    assert domain.WaitingSheet not in kept


def test_a_world_takes_so_many(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the limit a call is refused, and counts in no rule; after an answer there is room."""
    monkeypatch.setattr(domain, "MAX_SHEETS", 2)
    ask(box, id="asks")
    opened(box), opened(box, person="小红")
    with pytest.raises(MockDouyinError, match="2 sheets wait in world 'default', and it takes no"):
        opened(box)
    assert execute(box, "rules")["rules"][0]["hits"] == 2

    execute(box, "answer_sheet", body={"allow": True, "person": "小红"})
    assert phone(box, "login")["errMsg"] == "login:ok"


def test_what_is_left_over_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sheet whose caller has died is listed no more once its time is over, and takes no room."""
    box = sandbox()
    monkeypatch.setattr(domain, "MAX_SHEETS", 1)
    ask(box)
    opened(box, timeout=0)
    assert len(waiting(box)) == 1
    real = box.default.clock.real_time()
    monkeypatch.setattr(box.default.clock, "real_time", lambda: real + domain.GRACE + 1)

    assert waiting(box) == []
    assert opened(box).sheet.number == waiting(box)[0]["id"]


def test_frozen_time_is_not_waited_in(box: Sandbox) -> None:
    """The wait is in real time: a clock that stands still or is moved does not end it."""
    ask(box)
    execute(box, "freeze_clock")
    opened(box)
    execute(box, "advance_clock", body={"by": "15d"})

    assert len(waiting(box)) == 1


def test_many_wait_in_no_thread(box: Sandbox) -> None:
    """Calls that wait hold no thread and no lock: others are answered, and change the world."""
    ask(box)
    with (
        ThreadedServer(box) as server,
        ThreadPoolExecutor(MANY) as callers,
        httpx.Client(base_url=server.url, timeout=30) as http,
    ):
        path, given = "/_mock/phone/getLocation", {"timeout": 60}
        calls = [callers.submit(http.post, path, json=given) for _ in range(MANY)]
        until(lambda: len(waiting(box)) == MANY, "more calls than a server has threads")

        assert http.post("/_mock/clock/advance", json={"by": "5m"}).status_code == 200
        for each in waiting(box):
            execute(box, "answer_sheet", body={"allow": True, "id": each["id"]})
        assert {each.result(timeout=30).status_code for each in calls} == {200}


def test_a_caller_that_goes_closes_its_sheet(box: Sandbox) -> None:
    """When the client hangs up, the sheet closes, and the journal says so."""
    ask(box)
    with ThreadedServer(box) as server:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{server.url}/_mock/phone/getLocation", timeout=0.3)
        until(lambda: ("sheet.close", "refused") in told(box), "the end of the sheet")

    assert waiting(box) == []
    assert box.default.journal.listeners == []


def test_a_stop_ends_the_wait(threads: ThreadPoolExecutor, box: Sandbox) -> None:
    """A server that stops answers those who wait, and leaves no sheet."""
    ask(box)
    server = ThreadedServer(box).start()
    called = threads.submit(httpx.post, f"{server.url}/_mock/phone/getLocation", timeout=30)
    until(lambda: waiting(box), "the sheet")
    server.stop()

    assert called.result(timeout=20).status_code == 408
    assert waiting(box) == []


def test_the_story(box: Sandbox) -> None:
    """Sheet, answer and result are one story with the login that the call depends on."""
    phone(box, "login")
    ask(box)
    opened(box, "getPhoneNumber")
    execute(box, "answer_sheet", body={"allow": True})
    opened(box, "getLocation")
    execute(box, "answer_sheet", body={"allow": False})
    opened(box, "requestSubscribeMessage")
    execute(box, "answer_sheet", body={"allow": True})

    opened(box, "showDouyinOpenAuth", scopeList=["user_info"])
    execute(box, "answer_sheet", body={"allow": True})

    stories = execute(box, "stories")["stories"]
    assert [(each["kind"], [step["act"] for step in each["steps"]]) for each in stories] == [
        ("login", ["phone.login", "sheet.open", "sheet.answer", "phone.getPhoneNumber"]),
        ("phone", ["sheet.open", "sheet.answer", "phone.getLocation"]),
        ("subscription", ["sheet.open", "sheet.answer", "phone.requestSubscribeMessage"]),
        ("consent", ["sheet.open", "sheet.answer", "phone.showDouyinOpenAuth"]),
    ]
    assert [each["verdict"] for each in stories] == ["ok", "refused", "ok", "ok"]


def test_a_page_asks_but_does_not_answer(server: ThreadedServer) -> None:
    """A page of another port may call a phone, and may not answer for the person."""
    heads = {"origin": "http://127.0.0.1:5173"}

    asked = httpx.post(f"{server.url}/_mock/phone/getLocation", json={}, headers=heads)
    answered = httpx.post(f"{server.url}/_mock/phone/answer", json={"allow": True}, headers=heads)
    assert (asked.status_code, answered.status_code) == (200, 403)
