"""Checks: functions that turn the messages and answers of a probe into a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from mockdouyin.core.outbox import Attempt
from mockdouyin.delivery import MAX_ANSWER
from mockdouyin.domain.webhook_handshake import Echo, read_echo
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
            return Echo(False, False, f"the answer is longer than {MAX_ANSWER} bytes")
        body = answer.body.encode("utf-8", "surrogateescape")
        echo = read_echo(answer.status, answer.content_type, body, self.message.challenge)
        if answer.location and not answer.accepted:
            return echo._replace(remark=f"{echo.remark}, {_redirect(answer)}")
        return echo

    @property
    def problem(self) -> str:
        """Why the message was not accepted; empty if it was, by any 2xx."""
        answer = self.answer
        if answer.accepted or answer.error:
            return answer.error
        said = f"HTTP {answer.status}, where 200 is due"
        return f"{said}, {_redirect(answer)}" if answer.location else said


class Case(NamedTuple):
    """The input of a check: the probe's exchanges, all of the run so far, and the time limit."""

    exchanges: Sequence[ProbeExchange]
    run: Sequence[ProbeExchange]
    limit: float


class CheckResult(NamedTuple):
    """A verdict, with its explanation for the report."""

    verdict: CheckVerdict
    explanation: str


Check = Callable[[Case], CheckResult]


def _redirect(answer: Attempt) -> str:
    return f"a redirect to {answer.location[:100]!r}, which is not followed"


def challenge_echoed(case: Case) -> CheckResult:
    """Fail unless the challenge came back in the exact form with which Douyin accepts a URL."""
    echo = case.exchanges[0].echo
    if not echo.accepted:
        return CheckResult("fail", f"{_sentence(echo.remark)} Douyin would not accept this URL.")
    if echo.remark:
        return CheckResult(
            "advice",
            f"{_sentence(echo.remark)} This is taken for an echo here; whether Douyin takes it is"
            " not known. Answer with the challenge alone, as it came.",
        )
    return CheckResult(
        "pass", "The challenge came back as it went out: Douyin would accept this URL."
    )


def text_challenge_echoed(case: Case) -> CheckResult:
    """Advise if the challenge did not come back; Douyin is not known to send it as text."""
    echo = case.exchanges[0].echo
    if echo.accepted:
        return CheckResult("pass", "The challenge came back, though it was text.")
    return CheckResult(
        "advice",
        f"{_sentence(echo.remark)} No harm with Douyin, which sends a number; some stand-ins send"
        " text. Give back what came, of whatever type, and both work.",
    )


