"""Uploaded videos and pictures, sent whole or in parts, until a work is made of them."""

from __future__ import annotations

from typing import ClassVar, Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.multipart import File
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import texts

MB = 1024 * 1024
MAX_WHOLE_VIDEO = 128 * MB
"""Bytes of a video that may be sent whole; a longer one is sent in parts."""
MIN_PART = 5 * MB
"""Bytes that every part but the last must have."""
MAX_VIDEO = 4096 * MB
MAX_PARTS = MAX_VIDEO // MIN_PART + 1
MAX_PICTURE = 20 * MB

UPLOAD_RETENTION = DAY
"""How long an uploaded file can be used."""
PART_UPLOAD_LIFETIME = 2 * HOUR
"""How long an upload_id is valid."""

MediaKind = Literal["video", "image"]


class Uploads(Record, frozen=True):
    """How many files and upload_ids were issued to a person in an app."""

    TABLE: ClassVar[str] = "Uploads"

    count: int = 0


class Upload(Record, frozen=True):
    """An uploaded file, known by a video_id or image_id until it becomes a work."""

    TABLE: ClassVar[str] = "Upload"

    RETAIN = DAY

    kind: MediaKind
    app: str
    person: str
    size: int
    width: int
    height: int
    used: bool = False


class PartUpload(Record, frozen=True):
    """A video that is sent in parts: the length of each part by its number."""

    TABLE: ClassVar[str] = "PartUpload"

    RETAIN = DAY

    app: str
    person: str
    parts: dict[int, int] = {}


def _next_number(unit: Unit, app: App, person: str) -> int:
    key = f"{app.client_key} {person}"
    count = (unit.read(Uploads, key) or Uploads()).count
    unit.write(key, Uploads(count=count + 1))
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
    """Store an uploaded file; return its id and record."""
    count = _next_number(unit, app, person)
    file_id = world.ids.sealed(112, "upload", app.client_key, person, count)
    upload = Upload(
        kind=kind,
        app=app.client_key,
        person=person,
        size=size,
        width=shape[0],
        height=shape[1],
        expires=unit.now + UPLOAD_RETENTION,
    )
    unit.write(file_id, upload)
    return file_id, upload


def uploaded(
    unit: Unit, app: App, person: str, kind: MediaKind, file_id: str, case: str
) -> Upload:
    """Return an uploaded file that no work was made of yet, or refuse the call."""
    found = unit.find(Upload, restore_plus_signs(file_id))
    if found is None or found.kind != kind:
        raise DouyinError(
            case, texts.UPLOAD_UNKNOWN(kind=texts.MEDIA_KINDS[kind](), file_id=file_id)
        )
    if (found.app, found.person) != (app.client_key, person):
        raise DouyinError(case, texts.UPLOAD_OF_OTHERS(person=found.person, app=found.app))
    if found.expires <= unit.now:
        raise DouyinError(case, texts.UPLOAD_EXPIRED())
    if found.used:
        raise DouyinError(case, texts.UPLOAD_USED())
    return found


def use(unit: Unit, file_id: str, upload: Upload) -> None:
    """Mark a file as used: no second work can be made of it."""
    unit.write(restore_plus_signs(file_id), msgspec.structs.replace(upload, used=True))


def begin(world: WorldState, unit: Unit, app: App, person: str) -> str:
    """Return a new upload_id, valid for two hours."""
    count = _next_number(unit, app, person)
    upload_id = world.ids.hex(32, "upload_id", app.client_key, person, count)
    upload = PartUpload(app=app.client_key, person=person, expires=unit.now + PART_UPLOAD_LIFETIME)
    unit.write(upload_id, upload)
    return upload_id


def _find_part_upload(unit: Unit, app: App, person: str, upload_id: str) -> PartUpload:
    found = unit.find(PartUpload, upload_id)
    if found is None or (found.app, found.person) != (app.client_key, person):
        raise DouyinError(
            "bad_params", texts.PART_UPLOAD_UNKNOWN(person=person, upload_id=upload_id)
        )
    if found.expires <= unit.now:
        raise DouyinError("bad_params", texts.PART_UPLOAD_EXPIRED())
    return found


def add_part(unit: Unit, app: App, person: str, upload_id: str, number: int, file: File) -> None:
    """Add a part; it replaces an earlier one of the same number."""
    upload = _find_part_upload(unit, app, person, upload_id)
    if not 1 <= number <= MAX_PARTS:
        raise DouyinError("bad_params", texts.PART_NUMBER_INVALID(number=number, most=MAX_PARTS))
    parts = {**upload.parts, number: file.size}
    unit.write(upload_id, msgspec.structs.replace(upload, parts=parts))


def complete(unit: Unit, app: App, person: str, upload_id: str) -> int:
    """Complete an upload in parts; return the length of the whole."""
    parts = _find_part_upload(unit, app, person, upload_id).parts
    numbers = sorted(parts)
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        listed = [str(number) for number in numbers] or texts.NO_PARTS()
        raise DouyinError("bad_params", texts.PARTS_INCOMPLETE(numbers=listed))
    short = [number for number in numbers[:-1] if parts[number] < MIN_PART]
    if short:
        raise DouyinError("bad_params", texts.PART_TOO_SHORT(number=short[0]))
    size = sum(parts.values())
    if size > MAX_VIDEO:
        raise DouyinError("file_too_large", texts.VIDEO_TOO_LARGE(size=size))
    unit.drop(PartUpload, upload_id)
    return size


def picture_size(head: bytes) -> tuple[int, int]:
    """Read a picture's width and height from its first bytes; 1080 by 1920 if they do not tell."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
    if head[:6] in (b"GIF87a", b"GIF89a") and len(head) >= 10:
        return int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    return _jpeg_size(head) if head.startswith(b"\xff\xd8") else (1080, 1920)


def _jpeg_size(head: bytes) -> tuple[int, int]:
    at = 2  # after the start marker: segments follow, each with its length
    while at + 9 <= len(head) and head[at] == 0xFF:
        if 0xC0 <= head[at + 1] <= 0xCF and head[at + 1] not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(head[at + 7 : at + 9]), int.from_bytes(head[at + 5 : at + 7])
        at += 2 + int.from_bytes(head[at + 2 : at + 4])
    return 1080, 1920
