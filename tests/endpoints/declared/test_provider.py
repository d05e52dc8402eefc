"""What a provider does for the mini-programs that authorised it, and smaller services of apps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.endpoints.calls import Ask
from tests.endpoints.declared.scene import Scene

AUDIT = 600
"""Seconds of an audit in a new world."""


@pytest.fixture
def scene() -> Scene:
    """Return a world in which nothing was created."""
    return Scene()


@pytest.mark.parametrize(
    ("query", "params"),
    [
        ("provider.get_auth_token", {}),
        (
            "provider_v1.authorizer_token",
            {"component_appid": "tt1", "component_access_token": "x"},
        ),
    ],
)
def test_the_token_of_an_authorised_app_is_good(scene: Scene, query: str, params: Any) -> None:
    """A provider fetches it, and may then call as the app."""
    grant = {"grant_type": "app_to_tp_authorization_code", "authorization_code": "code"}
    told = scene.call(query, {**params, **grant})
    app = scene.app("mini_program")
    assert told["authorizer_appid"] == app.client_key
    ask = Ask("GET", "/api/apps/v1/category/get_audit_categories/")
    answer = scene.ask(ask.under(access_token=told["authorizer_access_token"]))
    assert (answer["err_no"], answer["data"]["category_limit"]) == (0, 5)


def test_categories_are_added_supplied_and_deleted(scene: Scene) -> None:
    """Each is audited; the app's information lists them."""
    category = {"categoryInfo": [{"category": "158,159,259"}]}
    scene.call("provider_v1.add_categories", category)
    [told] = scene.call("provider_v1.list_categories")["appCategoryAuditInfo"]
    assert (told["category"], told["categoryAuditState"]) == ("158,159,259", 1)
    scene.advance(AUDIT)
    [told] = scene.call("provider_v1.get_app_info")["app_categories_audit_info"]
    assert told["app_category_audit_state"] == 2
    scene.call("provider_v1.supply_categories", category)
    gone = {"categories": ["158,159,259"]}
    scene.call("provider_v1.delete_categories", gone)
    assert scene.refusal("provider_v1.supply_categories", category) == "not_found"
    assert scene.refusal("provider_v1.delete_categories", gone) == "not_found"


@pytest.mark.parametrize(
    ("what", "param"), [("name", "new_name"), ("icon", "new_icon_path"), ("intro", "new_intro")]
)
def test_what_an_app_is_called_is_changed_after_an_audit(
    scene: Scene, what: str, param: str
) -> None:
    """The change is under audit at first; it can be made so many times."""

    def told() -> Any:
        return scene.call("provider_v1.get_app_info")[f"new_{what}_audit_info"]

    for left in (2, 1, 0):
        scene.call(f"provider_v1.modify_app_{what}", {param: f"新{left}"})
        assert (told()[f"new_{what}"], told()["remaining_times"]) == (f"新{left}", left)
    assert told()[f"new_{what}_audit_state"] == 1
    scene.advance(AUDIT)
    assert told()[f"new_{what}_audit_state"] == 2
    assert scene.refusal(f"provider_v1.modify_app_{what}", {param: "再"}) == "wrong_state"


@pytest.mark.parametrize("family", ["app_info", "provider_v1"])
def test_domains_are_added_replaced_and_deleted(scene: Scene, family: str) -> None:
    """Every answer has the whole lists."""

    def server(action: str, *names: str) -> Any:
        call = {"action": action, "request": list(names)}
        return scene.call(f"{family}.modify_server_domain", call)["request"]

    def webview(action: str, *names: str) -> Any:
        call = {"action": action, "webview": list(names)}
        told = scene.call(f"{family}.modify_webview_domain", call)
        return told if isinstance(told, list) else told["webview"]

    assert server("add", "a.test", "b.test") == ["a.test", "b.test"]
    assert server("delete", "a.test") == ["b.test"]
    assert server("set", "c.test") == ["c.test"]
    assert server("get") == ["c.test"]
    assert webview("add", "w.test") == ["w.test"]
    assert server("get") == ["c.test"]
    wrong = {"action": "drop", "request": ["c.test"]}
    assert scene.refusal(f"{family}.modify_server_domain", wrong) == "bad_params"


