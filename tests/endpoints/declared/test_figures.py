"""Figures without a state behind them: rankings, days and sums that agree with each other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.calls import PERSON
from tests.endpoints.declared.scene import Scene

DAY = 86400


@pytest.fixture
def scene() -> Scene:
    """Return a world with figures."""
    return Scene()


def test_figures_of_some_days_sum_up(scene: Scene) -> None:
    """There is a row for each day that was asked for, and the totals are the sums of the rows."""
    noon = 1672113600  # 2022-12-27 in Beijing
    asked = {"start_time": str(noon - 2 * DAY), "end_time": str(noon)}
    told = scene.call("data_analysis.query_behavior_data", asked)
    rows: list[dict[str, Any]] = told["behaviors"]
    assert [row["time"] for row in rows] == ["2022-12-25", "2022-12-26", "2022-12-27"]
    for name in ("active_user_num", "new_user_num", "share_time", "open_time"):
        assert told["sum"][name] == sum(row[name] for row in rows)
    assert scene.call("data_analysis.query_behavior_data", asked) == told


def test_totals_stand_beside_what_they_count(scene: Scene) -> None:
    """A portrait's total is that of its parts, and each part is named once."""
    asked = {"start_time": "1", "end_time": "2", "host_name": "douyin", "user_type": "active_user"}
    told = scene.call("data_analysis.query_user_portrait_data", asked)
    assert told["total_user"] == sum(row["value"] for row in told["gender"])
    assert [row["name"] for row in told["gender"]] == ["male", "female"]
    assert len({row["name"] for row in told["age"]}) == 6


@pytest.mark.parametrize("name", ["amusement_new", "sport_soccer", "stars", "topic", "hot_video"])
def test_a_billboard_is_in_order(scene: Scene, name: str) -> None:
    """Ranks go from 1 up, and the value falls with them."""
    rows = scene.call(f"billboards.{name}")["list"]
    assert [row["rank"] for row in rows] == list(range(1, 11))
    values = [row.get("effect_value", row.get("hot_value")) for row in rows]
    assert values == sorted(values, reverse=True)
    assert len({*values}) == 10


def test_a_room_that_a_person_had_has_figures(scene: Scene) -> None:
    """Rooms are listed, each has every figure once, and another room has none."""
    open_id = scene.world.people.open_id(scene.app("web"), PERSON)
    mine = {"open_id": open_id}
    asked = mine | {"start_time": "1", "end_time": "2"}
    rooms = scene.call("live_room_data.list_rooms", asked)["room_ids"]
    assert len(rooms) == 3
    figures = mine | {"room_id": rooms[1], "live_id": "1"}
    told = scene.call("live_room_data.get_interaction_data", figures)
    assert {row["item"] for row in told["stats"]} == {rooms[1]}
    assert len({row["name"] for row in told["stats"]}) == 4
    other = figures | {"room_id": "1"}
    assert scene.refusal("live_room_data.get_interaction_data", other) == "not_found"


def test_a_credit_order_is_paid_and_refunded(scene: Scene) -> None:
    """Each is found by its id and by its maker's number; a finished order is not cancelled."""
    made = {"admissible_token": "t", "out_auth_order_no": "a-1"}
    order = scene.call("trade_auth.create_auth_order", made)
    assert scene.refusal("trade_auth.finish_auth_order", order) == "wrong_state"
    scene.advance(6)
    number = {"out_auth_order_no": "a-1"}
    told = scene.call("trade_auth.query_auth_order", number)
    assert (told["auth_order_id"], told["status"]) == (order["auth_order_id"], "SERVING")
    assert told["app_id"] == scene.app("web").client_key
    fees = [{"title": "油费", "amount": 100}]
    pay = order | {"out_pay_order_no": "p-1", "total_amount": 100, "fee_detail_list": fees}
    paid = scene.call("trade_auth.create_pay_order", pay)
    assert scene.call("trade_auth.query_pay_order", paid)["status"] == "PROCESSING"
    scene.advance(6)
    assert scene.call("trade_auth.query_pay_order", paid)["status"] == "SUCCESS"
    assert scene.refusal("trade_auth.close_pay_order", paid) == "wrong_state"
    scene.call("trade_auth.finish_auth_order", order)
    assert scene.refusal("trade_auth.cancel_auth_order", order) == "wrong_state"
    unknown = {"out_auth_order_no": "a-2"}
    assert scene.refusal("trade_auth.query_auth_order", unknown) == "not_found"


def test_a_settlement_is_made_once(scene: Scene) -> None:
    """A number that was used is refused, and what does not agree is not listed."""
    asked = {"out_order_no": "o-1", "out_settle_no": "s-1", "settle_desc": "分账", "ext": "x"}
    made = scene.call("trade_basic.create_settlement", asked)
    assert scene.refusal("trade_basic.create_settlement", asked) == "settled_already"
    scene.advance(2)
    [row] = scene.call("trade_basic.query_settlements", {"out_order_no": "o-1"})
    assert (row["settle_id"], row["settle_status"]) == (made["settle_id"], "SUCCESS")
    assert scene.call("trade_basic.query_settlements", {"out_order_no": "o-2"}) == []


def test_a_place_and_a_spu_are_found(scene: Scene) -> None:
    """A place is found by the other map's id; a SPU has the stock that was synced last."""
    places = scene.call("poi.search_places", {"keyword": "美食", "count": "5"})["pois"]
    assert len(places) == 5
    spu = {"spu_ext_id": "x-1", "name": "双人餐", "stock": 3}
    made = scene.call("poi.sync_spu", spu)
    scene.call("poi.sync_spu_stock", {"spu_ext_id": "x-1", "stock": 9})
    detail = scene.call("poi.get_spu", {"spu_ext_id": "x-1"})["spu_detail"]
    assert (detail["spu_id"], detail["stock"], detail["name"]) == (made["spu_id"], 9, "双人餐")
    talents = {"plan_id": 1, "douyin_id_list": ["dy1", "dy2"]}
    assert [*scene.call("poi.get_plan_talents", talents)["data"]] == ["dy1", "dy2"]
