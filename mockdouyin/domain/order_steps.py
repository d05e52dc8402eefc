"""What is done with the money of a paid order: a refund, a settlement, a return of a share.

Whether it succeeds is decided when it is accepted; its state follows from its times.
"""

from __future__ import annotations

from typing import Literal

from mockdouyin.core.links import Link
from mockdouyin.domain.orders import order_link
from mockdouyin.domain.owned_records import OwnedRecord

StepStatus = Literal["PROCESSING", "SUCCESS", "FAIL"]


class OrderStep(OwnedRecord, frozen=True, kw_only=True):
    """Base of a refund, a settlement and a return of a share."""

    out_order_no: str
    created: float
    done: float
    """The world's time from which it is known how it went."""
    failure: str = ""
    """Why it fails; empty if it succeeds."""
    cp_extra: str = ""

    @property
    def link(self) -> Link:
        """The order that it belongs to."""
        return order_link(self.app, self.out_order_no)

    def status(self, now: float) -> StepStatus:
        """Return its state at this time."""
        if now < self.done:
            return "PROCESSING"
        return "FAIL" if self.failure else "SUCCESS"
