"""Order push: what is accepted, what is refused, and what it does to an order that was paid."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.domain.orders import Order
from mockdouyin.domain.owned_records import key_of
from mockdouyin.domain.pushed_orders import PushedOrder
from tests.endpoints.calls import Ask, Scene
from tests.endpoints.calls_payment import order_detail, paid, pushing

FINE = {"err_code": 0, "err_msg": "success", "body": ""}
REFUSED = {"err_code": -1, "err_msg": "系统错误,请重试", "body": ""}


def is_used(scene: Scene, number: str, *, sandbox: bool = False) -> bool:
    """Whether an order of guaranteed payment counts as used."""
    unit = scene.world.store.unit(scene.world.clock.now())
    key = key_of(scene.app("mini_program").client_key, number, sandbox=sandbox)
    order = unit.read(Order, key)
    assert order is not None
    return order.is_fulfilled


def pushed(scene: Scene, number: str) -> PushedOrder | None:
    """Return what is kept of a pushed order."""
    unit = scene.world.store.unit(scene.world.clock.now())
    return unit.read(PushedOrder, f"{scene.app('mini_program').client_key} {number}")


def last_why(scene: Scene) -> str:
    """Return why the last call was refused."""
    return list(scene.world.journal)[-1].why.render("en")


def deleting(scene: Scene, number: str, **fields: Any) -> Ask:
    """Return the call that deletes an order."""
    every = {
        "access_token": scene.app_token(),
        "openid": scene.open_id("mini_program"),
        "appname": "douyin",
        "order_id": number,
        **fields,
    }
    return Ask("POST", "/api/apps/order/delete", fields=every)


@pytest.mark.parametrize("status", [0, 1, 2, 5, 6, 8])
def test_only_an_order_that_was_used_counts_as_used(status: int) -> None:
    """Every other order_status is accepted, and leaves the order as it was; 4 marks it."""
    scene = Scene()
    order = paid(scene)

    assert scene.ask(pushing(scene, order, order_status=status)) == FINE
    before = is_used(scene, order)
    assert scene.ask(pushing(scene, order, order_status=4)) == FINE

    assert (before, is_used(scene, order)) == (False, True)


def test_an_order_of_the_sandbox_is_marked_too() -> None:
    """A number that the sandbox alone knows is the sandbox's order."""
    scene = Scene()
    scene.set(payment_environment="sandbox")
    order = paid(scene)

    scene.send(pushing(scene, order))

    assert is_used(scene, order, sandbox=True)


def test_an_order_of_another_payment_is_kept() -> None:
    """A number that was never paid here can be pushed, updated and deleted."""
    scene = Scene()

    assert scene.ask(pushing(scene, "ELSEWHERE", order_status=1)) == FINE
    kept = pushed(scene, "ELSEWHERE")
    assert kept is not None
    assert (kept.status, kept.person) == (1, "小明")
    assert scene.ask(deleting(scene, "ELSEWHERE")) == FINE
    assert pushed(scene, "ELSEWHERE") is None
    assert scene.ask(deleting(scene, "ELSEWHERE")) == REFUSED


def test_a_late_update_changes_nothing() -> None:
    """What has an older update_time than what is kept is accepted and ignored."""
    scene = Scene()
    now = int(scene.world.clock.now() * 1000)
    scene.send(pushing(scene, "N-1", order_status=6, update_time=now))

    assert scene.ask(pushing(scene, "N-1", order_status=5, update_time=now - 1)) == FINE

    kept = pushed(scene, "N-1")
    assert kept is not None
    assert kept.status == 6


def test_somebody_elses_order_cannot_be_deleted() -> None:
    """Only the person whom an order was pushed for can be named to delete it."""
    scene = Scene()
    scene.send(pushing(scene, "N-1"))

    other = deleting(scene, "N-1", openid=scene.open_id("mini_program", "小红"))

    assert scene.ask(other) == REFUSED
    assert pushed(scene, "N-1") is not None


def test_a_time_in_seconds_is_the_captured_failure() -> None:
    """update_time in seconds is answered as in the capture, and the reason says what is wrong."""
    scene = Scene()

    assert scene.ask(pushing(scene, "N-1", update_time=1767240000)) == REFUSED
    assert "in milliseconds, of 13 digits" in last_why(scene)


def test_coupons_and_tickets_have_a_body() -> None:
    """Their details are the industry's own, and the answer has a text of JSON."""
    scene = Scene()
    body = '{"data":{"description":"","error_code":0,"order_id":"0"}}'
    poi = {"order_status": None, "order_detail": '{"ext_order_id":"1","status":1}'}

    for order_type in (9101, 9001):
        got = scene.ask(pushing(scene, "N-1", order_type=order_type, **poi))
        assert got == {**FINE, "body": body}


BAD: list[dict[str, Any]] = [
    {"app_name": "toutiao"},
    {"order_status": 3},
    {"order_status": None},
    {"order_type": 1},
    {"order_type": None},
    {"update_time": 17672400000000},
    {"extra": "x" * 2049},
    {"order_detail": "[]"},
    {"order_detail": "{"},
    {"order_detail": order_detail("N-1", title="x" * 2048)},
]

ITEM = {"item_code": "a", "img": "b", "title": "c", "price": 1}

BAD_DETAILS: list[dict[str, Any]] = [
    {"order_id": ""},
    {"order_id": 1},
    {"create_time": 1767240000},
    {"status": "已付款"},
    {"amount": "1"},
    {"amount": -1},
    {"total_price": True},
    {"detail_url": "x" * 1025},
    {"item_list": []},
    {"item_list": {}},
    {"item_list": ["a"]},
    {"item_list": [{**ITEM, "item_code": "x" * 65}]},
    {"item_list": [{**ITEM, "img": "x" * 513}]},
    {"item_list": [{**ITEM, "title": "长" * 86}]},
    {"item_list": [{**ITEM, "price": 1.5}]},
    {"item_list": [{**ITEM, "amount": "2"}]},
]


@pytest.mark.parametrize("bad", BAD, ids=[f"{n}-{next(iter(each))}" for n, each in enumerate(BAD)])
def test_what_is_out_of_bounds_is_refused(bad: dict[str, Any]) -> None:
    """Every limit of a parameter is kept, and the reason names the parameter."""
    scene = Scene()

    assert scene.ask(pushing(scene, "N-1", **bad)) == REFUSED
    assert next(iter(bad)) in last_why(scene)
    assert pushed(scene, "N-1") is None


@pytest.mark.parametrize(
    "bad", BAD_DETAILS, ids=[f"{n}-{next(iter(each))}" for n, each in enumerate(BAD_DETAILS)]
)
def test_a_detail_out_of_bounds_is_refused(bad: dict[str, Any]) -> None:
    """Each part of order_detail has its form, and the reason names it."""
    scene = Scene()

    assert scene.ask(pushing(scene, "N-1", order_detail=order_detail("N-1", **bad))) == REFUSED
    assert "in order_detail is wrong; it is" in last_why(scene)
    assert pushed(scene, "N-1") is None


def test_the_longest_details_are_accepted() -> None:
    """Values of the greatest length pass."""
    scene = Scene()
    item = {**ITEM, "item_code": "x" * 64, "img": "x" * 512, "title": "长" * 85, "amount": 2}
    detail = order_detail("N" * 64, detail_url="x" * 700, item_list=[item])

    assert scene.ask(pushing(scene, "N" * 64, order_detail=detail, extra="x" * 2048)) == FINE
