"""A merchant's balance, and withdrawals of it (提现), by signature and by token."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call
from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import merchants, withdrawals
from mockdouyin.domain.ledger import Place, Purse, held
from mockdouyin.domain.merchants import Acting
from mockdouyin.domain.owned_records import find
from mockdouyin.domain.withdrawals import A_DAY, WITHDRAW_CHANNELS, NewWithdrawal, Withdrawal
from mockdouyin.endpoints import _merchant_texts as texts
from mockdouyin.endpoints._merchant_calls import (
    MAX_ID,
    acting,
    by_token,
    check_merchant,
    check_one_of,
    merchant,
)
from mockdouyin.endpoints._payment_calls import (
    SignedFields,
    check_amount,
    check_length,
    check_url,
    limit_calls,
)
from mockdouyin.endpoints.ecpay import ecpay
from mockdouyin.endpoints.error_tables import merchants as tables

PATH = "/api/apps/ecpay/saas/"
_OLD = "mini-app/develop/server/ecpay/withdraw/"
_NEW = "mini-app/develop/server/payment/trade-system/general/withdraw/api/"
_SCOPE = "trade_basic.developer.payment_withdraw"

MAX_WITHDRAWN = 2_147_483_647
"""The most that one withdrawal may have, in 分."""

MERCHANT_ENTITIES = (0, 1, 2)

PERSONS_LIKE = 1
"""The merchant_entity of an answer whose request names none."""


class AccountFields(SignedFields, kw_only=True):
    """A merchant, and one of its channels."""

    merchant_uid: str = ""
    channel_type: str = ""
    merchant_entity: int = 0


class AccountInfo(msgspec.Struct):
    """What a merchant has, in 分. `withdrawable_balacne` is the wire's own spelling."""

    online_balance: int
    """In transit (在途)."""
    withdrawable_balacne: int
    freeze_balance: int


class SettleAccount(msgspec.Struct):
    """Where a merchant's money goes."""

    settle_type: int
    """1 a bank, 2 Alipay."""
    settle_account: str
    bankcard_no: str
    bank_name: str


class Balance(msgspec.Struct):
    """A merchant's account."""

    account_info: AccountInfo
    settle_info: SettleAccount
    merchant_entity: int


def _check_account(call: Call[Any], acts: Acting) -> None:
    fields = call.fields
    call.need("bad_params", "merchant_uid", "channel_type")
    check_length("merchant_uid", fields.merchant_uid, MAX_ID)
    check_one_of("channel_type", fields.channel_type, WITHDRAW_CHANNELS)
    check_one_of("merchant_entity", fields.merchant_entity, MERCHANT_ENTITIES)
    check_merchant(call, acts, fields.merchant_uid)


def query_merchant_balance(call: Call[Any]) -> Balance:
    """Return what a merchant has: in transit, to be withdrawn, and frozen."""
    acts, fields = acting(call), call.fields
    _check_account(call, acts)
    amounts = [
        held(call.unit, Purse(place, fields.merchant_uid, acts.sandbox))
        for place in (Place.TRANSIT, Place.BALANCE, Place.FROZEN)
    ]
    info = _settle_info(call, acts)
    return Balance(AccountInfo(*amounts), info, fields.merchant_entity or PERSONS_LIKE)


def _settle_info(call: Call[Any], acts: Acting) -> SettleAccount:
    """Return where the money goes: as the application says, else a made-up place."""
    fields, ids = call.fields, call.world.ids
    found = merchants.find(call.unit, acts, fields.merchant_uid)
    form = found.form if found is not None else None
    tail = ids.digits(4, "bank_card", fields.merchant_uid)
    if fields.channel_type == "alipay":
        own = form.alipay if form is not None else ""
        return SettleAccount(2, own or f"merchant{tail}@example.com", "", "")
    card = (form.account[-4:] if form is not None else "") or tail
    bank = (form.bank if form is not None else "") or "招商银行"
    return SettleAccount(1, "", f"************{card}", bank)


class WithdrawFields(AccountFields, kw_only=True):
    """How much goes to the bank."""

    withdraw_amount: int | None = None
    out_order_id: str = ""
    callback: str = ""
    cp_extra: str = ""


class Withdrawing(msgspec.Struct):
    """The platform's number of a withdrawal."""

    order_id: str = ""
    merchant_entity: int | msgspec.UnsetType = msgspec.UNSET


