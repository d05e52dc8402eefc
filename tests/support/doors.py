"""Every door to a world, each as one function that sends; a further door is one more."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import httpx
import httpx2

import mockdouyin.inproc.httpx
import mockdouyin.inproc.httpx2
import mockdouyin.inproc.requests
import mockdouyin.inproc.respx
from mockdouyin import Fault, Sandbox
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.http import Handler, Request
from mockdouyin.endpoints import HOSTS
from mockdouyin.inproc._common import answer, with_body
from mockdouyin.intercept._proxy import Proxy
from mockdouyin.server.app import create_app
from mockdouyin.server.serving import ThreadedServer
from mockdouyin.testing.fixture import Douyin
from tests.support.sending import (
    HOST,
    Call,
    Seen,
    Send,
    run_asyncio,
    run_trio,
    seen,
    with_async,
    with_httpx,
    with_requests,
)
from tests.support.wire import AUTHORITY, trusting

WORLD = "doors"

Door = Callable[[Sandbox, Handler], Any]
DOORS: dict[str, Door] = {}
"""Every door: a function of a sandbox and a world that returns a context manager of a Send."""

DOUYIN_URL = f"https://{HOST}"


def door(make: Callable[[Sandbox, Handler], Iterator[Send]]) -> Door:
    """Register a door."""
    made = contextmanager(make)
    DOORS[make.__name__] = made
    return made


@door
def plain_call(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`World.handle`, with nothing in between."""

    def send(call: Call) -> Seen:
        heads = {"host": HOST, **call.headers}
        lower = [(k.lower().encode(), v.encode("latin-1")) for k, v in heads.items()]
        head = Request(call.method, unquote(call.path), call.query.encode(), lower, host=HOST)
        reply = answer(world, with_body(world, head, call.body or b""))
        if reply.fault is Fault.HANG or reply.delay >= (call.timeout or 1e9):
            return Seen(failure="timeout")
        if reply.fault is not None:
            return Seen(failure=str(reply.fault))
        length = {"content-length": str(len(reply.body))}
        heads = {k.decode(): v.decode() for k, v in reply.headers} | length
        return seen(reply.status, heads, b"" if call.method == "HEAD" else reply.body)

    yield send


