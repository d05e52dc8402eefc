"""Steering: what the control API, the command line and the test fixtures can ask of a sandbox.

Each order is one function from plain data to plain data, declared with the method and path that it
has under `/_mock`; a door carries it over HTTP or calls it directly.
"""

from mockdouyin.sandbox.control import (
    findings,
    journal,
    persons,
    registry,
    requests,
    rules,
    snapshots,
    time,
    webhooks,
    whole,
    worlds,
)
from mockdouyin.sandbox.control.orders import ORDERS, Order, carry_out

__all__ = [
    "ORDERS",
    "Order",
    "carry_out",
    "findings",
    "journal",
    "persons",
    "registry",
    "requests",
    "rules",
    "snapshots",
    "time",
    "webhooks",
    "whole",
    "worlds",
]
