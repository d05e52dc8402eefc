"""Links into the Douyin app, as a server asks for them."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.domain.jump_links import JumpLink, find_link
from tests.endpoints.calls import Ask, Scene, good

PAGES = ("get_user_profile", "get_chat", "get_live", "get_item_info")


def opened(scene: Scene, schema: str) -> JumpLink | None:
    """Return what a link opens now."""
    return find_link(scene.world.store.unit(scene.world.clock.now()), schema)


def refused(scene: Scene, ask: Ask) -> tuple[int, str]:
    """Return number and text of a refusal."""
    answer = scene.ask(ask)
    assert "data" not in answer
    return answer["err_no"], answer["err_msg"]


@pytest.mark.parametrize(
    ("media", "kept"),
    [
        ({"video_path": "https://a.example.test/1"}, {"video_path": "https://a.example.test/1"}),
        (
            {"image_list_path": ["https://a.example.test/1"], "hashtag_list": ["测试"]},
            {"image_list_path": '["https://a.example.test/1"]', "hashtag_list": '["测试"]'},
        ),
        (
            {"image_path": "https://a.example.test/1", "micro_app_info": {"appId": "tt1"}},
            {"image_path": "https://a.example.test/1", "micro_app_info": '{"appId":"tt1"}'},
        ),
    ],
)
def test_a_share_link_keeps_what_it_shares(media: dict[str, Any], kept: dict[str, str]) -> None:
    """A ticket stands in for a signature; the link knows its media as a share link writes them."""
    scene = Scene()
    ask = good(scene, "schema.get_share").having(video_path=None)

    schema = scene.ask(ask.having(**media, title="你好", state="17"))["data"]["schema"]

    link = opened(scene, schema)
    assert link is not None
    assert (link.app, link.what) == (scene.app("web").client_key, "share")
    assert link.fields == {**kept, "title": "你好", "state": "17"}


def test_a_share_link_needs_something_to_share() -> None:
    """Without a picture, an album or a video the call is refused, and says what is missing."""
    scene = Scene()

    number, text = refused(scene, good(scene, "schema.get_share").having(video_path=None))

    assert number == 28001007
    assert text == "image_path, image_list_path or video_path must have a value"


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_a_subject(page: str) -> None:
    """A link to a page says whose it is, and a link to a video says which."""
    scene = Scene()
    ask = good(scene, f"schema.{page}")
    subject = "item_id" if page == "get_item_info" else "open_id"

    link = opened(scene, scene.ask(ask)["data"]["schema"])

    assert link is not None
    assert link.what == page.removeprefix("get_")
    assert link.fields[subject]
    number, text = refused(scene, ask.having(**{subject: None}))
    assert (number, text) == (28001007, f"{subject} must have a value")


@pytest.mark.parametrize("endpoint", ["get_share", *PAGES])
@pytest.mark.parametrize("away", [-(10**400), -1, 0], ids=["long ago", "past", "now"])
def test_a_link_expires_in_the_future(endpoint: str, away: int) -> None:
    """An expire_at that is past, or now, is refused."""
    scene = Scene()
    late = int(scene.world.clock.now()) + away

    refusal = refused(scene, good(scene, f"schema.{endpoint}").having(expire_at=late))

    assert refusal == (28001007, "expire_at must be in the future")


@pytest.mark.parametrize("late", [10**12, 10**30, 10**400], ids=["a", "b", "c"])
def test_a_link_may_live_very_long(late: int) -> None:
    """However far away expire_at is, the link is given, and good."""
    scene = Scene()

    answer = scene.ask(good(scene, "schema.get_share").having(expire_at=late))

    assert opened(scene, answer["data"]["schema"]) is not None
