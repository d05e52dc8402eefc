"""A share from end to end: built, examined, opened by a person, listed, and told of."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.apps import Webhook
from mockdouyin.core.errors import NotFoundError
from mockdouyin.core.outbox import Delivery
from mockdouyin.phone.sharing import OpenedLink, RefusedLinkError, verify
from tests.support.helpers import (
    PROGRAM,
    WEB,
    WEB_CLIENT,
    client_token,
    consent,
    get,
    post,
    sandbox,
)

HOOK = "http://127.0.0.1:9/hook"
VIDEO = "https://app.example.test/a.mp4"
PICTURE = "https://app.example.test/a.jpg"
SCOPES = ("user_info", "video.list", "video.data")


def hooked(**given: Any) -> Sandbox:
    """Return a sandbox whose web app has a webhook."""
    box = sandbox()
    app = box.default.apps[WEB.client_key]
    box.default.register(msgspec.structs.replace(app, webhook=Webhook(url=HOOK, **given)))
    return box


def build(box: Sandbox, **given: Any) -> str:
    """Build a link."""
    return str(execute(box, "build_share", body=given)["schema"])


def publish(box: Sandbox, schema: str, person: str | None = None) -> dict[str, Any]:
    """Let a person open a link and publish."""
    return execute(box, "publish_share", body={"schema": schema, "person": person})


def share_id(box: Sandbox, **query: str) -> str:
    """Fetch a share id as a backend does."""
    fetched = get(box, "/share-id/", query, client_token(box))["data"]["share_id"]
    assert isinstance(fetched, str)
    return fetched


def told(box: Sandbox) -> list[dict[str, Any]]:
    """Return each create_video that waits to be sent."""
    unit = box.default.store.unit(box.default.clock.now())
    bodies = [json.loads(delivery.body) for _, delivery in unit.scan(Delivery)]
    return [body for body in bodies if body["event"] == "create_video"]


class Login:
    """A person who consented to the web app."""

    def __init__(self, box: Sandbox, person: str = "小明") -> None:
        fields = {**WEB_CLIENT, "code": consent(box, person, SCOPES)}
        data = post(box, "/oauth/access_token/", {**fields, "grant_type": "authorization_code"})
        self.box = box
        self.token, self.open_id = data["data"]["access_token"], data["data"]["open_id"]

    def works(self) -> list[dict[str, Any]]:
        """List the person's works."""
        query = {"open_id": self.open_id, "cursor": "0", "count": "20"}
        listed: list[dict[str, Any]] = get(self.box, "/video/list/", query, self.token)["data"][
            "list"
        ]
        return listed

    def data(self, item_id: str) -> list[dict[str, Any]]:
        """Ask for one work."""
        found: list[dict[str, Any]] = post(
            self.box,
            "/video/data/",
            {"item_ids": [item_id]},
            {"access-token": self.token},
            f"open_id={self.open_id}",
        )["data"]["list"]
        return found


@pytest.mark.parametrize(
    ("given", "media_type"),
    [
        ({}, 2),
        ({"image_path": PICTURE}, 2),
        ({"image_list_path": [PICTURE, PICTURE + "?a=1&b=2"]}, 2),
        ({"video_path": VIDEO}, 4),
        ({"video_path": VIDEO, "image_path": PICTURE, "hashtag_list": ["测试", "a b"]}, 4),
    ],
)
def test_a_share_is_listed_and_told(given: dict[str, Any], media_type: int) -> None:
    """A built link is taken; once published the work is listed, and create_video names it."""
    box = hooked()
    schema = build(box, title="你好 & 再见", **given)

    verdict = execute(box, "verify_share", body={"schema": schema})
    published = publish(box, schema)

    assert (verdict["ok"], verdict["problems"]) == (True, [])
    assert published["person"] == "小明"
    login = Login(box)
    row = login.works()[0]
    assert [row] == login.data(published["item_id"])
    assert (row["item_id"], row["video_id"]) == (published["item_id"], published["video_id"])
    assert (row["title"], row["media_type"]) == ("你好 & 再见", media_type)
    (event,) = told(box)
    assert (event["event"], event["client_key"]) == ("create_video", WEB.client_key)
    assert event["from_user_id"] == login.open_id
    assert event["content"] == {
        "share_id": verdict["fields"]["state"],
        "item_id": published["item_id"],
        "has_default_hashtag": None,
        "video_id": published["video_id"],
    }
    assert published["delivery"] == f"{WEB.client_key}-1"