def merchant_withdraw(call: Call[Any]) -> Withdrawing:
    """Accept a withdrawal; the same out_order_id again returns the first one."""
    acts, fields = acting(call), call.fields
    _check_account(call, acts)
    call.need("bad_params", "out_order_id")
    if fields.withdraw_amount is None:
        call.need("bad_params", "withdraw_amount")
    check_length("out_order_id", fields.out_order_id, MAX_ID)
    check_amount("withdraw_amount", fields.withdraw_amount, 0, MAX_WITHDRAWN)
    check_length("cp_extra", fields.cp_extra, 2048)
    check_url(call, "callback", fields.callback, 1024)
    found = _own_withdrawal(call, acts)
    if found is None:
        account = f"{fields.merchant_uid} {fields.channel_type}"
        limit_calls(call, account, A_DAY, DAY, sandbox=acts.sandbox)
        found = withdrawals.ask(call.world, call.unit, acts, _new(fields))
    return Withdrawing(found.order_id, fields.merchant_entity or PERSONS_LIKE)


def _own_withdrawal(call: Call[Any], acts: Acting) -> Withdrawal | None:
    number = call.fields.out_order_id
    return find(call.unit, Withdrawal, acts.owner, number, sandbox=acts.sandbox)


def _new(fields: Any) -> NewWithdrawal:
    return NewWithdrawal(
        out_order_id=fields.out_order_id,
        merchant=fields.merchant_uid,
        channel=fields.channel_type,
        amount=fields.withdraw_amount,
        callback=fields.callback,
        cp_extra=fields.cp_extra,
    )


class WithdrawalQuery(AccountFields, kw_only=True):
    """The caller's own number of a withdrawal."""

    out_order_id: str = ""


class WithdrawalFound(msgspec.Struct):
    """How a withdrawal stands; the wire writes `statusMsg` here."""

    status: str = ""
    statusMsg: str = ""  # noqa: N815 - the wire's own name


class WithdrawalByToken(msgspec.Struct):
    """How a withdrawal stands."""

    status: str
    status_msg: str


def _withdrawal(call: Call[Any]) -> Withdrawal:
    acts, fields = acting(call), call.fields
    _check_account(call, acts)
    call.need("bad_params", "out_order_id")
    found = _own_withdrawal(call, acts)
    if found is None:
        why = texts.NO_WITHDRAWAL(number=fields.out_order_id[:80])
        raise DouyinError("no_such_withdrawal", why)
    for name, was in (("merchant_uid", found.merchant), ("channel_type", found.channel)):
        got = getattr(fields, name)
        if got != was:
            why = texts.WITHDRAWAL_DIFFERS(number=found.out_order_id, name=name, was=was, got=got)
            raise DouyinError("no_such_withdrawal", why)
    return found


def query_withdraw_order(call: Call[Any]) -> WithdrawalFound:
    """Return how a withdrawal stands: under way, done, failed, or given back by the bank."""
    found = _withdrawal(call)
    status = found.status(call.now)
    return WithdrawalFound(status, "" if status == "PROCESSING" else found.message)


def query_withdraw_order_by_token(call: Call[Any]) -> WithdrawalByToken:
    """Return how a withdrawal stands: under way, done, failed, or given back by the bank."""
    found = query_withdraw_order(call)
    return WithdrawalByToken(found.status, found.statusMsg)


def _declare(
    name: str,
    handler: Any,
    fields: type[SignedFields],
    reply: type,
    empty: Any,
    twin_handler: Any = None,
    twin_reply: type | None = None,
) -> None:
    """Declare an operation at both hosts."""
    about = (handler.__doc__ or "").partition("\n")[0]
    queries = name == "query_withdraw_order"
    ecpay.add(
        name,
        "POST",
        PATH + name,
        handler=handler,
        types=lambda: (fields, reply),
        about=about,
        doc=_OLD + name.replace("_", "-"),
        basis="documented",
        errors=tables.WITHDRAWAL if queries else tables.MERCHANT,
        **({} if empty is None else {"empty": empty}),
    )
    merchant.add(
        name,
        "POST",
        f"{PATH}{name}/",
        handler=twin_handler or handler,
        types=lambda: (by_token(fields), twin_reply or reply),
        about=about,
        doc=_NEW + name.replace("_", "-"),
        basis="documented",
        errors=tables.WITHDRAWAL_BY_TOKEN if queries else tables.MERCHANT_BY_TOKEN,
        scope=_SCOPE,
    )


_declare("query_merchant_balance", query_merchant_balance, AccountFields, Balance, None)
_declare("merchant_withdraw", merchant_withdraw, WithdrawFields, Withdrawing, Withdrawing())
_declare(
    "query_withdraw_order",
    query_withdraw_order,
    WithdrawalQuery,
    WithdrawalFound,
    WithdrawalFound(),
    twin_handler=query_withdraw_order_by_token,
    twin_reply=WithdrawalByToken,
)
