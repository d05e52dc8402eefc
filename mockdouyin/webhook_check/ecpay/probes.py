"""The probes of payment callbacks: what each asks, what it posts, and which check it uses.

All tell of one order. Those that find it unpaid come first: once it is paid, a receiver rightly
acknowledges what comes again.
"""

from __future__ import annotations

from itertools import cycle
from typing import Any

from mockdouyin.domain.orders import WAYS
from mockdouyin.webhook_check.checks import in_time
from mockdouyin.webhook_check.ecpay import _hints as hints
from mockdouyin.webhook_check.ecpay import _probe_texts as texts
from mockdouyin.webhook_check.ecpay import checks
from mockdouyin.webhook_check.ecpay.messages import (
    CallbackFactory,
    envelope_of,
    forged,
    rewritten,
)
from mockdouyin.webhook_check.notation import escaped, reordered, spaced
from mockdouyin.webhook_check.probe import Check, MessageWriter, Probe, TestMessage, described

Messages = list[TestMessage]

# Before the order is paid.


def _amount_differs(factory: CallbackFactory) -> Messages:
    amount = factory.order.total_amount + 1
    messages = [factory.payment(texts.MORE(), total_amount=amount)]
    if amount > 2:
        messages.append(factory.payment(texts.LESS(), total_amount=amount - 2))
    return messages


def _other_app(factory: CallbackFactory) -> Messages:
    app = factory.other_app()
    return [factory.payment(texts.OTHER_APP(app=app), appid=app)]


def _not_success(factory: CallbackFactory) -> Messages:
    return [factory.payment(texts.FAILED(), status="FAIL", message="支付失败")]


def _wrong_signature(factory: CallbackFactory) -> Messages:
    message = factory.payment(texts.MADE_UP())
    return [forged(message, msg_signature=factory.wrong_signature())]


def _missing_signature(factory: CallbackFactory) -> Messages:
    return [
        forged(factory.payment(texts.NO_KEY()), msg_signature=None),
        forged(factory.payment(texts.EMPTY()), msg_signature=""),
    ]


def _other_message(factory: CallbackFactory) -> Messages:
    other = envelope_of(factory.payment(order=factory.unknown_order()))
    del other["msg"]
    return [forged(factory.payment(texts.OF_OTHER()), **other)]


def _tampered_msg(factory: CallbackFactory) -> Messages:
    number, paid = factory.unknown_order(), factory.payment(texts.TAMPERED())
    signed = envelope_of(factory.payment(order=number))
    order = {"cp_orderno": factory.order.out_order_no, "order_id": factory.order.order_id}
    msg = signed["msg"]
    for name, value in number.items():
        msg = msg.replace(value, order[name])
    return [forged(paid, **{**signed, "msg": msg})]


def _other_token(factory: CallbackFactory) -> Messages:
    tokens = ((texts.OTHER_TOKEN(), factory.other_token()), (texts.NO_TOKEN(), ""))
    return [factory.payment(how, token=token)._replace(genuine=False) for how, token in tokens]


def _partial_signature(factory: CallbackFactory) -> Messages:
    last, first = factory.payment(texts.LAST_DIFFERS()), factory.payment(texts.BEGINNING())
    signature: str = envelope_of(last)["msg_signature"]
    other = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    return [
        forged(last, msg_signature=other),
        forged(first, msg_signature=envelope_of(first)["msg_signature"][:8]),
    ]


def _uppercase_signature(factory: CallbackFactory) -> Messages:
    message = factory.payment(texts.UPPER_CASE())
    return [forged(message, msg_signature=envelope_of(message)["msg_signature"].upper())]


def _refund(factory: CallbackFactory) -> Messages:
    content = {
        "appid": factory.order.app,
        "cp_refundno": f"REFUND-{factory.order.out_order_no}",
        "cp_extra": "",
        "status": "SUCCESS",
        "refund_amount": factory.order.total_amount,
        "is_all_settled": False,
        "refunded_at": factory.now,
        "message": "",
        "order_id": factory.order.order_id,
        "refund_no": f"N{factory.now}000000001",
    }
    return [factory.callback("refund", content, texts.UNPAID(kind="refund"))]


