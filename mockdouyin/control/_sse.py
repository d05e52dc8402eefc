"""Server-sent events: the events of a stream as text, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from mockdouyin.control._shown import encode_reply
from mockdouyin.control._steps import StreamEvent
from mockdouyin.control._turns import paced
from mockdouyin.core.settings import decode
from mockdouyin.core.typed import thread_safe

MEDIA_TYPE = "text/event-stream"

RETRY = 1000
"""Milliseconds after which a browser connects again."""


def encode_opening(position: int) -> bytes:
    """Return the beginning of a stream: a comment, and a number to resume from without events."""
    return b": open\nretry: %d\nid: %d\n\n" % (RETRY, position)


def encode_events(events: Iterable[StreamEvent]) -> bytes:
    """Encode events as text."""
    return b"".join(_encode(event) for event in paced(events))


def _encode(event: StreamEvent) -> bytes:
    number = b"" if event.id is None else b"id: %d\n" % event.id
    # JSON has no line breaks of its own, so it is one line.
    return b"%bevent: %b\ndata: %b\n\n" % (number, event.event.encode(), encode_reply(event.data))


class EventParser:
    """Makes events of the lines of a stream, and keeps the number to resume from."""

    def __init__(self, kinds: dict[str, type]) -> None:
        self._kinds = kinds
        self.last_id: int | None = None
        """The number to resume from, if one came."""
        self.has_begun = False
        """Whether the server has said where the stream begins."""
        self._fields: dict[str, str] = {}

    def restart(self) -> None:
        """Forget the beginning of an event whose end did not come."""
        self._fields = {}

    def feed(self, line: bytes) -> Iterator[StreamEvent]:
        """Take one line; yield the event that ends with it, if it is one that we know."""
        text = line.rstrip(b"\r\n").decode()
        if text:
            name, _, value = text.partition(":")
            self._fields[name] = value.removeprefix(" ")
            return
        fields, self._fields, self.has_begun = self._fields, {}, True
        number = int(fields["id"]) if fields.get("id", "").isdigit() else None
        if number is not None:
            self.last_id = number
        kind = self._kinds.get(fields.get("event", ""))
        if kind is not None:
            yield StreamEvent(fields["event"], number, _decode(fields.get("data", ""), kind))


def _decode(data: str, kind: Any) -> Any:
    return msgspec.json.decode(data, type=thread_safe(kind), dec_hook=decode)
