"""Settlements of guaranteed payment: who gets what, what is refused, and what fails later."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockdouyin import Rule
from mockdouyin.core.clock import DAY
from mockdouyin.domain.effects import Effect
from mockdouyin.domain.settlements import fee_on
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import (
    DONE,
    RECEIVER,
    SETTLE_NOTIFY,
    balance,
    operation,
    ordered,
    paid,
    pushing,
    refunded,
    settled,
    sharing,
    signed,
    told,
)

NOT_READY = "原支付单未支付成功并核销,禁止分账"
SELLER = "70000000000000000001"


def found(scene: Scene, number: str) -> Any:
    """Return a settlement as it is queried."""
    return operation(scene, "query_settle", out_settle_no=number)["settle_info"]


def left(scene: Scene, order: str) -> Any:
    """Return what of an order can still be settled, with its detail."""
    return operation(scene, "unsettle_amount", out_order_no=order)["data"]


def answer(scene: Scene, order: str, number: str = "S-1", **more: Any) -> Any:
    """Ask for a settlement; return the answer."""
    fields = {"out_order_no": order, "out_settle_no": number, "settle_desc": "主动结算", **more}
    return operation(scene, "settle", **fields)


def last_why(scene: Scene) -> str:
    """Return why the last call was refused."""
    return list(scene.world.journal)[-1].why.render("en")


def settle_parts(scene: Scene, order: str, count: int) -> None:
    """Settle one fen for the receiver so many times, each when the one before is done."""
    for number in range(count):
        params = sharing((RECEIVER, 1))
        done = answer(scene, order, f"PART-{number}", settle_params=params, finish="false")
        assert done["err_no"] == 0
        scene.advance(DONE)


# How money is divided.


def test_the_numbers_of_the_docs_come_out() -> None:
    """19.90 paid and 1.90 refunded: 18.00 are settled, 0.11 is the fee, the seller gets 17.89."""
    scene = Scene()
    order = paid(scene)
    refunded(scene, order)

    number = settled(scene, order, settle_params="")
    scene.advance(DONE)

    shown = found(scene, number)
    assert (shown["settle_amount"], shown["rake"], shown["commission"]) == (1800, 11, 0)
    assert shown["settle_detail"] == f"商户号{SELLER}-分成金额(分)1789"
    assert balance(scene) == 1789


def test_receivers_come_first_and_the_seller_gets_the_rest() -> None:
    """Shares, fee and the seller's part are the amount; each merchant has its own balance."""
    scene = Scene()

    number = settled(scene, settle_params=sharing((RECEIVER, 60), ("third", 40)))
    scene.advance(DONE)

    shown = found(scene, number)
    assert shown["settle_detail"] == (
        f"商户号{RECEIVER}-分成金额(分)60,商户号third-分成金额(分)40,商户号{SELLER}-分成金额(分)1878"
    )
    assert 60 + 40 + 1878 + shown["rake"] == shown["settle_amount"] == 1990
    assert [balance(scene, each) for each in (RECEIVER, "third", "")] == [60, 40, 1878]


@pytest.mark.parametrize(
    ("amount", "rate", "fee"),
    [(1800, 0.006, 11), (1750, 0.006, 11), (1749, 0.006, 10), (1, 0.006, 0), (84, 0.006, 1)]
    + [(1000, 0.0, 0), (250, 0.01, 3), (10_000_000_000, 0.006, 60_000_000)],
)
def test_the_fee_is_rounded_half_up(amount: int, rate: float, fee: int) -> None:
    """Half a fen counts as one: 17.50 yuan at 0.6 % are 0.105, and so 0.11."""
    assert fee_on(amount, rate) == fee


def test_the_fee_is_a_setting() -> None:
    """A world whose platform takes 10 % leaves the seller 90 %."""
    scene = Scene()
    scene.set(rake=0.1)

    settled(scene, settle_params="")
    scene.advance(DONE)

    assert balance(scene) == 1791


