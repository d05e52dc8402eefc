"""A person's works: lists, uploads, publishing, deleting."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from mockdouyin.core.http import Request, Streamed
from mockdouyin.core.multipart import File
from mockdouyin.domain.uploads import MB
from tests.endpoints.calls import PERSON, Ask, Scene
from tests.endpoints.calls_user import OTHER, PICTURE, Login, works

LIST, DATA = "/api/douyin/v1/video/video_list/", "/api/douyin/v1/video/video_data/"
CREATE, UPLOAD = "/api/douyin/v1/video/create_video/", "/api/douyin/v1/video/upload_video/"


def listed(login: Login, count: int = 20, cursor: int = 0, path: str = LIST) -> Any:
    """List a person's works."""
    return login.scene.ask(login.get(path, cursor=cursor, count=count))["data"]


def refused(login: Login, ask: Ask) -> tuple[int, str]:
    """Make a call that is refused; give the number and the more exact words."""
    extra = login.scene.ask(ask)["extra"]
    return extra["error_code"], extra["sub_description"]


def why(scene: Scene) -> str:
    """Return what the journal says about the last call."""
    return list(scene.world.journal)[-1].why.render("en")


@pytest.mark.parametrize("path", [LIST, "/video/list/", "/video/list"])
def test_the_list_is_paged(path: str) -> None:
    """The cursors lead through the whole list once, and has_more says when it ends."""
    login, rows, cursor = Login(Scene()), [], 0
    while True:
        page = listed(login, 2, cursor, path)
        rows += page["list"]
        cursor = page["cursor"]
        if not page["has_more"]:
            break

    assert [row["item_id"] for row in rows] == [work.item_id for work in works(login.scene)]
    assert len(rows) > 2


def test_a_work_as_it_is_listed() -> None:
    """A work has every field of the docs, numbers as numbers and times in seconds."""
    row = listed(Login(Scene()))["list"][0]

    assert set(row) == {
        *("title", "create_time", "video_status", "share_url", "cover", "is_top", "statistics"),
        *("item_id", "is_reviewed", "media_type", "video_id"),
    }
    assert (row["video_status"], row["media_type"], row["is_reviewed"]) == (5, 4, True)
    assert len(str(row["create_time"])) == 10
    assert row["share_url"].startswith("https://www.iesdouyin.com/share/video/")
    assert all(isinstance(value, int) for value in row["statistics"].values())
    assert set(row["statistics"]) == {
        f"{what}_count" for what in ("comment", "digg", "download", "forward", "play", "share")
    }


@pytest.mark.parametrize(
    ("cursor", "count", "said"),
    [(0, 21, "count is 21; it is from 1 to 20"), (-1, 5, "cursor is -1"), (0, -1, "count is -1")],
)
def test_a_page_that_is_none(cursor: int, count: int, said: str) -> None:
    """A page is of 1 to 20 works, and a cursor is never below nothing."""
    login = Login(Scene())

    assert refused(login, login.get(LIST, cursor=cursor, count=count)) == (2100005, "")
    assert said in why(login.scene)


@pytest.mark.parametrize("old", [False, True])
def test_an_uploaded_video_is_published_once(old: bool) -> None:
    """A created work stands first in the list; a second one needs a new upload."""
    login = Login(Scene())
    upload, create = ("/video/upload/", "/video/create/") if old else (UPLOAD, CREATE)
    sent = login.scene.ask(login.upload(upload, "video", b"a video"))["data"]["video"]
    ask = login.post(create, video_id=sent["video_id"], text="新视频", private_status=2)

    made = login.scene.ask(ask)["data"]

    first = listed(login)["list"][0]
    assert (first["item_id"], first["video_id"]) == (made["item_id"], made["video_id"])
    assert (first["title"], first["video_status"], first["media_type"]) == ("新视频", 6, 4)
    assert first["statistics"]["play_count"] == 0
    assert refused(login, ask) == (2190007, "")
    login.scene.advance(3600)
    assert listed(login)["list"][0]["statistics"]["play_count"] > 0


def test_pictures_are_published_as_one_work() -> None:
    """Two uploaded pictures make one work of media type 2; one may come as image_id."""
    login = Login(Scene())
    images = [login.image_id(), login.image_id()]
    path = "/api/douyin/v1/video/create_image_text/"

    login.scene.ask(login.post(path, image_list=images, text="两张"))
    login.scene.ask(login.post("/image/create/", image_id=images[0], text="一张"))

    rows = listed(login)["list"][:2]
    assert [(row["title"], row["media_type"]) for row in rows] == [("一张", 2), ("两张", 2)]
    assert refused(login, login.post(path)) == (2100005, "image_list must have a value")
    assert refused(login, login.post(path, image_list=["@x"]))[0] == 2100005
    assert refused(login, login.post(path, image_list=images, private_status=3))[0] == 2100005
    assert "private_status is 3" in why(login.scene)


def test_the_size_of_a_picture_is_told() -> None:
    """An uploaded picture's width and height are its own; over 20 MB it is refused."""
    login, path = Login(Scene()), "/api/douyin/v1/video/upload_image/"

    image = login.scene.ask(login.upload(path, "image", PICTURE))["data"]["image"]

    assert (image["width"], image["height"]) == (320, 112)
    assert refused(login, login.upload(path, "image", b"x" * (20 * MB + 1)))[0] == 2100005
    assert refused(login, login.upload(path, "image", b"")) == (2100005, "")
    assert "empty file" in why(login.scene)


