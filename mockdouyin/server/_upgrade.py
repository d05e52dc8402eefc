"""Requests that offer another protocol, as `Upgrade: h2c` does, parsed as ordinary HTTP/1.1.

llhttp stops for good at the end of such a head, and httptools has no way to decline the upgrade:
the body would be lost, and what follows it not parsed. So the head is fed to a new parser without
its Upgrade, and that parser reads on.
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
    """Return the part of a head that tells where the body ends, and whether to keep alive."""
    lines = [b"%b %b HTTP/%b" % (method, url, version.encode())]
    for name, value in headers:
        if name in _CONNECTION:
            # `upgrade` among the options is what makes llhttp stop, with the header itself.
            options = [each.strip() for each in value.split(b",")]
            value = b", ".join(each for each in options if each.lower() != b"upgrade")
        elif name not in _FRAMING:
            continue
        lines.append(b"%b: %b" % (name, value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def parser_for_known_head(protocol: Any) -> httptools.HttpRequestParser:
    """Return a parser for a head that the protocol has already: only its end is reported."""
    parser = httptools.HttpRequestParser(_KnownHead(protocol))
    # As uvicorn makes its own: what follows a `Connection: close` is not an error.
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser


class _KnownHead:
    """The callbacks of such a parser, which are silent until the known head has ended."""

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
