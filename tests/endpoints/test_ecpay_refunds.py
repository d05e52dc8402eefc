"""Refunds of guaranteed payment: what is accepted, what comes of it, and what is told."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import Rule
from mockdouyin.core.clock import DAY
from mockdouyin.domain.effects import Effect
from mockdouyin.domain.payment_callbacks import is_signed
from mockdouyin.sandbox.deliveries import listed
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import (
    DONE,
    REFUND_NOTIFY,
    balance,
    operation,
    ordered,
    paid,
    refunded,
    settled,
    told,
)


def found(scene: Scene, number: str) -> Any:
    """Return a refund as it is queried."""
    return operation(scene, "query_refund", out_refund_no=number)["refundInfo"]


def answer(scene: Scene, order: str, number: str = "R-1", amount: int = 190, **more: Any) -> Any:
    """Ask for a refund; return the answer."""
    fields = {"out_order_no": order, "out_refund_no": number, "refund_amount": amount}
    return operation(scene, "create_refund", reason="不想要了", **fields, **more)


def last_why(scene: Scene) -> str:
    """Return why the last call was refused."""
    return list(scene.world.journal)[-1].why.render("en")


def test_a_refund_is_under_way_and_then_done() -> None:
    """It is PROCESSING for a second, without a time; then it succeeded, with it."""
    scene = Scene()
    number = refunded(scene, cp_extra="x")

    before = found(scene, number)
    scene.advance(1)
    after = found(scene, number)

    assert (before["refund_status"], before["refunded_at"], before["msg"]) == ("PROCESSING", 0, "")
    assert after == {**before, "refund_status": "SUCCESS", "refunded_at": 1767240001}
    assert (after["refund_amount"], after["is_all_settled"], after["cp_extra"]) == (
        190,
        False,
        "x",
    )


def test_how_long_it_takes_is_a_setting() -> None:
    """A world whose refunds take a day answers PROCESSING until then."""
    scene = Scene()
    scene.set(refund_takes=DAY)
    number = refunded(scene)

    scene.advance(DAY - 1)
    early = found(scene, number)
    scene.advance(1)

    assert early["refund_status"] == "PROCESSING"
    assert found(scene, number)["refund_status"] == "SUCCESS"


def test_the_callback_tells_of_it_when_it_is_done() -> None:
    """It goes to the request's address, signed by the Token, due when the refund is done."""
    scene = Scene()
    order = paid(scene)
    number = refunded(scene, order)

    delivery, content = told(scene, "ecpay_refund")[-1]

    assert (delivery.url, delivery.due) == (REFUND_NOTIFY, scene.world.clock.now() + 1)
    assert is_signed(delivery.body, scene.app("mini_program").payment.token)
    assert content == {
        "appid": scene.app("mini_program").client_key,
        "cp_refundno": number,
        "cp_extra": "",
        "status": "SUCCESS",
        "refund_amount": 190,
        "is_all_settled": False,
        "refunded_at": 1767240001,
        "message": "",
        "order_id": operation(scene, "query_order", out_order_no=order)["order_id"],
        "refund_no": found(scene, number)["refund_no"],
    }


def test_the_same_number_again_is_the_first_refund() -> None:
    """Whatever else is sent, its number is returned and no money moves again."""
    scene = Scene()
    order = paid(scene)
    first = answer(scene, order)

    again = answer(scene, paid(scene, "OTHER"), amount=5)

    assert again == first
    for each, left in ((order, 1800), ("OTHER", 1990)):
        shown = operation(scene, "unsettle_amount", out_order_no=each)["data"]
        assert shown["unsettle_amount"] == left


@pytest.mark.parametrize(("amount", "left"), [(1801, 1800), (1991, 1990)])
def test_no_more_is_given_back_than_was_paid(amount: int, left: int) -> None:
    """Refunds may not exceed the payment together; what is left can still be refunded."""
    scene = Scene()
    order = paid(scene)
    if left < 1990:
        answer(scene, order, "R-0")

    refused = answer(scene, order, amount=amount)

    assert (refused["err_no"], refused["err_tips"]) == (2010, "参数错误")
    assert f"{left} fen of order" in last_why(scene)
    assert answer(scene, order, "R-2", amount=left)["err_no"] == 0


@pytest.mark.parametrize(("way", "most"), [("wx", 50), ("alipay", 300), ("douyin", 50)])
def test_an_order_is_refunded_in_parts_so_often(way: str, most: int) -> None:
    """WeChat allows 50 refunds of an order, Alipay 300."""
    scene = Scene()
    order = paid(scene, way=way)
    for number in range(most):
        assert answer(scene, order, f"R-{number}", amount=1)["err_no"] == 0

    assert answer(scene, order, "ONE-MORE", amount=1)["err_no"] == 2010
    assert f"refunded {most} times" in last_why(scene)


