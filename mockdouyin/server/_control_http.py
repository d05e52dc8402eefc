"""The control API over HTTP: every order of sandbox/control under /_mock, in JSON."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any, TypeVar

import msgspec
from anyio import CapacityLimiter, to_thread
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from mockdouyin.control import OPERATIONS, Operation, execute
from mockdouyin.core.errors import MockDouyinError, TooLargeError, did_you_mean
from mockdouyin.core.http import Reply, complaint
from mockdouyin.core.http import Request as Visit
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD
from mockdouyin.scenario.validation import kind_word
from mockdouyin.server.access import Access, AccessRefusal, is_preflight, shared_with
from mockdouyin.server.app import AsgiApp, Gone, Receive, Scope, Send, read_body, shown
from mockdouyin.server.listening import is_address
from mockdouyin.server.welcome import welcome

T = TypeVar("T")

WAITERS = 100
"""Orders that wait at the same moment for what is to happen; more of them stand in line."""


def control_app(sandbox: Sandbox, access: Access, addresses: Collection[str] = ()) -> AsgiApp:
    """Give the application under /_mock, for those whom its policy lets in.

    Where it is not known what addresses the server listens at, that of each connection counts.
    """
    threads = _Threads(sandbox)
    routes = [
        Route(
            path,
            _handler(sandbox, order, threads),
            methods=[order.method],
            include_in_schema=False,
        )
        for order in OPERATIONS.values()
        for path in _paths(order)
    ]
    routes += [
        Route(f"/_mock/{name}", _file(sandbox, write), include_in_schema=False)
        for name, write in _FILES.items()
    ]
    lost = _lost(routes)
    app = Starlette(routes=routes, exception_handlers={404: lost, 405: lost})
    app.router.redirect_slashes = False

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        method, path, headers = scope["method"], scope["path"], scope["headers"]
        policy, places = (access, addresses) if addresses else _of_connection(access, scope)
        refusal = policy.judge(method, path, headers, places)
        origin = shared_with(method, path, headers)
        answer: AsgiApp = app
        if path == "/":
            answer = await _welcome(sandbox, scope, refusal)
        elif refusal is not None:
            answer = _refused(refusal)
        elif is_preflight(method, headers):
            answer = Response(status_code=204, headers=_PREFLIGHT)
        await answer(scope, receive, _readable(send, origin) if origin else send)

    return guarded


async def _welcome(sandbox: Sandbox, scope: Scope, refusal: AccessRefusal | None) -> Response:
    """Show what this server is; who may not steer it is shown no credentials."""
    visit = Visit("GET", "/", scope["query_string"], scope["headers"])
    url = f"http://{Request(scope).url.netloc}"

    def page() -> Reply:
        return welcome(sandbox.default, visit, url, locked=refusal.says if refusal else "")

    try:
        act = sandbox.timed(lambda: sandbox.transact(page))
        reply = shown(await to_thread.run_sync(act))
    except MockDouyinError as error:
        reply = complaint(error.status, str(error))
    headers = {name.decode(): value.decode() for name, value in reply.headers}
    return Response(reply.body, reply.status, headers)


def _of_connection(access: Access, scope: Scope) -> tuple[Access, tuple[str, ...]]:
    """Return a policy for one connection, and the address that it came to.

    A socket of the file system is local. So is a client of this process, such as httpx's
    ASGITransport: it gives the name in its own base URL, where a server gives an address.
    """
    server = scope.get("server")
    if server is None:
        return access, ()
    host, port = server
    if host.startswith("/") and port is None:
        return access, ("127.0.0.1",)
    if is_address(host):
        return access, (host,)
    return access.named(host), ("127.0.0.1",)


def _refused(refusal: AccessRefusal) -> Response:
    answer = _json({"error": f"mockdouyin: {refusal.says}"}, refusal.status)
    if refusal.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    return answer


_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "600",
}


def _readable(send: Send, origin: str) -> Send:
    """Let a page of another origin read what is sent."""

    async def with_origin(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            shared = [(b"access-control-allow-origin", origin.encode("latin-1"))]
            message["headers"] = [*message["headers"], *shared, (b"vary", b"origin")]
        await send(message)

    return with_origin


def _paths(order: Operation) -> list[str]:
    if not order.in_world:
        return ["/_mock" + order.path]
    short = ["/_mock" + order.path] if order.path else []
    return [*short, "/_mock/worlds/{world}" + order.path]


class _Threads:
    """Where orders are carried out that may take a while.

    Each kind has threads of its own: however many there are of one, the others are answered.
    """

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._waiting = CapacityLimiter(WAITERS)
        self._working = CapacityLimiter(_WORKERS)
        self._without_store = CapacityLimiter(_WORKERS)

    async def run(self, order: Operation, act: Callable[[], T], length: int) -> T:
        """Carry an order out whose body has so many bytes, in a thread if it may take long."""
        works = order.long or length > _SHORT
        if order.waits:
            return await to_thread.run_sync(act, limiter=self._waiting)
        if order.is_static:
            return await to_thread.run_sync(act, limiter=self._without_store) if works else act()
        if not works and not self._sandbox.blocks:
            return act()
        limiter = self._working if works else None
        timed = self._sandbox.timed(act, long=works)
        return await to_thread.run_sync(timed, limiter=limiter)


def _handler(
    sandbox: Sandbox, order: Operation, threads: _Threads
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        path: dict[str, str] = dict(request.path_params)
        world = path.pop("world", DEFAULT_WORLD)
        query = dict(request.query_params)
        try:
            body, length = await _body(request, order.body_limit)

            def act() -> bytes:
                answer = execute(
                    sandbox,
                    order.name,
                    world=world,
                    path=path,
                    query=query,
                    body=body,
                    caller=_caller(request),
                )
                return msgspec.json.encode(answer)

            answer = await threads.run(order, act, length)
        except MockDouyinError as error:
            return _json(_complaint(error), error.status)
        except Gone:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 - a bug of ours is told as one
            traceback.print_exc(file=sys.stderr)
            says = f"a bug of mockdouyin's: {type(error).__name__}: {error}"
            return _json({"error": f"mockdouyin: {says}"}, 500)
        return _encoded(answer)

    return handle


def _caller(request: Request) -> str:
    """Say who asks, as far as they say themselves."""
    agent = request.headers.get("user-agent", "")
    named = "".join(each for each in agent[:100] if each.isprintable()).strip()
    return f"control API, {named}" if named else "control API"


def _file(
    sandbox: Sandbox, write: Callable[[dict[str, Any]], tuple[str, str]]
) -> Callable[[Request], Awaitable[Response]]:
    """Serve what a client takes as a file: how it is led here."""

    async def handle(request: Request) -> Response:
        try:
            told = execute(sandbox, "interception")
        except MockDouyinError as error:
            return _json(_complaint(error), error.status)
        content, kind = write(told)
        return Response(content, media_type=kind)

    return handle


def _pac(told: dict[str, Any]) -> tuple[str, str]:
    hosts = msgspec.json.encode(dict.fromkeys(told["hosts"], 1)).decode()
    content = (
        "function FindProxyForURL(url, host) {\n"
        f"  var taken = {hosts};\n"
        f'  return taken[host.toLowerCase()] ? "PROXY {told["proxy"]}" : "DIRECT";\n'
        "}\n"
    )
    return content, "application/x-ns-proxy-autoconfig"


_FILES = {
    "proxy.pac": _pac,
    "ca.pem": lambda told: (told["certificate"], "application/x-pem-file"),
}


_SHORT = 16 * 1024
"""Bytes of a body beyond which reading what it means takes a thread."""

_WORKERS = 4
"""Long orders that are carried out at the same time; further ones wait for their turn."""


async def _body(request: Request, limit: int) -> tuple[Any, int]:
    """Return the JSON of a request's body, and how many bytes it has."""
    body, too_long = await read_body(request.receive, limit)
    if too_long:
        raise TooLargeError(f"the body of {too_long} bytes is over the limit of {limit}")
    if not body.strip():
        return None, 0
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MockDouyinError(f"the body is no JSON: {error}") from None
    if not isinstance(value, dict):
        raise MockDouyinError(f"the body should be a JSON object, not {kind_word(value)}")
    return value, len(body)


