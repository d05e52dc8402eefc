"""What all of Douyin talks about: hot words, films and shows, stars; with a client token."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core import audience, billboards, paging, videos
from mockdouyin.core.clock import DAY, beijing, date_text, day_begins, day_of
from mockdouyin.core.endpoint import Call, Family, TokenFields
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.tokens import app_of_token
from mockdouyin.endpoints import tables_user as tables
from mockdouyin.endpoints.video import Statistics, shown

hot = Family(
    "hot", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005, errors=tables.APP
)

_DOC = "dop/develop/openapi/data-open-service/"
_WORDS, _RANKS = "hotsearch", "discovery.ent"

MOST_A_PAGE = 50


def _moment(now: float) -> str:
    return f"{beijing(now):%Y-%m-%d %H:%M:%S}"


class Sentence(msgspec.Struct):
    """A word that many search for, and how many."""

    hot_level: int
    sentence: str


class Sentences(msgspec.Struct):
    """Hot words, as of some moment."""

    active_time: str
    rows: list[Sentence] = msgspec.field(name="list")


@hot.endpoint(
    "GET",
    "/hotsearch/sentences/",
    doc=_DOC + "hot-video-data/get-current-hot-words",
    basis="documented",
    scope=_WORDS,
)
def sentences(call: Call[TokenFields]) -> Sentences:
    """Give the words that are searched for most."""
    app_of_token(call, "client")
    words = billboards.hot_words(call.world, call.now)
    return Sentences(_moment(call.now), [Sentence(heat, word) for word, heat in words])


class TrendFields(TokenFields, kw_only=True):
    """Which page."""

    cursor: int = 0
    count: int = 0


class Trend(msgspec.Struct):
    """A rising word; label 1 is new, 3 is hot."""

    hot_level: int
    label: int
    sentence: str


class Trends(msgspec.Struct):
    """A page of rising words."""

    cursor: int
    has_more: bool
    rows: list[Trend] = msgspec.field(name="list")
    total: int


@hot.endpoint(
    "GET",
    "/hotsearch/trending/sentences/",
    doc=_DOC + "hot-video-data/get-ascending-words",
    basis="documented",
    scope=_WORDS,
)
def trending_sentences(call: Call[TrendFields]) -> Trends:
    """Give the words that rise fastest."""
    app_of_token(call, "client")
    call.need("bad_params", "count")
    paging.check(call.fields.cursor, call.fields.count, MOST_A_PAGE)
    words = billboards.hot_words(call.world, call.now - DAY)
    page = paging.at(words, call.fields.cursor, call.fields.count)
    rows = [Trend(heat, 3 if heat > 5_000_000 else 1, word) for word, heat in page.rows]
    return Trends(page.cursor, page.has_more, rows, len(words))


class HotVideosFields(TokenFields, kw_only=True):
    """Which hot word."""

    hot_sentence: str = ""


class HotVideo(msgspec.Struct):
    """A work that a hot word leads to."""

    title: str
    create_time: int
    video_status: int
    share_url: str
    cover: str
    is_top: bool
    statistics: Statistics
    item_id: str
    is_reviewed: bool
    media_type: int


class HotVideos(msgspec.Struct):
    """The works that a hot word leads to."""

    rows: list[HotVideo] = msgspec.field(name="list")


@hot.endpoint(
    "GET",
    "/hotsearch/videos/",
    doc=_DOC + "hot-video-data/get-hot-words-polymerization-video",
    basis="documented",
    scope=_WORDS,
)
def hot_videos(call: Call[HotVideosFields]) -> HotVideos:
    """Give the newest work of each of the world's first people, if the word is a hot one."""
    app_of_token(call, "client")
    call.need("bad_params", "hot_sentence")
    if call.fields.hot_sentence not in billboards.WORDS:
        return HotVideos([])
    rows = []
    for person in list(call.world.people)[:MOST_A_PAGE]:
        for work in videos.works(call.world, call.unit, person)[:1]:
            given = msgspec.structs.asdict(shown(call, work))
            del given["video_id"]
            rows.append(HotVideo(**given))
    return HotVideos(rows)


