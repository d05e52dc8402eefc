"""Hot search words and the works that they lead to, with a client token."""

from __future__ import annotations

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.clock import DAY, beijing
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.domain import billboards, pagination, videos
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints.error_tables import user_apis as tables
from mockdouyin.endpoints.video import Statistics, work_item

hot: Family = Family(
    "hot", hosts=("open.douyin.com",), envelope=Extra(), malformed=2100005, errors=tables.APP
)

DOC = "dop/develop/openapi/data-open-service/"
_SCOPE = "hotsearch"

MAX_PAGE_SIZE = 50


def moment(now: float) -> str:
    """Format a time as these calls do: `2024-05-01 12:00:00`, in Beijing."""
    return f"{beijing(now):%Y-%m-%d %H:%M:%S}"


class Sentence(msgspec.Struct):
    """A hot search word, with its heat."""

    hot_level: int
    sentence: str


class Sentences(msgspec.Struct):
    """Hot search words, and when the list was made."""

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
    """List the words that are searched for most; here they are invented, with heat by the hour."""
    app_of_token(call, "client")
    words = billboards.hot_words(call.world, call.now)
    return Sentences(moment(call.now), [Sentence(heat, word) for word, heat in words])


class TrendFields(TokenFields, kw_only=True):
    """A page of the list."""

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
    """List the search words that rise fastest."""
    app_of_token(call, "client")
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    words = billboards.hot_words(call.world, call.now - DAY)
    page = pagination.at(words, call.fields.cursor, call.fields.count)
    rows = [Trend(heat, 3 if heat > 5_000_000 else 1, word) for word, heat in page.rows]
    return Trends(page.cursor, page.has_more, rows, len(words))


class HotVideosFields(TokenFields, kw_only=True):
    """The hot word whose works are asked for."""

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
    """List works that a hot word leads to; a word that is not hot has none.

    Here they are the newest work of each of the world's first 50 people.
    """
    app_of_token(call, "client")
    call.need("bad_params", "hot_sentence")
    if call.fields.hot_sentence not in billboards.WORDS:
        return HotVideos([])
    rows = []
    for person in list(call.world.people)[:MAX_PAGE_SIZE]:
        for work in videos.works(call.world, call.unit, person)[:1]:
            item = msgspec.structs.asdict(work_item(call, work))
            del item["video_id"]
            rows.append(HotVideo(**item))
    return HotVideos(rows)
