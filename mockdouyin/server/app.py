"""The ASGI application: Douyin's paths go straight to the sandbox, /_mock and / to Starlette."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from mockdouyin.core.bodies import Body
from mockdouyin.core.http import (
    ERROR_CODE,
    GARBAGE,
    JSON_TYPE,
    CallbackHandler,
    Fault,
    Handler,
    Reply,
    Request,
)
from mockdouyin.core.journal import MAX_KEPT_BODY
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.sandbox import body_limit
from mockdouyin.server._batched_writer import BatchedWriter
from mockdouyin.server.access import Access

if TYPE_CHECKING:
    from mockdouyin.server._waits import Waits
    from mockdouyin.server.protocol import RawConnection

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

RAW_CONNECTION = "mockdouyin.raw_connection"
"""The ASGI extension in which our own server passes a RawConnection, for faults."""


class ClientDisconnected(Exception):  # noqa: N818 - nobody's error
    """The client closed the connection before its request was complete."""


def create_app(sandbox: Handler, *, access: Access | None = None) -> AsgiApp:
    """Return an ASGI application that serves a sandbox, or one world of it without /_mock."""
    return SandboxApp(sandbox, access)


class SandboxApp:
    """The ASGI application: serves Douyin's paths, and the control API under /_mock."""

    def __init__(self, sandbox: Handler, access: Access | None = None) -> None:
        self.access: Access = access or Access()
        """Who may use the control API."""
        self.addresses: tuple[str, ...] = ()
        """The addresses the server listens on; empty behind a server that is not ours."""
        self.handle: Callable[[Request], Reply] = sandbox.handle
        self._body_limit = partial(body_limit, sandbox)
        self.blocks: bool = getattr(sandbox, "blocks", False)
        """Whether `handle` may block, so that it must not be called on the event loop."""
        self.callback_handler: Callable[[asyncio.AbstractEventLoop], CallbackHandler] | None = (
            getattr(sandbox, "callback_handler", None)
        )
        """Returns the handler for an event loop, where the sandbox has a non-blocking one."""
        self.awaiting_store: set[object] = set()
        """Connections whose answer the store has not given yet: a stop waits for them."""
        self._sandbox = sandbox if isinstance(sandbox, Sandbox) else None
        self._control: AsgiApp | None = None
        self._waits: Waits | None = None
        self.writer: BatchedWriter = BatchedWriter()
        self.hung_connections: dict[asyncio.Task[Any], RawConnection] = {}
        """Connections that a fault keeps open without an answer, by task: a stop resets them."""

    @property
    def language(self) -> Language:
        """The language of texts for whoever names none."""
        return self._sandbox.language if self._sandbox is not None else DEFAULT_LANGUAGE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await _lifespan(scope, receive, send)
        path: str = scope["path"]
        if self._sandbox is not None and (path.startswith("/_mock") or _is_browser_visit(scope)):
            return await self._run_control(self._sandbox, scope, receive, send)
        request = Request(scope["method"], path, scope["query_string"], scope["headers"])
        return await self.answer_platform(request, scope, receive, send)

    async def answer_platform(
        self, request: Request, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer a request to one of Douyin's addresses; its body is still to be received."""
        try:
            request = await self._with_body(request, receive)
        except ClientDisconnected:
            return None
        if self.callback_handler is not None:
            reply = await _await_reply(self.callback_handler, request)
        elif self.blocks:
            from anyio import to_thread

            reply = await to_thread.run_sync(self.handle, request)
        else:
            reply = self.handle(request)
        return await self.send_reply(reply, scope, receive, send)

    async def send_reply(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a reply, after its delay and with its fault."""
        if reply.page is not None:
            reply = render_page(reply)
        if reply.delay and await _disconnects_within(reply.delay, receive):
            return None
        if reply.fault is not None:
            connection = scope.get("extensions", {}).get(RAW_CONNECTION)
            if connection is None:
                return await _fail_without_connection(reply, receive, send)
            return await self._fail(reply, connection, receive, send)
        return await send_reply(reply, send)

    async def _with_body(self, request: Request, receive: Receive) -> Request:
        message = await _receive_more(receive)
        whole: bytes = message.get("body", b"")
        if len(whole) <= MAX_KEPT_BODY and not message.get("more_body"):
            return replace(request, body=whole)
        limit = self._body_limit(request)
        return await _gather(message, receive, Body(request, limit))

    async def _run_control(
        self, sandbox: Sandbox, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if self._control is None:
            # Loads Starlette: only when the control API is first called.
            from mockdouyin.server._control_http import control_app
            from mockdouyin.server._waits import Waits

            self._waits = Waits()
            self._control = control_app(sandbox, self.access, self.addresses, self._waits)
        await self._control(scope, receive, send)

    def end_waits(self) -> None:
        """End what waits for a call that may never come."""
        if self._waits is not None:
            self._waits.end()

    async def _fail(
        self, reply: Reply, connection: RawConnection, receive: Receive, send: Send
    ) -> None:
        """Carry out a fault, then wait until the connection is gone.

        Returning earlier would make uvicorn answer 500 for an application that sent nothing.
        """
        if reply.fault is Fault.RESET:
            connection.reset()
        elif reply.fault is Fault.CLOSE:
            connection.close()
        elif reply.fault is Fault.GARBAGE:
            connection.write(GARBAGE)
            connection.close()
        elif reply.fault is Fault.CUT:
            await _send_half(reply, send)
            connection.close()
        await self._hang(connection, receive)

    async def _hang(self, connection: RawConnection, receive: Receive) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.hung_connections[task] = connection
        try:
            await wait_for_disconnect(receive)
        finally:
            self.hung_connections.pop(task, None)  # type: ignore[arg-type]


def _is_browser_visit(scope: Scope) -> bool:
    """Whether somebody opens the server's own URL in a browser."""
    return (
        scope["path"] == "/"
        and scope["method"] == "GET"
        and any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    )


def is_plain_json(reply: Reply) -> bool:
    """Whether a reply is one of Douyin's JSON answers, to be sent whole and without delay."""
    # Compared by identity, the cheapest test: the envelopes use these very constants.
    headers = reply.headers
    return (
        reply.fault is None
        and not reply.delay
        and (len(headers) == 2 or (len(headers) == 3 and headers[2][0] is ERROR_CODE))
        and headers[0] is JSON_TYPE
        and reply.status == 200
    )


def render_page(reply: Reply) -> Reply:
    """Return a reply with its page rendered as HTML, if it has one."""
    if reply.page is None:
        return reply
    from mockdouyin.server.pages import render  # loads Jinja2: only when a page is shown

    return render(reply)


async def _send_half(reply: Reply, send: Send) -> None:
    await send(_response_start(reply))
    await send({"type": "http.response.body", "body": reply.half, "more_body": True})


async def _fail_without_connection(reply: Reply, receive: Receive, send: Send) -> None:
    """Fail behind another server, which passes no connection: it closes one whose app raises."""
    if reply.fault is Fault.HANG:
        return await wait_for_disconnect(receive)
    if reply.fault is Fault.CUT:
        await _send_half(reply, send)
    raise ConnectionResetError(f"the answer is lost: {reply.fault}")


async def wait_for_disconnect(receive: Receive) -> None:
    """Return when the client has disconnected."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def _disconnects_within(seconds: float, receive: Receive) -> bool:
    """Wait so long; return whether the client disconnected meanwhile."""
    import anyio  # not asyncio: another server may run this app on trio

    with anyio.move_on_after(seconds) as wait:
        await wait_for_disconnect(receive)
    return not wait.cancelled_caught


async def _await_reply(
    callback_handler: Callable[[asyncio.AbstractEventLoop], CallbackHandler], request: Request
) -> Reply:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Reply] = loop.create_future()

    def set_reply(reply: Reply) -> None:
        if not answer.done():  # it is done where the waiting task was cancelled
            answer.set_result(reply)

    callback_handler(loop)(request, set_reply)
    return await answer


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        return
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def read_body(receive: Receive, limit: int) -> tuple[bytes, int]:
    """Read a body to its end; return it and 0, or if over the limit what fitted and its length."""
    kept, length = bytearray(), 0
    while True:
        message = await _receive_more(receive)
        piece: bytes = message.get("body", b"")
        length += len(piece)
        if length <= limit:
            kept += piece
        if not message.get("more_body"):
            return bytes(kept), length if length > limit else 0


async def _receive_more(receive: Receive) -> MutableMapping[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise ClientDisconnected
    return message


async def _gather(message: MutableMapping[str, Any], receive: Receive, body: Body) -> Request:
    while True:
        body.feed(message.get("body", b""))
        if not message.get("more_body"):
            return body.close()
        message = await _receive_more(receive)


def _response_start(reply: Reply) -> dict[str, Any]:
    length = (b"content-length", str(len(reply.body)).encode())
    return {
        "type": "http.response.start",
        "status": reply.status,
        "headers": [*reply.headers, length],
    }


async def send_reply(reply: Reply, send: Send) -> None:
    """Send a whole reply."""
    await send(_response_start(reply))
    await send({"type": "http.response.body", "body": reply.body})
