"""The events that Douyin sends to webhooks: the keys of each in order, and its content.

Whether `content` is an object or a JSON string differs from event to event. Most receivers fall
into that trap, so it is declared here once for each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

from mockdouyin.core.errors import Basis
from mockdouyin.core.ids import Ids

ContentForm = Literal["object", "string", "none"]


class Scene(NamedTuple):
    """The circumstances of an event: who did what to whom, in which app, and when."""

    ids: Ids
    client_key: str
    person: str
    """The open_id of the person who acts."""
    other: str
    """The open_id of the person on the other side."""
    nickname: str
    other_nickname: str
    scopes: tuple[str, ...]
    now: float
    number: int
    """The number of this event among its app's; generated ids derive from it."""

    @property
    def ms(self) -> int:
        """The time in milliseconds, as in messages."""
        return int(self.now * 1000)

    @property
    def seconds(self) -> int:
        """The time in seconds, as in follows and diggs."""
        return int(self.now)

    def sealed(self, what: str) -> str:
        """Return a derived id in Douyin's form: `@` and the base64 of 64 bytes."""
        return "@" + self.ids.base62(86, what, self.client_key, self.number) + "=="


Content = dict[str, Any]

PLAIN = ("event", "client_key", "from_user_id", "content", "log_id", "event_id")
TO_USER = ("event", "client_key", "from_user_id", "to_user_id", "content")
TO_USER_LOG = (*TO_USER, "log_id")
MESSAGE = ("event", "client_key", "from_user_id", "to_user_id", "log_id", "content")


class EventKind(NamedTuple):
    """A kind of event, as declared below."""

    name: str
    about: str
    form: ContentForm
    keys: tuple[str, ...]
    content: Callable[[Scene], Content]
    basis: Basis


EVENTS: dict[str, EventKind] = {}
"""Every kind of event, by its name on the wire."""


def event(
    form: ContentForm, keys: tuple[str, ...], basis: Basis = "documented", name: str = ""
) -> Callable[[Callable[[Scene], Content]], Callable[[Scene], Content]]:
    """Declare an event by the function that returns its content."""

    def declare(function: Callable[[Scene], Content]) -> Callable[[Scene], Content]:
        event_name = name or function.__name__
        about = (function.__doc__ or "").partition("\n")[0]
        EVENTS[event_name] = EventKind(event_name, about, form, keys, function, basis)
        return function

    return declare


# The first line of each docstring below goes onto the wire: it is `name_cn` in the list of events
# (endpoints/webhooks.py), so a change of one changes an answer.

# Accounts.


@event("object", PLAIN, "observed")
def verify_webhook(scene: Scene) -> Content:
    """A callback URL is being set: the receiver answers with the same challenge."""
    return {"challenge": 10_000_000 + scene.ids.number(89_999_999, "challenge", scene.number)}


@event("object", PLAIN, "observed")
def authorize(scene: Scene) -> Content:
    """A person has granted scopes."""
    return {"scopes": list(scene.scopes)}


@event("object", PLAIN, "observed")
def unauthorize(scene: Scene) -> Content:
    """A person has taken back what they granted."""
    return {"scopes": list(scene.scopes), "code": 1, "description": "用户取消授权"}


@event("object", PLAIN, "assumed")
def contract_authorize(scene: Scene) -> Content:
    """A person has granted the scopes of a business relation (*.bind)."""
    return {"scopes": [scope for scope in scene.scopes if scope.endswith(".bind")]}


@event("object", PLAIN, "assumed")
def contract_unauthorize(scene: Scene) -> Content:
    """A person has taken back the scopes of a business relation."""
    return {**contract_authorize(scene), "code": 1, "description": "用户取消授权"}


@event("string", TO_USER)
def union_auth_info_for_c(scene: Scene) -> Content:
    """A person was identified across two apps, as the one app is told."""
    return {
        "c_client_key": scene.client_key,
        "c_open_id": scene.person,
        "b_client_key": "aw" + scene.ids.hex(14, "b_client_key"),
        "b_open_id": scene.other,
    }


@event("string", TO_USER)
def union_auth_info_for_b(scene: Scene) -> Content:
    """A person was identified across two apps, as the other app is told."""
    return {
        "c_client_key": "aw" + scene.ids.hex(14, "c_client_key"),
        "c_open_id": scene.other,
        "b_client_key": scene.client_key,
        "b_open_id": scene.person,
    }


# Videos and interaction.


@event("object", PLAIN, "observed")
def create_video(scene: Scene) -> Content:
    """A shared video was published; share_id tells which share it was."""
    return {
        "share_id": scene.ids.digits(16, "event.share_id", scene.number),
        "item_id": scene.sealed("item_id"),
        "has_default_hashtag": None,
        "video_id": scene.ids.digits(19, "event.video_id", scene.number),
    }


@event("string", TO_USER_LOG)
def new_video_digg(scene: Scene) -> Content:
    """Somebody liked a video."""
    return {"action_type": 1, "action_time": scene.seconds, "item_id": scene.sealed("item_id")}


@event("string", TO_USER)
def new_follow_action(scene: Scene) -> Content:
    """Somebody followed the person."""
    return {"action_type": 1, "action_time": scene.seconds}


@event("object", TO_USER, "observed")
def item_comment_reply(scene: Scene) -> Content:
    """Somebody commented on a video, or replied to a comment."""
    return {
        "comment_id": scene.sealed("comment_id"),
        "comment_user_id": scene.person,
        "content": "拍得真好",
        "create_time": scene.seconds,
        "digg_count": 0,
        "reply_comment_total": 0,
        "reply_to_comment_id": "",
        "reply_to_item_id": scene.sealed("item_id"),
        "at_user_id": "",
    }


# Messages.