def signature_accepted(hint: str) -> Check:
    """Fail if a challenge with a valid signature was not believed, however it was echoed."""

    def check(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.echo.seen:
            return CheckResult("pass", "Believed, as its signature is right.")
        if exchange.answer.error:
            return CheckResult("fail", _sentence(exchange.answer.error))
        how = exchange.problem or "no challenge came back"
        return CheckResult("fail", f"Refused ({how}). {hint}")

    return check


def signature_refused(harm: str) -> Check:
    """Fail if a challenge was echoed; a non-2xx status, or an answer without it, refuses it."""

    def check(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.answer.error:
            return _no_answer(exchange)
        if exchange.echo.seen:
            return CheckResult(
                "fail", f"The challenge was echoed: the message was believed. {harm}"
            )
        return _refused(exchange)

    return check


def uppercase_signature(case: Case) -> CheckResult:
    """Advise if an upper-case signature was accepted; that does no harm."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _no_answer(exchange)
    if not exchange.echo.seen:
        return CheckResult("pass", "Refused: Douyin writes signatures in lower case only.")
    return CheckResult(
        "advice",
        "Accepted. No harm: whoever can compute it knows the secret. But Douyin writes lower case"
        " only: compare as it stands, in constant time.",
    )


def forged_event_refused(case: Case) -> CheckResult:
    """Fail if an event with an invalid signature was answered with 2xx."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _no_answer(exchange)
    if exchange.answer.accepted:
        return CheckResult(
            "fail",
            f"A forged event was answered with {exchange.answer.status}. Anyone who knows the URL"
            " can invent users' actions. Check the signature of every event, before anything"
            " else, and answer 401. (If it is checked and dropped in silence, that cannot be seen"
            " from outside.)",
        )
    return _refused(exchange)


def _refused(exchange: ProbeExchange) -> CheckResult:
    status = exchange.answer.status or 0
    if status >= 500:
        return CheckResult(
            "pass", f"Refused, though with HTTP {status} as by accident: answer 401."
        )
    return CheckResult("pass", "Refused, as it must be.")


def _no_answer(exchange: ProbeExchange) -> CheckResult:
    return CheckResult(
        "advice",
        f"{_sentence(exchange.answer.error)} So it cannot be told whether it was refused:"
        " answer 401.",
    )


def all_accepted(hint: str, praise: str) -> Check:
    """Fail unless every message was answered with 2xx."""

    def check(case: Case) -> CheckResult:
        for exchange in case.exchanges:
            if exchange.problem:
                which = f" ({exchange.message.about})" if len(case.exchanges) > 1 else ""
                return CheckResult("fail", f"{_sentence(exchange.problem + which)} {hint}")
        return CheckResult("pass", praise)

    return check


def not_observable(task: str) -> Check:
    """Always advise: whether the receiver did the task cannot be observed from outside."""

    def check(case: Case) -> CheckResult:
        problems = [each for each in case.exchanges if each.problem]
        if not problems:
            return CheckResult("advice", f"Both were taken. {task}")
        said = f"{problems[0].problem} ({problems[0].message.about})"
        return CheckResult(
            "advice", f"{_sentence(said)} Douyin sends such a message again. {task}"
        )

    return check


def both_handled(hint: str) -> Check:
    """Fail if the first of two challenges came back and the second did not."""

    def check(case: Case) -> CheckResult:
        first, second = case.exchanges
        if second.echo.seen:
            return CheckResult("pass", "Both were handled.")
        if not first.echo.seen:
            return CheckResult(
                "advice", "No challenge came back, so it cannot be told whether both were handled."
            )
        return CheckResult("fail", f"The first was handled, the second was not. {hint}")

    return check


def big_ids_kept(case: Case) -> CheckResult:
    """Fail if an event with 64-bit ids was refused; advise if a 64-bit challenge lost digits."""
    event, challenge = case.exchanges
    if event.problem:
        return CheckResult(
            "fail",
            f"{_sentence(f'{event.problem} ({event.message.about})')} Douyin's ids have up to 19"
            " digits: keep them as text, or in 64 bits.",
        )
    if challenge.echo.seen:
        return CheckResult("pass", "The ids were taken, and the number came back digit for digit.")
    return CheckResult(
        "advice",
        f"The event was taken. But of the challenge: {_sentence(challenge.echo.remark)} The"
        " challenges seen so far have eight digits. A number that loses digits here loses them in"
        " an id, too; JSON numbers of 64 bits do not fit JavaScript's.",
    )


def in_time(case: Case) -> CheckResult:
    """Fail if an answer of the run came later than Douyin waits."""
    slowest = max(case.run, key=lambda each: each.answer.took_ms)
    took, about = slowest.answer.took_ms / 1000, slowest.message.about
    if took > case.limit:
        return CheckResult(
            "fail",
            f"The slowest answer took {took:.2f} s, to {about}; the limit is {case.limit:g} s."
            " Douyin hangs up then, and sends it again. Answer first, work afterwards: put the"
            " event in a queue.",
        )
    if all(each.answer.error for each in case.exchanges):
        return CheckResult("fail", _sentence(case.exchanges[0].answer.error))
    if took > case.limit / 2:
        return CheckResult(
            "advice",
            f"The slowest answer took {took:.2f} s, to {about}; the limit is {case.limit:g} s. In"
            " time, but not by much: answer first, work afterwards.",
        )
    return CheckResult("pass", f"All in time; the slowest answer took {took:.2f} s.")


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}."
