"""Business tokens, and the data of mini-apps: told over HTTP, from the consent to its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockdouyin import Rule
from mockdouyin.control import execute
from mockdouyin.core.credentials import CredentialKind, kind_by_form
from mockdouyin.domain.effects import Effect
from mockdouyin.testing.fixture import Douyin
from tests.endpoints.calls import Ask, Scene
from tests.endpoints.calls_user import OTHER, Business, Login, business_ask, due, listen, works
from tests.endpoints.declared.made import Made

PERSON = "小明"
NUMBERS = ("item", "fans", "like", "comment", "share", "profile")
ITEM_NUMBERS = ("like", "comment", "play", "share")


@pytest.fixture
def http(douyin: Douyin) -> Iterator[httpx.Client]:
    """Yield an HTTP client of the fixture's server."""
    with httpx.Client(base_url=douyin.url, timeout=20) as client:
        yield client


class Shop:
    """A mini-program's backend, which knows nothing but HTTP."""

    def __init__(self, douyin: Douyin, http: httpx.Client) -> None:
        self.douyin, self.http = douyin, http
        app = douyin.app()
        self.keys = {"client_key": app["client_key"], "client_secret": app["client_secret"]}
        self.open_id = ""
        self.token = ""

    def consent(self, *scopes: str) -> None:
        """Ask the person for scopes on their phone, and exchange the ticket."""
        ticket = self.douyin.phone(PERSON).showDouyinOpenAuth(scopeList=list(scopes))["ticket"]
        fields = {**self.keys, "code": ticket, "grant_type": "authorization_code"}
        data = self.http.post("/oauth/access_token/", json=fields).json()["data"]
        self.open_id, self.token = data["open_id"], data["access_token"]

    def business(self, path: str, **fields: str) -> Any:
        """Call one of the three calls for business tokens."""
        return self.http.post(f"/oauth/{path}/", json={**self.keys, **fields}).json()

    def scopes(self, token: str) -> Any:
        """Ask what a biz_token is for."""
        headers = {"access-token": token}
        return self.http.post("/oauth/business_scopes/", json={}, headers=headers).json()

    def get(self, path: str, token: str, **query: Any) -> Any:
        """Make a call about the person."""
        given = {"open_id": self.open_id, **query}
        return self.http.get(path, params=given, headers={"access-token": token}).json()


def why(douyin: Douyin) -> str:
    """Return the reason of the last refusal, in English."""
    return str(list(douyin.journal)[-1]["why"])


def test_a_business_relation_from_consent_to_revocation(
    douyin: Douyin, http: httpx.Client
) -> None:
    """A biz_token is issued, used, refreshed after it expired, and void once it is revoked."""
    shop = Shop(douyin, http)
    douyin.clock.freeze()
    shop.consent("user_info", "ma.item.data_bc", "ma.video.bind_bc")

    issued = shop.business("business_token", open_id=shop.open_id)
    assert (issued["error_code"], issued["message"]) == (0, "")
    pair = issued["data"]
    assert (pair["biz_expires_in"], pair["biz_refresh_expires_in"]) == (2592000, 3153600000)
    assert pair["biz_token"].startswith("bus_act.")
    assert shop.scopes(pair["biz_token"])["data"] == ["ma.item.data_bc", "ma.video.bind_bc"]

    narrow = shop.business("business_token", open_id=shop.open_id, scope="ma.video.bind_bc")
    assert shop.scopes(narrow["data"]["biz_token"])["data"] == ["ma.video.bind_bc"]
    assert shop.scopes(pair["biz_token"])["error_code"] == 0

    douyin.clock.advance("30d1s")
    assert shop.scopes(pair["biz_token"])["error_code"] == 28001008
    assert "the biz_token expired 1s ago" in why(douyin)
    again = shop.business("refresh_biz_token", refresh_token=pair["biz_refresh_token"])["data"]
    assert again["biz_token"] != pair["biz_token"]
    assert again["biz_refresh_token"] == pair["biz_refresh_token"]
    assert again["biz_refresh_expires_in"] == 3153600000 - 30 * 86400 - 1
    assert shop.scopes(again["biz_token"])["error_code"] == 0

    douyin.revoke(client_key=shop.keys["client_key"], person=PERSON)
    assert shop.scopes(again["biz_token"])["error_code"] == 28001003
    late = shop.business("refresh_biz_token", refresh_token=pair["biz_refresh_token"])
    assert late == {"error_code": 10010, "message": "refresh_token 过期", "data": None}
    assert "has revoked the authorization" in why(douyin)
    gone = shop.business("business_token", open_id=shop.open_id)
    assert gone["error_code"] == 28001012


