"""The platform settles by itself what nobody settles: by the world's clock, and unseen before."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.plans import plan
from mockdouyin.domain import due_texts
from mockdouyin.domain.ledger import Place, Purse, booked, held
from mockdouyin.persistence.state_dump import dump, frames, from_frames, load
from tests.delivery.conftest import ACCEPTS, Make, advance
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import (
    DONE,
    RECEIVER,
    operation,
    ordered,
    paid,
    refunded,
    settled,
    sharing,
)
from tests.support.receivers import Receiver


def tell_at(scene: Scene, url: str) -> None:
    """Set the address of the app's callbacks."""
    body = {"payment": {"notify_url": url}}
    execute(scene.box, "change_app", path={"key": "mini_program"}, body=body)


def shown(scene: Scene, order: str) -> Any:
    """Return the automatic settlements of an order."""
    fields = {"out_order_no": order, "query_type": 1}
    return operation(scene, "query_platform_order", **fields)["platform_order"]["settle_info_list"]


def seller(scene: Scene) -> int:
    """Return the seller's balance."""

    def read() -> int:
        merchant = scene.app("mini_program").payment.merchant_uid
        unit = scene.world.store.unit(scene.world.clock.now())
        return held(unit, Purse(Place.BALANCE, merchant))

    return scene.world.transact(read)


def test_after_150_days_the_seller_gets_everything(make: Make) -> None:
    """The clock alone brings it about: money, record, journal, and one signed callback."""
    scene = make()
    with Receiver(ACCEPTS) as receiver:
        tell_at(scene, receiver.url)
        order = paid(scene, notify_url="")
        advance(scene, "1s")
        assert len(receiver.received) == 1
        advance(scene, f"{150 * 86400 - 2}s")
        assert (len(receiver.received), shown(scene, order), seller(scene)) == (1, [], 0)

        ran = advance(scene, "1s")

        got = receiver.received[1]
    scene.box.deliverer.stop()
    body = json.loads(got.body)
    assert body["type"] == "settle_finish"
    (one,) = shown(scene, order)
    numbers = {"settle_no": one["settle_no"], "settle_plat_no": one["out_settle_no"]}
    assert json.loads(body["msg"]) == {
        "ma_app_id": scene.app("mini_program").client_key,
        "out_order_id": order,
        "auto_settle_list": [
            {
                "created_at": "2026-05-31 12:00:00",
                **numbers,
                "settle_info": [{"merchant_uid": "70000000000000000001", "amount": 1978}],
                "settle_status": "SUCCESS",
                "service_charge": 12,
                "cps": 0,
                "settled_at": "2026-05-31 12:00:00",
                "settle_way": "1",
            }
        ],
    }
    assert seller(scene) == 1978
    assert (ran["settled"], ran["deliveries"]["delivered"]) == (1, 1)
    assert "1 order settled by the platform" in ran["says"]
    kinds = [row["kind"] for row in execute(scene.box, "rows")["rows"] if row["type"] == "act"]
    assert kinds.count("order.settled") == 1


def test_nothing_waits_for_it(make: Make) -> None:
    """Until its day comes no delivery is listed, only what falls due shows it, in words."""
    scene = make()
    order = paid(scene, notify_url="")

    advance(scene, "1d")

    assert execute(scene.box, "list_deliveries")["deliveries"] == []
    (due,) = [each for each in execute(scene.box, "due")["due"] if each["kind"] == "order"]
    assert (due["name"], due["in"]) == ("auto_settlement", 149 * 86400)
    assert due["says"] == f"order {order} of mini_program is settled by the platform"
    assert due["link"].endswith(order)
    key = f"auto_settlement {scene.app('mini_program').client_key} {order}"
    with pytest.raises(NotFoundError, match="no delivery"):
        execute(scene.box, "delivery", path={"id": key})
    scene.box.deliverer.stop()


def finished(scene: Scene) -> str:
    """Return an order that was settled to its end."""
    order = paid(scene)
    settled(scene, order)
    return order


def given_back(scene: Scene) -> str:
    """Return an order that was refunded wholly, in two parts."""
    order = paid(scene)
    refunded(scene, order, refund_amount=990)
    refunded(scene, order, refund_amount=1000)
    return order