def _settle(factory: CallbackFactory) -> Messages:
    content = {
        "appid": factory.order.app,
        "cp_settle_no": f"SETTLE-{factory.order.out_order_no}",
        "cp_extra": "",
        "status": "SUCCESS",
        "rake": 0,
        "commission": 0,
        "settle_detail": f"商户号{factory.order.seller}-分成金额{factory.order.total_amount}(分)",
        "settled_at": factory.now,
        "message": "SUCCESS",
        "order_id": factory.order.order_id,
        "out_order_no": factory.order.out_order_no,
    }
    return [factory.callback("settle", content, texts.UNPAID(kind="settle"))]


# The payment, again and again.


def _payment(factory: CallbackFactory) -> Messages:
    return [factory.payment(texts.RIGHT())]


def _same_callback(factory: CallbackFactory) -> Messages:
    message = factory.payment()
    return [message, message._replace(about=described(message.about, texts.SAME_AGAIN()))]


def _fresh_duplicate(factory: CallbackFactory) -> Messages:
    message = factory.payment()
    return [message, factory.signed_anew(message, texts.RETRIED())]


def _nonces(factory: CallbackFactory) -> Messages:
    pairs = zip(("7", "1042", "9001", "0042"), cycle(map(str, WAYS.values())), strict=False)
    return [
        factory.payment(texts.NONCE(nonce=nonce, way=way), nonce=nonce, way=way)
        for nonce, way in pairs
    ]


def _numbers(factory: CallbackFactory) -> Messages:
    message = factory.payment(texts.NUMBERS(), way=1)
    sent = envelope_of(message)
    return [rewritten(message, timestamp=int(sent["timestamp"]), nonce=int(sent["nonce"]))]


def _msg_notation(factory: CallbackFactory) -> Messages:
    return [
        factory.payment(texts.SPACED(), write=spaced),
        factory.payment(texts.REORDERED(), write=reordered),
        factory.payment(texts.ESCAPED(), write=escaped, cp_extra="小明"),
    ]


def _body_notation(factory: CallbackFactory) -> Messages:
    return [
        rewritten(factory.payment(texts.BODY_SPACED()), spaced),
        rewritten(factory.payment(texts.BODY_REORDERED()), reordered),
    ]


def _item_id_missing(factory: CallbackFactory) -> Messages:
    return [factory.payment(texts.NO_ITEM_ID(), without="item_id")]


_CPS = '{"cps_info":"poi","share_amount":"299"}'


def _extra(factory: CallbackFactory) -> Messages:
    return [
        factory.payment(texts.EXTRA_NULL(), extra="null"),
        factory.payment(texts.EXTRA_CPS(), extra=_CPS),
    ]


def _new_key(factory: CallbackFactory) -> Messages:
    return [factory.payment(texts.NEW_KEY(), key_of_the_future={"since": factory.now})]


_CP_EXTRAS = (
    '{"uid":42,"note":"it\'s \\"new\\""}',
    "备注 送礼 请包装",
    " a  b\n\tc ",
    "🎁👨‍👩‍👧 <b>&amp;%2B+/=",
)


def _cp_extra(factory: CallbackFactory) -> Messages:
    return [factory.payment(texts.CP_EXTRA(value=value), cp_extra=value) for value in _CP_EXTRAS]


# Others.


def _unknown_order(factory: CallbackFactory) -> Messages:
    return [factory.payment(texts.UNKNOWN(), order=factory.unknown_order())]


def _unknown_type(factory: CallbackFactory) -> Messages:
    finished: dict[str, Any] = {
        "ma_app_id": factory.order.app,
        "out_order_id": factory.order.out_order_no,
        "auto_settle_list": [],
    }
    future = {"appid": factory.order.app, "since": factory.now}
    return [
        factory.callback("settle_finish", finished, texts.TYPE(kind="settle_finish")),
        factory.callback("type_of_the_future", future, texts.TYPE(kind="type_of_the_future")),
    ]