def test_templates_for_sharing(scene: Scene) -> None:
    """One can be the default once it has passed the audit; what was changed is audited anew."""
    template = {"title": "标题", "description": "文案", "imagePath": "a/b"}
    scene.call("provider_v1.add_share_template", template)

    def told() -> Any:
        [row] = scene.call("provider_v1.list_share_templates")["shareTplList"]
        return row

    named = {"templateId": told()["templateId"]}
    refused = scene.refusal("provider_v1.set_default_share_template", named)
    assert (told()["auditStatus"], refused) == (1, "wrong_state")
    scene.advance(AUDIT)
    scene.call("provider_v1.set_default_share_template", named)
    assert (told()["auditStatus"], told()["isDefault"]) == (3, 1)
    scene.call("provider_v1.modify_share_template", {**named, "title": "新"})
    assert (told()["title"], told()["auditStatus"]) == ("新", 1)
    scene.call("provider_v1.delete_share_template", named)
    assert scene.call("provider_v1.list_share_templates")["total"] == 0


@pytest.mark.parametrize(
    ("apply", "query", "call"),
    [
        ("apply_live", "live_application_status", {"intro": "直播"}),
        (
            "apply_video",
            "video_application_status",
            {"intro": "视频", "anchorText": "锚点", "imagePath": "a"},
        ),
        (
            "apply_phone_number",
            "phone_number_application_status",
            {"reason": 1, "scene": 1, "description": "登录"},
        ),
    ],
)
def test_an_application_is_audited(scene: Scene, apply: str, query: str, call: Any) -> None:
    """There is no state before it is made."""
    assert scene.refusal(f"provider_v1.{query}", {}) == "not_found"
    scene.call(f"provider_v1.{apply}", call)
    assert scene.call(f"provider_v1.{query}") == {"status": 1, "reason": ""}
    scene.advance(AUDIT)
    assert scene.call(f"provider_v1.{query}") == {"status": 2, "reason": ""}


def test_code_is_uploaded_from_a_template(scene: Scene) -> None:
    """A draft becomes a template; the latest version is the one that was uploaded."""
    scene.call("provider_v1.add_template", {"draft_id": 1})
    [made] = scene.call("provider_v1.list_templates")["template_list"]
    code = {"template_id": made["template_id"], "user_desc": "说明", "user_version": "1.1.1"}
    scene.call("provider_v1.upload_package", {**code, "ext_json": '{"extEnable":true}'})
    latest = scene.call("provider_v1.versions")["latest"]
    assert (latest["version"], latest["summary"]) == ("1.1.1", "说明")
    scene.call("provider_v1.delete_template", {"template_id": made["template_id"]})
    assert scene.call("provider_v1.list_templates")["template_list"] == []
    broken = {**code, "ext_json": "{"}
    assert scene.refusal("provider_v1.upload_package", broken) == "bad_params"


def test_a_shop_is_synchronised_and_settles(scene: Scene) -> None:
    """It is known by the provider's own id; an application to settle is audited."""
    shop = {"supplier_ext_id": "s-1", "name": "测试商铺", "status": 1}
    query = {"supplier_ext_id": "s-1"}
    assert scene.refusal("provider_v1.get_supplier", query) == "not_found"
    scene.call("provider_v1.sync_supplier", shop)
    scene.call("provider_v1.sync_supplier", {**shop, "name": "新名称"})
    assert scene.call("provider_v1.get_supplier", query)["data_detail"]["name"] == "新名称"
    made = scene.call("provider_v1.apply_settlement", {"company_name": "测试商家"})
    assert scene.call("provider_v1.get_settlement_status", made)["apply_status"] == 1
    scene.advance(AUDIT)
    assert scene.call("provider_v1.get_settlement_status", made)["apply_status"] == 2


def test_a_face_is_recognised(scene: Scene) -> None:
    """The state belongs to the token, and changes a minute later."""
    made = scene.call("icp_records.get_facial_recognition_url")
    asked = {"facial_recognition_token": made["facial_recognition_token"]}
    query = "icp_records.query_facial_recognition_status"
    assert scene.call(query, asked) == {"facial_recognition_status": 0}
    scene.advance(60)
    assert scene.call(query, asked) == {"facial_recognition_status": 1}
    assert scene.refusal(query, {"facial_recognition_token": "x"}) == "not_found"


