"""What every kind of receiver is examined with: messages, what came back, probes and verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, Protocol

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain.webhook_handshake import Challenge

_DESCRIBED = text("probe_message_described", zh="{message}，{how}", en="{message}, {how}")


def described(message: Text, how: Text) -> Text:
    """Return what a message is, and what is special about it."""
    return _DESCRIBED(message=message, how=how) if how else message


class TestMessage(NamedTuple):
    """One message to send, signed or not."""

    about: Text
    """A description for the report."""
    body: bytes
    message_id: str
    own_headers: dict[str, str] = {}
    signature_header: str = ""
    """The header that carries the signature, if it is not part of the body."""
    challenge: Challenge | None = None
    genuine: bool = True
    """Whether it is signed as Douyin would sign it."""
    method: str = "POST"

    @property
    def headers(self) -> dict[str, str]:
        """The headers to send it with."""
        return {
            "Content-Type": "application/json",
            "User-Agent": "Go-http-client/1.1",
            # Or the receiver might compress its answer, which the checks do not decode.
            "Accept-Encoding": "identity",
            **self.own_headers,
        }

    @property
    def signature(self) -> str | None:
        """The signature in its header."""
        return self.own_headers.get(self.signature_header)

    def delivery(self, url: str) -> Delivery:
        """Return the request that sends it."""
        return Delivery(
            self.message_id, "", "", "", url, self.headers, self.body, method=self.method
        )


class ProbeExchange(NamedTuple):
    """A message that was sent, and its answer."""

    message: TestMessage
    answer: Attempt


class Case(NamedTuple):
    """The input of a check."""

    exchanges: Sequence[ProbeExchange]
    run: Sequence[ProbeExchange]
    """All of the examination so far."""
    limit: float
    """Seconds within which the platform wants its answer."""
    remark: Text = NOTHING
    """What may be the reason of any refusal."""


CheckVerdict = Literal["pass", "fail", "advice"]


class CheckResult(NamedTuple):
    """A verdict, with its explanation for the report."""

    verdict: CheckVerdict
    explanation: Text


Check = Callable[[Case], CheckResult]

MessageWriter = Callable[[Any], list[TestMessage]]
"""Writes the messages of a probe with the factory of its kind."""


class Factory(Protocol):
    """What writes the messages to one receiver; each kind has its own."""

    @property
    def remark(self) -> Text:
        """What may be the reason of any refusal."""


class Probe(NamedTuple):
    """One test of a receiver."""

    name: str
    about: Text
    """What is expected of the receiver, in one sentence."""
    messages: MessageWriter
    check: Check
    at_once: bool = False
    """Whether to send the messages concurrently instead of one after the other."""
