"""The URL of a Redis, parsed, and a socket to it: host and port or path, credentials, TLS."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.texts import Text
from mockdouyin.redis_store._availability import time_left
from mockdouyin.redis_store._error_texts import (
    DATABASE,
    NO_SCHEME,
    NOT_AN_ADDRESS,
    SCHEMES,
    TLS_FILES,
    UNIX_PATH,
    UNKNOWN_OPTION,
    UNPARSED,
)

RedisCommand = Sequence[Any]

DEFAULT_PORT = 6379

_OPTIONS = ("db", "username", "password")
_TLS_OPTIONS = (
    *("ssl_ca_certs", "ssl_ca_path", "ssl_cert_reqs", "ssl_check_hostname"),
    *("ssl_certfile", "ssl_keyfile", "ssl_password"),
)
# Quotes nothing: with an unescaped /, ? or @ in it, a part of the password is taken for the port,
# the database or an option.
_UNPARSED = UNPARSED()
_FALSE = ("no", "none", "false", "0", "off")


class RedisAddress(NamedTuple):
    """Where a Redis listens, and the commands that open a connection to it."""

    host: str
    port: int
    path: str
    """The path of a Unix socket; empty for TCP."""
    handshake: tuple[RedisCommand, ...]
    """The first commands on each connection: AUTH, SELECT where needed, and PING."""
    tls: ssl.SSLContext | None

    @property
    def display_url(self) -> str:
        """The address without user, password and options, safe to print."""
        if self.path:
            return f"unix://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'rediss' if self.tls else 'redis'}://{host}:{self.port}"


def parse_address(url: str) -> RedisAddress:
    """Parse a redis://, rediss:// or unix:// URL."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORT
    except ValueError:
        raise _bad_address(_UNPARSED) from None
    if parts.scheme not in ("redis", "rediss", "unix"):
        scheme = f"{parts.scheme}://" if parts.scheme else NO_SCHEME()
        raise _bad_address(SCHEMES(scheme=scheme))
    is_unix = parts.scheme == "unix"
    if is_unix and not parts.path:
        raise _bad_address(UNIX_PATH())
    options = _parse_options(parts)
    return RedisAddress(
        parts.hostname or "localhost",
        port,
        unquote(parts.path) if is_unix else "",
        _handshake(parts, options),
        _tls_context(options) if parts.scheme == "rediss" else None,
    )


def _bad_address(why: Text) -> MockDouyinError:
    return MockDouyinError(NOT_AN_ADDRESS(why=why))


def _parse_options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    known = (*_OPTIONS, *_TLS_OPTIONS) if parts.scheme == "rediss" else _OPTIONS
    for name in options:
        if name not in known:
            if "@" in name:
                raise _bad_address(_UNPARSED)
            raise _bad_address(UNKNOWN_OPTION(name=name, hint=suggestion(name, known)))
    return options


def _handshake(parts: SplitResult, options: dict[str, str]) -> tuple[RedisCommand, ...]:
    user = options.get("username") or unquote(parts.username or "")
    password = options.get("password") or unquote(parts.password or "")
    # The path of unix:// is the socket, so the database can only be an option there.
    database = options.get("db") or ("" if parts.scheme == "unix" else parts.path.strip("/"))
    commands: list[RedisCommand] = []
    if password or user:
        commands.append(("AUTH", *([user] if user else []), password))
    if "@" in database:
        raise _bad_address(_UNPARSED)
    if database and not (database.isascii() and database.isdigit()):
        raise _bad_address(DATABASE(database=database))
    if database and int(database):
        commands.append(("SELECT", database))
    return (*commands, ("PING",))


def _tls_context(options: dict[str, str]) -> ssl.SSLContext:
    certificate, key = options.get("ssl_certfile"), options.get("ssl_keyfile")
    try:
        context = ssl.create_default_context(
            cafile=options.get("ssl_ca_certs"), capath=options.get("ssl_ca_path")
        )
        if certificate is not None:
            context.load_cert_chain(certificate, key, options.get("ssl_password", ""))
    except OSError as error:
        raise _bad_address(TLS_FILES(error=error.strerror or "")) from None
    if options.get("ssl_check_hostname", "").lower() in _FALSE:
        context.check_hostname = False
    if options.get("ssl_cert_reqs", "").lower() in _FALSE:
        context.check_hostname = False  # Python refuses CERT_NONE while this is on
        context.verify_mode = ssl.CERT_NONE
    return context


def connect(address: RedisAddress, until: float) -> socket.socket:
    """Open a socket to a Redis, with every step within the deadline."""
    if address.path:
        if not hasattr(socket, "AF_UNIX"):
            raise OSError("this system has no Unix sockets")
        return _open_socket(socket.AF_UNIX, address.path, until)
    last_error: OSError = OSError("the host name resolves to no address")
    for family, target in _resolve(address.host, address.port, until):
        try:
            connected = _open_socket(family, target, until)
        except OSError as error:
            last_error = error
            continue
        if address.tls is None:
            return connected
        return _start_tls(connected, address.tls, address, until)
    raise last_error


def _open_socket(family: int, target: Any, until: float) -> socket.socket:
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.settimeout(time_left(until))
        made.connect(target)
        if family in (socket.AF_INET, socket.AF_INET6):
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        made.close()
        raise
    return made


def _start_tls(
    connected: socket.socket, tls: ssl.SSLContext, address: RedisAddress, until: float
) -> socket.socket:
    try:
        connected.settimeout(time_left(until))
        return tls.wrap_socket(connected, server_hostname=address.host)
    except BaseException:
        connected.close()
        raise


def _resolve(host: str, port: int, until: float) -> list[tuple[int, Any]]:
    """Resolve a host name within the deadline."""
    found: list[tuple[int, Any]] = []
    failed: list[OSError] = []

    def look_up(flags: int = 0) -> None:
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=flags)
            found.extend((family, target) for family, _, _, _, target in infos)
        except (OSError, UnicodeError) as error:
            failed.append(error if isinstance(error, OSError) else OSError(str(error)))

    look_up(socket.AI_NUMERICHOST)  # an IP address needs no thread
    if not found:
        failed.clear()
        # getaddrinfo takes no timeout: a thread of its own is the only way to stop waiting for it.
        thread = threading.Thread(target=look_up, name="mockdouyin name", daemon=True)
        thread.start()
        thread.join(time_left(until))
    if failed:
        raise failed[0]
    if not found:
        raise TimeoutError(f"{host} was not found in time")
    return found
