"""Bills (账单): by signature as CSV, by token as links to files."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.clock import format_duration
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.pages import Download
from mockdouyin.domain.bills import (
    ACCOUNT_TYPES,
    COLUMNS,
    FILE_LIFETIME,
    PAYMENT_TYPES,
    TRADE_TYPES,
    Asked,
    BillFile,
    keep_file,
    numbered_days,
    write_bill,
    write_file,
    write_fund_bill,
)
from mockdouyin.domain.merchants import Acting
from mockdouyin.endpoints import _merchant_texts as texts
from mockdouyin.endpoints._merchant_calls import (
    MAX_ID,
    acting,
    by_sign,
    by_token,
    check_merchant,
    check_one_of,
    merchant,
    origin,
)
from mockdouyin.endpoints._payment_calls import SignedFields, check_length
from mockdouyin.endpoints.ecpay import ecpay
from mockdouyin.endpoints.error_tables import merchants as tables

_OLD = "mini-app/develop/server/payment/ecpay/bills/"
_NEW = "mini-app/develop/server/payment/trade-system/general/GetBills/"
_SCOPE = "trade_basic.developer.trade_bill"
_CSV = "text/csv; charset=utf-8"

FILES = "/wsos_v2/wallet_open_bill_v3_file/object/"

MOST_DAYS = 31
"""Days of one bill (assumed)."""

RANGE_TYPES = ("payment", "settle", "refund")
"""What `bill` knows."""


class RangeFields(SignedFields, kw_only=True):
    """A range of days, and what to tell of them."""

    start_date: str = ""
    end_date: str = ""
    seller: str = ""
    bill_type: str = ""


@ecpay.endpoint(
    "GET",
    "/api/apps/bill",
    doc="mini-app/develop/server/ecpay/bills/bill",
    basis="documented",
    errors=tables.BILL,
    malformed=1,
)
def bill(call: Call[RangeFields]) -> Download:
    """Return a bill of some days as CSV, of one seller or of all."""
    acts, fields = by_sign(call), call.fields
    call.need("bad_params", "start_date", "end_date", "bill_type")
    check_one_of("bill_type", fields.bill_type, RANGE_TYPES)
    start, end = _day("start_date", fields.start_date), _day("end_date", fields.end_date)
    if end < start:
        why = texts.BILL_BACKWARDS(start=fields.start_date, end=fields.end_date)
        raise DouyinError("backwards", why)
    if end - start >= MOST_DAYS:
        why = texts.BILL_TOO_LONG(most=MOST_DAYS, days=end - start + 1)
        raise DouyinError("bad_params", why)
    asked = Asked(acts.owner, tuple(range(start, end + 1)), fields.seller, acts.sandbox)
    content = write_bill(call.world, call.unit, fields.bill_type, asked)
    return Download(content, _CSV, f"{fields.bill_type}-{fields.start_date}.csv")


def _day(name: str, text: str) -> int:
    """Return the number of a day that is written as yyyyMMdd."""
    return _days(name, text, "yyyyMMdd")[0]


def _days(name: str, text: str, written: str) -> tuple[int, ...]:
    """Return the days of a date that has one of the forms that are written."""
    try:
        if len(text) not in map(len, written.split(" / ")):
            raise ValueError(text)
        return numbered_days(text)
    except ValueError:
        why = texts.BILL_DATE(name=name, got=text[:40], form=written)
        raise DouyinError("bad_params", why) from None


class BillFields(SignedFields, kw_only=True):
    """A merchant, a day or a month, and what to tell of it."""

    merchant_id: str = ""
    bill_date: str = ""
    """`yyyyMMdd`, or `yyyyMM`."""
    bill_type: str = ""


class FundFields(SignedFields, kw_only=True):
    """A merchant, a day or a month, and what to tell of its account."""

    merchant_id: str = ""
    bill_date: str = ""
    account_type: str = ""
    payment_type: str = ""
    trade_type: str = ""


def _asked(call: Call[Any], acts: Acting) -> Asked:
    fields = call.fields
    call.need("bad_params", "merchant_id", "bill_date")
    check_length("merchant_id", fields.merchant_id, MAX_ID)
    days = _days("bill_date", fields.bill_date, "yyyyMMdd / yyyyMM")
    check_merchant(call, acts, fields.merchant_id)
    return Asked(acts.owner, days, fields.merchant_id, acts.sandbox)


def _bill_type(call: Call[Any]) -> str:
    call.need("bad_params", "bill_type")
    check_one_of("bill_type", call.fields.bill_type, tuple(COLUMNS))
    return str(call.fields.bill_type)


def _funds(call: Call[Any]) -> tuple[str, str, str]:
    fields = call.fields
    call.need("bad_params", "account_type", "payment_type", "trade_type")
    check_one_of("account_type", fields.account_type, tuple(ACCOUNT_TYPES))
    check_one_of("payment_type", fields.payment_type, PAYMENT_TYPES)
    check_one_of("trade_type", fields.trade_type, TRADE_TYPES)
    return fields.account_type, fields.payment_type, fields.trade_type


@ecpay.endpoint(
    "GET",
    "/api/apps/bills",
    doc=_OLD + "bill",
    basis="documented",
    errors=tables.BILLS,
    malformed=1,
)
def bills(call: Call[BillFields]) -> Download:
    """Return a merchant's bill of a day or a month as CSV."""
    acts = by_sign(call)
    bill_type = _bill_type(call)
    asked = _asked(call, acts)
    content = write_bill(call.world, call.unit, bill_type, asked)
    return Download(content, _CSV, f"{bill_type}-{call.fields.bill_date}.csv")


