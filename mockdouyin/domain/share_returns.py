"""Returns of shares (退分账): a receiver gives back, to the seller, what a settlement gave it.

Accepted at once, done as late as a settlement is, and not told by a callback: the docs show none.
(Doc page: mini-app/develop/server/ecpay/return-settle/ReturnSettle; documented. That the seller
gets the money, and the texts of failures, are assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import msgspec

from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain.ledger import Place, Purse, book, held, move
from mockdouyin.domain.orders import MAX_CP_EXTRA, Order, key_of, number_for, order_link
from mockdouyin.domain.refunds import NOT_IN_BALANCE, State, state_at
from mockdouyin.domain.settlements import Settlement

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.world import WorldState


class ShareReturn(Record, frozen=True):
    """A return of a share, by app and out_return_no; the sandbox's are apart."""

    TABLE: ClassVar[str] = "ShareReturn"

    app: str
    out_return_no: str
    return_no: str
    settle_no: str
    out_settle_no: str
    out_order_no: str
    merchant: str
    amount: int
    created: float
    done: float
    """The world's time from which it is known how it went."""
    failure: str = ""
    """Why it fails; empty if it succeeds."""
    sandbox: bool = False
    cp_extra: str = ""
    thirdparty_id: str = ""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.app, self.out_return_no, sandbox=self.sandbox)

    @property
    def link(self) -> Link:
        """The order that it belongs to."""
        return order_link(self.app, self.out_order_no)

    def status(self, now: float) -> State:
        """Return its state at this time."""
        return state_at(now, self.done, self.failure)


class ReturnNumber(Record, frozen=True):
    """The return that has a return_no, by that."""

    TABLE: ClassVar[str] = "ReturnNumber"

    key: str


class NewReturn(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend asks for."""

    out_return_no: str
    merchant: str
    amount: int
    cp_extra: str = ""
    thirdparty_id: str = ""


def find(unit: Unit, app: App, out_return_no: str, *, sandbox: bool) -> ShareReturn | None:
    """Return an app's return of a share, and link the unit to its order."""
    return _linked(unit, key_of(app.client_key, out_return_no, sandbox=sandbox))


def find_by_number(unit: Unit, app: App, return_no: str) -> ShareReturn | None:
    """Return an app's return of a share by the platform's number; link the unit to its order."""
    number = unit.read(ReturnNumber, return_no)
    found = _linked(unit, number.key) if number is not None else None
    return found if found is not None and found.app == app.client_key else None


def _linked(unit: Unit, key: str) -> ShareReturn | None:
    found = unit.read(ShareReturn, key)
    if found is not None:
        unit.link(found.link)
    return found


def returnable(settlement: Settlement, order: Order, merchant: str, now: float) -> int:
    """Return how much a receiver can still give back of a settlement; the seller has no share."""
    if merchant == order.seller or settlement.status(now) != "SUCCESS":
        return 0
    return sum(e.amount - e.returned for e in settlement.shares if e.merchant == merchant)


def create(
    world: WorldState, unit: Unit, settlement: Settlement, order: Order, new: NewReturn
) -> ShareReturn:
    """Accept a return: its money moves unless the receiver's balance is too small."""
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
    )
    unit.write(key, made)
    unit.write(made.return_no, ReturnNumber(key=key))
    if not made.failure:
        _take_back(unit, settlement, order, made)
    return made


def _take_back(unit: Unit, settlement: Settlement, order: Order, made: ShareReturn) -> None:
    receiver = Purse(Place.BALANCE, made.merchant, made.sandbox)
    move(unit, made.amount, receiver, Purse(Place.BALANCE, order.seller, made.sandbox))
    book(unit, made.app, "return", made.key, made.done)
    left, shares = made.amount, []
    for share in settlement.shares:
        part = min(left, share.amount - share.returned) if share.merchant == made.merchant else 0
        shares.append(msgspec.structs.replace(share, returned=share.returned + part))
        left -= part
    unit.write(settlement.key, msgspec.structs.replace(settlement, shares=tuple(shares)))
