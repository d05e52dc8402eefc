"""Findings about how parameters travel: ids unescaped, forms for JSON, tokens in other headers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from msgspec.structs import replace

from mockdouyin import ManualClock, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.http import Request
from mockdouyin.endpoints import WRITTEN
from tests.endpoints.calls import Ask, Scene, good
from tests.endpoints.calls_user import Login, Upload, works

REFUSED = ("item_comment.comment_list", "enterprise_comment.comment_list")
FORM = b"application/x-www-form-urlencoded"


def findings(scene: Scene, rule: str) -> list[str]:
    """Return what one rule says of the scene's world."""
    found = execute(scene.box, "findings", query={"rule": rule})["findings"]
    return [each["says"] for each in found]


def with_plus(scene: Scene) -> str:
    """Return the id of one of the person's works that has a + in it."""
    Login(scene)
    return next(work.item_id for work in works(scene) if "+" in work.item_id)


def raw(ask: Ask, **values: str) -> Request:
    """Return a request whose query has these values just as they are."""
    made = ask.having(**dict.fromkeys(values)).request()
    pairs = "".join(f"&{name}={value}" for name, value in values.items())
    return replace(made, query=made.query + pairs.encode())


DAMAGED: dict[str, tuple[Callable[[str], str], str]] = {
    "bare +": (lambda text: text, "with a space in it, as a bare + arrives"),
    "space": (lambda text: text.replace("+", "%20"), "with a space in it, as a bare + arrives"),
    "twice": (lambda text: quote(quote(text, safe=""), safe=""), "escaped twice"),
}


@pytest.mark.parametrize("damage", DAMAGED)
@pytest.mark.parametrize("name", REFUSED)
def test_the_comment_list_refuses_an_unescaped_item_id(name: str, damage: str) -> None:
    """A bare +, a space or a double escape is 2100005 with the platform's own words, and found."""
    scene = Scene()
    change, how = DAMAGED[damage]
    request = raw(good(scene, name), item_id=change(with_plus(scene)))

    answer = json.loads(scene.box.handle(request).body)

    assert answer["data"] == {"error_code": 2100005, "description": "参数不合法"}
    assert answer["extra"]["sub_description"] == "param invalid, maybe need encode url param"
    assert answer["extra"]["sub_error_code"] == 0
    assert "item_id is not escaped as it should be" in list(scene.world.journal)[-1].why.render(
        "en"
    )
    assert findings(scene, "unescaped_id") == [f"item_id was sent to {name} once {how} (2100005)"]


@pytest.mark.parametrize("name", REFUSED)
def test_an_escaped_item_id_is_taken(name: str) -> None:
    """Escaped by itself the same id is good, and nothing is found."""
    scene = Scene()
    item = quote(with_plus(scene), safe="")

    answer = json.loads(scene.box.handle(raw(good(scene, name), item_id=item)).body)

    assert answer["data"]["error_code"] == 0
    assert findings(scene, "unescaped_id") == []


QUERIES = (
    "item_comment.comment_reply_list",
    "enterprise_comment.comment_reply_list",
    *(f"data_external.item_{what}" for what in ("base", "like", "comment", "play", "share")),
)


@pytest.mark.parametrize("name", QUERIES)
def test_elsewhere_a_bare_plus_is_mended_and_found(name: str) -> None:
    """Other calls take the id for what it was, and a finding tells of it."""
    scene = Scene()
    item, ask = with_plus(scene), good(scene, name)
    if "comment_id" in ask.query:
        comment = Login(scene).comments(item)[0]["comment_id"]
        ask = ask.having(comment_id=comment)

    answer = json.loads(scene.box.handle(raw(ask, item_id=item)).body)

    assert answer["data"]["error_code"] == 0
    assert findings(scene, "unescaped_id") == [
        f"item_id was sent to {name} once with a space in it, as a bare + arrives;"
        " it was mended here, Douyin may refuse it"
    ]


def spoiled(value: Any) -> Any:
    """Return a value with the + of every id in it turned into a space."""
    if isinstance(value, str) and value.startswith("@"):
        return value.replace("+", " ")
    if isinstance(value, list):
        return [spoiled(each) for each in value]
    return value


def with_a_plus_in_the_body(name: str) -> tuple[Scene, Ask]:
    """Return a good call whose body has an id with a + in it; not every seed's ids have one."""
    for seed in range(30):
        scene = Scene(Sandbox(clock=ManualClock, seed=seed))
        ask = good(scene, name)
        if any(spoiled(each) != each for each in (ask.fields or {}).values()):
            return scene, ask
    raise AssertionError("no seed gives an id with a +")


BODIES = (
    *("video.video_data", "video.delete_video", "video.create_video", "video.create_image_text"),
    *("item_comment.comment_reply", "item_comment.comment_top", "im.recall_msg"),
)


@pytest.mark.parametrize("name", BODIES)
def test_an_id_that_came_damaged_is_found_in_a_body(name: str) -> None:
    """An id that lost its + before it was put into JSON works here, and is found."""
    scene, ask = with_a_plus_in_the_body(name)

    scene.send(ask.having(**{key: spoiled(each) for key, each in (ask.fields or {}).items()}))

    assert list(scene.world.journal)[-1].verdict == "ok"
    assert findings(scene, "unescaped_id")