def test_another_person_publishes() -> None:
    """The work stands on the shelf of the one who published, and of nobody else."""
    box = hooked()

    published = publish(box, build(box, video_path=VIDEO), "小红")

    assert published["person"] == "小红"
    assert Login(box, "小红").works()[0]["item_id"] == published["item_id"]
    assert published["item_id"] not in [row["item_id"] for row in Login(box).works()]
    assert told(box)[0]["from_user_id"] == Login(box, "小红").open_id


@pytest.mark.parametrize(
    ("wanted", "after", "events"),
    [("true", 0, 1), ("true", 3601, 1), ("false", 0, 0), ("false", 3601, 0), ("", 0, 0)],
)
def test_a_callback_goes_to_who_asked(wanted: str, after: int, events: int) -> None:
    """A share id that was fetched without need_callback tells nobody, however late it is."""
    box = hooked()
    state = share_id(box, need_callback=wanted)
    box.default.clock.advance(after)

    published = publish(box, build(box, state=state))

    assert published["share_id"] == state
    assert [event["content"]["share_id"] for event in told(box)] == [state] * events
    assert (published["delivery"] is None) == (not events)


@pytest.mark.parametrize("state", ["", "my-own-state"])
def test_a_state_that_is_no_share_id(state: str) -> None:
    """A link without a share id of ours is told of with the state that it has."""
    box = hooked()

    published = publish(box, build(box, state=state))

    assert published["share_id"] == state
    assert [event["content"]["share_id"] for event in told(box)] == [state]


@pytest.mark.parametrize("webhook", [{"verified": False}, {"events": ("authorize",)}])
def test_an_app_that_listens_to_nothing(webhook: dict[str, Any]) -> None:
    """Without a webhook that wants create_video the work is published, and nobody is told."""
    box = hooked(**webhook)

    published = publish(box, build(box))

    assert published["delivery"] is None
    assert told(box) == []
    assert Login(box).works()[0]["item_id"] == published["item_id"]


@pytest.mark.parametrize(
    ("hashtags", "kept"),
    [
        (["测试"], True),
        (["别的", "#测试"], True),
        (["测试二"], False),
        ([], False),
    ],
)
def test_the_default_hashtag(hashtags: list[str], kept: bool) -> None:
    """has_default_hashtag tells whether the share id's hashtag is among those of the work."""
    box = hooked()
    state = share_id(box, need_callback="true", default_hashtag="测试")

    publish(box, build(box, state=state, hashtag_list=hashtags))

    assert told(box)[0]["content"]["has_default_hashtag"] is kept


def test_an_escaped_hashtag_is_the_same() -> None:
    """A list that a backend wrote with \\u escapes holds the same hashtags."""
    box = hooked()
    state = share_id(box, need_callback="true", default_hashtag="测试")
    schema = build(box, state=state) + "&hashtag_list=%5B%22%5Cu6d4b%5Cu8bd5%22%5D"

    publish(box, schema)

    assert told(box)[0]["content"]["has_default_hashtag"] is True


def test_a_refused_link_changes_nothing() -> None:
    """A link that is not taken is refused with each reason; nothing is published or told."""
    box = hooked()
    login = Login(box)
    before = login.works()
    schema = build(box, title="a").replace("timestamp=", "timestamp=1") + "&x=1"
    count = box.default.store.count()

    with pytest.raises(RefusedLinkError) as refused:
        publish(box, schema)

    assert 400 <= refused.value.status < 500
    says = str(refused.value)
    assert says.startswith("the Douyin app does not take the link: ")
    assert "x: no such parameter" in says
    assert "timestamp: " in says
    assert "signature: " in says
    assert box.default.store.count() == count
    assert login.works() == before
    assert told(box) == []


def test_a_person_who_is_not_there() -> None:
    """An unknown person is refused with the nearest name, and nothing is published."""
    box = hooked()
    schema = build(box)

    with pytest.raises(NotFoundError, match="no person '小名' in this world"):
        publish(box, schema, "小名")

    assert told(box) == []


