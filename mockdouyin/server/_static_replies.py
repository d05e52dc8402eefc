"""Replies that never change while the server runs: encoded once, with an ETag."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from mockdouyin.core.texts import Language

_MAX_KEPT = 64
"""Replies that are kept: some operations have one for each endpoint."""


class _Kept(NamedTuple):
    content: bytes
    etag: str


class StaticReplies:
    """The encoded replies of one operation, by what was asked for."""

    def __init__(self) -> None:
        self._kept: dict[object, _Kept] = {}

    def find(self, query: dict[str, str], language: Language, request: Request) -> Response | None:
        """Return the reply, or a 304 to a client that has it; None if it was not made yet."""
        kept = self._kept.get(_key(query, language))
        return None if kept is None else _response(kept, request)

    def keep(
        self, query: dict[str, str], language: Language, request: Request, content: bytes
    ) -> Response:
        """Keep what was made, and return it as `find` will."""
        kept = _Kept(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')
        if len(self._kept) < _MAX_KEPT:
            self._kept[_key(query, language)] = kept
        return _response(kept, request)


def _key(query: dict[str, str], language: Language) -> object:
    return language, frozenset((name, value) for name, value in query.items() if name != "lang")


def _response(kept: _Kept, request: Request) -> Response:
    # It may be kept if it is asked for again with its ETag: another version has other replies.
    headers = {"etag": kept.etag, "cache-control": "no-cache"}
    if kept.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(kept.content, headers=headers, media_type="application/json")
