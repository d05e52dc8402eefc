"""Checks: functions that turn the answers to callbacks into a verdict."""

from __future__ import annotations

import contextlib
import re
import zlib
from typing import Any

import msgspec

from mockdouyin.core.outbox import Attempt
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain.payment_callbacks import ECPAY
from mockdouyin.webhook_check._texts import PROBLEM
from mockdouyin.webhook_check.checks import redirected
from mockdouyin.webhook_check.ecpay import _texts as texts
from mockdouyin.webhook_check.probe import Case, Check, CheckResult, ProbeExchange

_NUMBERS = ("err_no", "errno", "errcode", "error_code", "code", "status")
"""Where receivers write whether all was well; the first one that is there counts."""

_GOOD = {"0", "200", "success", "ok", "true"}

_GOOD_WORDS = ("", "success", "ok", "true", "0")
"""Whole answers by which a receiver says that all was well, whatever Douyin makes of them."""

_WECHAT_XML = re.compile(r"<return_code>\s*(?:<!\[CDATA\[)?\s*SUCCESS\b", re.IGNORECASE)
"""The answer that WeChat Pay wants of a receiver, which many a shop sends here, too."""


_MAX_PLAIN = 64 * 1024
"""Bytes of a decompressed answer that are read."""


def problem_of(exchange: ProbeExchange) -> Text:
    """Return why Douyin would not take a callback for acknowledged; nothing if it would."""
    answer = exchange.answer
    if answer.error:
        return answer.error
    return redirected(ECPAY.problem(answer, exchange.message.delivery("")), answer)


def is_taken(exchange: ProbeExchange) -> bool:
    """Whether the receiver took a callback for genuine, in whatever form it says so.

    The form is the matter of one probe alone, so that a receiver with one fault fails one.
    """
    answer = exchange.answer
    if not answer.accepted:
        return False
    content = _decoded(answer)
    if _WECHAT_XML.search(answer.body):
        return True
    if not isinstance(content, dict):
        word = content if isinstance(content, str | int) else answer.body
        return str(word).strip(' \r\n"').lower() in _GOOD_WORDS
    name = next((name for name in _NUMBERS if name in content), "")
    return str(content.get(name)).lower() in _GOOD


def _decoded(answer: Attempt) -> Any:
    try:
        return msgspec.json.decode(_plain(answer.body.encode(errors="surrogateescape")))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def _plain(body: bytes) -> bytes:
    """Return a body without its byte order mark or its compression."""
    if body.startswith(b"\x1f\x8b"):
        with contextlib.suppress(zlib.error):
            return zlib.decompressobj(wbits=31).decompress(body, _MAX_PLAIN)
    return body.removeprefix(b"\xef\xbb\xbf")


def was_believed(exchange: ProbeExchange) -> bool | None:
    """Return whether a payment was taken for genuine; other messages need not be."""
    return is_taken(exchange) if exchange.message.method == "POST" else None


def acknowledged(case: Case) -> CheckResult:
    """Fail unless the answer is one by which Douyin takes the callback for acknowledged."""
    [exchange] = case.exchanges
    problem = problem_of(exchange)
    if problem:
        says = texts.NOT_ACKNOWLEDGED(problem=problem)
        return CheckResult("fail", says if is_taken(exchange) else _and(says, case.remark))
    answer, content = exchange.answer, _decoded(exchange.answer)
    words = content.get("err_tips") if isinstance(content, dict) else None
    is_json = answer.content_type.partition(";")[0].strip().lower() == "application/json"
    if not isinstance(words, str) or words.lower() != "success" or not is_json:
        return CheckResult("advice", texts.UNUSUAL_ANSWER())
    return CheckResult("pass", texts.ACKNOWLEDGED())


def taken(hint: Text = NOTHING, praise: Text = NOTHING) -> Check:
    """Fail if a genuine callback was refused."""

    def check(case: Case) -> CheckResult:
        refused = _first_refused(case)
        if refused is None:
            return CheckResult("pass", praise or texts.TAKEN())
        return CheckResult("fail", _why(refused, hint, case.remark))

    return check


