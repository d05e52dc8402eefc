"""Sharing from the person's side: a link is built, examined, and opened in the Douyin app."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.store import Unit
from mockdouyin.core.webhooks import Happened, emit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import jump_links, sharing, tickets, videos
from mockdouyin.domain.share_ids import Share, new_share

Answer = dict[str, Any]


class OpenedLink(msgspec.Struct, forbid_unknown_fields=True):
    """A link, and who opens it."""

    schema: str
    person: str | None = None


class NewLink(msgspec.Struct, forbid_unknown_fields=True):
    """A share link to be built, with everything that it needs fetched for it."""

    app: str | None = None
    image_path: str = ""
    image_list_path: list[str] = []
    video_path: str = ""
    title: str = ""
    hashtag_list: list[str] = []
    state: str | None = None
    """A share id of one's own; a new one is fetched where it is left out."""


def build(world: WorldState, given: NewLink) -> Answer:
    """Build a link as a right backend does: share id, ticket, signature, each value encoded."""
    with world.lock:
        app = world.find_app(given.app, "web")
        unit = world.store.unit(world.clock.now())
        state = given.state
        if state is None:
            state = new_share(world, unit, app, need_callback=True, default_hashtag="")
        ticket, _ = tickets.open_ticket(world, unit, app)
        nonce = world.ids.base62(32, "nonce", app.client_key, ticket)
        media = _media(given)
        fields = sharing.build(app, ticket, nonce, int(unit.now), {**media, "state": state})
        unit.commit()
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items() if value)
    return {"schema": f"{sharing.SCHEMA}?{query}", "fields": fields}


def _media(given: NewLink) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for name in ("image_path", "video_path", "title"):
        if value := getattr(given, name):
            chosen[name] = value
    for name in ("image_list_path", "hashtag_list"):
        if value := getattr(given, name):
            chosen[name] = msgspec.json.encode(value).decode()
    if not set(chosen) & set(sharing.MEDIA):
        chosen["image_path"] = "https://app.example.test/picture.jpg"
    return chosen


def verify(world: WorldState, given: OpenedLink) -> Answer:
    """Examine a link: what the Douyin app would take, and what is wrong with the rest."""
    with world.lock:
        unit = world.store.unit(world.clock.now())
        return _shown(sharing.examine(world, unit, given.schema))


def verify_js(world: WorldState, given: sharing.JsCall) -> Answer:
    """Examine what a page gives to the JS SDK."""
    with world.lock:
        unit = world.store.unit(world.clock.now())
        return _shown(sharing.examine_js(world, unit, given))


def _shown(verdict: sharing.ShareVerdict) -> Answer:
    return {
        "ok": verdict.ok,
        "problems": [msgspec.structs.asdict(problem) for problem in verdict.problems],
        "warnings": [msgspec.structs.asdict(warning) for warning in verdict.warnings],
        "fields": verdict.fields,
    }


class RefusedLinkError(MockDouyinError):
    """A link that the Douyin app does not take."""

    def __init__(self, verdict: sharing.ShareVerdict) -> None:
        lines = [f"{p.part}: {p.why}" for p in verdict.problems]
        super().__init__("the Douyin app does not take the link: " + "; ".join(lines))


def publish(world: WorldState, given: OpenedLink) -> Answer:
    """Open a link in the Douyin app and publish: the video is listed, create_video goes out."""
    with world.lock:
        unit = world.store.unit(world.clock.now())
        person = world.people.find(given.person) if given.person else world.people.first
        app, fields = _opened(world, unit, given.schema)
        state = fields.get("state", "")
        share = unit.find(Share, state)
        video = videos.publish(
            world,
            unit,
            app,
            person,
            title=fields.get("title", ""),
            share_id=state if share else "",
            media_type=videos.VIDEO if fields.get("video_path") else videos.IMAGES,
        )
        told = None
        if share is None or share.need_callback:
            content = {
                "share_id": state,
                "item_id": video.item_id,
                "has_default_hashtag": _has_default(share, fields),
                "video_id": video.video_id,
            }
            what = Happened(event="create_video", person=person, content=content)
            told = emit(world, unit, app, what)
        unit.commit()
    return {
        "person": person,
        "item_id": video.item_id,
        "video_id": video.video_id,
        "share_id": state,
        "delivery": told.id if told else None,
    }


def _opened(world: WorldState, unit: Unit, schema: str) -> tuple[App, dict[str, str]]:
    """Give the app and the parameters of a link that may be published."""
    schema = schema.strip()
    if schema.startswith(jump_links.WEBVIEW):
        link = jump_links.find_link(unit, schema)
        if link is None or link.what != "share" or link.app not in world.apps:
            raise NotFoundError("the link is none of this world's share links, or has expired")
        return world.apps[link.app], link.fields
    verdict = sharing.examine(world, unit, schema)
    if not verdict.ok:
        raise RefusedLinkError(verdict)
    return world.apps[verdict.fields["client_key"]], verdict.fields


def _has_default(share: Share | None, fields: dict[str, str]) -> bool | None:
    """Whether the default hashtag was kept; null where there was none."""
    if share is None or not share.default_hashtag:
        return None
    hashtags = sharing.read_strings(fields.get("hashtag_list", "")) or []
    return share.default_hashtag.strip("#") in [each.strip("#") for each in hashtags]