def test_a_settlement_in_parts_leaves_the_rest_in_transit() -> None:
    """One that does not finish pays its receivers and the fee on that; the next one finishes."""
    scene = Scene()
    order = paid(scene)

    first = settled(scene, order, settle_params=sharing((RECEIVER, 1000)), finish="false")
    scene.advance(DONE)
    shown = found(scene, first)
    between = left(scene, order)
    second = settled(scene, order, settle_params="")
    scene.advance(DONE)

    assert (shown["settle_amount"], shown["rake"]) == (1006, 6)
    assert shown["settle_detail"] == f"商户号{RECEIVER}-分成金额(分)1000"
    assert (between["unsettle_amount"], between["detail"]["payment_rake"]) == (984, 6)
    assert (found(scene, second)["settle_amount"], balance(scene)) == (984, 978)
    assert left(scene, order)["unsettle_amount"] == 0


def test_the_fiftieth_finishes_whatever_it_says() -> None:
    """After 49 parts the next settlement takes all that is left, and no other follows."""
    scene = Scene()
    order = paid(scene)
    settle_parts(scene, order, 49)

    assert balance(scene) == 0
    params = sharing((RECEIVER, 1))
    assert answer(scene, order, "PART-49", settle_params=params, finish="false")["err_no"] == 0

    scene.advance(DONE)
    assert balance(scene) == 1990 - 49 - 1 - fee_on(1941, 0.006)
    assert answer(scene, order, "PART-50")["err_no"] == 2014


def test_the_callback_tells_of_it_when_it_is_done() -> None:
    """It goes to the request's address, with the keys of the docs."""
    scene = Scene()
    order = paid(scene)
    number = settled(scene, order, cp_extra="x")
    scene.advance(DONE)

    delivery, content = told(scene, "ecpay_settle")[-1]

    shown = found(scene, number)
    assert (delivery.url, delivery.due) == (SETTLE_NOTIFY, scene.world.clock.now() - 1)
    assert content == {
        "appid": scene.app("mini_program").client_key,
        "cp_settle_no": number,
        "cp_extra": "x",
        "status": "SUCCESS",
        "rake": 12,
        "commission": 0,
        "settle_detail": shown["settle_detail"],
        "settled_at": 1767240001,
        "message": "SUCCESS",
        "order_id": operation(scene, "query_order", out_order_no=order)["order_id"],
        "channel_settle_id": "",
        "settle_amount": 1990,
        "settle_no": shown["settle_no"],
        "out_order_no": order,
        "is_auto_settle": False,
    }


def test_nobody_has_the_money_before_it_is_done() -> None:
    """While it is under way all is in transit (online_balance); then each has its part."""
    scene = Scene(settle_takes=60.0)
    settled(scene, settle_params=sharing((RECEIVER, 60)))

    def account(merchant: str) -> tuple[int, int]:
        named = {"merchant_uid": merchant, "channel_type": "wx"}
        path = "/api/apps/ecpay/saas/query_merchant_balance"
        info = scene.ask(signed(scene, path, **named))["account_info"]
        return info["online_balance"], info["withdrawable_balacne"]

    assert [account(SELLER), account(RECEIVER)] == [(1990, 0), (0, 0)]
    scene.advance(59.0)
    assert [account(SELLER), account(RECEIVER)] == [(1990, 0), (0, 0)]
    scene.advance(1.0)
    assert [account(SELLER), account(RECEIVER)] == [(0, 1918), (0, 60)]


def test_what_is_not_settled_yet_cannot_be_refunded_from_the_balance() -> None:
    """A refund of the seller's own while the settlement is under way fails in its callback."""
    scene = Scene(settle_takes=60.0)
    order = paid(scene)
    settled(scene, order, settle_params="")

    refunded(scene, order, all_settle=1)
    scene.advance(DONE)

    content = told(scene, "ecpay_refund")[-1][1]
    assert (content["status"], content["message"]) == ("FAIL", "商户可用余额不足")


def test_the_same_number_again_is_the_first_settlement() -> None:
    """Whatever else is sent, its number is returned and no money moves again."""
    scene = Scene()
    first = answer(scene, paid(scene))
    before = balance(scene)

    assert answer(scene, paid(scene, "OTHER")) == first
    assert balance(scene) == before


def test_it_is_under_way_and_then_done() -> None:
    """It is PROCESSING, without a time, as long as the setting says."""
    scene = Scene()
    scene.set(settle_takes=60.0)
    number = settled(scene)

    before = found(scene, number)
    scene.advance(60)

    assert (before["settle_status"], before["settled_at"]) == ("PROCESSING", 0)
    after = found(scene, number)
    assert (after["settle_status"], after["settled_at"]) == ("SUCCESS", 1767240060)


