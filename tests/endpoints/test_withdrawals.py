"""A merchant's balance, and its withdrawals: money moves, and none is made or lost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockdouyin import Rule
from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.outbox import Delivery
from mockdouyin.domain.effects import Effect
from mockdouyin.domain.ledger import Account
from mockdouyin.domain.payment_callbacks import is_signed
from tests.endpoints.calls import Scene
from tests.endpoints.calls_merchant import DAY as TODAY
from tests.endpoints.calls_merchant import (
    MERCHANTS,
    account,
    application,
    ask,
    earned,
    own_merchant,
    with_token,
    withdrawn,
)
from tests.endpoints.calls_payment import NOTIFY, paid, signed
from tests.endpoints.calls_user import unit_of
from tests.endpoints.test_bills import rows_of


def balance(scene: Scene, merchant: str = "") -> tuple[int, int, int]:
    """Return what a merchant has in transit, to be withdrawn, and frozen."""
    answer = ask(scene, "query_merchant_balance", **account(scene, merchant))
    assert answer["err_no"] == 0, answer
    return tuple(answer["account_info"].values())


def status(scene: Scene, number: str, merchant: str = "") -> tuple[str, str]:
    """Return how a withdrawal stands, and what is said of it."""
    answer = ask(scene, "query_withdraw_order", **account(scene, merchant), out_order_id=number)
    return answer["status"], answer["statusMsg"]


def all_money(scene: Scene) -> int:
    """Return the sum of all accounts, which is nothing."""
    unit = unit_of(scene)
    return sum(each.held(unit.now) for _, each in unit.scan(Account))


def callbacks(scene: Scene) -> list[tuple[Delivery, dict[str, Any]]]:
    """Return the callbacks of withdrawals that were written, with what they tell."""
    found = [each for _, each in unit_of(scene).scan(Delivery) if each.event == "ecpay_withdraw"]
    return [(each, json.loads(json.loads(each.body)["msg"])) for each in found]


def bank(scene: Scene, effect: Effect) -> None:
    """Have the bank end the next withdrawal in some way."""
    scene.world.rules.add(Rule(on="ecpay.merchant_withdraw", times=1, happens=effect))


def test_a_balance_goes_to_the_bank() -> None:
    """It is frozen while it is on its way, then gone, and the callback tells at that time."""
    scene = Scene(withdraw_takes="1h")
    earned(scene, 1990)
    paid(scene, total_amount=300)
    assert balance(scene) == (300, 1990, 0)

    made = withdrawn(scene, "W-1", 500, callback=NOTIFY, cp_extra="mine")
    assert made["order_id"].startswith("N")
    assert balance(scene) == (300, 1490, 500)
    assert status(scene, "W-1") == ("PROCESSING", "")
    assert all_money(scene) == 0
    began = scene.world.clock.now()
    scene.advance(3599)
    assert status(scene, "W-1") == ("PROCESSING", "")
    scene.advance(1)

    assert status(scene, "W-1") == ("SUCCESS", "")
    assert balance(scene) == (300, 1490, 0)
    assert all_money(scene) == 0
    [(delivery, told)] = callbacks(scene)
    number = told.pop("ch_order_id")
    assert number.startswith("CH")
    assert told == {
        "status": "SUCCESS",
        "extra": "mine",
        "message": "",
        "withdraw_at": int(began + 3600),
        "order_id": made["order_id"],
        "out_order_id": "W-1",
    }
    assert (delivery.url, delivery.due) == (NOTIFY, began + 3600)
    assert is_signed(delivery.body, scene.app("mini_program").payment.token)


def test_two_that_end_together_both_end() -> None:
    """Withdrawals that are asked for in one moment are counted each."""
    scene = Scene()
    earned(scene, 1000)
    withdrawn(scene, "W-1", 300)
    withdrawn(scene, "W-2", 200)
    assert balance(scene) == (0, 500, 500)

    scene.advance(1)

    assert balance(scene) == (0, 500, 0)
    assert all_money(scene) == 0


def test_more_than_there_is_fails_by_the_callback() -> None:
    """A balance that is too small is accepted, as the docs say, and told to have failed."""
    scene = Scene()
    earned(scene, 100)

    assert withdrawn(scene, "W-1", 101, callback=NOTIFY)["err_no"] == 0
    assert balance(scene) == (0, 100, 0)
    assert status(scene, "W-1") == ("PROCESSING", "")
    scene.advance(1)

    assert status(scene, "W-1") == ("FAIL", "账户可提现余额不足")
    assert balance(scene) == (0, 100, 0)
    [(_, told)] = callbacks(scene)
    assert (told["status"], told["message"]) == ("FAIL", "账户可提现余额不足")


@pytest.mark.parametrize(
    ("effect", "ending"),
    [(Effect.WITHDRAW_FAILS, "FAIL"), (Effect.WITHDRAW_IS_GIVEN_BACK, "REEXCHANGE")],
)
def test_a_rule_has_the_bank_say_no(effect: Effect, ending: str) -> None:
    """The money is frozen until the bank has spoken, then it is the merchant's again."""
    scene = Scene()
    earned(scene, 1000)
    bank(scene, effect)

    withdrawn(scene, "W-1", 400)
    assert balance(scene) == (0, 600, 400)
    scene.advance(1)

    assert status(scene, "W-1")[0] == ending
    assert balance(scene) == (0, 1000, 0)
    assert all_money(scene) == 0
    withdrawn(scene, "W-2", 1000)
    scene.advance(1)
    assert status(scene, "W-2") == ("SUCCESS", "")
    assert balance(scene) == (0, 0, 0)


