"""tt.createOrder: an order of the trade system, agreed by the app's backend and paid at once.

The platform asks the backend by the callback `pre_create_order`. If it agrees, the cashier opens.
`success` is called once the order is paid. `fail` has `orderId` where there is an order that was
not paid, and `errLogId` where there is none.
(Doc pages: mini-app/develop/api/industry/trading-system/pre-order/create-order and
…/life-service/continue-pay; documented. The numbers and texts of failures are assumed, but 21550.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from mockdouyin.core import bounds
from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import Text
from mockdouyin.domain import trade_orders
from mockdouyin.domain.orders import MAX_AMOUNT, WAYS
from mockdouyin.domain.trade_callbacks import read_pre_order
from mockdouyin.domain.trade_orders import ENDINGS, NewTradeOrder, TradeOrder, unpaid
from mockdouyin.phone import _error_texts as texts
from mockdouyin.phone import _questions as questions
from mockdouyin.phone._cashier import ENDED_MEANWHILE, ENDS, decision_of, how_paid, way_of
from mockdouyin.phone._handset import Asked, Backend, Handset, PhoneRefusal, Question, Sheet
from mockdouyin.phone.apis import TtResult, tt

MAX_CALLBACK_DATA = 2048
"""Bytes that callbackData may have as JSON."""

_LIMITS = {"wx": "wx", "alipay": "alipay", "dy": "douyin"}
"""The words of `payment.limitPay`, and the way that each hides (assumed, as limit_pay_way)."""

_GOODS = {
    "goodsPhoto": "img_url",
    "goodsName": "title",
    "goodsLabels": "labels",
    "dateRule": "date_rule",
    "price": "price",
    "quantity": "quantity",
    "goodsId": "goods_id",
    "goodsType": "goods_id_type",
    "discountAmount": "discount_amount",
}
"""What the backend is told of goods, by the argument that it comes from."""


def _failure(failure: dict[str, Any], log_id: str) -> dict[str, Any]:
    """Return a failure as these APIs have it: errNo is a text, and a log id stands beside."""
    shaped = {**failure, "errLogId": log_id}
    if "errNo" in failure:
        shaped["errNo"] = str(failure["errNo"])
    return shaped


_ENDINGS = tuple(E(number, ending, text, "assumed") for ending, (number, text) in ENDINGS.items())
_SHEET_ANSWERS = ("decision", "way")


def _order_at_cashier(phone: Handset) -> Question | None:
    order = _order_of(phone)
    if order.status(phone.now) != "PROCESSING" or not order.ways:
        return None
    return questions.cashier(order)


_CASHIER = Sheet(
    _order_at_cashier,
    deny={"decision": "cancel"},
    takes=_SHEET_ANSWERS,
    stays={"decision": "leave"},
)


def _ask(phone: Handset) -> Asked:
    """Ask the backend whether it agrees to the order."""
    if not phone.args.get("hostLogin", True):
        raise PhoneRefusal("not_login")
    number = phone.world.ids.snowflake(
        phone.now, "trade_order", phone.app.client_key, phone.world.journal.next_number
    )
    pins = {"order_id": f"ot{number}"}
    new = _new_order({**phone.args, **pins})
    url = str(phone.args.get("callbackUrl") or "") or phone.app.payment.create_order_callback
    if not url:
        raise PhoneRefusal("pre_order_failed", why=texts.NO_PRE_ORDER_URL(app=phone.app.name))
    contact = phone.args.get("contactInfo")
    content = trade_orders.pre_order_content(
        phone.world,
        phone.app,
        phone.person,
        new,
        phone.now,
        contact if isinstance(contact, dict) else {},
    )
    link = trade_orders.trade_link(phone.app.client_key, new.order_id)
    return Asked(url, content, link, pins)


def _hear(phone: Handset, asked: Delivery) -> None:
    """Make the order, if the backend agreed to it."""
    attempt = asked.attempts[-1]
    if attempt.problem:
        raise PhoneRefusal("pre_order_failed", why=attempt.problem)
    reply = read_pre_order(attempt.body)
    if isinstance(reply, Text):
        raise PhoneRefusal("pre_order_failed", why=reply)
    if trade_orders.find(phone.unit, phone.app, reply.out_order_no) is not None:
        why = texts.OUT_ORDER_NO_TAKEN(number=reply.out_order_no)
        raise PhoneRefusal("pre_order_failed", why=why)
    new = _new_order(phone.args)
    trade_orders.create(phone.world, phone.unit, phone.app, phone.person, new, reply)


@tt(
    "createOrder",
    E(21550, "not_login", "未登录"),
    E(20000, "invalid_params", "invalid params", "assumed"),
    E(10401, "pre_order_failed", "pre order failed", "assumed"),
    *_ENDINGS,
    takes=(
        "goodsList skuList payment bookInfo contactInfo storeInfo note callbackData tradeOption"
        " callbackUrl discountInfo discountId extra hostLogin way decision"
    ),
    sheet=_CASHIER,
    backend=Backend("trade_pre_create_order", _ask, _hear),
    failure=_failure,
)
def create_order(phone: Handset) -> TtResult:
    """Order goods and pay for them; `decision` says what the person does at the cashier.

    The app's backend is asked first, at `create_order_callback` of its payment settings or at
    `callbackUrl`, and gives the order its own number.

    下单并支付：先询问后端（预下单扩展点），再打开收银台，按 `decision` 操作，默认支付。
    """
    return _at_cashier(phone, "createOrder")


@tt(
    "continueToPay",
    E(21550, "not_login", "未登录"),
    E(10401, "no_order", "order not found", "assumed"),
    *_ENDINGS,
    takes="orderId outOrderNo hostLogin way decision",
    sheet=_CASHIER,
    failure=_failure,
)
def continue_to_pay(phone: Handset) -> TtResult:
    """Open the cashier again for an order of tt.createOrder that was not paid.

    再次打开 tt.createOrder 未支付订单的收银台，按 `decision` 操作，默认支付。
    """
    if not phone.args.get("hostLogin", True):
        raise PhoneRefusal("not_login")
    return _at_cashier(phone, "continueToPay")


def _order_of(phone: Handset) -> TradeOrder:
    found = trade_orders.find_named(phone.unit, phone.app, phone.args)
    if found is None:
        raise PhoneRefusal("no_order", why=texts.NO_TRADE_ORDER(app=phone.app.name))
    return found


def _at_cashier(phone: Handset, api: str) -> TtResult:
    world, unit, app = phone.world, phone.unit, phone.app
    order, decision = _order_of(phone), decision_of(phone)
    status = order.status(phone.now)
    if status != "PROCESSING":
        return _unpaid(phone, api, order, ENDED_MEANWHILE[status])
    if not order.ways:
        decision = "fail"  # nothing to pay with (assumed)
    elif decision == "pay":
        decision = trade_orders.fate(unit, order).payment or decision
    if decision == "pay":
        paid = trade_orders.pay(world, unit, app, order, phone.person, way_of(phone, order))
        phone.outcome = how_paid(phone, paid, trade_orders.fate(unit, order))
        ids = {"orderId": order.order_id, "outOrderNo": order.out_order_no}
        return {**ids, "errMsg": f"{api}:ok"}
    if decision == "fail":
        trade_orders.fail(unit, order)
    elif decision == "timeout":
        trade_orders.time_out(world, unit, app, order)
    elif decision == "cancel":
        trade_orders.cancel(world, unit, app, order, "USER_CANCEL")
    return _unpaid(phone, api, order, decision)


def _unpaid(phone: Handset, api: str, order: TradeOrder, decision: str) -> TtResult:
    phone.outcome = ENDS[decision]()
    return unpaid(api, order, decision)


# Arguments.


def _new_order(args: Mapping[str, Any]) -> NewTradeOrder:
    """Return what the arguments order; refuse the call if they are wrong."""
    mistake = next(_mistakes(args), None)
    if mistake is not None:
        raise PhoneRefusal("invalid_params", why=mistake)
    payment, is_sku = args["payment"], bool(args.get("skuList"))
    (goods,) = args["skuList"] if is_sku else args["goodsList"]
    hidden = {_LIMITS[word] for word in payment.get("limitPay") or ()}
    return NewTradeOrder(
        order_id=args["order_id"],
        goods=(_told_of_sku(goods) if is_sku else _told_of(goods),),
        is_sku=is_sku,
        title=str(goods.get("goodsName") or goods.get("title") or goods.get("skuId") or "")[:128],
        total_amount=payment["totalAmount"],
        discount=payment.get("totalDiscountAmount") or 0,
        cp_extra=_stringified(args.get("callbackData")),
        hidden_ways=tuple(way for way in WAYS if way in hidden),
    )


def _told_of(goods: Mapping[str, Any]) -> dict[str, Any]:
    return {told: goods[name] for name, told in _GOODS.items() if name in goods}


def _told_of_sku(sku: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is told of a SKU: the same, with names in snake case (assumed)."""
    return {re.sub("(?=[A-Z])", "_", name).lower(): value for name, value in sku.items()}


