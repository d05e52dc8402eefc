"""Guaranteed payment (担保支付, ecpay): settlements, and what is left to settle."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call
from mockdouyin.core.envelopes import BesideTips
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.typed import thread_safe
from mockdouyin.domain import auto_settlement as _plans  # noqa: F401 - it declares a plan
from mockdouyin.domain import settlements
from mockdouyin.domain.orders import Order, beijing_time
from mockdouyin.domain.refunds import Refund
from mockdouyin.domain.settlements import Division, NewSettlement, ReceiverShare, Settlement
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
)
from mockdouyin.endpoints.ecpay import ecpay, needed_order
from mockdouyin.endpoints.error_tables import payments as tables

PER_SECOND = 30
"""The limit of each call for one app; that of the last two is assumed."""

MOST_RECEIVERS = 4


class SettleFields(SignedFields, kw_only=True):
    """Which order is settled, who gets a part of it, and where to call back."""

    out_settle_no: str = ""
    out_order_no: str = ""
    settle_desc: str = ""
    settle_params: str = ""
    cp_extra: str = ""
    notify_url: str = ""
    finish: str | bool = ""


class SettleCreated(msgspec.Struct):
    """The platform's number of a settlement."""

    settle_no: str = ""


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/settle",
    doc="mini-app/develop/server/ecpay/settlements/settlement",
    basis="documented",
    errors=tables.SETTLE,
    empty=SettleCreated(),
)
def settle(call: Call[SettleFields]) -> SettleCreated:
    """Accept a settlement; the same out_settle_no again returns the first one.

    What is too early, or not used yet where the world's settings want that, is accepted as well,
    and fails in its callback.
    """
    caller, fields = admit(call, PER_SECOND), call.fields
    check_number(call, "out_settle_no")
    check_number(call, "out_order_no")
    call.need("bad_params", "settle_desc")
    check_length("settle_desc", fields.settle_desc, 80)
    check_url(call, "notify_url", fields.notify_url)
    shares, is_finish = _shares(call), _is_finish(fields.finish)
    known = own(call, caller, Settlement, fields.out_settle_no)
    if known is not None:
        return SettleCreated(known.settle_no)
    order = needed_order(call, caller, fields.out_order_no)
    new = NewSettlement(
        out_settle_no=fields.out_settle_no,
        shares=shares,
        finishes=settlements.finishes_at_last(order, asked=is_finish),
        cp_extra=fields.cp_extra,
        notify_url=fields.notify_url,
    )
    division = _division(call, order, new)
    made = settlements.create(call.world, call.unit, caller.app, order, new, division)
    return SettleCreated(made.settle_no)


class _Receiver(msgspec.Struct):
    """A receiver in settle_params."""

    merchant_uid: str
    amount: int


def _shares(call: Call[SettleFields]) -> tuple[ReceiverShare, ...]:
    """Return who gets how much, or refuse the call."""
    settle_params, strict = call.fields.settle_params, call.world.settings.strict_payments
    check_length("settle_params", settle_params, 2048)
    if not settle_params:
        return ()
    try:
        found = msgspec.json.decode(
            settle_params, type=thread_safe(list[_Receiver]), strict=strict
        )
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise DouyinError("bad_params", texts.SETTLE_PARAMS_FORM()) from None
    if len(found) > MOST_RECEIVERS:
        why = texts.TOO_MANY_RECEIVERS(count=len(found), most=MOST_RECEIVERS)
        raise DouyinError("bad_params", why)
    for each in found:
        if not each.merchant_uid:
            raise DouyinError("bad_params", texts.SETTLE_PARAMS_FORM())
        check_length("merchant_uid", each.merchant_uid, 32)
        check_amount("amount", each.amount)
    return tuple(ReceiverShare(each.merchant_uid, each.amount) for each in found)


def _is_finish(finish: str | bool) -> bool:
    """Return whether the call finishes the order: it does unless it says otherwise (assumed)."""
    text = str(finish).lower()
    if text not in ("", "true", "false"):
        why = texts.FLAG(name="finish", got=text[:30], known=["true", "false"])
        raise DouyinError("bad_params", why)
    return text != "false"


