"""Read a request's body chunk by chunk: short bodies are kept, long uploads only measured."""

from __future__ import annotations

from msgspec.structs import replace

from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.http import Request, Streamed
from mockdouyin.core.journal import MAX_KEPT_BODY
from mockdouyin.core.multipart import Multipart


class Body:
    """A request's body, fed in chunks of any length; `close` returns the request with it.

    An endpoint that takes files has a limit above `BODY_LIMIT`. Its body is parsed as multipart
    while it arrives, and only the bytes that the journal keeps are held.
    """

    def __init__(self, request: Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._form = Multipart(request.header(b"content-type")) if limit > BODY_LIMIT else None
        self._max_kept = BODY_LIMIT if self._form is None else MAX_KEPT_BODY
        self._kept = bytearray()
        self._length = 0

    def feed(self, chunk: bytes) -> None:
        """Add a chunk; beyond the limit only the length is counted."""
        self._length += len(chunk)
        if self._length > self._limit:
            self._kept.clear()
            return
        self._kept += chunk[: self._max_kept - len(self._kept)]
        if self._form is not None:
            self._form.feed(chunk)

    def close(self) -> Request:
        """Return the request with its body, or with the length of a body over the limit."""
        if self._length > self._limit:
            return replace(self._request, too_long=self._length)
        request = replace(self._request, body=bytes(self._kept))
        if self._form is None:
            return request
        form = self._form
        return replace(request, streamed=Streamed(form.close(), self._length, form.problem))
