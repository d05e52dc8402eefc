"""Tasks that people fulfil, and services that they bought: created, counted, written off."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.declared.scene import Scene

TIMES = {"start_time": 1700000000, "end_time": 1800000000}


@pytest.fixture
def scene() -> Scene:
    """Return a world in which nothing was created."""
    return Scene()


def test_an_imported_purchase_is_used_up(scene: Scene) -> None:
    """Each number of the merchant's counts once, and no more is taken than is left."""
    open_id = scene.open_id("web")
    service = {"open_id": open_id, "service_id": "7021602203591000000", "service_mode_id": "free"}
    bought = {**service, "out_trade_no": "1680613917339688"}
    terms = {"purchase_time": 1657093625000, "period_type": 1, "usage_times": 10}
    query = {"open_id": open_id, "service_id": service["service_id"], "is_test_env": True}
    scene.call("service_market.insert_purchase_info", {**bought, **terms})
    scene.call("service_market.insert_purchase_info", {**bought, **terms})

    use = {**service, "is_test_env": False, "count": 4, "out_trade_no": "1"}
    for number in ("1", "1", "2"):
        call = {**use, "out_trade_no": number}
        scene.call("service_market.decrease_remain_times", call)
    third = {**use, "out_trade_no": "3"}
    assert scene.refusal("service_market.decrease_remain_times", third) == "wrong_state"
    [left] = scene.call("service_market.purchase_list", query)["purchase_info_list"]
    assert (left["remain_service_times"], left["effective_time"]) == (2, 1657093625000)
    assert scene.refusal("service_market.delete_purchase_info", {**bought, "service_mode_id": "x"})
    scene.call("service_market.delete_purchase_info", bought)
    assert scene.call("service_market.purchase_list", query)["purchase_info_list"] == []


@pytest.mark.parametrize(
    ("create", "query", "own"),
    [
        ("create_task", "query_user_task", {"task_type": 2, "rule_type": 1, "target_count": 2}),
        (
            "create_interact_task",
            "query_user_interact_task",
            {"task_type": 3, "max_count": 2, "interact_rules": {"like": {"stage_count": 6}}},
        ),
    ],
)
def test_the_progress_of_a_task(scene: Scene, create: str, query: str, own: Any) -> None:
    """It is told by the task's id; an unknown id is told among the others, with its error."""
    about = {"app_id": "tt0000000000000001", "mount_link": "pages/index", **TIMES}
    task = {**about, **own, "publish_type": [1], "tags": ["测试"]}
    task_id = scene.call(f"interact_tasks.{create}", task)["task_id"]
    asked = {"app_id": about["app_id"], "open_id": "x", "task_id": [task_id, "task_7"]}
    told = scene.call(f"interact_tasks.{query}", asked)["task_info_list"]

    assert task_id.startswith("task_")
    assert list(told) == [task_id, "task_7"]
    assert (told[task_id]["is_valid"], told[task_id]["err_no"]) == (True, 0)
    assert 2 in (told[task_id].get("target_count"), told[task_id].get("max_count"))
    assert (told["task_7"]["is_valid"], told["task_7"]["err_no"]) == (False, 28005074)
    assert told["task_7"]["err_msg"] == "任务id无效"


@pytest.mark.parametrize(
    ("kind", "conditions"), [("live", ["live_digg"]), ("video", ["collection"])]
)
def test_a_task_is_written_off(scene: Scene, kind: str, conditions: list[str]) -> None:
    """A person's token writes off a task that the app created, and no other; `extra` is beside."""
    task = {"task_name": "任务", "conditions": conditions, **TIMES}
    made = scene.call(f"interact_tasks.create_{kind}_task", task)
    written_off = f"interact_tasks.writeoff_{kind}"
    open_id = scene.open_id("web")

    assert (made["task_id"][0], made["task_status"], made["extra"]["error_code"]) == ("@", 1, 0)
    wanted = {"open_id": open_id, "task_id": made["task_id"]}
    assert scene.call(written_off, wanted)["result"] is True
    assert scene.refusal(written_off, {**wanted, "task_id": "@x"}) == "not_found"


def test_a_posting_fulfils_the_task_that_it_is_bound_to(scene: Scene) -> None:
    """A video counts for the task that its author bound it to."""
    condition = {"condition": "digg", "min_value": 0, "max_value": 100}
    task = {"task_name": "投稿任务", "task_condition": condition, **TIMES}
    task_id = scene.call("posting_tasks.create_task", task)["task_id"]
    other = scene.call("posting_tasks.create_task", task)["task_id"]
    video = {"task_id": task_id, "video_id": "7227815678634470000"}
    open_id = scene.open_id("web")
    check = {**video, "target_open_id": open_id}

    assert scene.refusal("posting_tasks.verify_task", check) == "not_found"
    unknown = {**video, "open_id": open_id, "task_id": "@x"}
    assert scene.refusal("posting_tasks.bind_video", unknown) == "not_found"
    scene.call("posting_tasks.bind_video", {**video, "open_id": open_id})
    assert scene.call("posting_tasks.verify_task", check) == {"result": True}
    assert scene.refusal("posting_tasks.verify_task", {**check, "task_id": other}) == "not_found"
    long = {**task, "task_name": "长" * 51}
    assert scene.refusal("posting_tasks.create_task", long) == "bad_task_name"
    assert scene.refusal("posting_tasks.create_task", {**task, "end_time": "x"}) == "bad_params"
