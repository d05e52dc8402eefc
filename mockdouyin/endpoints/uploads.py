"""Uploading what a work is made of: videos, whole or in parts, and pictures."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.endpoint import Call, Fields, PersonFields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.multipart import File
from mockdouyin.domain import uploads
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints import _user_error_tables as tables
from mockdouyin.endpoints.video import DOC, PATH, video

BODY = uploads.MAX_WHOLE_VIDEO + uploads.MB
"""The longest body of an upload: the longest file, and what a form has around it."""

SHAPE = (720, 1280)
"""Width and height of every video: the file is not looked into."""

_SCOPE = "video.create"


def sent_file(call: Call[Fields], name: str, most: int, case: str) -> File:
    """Give the file that was sent in a field, or refuse it."""
    if call.request.too_long:
        raise DouyinError(case, f"the body has {call.request.too_long} bytes")
    call.need("bad_params", name)
    file: File = getattr(call.fields, name)
    if not file.size:
        raise DouyinError("bad_params", f"{name} is an empty file")
    if file.size > most:
        raise DouyinError(case, f"{name} has {file.size} bytes, over {most // uploads.MB} MB")
    return file


class VideoFileFields(PersonFields, kw_only=True):
    """A video file."""

    video: File | None = None


class UploadedVideo(msgspec.Struct):
    """What a work is made with, and how large the picture is."""

    video_id: str
    width: int
    height: int


class VideoAnswer(msgspec.Struct):
    """An uploaded video."""

    video: UploadedVideo


def _kept(call: Call[Fields], app: App, person: str, size: int) -> VideoAnswer:
    video_id, _ = uploads.store_upload(call.world, call.unit, app, person, "video", size, SHAPE)
    return VideoAnswer(UploadedVideo(video_id, *SHAPE))


@video.endpoint(
    "POST",
    PATH + "upload_video/",
    "/video/upload/",
    doc=DOC + "create-video/upload-video",
    basis="documented",
    errors=tables.UPLOAD,
    scope=_SCOPE,
    body_limit=BODY,
)
def upload_video(call: Call[VideoFileFields]) -> VideoAnswer:
    """Take a video of up to 128 MB; a longer one must come in parts."""
    app, person = person_of_call(call)
    file = sent_file(call, "video", uploads.MAX_WHOLE_VIDEO, "file_too_large")
    return _kept(call, app, person, file.size)


class UploadId(msgspec.Struct):
    """What the parts of one video are sent under."""

    upload_id: str


@video.endpoint(
    "POST",
    PATH + "init_video_part_upload/",
    "/video/part/init/",
    doc=DOC + "create-video/video-part-upload-init",
    basis="documented",
    scope=_SCOPE,
)
def init_video_part_upload(call: Call[PersonFields]) -> UploadId:
    """Give an upload_id, under which parts are taken for two hours."""
    app, person = person_of_call(call)
    return UploadId(uploads.begin(call.world, call.unit, app, person))


class PartFields(VideoFileFields, kw_only=True):
    """One part of a video."""

    upload_id: str = ""
    part_number: int = 0


@video.endpoint(
    "POST",
    PATH + "upload_video_part/",
    "/video/part/upload/",
    doc=DOC + "create-video/video-part-upload",
    basis="documented",
    errors=tables.PART,
    scope=_SCOPE,
    body_limit=BODY,
)
def upload_video_part(call: Call[PartFields]) -> None:
    """Take one part, in any order; every part but the last has 5 MB or more."""
    app, person = person_of_call(call)
    call.need("bad_params", "upload_id", "part_number")
    fields = call.fields
    file = sent_file(call, "video", uploads.MAX_WHOLE_VIDEO, "file_too_large")
    uploads.add_part(call.unit, app, person, fields.upload_id, fields.part_number, file)


class CompleteFields(PersonFields, kw_only=True):
    """Which upload has come to its end."""

    upload_id: str = ""


@video.endpoint(
    "POST",
    PATH + "complete_video_part_upload/",
    "/video/part/complete/",
    doc=DOC + "create-video/video-part-upload-complete",
    basis="documented",
    errors=tables.COMPLETE,
    scope=_SCOPE,
)
def complete_video_part_upload(call: Call[CompleteFields]) -> VideoAnswer:
    """Put the parts together, if all are there."""
    app, person = person_of_call(call)
    call.need("bad_params", "upload_id")
    size = uploads.complete(call.unit, app, person, call.fields.upload_id)
    return _kept(call, app, person, size)


class ImageFileFields(PersonFields, kw_only=True):
    """A picture file."""

    image: File | None = None


class UploadedImage(msgspec.Struct):
    """What a work is made with, and how large the picture is."""

    image_id: str
    width: int
    height: int


class ImageAnswer(msgspec.Struct):
    """An uploaded picture."""

    image: UploadedImage


@video.endpoint(
    "POST",
    PATH + "upload_image/",
    "/image/upload/",
    doc=DOC + "create-image-text/image-upload",
    basis="documented",
    scope=_SCOPE,
    body_limit=uploads.MAX_PICTURE + uploads.MB,
)
def upload_image(call: Call[ImageFileFields]) -> ImageAnswer:
    """Take a picture."""
    app, person = person_of_call(call)
    file = sent_file(call, "image", uploads.MAX_PICTURE, "bad_params")
    shape = uploads.picture_size(file.head)
    image_id, _ = uploads.store_upload(
        call.world, call.unit, app, person, "image", file.size, shape
    )
    return ImageAnswer(UploadedImage(image_id, *shape))