def test_feedback_is_answered(scene: Scene) -> None:
    """What was answered is told as such."""
    listed = scene.call("feedback.get_feedback_list", {"page_num": 1, "page_size": 2})
    assert (listed["total"], len(listed["feedback_list"])) == (3, 2)
    first = listed["feedback_list"][0]["feedback_id"]
    answer = {"reply_list": [{"feedback_id": first, "reply_content": "已修复"}]}
    scene.call("feedback.batch_reply", answer)
    [told] = scene.call("feedback.get_reply_result", {"feedback_id_list": [first]})["reply_list"]
    assert (told["reply_content"], told["reply_status"]) == ("已修复", 1)


def test_a_comment_is_answered_and_the_answer_deleted(scene: Scene) -> None:
    """Only a comment that there is can be answered."""
    app = {"app_id": "tt0000000000000001"}
    page = {**app, "origin_id": "1", "biz_line": 2, "offset": 2, "count": 2}
    told = scene.call("developer_comments.list_comments", page)
    assert (told["count"], told["has_more"], len(told["comment_list"])) == (3, False, 1)
    answer = {**app, "comment_id": str(told["comment_list"][0]["id"]), "text": "感谢"}
    made = scene.call("developer_comments.reply_to_comment", answer)["reply"]
    scene.call("developer_comments.delete_reply", {**app, **made})
    assert scene.refusal("developer_comments.delete_reply", {**app, **made}) == "not_found"
    unknown = {**answer, "comment_id": "1"}
    assert scene.refusal("developer_comments.reply_to_comment", unknown) == "not_found"


def test_each_person_has_media(scene: Scene) -> None:
    """They are listed to the one who uploaded them, and to nobody else."""
    mine = {"open_id": scene.open_id("web")}
    media = scene.call("enterprise_media.upload_media", {**mine, "media": b"x"})["media"]
    page = {**mine, "cursor": "0", "count": "10"}
    [told] = scene.call("enterprise_media.list_media", page)["medias"]
    assert told["media_id"] == media["media_id"]
    theirs = {**page, "open_id": scene.open_id("web", "小红")}
    assert scene.call("enterprise_media.list_media", theirs, person="小红")["medias"] == []
    gone = {**mine, "media_id": media["media_id"]}
    scene.call("enterprise_media.delete_media", gone)
    assert scene.refusal("enterprise_media.delete_media", gone) == "not_found"


def test_coins_are_given_and_spent(scene: Scene) -> None:
    """Each bill counts once; nobody spends more than is there."""
    signed = {"appid": "tt1", "ts": 1700000000, "zone_id": "1", "pf": "android", "mp_sig": "x"}
    purse = {**signed, "openid": scene.open_id("mini_game")}
    give = {**purse, "present_counts": 100, "bill_no": "b-1"}
    assert scene.call("mini_game_tools.get_balance", purse)["balance"] == 0
    for _ in range(2):
        assert scene.call("mini_game_tools.add_coin", give)["balance"] == 100
    pay = {**purse, "amt": 30, "bill_no": "b-2"}
    for _ in range(2):
        told = scene.call("mini_game_tools.pay_coin", pay)
        assert told == {"bill_no": "b-2", "balance": 70, "used_gen_amt": 30}
    more = {**pay, "amt": 71, "bill_no": "b-3"}
    assert scene.refusal("mini_game_tools.pay_coin", more) == "wrong_state"
    told = scene.call("mini_game_tools.get_balance", purse)
    assert (told["balance"], told["present_sum"], told["cost_sum"]) == (70, 100, 30)


def test_a_gift_is_received_once(scene: Scene) -> None:
    """The same attempt has the same gift."""
    attempt = {"gift_code": "g", "open_id": "o", "uuid": "u-1"}
    first = scene.call("mini_game_gifts.receive_reward", attempt)["gift_info"]
    scene.advance(60)
    again = scene.call("mini_game_gifts.receive_reward", attempt)["gift_info"]
    other = scene.call("mini_game_gifts.receive_reward", {**attempt, "uuid": "u-2"})["gift_info"]
    assert first["gift_id"] == again["gift_id"] != other["gift_id"]


def test_an_order_on_its_way_can_be_cancelled(scene: Scene) -> None:
    """Only one whose state is known."""
    order = {"order_id": "o-1"}
    assert scene.refusal("takeout.cancel_delivery", order) == "not_found"
    scene.call("takeout.update_fulfill_status", {**order, "fulfill_status": 1})
    scene.call("takeout.cancel_delivery", order)