@pytest.mark.parametrize(
    "text", ["@小红 100% agreed + thanks", "@somebody come and have a look at this", "@a%20b"]
)
def test_a_space_in_other_texts_is_no_finding(text: str) -> None:
    """What people write to one another may begin with an @ and have spaces and a %."""
    scene = Scene()
    ask = good(scene, "item_comment.comment_reply").having(content=text)

    scene.send(ask)

    assert findings(scene, "unescaped_id") == []


# Forms.

JSON_CALLS = [e.full_name for e in WRITTEN if e.wants_json]


@pytest.mark.parametrize("name", JSON_CALLS)
def test_a_form_where_json_belongs_is_found(name: str) -> None:
    """Every call whose page has JSON is found when it comes as a form; so sent JSON never is."""
    scene = Scene()
    ask = good(scene, name)
    scene.send(ask)
    sound = findings(scene, "wrong_content_type")
    texts = {key: str(value) for key, value in (ask.fields or {"open_id": "x"}).items()}
    made = replace(ask.request(), body=urlencode(texts).encode())
    heads = [pair for pair in made.headers if pair[0] != b"content-type"]

    scene.box.handle(replace(made, headers=[*heads, (b"content-type", FORM)]))

    assert sound == []
    assert findings(scene, "wrong_content_type") == [
        f"{name} was called once with {FORM.decode()} and a form in the body"
    ]


OAUTH_CALLS = ["oauth.user_token", "oauth.refresh_token", "oauth.client_token", "oauth.user_info"]


@pytest.mark.parametrize("name", OAUTH_CALLS)
def test_oauth_takes_forms(name: str) -> None:
    """At /oauth/* Douyin's own pages have said form and JSON both: neither is found."""
    scene = Scene()
    ask = good(scene, name)
    made = replace(ask.request(), body=urlencode(ask.fields or {}).encode())

    scene.box.handle(made)

    assert list(scene.world.journal)[-1].verdict == "ok"
    assert findings(scene, "wrong_content_type") == []


def test_a_file_in_several_parts_is_no_form() -> None:
    """An upload is what its page wants."""
    scene = Scene()
    ask = good(scene, "video.upload_image")
    assert isinstance(ask, Upload)

    scene.send(ask)

    assert findings(scene, "wrong_content_type") == []


# Tokens.

HEADED = ("tickets.open_ticket", "video.video_list", "subscription.notify_user", "im.send_msg")


def in_header(ask: Ask, header: str, value: str) -> Request:
    """Return the call with its token in another header."""
    made = ask.request()
    heads = [pair for pair in made.headers if pair[0] != b"access-token"]
    return replace(made, headers=[*heads, (header.encode(), value.encode())])


@pytest.mark.parametrize("name", HEADED)
def test_the_header_with_an_underscore_is_read_and_found(name: str) -> None:
    """`access_token` as a header works, for Douyin's own library sends it, and is found."""
    scene = Scene()
    ask = good(scene, name)

    scene.box.handle(in_header(ask, "access_token", ask.headers["access-token"]))

    assert list(scene.world.journal)[-1].verdict == "ok"
    assert findings(scene, "token_header") == [
        f"{name} was called once with a token in the header access_token,"
        " which is read here all the same; the page has access-token"
    ]


@pytest.mark.parametrize("name", HEADED)
@pytest.mark.parametrize("header", ["authorization", "token", "x-access-token"])
def test_other_headers_are_not_read_and_found(name: str, header: str) -> None:
    """`Authorization: Bearer` and the like are not read anywhere: refused, named, and found."""
    scene = Scene()
    ask = good(scene, name)
    scheme = "Bearer " if header == "authorization" else ""

    scene.box.handle(in_header(ask, header, scheme + ask.headers["access-token"]))

    last = list(scene.world.journal)[-1]
    assert (last.verdict, last.error and last.error.name) == ("refused", "invalid_token")
    assert f"the header {header} is not read, access-token is" in last.why.render("en")
    assert findings(scene, "token_header") == [
        f"{name} was called once with a token in the header {header}, which is not read;"
        " the page has access-token"
    ]


def test_headers_that_a_page_or_library_has() -> None:
    """The official library's header at userinfo, and the older hosts' own, are no mistakes."""
    scene = Scene()
    info, stored = good(scene, "oauth.user_info"), good(scene, "mini_game.set_user_storage")
    token = stored.query["access_token"]
    bare = stored.having(access_token=None)

    scene.box.handle(in_header(info, "access_token", info.headers["access-token"]))
    for header in ("access_token", "x-token"):
        scene.box.handle(in_header(bare, header, token))

    assert [each.verdict for each in list(scene.world.journal)[-3:]] == ["ok", "ok", "ok"]
    assert findings(scene, "token_header") == []


def test_other_authorizations_are_no_finding() -> None:
    """A header that carries no token of Douyin's is nobody's business."""
    scene = Scene()
    ask = good(scene, "tickets.open_ticket").under(authorization="Basic dXNlcjpwYXNz")

    scene.send(ask)

    assert findings(scene, "token_header") == []
