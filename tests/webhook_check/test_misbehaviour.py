"""Receivers that do not speak properly, or not at all: the examination copes, and ends."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from mockdouyin.delivery import MAX_ANSWER
from mockdouyin.webhook_check.exam import Times
from tests.support.ports import free_port
from tests.webhook_check import receivers
from tests.webhook_check.exams import NAMES, exam, examined, failed, left_out, meaning

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def test_nobody_there() -> None:
    """Where nothing listens, one probe fails and the rest is not sent."""
    report = exam(f"http://127.0.0.1:{free_port()}/hook")

    assert failed(report) == {"challenge-int"}
    assert len(report.results) + len(report.unsent) == len(NAMES)
    assert report.ended.render("en") == "no connection could be made"
    assert "No connection: " in meaning(report, "challenge-int")
    assert "refused" in meaning(report, "challenge-int")


def test_silence() -> None:
    """A receiver that never answers is given up after three probes."""

    def hang(connection: socket.socket, over: threading.Event) -> None:
        over.wait(30)

    with receivers.talking(hang) as url:
        report = exam(url, times=Times(limit=0.05, timeout=0.1))

    assert len(report.results) == 3
    assert failed(report) == {"challenge-int", "good-signature"}
    assert "no complete answer within 0.1 s" in meaning(report, "challenge-int").lower()


def test_the_whole_is_bounded() -> None:
    """When the time of the whole examination is over, no further probe begins."""
    report = examined(receivers.correct, times=Times(total=0))

    assert len(report.results) == 1
    assert "challenge-string" in left_out(report)
    assert not report.failed


def _close(connection: socket.socket, over: threading.Event) -> None:
    pass


def _half(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"Content-Length: 100\r\n\r\n{")


def _garbage(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(bytes(range(256)) * 8)


def _endless_head(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000)


def _bad_length(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"Content-Length: many\r\n\r\n")


def _drip(connection: socket.socket, over: threading.Event) -> None:
    connection.sendall(OK + b"Content-Length: 100000\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b" ")


@pytest.mark.parametrize("talk", [_close, _half, _garbage, _endless_head, _bad_length, _drip])
def test_no_proper_answer(talk: receivers.Talk) -> None:
    """Whatever comes in place of an answer is said in the probe's own words."""
    with receivers.talking(talk) as url:
        report = exam(url, times=Times(limit=0.2, timeout=0.3))

    assert failed(report) >= {"challenge-int"}
    assert report.results[0].exchanges[0].answer.error
    assert len(report.results) == 3


@pytest.mark.parametrize(
    "head",
    [
        OK + b"Content-Length: 100000000\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n5f5e100\r\n",
        OK + b"\r\n",
    ],
    ids=["length", "chunked", "until closed"],
)
def test_a_hundred_megabytes(head: bytes) -> None:
    """Of an answer of 100 MB only the beginning is read."""
    sent = 0

    def flood(connection: socket.socket, over: threading.Event) -> None:
        nonlocal sent
        connection.sendall(head)
        with suppress(OSError):
            for _ in range(100):
                connection.sendall(b"x" * 1_000_000)
                sent += 1

    with receivers.talking(flood) as url:
        report = exam(url, "challenge-int")

    answer = report.results[0].exchanges[0].answer
    assert failed(report) == {"challenge-int"}
    assert len(answer.body) == MAX_ANSWER
    assert answer.truncated
    assert sent < 100
    assert "longer than" in meaning(report, "challenge-int")


def test_closing_is_no_clear_refusal() -> None:
    """Who hangs up on a wrong signature is advised to answer instead; nothing is failed."""
    with receivers.talking(_close) as url:
        report = exam(url, "wrong-signature", "forged-event")

    assert failed(report) == set()
    assert "answer 401" in meaning(report, "wrong-signature")


def test_a_redirect_is_not_followed() -> None:
    """A redirect is an answer like any other that is not 2xx, and is named."""
    report = examined(receivers.redirects, "challenge-int", "content-object")

    assert "HTTP 302" in meaning(report, "challenge-int")
    assert "redirect to '/elsewhere'" in meaning(report, "content-object")
