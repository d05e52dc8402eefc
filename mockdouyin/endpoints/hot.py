"""What all of Douyin searches for: hot words and their works, with a client token."""

from __future__ import annotations

import msgspec

from mockdouyin.core.clock import DAY, beijing
from mockdouyin.core.endpoint import Call, Family, TokenFields
from mockdouyin.core.envelopes import Extra
from mockdouyin.domain import billboards, pagination, videos
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _user_error_tables as tables
from mockdouyin.endpoints.video import Statistics, shown

hot = Family(
    "hot", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005, errors=tables.APP
)

DOC = "dop/develop/openapi/data-open-service/"
_SCOPE = "hotsearch"

MOST_A_PAGE = 50


def moment(now: float) -> str:
    """Give a moment as these calls write it."""
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
    doc=DOC + "hot-video-data/get-current-hot-words",
    basis="documented",
    scope=_SCOPE,
)
def sentences(call: Call[TokenFields]) -> Sentences:
    """Give the words that are searched for most."""
    app_of_token(call, "client")
    words = billboards.hot_words(call.world, call.now)
    return Sentences(moment(call.now), [Sentence(heat, word) for word, heat in words])


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
    doc=DOC + "hot-video-data/get-ascending-words",
    basis="documented",
    scope=_SCOPE,
)
def trending_sentences(call: Call[TrendFields]) -> Trends:
    """Give the words that rise fastest."""
    app_of_token(call, "client")
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MOST_A_PAGE)
    words = billboards.hot_words(call.world, call.now - DAY)
    page = pagination.at(words, call.fields.cursor, call.fields.count)
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
    doc=DOC + "hot-video-data/get-hot-words-polymerization-video",
    basis="documented",
    scope=_SCOPE,
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
