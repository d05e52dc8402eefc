"""Checks: functions that turn the messages and answers of a probe into a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from mockdouyin.core._texts import STATUS_NOT_2XX
from mockdouyin.core.outbox import Attempt
from mockdouyin.core.texts import Parameter, Text
from mockdouyin.delivery import MAX_ANSWER
from mockdouyin.domain.webhook_handshake import Echo, read_echo
from mockdouyin.webhook_check import _check_texts as texts
from mockdouyin.webhook_check.messages import TestMessage

CheckVerdict = Literal["pass", "fail", "advice"]


class ProbeExchange(NamedTuple):
    """A message that was posted, and its answer."""

    message: TestMessage
    answer: Attempt

    @property
    def echo(self) -> Echo:
        """Whether and how the challenge came back."""
        answer = self.answer
        if answer.error or answer.status is None or self.message.challenge is None:
            return Echo(False, False, answer.error)
        if answer.truncated:
            return Echo(False, False, texts.TOO_LONG(limit=MAX_ANSWER))
        body = answer.body.encode("utf-8", "surrogateescape")
        echo = read_echo(answer.status, answer.content_type, body, self.message.challenge)
        if answer.location and not answer.accepted:
            return echo._replace(remark=_redirected(echo.remark, answer))
        return echo

    @property
    def problem(self) -> Text:
        """Why the message was not accepted; nothing if it was, by any 2xx."""
        answer = self.answer
        if answer.accepted or answer.error:
            return answer.error
        said = STATUS_NOT_2XX(status=answer.status or 0)
        return _redirected(said, answer) if answer.location else said

    @property
    def problem_of_message(self) -> Text:
        """Why which message was not accepted."""
        return texts.OF_MESSAGE(problem=self.problem, message=self.message.about)


class Case(NamedTuple):
    """The input of a check: the probe's exchanges, all of the run so far, and the time limit."""

    exchanges: Sequence[ProbeExchange]
    run: Sequence[ProbeExchange]
    limit: float


class CheckResult(NamedTuple):
    """A verdict, with its explanation for the report."""

    verdict: CheckVerdict
    explanation: Text


Check = Callable[[Case], CheckResult]


def _redirected(problem: Text, answer: Attempt) -> Text:
    return texts.REDIRECTED(problem=problem, location=answer.location[:100])


def challenge_echoed(case: Case) -> CheckResult:
    """Fail unless the challenge came back in the exact form with which Douyin accepts a URL."""
    echo = case.exchanges[0].echo
    if not echo.accepted:
        return CheckResult("fail", texts.URL_REFUSED(remark=echo.remark))
    if echo.remark:
        return CheckResult("advice", texts.URL_DOUBTFUL(remark=echo.remark))
    return CheckResult("pass", texts.URL_ACCEPTED())


def text_challenge_echoed(case: Case) -> CheckResult:
    """Advise if the challenge did not come back; Douyin is not known to send it as text."""
    echo = case.exchanges[0].echo
    if echo.accepted:
        return CheckResult("pass", texts.TEXT_ECHOED())
    return CheckResult("advice", texts.TEXT_NOT_ECHOED(remark=echo.remark))


def signature_accepted(hint: Text) -> Check:
    """Fail if a challenge with a valid signature was not believed, however it was echoed."""

    def check(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.echo.seen:
            return CheckResult("pass", texts.BELIEVED())
        if exchange.answer.error:
            return CheckResult("fail", texts.PROBLEM(problem=exchange.answer.error))
        how = exchange.problem or texts.NOTHING_CAME_BACK()
        return CheckResult("fail", texts.NOT_BELIEVED(how=how, hint=hint))

    return check


def signature_refused(harm: Text) -> Check:
    """Fail if a challenge was echoed; a non-2xx status, or an answer without it, refuses it."""

    def check(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.answer.error:
            return _no_answer(exchange)
        if exchange.echo.seen:
            return CheckResult("fail", texts.FORGERY_BELIEVED(harm=harm))
        return _refused(exchange)

    return check


def uppercase_signature(case: Case) -> CheckResult:
    """Advise if an upper-case signature was accepted; that does no harm."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _no_answer(exchange)
    if not exchange.echo.seen:
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
            if exchange.problem:
                one_of_many = len(case.exchanges) > 1
                problem = exchange.problem_of_message if one_of_many else exchange.problem
                return CheckResult("fail", texts.PROBLEM_HINT(problem=problem, hint=hint))
        return CheckResult("pass", praise)

    return check


def not_observable(task: Text) -> Check:
    """Always advise: whether the receiver did the task cannot be observed from outside."""

    def check(case: Case) -> CheckResult:
        problems = [each for each in case.exchanges if each.problem]
        if not problems:
            return CheckResult("advice", texts.BOTH_TAKEN(task=task))
        problem = problems[0].problem_of_message
        return CheckResult("advice", texts.SENT_AGAIN(problem=problem, task=task))

    return check


def both_handled(hint: Text) -> Check:
    """Fail if the first of two challenges came back and the second did not."""

    def check(case: Case) -> CheckResult:
        first, second = case.exchanges
        if second.echo.seen:
            return CheckResult("pass", texts.BOTH_HANDLED())
        if not first.echo.seen:
            return CheckResult("advice", texts.NEITHER_SEEN())
        return CheckResult("fail", texts.SECOND_IGNORED(hint=hint))

    return check


def big_ids_kept(case: Case) -> CheckResult:
    """Fail if an event with 64-bit ids was refused; advise if a 64-bit challenge lost digits."""
    event, challenge = case.exchanges
    if event.problem:
        return CheckResult("fail", texts.BIG_ID_REFUSED(problem=event.problem_of_message))
    if challenge.echo.seen:
        return CheckResult("pass", texts.BIG_IDS_KEPT())
    return CheckResult("advice", texts.BIG_ID_LOST(remark=challenge.echo.remark))


def in_time(case: Case) -> CheckResult:
    """Fail if an answer of the run came later than Douyin waits."""
    slowest = max(case.run, key=lambda each: each.answer.took_ms)
    took, about = slowest.answer.took_ms / 1000, slowest.message.about
    words: dict[str, Parameter] = {
        "took": f"{took:.2f}",
        "message": about,
        "limit": f"{case.limit:g}",
    }
    if took > case.limit:
        return CheckResult("fail", texts.TOO_LATE(**words))
    if all(each.answer.error for each in case.exchanges):
        return CheckResult("fail", texts.PROBLEM(problem=case.exchanges[0].answer.error))
    if took > case.limit / 2:
        return CheckResult("advice", texts.NEARLY_LATE(**words))
    return CheckResult("pass", texts.IN_TIME(took=words["took"]))
