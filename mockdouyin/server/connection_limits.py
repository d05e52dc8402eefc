"""The limits of one connection, and how a request over them is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

from mockdouyin.core.http import Reply, complaint
from mockdouyin.core.pages import preferred_language
from mockdouyin.core.texts import Language, Text
from mockdouyin.server._error_texts import HEAD_TOO_LONG, TOO_SLOW


class ConnectionLimits(NamedTuple):
    """The limits of one connection."""

    idle_timeout: float = 75.0
    """Seconds for which a connection stays open with no request on it."""
    receive_timeout: float = 30.0
    """Seconds in which a request must arrive, unless it keeps up the minimum rate."""
    min_rate: float = 500.0
    """Bytes per second, measured over each `receive_timeout`, that a slow request must keep up."""
    max_head: int = 64 * 1024
    """Bytes of a request line with its headers, and of whatever in a body is not the body."""
    linger_timeout: float = 2.0
    """Seconds for which a refused client may go on sending, so that no reset eats the answer."""

    def too_slow(self, part: Text) -> RequestRefused:
        """Return the refusal of a head or body that arrives too slowly."""
        seconds, rate = f"{self.receive_timeout:g}", f"{self.min_rate:g}"
        return RequestRefused(408, TOO_SLOW(part=part, seconds=seconds, rate=rate))

    def head_too_long(self) -> RequestRefused:
        """Return the refusal of a head that is too long."""
        return RequestRefused(431, HEAD_TOO_LONG(limit=self.max_head))


LIMITS = ConnectionLimits()


class RequestRefused(Exception):  # noqa: N818 - the client's error, not ours
    """Refuses the request that is being read."""

    def __init__(self, status: int, text: Text) -> None:
        super().__init__(status, text)
        self.status = status
        self.text = text

    def reply(self, language: Language, headers: Iterable[tuple[bytes, bytes]] = ()) -> Reply:
        """Return the answer, in the language that the headers ask for as far as they came."""
        accepted = dict(headers).get(b"accept-language", b"").decode("latin-1")
        asked = preferred_language(accepted, language)
        return complaint(self.status, self.text.render(asked))

    def response(self, language: Language, headers: Iterable[tuple[bytes, bytes]] = ()) -> bytes:
        """Return the answer as it is sent; the connection is closed after it."""
        reply = self.reply(language, headers)
        lines = [(b"%b: %b\r\n" % each) for each in reply.headers]
        return b"%b%bcontent-length: %d\r\nconnection: close\r\n\r\n%b" % (
            STATUS_LINE[self.status],
            b"".join(lines),
            len(reply.body),
            reply.body,
        )
