"""Members of a merchant by the ids of an app, and commissions that a partner sets."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.endpoints import _life_texts as texts
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf, View

Sent = dict[str, Any]


def get_union_ids(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return the union_id of each open_id that is one of the app's."""
    app = call.world.apps[owner]
    rows = []
    for each in sent["members"]:
        person = call.world.people.owner(app, each["open_id"])
        if person is not None:
            union_id = call.world.people.union_id(app, person)
            rows.append(View(each["open_id"], {"open_id": each["open_id"], "union_id": union_id}))
    return {"member": rows}


def save_commissions(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Set the commissions of products in a cooperation, and keep a record of it."""
    orders, records, commissions = (
        Shelf(call.world, call.unit, operation.named_resource(name), owner)
        for name in ("order", "record", "commission")
    )
    order = sent["order_id"]
    if orders.find(order) is None:
        raise DouyinError("not_found", texts.NO_COOPERATION(order=order))
    record = records.create({"order_id": order, "items": []})
    items = []
    for row in sent["product_items"]:
        key = f"{order}-{row['product_id']}"
        there = commissions.find(key)
        before = there.fields["effective_commission_ratio"] if there else "0"
        ratio = row.get("commission_ratio", "0")
        item = {
            "item_id": "7" + call.world.ids.digits(18, record.key, row["product_id"]),
            "product_id": row["product_id"],
            "commission_audit_status": 1,
            "commission_mode_before": row.get("commission_mode", 1),
            "audit_commission_mode": row.get("commission_mode", 1),
            "commission_ratio_before": before,
            "audit_commission_ratio": ratio,
            "effective_commission_ratio": ratio,
            "merchant_ack_time": int(call.now),
            "reject_reason": "",
        }
        fields = {
            "order_id": order,
            "product_id": row["product_id"],
            "effective_commission_ratio": ratio,
            "item": item,
        }
        if there is None:
            commissions.create(fields, key)
        else:
            commissions.change(key, fields)
        items.append(item)
    return {"record": records.change(record.key, {"items": items})}
