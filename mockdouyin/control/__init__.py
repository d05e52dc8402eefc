"""Steering: what the control API, the command line and the test fixtures can ask of a sandbox.

Each order is one function from plain data to plain data, declared with the method and path that it
has under `/_mock`; a door carries it over HTTP or calls it directly.
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
from mockdouyin.control.operations import ORDERS, Order, carry_out

__all__ = [
    "ORDERS",
    "Order",
    "apps",
    "carry_out",
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
