"""What a person does at a cashier, whichever API opened it."""

from __future__ import annotations

from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.texts import Text
from mockdouyin.domain import act_texts
from mockdouyin.domain.order_fates import OrderFate
from mockdouyin.domain.orders import WAYS, Order
from mockdouyin.phone._error_texts import HIDDEN_WAY, NO_DECISION, NO_WAY
from mockdouyin.phone._handset import Handset

DECISIONS = ("pay", "timeout", "fail", "close", "cancel", "leave")

ENDED_MEANWHILE = {"TIMEOUT": "timeout", "FAIL": "fail", "SUCCESS": "close"}
"""How a cashier ends whose order ended while it was open (assumed)."""

ENDS = {
    "timeout": act_texts.PAY_TIMED_OUT,
    "fail": act_texts.PAY_FAILED,
    "close": act_texts.PAY_CLOSED,
    "cancel": act_texts.PAY_CANCELLED,
    "leave": act_texts.PAY_LEFT,
}
"""What the journal says of an end that is no payment."""


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


def how_paid(phone: Handset, paid: Order, fate: OrderFate) -> Text:
    """Say how an order was paid, and why no callback follows where none does."""
    way = act_texts.WAYS[paid.way]()
    if fate.callback == "lost":
        return act_texts.PAID_AND_LOST(way=way)
    if not (paid.notify_url or phone.app.payment.notify_url):
        return act_texts.PAID_WITHOUT_URL(way=way)
    return act_texts.PAID(way=way)