# What is refused.


def test_another_one_waits_for_the_one_before() -> None:
    """While a settlement is under way the next one is refused; then it is accepted."""
    scene = Scene()
    order = paid(scene)
    params = sharing((RECEIVER, 1))
    answer(scene, order, "S-1", settle_params=params, finish="false")

    early = answer(scene, order, "S-2", settle_params=params, finish="false")

    assert early["err_no"] == 2010
    assert "has to wait" in last_why(scene)
    scene.advance(DONE)
    assert answer(scene, order, "S-2", settle_params=params, finish="false")["err_no"] == 0


@pytest.mark.parametrize("is_paid", [True, False])
def test_it_waits_for_one_that_will_fail_as_well(is_paid: bool) -> None:
    """How the one under way ends is not known yet; once it has failed, another is accepted."""
    scene = Scene(settle_after=7 * DAY)
    order = (paid if is_paid else ordered)(scene)
    answer(scene, order, "S-1")

    assert found(scene, "S-1")["settle_status"] == "PROCESSING"
    assert answer(scene, order, "S-2")["err_no"] == 2010
    scene.advance(DONE)
    assert found(scene, "S-1")["settle_status"] == "FAIL"
    assert answer(scene, order, "S-3")["err_no"] == 0


def test_what_is_over_what_is_left_is_not_blamed_on_a_limit() -> None:
    """Without a share_limit the reason names the fee and what is left in transit."""
    scene = Scene()
    order = paid(scene)

    assert answer(scene, order, settle_params=sharing((RECEIVER, 3000)))["err_no"] == 2014
    assert "share_limit" not in last_why(scene)


@pytest.mark.parametrize(
    ("shared", "finish", "number"),
    [(1978, "true", 0), (1979, "true", 2014), (1978, "false", 0), (1979, "false", 2014)],
)
def test_no_more_is_shared_out_than_the_fee_leaves(shared: int, finish: str, number: int) -> None:
    """Of 19.90 yuan the fee leaves 19.78, to the fen."""
    scene = Scene()
    order = paid(scene)

    got = answer(scene, order, settle_params=sharing((RECEIVER, shared)), finish=finish)

    assert got["err_no"] == number
    assert bool(number) == ("are shared out with a fee of 12" in last_why(scene))


def test_the_receivers_get_no_more_than_the_limit() -> None:
    """All settlements of an order count; the seller's own part and the fee do not."""
    scene = Scene(share_limit=0.3)
    order = paid(scene)  # 19.90 yuan, of which 5.97 can be shared out

    def share(number: str, amount: int, finish: str) -> int:
        params = sharing((RECEIVER, amount - 1), ("70000000000000000003", 1))
        got = answer(scene, order, number, settle_params=params, finish=finish)
        scene.advance(DONE)
        return int(got["err_no"])

    assert share("S-1", 598, "false") == 2014
    assert "leaves 597 of order" in last_why(scene)
    assert share("S-2", 400, "false") == 0
    assert share("S-3", 198, "true") == 2014
    assert "leaves 197 of order" in last_why(scene)
    assert share("S-4", 197, "true") == 0
    assert found(scene, "S-4")["settle_amount"] == 1990 - 402


def test_without_a_limit_all_but_the_fee_is_shared_out() -> None:
    """A receiver may get everything that the fee leaves, unless the world sets a limit."""
    scene = Scene()
    order = paid(scene)

    assert answer(scene, order, settle_params=sharing((RECEIVER, 1978)))["err_no"] == 0


def test_what_is_finished_or_given_back_cannot_be_settled() -> None:
    """After a settlement that finished, or a refund of everything, 2014 says nothing is left."""
    scene = Scene()
    finished, given_back = paid(scene, "FINISHED"), paid(scene, "GIVEN-BACK")
    settled(scene, finished)
    refunded(scene, given_back, refund_amount=1990)
    scene.advance(DONE)

    for order in (finished, given_back):
        got = answer(scene, order, f"S-{order}")
        assert (got["err_no"], got["err_tips"]) == (2014, "分账超过授权比例,或已无可分账金额")


