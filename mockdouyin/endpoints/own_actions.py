"""What a few declared operations do by functions of their own, by the operation's full name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockdouyin.endpoints import (
    knowledge_entities,
    life_certificates,
    life_ledgers,
    life_members,
    live_pushes,
    store_matching,
)

OWN: dict[str, Callable[..., Any]] = {
    "life_certificates.prepare": life_certificates.prepare,
    "life_certificates.verify": life_certificates.verify,
    "life_certificates.batch_verify": life_certificates.batch_verify,
    "life_certificates.cancel": life_certificates.cancel,
    "life_certificates.get_certificate": life_certificates.get_certificate,
    "life_certificates.query_certificates": life_certificates.query_certificates,
    "life_certificates.query_records": life_certificates.query_records,
    "life_orders.query_orders": life_certificates.query_orders,
    "life_orders.query_takeout_orders": life_certificates.query_orders,
    "life_orders.decrypt_masked": life_certificates.decrypt_masked,
    "life_catering.query_orders": life_certificates.query_orders,
    "life_members.get_union_ids": life_members.get_union_ids,
    "life_settlement.list_ledgers": life_ledgers.of_day,
    "life_settlement.list_detailed_ledgers": life_ledgers.of_day,
    "life_settlement.list_catering_bill": life_ledgers.of_day,
    "life_settlement.list_composite_bill": life_ledgers.of_day,
    "life_settlement.query_by_certificates": life_ledgers.of_certificates,
    "life_settlement.query_by_verifications": life_ledgers.of_verifications,
    "life_settlement.query_by_order": life_ledgers.of_order,
    "life_settlement.query_details_by_order": life_ledgers.of_order,
    "life_partners.save_commissions": life_members.save_commissions,
    "life_shops.submit_match": store_matching.submitting("datas", "ext_id"),
    "life_shops.query_match": store_matching.telling_of_tasks("task_id"),
    "life_shops.query_relations": store_matching.telling_of_stores("ext_ids"),
    "live_games.start_push": live_pushes.start,
    "live_games.stop_push": live_pushes.stop,
    "live_games.get_push": live_pushes.tell,
    "knowledge_entities.join_by_self": knowledge_entities.join,
    "knowledge_entities.join_by_partner": knowledge_entities.join,
    "knowledge_entities.get_audit": knowledge_entities.tell_of_audit,
    "knowledge_entities.get_basic_auth": knowledge_entities.tell_of_merchant,
    "poi.prepare_certificate": life_certificates.prepare,
    "poi.submit_match": store_matching.submitting("match_data_list", "supplier_ext_id"),
    "poi.query_match_tasks": store_matching.telling_of_tasks("supplier_task_ids"),
    "poi.query_matches": store_matching.telling_of_stores("supplier_ext_id"),
}
"""Each takes the call, the operation, the owner and the parameters; it returns outcomes."""
