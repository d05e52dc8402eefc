"""The events that Douyin sends to webhooks: the keys of each in order, and its content.

Whether `content` is an object or a JSON string differs from event to event. Most receivers fall
into that trap, so it is declared here once for each.
"""

from __future__ import annotations

from mockdouyin.core.events import Content, Event, EventKind
from mockdouyin.core.webhooks import WEBHOOK
from mockdouyin.domain import _account_events  # noqa: F401  # declares the first of them
from mockdouyin.domain._webhook_keys import MESSAGE, TO_USER, TO_USER_LOG

WEBHOOK_EVENTS: dict[str, EventKind] = WEBHOOK.events
"""Every event that an app's webhook can subscribe to, and verify_webhook; by name."""

# The Chinese of each docstring, here and in `_account_events.py`, goes onto the wire: it is
# `name_cn` in the list of events (endpoints/webhooks.py), so a change of one changes an answer.

# Messages.


def _users(event: Event) -> list[Content]:
    avatar = "https://p3.example.test/aweme/100x100/avatar.jpeg"
    return [
        {"open_id": event.person, "nick_name": event.nickname, "avatar": avatar},
        {"open_id": event.other, "nick_name": event.other_nickname, "avatar": avatar},
    ]


def _message(event: Event, source: str) -> Content:
    return {
        "conversation_short_id": event.sealed("conversation"),
        "server_message_id": event.sealed("message"),
        "conversation_type": 1,
        "create_time": event.ms,
        "message_type": "text",
        "source": source,
        "scene_type": 100,
        "text": "你好",
        "user_infos": _users(event),
    }


@WEBHOOK.event("object", MESSAGE)
def im_receive_msg(event: Event) -> Content:
    """A person was written to.

    用户收到一条私信。
    """
    return _message(event, "")


@WEBHOOK.event("object", MESSAGE)
def im_send_msg(event: Event) -> Content:
    """A person wrote; source is the client_key where the app wrote for them.

    用户发出一条私信；应用代发的，source 是它的 client_key。
    """
    return _message(event, event.client_key)


def _group_message(event: Event) -> Content:
    return {
        "conversation_short_id": event.sealed("conversation"),
        "server_message_id": event.sealed("message"),
        "conversation_type": 2,
        "create_time": event.ms,
        "message_type": "text",
        "text": "大家好",
        "owner_id": event.other,
    }


@WEBHOOK.event("object", TO_USER)
def im_group_receive_msg(event: Event) -> Content:
    """Somebody wrote to a fans' group.

    粉丝群里有人发了消息。
    """
    return _group_message(event)


@WEBHOOK.event("object", TO_USER)
def im_group_send_msg(event: Event) -> Content:
    """The group's owner wrote to it.

    群主在粉丝群里发了消息。
    """
    return {**_group_message(event), "owner_id": event.person}


@WEBHOOK.event("string", TO_USER)
def im_enter_direct_msg(event: Event) -> Content:
    """Somebody opened the conversation.

    有人打开了私信会话。
    """
    return {
        "conversation_short_id": event.sealed("conversation"),
        "server_message_id": event.sealed("message"),
        "conversation_type": 1,
        "create_time": event.ms,
        "scene_type": 4,
        "user_infos": _users(event),
        "data-im-extra": "",
        "query": "",
        "path": "",
    }


@WEBHOOK.event("string", (*TO_USER_LOG, "msg_id"))
def im_recall_msg(event: Event) -> Content:
    """A message was taken back.

    一条消息被撤回。
    """
    return {"server_message_id": event.sealed("message")}


@WEBHOOK.event("string", TO_USER)
def im_authorize(event: Event) -> Content:
    """A person allowed the app to write to them, for 30 days.

    用户允许应用给他发私信，为期 30 天。
    """
    return {
        "create_time": event.seconds,
        "expire_time": event.seconds + 30 * 86400,
        "update_time": event.seconds,
        "operation_type": 1,
        "auth_status": 1,
        "source": "im.direct_message.bind",
        "extra": "",
        "data_im_extra": "",
        "query": "",
        "path": "",
    }


@WEBHOOK.event("string", TO_USER)
def enter_group_audit_change(event: Event) -> Content:
    """Somebody applied to join a fans' group, or was approved or refused.

    有人申请加入粉丝群，或者申请通过、被拒绝。
    """
    return {
        "group_id": event.sealed("group"),
        "apply_id": event.sealed("apply"),
        "apply_status": 2,
        "user_nicker": event.nickname,
        "user_avatar": "https://p3.example.test/aweme/100x100/avatar.jpeg",
        "create_time": event.ms,
    }


@WEBHOOK.event("string", TO_USER_LOG)
def group_fans_event(event: Event) -> Content:
    """Somebody joined a fans' group.

    有人加入了粉丝群。
    """
    return {
        "open_id": event.person,
        "im_group_id": event.sealed("group"),
        "group_type": 1,
        "create_group_type": "5",
        "create_time": event.ms,
    }


# The older generation of messages and visits.


@WEBHOOK.event("object", TO_USER, "observed")
def receive_msg(event: Event) -> Content:
    """A business account was written to.

    企业号收到一条消息。
    """
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


@WEBHOOK.event("object", TO_USER, "assumed")
def enter_im(event: Event) -> Content:
    """Somebody opened the conversation with a business account.

    有人打开了与企业号的会话。
    """
    item = event.sealed("item_id")
    return {"scene": "video", "object": item, "action_time": event.seconds}


@WEBHOOK.event("none", TO_USER[:-1], "observed")
def dial_phone(event: Event) -> Content:
    """Somebody pressed a business account's phone number.

    有人点了企业号的电话。
    """
    return {}


@WEBHOOK.event("none", TO_USER[:-1], "observed")
def website_contact(event: Event) -> Content:
    """Somebody pressed a business account's website.

    有人点了企业号的官网链接。
    """
    return {}


@WEBHOOK.event("none", TO_USER[:-1], "observed")
def personal_tab_contact(event: Event) -> Content:
    """Somebody pressed a tab of a business account's page.

    有人点了企业号主页的标签页。
    """
    return {}


# Mini-apps and local life.


@WEBHOOK.event("string", TO_USER[:3] + ("content",))
def user_subscribe_action(event: Event) -> Content:
    """A person answered a subscription message's template.

    用户对订阅消息模板作出了选择。
    """
    template = "MSG" + event.ids.digits(19, "event.msg_id")
    return {"msg_id": template, "time": event.seconds, "subscribe_action": 1}


@WEBHOOK.event("string", TO_USER[:3] + ("content",), "assumed")
def douyin_interact_task_message(event: Event) -> Content:
    """A person did one of the app's interactive tasks.

    用户完成了应用的一个互动任务。
    """
    task = event.ids.digits(19, "event.task_id", event.number)
    return {"task_id": task, "open_id": event.person, "time": event.seconds, "status": 1}


@WEBHOOK.event("string", TO_USER[:3] + ("content", "log_id"), "observed")
def life_trade_order_notify(event: Event) -> Content:
    """An order of local life changed.

    生活服务的订单有变动。
    """
    order = {
        "order_id": event.ids.digits(19, "event.order_id", event.number),
        "pay_amount": 1,
        "original_amount": 1,
        "account_id": event.ids.digits(19, "event.account_id", event.client_key),
        "create_time": event.seconds,
        "pay_time": event.seconds,
    }
    return {"action": "pay_success", "msg_time": event.seconds, "order": order}
