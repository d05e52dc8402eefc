"""Rankings of films, series, shows and creators, with a client token.

The names and numbers are invented; a ranking changes once a week.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.clock import date_text, day_begins, day_of
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, billboards, pagination
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.hot import DOC, MAX_PAGE_SIZE, hot, moment

_SCOPE = "discovery.ent"


class RankFields(TokenFields, kw_only=True):
    """A ranking (1 films, 2 series, 3 shows) and its version; the newest if 0."""

    type: int = 0
    version: int = 0


class Ranked(msgspec.Struct):
    """A film, series or show in a ranking."""

    id: str
    name: str
    hot: int
    discussion_hot: int
    influence_hot: int
    search_hot: int
    topic_hot: int
    type: int
    release_date: str
    poster: str
    name_en: str = ""
    maoyan_id: str = ""
    actors: list[str] = []
    areas: list[str] = []
    directors: list[str] = []
    tags: list[str] = []


class Ranking(msgspec.Struct):
    """A ranking, and when it was made."""

    active_time: str
    rows: list[Ranked] = msgspec.field(name="list")


def _kind(call: Call[Any]) -> int:
    call.need("bad_params", "type")
    kind: int = call.fields.type
    if kind not in billboards.WORKS:
        raise DouyinError("bad_params", texts.RANK_TYPE(got=str(kind)))
    return kind


def _newest_version(now: float) -> int:
    """Return the number of the newest version; there is a new one each week."""
    return day_of(now) // 7


@hot.endpoint(
    "GET",
    "/discovery/ent/rank/item/",
    doc=DOC + "douyin-tv-tops-data/get-douyin-tv-tops",
    basis="documented",
    scope=_SCOPE,
)
def rank_item(call: Call[RankFields]) -> Ranking:
    """Return a weekly ranking of films, series or shows."""
    app_of_token(call, "client")
    kind, version = _kind(call), call.fields.version or _newest_version(call.now)
    ranked = billboards.ranked(call.world, kind, version)
    rows = [_ranked(call, kind, name, heat) for name, heat in ranked]
    return Ranking(moment(day_begins(version * 7)), rows)


_HEATS = ("discussion_hot", "influence_hot", "search_hot", "topic_hot")


def _ranked(call: Call[Any], kind: int, name: str, heat: int) -> Ranked:
    ids = call.world.ids
    heats = audience.spread(call.world, heat, _HEATS, name)
    return Ranked(
        id=ids.digits(19, "ranked", name),
        name=name,
        hot=heat,
        discussion_hot=heats["discussion_hot"],
        influence_hot=heats["influence_hot"],
        search_hot=heats["search_hot"],
        topic_hot=heats["topic_hot"],
        type=kind,
        release_date=date_text(day_of(call.now) - ids.number(400, "released", name)),
        poster=f"https://p3.example.test/poster/{ids.hex(12, 'poster', name)}.jpeg",
    )


class VersionsFields(TokenFields, kw_only=True):
    """A page of the versions of a ranking."""

    type: int = 0
    cursor: int = 0
    count: int = 0


class Version(msgspec.Struct):
    """A version of a ranking, and the days that it covers."""

    version: int
    start_time: str
    end_time: str
    active_time: str
    type: int


class Versions(msgspec.Struct):
    """A page of versions, newest first."""

    cursor: int
    has_more: bool
    rows: list[Version] = msgspec.field(name="list")


@hot.endpoint(
    "GET",
    "/discovery/ent/rank/version/",
    doc=DOC + "douyin-tv-tops-data/get-douyin-tv-tops",
    basis="documented",
    scope=_SCOPE,
)
def rank_version(call: Call[VersionsFields]) -> Versions:
    """List the versions of a ranking, newest first: one for each week of the last year."""
    app_of_token(call, "client")
    kind = _kind(call)
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    newest = _newest_version(call.now)
    numbers = range(newest, newest - 52, -1)
    page = pagination.at(numbers, call.fields.cursor, call.fields.count)
    rows = [
        Version(
            number,
            moment(day_begins(number * 7 - 7)),
            moment(day_begins(number * 7) - 1),
            moment(day_begins(number * 7)),
            kind,
        )
        for number in page.rows
    ]
    return Versions(page.cursor, page.has_more, rows)


class StarsFields(TokenFields, kw_only=True):
    """The list of creators that is asked for, 1 to 6."""

    hot_list_type: int = 0


class Star(msgspec.Struct):
    """A creator in a ranking."""

    follower: int
    nick_name: str
    rank: int
    score: float
    tags: list[str]
    unique_id: str


class Stars(msgspec.Struct):
    """A ranking of creators, the highest score first."""

    hot_list_description: str
    hot_list_type: int
    hot_list_update_timestamp: int
    rows: list[Star] = msgspec.field(name="list")


@hot.endpoint(
    "GET",
    "/star/hot_list/",
    doc=DOC + "star-data/star-tops/get-star-author-hot-list",
    basis="documented",
    scope="star_tops",
)
def star_hot_list(call: Call[StarsFields]) -> Stars:
    """Return a ranking of creators; here they are the world's people, by an invented score."""
    app_of_token(call, "client")
    call.need("bad_params", "hot_list_type")
    kind = call.fields.hot_list_type
    if kind not in billboards.STARS:
        raise DouyinError("bad_params", texts.HOT_LIST_TYPE(got=str(kind)))
    today, people, ids = day_of(call.now), call.world.people, call.world.ids
    score = {name: ids.number(10_000, "star", kind, name) / 100 for name in people}
    rows = [
        Star(
            audience.fans_until(call.world, name, today - 1),
            people.profile(name).nickname,
            rank + 1,
            score[name],
            [billboards.STARS[kind]],
            ids.digits(11, "unique_id", name),
        )
        for rank, name in enumerate(sorted(score, key=lambda name: -score[name])[:MAX_PAGE_SIZE])
    ]
    return Stars(billboards.STARS[kind], kind, int(day_begins(today)), rows)
