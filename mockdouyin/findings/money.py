"""Findings about money that was paid: fulfilled unverified, refunded unseen, settled too early."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mockdouyin.core.clock import HOUR
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.core.webhooks import DELIVERY_RETENTION
from mockdouyin.domain.pushed_orders import parse_detail
from mockdouyin.domain.settlements import NOT_READY
from mockdouyin.findings._callbacks import (
    Callback,
    OrderKey,
    answer_of,
    callbacks,
    is_payment,
    order_of,
    payments_by_order,
)
from mockdouyin.findings._table import (
    DOCUMENTED_PAGE,
    Hit,
    SeenExchange,
    SeenExchanges,
    finding,
    grouped,
)

# Fulfilment.

_PUSHED_EARLY = text(
    "fulfilled_unverified_early",
    zh="订单 {number} 推送成了{status}，{seconds} 秒以后才第一次通知支付，之前也没有查到支付成功",
    en="order {number} was pushed as {status} {seconds} s before its payment was called back, and"
    " no query had said SUCCESS",
)
_PUSHED_UNTOLD = text(
    "fulfilled_unverified_untold",
    zh="订单 {number} 推送成了{status}，但没有收到过支付回调，也没有查到支付成功",
    en="order {number} was pushed as {status}, though no payment was called back, and no query had"
    " said SUCCESS",
)

_PAID = {"已支付": 1, "已核销": 4}
"""What says of a pushed order that it is paid: its status in words, and in numbers."""


@finding(
    about=text(
        "fulfilled_unverified_about",
        zh="没有确认支付就当成已支付",
        en="An order counts as paid unverified",
    ),
    why=text(
        "fulfilled_unverified_why",
        zh="tt.pay 的结果来自用户的手机，可以伪造，也可能只是“支付中”：照着它发货会亏钱。",
        en="What tt.pay answers comes from the person's phone: it may be forged, or be too early."
        " Who fulfils by it gives things away.",
    ),
    fix=text(
        "fulfilled_unverified_fix",
        zh="收到验签通过、status 为 SUCCESS 的支付回调，或者 query_order 返回 SUCCESS，才算"
        "已支付。",
        en="Count an order as paid once a callback with a right signature and the status SUCCESS"
        " has come, or query_order answers SUCCESS.",
    ),
    source=DOCUMENTED_PAGE,
)
def fulfilled_unverified(seen: SeenExchanges) -> Iterator[Hit]:
    """An order is pushed as paid before a callback was sent or a query said so."""
    pushed = list(_pushed_as_paid(seen))
    if not pushed:
        return
    told, made = payments_by_order(seen), _made(seen)
    for key, each in pushed:
        payments = told.get(key)
        if payments is not None:
            says = _why_early(key, each, payments)
        else:
            says = _why_untold(key, each, made.get(key), seen[-1].time)
        if says:
            yield Hit(each, says)


def _pushed_as_paid(seen: SeenExchanges) -> Iterator[tuple[OrderKey, SeenExchange]]:
    """Yield the first push of each order as paid, unless a query had said so before."""
    known: set[OrderKey] = set()
    for each in seen:
        key = order_of(each)
        if not key[1] or key in known or each.exchange.verdict == "refused":
            continue
        if _says_success(each):
            known.add(key)
        elif _status(each):
            known.add(key)
            yield key, each


def _says_success(seen: SeenExchange) -> bool:
    if not is_payment(seen, "query_order"):
        return False
    info = answer_of(seen).get("payment_info")
    return isinstance(info, dict) and info.get("order_status") == "SUCCESS"


def _status(seen: SeenExchange) -> str:
    """Return how a push says that its order is paid; nothing if it does not."""
    if seen.endpoint is None or seen.endpoint.full_name != "order_push.push":
        return ""
    status = parse_detail(str(seen.given.get("order_detail"))).get("status")
    for words, number in _PAID.items():
        if status == words or seen.given.get("order_status") == number:
            return words
    return ""


def _why_early(key: OrderKey, seen: SeenExchange, payments: list[Callback]) -> Text:
    """A receiver may push while it answers: what counts is when the callback was sent.

    One that was never sent, though it was due, may have been handed over by a test.
    """
    if any(each.began is None and each.delivery.due <= seen.time for each in payments):
        return NOTHING
    sent = [at for each in payments if (at := each.began) is not None]
    if not sent:
        return _PUSHED_UNTOLD(number=key[1], status=_status(seen))
    if (late := min(sent) - seen.time) <= 0:
        return NOTHING
    return _PUSHED_EARLY(number=key[1], status=_status(seen), seconds=f"{late:.1f}")


def _why_untold(key: OrderKey, seen: SeenExchange, made: SeenExchange | None, now: float) -> Text:
    """Deliveries are not kept for ever, and other systems have orders of their own."""
    if made is None or now - made.time >= DELIVERY_RETENTION:
        return NOTHING
    return _PUSHED_UNTOLD(number=key[1], status=_status(seen))


def _made(seen: SeenExchanges) -> dict[OrderKey, SeenExchange]:
    """Return the first call that made each order."""
    found: dict[OrderKey, SeenExchange] = {}
    for each in seen:
        if is_payment(each, "create_order") and (key := order_of(each))[1]:
            found.setdefault(key, each)
    return found


# Refunds.

_UNSEEN = text(
    "refund_unchecked",
    zh="退款 {number} 受理以后，没有回调地址，也没有查询过结果",
    en="the refund {number} was accepted; it has no notify_url, and was never queried",
)


@finding(
    about=text(
        "refund_unchecked_about",
        zh="没有确认退款的结果",
        en="Nobody looks how a refund went",
    ),
    why=text(
        "refund_unchecked_why",
        zh="create_refund 成功只是“受理成功”，退款之后还可能失败，用户就没有拿到钱。",
        en="create_refund answers that it was accepted. It can still fail, and then the person has"
        " no money.",
    ),
    fix=text(
        "refund_unchecked_fix",
        zh="传 notify_url（或在支付设置里填回调地址），或者用 query_refund 查到 SUCCESS 或 FAIL"
        " 为止。",
        en="Send a notify_url, or set one in the payment settings; or call query_refund until it"
        " says SUCCESS or FAIL.",
    ),
    source=DOCUMENTED_PAGE,
)
def refund_unchecked(seen: SeenExchanges) -> Iterator[Hit]:
    """The outcome of a refund was neither called back nor asked for, an hour later."""
    accepted = [each for each in seen if _is_accepted(each, "create_refund")]
    if not accepted:
        return
    asked = {
        (each.given.get("app_id"), each.given.get("out_refund_no"))
        for each in seen
        if is_payment(each, "query_refund")
    }
    told = {
        (each.delivery.app, each.told.get("cp_refundno"))
        for each in callbacks(seen, "ecpay_refund")
    }
    latest = {each.given.get("app_id"): each.time for each in seen if is_payment(each)}
    groups = grouped(
        ((each.given.get("app_id"), each.given.get("out_refund_no")), each) for each in accepted
    )
    for key, group in groups.items():
        passed = latest[key[0]] - group[0].time
        if key not in asked | told and HOUR <= passed < DELIVERY_RETENTION:
            yield Hit(group[-1], _UNSEEN(number=str(key[1])))


def _is_accepted(seen: SeenExchange, name: str) -> bool:
    return is_payment(seen, name) and seen.exchange.verdict == "ok"


# Settlements.

_EARLY = text(
    "settled_too_early",
    zh="分账 {number}（订单 {order}）失败了：{why}",
    en="the settlement {number} of order {order} failed: {why}",
)


@finding(
    about=text("settled_too_early_about", zh="分账太早", en="A settlement is too early"),
    why=text(
        "settled_too_early_why",
        zh="settle 照样受理，失败只出现在回调和查询里：钱一直没有分出去。",
        en="It is accepted all the same, and fails in its callback: the money stays where it is.",
    ),
    fix=text(
        "settled_too_early_fix",
        zh="订单支付成功、核销（order/v2/push 推送“已核销”）、过了结算周期以后再分账；失败以后"
        "换一个 out_settle_no。",
        en="Settle once the order is paid, was pushed as used (order_status 4), and its period is"
        " over; after a failure take a new out_settle_no.",
    ),
    source=DOCUMENTED_PAGE,
)
def settled_too_early(seen: SeenExchanges) -> Iterator[Hit]:
    """A settlement failed because its order was not paid, not used, or too young."""
    accepted = [each for each in seen if _is_accepted(each, "settle")]
    early = set(_failed_early(seen)) if accepted else set()
    for key, group in grouped((_settlement(each), each) for each in accepted).items():
        if key in early:
            number, order = str(key[1]), order_of(group[-1])[1]
            yield Hit(group[-1], _EARLY(number=number, order=order, why=NOT_READY))


def _settlement(seen: SeenExchange) -> tuple[Any, Any]:
    return seen.given.get("app_id"), seen.given.get("out_settle_no")


def _failed_early(seen: SeenExchanges) -> Iterator[tuple[Any, Any]]:
    """Yield the settlements of which a callback or a query says so."""
    for callback in callbacks(seen, "ecpay_settle"):
        if callback.told.get("message") == NOT_READY:
            yield callback.delivery.app, callback.told.get("cp_settle_no")
    for each in seen:
        info = answer_of(each).get("settle_info") if is_payment(each, "query_settle") else None
        if isinstance(info, dict) and info.get("msg") == NOT_READY:
            yield _settlement(each)