def test_a_rule_that_meets_a_refused_call_counts_for_that_number() -> None:
    """The withdrawal that was asked for wrongly fails when it is asked for well; no other does."""
    scene = Scene()
    earned(scene, 1000)
    bank(scene, Effect.WITHDRAW_FAILS)
    assert withdrawn(scene, "W-1", 400, channel_type="paypal")["err_no"] == 2010

    withdrawn(scene, "W-2", 400)
    withdrawn(scene, "W-1", 400)
    scene.advance(1)

    assert status(scene, "W-1")[0] == "FAIL"
    assert status(scene, "W-2") == ("SUCCESS", "")


def test_the_same_number_is_one_withdrawal() -> None:
    """The first request counts, whatever is sent again: money moves once, and is told once."""
    scene = Scene()
    earned(scene, 1000)

    first = withdrawn(scene, "W-1", 400)
    again = withdrawn(scene, "W-1", 999, callback=NOTIFY)

    assert first == again
    assert balance(scene) == (0, 600, 400)
    assert status(scene, "W-1", own_merchant(scene))[0] == "PROCESSING"
    other = ask(scene, "query_withdraw_order", **account(scene, channel="wx"), out_order_id="W-1")
    assert other == {"err_no": 2000, "err_tips": "单号记录不存在", "status": "", "statusMsg": ""}


def test_five_a_day_by_one_channel() -> None:
    """The sixth of a day is refused where limits are enforced; another channel has its own."""
    scene = Scene(limits="enforce")
    earned(scene, 1000)
    for number in range(5):
        assert withdrawn(scene, f"W-{number}", 10)["err_no"] == 0

    assert withdrawn(scene, "W-5", 10)["err_no"] == 1001
    assert withdrawn(scene, "W-4", 10)["err_no"] == 0
    assert withdrawn(scene, "W-5", 10, channel_type="wx")["err_no"] == 0
    scene.advance(DAY)
    assert withdrawn(scene, "W-6", 10)["err_no"] == 0


def test_the_day_of_the_five_is_one_in_beijing() -> None:
    """What was withdrawn just before midnight in Beijing no longer counts after it."""
    scene = Scene(limits="enforce")  # it is noon in Beijing
    earned(scene, 1000)
    scene.advance(12 * HOUR - 1)
    assert [withdrawn(scene, f"W-{n}", 1)["err_no"] for n in range(6)] == [0] * 5 + [1001]

    scene.advance(1)
    assert [withdrawn(scene, f"X-{n}", 1)["err_no"] for n in range(6)] == [0] * 5 + [1001]
    scene.advance(8 * HOUR)
    assert withdrawn(scene, "X-6", 1)["err_no"] == 1001


@pytest.mark.parametrize(("entity", "number"), [(0, 0), (1, 0), (2, 0), (3, 2010), (-1, 2010)])
def test_a_merchant_is_of_a_known_kind(entity: int, number: int) -> None:
    """merchant_entity is 0, 1 or 2, at each of the three operations."""
    scene = Scene()
    earned(scene, 1000)
    withdrawn(scene, "W-1", 10)
    named = {**account(scene), "merchant_entity": entity}

    assert ask(scene, "query_merchant_balance", **named)["err_no"] == number
    assert withdrawn(scene, "W-2", 10, merchant_entity=entity)["err_no"] == number
    found = ask(scene, "query_withdraw_order", **named, out_order_id="W-1")
    assert found["err_no"] == number


