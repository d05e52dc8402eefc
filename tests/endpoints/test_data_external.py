"""Followers, and data by the day."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin.core.clock import DAY
from mockdouyin.domain import audience
from tests.endpoints.calls import PERSON, Ask, Scene
from tests.endpoints.calls_user import OTHER, Login, unit_of, works
from tests.endpoints.test_video import why

USER = ("item", "fans", "like", "comment", "share", "profile")
ITEM = ("like", "comment", "play", "share")


def days(login: Login, what: str, period: int = 7, **query: Any) -> list[dict[str, Any]]:
    """Return the rows of data by the day."""
    ask = login.get(f"/data/external/{what}/", date_type=period, **query)
    rows: list[dict[str, Any]] = login.scene.ask(ask)["data"]["result_list"]
    return rows


@pytest.mark.parametrize("what", USER)
def test_data_begin_on_the_day_after(what: str) -> None:
    """On the day of the first authorization there are none; after midnight there are."""
    login = Login(Scene())

    login.scene.advance(DAY / 2 - 1)
    assert days(login, f"user/{what}") == []
    login.scene.advance(1)
    dates = [row["date"] for row in days(login, f"user/{what}")]
    assert dates == [f"2025-12-{day}" for day in range(26, 32)] + ["2026-01-01"]


def test_granting_again_does_not_begin_anew() -> None:
    """A second authorization leaves the data where they are."""
    login = Login(Scene())
    login.scene.advance(DAY)

    assert days(Login(login.scene), "user/fans")


@pytest.mark.parametrize("period", [7, 15, 30])
@pytest.mark.parametrize("what", [*(f"user/{w}" for w in USER), *(f"item/{w}" for w in ITEM)])
def test_periods(what: str, period: int) -> None:
    """There is a row of whole numbers for each day of the period, and the last is yesterday's."""
    login = Login(Scene())
    query = {"item_id": works(login.scene)[0].item_id} if what.startswith("item/") else {}
    login.scene.advance(DAY)

    rows = days(login, what, period, **query)

    assert (len(rows), rows[-1]["date"]) == (period, "2026-01-01")
    numbers = [value for row in rows for name, value in row.items() if name != "date"]
    assert all(isinstance(value, int) and value >= 0 for value in numbers)


def test_another_period_is_refused() -> None:
    """Only 7, 15 and 30 days can be asked for, with the newer generation's number."""
    login = Login(Scene())

    answer = login.scene.ask(login.get("/data/external/user/fans/", date_type=8))

    assert answer["data"] == {"error_code": 28001007, "description": "参数不合法"}
    assert why(login.scene) == "date_type is 8; it is 7, 15 or 30"


def test_days_and_totals_agree() -> None:
    """What the days add up to is what the work has, by midnight and in its list."""
    login = Login(Scene())
    work = works(login.scene)[0]
    login.scene.advance(DAY / 2)

    base = login.scene.ask(login.get("/data/external/item/base/", item_id=work.item_id))
    result = base["data"]["result"]
    for what in ITEM:
        rows = days(login, f"item/{what}", 30, item_id=work.item_id)
        assert sum(row[what] for row in rows) == result[f"total_{what}"]
    ask = login.post("/video/data/", item_ids=[work.item_id])
    statistics = login.scene.ask(ask)["data"]["list"][0]["statistics"]
    assert statistics["play_count"] == result["total_play"] > 0
    assert statistics["digg_count"] == result["total_like"]
    assert statistics["comment_count"] == result["total_comment"]
    assert isinstance(result["avg_play_duration"], float)


def test_an_account_is_the_sum_of_its_works() -> None:
    """A person's plays of a day are those of all their works, and works are counted."""
    login = Login(Scene())
    held = works(login.scene)
    login.scene.advance(DAY)

    rows = days(login, "user/item", 30)

    each = [days(login, "item/play", 30, item_id=work.item_id) for work in held]
    for number, row in enumerate(rows):
        assert row["new_play"] == sum(of[number]["play"] for of in each)
    assert sum(row["new_issue"] for row in rows) == rows[-1]["total_issue"] == len(held)


def test_fans_add_up() -> None:
    """Each day's total of followers is the day's before, and what was won."""
    login = Login(Scene())
    login.scene.advance(DAY)

    rows = days(login, "user/fans", 15)

    for before, row in zip(rows, rows[1:], strict=False):
        assert row["total_fans"] == before["total_fans"] + row["new_fans"]


