"""The control API over HTTP: every operation of `control` under /_mock, in JSON."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from functools import partial
from typing import Any

import anyio
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from mockdouyin.control import (
    OPERATIONS,
    Execution,
    LiveReply,
    Operation,
    Pending,
    encode_reply,
    execute,
)
from mockdouyin.core.errors import (
    MockDouyinError,
    TooLargeError,
    report_bug,
    suggestion,
)
from mockdouyin.core.http import Request as PlatformRequest
from mockdouyin.core.pages import language_of
from mockdouyin.core.texts import Language, Text
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD
from mockdouyin.scenario.validation import kind_word
from mockdouyin.server._dashboard_files import PAGE, dashboard_file, redirect_to_page
from mockdouyin.server._error_texts import (
    BODY_NOT_JSON,
    BODY_NOT_OBJECT,
    BODY_TOO_LONG,
    NO_OPERATION,
    OTHER_METHOD,
)
from mockdouyin.server._static_replies import StaticReplies
from mockdouyin.server._streams import Streams
from mockdouyin.server._thread_pools import ThreadPools
from mockdouyin.server._waits import Waits
from mockdouyin.server.access import Access, AccessRefusal, is_preflight, shared_origin
from mockdouyin.server.app import (
    AsgiApp,
    ClientDisconnected,
    Receive,
    Scope,
    Send,
    read_body,
)
from mockdouyin.server.listening import is_ip_address


def control_app(
    sandbox: Sandbox, access: Access, addresses: Collection[str], waits: Waits
) -> AsgiApp:
    """Return the application under /_mock, which serves whoever the access policy allows.

    Where the addresses that the server listens on are not known, each connection's own counts.
    """
    threads, streams = ThreadPools(sandbox), Streams(sandbox, waits)
    routes = [
        Route(
            path,
            _handler(sandbox, operation, threads, waits, streams),
            methods=[operation.method],
            include_in_schema=False,
        )
        for operation in OPERATIONS.values()
        for path in operation.paths()
    ]
    routes += [
        Route(f"/_mock/{name}", _file(sandbox, write), include_in_schema=False)
        for name, write in _FILES.items()
    ]
    routes += [
        Route("/", redirect_to_page, include_in_schema=False),
        Route(PAGE.rstrip("/"), redirect_to_page, include_in_schema=False),
        Route(PAGE, dashboard_file, include_in_schema=False),
        Route(f"{PAGE}ui/{{name:path}}", dashboard_file, include_in_schema=False),
    ]
    # `phone/answer` before `phone/{api}`, which would take it: a brace sorts after all letters.
    routes.sort(key=lambda route: route.path)
    not_found = _not_found(routes, sandbox)
    app = Starlette(routes=routes, exception_handlers={404: not_found, 405: not_found})
    app.router.redirect_slashes = False

    async def check_access(scope: Scope, receive: Receive, send: Send) -> None:
        method, path, headers = scope["method"], scope["path"], scope["headers"]
        policy, listens_on = (access, addresses) if addresses else _of_connection(access, scope)
        refusal = policy.check(method, path, headers, listens_on)
        origin = shared_origin(method, path, headers)
        answer: AsgiApp = app
        if refusal is not None:
            answer = _refused(refusal, _language_of(scope, sandbox))
        elif is_preflight(method, headers):
            answer = Response(status_code=204, headers=_PREFLIGHT)
        await answer(scope, receive, _readable(send, origin) if origin else send)

    return check_access


def _of_connection(access: Access, scope: Scope) -> tuple[Access, tuple[str, ...]]:
    """Return the policy for one connection, and the address that it arrived at.

    A Unix socket is local. So is a client in this process, such as httpx's ASGITransport: it
    passes the host of its base URL, where a server passes an address.
    """
    server = scope.get("server")
    if server is None:
        return access, ()
    host, port = server
    if host.startswith("/") and port is None:
        return access, ("127.0.0.1",)
    if is_ip_address(host):
        return access, (host,)
    return access.with_name(host), ("127.0.0.1",)


def _refused(refusal: AccessRefusal, language: Language) -> Response:
    answer = _complaint(refusal.says, language, refusal.status)
    if refusal.status == 401:
        answer.headers["www-authenticate"] = "Bearer"
    return answer


_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "authorization, content-type",
    "access-control-max-age": "600",
}


def _readable(send: Send, origin: str) -> Send:
    """Allow a page of another origin to read the response (CORS)."""

    async def with_origin(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            shared = [(b"access-control-allow-origin", origin.encode("latin-1"))]
            message["headers"] = [*message["headers"], *shared, (b"vary", b"origin")]
        await send(message)

    return with_origin


def _handler(
    sandbox: Sandbox, operation: Operation, threads: ThreadPools, waits: Waits, streams: Streams
) -> Callable[[Request], Awaitable[Response]]:
    static = StaticReplies() if operation.is_static else None

    async def handle(request: Request) -> Response:
        path: dict[str, str] = dict(request.path_params)
        world = path.pop("world", DEFAULT_WORLD)
        query, language = dict(request.query_params), _language(request, sandbox)
        if static is not None and (known := static.find(query, language, request)) is not None:
            return _own(known)
        if operation.events and (last := request.headers.get("last-event-id")):
            query["since"] = last
        try:
            body, length = await _body(request, operation.body_limit)

            execution = Execution(
                sandbox,
                operation.name,
                world=world,
                path=path,
                query=query,
                body=body,
                caller=_caller(request),
                address=_address(request),
                language=language,
            )
            answer = await threads.run(operation, partial(_step, execution), length)
            while isinstance(answer, Pending):
                try:
                    outcome = await waits.wait(answer, request.receive)
                except (ClientDisconnected, anyio.get_cancelled_exc_class()):
                    with anyio.CancelScope(shield=True):
                        await threads.run_released(operation, partial(_abandon, execution))
                    raise
                answer = await threads.run_released(operation, partial(_step, execution, outcome))
            if isinstance(answer, LiveReply):
                return streams.response(answer, _SAME_ORIGIN_ONLY)
        except MockDouyinError as error:
            return _json(_error_body(error, _language(request, sandbox)), error.status)
        except ClientDisconnected:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001 - a bug of ours is reported as one
            says = report_bug(error).render(_language(request, sandbox))
            return _json({"error": f"mockdouyin: {says}"}, 500)
        if static is not None:
            return _own(static.keep(query, language, request, answer))
        return _encoded(answer)

    return handle


def _step(execution: Execution, outcome: Any = None) -> bytes | Pending | LiveReply:
    """Run one step; a reply is encoded in the same thread."""
    found = execution.step(outcome)
    return found if isinstance(found, Pending | LiveReply) else encode_reply(found)


def _abandon(execution: Execution) -> None:
    with contextlib.suppress(MockDouyinError):  # the world has ended, or its store is away
        execution.abandon()


def _language(request: Request, sandbox: Sandbox) -> Language:
    """Return the language of the answer: `lang`, else Accept-Language, else the server's own."""
    return _language_of(request.scope, sandbox)