@door
def httpx_sync(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.Client`."""
    yield with_httpx(httpx, DOUYIN_URL, transport=mockdouyin.inproc.httpx.transport(world))


@door
def httpx_asyncio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.AsyncClient` on asyncio."""
    given = mockdouyin.inproc.httpx.transport(world)
    yield with_async(run_asyncio, httpx, DOUYIN_URL, transport=given)


@door
def httpx_trio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.AsyncClient` on trio."""
    yield with_async(
        run_trio, httpx, DOUYIN_URL, transport=mockdouyin.inproc.httpx.transport(world)
    )


@door
def httpx2_sync(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx2.Client`."""
    yield with_httpx(httpx2, DOUYIN_URL, transport=mockdouyin.inproc.httpx2.transport(world))


@door
def httpx2_asyncio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx2.AsyncClient`."""
    given = mockdouyin.inproc.httpx2.transport(world)
    yield with_async(run_asyncio, httpx2, DOUYIN_URL, transport=given)


@door
def respx_sync(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.Client` under respx."""
    with mockdouyin.inproc.respx.PassThroughRouter(assert_all_called=False) as router:
        mockdouyin.inproc.respx.install(router, world)
        yield with_httpx(httpx, DOUYIN_URL, verify=False)


@door
def respx_asyncio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.AsyncClient` under respx."""
    with mockdouyin.inproc.respx.PassThroughRouter(assert_all_called=False) as router:
        mockdouyin.inproc.respx.install(router, world)
        yield with_async(run_asyncio, httpx, DOUYIN_URL, verify=False)


@door
def requests_adapter(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`requests.Session` with the adapter."""
    yield with_requests(DOUYIN_URL, lambda s: mockdouyin.inproc.requests.mount(s, world))


@door
def requests_plain(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`requests.Session` with the adapter, to http:// addresses."""
    base = f"http://{HOST}"
    yield with_requests(base, lambda s: mockdouyin.inproc.requests.mount(s, world))


class Timed(httpx.AsyncBaseTransport):
    """Adds to httpx's ASGITransport the timeouts and connection errors that a server would add."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Call the application, for as long as the client would wait."""
        try:
            async with asyncio.timeout(request.extensions["timeout"]["read"]):
                return await self._inner.handle_async_request(request)
        except TimeoutError:
            raise httpx.ReadTimeout("") from None
        except ConnectionResetError as error:
            raise httpx.RemoteProtocolError(ASGI_TEXTS[str(error)]) from None


ASGI_TEXTS = {
    "the answer is lost: reset": "Connection reset by peer",
    "the answer is lost: close": "Server disconnected without sending a response.",
    "the answer is lost: garbage": "illegal status line",
    "the answer is lost: cut": "peer closed connection without sending complete message body",
}


@door
def asgi(box: Sandbox, world: Handler) -> Iterator[Send]:
    """The ASGI application of one world."""
    yield with_async(run_asyncio, httpx, DOUYIN_URL, transport=Timed(create_app(world)))


@door
def asgi_of_a_sandbox(box: Sandbox, world: Handler) -> Iterator[Send]:
    """The ASGI application of a whole sandbox, the world named in the path."""
    base = f"{DOUYIN_URL}/@{WORLD}"
    yield with_async(run_asyncio, httpx, base, transport=Timed(create_app(box)))


@door
def http_httpx(box: Sandbox, world: Handler) -> Iterator[Send]:
    """A server's socket, with httpx."""
    with ThreadedServer(box) as server:
        yield with_httpx(httpx, f"{server.url}/@{WORLD}", verify=False)


@door
def http_httpx2_asyncio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """A server's socket, with httpx2 in an event loop."""
    with ThreadedServer(box) as server:
        yield with_async(run_asyncio, httpx2, f"{server.url}/@{WORLD}", verify=False)


@door
def http_requests(box: Sandbox, world: Handler) -> Iterator[Send]:
    """A server's socket, with requests."""
    with ThreadedServer(box) as server:
        yield with_requests(f"{server.url}/@{WORLD}", lambda session: None)


@door
def proxy_httpx(box: Sandbox, world: Handler) -> Iterator[Send]:
    """Douyin's real host over TLS through the proxy, with httpx; its user names the world."""
    with intercepting(box) as (proxy, trusting):
        yield under_tls(box, with_httpx(httpx, DOUYIN_URL, proxy=proxy, verify=trusting))


def under_tls(box: Sandbox, send: Send) -> Send:
    """Report a close as the reset that it was; Python's blocking TLS does not distinguish them."""

    def sent(call: Call) -> Seen:
        got = send(call)
        latest = list(box.worlds.get(WORLD).journal)[-1]
        was_reset = got.failure == "close" and latest.reply.fault is Fault.RESET
        return got._replace(failure="reset") if was_reset else got

    return sent


@door
def proxy_httpx2_asyncio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """The same with httpx2 in an event loop."""
    with intercepting(box) as (proxy, trusting):
        yield with_async(run_asyncio, httpx2, DOUYIN_URL, proxy=proxy, verify=trusting)


@door
def proxy_in_clear(box: Sandbox, world: Handler) -> Iterator[Send]:
    """Requests in absolute form to the proxy."""
    with intercepting(box) as (proxy, trusting):
        yield with_httpx(httpx, f"http://{HOST}", proxy=proxy, verify=trusting)


@contextmanager
def intercepting(box: Sandbox) -> Iterator[tuple[str, ssl.SSLContext]]:
    """Yield the proxy of a server that intercepts Douyin's hosts, and a context that trusts it."""
    proxy = Proxy(AUTHORITY.context(), HOSTS, [("127.0.0.1", 0)])
    with ThreadedServer(box, proxy=proxy):
        yield f"http://{WORLD}@127.0.0.1:{proxy.port}", trusting()


@contextmanager
def far(box: Sandbox) -> Iterator[Douyin]:
    """Yield the world as another process sees it."""
    with ThreadedServer(box) as server:
        control = HttpControl(server.url)
        try:
            yield Douyin(control, WORLD)
        finally:
            control.close()


@door
def far_httpx(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.Client` in front of a world in another process."""
    with far(box) as douyin:
        yield with_httpx(httpx, DOUYIN_URL, transport=mockdouyin.inproc.httpx.transport(douyin))


@door
def far_httpx_asyncio(box: Sandbox, world: Handler) -> Iterator[Send]:
    """`httpx.AsyncClient` in front of a world in another process."""
    with far(box) as douyin:
        given = mockdouyin.inproc.httpx.transport(douyin)
        yield with_async(run_asyncio, httpx, DOUYIN_URL, transport=given)


@door
def far_asgi(box: Sandbox, world: Handler) -> Iterator[Send]:
    """The ASGI application of a world in another process."""
    with far(box) as douyin:
        yield with_async(run_asyncio, httpx, DOUYIN_URL, transport=Timed(create_app(douyin)))