def test_old_works_have_no_data() -> None:
    """On a work of more than thirty days there are none, and of nobody's work neither."""
    login = Login(Scene())
    work = works(login.scene)[0]
    login.scene.advance(10 * DAY)
    tokens = Login(login.scene)
    assert days(tokens, "item/play", item_id=work.item_id)
    login.scene.advance(21 * DAY)
    fresh = Login(login.scene)

    assert days(fresh, "item/play", item_id=work.item_id) == []
    base = login.scene.ask(fresh.get("/data/external/item/base/", item_id=work.item_id))
    assert base["data"]["result"]["total_play"] == 0
    theirs = works(login.scene, OTHER)[0].item_id
    for item in ("@nothing==", theirs):
        answer = login.scene.ask(fresh.get("/data/external/item/base/", item_id=item))
        assert answer["data"]["error_code"] == 28001007


def test_the_same_seed_has_the_same_numbers() -> None:
    """Two worlds of one seed agree in every number."""

    def numbers(login: Login) -> Any:
        login.scene.advance(DAY)
        data = login.scene.ask(login.get("/fans/data/"))["data"]["fans_data"]
        return data, [days(login, f"user/{what}", 30) for what in USER]

    assert numbers(Login(Scene())) == numbers(Login(Scene()))


def test_fans_and_following() -> None:
    """The lists have the world's people, page by page, with their profiles."""
    login = Login(Scene())
    unit, world = unit_of(login.scene), login.scene.world
    for name in ("小红", "老王", "Anna"):
        audience.follow(unit, name, PERSON)
    unit.commit()

    first = login.scene.ask(login.get("/fans/list/", count=2))["data"]
    second = login.scene.ask(login.get("/fans/list/", count=2, cursor=first["cursor"]))["data"]

    assert (first["total"], first["has_more"], second["has_more"]) == (3, True, False)
    rows = first["list"] + second["list"]
    assert [row["nickname"] for row in rows] == ["红红火火🔥", "隔壁老王", "Anna <&> O'Neil"]
    app = login.scene.app("web")
    assert rows[0]["union_id"] == world.people.union_id(app, "小红")
    followed = login.scene.ask(login.get("/following/list/", count=30))["data"]
    assert "total" not in followed
    assert len(followed["list"]) == len(audience.followed(world, unit, PERSON))


def test_who_follows() -> None:
    """fans/check tells whether and since when; of a stranger, that they do not."""
    login = Login(Scene())
    unit = unit_of(login.scene)
    audience.follow(unit, OTHER, PERSON)
    unit.commit()

    def check(open_id: str) -> Any:
        data = login.scene.ask(login.get("/fans/check/", follower_open_id=open_id))["data"]
        return data["is_follower"], data["follow_time"]

    now = int(login.scene.world.clock.now())
    assert check(login.scene.open_id("web", OTHER)) == (True, now)
    assert check("_000nobody") == (False, 0)


@pytest.mark.parametrize("path", ["/api/douyin/v1/user/fans_data/", "/fans/data"])
def test_what_followers_are_like(path: str) -> None:
    """Every distribution adds up to all followers, and followers' share is part of all."""
    login = Login(Scene())

    data = login.scene.ask(login.get(path))["data"]["fans_data"]

    kinds = [name for name in data if name.endswith("_distributions")]
    assert len(kinds) == 6
    for name in kinds:
        assert sum(each["value"] for each in data[name]) == data["all_fans_num"]
    assert all(each["fans_sum"] <= each["all_sum"] for each in data["flow_contributions"])


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/discovery/ent/rank/item/", {"type": "4"}, "type is 4; it is 1, 2 or 3"),
        ("/star/hot_list/", {"hot_list_type": "7"}, "hot_list_type is 7; it is from 1 to 6"),
        ("/hotsearch/trending/sentences/", {"count": "51"}, "count is 51; it is from 1 to 50"),
    ],
)
def test_lists_that_do_not_exist(path: str, query: dict[str, str], said: str) -> None:
    """A ranking, list or page that there is none of is refused."""
    scene = Scene()
    ask = Ask("GET", path, query, {"access-token": scene.client_token()})

    assert scene.ask(ask)["data"]["error_code"] == 2100005
    assert why(scene) == said


def test_hot_words() -> None:
    """Hot words are ordered, change by the hour, and lead to the newest works of people."""
    scene = Scene()
    headers = {"access-token": scene.client_token()}

    def words() -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = scene.ask(Ask("GET", "/hotsearch/sentences/", {}, headers))[
            "data"
        ]["list"]
        return rows

    first = words()
    assert [row["hot_level"] for row in first] == sorted(
        (row["hot_level"] for row in first), reverse=True
    )
    found = {
        word: scene.ask(Ask("GET", "/hotsearch/videos/", {"hot_sentence": word}, headers))
        for word in (first[0]["sentence"], "无人问津")
    }
    newest = [works(scene, person)[0].item_id for person in scene.world.people]
    rows = [[row["item_id"] for row in each["data"]["list"]] for each in found.values()]
    assert rows == [newest, []]
    scene.advance(3600)
    assert words() != first
