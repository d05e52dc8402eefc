"""Who may use the control API: its token, and how it tells its own callers from strangers.

Nothing about the peer's address is trusted: a browser, a rebound name and a neighbour's proxy
all come from an address that looks right. What a browser cannot forge is Host, Origin and
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
from mockdouyin.server.listening import is_loopback

OPEN = frozenset(("/_mock/health", "/_mock/proxy.pac", "/_mock/ca.pem"))
"""What anybody may GET: it tells nothing but that a server is here, and whom to trust for it."""

PAGES = frozenset(("/", "/_mock", "/_mock/"))
"""Pages for people, to which any other page may link."""

SCRIPT = "/_mock/tt.js"
"""The script that any page may load; its calls are judged by the page's origin."""

LOCAL_PAGES = (
    ("GET", re.compile(re.escape(SCRIPT))),
    ("POST", re.compile(r"/_mock(/worlds/[^/]+)?/phone/[^/]+")),
)
"""What a page of this machine, at whatever port, may ask for: the script, and what it calls."""

_TOKEN = re.compile(r"[!-~]+")
_AUTHORITY = re.compile(
    r"(?:\[(?P<v6>[0-9a-f:.]+)\]|(?P<name>[^\s:@\[\]/?#\\,%]+))(?::(?P<port>\d{0,5}))?"
)
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<authority>.+)")
_PORTS = {"http": 80, "https": 443}


class AccessRefusal(NamedTuple):
    """Why a request to the control API is refused, as HTTP says it and in words."""

    status: int
    says: str


class _Host(NamedTuple):
    """A host and a port, as a Host or an Origin header writes them."""

    name: str
    port: int | None
    is_address: bool

    @property
    def is_loopback(self) -> bool:
        return is_loopback(self.name)


class Access:
    """The policy of one control API.

    A token, where there is one, is wanted from everybody. Without it a request needs to come to
    a server that listens on loopback alone, by an address or a name of its own, and from no page
    of another origin.
    """

    def __init__(
        self, token: str = "", names: Collection[str] = (), *, is_made: bool = False
    ) -> None:
        if token and not _TOKEN.fullmatch(token):
            raise MockDouyinError(
                "the control token has to go into a header: use ASCII letters, digits and"
                " punctuation, with no space"
            )
        self.token = token
        self.names = frozenset(map(_name, names))
        self.is_made = is_made
        """Whether the token was made here, so that nobody knows it unless told."""

    def listening_at(self, addresses: Iterable[str]) -> Access:
        """Return this policy for a server at these addresses: one that others reach has a token.

        Every worker and replica of a server needs the same one.
        """
        if self.token or all(map(is_loopback, addresses)):
            return self
        return Access(new_token(), self.names, is_made=True)

    def named(self, name: str) -> Access:
        """Return this policy with one more name of the server."""
        return Access(self.token, [*self.names, name], is_made=self.is_made)

    def judge(
        self, method: str, path: str, headers: Headers, addresses: Collection[str]
    ) -> AccessRefusal | None:
        """Return why a request to a server at these addresses is refused, None where it is not."""
        if path in OPEN and method in ("GET", "HEAD"):
            return None
        if is_preflight(method, headers):
            return None if shared_with(method, path, headers) else _strange_page(headers)
        if self.token:
            return None if self._is_shown(headers) else _NEEDS_TOKEN
        if not addresses or not all(map(is_loopback, addresses)):
            return _NEEDS_A_TOKEN_FIRST
        return self._host_refused(headers) or self._page_refused(method, path, headers)

    def _is_shown(self, headers: Headers) -> bool:
        """Whether a request carries the token; compared in constant time."""
        shown = False
        for value in _all(headers, b"authorization"):
            scheme, _, token = value.strip().partition(" ")
            right = hmac.compare_digest(token.strip().encode("latin-1"), self.token.encode())
            shown = shown or (right and scheme.lower() == "bearer")
        return shown

    def _host_refused(self, headers: Headers) -> AccessRefusal | None:
        """Refuse what a rebound name leads here: its Host is a name that is not ours."""
        given = _all(headers, b"host")
        if len(given) != 1:
            return AccessRefusal(403, f"a request has one Host header; this one has {len(given)}")
        host = _read_authority(given[0])
        if host is not None and self._is_ours(host):
            return None
        name = host.name[:200] if host is not None else "NAME"
        return AccessRefusal(
            403,
            f"{given[0][:200]!r} is not a host of this server; use its IP address or localhost,"
            f" or start it with --name {name}",
        )

    def _is_ours(self, host: _Host) -> bool:
        return host.is_address or host.name == "localhost" or host.name in self.names

    def _page_refused(self, method: str, path: str, headers: Headers) -> AccessRefusal | None:
        """Refuse what a page of another origin makes a browser send."""
        origins = _all(headers, b"origin")
        if not origins:
            return _site_refused(method, path, headers)
        if not self._is_own(origins, headers) and not shared_with(method, path, headers):
            return _strange_page(headers)
        return _form_refused(headers)

    def _is_own(self, origins: list[str], headers: Headers) -> bool:
        """Whether a page of this very server asks."""
        asked = _read_origin(origins)
        host = _read_authority(_all(headers, b"host")[0])
        if asked is None or host is None:
            return False
        scheme, origin = asked
        # What stands before the server may speak TLS for a name; it does not for an address.
        usual = _PORTS[scheme if host.name in self.names else "http"]
        port = origin.port if origin.port is not None else _PORTS[scheme]
        return (origin.name, port) == (host.name, usual if host.port is None else host.port)