def _division(call: Call[SettleFields], order: Order, new: NewSettlement) -> Division:
    """Return how the order's money is divided, or refuse the call if that cannot be."""
    number, shared = order.out_order_no, sum(each.amount for each in new.shares)
    if any(each.merchant == order.seller for each in new.shares):
        raise DouyinError("bad_params", texts.SELLER_IS_RECEIVER(merchant=order.seller))
    if not new.finishes and not new.shares:
        raise DouyinError("bad_params", texts.NO_RECEIVERS())
    if settlements.is_running(call.unit, order):
        raise DouyinError("bad_params", texts.SETTLE_RUNNING(number=number))
    if not order.paid:
        return Division(shared, 0, 0)
    limit = call.world.settings.share_limit
    most = settlements.most_shared(order, limit)
    if limit < 1 and shared > most and not order.is_finished:
        why = texts.OVER_LIMIT(shared=shared, number=number, most=max(most, 0))
        raise DouyinError("nothing_to_settle", why)
    rate = call.world.settings.rake
    division = settlements.divide(order, shared, rate, finishes=new.finishes)
    if division is not None:
        return division
    if order.is_finished or not order.in_transit:
        raise DouyinError("nothing_to_settle", texts.ALL_SETTLED(number=number))
    rake = settlements.fee_on(order.in_transit if new.finishes else shared, rate)
    raise DouyinError(
        "nothing_to_settle",
        texts.OVER_SHARED(shared=shared, rake=rake, number=number, left=order.in_transit),
    )


class SettleQuery(SignedFields, kw_only=True):
    """The app's own number of a settlement."""

    out_settle_no: str = ""


class SettleInfo(msgspec.Struct, frozen=True):
    """A settlement; a failed one says why in `msg`."""

    settle_no: str = ""
    settle_amount: int = 0
    settle_status: str = ""
    settle_detail: str = ""
    settled_at: int = 0
    """The second at which it was done; 0 until then."""
    rake: int = 0
    commission: int = 0
    cp_extra: str = ""
    msg: str = ""


class SettleFound(msgspec.Struct):
    """A settlement, as `settle_info`."""

    settle_info: SettleInfo = SettleInfo()


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/query_settle",
    doc="mini-app/develop/server/ecpay/settlements/query",
    basis="documented",
    errors=tables.QUERY_SETTLE,
    envelope=BesideTips("受理成功"),
    empty=SettleFound(),
)
def query_settle(call: Call[SettleQuery]) -> SettleFound:
    """Return a settlement and how far it is."""
    caller = admit(call, PER_SECOND)
    check_number(call, "out_settle_no")
    found = needed_settlement(call, caller, call.fields.out_settle_no)
    status = found.status(call.now)
    info = SettleInfo(
        settle_no=found.settle_no,
        settle_amount=found.amount,
        settle_status=status,
        settle_detail=found.detail,
        settled_at=0 if status == "PROCESSING" else int(found.done),
        rake=found.rake,
        cp_extra=found.cp_extra,
        msg=found.failure if status == "FAIL" else "",
    )
    return SettleFound(info)


def needed_settlement(call: Call[Any], caller: Caller, number: str) -> Settlement:
    """Return an app's settlement, or refuse the call."""
    found = own(call, caller, Settlement, number)
    if found is None:
        why = texts.NO_SETTLEMENT(app=caller.app.name, number=number)
        raise DouyinError("no_such_settlement", why)
    return found


class UnsettleQuery(SignedFields, kw_only=True):
    """The app's own number of an order."""

    out_order_no: str = ""
    out_item_order_no: str = ""


class PaidAmount(msgspec.Struct):
    """What was paid."""

    out_order_no: str
    amount: int


class RefundedAmount(msgspec.Struct):
    """What was given back by one refund."""

    out_refund_no: str
    amount: int


class UnsettleDetail(msgspec.Struct):
    """What the amount is made up of."""

    pay_info: PaidAmount
    refund_info: list[RefundedAmount]
    payment_rake: int
    """The fees of the settlements so far."""
    life_rake: int = 0
    commission: int = 0


