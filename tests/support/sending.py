"""Sends requests with each client, and reduces the answers to what its user sees."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import httpx
import httpx2
import requests
import trio

HOST = "open.douyin.com"


class Call(NamedTuple):
    """One request to Douyin."""

    method: str
    path: str
    query: str = ""
    body: bytes | None = None
    headers: Mapping[str, str] = {}
    timeout: float | None = 5.0


class Seen(NamedTuple):
    """What the client's user sees of the answer, or of the lack of one."""

    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    failure: str = ""


Send = Callable[[Call], Seen]

RELEVANT = ("content-type", "content-length", "x-tt-logid", "location", "x-own")


def seen(status: int, headers: Mapping[str, str], body: bytes) -> Seen:
    """Reduce an answer to what must be the same through every door."""
    lower = {name.lower(): value for name, value in headers.items()}
    return Seen(status, tuple((k, lower[k]) for k in RELEVANT if k in lower), body)


def failed(error: BaseException) -> Seen:
    """Return the fault that a client's exception stands for."""
    if isinstance(error, httpx.ReadTimeout | httpx2.ReadTimeout | requests.ReadTimeout):
        return Seen(failure="timeout")
    if isinstance(error, httpx.ReadError | httpx2.ReadError):
        return Seen(failure="reset")
    told = str(error)
    for word, fault in WORDS.items():
        if word in told:
            return Seen(failure=fault)
    raise error


WORDS = {
    "Connection reset by peer": "reset",
    "disconnected without sending": "close",
    "closed connection without response": "close",
    "illegal status line": "garbage",
    "BadStatusLine": "garbage",
    "without sending complete message body": "cut",
    "IncompleteRead": "cut",
}

ERRORS = (httpx.HTTPError, httpx2.HTTPError, requests.RequestException)


# One function per client.


def url(call: Call, base: str) -> str:
    """Return the whole URL."""
    return base + call.path + (f"?{call.query}" if call.query else "")


def with_httpx(library: Any, base: str, **given: Any) -> Send:
    """Send with a sync client of httpx or httpx2."""

    def send(call: Call) -> Seen:
        with library.Client(timeout=call.timeout, **given) as client:
            heads = {"host": HOST, **call.headers}
            try:
                reply = client.request(
                    call.method, url(call, base), content=call.body, headers=heads
                )
            except ERRORS as error:
                return failed(error)
            return seen(reply.status_code, reply.headers, reply.content)

    return send


def with_async(run: Callable[..., Any], library: Any, base: str, **given: Any) -> Send:
    """Send with an async client, in a loop that `run` makes."""

    async def ask(call: Call) -> Seen:
        async with library.AsyncClient(timeout=call.timeout, **given) as client:
            heads = {"host": HOST, **call.headers}
            try:
                reply = await client.request(
                    call.method, url(call, base), content=call.body, headers=heads
                )
            except ERRORS as error:
                return failed(error)
            return seen(reply.status_code, reply.headers, reply.content)

    def send(call: Call) -> Seen:
        answered: Seen = run(ask, call)
        return answered

    return send


def with_requests(base: str, mount: Callable[[requests.Session], object]) -> Send:
    """Send with requests."""

    def send(call: Call) -> Seen:
        with requests.Session() as session:
            mount(session)
            heads = {"host": HOST, **call.headers}
            try:
                reply = session.request(
                    call.method,
                    url(call, base),
                    data=call.body,
                    headers=heads,
                    timeout=call.timeout,
                    allow_redirects=False,
                )
            except ERRORS as error:
                return failed(error)
            return seen(reply.status_code, reply.headers, reply.content)

    return send


def run_asyncio(function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
    """Run in an event loop of asyncio."""

    async def main() -> Any:
        return await function(*args)

    return asyncio.run(main())


def run_trio(function: Callable[..., Awaitable[Any]], *args: Any) -> Any:
    """Run in trio."""
    return trio.run(function, *args)
