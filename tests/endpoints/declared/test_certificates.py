"""Certificates of 本地生活: from an order through prepare and verify to the record, and back."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.core.clock import beijing
from tests.endpoints.declared.scene import Scene

POI = "7240000000000000001"
ACCOUNT = "7376000000000000001"
PAGE = {"account_id": ACCOUNT, "page_num": 1, "page_size": 20}
RECORDS = {"account_id": ACCOUNT, "cursor": "0", "size": 20}


@pytest.fixture
def scene() -> Scene:
    """Return a world whose merchants have the orders of the beginning."""
    return Scene()


def orders(scene: Scene, **asked: Any) -> list[dict[str, Any]]:
    """Return orders as the platform tells of them."""
    found: list[dict[str, Any]] = scene.call("life_orders.query_orders", PAGE | asked)["orders"]
    return found


def order_of(scene: Scene, count: int, groupon_type: int) -> dict[str, Any]:
    """Return the order with so many certificates of a type."""
    for order in orders(scene):
        found = scene.call("life_certificates.query_certificates", {"order_id": order["order_id"]})
        rows = found["certificates"]
        if len(rows) == count and rows[0]["sku"]["groupon_type"] == groupon_type:
            return {**order, "rows": rows}
    raise AssertionError(groupon_type)


def prepared(scene: Scene, order: dict[str, Any]) -> dict[str, Any]:
    """Prepare an order by the code that its buyer shows."""
    code = order["certificate"][0]["certificate_id"][-12:]
    found: dict[str, Any] = scene.call("life_certificates.prepare", {"code": code, "poi_id": POI})
    return found


def verified(scene: Scene, token: str, codes: list[str]) -> list[dict[str, Any]]:
    """Verify codes with a token."""
    params = {"verify_token": token, "poi_id": POI, "encrypted_codes": codes}
    found: list[dict[str, Any]] = scene.call("life_certificates.verify", params)["verify_results"]
    return found


def status_of(scene: Scene, code: str) -> dict[str, Any]:
    """Return a certificate by its encrypted code."""
    found = scene.call("life_certificates.get_certificate", {"encrypted_code": code})
    certificate: dict[str, Any] = found["certificate"]
    return certificate


def test_a_certificate_is_prepared_verified_told_of_and_taken_back(scene: Scene) -> None:
    """A verified certificate is used in every answer, and unused again when it was taken back."""
    order = order_of(scene, 2, 1)
    ready = prepared(scene, order)
    assert ready["order_id"] == order["order_id"]
    assert all("code" not in row for row in ready["certificates"])
    one, other = (row["encrypted_code"] for row in ready["certificates"])
    [row] = verified(scene, ready["verify_token"], [one])
    assert (row["result"], row["origin_code"]) == (0, row["certificate_id"][-12:])
    assert status_of(scene, one)["status"] == 2
    assert status_of(scene, one)["verify"]["verify_id"] == row["verify_id"]
    assert status_of(scene, other)["status"] == 1
    assert "verify" not in status_of(scene, other)
    [again] = orders(scene, order_id=order["order_id"])
    assert sorted(item["item_status"] for item in again["certificate"]) == [1, 100]
    told = scene.call("life_certificates.query_records", RECORDS)
    assert [each["verify_id"] for each in told["records"]] == [row["verify_id"]]
    assert (told["total"], told["records"][0]["status"]) == (1, 1)
    taken = {"verify_id": row["verify_id"], "certificate_id": row["certificate_id"]}
    [gone] = scene.call("life_certificates.cancel", taken)["cancel_results"]
    assert gone["result_code"] == 0
    assert status_of(scene, one)["status"] == 1
    [record] = scene.call("life_certificates.query_records", RECORDS)["records"]
    assert (record["status"], record["can_cancel"]) == (2, False)
    assert record["cancel_time"] >= record["verify_time"]


def test_what_expires_is_told_in_seconds_and_once_in_milliseconds(scene: Scene) -> None:
    """The query of one certificate has its times in milliseconds, the other calls in seconds."""
    ready = prepared(scene, order_of(scene, 2, 1))["certificates"][0]
    alone = status_of(scene, ready["encrypted_code"])
    assert alone["expire_time"] == 1000 * ready["expire_time"]


def test_a_repeated_verify_says_that_it_was_done(scene: Scene) -> None:
    """The same token and codes verify nothing twice: 1208, with the id of the first time."""
    ready = prepared(scene, order_of(scene, 2, 1))
    one, other = (row["encrypted_code"] for row in ready["certificates"])
    [first] = verified(scene, ready["verify_token"], [one])
    [second] = verified(scene, ready["verify_token"], [one])
    assert (second["result"], second["verify_id"]) == (1208, first["verify_id"])
    [late] = verified(scene, ready["verify_token"], [other])
    assert late["result"] not in (0, 1208)
    assert status_of(scene, other)["status"] == 1


def test_only_what_is_unused_is_prepared(scene: Scene) -> None:
    """An order whose certificates are all used is not prepared, and its QR code is of no use."""
    order = order_of(scene, 2, 1)
    ready = prepared(scene, order)
    codes = [row["encrypted_code"] for row in ready["certificates"]]
    verified(scene, ready["verify_token"], codes)
    refused = scene.refusal("life_certificates.prepare", {"encrypted_data": codes[0]})
    assert refused == "bad_business_params"
    assert orders(scene, order_status=1)[0]["order_id"] == order["order_id"]


def test_a_card_is_used_up_after_its_last_time(scene: Scene) -> None:
    """A card of three times stays unused until the third, and counts them."""
    order = order_of(scene, 1, 3)
    for used in (1, 2, 3):
        ready = prepared(scene, order)
        code = ready["certificates"][0]["encrypted_code"]
        [row] = verified(scene, ready["verify_token"], [code])
        assert row["result"] == 0
        card = status_of(scene, code)
        assert (card["time_card"]["times_used"], card["status"]) == (used, 2 if used == 3 else 1)
    assert len(status_of(scene, code)["verify_records"]) == 3


def test_after_an_hour_nothing_is_taken_back(scene: Scene) -> None:
    """The verification then cannot be cancelled, and the code is shown."""
    ready = prepared(scene, order_of(scene, 1, 2))
    code = ready["certificates"][0]["encrypted_code"]
    [row] = verified(scene, ready["verify_token"], [code])
    assert "code" not in status_of(scene, code)
    scene.advance(3601)
    taken = {"verify_id": row["verify_id"], "certificate_id": row["certificate_id"]}
    assert scene.refusal("life_certificates.cancel", taken) == "wrong_state"
    assert status_of(scene, code)["code"] == row["origin_code"]


def test_records_go_on_behind_the_last_one(scene: Scene) -> None:
    """Each record's cursor leads to those behind it."""
    for order in (order_of(scene, 2, 1), order_of(scene, 1, 2)):
        ready = prepared(scene, order)
        verified(
            scene, ready["verify_token"], [row["encrypted_code"] for row in ready["certificates"]]
        )
    cursor, seen = "0", []
    for _ in range(3):
        page = scene.call(
            "life_certificates.query_records", RECORDS | {"size": 1, "cursor": cursor}
        )
        cursor = page["records"][0]["cursor"]
        seen.append(cursor)
    assert len(set(seen)) == page["total"] == 3


