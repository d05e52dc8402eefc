"""Files named by a user."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mockdouyin.core import files


def test_a_file_is_read_up_to_its_limit(tmp_path: Path) -> None:
    """A file of just the limit is read; one more byte is refused with the limit."""
    path = tmp_path / "f"
    path.write_bytes(b"x" * 100)

    assert files.read(path, 100) == b"x" * 100
    with pytest.raises(OSError, match="it has more than 99 bytes"):
        files.read(path, 99)


def test_a_long_file_costs_the_limit(tmp_path: Path) -> None:
    """Of a long file no more than the limit is read."""
    with (tmp_path / "f").open("wb") as file:
        file.truncate(32 << 20)

    with pytest.raises(OSError, match="it has more than 1000 bytes"):
        files.read(tmp_path / "f", 1000)


def test_text_is_utf_8(tmp_path: Path) -> None:
    """Text is read as UTF-8, and nothing else is text."""
    (tmp_path / "f").write_text("密码", encoding="utf-8")
    assert files.read_text(tmp_path / "f", 100) == "密码"

    (tmp_path / "f").write_bytes(b"\xff")
    with pytest.raises(OSError, match="it is not UTF-8 text"):
        files.read_text(tmp_path / "f", 100)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    """Whoever names a link means the file that it leads to."""
    (tmp_path / "f").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "f")

    assert files.read(tmp_path / "link", 10) == b"x"


@pytest.mark.parametrize("name", ["no\x00name", "half\udc00name", "nowhere", "x" * 5000])
def test_no_such_file(tmp_path: Path, name: str) -> None:
    """A name that no file can have is an OSError like any other."""
    with pytest.raises(OSError, match=r"."):
        files.read(f"{tmp_path}/{name}", 10)


def test_what_is_no_regular_file(tmp_path: Path) -> None:
    """A folder, a device and a socket are refused by their kinds."""
    with pytest.raises(OSError, match="it is a folder, not a regular file"):
        files.read(tmp_path, 10)
    with pytest.raises(OSError, match="it is a device, not a regular file"):
        files.read(os.devnull, 10)
