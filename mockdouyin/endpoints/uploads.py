"""Upload videos, whole or in parts, and pictures, to publish them as works."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields, PersonFields
from mockdouyin.core.multipart import File
from mockdouyin.domain import uploads
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints._sent_files import sent_file
from mockdouyin.endpoints.error_tables import user_apis as tables
from mockdouyin.endpoints.video import DOC, PATH, video

MAX_BODY = uploads.MAX_WHOLE_VIDEO + uploads.MB
"""Bytes of an upload's body: the largest file, and 1 MB for the form around it."""

VIDEO_SIZE = (720, 1280)
"""Width and height of every video: the file is not parsed."""

_SCOPE = "video.create"


class VideoFileFields(PersonFields, kw_only=True):
    """A video file."""

    video: File | None = None


class UploadedVideo(msgspec.Struct):
    """The id to publish the video with, its width and its height."""

    video_id: str
    width: int
    height: int


class VideoAnswer(msgspec.Struct):
    """An uploaded video."""

    video: UploadedVideo


def _store_video(call: Call[Fields], app: App, person: str, size: int) -> VideoAnswer:
    video_id, _ = uploads.store_upload(
        call.world, call.unit, app, person, "video", size, VIDEO_SIZE
    )
    return VideoAnswer(UploadedVideo(video_id, *VIDEO_SIZE))


@video.endpoint(
    "POST",
    PATH + "upload_video/",
    "/video/upload/",
    doc=DOC + "create-video/upload-video",
    basis="documented",
    errors=tables.UPLOAD,
    scope=_SCOPE,
    body_limit=MAX_BODY,
)
def upload_video(call: Call[VideoFileFields]) -> VideoAnswer:
    """Upload a video of up to 128 MB; a larger one has to be uploaded in parts."""
    app, person = person_of_call(call)
    file = sent_file(call, "video", uploads.MAX_WHOLE_VIDEO, "file_too_large")
    return _store_video(call, app, person, file.size)


class UploadId(msgspec.Struct):
    """The id that the parts of one video are uploaded under."""

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
    """Start an upload in parts; its upload_id is valid for two hours."""
    app, person = person_of_call(call)
    return UploadId(uploads.begin(call.world, call.unit, app, person))


class PartFields(VideoFileFields, kw_only=True):
    """A part of a video, and its number."""

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
    body_limit=MAX_BODY,
)
def upload_video_part(call: Call[PartFields]) -> None:
    """Upload one part of a video, in any order; every part but the last has 5 MB or more."""
    app, person = person_of_call(call)
    call.need("bad_params", "upload_id", "part_number")
    fields = call.fields
    file = sent_file(call, "video", uploads.MAX_WHOLE_VIDEO, "file_too_large")
    uploads.add_part(call.unit, app, person, fields.upload_id, fields.part_number, file)


class CompleteFields(PersonFields, kw_only=True):
    """The upload to complete."""

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
    """Complete an upload in parts; refused if a part is missing."""
    app, person = person_of_call(call)
    call.need("bad_params", "upload_id")
    size = uploads.complete(call.unit, app, person, call.fields.upload_id)
    return _store_video(call, app, person, size)


class ImageFileFields(PersonFields, kw_only=True):
    """A picture file."""

    image: File | None = None


class UploadedImage(msgspec.Struct):
    """The id to publish the picture with, its width and its height."""

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
    """Upload a picture, here of up to 20 MB."""
    app, person = person_of_call(call)
    file = sent_file(call, "image", uploads.MAX_PICTURE, "bad_params")
    shape = uploads.picture_size(file.head)
    image_id, _ = uploads.store_upload(
        call.world, call.unit, app, person, "image", file.size, shape
    )
    return ImageAnswer(UploadedImage(image_id, *shape))