@pytest.mark.parametrize("prepare", [finished, given_back, ordered])
def test_of_what_is_over_nothing_is_planned(prepare: Callable[[Scene], str]) -> None:
    """An order that is settled, refunded or not paid is not settled by the platform."""
    scene = Scene()
    order = prepare(scene)
    scene.advance(DONE)
    before = seller(scene)

    assert "auto_settlement" not in [each["name"] for each in execute(scene.box, "due")["due"]]
    execute(scene.box, "advance_clock", body={"by": "400d"})

    assert (shown(scene, order), seller(scene)) == ([], before)


def test_each_settlement_begins_the_150_days_anew(make: Make) -> None:
    """One that did not finish leaves the rest to the platform, 150 days after it."""
    scene = make()
    order = paid(scene, notify_url="")
    advance(scene, "100d")
    part = {"settle_params": sharing((RECEIVER, 1000)), "finish": "false", "notify_url": ""}
    settled(scene, order, **part)
    advance(scene, "149d")
    assert shown(scene, order) == []

    advance(scene, "1d")

    (one,) = shown(scene, order)
    assert one["settle_param_list"] == [{"amount": 978, "merchant_uid": "70000000000000000001"}]
    assert seller(scene) == 978
    scene.box.deliverer.stop()


def test_without_an_address_it_happens_all_the_same(make: Make) -> None:
    """An app that wants no callbacks gets its money, and no delivery is made."""
    scene = make()
    orders = [paid(scene, f"ORDER-{number}", notify_url="") for number in range(5)]

    ran = advance(scene, "200d")

    assert [len(shown(scene, order)) for order in orders] == [1] * 5
    assert (ran["settled"], seller(scene)) == (5, 5 * 1978)
    assert execute(scene.box, "list_deliveries")["deliveries"] == []
    scene.box.deliverer.stop()


def test_without_a_deliverer_it_happens_at_its_own_time() -> None:
    """A sandbox that sends nothing settles too; a clock that moved far does not change when."""
    scene = Scene()
    tell_at(scene, "https://shop.example.test/pay")
    order = paid(scene)

    moved = execute(scene.box, "advance_clock", body={"by": "200d"})

    assert moved["unfinished"]
    assert shown(scene, order)[0]["settled_at"] == "2026-05-31 12:00:00"
    events = [each["event"] for each in execute(scene.box, "list_deliveries")["deliveries"]]
    assert "ecpay_settle_finish" in events


def test_it_outlives_a_restart_and_a_snapshot() -> None:
    """A state file and a snapshot hold what is planned."""
    scene = Scene()
    order = paid(scene, notify_url="")
    taken = execute(scene.box, "take_snapshot")["snapshot"]
    settled(scene, order)
    again = Scene()
    load(again.box, from_frames(list(frames(dump(scene.box, {})))))
    execute(scene.box, "restore_snapshot", path={"id": taken})

    for each in (scene, again):
        execute(each.box, "advance_clock", body={"by": "150d"})

    assert (len(shown(scene, order)), shown(again, order)) == (1, [])
    restarted = Scene()
    waiting = Scene()
    paid(waiting, order, notify_url="")
    load(restarted.box, from_frames(list(frames(dump(waiting.box, {})))))
    execute(restarted.box, "advance_clock", body={"by": "150d"})
    assert len(shown(restarted, order)) == 1


def test_an_app_that_was_removed_is_not_told() -> None:
    """The money moves, and there is nobody to tell."""
    scene = Scene()
    paid(scene, notify_url="")
    key = scene.app("mini_program").client_key
    merchant = scene.app("mini_program").payment.merchant_uid

    def remove() -> None:
        del scene.world.apps[key]

    scene.world.transact(remove)
    execute(scene.box, "advance_clock", body={"by": "150d"})

    unit = scene.world.store.unit(scene.world.clock.now())
    assert held(unit, Purse(Place.BALANCE, merchant)) == 1978
    assert [each.kind for each in booked(unit, key, 20604, "settle")] == ["settle"]


def test_a_plan_has_a_name_of_its_own() -> None:
    """Two plans of one name are a mistake of ours, found when they are declared."""
    with pytest.raises(MockDouyinError, match="declared twice"):
        plan("auto_settlement", due_texts.AUTO_SETTLEMENT)(lambda *given: None)
