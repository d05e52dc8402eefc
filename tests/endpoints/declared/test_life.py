"""Goods and stores of 本地生活, made and changed by calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.declared.scene import Scene

ACCOUNT = {"account_id": "7376000000000000001"}
AUDITED = 601.0
"""Seconds after which every audit is over."""


@pytest.fixture
def scene() -> Scene:
    """Return a world to trade in."""
    return Scene()


def save(scene: Scene, **product: Any) -> str:
    """Save a product of which 500 are in stock; return its id."""
    sku = {
        "actual_amount": 996,
        "sku_name": "双人餐",
        "stock": {"limit_type": 1, "stock_qty": 500},
    }
    params = ACCOUNT | {"product": product, "sku": sku}
    return str(scene.call("life_goods.save_product", params)["product_id"])


def online(scene: Scene, **asked: Any) -> list[dict[str, Any]]:
    """Return the products that people can buy, or some of them."""
    found = scene.call("life_goods.list_online_products", ACCOUNT | {"count": "50"} | asked)
    rows: list[dict[str, Any]] = found["products"]
    return rows


def test_a_product_is_saved_audited_sold_and_taken_down(scene: Scene) -> None:
    """A draft is audited before it is online, is found by its maker's number, and taken down."""
    before = len(online(scene))
    made = save(scene, out_id="soup-1", product_name="羊肉汤")
    drafts = scene.call("life_goods.get_drafts", {"out_ids": ["soup-1"]})["product_drafts"]
    assert [row["product"]["product_id"] for row in drafts] == [made]
    assert drafts[0]["draft_status"] == 10
    asked = {"op_type": 2, "out_id": "soup-1"}
    assert scene.refusal("life_goods.operate_product", asked) == "wrong_state"
    assert len(online(scene)) == before
    scene.advance(AUDITED)
    assert len(online(scene)) == before + 1
    [row] = online(scene, product_name="羊肉汤")
    assert (row["online_status"], row["sku"]["actual_amount"]) == (1, 996)
    scene.call("life_goods.operate_product", asked)
    assert [each["product"]["product_id"] for each in online(scene, status=2)] == [made]
    assert scene.refusal("life_goods.operate_product", asked | {"out_id": "none"}) == "not_found"


def test_a_product_that_is_refused_is_not_online(scene: Scene) -> None:
    """Where audits are refused the draft fails, and nobody can buy it."""
    scene.set(audit_result="refused")
    save(scene, out_id="soup-2", product_name="羊杂汤")
    scene.advance(AUDITED)
    drafts = scene.call("life_goods.list_drafts", ACCOUNT | {"status": "12", "count": "50"})
    assert "soup-2" in [row["product"]["out_id"] for row in drafts["products"]]
    assert online(scene, product_name="羊杂汤") == []


def test_a_product_saved_twice_is_one(scene: Scene) -> None:
    """The same number of its maker means the same product; what is not sent stays."""
    made = save(scene, out_id="soup-3", product_name="牛肉汤", telephone=["010-1"])
    assert save(scene, out_id="soup-3", product_name="牛杂汤") == made
    [row] = scene.call("life_goods.get_drafts", {"product_ids": [made]})["product_drafts"]
    assert row["product"]["product_name"] == "牛杂汤"
    assert row["product"]["telephone"] == ["010-1"]
    scene.call("life_goods.sync_stock", {"out_id": "soup-3", "stock": {"stock_qty": 7}})
    [row] = scene.call("life_goods.get_drafts", {"product_ids": [made]})["product_drafts"]
    assert (row["sku"]["stock"]["stock_qty"], row["sku"]["stock"]["limit_type"]) == (7, 1)


def test_products_come_in_pages(scene: Scene) -> None:
    """Each page's cursor, a text, leads to the next, and the last page says that it is."""
    for number in range(3):
        save(scene, out_id=f"page-{number}")
    cursor, seen, more = "0", [], True
    while more:
        page = scene.call("life_goods.list_drafts", ACCOUNT | {"cursor": cursor, "count": "2"})
        cursor, more = page["next_cursor"], page["has_more"]
        assert isinstance(cursor, str)
        seen += [row["product"]["product_id"] for row in page["products"]]
    assert len(seen) == len({*seen}) == 5


@pytest.mark.parametrize(("result", "found"), [("passed", 1), ("refused", 2)])
def test_stores_are_matched_by_one_task(scene: Scene, result: str, found: int) -> None:
    """All stores of a call belong to a task, which waits, and then tells how each was matched."""
    scene.set(audit_result=result)
    stores = [{"ext_id": f"s{n}", "poi_id": f"715{n}", "poi_name": "小店"} for n in (1, 2)]
    task = scene.call("life_shops.submit_match", {"datas": stores})["task_id"]
    asked = {"task_id": str(task)}
    rows = scene.call("life_shops.query_match", asked)["results"]
    assert [row["ext_id"] for row in rows] == ["s1", "s2"]
    assert {(row["match_status"], row["match_result"]) for row in rows} == {(1, 0)}
    scene.advance(AUDITED)
    rows = scene.call("life_shops.query_match", asked)["results"]
    assert {(row["match_status"], row["match_result"]) for row in rows} == {(5, found)}
    told = scene.call("life_shops.query_relations", {"ext_ids": "s2,s9"})["relations"]
    assert [row["match_poi_id"] for row in told] == ["7152" if found == 1 else "0"]
    missing = scene.refusal("life_shops.query_match", {"task_id": "1"})
    assert missing == "bad_business_params"


def test_each_store_has_a_task_of_its_own(scene: Scene) -> None:
    """A claim of two stores makes two tasks, which are over after a while."""
    stores = [{"poi_id": "71", "third_id": "a"}, {"poi_id": "72", "third_id": "b"}]
    tasks = scene.call("life_shops.claim_shops", {"datas": stores})["tasks"]
    assert [(task["poi_id"], task["third_id"]) for task in tasks] == [("71", "a"), ("72", "b")]
    scene.advance(AUDITED)
    asked = {"task_ids": [task["task_id"] for task in tasks]}
    over = scene.call("life_shops.query_shop_tasks", asked)["tasks"]
    assert [task["status"] for task in over] == [5, 5]
    assert len({task["task_id"] for task in over}) == 2


def test_a_merchant_has_stores(scene: Scene) -> None:
    """They are listed with the account that was asked for, and each is found by its id."""
    shops = scene.call("life_shops.query_shops", ACCOUNT | {"page": "1", "size": "2"})
    assert (len(shops["pois"]), shops["total"]) == (2, 3)
    assert shops["pois"][0]["root_account"]["account_id"] == ACCOUNT["account_id"]
    one = shops["pois"][1]["poi"]["poi_id"]
    [found] = scene.call("life_shops.query_shops", {"poi_id": one})["pois"]
    assert found["poi"] == shops["pois"][1]["poi"]
