"""Withdrawals (提现): a merchant's balance goes to its bank, which takes a while and may fail.

How a withdrawal ends is decided when it is accepted, by the balance and by rules; until then its
money is frozen. (Doc page: mini-app/develop/server/ecpay/withdraw/merchant-withdraw; documented.
That a balance which is too small is told by the result alone is assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from mockdouyin.core.clock import DAY
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.domain import merchants
from mockdouyin.domain.ledger import Place, Purse, book, held, move
from mockdouyin.domain.merchants import CHANNELS, Acting, Standing
from mockdouyin.domain.orders import number_for
from mockdouyin.domain.owned_records import OwnedRecord, kept_until, key_of
from mockdouyin.domain.payment_callbacks import ECPAY, tell

if TYPE_CHECKING:
    from mockdouyin.core.events import Content, Event
    from mockdouyin.core.world import WorldState

WITHDRAW_CHANNELS = (*CHANNELS, "yeepay", "yzt")
"""The channels by which money is withdrawn."""

A_DAY = 5
"""Withdrawals of one merchant by one channel in a day."""

BankEnding = Literal["SUCCESS", "FAIL", "REEXCHANGE"]
WithdrawalStatus = Literal["PROCESSING", "SUCCESS", "FAIL", "REEXCHANGE"]

TOO_LITTLE = "账户可提现余额不足"
NOT_ONBOARDED = "商户未在该渠道完成进件,或已被冻结"
REFUSED_BY_BANK = "银行处理失败"
GIVEN_BACK = "银行退票,资金已退回账户"


class Withdrawal(OwnedRecord, frozen=True):
    """A withdrawal, by owner and out_order_id; the sandbox's are apart."""

    TABLE: ClassVar[str] = "Withdrawal"

    owner: str
    """The client_key, or the thirdparty_id of a provider who withdraws its own."""
    out_order_id: str
    order_id: str
    merchant: str
    channel: str
    amount: int
    asked: float
    done: float
    """When it ends."""
    ending: BankEnding
    message: str = ""
    cp_extra: str = ""
    token: str = ""
    """The Token that signs its callback: the one that was set when it was asked for."""

    @property
    def key(self) -> str:
        """The key of the record."""
        return key_of(self.owner, self.out_order_id, sandbox=self.sandbox)

    @property
    def link(self) -> Link:
        """What its calls and its callback belong to."""
        return Link("withdrawal", self.app, part=self.out_order_id)

    def status(self, now: float) -> WithdrawalStatus:
        """Return its state at this time."""
        return "PROCESSING" if now < self.done else self.ending


class BankVerdict(Record, frozen=True):
    """How the bank will end a withdrawal that was not accepted yet, by merchant and number."""

    TABLE: ClassVar[str] = "BankVerdict"

    ending: BankEnding


class NewWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend asks for."""

    out_order_id: str
    merchant: str
    channel: str
    amount: int
    callback: str = ""
    cp_extra: str = ""


def foretell(unit: Unit, merchant: str, out_order_id: str, ending: BankEnding) -> None:
    """Have the bank end the withdrawal with this number in some way, once it is asked for."""
    unit.write(f"{merchant} {out_order_id}", BankVerdict(ending=ending, expires=unit.now + DAY))


def ask(world: WorldState, unit: Unit, acting: Acting, new: NewWithdrawal) -> Withdrawal:
    """Accept a withdrawal; its end is told by a callback at its time."""
    key = acting.key(new.out_order_id)
    ending, message = _ending(unit, acting, new)
    withdrawal = Withdrawal(
        app=acting.app.client_key,
        owner=acting.owner,
        out_order_id=new.out_order_id,
        order_id=number_for(world, unit.now, "withdrawal", key, sandbox=acting.sandbox),
        merchant=new.merchant,
        channel=new.channel,
        amount=new.amount,
        asked=unit.now,
        done=unit.now + world.settings.withdraw_takes,
        ending=ending,
        message=message,
        cp_extra=new.cp_extra,
        token=acting.app.payment.token,
        sandbox=acting.sandbox,
        expires=kept_until(unit.now, sandbox=acting.sandbox),
    )
    unit.write(key, withdrawal)
    unit.link(withdrawal.link)
    if message not in (TOO_LITTLE, NOT_ONBOARDED):
        _move(unit, withdrawal)
    book(unit, withdrawal.owner, "withdraw", key, unit.now)
    content = withdrawal_content(world, withdrawal)
    tell(
        world,
        unit,
        acting.app,
        withdrawal,
        "ecpay_withdraw",
        content,
        url=new.callback,
        at=withdrawal.done,
    )
    return withdrawal


def _ending(unit: Unit, acting: Acting, new: NewWithdrawal) -> tuple[BankEnding, str]:
    verdict = unit.take(BankVerdict, f"{new.merchant} {new.out_order_id}")
    merchant = merchants.find(unit, acting, new.merchant)
    channel = new.channel if new.channel in CHANNELS else CHANNELS[0]
    if merchant is not None and merchant.standing_in(channel, unit.now) is not Standing.OK:
        return "FAIL", NOT_ONBOARDED
    if new.amount > held(unit, Purse(Place.BALANCE, new.merchant, acting.sandbox)):
        return "FAIL", TOO_LITTLE
    if verdict is None or verdict.ending == "SUCCESS":
        return "SUCCESS", ""
    return verdict.ending, REFUSED_BY_BANK if verdict.ending == "FAIL" else GIVEN_BACK


def _move(unit: Unit, withdrawal: Withdrawal) -> None:
    """Freeze the money, and enter where it goes when the withdrawal ends."""
    balance, frozen, bank = (
        Purse(place, withdrawal.merchant, withdrawal.sandbox)
        for place in (Place.BALANCE, Place.FROZEN, Place.WITHDRAWN)
    )
    move(unit, withdrawal.amount, balance, frozen)
    target = bank if withdrawal.ending == "SUCCESS" else balance
    move(unit, withdrawal.amount, frozen, target, at=withdrawal.done)


def withdrawal_content(world: WorldState, withdrawal: Withdrawal) -> dict[str, object]:
    """Return what the callback tells, its keys in the order of the docs."""
    return {
        "status": withdrawal.ending,
        "extra": withdrawal.cp_extra,
        "message": withdrawal.message,
        "withdraw_at": int(withdrawal.done),
        "order_id": withdrawal.order_id,
        "out_order_id": withdrawal.out_order_id,
        "ch_order_id": channel_number(world, withdrawal),
    }


def channel_number(world: WorldState, withdrawal: Withdrawal) -> str:
    """Return the channel's number of a withdrawal that it has ended well; else nothing."""
    if withdrawal.ending != "SUCCESS" or withdrawal.sandbox:
        return ""
    return "CH" + world.ids.digits(20, "withdrawal.channel", withdrawal.order_id)


@ECPAY.event()
def ecpay_withdraw(event: Event) -> Content:
    """A withdrawal has ended, well or not.

    提现回调：提现有了结果，成功或失败。
    """
    return {
        "status": "SUCCESS",
        "extra": "",
        "message": "",
        "withdraw_at": event.seconds,
        "order_id": "N" + event.ids.snowflake(event.now, "withdrawal", event.number),
        "out_order_id": f"WITHDRAW-{event.number}",
        "ch_order_id": "CH" + event.ids.digits(20, "withdrawal.channel", event.number),
    }
