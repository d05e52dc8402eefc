"""What an app has bound, tagged, applied for: created, audited, listed in pages, taken back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.declared.scene import Scene

AUDIT = 600
"""Seconds of an audit in a new world."""


@pytest.fixture
def scene() -> Scene:
    """Return a world in which nothing was created."""
    return Scene()


def one(rows: list[dict[str, Any]], name: str, value: Any) -> dict[str, Any]:
    """Return the only row with this value."""
    [row] = [row for row in rows if row[name] == value]
    return row


AUDITED = [
    pytest.param(
        ("capacity.add_aweme_video_keyword", {"keyword": "咖啡", "reason": "品牌"}),
        ("capacity.query_aweme_video_keyword_list", {"page_num": 1, "page_size": 5}),
        ("keyword_list", "keyword", "咖啡", "status", [0, 1, 2]),
        id="keyword",
    ),
    pytest.param(
        ("aweme.create_alias", {"alias_word": "我的小程序"}),
        ("aweme.list_alias", {}),
        ("alias_list", "alias", "我的小程序", "audit_status", [0, 1, 2]),
        id="alias",
    ),
    pytest.param(
        (
            "capacity.create_ma_sub_service",
            {"search_key_word": ["k"], "start_page_url": "p/i", "sub_service_name": "子服务"},
        ),
        ("capacity.search_ma_sub_service", {"page_no": 1, "page_size": 5}),
        ("ma_sub_service_info_list", "sub_service_name", "子服务", "approval_state", [0, 1, 2]),
        id="sub-service",
    ),
    pytest.param(
        (
            "capacity.bind_aweme_relation",
            {"type": "brand", "aweme_id": "a", "capacity_list": ["v"]},
        ),
        ("capacity.query_aweme_relation_list", {"type": 1, "page_num": 1, "page_size": 5}),
        ("list", "aweme_id", "a", "bind_status", [4, 1, 5]),
        id="relation",
    ),
    pytest.param(
        (
            "capacity_toutiao.create_subscribe_notification_tpl",
            {"title": "发货", "keyword_list": ["时间"], "classification": 1},
        ),
        ("capacity_toutiao.query_created_subscribe_notification_tpl_list", {}),
        ("template_list", "title", "发货", "status", [0, 1, 2]),
        id="template",
    ),
]


@pytest.mark.parametrize("audit_result", ["passed", "refused"])
@pytest.mark.parametrize(("create", "query", "shown"), AUDITED)
def test_what_is_applied_for_is_audited(
    create: tuple[str, Any], query: tuple[str, Any], shown: Any, audit_result: str
) -> None:
    """It is under audit at first, and later what the world's setting says."""
    scene = Scene(audit_result=audit_result)
    rows, name, value, field, (waiting, passed, refused) = shown
    scene.call(*create)

    assert one(scene.call(*query)[rows], name, value)[field] == waiting
    scene.advance(AUDIT)
    wanted = passed if audit_result == "passed" else refused
    assert one(scene.call(*query)[rows], name, value)[field] == wanted


def test_an_application_for_a_capacity(scene: Scene) -> None:
    """Its state is told by the capacity's key, once it was applied for."""
    key = {"capacity_key": "video_self_mount"}
    assert scene.refusal("capacity.query_apply_status", key) == "not_found"
    scene.call("capacity.apply_capacity", {**key, "apply_reason": "申请原因"})
    assert scene.call("capacity.query_apply_status", key) == {"status": 1, "reason": ""}
    scene.advance(AUDIT)
    assert scene.call("capacity.query_apply_status", key)["status"] == 2
    assert len(scene.call("capacity.query_capacity_list")["app_capacity_info_list"]) == 3


def test_keywords_are_listed_in_pages_and_deleted(scene: Scene) -> None:
    """Each page has as many as were asked for; what was deleted is in none."""
    for number in range(5):
        word = {"keyword": f"词{number}", "reason": "品牌"}
        scene.call("capacity.add_aweme_video_keyword", word)
    twice = {"keyword": "词1", "reason": "品牌"}
    assert scene.refusal("capacity.add_aweme_video_keyword", twice) == "bad_params"

    def page(number: int) -> Any:
        asked = {"page_num": number, "page_size": 2}
        return scene.call("capacity.query_aweme_video_keyword_list", asked)

    words = [row["keyword"] for n in (1, 2, 3) for row in page(n)["keyword_list"]]
    assert words == [f"词{number}" for number in range(5)]
    gone = {"keyword_id": page(1)["keyword_list"][0]["keyword_id"]}
    scene.call("capacity.delete_aweme_video_keyword", gone)
    assert page(1)["total_count"] == 4
    assert scene.refusal("capacity.delete_aweme_video_keyword", gone) == "not_found"


