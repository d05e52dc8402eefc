"""What an answer means: each judge turns what was posted and what came back into a verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from mockdouyin.delivery import MAX_ANSWER, ReceiverAnswer
from mockdouyin.domain.webhook_handshake import Echo, read_echo
from mockdouyin.webhook_check.messages import TestMessage

CheckVerdict = Literal["pass", "fail", "advice"]


class ProbeExchange(NamedTuple):
    """A letter and its answer."""

    letter: TestMessage
    answer: ReceiverAnswer

    @property
    def echo(self) -> Echo:
        """How the challenge came back."""
        answer = self.answer
        if answer.error or answer.status is None or self.letter.challenge is None:
            return Echo(False, False, answer.error)
        if answer.cut:
            return Echo(False, False, f"the answer is longer than {MAX_ANSWER} bytes")
        echo = read_echo(answer.status, answer.content_type, answer.body, self.letter.challenge)
        if answer.location and not answer.accepted:
            return echo._replace(remark=f"{echo.remark}, {_redirect(answer)}")
        return echo

    @property
    def trouble(self) -> str:
        """Why the letter was not taken, or nothing where it was: any 2xx takes it."""
        answer = self.answer
        if answer.accepted or answer.error:
            return answer.error
        said = f"HTTP {answer.status}, where 200 is due"
        return f"{said}, {_redirect(answer)}" if answer.location else said


class Case(NamedTuple):
    """What a judge is shown: the probe's own exchanges, all of the run so far, and the limit."""

    exchanges: Sequence[ProbeExchange]
    run: Sequence[ProbeExchange]
    limit: float


class CheckResult(NamedTuple):
    """A verdict, and what it means."""

    verdict: CheckVerdict
    means: str


Check = Callable[[Case], CheckResult]


def _redirect(answer: ReceiverAnswer) -> str:
    return f"a redirect to {answer.location[:100]!r}, which is not followed"


def echoed(case: Case) -> CheckResult:
    """Demand the challenge in exactly the form that makes Douyin accept a URL."""
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


def echoed_text(case: Case) -> CheckResult:
    """Hope for the challenge; Douyin is not known to send it as text."""
    echo = case.exchanges[0].echo
    if echo.accepted:
        return CheckResult("pass", "The challenge came back, though it was text.")
    return CheckResult(
        "advice",
        f"{_sentence(echo.remark)} No harm with Douyin, which sends a number; some stand-ins send"
        " text. Give back what came, of whatever type, and both work.",
    )


def taken(hint: str) -> Check:
    """Demand that a rightly signed challenge is taken for genuine, however it is echoed."""

    def judge(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.echo.seen:
            return CheckResult("pass", "Believed, as its signature is right.")
        if exchange.answer.error:
            return CheckResult("fail", _sentence(exchange.answer.error))
        how = exchange.trouble or "no challenge came back"
        return CheckResult("fail", f"Refused ({how}). {hint}")

    return judge


def refused(harm: str) -> Check:
    """Demand that a challenge is refused: an answer that is not 2xx, or has no challenge."""

    def judge(case: Case) -> CheckResult:
        exchange = case.exchanges[0]
        if exchange.answer.error:
            return _unheard(exchange)
        if exchange.echo.seen:
            return CheckResult(
                "fail", f"The challenge was echoed: the message was believed. {harm}"
            )
        return _refusal(exchange)

    return judge


def spelled(case: Case) -> CheckResult:
    """Look at a signature in upper case: neither answer does harm."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _unheard(exchange)
    if not exchange.echo.seen:
        return CheckResult("pass", "Refused: Douyin writes signatures in lower case only.")
    return CheckResult(
        "advice",
        "Accepted. No harm: whoever can compute it knows the secret. But Douyin writes lower case"
        " only: compare as it stands, in constant time.",
    )


def unbelieved(case: Case) -> CheckResult:
    """Demand that an event with a false signature is not answered with 2xx."""
    exchange = case.exchanges[0]
    if exchange.answer.error:
        return _unheard(exchange)
    if exchange.answer.accepted:
        return CheckResult(
            "fail",
            f"A forged event was answered with {exchange.answer.status}. Anyone who knows the URL"
            " can invent users' actions. Check the signature of every event, before anything"
            " else, and answer 401. (If it is checked and dropped in silence, that cannot be seen"
            " from outside.)",
        )
    return _refusal(exchange)


def _refusal(exchange: ProbeExchange) -> CheckResult:
    status = exchange.answer.status or 0
    if status >= 500:
        return CheckResult(
            "pass", f"Refused, though with HTTP {status} as by accident: answer 401."
        )
    return CheckResult("pass", "Refused, as it must be.")


def _unheard(exchange: ProbeExchange) -> CheckResult:
    return CheckResult(
        "advice",
        f"{_sentence(exchange.answer.error)} So it cannot be told whether it was refused:"
        " answer 401.",
    )


def delivered(hint: str, praise: str) -> Check:
    """Demand a 2xx for every letter."""

    def judge(case: Case) -> CheckResult:
        for exchange in case.exchanges:
            if exchange.trouble:
                which = f" ({exchange.letter.about})" if len(case.exchanges) > 1 else ""
                return CheckResult("fail", f"{_sentence(exchange.trouble + which)} {hint}")
        return CheckResult("pass", praise)

    return judge


def unseen(task: str) -> Check:
    """Advise, whatever came: what was asked for cannot be seen from outside."""

    def judge(case: Case) -> CheckResult:
        troubles = [each for each in case.exchanges if each.trouble]
        if not troubles:
            return CheckResult("advice", f"Both were taken. {task}")
        said = f"{troubles[0].trouble} ({troubles[0].letter.about})"
        return CheckResult(
            "advice", f"{_sentence(said)} Douyin sends such a message again. {task}"
        )

    return judge


def both_handled(hint: str) -> Check:
    """Demand that the second of two challenges comes back as the first did."""

    def judge(case: Case) -> CheckResult:
        first, second = case.exchanges
        if second.echo.seen:
            return CheckResult("pass", "Both were handled.")
        if not first.echo.seen:
            return CheckResult(
                "advice", "No challenge came back, so it cannot be told whether both were handled."
            )
        return CheckResult("fail", f"The first was handled, the second was not. {hint}")

    return judge


def whole(case: Case) -> CheckResult:
    """Demand that an event with 64-bit ids is taken, and hope that a 64-bit number comes back."""
    event, challenge = case.exchanges
    if event.trouble:
        return CheckResult(
            "fail",
            f"{_sentence(f'{event.trouble} ({event.letter.about})')} Douyin's ids have up to 19"
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
    """Demand that every answer of the run came before Douyin hangs up."""
    slowest = max(case.run, key=lambda each: each.answer.took)
    took, about = slowest.answer.took, slowest.letter.about
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
