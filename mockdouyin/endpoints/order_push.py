"""Order push (订单同步): what people see of an app's orders in Douyin's order centre.

The access_token is in the body and nothing is signed. Answers have names of their own:
`{"err_code": 0, "err_msg": "success", "body": ""}`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Family
from mockdouyin.core.envelopes import NOT_ZERO, TEXT, ZERO, JsonSchema, encode, object_schema
from mockdouyin.core.errors import DouyinError, ErrorCase
from mockdouyin.core.texts import Text
from mockdouyin.domain import pushed_orders
from mockdouyin.domain.orders import MAX_AMOUNT
from mockdouyin.domain.pushed_orders import PushedOrder
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _settling_texts as texts
from mockdouyin.endpoints._payment_calls import PRODUCTION_HOST, check_length
from mockdouyin.endpoints.error_tables import payments as tables

NORMAL, GROUP_BUYING, TICKET = 0, 9101, 9001
"""The values of order_type: an ordinary order, a coupon of group buying, an admission ticket."""

STATUSES = (0, 1, 2, 4, 5, 6, 8)
"""The values of order_status: 4 is used as a whole (已核销)."""

STATUS_TEXTS = (
    *("待支付", "已支付", "已取消", "已超时"),
    *("已核销", "退款中", "已退款", "退款失败"),
)


class PushReply(msgspec.Struct):
    """What stands beside the number: nothing, or for coupons and tickets a text of JSON."""

    body: str = ""


class PushEnvelope:
    """`err_code`, `err_msg` and `body`."""

    def success(self, payload: Any, log_id: str, now: float) -> bytes:
        """Encode 0, `success` and the body."""
        return encode({"err_code": 0, "err_msg": "success", **msgspec.to_builtins(payload)})

    def failure(self, case: ErrorCase, detail: str, empty: Any, log_id: str, now: float) -> bytes:
        """Encode number and text; the body is empty."""
        return encode({"err_code": case.code, "err_msg": case.text, "body": ""})

    def schema(self, payload: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a success."""
        return self._schema(ZERO)

    def failure_schema(self, empty: JsonSchema | None) -> JsonSchema:
        """Return the JSON Schema of a refusal."""
        return self._schema(NOT_ZERO)

    def _schema(self, number: JsonSchema) -> JsonSchema:
        return object_schema(err_code=number, err_msg=TEXT, body=TEXT)


order_push: Family = Family(
    "order_push",
    hosts=(PRODUCTION_HOST,),
    envelope=PushEnvelope(),
    malformed=-1,
    errors=tables.ORDER_PUSH,
    token_headers=OLDER_TOKEN_HEADERS,
)


class PushFields(TokenFields, kw_only=True):
    """Whose order it is, how far it is, and what is shown of it."""

    client_key: str = ""
    """Sent for coupons and tickets."""
    ext_shop_id: str = ""
    app_name: str = ""
    open_id: str = ""
    order_status: int | None = None
    order_type: int | None = None
    update_time: int = 0
    extra: str = ""
    order_detail: str = ""
    scene: str = ""
    launch_from: str = ""
    location: str = ""


@order_push.endpoint(
    "POST",
    "/api/apps/order/v2/push",
    doc="mini-app/develop/server/ecpay/order/order-sync",
    basis="documented",
    empty=PushReply(),
)
def push(call: Call[PushFields]) -> PushReply:
    """Show an order to its person; one that is pushed as used can be settled."""
    app, fields = app_of_token(call, "app"), call.fields
    call.need("bad_params", "app_name", "open_id", "update_time", "order_detail")
    _check_host("app_name", fields.app_name)
    order_type = _one_of("order_type", fields.order_type, (NORMAL, GROUP_BUYING, TICKET))
    detail = _detail(fields.order_detail)
    if order_type == NORMAL or fields.order_status is not None:
        _one_of("order_status", fields.order_status, STATUSES)
    if not _is_milliseconds(fields.update_time):
        why = texts.TIME_IN_SECONDS(got=str(fields.update_time)[:30])
        raise DouyinError("bad_params", why)
    check_length("extra", fields.extra, 2048)
    if order_type == NORMAL:
        _check_detail(detail)
    number = detail.get("order_id")
    if isinstance(number, str) and number:
        pushed_orders.link(call.unit, app, number)
        call.known_person(app, fields.open_id, "bad_open_id")
        pushed = PushedOrder(
            app=app.client_key,
            order_id=number,
            order_type=order_type,
            status=fields.order_status or 0,
            person=call.person,
            updated=fields.update_time,
            detail=fields.order_detail,
        )
        pushed_orders.push(call.unit, app, pushed)
    return PushReply("" if order_type == NORMAL else _POI_BODY)


