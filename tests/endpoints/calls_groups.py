"""Good calls about fan groups and cards for messages."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from mockdouyin.control import execute
from mockdouyin.core.errors import ConflictError
from tests.endpoints.calls import PERSON, Ask, Scene
from tests.endpoints.calls_user import BUILDERS, FORMS, OTHER, Login, path_of

TEXT = {"msg_type": 1, "text": {"text": "大家好"}}
CARD = {"title": "同类型", "media_id": "@picture==", "components": [1, 2, 3]}
TEMPLATE = {"title": "邀请你一起打匹配赛", "content": "点击加入", "media_id": "@picture=="}


def act(scene: Scene, name: str, **given: Any) -> Any:
    """Let 小红 do something in a group of 小明, or as it is given."""
    body = {"person": OTHER, "other": PERSON, **given}
    return execute(scene.box, "act", world=scene.world.name, path={"act": name}, body=body)


def new_group(login: Login, **given: Any) -> str:
    """Create a group that whoever joins is in, or take the last there can be; return its id."""
    fields = {"group_name": "粉丝群", "avatar_uri": "https://a.example.test/1.png", **given}
    ask = login.post("/im/group/fans/create/", **{"description": "一起聊聊", **fields})
    answer = login.scene.ask(ask)
    if "group_id" not in answer:
        answer = login.scene.ask(login.get("/im/group/fans/list/"))["group_list"][-1]
    return str(answer["group_id"])


def new_card(login: Login) -> str:
    """Save a card; return its id."""
    return str(login.scene.ask(login.post("/im/save/retain_consult_card/", **CARD))["card_id"])


def of_app(scene: Scene, path: str, **fields: Any) -> Ask:
    """Make a call with the web app's client token."""
    return Ask("POST", path, {}, {"access-token": scene.client_token("web")}, fields)


def new_template(scene: Scene, **given: Any) -> str:
    """Create a template; return its id."""
    ask = of_app(scene, path_of("im.set_applet_template"), **{**TEMPLATE, **given})
    return str(scene.ask(ask)["data"]["card_template_id"])


def _get(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).get(path)


def _create(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(
        path,
        group_name="粉丝群",
        avatar_uri="https://a.example.test/1.png",
        description="一起聊聊",
        open_audit_switch=1,
        relation_type=0,
    )


def _groups(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    new_group(login)
    return login.get(path)


def _applied(scene: Scene, login: Login) -> str:
    """Apply for a group of its own, or find what waits already; return the application's id."""
    new_group(login, open_audit_switch=1)
    with suppress(ConflictError):
        act(scene, "join_group")
    answer = scene.ask(login.get("/im/group/enter/audit/get/", cursor=0, count=10))
    return str(answer["apply_list"]["list"][0]["apply_id"])


def _applications(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    _applied(scene, login)
    return login.get(path, cursor=0, count=10)


def _decide(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.post(path, apply_id=_applied(scene, login), status=2)


def _set(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.post(path, group_id=new_group(login), group_setting_type=1, msg_list=[TEXT])


def _disable(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.post(path, group_id=new_group(login), group_setting_type=1)


def _send(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.post(path, group_id=new_group(login), content=TEXT)


def _resources(scene: Scene, path: str, kind: str) -> Ask:
    sent = act(scene, "message", media="image")
    given = {"conversation_id": sent["conversation_id"], "message_id": sent["msg_id"]}
    return Login(scene).get(path, **given)


def _save(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(path, **CARD)


def _cards(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    new_card(login)
    return login.get(path)


def _delete_card(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.get(path, card_id=new_card(login))


def _set_template(scene: Scene, path: str, kind: str) -> Ask:
    return of_app(scene, path, card_type=1, **TEMPLATE)


def _templates(scene: Scene, path: str, kind: str) -> Ask:
    new_template(scene)
    return of_app(scene, path, cursor=0, count=50)


def _delete_template(scene: Scene, path: str, kind: str) -> Ask:
    query = {"card_template_id": new_template(scene)}
    return Ask("POST", path, query, {"access-token": scene.client_token("web")})


BUILDERS |= {
    "im.group_count": _get,
    "im.create_group": _create,
    "im.list_groups": _groups,
    "im.list_applications": _applications,
    "im.decide_application": _decide,
    "im.set_group_setting": _set,
    "im.disable_group_setting": _disable,
    "im.send_group_msg": _send,
    "im.message_resources": _resources,
    "im.save_retain_card": _save,
    "im.list_retain_cards": _cards,
    "im.delete_retain_card": _delete_card,
    "im.set_applet_template": _set_template,
    "im.get_applet_template": _templates,
    "im.delete_applet_template": _delete_template,
}
_GATEWAY = ("im.set_group_setting", "im.disable_group_setting", "im.message_resources")
FORMS |= {
    name: ("gateway" if name in _GATEWAY else "extra", None)
    for name in BUILDERS
    if name not in FORMS
}
FORMS["im.decide_application"] = ("extra", {"success": False})