class UnsettleAmount(msgspec.Struct):
    """What of an order can still be settled."""

    out_order_no: str
    unsettle_amount: int
    detail: UnsettleDetail


class UnsettleFound(msgspec.Struct):
    """The amount, as `data`."""

    data: UnsettleAmount


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/unsettle_amount",
    doc="mini-app/develop/server/ecpay/settlements/unsettle-amount",
    basis="observed",
    errors=tables.UNSETTLE_AMOUNT,
    envelope=BesideTips("success"),
)
def unsettle_amount(call: Call[UnsettleQuery]) -> UnsettleFound:
    """Return how much of an order is in transit: paid, not refunded and not settled."""
    caller = admit(call, PER_SECOND)
    check_number(call, "out_order_no")
    order = needed_order(call, caller, call.fields.out_order_no)
    given_back = [
        RefundedAmount(number, found.amount)
        for number in order.refunds
        if (found := own(call, caller, Refund, number))
    ]
    detail = UnsettleDetail(
        PaidAmount(order.out_order_no, order.total_amount if order.paid else 0),
        given_back,
        payment_rake=sum(each.rake for each in _settlements_of(call, caller, order)),
    )
    return UnsettleFound(UnsettleAmount(order.out_order_no, order.in_transit, detail))


def _settlements_of(call: Call[Any], caller: Caller, order: Order) -> list[Settlement]:
    found = (own(call, caller, Settlement, each) for each in order.settlements)
    return [each for each in found if each is not None]


class PlatformOrderQuery(SignedFields, kw_only=True):
    """The app's own number of an order, and 1 for its automatic settlements."""

    out_order_no: str = ""
    query_type: int = 0


class SettleParam(msgspec.Struct):
    """What a merchant got."""

    amount: int
    merchant_uid: str


class AutoSettlement(msgspec.Struct):
    """One automatic settlement; its times are in Beijing."""

    out_settle_no: str
    settle_no: str
    settle_status: str
    created_at: str
    settled_at: str
    settle_way: str
    """The way of the payment: `1` WeChat, `2` Alipay, …"""
    cps: int
    service_charge: int
    settle_param_list: list[SettleParam]


class PlatformOrder(msgspec.Struct):
    """An order's automatic settlements; none until the platform made one."""

    app_id: str
    out_order_no: str
    query_type: str
    settle_info_list: list[AutoSettlement]


class PlatformOrderFound(msgspec.Struct):
    """The order, as `platform_order`."""

    platform_order: PlatformOrder | None = None


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/query_platform_order",
    doc="mini-app/develop/server/ecpay/settlements/auto-settle/query",
    basis="documented",
    errors=tables.QUERY_PLATFORM_ORDER,
    envelope=BesideTips("success"),
    empty=PlatformOrderFound(),
)
def query_platform_order(call: Call[PlatformOrderQuery]) -> PlatformOrderFound:
    """Return what the platform settled by itself of an order."""
    caller, fields = admit(call, PER_SECOND), call.fields
    check_number(call, "out_order_no")
    call.need("bad_params", "query_type")
    if fields.query_type != 1:
        why = texts.FLAG(name="query_type", got=str(fields.query_type)[:30], known=["1"])
        raise DouyinError("bad_params", why)
    order = needed_order(call, caller, fields.out_order_no)
    listed = [
        _auto_settlement(each, order, call.now)
        for each in _settlements_of(call, caller, order)
        if each.is_automatic
    ]
    found = PlatformOrder(caller.app.client_key, order.out_order_no, "Settle", listed)
    return PlatformOrderFound(found)


def _auto_settlement(found: Settlement, order: Order, now: float) -> AutoSettlement:
    return AutoSettlement(
        out_settle_no=found.out_settle_no,
        settle_no=found.settle_no,
        settle_status=found.status(now),
        created_at=beijing_time(found.created),
        settled_at=beijing_time(found.done),
        settle_way=str(order.way),
        cps=0,
        service_charge=found.rake,
        settle_param_list=[SettleParam(each.amount, each.merchant) for each in found.shares],
    )
