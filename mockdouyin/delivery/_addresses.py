"""Checks where webhooks may go: this machine, private networks, and hosts allowed by name."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

import httpx2

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.redaction import safe_repr
from mockdouyin.delivery import _texts as texts

_Address = IPv4Address | IPv6Address

_PRIVATE = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"),
    )
)

# Link-local, then the metadata services of AWS, Google, Scaleway, Oracle, Akamai, Alibaba,
# Volcano Engine, Oracle again and Azure.
_NEVER = tuple(
    map(
        ip_network,
        (
            "169.254.0.0/16",
            "fe80::/10",
            "fd00:ec2::/32",
            "fd20:ce::254/128",
            "fd00:42::42/128",
            "fd00:c1::/32",
            "fd00:a9fe:a9fe::/48",
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

_EMBEDDING_NETWORKS = tuple(
    (ip_network(network), shift)
    for network, shift in (
        ("::/96", 0),  # IPv4-compatible
        ("::ffff:0:0:0/96", 0),  # IPv4-translated
        ("64:ff9b::/96", 0),  # NAT64
        ("2002::/16", 80),  # 6to4
    )
)
"""IPv6 networks whose addresses embed an IPv4 address, and how many bits are to its right."""

_BROADCAST = IPv4Address("255.255.255.255")

_LOCAL_NAT64 = ip_network("64:ff9b:1::/48")
"""Local-use NAT64: each network places the IPv4 address where it likes, so it cannot be read."""


class AddressError(MockDouyinError):
    """Raised for a URL to which nothing may be sent."""


class CheckedTarget(NamedTuple):
    """A checked URL, with the addresses its host resolved to."""

    url: httpx2.URL
    addresses: tuple[str, ...]

    @property
    def host(self) -> str:
        """The host as written in the URL, for the Host header."""
        return self.url.raw_host.decode("ascii")

    @property
    def server_name(self) -> str:
        """The name for TLS: sent as SNI and matched against the certificate."""
        return _plain(self.host)

    @property
    def port(self) -> int:
        """The port to dial."""
        return self.url.port or (443 if self.url.scheme == "https" else 80)


def check_address(url: str, allowed_hosts: Iterable[str] = ()) -> CheckedTarget:
    """Resolve a URL's host and check every address; raise AddressError if one is not allowed.

    Blocks while the system's resolver answers.
    """
    parsed = _parse(url)
    host = _plain(parsed.raw_host.decode("ascii"))
    if host in _NEVER_NAMES:
        raise AddressError(texts.METADATA_NAME(host=host))
    allowed = host in {_plain(name) for name in allowed_hosts}
    target = CheckedTarget(parsed, ())
    addresses = _resolve(host, target.port)
    for address in addresses:
        _check(ip_address(address), host, allowed)
    return target._replace(addresses=addresses)


def needs_lookup(url: str) -> bool:
    """Whether a URL's host is a name, for which the system's resolver has to be asked."""
    try:
        ip_address(_plain(_parse(url).raw_host.decode("ascii")))
    except ValueError:
        return True
    return False


_HOST_ONLY = re.compile(r"[^\s:/?#@%*\[\]]+|\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+")
"""A host without scheme or port: a name, an IPv4 address, an IPv6 address (brackets optional)."""


def checked_host(text: str) -> str:
    """Return a host given to --allow-host as it is written in URLs; raise if it is not a host."""
    host = ""
    if _HOST_ONLY.fullmatch(text):
        bracketed = f"[{text}]" if ":" in text and text[0] != "[" else text
        with contextlib.suppress(AddressError):
            host = _plain(_parse(f"http://{bracketed}").raw_host.decode("ascii"))
    if not host.strip("."):
        raise AddressError(texts.HOST_ONLY(given=repr(text[:200])))
    return host


def _plain(name: str) -> str:
    return name.strip().lower().strip("[]").removesuffix(".")


def _parse(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url.strip())
    except httpx2.InvalidURL as error:
        why = texts.MALFORMED_URL(url=safe_repr(url, 200), error=str(error))
        raise AddressError(why) from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise AddressError(texts.NOT_A_TARGET(url=safe_repr(url, 200)))
    if b"%" in parsed.raw_host:
        raise AddressError(texts.ZONE(url=repr(url[:200])))
    if parsed.userinfo:
        raise AddressError(texts.USER_INFO())
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise AddressError(texts.BAD_PORT(port=parsed.port))
    return parsed.copy_with(fragment=None)


def _resolve(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = str(getattr(error, "strerror", None) or error)
        why = texts.UNRESOLVED(host=repr(host[:200]), reason=reason)
        raise AddressError(why) from None
    # The scope of an address like fe80::1%eth0 is left out; link-local is refused anyway.
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _check(address: _Address, host: str, allowed: bool) -> None:
    inner = _unmapped(address)
    at = str(address) if host == str(address) else f"{host} ({address})"
    embedded = _embedded(inner)
    if any(each in network for each in (inner, *embedded) for network in _NEVER):
        raise AddressError(texts.LINK_LOCAL(at=at))
    for each in embedded:
        if each.is_multicast or not each.is_global:
            raise AddressError(texts.THROUGH_TUNNEL(at=at, inner=str(each)))
    if inner in _LOCAL_NAT64:
        raise AddressError(texts.ANY_IPV4(at=at))
    if inner.is_multicast or inner.is_unspecified or inner == _BROADCAST:
        raise AddressError(texts.NOT_ONE_MACHINE(at=at))
    if not allowed and not any(inner in network for network in _PRIVATE):
        raise AddressError(texts.NOT_PRIVATE(at=at, host=host))


def _unmapped(address: _Address) -> _Address:
    """Return the IPv4 address that the system dials for an IPv4-mapped one (::ffff:127.0.0.1)."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _embedded(address: _Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 address reaches through a translator or tunnel."""
    if isinstance(address, IPv4Address) or address.is_loopback or address.is_unspecified:
        return ()
    bits = int(address)
    found = [
        IPv4Address(bits >> shift & 0xFFFFFFFF)
        for network, shift in _EMBEDDING_NETWORKS
        if address in network
    ]
    return (*found, *(address.teredo or ()))
