"""The report of an examination: text for people, JUnit XML for CI."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from mockdouyin.webhook_check.checks import CheckVerdict, ProbeExchange
from mockdouyin.webhook_check.exam import ProbeResult, Report

Paint = Callable[[CheckVerdict, str], str]

_WIDTH = 99
_MAX_SHOWN = 300
"""Characters of an answer that the report shows."""
_NAMES: dict[CheckVerdict, str] = {"pass": "pass", "fail": "FAIL", "advice": "advice"}


def plain(verdict: CheckVerdict, text: str) -> str:
    """Return the text without colour."""
    return text


def result_lines(result: ProbeResult, paint: Paint = plain) -> Iterator[str]:
    """Format a probe's result: what it asks, what was sent, what came back, what that means."""
    name = f"{_NAMES[result.verdict]:8}{result.probe.name}"
    yield paint(result.verdict, name)
    for line in textwrap.wrap(result.probe.about, _WIDTH - 8):
        yield f"{'':8}{line}"
    yield from _exchange_lines(result)
    yield from _entry("means", result.outcome.explanation)
    yield ""


def _exchange_lines(result: ProbeResult) -> Iterator[str]:
    for exchange in result.exchanges:
        yield from _entry("sent", safe(exchange.message.about))
        if result.verdict == "fail" and exchange.answer.reached:
            yield from _sent_bytes(exchange)
        yield from _entry("back", format_answer(exchange))


def _sent_bytes(exchange: ProbeExchange) -> Iterator[str]:
    """Format the message itself, which is needed to find out why a signature differs."""
    message = exchange.message
    yield f"{'':8}{'':6}{safe(message.body.decode(), 2000)}"
    yield f"{'':8}{'':6}X-Douyin-Signature: {message.signature or '(none)'}"


def format_answer(exchange: ProbeExchange) -> str:
    """Format an answer in one line."""
    answer = exchange.answer
    if answer.error:
        return safe(answer.error)
    body = answer.body.encode("utf-8", "surrogateescape")
    shown = safe(body.decode("utf-8", "replace")) or "(no body)"
    more = f" (cut after {len(body)} bytes)" if answer.truncated else ""
    kind = safe(answer.content_type) or "(no Content-Type)"
    return f"{answer.status}  {kind}  {shown}{more}  ({answer.took_ms} ms)"


def _entry(label: str, text: str) -> Iterator[str]:
    indent = " " * 14
    lines = textwrap.wrap(text, _WIDTH - len(indent), break_on_hyphens=False) or [""]
    yield f"{'':8}{label:6}{lines[0]}"
    for line in lines[1:]:
        yield indent + line


def safe(text: str, max_length: int = _MAX_SHOWN) -> str:
    """Escape what a terminal or an XML parser would act on, and shorten long text."""
    if len(text) > max_length:
        text = text[:max_length] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def summary_lines(report: Report) -> Iterator[str]:
    """Format the counts, the failed probes and how to repeat one."""
    if report.unsent:
        count = len(report.unsent)
        yield from textwrap.wrap(
            f"The examination ended early: {report.ended}. Probes not sent: {count}.",
            _WIDTH,
        )
    counts = [f"{len(report.of('pass'))} passed", f"{len(report.of('fail'))} failed"]
    yield f"{', '.join(counts)}, {len(report.of('advice'))} with advice"
    failed = [result.probe.name for result in report.of("fail")]
    if failed:
        yield from textwrap.wrap(f"failed: {', '.join(failed)}", _WIDTH, break_on_hyphens=False)
        yield from textwrap.wrap(_common_cause(report), _WIDTH)
        yield "to repeat one: add --only and its name"


def _common_cause(report: Report) -> str:
    """Return the one cause that would explain every failure, if there is a candidate."""
    signed = [
        each
        for result in report.results
        for each in result.exchanges
        if each.message.challenge is not None and each.message.genuine
    ]
    answered = [each for each in signed if not each.answer.error]
    if len(answered) > 1 and not any(each.echo.seen for each in answered):
        return (
            "Not one rightly signed challenge was echoed. Is --secret the one that the receiver"
            " has? Does it expect its own client_key (--client-key)? Is this the webhook's path?"
        )
    return ""


def junit(report: Report, url: str) -> bytes:
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
    ElementTree.SubElement(properties, "property", name="url", value=safe(url, 2000))
    for result in report.results:
        _case(suite, result)
    for probe in report.unsent:
        case = ElementTree.SubElement(suite, "testcase", classname="webhook", name=probe.name)
        ElementTree.SubElement(case, "skipped", message=f"not sent: {report.ended}")
    root = ElementTree.Element("testsuites")
    root.append(suite)
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _case(suite: ElementTree.Element, result: ProbeResult) -> None:
    case = ElementTree.SubElement(
        suite, "testcase", classname="webhook", name=result.probe.name, time=f"{result.took:.3f}"
    )
    text = "\n".join(result_lines(result))
    if result.verdict == "fail":
        failure = ElementTree.SubElement(
            case, "failure", message=safe(result.outcome.explanation, 2000)
        )
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
