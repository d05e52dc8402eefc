"""Certificates of 本地生活: what a shop prepares, verifies and takes back.

A certificate is unused until a shop verifies it; a card of several times stays so until its last
one. Within an hour the shop may take a verification back.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.store import Record

UNUSED, USED = 1, 2
VERIFIED, TAKEN_BACK = 1, 2

CANCEL_WINDOW = HOUR
"""Seconds in which a verification can be taken back; the docs name no time, so this is assumed."""

SERVICE_RATE = 250
"""What the platform keeps of each price, in hundredths of a per cent; assumed."""

TOKEN_LIFETIME = DAY
"""Seconds for which a verify_token is known; assumed, too."""

GROUP_BUYING, VOUCHER, TIMES_CARD = 1, 2, 3

DONE = (0, "验券成功")
AGAIN = (1208, "该券已核销")
WRONG_CODE = (1, "券码无效或不属于本次验券准备")
"""What the platform says of each code; of the numbers, the docs name only 0 and 1208."""


class LifeStock(Record, frozen=True):
    """That an app's merchants have the orders that were there from the beginning."""

    TABLE: ClassVar[str] = "LifeStock"


class SealedCode(Record, frozen=True):
    """Whose an encrypted code is."""

    TABLE: ClassVar[str] = "SealedCode"

    certificate_id: str


class Prepared(Record, frozen=True):
    """What one verify_token may verify, and what it did."""

    TABLE: ClassVar[str] = "Prepared"

    order_id: str
    certificate_ids: tuple[str, ...]
    verified: tuple[str, ...] | None = None
    """The certificates of the call that used the token; None while it is unused."""


class Offer(NamedTuple):
    """What somebody bought before the world began."""

    title: str
    groupon_type: int
    order_type: int
    market_price: int
    pay_amount: int
    copies: int = 1
    times: int = 0
    """How often a card can be used."""


OFFERS = (
    Offer("双人火锅套餐", GROUP_BUYING, 21, 26800, 16800, copies=2),
    Offer("100元代金券", VOUCHER, 60, 10000, 8800),
    Offer("洗护三次卡", TIMES_CARD, 51, 29700, 19800, times=3),
)
"""The orders that an app's merchants have from the beginning."""


def code_of(certificate_id: str) -> str:
    """Return the code that a buyer shows: here the end of the certificate's id."""
    return certificate_id[-12:]


def can_cancel(status: int, verified: float, now: float) -> bool:
    """Return whether a verification can still be taken back."""
    return status == VERIFIED and now < verified + CANCEL_WINDOW


def is_settled(status: int, verified: float, now: float) -> bool:
    """Return whether the merchant's money of a verification is told of in ledgers."""
    return status == VERIFIED and now >= verified + CANCEL_WINDOW


def service_fee(pay: int) -> int:
    """Return what the platform keeps of a price."""
    return pay * SERVICE_RATE // 10_000


def status_after(times_used: int, times: int) -> int:
    """Return a certificate's status when it was used so often; `times` is 0 if it is no card."""
    return USED if times_used >= max(times, 1) else UNUSED


ITEM_STATUS = {UNUSED: 100, USED: 1}
"""The status of an order's item by that of its certificate."""

ORDER_OPEN, ORDER_DONE = 201, 1
