"""The way out: posts go to this machine and private networks, and to hosts allowed by name.

A URL is checked once, with every address that its host has at that moment; what was checked is
what is dialled, whatever the name resolves to by then. Link-local and metadata addresses are
never dialled. Redirects are not followed, proxies not asked, and answers read up to a limit.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from types import TracebackType
from typing import NamedTuple, Self

import httpx2

from mockdouyin.core.errors import MockDouyinError

MOST = 64 * 1024
"""Bytes of an answer's body that are read; what a receiver has to say is far shorter."""

_Address = IPv4Address | IPv6Address

_PRIVATE = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)

# Beside the link-local ones: AWS, Google, Alibaba, Volcano Engine, Oracle and Azure.
_NEVER = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
            "100.100.100.200/32",
            "100.96.0.96/32",
            "192.0.0.192/32",
            "168.63.129.16/32",
        ),
    )
)

_NEVER_NAMES = frozenset(
    (
        "metadata",
        "metadata.goog",
        "metadata.google.internal",
        "metadata.tencentyun.com",
        "instance-data",
        "instance-data.ec2.internal",
    )
)

_NAT64 = ip_network("64:ff9b::/96")


class AddressError(MockDouyinError):
    """A URL that nothing is sent to."""


class Target(NamedTuple):
    """A URL that was checked, and the addresses that were."""

    url: httpx2.URL
    addresses: tuple[str, ...]

    @property
    def host(self) -> str:
        """The host as it stands in the URL, for the Host header and the certificate."""
        return self.url.raw_host.decode("ascii")


class Answer(NamedTuple):
    """What came back: an HTTP answer, or the reason why there is none."""

    status: int | None = None
    content_type: str = ""
    location: str = ""
    body: bytes = b""
    cut: bool = False
    """Whether the body went on beyond what is read."""
    error: str = ""
    reached: bool = True
    """Whether there was anybody to talk to."""
    took: float = 0.0
    """Seconds of real time."""

    @property
    def accepted(self) -> bool:
        """Whether the receiver took it: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def check_address(url: str, allowed_hosts: Iterable[str] = ()) -> Target:
    """Resolve a URL's host, once, and refuse it unless every address is one to send to.

    It asks the system's resolver, and so may block.
    """
    parsed = _parse(url)
    host = _plain(parsed.raw_host.decode("ascii"))
    if host in _NEVER_NAMES:
        raise AddressError(f"{host} is a metadata service; nothing is ever sent there")
    allowed = host in {_plain(name) for name in allowed_hosts}
    addresses = _resolve(host, parsed.port or (443 if parsed.scheme == "https" else 80))
    for address in addresses:
        _admit(ip_address(address), host, allowed)
    return Target(parsed, addresses)


def _plain(name: str) -> str:
    return name.strip().lower().strip("[]").removesuffix(".")


def _parse(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url.strip())
    except httpx2.InvalidURL as error:
        raise AddressError(f"{url[:200]!r} is no URL ({error})") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise AddressError(
            f"{url[:200]!r} is no URL to send to; write it as http://127.0.0.1:9000/hook"
        )
    if parsed.userinfo:
        raise AddressError("a webhook's URL takes no user name and password")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise AddressError(f"{parsed.port} is no port")
    return parsed.copy_with(fragment=None)


def _resolve(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AddressError(f"the host {host[:200]!r} cannot be resolved ({reason})") from None
    # A scope, as in fe80::1%eth0, is no part of what is checked: such addresses are refused.
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _admit(address: _Address, host: str, allowed: bool) -> None:
    inner = _embedded(address)
    at = str(address) if host == str(address) else f"{host} ({address})"
    if any(inner in network for network in _NEVER):
        raise AddressError(f"{at} is a link-local or metadata address; nothing is ever sent there")
    if inner.is_multicast or inner.is_unspecified:
        raise AddressError(f"{at} is not the address of one machine; write 127.0.0.1 for this one")
    if not allowed and not any(inner in network for network in _PRIVATE):
        raise AddressError(
            f"{at} is neither on this machine nor in a private network; allow the host by its"
            f" name if it is yours: --allow-host {host}"
        )


def _embedded(address: _Address) -> _Address:
    """Give the IPv4 address that an IPv6 address stands for, where it stands for one."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


class CheckedTransport(httpx2.AsyncBaseTransport):
    """Dials a target's checked addresses; host header and certificate are those of its name.

    A client that is given this transport needs `trust_env=False`, or it may ask a proxy instead.
    """

    def __init__(self, target: Target, ssl_context: ssl.SSLContext | None = None) -> None:
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
        if address != _plain(self._target.host):
            extensions["sni_hostname"] = _plain(self._target.host)
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


class Courier:
    """Carries posts to one target. Whatever the receiver does, there is an Answer in time."""

    def __init__(self, target: Target, ssl_context: ssl.SSLContext | None = None) -> None:
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

    async def post(self, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:  # noqa: ASYNC109 - the whole exchange has it
        """Post these very bytes; connecting, sending and reading have the timeout together."""
        return await self.send("POST", body, headers, timeout)

    async def send(
        self,
        method: str,
        body: bytes,
        headers: Mapping[str, str],
        timeout: float,  # noqa: ASYNC109 - the whole exchange has it
    ) -> Answer:
        """Send a request of any method, under the same rules."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        request = httpx2.Request(method, self.target.url, headers=dict(headers), content=body)
        try:
            async with asyncio.timeout(timeout):
                answer = await self._ask(request)
        except TimeoutError:
            answer = Answer(error=f"no complete answer within {timeout:g} s")
        except httpx2.ConnectError as error:
            answer = Answer(error=f"no connection: {_cause(error)}", reached=False)
        except httpx2.TransportError as error:
            answer = Answer(error=_why(error))
        return answer._replace(took=loop.time() - began)

    async def _ask(self, request: httpx2.Request) -> Answer:
        response = await self._transport.handle_async_request(request)
        try:
            body = bytearray()
            # Raw: what is compressed may unpack to any size, and nobody asked for it.
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MOST:
                    break
        finally:
            await response.aclose()
        return Answer(
            response.status_code,
            response.headers.get("content-type", ""),
            response.headers.get("location", ""),
            bytes(body[:MOST]),
            len(body) > MOST,
        )


def _cause(error: BaseException) -> str:
    """Give the operating system's reason, which the layers above have wrapped up."""
    reason = str(error)
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, ssl.SSLError):
            return str(inner)
        if isinstance(inner, OSError) and inner.errno:
            reason = os.strerror(inner.errno)
        inner = inner.__cause__ or inner.__context__
    return reason


def _why(error: httpx2.TransportError) -> str:
    if isinstance(error, httpx2.ReadError | httpx2.WriteError):
        return "the connection was broken off before a complete answer came"
    if isinstance(error, httpx2.RemoteProtocolError):
        text = str(error)
        if "disconnected" in text or "closed connection" in text:
            return "the connection was closed before a complete answer came"
        return f"what came is no HTTP: {text}"
    return f"{type(error).__name__}: {error}"
