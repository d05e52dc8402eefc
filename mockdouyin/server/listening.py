"""Listening sockets, and why there cannot be one."""

from __future__ import annotations

import contextlib
import errno
import socket

from mockdouyin.core.errors import MockDouyinError

_EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104
"""Where a server that listens everywhere is reached from this machine."""


def place_of(host: str, port: int) -> str:
    """Give `host:port` as this machine reaches it."""
    host = _EVERY_ADDRESS.get(host, host)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def is_address(host: str) -> bool:
    """Whether it is an IP address, and no name."""
    import ipaddress

    try:
        return bool(ipaddress.ip_address(host))
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    import ipaddress

    if not is_address(host):
        return host == "localhost"
    address = ipaddress.ip_address(host)
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


_ABROAD = {
    "0.0.0.0": ("192.0.2.1", "10.255.255.254", "172.31.255.254", "192.168.255.254"),  # noqa: S104
    "::": ("2001:db8::1", "fd00::1"),
}
"""Addresses in other networks, by what listens on all addresses of one family."""


def lan_addresses(listens: str) -> list[str]:
    """Return the addresses by which other machines reach what listens on all of this machine's.

    Nothing is sent: a datagram socket chooses its own address when it is connected.
    """
    found: dict[str, None] = {}
    family = socket.AF_INET6 if ":" in listens else socket.AF_INET
    for abroad in _ABROAD.get(listens, ()):
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as way:
            way.connect((abroad, 9))
            found[way.getsockname()[0]] = None
    return [address for address in found if not is_loopback(address)]


def listen(host: str, port: int, option: str = "--port") -> socket.socket:
    """Give a listening socket; the option is the one that chose the port."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise cannot_listen(host, port, error, option) from None
    return listener


def cannot_listen(host: str, port: int, error: OSError, option: str = "--port") -> MockDouyinError:
    """Say why an address cannot be listened on, and what to do."""
    return MockDouyinError(f"cannot listen on {host}:{port}: {_reason(error, option)}")


def _reason(error: OSError, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"the port is in use; stop what has it, or take another ({option} 0 takes a free one)"
        )
    if error.errno == errno.EACCES:
        return "this user may not; take a port above 1023"
    return f"{error.strerror or error}; --host takes an address of this machine"
