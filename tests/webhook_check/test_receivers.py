"""Whoever deserves to fail a probe fails it, and fails no other."""

from __future__ import annotations

import pytest

from mockdouyin.webhook_check.exam import Times
from tests.webhook_check import receivers
from tests.webhook_check.exams import NAMES, UNSEEN, advised, exam, examined, failed, meaning
from tests.webhook_check.receivers import Behaviour

BELIEVED = {
    "good-signature",
    "key-order",
    "spaces",
    "raw-utf8",
    "unicode-escapes",
    "trailing-newline",
}
"""Rightly signed challenges, whatever the form of their echo."""

TAKEN = {"big-id", "content-object", "content-string", "unknown-event", "two-at-once"}
"""Rightly signed events."""

FORGED = {"wrong-signature", "missing-signature", "tampered-body"}
"""Challenges that must be refused."""


def test_a_correct_receiver_passes() -> None:
    """A receiver that hashes the raw body passes everything that can be seen from outside."""
    report = examined(receivers.correct)

    assert {result.probe.name for result in report.of("advice")} == UNSEEN
    assert {result.probe.name for result in report.of("pass")} == NAMES - UNSEEN
    assert not report.failed
    assert not report.unsent


def test_the_guides_receiver_fails_what_it_deserves() -> None:
    r"""The receiver of a widely copied guide works with Douyin's usual bytes, and no others.

    It hashes a map written anew, compact and in the order received, and so it

    * believes what is written that way: the plain challenge, keys in another order, raw UTF-8;
    * refuses what is not, though rightly signed: spaces, \uXXXX, a newline at the end.

    It looks at the signature of verify_webhook alone: it answers 200 to a forged event. It casts
    `content` to a map, which fails for every event whose content is a string.

    False challenges it does refuse: they are answered with 200, but not echoed.
    """
    report = examined(receivers.guide)

    assert failed(report) == {
        "spaces",
        "unicode-escapes",
        "trailing-newline",
        "forged-event",
        "content-string",
    }
    assert advised(report) == set()
    assert "hash the body as it came" in meaning(report, "spaces")
    assert "string of JSON" in meaning(report, "content-string")


@pytest.mark.parametrize(
    ("receiver", "fails", "advice"),
    [
        # It echoes forged challenges, too, and so a signature in upper case as well.
        (receivers.ignores_signature, FORGED | {"forged-event"}, {"uppercase-signature"}),
        # It never echoes: so no challenge is believed, forged or not.
        (
            receivers.accepts_everything,
            {"challenge-int", "forged-event"} | BELIEVED,
            {"challenge-string", "big-id", "same-log-id"},
        ),
        (
            receivers.rejects_everything,
            {"challenge-int"} | BELIEVED | TAKEN,
            {"challenge-string", "same-log-id"},
        ),
        (
            receivers.redirects,
            {"challenge-int"} | BELIEVED | TAKEN,
            {"challenge-string", "same-log-id"},
        ),
        (receivers.ignores_event_signatures, {"forged-event"}, set()),
        (receivers.ignores_case, set(), {"uppercase-signature"}),
        # The form of the echo is one probe's matter; the challenge was believed all the same.
        (receivers.wraps_echo, {"challenge-int"}, {"challenge-string"}),
        (receivers.wrong_content_type, {"challenge-int"}, {"challenge-string"}),
        # Numeric text equals the number, though nobody knows whether it does for Douyin.
        (receivers.echoes_text, set(), {"challenge-int"}),
        (receivers.wants_numbers, set(), {"challenge-string", "big-id"}),
        (receivers.loses_digits, set(), {"big-id"}),
        (receivers.counts_in_32_bits, TAKEN - {"content-string", "unknown-event"}, set()),
        (receivers.refuses_unknown_events, {"unknown-event"}, set()),
        (receivers.wants_objects, {"content-string"}, set()),
        (receivers.wants_text, TAKEN - {"content-string"}, set()),
        (receivers.mends_order, {"key-order"}, set()),
        (receivers.reads_lines, {"trailing-newline"}, set()),
        (receivers.hashes_escaped, {"spaces", "raw-utf8", "trailing-newline"}, set()),
        # What is behind a repeated Msg-Id cannot be seen: 409 is answered with advice.
        (receivers.Once(), set(), set()),
        (receivers.OncePerLogId(), {"same-log-id"}, set()),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_one_fault(receiver: Behaviour, fails: set[str], advice: set[str]) -> None:
    """A receiver with one fault fails exactly the probes that show it."""
    report = examined(receiver)

    assert failed(report) == fails
    assert advised(report) == advice


def test_one_at_a_time() -> None:
    """A receiver that turns the second of two events away fails that probe."""
    report = examined(receivers.OneAtATime(), "two-at-once")

    assert failed(report) == {"two-at-once"}
    assert "HTTP 503" in meaning(report, "two-at-once")


def test_a_slow_receiver_fails_one_probe() -> None:
    """Right answers that come too late are one fault, and one probe's matter."""
    receiver = receivers.after(0.1, receivers.correct)

    report = examined(receiver, times=Times(limit=0.05, timeout=10))

    assert failed(report) == {"slow-answer"}
    assert "answer first" in meaning(report, "slow-answer").lower()


def test_an_answer_late_in_an_earlier_probe_counts() -> None:
    """slow-answer judges every answer of the examination, not only its own."""
    receiver = receivers.after(0.1, receivers.correct)

    report = examined(
        receiver, "unknown-event", "slow-answer", times=Times(limit=0.05, timeout=10)
    )

    assert failed(report) == {"slow-answer"}


def test_nearly_late() -> None:
    """An answer that takes more than half of the time gives advice."""
    receiver = receivers.after(0.6, receivers.correct)

    report = examined(receiver, "slow-answer", times=Times(limit=1.1, timeout=10))

    assert failed(report) <= {"slow-answer"}
    assert advised(report) | failed(report) == {"slow-answer"}


def test_two_examinations_differ() -> None:
    """Each examination has Msg-Ids of its own: a receiver that remembers them takes both."""
    receiver = receivers.Once()
    with receivers.running(receiver) as url:
        first, second = exam(url), exam(url)

    assert not first.failed
    assert not second.failed
