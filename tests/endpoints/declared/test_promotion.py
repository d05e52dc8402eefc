"""Coupons, commission plans and the task box: what is created there can be found and changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.declared.scene import Scene

APP = "tt0000000000000001"
STAFF = {"app_id": APP, "account_type": 1, "talent_account": "7932234"}


@pytest.fixture
def scene() -> Scene:
    """Return a world in which nothing was created."""
    return Scene()


def coupon_meta(**changed: Any) -> dict[str, Any]:
    """Return what a coupon's template is created of."""
    meta = {
        "merchant_meta_no": "meta-1",
        "coupon_name": "奶茶立减券",
        "discount_type": 2,
        "discount_amount": 1000,
        "min_pay_amount": 2000,
        "receive_begin_time": 1700000000,
        "receive_end_time": 1800000000,
        "valid_type": 2,
        "valid_duration": 86400,
        "consume_path": "pages/index/index",
        "stock_number": 3,
        "consume_desc": "满 20 元可用",
    }
    return {"coupon_meta": {**meta, **changed}}


def create_meta(scene: Scene, **changed: Any) -> str:
    """Create a template; return its id."""
    made = scene.call("coupons.create_coupon_meta", coupon_meta(**changed))
    return str(made["coupon_meta_id"])


def test_a_coupon_template_is_created_changed_and_deleted(scene: Scene) -> None:
    """Both generations of calls see one template, whose stock changes once for each key."""
    meta_id = create_meta(scene)
    named = {"app_id": APP, "coupon_meta_id": meta_id}
    more = {**named, "action": "increase", "number": 200, "unique_key": "once"}

    assert scene.refusal("coupons.create_coupon_meta", coupon_meta()) == "create_failed"
    assert scene.call("coupons.get_coupon_meta_v1", named)["name"] == "奶茶立减券"
    scene.call("coupons.modify_coupon_meta", {"coupon_meta": {**named, "coupon_name": "新名称"}})
    scene.call("coupons.update_coupon_meta_stock", more)
    scene.call("coupons.update_coupon_meta_stock", more)
    less = {**more, "action": "decrease", "number": 3, "unique_key": "other"}
    scene.call("coupons.update_coupon_meta_stock", less)

    meta = scene.call("coupons.query_coupon_meta", named)["coupon_meta"]
    assert (meta["coupon_name"], meta["stock_number"], meta["status"]) == ("新名称", 200, 2)
    scene.call("coupons.update_coupon_meta_status", {**named, "coupon_meta_status": 2})
    wanted = {"coupon_meta": {**named, "coupon_name": "再改"}}
    assert scene.refusal("coupons.modify_coupon_meta", wanted) == "field_not_changeable"
    scene.call("coupons.delete_coupon_meta", named)
    assert scene.refusal("coupons.query_coupon_meta", named) == "not_found"


def test_a_coupon_is_sent_used_and_used_back(scene: Scene) -> None:
    """It is sent once for each merchant's number while there is stock, and used once."""
    open_id = scene.open_id("web")
    activity_id = scene.call(
        "coupons.create_developer_activity",
        {
            "app_id": APP,
            "coupon_meta_id": create_meta(scene),
            "merchant_activity_id": "a-1",
            "coupon_stock_number": 2,
        },
    )["activity_id"]
    send = {"app_id": APP, "open_id": open_id, "activity_id": activity_id}

    def sent(number: str) -> Any:
        call = {**send, "merchant_coupon_id": number}
        return scene.call("coupons.send_coupon_to_designated_user", call)["coupon_info"]

    coupon = sent("c-1")
    assert sent("c-1") == coupon
    assert (coupon["coupon_status"], coupon["discount_amount"]) == (10, 1000)
    sent("c-2")
    third = {**send, "merchant_coupon_id": "c-3"}
    assert scene.refusal("coupons.send_coupon_to_designated_user", third) == "bad_activity"

    use = {
        "app_id": APP,
        "open_id": open_id,
        "coupon_id_list": [coupon["coupon_id"], "7000000000000000000"],
        "consume_out_no": "out-1",
        "consume_time": 1700000000,
    }
    first = scene.call("coupons.batch_consume_coupon", use)["results"]
    again = scene.call("coupons.batch_consume_coupon", use)["results"]
    back = {**use, "rollback_consume_out_no": "out-2", "rollback_consume_time": 1700000001}
    undone = scene.call("coupons.batch_rollback_consume_coupon", back)["results"]

    assert [each["err_no"] for each in first] == [0, 29005004]
    assert first[0]["err_msg"] == "验券成功"
    assert [each["err_no"] for each in again] == [29005007, 29005004]
    assert [each["err_no"] for each in undone] == [0, 29005004]
    held = {"app_id": APP, "open_id": open_id, "coupon_status": 10}
    listed = scene.call("coupons.get_coupon_receive_info", held)["coupon_receive_list"]
    assert {each["coupon_name"] for each in listed} == {"奶茶立减券"}
    assert len(listed) == 2
    assert {each["receive_time"] for each in listed} == {int(scene.world.clock.now())}


