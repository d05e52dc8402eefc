"""What the doors share: reading a request's body, and a reply's headers and body on the wire."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from msgspec.structs import replace

from mockdouyin.core.bodies import Body
from mockdouyin.core.http import Handler, Headers, Reply, Request
from mockdouyin.core.journal import MAX_KEPT_BODY
from mockdouyin.endpoints import HOSTS
from mockdouyin.sandbox.sandbox import body_limit

DOUYIN_HOSTS = frozenset(HOSTS)
"""Douyin's hosts. A request's host is recorded only if it is one of these."""


def open_body(world: Handler, request: Request) -> Body:
    """Return a reader for the request's body, limited as its endpoint says."""
    return Body(request, body_limit(world, request))


def with_body(world: Handler, request: Request, body: bytes) -> Request:
    """Return the request with a body that is already complete."""
    if len(body) <= MAX_KEPT_BODY:
        return replace(request, body=body)
    reader = open_body(world, request)
    reader.feed(body)
    return reader.close()


def answer(world: Handler, request: Request) -> Reply:
    """Return the world's reply, with a page rendered as HTML."""
    reply = world.handle(request)
    if reply.page is None:
        return reply
    from mockdouyin.server.app import render_page

    return render_page(reply)


@cache
def reason_phrase(status: int) -> bytes:
    """Return the reason phrase of a status; empty for one that HTTP does not define."""
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""


def wire_headers(reply: Reply) -> Headers:
    """Return the headers as the server sends them, with the content length."""
    return [*reply.headers, (b"content-length", b"%d" % len(reply.body))]


def wire_body(reply: Reply, method: str) -> bytes:
    """Return the body that is sent; an answer to HEAD has none."""
    return b"" if method == "HEAD" else reply.body
