"""What is checked of every kind of receiver."""

from __future__ import annotations

from mockdouyin.core.outbox import Attempt
from mockdouyin.core.texts import Parameter, Text
from mockdouyin.webhook_check import _texts as texts
from mockdouyin.webhook_check.probe import Case, CheckResult


def redirected(problem: Text, answer: Attempt) -> Text:
    """Return what is wrong with an answer, and where to it redirects, if it does."""
    if not answer.location:
        return problem
    return texts.REDIRECTED(problem=problem, location=answer.location[:100])


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
