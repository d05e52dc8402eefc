"""Good calls of what a backend calls after login."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from msgspec.structs import replace

from mockdouyin.core.apps import Webhook
from mockdouyin.core.http import Request
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Unit
from mockdouyin.domain import accounts, videos
from mockdouyin.endpoints import WRITTEN
from tests.endpoints.calls import PERSON, Ask, Builder, Scene

OTHER = "小红"
PICTURE = b"GIF89a\x40\x01\x70\x00"
"""The first bytes of a GIF of 320 by 112."""


@dataclass(frozen=True)
class Upload(Ask):
    """A request with a file in a form of several parts."""

    name: str = "video"
    file: bytes = b""

    @property
    def body(self) -> bytes:
        """Return the form."""
        head = f'Content-Disposition: form-data; name="{self.name}"; filename="a.bin"'
        return b"--edge\r\n" + head.encode() + b"\r\n\r\n" + self.file + b"\r\n--edge--\r\n"

    def request(self) -> Request:
        """Return the request as the sandbox takes it."""
        made = super().request()
        kind = (b"content-type", b"multipart/form-data; boundary=edge")
        return replace(made, headers=[*made.headers, kind])


def unit_of(scene: Scene) -> Unit:
    """Begin a unit of work in the scene's world."""
    return scene.world.store.unit(scene.world.clock.now())


def works(scene: Scene, person: str = PERSON) -> list[videos.Video]:
    """Return a person's works, the newest first."""
    unit = unit_of(scene)
    found = videos.works(scene.world, unit, person)
    unit.commit()
    return found


class Told(NamedTuple):
    """An event that waits to be posted: its name, the open_ids of both sides, its content."""

    event: str
    person: str
    other: str
    content: dict[str, Any]


def listen(scene: Scene) -> None:
    """Register a webhook for the web app; nobody receives it, so deliveries stay queued."""
    scene.amend("web", webhook=Webhook(url="http://127.0.0.1:9/hook"))


def due(scene: Scene) -> list[Told]:
    """Take every delivery that is due out of the world's outbox, the oldest first."""
    now, unit = scene.world.clock.now(), unit_of(scene)
    found = (unit.find(Delivery, each) for each in scene.world.outbox.claim(now))
    return [_told(scene, delivery) for delivery in found if delivery is not None]


def _told(scene: Scene, delivery: Delivery) -> Told:
    secret = scene.app("web").client_secret
    signature = hashlib.sha1(secret.encode() + delivery.body).hexdigest()
    assert delivery.headers["X-Douyin-Signature"] == signature
    body = json.loads(delivery.body)
    content = body["content"]
    assert (delivery.event, delivery.app) == (body["event"], body["client_key"])
    return Told(
        body["event"],
        body["from_user_id"],
        body.get("to_user_id", ""),
        json.loads(content) if isinstance(content, str) else content,
    )


def path_of(name: str) -> str:
    """Return the first path of an endpoint."""
    return WRITTEN.endpoints[name].paths[0]


class Login:
    """A person who granted the web app everything, and what its backend calls for them."""

    def __init__(self, scene: Scene, person: str = PERSON) -> None:
        tokens = scene.tokens(person, scene.app("web").scopes)
        self.query = {"open_id": tokens["open_id"]}
        self.headers = {"access-token": tokens["access_token"]}
        self.scene = scene

    def get(self, path: str, **query: Any) -> Ask:
        """Make a call with a query."""
        given = {name: str(value) for name, value in query.items()}
        return Ask("GET", path, {**self.query, **given}, self.headers)

    def post(self, path: str, **fields: Any) -> Ask:
        """Make a call with a body of JSON."""
        return Ask("POST", path, dict(self.query), self.headers, fields)

    def upload(self, path: str, name: str, file: bytes, **query: Any) -> Upload:
        """Make a call with a file."""
        given = {key: str(value) for key, value in query.items()}
        return Upload("POST", path, {**self.query, **given}, self.headers, None, name, file)

    def video_id(self) -> str:
        """Upload a video."""
        ask = self.upload(path_of("video.upload_video"), "video", b"a video")
        return str(self.scene.ask(ask)["data"]["video"]["video_id"])

    def image_id(self) -> str:
        """Upload a picture."""
        ask = self.upload(path_of("video.upload_image"), "image", PICTURE)
        return str(self.scene.ask(ask)["data"]["image"]["image_id"])

    def upload_id(self, *sizes: int) -> str:
        """Begin an upload in parts, and send some."""
        begun = self.scene.ask(self.post(path_of("video.init_video_part_upload")))
        upload_id = str(begun["data"]["upload_id"])
        path = path_of("video.upload_video_part")
        for number, size in enumerate(sizes, 1):
            part = {"upload_id": upload_id, "part_number": number}
            answer = self.scene.ask(self.upload(path, "video", b"v" * size, **part))
            assert answer["data"]["error_code"] == 0
        return upload_id

    def comments(self, item_id: str) -> list[dict[str, Any]]:
        """List the comments on a work."""
        ask = self.get("/item/comment/list/", item_id=item_id, count=20)
        rows: list[dict[str, Any]] = self.scene.ask(ask)["data"]["list"]
        return rows


