"""Links into the Douyin app that a server asked for."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from mockdouyin import Sandbox
from mockdouyin.domain.jump_links import JumpLink, find_link, new_link
from tests.support.helpers import GAME, WEB, sandbox

FIELDS = {"video_path": "https://app.example.test/a.mp4"}


def made(box: Sandbox, life: float = 60, key: str = WEB.client_key) -> str:
    """Return a link of an app that lives so many seconds."""
    world = box.default
    unit = world.store.unit(world.clock.now())
    schema = new_link(world, unit, world.apps[key], "share", FIELDS, unit.now + life)
    unit.commit()
    return schema


def found(box: Sandbox, schema: str) -> JumpLink | None:
    """Return what a link opens now."""
    world = box.default
    return find_link(world.store.unit(world.clock.now()), schema)


def test_a_link_opens_douyins_page_in_the_app() -> None:
    """The link wraps an encoded https address that carries a token and the app's key."""
    parts = urlsplit(made(sandbox()))
    page = urlsplit(parse_qs(parts.query)["url"][0])

    assert (parts.scheme, parts.netloc) == ("snssdk1128", "webview")
    assert page._replace(query="").geturl() == "https://open.douyin.com/platform/oauth/slink/"
    query = parse_qs(page.query)
    assert list(query) == ["token", "client_key"]
    assert query["client_key"] == [WEB.client_key]


def test_a_link_is_good_until_it_expires() -> None:
    """What a link opens is known up to its moment of expiry."""
    box = sandbox()
    schema = made(box, life=60)

    opened = found(box, schema)
    assert opened is not None
    assert (opened.app, opened.what, opened.fields) == (WEB.client_key, "share", FIELDS)
    box.default.clock.advance(59)
    assert found(box, schema) is not None
    box.default.clock.advance(1)
    assert found(box, schema) is None


def test_no_link_comes_twice() -> None:
    """Every link is another, whichever app asks; the same seed gives the same ones again."""

    def run(seed: int) -> list[str]:
        box = sandbox(seed=seed)
        return [made(box, key=key) for key in (WEB.client_key, GAME.client_key) * 3]

    links = run(7)

    assert len(set(links)) == 6
    assert run(7) == links
    assert set(run(8)).isdisjoint(links)


@pytest.mark.parametrize(
    "schema",
    [
        "",
        "snssdk1128://webview",
        "snssdk1128://webview?url=",
        "snssdk1128://webview?url=https%3A%2F%2Fopen.douyin.com%2F%3Ftoken%3D",
        "snssdk1128://webview?url=https%3A%2F%2Fopen.douyin.com%2F%3Ftoken%3Dunknown",
        "snssdk1128://webview[?url=x",
        "snssdk1128://webview?url=https%3A%2F%2F%5Bx",
    ],
)
def test_what_is_no_link_of_ours(schema: str) -> None:
    """A text that is no link, or another's, opens nothing."""
    box = sandbox()
    made(box)

    assert found(box, schema) is None