def _complaint(error: MockDouyinError) -> dict[str, Any]:
    code = getattr(error, "code", None)
    extra = {} if code is None else {"error_code": code, "description": getattr(error, "text", "")}
    return {"error": f"mockdouyin: {error}", **extra}


_FOR_NO_OTHER_SITE = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
"""What makes a browser keep an answer from a page, also where it does not tell us of the page."""


def _json(content: Any, status: int = 200) -> Response:
    return _encoded(msgspec.json.encode(content), status)


def _encoded(content: bytes, status: int = 200) -> Response:
    return Response(content, status, _FOR_NO_OTHER_SITE, media_type="application/json")


def _lost(routes: list[Route]) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer what is none of our addresses, and methods that an address does not take."""

    async def answer(request: Request, error: Exception) -> Response:
        path, method = request.url.path, request.method
        here = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
        methods = sorted({each for route in here for each in route.methods or ()})
        if methods:
            says = f"{path} takes {' or '.join(m for m in methods if m != 'HEAD')}, not {method}"
            refusal = _json({"error": f"mockdouyin: {says}"}, 405)
            refusal.headers["allow"] = ", ".join(methods)
            return refusal
        known = [route.path for route in routes]
        says = f"no order {method} {path}{did_you_mean(path, known, ask=False)}"
        return _json({"error": f"mockdouyin: {says}"}, 404)

    return answer
