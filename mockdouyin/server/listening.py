"""Listening sockets: their addresses, and why one cannot be opened."""

from __future__ import annotations

import contextlib
import errno
import socket

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import Text
from mockdouyin.server._error_texts import (
    CANNOT_LISTEN,
    NOT_AN_OWN_ADDRESS,
    OTHER_LISTEN_REASON,
    PORT_FORBIDDEN,
    PORT_IN_USE,
)

_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
"""The address that reaches a server on this machine, by the wildcard it listens on."""


def host_and_port(host: str, port: int) -> str:
    """Return `host:port`, as this machine reaches what listens there."""
    host = _EVERY_ADDRESS.get(host, host)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_ip_address(host: str) -> bool:
    """Whether a host is an IP address, not a name."""
    import ipaddress

    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens on a host."""
    import ipaddress

    if not is_ip_address(host):
        return host == "localhost"
    address = ipaddress.ip_address(host)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


_REMOTE = {
    "0.0.0.0": ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254"),  # noqa: S104
    "::": ("2001:db8::1", "fd00::1"),
}
"""Addresses in other networks, public and private, by the wildcard of their family."""


def lan_addresses(listens_on: str) -> list[str]:
    """Return the addresses at which other machines reach a server that listens on a wildcard."""
    # Nothing is sent: connecting a datagram socket only makes the kernel choose its own address.
    found: dict[str, None] = {}
    family = socket.AF_INET6 if ":" in listens_on else socket.AF_INET
    for remote in _REMOTE.get(listens_on, ()):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((remote, 9))
            found[probe.getsockname()[0]] = None
    return [address for address in found if not is_loopback(address)]


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Open a listening socket; an error names the option that chose the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise listen_error(host, port, error, option) from None
    return listener


def listen_error(host: str, port: int, error: OSError, option: str = "--port") -> MockDouyinError:
    """Return an error that says why an address cannot be listened on, and what to do."""
    return MockDouyinError(CANNOT_LISTEN(host=host, port=port, reason=_reason(error, option)))


def _reason(error: OSError, option: str) -> Text:
    if error.errno == errno.EADDRINUSE:
        return PORT_IN_USE(option=option)
    if error.errno == errno.EACCES:
        return PORT_FORBIDDEN()
    if error.errno == errno.EADDRNOTAVAIL:
        return NOT_AN_OWN_ADDRESS()
    return OTHER_LISTEN_REASON(reason=error.strerror or str(error))