def test_a_video_in_parts() -> None:
    """Parts sent under one upload_id make one video, that is published like any other."""
    login = Login(Scene())
    upload_id = login.upload_id(5 * MB, 7)
    complete = replace(login.post("/video/part/complete/"), fields=None).having(
        upload_id=upload_id
    )

    video = login.scene.ask(complete)["data"]["video"]

    assert (video["width"], video["height"]) == (720, 1280)
    made = login.scene.ask(login.post(CREATE, video_id=video["video_id"]))
    assert made["data"]["item_id"] == listed(login)["list"][0]["item_id"]
    assert refused(login, complete)[0] == 2100005
    assert "no upload of 小明 is under way" in why(login.scene)


def long_upload(login: Login, size: int) -> Request:
    """Make the request of a long upload as a door hands it over: read, measured and not held."""
    request = login.upload(UPLOAD, "video", b"begins").request()
    return msgspec.structs.replace(
        request, streamed=Streamed({"video": File(size, "", b"begins")}, size + 100)
    )


def test_over_128_mb_is_too_large() -> None:
    """A video of 128 MB is taken whole, a longer one is refused; the journal has its length."""
    login = Login(Scene())

    taken = json.loads(login.scene.box.handle(long_upload(login, 128 * MB)).body)
    refusal = json.loads(login.scene.box.handle(long_upload(login, 128 * MB + 1)).body)

    assert taken["data"]["error_code"] == 0
    assert refusal["data"] == {"error_code": 2190005, "description": "视频文件太大了"}
    last = list(login.scene.world.journal)[-1]
    assert (last.length, last.why.render("en")) == (
        128 * MB + 101,
        "video has 134217729 bytes, over 128 MB",
    )
    assert last.request.streamed is None


def test_data_of_works() -> None:
    """Works are found by either id and come once; what is gone is left out, another's refused."""
    login = Login(Scene())
    first, second = works(login.scene)[:2]
    ids = {"item_ids": [first.item_id, "@gone=="], "video_ids": [second.video_id, first.video_id]}

    rows = login.scene.ask(login.post(DATA, **ids))["data"]["list"]

    assert [row["item_id"] for row in rows] == [first.item_id, second.item_id]
    assert refused(login, login.post(DATA)) == (2100005, "item_ids must have a value")
    theirs = works(login.scene, OTHER)[0].item_id
    assert refused(login, login.post("/video/data/", item_ids=[theirs]))[0] == 2118101


def test_a_deleted_work_is_gone() -> None:
    """After deletion a work is in no list, has no data and no comments, and cannot be deleted."""
    login = Login(Scene())
    gone = works(login.scene)[-1].item_id
    assert login.comments(gone)
    ask = login.post("/video/delete/", item_id=gone)

    assert login.scene.ask(ask)["data"] == {"error_code": 0, "description": ""}

    assert gone not in [row["item_id"] for row in listed(login)["list"]]
    assert login.scene.ask(login.post(DATA, item_ids=[gone]))["data"]["list"] == []
    query = {"item_id": gone, "count": 5}
    assert refused(login, login.get("/item/comment/list/", **query))[0] == 2111007
    assert refused(login, ask)[0] == 2100005


def test_the_business_scope_will_do() -> None:
    """A person who granted video.list.bind has granted the list."""
    scene = Scene()
    tokens = scene.tokens(scopes=("video.list.bind",))
    query = {"open_id": tokens["open_id"], "count": "1"}
    ask = Ask("GET", LIST, query, {"access-token": tokens["access_token"]})

    assert scene.ask(ask)["extra"]["error_code"] == 0
    data = Ask("POST", DATA, query, ask.headers, {"item_ids": ["@x"]})
    assert scene.ask(data)["extra"]["error_code"] == 2190003


@pytest.mark.parametrize(
    ("generation", "number"), [("documented", 2190015), ("old", 2190015), ("new", 28001015)]
)
def test_whose_token_it_is(generation: str, number: int) -> None:
    """Somebody else's open_id is refused, with the number of the generation that is set."""
    login = Login(Scene(error_generation=generation))
    theirs = login.scene.open_id("web", OTHER)

    answer = login.scene.ask(login.get(LIST, count=1).having(open_id=theirs))

    assert answer["data"]["error_code"] == answer["extra"]["error_code"] == number


def test_old_clients() -> None:
    """The token may stand in the query, and the open_id in the body."""
    login = Login(Scene())
    token = login.headers["access-token"]

    query = login.scene.ask(
        Ask("GET", "/video/list", {**login.query, "access_token": token, "count": "1"})
    )
    fields = {**login.query, "item_ids": [works(login.scene)[0].item_id]}
    body = login.scene.ask(Ask("POST", "/video/data", {"access_token": token}, {}, fields))

    assert len(query["data"]["list"]) == len(body["data"]["list"]) == 1


def test_revoking_ends_it() -> None:
    """Once the person takes back what they granted, the token is refused."""
    login = Login(Scene())
    login.scene.revoke(PERSON)

    assert refused(login, login.get(LIST, count=1))[0] == 2190002