def _get(factory: CallbackFactory) -> Messages:
    message = factory.payment()
    return [message._replace(about=texts.GET(), body=b"", method="GET", genuine=False)]


_AT_ONCE = 8


def _many_at_once(factory: CallbackFactory) -> Messages:
    message = factory.payment()
    return [
        factory.signed_anew(message, texts.AT_ONCE(number=number))
        for number in range(1, _AT_ONCE + 1)
    ]


_REFUSED = checks.refused(hints.FORGERY())
_OUT_OF_ORDER = checks.put_aside(hints.UNORDERED(), hints.TOLD_AGAIN(), needs_order=False)


def _probe(name: str, messages: MessageWriter, check: Check, *, at_once: bool = False) -> Probe:
    return Probe(name, texts.ABOUT[name](), messages, check, at_once)


PROBES = (
    _probe("refund-first", _refund, _OUT_OF_ORDER),
    _probe("settle-first", _settle, _OUT_OF_ORDER),
    _probe(
        "amount-differs", _amount_differs, checks.put_aside(hints.AMOUNT(), hints.NOT_FULFILLED())
    ),
    _probe(
        "not-success",
        _not_success,
        checks.put_aside(hints.STATUS(), hints.NOT_FULFILLED()),
    ),
    _probe("other-app", _other_app, checks.put_aside(hints.OTHER_APP(), hints.NOT_FULFILLED())),
    _probe("wrong-signature", _wrong_signature, _REFUSED),
    _probe("missing-signature", _missing_signature, _REFUSED),
    _probe("other-message", _other_message, checks.refused(hints.TAMPERED())),
    _probe("tampered-msg", _tampered_msg, checks.refused(hints.TAMPERED())),
    _probe("partial-signature", _partial_signature, checks.refused(hints.WHOLE_SIGNATURE())),
    _probe("other-token", _other_token, checks.refused(hints.TOKEN_UNSET())),
    _probe("uppercase-signature", _uppercase_signature, checks.harmless(hints.UPPER_CASE())),
    _probe("right-signature", _payment, checks.taken(hints.RIGHT_SIGNATURE())),
    _probe("acknowledgement", _payment, checks.acknowledged),
    _probe("same-callback", _same_callback, checks.repeated),
    _probe("fresh-duplicate", _fresh_duplicate, checks.taken(hints.RIGHT_SIGNATURE())),
    _probe("nonces", _nonces, checks.taken(hints.SORTED_AS_TEXT())),
    _probe("numbers", _numbers, checks.advised(hints.NUMBERS())),
    _probe("msg-notation", _msg_notation, checks.taken(hints.MSG_AS_IT_CAME())),
    _probe("body-notation", _body_notation, checks.taken(hints.BODY_PARSED())),
    _probe("item-id-missing", _item_id_missing, checks.taken(hints.OPTIONAL_KEYS())),
    _probe("extra", _extra, checks.taken(hints.OPTIONAL_KEYS())),
    _probe("new-key", _new_key, checks.taken(hints.OPTIONAL_KEYS())),
    _probe("cp-extra", _cp_extra, checks.taken(hints.CP_EXTRA())),
    _probe(
        "unknown-order",
        _unknown_order,
        checks.put_aside(hints.NO_ORDER(), hints.NO_ORDER_REFUSED(), needs_order=False),
    ),
    _probe("unknown-type", _unknown_type, checks.taken(hints.UNKNOWN_TYPE())),
    _probe("get", _get, checks.asked_politely),
    _probe(
        "many-at-once",
        _many_at_once,
        checks.taken(hints.MANY_AT_ONCE(), hints.ALL_TAKEN()),
        at_once=True,
    ),
    _probe("slow-answer", _payment, in_time),
)
