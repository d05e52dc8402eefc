"""Merchants of 泛知识 join with two audits: of who they are, and of what they teach."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.endpoints import _life_texts as texts
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf, View

Sent = dict[str, Any]

_AUDITS = ("basic_auth", "class_auth", "app_auth")
"""What is audited, each under the id of its task."""


def join(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Make a merchant, or the one with the same certificate again, and start both audits."""
    entities = _shelf(call, operation, owner, "entity")
    basic, taught = sent["basic_auth"], sent["class_auth"]
    number = (basic.get("enterprise") or {}).get("certificate_id") or ""
    there = entities.find_also(number) if number else None
    partner = sent.get("entity_id", "")
    fields = {"certificate_id": number, "partner_entity_id": partner, "basic_auth": basic}
    entity = entities.change(there.key, fields) if there else entities.create(fields)
    of = {"merchant_entity_id": entity.key, "partner_entity_id": partner}
    first = _shelf(call, operation, owner, "basic_auth").create(
        {**of, "qualifications": (basic.get("enterprise") or {}).get("certificate_materials", [])}
    )
    second = _shelf(call, operation, owner, "class_auth").create(
        {**of, **taught, "qualifications": taught.get("qualifications", [])}
    )
    entities.change(entity.key, {"basic_auth_taskid": first.key})
    told = {"basic_auth_taskid": first.key, "class_auth_taskid": second.key}
    return {"entity": View(entity.key, {"entity_id": entity.key, **told})}


def tell_of_audit(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return the audit that has a task's id."""
    number = sent["auth_taskid"]
    for name in _AUDITS:
        found = _shelf(call, operation, owner, name).find(number)
        if found is not None:
            return {"basic_auth": [View(number, {**found.fields, "audit_taskid": number})]}
    raise DouyinError("not_found", texts.NO_TASK(task=number))


def tell_of_merchant(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return who a merchant is, and how the audit of that is."""
    entity = _shelf(call, operation, owner, "entity").find(sent["entity_id"])
    if entity is None:
        raise DouyinError("not_found", texts.NO_ENTITY(entity=sent["entity_id"]))
    number = entity.fields["basic_auth_taskid"]
    audit = _shelf(call, operation, owner, "basic_auth").find(number)
    told = View(number, {**audit.fields, "audit_taskid": number}) if audit else None
    return {"entity": entity, "basic_auth": told}


def _shelf(call: Call[Any], operation: Operation, owner: str, name: str) -> Shelf:
    return Shelf(call.world, call.unit, operation.named_resource(name), owner)
