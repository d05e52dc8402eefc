"""URL links and schemas: what they remember, how long they last, and how many there may be."""

from __future__ import annotations

import re
from typing import Any

import pytest

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.acts import Act
from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.http import Request
from tests.endpoints.calls import Ask, Scene
from tests.endpoints.calls_content import QUERY, game, key, made, newer, older, target

NEW = "/api/apps/v1/"


def link(scene: Scene, **fields: Any) -> Ask:
    """Return a call for a URL link."""
    own = {"app_id": key(scene), "app_name": "douyin", **target(scene, **fields)}
    return newer(scene, NEW + "url_link/generate/", **own)


def schema(scene: Scene, **fields: Any) -> Ask:
    """Return a call for a schema."""
    own = {"app_id": key(scene), **target(scene, **fields)}
    return newer(scene, NEW + "url/generate_schema/", **own)


def told(scene: Scene, what: str, **fields: Any) -> Any:
    """Ask about a link or a quota."""
    return scene.ask(newer(scene, f"{NEW}{what}/", app_id=key(scene), **fields))


@pytest.mark.parametrize(("lasts", "rounded"), [(1, 1), (3600, 1), (3601, 2), (90_000, 25)])
def test_a_url_link_lasts_whole_hours(lasts: int, rounded: int) -> None:
    """An expiry is rounded up to whole hours from now, and the link is there until then."""
    scene = Scene(client_token_lifetime=3 * DAY)
    now = int(scene.world.clock.now())
    url = made(link(scene, expire_time=now + lasts), scene, "url_link")
    assert re.fullmatch(r"https://z\.douyin\.com/[0-9A-Za-z]{17}", url)

    scene.advance(rounded * HOUR - 1)
    data = told(scene, "url_link/query_info", url_link=url)["data"]
    assert data == {
        "app_name": "douyin",
        "app_id": key(scene),
        "path": "pages/goods/detail",
        "query": QUERY,
        "create_time": now,
        "expire_time": now + rounded * HOUR,
    }
    scene.advance(1)
    gone = told(scene, "url_link/query_info", url_link=url)
    assert (gone["err_no"], gone["err_msg"]) == (12023, "URL_Link不存在或已失效")
    assert list(scene.world.journal)[-1].why.render("en") == "the link expired 0s ago"


def test_a_schema_lasts_to_the_second_or_for_ever() -> None:
    """A schema ends when it was to end; one with no_expire never does, and tells 0."""
    scene = Scene(client_token_lifetime=600 * DAY)
    now = int(scene.world.clock.now())
    short = made(schema(scene, expire_time=now + 100), scene, "schema")
    lasting = made(schema(scene, no_expire=True, expire_time=None), scene, "schema")
    assert short.startswith("sslocal://miniapp?ticket=v1_")

    data = told(scene, "url/query_schema", schema=short)["data"]
    assert (data["create_time"], data["expire_time"]) == (now, now + 100)
    scene.advance(500 * DAY)
    assert told(scene, "url/query_schema", schema=short)["err_no"] == 12023
    data = told(scene, "url/query_schema", schema=lasting)["data"]
    assert (data["path"], data["query"], data["expire_time"]) == ("pages/goods/detail", QUERY, 0)


def test_links_are_counted_by_their_kind() -> None:
    """Each kind has a count of its own, refused calls are not in it, and it can be used up."""
    scene = Scene(link_quota=2)
    for ask in (link(scene), schema(scene), schema(scene, no_expire=True), schema(scene)):
        scene.ask(ask)
    scene.ask(link(scene, expire_time=1))

    quota = told(scene, "url_link/query_quota")["data"]
    assert quota == {"url_link_used": 1, "url_link_limit": 2}
    quotas = told(scene, "url/query_schema_quota")["data"]
    assert quotas == {
        "long_term_schema_quota": {"schema_used": 1, "schema_limit": 2},
        "short_term_schema_quota": {"schema_used": 2, "schema_limit": 2},
    }
    assert scene.ask(schema(scene))["err_no"] == 28003017
    assert scene.ask(schema(scene, no_expire=True))["err_no"] == 0
    assert told(scene, "url/query_schema_quota")["data"]["short_term_schema_quota"] == {
        "schema_used": 2,
        "schema_limit": 2,
    }


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"expire_time": 1_700_000_000}, "after now"),
        ({"expire_time": 10**18}, "at most 180 days"),
        ({"path": "pages/a?b=1"}, "path has parameters"),
        ({"path": "p" * 1025}, "path has 1025 characters"),
        ({"query": "{" + " " * 1023 + "}"}, "query has 1025 characters"),
        ({"query": "a=1"}, "JSON object"),
        ({"query": '"a"'}, "JSON object"),
        ({"query": '{"name":"小明"}'}, "query has '小' in it"),
        ({"app_name": "toutiao"}, "app_name is 'toutiao'"),
    ],
)
def test_where_a_link_leads_has_its_bounds(changes: dict[str, Any], why: str) -> None:
    """What the docs rule out is refused, and the reason says what was wrong; nothing is made."""
    scene = Scene()

    answer = scene.ask(link(scene, **changes))

    assert answer["err_no"] == 28005001
    assert why in list(scene.world.journal)[-1].why.render("en")
    assert told(scene, "url_link/query_quota")["data"]["url_link_used"] == 0


