"""The ASGI application: Douyin's paths meet a dictionary first, control and pages come after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from msgspec.structs import replace

from mockdouyin.core.bodies import Body
from mockdouyin.core.http import ERROR_CODE, GARBAGE, JSON_TYPE, Fault, Handler, Reply, Request
from mockdouyin.core.journal import MAX_KEPT_BODY
from mockdouyin.sandbox import Sandbox
from mockdouyin.server.access import Access

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]
Later = Callable[[Request, Callable[[Reply], None]], None]
"""Takes a request, and tells of its reply when it is there."""

WIRE = "mockdouyin.wire"
"""The ASGI extension by which our own server lets an answer fail on the wire."""


class Gone(Exception):  # noqa: N818 - not an error of anybody's
    """The client closed the connection before its request was complete."""


def create_app(sandbox: Handler, *, access: Access | None = None) -> AsgiApp:
    """Give the ASGI application that serves a sandbox, or one world of it without /_mock."""
    return Application(sandbox, access)


class Outgoing:
    """Answers of one turn of the loop, written one after the other at its end.

    Their receiver is woken once and not by each: that costs more than making an answer.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[asyncio.Transport, bytes, bool]] = []

    def put(
        self,
        loop: asyncio.AbstractEventLoop,
        transport: asyncio.Transport,
        message: bytes,
        stays: bool,
    ) -> None:
        """Write a message at the end of this turn; close the connection unless it stays."""
        if not self._waiting:
            loop.call_soon(self.flush)
        self._waiting.append((transport, message, stays))

    def flush(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        for transport, message, stays in waiting:
            transport.write(message)
            if not stays:
                transport.close()


class Application:
    """Serves Douyin's addresses, and the control API under /_mock."""

    def __init__(self, sandbox: Handler, access: Access | None = None) -> None:
        self.access = access or Access()
        """Who may use the control API."""
        self.addresses: tuple[str, ...] = ()
        """Where it is listened at; unknown in a server that is not ours."""
        self.handle = sandbox.handle
        self.blocks = getattr(sandbox, "blocks", False)
        """Whether an answer may take long, so that it is asked for in another thread."""
        self.later: Callable[[asyncio.AbstractEventLoop], Later] | None = getattr(
            sandbox, "later", None
        )
        """Gives what answers while the loop goes on, where the sandbox can."""
        self.awaited: set[object] = set()
        """Connections on which an answer is to come that somebody else has to give first."""
        self._whole = sandbox if isinstance(sandbox, Sandbox) else None
        self._control: AsgiApp | None = None
        self.outgoing = Outgoing()
        self.hanging: dict[asyncio.Task[Any], Any] = {}
        """Answers that will never come, each with its wire: a stop ends them at once."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await _lifespan(scope, receive, send)
        path: str = scope["path"]
        if self._whole is not None and (path.startswith("/_mock") or _is_visit(scope)):
            return await self._steer(self._whole, scope, receive, send)
        request = Request(scope["method"], path, scope["query_string"], scope["headers"])
        return await self.meet(request, scope, receive, send)

    async def meet(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to an address of Douyin's, given without its body."""
        try:
            request = await self._with_body(request, receive)
        except Gone:
            return None
        if self.later is not None:
            reply = await _awaited(self.later, request)
        elif self.blocks:
            from anyio import to_thread

            reply = await to_thread.run_sync(self.handle, request)
        else:
            reply = self.handle(request)
        return await self.carry_out(reply, scope, receive, send)

    async def carry_out(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a reply, with what should go wrong on its way."""
        if reply.page is not None:
            reply = shown(reply)
        if reply.delay and await _left_within(reply.delay, receive):
            return None
        if reply.fault is not None:
            wire = scope.get("extensions", {}).get(WIRE)
            if wire is None:
                return await _break_off(reply, receive, send)
            return await self._break(reply, wire, receive, send)
        return await _answer(reply, send)

    async def _with_body(self, request: Request, receive: Receive) -> Request:
        message = await _more(receive)
        whole: bytes = message.get("body", b"")
        if len(whole) <= MAX_KEPT_BODY and not message.get("more_body"):
            return replace(request, body=whole)
        limit = Sandbox.body_limit(request.method, request.path)
        return await _gather(message, receive, Body(request, limit))

    async def _steer(self, whole: Sandbox, scope: Scope, receive: Receive, send: Send) -> None:
        if self._control is None:
            from mockdouyin.server._control_http import control_app  # Starlette, when first needed

            self._control = control_app(whole, self.access, self.addresses)
        await self._control(scope, receive, send)

    async def _hang(self, wire: Any, receive: Receive) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.hanging[task] = wire
        try:
            await _until_gone(receive)
        finally:
            self.hanging.pop(task, None)  # type: ignore[arg-type]

    async def _break(self, reply: Reply, wire: Any, receive: Receive, send: Send) -> None:
        """Let the wire fail; then wait for the connection's end, so that nobody answers more."""
        if reply.fault is Fault.RESET:
            wire.reset()
        elif reply.fault is Fault.CLOSE:
            wire.close()
        elif reply.fault is Fault.GARBAGE:
            wire.write(GARBAGE)
            wire.close()
        elif reply.fault is Fault.CUT:
            await _send_half(reply, send)
            wire.close()
        await self._hang(wire, receive)


def _is_visit(scope: Scope) -> bool:
    """Whether somebody opens the server itself in a browser."""
    return (
        scope["path"] == "/"
        and scope["method"] == "GET"
        and any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    )


def is_plain(reply: Reply) -> bool:
    """Whether it is Douyin's JSON, to be sent now and whole."""
    headers = reply.headers
    return (
        reply.fault is None
        and not reply.delay
        and (len(headers) == 2 or (len(headers) == 3 and headers[2][0] is ERROR_CODE))
        and headers[0] is JSON_TYPE
        and reply.status == 200
    )


def shown(reply: Reply) -> Reply:
    """Give the reply with its page as HTML, if it has one."""
    if reply.page is None:
        return reply
    from mockdouyin.server.pages import rendered  # Jinja2, when first needed

    return rendered(reply)


async def _send_half(reply: Reply, send: Send) -> None:
    await send(_start(reply))
    await send({"type": "http.response.body", "body": reply.half, "more_body": True})


async def _break_off(reply: Reply, receive: Receive, send: Send) -> None:
    """Fail in a server that has no wire for us: it closes the connection of what raises."""
    if reply.fault is Fault.HANG:
        return await _until_gone(receive)
    if reply.fault is Fault.CUT:
        await _send_half(reply, send)
    raise ConnectionResetError(f"the answer is lost: {reply.fault}")


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _left_within(seconds: float, receive: Receive) -> bool:
    """Wait; tell whether the client gave up meanwhile."""
    import anyio  # on trio too, behind another server

    with anyio.move_on_after(seconds) as wait:
        await _until_gone(receive)
    return not wait.cancelled_caught


async def _awaited(later: Callable[[asyncio.AbstractEventLoop], Later], request: Request) -> Reply:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Reply] = loop.create_future()

    def come(reply: Reply) -> None:
        if not answer.done():  # nobody waits any more
            answer.set_result(reply)

    later(loop)(request, come)
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
    """Read a body to its end; one over the limit is dropped, and its length told."""
    kept, length = bytearray(), 0
    while True:
        message = await _more(receive)
        piece: bytes = message.get("body", b"")
        length += len(piece)
        if length <= limit:
            kept += piece
        if not message.get("more_body"):
            return bytes(kept), length if length > limit else 0


async def _more(receive: Receive) -> MutableMapping[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    return message


async def _gather(message: MutableMapping[str, Any], receive: Receive, body: Body) -> Request:
    while True:
        body.feed(message.get("body", b""))
        if not message.get("more_body"):
            return body.close()
        message = await _more(receive)


def _start(reply: Reply) -> dict[str, Any]:
    length = (b"content-length", str(len(reply.body)).encode())
    return {
        "type": "http.response.start",
        "status": reply.status,
        "headers": [*reply.headers, length],
    }


async def _answer(reply: Reply, send: Send) -> None:
    await send(_start(reply))
    await send({"type": "http.response.body", "body": reply.body})