@pytest.mark.parametrize("given", [{"video": VIDEO}, {"image_list_path": PICTURE}])
def test_a_link_that_cannot_be_built(given: dict[str, Any]) -> None:
    """A field that a link does not have, or of the wrong kind, is refused by name."""
    with pytest.raises(MockDouyinError, match=next(iter(given))):
        build(sandbox(), **given)


def test_a_link_is_built_for_an_app() -> None:
    """Any app has links of its own, signed with its own ticket."""
    box = sandbox()

    made = execute(box, "build_share", body={"app": "mini_program"})

    assert made["fields"]["client_key"] == PROGRAM.client_key
    assert execute(box, "verify_share", body={"schema": made["schema"]})["ok"]


# Links that a server asked for.


def webview(box: Sandbox, what: str = "get_share", life: int = 600, **given: Any) -> str:
    """Ask for a link as a server does."""
    token = client_token(box)
    ticket = get(box, "/open/getticket/", token=token)["data"]["ticket"]
    fields = {"expire_at": int(box.default.clock.now()) + life, "open_id": "_000x", **given}
    if what == "get_share":
        fields["client_ticket"] = ticket
    path = f"/api/douyin/v1/schema/{what}/"
    return str(post(box, path, fields, {"access-token": token})["data"]["schema"])


@pytest.mark.parametrize("space", ["", " "])
def test_a_link_of_get_share(space: str) -> None:
    """A link that needs no signature is published like one that has one."""
    box = hooked()
    state = share_id(box, need_callback="true", default_hashtag="测试")
    schema = webview(box, video_path=VIDEO, title="你好", hashtag_list=["测试"], state=state)

    published = publish(box, space + schema)

    (row,) = Login(box).data(published["item_id"])
    assert (row["title"], row["media_type"]) == ("你好", 4)
    (event,) = told(box)
    assert event["content"] == {
        "share_id": state,
        "item_id": published["item_id"],
        "has_default_hashtag": True,
        "video_id": published["video_id"],
    }


@pytest.mark.parametrize(
    "schema",
    [
        "snssdk1128://webview?url=x",
        "snssdk1128://webview[?url=x",
        "snssdk1128://webview",
    ],
)
def test_a_link_that_nobody_asked_for(schema: str) -> None:
    """A link that is none of this world's is refused."""
    with pytest.raises(NotFoundError, match="none of this world's share links"):
        publish(hooked(), schema)


def test_a_link_that_has_expired_or_shares_nothing() -> None:
    """A link past its expire_at, to a page, or of an app that is gone is refused."""
    box = hooked()
    schema, chat = webview(box, image_path=PICTURE), webview(box, "get_chat")

    with pytest.raises(NotFoundError):
        publish(box, chat)
    box.default.clock.advance(599)
    publish(box, schema)
    app = box.default.apps.pop(WEB.client_key)
    with pytest.raises(NotFoundError):
        publish(box, schema)
    box.default.register(app)
    box.default.clock.advance(1)
    with pytest.raises(NotFoundError, match="or has expired"):
        publish(box, schema)

    assert len(told(box)) == 1


def test_a_verdict_in_chinese() -> None:
    """A verdict is in the language asked for; the code of a reason is the same in each."""
    link = OpenedLink(schema="snssdk1128://openplatform/share?share_type=h4&x=1")

    english = verify(sandbox().default, link)["problems"]
    chinese = verify(sandbox().default, link, "zh")["problems"]

    assert {"part": "x", "seen": "1", "why_code": "parameter_unknown"}.items() <= chinese[
        0
    ].items()
    assert chinese[0]["why"] == "没有这个参数；可能是它前面某个参数的值没有做 URL 编码"
    assert chinese[0]["expected"].endswith("poi_id 之一")
    assert english[0]["expected"].startswith("one of share_type, ")
    assert [each["why_code"] for each in english] == [each["why_code"] for each in chinese]


def test_a_page_is_examined_too() -> None:
    """What a page gives to the SDK is examined by the control API."""
    box = sandbox()
    body = dict.fromkeys(("client_key", "nonce_str", "timestamp", "url", "signature"), "x")

    assert execute(box, "verify_js", body=body)["problems"][0]["part"] == "client_key"
