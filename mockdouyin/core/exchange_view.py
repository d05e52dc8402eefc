"""An exchange as the control API shows it, with its secrets masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from mockdouyin.core.clock import iso
from mockdouyin.core.http import Fault, Headers, Reply
from mockdouyin.core.journal import Exchange
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.parameters import parameters
from mockdouyin.core.redaction import Mask
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language

__all__ = ["Mask", "show", "unread"]


def show(
    exchange: Exchange, mask: Callable[[str], str], language: Language = DEFAULT_LANGUAGE
) -> dict[str, Any]:
    """Return an exchange as the control API shows it, its reason in this language."""
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
        "why": mask(exchange.why.render(language)),
        "why_code": exchange.why.code or None,
        "rule": exchange.rule or None,
        "fault": str(reply.fault) if isinstance(reply.fault, Fault) else None,
        "unread": [mask(name) for name in unread(exchange)],
        "took_ms": exchange.took_ms,
        "links": [link.id for link in exchange.links],
        "request": {
            "query": mask(request.query.decode("utf-8", "replace")),
            "headers": _headers(request.headers, mask),
            "body": _body(request.body, mask, exchange.length),
        },
        "reply": {"headers": _headers(reply.headers, mask), "body": _reply_body(reply, mask)},
    }


def unread(exchange: Exchange) -> list[str]:
    """Return the names of the parameters that the client sent and the endpoint does not read."""
    if exchange.endpoint is None:
        return []
    try:
        given = parameters(exchange.request)
    except Malformed:
        return []
    known = exchange.endpoint.parameters
    return [name for name in given if name not in known]


def _headers(headers: Iterable[tuple[bytes, bytes]] | Headers, mask: Callable[[str], str]) -> Any:
    texts = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
    return mask.headers(texts) if isinstance(mask, Mask) else dict(texts)


def _reply_body(reply: Reply, mask: Callable[[str], str]) -> Any:
    """Return the body of a reply; a picture is described."""
    kind = next((value for name, value in reply.headers if name == b"content-type"), b"")
    if kind.startswith(b"image/"):
        return f"({kind.decode('latin-1')}, {len(reply.body)} bytes)"
    return _body(reply.body, mask)


def _body(body: bytes, mask: Callable[[str], str], length: int = 0) -> Any:
    text = body.decode("utf-8", "replace")
    if length > len(body):
        return f"{mask(text)}… ({length} bytes)"
    if text.lstrip()[:1] in ("{", "["):
        try:
            value = msgspec.json.decode(text)
            return mask.json(value) if isinstance(mask, Mask) else value
        except (msgspec.DecodeError, RecursionError):
            pass  # not JSON after all: masked as text below
    return mask(text)
