"""Who may use the control API: the token, and the checks against other sites' pages.

The peer's address proves nothing: a browser, a rebound name and a reverse proxy all connect from
an address that looks right. What a page cannot make a browser forge is Host, Origin and
Sec-Fetch-Site.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Collection, Iterable
from ipaddress import ip_address
from typing import NamedTuple

from mockdouyin.core.env_vars import TOKEN_VARIABLE
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Headers
from mockdouyin.core.texts import Text
from mockdouyin.server._error_texts import (
    FOREIGN_ORIGIN,
    FOREIGN_SITE,
    HOST_NAME_ONLY,
    JSON_ONLY,
    NEEDS_A_TOKEN_FIRST,
    NEEDS_TOKEN,
    NOT_A_HOST,
    ONE_HOST,
    TOKEN_CHARACTERS,
)
from mockdouyin.server.listening import is_loopback

PUBLIC_PATHS = frozenset(("/_mock/health", "/_mock/proxy.pac", "/_mock/ca.pem"))
"""Paths that anybody may GET: they reveal only that a server is here, and its certificate."""

PAGES = frozenset(("/", "/_mock", "/_mock/"))
"""Pages for people, to which any other page may link."""

DASHBOARD_FILES = "/_mock/ui/"
"""Below it are the files of the dashboard, which hold no data: nobody needs the token for them."""

SCRIPT = "/_mock/tt.js"
"""The script that any page may load; the calls it makes are checked by the page's origin."""

LOCAL_PAGES = (
    ("GET", re.compile(re.escape(SCRIPT))),
    ("POST", re.compile(r"/_mock(/worlds/[^/]+)?/phone/(?!answer$)[^/]+")),
)
"""What a page on this machine, at any port, may request: the script, and what it calls.

A page that asks a person does not answer for them.
"""

_TOKEN = re.compile(r"[!-~]+")
_AUTHORITY = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\s:@\[\]/?#\\,%]+))(?::(?P<port>\d{0,5}))?"
)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<authority>.+)")
_PORTS = {"http": 80, "https": 443}


class AccessRefusal(NamedTuple):
    """Why a request to the control API is refused, as an HTTP status and a text."""

    status: int
    says: Text


class _Host(NamedTuple):
    """A host and a port, as in a Host or Origin header."""

    name: str
    port: int | None
    is_address: bool

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.name)


class Access:
    """The access policy of one control API.

    Where there is a token, every request needs it. Without one, the server must listen on
    loopback only, Host must be an address or a known name of the server, and the request must not
    come from a page of another origin.
    """

    def __init__(
        self, token: str = "", names: Collection[str] = (), *, is_generated: bool = False
    ) -> None:
        if token and not _TOKEN.fullmatch(token):
            raise MockDouyinError(TOKEN_CHARACTERS())
        self.token = token
        self.names: frozenset[str] = frozenset(map(_parse_name, names))
        self.is_generated = is_generated
        """Whether the token was generated, so that it must be shown to the user."""

    def for_addresses(self, addresses: Iterable[str]) -> Access:
        """Return this policy for a server at these addresses, with a token if others reach it.

        Call it once for all workers of a server: they need the same token.
        """
        if self.token or all(map(is_loopback, addresses)):
            return self
        return Access(new_token(), self.names, is_generated=True)

    def with_name(self, name: str) -> Access:
        """Return this policy with one more name by which the server may be addressed."""
        return Access(self.token, [*self.names, name], is_generated=self.is_generated)

    def check(
        self, method: str, path: str, headers: Headers, addresses: Collection[str]
    ) -> AccessRefusal | None:
        """Return why a request to a server at these addresses is refused, or None."""
        if path in PUBLIC_PATHS and method in ("GET", "HEAD"):
            return None
        # A browser sends a preflight without the Authorization header: it cannot need the token.
        if is_preflight(method, headers):
            return None if shared_origin(method, path, headers) else _foreign_origin(headers)
        is_static = _is_static(method, path)
        if self.token:
            return None if is_static or self._has_token(headers) else _NEEDS_TOKEN
        if not addresses or not all(map(is_loopback, addresses)):
            return None if is_static else _NEEDS_A_TOKEN_FIRST
        return self._check_host(headers) or self._check_page(method, path, headers)

    def _has_token(self, headers: Headers) -> bool:
        """Whether a request carries the token; compared in constant time."""
        found = False
        for value in _all(headers, b"authorization"):
            scheme, _, token = value.strip().partition(" ")
            is_equal = hmac.compare_digest(token.strip().encode("latin-1"), self.token.encode())
            found = found or (is_equal and scheme.lower() == "bearer")
        return found

    def _check_host(self, headers: Headers) -> AccessRefusal | None:
        """Refuse a Host that is not this server's: a rebound DNS name arrives with such a one."""
        given = _all(headers, b"host")
        if len(given) != 1:
            return AccessRefusal(403, ONE_HOST(count=len(given)))
        host = _parse_authority(given[0])
        if host is not None and self._is_ours(host):
            return None
        name = host.name[:200] if host is not None else "NAME"
        return AccessRefusal(
            403,
            NOT_A_HOST(given=given[0][:200], name=name),
        )

    def _is_ours(self, host: _Host) -> bool:
        return host.is_address or host.name == "localhost" or host.name in self.names

    def _check_page(self, method: str, path: str, headers: Headers) -> AccessRefusal | None:
        """Refuse a request that a page of another origin made a browser send."""
        origins = _all(headers, b"origin")
        if not origins:
            return _check_site(method, path, headers)
        if not self._is_own(origins, headers) and not shared_origin(method, path, headers):
            return _foreign_origin(headers)
        return _check_content_type(headers)

    def _is_own(self, origins: list[str], headers: Headers) -> bool:
        """Whether the page is one of this very server's."""
        parsed = _parse_origin(origins)
        host = _parse_authority(_all(headers, b"host")[0])
        if parsed is None or host is None:
            return False
        scheme, origin = parsed
        # A reverse proxy may speak TLS for a name, in front of us; it does not for an address.
        usual = _PORTS[scheme if host.name in self.names else "http"]
        port = origin.port if origin.port is not None else _PORTS[scheme]
        return (origin.name, port) == (host.name, usual if host.port is None else host.port)


