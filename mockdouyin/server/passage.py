"""The passage: what goes through the proxy to hosts that are not Douyin's."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from mockdouyin.core.message import Headers
from mockdouyin.server.app import Receive, Send

if TYPE_CHECKING:
    import httpx2

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"

_OF_ONE_HOP = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Passage:
    """Lets requests through to where they were going, by the machine's own proxy if it has one."""

    def __init__(self, closed: str = "") -> None:
        self.own_port = 0
        """The port of our own proxy: the environment may name it as the machine's."""
        self.refused: Counter[str] = Counter()
        """The hosts that were asked for while nothing may leave, and how often."""
        self._closed = closed
        """Why nothing is let through, where nothing is."""

    async def tunnel(self, client: socket.socket, host: str, port: int) -> None:
        """Connect a client with a host, and carry bytes both ways until both are done."""
        place = f"{host}:{port}"
        if self._closed:
            self.refused[place] += 1
            await _end(client, 403, f"{place} is not reached: {self._closed}")
            return
        try:
            far = await self._dial(host, port)
        except (OSError, EOFError) as error:
            await _end(client, 502, f"{place} cannot be reached: {error}")
            return
        async with _open(far):
            await asyncio.get_running_loop().sock_sendall(client, ESTABLISHED)
            near = await asyncio.open_connection(sock=client)
            async with _open(near):
                await asyncio.gather(_carry(near[0], far[1]), _carry(far[0], near[1]))

    async def _dial(self, host: str, port: int) -> Streams:
        beyond = self._beyond("https", host, port)
        if beyond is None:
            return await asyncio.open_connection(host, port)
        reader, writer = await asyncio.open_connection(
            beyond.hostname, beyond.port or 80, ssl=beyond.scheme == "https" or None
        )
        place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
        if beyond.username:
            who = f"{unquote(beyond.username)}:{unquote(beyond.password or '')}"
            lines.append(f"Proxy-Authorization: Basic {base64.b64encode(who.encode()).decode()}")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        status = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode("latin-1")
        if status.split()[1:2] != ["200"]:
            writer.close()
            raise OSError(f"the proxy {beyond.hostname} answered {status!r}")
        return reader, writer

    def _beyond(self, scheme: str, host: str, port: int | None) -> SplitResult | None:
        """Give the machine's own proxy for an address, if there is one."""
        proxies = getproxies()
        address = proxies.get(scheme) or proxies.get("all")
        if not address or proxy_bypass(host if port is None else f"{host}:{port}"):
            return None
        beyond = urlsplit(address if "//" in address else f"http://{address}")
        ours = beyond.port == self.own_port and beyond.hostname in ("127.0.0.1", "localhost")
        return None if ours else beyond

    async def forward(
        self, method: str, url: bytes, headers: Headers, receive: Receive, send: Send
    ) -> None:
        """Send a request in absolute form to where it was going, and its answer back."""
        parts = urlsplit(url.decode("latin-1"))
        host = parts.hostname or ""
        if self._closed:
            self.refused[parts.netloc] += 1
            await _answer(send, 403, f"{parts.netloc} is not reached: {self._closed}")
            return
        beyond = self._beyond(parts.scheme, host, parts.port)
        import httpx2

        through = beyond.geturl() if beyond else None
        has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)
        async with httpx2.AsyncClient(trust_env=False, proxy=through, timeout=None) as client:
            request = httpx2.Request(
                method,
                url.decode("latin-1"),
                content=_body(receive) if has_body else None,
                headers=_kept(headers),
            )
            try:
                response = await client.send(request, stream=True)
            except (httpx2.TransportError, httpx2.UnsupportedProtocol) as error:
                await _answer(send, 502, f"{parts.netloc} cannot be reached: {error}")
            else:
                await _relay(response, send)


async def _relay(response: httpx2.Response, send: Send) -> None:
    kept = _kept([(name.lower(), value) for name, value in response.headers.raw])
    await send({"type": "http.response.start", "status": response.status_code, "headers": kept})
    try:
        async for chunk in response.aiter_raw():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        await response.aclose()
    await send({"type": "http.response.body", "body": b""})


def _kept(headers: Headers) -> Headers:
    """Give the headers without those that speak of one connection only."""
    return [pair for pair in headers if pair[0] not in _OF_ONE_HOP and pair[0][:6] != b"proxy-"]


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        yield message.get("body", b"")
        if not message.get("more_body"):
            return


@contextlib.asynccontextmanager
async def _open(streams: Streams) -> AsyncIterator[None]:
    """Close a connection in the end: in good order, or at once where we are told to stop."""
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


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Carry bytes one way; an end is passed on as an end, a break as a break."""
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
    except OSError:
        writer.transport.abort()


async def _end(client: socket.socket, status: int, says: str) -> None:
    body = f"mockdouyin: {says}\n".encode()
    reason = {403: "Forbidden", 502: "Bad Gateway"}[status]
    head = (
        f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    with contextlib.suppress(OSError):
        await asyncio.get_running_loop().sock_sendall(client, head.encode() + body)
    client.close()


async def _answer(send: Send, status: int, says: str) -> None:
    body = f"mockdouyin: {says}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
