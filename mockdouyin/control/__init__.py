"""The control API as functions from plain data to plain data, and the clients that call them.

An operation is declared with its method and path under `/_mock`: the HTTP route, both clients and
the OpenAPI document follow. It knows sandboxes, and no HTTP server.
"""

from mockdouyin.control import (
    apps,
    catalog,
    clock,
    findings,
    handle,
    journal,
    phone,
    rules,
    snapshots,
    webhooks,
    worlds,
)
from mockdouyin.control._operations import OPERATIONS, Operation, execute

__all__ = [
    "OPERATIONS",
    "Operation",
    "apps",
    "execute",
    "catalog",
    "clock",
    "findings",
    "handle",
    "journal",
    "phone",
    "rules",
    "snapshots",
    "webhooks",
    "worlds",
]