def test_a_year_after_the_payment_it_is_too_late() -> None:
    """On day 365 a refund is accepted, and a second later refused."""
    scene = Scene()
    order = paid(scene)
    scene.advance(365 * DAY)
    assert answer(scene, order, "IN-TIME", amount=1)["err_no"] == 0

    scene.advance(1)

    assert answer(scene, order, "TOO-LATE", amount=1)["err_no"] == 2010
    assert "over a year ago" in last_why(scene)


def test_what_is_not_paid_is_not_refunded() -> None:
    """An order that waits for its payment is refused, with its state in the reason."""
    scene = Scene()

    assert answer(scene, ordered(scene))["err_no"] == 2010
    assert "not paid (PROCESSING)" in last_why(scene)


BAD: list[dict[str, Any]] = [
    {"reason": "长" * 34},
    {"refund_amount": 0},
    {"refund_amount": -1},
    {"refund_amount": 10_000_000_001},
    {"out_refund_no": "R 1"},
    {"out_refund_no": "R" * 65},
    {"all_settle": 2},
    {"notify_url": "shop.example.test"},
]


@pytest.mark.parametrize("bad", BAD, ids=[f"{n}-{next(iter(each))}" for n, each in enumerate(BAD)])
def test_what_is_out_of_bounds_is_refused(bad: dict[str, Any]) -> None:
    """Every limit of a parameter is kept, and the reason names the parameter."""
    scene = Scene()
    fields = {
        "out_order_no": paid(scene),
        "out_refund_no": "R-1",
        "reason": "不想要了",
        "refund_amount": 1,
    }

    refused = operation(scene, "create_refund", **{**fields, **bad})

    assert refused == {"err_no": 2010, "err_tips": "参数错误", "refund_no": ""}
    assert next(iter(bad)) in last_why(scene)


# After a settlement.


def test_after_a_settlement_the_seller_pays() -> None:
    """all_settle takes the money from the seller's balance; the fee stays with the platform."""
    scene = Scene()
    order = paid(scene)
    settled(scene, order, settle_params="")
    scene.advance(DONE)
    before = balance(scene)

    number = refunded(scene, order, all_settle=1)
    scene.advance(DONE)

    assert before - balance(scene) == 190
    shown = found(scene, number)
    assert (shown["refund_status"], shown["is_all_settled"]) == ("SUCCESS", True)
    assert told(scene, "ecpay_refund")[-1][1]["is_all_settled"] is True


def test_a_balance_that_is_too_small_fails_in_the_callback() -> None:
    """The refund is accepted; then it failed, the callback says why, and no money moved."""
    scene = Scene()
    order = paid(scene)
    settled(scene, order, settle_params="")
    scene.advance(DONE)
    before = balance(scene)

    assert answer(scene, order, amount=1990, all_settle=1, notify_url=REFUND_NOTIFY)["err_no"] == 0
    early = found(scene, "R-1")
    scene.advance(DONE)

    assert (early["refund_status"], early["msg"]) == ("PROCESSING", "")
    shown, content = found(scene, "R-1"), told(scene, "ecpay_refund")[-1][1]
    assert (shown["refund_status"], shown["msg"]) == ("FAIL", "商户可用余额不足")
    assert (content["status"], content["message"]) == ("FAIL", "商户可用余额不足")
    assert balance(scene) == before
    assert answer(scene, order, "R-2", amount=1978, all_settle=1)["err_no"] == 0


def test_without_all_settle_nothing_in_transit_fails_in_the_callback() -> None:
    """After the settlement all_settle 0 finds nothing in transit, and fails."""
    scene = Scene()
    order = paid(scene)
    settled(scene, order)

    number = refunded(scene, order)
    scene.advance(DONE)

    assert found(scene, number)["msg"] == "在途资金不足"


def test_a_rule_has_a_refund_fail() -> None:
    """`refund_fails` has the next refund fail; a query is not what it is about."""
    scene = Scene()
    order = paid(scene)
    scene.world.rules.add(Rule(on="ecpay.create_refund", times=1, happens=Effect.REFUND_FAILS))

    first, second = refunded(scene, order), refunded(scene, order)
    scene.advance(DONE)

    assert (found(scene, first)["refund_status"], found(scene, first)["msg"]) == (
        "FAIL",
        "退款失败",
    )
    assert found(scene, second)["refund_status"] == "SUCCESS"
    told_of = {
        content["cp_refundno"]: content["status"] for _, content in told(scene, "ecpay_refund")
    }
    assert told_of == {first: "FAIL", second: "SUCCESS"}


def test_the_sandbox_is_apart() -> None:
    """A sandbox's refund has a bare number, is unknown at production, and is told of once."""
    scene = Scene()
    scene.set(payment_environment="sandbox")
    order = paid(scene)
    number = refunded(scene, order)

    delivery, content = told(scene, "ecpay_refund")[-1]

    assert delivery.once
    assert content["refund_no"].isdigit()
    scene.set(payment_environment="production")
    assert operation(scene, "query_refund", out_refund_no=number)["err_no"] == 3101
    assert len(listed(scene.world)) == 2
