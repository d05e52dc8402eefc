"""The address of a Redis, taken apart: where it is, and what is said there first."""

from __future__ import annotations

import ssl
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from mockdouyin.core.errors import MockDouyinError, did_you_mean

RedisCommand = Sequence[Any]

PORT = 6379

_OWN = ("db", "username", "password")
_TLS = (
    *("ssl_ca_certs", "ssl_ca_path", "ssl_cert_reqs", "ssl_check_hostname"),
    *("ssl_certfile", "ssl_keyfile", "ssl_password"),
)
_NO = ("no", "none", "false", "0", "off")


class RedisAddress(NamedTuple):
    """Where a Redis is, and how to begin there."""

    host: str
    port: int
    path: str
    """A socket of the file system, where it is no host."""
    greeting: tuple[RedisCommand, ...]
    """What is said first: the password, the database, and whether anybody is there."""
    tls: ssl.SSLContext | None

    @property
    def place(self) -> str:
        """The address as it may be shown: without a password."""
        if self.path:
            return f"unix://{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'rediss' if self.tls else 'redis'}://{host}:{self.port}"


def parse_address(url: str) -> RedisAddress:
    """Parse redis://, rediss:// or unix://; an error never quotes what may be a password."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORT
    except ValueError:
        raise _refused("host and port cannot be read; a / or @ in a password is %2F or %40") from (
            None
        )
    if parts.scheme not in ("redis", "rediss", "unix"):
        scheme = f"{parts.scheme}://" if parts.scheme else "an address without a scheme"
        raise _refused(f"it begins with redis://, rediss:// or unix://, not {scheme}")
    is_unix = parts.scheme == "unix"
    if is_unix and not parts.path:
        raise _refused("unix:// is followed by the path of a socket")
    options = _options(parts)
    return RedisAddress(
        parts.hostname or "localhost",
        port,
        unquote(parts.path) if is_unix else "",
        _greeting(parts, options),
        _tls(options) if parts.scheme == "rediss" else None,
    )


def _refused(why: str) -> MockDouyinError:
    return MockDouyinError(f"--store is no address of a Redis: {why}")


def _options(parts: SplitResult) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    known = (*_OWN, *_TLS) if parts.scheme == "rediss" else _OWN
    for name in options:
        if name not in known:
            raise _refused(f"unknown option {name}{did_you_mean(name, known)}")
    return options


def _greeting(parts: SplitResult, options: dict[str, str]) -> tuple[RedisCommand, ...]:
    user = options.get("username") or unquote(parts.username or "")
    password = options.get("password") or unquote(parts.password or "")
    database = options.get("db") or ("" if parts.scheme == "unix" else parts.path.strip("/"))
    commands: list[RedisCommand] = []
    if password or user:
        commands.append(("AUTH", *([user] if user else []), password))
    if database and not (database.isascii() and database.isdigit()):
        raise _refused(f"the database is a number, not {database!r}")
    if database and int(database):
        commands.append(("SELECT", database))
    return (*commands, ("PING",))


def _tls(options: dict[str, str]) -> ssl.SSLContext:
    certificate, key = options.get("ssl_certfile"), options.get("ssl_keyfile")
    try:
        context = ssl.create_default_context(
            cafile=options.get("ssl_ca_certs"), capath=options.get("ssl_ca_path")
        )
        if certificate is not None:
            context.load_cert_chain(certificate, key, options.get("ssl_password", ""))
    except OSError as error:
        raise _refused(f"ssl_ca_certs, ssl_certfile or ssl_keyfile: {error.strerror}") from None
    if options.get("ssl_check_hostname", "").lower() in _NO:
        context.check_hostname = False
    if options.get("ssl_cert_reqs", "").lower() in _NO:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
