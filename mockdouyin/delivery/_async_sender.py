"""Sends requests to a checked target on an event loop, each over a connection of its own."""

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
    """Connects to a target's checked addresses, with the Host header and certificate of its name.

    A client with this transport needs `trust_env=False`; otherwise it may go through a proxy.
    """

    def __init__(self, target: CheckedTarget, ssl_context: ssl.SSLContext | None = None) -> None:
        self._target = target
        # Loading the CA certificates is slow, and plain HTTP does not need them.
        verify = ssl_context or target.url.scheme == "https"
        # No reuse: the receiver may have closed a kept connection, which would fail the next post.
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._inner = httpx2.AsyncHTTPTransport(verify=verify, limits=limits)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send to the first checked address that accepts a connection."""
        url, target = request.url, self._target
        if (url.scheme, url.host, url.port) != (
            target.url.scheme,
            target.url.host,
            target.url.port,
        ):
            raise AddressError(f"{url.host} was not checked; this transport is for one target")
        for address in target.addresses[:-1]:
            try:
                return await self._send_to(address, request)
            except httpx2.ConnectError:
                continue
        return await self._send_to(target.addresses[-1], request)

    async def _send_to(self, address: str, request: httpx2.Request) -> httpx2.Response:
        extensions = dict(request.extensions)
        if address != self._target.server_name:
            extensions["sni_hostname"] = self._target.server_name
        addressed = httpx2.Request(
            request.method,
            request.url.copy_with(host=address),
            headers=request.headers,
            stream=request.stream,
            extensions=extensions,
        )
        return await self._inner.handle_async_request(addressed)

    async def aclose(self) -> None:
        """Close the open connections."""
        await self._inner.aclose()


class AsyncSender:
    """Sends to one target; always returns an answer within the timeout, never raises."""

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
        timeout: float,  # noqa: ASYNC109 - covers the whole exchange
    ) -> ReceiverAnswer:
        """Post these exact bytes; the timeout covers connecting, sending and reading together."""
        return await self.send("POST", body, headers, timeout)

    async def send(
        self,
        method: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - covers the whole exchange
    ) -> ReceiverAnswer:
        """Send a request with any method, under the same rules."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        request = httpx2.Request(method, self.target.url, headers=dict(headers), content=body)
        try:
            async with asyncio.timeout(timeout):
                answer = await self._exchange(request)
        except (TimeoutError, httpx2.TransportError) as error:
            answer = no_answer(error, timeout)
        return answer._replace(took=loop.time() - started)

    async def _exchange(self, request: httpx2.Request) -> ReceiverAnswer:
        response = await self._transport.handle_async_request(request)
        try:
            body = bytearray()
            # Raw: a compressed body could unpack to any size, and we never ask for one.
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
