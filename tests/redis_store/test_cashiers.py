"""Cashiers where two replicas share a world: opened at one, paid, left or timed out at another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.domain.sheets import NoSheetError
from mockdouyin.redis_store import SharedSandbox
from tests.redis_store.conftest import Replica
from tests.support.ecpay import sign
from tests.support.helpers import PROGRAM, phone, post
from tests.support.threads import together
from tests.support.waiting import until

ROUNDS = 10

Pair = tuple[SharedSandbox, SharedSandbox]


@pytest.fixture
def pair(replica: Replica) -> Pair:
    """Return two replicas; callbacks have a receiver, and their clock stands still."""
    one, other = replica(), replica()
    payment = {"payment": {"notify_url": "https://shop.example.test/notify"}}
    execute(one, "change_app", path={"key": PROGRAM.client_key}, body=payment)
    return one, other


def ordered(box: Sandbox, number: str) -> str:
    """Make an order of 19.90 yuan as a backend does; return its number."""
    fields = {
        "app_id": PROGRAM.client_key,
        "out_order_no": number,
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
    }
    signed = {**fields, "sign": sign(fields, PROGRAM.payment.salt)}
    answer = post(box, "/api/apps/ecpay/v1/create_order", signed)
    assert answer["err_no"] == 0, answer
    return number


def asks(box: Sandbox) -> None:
    """Have the cashier wait for an answer."""
    execute(box, "add_rule", body={"on": "phone.pay", "sheet": "ask", "id": "asks"})


def sheets(box: Sandbox) -> list[dict[str, Any]]:
    """Return the sheets that wait."""
    found: list[dict[str, Any]] = execute(box, "list_sheets")["sheets"]
    return found


def orders(box: Sandbox) -> list[tuple[str, str, int]]:
    """Return each order's number, state and how many callbacks tell of it."""
    found = execute(box, "list_orders")["orders"]
    return [(each["out_order_no"], each["status"], len(each["callbacks"])) for each in found]


def test_a_cashier_is_paid_at_another_replica(pair: Pair) -> None:
    """A cashier that waits at one replica is seen and paid at the other; both know the order."""
    one, other = pair
    asks(other)
    ordered(one, "ORDER-1")
    with ThreadPoolExecutor() as threads:
        called = threads.submit(phone, one, "pay")
        until(lambda: sheets(other), "the cashier")
        assert sheets(other)[0]["details"]["cashier"]["out_order_no"] == "ORDER-1"
        execute(other, "answer_sheet", body={"way": "alipay"})

        assert called.result(timeout=20) == {"code": 0, "errMsg": "pay:ok"}
    for box in pair:
        assert orders(box) == [("ORDER-1", "SUCCESS", 1)]
        assert sheets(box) == []


def test_a_cashier_that_is_left_at_one_replica(pair: Pair) -> None:
    """Its call returns 9, the cashier stays on both replicas' phones, and any of them is paid."""
    one, other = pair
    asks(one)
    ordered(one, "ORDER-1")
    with ThreadPoolExecutor() as threads:
        called = threads.submit(phone, one, "pay")
        until(lambda: sheets(other), "the cashier")
        execute(other, "answer_sheet", body={"decision": "leave"})

        assert called.result(timeout=20)["code"] == 9
    assert [each["api"] for each in sheets(one)] == ["pay"]
    assert sheets(one) == sheets(other)
    assert orders(other) == [("ORDER-1", "PROCESSING", 0)]

    answered = execute(one, "answer_sheet", body={"allow": True})

    assert answered["result"]["code"] == 0
    for box in pair:
        assert orders(box) == [("ORDER-1", "SUCCESS", 1)]
        assert sheets(box) == []


def test_a_cashier_times_out_at_another_replica(pair: Pair) -> None:
    """The clock that one replica moves closes cashiers that wait or were left elsewhere."""
    one, other = pair
    ordered(one, "ORDER-1")
    assert phone(one, "pay", decision="leave")["code"] == 9
    asks(one)
    with ThreadPoolExecutor() as threads:
        called = threads.submit(phone, one, "pay", person="小红")
        until(lambda: len(sheets(other)) == 2, "the cashiers")
        execute(other, "advance_clock", body={"by": 901})

        assert called.result(timeout=20) == {"code": 1, "errMsg": "pay:ok"}
    for box in pair:
        assert sheets(box) == []
        assert orders(box) == [("ORDER-1", "TIMEOUT", 0)]


def test_an_order_is_paid_once(pair: Pair) -> None:
    """Who pays at a cashier that was left, at two replicas at once, pays once."""
    one, other = pair
    for round_ in range(1, ROUNDS + 1):
        number = ordered(one, f"ORDER-{round_}")
        assert phone(other, "pay", order=number, decision="leave")["code"] == 9
        [sheet] = sheets(one)
        results: list[str] = []

        def answer(box: Sandbox, number: int = sheet["id"], results: list[str] = results) -> None:
            try:
                execute(box, "answer_sheet", body={"allow": True, "id": number})
                results.append("paid")
            except NoSheetError:
                results.append("too late")

        together(*(lambda box=box: answer(box) for box in pair))

        assert sorted(results) == ["paid", "too late"]
        assert orders(other)[-1] == (number, "SUCCESS", 1)
        assert sheets(other) == []


def test_paid_at_one_replica_while_it_waits_at_another(pair: Pair) -> None:
    """A cashier whose order was paid elsewhere ends with code 3, and nothing is paid again."""
    one, other = pair
    asks(one)
    ordered(one, "ORDER-1")
    with ThreadPoolExecutor() as threads:
        called = threads.submit(phone, one, "pay")
        until(lambda: sheets(other), "the cashier")
        execute(other, "switch_rule", path={"id": "asks"}, body={"off": True})
        assert phone(other, "pay", person="小红")["code"] == 0
        execute(other, "answer_sheet", body={"allow": True})

        assert called.result(timeout=20) == {"code": 3, "errMsg": "pay:ok"}
    assert orders(one) == [("ORDER-1", "SUCCESS", 1)]
