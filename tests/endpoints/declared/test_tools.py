"""Smaller services of an app: cards, bookings, settings, regions, ids."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.endpoints.declared.scene import Scene

AUDIT = 600
"""Seconds of an audit in a new world."""


@pytest.fixture
def scene() -> Scene:
    """Return a world in which nothing was created."""
    return Scene()


def test_a_card_of_a_page_is_set_audited_and_deleted(scene: Scene) -> None:
    """Its value is sent and told as a text, which must be JSON."""
    page = {"url": "pages/good?id=1"}
    value = json.dumps({"image_id": "123456", "title": {"main_title": "商品A"}})
    card = {**page, "card_type": 1, "value": value}
    assert scene.call("live_cards.set_card", card) == {"status": 1, "feedback": ""}
    scene.advance(AUDIT)
    told = scene.call("live_cards.get_card", page)
    assert (told["value"], told["status"]) == (value, 2)
    scene.call("live_cards.set_card", card)
    [listed] = scene.call("live_cards.list_cards")["card_list"]
    assert (listed["url"], listed["status"]) == (page["url"], 1)
    scene.call("live_cards.delete_card", page)
    assert scene.refusal("live_cards.get_card", page) == "not_found"
    assert scene.refusal("live_cards.set_card", {**card, "value": "{"}) == "bad_params"


def test_the_card_of_all_pages(scene: Scene) -> None:
    """There is one, which is set again."""
    for title in ("一", "二"):
        card = {"card_type": 1, "value": json.dumps({"title": title})}
        scene.call("live_cards.set_default_card", card)
    assert scene.call("live_cards.get_default_card")["value"] == {"title": "二"}


def test_an_image_of_cards_is_audited(scene: Scene) -> None:
    """Images are asked for as a list in a text; those that were deleted are gone."""
    image = scene.call("live_cards.upload_card_image", {"image": b"x"})["image_id"]
    asked = {"image_ids": json.dumps([image])}
    [told] = scene.call("live_cards.get_card_images", asked)["images_status"]
    assert (told["image_id"], told["image_status"]) == (image, 1)
    scene.advance(AUDIT)
    [told] = scene.call("live_cards.get_card_images", asked)["images_status"]
    assert told["image_status"] == 3
    scene.call("live_cards.delete_card_images", asked)
    assert scene.call("live_cards.get_card_images", asked)["images_status"] == []


def test_live_bookings(scene: Scene) -> None:
    """A video has one booking at most; that of a text is opened and closed."""
    video = {"item_id": "@8hxdhauTCMppanGnM4ltGM780mDq"}
    first = scene.call("live_bookings.create_video_booking", {**video, "live_time": 1675389600})
    again = scene.call("live_bookings.create_video_booking", {**video, "live_time": 1675389700})
    told = scene.call("live_bookings.list_video_bookings")
    assert first == again
    assert (told["total"], told["list"][0]["live_time"]) == (1, 1675389700)
    scene.call("live_bookings.cancel_video_booking", video)
    assert scene.call("live_bookings.list_video_bookings")["total"] == 0

    text = {"text_type": 1, "live_time": 2300, "live_date": 20230207, "content": "我开播了！"}
    assert scene.call("live_bookings.get_text_booking")["has_booking"] is False
    assert scene.refusal("live_bookings.close_text_booking", {}) == "wrong_state"
    scene.call("live_bookings.create_text_booking", text)
    told = scene.call("live_bookings.get_text_booking")
    assert (told["has_booking"], told["text_booking"]["content"]) == (True, "我开播了！")
    scene.call("live_bookings.close_text_booking")
    assert scene.call("live_bookings.get_text_booking")["has_booking"] is False


def test_a_task_of_sharing(scene: Scene) -> None:
    """Its progress is told; an unknown task has an error of its own."""
    task = {"task_type": 1, "target_count": 10, "start_time": 1700000000, "end_time": 1800000000}
    made = scene.call("sharing.create_task", task)
    told = scene.call("sharing.query_user_task", {**made, "open_id": "x"})
    assert (told["target_count"], told["success_count"]) == (10, 0)
    unknown = {"task_id": "task_7", "open_id": "x"}
    assert scene.refusal("sharing.query_user_task", unknown) == "bad_task"


def test_pages_are_deleted_from_the_index(scene: Scene) -> None:
    """Only a page that was handed in can be."""
    app = {"app_id": "tt0000000000000001"}
    scene.call("search_index.upload_sitemap", {**app, "page_paths": ["p/1", "p/2"]})
    gone = {**app, "name": "index", "path_list": ["p/2"]}
    scene.call("search_index.delete_index", gone)
    assert scene.refusal("search_index.delete_index", gone) == "not_found"


def test_a_privacy_agreement_is_configured(scene: Scene) -> None:
    """It is not at first."""
    assert scene.call("privacy.query_privacy_setting") == {"is_configure": False}
    scene.call("privacy.set_privacy_setting", {"is_privacy_config": True, "contact_way": 1})
    assert scene.call("privacy.query_privacy_setting") == {"is_configure": True}


def test_a_city_is_bound_moved_and_unbound(scene: Scene) -> None:
    """It is known by its own id and that of the page."""
    city = {"region_id": "440300", "path": "page/index"}
    made = scene.call("product_regions.add_region", {**city, "bind_type": 2})
    move = {"origin_region": "440300", "current_region": "440400", "path": "page/index"}
    scene.call("product_regions.modify_region", move)
    assert made["data_id"].startswith("region_7")
    assert scene.refusal("product_regions.delete_region", city) == "not_found"
    scene.call("product_regions.delete_region", {**city, "region_id": "440400"})


def test_entities_of_tests_are_added_and_deleted(scene: Scene) -> None:
    """They are listed by their type, each once."""
    goods = {"type": "goods", "operator": "小王", "ref_id_list": ["71", "72"]}
    for _ in range(2):
        scene.call("industry.add_test_relation", goods)
    asked = {"type": "goods"}
    assert scene.call("industry.query_test_relations", asked)["ref_id_list"] == ["71", "72"]
    scene.call("industry.delete_test_relation", {**goods, "ref_id_list": ["71"]})
    assert scene.call("industry.query_test_relations", asked)["ref_id_list"] == ["72"]
    assert scene.call("industry.query_test_relations", {"type": "x"})["ref_id_list"] == []


@pytest.mark.parametrize("family", ["video_ids", "video_ids_toutiao"])
def test_a_video_has_one_id_on_either_side(scene: Scene, family: str) -> None:
    """It is converted to the same id in every call, on every day, alone or among others."""
    app: dict[str, Any] = {"app_id": "tt1", "access_key": "tt1"}

    def converted(*videos: str) -> Any:
        asked = {**app, "video_ids": list(videos)}
        return scene.call(f"{family}.video_id_to_open_item_id", asked)["convert_result"]

    first = converted("7131041")
    scene.advance(86400)
    both = converted("7131042", "7131041")
    assert list(both) == ["7131042", "7131041"]
    assert both["7131041"] == first["7131041"] != both["7131042"]
    sealed = {"access_key": "tt1", "video_ids": list(first.values())}
    told = scene.call(f"{family}.open_item_id_to_encrypt_id", sealed)["convert_result"]
    assert list(told) == list(first.values())