_POI_BODY = '{"data":{"description":"","error_code":0,"order_id":"0"}}'
"""The body of the answer for coupons and tickets, as the docs show it."""


class DeleteFields(TokenFields, kw_only=True):
    """Which order of a person is deleted."""

    openid: str = ""
    appname: str = ""
    order_id: str = ""


@order_push.endpoint(
    "POST",
    "/api/apps/order/delete",
    doc="mini-app/develop/server/ecpay/order/order-delete",
    basis="observed",
    empty=PushReply(),
)
def delete(call: Call[DeleteFields]) -> PushReply:
    """Delete an order from the order centre; one that was never pushed is refused (assumed)."""
    app, fields = app_of_token(call, "app"), call.fields
    call.need("bad_params", "openid", "appname", "order_id")
    _check_host("appname", fields.appname)
    call.known_person(app, fields.openid, "bad_open_id")
    if not pushed_orders.delete(call.unit, app, fields.order_id, call.person):
        raise DouyinError("bad_params", texts.NO_PUSHED_ORDER(number=fields.order_id[:80]))
    return PushReply()


def _check_host(name: str, value: str) -> None:
    if value != "douyin":
        raise DouyinError("bad_params", texts.HOST_NAME(name=name, got=value[:80]))


def _one_of(name: str, value: int | None, known: tuple[int, ...]) -> int:
    if value is None:
        raise DouyinError("bad_params", texts.MISSING(name=name, known=[*map(str, known)]))
    if value not in known:
        why = texts.FLAG(name=name, got=str(value)[:30], known=[*map(str, known)])
        raise DouyinError("bad_params", why)
    return value


def _is_milliseconds(value: Any) -> bool:
    return type(value) is int and 10**12 <= value < 10**13


# What is shown of an ordinary order.


def _detail(text: str) -> dict[str, Any]:
    """Return order_detail, or refuse the call."""
    check_length("order_detail", text, 2048)
    detail = pushed_orders.parse_detail(text)
    if not detail:
        raise DouyinError("bad_params", texts.DETAIL_JSON())
    return detail


def _check_detail(detail: dict[str, Any]) -> None:
    """Refuse a call whose order_detail lacks something, or has it in another form."""
    _check_text(detail, "order_id", 64)
    _check("create_time", _is_milliseconds(detail.get("create_time")), texts.MILLISECONDS())
    is_known = detail.get("status") in STATUS_TEXTS
    _check("status", is_known, texts.ONE_OF(known=list(STATUS_TEXTS)))
    _check_numbers(detail, "amount", "total_price")
    _check_text(detail, "detail_url", 1024)
    items = detail.get("item_list")
    _check("item_list", isinstance(items, list) and bool(items), texts.ITEMS())
    for item in items if isinstance(items, list) else ():
        _check("item_list", isinstance(item, dict), texts.ITEMS())
        for name, most in (("item_code", 64), ("img", 512), ("title", 256)):
            _check_text(item, name, most)
        _check_numbers(item, "price")
        if "amount" in item:
            _check_numbers(item, "amount")


def _check_text(values: dict[str, Any], name: str, most: int) -> None:
    value = values.get(name)
    is_text = isinstance(value, str) and 0 < len(value.encode(errors="surrogatepass")) <= most
    _check(name, is_text, texts.TEXT(most=most))


def _check_numbers(values: dict[str, Any], *names: str) -> None:
    for name in names:
        value = values.get(name)
        _check(name, type(value) is int and 0 <= value <= MAX_AMOUNT, texts.NUMBER())


def _check(name: str, is_right: bool, form: Text) -> None:
    if not is_right:
        raise DouyinError("bad_params", texts.DETAIL_FORM(name=name, form=form))
