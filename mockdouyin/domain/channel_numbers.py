"""The numbers that a payment channel gives a payment at production."""

from __future__ import annotations

import msgspec

from mockdouyin.core.clock import beijing
from mockdouyin.core.ids import Ids


class ChannelNumbers(msgspec.Struct, frozen=True):
    """The numbers of a payment at its channel; all are empty at the sandbox."""

    channel_no: str = ""
    payment_order_no: str = ""
    ec_pay_trade_no: str = ""


_HEADS = {1: ("PCP", "NEP"), 2: ("DPS", "DTPP"), 10: ("DPS", "DTPP")}
"""How payment_order_no and ec_pay_trade_no begin, by way: captured for WeChat and Alipay."""


def numbers_of(ids: Ids, way: int, paid: float, order_id: str) -> ChannelNumbers:
    """Return the numbers of an order that was paid at production."""
    day = f"{beijing(paid):%Y%m%d}"
    payment, trade = _HEADS[way]
    tail = ids.digits(22, "channel", order_id)
    channel = {1: f"4200{tail[:16]}{day}", 2: f"{day}{tail[:20]}", 10: f"TP{day}{tail[:14]}"}
    return ChannelNumbers(channel[way], f"{payment}{day[2:]}{tail}", f"{trade}{day[2:]}{tail}")