BAD: list[dict[str, Any]] = [
    {"settle_desc": "长" * 27},
    {"out_settle_no": "S 1"},
    {"settle_params": "{}"},
    {"settle_params": "[{"},
    {"settle_params": '[{"merchant_uid":"","amount":1}]'},
    {"settle_params": sharing((RECEIVER, 0))},
    {"settle_params": sharing(("7" * 33, 1))},
    {"settle_params": sharing(*((f"m{number}", 1) for number in range(5)))},
    {"settle_params": sharing((SELLER, 1))},
    {"settle_params": sharing((RECEIVER, 1)) + " " * 2048},
    {"finish": "yes"},
    {"finish": "false", "settle_params": ""},
    {"notify_url": "ftp://shop.example.test"},
]


@pytest.mark.parametrize("bad", BAD, ids=[f"{n}-{next(iter(e))}" for n, e in enumerate(BAD)])
def test_what_is_out_of_bounds_is_refused(bad: dict[str, Any]) -> None:
    """Every limit of a parameter is kept, and no money moves."""
    scene = Scene()
    order = paid(scene)

    got = answer(scene, order, **bad)

    assert got == {"err_no": 2010, "err_tips": "参数错误", "settle_no": ""}
    assert left(scene, order)["unsettle_amount"] == 1990


def test_four_receivers_and_a_boolean_are_accepted() -> None:
    """Four receivers are the most for one call; `finish` may be a boolean."""
    scene = Scene()
    order = paid(scene)
    params = sharing(*((f"m{number}", 1) for number in range(4)))

    assert answer(scene, order, settle_params=params, finish=False)["err_no"] == 0
    assert left(scene, order)["unsettle_amount"] == 1986


# What fails later.


def fails(scene: Scene, order: str, number: str) -> str:
    """Ask for a settlement that is accepted and fails; return what its callback says."""
    got = answer(
        scene, order, number, settle_params=sharing((RECEIVER, 1)), notify_url=SETTLE_NOTIFY
    )
    assert got["err_no"] == 0
    scene.advance(DONE)
    content = told(scene, "ecpay_settle")[-1][1]
    shown = found(scene, number)
    assert (content["cp_settle_no"], content["status"]) == (number, "FAIL")
    assert (shown["settle_status"], shown["msg"]) == ("FAIL", content["message"])
    assert (shown["rake"], shown["settle_detail"], balance(scene, RECEIVER)) == (0, "", 0)
    return str(content["message"])


def test_too_early_fails_and_may_be_tried_again() -> None:
    """Before the period ends a settlement fails; under a new number it succeeds afterwards."""
    scene = Scene()
    scene.set(settle_after=7 * DAY)
    order = paid(scene)

    assert fails(scene, order, "EARLY") == NOT_READY
    scene.advance(7 * DAY)

    assert answer(scene, order, "IN-TIME")["err_no"] == 0
    scene.advance(DONE)
    assert found(scene, "IN-TIME")["settle_status"] == "SUCCESS"


def test_an_order_that_is_not_paid_fails() -> None:
    """A settlement of what waits for its payment is accepted, and fails."""
    scene = Scene()

    assert fails(scene, ordered(scene), "UNPAID") == NOT_READY


def test_an_order_may_have_to_be_pushed_as_used() -> None:
    """Where the setting wants it, only what was pushed with order_status 4 can be settled."""
    scene = Scene()
    scene.set(settle_needs_fulfilment=True)
    order = paid(scene)
    scene.send(pushing(scene, order, order_status=1))
    assert fails(scene, order, "UNUSED") == NOT_READY

    scene.send(pushing(scene, order, order_status=4))

    answer(scene, order, "USED")
    scene.advance(DONE)
    assert found(scene, "USED")["settle_status"] == "SUCCESS"


def test_a_rule_has_a_settlement_fail() -> None:
    """`settle_fails` has the settlement fail; the next one succeeds."""
    scene = Scene()
    scene.world.rules.add(Rule(on="ecpay.settle", times=1, happens=Effect.SETTLE_FAILS))
    order = paid(scene)

    assert fails(scene, order, "FAILED") == "分账失败"
    assert answer(scene, order, "GOOD")["err_no"] == 0


