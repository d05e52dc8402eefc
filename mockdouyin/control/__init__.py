"""The control API: operations as functions from plain data to plain data, and their clients.

An operation declares its method and path under `/_mock`; the HTTP routes, both clients and the
OpenAPI document are derived from that. Nothing here depends on an HTTP server.
"""

from mockdouyin.control import (
    apps,
    catalog,
    clock,
    entries,
    findings,
    handle,
    journal,
    people,
    phone,
    rows,
    rules,
    snapshots,
    stories,
    webhooks,
    worlds,
)
from mockdouyin.control._execution import Execution, Pending, execute
from mockdouyin.control._operations import OPERATIONS, Operation, OperationCall
from mockdouyin.control._shown import encode_reply, plain
from mockdouyin.control._steps import Step

__all__ = [
    "OPERATIONS",
    "Execution",
    "Operation",
    "OperationCall",
    "Pending",
    "Step",
    "apps",
    "catalog",
    "clock",
    "encode_reply",
    "entries",
    "execute",
    "findings",
    "handle",
    "journal",
    "people",
    "phone",
    "plain",
    "rows",
    "rules",
    "snapshots",
    "stories",
    "webhooks",
    "worlds",
]
