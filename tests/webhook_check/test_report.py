"""The report: readable, harmless on a terminal and in XML, and with a clue where there is one."""

from __future__ import annotations

from xml.etree import ElementTree

from mockdouyin.webhook_check.exam import Report, Times
from mockdouyin.webhook_check.kinds import APP
from mockdouyin.webhook_check.report import junit, result_lines, summary_lines
from tests.support.receivers import Received
from tests.webhook_check import receivers
from tests.webhook_check.exams import NAMES, examined
from tests.webhook_check.receivers import Said


def text(report: Report) -> str:
    """Return the whole report."""
    lines = [line for result in report.results for line in result_lines(result)]
    return "\n".join([*lines, *summary_lines(report)])


def test_a_passed_probe() -> None:
    """A probe says what was sent, what came back, and what that means."""
    [result] = examined(receivers.correct, "challenge-int").results
    head, _, sent, back, means, end = result_lines(result)
    challenge = result.exchanges[0].message.challenge

    assert head == "pass    challenge-int"
    assert sent == f"        sent  verify_webhook, challenge {challenge}"
    assert f'200  application/json  {{"challenge":{challenge}}}  (' in back
    assert "Douyin would accept this URL" in means
    assert end == ""


def test_a_failed_probe_shows_the_bytes() -> None:
    """A failed probe shows the message and its signature, so that it can be looked into."""
    [result] = examined(receivers.guide, "trailing-newline").results
    message = result.exchanges[0].message
    lines = [line.strip() for line in result_lines(result)]

    assert "FAIL    trailing-newline" in lines
    assert message.body.decode().replace("\n", "\\n") in lines
    assert f"X-Douyin-Signature: {message.signature}" in lines


def test_the_secret_is_not_told() -> None:
    """The report of a receiver that fails everything does not contain the secret."""
    report = examined(receivers.rejects_everything)

    assert receivers.SECRET not in text(report)
    assert receivers.SECRET.encode() not in junit(report, "http://127.0.0.1/")


def test_the_summary() -> None:
    """The end counts the verdicts and names what failed."""
    lines = list(summary_lines(examined(receivers.guide, "spaces", "same-msg-id", "key-order")))

    assert lines[0] == "1 passed, 1 failed, 1 with advice"
    assert lines[1] == "failed: spaces"


def test_the_clue_of_another_secret() -> None:
    """When no challenge at all is believed, it asks whether the secret is the right one."""
    other = " ".join(summary_lines(examined(receivers.rejects_everything)))
    guide = " ".join(summary_lines(examined(receivers.guide)))

    assert "Is --secret the one" in other
    assert "--secret" not in guide


def test_an_early_end() -> None:
    """An examination that ended early says so, and why."""
    report = examined(receivers.correct, times=Times(total=0))
    lines = list(summary_lines(report))

    assert lines[0].startswith("The examination ended early: 0 s are over.")
    assert lines[0].endswith(f"Probes not sent: {len(NAMES) - 1}.")


def test_nothing_that_steers() -> None:
    """Control characters of an answer reach neither a terminal nor the XML."""

    def nasty(heard: Received) -> Said:
        return Said(200, b"\x1b[2J\x00\x08\xef\xbf\xbe\xff]]>&<b>", "text/\x9bhtml")

    report = examined(nasty, "challenge-int", "spaces")
    parsed = ElementTree.fromstring(junit(report, "http://127.0.0.1/?a=<&\x07"))

    assert all(line.isprintable() for line in text(report).splitlines())
    assert "\\x1b[2J" in "".join(parsed.itertext())


def test_junit() -> None:
    """JUnit has one case for each probe: failed, or with advice in its output."""
    report = examined(receivers.guide)
    [suite] = ElementTree.fromstring(junit(report, "http://127.0.0.1/hook"))
    cases = {case.get("name"): case for case in suite.iter("testcase")}

    assert set(cases) == NAMES
    assert suite.get("tests") == str(len(APP.probes))
    assert suite.get("failures") == "5"
    failures = {name for name, case in cases.items() if case.find("failure") is not None}
    assert failures == {result.probe.name for result in report.of("fail")}
    assert "remember the Msg-Id" in (cases["same-msg-id"].findtext("system-out") or "")


def test_junit_of_an_early_end() -> None:
    """What was not sent is skipped, with the reason."""
    report = examined(receivers.correct, times=Times(total=0))
    [suite] = ElementTree.fromstring(junit(report, ""))
    skipped = [case.find("skipped") for case in suite.iter("testcase")][1:]

    assert suite.get("skipped") == str(len(NAMES) - 1)
    assert all(each is not None and "0 s are over" in each.get("message", "") for each in skipped)
