"""Multipart bodies: whatever the pieces that they come in, the fields are the same."""

from __future__ import annotations

import hashlib
import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from mockdouyin.core.multipart import FILE_HEAD, File, Multipart

KIND = "multipart/form-data; boundary=edge"


def part(name: str, content: bytes, more: str = "") -> bytes:
    """Write one part of a body."""
    head = f'--edge\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def read(*pieces: bytes, kind: str = KIND) -> dict[str, object]:
    """Read a body from its pieces; a file is returned as its length, MD5 and head."""
    body = Multipart(kind)
    for piece in pieces:
        body.feed(piece)
    fields = body.close()
    return {
        name: (value.size, value.md5, value.head) if isinstance(value, File) else value
        for name, value in fields.items()
    }


CONTENTS = st.lists(
    st.sampled_from([b"\r", b"\n", b"-", b"--", b"--edge", b"edge", b"\r\n--edg", b"x", b"\xff"])
).map(b"".join)


@given(CONTENTS, st.lists(st.integers(1, 40)))
def test_pieces_make_no_difference(content: bytes, sizes: list[int]) -> None:
    """A body gives the same fields in one piece as in any others."""
    body = (
        part("a", b"one") + part("f", content, '; filename="f"') + part("b", b"two") + b"--edge--"
    )
    pieces, at = [], 0
    for size in sizes:
        pieces.append(body[at : at + size])
        at += size

    assert read(*pieces, body[at:]) == read(body)
    if b"\n--edge" not in b"\n" + content:
        file = (len(content), hashlib.md5(content).hexdigest(), content)
        assert read(body) == {"a": "one", "f": file, "b": "two"}


def test_a_long_file_is_not_held() -> None:
    """Of a file of 64 MB only its beginning is kept, and its length and MD5 are told."""
    piece, body = bytes(1024 * 1024), Multipart(KIND)
    tracemalloc.start()
    body.feed(part("f", b"", '; filename="f"').removesuffix(b"\r\n"))
    for _ in range(64):
        body.feed(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    body.feed(b"\r\n--edge--\r\n")
    file = body.close()["f"]

    assert isinstance(file, File)
    assert (file.size, len(file.head)) == (64 * 1024 * 1024, FILE_HEAD)
    assert file.md5 == hashlib.md5(piece * 64).hexdigest()
    assert repr(file) == "a file of 67108864 bytes"
    assert peak < 8 * 1024 * 1024


def test_a_body_that_breaks_off() -> None:
    """What came of the last part counts, even without the boundary after it."""
    assert read(part("a", b"one").removesuffix(b"\r\n")) == {"a": "one"}
    assert read(part("a", b"one") + b"--edge\r\nContent-Disposition") == {"a": "one"}


def test_parts_that_are_none() -> None:
    """A part without a name, a head or an end of its head is passed over."""
    endless = b"--edge\r\n" + b"x" * 20_000 + b"\r\n"
    nameless = b"--edge\r\nContent-Type: text/plain\r\n\r\ntext\r\n"

    assert read(nameless, b"--edge\r\n", endless, part("a", b"one"), b"--edge--") == {"a": "one"}
    assert read(part("a", b"one"), kind="multipart/form-data") == {}


def test_an_endless_text_is_left_out() -> None:
    """A text that is longer than any body of parameters counts as absent."""
    body = part("a", b"x" * (16 * 1024 * 1024 + 1)) + part("b", b"two") + b"--edge--"

    assert read(body) == {"a": None, "b": "two"}