def test_both_hosts_have_one_state() -> None:
    """What is asked for by a signature is found by a token, and the other way round."""
    scene = Scene()
    earned(scene, 1000)
    fields = {**account(scene), "withdraw_amount": 250, "out_order_id": "W-1"}

    made = scene.ask(with_token(scene, MERCHANTS + "merchant_withdraw/", **fields))

    assert withdrawn(scene, "W-1", 1)["order_id"] == made["data"]["order_id"]
    assert balance(scene) == (0, 750, 250)
    found = scene.ask(with_token(scene, MERCHANTS + "query_merchant_balance/", **account(scene)))
    assert found["data"]["account_info"]["freeze_balance"] == 250
    scene.advance(1)
    query = {**account(scene), "out_order_id": "W-1"}
    found = scene.ask(with_token(scene, MERCHANTS + "query_withdraw_order/", **query))
    assert found["data"] == {"status": "SUCCESS", "status_msg": ""}
    assert status(scene, "W-1") == ("SUCCESS", "")


def test_a_receiver_of_shares_withdraws_once_it_is_onboarded() -> None:
    """While its application is in review a withdrawal fails; what it got is not lost."""
    scene = Scene()
    form = signed(
        scene, MERCHANTS + "create_merchant", access_token=scene.app_token(), **application()
    )
    receiver = scene.ask(form)["merchant_id"]
    earned(scene, 600, receiver)

    withdrawn(scene, "W-1", 600, merchant_uid=receiver)
    scene.advance(1)
    assert status(scene, "W-1", receiver) == ("FAIL", "商户未在该渠道完成进件,或已被冻结")
    assert balance(scene, receiver) == (0, 600, 0)
    scene.advance(60)
    withdrawn(scene, "W-2", 600, merchant_uid=receiver)
    scene.advance(1)

    assert status(scene, "W-2", receiver) == ("SUCCESS", "")
    assert balance(scene, receiver) == (0, 0, 0)
    bank = ask(scene, "query_merchant_balance", **account(scene, receiver, "wx"))["settle_info"]
    assert bank == {
        "settle_type": 1,
        "settle_account": "",
        "bankcard_no": "************1301",
        "bank_name": "招商银行",
    }


def test_the_sandbox_has_its_own_money() -> None:
    """What is earned at production is not there at the sandbox."""
    scene = Scene()
    earned(scene, 600)
    scene.set(payment_environment="sandbox")
    payment = scene.app("mini_program").payment
    asked = signed(scene, MERCHANTS + "query_merchant_balance", **account(scene))

    answer = scene.ask(type(asked)(**{**vars(asked), "salt": payment.sandbox_salt}))

    assert answer["account_info"]["withdrawable_balacne"] == 0


BANK = (Effect.WITHDRAW_FAILS, Effect.WITHDRAW_IS_GIVEN_BACK)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("earn"), st.integers(1, 2000)),
        st.tuples(
            st.sampled_from(("", "withdraw_fails", "withdraw_is_given_back")), st.integers(0, 900)
        ),
        st.tuples(st.just("wait"), st.integers(1, 5)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_money_is_neither_made_nor_lost(steps: list[tuple[str, int]]) -> None:
    """Whatever is withdrawn and however it ends: accounts sum to nothing, and bills agree."""
    scene = Scene(withdraw_takes="3s")
    for number, (what, amount) in enumerate(steps):
        if what == "earn":
            earned(scene, amount)
        elif what == "wait":
            scene.advance(amount)
        else:
            if what:
                bank(scene, Effect(what))
            withdrawn(scene, f"W-{number}", amount)
        assert all_money(scene) == 0
        assert min(balance(scene)) >= 0
    rows = rows_of(scene, "/api/apps/fund/bills", bill_date=TODAY)
    assert (rows[-1]["账户金额"] if rows else "0.00") == f"{balance(scene)[1] / 100:.2f}"
    assert round(sum(float(row["收支金额"]) for row in rows) * 100) == balance(scene)[1]
