"""tt.pay: the cashier of guaranteed payment on a person's phone.

`success` is called whenever the cashier opened, with a code: 0 paid, 1 timed out, 2 failed,
3 closed, 4 cancelled, 9 ask your backend. (Doc page: mini-app/develop/api/open-interface/pay;
documented. `errMsg` of a success is assumed; the failure is from a capture.)
"""

from __future__ import annotations

from mockdouyin.core.errors import ErrorCase as E
from mockdouyin.domain import orders
from mockdouyin.domain.cashiers import close_left, find_named, plan_closing, result_of
from mockdouyin.domain.order_fates import fate_of
from mockdouyin.domain.orders import Order
from mockdouyin.phone import _questions as questions
from mockdouyin.phone._cashier import ENDED_MEANWHILE, ENDS, decision_of, how_paid, way_of
from mockdouyin.phone._error_texts import NO_ORDER_YET, NO_SUCH_ORDER, ORDER_ENDED
from mockdouyin.phone._handset import Handset, PhoneRefusal, Question, Sheet
from mockdouyin.phone.apis import TtResult, tt

CODES = {"pay": 0, "timeout": 1, "fail": 2, "close": 3, "cancel": 4, "leave": 9}
"""What a person can do at the cashier, and the code that tt.pay hands to `success`."""

_NAMES = ("order_id", "order_token", "order")
"""What names the order of a test that has not the whole answer of create_order."""


def _question(phone: Handset) -> Question | None:
    """Show the cashier, and have it close with its order."""
    order = _order_of(phone)
    if order.status(phone.now) != "PROCESSING" or not order.ways:
        return None
    plan_closing(phone.unit, order, phone.person)
    return questions.cashier(order)


@tt(
    "pay",
    E(10401, "no_order_info", "Fail to get order info, 支付失败,请稍后重试 2010", "observed"),
    takes="orderInfo service order order_id order_token way decision",
    sheet=Sheet(
        _question,
        deny={"decision": "cancel"},
        takes=("decision", "way"),
        stays={"decision": "leave"},
    ),
    fails_with={"errorType": "F", "errorCode": 157491, "data": {"status": 1, "code": 10003}},
)
def pay(phone: Handset) -> TtResult:
    """Open the cashier for an order, and do there what `decision` says: by default, pay.

    `orderInfo` is what create_order answered. A test may name the order alone, by `order`: the
    app's number of it or the platform's, and by default the app's latest order.

    打开订单的收银台，按 `decision` 操作，默认支付。
    """
    order = _order_of(phone)
    decision = decision_of(phone)
    status = order.status(phone.now)
    if phone.is_resumed and status != "PROCESSING":
        return _end(phone, ENDED_MEANWHILE[status])
    if status != "PROCESSING":
        why = ORDER_ENDED(order=order.out_order_no, status=status)
        raise PhoneRefusal("no_order_info", why=why)
    if not order.ways:
        decision = "fail"  # nothing to pay with (assumed)
    elif decision == "pay":
        decision = fate_of(phone.unit, order.app, order.foretold_as).payment or decision
    if decision == "pay":
        way = way_of(phone, order)
        paid = orders.pay(phone.world, phone.unit, phone.app, order, phone.person, way)
        fate = fate_of(phone.unit, order.app, order.foretold_as)
        phone.outcome = how_paid(phone, paid, fate)
    elif decision == "fail":
        orders.fail(phone.unit, order)
    elif decision == "timeout":
        orders.close(phone.unit, order)
    if decision in ("pay", "fail", "timeout"):
        close_left(phone.unit, order)
    return _end(phone, decision)


def _end(phone: Handset, decision: str) -> TtResult:
    if decision in ENDS:
        phone.outcome = ENDS[decision]()
    return result_of(CODES[decision])


def _order_of(phone: Handset) -> Order:
    order = find_named(phone.unit, phone.app, phone.args)
    if order is None:
        is_named = any(phone.args.get(name) for name in ("orderInfo", *_NAMES))
        why = NO_SUCH_ORDER if is_named else NO_ORDER_YET
        raise PhoneRefusal("no_order_info", why=why(app=phone.app.name))
    return order
