"""The tunnel: connections and requests to hosts that are not Douyin's, passed through."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Collection, Coroutine
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from mockdouyin.core.http import Headers
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text
from mockdouyin.intercept._connect import ESTABLISHED, check_address
from mockdouyin.intercept._error_texts import NO_ANSWER, NOT_A_URL, NOT_REACHED, UNREACHABLE
from mockdouyin.server.app import ClientDisconnected, Receive, Send, send_reply
from mockdouyin.server.connection_limits import LIMITS, RequestRefused

if TYPE_CHECKING:
    import httpx2

_HOP_BY_HOP = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)

_OTHER_DOMAINS = {"open-douyin.com"}
"""Domains of Douyin's that have no API: their pages are often taken for it."""

StreamPair = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Tunnel:
    """Passes connections and requests to their hosts, by the machine's own proxy if it has one."""

    def __init__(self, closed: Text = NOTHING, hosts: Collection[str] = ()) -> None:
        self.own_port = 0
        """The port of our own proxy, which the environment may name as the machine's."""
        self.refused: Counter[str] = Counter()
        """How often each `host:port` was refused because nothing is passed through."""
        self.passed_on: Counter[str] = Counter()
        """How often each `host:port` of Douyin's domains was asked for that is no API's."""
        self._domains = {_domain(host) for host in hosts} | _OTHER_DOMAINS
        self.limits = LIMITS
        self.language: Language = DEFAULT_LANGUAGE
        self._closed = closed
        """Why nothing is passed through; nothing where it is."""

    async def connect(self, client: socket.socket, host: str, port: int) -> None:
        """Connect a client to a host, and copy bytes both ways until both are done."""
        address = f"{host}:{port}"
        self._check_open(host, address)
        try:
            async with asyncio.timeout(self.limits.receive_timeout):
                upstream = await self._dial(host, port)
        except TimeoutError:
            seconds = f"{self.limits.receive_timeout:g}"
            raise RequestRefused(504, NO_ANSWER(address=address, seconds=seconds)) from None
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise RequestRefused(502, UNREACHABLE(address=address, why=str(error))) from None
        async with _closing(upstream):
            # Not earlier: until the host is connected, a failure can be answered with 502.
            await asyncio.get_running_loop().sock_sendall(client, ESTABLISHED)
            downstream = await asyncio.open_connection(sock=client)
            async with _closing(downstream):
                await asyncio.gather(
                    _copy(downstream[0], upstream[1]), _copy(upstream[0], downstream[1])
                )

    def _check_open(self, host: str, address: str) -> None:
        if self._closed:
            self.refused[address] += 1
            raise RequestRefused(403, NOT_REACHED(address=address, why=self._closed))
        if _domain(host) in self._domains:
            self.passed_on[address] += 1

    async def _dial(self, host: str, port: int) -> StreamPair:
        proxy = self._machine_proxy("https", host, port)
        if proxy is None:
            return await asyncio.open_connection(host, port)
        reader, writer = await asyncio.open_connection(
            proxy.hostname, proxy.port or 80, ssl=proxy.scheme == "https" or None
        )
        target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
        if proxy.username:
            user = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        status = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode("latin-1")
        if status.split()[1:2] != ["200"]:
            writer.close()
            raise OSError(f"the proxy {proxy.hostname} answered {status!r}")
        return reader, writer

    def _machine_proxy(self, scheme: str, host: str, port: int | None) -> SplitResult | None:
        """Return the machine's own proxy for an address, if there is one."""
        proxies = getproxies()
        url = proxies.get(scheme) or proxies.get("all")
        if not url or proxy_bypass(host if port is None else f"{host}:{port}"):
            return None
        proxy = urlsplit(url if "//" in url else f"http://{url}")
        # In a shell with `mockdouyin env` that is this very proxy: it would call itself for ever.
        is_own = proxy.port == self.own_port and proxy.hostname in ("127.0.0.1", "localhost")
        return None if is_own else proxy

    async def forward(
        self, method: str, url: bytes, headers: Headers, receive: Receive, send: Send
    ) -> None:
        """Send a request in absolute form to its host, and the response back."""
        upload = _Upload(receive)
        try:
            work = self._exchange(method, url.decode("latin-1"), headers, upload, send)
            # Without the second a client that leaves would keep its request to the host going.
            await _run_until(work, upload.wait_for_disconnect())
        except ClientDisconnected:
            return
        except RequestRefused as refused:
            await send_reply(refused.reply(self.language, headers), send)

    async def _exchange(
        self, method: str, url: str, headers: Headers, upload: _Upload, send: Send
    ) -> None:
        parts, host, port = _parts(url)
        self._check_open(host, parts.netloc)
        proxy = self._machine_proxy(parts.scheme, host, port)
        import httpx2

        proxy_url = proxy.geturl() if proxy else None
        has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)
        if not has_body:
            upload.is_sent.set()
        timeout = httpx2.Timeout(None, connect=self.limits.receive_timeout)
        async with httpx2.AsyncClient(trust_env=False, proxy=proxy_url, timeout=timeout) as client:
            try:
                request = httpx2.Request(
                    method,
                    url,
                    content=upload.pieces() if has_body else None,
                    headers=_end_to_end(headers),
                )
                response = await client.send(request, stream=True)
            except (httpx2.TransportError, httpx2.UnsupportedProtocol) as error:
                why = str(error) or type(error).__name__
                raise RequestRefused(502, UNREACHABLE(address=parts.netloc, why=why)) from None
            except httpx2.InvalidURL as error:
                raise RequestRefused(400, NOT_A_URL(url=url[:200], error=str(error))) from None
            upload.is_sent.set()
            await _relay(response, send)
        await send({"type": "http.response.body", "body": b""})


