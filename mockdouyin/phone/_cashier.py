"""What a person does at a cashier, whichever API opened it."""

from __future__ import annotations

from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.domain.orders import WAYS, Order
from mockdouyin.phone._error_texts import HIDDEN_WAY, NO_DECISION, NO_WAY
from mockdouyin.phone._handset import Handset

DECISIONS = ("pay", "timeout", "fail", "close", "cancel", "leave")

ENDED_MEANWHILE = {"TIMEOUT": "timeout", "FAIL": "fail", "SUCCESS": "close"}
"""How a cashier ends whose order ended while it was open (assumed)."""


def decision_of(phone: Handset) -> str:
    """Return what the person does: by default, pay."""
    decision = str(phone.args.get("decision", "pay"))
    if decision not in DECISIONS:
        raise MockDouyinError(NO_DECISION(decision=decision, hint=suggestion(decision, DECISIONS)))
    return decision


def way_of(phone: Handset, order: Order) -> str:
    """Return how the person pays: by default, the first way that the cashier offers."""
    way = str(phone.args.get("way", order.ways[0]))
    if way not in WAYS:
        raise MockDouyinError(NO_WAY(way=way, hint=suggestion(way, WAYS)))
    if way not in order.ways:
        raise MockDouyinError(HIDDEN_WAY(way=way, ways=list(order.ways)))
    return way
