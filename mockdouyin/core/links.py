"""Links: what a thing that happens belongs to, such as login 7 of 小明 in an app."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

import msgspec


class Link(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What several things that happen have in common, named by what its ids are derived from.

    It holds no secret: a login's link names the app, the person and the count of the login, and
    neither its code nor its session_key.
    """

    kind: str
    """`login`, `grant`, `share`, `subscription`, …"""
    app: str
    """The client_key."""
    person: str = ""
    number: int = 0
    part: str = ""
    """What else the ids derive from, such as a template."""

    @property
    def id(self) -> str:
        """The link as one word for an address: `login:tt0123456789abcdef:小明:7`."""
        return _id_of(self)


@lru_cache(maxsize=4096)
def _id_of(link: Link) -> str:
    words = (link.kind, link.app, link.person, str(link.number), link.part)
    return ":".join(w if w.isalnum() else quote(w, safe="-_.~") for w in words if w)