def test_data_agree_whichever_token_asks() -> None:
    """The numbers of a person and a work are the same at all three families of calls."""
    scene = Scene()
    login, business = Login(scene), Business(scene)
    item = works(scene)[0].item_id
    scene.advance(86400)

    def rows(client: Login, path: str, **query: Any) -> Any:
        data = scene.ask(client.get(path, date_type=7, **query))["data"]
        return data["data"]["result_list"] if "data" in data else data["result_list"]

    for name in NUMBERS:
        wanted = rows(login, f"/data/external/user/{name}/")
        as_texts = [{key: str(value) for key, value in row.items()} for row in wanted]
        assert len(as_texts) == 7
        assert rows(login, f"/api/apps/v1/user/get_{name}/") == as_texts
        assert rows(business, f"/api/apps/v1/user_bc/get_{name}/") == as_texts
    for name in ITEM_NUMBERS:
        wanted = rows(login, f"/data/external/item/{name}/", item_id=item)
        assert rows(login, f"/api/apps/v1/item/get_{name}/", item_id=item) == wanted
        assert rows(business, f"/api/apps/v1/item_bc/get_{name}/", item_id=item) == wanted
    base = scene.ask(login.get("/data/external/item/base/", item_id=item))["data"]["result"]
    for client, path in ((login, "item"), (business, "item_bc")):
        data = scene.ask(client.get(f"/api/apps/v1/{path}/get_base/", item_id=item))["data"]
        assert data["data"]["result"] == base


@pytest.mark.parametrize("period", [7, 15, 30])
def test_periods_of_a_mini_apps_data(period: int) -> None:
    """There is a row for each day of the period; another period is refused by the gateway."""
    scene = Scene()
    login = Login(scene)
    scene.advance(86400)
    path = "/api/apps/v1/user/get_like/"

    data = scene.ask(login.get(path, date_type=period))["data"]["data"]
    assert len(data["result_list"]) == period
    refused = scene.ask(login.get(path, date_type=period + 1))
    assert (refused["err_no"], "data" in refused) == (28001007, False)


def test_comments_of_a_mini_app_over_http(douyin: Douyin, http: httpx.Client) -> None:
    """A comment is listed, answered, pinned and unpinned, and both tokens see the same thread."""
    shop = Shop(douyin, http)
    shop.consent(
        *("user_info", "ma.item.comment", "ma.video.bind_bc", "ma.item.data", "video.list")
    )
    biz = shop.business("business_token", open_id=shop.open_id)["data"]["biz_token"]
    listed = shop.get("/video/list/", shop.token, cursor=0, count=20)["data"]["list"]
    item = listed[-1]["item_id"]

    def comments(kind: str, token: str, **query: Any) -> Any:
        path = f"/api/apps/v1/{kind}/list_comment/"
        answer = shop.get(path, token, item_id=item, cursor=0, count=20, **query)
        assert answer["err_no"] == answer["data"]["extra"]["error_code"] == 0
        return answer["data"]["data"]["list"]

    before = comments("item", shop.token)
    assert before == comments("item_bc", biz)
    last = before[-1]["comment_id"]
    head: dict[str, Any] = {
        "params": {"open_id": shop.open_id},
        "headers": {"access-token": shop.token},
    }
    fields: dict[str, Any] = {"item_id": item, "comment_id": last, "content": "谢谢！"}
    path = "/api/apps/v1/item/reply_comment/"
    written = http.post(path, json=fields, **head).json()["data"]["data"]
    query = {"item_id": item, "comment_id": last, "cursor": 0, "count": 20}
    replies = shop.get("/api/apps/v1/item_bc/list_comment_reply/", biz, **query)["data"]["data"]
    assert written["comment_id"] in [row["comment_id"] for row in replies["list"]]

    for top in (True, False):
        fields = {"item_id": item, "comment_id": last, "top": top}
        answer = http.post("/api/apps/v1/item/top_comment/", json=fields, **head)
        assert answer.json()["err_no"] == 0
        rows = comments("item_bc", biz)
        assert (rows[0]["comment_id"] == last) == rows[0]["top"] == top

    wrong = shop.get("/api/apps/v1/item/list_comment/", shop.token, item_id="@no==", count=1)
    assert (wrong["err_no"], wrong["data"]["extra"]["error_code"]) == (0, 2111007)