def test_a_talent_may_give_coupons_away(scene: Scene) -> None:
    """The setting of a talent is made once, changed by setting it again, paused and read."""
    named = {**STAFF, "coupon_meta_id": create_meta(scene)}

    assert scene.refusal("coupons.get_talent_coupon", named) == "no_talent_coupon"
    scene.call("coupons.set_talent_coupon", {**named, "stock_limit": 100})
    scene.call("coupons.set_talent_coupon", {**named, "stock_limit": 200})
    stock = {**named, "action": "increase", "number": 20, "unique_key": "u-1"}
    scene.call("coupons.update_talent_coupon_stock", stock)
    scene.call("coupons.update_talent_coupon_status", {**named, "status": 2})

    told = scene.call("coupons.get_talent_coupon", named)
    assert (told["stock_limit"], told["status"], told["app_id"]) == (220, 2, APP)
    other = {**named, "talent_account": "1"}
    assert scene.refusal("coupons.get_talent_coupon", other) == "no_talent_coupon"


def test_a_promotion_activity_is_created_and_changed(scene: Scene) -> None:
    """It needs a template; its parts are kept as they were sent."""
    activity = {
        "coupon_meta_id": "7000000000000000000",
        "activity_name": "直播间大促",
        "receive_limit": 1,
        "send_scene": 1,
        "live_activity": {"coupon_task_type": 1, "notice_text": "提示"},
    }
    wanted = {"promotion_activity": activity}
    assert scene.refusal("coupons.create_promotion_activity", wanted) == "not_found"
    activity["coupon_meta_id"] = create_meta(scene)
    made = scene.call("coupons.create_promotion_activity", wanted)
    renamed = {"promotion_activity": {**made, "activity_name": "新标题"}}
    scene.call("coupons.modify_promotion_activity", renamed)
    scene.call("coupons.update_promotion_activity_status", {**made, "status": 2})

    told = scene.call("coupons.query_promotion_activity", made)["promotion_activity"]
    assert (told["activity_name"], told["status"]) == ("新标题", 2)
    assert told["live_activity"] == activity["live_activity"]


def test_a_commission_plan_is_published_and_closed(scene: Scene) -> None:
    """A plan that was closed cannot be changed; the ids that failed are told."""
    plan = {"spu_id": "1", "commission_rate": 1900, "content_type": 1}
    made = scene.call("cps_plans.save_common_plan", plan)["plan_id"]
    changed = {**plan, "plan_id": made, "commission_rate": 2000}
    assert scene.call("cps_plans.save_common_plan", changed)["plan_id"] == made
    page = {"spu_id": "1", "page_no": 1, "page_size": 10}
    listed = scene.call("cps_plans.list_common_plans", page)
    assert (listed["total"], listed["data"][0]["commission_rate"]) == (1, 2000)
    elsewhere = scene.call("cps_plans.list_common_plans", {**page, "spu_id": "2"})
    assert elsewhere["data"] == []

    close = {"plan_update_list": [{"plan_id": made, "status": 3}, {"plan_id": 9, "status": 3}]}
    assert scene.call("cps_plans.update_common_plan_status", close)["fail_plan_id_list"] == [9]
    again = {"plan_id": made, "status": 1}
    assert scene.call("cps_plans.update_common_plan_status", again)["fail_plan_id_list"] == [made]
    assert scene.refusal("cps_plans.save_common_plan", changed) == "wrong_state"
    assert scene.refusal("cps_plans.save_common_plan", {**changed, "plan_id": 9}) == "not_found"


