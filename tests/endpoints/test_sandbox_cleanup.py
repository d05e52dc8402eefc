"""The sandbox of guaranteed payment is cleaned up on Saturdays; production is not."""

from __future__ import annotations

from datetime import datetime

import pytest

from mockdouyin.control import execute
from mockdouyin.core.clock import BEIJING, DAY, HOUR, beijing
from mockdouyin.domain.owned_records import kept_until
from tests.endpoints.calls import Scene
from tests.endpoints.calls_merchant import account, ask, earned, withdrawn
from tests.endpoints.calls_payment import DONE, operation, ordered, paid, refunded, settled


def at_noon(*date: int) -> float:
    """Return noon of a day in Beijing."""
    year, month, day = date
    return datetime(year, month, day, 12, tzinfo=BEIJING).timestamp()


@pytest.mark.parametrize(
    ("made", "gone"),
    [
        ((2026, 1, 1), "2026-01-17 04:00"),  # a Thursday: on the 15th it is 14 days old
        ((2026, 1, 2), "2026-01-17 04:00"),
        ((2026, 1, 3), "2026-01-24 04:00"),  # a Saturday: at 04:00 of the 17th not 14 days old
        ((2026, 1, 9), "2026-01-24 04:00"),
    ],
)
def test_what_is_older_than_14_days_goes_on_a_saturday(
    made: tuple[int, int, int], gone: str
) -> None:
    """At 04:00 in Beijing, the first time that it is older than 14 days."""
    assert f"{beijing(kept_until(at_noon(*made), sandbox=True)):%Y-%m-%d %H:%M}" == gone


def gone(scene: Scene, numbers: tuple[str, str, str]) -> list[int]:
    """Return the err_no of the queries for an order, a refund and a settlement."""
    order, refund, settlement = numbers
    return [
        operation(scene, "query_order", out_order_no=order)["err_no"],
        operation(scene, "query_refund", out_refund_no=refund)["err_no"],
        operation(scene, "query_settle", out_settle_no=settlement)["err_no"],
    ]


def made(scene: Scene) -> tuple[str, str, str]:
    """Make an order, a refund and a settlement of it; return their numbers."""
    order = paid(scene, "ORDER-1")
    numbers = order, refunded(scene, order), settled(scene, order)
    scene.advance(DONE)
    return numbers


def test_orders_refunds_and_settlements_go() -> None:
    """After the clean-up there is no trace of them, and an order's number is free again."""
    scene = Scene(payment_environment="sandbox")
    numbers = made(scene)
    left = kept_until(scene.world.clock.now(), sandbox=True) - scene.world.clock.now()

    scene.advance(left - 1)
    assert gone(scene, numbers) == [0, 0, 0]
    scene.advance(2)

    assert gone(scene, numbers) == [2000, 3101, 2000]
    assert execute(scene.box, "list_orders")["orders"] == []
    ordered(scene, "ORDER-1", total_amount=5)
    again = operation(scene, "query_order", out_order_no="ORDER-1")["payment_info"]
    assert (again["total_fee"], again["order_status"]) == (5, "PROCESSING")


def test_a_spoilt_number_is_free_again() -> None:
    """The first request for it failed, and that is forgotten as well."""
    scene = Scene(payment_environment="sandbox")
    bad = {"out_order_no": "ORDER-1", "total_amount": -1}
    assert operation(scene, "create_order", **bad)["err_no"] == 2010

    scene.advance(21 * DAY)

    ordered(scene, "ORDER-1")


def test_withdrawals_go() -> None:
    """A withdrawal of the sandbox is no longer found, and its money is still withdrawn."""
    scene = Scene(payment_environment="sandbox")
    earned(scene, 1990, sandbox=True)
    assert withdrawn(scene, "W-1", 100)["err_no"] == 0
    query = {**account(scene), "out_order_id": "W-1"}
    assert ask(scene, "query_withdraw_order", **query)["err_no"] == 0

    scene.advance(21 * DAY)

    assert ask(scene, "query_withdraw_order", **query)["err_no"] == 2000
    info = ask(scene, "query_merchant_balance", **account(scene))["account_info"]
    assert info["withdrawable_balacne"] == 1890


def test_production_keeps_everything() -> None:
    """Orders of production are there after a year, and the platform's own settlement waits."""
    scene = Scene()
    numbers = made(scene)

    scene.advance(365 * DAY)

    assert gone(scene, numbers) == [0, 0, 0]


def test_no_settlement_is_planned_for_what_will_be_gone() -> None:
    """The platform settles in 150 days, and no order of the sandbox becomes so old."""
    for environment, planned in (("production", 1), ("sandbox", 0)):
        scene = Scene(payment_environment=environment)
        paid(scene)
        scene.advance(HOUR)

        due = execute(scene.box, "due")["due"]

        assert [each["name"] for each in due].count("auto_settlement") == planned
