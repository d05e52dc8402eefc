"""Comments on works, and the replies to them.

A person's initial works have initial comments: two to six by other people, each with up to two
replies. A work that was published in this world starts without any.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.videos import Shelf, Video

TEXTS = (
    "太好看了！",
    "学到了，谢谢分享",
    "哈哈哈哈哈",
    "求链接",
    "在哪里拍的？",
    "第一",
    "已三连❤️",
    "下次带我一起去",
)
"""The texts of initial comments."""

SENSITIVE_WORD = "敏感词"
"""A comment that has this word is refused as hitting a sensitive word."""


class Comment(Record, frozen=True):
    """What somebody wrote under a work, or in reply to a comment."""

    TABLE: ClassVar[str] = "Comment"

    comment_id: str
    item_id: str
    person: str
    number: int
    """Its number among the comments and replies of the work, from 1."""
    created: float
    content: str
    diggs: int = 0
    reply_to: str = ""
    """The comment that it replies to; empty for a comment on the work itself."""
    replies: tuple[str, ...] = ()


class Thread(Record, frozen=True):
    """The comments on one work, oldest first, without their replies."""

    TABLE: ClassVar[str] = "Thread"

    comments: tuple[str, ...] = ()
    count: int = 0
    """Comments and replies ever written."""
    top: str = ""
    """The comment that the author pinned."""


def thread(world: WorldState, unit: Unit, video: Video) -> Thread:
    """Return the comments on a work; create the initial ones on the first read."""
    found = unit.read(Thread, video.item_id)
    if found is None:
        found = Thread() if video.app else _initial_thread(world, unit, video)
        unit.write(video.item_id, found)
    return found


def _initial_thread(world: WorldState, unit: Unit, video: Video) -> Thread:
    ids, item = world.ids, video.item_id
    # They end at the first read of the shelf, so that their times do not depend on when
    # somebody first reads the comments.
    works = unit.read(Shelf, video.person)
    until = works.since if works is not None else unit.now
    others = [name for name in world.people if name != video.person] or [video.person]
    count, result = 2 + ids.number(5, "comments", item), Thread()
    step = (until - video.created) / (count * 3 + 1)
    for k in range(count):
        root = ""
        for j in range(1 + ids.number(3, "replies", item, k)):
            comment = _make(
                world,
                video,
                result.count + 1,
                person=others[ids.number(len(others), "writer", item, k, j)],
                content=TEXTS[ids.number(len(TEXTS), "text", item, k, j)],
                created=video.created + step * (k * 3 + j + 1),
                diggs=ids.number(200, "diggs", item, k, j),
                reply_to=root,
            )
            result = _add(unit, result, comment)
            root = root or comment.comment_id
    return result


def _make(
    world: WorldState,
    video: Video,
    number: int,
    *,
    person: str,
    content: str,
    created: float,
    diggs: int = 0,
    reply_to: str = "",
) -> Comment:
    return Comment(
        comment_id=world.ids.sealed(64, "comment", video.item_id, number),
        item_id=video.item_id,
        person=person,
        number=number,
        created=float(int(created)),
        content=content,
        diggs=diggs,
        reply_to=reply_to,
    )


def _add(unit: Unit, before: Thread, comment: Comment) -> Thread:
    unit.write(comment.comment_id, comment)
    root = unit.read(Comment, comment.reply_to) if comment.reply_to else None
    if root is not None:
        replies = (*root.replies, comment.comment_id)
        unit.write(root.comment_id, msgspec.structs.replace(root, replies=replies))
        return msgspec.structs.replace(before, count=before.count + 1)
    comments = (*before.comments, comment.comment_id)
    return msgspec.structs.replace(before, count=before.count + 1, comments=comments)


def write(
    world: WorldState, unit: Unit, video: Video, person: str, content: str, reply_to: str = ""
) -> Comment:
    """Write a person's comment on a work, or a reply to a comment; it is listed at once.

    A reply to a reply is listed under the comment that both belong to.
    """
    before = thread(world, unit, video)
    root = unit.read(Comment, reply_to) if reply_to else None
    comment = _make(
        world,
        video,
        before.count + 1,
        person=person,
        content=content,
        created=unit.now,
        reply_to=root.reply_to or root.comment_id if root is not None else "",
    )
    unit.write(video.item_id, _add(unit, before, comment))
    unit.link(link_of(unit, video, comment))
    return comment


def link_of(unit: Unit, video: Video, comment: Comment) -> Link:
    """Return the link of a comment with its replies: that of the comment on the work itself."""
    root = unit.read(Comment, comment.reply_to) if comment.reply_to else None
    first = comment.number if root is None else root.number
    return Link("comment", "", video.person, first, video.item_id)


def find(world: WorldState, unit: Unit, video: Video, comment_id: str) -> Comment | None:
    """Return a comment by its id, on this work or any whose comments were read before."""
    thread(world, unit, video)
    found = unit.read(Comment, restore_plus_signs(comment_id))
    if found is not None and found.item_id == video.item_id:
        unit.link(link_of(unit, video, found))
    return found


def listed(unit: Unit, ids: Iterable[str], order: str = "", top: str = "") -> list[Comment]:
    """Return comments by `time`, `time_asc`, or as recommended; the pinned one goes first."""
    found = [comment for each in ids if (comment := unit.read(Comment, each)) is not None]
    if order == "time":
        found.sort(key=lambda c: -c.number)
    elif order == "time_asc":
        found.sort(key=lambda c: c.number)
    else:
        found.sort(key=lambda c: (-c.diggs, -c.number))
    return sorted(found, key=lambda c: c.comment_id != top)


def put_on_top(world: WorldState, unit: Unit, video: Video, comment: Comment, top: bool) -> None:
    """Pin a comment in place of the one that was pinned before, or unpin it."""
    before = thread(world, unit, video)
    if top or before.top == comment.comment_id:
        pinned = comment.comment_id if top else ""
        unit.write(video.item_id, msgspec.structs.replace(before, top=pinned))


def creation_times(world: WorldState, unit: Unit, video: Video) -> list[float]:
    """Return when each comment and reply on a work was written."""
    comments = listed(unit, thread(world, unit, video).comments)
    replies = [reply for comment in comments for reply in listed(unit, comment.replies)]
    return [comment.created for comment in (*comments, *replies)]


def forget(world: WorldState, unit: Unit, video: Video) -> None:
    """Delete every comment on a work that is deleted."""
    for comment in listed(unit, thread(world, unit, video).comments):
        for name in (comment.comment_id, *comment.replies):
            unit.drop(Comment, name)
    unit.drop(Thread, video.item_id)
