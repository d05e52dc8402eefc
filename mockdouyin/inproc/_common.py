"""What the doors of this folder share: a request in our words, and a reply as it would arrive."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus

from msgspec.structs import replace

from mockdouyin.core.bodies import Body
from mockdouyin.core.http import Handler, Headers, Reply, Request
from mockdouyin.core.journal import MAX_KEPT_BODY
from mockdouyin.endpoints import HOSTS
from mockdouyin.sandbox import Sandbox

OURS = frozenset(HOSTS)
"""Douyin's hosts: a request to one of them was meant for it."""


def body_of(request: Request) -> Body:
    """Begin to read the body of a request."""
    return Body(request, Sandbox.body_limit(request.method, request.path))


def with_body(request: Request, body: bytes) -> Request:
    """Give the request with a body that is there as a whole."""
    if len(body) <= MAX_KEPT_BODY:
        return replace(request, body=body)
    reading = body_of(request)
    reading.feed(body)
    return reading.close()


def answer(world: Handler, request: Request) -> Reply:
    """Ask the world; a page comes as HTML."""
    reply = world.handle(request)
    if reply.page is None:
        return reply
    from mockdouyin.server.app import render_page

    return render_page(reply)


@cache
def phrase(status: int) -> bytes:
    """Give what HTTP calls a status."""
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""


def heads(reply: Reply) -> Headers:
    """Give the headers as the server sends them."""
    return [*reply.headers, (b"content-length", b"%d" % len(reply.body))]


def body_sent(reply: Reply, method: str) -> bytes:
    """Give the body, where an answer to the method has one."""
    return b"" if method == "HEAD" else reply.body