def _list(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).get(path, cursor=0, count=2)


def _works(scene: Scene, path: str, kind: str) -> Ask:
    first, second = works(scene)[:2]
    return Login(scene).post(path, item_ids=[first.item_id], video_ids=[second.video_id])


def _bare(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(path)


def _upload_video(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).upload(path, "video", b"a video")


def _upload_image(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).upload(path, "image", PICTURE)


def _upload_part(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    part = {"upload_id": login.upload_id(), "part_number": 1}
    return login.upload(path, "video", b"a part", **part)


def _complete(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return Ask("POST", path, {**login.query, "upload_id": login.upload_id(7)}, login.headers)


def _create_video(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.post(path, video_id=login.video_id(), text="第一个视频 #测试")


def _create_images(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    return login.post(path, image_list=[login.image_id()], text="图文")


def _delete(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(path, item_id=works(scene)[0].item_id)


def _check(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).get(path, follower_open_id=scene.open_id("web", OTHER))


def _get(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).get(path)


def _days(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    scene.advance(86400)
    return login.get(path, date_type=7)


def _item_days(scene: Scene, path: str, kind: str) -> Ask:
    login, item = Login(scene), works(scene)[-1].item_id
    scene.advance(86400)
    days = {} if path.endswith(("/base/", "/get_base/")) else {"date_type": 7}
    return login.get(path, **days, item_id=item)


def _comments(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).get(path, item_id=works(scene)[-1].item_id, cursor=0, count=3)


def _replies(scene: Scene, path: str, kind: str) -> Ask:
    login, item = Login(scene), works(scene)[-1].item_id
    comment = login.comments(item)[0]["comment_id"]
    return login.get(path, item_id=item, comment_id=comment, cursor=0, count=3)


def _reply(scene: Scene, path: str, kind: str) -> Ask:
    login, item = Login(scene), works(scene)[-1].item_id
    comment = login.comments(item)[0]["comment_id"]
    return login.post(path, item_id=item, comment_id=comment, content="谢谢！")


def _top(scene: Scene, path: str, kind: str) -> Ask:
    login, item = Login(scene), works(scene)[-1].item_id
    comment = login.comments(item)[-1]["comment_id"]
    return login.post(path, item_id=item, comment_id=comment, top=True)


class Business(Login):
    """A person who granted the web app everything, and what its backend calls with a biz_token."""

    def __init__(self, scene: Scene, person: str = PERSON, scope: str = "") -> None:
        super().__init__(scene, person)
        self.tokens = scene.ask(business_ask(scene, self.query["open_id"], scope))["data"]
        self.headers = {"access-token": self.tokens["biz_token"]}


def business_ask(scene: Scene, open_id: str, scope: str = "") -> Ask:
    """Return the call that asks for a biz_token."""
    app = scene.app("web")
    fields = {
        "client_key": app.client_key,
        "client_secret": app.client_secret,
        "open_id": open_id,
        "scope": scope,
    }
    return Ask("POST", path_of("oauth.business_token"), fields=fields)


def _business_token(scene: Scene, path: str, kind: str) -> Ask:
    return business_ask(scene, Login(scene).query["open_id"], "video.data.bind")


def _business_refresh(scene: Scene, path: str, kind: str) -> Ask:
    fields = scene.client() | {"refresh_token": Business(scene).tokens["biz_refresh_token"]}
    del fields["grant_type"]
    return Ask("POST", path, fields=fields)


def _business_scopes(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("POST", path, headers=Business(scene).headers, fields={})


def _by_business(builder: Callable[[Scene, str, str], Ask]) -> Builder:
    """Return the builder of the same call with a biz_token."""

    def build(scene: Scene, path: str, kind: str) -> Ask:
        token = Business(scene).headers["access-token"]
        return builder(scene, path, kind).with_token(token)

    return build


def _query(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(path, item_ids=[works(scene)[0].item_id])


def _search(scene: Scene, path: str, kind: str) -> Ask:
    login, keyword = Login(scene), works(scene, OTHER)[0].title
    return login.get(path, keyword=keyword, cursor=0, count=2)


def _found_comments(scene: Scene, path: str, kind: str) -> Ask:
    headers = {"access-token": scene.client_token("web")}
    query = {"sec_item_id": works(scene, OTHER)[-1].item_id, "cursor": "0", "count": "3"}
    return Ask("GET", path, query, headers)


def _first_comment(scene: Scene, item_id: str) -> str:
    path = path_of("video_search.search_comment_list")
    rows = scene.ask(_found_comments(scene, path, "web"))["data"]["list"]
    return str(rows[0]["comment_id"])


def _found_replies(scene: Scene, path: str, kind: str) -> Ask:
    ask = _found_comments(scene, path, kind)
    return ask.having(comment_id=_first_comment(scene, ask.query["sec_item_id"]))


def _found_reply(scene: Scene, path: str, kind: str) -> Ask:
    login, item = Login(scene), works(scene, OTHER)[-1].item_id
    return login.post(
        path, sec_item_id=item, comment_id=_first_comment(scene, item), content="好看！"
    )


def _by_client(scene: Scene, path: str, fields: dict[str, Any]) -> Ask:
    return Ask("POST", path, headers={"access-token": scene.client_token("web")}, fields=fields)


def _union(name: str) -> Builder:
    def build(scene: Scene, path: str, kind: str) -> Ask:
        Login(scene)
        keys = {"b_client_key": "mini_program", "c_client_key": "web"}
        fields = {each: scene.app(of).client_key for each, of in keys.items()}
        return _by_client(scene, path, {**fields, "open_id": scene.open_id(name)})

    return build


def _related(scene: Scene, path: str, kind: str) -> Ask:
    return _by_client(scene, path, {"open_id": scene.open_id("web")})


def _role(scene: Scene, path: str, kind: str) -> Ask:
    number = accounts.douyin_number(scene.world, PERSON)
    fields = {"open_id": scene.open_id("web"), "douyin_shortId": number}
    return _by_client(scene, path, {**fields, "role_labels": ["COMPANY_BAND", "STAFF"]})


def _item_player(scene: Scene, path: str, kind: str) -> Ask:
    item, key = works(scene)[-1].item_id, scene.app("web").client_key
    return Ask("GET", path, {"item_id": item, "client_key": key})


def _video_player(scene: Scene, path: str, kind: str) -> Ask:
    return Ask("GET", path, {"video_id": works(scene)[-1].video_id})


def _send(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(
        path,
        msg_id="@msg==",
        conversation_id="@conversation==",
        to_user_id=scene.open_id("web", OTHER),
        content={"msg_type": 1, "text": {"text": "你好"}},
    )


def _recall(scene: Scene, path: str, kind: str) -> Ask:
    login = Login(scene)
    sent = scene.ask(_send(scene, path_of("im.send_msg"), kind))
    fields = {"msg_id": sent["msg_id"], "conversation_id": "@c==", "conversation_type": 1}
    return login.post(path, **fields)


def _authorized(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(path, cursor=0, limit=10)


def _status(scene: Scene, path: str, kind: str) -> Ask:
    return Login(scene).post(path, c_open_id=scene.open_id("web", OTHER))


def _client_upload(scene: Scene, path: str, kind: str) -> Ask:
    headers = {"access-token": scene.client_token("web")}
    return Upload("POST", path, {}, headers, None, "image", PICTURE)


def _client(**query: str) -> Builder:
    def build(scene: Scene, path: str, kind: str) -> Ask:
        return Ask("GET", path, dict(query), {"access-token": scene.client_token("web")})

    return build


_COMMENTS = {
    "comment_list": _comments,
    "comment_reply_list": _replies,
    "comment_reply": _reply,
    "comment_top": _top,
}

_NUMBERS = ("get_item", "get_fans", "get_like", "get_comment", "get_share", "get_profile")
_ITEM_NUMBERS = ("get_base", "get_like", "get_comment", "get_play", "get_share")
_ITEM_COMMENTS = {
    "list_comment": _comments,
    "list_comment_reply": _replies,
    "reply_comment": _reply,
    "top_comment": _top,
}

BUILDERS: dict[str, Builder] = {
    "oauth.business_token": _business_token,
    "oauth.refresh_biz_token": _business_refresh,
    "oauth.business_scopes": _business_scopes,
    **{f"user_data.{name}": _days for name in _NUMBERS},
    **{f"user_data_bc.{name}": _by_business(_days) for name in _NUMBERS},
    **{f"item_data.{name}": _item_days for name in _ITEM_NUMBERS},
    **{f"item_data_bc.{name}": _by_business(_item_days) for name in _ITEM_NUMBERS},
    **{f"item_data.{name}": made for name, made in _ITEM_COMMENTS.items()},
    **{f"item_data_bc.{name}": _by_business(made) for name, made in _ITEM_COMMENTS.items()},
    "videos.video_query": _query,
    "item_data_bc.video_bc_query": _by_business(_works),
    "video_search.search_videos": _search,
    "video_search.search_comment_list": _found_comments,
    "video_search.search_comment_reply_list": _found_replies,
    "video_search.search_comment_reply": _found_reply,
    "douyin_accounts.get_openid_by_c": _union("web"),
    "douyin_accounts.get_openid_by_b": _union("mini_program"),
    "business_auth.get_openid_by_c": _union("web"),
    "douyin_accounts.get_related_id": _related,
    "business_auth.get_related_id": _related,
    "douyin_accounts.role_check": _role,
    "douyin_accounts.get_iframe_by_item": _item_player,
    "douyin_accounts.get_iframe_by_video": _video_player,
    "video.video_list": _list,
    "video.video_data": _works,
    "video.video_basic_info": _works,
    "video.upload_video": _upload_video,
    "video.init_video_part_upload": _bare,
    "video.upload_video_part": _upload_part,
    "video.complete_video_part_upload": _complete,
    "video.create_video": _create_video,
    "video.upload_image": _upload_image,
    "video.create_image_text": _create_images,
    "video.delete_video": _delete,
    "fans.fans_list": _list,
    "fans.following_list": _list,
    "fans.fans_check": _check,
    "fans.fans_data": _get,
    **{f"data_external.user_{w}": _days for w in ("item", "fans", "like", "comment")},
    **{f"data_external.user_{w}": _days for w in ("share", "profile")},
    **{
        f"data_external.item_{w}": _item_days for w in ("base", "like", "comment", "play", "share")
    },
    **{f"item_comment.{name}": made for name, made in _COMMENTS.items()},
    **{f"enterprise_comment.{name}": made for name, made in _COMMENTS.items()},
    "im.send_msg": _send,
    "im.recall_msg": _recall,
    "im.authorized_users": _authorized,
    "im.authorize_status": _status,
    "tool.client_upload": _client_upload,
    "hot.sentences": _client(),
    "hot.trending_sentences": _client(cursor="0", count="3"),
    "hot.hot_videos": _client(hot_sentence="家常菜新做法"),
    "hot.rank_item": _client(type="1"),
    "hot.rank_version": _client(type="1", count="2"),
    "hot.star_hot_list": _client(hot_list_type="1"),
}
"""How each of these endpoints is called well."""

GATEWAY = ("im.recall_msg", "im.authorized_users", "im.authorize_status")

FAMILY_FORMS = {
    "oauth": "coded",
    "user_data": "nested",
    "user_data_bc": "nested",
    "item_data": "nested",
    "item_data_bc": "nested",
    "videos": "nested",
    "douyin_accounts": "gateway",
    "business_auth": "gateway",
}

FORMS: dict[str, tuple[str, Any]] = {
    name: (
        "gateway" if name in GATEWAY else FAMILY_FORMS.get(name.partition(".")[0], "extra"),
        None,
    )
    for name in BUILDERS
}
"""How each says no."""
