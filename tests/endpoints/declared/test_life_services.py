"""Partners, members, comments, after-sales and travel of 本地生活, and live games."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.calls import PERSON
from tests.endpoints.declared.scene import RefusedError, Scene

ACCOUNT = {"account_id": "7376000000000000001"}
AUDITED = 601.0
"""Seconds after which every audit is over."""


@pytest.fixture
def scene() -> Scene:
    """Return a world to work in."""
    return Scene()


@pytest.mark.parametrize(("result", "status"), [("passed", 302), ("refused", 401)])
def test_a_merchant_confirms_a_cooperation(scene: Scene, result: str, status: int) -> None:
    """A cooperation waits for the merchant, and is listed by its status."""
    scene.set(audit_result=result)
    terms = {"charge_type": 1, "cooperation_content": 1, "start_time": 1, "end_time": 2}
    order = scene.call("life_partners.create_partner_order", ACCOUNT | terms)
    assert scene.call("life_partners.get_order", order)["status"] == 102
    scene.advance(AUDITED)
    listed = scene.call("life_partners.list_orders", {"status": [status]})
    assert [row["id"] for row in listed["orders"]] == [order["order_id"]]
    assert scene.call("life_partners.list_orders", {"status": [102]})["total"] == 0


def test_commissions_are_set_and_recorded(scene: Scene) -> None:
    """A product has the commission of the last record, and each record tells what was before."""
    terms = {"charge_type": 1, "cooperation_content": 1, "start_time": 1, "end_time": 2}
    order = scene.call("life_partners.create_partner_order", ACCOUNT | terms)
    for ratio in ("1900", "2100"):
        item = {"product_id": "1700000000000001", "commission_ratio": ratio}
        saved = scene.call("life_partners.save_commissions", order | {"product_items": [item]})
    [row] = scene.call("life_partners.list_commissions", order)["product_commissions"]
    assert row["product"]["effective_commission_ratio"] == "2100"
    assert scene.call("life_partners.list_records", order)["total"] == 2
    asked = order | {"record_id": saved["record_id"]}
    [item] = scene.call("life_partners.get_record", asked)["commission_record_items"]
    ratios = (item["commission_ratio_before"], item["audit_commission_ratio"])
    assert ratios == ("1900", "2100")
    params = {"order_id": "1", "product_items": [{"product_id": "1700000000000001"}]}
    assert scene.refusal("life_partners.save_commissions", params) == "not_found"


def test_union_ids_are_those_of_the_apps_people(scene: Scene) -> None:
    """Whose open_id it is has the union_id of their login; a stranger's is left out."""
    app = scene.app("web")
    known = scene.world.people.open_id(app, PERSON)
    params = ACCOUNT | {"members": [{"open_id": known}, {"open_id": "_000nobody"}]}
    [row] = scene.call("life_members.get_union_ids", params)["members"]
    assert row["union_id"] == scene.world.people.union_id(app, PERSON)


def test_comments_come_in_pages_and_are_answered(scene: Scene) -> None:
    """Pages of comments hold each once, those of a store are found, and one can be answered."""
    first = scene.call("life_catering.list_comments", ACCOUNT | {"count": "5"})
    rest = scene.call("life_catering.list_comments", ACCOUNT | {"count": "5", "cursor": "5"})
    rows = first["comments"] + rest["comments"]
    assert (first["has_more"], rest["has_more"]) == (True, False)
    assert len({row["comment_info"]["rate_id"] for row in rows}) == len(rows) == 8
    one = rows[6]
    asked = ACCOUNT | {"poi_id_list": [one["poi_id"]]}
    [found] = scene.call("life_catering.list_comments", asked)["comments"]
    assert found == one
    reply = {"poi_id": one["poi_id"], "rate_id": one["comment_info"]["rate_id"], "text": "谢谢"}
    assert scene.call("life_catering.reply_to_comment", ACCOUNT | reply)["reply_id"]
    unknown = ACCOUNT | reply | {"rate_id": "1"}
    assert scene.refusal("life_catering.reply_to_comment", unknown) == "not_found"


GRANTED: dict[str, Any] = {"audit_status": True}
REFUSED: dict[str, Any] = {"audit_status": False, "reject_reason": "已核销"}


