"""What people do in the Douyin app and webhooks report: follow, like, comment, write, join."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.errors import (
    ConflictError,
    MockDouyinError,
    NotFoundError,
    suggestion,
)
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import TextTemplate
from mockdouyin.core.webhooks import emit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import (
    act_texts,
    audience,
    comments,
    direct_messages,
    fan_groups,
    group_entries,
    group_messages,
    videos,
)
from mockdouyin.domain.direct_messages import Message
from mockdouyin.domain.fan_groups import FanGroup
from mockdouyin.domain.videos import Video
from mockdouyin.phone._error_texts import NO_ACT, NO_COMMENT, NO_GROUP, NO_WORK, NOT_IN_GROUP


class SocialAct(msgspec.Struct, forbid_unknown_fields=True):
    """Who does something to whom, and which app's webhook reports it.

    谁对谁做什么，通知哪个应用的 webhook。
    """

    app: str | None = None
    """The app whose webhook is told; by default the web app.

    通知哪个应用的 webhook，默认是网站应用。"""
    person: str | None = None
    """Who acts; by default the first person.

    谁做的，默认是第一个用户。"""
    other: str | None = None
    """Whom it is done to; by default the first of the others.

    对谁做的，默认是其他用户中的第一个。"""
    item_id: str = ""
    """Which of their works; by default the newest.

    对方的哪个作品，默认最新的。"""
    comment_id: str = ""
    """The comment that is replied to.

    回复哪条评论。"""
    group_id: str = ""
    """Which of their groups; by default the newest.

    对方的哪个群，默认最新的。"""
    text: str = "你好"
    """What is written.

    写的内容。"""
    media: Literal["", "image", "video"] = ""
    """A message is a picture or a video instead of the text.

    消息是图片或视频，而不是文字。"""


class _Scene:
    """An act with its app and people resolved."""

    def __init__(self, world: WorldState, unit: Unit, given: SocialAct) -> None:
        self.world, self.unit, self.given = world, unit, given
        self.app: App = world.find_app(given.app, "web")
        people = world.people
        self.person = people.find(given.person) if given.person else people.first
        others = [name for name in people if name != self.person]
        self.other = people.find(given.other) if given.other else others[0]

    def work(self) -> Video:
        """Return the work that the act is about."""
        works = videos.works(self.world, self.unit, self.other)
        for work in works:
            if self.given.item_id in ("", work.item_id):
                return work
        raise NotFoundError(NO_WORK(other=self.other, item_id=self.given.item_id))

    def group(self) -> FanGroup:
        """Return the group that the act is about."""
        groups = fan_groups.groups_of(self.unit, self.app, self.other)
        for group in reversed(groups):
            if self.given.group_id in ("", group.group_id):
                return group
        raise NotFoundError(NO_GROUP(other=self.other, group_id=self.given.group_id))

    def message(self) -> tuple[str, dict[str, Any]]:
        """Return the kind of the message that the person writes, and what it says."""
        media, text = self.given.media, self.given.text
        return (f"user_local_{media}", {}) if media else ("text", {"text": text})

    def emit(self, event: str, content: dict[str, Any] | None = None) -> str | None:
        """Emit a webhook event; return the delivery's id, or None if the app does not listen."""
        delivery = emit(
            self.world,
            self.unit,
            self.app,
            event,
            self.person,
            other=self.other,
            content=content or {},
        )
        return _id(delivery)


def _follow(scene: _Scene, *, follows: bool = True) -> dict[str, Any]:
    audience.follow(scene.unit, scene.person, scene.other, follows=follows)
    return {"delivery": scene.emit("new_follow_action", {"action_type": 1 if follows else 2})}


def _unfollow(scene: _Scene) -> dict[str, Any]:
    return _follow(scene, follows=False)


def _digg(scene: _Scene) -> dict[str, Any]:
    item_id = scene.work().item_id
    return {"item_id": item_id, "delivery": scene.emit("new_video_digg", {"item_id": item_id})}


def _comment(scene: _Scene) -> dict[str, Any]:
    world, unit, given = scene.world, scene.unit, scene.given
    work = scene.work()
    if given.comment_id and comments.find(world, unit, work, given.comment_id) is None:
        raise NotFoundError(NO_COMMENT(comment_id=given.comment_id))
    comment = comments.write(world, unit, work, scene.person, given.text, given.comment_id)
    content = {
        "comment_id": comment.comment_id,
        "content": given.text,
        "reply_to_comment_id": given.comment_id,
        "reply_to_item_id": work.item_id,
    }
    delivery = scene.emit("item_comment_reply", content)
    return {"item_id": work.item_id, "comment_id": comment.comment_id, "delivery": delivery}


