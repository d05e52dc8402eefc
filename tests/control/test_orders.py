"""`GET …/orders`: the orders of guaranteed payment, with what became of each."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import DONE, ordered, paid, refunded, settled


def listed(scene: Scene, **query: Any) -> dict[str, Any]:
    """Return the orders as the operation lists them."""
    found: dict[str, Any] = execute(scene.box, "list_orders", query=query)
    return found


def test_what_an_order_shows() -> None:
    """State, way, payer, sums and callbacks follow what happens to it."""
    scene = Scene()
    paid(scene, "PAID", way="alipay")
    refunded(scene, "PAID")
    settled(scene, "PAID")
    scene.advance(DONE)
    ordered(scene, "OPEN", limit_pay_way="LIMIT_WX")

    first, second = listed(scene)["orders"]

    assert (first["status"], first["way"], first["payer"]) == ("SUCCESS", "alipay", "小明")
    assert (first["refunded"], first["settled"], first["in_transit"]) == (190, 1800, 0)
    assert (len(first["refunds"]), len(first["settlements"])) == (1, 1)
    events = [each["event"] for each in first["callbacks"]]
    assert events == ["ecpay_payment", "ecpay_refund", "ecpay_settle"]
    assert (second["out_order_no"], second["status"]) == ("OPEN", "PROCESSING")
    assert (second["ways"], second["callbacks"]) == (["alipay", "douyin"], [])
    scene.advance(901)
    assert listed(scene)["orders"][-1]["status"] == "TIMEOUT"


def test_orders_of_one_moment() -> None:
    """Where the clock stands still, orders are listed as they were made."""
    scene = Scene()
    numbers = [f"ORD-{n}" for n in range(12)]
    for number in numbers:
        ordered(scene, number)

    assert [each["out_order_no"] for each in listed(scene)["orders"]] == numbers


def test_pages() -> None:
    """The newest come first to hand, and `before` lists earlier ones; an app has its own."""
    scene = Scene()
    numbers = [f"ORD-{n}" for n in range(5)]
    for number in numbers:
        ordered(scene, number)
        scene.advance(1)

    newest = listed(scene, limit="2")
    assert [each["out_order_no"] for each in newest["orders"]] == numbers[3:]
    assert (newest["total"], newest["more"]) == (5, True)
    earlier = listed(scene, limit="3", before=newest["orders"][0]["order_id"])
    assert [each["out_order_no"] for each in earlier["orders"]] == numbers[:3]
    assert not earlier["more"]
    assert listed(scene, before="none")["orders"] == []
    assert listed(scene, app="mini_program")["total"] == 5
    assert listed(scene, app="web")["total"] == 0
    with pytest.raises(MockDouyinError, match="limit should be from 1 to 200, not 201"):
        listed(scene, limit="201")


def test_the_newest_of_one_moment_is_that_of_the_cashier() -> None:
    """While the clock stands, the last order listed is the one that a phone pays by default."""
    scene = Scene()
    for number in ("FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH"):
        ordered(scene, number)

        assert listed(scene, limit="1")["orders"][0]["out_order_no"] == number
    scene.phone("pay")
    assert listed(scene, limit="1")["orders"][0]["status"] == "SUCCESS"
