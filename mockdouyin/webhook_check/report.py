"""The report: text for people, JUnit for a CI."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

from mockdouyin.webhook_check.checks import CheckVerdict, ProbeExchange
from mockdouyin.webhook_check.exam import ProbeResult, Report

Paint = Callable[[CheckVerdict, str], str]

_WIDTH = 99
_SHOWN = 300
"""Characters of a body that the report shows."""
_NAMES: dict[CheckVerdict, str] = {"pass": "pass", "fail": "FAIL", "advice": "advice"}


def plain(verdict: CheckVerdict, text: str) -> str:
    """Leave the text without colour."""
    return text


def result_lines(result: ProbeResult, paint: Paint = plain) -> Iterator[str]:
    """Write one probe: what it is for, what was sent, what came back, and what that means."""
    name = f"{_NAMES[result.verdict]:8}{result.probe.name}"
    yield paint(result.verdict, name)
    for line in textwrap.wrap(result.probe.about, _WIDTH - 8):
        yield f"{'':8}{line}"
    yield from _exchange_lines(result)
    yield from _entry("means", result.finding.means)
    yield ""


def _exchange_lines(result: ProbeResult) -> Iterator[str]:
    for exchange in result.exchanges:
        yield from _entry("sent", safe(exchange.letter.about))
        if result.verdict == "fail" and exchange.answer.reached:
            yield from _sent_bytes(exchange)
        yield from _entry("back", came_back(exchange))


def _sent_bytes(exchange: ProbeExchange) -> Iterator[str]:
    """Show the message itself: whoever looks for the mistake needs every byte of it."""
    letter = exchange.letter
    yield f"{'':8}{'':6}{safe(letter.body.decode(), 2000)}"
    yield f"{'':8}{'':6}X-Douyin-Signature: {letter.signature or '(none)'}"


def came_back(exchange: ProbeExchange) -> str:
    """Write an answer in one line."""
    answer = exchange.answer
    if answer.error:
        return safe(answer.error)
    body = safe(answer.body.decode(errors="replace")) or "(no body)"
    more = f" (cut after {len(answer.body)} bytes)" if answer.cut else ""
    kind = safe(answer.content_type) or "(no Content-Type)"
    return f"{answer.status}  {kind}  {body}{more}  ({answer.took * 1000:.0f} ms)"


def _entry(label: str, text: str) -> Iterator[str]:
    indent = " " * 14
    lines = textwrap.wrap(text, _WIDTH - len(indent), break_on_hyphens=False) or [""]
    yield f"{'':8}{label:6}{lines[0]}"
    for line in lines[1:]:
        yield indent + line


def safe(text: str, longest: int = _SHOWN) -> str:
    """Give text that can steer neither a terminal nor an XML parser, its end cut."""
    if len(text) > longest:
        text = text[:longest] + "…"
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def summary_lines(report: Report) -> Iterator[str]:
    """Write what it comes to, and how to go on."""
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
        yield from textwrap.wrap(_clue(report), _WIDTH)
        yield "to repeat one: add --only and its name"


def _clue(report: Report) -> str:
    """Point to the one cause that explains most, where there is one."""
    signed = [
        each
        for result in report.results
        for each in result.exchanges
        if each.letter.challenge is not None and each.letter.genuine
    ]
    answered = [each for each in signed if not each.answer.error]
    if len(answered) > 1 and not any(each.echo.seen for each in answered):
        return (
            "Not one rightly signed challenge was echoed. Is --secret the one that the receiver"
            " has? Does it expect its own client_key (--client-key)? Is this the webhook's path?"
        )
    return ""


def junit(report: Report, url: str) -> bytes:
    """Write the report as JUnit: a failed probe is a failure, one not sent is skipped."""
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
        failure = ElementTree.SubElement(case, "failure", message=safe(result.finding.means, 2000))
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
