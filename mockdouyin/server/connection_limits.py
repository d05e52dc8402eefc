"""The limits of one connection, and how a request over them is refused."""

from __future__ import annotations

from typing import NamedTuple

from uvicorn.protocols.http.httptools_impl import STATUS_LINE


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

    def too_slow(self, part: str) -> tuple[int, str]:
        """Return the status and text for a head or body that arrives too slowly."""
        return 408, (
            f"the request's {part} comes too slowly: it has to be there within"
            f" {self.receive_timeout:g} s, or go on at {self.min_rate:g} bytes a second"
        )


LIMITS = ConnectionLimits()


def refusal_response(status: int, text: str) -> bytes:
    """Return a whole response, of mockdouyin's own, after which the connection is closed."""
    body = f"mockdouyin: {text}\n".encode()
    return (
        b"%bcontent-type: text/plain; charset=utf-8\r\n"
        b"content-length: %d\r\nconnection: close\r\n\r\n%b"
        % (STATUS_LINE[status], len(body), body)
    )


class RequestRefused(Exception):  # noqa: N818 - the client's error, not ours
    """Refuses the request that is being read; carries a status and a text."""
