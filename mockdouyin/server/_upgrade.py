"""Requests that ask for another protocol, as `Upgrade: h2c` does: they are read as ordinary ones.

llhttp stops at the end of such a head, and httptools has no way to say that the upgrade is not
wanted: the body would be lost, and whatever follows taken for junk. So the head goes to a new
parser without its Upgrade, and that parser reads on.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httptools

_CONNECTION = frozenset((b"connection", b"proxy-connection"))
_FRAMING = frozenset((b"content-length", b"transfer-encoding"))


def head_without_upgrade(
    method: bytes, url: bytes, version: str, headers: Iterable[tuple[bytes, bytes]]
) -> bytes:
    """Return as much of a head as tells where the body ends and whether the connection stays."""
    lines = [b"%b %b HTTP/%b" % (method, url, version.encode())]
    for name, value in headers:
        if name in _CONNECTION:
            options = [each.strip() for each in value.split(b",")]
            value = b", ".join(each for each in options if each.lower() != b"upgrade")
        elif name not in _FRAMING:
            continue
        lines.append(b"%b: %b" % (name, value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def parser_for_known_head(protocol: Any) -> httptools.HttpRequestParser:
    """Return a parser whose first head the protocol has already: only its end is reported."""
    parser = httptools.HttpRequestParser(_KnownHead(protocol))
    if hasattr(parser, "set_dangerous_leniencies"):  # as uvicorn's own: httptools 0.6.3 and later
        parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


class _KnownHead:
    """The callbacks of such a parser."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._is_known = True
        self.on_body = protocol.on_body
        self.on_message_complete = protocol.on_message_complete

    def on_message_begin(self) -> None:
        if not self._is_known:
            self._protocol.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if not self._is_known:
            self._protocol.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_known:
            self._protocol.on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_known = False
        self._protocol.on_headers_complete()