def test_an_oriented_plan_names_its_talents(scene: Scene) -> None:
    """It is found by its products; a talent can be taken off; only one for live ends early."""
    plan = {"plan_name": "定向", "douyin_id_list": ["1", "2"], "merchant_phone": "13800138000"}
    product = [{"product_id": 7088277603718563884, "commission_rate": 666}]
    live = scene.call("cps_plans.save_live_oriented_plan", {**plan, "product_list": product})
    video = scene.call("cps_plans.save_video_oriented_plan", plan)
    scene.call("cps_plans.delete_oriented_plan_talent", {**live, "douyin_id": "1"})

    wanted = {"spu_id_list": [7088277603718563884]}
    [found] = scene.call("cps_plans.oriented_plan_list", wanted)["data"]
    assert (found["plan_id"], found["douyin_id_list"]) == (live["plan_id"], ["2"])
    ended = {"plan_update_list": [{**live, "status": 3}, {**video, "status": 3}]}
    failed = scene.call("cps_plans.update_oriented_plan_status", ended)["fail_plan_id_list"]
    assert failed == [video["plan_id"]]
    told = scene.call("cps_plans.oriented_plan_detail", {"plan_id_list": [live["plan_id"]]})
    assert told["data"][str(live["plan_id"])]["plan_info"]["status"] == 3
    talents = {**video, "douyin_id_list": ["2"]}
    assert list(scene.call("cps_plans.oriented_plan_talent_detail", talents)["data"]) == ["2"]


def task(name: str, **changed: Any) -> dict[str, Any]:
    """Return what a task of the task box is created of."""
    about = {
        "task_name": name,
        "task_desc": "说明",
        "task_icon": "https://p3.example.test/a.jpeg",
        "task_settle_type": 1,
        "task_tags": ["测试"],
        "task_start_time": 1700000000,
        "task_end_time": 1800000000,
        "appid": APP,
    }
    return {**about, **changed}


def test_a_task_of_the_box_is_audited_found_and_sent_in_again() -> None:
    """It is found by its id and by when it was created; its name is taken."""
    scene = Scene(audit_result="refused")
    before = int(scene.world.clock.now())
    task_id = scene.call("task_boxes.add_task", task("任务一"))["task_id"]
    scene.advance(600)
    scene.call("task_boxes.add_task", task("任务二"))
    assert scene.refusal("task_boxes.add_task", task("任务一")) == "duplicate_task"

    span = {"create_start_time": before, "create_end_time": before + 60}
    assert scene.call("task_boxes.query_app_task_id", span) == {"task_ids": [task_id]}
    query = {
        "query_params_type": 1,
        "query_params_content": str(task_id),
        "page_num": 1,
        "page_size": 10,
    }

    def told() -> Any:
        [found] = scene.call("task_boxes.query_task_info", query)["tasks"]
        return found

    assert (told()["task_name"], told()["status"]) == ("任务一", 3)
    again = task("任务三", task_id=task_id, start_page="p/i")
    scene.call("task_boxes.update_task", again)
    assert (told()["task_name"], told()["status"]) == ("任务三", 1)
    scene.call("task_boxes.update_status", {"task_id": task_id, "task_status": 5})
    assert told()["status"] == 5


def test_the_older_host_of_the_task_box(scene: Scene) -> None:
    """Its tasks are found there, too; talents are added and removed."""
    older = "task_boxes_toutiao."
    task_id = scene.call(older + "add_task", task("任务"))["task_id"]
    span = {"appid": APP, "create_start_time": 0, "create_end_time": 4000000000}
    assert scene.call(older + "query_app_task_id", span) == [task_id]
    talents = {"appid": APP, "task_id": task_id, "douyin_ids": ["a"], "op_type": 1}
    scene.call(older + "update_orient_talents", talents)
    videos = {"appid": APP, "task_ids": [task_id, 7]}
    assert {row["task_name"] for row in scene.call(older + "query_task_video_data", videos)} == {
        "任务"
    }
    wrong = {"appid": APP, "task_id": 7, "task_status": 2}
    assert scene.refusal(older + "update_status", wrong) == "not_found"


def test_a_talent_changes_to_another_agent(scene: Scene) -> None:
    """Only to one that there is; the latest is told."""
    agent = {"agent_id": 32490158475755534, "agent_nickname": "团长A"}
    assert scene.call("task_boxes.save_agent", agent)["agent_id"] == agent["agent_id"]
    scene.call("task_boxes.save_agent", {**agent, "agent_id": 2})
    change = {"douyin_id": "7932234", "old_agent_id": 1}
    for wanted in (2, agent["agent_id"]):
        scene.call("task_boxes.change_user_bind_agent", {**change, "new_agent_id": wanted})
    asked = {"douyin_id": "7932234", "page_no": 1, "page_size": 10}
    told = scene.call("task_boxes.get_agency_user_bind_record", asked)
    assert [row["agent_id"] for row in told["results"]] == [agent["agent_id"]]
    unknown = {**change, "new_agent_id": 3}
    assert scene.refusal("task_boxes.change_user_bind_agent", unknown) == "unknown_leader"
    assert scene.refusal("task_boxes.gen_agent_link", {"agent_id": 3}) == "unknown_leader"
