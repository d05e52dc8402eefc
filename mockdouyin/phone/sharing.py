"""Sharing from the person's side: a link is built, examined, and opened in the Douyin app."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language, as_text, text
from mockdouyin.core.webhooks import emit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import act_texts, jump_links, sharing, tickets, videos
from mockdouyin.domain.share_ids import Share, find_share, new_share
from mockdouyin.domain.share_signatures import JsCall, ShareProblem
from mockdouyin.phone._error_texts import NO_SHARE_LINK


class OpenedLink(msgspec.Struct, forbid_unknown_fields=True):
    """A link, and who opens it.

    哪个链接，谁打开。
    """

    schema: str
    """The link.

    链接。"""
    person: str | None = None
    """Who opens it; by default the first person.

    谁打开，默认是第一个用户。"""


class NewLink(msgspec.Struct, forbid_unknown_fields=True):
    """A share link to build; share id and ticket are fetched for it.

    要生成的分享链接，share_id 和 ticket 会自动获取。
    """

    app: str | None = None
    """The app that shares; by default the web app.

    分享的应用，默认是网站应用。"""
    image_path: str = ""
    """The address of a picture.

    图片地址。"""
    image_list_path: list[str] = []
    """The addresses of several pictures.

    多张图片的地址。"""
    video_path: str = ""
    """The address of a video.

    视频地址。"""
    title: str = ""
    """The text of the work.

    作品的文案。"""
    hashtag_list: list[str] = []
    """Its topics.

    话题。"""
    state: str | None = None
    """A share id; a new one is fetched if it is left out.

    share_id，没写就新取一个。"""


def build(world: WorldState, given: NewLink) -> dict[str, Any]:
    """Build a link as a backend should: share id, ticket, signature, each value URL-encoded."""
    app = world.find_app(given.app, "web")
    unit = world.store.unit(world.clock.now())
    state = given.state
    if state is None:
        state = new_share(world, unit, app, need_callback=True, default_hashtag="")
    ticket, _ = tickets.open_ticket(world, unit, app)
    nonce = world.ids.base62(32, "nonce", app.client_key, ticket)
    chosen = _media(given)
    fields = sharing.build(app, ticket, nonce, int(unit.now), {**chosen, "state": state})
    unit.commit()
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields.items() if value)
    result = {"schema": f"{sharing.SCHEMA}?{query}", "fields": fields}
    find_share(unit, state)
    says = act_texts.SHARE_BUILT(app=app.name)
    world.note(unit, "share.build", says, app=app.client_key, given=chosen, result=result)
    return result


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


def verify(
    world: WorldState, given: OpenedLink, language: Language = DEFAULT_LANGUAGE
) -> dict[str, Any]:
    """Examine a link; return what the Douyin app would not accept in it, and why."""
    unit = world.store.unit(world.clock.now())
    return _shown(sharing.examine(world, unit, given.schema), language)


def verify_js(
    world: WorldState, given: JsCall, language: Language = DEFAULT_LANGUAGE
) -> dict[str, Any]:
    """Examine what a page passes to the JS SDK."""
    unit = world.store.unit(world.clock.now())
    return _shown(sharing.examine_js(world, unit, given), language)


def _shown(verdict: sharing.ShareVerdict, language: Language) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        "problems": [_shown_problem(problem, language) for problem in verdict.problems],
        "warnings": [_shown_problem(warning, language) for warning in verdict.warnings],
        "fields": verdict.fields,
    }


def _shown_problem(problem: ShareProblem, language: Language) -> dict[str, Any]:
    return {
        "part": problem.part,
        "seen": as_text(problem.seen).render(language),
        "expected": as_text(problem.expected).render(language),
        "why": problem.why.render(language),
        "why_code": problem.why.code,
    }


LINK_REFUSED = text(
    "share_link_refused",
    zh="抖音 App 不接受该链接：{reasons}",
    en="the Douyin app does not take the link: {reasons}",
)


class RefusedLinkError(MockDouyinError):
    """A link that the Douyin app does not accept."""

    def __init__(self, verdict: sharing.ShareVerdict, language: Language) -> None:
        reasons = [f"{each.part}: {each.why.render(language)}" for each in verdict.problems]
        super().__init__(LINK_REFUSED(reasons="; ".join(reasons)).render(language))


def publish(
    world: WorldState, given: OpenedLink, language: Language = DEFAULT_LANGUAGE
) -> dict[str, Any]:
    """Open a link in the Douyin app and publish: the work is listed, create_video is sent."""
    unit = world.store.unit(world.clock.now())
    person = world.people.find(given.person) if given.person else world.people.first
    app, fields = _opened(world, unit, given.schema, language)
    state = fields.get("state", "")
    share = find_share(unit, state)
    video = videos.publish(
        world,
        unit,
        app,
        person,
        title=fields.get("title", ""),
        share_id=state if share else "",
        media_type=videos.VIDEO if fields.get("video_path") else videos.IMAGES,
    )
    made = {"share_id": state, "item_id": video.item_id, "video_id": video.video_id}
    delivery = None
    if share is None or share.need_callback:
        content = {**made, "has_default_hashtag": _has_default(share, fields)}
        delivery = emit(world, unit, app, "create_video", person, content=content)
    unit.commit()
    result = {"person": person, **made, "delivery": delivery.id if delivery else None}
    world.note(
        unit,
        "share.publish",
        act_texts.SHARE_PUBLISHED(person=person, app=app.name),
        app=app.client_key,
        person=person,
        given=msgspec.to_builtins(given),
        result=result,
    )
    return result


def _opened(
    world: WorldState, unit: Unit, schema: str, language: Language
) -> tuple[App, dict[str, str]]:
    """Return the app and the parameters of a link, or raise if it cannot be published."""
    schema = schema.strip()
    if schema.startswith(jump_links.WEBVIEW):
        link = jump_links.find_link(unit, schema)
        if link is None or link.what != "share" or link.app not in world.apps:
            raise NotFoundError(NO_SHARE_LINK())
        return world.apps[link.app], link.fields
    verdict = sharing.examine(world, unit, schema)
    if not verdict.ok:
        raise RefusedLinkError(verdict, language)
    return world.apps[verdict.fields["client_key"]], verdict.fields


def _has_default(share: Share | None, fields: dict[str, str]) -> bool | None:
    """Whether the default hashtag was kept; None if there was none."""
    if share is None or not share.default_hashtag:
        return None
    hashtags = sharing.read_strings(fields.get("hashtag_list", "")) or []
    return share.default_hashtag.strip("#") in [each.strip("#") for each in hashtags]