_NEEDS_TOKEN = AccessRefusal(
    401,
    NEEDS_TOKEN(variable=TOKEN_VARIABLE),
)
_NEEDS_A_TOKEN_FIRST = AccessRefusal(
    401,
    NEEDS_A_TOKEN_FIRST(variable=TOKEN_VARIABLE),
)


def _foreign_origin(headers: Headers) -> AccessRefusal:
    origin = ", ".join(_all(headers, b"origin"))[:200]
    return AccessRefusal(
        403,
        FOREIGN_ORIGIN(origin=origin),
    )


def _foreign_site(sites: list[str]) -> AccessRefusal:
    return AccessRefusal(
        403,
        FOREIGN_SITE(sites=", ".join(sites)[:99]),
    )


def new_token() -> str:
    """Return a token that nobody can guess."""
    import secrets  # loaded only here: most runs need no token

    return secrets.token_urlsafe(24)


def is_preflight(method: str, headers: Headers) -> bool:
    """Whether a request is a CORS preflight."""
    return method == "OPTIONS" and bool(_all(headers, b"access-control-request-method"))


def shared_origin(method: str, path: str, headers: Headers) -> str:
    """Return the origin of a page on this machine that may send this and read the answer."""
    origins = _all(headers, b"origin")
    if is_preflight(method, headers):
        method = _all(headers, b"access-control-request-method")[0]
    parsed = _parse_origin(origins)
    if parsed is None or not parsed[1].is_loopback:
        return ""
    return origins[0] if any(method == m and p.fullmatch(path) for m, p in LOCAL_PAGES) else ""


def _is_static(method: str, path: str) -> bool:
    """Whether it is the dashboard's page or one of its files, which are the same everywhere."""
    return method in ("GET", "HEAD") and (path in PAGES or path.startswith(DASHBOARD_FILES))


def _check_site(method: str, path: str, headers: Headers) -> AccessRefusal | None:
    """Refuse what a page of another site loads as an image, a frame or a script."""
    sites = [site.lower() for site in _all(headers, b"sec-fetch-site")]
    if all(site in ("same-origin", "none") for site in sites) or _is_visit(method, path, headers):
        return None
    if method == "GET" and path == SCRIPT:
        return None
    return _foreign_site(sites)


def _is_visit(method: str, path: str, headers: Headers) -> bool:
    """Whether somebody followed a link to a page."""
    how = (_all(headers, b"sec-fetch-mode"), _all(headers, b"sec-fetch-dest"))
    return method == "GET" and path in PAGES and how == (["navigate"], ["document"])


def _check_content_type(headers: Headers) -> AccessRefusal | None:
    """Refuse the content types that a form can send: a browser sends those without a preflight."""
    lengths = _all(headers, b"content-length")
    if not _all(headers, b"transfer-encoding") and all(n.strip("0 ") == "" for n in lengths):
        return None
    types = _all(headers, b"content-type")
    if [kind.partition(";")[0].strip().lower() for kind in types] == ["application/json"]:
        return None
    seen = ", ".join(types)[:200] or "none"
    return AccessRefusal(403, JSON_ONLY(seen=seen))


def _all(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == name]


def _parse_authority(text: str) -> _Host | None:
    """Parse `host`, `host:port` or `[address]:port`; return None for anything else."""
    found = _AUTHORITY.fullmatch(text.strip().lower())
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    name = found["v6"] or found["name"].removesuffix(".")
    try:
        return _Host(str(ip_address(name)), port, True)
    except ValueError:
        return None if found["v6"] or not name else _Host(name, port, False)


def _parse_origin(origins: list[str]) -> tuple[str, _Host] | None:
    """Parse the only Origin; return None if it is `null` or not http(s)."""
    found = _ORIGIN.fullmatch(origins[0].lower()) if len(origins) == 1 else None
    host = _parse_authority(found["authority"]) if found is not None else None
    return (found["scheme"], host) if found is not None and host is not None else None


def _parse_name(text: str) -> str:
    """Parse a name of the server, as --name takes it."""
    parsed = _parse_authority(text)
    if parsed is None or parsed.port is not None:
        raise MockDouyinError(HOST_NAME_ONLY(text=text[:200]))
    return parsed.name
