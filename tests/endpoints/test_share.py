"""The id by which the result of a share is told."""

from __future__ import annotations

import pytest

from mockdouyin.domain.share_ids import Share
from tests.endpoints.calls import Ask, Scene, good

PATH = "/share-id/"


def test_a_share_id_is_text_of_digits() -> None:
    """The share_id is a text of 16 digits, and each call gives another."""
    scene = Scene()
    ask = good(scene, "share.share_id")

    ids = [scene.ask(ask)["data"]["share_id"] for _ in range(5)]

    assert len(set(ids)) == 5
    assert all(isinstance(each, str) and each.isdigit() and len(each) == 16 for each in ids)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(("wanted", "kept"), [("true", True), ("false", False), ("", False)])
def test_what_was_asked_for_is_kept_with_the_id(method: str, wanted: str, kept: bool) -> None:
    """By GET or POST, the id knows whether a callback is wanted and which hashtag, for an hour."""
    scene = Scene()
    query = {"need_callback": wanted, "default_hashtag": "测试"}
    headers = {"access-token": scene.client_token(), "content-type": "application/json"}

    share_id = scene.ask(Ask(method, PATH, query, headers))["data"]["share_id"]

    def held() -> Share | None:
        return scene.world.store.unit(scene.world.clock.now()).read(Share, share_id)

    share = held()
    assert share is not None
    assert (share.app, share.need_callback) == (scene.app("web").client_key, kept)
    assert share.default_hashtag == "测试"
    scene.advance(3600)
    assert held() is None


def test_what_is_no_truth_value_is_a_bad_parameter() -> None:
    """A need_callback that is neither true nor false is refused."""
    scene = Scene()

    answer = scene.ask(good(scene, "share.share_id").having(need_callback="perhaps"))

    assert answer["data"]["error_code"] == answer["extra"]["error_code"] == 2100005


def test_a_refused_call_uses_up_no_id() -> None:
    """Ids follow one another, whatever was refused between them."""
    first, second = Scene(), Scene()
    second.ask(good(second, "share.share_id").with_token("bad"))

    ids = [
        scene.ask(good(scene, "share.share_id"))["data"]["share_id"] for scene in (first, second)
    ]

    assert ids[0] == ids[1]
