"""How tests examine a receiver: in this process, with the verdicts at hand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from mockdouyin.webhook_check.exam import ProbeResult, Report, Times, examine
from mockdouyin.webhook_check.kinds import APP
from mockdouyin.webhook_check.probe import ProbeExchange
from tests.webhook_check.receivers import SECRET, Behaviour, running

NAMES = frozenset(probe.name for probe in APP.probes)

UNSEEN = {"same-msg-id", "unauthorize-first"}
"""What cannot be seen from outside: always advice."""


def exam(url: str, *names: str, times: Times | None = None) -> Report:
    """Examine whoever is at a URL."""
    options = {"secret": SECRET, "client_key": "awtestclientkey0"}
    report = asyncio.run(examine(url, APP.exam(options, names), times))
    for result in report.results:
        check_chinese(result)
    return report


CHINESE = re.compile("[\u4e00-\u9fff]")


def check_chinese(result: ProbeResult) -> None:
    """Assert that what a probe asks, sends and concludes is told in Chinese, too."""
    described = [each.message.about for each in result.exchanges if "，" in about_of(each)]
    for words in (result.probe.about, result.outcome.explanation, *described):
        said = words.render("zh")
        assert CHINESE.search(said)
        assert not SENTENCE.search(NOT_HTTP.sub("", said)), said


SENTENCE = re.compile(r"[a-z]+ [a-z]+ [a-z]+")
"""Three English words in a row."""

NOT_HTTP = re.compile("合法的 HTTP：[^。）]*")
"""The HTTP library's own words."""


def about_of(exchange: ProbeExchange) -> str:
    """Return what a message is; the name of an event alone is the same in every language."""
    return exchange.message.about.render("zh")


def examined(receiver: Behaviour, *names: str, times: Times | None = None) -> Report:
    """Examine a receiver."""
    with running(receiver) as url:
        return exam(url, *names, times=times)


def failed(report: Report) -> set[str]:
    """Return the names of the probes that failed."""
    return {result.probe.name for result in report.of("fail")}


def advised(report: Report) -> set[str]:
    """Return the names of the probes with advice, without those that always give it."""
    return {result.probe.name for result in report.of("advice")} - UNSEEN


def meaning(report: Report, name: str) -> str:
    """Return the explanation of a probe's outcome."""
    [text] = [each.outcome.explanation for each in report.results if each.probe.name == name]
    return text.render("en")


def left_out(report: Report) -> Iterable[str]:
    """Return the names of the probes that were not sent."""
    return [probe.name for probe in report.unsent]