def test_one_call_changes_several_search_tags(scene: Scene) -> None:
    """Tags are added, renamed and deleted by one call, which counts as one of the month's."""
    scene.call("capacity.set_search_tag", {"add_tag_list": ["AB", "电影票"]})
    change = {
        "add_tag_list": ["新"],
        "delete_tag_list": ["电影票"],
        "modify_tag_list": [{"before_tag": "AB", "search_tag": "AB票"}],
    }
    scene.call("capacity.set_search_tag", change)

    told = scene.call("capacity.query_search_tag_list")
    assert [row["search_tag"] for row in told["search_tag_list"]] == ["AB票", "新"]
    assert (told["month_available_times"], told["month_total_times"]) == (3, 5)
    assert scene.refusal("capacity.set_search_tag", change) == "not_found"
    assert scene.call("capacity.query_search_tag_list") == told


def test_an_alias_may_be_changed_some_times_a_week(scene: Scene) -> None:
    """Creation and change count; when none is left, the next week brings new ones."""
    scene.call("aweme.create_alias", {"alias_word": "名0"})
    for number in range(4):
        change = {"before_alias": f"名{number}", "after_alias": f"名{number + 1}"}
        scene.call("capacity.modify_alias", change)
    last = {"before_alias": "名4", "after_alias": "名5"}
    assert scene.refusal("capacity.modify_alias", last) == "wrong_state"
    scene.advance(7 * 86400)
    scene.call("capacity.modify_alias", last)

    told = scene.call("aweme.list_alias")
    assert (told["week_available_times"], told["alias_list"][0]["alias"]) == (4, "名5")
    scene.call("capacity.delete_alias", {"alias": "名5"})
    assert scene.call("aweme.list_alias")["alias_list"] == []


@pytest.mark.parametrize("family", ["capacity", "capacity_toutiao"])
def test_a_code_on_paper_leads_to_a_page(scene: Scene, family: str) -> None:
    """A code is bound, changed, released and deleted; how many may be bound is told."""
    code = {"qr_url": "https://example.test/a", "load_path": "p/i", "stage": "latest"}
    bind = {**code, "exclusive_qr_url_prefix": 0}
    moved = {**bind, "qr_url": "https://example.test/b"}
    page = {"page_num": 1, "page_size": 10}
    scene.call(f"{family}.add_simple_qr_bind", bind)
    assert scene.refusal(f"{family}.add_simple_qr_bind", bind) == "bad_params"
    change = {**moved, "before_qr_url": bind["qr_url"]}
    scene.call(f"{family}.update_simple_qr_bind", change)
    release = {"qr_url": moved["qr_url"], "status": 1}
    scene.call(f"{family}.update_simple_qr_bind_status", release)

    told = scene.call(f"{family}.query_simple_qr_bind_list", page)
    assert told["qr_list"] == [{**moved, "status": 1}]
    assert (told["bind_upper_limit"], told["bind_rest_count"]) == (100, 99)
    scene.call(f"{family}.delete_simple_qr_bind", {"qr_url": moved["qr_url"]})
    told = scene.call(f"{family}.query_simple_qr_bind_list", page)
    assert (told["qr_list"], told["bind_rest_count"]) == ([], 100)


def test_a_bound_account_is_unbound(scene: Scene) -> None:
    """Both hosts' lists have it, by its id and its kind, until it is unbound."""
    bound = {"type": "employee", "aweme_id": "a", "capacity_list": ["v"]}
    for _ in range(2):
        scene.call("capacity.bind_aweme_relation", bound)
    page = {"page_num": 1, "page_size": 10}

    def count(kind: int) -> Any:
        asked = {**page, "type": kind}
        return scene.call("capacity.query_aweme_relation_list", asked)["total_count"]

    assert (count(3), count(1)) == (1, 0)
    other = {"type": "brand", "aweme_id": "a"}
    assert scene.refusal("capacity.unbind_aweme_relation", other) == "not_found"
    scene.call("capacity.unbind_aweme_relation", {"type": "employee", "aweme_id": "a"})
    assert count(3) == 0


def test_ad_placements_and_the_permission_for_them(scene: Scene) -> None:
    """The permission is opened once; a placement is created and switched off."""
    opened = scene.call("capacity_toutiao.query_traffic_permission_status")
    scene.call("capacity_toutiao.open_traffic_permission")
    again = scene.refusal("capacity_toutiao.open_traffic_permission", {})
    assert (opened["status"], again) == (0, "wrong_state")
    assert scene.call("capacity_toutiao.query_traffic_permission_status")["status"] == 1

    placement = {"ad_placement_name": "广告位", "ad_placement_type": 2}
    scene.call("capacity_toutiao.add_ad_placement", placement)
    [made] = scene.call("capacity_toutiao.query_ad_placement_list")["ad_placement_list"]
    off = {"ad_placement_id": made["ad_placement_id"], "status": 0}
    scene.call("capacity_toutiao.update_ad_placement_status", off)
    [made] = scene.call("capacity_toutiao.query_ad_placement_list")["ad_placement_list"]
    assert made == {**placement, **off}


