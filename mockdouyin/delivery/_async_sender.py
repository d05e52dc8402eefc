"""Posting to a checked target on an event loop, each time over a connection of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import httpx2

from mockdouyin.delivery._addresses import AddressError, CheckedTarget
from mockdouyin.delivery._answers import MAX_ANSWER, ReceiverAnswer, no_answer


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Dials a target's checked addresses; host header and certificate are those of its name.

    A client that is given this transport needs `trust_env=False`, or it may ask a proxy instead.
    """

    def __init__(self, target: CheckedTarget, ssl_context: ssl.SSLContext | None = None) -> None:
        self._target = target
        # Without TLS there is nothing to verify, and loading the certificates takes long.
        verify = ssl_context or target.url.scheme == "https"
        # A connection is for one post: a kept one may be closed by the receiver unnoticed.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = httpx2.AsyncHTTPTransport(verify=verify, limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send to the first checked address that takes the connection."""
        url, target = request.url, self._target
        if (url.scheme, url.host, url.port) != (
            target.url.scheme,
            target.url.host,
            target.url.port,
        ):
            raise AddressError(f"{url.host} was not checked")
        for address in target.addresses[:-1]:
            try:
                return await self._dial(request, address)
            except httpx2.ConnectError:
                continue
        return await self._dial(request, target.addresses[-1])

    async def _dial(self, request: httpx2.Request, address: str) -> httpx2.Response:
        extensions = dict(request.extensions)
        if address != self._target.server_name:
            extensions["sni_hostname"] = self._target.server_name
        dialled = httpx2.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions=extensions,
        )
        return await self._inner.handle_async_request(dialled)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()


class AsyncSender:
    """Carries posts to one target. Whatever the receiver does, there is an Answer in time."""

    def __init__(self, target: CheckedTarget, ssl_context: ssl.SSLContext | None = None) -> None:
        self.target = target
        self._transport = CheckedTransport(target, ssl_context)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self._transport.aclose()

    async def post(
        self,
        body: bytes,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - it covers the whole exchange
    ) -> ReceiverAnswer:
        """Post these very bytes; connecting, sending and reading have the timeout together."""
        return await self.send("POST", body, headers, timeout)

    async def send(
        self,
        method: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - the whole exchange has it
    ) -> ReceiverAnswer:
        """Send a request of any method, under the same rules."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        request = httpx2.Request(method, self.target.url, headers=dict(headers), content=body)
        try:
            async with asyncio.timeout(timeout):
                answer = await self._ask(request)
        except (TimeoutError, httpx2.TransportError) as error:
            answer = no_answer(error, timeout)
        return answer._replace(took=loop.time() - began)

    async def _ask(self, request: httpx2.Request) -> ReceiverAnswer:
        response = await self._transport.handle_async_request(request)
        try:
            body = bytearray()
            # Raw: what is compressed may unpack to any size, and nobody asked for it.
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_ANSWER:
                    break
        finally:
            await response.aclose()
        return ReceiverAnswer(
            response.status_code,
            response.headers.get("content-type", ""),
            response.headers.get("location", ""),
            bytes(body[:MAX_ANSWER]),
            len(body) > MAX_ANSWER,
        )
