"""Returns of shares (退分账): a receiver gives back, to the seller, what a settlement gave it.

Accepted at once, done as late as a settlement is, and not told by a callback: the docs show none.
(Doc page: mini-app/develop/server/ecpay/return-settle/ReturnSettle; documented. That the seller
gets the money, and the texts of failures, are assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from mockdouyin.core.store import Unit
from mockdouyin.domain.ledger import Place, Purse, book, held, move
from mockdouyin.domain.order_steps import OrderStep
from mockdouyin.domain.orders import MAX_CP_EXTRA, Order, number_for
from mockdouyin.domain.owned_records import kept_until, key_of, write_number
from mockdouyin.domain.refunds import NOT_IN_BALANCE
from mockdouyin.domain.settlements import Settlement

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState


class ShareReturn(OrderStep, frozen=True):
    """A return of a share, by app and out_return_no; the sandbox's are apart."""

    TABLE: ClassVar[str] = "ShareReturn"

    out_return_no: str
    return_no: str
    settle_no: str
    out_settle_no: str
    merchant: str
    amount: int
    thirdparty_id: str = ""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.app, self.out_return_no, sandbox=self.sandbox)


class NewReturn(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend asks for."""

    out_return_no: str
    merchant: str
    amount: int
    cp_extra: str = ""
    thirdparty_id: str = ""


def returnable(settlement: Settlement, order: Order, merchant: str, now: float) -> int:
    """Return how much a receiver can still give back of a settlement; the seller has no share."""
    if merchant == order.seller or settlement.status(now) != "SUCCESS":
        return 0
    return sum(e.amount - e.returned for e in settlement.shares if e.merchant == merchant)


def create(
    world: WorldState, unit: Unit, settlement: Settlement, order: Order, new: NewReturn
) -> ShareReturn:
    """Accept a return: the receiver loses its money at once, and the seller has it once done.

    It fails if the receiver's balance is too small.
    """
    balance = held(unit, Purse(Place.BALANCE, new.merchant, settlement.sandbox))
    key = key_of(settlement.app, new.out_return_no, sandbox=settlement.sandbox)
    made = ShareReturn(
        app=settlement.app,
        out_return_no=new.out_return_no,
        return_no=number_for(world, unit.now, "return", key, sandbox=settlement.sandbox),
        settle_no=settlement.settle_no,
        out_settle_no=settlement.out_settle_no,
        out_order_no=settlement.out_order_no,
        merchant=new.merchant,
        amount=new.amount,
        created=unit.now,
        done=unit.now + world.settings.settle_takes,
        failure=NOT_IN_BALANCE if balance < new.amount else "",
        sandbox=settlement.sandbox,
        cp_extra=new.cp_extra[:MAX_CP_EXTRA],
        thirdparty_id=new.thirdparty_id,
        expires=kept_until(unit.now, sandbox=settlement.sandbox),
    )
    unit.write(key, made)
    write_number(unit, made, made.return_no)
    if not made.failure:
        _take_back(unit, settlement, order, made)
    return made


def _take_back(unit: Unit, settlement: Settlement, order: Order, made: ShareReturn) -> None:
    receiver = Purse(Place.BALANCE, made.merchant, made.sandbox)
    returning = Purse(Place.RETURNING, order.seller, made.sandbox)
    move(unit, made.amount, receiver, returning)
    seller = Purse(Place.BALANCE, order.seller, made.sandbox)
    move(unit, made.amount, returning, seller, at=made.done)
    book(unit, made.app, "return", made.key, made.done)
    left, shares = made.amount, []
    for share in settlement.shares:
        part = min(left, share.amount - share.returned) if share.merchant == made.merchant else 0
        shares.append(msgspec.structs.replace(share, returned=share.returned + part))
        left -= part
    unit.write(settlement.key, msgspec.structs.replace(settlement, shares=tuple(shares)))