def test_a_template_of_the_library_is_added_to_the_app(scene: Scene) -> None:
    """It is added by its id, has its title, and can be deleted."""
    library = scene.call("capacity_toutiao.query_subscribe_notification_tpl_list")
    assert library["total_count"] == 3
    template = library["template_list"][0]
    add = {"template_id": template["template_id"], "keyword_list": template["keyword_list"][:1]}
    made = scene.call("capacity_toutiao.add_app_subscribe_notification_tpl", add)
    told = scene.call("capacity_toutiao.query_app_subscribe_notification_tpl")["template_list"]
    assert (told[0]["title"], told[0]["keyword_list"]) == (template["title"], add["keyword_list"])
    scene.call("capacity_toutiao.delete_app_subscribe_notification_tpl", made)
    assert scene.call("capacity_toutiao.query_app_subscribe_notification_tpl")["total_count"] == 0
    wrong = {**add, "template_id": 1}
    refused = scene.refusal("capacity_toutiao.add_app_subscribe_notification_tpl", wrong)
    assert refused == "not_found"


def test_a_clue_component_is_created_changed_and_deleted(scene: Scene) -> None:
    """It is listed as it was changed."""
    component = {"config_name": "线索组件", "region": "110101", "category_id": "8,9,12"}
    made = scene.call("capacity_toutiao.create_clue_component_info", component)
    renamed = {**made, "config_name": "新名称"}
    scene.call("capacity_toutiao.update_clue_component_info", renamed)
    [told] = scene.call("capacity_toutiao.query_clue_component_info")["clue_component_list"]
    assert (told["config_name"], told["region"]) == ("新名称", "110101")
    scene.call("capacity_toutiao.delete_clue_component_info", made)
    assert scene.call("capacity_toutiao.query_clue_component_info")["total"] == 0


def test_an_account_of_a_shop_is_bound(scene: Scene) -> None:
    """There is none at first; what was bound is told, and audited."""
    query = "capacity_toutiao.query_bind_doudian_account"
    assert scene.refusal(query, {}) == "not_found"
    scene.call("capacity_toutiao.bind_doudian_account", {"account": "shop@example.test"})
    told = scene.call(query)
    assert (told["account"], told["doudian_account_status"]) == ("shop@example.test", 1)
    made = scene.call("capacity_toutiao.create_doudian_app", {"shop_name": "测试门店"})
    app = scene.call("capacity_toutiao.query_doudian_app")
    assert (app["doudian_appid"], app["doudian_app_name"]) == (made["doudian_appid"], "测试门店")


def test_quotas_and_permissions_of_scopes(scene: Scene) -> None:
    """A quota grows by what was applied for; a permission is under audit once it is."""
    [first, *_] = scene.call("capacity_toutiao.query_scope_quota_detail")["scope_list"]
    more = {"scope": first["scope"], "quota": 500}
    scene.call("capacity_toutiao.apply_scope_quota", more)
    [first, *_] = scene.call("capacity_toutiao.query_scope_quota_detail")["scope_list"]
    assert (first["free_total"], first["charge_remain"]) == (1000, 500)

    def permission() -> Any:
        [group] = scene.call("capacity_toutiao.query_aweme_permission_list")["list"]
        return group["permission_list"][0]

    key = {"permission_key": permission()["permission_key"]}
    scene.call("capacity_toutiao.apply_aweme_permission", key)
    assert permission()["status"] == 2
    assert scene.refusal("capacity_toutiao.apply_aweme_permission", key) == "wrong_state"


def test_a_video_is_mounted_once(scene: Scene) -> None:
    """A second anchor is refused, and so is taking it off twice."""
    video = {"item_id": "72679022657914", "micro_app_id": "tt1"}
    scene.call("aweme.mount", {**video, "app_title": "标题"})
    assert scene.refusal("aweme.mount", video) == "already_bound"
    scene.call("aweme.mount_cancel", video)
    assert scene.refusal("aweme.mount_cancel", video) == "already_unbound"


def test_what_is_shown_at_a_mounted_video(scene: Scene) -> None:
    """A change is in force and in the history."""
    scene.call("aweme.modify_config", {"config_key": "title", "config_value": "新标题"})
    history = scene.call("aweme.query_config_history", {"page_num": 1, "page_size": 10})
    assert history["change_history_list"][0]["new_value"] == "新标题"
    assert scene.call("aweme.query_config")["title"] == "新标题"


def test_a_card_in_several_rooms(scene: Scene) -> None:
    """One call sets it for each anchor; each is audited."""
    card = {"item_map": {"a": "b"}, "start_page": "p/i", "template_code": 2}
    scene.call("aweme.import_card_add", {**card, "anchorid_list": ["1", "2"]})
    asked = {"anchorid": "2", "start_page": "p/i"}
    told = scene.call("aweme.import_card_get", asked)
    assert (told["item_map"], told["audit_status"]) == ({"a": "b"}, 1)
    scene.advance(AUDIT)
    assert scene.call("aweme.import_card_get", asked)["audit_status"] == 2
    assert scene.refusal("aweme.import_card_get", {**asked, "anchorid": "3"}) == "not_found"