_NEEDS_TOKEN = AccessRefusal(
    401,
    "this server needs its control token, which it printed when it began or was given with"
    " --control-token: send `Authorization: Bearer TOKEN`; commands and tests take it from"
    f" {TOKEN_VARIABLE}",
)
_NEEDS_A_TOKEN_FIRST = AccessRefusal(
    401,
    "other machines may reach this server, and it has no control token; start it with"
    f" --control-token or {TOKEN_VARIABLE}, or listen on 127.0.0.1",
)


def _strange_page(headers: Headers) -> AccessRefusal:
    origin = ", ".join(_all(headers, b"origin"))[:200]
    return AccessRefusal(
        403,
        f"a page of another origin ({origin}) may not use the control API; call it from a page"
        " of this server, from your own backend, or from a test",
    )


def _strange_site(sites: list[str]) -> AccessRefusal:
    return AccessRefusal(
        403,
        "a browser sent this for a page of another site"
        f" (Sec-Fetch-Site: {', '.join(sites)[:99]}); open the address itself",
    )


def new_token() -> str:
    """Return a token that nobody can guess."""
    import secrets  # seldom needed

    return secrets.token_urlsafe(24)


def is_preflight(method: str, headers: Headers) -> bool:
    """Whether a browser asks if a page may send what comes next."""
    return method == "OPTIONS" and bool(_all(headers, b"access-control-request-method"))


def shared_with(method: str, path: str, headers: Headers) -> str:
    """Return the origin of another page of this machine that may send this and read the answer."""
    origins = _all(headers, b"origin")
    if is_preflight(method, headers):
        method = _all(headers, b"access-control-request-method")[0]
    asked = _read_origin(origins)
    if asked is None or not asked[1].is_loopback:
        return ""
    return origins[0] if any(method == m and p.fullmatch(path) for m, p in LOCAL_PAGES) else ""


def _site_refused(method: str, path: str, headers: Headers) -> AccessRefusal | None:
    """Refuse what a page of another site loads as a picture, a frame or a script."""
    sites = [site.lower() for site in _all(headers, b"sec-fetch-site")]
    if all(site in ("same-origin", "none") for site in sites) or _is_visit(method, path, headers):
        return None
    if method == "GET" and path == SCRIPT:
        return None
    return _strange_site(sites)


def _is_visit(method: str, path: str, headers: Headers) -> bool:
    """Whether somebody followed a link to a page."""
    how = (_all(headers, b"sec-fetch-mode"), _all(headers, b"sec-fetch-dest"))
    return method == "GET" and path in PAGES and how == (["navigate"], ["document"])


def _form_refused(headers: Headers) -> AccessRefusal | None:
    """Refuse bodies of the types that a form can send, where a page sends them."""
    lengths = _all(headers, b"content-length")
    if not _all(headers, b"transfer-encoding") and all(n.strip("0 ") == "" for n in lengths):
        return None
    types = _all(headers, b"content-type")
    if [kind.partition(";")[0].strip().lower() for kind in types] == ["application/json"]:
        return None
    seen = ", ".join(types)[:200] or "none"
    return AccessRefusal(
        403, f"a page sends JSON here: Content-Type is application/json, was {seen!r}"
    )


def _all(headers: Headers, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in headers if key == name]


def _read_authority(text: str) -> _Host | None:
    """Read `host`, `host:port` or `[address]:port`; None where it is something else."""
    found = _AUTHORITY.fullmatch(text.strip().lower())
    if found is None:
        return None
    port = int(found["port"]) if found["port"] else None
    name = found["v6"] or found["name"].removesuffix(".")
    try:
        return _Host(str(ip_address(name)), port, True)
    except ValueError:
        return None if found["v6"] or not name else _Host(name, port, False)


def _read_origin(origins: list[str]) -> tuple[str, _Host] | None:
    """Read the one Origin; None where it is `null`, or not of the web."""
    found = _ORIGIN.fullmatch(origins[0].lower()) if len(origins) == 1 else None
    host = _read_authority(found["authority"]) if found is not None else None
    return (found["scheme"], host) if found is not None and host is not None else None


def _name(text: str) -> str:
    """Read a name of the server, as --name takes it."""
    read = _read_authority(text)
    if read is None or read.port is not None:
        raise MockDouyinError(
            f"--name takes a host alone, such as douyin.example.com, not {text[:200]!r}"
        )
    return read.name
