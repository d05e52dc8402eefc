"""Comments: those that works have of their own, replies, and the one on top."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.domain import comments
from tests.endpoints.calls import PERSON, Scene
from tests.endpoints.calls_user import OTHER, Login, due, listen, unit_of, works
from tests.endpoints.test_video import listed, refused, why

FAMILIES = ("item", "video")


class Thread:
    """The oldest work of a person, and its comments."""

    def __init__(self, family: str = "item") -> None:
        self.login = Login(Scene())
        self.family = family
        self.item = works(self.login.scene)[-1].item_id

    def path(self, what: str) -> str:
        """Return a path of the family."""
        return f"/{self.family}/comment/{what}/"

    def rows(self, sort: str = "", of: str = "") -> list[dict[str, Any]]:
        """List comments, or the replies to one."""
        query = {"item_id": self.item, "count": 20, "sort_type": sort}
        if of:
            query["comment_id"] = of
        ask = self.login.get(self.path("reply/list" if of else "list"), **query)
        rows: list[dict[str, Any]] = self.login.scene.ask(ask)["data"]["list"]
        return rows

    def write(self, content: str, to: str = "") -> Any:
        """Write a comment, or a reply to one."""
        given = {"comment_id": to} if to else {}
        ask = self.login.post(self.path("reply"), item_id=self.item, content=content, **given)
        return self.login.scene.ask(ask)["data"]

    def top(self, comment_id: str, up: bool = True) -> Any:
        """Put a comment on top, or take it down."""
        fields = {"item_id": self.item, "comment_id": comment_id, "top": up}
        return self.login.scene.ask(self.login.post(self.path("top"), **fields))["data"]


@pytest.mark.parametrize("family", FAMILIES)
def test_works_have_comments_of_their_own(family: str) -> None:
    """People's own works have two to six comments of others, and the count is true."""
    thread = Thread(family)
    rows = thread.rows()
    replies = [reply for row in rows for reply in thread.rows(of=row["comment_id"])]

    assert 2 <= len(rows) <= 6
    mine = thread.login.query["open_id"]
    assert all(row["comment_user_id"] != mine for row in rows)
    assert sum(row["reply_comment_total"] for row in rows) == len(replies)
    work = listed(thread.login)["list"][-1]
    assert work["statistics"]["comment_count"] == len(rows) + len(replies)
    assert all(work["create_time"] <= row["create_time"] for row in (*rows, *replies))


def test_what_was_written_is_listed() -> None:
    """A comment on the work is there at once, with its writer; a new work has no others."""
    thread = Thread()
    made = thread.login.scene.ask(
        thread.login.post("/video/create/", video_id=thread.login.video_id(), text="新")
    )
    thread.item = made["data"]["item_id"]
    assert thread.rows() == []

    written = thread.write("第一")

    assert (written["nick_name"], written["error_code"]) == ("小明同学", 0)
    [row] = thread.rows()
    assert row["comment_id"] == written["comment_id"]
    assert row["comment_user_id"] == thread.login.query["open_id"]
    assert (row["content"], row["digg_count"], row["top"]) == ("第一", 0, False)


@pytest.mark.parametrize("family", FAMILIES)
def test_replies(family: str) -> None:
    """A reply stands under its comment, and so does a reply to the reply."""
    thread = Thread(family)
    root = thread.rows()[0]["comment_id"]
    before = thread.rows(of=root)

    reply = thread.write("谢谢", root)["comment_id"]
    again = thread.write("不客气", reply)["comment_id"]

    rows = thread.rows("time_asc", of=root)[len(before) :]
    assert [row["comment_id"] for row in rows] == [reply, again]
    assert {row["reply_comment_id"] for row in rows} == {root}
    [row] = [row for row in thread.rows() if row["comment_id"] == root]
    assert row["reply_comment_total"] == len(before) + 2


