"""Uploaded files: how long they wait, what parts make a whole, and the sizes of pictures."""

from __future__ import annotations

import struct

import pytest

from mockdouyin.core.errors import DouyinError
from mockdouyin.core.multipart import File
from mockdouyin.domain import uploads
from mockdouyin.domain.uploads import MB
from tests.endpoints.calls import PERSON, Scene
from tests.endpoints.calls_user import OTHER, unit_of


def part(size: int) -> File:
    """Make a file of some length."""
    return File(size, "", b"")


def complete(*sizes: tuple[int, int]) -> int:
    """Send parts by number and length, and complete."""
    scene = Scene()
    app, unit = scene.app("web"), unit_of(scene)
    upload_id = uploads.begin(scene.world, unit, app, PERSON)
    for number, size in sizes:
        uploads.add_part(unit, app, PERSON, upload_id, number, part(size))
    return uploads.complete(unit, app, PERSON, upload_id)


def test_parts_make_a_whole() -> None:
    """Parts may come in any order and twice; only the last may be under 5 MB."""
    assert complete((2, 7), (1, 5 * MB)) == 5 * MB + 7
    assert complete((1, 3), (1, 5)) == 5


@pytest.mark.parametrize(
    ("sizes", "case", "why"),
    [
        ([], "bad_params", "the parts are none"),
        ([(1, 5 * MB), (3, 5 * MB)], "bad_params", "the parts are 1, 3"),
        ([(1, 5 * MB - 1), (2, 5 * MB)], "bad_params", "part 1 is under 5 MB"),
        ([(0, 5 * MB)], "bad_params", "part_number is 0"),
        ([(1, 4096 * MB), (2, 1)], "file_too_large", "over 4 GB"),
    ],
)
def test_parts_that_make_none(sizes: list[tuple[int, int]], case: str, why: str) -> None:
    """Missing, short and too many parts are refused."""
    with pytest.raises(DouyinError) as refusal:
        complete(*sizes)

    assert refusal.value.case == case
    assert why in refusal.value.why.render("en")


def test_an_upload_id_lives_for_two_hours() -> None:
    """After two hours an upload_id takes no part; somebody else's never does."""
    scene = Scene()
    app, unit = scene.app("web"), unit_of(scene)
    upload_id = uploads.begin(scene.world, unit, app, PERSON)
    unit.commit()

    scene.advance(7199)
    uploads.add_part(unit_of(scene), app, PERSON, upload_id, 1, part(1))
    with pytest.raises(DouyinError, match="bad_params"):
        uploads.add_part(unit_of(scene), app, OTHER, upload_id, 1, part(1))
    scene.advance(1)
    with pytest.raises(DouyinError, match="part_upload_expired"):
        uploads.add_part(unit_of(scene), app, PERSON, upload_id, 1, part(1))


def test_an_upload_waits_for_a_day() -> None:
    """An upload is used once, by its person, in its app, as its kind, within a day."""
    scene = Scene()
    app, unit = scene.app("web"), unit_of(scene)
    file_id, held = uploads.store_upload(scene.world, unit, app, PERSON, "video", 9, (720, 1280))
    unit.commit()

    def find(person: str = PERSON, kind: uploads.MediaKind = "video") -> uploads.Upload:
        return uploads.uploaded(unit_of(scene), app, person, kind, file_id, "bad_video_id")

    assert find() == held
    with pytest.raises(DouyinError, match="upload_unknown"):
        find(kind="image")
    with pytest.raises(DouyinError, match="upload_of_others"):
        find(OTHER)
    scene.advance(86400)
    with pytest.raises(DouyinError, match="upload_expired"):
        find()


def _jpeg(marker: int) -> bytes:
    extra = b"\xff\xe0" + struct.pack(">H", 16) + bytes(14)
    frame = bytes([0xFF, marker]) + struct.pack(">HBHH", 17, 8, 112, 320)
    return b"\xff\xd8" + extra + frame


@pytest.mark.parametrize(
    ("head", "shape"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 320, 112), (320, 112)),
        (b"GIF89a" + struct.pack("<HH", 320, 112), (320, 112)),
        (_jpeg(0xC0), (320, 112)),
        (_jpeg(0xC4), (1080, 1920)),
        (b"\xff\xd8", (1080, 1920)),
        (b"RIFF....WEBP", (1080, 1920)),
    ],
)
def test_the_size_of_a_picture(head: bytes, shape: tuple[int, int]) -> None:
    """Width and height are read from PNG, GIF and JPEG; others are taken to be upright."""
    assert uploads.picture_size(head) == shape