@pytest.mark.parametrize(
    ("operation", "params", "error"),
    [
        ("prepare", {"code": "000000000000"}, "bad_business_params"),
        ("prepare", {}, "bad_business_params"),
        (
            "verify",
            {"verify_token": "none", "poi_id": POI, "encrypted_codes": ["x"]},
            "bad_business_params",
        ),
        ("get_certificate", {"encrypted_code": "none"}, "not_found"),
        ("query_certificates", {"order_id": "1"}, "not_found"),
        ("cancel", {"verify_id": "1", "certificate_id": "1"}, "not_found"),
        ("query_records", RECORDS | {"size": 21}, "bad_params"),
    ],
)
def test_what_does_not_exist_is_refused(
    scene: Scene, operation: str, params: dict[str, Any], error: str
) -> None:
    """Codes, tokens and ids that the platform did not give, and pages too long, are refused."""
    assert scene.refusal(f"life_certificates.{operation}", params) == error


def test_codes_are_needed(scene: Scene) -> None:
    """Verify with a good token and no code is refused as a bad parameter."""
    ready = prepared(scene, order_of(scene, 1, 2))
    params = {"verify_token": ready["verify_token"], "poi_id": POI}
    assert scene.refusal("life_certificates.verify", params) == "bad_params"


def test_times_of_orders_come_in_pairs(scene: Scene) -> None:
    """A query of orders with a beginning and no end is refused."""
    params = PAGE | {"create_order_start_time": 1}
    assert scene.refusal("life_orders.query_orders", params) == "bad_params"


