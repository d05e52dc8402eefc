"""Ledgers of 本地生活: what a merchant gets of each verification, once that is final."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.clock import beijing
from mockdouyin.domain import life_certificates as rules
from mockdouyin.endpoints._life_shop import Sent, Shop, behind
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import View


def of_day(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return the ledgers of a day, behind the one whose id is the cursor."""
    day = sent["bill_date"]
    found = [row for row in _ledgers(call, operation, owner) if _day(row) == day]
    rows, has_more = behind(found, sent)
    return {
        "ledger": rows,
        "has_more": has_more,
        "cursor": rows[-1].key if rows else sent["cursor"],
        "total": len(found),
    }


def of_certificates(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return the ledgers of some certificates."""
    wanted = sent["certificate_ids"]
    found = _ledgers(call, operation, owner)
    return {"ledger": [row for row in found if row.fields["certificate_id"] in wanted]}


def of_verifications(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return the ledgers of some verifications."""
    wanted = sent["sub_fulfil_id"]
    found = _ledgers(call, operation, owner)
    return {"ledger": [row for row in found if row.fields["verify_id"] in wanted]}


def of_order(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return the ledgers of some orders."""
    wanted = sent["order_ids"]
    found = _ledgers(call, operation, owner)
    return {"ledger": [row for row in found if row.fields["order_id"] in wanted]}


def _day(ledger: View) -> str:
    return f"{beijing(ledger.fields['verify_time']):%Y-%m-%d}"


def _ledgers(call: Call[Any], operation: Operation, owner: str) -> list[View]:
    shop = Shop(call, operation, owner)
    return [
        _ledger(shop, shop.record(view))
        for view in shop.verifications.views()
        if rules.is_settled(view.fields["status"], view.fields["verify_time"], call.now)
    ]


def _ledger(shop: Shop, record: View) -> View:
    fields = record.fields
    certificate = shop.certificates.find(fields["certificate_id"])
    times = certificate.fields["times_count"] if certificate else 0
    original, pay = (
        fields["amount"][name] // max(times, 1) for name in ("original_amount", "pay_amount")
    )
    fee = rules.service_fee(pay)
    amount = {
        "original": original,
        "pay": pay,
        "coupon_pay": pay,
        "merchant_ticket": 0,
        "platform_ticket": 0,
        "pay_discount": 0,
        "actual_insured": 0,
        "goods": pay - fee,
        "ledger_total": pay - fee,
        "total_commission": fee,
        "talent_commission": 0,
    }
    told = {
        "id": record.key,
        "ledger_id": "l_r_b" + shop.ids.digits(32, "ledger", record.key),
        "verify_id": record.key,
        "certificate_id": fields["certificate_id"],
        "order_id": fields["order_id"],
        "item_order_id": certificate.fields["order_item_id"] if certificate else "",
        "code": certificate.fields["code"] if certificate else "",
        "poi_id": fields["poi_id"],
        "account_id": fields["sku"]["account_id"],
        "verify_time": fields["verify_time"],
        "ledger_time": int(fields["verify_time"] + rules.CANCEL_WINDOW),
        "status": 2,
        "settle_type": "1",
        "settle_type_desc": "正向",
        "sku": fields["sku"],
        "sku_id": fields["sku"]["sku_id"],
        "pay_amount": pay,
        "detail_map": {
            "goods": {"amount": pay - fee, "commission_ratio": 0},
            "merchant_platform_commission": {
                "amount": fee,
                "commission_ratio": rules.SERVICE_RATE,
            },
        },
        "amount": amount,
        "amount_texts": {name: str(value) for name, value in amount.items()},
    }
    return View(record.key, told)
