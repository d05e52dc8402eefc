"""What a person's browser is given in place of JSON: a redirect, or a page as data."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

import msgspec

from mockdouyin.core.http import Request
from mockdouyin.core.parameters import query_pairs
from mockdouyin.core.texts import Language, Text

NameProblem = Literal["", "no_name", "bad_name"]
PhoneReach = Literal["anywhere", "loopback", "douyin"]

_LANGUAGES = 20
"""Languages of Accept-Language that are looked at: the first ones are meant the most."""

_LONGEST_HOST = 300
"""The longest name that DNS has, its port, and some."""

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


class Redirect(msgspec.Struct, frozen=True):
    """The browser is sent on, with HTTP 302."""

    location: str


class RefusalPage(msgspec.Struct, frozen=True):
    """Douyin's page that says no: nobody is redirected."""

    code: int
    text: str
    why: Text
    """For the one who debugs; never what stands in redirect_uri."""


class ScopeLine(msgspec.Struct, frozen=True):
    """A scope on the consent page."""

    scope: str
    ticked: bool = True


class PersonLine(msgspec.Struct, frozen=True):
    """Someone who may be the one that consents."""

    name: str
    nickname: str
    place: str
    welcome: bool
    """False for one who is not on the white list of a trial app."""


class ConsentPage(msgspec.Struct, frozen=True, kw_only=True):
    """The consent page: who asks whom for what."""

    app: str
    client_key: str
    trial: bool
    required: tuple[ScopeLine, ...]
    optional: tuple[ScopeLine, ...]
    own: tuple[ScopeLine, ...]
    """Scopes of the app alone, which no person grants."""
    people: tuple[PersonLine, ...]
    chosen: str
    new_person: str
    problem: NameProblem
    """What was wrong with the name of a new person."""
    host: str
    """Where the person goes back to."""
    address: str
    """What a scanned code opens: this page."""
    reach: PhoneReach
    """Who can open that address: any phone, this machine alone, or the real Douyin's visitors."""
    turned: str
    """The query of this page in the other language."""
    scanned: bool
    """The page was opened by scanning a code of get_qrcode; another screen waits for it."""
    form_token: str
    """What the form carries, so that no other page can send it."""


class DecisionPage(msgspec.Struct, frozen=True):
    """What a person decided, where no redirect tells it."""

    app: str
    person: str
    scanned: bool


def language_of(request: Request, default: Language = "zh") -> Language:
    """Return the language of an answer: `lang`, else Accept-Language, else the default."""
    told = dict(query_pairs(request.query)).get("lang", "")
    if told[:2].lower() in ("zh", "en"):
        return "zh" if told[:2].lower() == "zh" else "en"
    best: tuple[float, Language] = (0.0, default)
    given = request.header(b"accept-language").lower().split(",", _LANGUAGES)[:_LANGUAGES]
    for number, part in enumerate(given):
        name, _, weight = part.strip().partition(";q=")
        if name and name != "*":
            rank = _weight(weight) - number / 1000
            best = max(best, (rank, "zh" if name.startswith("zh") else "en"))
    return best[1]


def _weight(text: str) -> float:
    try:
        return float(text or "1")
    except ValueError:
        return 0.0


def origin_of(request: Request, douyin: tuple[str, ...]) -> str:
    """Give the head of an address by which this request's sender reaches us, and this world."""
    host = request.header(b"host")
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host):
        host = douyin[0]
    secure = host in douyin or request.header(b"x-forwarded-proto") == "https"
    world = f"/@{quote(request.world, safe='')}" if request.world else ""
    return f"http{'s' if secure else ''}://{host}{world}"


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser tells that a page of another site sends this."""
    sites = [value for name, value in request.headers if name == b"sec-fetch-site"]
    if sites:
        return any(site.lower() not in (b"same-origin", b"none") for site in sites)
    origin = request.header(b"origin").lower()
    # A reverse proxy may have put its own name in place of the one that the browser knows.
    hosts = (request.header(b"host").lower(), request.header(b"x-forwarded-host").lower())
    return origin != "" and origin not in [f"{s}://{h}" for s in ("http", "https") for h in hosts]