def _first_refused(case: Case) -> ProbeExchange | None:
    return next((each for each in case.exchanges if not is_taken(each)), None)


def _why(exchange: ProbeExchange, hint: Text, remark: Text) -> Text:
    """Return how a callback was refused, what may be the reason, and what to do."""
    problem = problem_of(exchange) or texts.SAID_NO()
    says = texts.REFUSED_SO(problem=problem, message=exchange.message.about)
    return _and(says, hint, remark)


def _and(says: Text, *others: Text) -> Text:
    for other in filter(None, others):
        says = texts.AND(first=says, then=other)
    return says


def refused(harm: Text) -> Check:
    """Fail if a forged callback was acknowledged, in whatever form."""

    def check(case: Case) -> CheckResult:
        for exchange in case.exchanges:
            if is_taken(exchange):
                message = exchange.message.about
                return CheckResult("fail", texts.FORGERY_TAKEN(message=message, harm=harm))
        for exchange in case.exchanges:
            if exchange.answer.error:
                error = exchange.answer.error
                return CheckResult("advice", texts.UNKNOWN_WHETHER_REFUSED(error=error))
        statuses = [each.answer.status or 0 for each in case.exchanges]
        if max(statuses) >= 500:
            return CheckResult("pass", texts.REFUSED_BY_ACCIDENT(status=max(statuses)))
        return CheckResult("pass", texts.REFUSED())

    return check


def put_aside(task: Text, praise: Text, *, needs_order: bool = True) -> Check:
    """Advise if what must have no effect was acknowledged: that shows neither yes nor no.

    Where the receiver does not know the order, its refusal shows nothing either.
    """

    def check(case: Case) -> CheckResult:
        for exchange in case.exchanges:
            answer = exchange.answer
            if answer.error:
                return CheckResult("fail", PROBLEM(problem=answer.error))
            if is_taken(exchange):
                return CheckResult("advice", texts.UNSEEN(task=task))
            if (answer.status or 0) >= 500:
                says = texts.BROKE_DOWN(status=answer.status or 0, task=task)
                return CheckResult("advice", says)
        if needs_order and case.remark:
            return CheckResult("advice", texts.REFUSED_FOR_WHAT(remark=case.remark))
        return CheckResult("pass", praise)

    return check


def harmless(remark: Text) -> Check:
    """Advise if what Douyin never sends was acknowledged, and if it broke the receiver."""

    def check(case: Case) -> CheckResult:
        [exchange] = case.exchanges
        if is_taken(exchange):
            return CheckResult("advice", remark)
        return CheckResult("pass", texts.REFUSED())

    return check


def repeated(case: Case) -> CheckResult:
    """Fail if a callback that came again was refused; what it did cannot be observed."""
    first, second = case.exchanges
    if not is_taken(first):
        return CheckResult("fail", _why(first, NOTHING, case.remark))
    if not is_taken(second):
        return CheckResult("fail", _why(second, texts.AGAIN_REFUSED(), NOTHING))
    return CheckResult("advice", texts.EFFECT_UNSEEN())


def advised(hint: Text) -> Check:
    """Advise if a variant was refused that Douyin does not send today."""

    def check(case: Case) -> CheckResult:
        refused = _first_refused(case)
        if refused is None:
            return CheckResult("pass", texts.TAKEN())
        return CheckResult("advice", _why(refused, hint, case.remark))

    return check


def asked_politely(case: Case) -> CheckResult:
    """Advise if a GET broke the receiver, or was acknowledged like a callback."""
    [exchange] = case.exchanges
    answer = exchange.answer
    if answer.error:
        return CheckResult("advice", PROBLEM(problem=answer.error))
    if (answer.status or 0) >= 500:
        return CheckResult("advice", texts.GET_BROKE_IT(status=answer.status or 0))
    if not problem_of(exchange):
        return CheckResult("advice", texts.GET_ACKNOWLEDGED())
    return CheckResult("pass", texts.GET_ANSWERED())
