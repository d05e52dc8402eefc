"""Messages of the examination: events as Douyin writes them, and in variants it may write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import count
from typing import Any

from mockdouyin.core.clock import Clock
from mockdouyin.core.crypto import webhook_signature
from mockdouyin.core.ids import Ids
from mockdouyin.core.texts import NOTHING, Text, as_text
from mockdouyin.domain.webhook_handshake import Challenge
from mockdouyin.webhook_check.app import _probe_texts as texts
from mockdouyin.webhook_check.notation import Payload, Writer, compact
from mockdouyin.webhook_check.probe import TestMessage, described

HEADER = "X-Douyin-Signature"


def challenge_about(challenge: Challenge, how: Text = NOTHING) -> Text:
    """Describe a `verify_webhook`."""
    return described(texts.CHALLENGE(challenge=json.dumps(challenge)), how)


def signed_by(message: TestMessage, signature: str | None) -> TestMessage:
    """Return a message with a signature that Douyin would not send, or without one."""
    headers = {name: value for name, value in message.own_headers.items() if name != HEADER}
    if signature is not None:
        headers[HEADER] = signature
    return message._replace(own_headers=headers, genuine=False)


class MessageFactory:
    """Writes and signs messages in an app's name, with new ids for every run."""

    remark = NOTHING

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
        return signed_by(message, signature)

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
        headers = {"Msg-Id": message_id, HEADER: webhook_signature(self._secret, body)}
        return TestMessage(about, body, message_id, headers, HEADER, challenge)