def test_orders() -> None:
    """Comments come by time, the reverse, or by likes, as asked for."""
    thread = Thread()
    thread.write("最新")

    times = [row["create_time"] for row in thread.rows("time")]
    assert times == sorted(times, reverse=True)
    assert thread.rows("time_asc") == thread.rows("time")[::-1]
    likes = [row["digg_count"] for row in thread.rows()]
    assert likes == sorted(likes, reverse=True)
    ask = thread.login.get("/item/comment/list/", item_id=thread.item, count=5, sort_type="new")
    assert refused(thread.login, ask)[0] == 2100005
    assert "sort_type is 'new'" in why(thread.login.scene)


def test_pages() -> None:
    """The cursors lead through all comments once; enterprises may have 50 a page, others 20."""
    thread = Thread()
    seen: list[str] = []
    cursor, more = 0, True
    while more:
        query = {"item_id": thread.item, "count": 1, "cursor": cursor}
        page = thread.login.scene.ask(thread.login.get("/item/comment/list/", **query))["data"]
        seen += [row["comment_id"] for row in page["list"]]
        cursor, more = page["cursor"], page["has_more"]

    assert seen == [row["comment_id"] for row in thread.rows()]
    for path, most in (("/item/comment/list/", 20), ("/video/comment/list/", 50)):
        for count, code in ((most, 0), (most + 1, 2100005)):
            ask = thread.login.get(path, item_id=thread.item, count=count)
            assert refused(thread.login, ask)[0] == code


@pytest.mark.parametrize("family", FAMILIES)
def test_one_comment_is_on_top(family: str) -> None:
    """The comment on top is first in every order, replaces the one before, and can come down."""
    thread = Thread(family)
    *_, second, last = [row["comment_id"] for row in thread.rows()]

    thread.top(second)
    thread.top(last)

    for sort in ("", "time", "time_asc"):
        rows = thread.rows(sort)
        assert (rows[0]["comment_id"], rows[0]["top"]) == (last, True)
        assert sum(row["top"] for row in rows) == 1
    thread.top(second, up=False)
    assert thread.rows()[0]["comment_id"] == last
    thread.top(last, up=False)
    assert not any(row["top"] for row in thread.rows())


def test_what_cannot_be_on_top() -> None:
    """A reply cannot be put on top, and whether up or down must be said."""
    thread = Thread()
    root = thread.rows()[0]["comment_id"]
    reply = thread.write("谢谢", root)["comment_id"]

    assert thread.top(reply)["error_code"] == 2111003
    ask = thread.login.post("/item/comment/top/", item_id=thread.item, comment_id=root)
    assert refused(thread.login, ask) == (2100005, "top must have a value")


def test_another_persons_work() -> None:
    """The comments on somebody else's work are not shown."""
    thread = Thread()
    theirs = works(thread.login.scene, OTHER)[0].item_id

    query = {"item_id": theirs, "count": 5}
    assert refused(thread.login, thread.login.get(thread.path("list"), **query))[0] == 2111007
    assert why(thread.login.scene) == "the work is 小红's, not 小明's"


def test_others_comment_too() -> None:
    """What somebody else writes in the Douyin app is listed to the author."""
    thread = Thread()
    scene = thread.login.scene
    unit, work = unit_of(scene), works(scene)[-1]
    comments.write(scene.world, unit, work, "老王", "邻居来了")
    unit.commit()

    assert thread.rows("time")[0]["nick_name"] == "隔壁老王"


def test_a_reply_is_an_event() -> None:
    """A reply is delivered as item_comment_reply, from its writer to whom it answers."""
    thread = Thread()
    scene, target = thread.login.scene, thread.rows()[0]
    listen(scene)

    made = thread.write("谢谢", target["comment_id"])

    [told] = due(scene)
    assert told[:3] == (
        "item_comment_reply",
        scene.open_id("web", PERSON),
        target["comment_user_id"],
    )
    assert told.content == {
        "comment_id": made["comment_id"],
        "comment_user_id": thread.login.query["open_id"],
        "content": "谢谢",
        "create_time": int(scene.world.clock.now()),
        "digg_count": 0,
        "reply_comment_total": 0,
        "reply_to_comment_id": target["comment_id"],
        "reply_to_item_id": thread.item,
        "at_user_id": "",
    }
    thread.write("敏感词")
    assert due(scene) == []