def test_videos_are_queried_with_the_same_counts(douyin: Douyin, http: httpx.Client) -> None:
    """The calls of mini-apps give a work as /video/data/ does, and refuse another person's."""
    shop = Shop(douyin, http)
    wanted = ("video.list", "video.data", "ma.video.bind", "ma.video.bind_bc")
    shop.consent("user_info", *wanted)
    biz = shop.business("business_token", open_id=shop.open_id)["data"]["biz_token"]
    first = shop.get("/video/list/", shop.token, cursor=0, count=1)["data"]["list"][0]
    douyin.clock.freeze()

    def query(path: str, token: str, **fields: Any) -> Any:
        head = {"access-token": token}
        given = {"open_id": shop.open_id}
        return http.post(path, json=fields, params=given, headers=head).json()

    whole = query("/video/data/", shop.token, item_ids=[first["item_id"]])["data"]["list"]
    by_item = query("/api/apps/v1/video/query/", shop.token, item_ids=[first["item_id"]])
    by_video = query("/api/apps/v1/video_bc/query/", biz, video_ids=[first["video_id"]])
    assert by_item["data"]["data"]["list"] == by_video["data"]["data"]["list"] == whole

    crossed = query("/api/apps/v1/video/query/", biz, item_ids=[first["item_id"]])
    assert crossed["err_no"] == 28001003
    assert "business token (bus_act.)" in why(douyin)


def test_a_work_of_another_person_is_refused() -> None:
    """Neither numbers nor counts of another person's work are given."""
    scene = Scene()
    business, theirs = Business(scene), works(scene, OTHER)[0].item_id

    numbers = scene.ask(business.get("/api/apps/v1/item_bc/get_base/", item_id=theirs))
    assert numbers["err_no"] == 28001007
    counts = scene.ask(business.post("/api/apps/v1/video_bc/query/", item_ids=[theirs]))
    assert counts["data"]["extra"]["error_code"] == 2118101


def test_a_business_token_of_another_kind_is_named() -> None:
    """A user token, a refresh token and a token of another app are each told by their name."""
    scene = Scene()
    login, business = Login(scene), Business(scene)
    path = "/api/apps/v1/user_bc/get_fans/"

    def refusal(token: str) -> str:
        answer = scene.ask(business.get(path, date_type=7).with_token(token))
        assert answer["err_no"] == 28001003
        return list(scene.world.journal)[-1].why.render("en")

    assert "a user token" in refusal(login.headers["access-token"])
    refresh = business.tokens["biz_refresh_token"]
    assert kind_by_form(refresh) is CredentialKind.BUSINESS_REFRESH_TOKEN
    assert "a business refresh token (bus_rft.)" in refusal(refresh)
    assert "60 characters" in refusal(business.headers["access-token"][:60])
    app = scene.app("mini_program")
    keys = {"client_key": app.client_key, "client_secret": app.client_secret}
    stolen = Ask("POST", "/oauth/refresh_biz_token/", fields={**keys, "refresh_token": refresh})
    assert scene.ask(stolen)["error_code"] == 10010
    assert "another app" in list(scene.world.journal)[-1].why.render("en")


def test_scopes_of_a_relation_add_up() -> None:
    """A second consent leaves what the first granted, and a user's own scopes are not among it."""
    scene = Scene()
    scene.tokens(scopes=("user_info", "video.list.bind"))
    open_id = scene.tokens(scopes=("user_info", "fans.data.bind"))["open_id"]

    token = scene.ask(business_ask(scene, open_id))["data"]["biz_token"]

    headers = {"access-token": token}
    asked = Ask("POST", "/oauth/business_scopes/", headers=headers, fields={})
    assert scene.ask(asked)["data"] == ["video.list.bind", "fans.data.bind"]


