"""Guaranteed payment (担保支付, ecpay): returns of shares (退分账)."""

from __future__ import annotations

import msgspec

from mockdouyin.core.calls import Call
from mockdouyin.core.envelopes import BesideTips
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import share_returns
from mockdouyin.domain.settlements import Settlement
from mockdouyin.domain.share_returns import NewReturn, ShareReturn
from mockdouyin.endpoints import _settling_texts as texts
from mockdouyin.endpoints._payment_calls import (
    Caller,
    SignedFields,
    admit,
    check_amount,
    check_length,
    check_number,
    check_url,
    own,
    own_by_number,
)
from mockdouyin.endpoints.ecpay import ecpay, needed_order
from mockdouyin.endpoints.ecpay_settlements import needed_settlement
from mockdouyin.endpoints.error_tables import payments as tables

PER_SECOND = 50
"""The limit of each call for one app."""

LONGEST_NUMBER = 64


class ReturnFields(SignedFields, kw_only=True):
    """Which receiver gives back how much of a settlement, by either number of it."""

    settle_no: str = ""
    out_settle_no: str = ""
    out_return_no: str = ""
    merchant_uid: str = ""
    return_amount: int = 0
    return_desc: str = ""
    cp_extra: str = ""
    notify_url: str = ""


class ReturnInfo(msgspec.Struct):
    """A return; `fail_reason` of one that did not fail is SUCCESS, as the docs show."""

    app_id: str
    thirdparty_id: str
    settle_no: str
    out_settle_no: str
    out_return_no: str
    merchant_uid: str
    return_amount: int
    return_status: str
    return_no: str
    fail_reason: str
    finish_time: int
    """The second at which it was done; 0 until then."""
    cp_extra: str


class ReturnFound(msgspec.Struct):
    """A return, as `return_info`."""

    return_info: ReturnInfo | None = None


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/create_return",
    doc="mini-app/develop/server/ecpay/return-settle/ReturnSettle",
    basis="documented",
    errors=tables.CREATE_RETURN,
    envelope=BesideTips("success"),
    empty=ReturnFound(),
)
def create_return(call: Call[ReturnFields]) -> ReturnFound:
    """Take a share back from its receiver; the same out_return_no again returns the first one."""
    caller, fields = admit(call, PER_SECOND), call.fields
    _check_return_no(fields.out_return_no)
    check_number(call, "out_return_no")
    call.need("bad_params", "merchant_uid", "return_desc")
    check_length("merchant_uid", fields.merchant_uid, 32)
    check_length("return_desc", fields.return_desc, 80)
    check_amount("return_amount", fields.return_amount)
    check_url(call, "notify_url", fields.notify_url)
    known = own(call, caller, ShareReturn, fields.out_return_no)
    if known is None:
        known = _create(call, caller)
    return ReturnFound(_info(known, call.now))


def _create(call: Call[ReturnFields], caller: Caller) -> ShareReturn:
    fields = call.fields
    settlement = _settlement_named(call, caller)
    order = needed_order(call, caller, settlement.out_order_no, "no_such_settlement")
    left = share_returns.returnable(settlement, order, fields.merchant_uid, call.now)
    if fields.return_amount > left:
        why = texts.NO_SHARE(
            settlement=settlement.out_settle_no,
            merchant=fields.merchant_uid,
            left=left,
            amount=fields.return_amount,
        )
        raise DouyinError("bad_params", why)
    new = NewReturn(
        out_return_no=fields.out_return_no,
        merchant=fields.merchant_uid,
        amount=fields.return_amount,
        cp_extra=fields.cp_extra,
        thirdparty_id=fields.thirdparty_id,
    )
    return share_returns.create(call.world, call.unit, settlement, order, new)


def _settlement_named(call: Call[ReturnFields], caller: Caller) -> Settlement:
    fields = call.fields
    if not fields.settle_no:
        if not fields.out_settle_no:
            why = texts.NUMBER_OF_TWO(one="settle_no", other="out_settle_no")
            raise DouyinError("bad_params", why)
        return needed_settlement(call, caller, fields.out_settle_no)
    found = own_by_number(call, caller, Settlement, fields.settle_no)
    if found is None:
        why = texts.NO_SETTLEMENT(app=caller.app.name, number=fields.settle_no[:80])
        raise DouyinError("no_such_settlement", why)
    return found


def _check_return_no(number: str) -> None:
    if len(number) > LONGEST_NUMBER:
        raise DouyinError("bad_return_no", texts.RETURN_NO_LONG(length=len(number)))


class ReturnQuery(SignedFields, kw_only=True):
    """Either number of a return."""

    out_return_no: str = ""
    return_no: str = ""


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/query_return",
    doc="mini-app/develop/server/ecpay/return-settle/query",
    basis="documented",
    errors=tables.QUERY_RETURN,
    envelope=BesideTips("success"),
    empty=ReturnFound(),
)
def query_return(call: Call[ReturnQuery]) -> ReturnFound:
    """Return a return of a share and how far it is."""
    caller, fields = admit(call, PER_SECOND), call.fields
    _check_return_no(fields.out_return_no)
    if not fields.out_return_no and not fields.return_no:
        why = texts.NUMBER_OF_TWO(one="return_no", other="out_return_no")
        raise DouyinError("bad_params", why)
    number = fields.out_return_no or fields.return_no
    search = own if fields.out_return_no else own_by_number
    found = search(call, caller, ShareReturn, number)
    if found is None:
        why = texts.NO_RETURN(app=caller.app.name, number=number[:80])
        raise DouyinError("no_such_return", why)
    return ReturnFound(_info(found, call.now))


def _info(found: ShareReturn, now: float) -> ReturnInfo:
    status = found.status(now)
    return ReturnInfo(
        app_id=found.app,
        thirdparty_id=found.thirdparty_id,
        settle_no=found.settle_no,
        out_settle_no=found.out_settle_no,
        out_return_no=found.out_return_no,
        merchant_uid=found.merchant,
        return_amount=found.amount,
        return_status=status,
        return_no=found.return_no,
        fail_reason=found.failure if status == "FAIL" else "SUCCESS",
        finish_time=0 if status == "PROCESSING" else int(found.done),
        cp_extra=found.cp_extra,
    )
