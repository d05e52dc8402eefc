"""Publish a work from an uploaded video or uploaded pictures."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.clock import DAY
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import uploads, videos
from mockdouyin.domain.grants import person_of_call
from mockdouyin.domain.rate_limits import limit
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import user_apis as tables
from mockdouyin.endpoints.video import DOC, PATH, STATUS, video

MAX_POSTS_PER_DAY = 75
"""Works that a person may publish through an app in a day, with `limits: enforce`: our choice."""


class PostFields(PersonFields, kw_only=True):
    """What a work of either kind is published with."""

    text: str = ""
    at_users: list[str] = []
    private_status: int = 0
    download_type: int = 0
    micro_app_id: str = ""
    micro_app_title: str = ""
    micro_app_url: str = ""
    poi_id: str = ""
    poi_name: str = ""
    poi_commerce: bool = False
    task_id: str | int = ""
    agent_client_key: str = ""


class VideoFields(PostFields, kw_only=True):
    """An uploaded video, and what it is published with."""

    video_id: str = ""
    cover_tsp: float = 0
    custom_cover_image_url: str = ""
    vr_transcode_extra_params: dict[str, Any] = {}


class Published(msgspec.Struct):
    """The ids of a new work: the encrypted one, and the one of 19 digits."""

    item_id: str
    video_id: str


@video.endpoint(
    "POST",
    PATH + "create_video/",
    "/video/create/",
    doc=DOC + "create-video/video-create",
    basis="documented",
    errors=tables.CREATE,
    scope="video.create",
)
def create_video(call: Call[VideoFields]) -> Published:
    """Publish an uploaded video as a work; an upload can be published once."""
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "video_id")
    found = uploads.uploaded(call.unit, app, person, "video", fields.video_id, "bad_video_id")
    _check(call, app, person)
    uploads.use(call.unit, fields.video_id, found)
    return _published(call, app, person, videos.VIDEO, fields.custom_cover_image_url)


class ImagesFields(PostFields, kw_only=True):
    """Uploaded pictures, and what they are published with."""

    image_list: list[str] = []
    image_id: str = ""
    music_id: str = ""


@video.endpoint(
    "POST",
    PATH + "create_image_text/",
    "/image/create/",
    doc=DOC + "create-image-text/create-image-text",
    basis="documented",
    errors=tables.CREATE_IMAGES,
    scope="video.create",
)
def create_image_text(call: Call[ImagesFields]) -> Published:
    """Publish uploaded pictures as one work."""
    app, person = person_of_call(call)
    images = call.fields.image_list or [call.fields.image_id]
    if not images[0]:
        call.need("bad_params", "image_list")
    for image in images:
        uploads.uploaded(call.unit, app, person, "image", image, "bad_params")
    _check(call, app, person)
    return _published(call, app, person, videos.IMAGES)


def _check(call: Call[PostFields], app: App, person: str) -> None:
    privacy = call.fields.private_status
    if privacy not in STATUS:
        raise DouyinError("bad_params", texts.PRIVATE_STATUS(got=str(privacy)))
    limit(call, f"{app.client_key} {person}", MAX_POSTS_PER_DAY, DAY, "too_many_posts")


def _published(
    call: Call[Any], app: App, person: str, media_type: int, cover: str = ""
) -> Published:
    work = videos.publish(
        call.world,
        call.unit,
        app,
        person,
        title=call.fields.text,
        media_type=media_type,
        cover=cover,
        privacy=call.fields.private_status,
    )
    return Published(work.item_id, work.video_id)
