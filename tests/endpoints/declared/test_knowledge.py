"""Courses of 泛知识 and the merchants that teach them, made, audited and changed by calls."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.declared.scene import Scene

AUDITED = 601.0
"""Seconds after which every audit is over."""

APP = {"appid": "tt0123456789abcdef01"}
ROLE = {"industry_code": 10000, "merchant_industry_role": 3}


@pytest.fixture
def scene() -> Scene:
    """Return a world to teach in, by tokens of both kinds of the same mini-program."""
    made = Scene()
    made.use_token("client", made.client_token("mini_program"))
    return made


def join(scene: Scene) -> dict[str, Any]:
    """Have a merchant join; return its ids."""
    basic = {"entity_name": "青禾教育", "enterprise": {"certificate_id": "91110000EXAMPLE01"}}
    taught = {"industry_code": 10000, "industry_role": 1}
    params = APP | {"basic_auth": basic, "class_auth": taught}
    ids: dict[str, Any] = scene.call("knowledge_entities.join_by_self", params)
    return ids


def audit(scene: Scene, number: str) -> int:
    """Return the status of an audit."""
    params = APP | {"auth_taskid": number, "auth_type": 1}
    [row] = scene.call("knowledge_entities.get_audit", params)["qualifications"]
    assert row["audit_taskid"] == number
    return int(row["audit_status"])


@pytest.mark.parametrize(("result", "status"), [("passed", 2), ("refused", 3)])
def test_a_course_is_added_on_one_host_and_reviewed_on_the_other(
    scene: Scene, result: str, status: int
) -> None:
    """What the older host's call added is reviewed, told of, changed and reviewed again."""
    scene.set(audit_result=result)
    product = {"common_product_params": {"title": "python入门教程"}, "course_params": {}}
    params = {"product_type": 1, "product": product}
    made = scene.call("knowledge_products_toutiao.add_product", params)
    assert made["audit_id"].startswith("KNC")
    number = made["product_id"]

    def review() -> int:
        asked = APP | {"product_ids": [number]}
        told = scene.call("knowledge_products.query_reviews", asked)["products_review"]
        return int(told[str(number)]["course"]["status"])

    assert review() == 1
    scene.advance(AUDITED)
    assert review() == status
    product["common_product_params"] = {"title": "python进阶"}
    scene.call("knowledge_products.modify_product", params | {"product_id": number})
    assert review() == 1
    off = {"product_status_info": {"product_id": number, "status": 2}}
    scene.call("knowledge_products.modify_status", off)
    asked = APP | {"product_ids": [number, 1]}
    [row] = scene.call("knowledge_products.query_products", asked)["products"]
    shelf = row["product_on_shelf"]
    assert shelf["common_product_info"]["title"] == "python进阶"
    assert shelf["product_status"]["status"] == 2


def test_a_resource_that_was_never_uploaded_is_refused(scene: Scene) -> None:
    """An uploaded resource has a status, another one is no file."""
    upload = APP | {"resource_type": 1, "resource_url": "https://example.com/1.jpeg"}
    made = scene.call("knowledge_products.upload_resource", upload)
    assert made["resource_uri"].startswith("product/resource/")
    assert scene.call("knowledge_products.query_resource", APP | made)["status"] == 1
    other = APP | {"resource_uri": "product/resource/none"}
    assert scene.refusal("knowledge_products.query_resource", other) == "no_file"


@pytest.mark.parametrize(("result", "status"), [("passed", 2), ("refused", 3)])
def test_a_merchant_joins_with_two_audits(scene: Scene, result: str, status: int) -> None:
    """Each has a task; both are over after a while, and the merchant is found by certificate."""
    scene.set(audit_result=result)
    ids = join(scene)
    assert ids["entity_id"].startswith("E_")
    tasks = (ids["basic_auth_taskid"], ids["class_auth_taskid"])
    assert [audit(scene, task) for task in tasks] == [1, 1]
    scene.advance(AUDITED)
    assert [audit(scene, task) for task in tasks] == [status, status]
    entity = APP | {"entity_id": ids["entity_id"]}
    told = scene.call("knowledge_entities.get_basic_auth", entity)
    assert (told["auth_status"], told["basic_auth"]["entity_name"]) == (status, "青禾教育")
    asked = {"app_id": APP["appid"], "certificate_id": "91110000EXAMPLE01"}
    found = scene.call("knowledge_entities.query_entity", asked)
    assert found["entity_id"] == join(scene)["entity_id"] == ids["entity_id"]
    params = APP | {"auth_taskid": "Basic_1", "auth_type": 1}
    assert scene.refusal("knowledge_entities.get_audit", params) == "not_found"


def test_a_merchant_lets_an_app_and_a_role_in_and_out(scene: Scene) -> None:
    """What was bound and authorised is listed until it is taken back."""
    role = APP | ROLE | {"merchant_entity_id": join(scene)["entity_id"]}
    scene.call("knowledge_entities.bind_role", role)
    [bound] = scene.call("knowledge_entities.list_bindings", APP)["bind_info_list"]
    assert (bound["merchant_entity_id"], bound["industry_role"]) == (role["merchant_entity_id"], 3)
    scene.call("knowledge_entities.unbind_role", role)
    assert scene.call("knowledge_entities.list_bindings", APP)["bind_info_list"] == []
    shown = {"nick": "青禾", "icon": "certification/resource/1", "desc": "课堂"}
    scene.call("knowledge_entities.auth_role", role | shown)
    data = scene.call("knowledge_entities.get_app_auth", role)
    assert (data["nick"], data["auth_status"]) == ("青禾", 1)
    scene.call("knowledge_entities.unauth_role", role)
    assert scene.refusal("knowledge_entities.get_app_auth", role) == "not_found"


def test_an_account_may_mount_until_it_may_not(scene: Scene) -> None:
    """A scope is found by the person's open_id, and gone when it was taken back."""
    ids = {"industry_code": 10000, "industry_role": 1, "merchant_entity_id": "E_1"}
    user = {"c_user": {"openid": "_000someone"}}
    scene.call("knowledge_entities.enable_mount", APP | ids | user | {"mount_scope_list": [1, 2]})
    asked = APP | ids | {"openid": "_000someone"}
    assert scene.call("knowledge_entities.query_mount", asked)["scope_list"] == [1, 2]
    listed = scene.call("knowledge_entities.list_mounted_accounts", APP | ids)
    assert len(listed["aweme_id_list"]) == 1
    scene.call("knowledge_entities.unbind_account", APP | ids | user)
    assert scene.refusal("knowledge_entities.query_mount", asked) == "not_found"
