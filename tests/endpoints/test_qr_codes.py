"""QR codes: pictures that can be scanned, in the width and the colours that are asked for."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.exchange_view import show
from tests.endpoints.calls import Scene
from tests.endpoints.calls_content import game, key, newer, older
from tests.support.pictures import Picture, read, shows

CREATE = "/api/apps/v1/qrcode/create/"
OLDER = "/api/apps/qrcode"
BLACK, WHITE = (0, 0, 0, 255), (255, 255, 255, 255)


def png(scene: Scene, **fields: Any) -> bytes:
    """Make a code by the newer call."""
    answer = scene.ask(newer(scene, CREATE, appid=key(scene), **fields))
    assert answer["err_no"] == 0, answer
    return base64.b64decode(answer["data"]["img"])


def picture(scene: Scene, **fields: Any) -> Picture:
    """Make a code by the newer call, and read it."""
    return read(png(scene, **fields))


def address(scene: Scene) -> str:
    """Return what the code of the last call should lead to."""
    [link] = list(scene.world.journal)[-1].links
    records = [name for name in scene.state() if name.startswith("AppLink ")]
    assert link.kind == "link"
    return f"https://open.douyin.com/mini_app/link/?link={records[-1].partition(' ')[2]}"


@pytest.mark.parametrize("width", [280, 281, 430, 1280])
def test_the_width_is_as_asked(width: int) -> None:
    """A picture is exactly as wide and as high as asked, and shows the code."""
    scene = Scene()

    made = picture(scene, path="pages/index", width=width)

    assert (made.width, made.height) == (width, width)
    assert shows(made, address(scene), error="m", dark=BLACK) == 1


def test_the_colours_are_as_asked() -> None:
    """Lines and background have the colours that are asked for, and no other is there."""
    scene = Scene()
    line, ground = {"r": 1, "g": 2, "b": 130}, {"r": 250, "g": 240, "b": 230}

    made = picture(scene, line_color=line, background=ground)

    used = {made.palette[index] for row in made.rows for index in set(row)}
    assert used == {(1, 2, 130, 255), (250, 240, 230, 255)}
    assert made.at(0, 0) == (250, 240, 230, 255)
    assert shows(made, address(scene), error="m", dark=(1, 2, 130, 255)) == 1


def test_an_icon_covers_little_of_a_code_that_bears_it() -> None:
    """With an icon the code has the highest correction, and over 95 % of its modules are right."""
    scene = Scene()

    made = picture(scene, set_icon=True)

    assert 0.95 < shows(made, address(scene), error="h", dark=BLACK) < 1


def test_a_round_code_is_in_a_disc() -> None:
    """Outside of the disc nothing is painted; the code is whole within it."""
    scene = Scene()

    made = picture(scene, is_circle_code=True, width=600)

    assert {made.at(x, y)[3] for x in (0, 599) for y in (0, 599)} == {0}
    assert made.at(300, 1) == BLACK
    assert made.at(300, 40) == WHITE
    assert shows(made, address(scene), error="m", dark=BLACK) == 1


@pytest.mark.parametrize("look", [{}, {"set_icon": True}, {"is_circle_code": True, "width": 280}])
def test_a_decoder_reads_it(look: dict[str, Any]) -> None:
    """A decoder that knows nothing of us reads the address of the link's page off the picture."""
    zxing = pytest.importorskip("zxingcpp")
    scene = Scene()
    shown = picture(scene, **look)
    grey = memoryview(shown.grey()).cast("B", (shown.height, shown.width))

    [found] = zxing.read_barcodes(grey)

    assert found.text == address(scene)


def test_the_older_call_answers_with_bytes() -> None:
    """A success is a PNG with its type and no file name; a refusal is JSON with HTTP 200."""
    scene = Scene()
    for path, ask in ((OLDER, older(scene, OLDER)), (f"/mgplatform{OLDER}", None)):
        reply = scene.send(ask or game(scene, path))
        headers = {name.decode(): value.decode() for name, value in reply.headers}
        assert headers.keys() == {"content-type", "x-tt-logid"}
        assert headers["content-type"] == "image/png"
        assert read(reply.body).width == 430

    refused = scene.ask(older(scene, OLDER).with_token("0801"))

    assert refused == {"errcode": 40002, "errmsg": "bad access_token"}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"width": 279}, 40021),
        ({"width": 1281}, 40021),
        ({"appname": "weixin"}, 40016),
        ({"background": {"r": 0, "g": -1, "b": 0}}, 40014),
        ({"path": "p" * 1025}, 40014),
    ],
)
def test_what_is_out_of_bounds_is_refused(fields: dict[str, Any], code: int) -> None:
    """Each parameter has its bounds; the newer call has one number for all."""
    scene = Scene()
    twin = {("app_name" if name == "appname" else name): got for name, got in fields.items()}

    assert scene.ask(older(scene, OLDER, **fields))["errcode"] == code
    assert scene.ask(newer(scene, CREATE, appid=key(scene), **twin))["err_no"] == 28005001


def test_a_code_leads_to_its_world() -> None:
    """A code that was made in another world leads there."""
    box = Sandbox(clock=ManualClock)
    scene = Scene(box)
    scene.world = box.worlds.create("other")

    made = picture(scene)

    there = address(scene).replace("/mini_app", "/@other/mini_app")
    assert shows(made, there, error="m", dark=BLACK) == 1


def test_the_journal_describes_a_picture() -> None:
    """What is shown of an exchange tells the kind and the size of a picture, not its bytes."""
    scene = Scene()
    size = len(scene.send(older(scene, OLDER)).body)

    shown = show(list(scene.world.journal)[-1], str)

    assert shown["reply"]["body"] == f"(image/png, {size} bytes)"
