"""Videos found by a keyword, told over HTTP: the search, comments, replies."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from mockdouyin.domain import videos
from mockdouyin.testing.fixture import Douyin
from tests.endpoints.calls import PERSON, Scene
from tests.endpoints.calls_user import OTHER, Login, unit_of, works

SEARCH = "/video/search/"


def test_from_a_keyword_to_a_reply(douyin: Douyin) -> None:
    """A work of somebody else is found, its comments are listed, and a reply is among them."""
    app = douyin.app("web")
    keys = {"client_key": app["client_key"], "client_secret": app["client_secret"]}
    scopes = ("video.search", "video.search.comment", "video.list")
    code = douyin.authorize(*scopes, person=PERSON)["code"]

    with httpx.Client(base_url=douyin.url, timeout=20) as http:
        fields = {**keys, "code": code, "grant_type": "authorization_code"}
        tokens = http.post("/oauth/access_token/", json=fields).json()["data"]
        head = {"access-token": tokens["access_token"]}
        open_id = {"open_id": tokens["open_id"]}

        def get(path: str, **query: Any) -> Any:
            answer = http.get(path, params={**open_id, **query}, headers=head).json()
            assert answer["extra"]["error_code"] == 0, answer
            return answer["data"]

        def search(person: str) -> list[Any]:
            keyword = douyin.person(person)["nickname"]
            rows, cursor, has_more = [], 0, True
            while has_more:
                page = get(SEARCH, keyword=keyword, cursor=cursor, count=2)
                rows += page["list"]
                cursor, has_more = page["cursor"], page["has_more"]
            assert all(row["nickname"] == keyword for row in rows)
            return rows

        own = get("/video/list/", cursor=0, count=20)["list"]
        assert [row["item_id"] for row in search(PERSON)] == [row["item_id"] for row in own]
        rows = search(OTHER)
        times = [row["create_time"] for row in rows]
        assert len(times) >= 3
        assert times == sorted(times, reverse=True)
        theirs = rows[0]
        assert theirs["open_id"] != tokens["open_id"]

        found = {"sec_item_id": theirs["sec_item_id"]}
        comments = get("/video/search/comment/list/", **found, cursor=0, count=20)["list"]
        assert (
            str(sum(1 + c["reply_comment_total"] for c in comments))
            == (theirs["statistics"]["comment_count"])
        )
        first = {**found, "comment_id": comments[0]["comment_id"]}
        path = "/video/search/comment/reply/"
        reply = {**first, "content": "同感！"}
        made = http.post(path, json=reply, params=open_id, headers=head).json()["data"]
        listed = get("/video/search/comment/reply/list/", **first, cursor=0, count=20)["list"]
        written = next(row for row in listed if row["comment_id"] == made["comment_id"])
        assert written["content"] == "同感！"
        assert written["comment_user_id"] == tokens["open_id"]


def test_every_word_has_to_occur() -> None:
    """A keyword's words may stand in title and nickname, in any case; one that does not, none."""
    scene = Scene()
    login, work = Login(scene), works(scene, OTHER)[0]
    author = scene.world.people.profile(OTHER).nickname

    def find(keyword: str) -> list[str]:
        answer = scene.ask(login.get(SEARCH, keyword=keyword, count=20))
        return [row["item_id"] for row in answer["data"]["list"]]

    assert work.item_id in find(f"{work.title[:4]} {author}")
    assert find(f"{work.title[:4]} {author} 没有这个词") == []


@pytest.mark.parametrize("privacy", [1, 2])
def test_what_is_not_public_is_not_found(privacy: videos.Privacy) -> None:
    """A private work, or one for friends, is neither found nor commented on."""
    scene = Scene()
    login, unit = Login(scene), unit_of(scene)
    made = videos.publish(
        scene.world, unit, scene.app("web"), OTHER, title="独一无二的标题", privacy=privacy
    )
    unit.commit()

    found = scene.ask(login.get(SEARCH, keyword="独一无二", count=5))["data"]["list"]
    assert found == []
    path = "/video/search/comment/list/"
    refused = scene.ask(login.get(path, sec_item_id=made.item_id, count=5))
    assert refused["extra"]["error_code"] == 2111007
    assert "not public" in list(scene.world.journal)[-1].why.render("en")


def test_a_client_token_lists_comments_too() -> None:
    """Comments of found works are listed with the app's own token, which cannot write any."""
    scene = Scene()
    login, item = Login(scene), works(scene, OTHER)[-1].item_id
    ask = login.get("/video/search/comment/list/", sec_item_id=item, count=20)
    by_client = ask.with_token(scene.client_token("web")).having(open_id=None)

    assert scene.ask(by_client)["data"]["list"] == scene.ask(ask)["data"]["list"]
    write = login.post("/video/search/comment/reply/", sec_item_id=item, content="好")
    assert scene.ask(write.with_token(scene.client_token("web")))["data"]["error_code"] == 2190002