def test_a_twin_scope_lets_a_business_token_stand_for_a_user_token() -> None:
    """A biz_token for video.list.bind lists works as the user token does, and nothing else."""
    scene = Scene()
    login, business = Login(scene), Business(scene, scope="video.list.bind")
    item = works(scene)[0].item_id

    own, related = (scene.ask(c.get("/video/list/", count=20)) for c in (login, business))
    assert related["data"] == own["data"]
    assert scene.ask(business.post("/video/data/", item_ids=[item]))["data"]["error_code"] == (
        2190002
    )
    assert "business token (bus_act.)" in list(scene.world.journal)[-1].why.render("en")


def test_declared_calls_take_a_business_token(tmp_path: Path) -> None:
    """A call that only a file declares admits a biz_token with its open_id, and no user token."""
    made = Made(
        tmp_path,
        "operations:\n  count:\n    call: GET /made/count\n"
        "    takes: {open_id*: open_id}\n    gives: {left: int 5}\n",
        token="business",
    )
    login, business = Login(made), Business(made)
    path = "/made/count"

    assert made.ask(business.get(path))["data"].keys() == {"left"}
    assert made.ask(login.get(path))["err_no"] == 28001003
    other = business.get(path).having(open_id=made.open_id("web", OTHER))
    assert made.ask(other)["err_no"] == 28001015


def test_a_relation_is_told_to_the_webhook() -> None:
    """Granting business scopes, and taking them back, is an event beside that of the consent."""
    scene = Scene()
    listen(scene)

    scene.tokens(scopes=("user_info", "video.list.bind"))
    granted = [(told.event, told.content["scopes"]) for told in due(scene)]
    scene.revoke()
    revoked = [(told.event, told.content["scopes"]) for told in due(scene)]

    both = ["user_info", "video.list.bind"]
    assert granted == [("authorize", both), ("contract_authorize", ["video.list.bind"])]
    assert revoked == [("unauthorize", both), ("contract_unauthorize", ["video.list.bind"])]


@pytest.mark.parametrize(
    ("effect", "number"), [("token_expires", 28001008), ("person_revokes", 28001003)]
)
def test_rules_end_a_business_token(effect: str, number: int) -> None:
    """A rule has a biz_token expire, or its person revoke, just before a call."""
    scene = Scene()
    ask = Business(scene).get("/api/apps/v1/user_bc/get_fans/", date_type=7)
    scene.world.rules.add(Rule(on="user_data_bc.get_fans", times=1, happens=Effect(effect)))

    assert scene.ask(ask)["err_no"] == number
    assert scene.ask(ask)["err_no"] == number


def test_valid_business_tokens_are_listed() -> None:
    """The control API lists both tokens, with the person and the scopes."""
    scene = Scene()
    Business(scene, scope="video.list.bind")

    rows = execute(scene.box, "credentials")["credentials"]

    shown = {row["name"]: (row["person"], row["scopes"]) for row in rows}
    for name in ("business_token", "business_refresh_token"):
        assert shown[name] == (PERSON, ["video.list.bind"])


def test_the_life_of_a_business_refresh_token() -> None:
    """The life of a biz_refresh_token tells where it was issued, and each refresh by it."""
    scene = Scene()
    business = Business(scene)
    token = business.tokens["biz_refresh_token"]
    issued = business_ask(scene, "").having(open_id=None, scope=None, refresh_token=token)
    refresh = Ask("POST", "/oauth/refresh_biz_token/", fields=issued.fields)
    for _ in range(2):
        assert scene.ask(refresh)["error_code"] == 0
    last = list(scene.world.journal)[-1].number

    lives = execute(scene.box, "lives", path={"id": str(last)})["lives"]

    life = next(each for each in lives if each["name"] == "business_refresh_token")
    assert [mark["what"] for mark in life["marks"]] == ["issued", "refreshed", "refreshed"]


def test_business_tokens_are_masked() -> None:
    """The journal shows the head of a biz_token, and hides the rest."""
    scene = Scene()
    token = Business(scene).headers["access-token"]

    shown = str(execute(scene.box, "journal")["exchanges"])

    assert token not in shown
    assert token[:12] in shown