def test_what_can_be_settled_is_made_up_of_payment_and_refunds() -> None:
    """unsettle_amount lists each refund, and nothing of an order that is not paid."""
    scene = Scene()
    order, waiting = paid(scene, "PAID"), ordered(scene, "WAITING")
    first, second = refunded(scene, order), refunded(scene, order, refund_amount=10)

    shown = left(scene, order)

    assert shown["unsettle_amount"] == 1790
    assert shown["detail"]["pay_info"] == {"out_order_no": order, "amount": 1990}
    assert shown["detail"]["refund_info"] == [
        {"out_refund_no": first, "amount": 190},
        {"out_refund_no": second, "amount": 10},
    ]
    assert left(scene, waiting)["unsettle_amount"] == 0


# Returns of shares.


def take_back(scene: Scene, number: str = "B-1", **fields: Any) -> Any:
    """Ask for a return of a share; return the answer."""
    every = {
        "out_return_no": number,
        "merchant_uid": RECEIVER,
        "return_amount": 10,
        "return_desc": "退分账",
        **fields,
    }
    return operation(scene, "create_return", **every)


def test_a_receiver_gives_back_to_the_seller() -> None:
    """A part of its share comes to the seller's balance, and the return is done a little later."""
    scene = Scene()
    number = settled(scene)
    scene.advance(DONE)
    seller = balance(scene)

    made = take_back(scene, settle_no=found(scene, number)["settle_no"])["return_info"]
    scene.advance(DONE)
    by_own = operation(scene, "query_return", out_return_no="B-1")["return_info"]
    by_platforms = operation(scene, "query_return", return_no=made["return_no"])["return_info"]

    assert (made["return_status"], made["finish_time"]) == ("PROCESSING", 0)
    done = {"return_status": "SUCCESS", "finish_time": int(scene.world.clock.now()) - 1}
    assert by_own == by_platforms == {**made, **done}
    assert (balance(scene, RECEIVER), balance(scene)) == (50, seller + 10)
    assert take_back(scene, out_settle_no=number)["return_info"] == by_own


def test_no_more_comes_back_than_was_shared() -> None:
    """Returns may not exceed the share together, and the seller has none to return."""
    scene = Scene()
    number = settled(scene)
    early = take_back(scene, "EARLY", out_settle_no=number)
    scene.advance(DONE)

    assert early["err_no"] == 2010
    assert take_back(scene, "B-1", out_settle_no=number, return_amount=40)["err_no"] == 0
    assert take_back(scene, "B-2", out_settle_no=number, return_amount=21)["err_no"] == 2010
    assert "left 20 fen" in last_why(scene)
    assert take_back(scene, "B-3", out_settle_no=number, merchant_uid=SELLER)["err_no"] == 2010
    assert take_back(scene, "B-4", out_settle_no=number, return_amount=20)["err_no"] == 0
    assert balance(scene, RECEIVER) == 0


def test_a_receiver_without_money_fails() -> None:
    """A balance that is too small has the return fail, with its reason, once it is done."""
    scene = Scene()
    number = settled(scene)
    scene.advance(DONE)
    drained = paid(scene, "DRAINS", store_uid=RECEIVER)
    settled(scene, drained, settle_params="")
    scene.advance(DONE)
    refunded(scene, drained, refund_amount=1990, all_settle=1)
    assert balance(scene, RECEIVER) == 48

    made = take_back(scene, out_settle_no=number, return_amount=60)["return_info"]
    scene.advance(DONE)
    shown = operation(scene, "query_return", out_return_no="B-1")["return_info"]

    assert (made["return_status"], made["fail_reason"]) == ("PROCESSING", "SUCCESS")
    assert (shown["return_status"], shown["fail_reason"]) == ("FAIL", "商户可用余额不足")
    assert balance(scene, RECEIVER) == 48


def test_settle_params_may_be_written_in_any_way() -> None:
    """Spaces and amounts in quotes are read as well, as the platform reads numbers."""
    scene = Scene()
    params = json.dumps([{"merchant_uid": RECEIVER, "amount": "60"}], indent=1)

    settled(scene, settle_params=params)
    scene.advance(DONE)

    assert balance(scene, RECEIVER) == 60
