"""The ASGI application: Douyin's paths meet a dictionary first, control and pages come after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.journal import KEPT
from mockdouyin.core.message import Fault, Reply, Request, Streamed
from mockdouyin.core.multipart import Multipart
from mockdouyin.sandbox import Sandbox

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

WIRE = "mockdouyin.wire"
"""The ASGI extension by which our own server lets an answer fail on the wire."""


class Gone(Exception):  # noqa: N818 - not an error of anybody's
    """The client closed the connection before its request was complete."""


def create_app(sandbox: Sandbox) -> AsgiApp:
    """Give the ASGI application that serves a sandbox."""
    return App(sandbox)


class App:
    """Serves a sandbox: Douyin's addresses, and the control API under /_mock."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._control: AsgiApp | None = None
        self.hanging: dict[asyncio.Task[Any], Any] = {}
        """Answers that will never come, each with its wire: a stop ends them at once."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return await _lifespan(scope, receive, send)
        path: str = scope["path"]
        if path.startswith("/_mock"):
            return await self._steer(scope, receive, send)
        request = Request(scope["method"], path, scope["query_string"], scope["headers"])
        return await self.meet(request, scope, receive, send)

    async def meet(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request to an address of Douyin's, given without its body."""
        try:
            request = await self._with_body(request, receive)
        except Gone:
            return None
        reply = self._sandbox.handle(request)
        if reply.page is not None:
            from mockdouyin.server.pages import rendered  # Jinja2, when first needed

            reply = rendered(reply)
        if reply.delay and await _left_within(reply.delay, receive):
            return None
        if reply.fault is not None:
            return await self._break(reply, scope, receive, send)
        return await _answer(reply, send)

    async def _with_body(self, request: Request, receive: Receive) -> Request:
        message = await _more(receive)
        if message.get("more_body"):
            limit = self._sandbox.body_limit(request.method, request.path)
            if limit > BODY_LIMIT:
                return await _upload(request, message, receive, limit)
        body, too_long = await _collect(message, receive)
        return request._replace(body=body, too_long=too_long)

    async def _steer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._control is None:
            from mockdouyin.server.control import control_app  # Starlette, when first needed

            self._control = control_app(self._sandbox)
        await self._control(scope, receive, send)

    async def _hang(self, wire: Any, receive: Receive) -> None:
        task = asyncio.current_task()
        if task is not None:
            self.hanging[task] = wire
        try:
            await _until_gone(receive)
        finally:
            self.hanging.pop(task, None)  # type: ignore[arg-type]

    async def _break(self, reply: Reply, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the wire fail; then wait for the connection's end, so that nobody answers more."""
        wire = scope.get("extensions", {}).get(WIRE)
        if wire is None:
            raise ConnectionResetError(f"the answer is lost: {reply.fault}")
        if reply.fault is Fault.RESET:
            wire.reset()
        elif reply.fault is Fault.CLOSE:
            wire.close()
        elif reply.fault is Fault.GARBAGE:
            wire.write(b"\x00\x15\x03mockdouyin: this is no HTTP\r\n\r\n")
            wire.close()
        elif reply.fault is Fault.CUT:
            await send(_start(reply))
            half = reply.body[: len(reply.body) // 2]
            await send({"type": "http.response.body", "body": half, "more_body": True})
            wire.close()
        await self._hang(wire, receive)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _left_within(seconds: float, receive: Receive) -> bool:
    """Wait; tell whether the client gave up meanwhile."""
    try:
        await asyncio.wait_for(_until_gone(receive), seconds)
    except TimeoutError:
        return False
    return True


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "lifespan":
        return
    while True:
        message = await receive()
        await send({"type": message["type"] + ".complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def read_body(receive: Receive) -> tuple[bytes, int]:
    """Read a body to its end; one over the limit is dropped, and its length told."""
    return await _collect(await _more(receive), receive)


async def _more(receive: Receive) -> dict[str, Any]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    return message


async def _collect(message: dict[str, Any], receive: Receive) -> tuple[bytes, int]:
    chunks, length = [], 0
    while True:
        chunk: bytes = message.get("body", b"")
        length += len(chunk)
        if length <= BODY_LIMIT:
            chunks.append(chunk)
        else:
            chunks.clear()
        if not message.get("more_body"):
            break
        message = await _more(receive)
    return (b"".join(chunks), 0) if length <= BODY_LIMIT else (b"", length)


async def _upload(
    request: Request, message: dict[str, Any], receive: Receive, limit: int
) -> Request:
    """Read a form with files as it comes, so that no more of it is held than the journal keeps."""
    form, head, length = Multipart(request.header(b"content-type")), bytearray(), 0
    while True:
        chunk: bytes = message.get("body", b"")
        length += len(chunk)
        head += chunk[: KEPT - len(head)]
        if length <= limit:
            form.feed(chunk)
        if not message.get("more_body"):
            break
        message = await _more(receive)
    if length > limit:
        return request._replace(too_long=length)
    return request._replace(body=bytes(head), streamed=Streamed(form.close(), length))


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
