"""Messages of the examination: events as Douyin writes them, and in variants it may write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any, NamedTuple

from mockdouyin.core.clock import Clock
from mockdouyin.core.crypto import webhook_signature
from mockdouyin.core.ids import Ids
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.texts import NOTHING, Text, as_text
from mockdouyin.domain.webhook_handshake import Challenge
from mockdouyin.webhook_check import _probe_texts as texts

Payload = dict[str, Any]
Writer = Callable[[Payload], bytes]


def compact(payload: Payload) -> bytes:
    """Encode as Douyin does: no spaces, raw UTF-8, keys in its order."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def spaced(payload: Payload) -> bytes:
    """Encode with a space after every comma and colon."""
    return json.dumps(payload, ensure_ascii=False).encode()


def escaped(payload: Payload) -> bytes:
    r"""Encode non-ASCII characters as \uXXXX."""
    return json.dumps(payload, separators=(",", ":")).encode()


def reordered(payload: Payload) -> bytes:
    """Encode the keys in reverse order."""
    return compact(dict(reversed(payload.items())))


def with_newline(payload: Payload) -> bytes:
    """Encode with a final newline, as Douyin's FAQ says that its own serialiser does."""
    return compact(payload) + b"\n"


def challenge_about(challenge: Challenge, how: Text = NOTHING) -> Text:
    """Describe a `verify_webhook`."""
    return described(texts.CHALLENGE(challenge=json.dumps(challenge)), how)


def described(message: Text, how: Text) -> Text:
    """Return what a message is, and what is special about it."""
    return texts.DESCRIBED(message=message, how=how) if how else message


class TestMessage(NamedTuple):
    """One message to post, signed or not."""

    about: Text
    """A description for the report."""
    body: bytes
    message_id: str
    signature: str | None
    challenge: Challenge | None = None
    genuine: bool = True
    """Whether it is signed as Douyin would sign it."""

    @property
    def headers(self) -> dict[str, str]:
        """The headers to post it with."""
        headers = {
            "Content-Type": "application/json",
            "Msg-Id": self.message_id,
            "User-Agent": "Go-http-client/1.1",
            # Or the receiver might compress its answer, which the checks do not decode.
            "Accept-Encoding": "identity",
        }
        if self.signature is not None:
            headers["X-Douyin-Signature"] = self.signature
        return headers

    def delivery(self, url: str) -> Delivery:
        """Return the request that posts it."""
        return Delivery(self.message_id, "", "", "", url, self.headers, self.body)


class MessageFactory:
    """Writes and signs messages in an app's name, with new ids for every run."""

    def __init__(self, secret: str, client_key: str, clock: Clock) -> None:
        now = clock.now()
        self._secret = secret
        self._client_key = client_key
        self._stamp = clock.stamp(now)
        # Seeded with the time: a receiver that remembers the Msg-Ids of the last run would take
        # the same ones for repeats.
        self._ids = Ids(0, f"examination {now!r}")
        self._written = count(1)
        self.now: int = int(now)

    def new_challenge(self) -> int:
        """Generate a challenge of eight digits, like those captured from Douyin."""
        return 10_000_000 + self._ids.number(89_999_999, "challenge", next(self._written))

    def open_id(self, who: str) -> str:
        """Return a person's open_id."""
        return self._ids.open_id(who)

    def digits(self, length: int) -> str:
        """Generate an id with this many digits."""
        return self._ids.digits(length, "id", next(self._written))

    def item_id(self) -> str:
        """Generate a video's encrypted id."""
        return f"@{self._ids.base62(86, 'item_id', next(self._written))}=="

    def forge(self, message: TestMessage) -> TestMessage:
        """Return the message signed with a wrong secret."""
        signature = webhook_signature(self._ids.hex(32, "another secret"), message.body)
        return message._replace(signature=signature, genuine=False)

    def challenge(
        self,
        challenge: Challenge | None = None,
        *,
        write: Writer = compact,
        note: str = "",
        how: Text = NOTHING,
        log_id_of: TestMessage | None = None,
    ) -> TestMessage:
        """Write a `verify_webhook` with a valid signature.

        `note` is appended to its log_id. With `log_id_of` it repeats another message's log_id.
        """
        value = self.new_challenge() if challenge is None else challenge
        number = next(self._written)
        payload = self._payload("verify_webhook", "", {"challenge": value}, number)
        payload["log_id"] += note
        if log_id_of is not None:
            payload["log_id"] = json.loads(log_id_of.body)["log_id"]
        return self._message(challenge_about(value, how), write(payload), number, value)

    def event(
        self,
        name: str,
        who: str,
        content: Mapping[str, Any] | str,
        *,
        to: str = "",
        how: Text = NOTHING,
    ) -> TestMessage:
        """Write any other event, with a valid signature."""
        number = next(self._written)
        body = compact(self._payload(name, self.open_id(who), content, number, to))
        return self._message(described(as_text(name), how), body, number)

    def _payload(
        self,
        name: str,
        person: str,
        content: Mapping[str, Any] | str,
        number: int,
        to: str = "",
    ) -> Payload:
        log_id = self._ids.log_id(self._stamp, number)
        head = {"event": name, "client_key": self._client_key, "from_user_id": person}
        if to:
            return {**head, "to_user_id": self.open_id(to), "content": content, "log_id": log_id}
        return {**head, "content": content, "log_id": log_id, "event_id": ""}

    def _message(
        self, about: Text, body: bytes, number: int, challenge: Challenge | None = None
    ) -> TestMessage:
        message_id = self._ids.hex(64, "message", number)
        return TestMessage(
            about, body, message_id, webhook_signature(self._secret, body), challenge
        )
