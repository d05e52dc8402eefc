"""The control API: operations as functions from plain data to plain data, and their clients.

An operation declares its method and path under `/_mock`; the HTTP routes, both clients and the
OpenAPI document are derived from that. Nothing here depends on an HTTP server.
"""

from mockdouyin.control import (
    apps,
    bills,
    catalog,
    clock,
    collection,
    due,
    entries,
    findings,
    handle,
    journal,
    lives,
    merchants,
    orders,
    people,
    phone,
    receiver_check,
    resending,
    rows,
    rules,
    scenarios,
    sheets,
    signatures,
    snapshots,
    stories,
    stream,
    webhooks,
    worlds,
)
from mockdouyin.control._execution import Execution, LiveReply, Pending, execute
from mockdouyin.control._operations import OPERATIONS, Operation, OperationCall
from mockdouyin.control._shown import encode_reply, plain
from mockdouyin.control._sse import encode_events, encode_opening
from mockdouyin.control._steps import EventBatch, Step

__all__ = [
    "OPERATIONS",
    "EventBatch",
    "Execution",
    "LiveReply",
    "Operation",
    "OperationCall",
    "Pending",
    "Step",
    "apps",
    "bills",
    "catalog",
    "clock",
    "collection",
    "due",
    "encode_events",
    "encode_opening",
    "encode_reply",
    "entries",
    "execute",
    "findings",
    "handle",
    "journal",
    "lives",
    "merchants",
    "orders",
    "people",
    "phone",
    "plain",
    "receiver_check",
    "resending",
    "rows",
    "rules",
    "scenarios",
    "sheets",
    "signatures",
    "snapshots",
    "stories",
    "stream",
    "webhooks",
    "worlds",
]
