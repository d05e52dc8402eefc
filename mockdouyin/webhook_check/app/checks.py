"""Checks: functions that turn the answers to a webhook into a verdict."""

from __future__ import annotations

from mockdouyin.core._texts import STATUS_NOT_2XX
from mockdouyin.core.texts import Text
from mockdouyin.delivery import MAX_ANSWER
from mockdouyin.domain.webhook_handshake import Echo, read_echo
from mockdouyin.webhook_check._texts import PROBLEM
from mockdouyin.webhook_check.app import _check_texts as texts
from mockdouyin.webhook_check.checks import redirected
from mockdouyin.webhook_check.probe import Case, Check, CheckResult, ProbeExchange


def echo_of(exchange: ProbeExchange) -> Echo:
    """Return whether and how the challenge came back."""
    message, answer = exchange
    if answer.error or answer.status is None or message.challenge is None:
        return Echo(False, False, answer.error)
    if answer.truncated:
        return Echo(False, False, texts.TOO_LONG(limit=MAX_ANSWER))
    body = answer.body.encode("utf-8", "surrogateescape")
    echo = read_echo(answer.status, answer.content_type, body, message.challenge)
    if answer.location and not answer.accepted:
        return echo._replace(remark=redirected(echo.remark, answer))
    return echo


def was_believed(exchange: ProbeExchange) -> bool | None:
    """Return whether a message was taken for genuine, if its answer shows that."""
    return echo_of(exchange).seen if exchange.message.challenge is not None else None


def problem_of(exchange: ProbeExchange) -> Text:
    """Return why a message was not accepted; nothing if it was, by any 2xx."""
    answer = exchange.answer
    if answer.accepted or answer.error:
        return answer.error
    return redirected(STATUS_NOT_2XX(status=answer.status or 0), answer)


def _problem_of_message(exchange: ProbeExchange) -> Text:
    return texts.OF_MESSAGE(problem=problem_of(exchange), message=exchange.message.about)


def challenge_echoed(case: Case) -> CheckResult:
    """Fail unless the challenge came back in the exact form with which Douyin accepts a URL."""
    echo = echo_of(case.exchanges[0])
    if not echo.accepted:
        return CheckResult("fail", texts.URL_REFUSED(remark=echo.remark))
    if echo.remark:
        return CheckResult("advice", texts.URL_DOUBTFUL(remark=echo.remark))
    return CheckResult("pass", texts.URL_ACCEPTED())


def text_challenge_echoed(case: Case) -> CheckResult:
    """Advise if the challenge did not come back; Douyin is not known to send it as text."""
    echo = echo_of(case.exchanges[0])
    if echo.accepted:
        return CheckResult("pass", texts.TEXT_ECHOED())
    return CheckResult("advice", texts.TEXT_NOT_ECHOED(remark=echo.remark))


def signature_accepted(hint: Text) -> Check:
    """Fail if a challenge with a valid signature was not believed, however it was echoed."""

    def check(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if echo_of(exchange).seen:
            return CheckResult("pass", texts.BELIEVED())
        if exchange.answer.error:
            return CheckResult("fail", PROBLEM(problem=exchange.answer.error))
        how = problem_of(exchange) or texts.NOTHING_CAME_BACK()
        return CheckResult("fail", texts.NOT_BELIEVED(how=how, hint=hint))

    return check


def signature_refused(harm: Text) -> Check:
    """Fail if a challenge was echoed; a non-2xx status, or an answer without it, refuses it."""

    def check(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.answer.error:
            return _no_answer(exchange)
        if echo_of(exchange).seen:
            return CheckResult("fail", texts.FORGERY_BELIEVED(harm=harm))
        return _refused(exchange)

    return check


def uppercase_signature(case: Case) -> CheckResult:
    """Advise if an upper-case signature was accepted; that does no harm."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _no_answer(exchange)
    if not echo_of(exchange).seen:
        return CheckResult("pass", texts.UPPERCASE_REFUSED())
    return CheckResult("advice", texts.UPPERCASE_ACCEPTED())


def forged_event_refused(case: Case) -> CheckResult:
    """Fail if an event with an invalid signature was answered with 2xx."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _no_answer(exchange)
    if exchange.answer.accepted:
        status = exchange.answer.status or 0
        return CheckResult("fail", texts.FORGED_EVENT_ACCEPTED(status=status))
    return _refused(exchange)


def _refused(exchange: ProbeExchange) -> CheckResult:
    status = exchange.answer.status or 0
    if status >= 500:
        return CheckResult("pass", texts.REFUSED_BY_ACCIDENT(status=status))
    return CheckResult("pass", texts.REFUSED())


def _no_answer(exchange: ProbeExchange) -> CheckResult:
    return CheckResult("advice", texts.UNKNOWN_WHETHER_REFUSED(error=exchange.answer.error))


def all_accepted(hint: Text, praise: Text) -> Check:
    """Fail unless every message was answered with 2xx."""

    def check(case: Case) -> CheckResult:
        for exchange in case.exchanges:
            if problem_of(exchange):
                one_of_many = len(case.exchanges) > 1
                problem = _problem_of_message(exchange) if one_of_many else problem_of(exchange)
                return CheckResult("fail", texts.PROBLEM_HINT(problem=problem, hint=hint))
        return CheckResult("pass", praise)

    return check


def not_observable(task: Text) -> Check:
    """Always advise: whether the receiver did the task cannot be observed from outside."""

    def check(case: Case) -> CheckResult:
        problems = [each for each in case.exchanges if problem_of(each)]
        if not problems:
            return CheckResult("advice", texts.BOTH_TAKEN(task=task))
        problem = _problem_of_message(problems[0])
        return CheckResult("advice", texts.SENT_AGAIN(problem=problem, task=task))

    return check


def both_handled(hint: Text) -> Check:
    """Fail if the first of two challenges came back and the second did not."""

    def check(case: Case) -> CheckResult:
        first, second = case.exchanges
        if echo_of(second).seen:
            return CheckResult("pass", texts.BOTH_HANDLED())
        if not echo_of(first).seen:
            return CheckResult("advice", texts.NEITHER_SEEN())
        return CheckResult("fail", texts.SECOND_IGNORED(hint=hint))

    return check


def big_ids_kept(case: Case) -> CheckResult:
    """Fail if an event with 64-bit ids was refused; advise if a 64-bit challenge lost digits."""
    event, challenge = case.exchanges
    if problem_of(event):
        return CheckResult("fail", texts.BIG_ID_REFUSED(problem=_problem_of_message(event)))
    if echo_of(challenge).seen:
        return CheckResult("pass", texts.BIG_IDS_KEPT())
    return CheckResult("advice", texts.BIG_ID_LOST(remark=echo_of(challenge).remark))
