"""Answers for a person's browser: a redirect, or a page as data."""

from __future__ import annotations

import re
from typing import Literal
from urllib.parse import quote

import msgspec

from mockdouyin.core.errors import MockDouyinError, report_bug
from mockdouyin.core.http import Reply, Request, complaint
from mockdouyin.core.parameters import query_pairs
from mockdouyin.core.texts import Language, Text, parse_language

NameProblem = Literal["", "no_name", "bad_name"]
PhoneReach = Literal["anywhere", "loopback", "douyin"]

_MAX_LANGUAGES = 20
"""Languages of Accept-Language that are examined."""

_MAX_HOST = 300
"""Characters of a Host header: more than the longest DNS name with a port."""

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


class Redirect(msgspec.Struct, frozen=True):
    """Send the browser on, with HTTP 302."""

    location: str


class Download(msgspec.Struct, frozen=True):
    """A file in place of a JSON answer."""

    body: bytes
    content_type: str
    name: str = ""
    """What a browser saves it as; a file without a name is shown."""


class RefusalPage(msgspec.Struct, frozen=True):
    """Douyin's error page: the browser is not redirected."""

    code: int
    text: str
    why: Text
    """For the one who debugs; never what stands in redirect_uri."""
    family: str = "oauth"
    """Of which family the page is that was not shown."""


class ScopeLine(msgspec.Struct, frozen=True):
    """A scope on the consent page."""

    scope: str
    ticked: bool = True


class PersonLine(msgspec.Struct, frozen=True):
    """A person who can be chosen on the consent page."""

    name: str
    nickname: str
    place: str
    welcome: bool
    """False for a person who is not on a trial app's white list."""


class ConsentPage(msgspec.Struct, frozen=True, kw_only=True):
    """The consent page: an app asks a person for scopes."""

    app: str
    client_key: str
    trial: bool
    required: tuple[ScopeLine, ...]
    optional: tuple[ScopeLine, ...]
    own: tuple[ScopeLine, ...]
    """Scopes that belong to the app alone and that no person grants."""
    people: tuple[PersonLine, ...]
    chosen: str
    new_person: str
    problem: NameProblem
    """What is wrong with the name given for a new person."""
    host: str
    """The host that the person returns to."""
    address: str
    """The URL of this page, as encoded in its QR code."""
    reach: PhoneReach
    """Who can open that URL: any phone, this machine only, or only the real Douyin's users."""
    turned: str
    """The query of this page in the other language."""
    scanned: bool
    """Whether a QR code of get_qrcode opened this page, and another screen waits for it."""
    form_token: str
    """The form's CSRF token."""


class DecisionPage(msgspec.Struct, frozen=True):
    """The confirmation of a decision that no redirect reports."""

    app: str
    person: str
    scanned: bool


MerchantProblem = Literal["", "no_name", "no_channel", "bad_amount", "too_much"]


class ChannelLine(msgspec.Struct, frozen=True):
    """A channel of payment that a merchant can be onboarded to."""

    channel: str
    ticked: bool


class MerchantPage(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant's page: its application and how that stands, or its account."""

    app: str
    """The app for which it is onboarded."""
    sandbox: bool
    merchant_id: str
    own_number: str
    """Its sub_merchant_id."""
    shows_account: bool
    standing: str
    """`none`, `ok`, `refused`, `in_review` or `frozen`."""
    name: str
    channels: tuple[ChannelLine, ...]
    reason: str
    """Why it was refused or frozen."""
    review_left: str
    """How long its review still lasts, as `1m`."""
    amounts: dict[str, str]
    """In yuan, by place: `transit`, `balance`, `frozen`, `withdrawn`."""
    amount: str
    """What was filled in to be withdrawn."""
    problem: MerchantProblem
    """What is wrong with what was filled in."""
    turned: str
    """The query of this page in the other language."""


class LinkPage(msgspec.Struct, frozen=True, kw_only=True):
    """Where a link or a QR code leads: what the Douyin app would open."""

    kind: str
    """`url_link`, `schema` or `qr_code`."""
    address: str
    """What was opened."""
    app: str
    client_key: str
    host: str
    """The app that opens it: `douyin`, `douyinlite`, …; empty for a schema."""
    path: str
    query: tuple[tuple[str, str], ...]
    made: str
    """When it was made, in Beijing's time."""
    ends: str
    """When it expires; empty for one that never does."""
    left: str
    """How long it still lasts, as `2d`."""
    person: str
    """Who opens it."""
    turned: str
    """The query of this page in the other language."""


def language_of(request: Request, default: Language = "zh") -> Language:
    """Return the language of an answer: `lang`, else Accept-Language, else the default."""
    told = parse_language(dict(query_pairs(request.query)).get("lang", ""))
    return told or preferred_language(request.header(b"accept-language"), default)


def preferred_language(accepted: str, default: Language) -> Language:
    """Return the language that an Accept-Language header likes best."""
    best: tuple[float, Language] = (0.0, default)
    given = accepted.lower().split(",", _MAX_LANGUAGES)[:_MAX_LANGUAGES]
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
    """Return the start of a URL by which the sender of a request reaches us and its world."""
    host = request.header(b"host")
    if len(host) > _MAX_HOST or not _HOST.fullmatch(host):
        host = douyin[0]
    secure = host in douyin or request.header(b"x-forwarded-proto") == "https"
    world = f"/@{quote(request.world, safe='')}" if request.world else ""
    return f"http{'s' if secure else ''}://{host}{world}"


def is_from_elsewhere(request: Request) -> bool:
    """Whether a browser reports that a page of another site sent the request."""
    sites = [value for name, value in request.headers if name == b"sec-fetch-site"]
    if sites:
        return any(site.lower() not in (b"same-origin", b"none") for site in sites)
    origin = request.header(b"origin").lower()
    # A reverse proxy may have replaced the Host header that the browser sent.
    hosts = (request.header(b"host").lower(), request.header(b"x-forwarded-host").lower())
    return origin != "" and origin not in [f"{s}://{h}" for s in ("http", "https") for h in hosts]


def complaint_about(error: Exception, request: Request, default: Language) -> Reply:
    """Return mockdouyin's own refusal of a request, in the language that it asks for.

    Any error but its own is reported as a bug of mockdouyin's: it must never look like a refusal
    of Douyin's.
    """
    language = language_of(request, default)
    if isinstance(error, MockDouyinError):
        return complaint(error.status, error.render(language))
    return complaint(500, report_bug(error).render(language))
