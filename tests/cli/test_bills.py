"""`bills`: what bills sum up to, and one of them as CSV."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from mockdouyin.server.serving import ThreadedServer
from tests.cli.conftest import complaint_of, invoke, json_of, lines_of
from tests.endpoints.calls import Scene
from tests.endpoints.calls_merchant import queried, withdrawn
from tests.endpoints.calls_payment import DONE, RECEIVER, ordered, paid, refunded, settled, sharing
from tests.support.helpers import PROGRAM


@pytest.fixture
def scene(server: ThreadedServer) -> Scene:
    """Return the server's world, at noon on New Year's Eve 2027 in Beijing."""
    made = Scene(server.sandbox)
    server.sandbox.default.clock.freeze(1_830_225_600.0)
    return made


def of(kind: str, *args: str) -> dict[str, Any]:
    """Return one bill as JSON."""
    [bill] = json_of("bills", kind, *args, "--json")["bills"]
    found: dict[str, Any] = bill
    return found


def trade(scene: Scene) -> str:
    """Pay two orders, refund a part of one and settle the rest with a share; return its number."""
    ordered(scene, "NEVER-PAID")
    paid(scene, "OTHER", total_amount=5)
    number = paid(scene, "ORDER-1", total_amount=1990)
    refunded(scene, number)
    settled(scene, number, settle_params=sharing((RECEIVER, 300)))
    scene.advance(DONE)
    withdrawn(scene, "W-1", 400)
    return number


def test_sums(scene: Scene) -> None:
    """Each bill has its rows, and the sums of those that succeeded."""
    trade(scene)

    result = invoke("bills", "--date", "20271231")

    head, *rows = (line.split() for line in result.stdout.splitlines())
    assert head[:3] == ["bill", "rows", "succeeded"]
    assert rows == [
        ["payment", "2", "2", "订单金额", "19.95"],
        ["settle", "1", "1", *["订单金额", "19.90", "技术服务费", "0.11", "抽佣金额", "0.00"]],
        ["refund", "1", "1", *["订单金额", "19.90", "退款金额", "1.90"]],
        ["return", "0", "0", "回退金额", "0.00"],
        ["withdraw", "1", "0", "提现金额", "0.00"],
        ["funds", "2", "2", "收支金额", "10.89"],
    ]
    assert result.stderr.startswith(f"{PROGRAM.client_key}, 20271231, production")
    scene.advance(DONE)
    assert of("withdraw")["sums"] == {"提现金额": 400}


def test_one_as_csv(scene: Scene) -> None:
    """A bill that is named prints as the platform sends it, by today's date if none is given."""
    trade(scene)

    printed = invoke("bills", "payment").stdout

    query = {"merchant_id": PROGRAM.payment.merchant_uid, "bill_type": "payment"}
    asked = queried(scene, "/api/apps/bills", bill_date="20271231", **query)
    assert printed.encode() == scene.send(asked).body
    assert [row["订单号"] for row in csv.DictReader(printed.splitlines())] == ["OTHER", "ORDER-1"]


def test_whose_and_when(scene: Scene) -> None:
    """A month, a merchant, an environment and an app have bills of their own."""
    trade(scene)

    assert of("payment", "--date", "202712")["rows"] == 2
    assert of("payment", "--date", "20271230")["rows"] == 0
    assert of("payment", "--environment", "sandbox")["rows"] == 0
    assert of("payment", "--merchant", "72222222222222222222")["rows"] == 0
    assert of("funds", "--merchant", RECEIVER)["sums"] == {"收支金额": 300}
    assert of("payment", "--app", "mini_game")["rows"] == 0
    scene.set(payment_environment="sandbox")
    paid(scene, total_amount=7)
    assert of("payment")["sums"] == {"订单金额": 7}


def test_what_failed_is_not_summed_up(scene: Scene) -> None:
    """A withdrawal that failed is on the bill, and not in its sum."""
    settled(scene, paid(scene, total_amount=1990))
    scene.advance(DONE)
    rule = "{on: merchant_withdraw, happens: withdraw_fails, times: 1}"
    assert invoke("rule", "add", rule).exit_code == 0
    withdrawn(scene, "FAILS", 400)
    withdrawn(scene, "SUCCEEDS", 30)
    scene.advance(DONE)

    bill = of("withdraw")

    assert (bill["rows"], bill["succeeded"], bill["sums"]) == (2, 1, {"提现金额": 30})


def test_what_an_order_costs_counts_once(scene: Scene) -> None:
    """Refunded twice and settled twice, it is in each sum as it was paid; the parts add up."""
    number = paid(scene, "ORDER-1", total_amount=1990)
    paid(scene, "ORDER-2", total_amount=100)
    for amount in (100, 90):
        refunded(scene, number, refund_amount=amount)
    settled(scene, number, settle_params=sharing((RECEIVER, 300)), finish="false")
    scene.advance(DONE)
    settled(scene, number, settle_params="")
    settled(scene, "ORDER-2", settle_params="")
    scene.advance(DONE)

    refunds, settlements = of("refund"), of("settle")

    assert (refunds["rows"], refunds["sums"]) == (2, {"订单金额": 1990, "退款金额": 190})
    assert (settlements["rows"], settlements["sums"]["订单金额"]) == (3, 2090)


def test_chinese_and_mistakes(scene: Scene) -> None:
    """The table speaks Chinese too; what is no date and no app is refused."""
    assert lines_of("bills", "--lang", "zh")[0].split()[:3] == ["账单", "笔数", "成功"]
    for date in ("yesterday", "20271301", "2027", "٢٠٢٧١٢"):
        assert "date should be yyyyMMdd or yyyyMM" in complaint_of("bills", "--date", date)
    assert "no app 'nobody'" in complaint_of("bills", "--app", "nobody")