def test_180_days_are_the_most() -> None:
    """A link may expire in 180 days, and not a second later."""
    scene = Scene()
    latest = int(scene.world.clock.now() + 180 * DAY)

    assert scene.ask(link(scene, expire_time=latest))["err_no"] == 0
    assert scene.ask(link(scene, expire_time=latest + 1))["err_no"] == 28005001


def test_a_link_of_another_app_is_as_good_as_none() -> None:
    """An app learns nothing of another one's link, and nothing of what is no link at all."""
    scene = Scene()
    other = made(
        game(scene, "/mgplatform/api/apps/url_link/generate", **target(scene)), scene, "url_link"
    )
    own = made(schema(scene), scene, "schema")

    for url in (other, own, "https://z.douyin.com/Lu86lrX", "https://z.douyin.com/", "http://[/"):
        assert told(scene, "url_link/query_info", url_link=url)["err_no"] == 12023


def test_the_generations_tell_the_same_link_in_their_own_way() -> None:
    """A link made at one host is known at the other; each has its own names and envelope."""
    scene = Scene()
    app = key(scene)
    ask = older(scene, "/api/apps/url_link/generate", ma_app_id=app, app_name="douyinlite")
    ask = ask.having(**target(scene))
    answer = scene.ask(ask)
    assert answer.keys() == {"err_no", "err_tips", "url_link"}
    assert (answer["err_no"], answer["err_tips"]) == (0, "")

    named = {"ma_app_id": app, "url_link": answer["url_link"]}
    old = scene.ask(older(scene, "/api/apps/url_link/query_info", **named))["url_link_info"]
    new = told(scene, "url_link/query_info", url_link=answer["url_link"])["data"]
    assert old.pop("ma_app_id") == new.pop("app_id") == app
    assert old == new
    quota = scene.ask(older(scene, "/api/apps/url_link/query_quota", ma_app_id=app))
    assert quota["url_link_quota"] == {"url_link_used": 1, "url_link_limit": 1_000_000}


def test_a_games_answers_leak_a_base_resp() -> None:
    """A mini-game's answers are sorted by name, after the BaseResp of an internal call."""
    scene = Scene()
    path = "/mgplatform/api/apps/"
    answer = scene.ask(game(scene, path + "schema/generate", **target(scene)))
    assert list(answer) == ["BaseResp", "data", "err_msg", "err_no", "log_id"]
    assert answer["BaseResp"] == {"StatusCode": 0, "StatusMessage": ""}

    found = answer["data"]["schema"]
    info = scene.ask(game(scene, path + "schema/query_info", schema=found))
    assert info["data"]["app_id"] == scene.app("mini_game").client_key
    gone = scene.ask(game(scene, path + "schema/query_info", schema=found + "x"))
    assert gone["BaseResp"]["StatusCode"] == gone["err_no"] == 12023


@pytest.mark.parametrize(
    ("given", "is_opened"),
    [
        ({"host": "z.douyin.com"}, True),
        ({"headers": [(b"host", b"z.douyin.com:443")]}, True),
        ({"host": "open.douyin.com"}, False),
        ({"headers": [(b"host", b"127.0.0.1:8000")]}, False),
        ({"host": "z.douyin.com", "method": "POST"}, False),
    ],
)
def test_a_short_address_is_opened_at_its_own_host_alone(
    given: dict[str, Any], is_opened: bool
) -> None:
    """https://z.douyin.com/… is the link's page; the same path at another host is unknown."""
    scene = Scene()
    url = made(link(scene), scene, "url_link")
    path = url.removeprefix("https://z.douyin.com")

    asked: dict[str, Any] = {"method": "GET", "path": path, "query": b"lang=en", **given}
    reply = scene.box.handle(Request(**asked))

    assert (reply.status, reply.page is not None) == ((200, True) if is_opened else (404, False))
    if reply.page is not None:
        assert (reply.page.language, reply.page.content.address) == ("en", url)


def test_a_link_is_found_in_its_own_world() -> None:
    """The key of a link tells its world, whichever address it is opened by."""
    box = Sandbox(clock=ManualClock)
    scene = Scene(box)
    scene.world = box.worlds.create("other")
    url = made(link(scene), scene, "url_link")

    path = url.removeprefix("https://z.douyin.com")
    reply = box.handle(Request("GET", path, host="z.douyin.com"))

    assert reply.page is not None
    acts = [each for each in scene.world.journal.newest() if isinstance(each, Act)]
    assert [(act.kind, act.app) for act in acts] == [("link.open", key(scene))]