def test_an_after_sale_is_audited_once(scene: Scene) -> None:
    """It is granted or turned down, by its order and certificate; a second time it is refused."""
    listed = scene.call("life_catering.list_after_sales", ACCOUNT)["after_sale_order_list"]
    for row, verdict in zip(listed, (GRANTED, REFUSED), strict=False):
        order = {"order_id": row["order_id"]}
        given = ACCOUNT | order | {"certificate_id": row["certificate_id"]} | verdict
        scene.call("life_catering.audit_after_sale", given)
        found = scene.call("life_catering.get_after_sale", ACCOUNT | order)
        [now] = found["after_sale_order_list"]
        is_granted = verdict["audit_status"]
        assert (now["status"], now["audit_result"]) == ((2, "1") if is_granted else (3, "2"))
        assert now["reject_reason"] == verdict.get("reject_reason", "")
        assert scene.refusal("life_catering.audit_after_sale", given) == "wrong_state"
    other = ACCOUNT | {"order_id": listed[2]["order_id"], "certificate_id": "1"}
    unknown = other | {"audit_status": True}
    assert scene.refusal("life_catering.audit_after_sale", unknown) == "not_found"


def test_a_presale_coupon_is_saved_and_told_of(scene: Scene) -> None:
    """What was saved of it is told, and the second save changes it."""
    product = {"product_id": "1700000000000001"}
    for stock in ("30", "20"):
        saved = product | {"origin_amount": 9900, "total_stock_qty": stock}
        scene.call("life_trips.save_presale_coupon", saved)
    told = scene.call("life_trips.query_presale", product)
    assert (told["original_amount"], told["total_stock_qty"]) == (9900, "20")
    assert scene.refusal("life_trips.query_presale", {"product_id": "1"}) == "not_found"


PUSH = {"roomid": "7214015683695250235", "appid": "tt0123456789abcdef01", "msg_type": "live_gift"}


def test_pushing_starts_stops_and_starts_under_another_id(scene: Scene) -> None:
    """Its status is missing, running, stopped; started twice it is one task."""

    def status() -> int:
        return int(scene.call("live_games.get_push", PUSH)["status"])

    assert status() == 1
    assert scene.refusal("live_games.stop_push", PUSH) == "not_found"
    first = scene.call("live_games.start_push", PUSH)["task_id"]
    assert scene.call("live_games.start_push", PUSH)["task_id"] == first
    assert status() == 3
    scene.call("live_games.stop_push", PUSH)
    assert status() == 2
    assert scene.call("live_games.start_push", PUSH)["task_id"] != first
    other = scene.call("live_games.get_push", PUSH | {"msg_type": "live_comment"})
    assert other["status"] == 1


def test_a_diamond_order_is_paid_and_acknowledged(scene: Scene) -> None:
    """An order with a number that was used is the same; only a paid one is acknowledged."""
    order: dict[str, Any] = {"app_id": "tt01", "open_id": "_000someone", "diamonds": 32}
    made = scene.call("live_games.create_diamond_order", order | {"out_trade_no": "n-1"})
    assert scene.call("live_games.create_diamond_order", order | {"out_trade_no": "n-1"}) == made
    told = order | made
    assert scene.refusal("live_games.acknowledge_diamond_order", told) == "wrong_state"
    scene.advance(6)
    assert scene.call("live_games.acknowledge_diamond_order", told)["ack_status"] == 1
    found = scene.call("live_games.query_diamond_order", made | {"appid": "tt01"})
    assert (found["order_status"], found["diamonds"]) == (2, 32)
    with pytest.raises(RefusedError, match="no_order"):
        scene.call("live_games.query_diamond_order", {"appid": "tt01", "order_id": "1"})


def test_results_belong_to_a_round_that_began(scene: Scene) -> None:
    """Results of a round that was never synced are refused."""
    room = {"app_id": "tt01", "room_id": "1", "anchor_open_id": "_000anchor", "round_id": 23}
    user = {"open_id": "_000someone", "rank": 1, "score": 7}
    results = room | {"user_list": [user]}
    assert scene.refusal("live_games.upload_user_results", results) == "not_found"
    scene.call("live_games.sync_round", room | {"status": 1, "start_time": 1722239345})
    scene.call("live_games.upload_user_results", results)
    many = results | {"user_list": [user] * 51}
    assert scene.refusal("live_games.upload_user_results", many) == "bad_params"
