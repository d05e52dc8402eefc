"""The passage: what goes through the proxy to hosts that are not Douyin's."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from mockdouyin.core.http import Headers
from mockdouyin.intercept._connect import ESTABLISHED, checked_place
from mockdouyin.server.app import Gone, Receive, Send
from mockdouyin.server.connection import LIMITS, Refused

if TYPE_CHECKING:
    import httpx2

_OF_ONE_HOP = frozenset(
    (b"connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade")
)


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Tunnel:
    """Lets requests through to where they were going, by the machine's own proxy if it has one."""

    def __init__(self, closed: str = "") -> None:
        self.own_port = 0
        """The port of our own proxy: the environment may name it as the machine's."""
        self.refused: Counter[str] = Counter()
        """The hosts that were asked for while nothing may leave, and how often."""
        self.limits = LIMITS
        self._closed = closed
        """Why nothing is let through, where nothing is."""

    async def tunnel(self, client: socket.socket, host: str, port: int) -> None:
        """Connect a client with a host, and carry bytes both ways until both are done."""
        place = f"{host}:{port}"
        self._check_open(place)
        try:
            async with asyncio.timeout(self.limits.patience):
                far = await self._dial(host, port)
        except TimeoutError:
            raise Refused(
                504, f"{place} did not answer within {self.limits.patience:g} s"
            ) from None
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise Refused(502, f"{place} cannot be reached: {error}") from None
        async with _open(far):
            await asyncio.get_running_loop().sock_sendall(client, ESTABLISHED)
            near = await asyncio.open_connection(sock=client)
            async with _open(near):
                await asyncio.gather(_carry(near[0], far[1]), _carry(far[0], near[1]))

    def _check_open(self, place: str) -> None:
        if self._closed:
            self.refused[place] += 1
            raise Refused(403, f"{place} is not reached: {self._closed}")

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
        upload = _Upload(receive)
        try:
            work = self._exchange(method, url.decode("latin-1"), headers, upload, send)
            await _unless(work, upload.left())
        except Gone:
            return
        except Refused as refused:
            await _answer(send, *refused.args)

    async def _exchange(
        self, method: str, url: str, headers: Headers, upload: _Upload, send: Send
    ) -> None:
        parts, host, port = _parts(url)
        self._check_open(parts.netloc)
        beyond = self._beyond(parts.scheme, host, port)
        import httpx2

        through = beyond.geturl() if beyond else None
        has_body = any(name in (b"content-length", b"transfer-encoding") for name, _ in headers)
        if not has_body:
            upload.is_sent.set()
        timeout = httpx2.Timeout(None, connect=self.limits.patience)
        async with httpx2.AsyncClient(trust_env=False, proxy=through, timeout=timeout) as client:
            try:
                request = httpx2.Request(
                    method,
                    url,
                    content=upload.pieces() if has_body else None,
                    headers=_kept(headers),
                )
                response = await client.send(request, stream=True)
            except (httpx2.TransportError, httpx2.UnsupportedProtocol) as error:
                why = str(error) or type(error).__name__
                raise Refused(502, f"{parts.netloc} cannot be reached: {why}") from None
            except httpx2.InvalidURL as error:
                raise Refused(400, f"{url[:200]!r} is not a URL: {error}") from None
            upload.is_sent.set()
            await _relay(response, send)
        await send({"type": "http.response.body", "body": b""})


class _Upload:
    """The body of a request that is passed on, and whether its client is still there."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.is_sent = asyncio.Event()
        """Set once nobody waits for the body, so that `left` may read on."""

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the body; raise Gone if its client leaves before the end of it."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Gone
            yield message.get("body", b"")
            if not message.get("more_body"):
                self.is_sent.set()
                return

    async def left(self) -> None:
        """Wait until the client has gone."""
        await self.is_sent.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass


async def _unless(work: Coroutine[Any, Any, None], end: Coroutine[Any, Any, None]) -> None:
    """Do the work, but stop it when the other ends first."""
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
    """Split a URL in absolute form; refuse one that leads nowhere."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise Refused(400, f"{url[:200]!r} is not a URL: {error}") from None
    checked_place(host, 80 if port is None else port)
    return parts, host, port


async def _relay(response: httpx2.Response, send: Send) -> None:
    kept = _kept([(name.lower(), value) for name, value in response.headers.raw])
    await send({"type": "http.response.start", "status": response.status_code, "headers": kept})
    try:
        async for chunk in response.aiter_raw():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
    finally:
        await response.aclose()


def _kept(headers: Headers) -> Headers:
    """Give the headers without those that speak of one connection only."""
    return [pair for pair in headers if pair[0] not in _OF_ONE_HOP and pair[0][:6] != b"proxy-"]


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


async def _answer(send: Send, status: int, says: str) -> None:
    body = f"mockdouyin: {says}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
