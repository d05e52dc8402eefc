"""Listening sockets, and why there cannot be one."""

from __future__ import annotations

import errno
import socket

from mockdouyin.core.errors import MockDouyinError


def listen(host: str, port: int) -> socket.socket:
    """Give a listening socket."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(512)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise cannot_listen(host, port, error) from None
    return listener


def cannot_listen(host: str, port: int, error: OSError) -> MockDouyinError:
    """Say why an address cannot be listened on, and what to do."""
    return MockDouyinError(f"cannot listen on {host}:{port}: {_reason(error)}")


def _reason(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "the port is in use; stop what has it, or take another (--port 0 takes a free one)"
    if error.errno == errno.EACCES:
        return "this user may not; take a port above 1023"
    return f"{error.strerror or error}; --host takes an address of this machine"
