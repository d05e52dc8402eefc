"""Files on their way to becoming works: whole or in parts, videos and pictures."""

from __future__ import annotations

from typing import Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.multipart import File
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState

MB = 1024 * 1024
WHOLE = 128 * MB
"""A longer video must be sent in parts."""
PART = 5 * MB
"""Every part but the last is at least so long."""
IN_ALL = 4096 * MB
PARTS = IN_ALL // PART + 1
PICTURE = 20 * MB

UPLOAD_RETENTION = DAY
"""How long an uploaded file waits to be used."""
LIFETIME = 2 * HOUR
"""How long an upload_id lives."""

MediaKind = Literal["video", "image"]


class Uploads(Record, frozen=True):
    """How many files and upload_ids a person was given in an app."""

    TABLE = "Uploads"

    count: int = 0


class Upload(Record, frozen=True):
    """An uploaded file, known by a video_id or image_id until it becomes a work."""

    TABLE = "Upload"

    RETAIN = DAY

    kind: MediaKind
    app: str
    person: str
    size: int
    width: int
    height: int
    used: bool = False


class PartUpload(Record, frozen=True):
    """A video that arrives in parts: the length of each, by its number."""

    TABLE = "PartUpload"

    RETAIN = DAY

    app: str
    person: str
    parts: dict[int, int] = {}


def _next(unit: Unit, app: App, person: str) -> int:
    place = f"{app.client_key} {person}"
    count = (unit.read(Uploads, place) or Uploads()).count
    unit.write(place, Uploads(count=count + 1))
    return count


def store_upload(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    kind: MediaKind,
    size: int,
    shape: tuple[int, int],
) -> tuple[str, Upload]:
    """Keep an uploaded file; give the id that a work is made with."""
    count = _next(unit, app, person)
    file_id = world.ids.sealed(112, "upload", app.client_key, person, count)
    made = Upload(
        kind=kind,
        app=app.client_key,
        person=person,
        size=size,
        width=shape[0],
        height=shape[1],
        expires=unit.now + UPLOAD_RETENTION,
    )
    unit.write(file_id, made)
    return file_id, made


def uploaded(
    unit: Unit, app: App, person: str, kind: MediaKind, file_id: str, case: str
) -> Upload:
    """Give an uploaded file that is still to be used, or refuse."""
    found = unit.find(Upload, restore_plus_signs(file_id))
    if found is None or found.kind != kind:
        raise DouyinError(case, f"no {kind} was uploaded here as {file_id!r}")
    if (found.app, found.person) != (app.client_key, person):
        raise DouyinError(case, f"it was uploaded by {found.person} in {found.app!r}")
    if found.expires <= unit.now:
        raise DouyinError(case, "it was uploaded more than a day ago")
    if found.used:
        raise DouyinError(case, "a work was made of it already; upload it again")
    return found


def use(unit: Unit, file_id: str, upload: Upload) -> None:
    """Note that a work was made of a file: no second one will be."""
    unit.write(restore_plus_signs(file_id), msgspec.structs.replace(upload, used=True))


def begin(world: WorldState, unit: Unit, app: App, person: str) -> str:
    """Give an upload_id, good for two hours."""
    count = _next(unit, app, person)
    upload_id = world.ids.hex(32, "upload_id", app.client_key, person, count)
    made = PartUpload(app=app.client_key, person=person, expires=unit.now + LIFETIME)
    unit.write(upload_id, made)
    return upload_id


def _under_way(unit: Unit, app: App, person: str, upload_id: str) -> PartUpload:
    found = unit.find(PartUpload, upload_id)
    if found is None or (found.app, found.person) != (app.client_key, person):
        raise DouyinError("bad_params", f"no upload of {person} is under way as {upload_id!r}")
    if found.expires <= unit.now:
        raise DouyinError("bad_params", "the upload_id was given more than two hours ago")
    return found


def add_part(unit: Unit, app: App, person: str, upload_id: str, number: int, file: File) -> None:
    """Take one part; one that has the number of another replaces it."""
    held = _under_way(unit, app, person, upload_id)
    if not 1 <= number <= PARTS:
        raise DouyinError("bad_params", f"part_number is {number}; it is from 1 to {PARTS}")
    parts = {**held.parts, number: file.size}
    unit.write(upload_id, msgspec.structs.replace(held, parts=parts))


def complete(unit: Unit, app: App, person: str, upload_id: str) -> int:
    """End an upload in parts; give the length of the whole."""
    parts = _under_way(unit, app, person, upload_id).parts
    numbers = sorted(parts)
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise DouyinError("bad_params", f"the parts are {numbers}, and must be from 1 on, all")
    short = [number for number in numbers[:-1] if parts[number] < PART]
    if short:
        raise DouyinError("bad_params", f"part {short[0]} is under 5 MB, and is not the last")
    size = sum(parts.values())
    if size > IN_ALL:
        raise DouyinError("file_too_large", f"the video has {size} bytes, over 4 GB")
    unit.drop(PartUpload, upload_id)
    return size


def picture_size(head: bytes) -> tuple[int, int]:
    """Read a picture's width and height from its first bytes; 1080 by 1920 where it is no use."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    return _jpeg_size(head) if head.startswith(b"\xff\xd8") else (1080, 1920)


def _jpeg_size(head: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(head) and head[at] == 0xFF:
        if 0xC0 <= head[at + 1] <= 0xCF and head[at + 1] not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(head[at + 7 : at + 9]), int.from_bytes(head[at + 5 : at + 7])
        at += 2 + int.from_bytes(head[at + 2 : at + 4])
    return 1080, 1920
