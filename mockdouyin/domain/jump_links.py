"""Links into the Douyin app that a server asks for: to a share, a page, a chat or a video."""

from __future__ import annotations

from typing import ClassVar
from urllib.parse import parse_qs, quote, urlsplit

from mockdouyin.core.apps import App
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

WEBVIEW = "snssdk1128://webview"
SLINK = "https://open.douyin.com/platform/oauth/slink/"


class JumpLink(Record, frozen=True):
    """An issued link, and what it opens."""

    TABLE: ClassVar[str] = "Link"

    app: str
    what: str
    fields: dict[str, str]


class LinkCount(Record, frozen=True):
    """How many links an app has been issued."""

    TABLE: ClassVar[str] = "LinkCount"

    count: int = 0


def new_link(
    world: WorldState, unit: Unit, app: App, what: str, fields: dict[str, str], expires: float
) -> str:
    """Return a new link that opens something in the Douyin app until it expires."""
    counted = unit.read(LinkCount, app.client_key) or LinkCount()
    token = world.ids.tag + world.ids.hex(24, "slink", app.client_key, counted.count)
    unit.write(app.client_key, LinkCount(count=counted.count + 1))
    unit.write(token, JumpLink(app=app.client_key, what=what, fields=fields, expires=expires))
    page = f"{SLINK}?token={token}&client_key={app.client_key}"
    return f"{WEBVIEW}?url={quote(page, safe='')}"


def find_link(unit: Unit, schema: str) -> JumpLink | None:
    """Return what a link opens; None if it was not issued here or has expired."""
    try:
        page = parse_qs(urlsplit(schema).query).get("url", [""])[0]
        token = parse_qs(urlsplit(page).query).get("token", [""])[0]
    except ValueError:  # urlsplit refuses brackets where a host should be
        return None
    return unit.read(JumpLink, token) if token else None
