"""The report of an examination: text for people, JUnit XML for CI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from mockdouyin.core.columns import padded, wrap
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text, TextTemplate
from mockdouyin.webhook_check import _report_texts as texts
from mockdouyin.webhook_check.exam import ProbeResult, Report
from mockdouyin.webhook_check.probe import CheckVerdict, ProbeExchange

Paint = Callable[[CheckVerdict, str], str]

_WIDTH = 99
_MAX_SHOWN = 300
"""Characters of an answer that the report shows."""


def plain(verdict: CheckVerdict, text: str) -> str:
    """Return the text without colour."""
    return text


def result_lines(
    result: ProbeResult, paint: Paint = plain, language: Language = DEFAULT_LANGUAGE
) -> Iterator[str]:
    """Format a probe's result: what it asks, what was sent, what came back, what that means."""
    verdict = texts.VERDICTS[result.verdict]().render(language)
    yield paint(result.verdict, f"{padded(verdict, 8)}{result.probe.name}")
    for line in wrap(result.probe.about.render(language), _WIDTH - 8):
        yield f"{'':8}{line}"
    yield from _exchange_lines(result, language)
    yield from _entry(texts.MEANS, result.outcome.explanation.render(language), language)
    yield ""


def _exchange_lines(result: ProbeResult, language: Language) -> Iterator[str]:
    for exchange in result.exchanges:
        yield from _entry(texts.SENT, safe(exchange.message.about.render(language)), language)
        if result.verdict == "fail" and exchange.answer.reached:
            yield from _sent_bytes(exchange, language)
        yield from _entry(texts.BACK, format_answer(exchange, language), language)


def _sent_bytes(exchange: ProbeExchange, language: Language) -> Iterator[str]:
    """Format the message itself, which is needed to find out why a signature differs."""
    message = exchange.message
    yield f"{'':8}{'':6}{safe(message.body.decode(), 2000)}"
    if message.signature_header:
        signature = message.signature or texts.UNSIGNED().render(language)
        yield f"{'':8}{'':6}{message.signature_header}: {signature}"


def format_answer(exchange: ProbeExchange, language: Language = DEFAULT_LANGUAGE) -> str:
    """Format an answer in one line."""
    answer = exchange.answer
    if answer.error:
        return safe(answer.error.render(language))
    body = answer.body.encode("utf-8", "surrogateescape")
    shown = safe(body.decode("utf-8", "replace")) or texts.NO_BODY().render(language)
    cut = texts.CUT_AFTER(count=len(body)) if answer.truncated else NOTHING
    kind = safe(answer.content_type) or texts.NO_CONTENT_TYPE().render(language)
    return f"{answer.status}  {kind}  {shown}{cut.render(language)}  ({answer.took_ms} ms)"


def _entry(label: TextTemplate, text: str, language: Language) -> Iterator[str]:
    indent = " " * 14
    first, *more = wrap(text, _WIDTH - len(indent))
    yield f"{'':8}{padded(label().render(language), 6)}{first}"
    for line in more:
        yield indent + line


def safe(text: str, max_length: int = _MAX_SHOWN) -> str:
    """Escape what a terminal or an XML parser would act on, and shorten long text."""
    if len(text) > max_length:
        text = text[:max_length] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def summary_lines(report: Report, language: Language = DEFAULT_LANGUAGE) -> Iterator[str]:
    """Format the counts, the failed probes and how to repeat one."""
    for words in _summary(report):
        yield from wrap(words.render(language), _WIDTH)


def _summary(report: Report) -> Iterator[Text]:
    if report.unsent:
        yield texts.ENDED_EARLY(why=report.ended, count=len(report.unsent))
    passed, failed, advice = (len(report.of(each)) for each in ("pass", "fail", "advice"))
    yield texts.COUNTS(passed=passed, failed=failed, advice=advice)
    if failed:
        yield texts.FAILED(names=[result.probe.name for result in report.of("fail")])
        if _nothing_was_believed(report):
            yield report.exam.kind.common_cause()
        yield texts.REPEAT()


def _nothing_was_believed(report: Report) -> bool:
    """Return whether one cause, such as another secret, would explain every failure."""
    believed = [
        report.exam.kind.was_believed(each)
        for result in report.results
        for each in result.exchanges
        if each.message.genuine and not each.answer.error
    ]
    told = [each for each in believed if each is not None]
    return len(told) > 1 and not any(told)


def junit(report: Report, url: str, language: Language = DEFAULT_LANGUAGE) -> bytes:
    """Encode the report as JUnit XML; probes that were not sent count as skipped."""
    suite = ElementTree.Element(
        "testsuite",
        name="check-webhook",
        tests=str(len(report.results) + len(report.unsent)),
        failures=str(len(report.of("fail"))),
        errors="0",
        skipped=str(len(report.unsent)),
        time=f"{sum(each.took for each in report.results):.3f}",
    )
    properties = ElementTree.SubElement(suite, "properties")
    for name, value in (("url", safe(url, 2000)), ("kind", report.exam.kind.name)):
        ElementTree.SubElement(properties, "property", name=name, value=value)
    for result in report.results:
        _case(suite, result, language)
    for probe in report.unsent:
        case = ElementTree.SubElement(suite, "testcase", classname="webhook", name=probe.name)
        not_sent = texts.NOT_SENT(why=report.ended).render(language)
        ElementTree.SubElement(case, "skipped", message=not_sent)
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ElementTree.Element, result: ProbeResult, language: Language) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname="webhook", name=result.probe.name, time=f"{result.took:.3f}"
    )
    text = "\n".join(result_lines(result, language=language))
    if result.verdict == "fail":
        explanation = safe(result.outcome.explanation.render(language), 2000)
        failure = ElementTree.SubElement(case, "failure", message=explanation)
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