@ecpay.endpoint(
    "GET",
    "/api/apps/fund/bills",
    doc=_OLD + "fundbill",
    basis="documented",
    errors=tables.BILLS,
    malformed=1,
)
def fund_bills(call: Call[FundFields]) -> Download:
    """Return what changed in a merchant's account on a day or in a month, as CSV."""
    acts = by_sign(call)
    funds = _funds(call)
    asked = _asked(call, acts)
    content = write_fund_bill(call.unit, asked, *funds)
    return Download(content, _CSV, f"fund-{call.fields.bill_date}.csv")


# By token: links to files.


class BillList(msgspec.Struct):
    """Links to the files of a bill."""

    bill_list: list[str]


class FundBillList(msgspec.Struct):
    """Links to the files of a bill of funds."""

    fund_bill_list: list[str]


def _file_link(
    call: Call[Any], acts: Acting, bill_type: str, funds: tuple[str, str, str] = ("", "", "")
) -> str:
    call.need("bad_params", "app_id")
    asked = _asked(call, acts)
    expires = call.now + FILE_LIFETIME
    file = BillFile(
        app=acts.app.client_key,
        owner=asked.owner,
        days=asked.days,
        merchant=asked.merchant,
        bill_type=bill_type,
        sign=call.world.ids.hex(64, "bill.sign", asked, bill_type, funds, expires),
        funds=funds,
        sandbox=asked.sandbox,
        expires=expires,
    )
    link = keep_file(call.world, call.unit, file)
    return f"{origin(call)}{FILES}{link}&app_id={file.app}"


def bills_by_token(call: Call[Any]) -> BillList:
    """Return links to a merchant's bill of a day or a month; they live six hours."""
    acts = acting(call)
    return BillList([_file_link(call, acts, _bill_type(call))])


def fund_bills_by_token(call: Call[Any]) -> FundBillList:
    """Return links to what changed in a merchant's account; they live six hours."""
    acts = acting(call)
    return FundBillList([_file_link(call, acts, "", _funds(call))])


def _declare(name: str, path: str, handler: Any, fields: Any, reply: type, page: str) -> None:
    merchant.add(
        name,
        "POST",
        path,
        handler=handler,
        types=lambda: (by_token(fields), reply),
        about=handler.__doc__ or "",
        doc=_NEW + page,
        basis="documented",
        errors=tables.MERCHANT_BY_TOKEN,
        scope=_SCOPE,
    )


_declare("bills", "/api/apps/v3/bills/", bills_by_token, BillFields, BillList, "bill")
_declare(
    "fund_bills",
    "/api/apps/v3/fund/bills/",
    fund_bills_by_token,
    FundFields,
    FundBillList,
    "fund-bills",
)


class FileFields(Fields, kw_only=True):
    """The query of a link; `app_id` is mockdouyin's own, and leads to the world."""

    app_id: str = ""
    expire: str = ""
    skipCookie: str = ""  # noqa: N815 - the wire's own name
    timeStamp: str = ""  # noqa: N815 - the wire's own name
    sign: str = ""


@ecpay.endpoint(
    "GET",
    FILES + "{object}",
    doc=_NEW + "bill",
    basis="observed",
    errors=tables.FILE,
    malformed=1,
)
def bill_file(call: Call[FileFields]) -> Download:
    """Return a bill by its link, as CSV."""
    app = call.known_app(call.fields.app_id, "bad_appid")
    call.need("bad_params", "sign")
    name = call.request.path.rstrip("/").rpartition("/")[2]
    file = call.unit.find(BillFile, name)
    if file is None or file.app != app.client_key or file.sign != call.fields.sign:
        raise DouyinError("bad_params", texts.BILL_FILE_UNKNOWN())
    if file.expires <= call.now:
        ago = format_duration(int(call.now - file.expires))
        raise DouyinError("bad_params", texts.BILL_FILE_EXPIRED(ago=ago))
    return Download(write_file(call.world, call.unit, file), _CSV, f"{name}.csv")
