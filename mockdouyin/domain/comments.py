"""Comments on works, and the replies to them.

The works that people have of their own begin with some: two to six of other people, to each up to
two replies. A work that was published here begins with none.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from mockdouyin.core.ids import restore_plus_signs
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
"""What people write of their own accord."""

FORBIDDEN = "敏感词"
"""A comment with this word is refused as one that hits a sensitive word."""


class Comment(Record, frozen=True):
    """What somebody wrote under a work, or in reply to a comment."""

    TABLE = "Comment"

    comment_id: str
    item_id: str
    person: str
    number: int
    """How many comments the work had with it."""
    created: float
    content: str
    diggs: int = 0
    reply_to: str = ""
    """The comment that it replies to; empty for one on the work itself."""
    replies: tuple[str, ...] = ()


class Thread(Record, frozen=True):
    """The comments on one work, the oldest first, without the replies to them."""

    TABLE = "Thread"

    comments: tuple[str, ...] = ()
    count: int = 0
    """Comments and replies."""
    top: str = ""
    """The comment that the author put on top."""


def thread(world: WorldState, unit: Unit, video: Video) -> Thread:
    """Give the comments on a work; at first sight those that it has of its own."""
    held = unit.read(Thread, video.item_id)
    if held is None:
        held = Thread() if video.app else _begin(world, unit, video)
        unit.write(video.item_id, held)
    return held


def _begin(world: WorldState, unit: Unit, video: Video) -> Thread:
    ids, item = world.ids, video.item_id
    held = unit.read(Shelf, video.person)
    until = held.since if held is not None else unit.now
    others = [name for name in world.people if name != video.person] or [video.person]
    count, written = 2 + ids.number(5, "comments", item), Thread()
    step = (until - video.created) / (count * 3 + 1)
    for k in range(count):
        root = ""
        for j in range(1 + ids.number(3, "replies", item, k)):
            made = _made(
                world,
                video,
                written.count + 1,
                person=others[ids.number(len(others), "writer", item, k, j)],
                content=TEXTS[ids.number(len(TEXTS), "text", item, k, j)],
                created=video.created + step * (k * 3 + j + 1),
                diggs=ids.number(200, "diggs", item, k, j),
                reply_to=root,
            )
            written = _add(unit, written, made)
            root = root or made.comment_id
    return written


def _made(
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


def _add(unit: Unit, held: Thread, made: Comment) -> Thread:
    unit.write(made.comment_id, made)
    root = unit.read(Comment, made.reply_to) if made.reply_to else None
    if root is not None:
        replies = (*root.replies, made.comment_id)
        unit.write(root.comment_id, msgspec.structs.replace(root, replies=replies))
        return msgspec.structs.replace(held, count=held.count + 1)
    comments = (*held.comments, made.comment_id)
    return msgspec.structs.replace(held, count=held.count + 1, comments=comments)


def write(
    world: WorldState, unit: Unit, video: Video, person: str, content: str, reply_to: str = ""
) -> Comment:
    """Let a person comment on a work, or reply to a comment; it is listed at once.

    A reply to a reply stands under the comment that both belong to.
    """
    held = thread(world, unit, video)
    root = unit.read(Comment, reply_to) if reply_to else None
    made = _made(
        world,
        video,
        held.count + 1,
        person=person,
        content=content,
        created=unit.now,
        reply_to=root.reply_to or root.comment_id if root is not None else "",
    )
    unit.write(video.item_id, _add(unit, held, made))
    return made


def find(world: WorldState, unit: Unit, video: Video, comment_id: str) -> Comment | None:
    """Give a comment of any work whose comments were looked at."""
    thread(world, unit, video)
    return unit.read(Comment, restore_plus_signs(comment_id))


def listed(unit: Unit, ids: Iterable[str], order: str = "", top: str = "") -> list[Comment]:
    """Give comments by `time`, `time_asc`, or as recommended; one on top goes first."""
    found = [comment for each in ids if (comment := unit.read(Comment, each)) is not None]
    if order == "time":
        found.sort(key=lambda c: -c.number)
    elif order == "time_asc":
        found.sort(key=lambda c: c.number)
    else:
        found.sort(key=lambda c: (-c.diggs, -c.number))
    return sorted(found, key=lambda c: c.comment_id != top)


def put_on_top(world: WorldState, unit: Unit, video: Video, comment: Comment, top: bool) -> None:
    """Put a comment above the others, in place of the one before; or take it down again."""
    held = thread(world, unit, video)
    if top or held.top == comment.comment_id:
        name = comment.comment_id if top else ""
        unit.write(video.item_id, msgspec.structs.replace(held, top=name))


def moments(world: WorldState, unit: Unit, video: Video) -> list[float]:
    """Give when each comment and reply was written."""
    comments = listed(unit, thread(world, unit, video).comments)
    replies = [reply for comment in comments for reply in listed(unit, comment.replies)]
    return [comment.created for comment in (*comments, *replies)]


def forget(world: WorldState, unit: Unit, video: Video) -> None:
    """Drop every comment on a work that is taken away."""
    for comment in listed(unit, thread(world, unit, video).comments):
        for name in (comment.comment_id, *comment.replies):
            unit.drop(Comment, name)
    unit.drop(Thread, video.item_id)