def _users(scene: Scene) -> list[Content]:
    avatar = "https://p3.example.test/aweme/100x100/avatar.jpeg"
    return [
        {"open_id": scene.person, "nick_name": scene.nickname, "avatar": avatar},
        {"open_id": scene.other, "nick_name": scene.other_nickname, "avatar": avatar},
    ]


def _message(scene: Scene, source: str) -> Content:
    return {
        "conversation_short_id": scene.sealed("conversation"),
        "server_message_id": scene.sealed("message"),
        "conversation_type": 1,
        "create_time": scene.ms,
        "message_type": "text",
        "source": source,
        "scene_type": 100,
        "text": "你好",
        "user_infos": _users(scene),
    }


@event("object", MESSAGE)
def im_receive_msg(scene: Scene) -> Content:
    """A person was written to."""
    return _message(scene, "")


@event("object", MESSAGE)
def im_send_msg(scene: Scene) -> Content:
    """A person wrote; source is the client_key where the app wrote for them."""
    return _message(scene, scene.client_key)


def _group_message(scene: Scene) -> Content:
    return {
        "conversation_short_id": scene.sealed("conversation"),
        "server_message_id": scene.sealed("message"),
        "conversation_type": 2,
        "create_time": scene.ms,
        "message_type": "text",
        "text": "大家好",
        "owner_id": scene.other,
    }


@event("object", TO_USER)
def im_group_receive_msg(scene: Scene) -> Content:
    """Somebody wrote to a fans' group."""
    return _group_message(scene)


@event("object", TO_USER)
def im_group_send_msg(scene: Scene) -> Content:
    """The group's owner wrote to it."""
    return _group_message(scene)


@event("string", TO_USER)
def im_enter_direct_msg(scene: Scene) -> Content:
    """Somebody opened the conversation."""
    return {
        "conversation_short_id": scene.sealed("conversation"),
        "server_message_id": scene.sealed("message"),
        "conversation_type": 1,
        "create_time": scene.ms,
        "scene_type": 4,
        "user_infos": _users(scene),
        "data-im-extra": "",
        "query": "",
        "path": "",
    }


@event("string", (*TO_USER_LOG, "msg_id"))
def im_recall_msg(scene: Scene) -> Content:
    """A message was taken back."""
    return {"server_message_id": scene.sealed("message")}


@event("string", TO_USER)
def im_authorize(scene: Scene) -> Content:
    """A person allowed the app to write to them, for 30 days."""
    return {
        "create_time": scene.seconds,
        "expire_time": scene.seconds + 30 * 86400,
        "update_time": scene.seconds,
        "operation_type": 1,
        "auth_status": 1,
        "source": "im.direct_message.bind",
        "extra": "",
        "data_im_extra": "",
        "query": "",
        "path": "",
    }


@event("string", TO_USER)
def enter_group_audit_change(scene: Scene) -> Content:
    """A request to join a fans' group was decided."""
    return {
        "group_id": scene.sealed("group"),
        "apply_id": scene.sealed("apply"),
        "apply_status": 2,
        "user_nicker": scene.nickname,
        "user_avatar": "https://p3.example.test/aweme/100x100/avatar.jpeg",
        "create_time": scene.ms,
    }


@event("string", TO_USER_LOG)
def group_fans_event(scene: Scene) -> Content:
    """Something happened to a fans' group."""
    return {
        "open_id": scene.person,
        "im_group_id": scene.sealed("group"),
        "group_type": 1,
        "create_group_type": "5",
        "create_time": scene.ms,
    }


# The older generation of messages and visits.


@event("object", TO_USER, "observed")
def receive_msg(scene: Scene) -> Content:
    """A business account was written to."""
    return {
        "message_type": "text",
        "text": "你好",
        "resource_type": "",
        "resource_height": 0,
        "resource_width": 0,
        "resource_url": "",
        "title": "",
        "icon_url": "",
        "description": "",
        "link_url": "",
        "actions": {},
    }


@event("object", TO_USER, "assumed")
def enter_im(scene: Scene) -> Content:
    """Somebody opened the conversation with a business account."""
    item = scene.sealed("item_id")
    return {"scene": "video", "object": item, "action_time": scene.seconds}


def _no_content(scene: Scene) -> Content:
    return {}


for _name, _about in (
    ("dial_phone", "Somebody pressed a business account's phone number."),
    ("website_contact", "Somebody pressed a business account's website."),
    ("personal_tab_contact", "Somebody pressed a tab of a business account's page."),
):
    EVENTS[_name] = EventKind(_name, _about, "none", TO_USER[:-1], _no_content, "observed")


# Mini-apps and local life.


@event("string", TO_USER[:3] + ("content",))
def user_subscribe_action(scene: Scene) -> Content:
    """A person answered a subscription message's template."""
    template = "MSG" + scene.ids.digits(19, "event.msg_id")
    return {"msg_id": template, "time": scene.seconds, "subscribe_action": 1}


@event("string", TO_USER[:3] + ("content",), "assumed")
def douyin_interact_task_message(scene: Scene) -> Content:
    """A person did one of the app's interactive tasks."""
    task = scene.ids.digits(19, "event.task_id", scene.number)
    return {"task_id": task, "open_id": scene.person, "time": scene.seconds, "status": 1}


@event("string", TO_USER[:3] + ("content", "log_id"), "observed")
def life_trade_order_notify(scene: Scene) -> Content:
    """An order of local life changed."""
    order = {
        "order_id": scene.ids.digits(19, "event.order_id", scene.number),
        "pay_amount": 1,
        "original_amount": 1,
        "account_id": scene.ids.digits(19, "event.account_id", scene.client_key),
        "create_time": scene.seconds,
        "pay_time": scene.seconds,
    }
    return {"action": "pay_success", "msg_time": scene.seconds, "order": order}