def test_one_code_that_is_there_already_refuses_all(scene: Scene) -> None:
    """Of codes that are imported together none is kept if one is a duplicate."""
    params = {"account_id": ACCOUNT, "third_sku_id": "sku-1"}
    scene.call("life_certificates.import_codes", params | {"codes": ["a1", "a2"]})
    refused = scene.refusal("life_certificates.import_codes", params | {"codes": ["a3", "a1"]})
    assert refused == "bad_business_params"
    asked = {"account_id": ACCOUNT}
    known = scene.call("life_certificates.get_code_order", asked | {"code": "a2"})
    assert known["order"]["third_sku_id"] == "sku-1"
    assert scene.refusal("life_certificates.get_code_order", asked | {"code": "a3"}) == "not_found"


def test_money_is_told_of_once_a_verification_is_final(scene: Scene) -> None:
    """An hour after it the day's ledgers have it, and its parts are what was paid."""
    ready = prepared(scene, order_of(scene, 1, 2))
    [row] = verified(scene, ready["verify_token"], [ready["certificates"][0]["encrypted_code"]])
    day = scene.world.clock.now()
    asked = {"certificate_ids": [row["certificate_id"]]}
    assert scene.call("life_settlement.query_by_certificates", asked)["records"] == []
    scene.advance(3601)
    [record] = scene.call("life_settlement.query_by_certificates", asked)["records"]
    amount = record["amount"]["amount"]
    assert amount["goods"] + amount["total_commission"] == amount["pay"] == 8800
    params = {"account_id": ACCOUNT, "bill_date": f"{beijing(day):%Y-%m-%d}", "cursor": "0"}
    bill = scene.call("life_settlement.list_catering_bill", params | {"size": 50})
    assert [each["verify_id"] for each in bill["ledger_records"]] == [row["verify_id"]]
    assert bill["has_more"] is False
    other = params | {"bill_date": "2020-01-01", "size": 50}
    assert scene.call("life_settlement.list_ledgers", other)["ledger_records"] == []


def test_several_preparations_are_verified_by_one_call(scene: Scene) -> None:
    """Each code has its own result, and none is verified with another's token."""
    ready = [prepared(scene, order_of(scene, *kind)) for kind in ((2, 1), (1, 2))]
    codes = [row["certificates"][0]["encrypted_code"] for row in ready]
    lots = [
        {"verify_token": row["verify_token"], "encrypted_codes": [code]}
        for row, code in zip(ready, codes, strict=True)
    ]
    lots[0]["encrypted_codes"].append(codes[1])
    params = {"poi_id": POI, "certificate_batch_verify_list": lots}
    rows = scene.call("life_certificates.batch_verify", params)["verify_results"]
    assert [row["result"] for row in rows] == [0, 1, 0]


@pytest.mark.parametrize(
    "name", ["life_orders.query_takeout_orders", "life_catering.query_orders"]
)
def test_each_trade_lists_the_same_orders(scene: Scene, name: str) -> None:
    """Take-out and catering have calls of their own for the orders of a merchant."""
    ids = [order["order_id"] for order in scene.call(name, PAGE)["orders"]]
    assert ids == [order["order_id"] for order in orders(scene)]


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("query_by_verifications", {"sub_fulfil_id": "verify_id"}, "records"),
        ("query_by_order", {"order_ids": "order_id"}, "ledger_records"),
        ("query_details_by_order", {"order_ids": "order_id"}, "ledger_records"),
    ],
)
def test_ledgers_are_found(scene: Scene, name: str, asked: dict[str, str], told: str) -> None:
    """Those of a verification or of an order are told of, and no others."""
    ready = prepared(scene, order_of(scene, 1, 2))
    [row] = verified(scene, ready["verify_token"], [ready["certificates"][0]["encrypted_code"]])
    scene.advance(3601)
    params = {param: [row[field]] for param, field in asked.items()}
    assert len(scene.call(f"life_settlement.{name}", params)[told]) == 1
    other = {param: ["1"] for param in asked}
    assert not scene.call(f"life_settlement.{name}", other)[told]