class RankFields(TokenFields, kw_only=True):
    """Which ranking: 1 films, 2 series, 3 shows; and which of its versions, the newest if none."""

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
        raise DouyinError("bad_params", f"type is {kind}; it is 1, 2 or 3")
    return kind


def _version(now: float) -> int:
    """Give the number of the newest version: a new one is made each week."""
    return day_of(now) // 7


@hot.endpoint(
    "GET",
    "/discovery/ent/rank/item/",
    doc=_DOC + "douyin-tv-tops-data/get-douyin-tv-tops",
    basis="documented",
    scope=_RANKS,
)
def rank_item(call: Call[RankFields]) -> Ranking:
    """Give a ranking of films, series or shows."""
    app_of_token(call, "client")
    kind, version = _kind(call), call.fields.version or _version(call.now)
    ranked = billboards.ranked(call.world, kind, version)
    rows = [_ranked(call, kind, name, heat) for name, heat in ranked]
    return Ranking(_moment(day_begins(version * 7)), rows)


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
    """Which page of the versions of which ranking."""

    type: int = 0
    cursor: int = 0
    count: int = 0


class Version(msgspec.Struct):
    """One version of a ranking, and the days that it is of."""

    version: int
    start_time: str
    end_time: str
    active_time: str
    type: int


class Versions(msgspec.Struct):
    """A page of versions, the newest first."""

    cursor: int
    has_more: bool
    rows: list[Version] = msgspec.field(name="list")


@hot.endpoint(
    "GET",
    "/discovery/ent/rank/version/",
    doc=_DOC + "douyin-tv-tops-data/get-douyin-tv-tops",
    basis="documented",
    scope=_RANKS,
)
def rank_version(call: Call[VersionsFields]) -> Versions:
    """List the versions of a ranking: one for each week of the last year."""
    app_of_token(call, "client")
    kind = _kind(call)
    call.need("bad_params", "count")
    paging.check(call.fields.cursor, call.fields.count, MOST_A_PAGE)
    newest = _version(call.now)
    numbers = range(newest, newest - 52, -1)
    page = paging.at(numbers, call.fields.cursor, call.fields.count)
    rows = [
        Version(
            number,
            _moment(day_begins(number * 7 - 7)),
            _moment(day_begins(number * 7) - 1),
            _moment(day_begins(number * 7)),
            kind,
        )
        for number in page.rows
    ]
    return Versions(page.cursor, page.has_more, rows)


class StarsFields(TokenFields, kw_only=True):
    """Which list."""

    hot_list_type: int = 0


class Star(msgspec.Struct):
    """A creator in a list."""

    follower: int
    nick_name: str
    rank: int
    score: float
    tags: list[str]
    unique_id: str


class Stars(msgspec.Struct):
    """A list of creators, the first first."""

    hot_list_description: str
    hot_list_type: int
    hot_list_update_timestamp: int
    rows: list[Star] = msgspec.field(name="list")


@hot.endpoint(
    "GET",
    "/star/hot_list/",
    doc=_DOC + "star-data/star-tops/get-star-author-hot-list",
    basis="documented",
    scope="star_tops",
)
def star_hot_list(call: Call[StarsFields]) -> Stars:
    """Give a list of creators: the world's people, by a score."""
    app_of_token(call, "client")
    call.need("bad_params", "hot_list_type")
    kind = call.fields.hot_list_type
    if kind not in billboards.STARS:
        raise DouyinError("bad_params", f"hot_list_type is {kind}; it is from 1 to 6")
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
        for rank, name in enumerate(sorted(score, key=lambda name: -score[name])[:MOST_A_PAGE])
    ]
    return Stars(billboards.STARS[kind], kind, int(day_begins(today)), rows)
