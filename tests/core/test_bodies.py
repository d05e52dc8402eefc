"""Bodies, fed in chunks."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from mockdouyin.core.bodies import Body
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.http import Request
from mockdouyin.core.journal import MAX_KEPT_BODY

HEAD = b'--edge\r\nContent-Disposition: form-data; name="video"; filename="v.mp4"\r\n\r\n'
FORM = HEAD + bytes(200_000) + b"\r\n--edge--\r\n"
ASKED = Request("POST", "/", headers=[(b"content-type", b"multipart/form-data; boundary=edge")])


@pytest.mark.parametrize("piece", [1_000, 65_536, 1_000_000])
def test_a_long_form_is_measured(piece: int) -> None:
    """Where long files are taken a file's size is known, and only the beginning is kept."""
    body = Body(ASKED, BODY_LIMIT * 2)
    for at in range(0, len(FORM), piece):
        body.feed(FORM[at : at + piece])
    read = body.close()

    assert read.body == FORM[:MAX_KEPT_BODY]
    assert read.streamed is not None
    assert read.streamed.length == len(FORM)
    assert read.streamed.fields["video"].size == 200_000


def test_a_body_is_kept_up_to_the_limit() -> None:
    """A body of just the limit is there; one byte more and only its length is known."""
    body, longer = Body(ASKED, BODY_LIMIT), Body(ASKED, BODY_LIMIT)
    for each in (body, longer):
        each.feed(bytes(BODY_LIMIT - 1))
        each.feed(b"x")
    longer.feed(b"y")

    assert len(body.close().body) == BODY_LIMIT
    assert longer.close() == replace(ASKED, too_long=BODY_LIMIT + 1)


def test_a_form_that_is_too_long() -> None:
    """A form beyond its limit has no fields and no body."""
    body = Body(ASKED, BODY_LIMIT * 2)
    body.feed(bytes(BODY_LIMIT * 2))
    body.feed(b"x")

    assert body.close() == replace(ASKED, too_long=BODY_LIMIT * 2 + 1)
