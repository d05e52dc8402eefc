"""The scenarios of payment: what a backend and a front end see in each."""

from __future__ import annotations

import pytest

from mockdouyin import Sandbox, Scenario
from mockdouyin.domain.effects import Effect
from mockdouyin.scenario.rule import Rule
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import (
    DONE,
    operation,
    ordered,
    paid,
    refunded,
    settled,
    signed,
    told,
)
from tests.support.helpers import sandbox

SHOWN: set[str] = set()
DAYS = 86_400.0


@pytest.fixture
def scene(request: pytest.FixtureRequest) -> Scene:
    """Return a sandbox that was started from a scenario."""
    box: Sandbox = sandbox(scenario=Scenario.load(request.param))
    return Scene(box)


def begins(name: str) -> pytest.MarkDecorator:
    """Start the test from a scenario, and note that it is shown."""
    SHOWN.add(name)
    return pytest.mark.parametrize("scene", [name], indirect=True)


def status(scene: Scene, number: str) -> str:
    """Return an order's state, as its backend asks for it."""
    found = operation(scene, "query_order", out_order_no=number)
    return str(found["payment_info"]["order_status"])


def amounts(scene: Scene) -> list[int]:
    """Return the amount that each callback of a payment tells."""
    return [content["total_amount"] for _, content in told(scene, "ecpay_payment")]


@begins("payment-succeeds")
def test_payment_succeeds(scene: Scene) -> None:
    """It is paid, called back and found as paid, though another rule would have it fail."""
    scene.world.rules.add(Rule(on="ecpay.create_order", happens=Effect.CALLBACK_COMES_TWICE))
    number = ordered(scene)

    assert scene.phone("pay", order=number) == {"code": 0, "errMsg": "pay:ok"}
    assert status(scene, number) == "SUCCESS"
    assert amounts(scene) == [1990, 1990]


@begins("payment-cancelled")
def test_payment_cancelled(scene: Scene) -> None:
    """The first cashier is cancelled without a callback; the second is paid."""
    number = ordered(scene)

    assert scene.phone("pay", order=number)["code"] == 4
    assert (status(scene, number), amounts(scene)) == ("PROCESSING", [])
    assert scene.phone("pay", order=number)["code"] == 0
    assert amounts(scene) == [1990]


@begins("payment-timed-out")
def test_payment_timed_out(scene: Scene) -> None:
    """The first order times out without a callback and stays closed; another one is paid."""
    number = ordered(scene)

    assert scene.phone("pay", order=number)["code"] == 1
    assert (status(scene, number), amounts(scene)) == ("TIMEOUT", [])
    assert scene.phone("pay", order=number)["errNo"] == 10401
    assert status(scene, paid(scene)) == "SUCCESS"


@begins("payment-callback-lost")
def test_callback_lost(scene: Scene) -> None:
    """It is paid, and only a query says so."""
    number = paid(scene)
    scene.advance(DAYS)

    assert amounts(scene) == []
    assert status(scene, number) == "SUCCESS"


@begins("payment-callback-twice")
def test_callback_twice(scene: Scene) -> None:
    """Two callbacks tell the same of one payment."""
    paid(scene)

    [(first, content), (second, again)] = told(scene, "ecpay_payment")
    assert content == again
    assert first.id != second.id


@begins("payment-callback-first")
def test_callback_first(scene: Scene) -> None:
    """With the answer under way the order is paid; the cashier does not open for it."""
    number = ordered(scene)

    assert amounts(scene) == [1990]
    assert status(scene, number) == "SUCCESS"
    assert scene.phone("pay", order=number)["errNo"] == 10401
    again = signed(scene, "/api/apps/ecpay/v1/create_order", out_order_no=number)
    assert scene.box.handle(again.request()).delay == 1.0


@begins("payment-amount-differs")
def test_amount_differs(scene: Scene) -> None:
    """The callback tells another amount than the order has."""
    number = paid(scene)

    assert amounts(scene) == [1991]
    found = operation(scene, "query_order", out_order_no=number)
    assert found["payment_info"]["total_fee"] == 1990


@begins("refund-refused")
def test_refund_refused(scene: Scene) -> None:
    """The first refund is accepted and fails; the second one succeeds."""
    number = paid(scene)
    refunded(scene, number)
    scene.advance(DONE)
    refunded(scene, number)
    scene.advance(DONE)

    states = [content["status"] for _, content in told(scene, "ecpay_refund")]
    assert states == ["FAIL", "SUCCESS"]


@begins("settle-too-early")
def test_settle_too_early(scene: Scene) -> None:
    """A settlement before seven days fails, and one after them succeeds."""
    number = paid(scene)
    settled(scene, number)
    scene.advance(DONE)
    [(_, early)] = told(scene, "ecpay_settle")
    scene.advance(7 * DAYS)
    settled(scene, number)
    scene.advance(DONE)

    assert early["status"] == "FAIL"
    assert told(scene, "ecpay_settle")[-1][1]["status"] == "SUCCESS"


@pytest.mark.parametrize("scene", ["default"], indirect=True)
@pytest.mark.parametrize(
    ("effect", "code", "state"),
    [
        (Effect.PAYMENT_FAILS, 2, "FAIL"),
        (Effect.ORDER_TIMES_OUT, 1, "TIMEOUT"),
        (Effect.ORDER_IS_PAID, None, "SUCCESS"),
    ],
)
@pytest.mark.parametrize("on", ["ecpay.create_order", "phone.pay"])
def test_effects_on_both(scene: Scene, on: str, effect: Effect, code: int, state: str) -> None:
    """An effect is noted where the order is made or where it is paid."""
    scene.world.rules.add(Rule(on=on, times=1, happens=effect))
    number = ordered(scene)

    assert scene.phone("pay").get("code") == code
    assert status(scene, number) == state


@pytest.mark.parametrize("scene", ["default"], indirect=True)
def test_a_phone_loses_the_callback(scene: Scene) -> None:
    """On tt.pay the callback is lost of the order that it names."""
    scene.world.rules.add(Rule(on="phone.pay", times=1, happens=Effect.CALLBACK_IS_LOST))
    number = ordered(scene)
    ordered(scene, "OTHER")

    scene.phone("pay", order=number)

    assert (status(scene, number), amounts(scene)) == ("SUCCESS", [])
