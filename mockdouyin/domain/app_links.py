"""Links into a mini-app that a server asks for: URL links, schemas, and the ones in QR codes."""

from __future__ import annotations

from typing import ClassVar, Literal
from urllib.parse import parse_qs, quote, urlsplit

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, HOUR, format_duration
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.links import Link
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import link_texts as texts

LinkKind = Literal["url_link", "schema", "qr_code"]

SHORT_HOST = "z.douyin.com"
PAGE_PATH = "/mini_app/link/"
"""The path of the page that a link opens, which is mockdouyin's own."""

SCHEMA = "sslocal://miniapp?ticket="
_TICKET = "v1_"

LONGEST = 180 * DAY
"""How far ahead a link may expire."""


class AppLink(Record, frozen=True):
    """A link, and where in its app it leads."""

    TABLE: ClassVar[str] = "AppLink"

    RETAIN = 30 * DAY

    app: str
    kind: LinkKind
    number: int
    """The number of the link among the app's of its kind."""
    created: float
    path: str = ""
    query: str = ""
    """JSON, as the app sent it."""
    host: str = ""
    """The app that opens it: `douyin`, `douyinlite`, …"""

    @property
    def link(self) -> Link:
        """The link, as what happens with it."""
        return Link("link", self.app, number=self.number, part=self.kind)

    @property
    def is_lasting(self) -> bool:
        """Whether it never expires."""
        return self.expires == FOREVER


class AppLinkCount(Record, frozen=True):
    """How many links of a kind an app has made, and how many of these never expire."""

    TABLE: ClassVar[str] = "AppLinkCount"

    RETAIN = FOREVER

    made: int = 0
    lasting: int = 0

    @property
    def passing(self) -> int:
        """How many of them expire."""
        return self.made - self.lasting


def counted(unit: Unit, app: App, kind: LinkKind) -> AppLinkCount:
    """Return how many links of a kind an app has made."""
    return unit.find(AppLinkCount, f"{app.client_key} {kind}") or AppLinkCount()


def make(
    world: WorldState,
    unit: Unit,
    app: App,
    kind: LinkKind,
    *,
    path: str,
    query: str = "",
    host: str = "",
    expires: float = FOREVER,
) -> str:
    """Make a link; return its key."""
    count = counted(unit, app, kind)
    number = count.made + 1
    lasting = count.lasting + (expires == FOREVER)
    unit.write(f"{app.client_key} {kind}", AppLinkCount(made=number, lasting=lasting))
    link = AppLink(
        app=app.client_key,
        kind=kind,
        number=number,
        path=path,
        query=query,
        host=host,
        created=unit.now,
        expires=expires,
    )
    key = world.ids.tag + world.ids.base62(9, "app_link", kind, app.client_key, number)
    unit.write(key, link)
    unit.link(link.link)
    return key


def check_quota(world: WorldState, used: int) -> None:
    """Refuse a call that would make more links than the app may have."""
    most = world.settings.link_quota
    if used >= most:
        raise DouyinError("quota_used_up", texts.LINKS_USED_UP(used=used, most=most))


def bounded(now: float, expire_time: int) -> float:
    """Return when a link expires, or refuse a call for the past, or for too far ahead."""
    if not now < expire_time <= now + LONGEST:
        why = texts.LINK_EXPIRY(got=str(expire_time)[:30], now=f"{now:.0f}")
        raise DouyinError("bad_params", why, detail="expire_time is out of range")
    return float(expire_time)


def whole_hours(now: float, expires: float) -> float:
    """Return when a URL link expires that was to expire then: it lasts whole hours, rounded up."""
    return now - (now - expires) // HOUR * HOUR


def url_of(key: str) -> str:
    """Return the URL link with this key."""
    return f"https://{SHORT_HOST}/{key}"


def schema_of(key: str) -> str:
    """Return the schema with this key."""
    return f"{SCHEMA}{_TICKET}{key}"


def page_of(origin: str, key: str) -> str:
    """Return the address of the page that a link opens."""
    return f"{origin}{PAGE_PATH}?link={quote(key, safe='')}"


def key_of(address: str) -> str:
    """Return the key in a URL link, a schema or the address of the page, or what was given."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:  # brackets where a host should be
        return ""
    query = parse_qs(parts.query)
    given = query.get("ticket") or query.get("link") or [parts.path.strip("/")]
    return given[0].removeprefix(_TICKET)


def find(unit: Unit, address: str) -> tuple[str, AppLink | None]:
    """Return the key and the link of an address, expired or not, and link the unit to it."""
    key = key_of(address)
    found = unit.find(AppLink, key) if key else None
    if found is not None:
        unit.link(found.link)
    return key, found


def living(unit: Unit, address: str, app: App | None = None) -> tuple[str, AppLink]:
    """Return the key and the link of an address, or refuse the call.

    One of another app is as good as none, and so is one that has expired.
    """
    key, found = find(unit, address)
    if found is None:
        raise DouyinError("not_found", texts.LINK_UNKNOWN(got=address[:200]))
    if app is not None and found.app != app.client_key:
        raise DouyinError("not_found", texts.LINK_OF_OTHER(app=found.app))
    if found.expires <= unit.now:
        ago = unit.now - found.expires
        raise DouyinError("not_found", texts.LINK_EXPIRED(ago=format_duration(int(ago))))
    return key, found
