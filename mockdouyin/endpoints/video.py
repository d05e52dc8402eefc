"""A person's works: list them, query them by id, delete one."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import audience, comments, pagination, videos
from mockdouyin.domain.grants import person_of_call
from mockdouyin.domain.videos import Video
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import user_apis as tables

video: Family = Family(
    "video",
    hosts=("open.douyin.com",),
    envelope=Extra(),
    malformed=2100005,
    errors=tables.PERSON,
)

DOC = "dop/develop/openapi/video-management/douyin/"
PATH = "/api/douyin/v1/video/"

MAX_PAGE_SIZE = 20

STATUS = {0: 5, 1: 7, 2: 6}
"""`video_status` by `private_status`: public, visible to the author only, visible to friends."""


class Statistics(msgspec.Struct):
    """The counts of a work up to now."""

    comment_count: int
    digg_count: int
    download_count: int
    forward_count: int
    play_count: int
    share_count: int


class WorkItem(msgspec.Struct):
    """A work, with its counts."""

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
    video_id: str


def work_item(call: Call[Any], work: Video) -> WorkItem:
    """Return a work as the lists show it."""
    counts = audience.stats_until(call.world, work, call.now)
    comment_count = comments.thread(call.world, call.unit, work).count
    return WorkItem(
        work.title,
        int(work.created),
        STATUS[work.privacy],
        _share_url(call, work),
        work.cover,
        False,
        Statistics(
            comment_count, counts.digg, counts.download, counts.forward, counts.play, counts.share
        ),
        work.item_id,
        True,
        work.media_type,
        work.video_id,
    )


def _share_url(call: Call[Any], work: Video) -> str:
    ids = call.world.ids
    place = base64.urlsafe_b64encode(ids.raw(24, "share_url", work.item_id)).decode()
    query = f"region=CN&mid={ids.digits(19, 'mid', work.item_id)}"
    code = ids.hex(12, "u_code", work.person)
    tail = f"&u_code={code}&titleType=title"
    return f"https://www.iesdouyin.com/share/video/{place}/?{query}{tail}"


class CursorFields(PersonFields, kw_only=True):
    """A page of a list."""

    cursor: int = 0
    count: int = 0


class WorkPage(msgspec.Struct):
    """A page of works."""

    cursor: int
    has_more: bool
    rows: list[WorkItem] = msgspec.field(name="list")


@video.endpoint(
    "GET",
    PATH + "video_list/",
    "/video/list/",
    doc=DOC + "search-video/account-video-list",
    basis="documented",
    scope="video.list",
)
def video_list(call: Call[CursorFields]) -> WorkPage:
    """List a person's works, newest first."""
    _, person = person_of_call(call)
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    works = videos.works(call.world, call.unit, person)
    page = pagination.below(works, call.fields.cursor, call.fields.count, lambda work: work.number)
    return WorkPage(page.cursor, page.has_more, [work_item(call, work) for work in page.rows])


class WorksFields(PersonFields, kw_only=True):
    """The works asked for, by either kind of id."""

    item_ids: list[str] = []
    video_ids: list[str] = []


class WorkList(msgspec.Struct):
    """Works, with their counts."""

    rows: list[WorkItem] = msgspec.field(name="list")


@video.endpoint(
    "POST",
    PATH + "video_data/",
    "/video/data/",
    doc=DOC + "search-video/video-data",
    basis="documented",
    errors=tables.VIDEO_DATA,
    scope="video.data",
)
def video_data(call: Call[WorksFields]) -> WorkList:
    """Query works by id, with their counts; unknown and deleted ones are left out."""
    return WorkList([work_item(call, work) for work in works_by_id(call, *person_of_call(call))])


def works_by_id(call: Call[Any], app: App, person: str) -> list[Video]:
    """Return the works of a person that a call names, by either kind of id."""
    fields = call.fields
    video_ids = getattr(fields, "video_ids", [])
    if not video_ids:
        call.need("bad_params", "item_ids")
    found = []
    for item_id in fields.item_ids:
        work = videos.find(call.world, call.unit, person, item_id)
        if work is not None:
            found.append(_check_owner(work, person))
    works = {work.video_id: work for work in videos.works(call.world, call.unit, person)}
    found += [works[video_id] for video_id in video_ids if video_id in works]
    return list(dict.fromkeys(found))


def _check_owner(work: Video, person: str) -> Video:
    if work.person != person:
        raise DouyinError("not_own", texts.WORK_OF_ANOTHER(owner=work.person, person=person))
    return work


class BasicInfo(msgspec.Struct):
    """A work, without its counts."""

    create_time: int
    item_id: str
    media_type: int
    title: str
    video_id: str
    video_status: int
    cover: str


class BasicInfoList(msgspec.Struct):
    """Works, without their counts."""

    rows: list[BasicInfo] = msgspec.field(name="list")


@video.endpoint(
    "POST",
    PATH + "video_basic_info/",
    doc="dop/develop/openapi/interaction-management/posting-task/video-basic-info",
    basis="documented",
    errors=tables.VIDEO_DATA,
    scope="posting.behavior",
)
def video_basic_info(call: Call[WorksFields]) -> BasicInfoList:
    """Query works by id, without their counts, for a posting task."""
    rows = [
        BasicInfo(
            int(work.created),
            work.item_id,
            work.media_type,
            work.title,
            work.video_id,
            STATUS[work.privacy],
            work.cover,
        )
        for work in works_by_id(call, *person_of_call(call))
    ]
    return BasicInfoList(rows)


class WorkFields(PersonFields, kw_only=True):
    """A work."""

    item_id: str = ""


@video.endpoint(
    "POST",
    "/video/delete/",
    doc=DOC + "delete-video/delete",
    basis="documented",
    errors=tables.DELETE,
    scope="video.delete",
)
def delete_video(call: Call[WorkFields]) -> None:
    """Delete one of a person's works, with its comments."""
    _, person = person_of_call(call)
    call.need("bad_params", "item_id")
    work = videos.find(call.world, call.unit, person, call.fields.item_id)
    if work is None:
        raise DouyinError("bad_params", texts.WORK_DELETED())
    comments.forget(call.world, call.unit, _check_owner(work, person))
    videos.delete(call.world, call.unit, work)