def _message(scene: _Scene) -> dict[str, Any]:
    kind, said = scene.message()
    msg_id, message = direct_messages.send(
        scene.world,
        scene.unit,
        scene.app,
        scene.person,
        scene.other,
        kind=kind,
        content=said,
    )
    content = {
        "conversation_short_id": message.conversation,
        "server_message_id": msg_id,
        "message_type": kind,
        "text": "",
        **said,
    }
    delivery = scene.emit("im_receive_msg", content)
    return {"msg_id": msg_id, "conversation_id": message.conversation, "delivery": delivery}


def _enter(scene: _Scene) -> dict[str, Any]:
    conversation_id = direct_messages.conversation(
        scene.world, scene.app, scene.person, scene.other
    )
    link = direct_messages.conversation_link(scene.app.client_key, scene.person, scene.other)
    scene.unit.link(link)
    delivery = scene.emit("im_enter_direct_msg", {"conversation_short_id": conversation_id})
    return {"conversation_id": conversation_id, "delivery": delivery}


def _allow_messages(scene: _Scene) -> dict[str, Any]:
    direct_messages.allow(scene.unit, scene.app, scene.other, scene.person)
    return {"delivery": scene.emit("im_authorize")}


def _join_group(scene: _Scene) -> dict[str, Any]:
    group = scene.group()
    asked = group_entries.ask(scene.world, scene.unit, scene.app, group, scene.person)
    applied = {"apply_id": asked.apply_id} if asked.apply_id else {}
    return {"group_id": group.group_id, **applied, "delivery": _id(asked.delivery)}


def _leave_group(scene: _Scene) -> dict[str, Any]:
    group = scene.group()
    group_entries.leave(scene.unit, group, scene.person)
    return {"group_id": group.group_id, "delivery": None}


def _group_message(scene: _Scene) -> dict[str, Any]:
    group = scene.group()
    _check_member(scene, group)
    posted = group_messages.post(
        scene.world, scene.unit, scene.app, group, scene.person, *scene.message()
    )
    delivery = _id(posted.delivery)
    return {"group_id": group.group_id, "msg_id": posted.msg_id, "delivery": delivery}


def _read_group(scene: _Scene) -> dict[str, Any]:
    group = scene.group()
    _check_member(scene, group)
    found = group_messages.read(scene.unit, group, scene.person)
    return {
        "group_id": group.group_id,
        "messages": [_read(*each) for each in found],
        "notice": [each["content"] for each in group.notice],
        "delivery": None,
    }


def _read(msg_id: str, message: Message) -> dict[str, Any]:
    return {
        "msg_id": msg_id,
        "person": message.person,
        "kind": message.kind,
        "content": message.content,
    }


def _check_member(scene: _Scene, group: FanGroup) -> None:
    if fan_groups.member_since(scene.unit, group, scene.person) is None:
        raise ConflictError(NOT_IN_GROUP(person=scene.person, group=group.name))


def _id(delivery: Delivery | None) -> str | None:
    return None if delivery is None else delivery.id


ACTS: dict[str, tuple[Callable[[_Scene], dict[str, Any]], TextTemplate]] = {
    "follow": (_follow, act_texts.FOLLOWED),
    "unfollow": (_unfollow, act_texts.UNFOLLOWED),
    "digg": (_digg, act_texts.DIGGED),
    "comment": (_comment, act_texts.COMMENTED),
    "message": (_message, act_texts.WROTE),
    "enter": (_enter, act_texts.ENTERED),
    "allow_messages": (_allow_messages, act_texts.ALLOWED_MESSAGES),
    "join_group": (_join_group, act_texts.JOINED_GROUP),
    "leave_group": (_leave_group, act_texts.LEFT_GROUP),
    "group_message": (_group_message, act_texts.WROTE_TO_GROUP),
    "read_group": (_read_group, act_texts.READ_GROUP),
}
"""What a person can do to another, by name, and what is said of it."""


def act(world: WorldState, name: str, given: SocialAct) -> dict[str, Any]:
    """Perform an act of a person towards another; return its result and the delivery's id."""
    if name not in ACTS:
        raise MockDouyinError(NO_ACT(name=name, hint=suggestion(name, ACTS)))
    unit = world.store.unit(world.clock.now())
    scene = _Scene(world, unit, given)
    perform, says = ACTS[name]
    result = {"person": scene.person, "other": scene.other, **perform(scene)}
    if "apply_id" in result:
        says = act_texts.APPLIED_TO_GROUP
    unit.commit()
    world.note(
        unit,
        f"social.{name}",
        says(person=scene.person, other=scene.other),
        app=scene.app.client_key,
        person=scene.person,
        given=msgspec.to_builtins(given),
        result={name: value for name, value in result.items() if name != "messages"},
    )
    return result
