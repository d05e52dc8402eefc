"""Guaranteed payment (担保支付, ecpay): refunds."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call
from mockdouyin.core.envelopes import BesideTips
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import refunds
from mockdouyin.domain.orders import Order, beijing_time
from mockdouyin.domain.refunds import MOST_PARTS, REFUNDABLE_FOR, NewRefund, Refund
from mockdouyin.endpoints import _settling_texts as texts
from mockdouyin.endpoints._payment_calls import (
    Caller,
    SignedFields,
    admit,
    check_amount,
    check_flag,
    check_length,
    check_number,
    check_url,
    own,
)
from mockdouyin.endpoints.ecpay import ecpay, needed_order
from mockdouyin.endpoints.error_tables import payments as tables

CREATED_PER_SECOND, QUERIED_PER_SECOND = 50, 30
"""The limits of create_refund and query_refund for one app."""


class RefundFields(SignedFields, kw_only=True):
    """Which order is refunded, by how much, and where to call back."""

    out_order_no: str = ""
    out_refund_no: str = ""
    reason: str = ""
    refund_amount: int = 0
    cp_extra: str = ""
    notify_url: str = ""
    disable_msg: int = 0
    msg_page: str = ""
    all_settle: int = 0
    total_amount: Any = None
    """Sent by older clients; it is signed, and means nothing."""


class RefundCreated(msgspec.Struct):
    """The platform's number of a refund."""

    refund_no: str = ""


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/create_refund",
    doc="mini-app/develop/server/ecpay/refund-list/refund",
    basis="documented",
    errors=tables.CREATE_REFUND,
    envelope=BesideTips("受理成功"),
    empty=RefundCreated(),
)
def create_refund(call: Call[RefundFields]) -> RefundCreated:
    """Accept a refund; the same out_refund_no again returns the first one."""
    caller, fields = admit(call, CREATED_PER_SECOND), call.fields
    check_number(call, "out_refund_no")
    check_number(call, "out_order_no")
    new = _new_refund(call)
    known = own(call, caller, Refund, fields.out_refund_no)
    if known is not None:
        return RefundCreated(known.refund_no)
    order = needed_order(call, caller, fields.out_order_no)
    _check_refundable(call, order)
    made = refunds.create(call.world, call.unit, caller.app, order, new)
    return RefundCreated(made.refund_no)


def _new_refund(call: Call[RefundFields]) -> NewRefund:
    fields = call.fields
    call.need("bad_params", "reason")
    check_length("reason", fields.reason, 100)
    check_amount("refund_amount", fields.refund_amount)
    check_url(call, "notify_url", fields.notify_url)
    check_flag("all_settle", fields.all_settle)
    check_flag("disable_msg", fields.disable_msg)
    return NewRefund(
        out_refund_no=fields.out_refund_no,
        amount=fields.refund_amount,
        reason=fields.reason,
        is_all_settled=fields.all_settle == 1,
        cp_extra=fields.cp_extra,
        notify_url=fields.notify_url,
    )


def _check_refundable(call: Call[RefundFields], order: Order) -> None:
    """Refuse a refund of what is not paid, was paid long ago, or was given back already."""
    number, amount = order.out_order_no, call.fields.refund_amount
    if not order.paid:
        raise DouyinError(
            "bad_params", texts.NOT_PAID(number=number, status=order.status(call.now))
        )
    if call.now > order.paid + REFUNDABLE_FOR:
        why = texts.TOO_LATE(number=number, paid=beijing_time(order.paid))
        raise DouyinError("bad_params", why)
    if amount > order.refundable:
        why = texts.TOO_MUCH(amount=amount, number=number, left=order.refundable)
        raise DouyinError("bad_params", why)
    if len(order.refunds) >= MOST_PARTS[order.way]:
        raise DouyinError("bad_params", texts.TOO_OFTEN(number=number, most=MOST_PARTS[order.way]))


class RefundQuery(SignedFields, kw_only=True):
    """The app's own number of a refund."""

    out_refund_no: str = ""


class RefundInfo(msgspec.Struct, frozen=True):
    """A refund; a failed one says why in `msg`."""

    refund_no: str = ""
    refund_amount: int = 0
    refund_status: str = ""
    refunded_at: int = 0
    """The second at which it was done; 0 until then."""
    is_all_settled: bool = True
    """Whether the order was settled before; true where there is no refund, as the docs show."""
    cp_extra: str = ""
    msg: str = ""


class RefundFound(msgspec.Struct):
    """A refund, as `refundInfo`."""

    refundInfo: RefundInfo = RefundInfo()  # noqa: N815 - the platform's spelling


@ecpay.endpoint(
    "POST",
    "/api/apps/ecpay/v1/query_refund",
    doc="mini-app/develop/server/ecpay/refund-list/query",
    basis="documented",
    errors=tables.QUERY_REFUND,
    envelope=BesideTips("success"),
    empty=RefundFound(),
)
def query_refund(call: Call[RefundQuery]) -> RefundFound:
    """Return a refund and how far it is."""
    caller = admit(call, QUERIED_PER_SECOND)
    check_number(call, "out_refund_no")
    refund = _needed_refund(call, caller, call.fields.out_refund_no)
    status = refund.status(call.now)
    info = RefundInfo(
        refund_no=refund.refund_no,
        refund_amount=refund.amount,
        refund_status=status,
        refunded_at=0 if status == "PROCESSING" else int(refund.done),
        is_all_settled=refund.is_all_settled,
        cp_extra=refund.cp_extra,
        msg=refund.failure if status == "FAIL" else "",
    )
    return RefundFound(info)


def _needed_refund(call: Call[RefundQuery], caller: Caller, number: str) -> Refund:
    found = own(call, caller, Refund, number)
    if found is None:
        raise DouyinError("no_such_refund", texts.NO_REFUND(app=caller.app.name, number=number))
    return found