def _stringified(value: Any) -> str:
    return "" if value is None else msgspec.json.encode(value).decode()


def _mistakes(args: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what is wrong with the arguments."""
    if not bounds.is_storable(args):
        yield texts.ARGUMENT(name="createOrder", wanted="JSON")
        return
    goods, skus = args.get("goodsList"), args.get("skuList")
    if bool(goods) == bool(skus):
        yield texts.GOODS_OR_SKUS()
        return
    name, bought = ("skuList", skus) if skus else ("goodsList", goods)
    if not isinstance(bought, list) or len(bought) != 1 or not isinstance(bought[0], dict):
        yield texts.ONE_OF_GOODS(name=name)
        return
    key = "skuId" if skus else "goodsId"
    if not isinstance(bought[0].get(key), str) or not bought[0][key]:
        yield texts.ARGUMENT(name=f"{name}[0].{key}", wanted='"…"')
    for field, least in (("quantity", 1), ("price", 0)):
        if not _is_int(bought[0].get(field), least):
            yield texts.ARGUMENT(name=f"{name}[0].{field}", wanted=f"int >= {least}")
    yield from _mistakes_of_payment(args.get("payment"))
    if len(_stringified(args.get("callbackData")).encode()) > MAX_CALLBACK_DATA:
        yield texts.CALLBACK_DATA(most=MAX_CALLBACK_DATA)


def _mistakes_of_payment(payment: Any) -> Iterator[Text]:
    if not isinstance(payment, dict):
        yield texts.ARGUMENT(name="payment", wanted='{"totalAmount": 1990}')
        return
    total: Any = payment.get("totalAmount")
    discount: Any = payment.get("totalDiscountAmount") or 0
    if not _is_int(total, 1):
        yield texts.ARGUMENT(name="payment.totalAmount", wanted=f"int 1..{MAX_AMOUNT}")
    elif not _is_int(discount, 0) or discount >= total:
        yield texts.ARGUMENT(name="payment.totalDiscountAmount", wanted=f"int 0..{total - 1}")
    limits = payment.get("limitPay") or []
    if not isinstance(limits, list) or not all(each in _LIMITS for each in map(str, limits)):
        yield texts.ARGUMENT(name="payment.limitPay", wanted=str(list(_LIMITS)))


def _is_int(value: Any, least: int) -> bool:
    is_int = isinstance(value, int) and not isinstance(value, bool)
    return is_int and least <= value <= MAX_AMOUNT