def _domain(host: str) -> str:
    """Return the last two labels of a host's name."""
    return ".".join(host.lower().rstrip(".").split(".")[-2:])


class _Upload:
    """The body of a request that is passed on, and the end of its client."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.is_sent = asyncio.Event()
        """Set once the body is complete or no longer needed."""

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body; raise ClientDisconnected if the client leaves before its end."""
        # Raised, not ended: a body that just ends would reach the host as a whole upload.
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnected
            yield message.get("body", b"")
            if not message.get("more_body"):
                self.is_sent.set()
                return

    async def wait_for_disconnect(self) -> None:
        """Wait until the client has disconnected."""
        # Only after the body: two readers of one ASGI `receive` would take each other's messages.
        await self.is_sent.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _run_until(work: Coroutine[Any, Any, None], end: Coroutine[Any, Any, None]) -> None:
    """Run work, but cancel it if `end` returns first."""
    tasks = [asyncio.ensure_future(work), asyncio.ensure_future(end)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not tasks[0].cancelled():
        tasks[0].result()


def _parts(url: str) -> tuple[SplitResult, str, int | None]:
    """Split a URL in absolute form, or refuse one without a valid host and port."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise RequestRefused(400, NOT_A_URL(url=url[:200], error=str(error))) from None
    check_address(host, 80 if port is None else port)
    return parts, host, port


async def _relay(response: httpx2.Response, send: Send) -> None:
    headers = _end_to_end([(name.lower(), value) for name, value in response.headers.raw])
    await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
    try:
        async for chunk in response.aiter_raw():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        await response.aclose()


def _end_to_end(headers: Headers) -> Headers:
    """Return the headers without the hop-by-hop ones."""
    return [pair for pair in headers if pair[0] not in _HOP_BY_HOP and pair[0][:6] != b"proxy-"]


@contextlib.asynccontextmanager
async def _closing(streams: StreamPair) -> AsyncIterator[None]:
    """Close a connection at the end: gracefully, or at once if the task is cancelled."""
    writer = streams[1]
    try:
        yield
    except asyncio.CancelledError:
        writer.transport.abort()
        raise
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy bytes one way; pass an EOF on as an EOF, and a reset as a reset."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()
