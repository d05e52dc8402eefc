"""How an exchange is shown: read, and with everything hidden that should not be seen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

import msgspec

from mockdouyin.core.clock import iso
from mockdouyin.core.journal import Exchange
from mockdouyin.core.message import Fault, Headers
from mockdouyin.core.parameters import Malformed, parameters

_NAMES = (
    r"\w*secret|\w*session[-_]?key|(?:proxy-)?authorization"
    r"|(?:pure[-_]?)?phone(?:[-_]?number)?|mobile|tel(?:[-_]?number)?"
)
_NAME = re.compile(_NAMES, re.IGNORECASE)

_VALUES = (
    r"""(?:\\*["'])?\s*+[:=]\s*+(?P<quote>\\*["']))(?:(?!(?P=quote))(?:\\.|.))*""",  # "k": "v"
    r"""\\*["']\s*+:\s*+(?!["'\\]))(?:\[[^]]*\]?|\{[^}]*\}?|[^\s,}\]]*)""",  # "k": 1, "k": [1]
    r"""\s*+=\s*+(?!["'\\]))[^&\s]*""",  # k=v in a form or query
    r"""\s*+:\s*+(?!["'\\]))[^\s,;&}]*""",  # k: v
    r"""(?:%22)?(?:%20|\+)*%3[AD](?:%20|\+)*(?:%22)?)(?:(?!%22|%26|%2C|%7D)[^&\s])*""",  # escaped
    r""""?(?:;[^\r\n]*)?\r?\n(?:[^\r\n]+\r?\n){0,4}\r?\n)[^\r\n]*""",  # a part of a multipart
)
_FIELDS = tuple(
    re.compile(rf"(?P<head>(?<![A-Za-z0-9_])(?:{_NAMES}){value}", re.IGNORECASE | re.DOTALL)
    for value in _VALUES
)

_TOKEN = re.compile(
    r"\b((?:act|rft|clt|isvact)\.(?:[23]\.)?[0-9A-Za-z]{4}|08011218[0-9a-f]{4})[\w.=-]{8,}"
)
_SHAPES = re.compile(
    # a session key: 16 bytes in base64
    r"(?:(?<![A-Za-z0-9+])|(?<=%[0-9A-Fa-f]{2}))"
    r"(?:[A-Za-z0-9+/]|%2[BbFf]){22}(?:==|%3[Dd]%3[Dd])(?!=)"
    # a mobile number of the mainland
    r"|(?<![0-9A-Za-z])(?:\+|%2[Bb])?(?:86)?1[3-9]\d{9}(?![0-9A-Za-z])"
)


class Mask:
    """Hides secrets, session keys, phone numbers and tokens in what the journal shows.

    By the name of a field, by what it looks like, and whatever the world knows to be secret.
    """

    def __init__(self, secrets: Iterable[str]) -> None:
        known = {form for s in secrets if len(s) > 5 for form in (s, quote(s, safe=""))}
        longest_first = sorted(known, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, longest_first))) if known else None

    def __call__(self, text: str) -> str:
        """Give the text with everything hidden that should not be seen."""
        for field in _FIELDS:
            text = field.sub(r"\g<head>***", text)
        text = _TOKEN.sub(r"\1***", text)
        if self._known is not None:
            text = self._known.sub("***", text)
        return _SHAPES.sub("***", text)

    def json(self, value: Any, name: str = "") -> Any:
        """Give a JSON value likewise, with the names of its fields to go by."""
        if isinstance(value, dict):
            return {self(key): self.json(each, key) for key, each in value.items()}
        if value in ("", None):
            return value
        if _NAME.fullmatch(name):
            return "***"
        if isinstance(value, list):
            return [self.json(each) for each in value]
        if isinstance(value, str):
            return self(value)
        return value if self(str(value)) == str(value) else "***"


def show(exchange: Exchange, mask: Callable[[str], str]) -> dict[str, Any]:
    """Give an exchange as the control API does."""
    request, reply, endpoint = exchange.request, exchange.reply, exchange.endpoint
    error = exchange.error
    return {
        "id": exchange.number,
        "time": iso(exchange.time),
        "world": exchange.world,
        "endpoint": endpoint.full_name if endpoint else None,
        "method": request.method,
        "host": request.host or request.header(b"host"),
        "path": mask(request.path),
        "app": mask(exchange.app),
        "person": exchange.person,
        "verdict": exchange.verdict,
        "status": reply.status,
        "error": {"code": error.code, "name": error.name} if error else None,
        "why": mask(exchange.why),
        "rule": exchange.rule or None,
        "fault": str(reply.fault) if isinstance(reply.fault, Fault) else None,
        "unread": [mask(name) for name in unread(exchange)],
        "request": {
            "query": mask(request.query.decode("utf-8", "replace")),
            "headers": _headers(request.headers, mask),
            "body": _body(request.body, mask, exchange.length),
        },
        "reply": {"headers": _headers(reply.headers, mask), "body": _body(reply.body, mask)},
    }


def unread(exchange: Exchange) -> list[str]:
    """Name the parameters that the client sent and the endpoint does not read."""
    if exchange.endpoint is None:
        return []
    try:
        given = parameters(exchange.request)
    except Malformed:
        return []
    known = exchange.endpoint.fields.__struct_fields__
    return [name for name in given if name not in known]


def _headers(headers: Iterable[tuple[bytes, bytes]] | Headers, mask: Callable[[str], str]) -> Any:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return mask.json(dict(texts)) if isinstance(mask, Mask) else dict(texts)


def _body(body: bytes, mask: Callable[[str], str], length: int = 0) -> Any:
    text = body.decode("utf-8", "replace")
    if length > len(body):
        return f"{mask(text)}… ({length} bytes)"
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = msgspec.json.decode(text)
            return mask.json(value) if isinstance(mask, Mask) else value
        except (msgspec.DecodeError, RecursionError):
            pass  # shown as the text that it is
    return mask(text)
