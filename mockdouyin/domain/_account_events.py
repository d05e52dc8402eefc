"""The events of accounts, videos and interaction; `webhook_events.py` has the others."""

from __future__ import annotations

from msgspec.structs import replace

from mockdouyin.core.events import Content, Event
from mockdouyin.core.scopes import is_business
from mockdouyin.core.webhooks import WEBHOOK
from mockdouyin.domain._webhook_keys import PLAIN, TO_USER, TO_USER_LOG
from mockdouyin.domain.webhook_handshake import echo_problem

# Accounts.


@replace(WEBHOOK, problem=echo_problem).event("object", PLAIN, "observed")
def verify_webhook(event: Event) -> Content:
    """A callback URL is being set: the receiver answers with the same challenge.

    设置回调地址时的校验：接收端要原样返回 challenge。
    """
    return {"challenge": 10_000_000 + event.ids.number(89_999_999, "challenge", event.number)}


@WEBHOOK.event("object", PLAIN, "observed")
def authorize(event: Event) -> Content:
    """A person has granted scopes.

    用户授予了 scope。
    """
    return {"scopes": list(event.scopes)}


@WEBHOOK.event("object", PLAIN, "observed")
def unauthorize(event: Event) -> Content:
    """A person has taken back what they granted.

    用户取消了授权。
    """
    return {"scopes": list(event.scopes), "code": 1, "description": "用户取消授权"}


@WEBHOOK.event("object", PLAIN, "assumed")
def contract_authorize(event: Event) -> Content:
    """A person has granted the scopes of a business relation (*.bind, *_bc).

    用户授予了经营关系的 scope（*.bind、*_bc）。
    """
    return {"scopes": [scope for scope in event.scopes if is_business(scope)]}


@WEBHOOK.event("object", PLAIN, "assumed")
def contract_unauthorize(event: Event) -> Content:
    """A person has taken back the scopes of a business relation.

    用户取消了经营关系的 scope（*.bind、*_bc）。
    """
    return {**contract_authorize(event), "code": 1, "description": "用户取消授权"}


@WEBHOOK.event("string", TO_USER)
def union_auth_info_for_c(event: Event) -> Content:
    """A person was identified across two apps, as the one app is told.

    同一个用户在两个应用之间打通了身份，通知其中一方。
    """
    return {
        "c_client_key": event.client_key,
        "c_open_id": event.person,
        "b_client_key": "aw" + event.ids.hex(14, "b_client_key"),
        "b_open_id": event.other,
    }


@WEBHOOK.event("string", TO_USER)
def union_auth_info_for_b(event: Event) -> Content:
    """A person was identified across two apps, as the other app is told.

    同一个用户在两个应用之间打通了身份，通知另一方。
    """
    return {
        "c_client_key": "aw" + event.ids.hex(14, "c_client_key"),
        "c_open_id": event.other,
        "b_client_key": event.client_key,
        "b_open_id": event.person,
    }


# Videos and interaction.


@WEBHOOK.event("object", PLAIN, "observed")
def create_video(event: Event) -> Content:
    """A shared video was published; share_id tells which share it was.

    分享的视频发布了；share_id 说明是哪一次分享。
    """
    return {
        "share_id": event.ids.digits(16, "event.share_id", event.number),
        "item_id": event.sealed("item_id"),
        "has_default_hashtag": None,
        "video_id": event.ids.digits(19, "event.video_id", event.number),
    }


@WEBHOOK.event("string", TO_USER_LOG)
def new_video_digg(event: Event) -> Content:
    """Somebody liked a video.

    有人点赞了视频。
    """
    return {"action_type": 1, "action_time": event.seconds, "item_id": event.sealed("item_id")}


@WEBHOOK.event("string", TO_USER)
def new_follow_action(event: Event) -> Content:
    """Somebody followed the person.

    有人关注了该用户。
    """
    return {"action_type": 1, "action_time": event.seconds}


@WEBHOOK.event("object", TO_USER, "observed")
def item_comment_reply(event: Event) -> Content:
    """Somebody commented on a video, or replied to a comment.

    有人评论了视频，或者回复了评论。
    """
    return {
        "comment_id": event.sealed("comment_id"),
        "comment_user_id": event.person,
        "content": "拍得真好",
        "create_time": event.seconds,
        "digg_count": 0,
        "reply_comment_total": 0,
        "reply_to_comment_id": "",
        "reply_to_item_id": event.sealed("item_id"),
        "at_user_id": "",
    }
