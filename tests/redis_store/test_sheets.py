"""Sheets where several replicas share a world: one has the caller, another one the answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.domain.sheets import NoSheetError
from mockdouyin.sandbox.phone_calls import call_phone
from mockdouyin.sandbox.phone_waits import SheetWait
from mockdouyin.server.serving import ThreadedServer
from tests.redis_store.conftest import Replica
from tests.support.helpers import phone
from tests.support.threads import together
from tests.support.waiting import until

ROUNDS = 10


def test_any_replica_answers(replica: Replica) -> None:
    """A call waits at one replica; another lists its sheet and answers it."""
    one, other = replica(), replica()
    execute(one, "add_rule", body={"on": "phone.*", "sheet": "ask"})
    with ThreadedServer(one) as server, ThreadPoolExecutor() as threads:
        called = threads.submit(
            httpx.post, f"{server.url}/_mock/phone/requestSubscribeMessage", timeout=30
        )
        until(lambda: execute(other, "list_sheets")["sheets"], "the sheet")
        [sheet] = execute(other, "list_sheets")["sheets"]
        assert sheet == execute(one, "list_sheets")["sheets"][0]
        answered = execute(other, "answer_sheet", body={"allow": True, "id": sheet["id"]})

        assert called.result(timeout=20).json() == answered["result"]
    assert execute(one, "list_sheets")["sheets"] == execute(other, "list_sheets")["sheets"] == []


def test_an_answer_waits_for_a_sheet_of_another_replica(replica: Replica) -> None:
    """Whoever waits for a sheet to open hears of one that opens elsewhere."""
    one, other = replica(), replica()
    execute(one, "add_rule", body={"on": "phone.*", "sheet": "ask"})
    with ThreadPoolExecutor() as threads:
        answered = threads.submit(
            execute, other, "answer_sheet", body={"allow": False, "timeout": 20}
        )
        located = threads.submit(phone, one, "getLocation")

        assert located.result(timeout=20)["errNo"] == 10502
        assert answered.result(timeout=20)["api"] == "getLocation"


def test_of_two_answers_one_counts(replica: Replica) -> None:
    """Where two replicas answer one sheet at once, the call is carried out once."""
    one, *others = boxes = [replica() for _ in range(3)]
    execute(one, "add_rule", body={"on": "phone.*", "sheet": "ask"})
    for round_ in range(1, ROUNDS + 1):
        waits = call_phone(one.default, "getLocation", None, None, {})
        assert isinstance(waits, SheetWait)
        results: list[str] = []

        def answer(box: Sandbox, results: list[str] = results) -> None:
            try:
                execute(box, "answer_sheet", body={"allow": True})
                results.append("answered")
            except NoSheetError:
                results.append("too late")

        together(*(lambda box=box: answer(box) for box in others))

        assert waits.finish()["errMsg"] == "getLocation:ok"
        assert sorted(results) == ["answered", "too late"]
        kinds = [row["kind"] for row in execute(boxes[0], "rows")["rows"]]
        assert kinds.count("phone.getLocation") == kinds.count("sheet.answer") == round_


def test_a_reset_elsewhere_ends_the_wait(replica: Replica) -> None:
    """A world that is reset at one replica releases who waits at another."""
    one, other = replica(), replica()
    execute(one, "add_rule", body={"on": "phone.*", "sheet": "ask"})
    with ThreadPoolExecutor() as threads:
        located = threads.submit(phone, one, "getLocation")
        until(lambda: execute(other, "list_sheets")["sheets"], "the sheet")
        execute(other, "reset")

        assert "the world was reset" in str(located.exception(timeout=20))