def _language_of(scope: Scope, sandbox: Sandbox) -> Language:
    asked = PlatformRequest("GET", "/", scope["query_string"], scope["headers"])
    return language_of(asked, sandbox.language)


def _address(request: Request) -> str:
    """Return the URL at which a caller reached this server."""
    host = request.headers.get("host")  # a URL object takes 5 µs of every operation
    return f"{request.scope.get('scheme', 'http')}://{host or request.url.netloc}"


def _caller(request: Request) -> str:
    """Return what a caller calls itself: its User-Agent."""
    agent = request.headers.get("user-agent", "")
    return "".join(each for each in agent[:100] if each.isprintable()).strip()


def _file(
    sandbox: Sandbox, write: Callable[[dict[str, Any]], tuple[str, str]]
) -> Callable[[Request], Awaitable[Response]]:
    """Serve one of the files by which clients are intercepted."""

    async def handle(request: Request) -> Response:
        try:
            interception = execute(sandbox, "interception")
        except MockDouyinError as error:
            return _json(_error_body(error, _language(request, sandbox)), error.status)
        content, media_type = write(interception)
        return Response(content, media_type=media_type)

    return handle


def _pac(interception: dict[str, Any]) -> tuple[str, str]:
    hosts = msgspec.json.encode(dict.fromkeys(interception["hosts"], 1)).decode()
    content = (
        "function FindProxyForURL(url, host) {\n"
        f"  var hosts = {hosts};\n"
        f'  return hosts[host.toLowerCase()] ? "PROXY {interception["proxy"]}" : "DIRECT";\n'
        "}\n"
    )
    return content, "application/x-ns-proxy-autoconfig"


_FILES = {
    "proxy.pac": _pac,
    "ca.pem": lambda interception: (interception["certificate"], "application/x-pem-file"),
}


async def _body(request: Request, limit: int) -> tuple[Any, int]:
    """Return the JSON of a request's body, and its length in bytes."""
    body, too_long = await read_body(request.receive, limit)
    if too_long:
        raise TooLargeError(BODY_TOO_LONG(size=too_long, limit=limit))
    if not body.strip():
        return None, 0
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MockDouyinError(BODY_NOT_JSON(error=str(error))) from None
    if not isinstance(value, dict):
        raise MockDouyinError(BODY_NOT_OBJECT(kind=kind_word(value)))
    return value, len(body)


def _error_body(error: MockDouyinError, language: Language) -> dict[str, Any]:
    code = getattr(error, "code", None)
    extra = {} if code is None else {"error_code": code, "description": getattr(error, "text", "")}
    if hasattr(error, "near"):  # what came closest to what did not happen
        extra["near"] = error.near
    return {"error": f"mockdouyin: {error.render(language)}", **extra}


_SAME_ORIGIN_ONLY = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
"""Headers by which a browser keeps the answer from pages of other sites, even without Origin."""


def _complaint(says: Text, language: Language, status: int) -> Response:
    return _json({"error": f"mockdouyin: {says.render(language)}"}, status)


def _json(content: Any, status: int = 200) -> Response:
    return _encoded(msgspec.json.encode(content), status)


def _encoded(content: bytes, status: int = 200) -> Response:
    return _own(Response(content, status, media_type="application/json"))


def _own(response: Response) -> Response:
    response.headers.update(_SAME_ORIGIN_ONLY)
    return response


def _not_found(
    routes: list[Route], sandbox: Sandbox
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Return a handler for unknown paths, and for methods that a path does not take."""

    async def answer(request: Request, error: Exception) -> Response:
        path, method = request.url.path, request.method
        at_path = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
        methods = sorted({each for route in at_path for each in route.methods or ()})
        if methods:
            wanted = [each for each in methods if each != "HEAD"]
            says = OTHER_METHOD(path=path, methods=wanted, method=method)
            refusal = _complaint(says, _language(request, sandbox), 405)
            refusal.headers["allow"] = ", ".join(methods)
            return refusal
        known = [route.path for route in routes]
        says = NO_OPERATION(method=method, path=path, hint=suggestion(path, known, ask=False))
        return _complaint(says, _language(request, sandbox), 404)

    return answer
