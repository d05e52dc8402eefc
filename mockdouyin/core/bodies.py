"""Bodies as they come: what is short is kept, what may be long is measured."""

from __future__ import annotations

from msgspec.structs import replace

from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.http import Request, Streamed
from mockdouyin.core.journal import MAX_KEPT_BODY
from mockdouyin.core.multipart import Multipart


class Body:
    """A request's body, fed in pieces of any length; `close` gives the request with it.

    Where the address takes long files, no more is held than the journal keeps.
    """

    def __init__(self, request: Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self._form = Multipart(request.header(b"content-type")) if limit > BODY_LIMIT else None
        self._room = BODY_LIMIT if self._form is None else MAX_KEPT_BODY
        self._kept = bytearray()
        self._length = 0

    def feed(self, chunk: bytes) -> None:
        """Read on; beyond the limit only the length counts."""
        self._length += len(chunk)
        if self._length > self._limit:
            self._kept.clear()
            return
        self._kept += chunk[: self._room - len(self._kept)]
        if self._form is not None:
            self._form.feed(chunk)

    def close(self) -> Request:
        """Give the request with its body, or with the length of one that is too long."""
        if self._length > self._limit:
            return replace(self._request, too_long=self._length)
        request = replace(self._request, body=bytes(self._kept))
        if self._form is None:
            return request
        form = self._form
        return replace(request, streamed=Streamed(form.close(), self._length, form.problem))
