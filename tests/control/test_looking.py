"""Operations that list what a world has: deliveries, apps, people, and the worlds."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import OPERATIONS, deliveries, execute
from mockdouyin.control._openapi import document
from mockdouyin.control.client import LocalControl
from mockdouyin.core.outbox import Attempt
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.sandbox.deliveries import record
from tests.support.helpers import GAME, PROGRAM, WEB, sandbox
from tests.support.posting import set_hook, tell

HOOK = "http://127.0.0.1:9/hook"


def emit(box: Sandbox, event: str, *statuses: int, person: str = "小明", kind: str = "web") -> str:
    """Emit an event that a receiver answers with these statuses; return the delivery's id."""
    world = box.default
    made = tell(world, event, kind, person=person)
    assert made is not None
    for status in statuses:
        made = record(world, made, Attempt(status=status))
    return made.id


def listed(box: Sandbox, **query: str) -> list[str]:
    """List the ids of deliveries."""
    return [each["id"] for each in execute(box, "list_deliveries", query=query)["deliveries"]]


@pytest.fixture
def ids(box: Sandbox) -> list[str]:
    """Emit five events, of each state one, and two apps; return the deliveries' ids."""
    set_hook(box.default, HOOK)
    set_hook(box.default, HOOK, "mini_program")
    return [
        emit(box, "create_video", 200),
        emit(box, "authorize", 500, person="小红"),
        emit(box, "create_video", 500, 500, 500, 500, person="小红"),
        emit(box, "create_video", 500, 200),
        emit(box, "authorize", kind="mini_program"),
    ]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ({}, [0, 1, 2, 3, 4]),
        ({"event": "create_video"}, [0, 2, 3]),
        ({"person": "小红"}, [1, 2]),
        ({"app": "mini_program"}, [4]),
        ({"app": WEB.client_key}, [0, 1, 2, 3]),
        ({"state": "delivered"}, [0, 3]),
        ({"state": "failed"}, [2]),
        ({"state": "waiting"}, [1, 4]),
        ({"failed": "true"}, [1, 2]),
        ({"failed": "true", "event": "authorize"}, [1]),
        ({"limit": "2"}, [3, 4]),
        ({"limit": "1", "event": "create_video"}, [3]),
        ({"event": "dial_phone"}, []),
    ],
)
def test_deliveries_are_filtered(
    box: Sandbox, ids: list[str], query: dict[str, str], places: list[int]
) -> None:
    """Deliveries are listed by event, person, app, state and number, the oldest first."""
    assert listed(box, **query) == [ids[place] for place in places]


def test_a_person_by_open_id(box: Sandbox, ids: list[str]) -> None:
    """A person of deliveries may be named by an open_id."""
    app = box.default.apps[WEB.client_key]
    open_id = box.default.transact(lambda: box.default.people.open_id(app, "小红"))

    assert listed(box, person=open_id) == ids[1:3]


def test_deliveries_in_pages(box: Sandbox, ids: list[str]) -> None:
    """`before` lists what was emitted before a delivery, and `more` says whether to go on."""
    pages, before = [], ""
    while True:
        page = execute(box, "list_deliveries", query={"limit": "2", "before": before})
        assert page["total"] == 5
        pages.append([each["id"] for each in page["deliveries"]])
        before = pages[-1][0]
        if not page["more"]:
            break

    assert pages == [ids[3:5], ids[1:3], ids[:1]]


def test_one_delivery(box: Sandbox, ids: list[str]) -> None:
    """One delivery is shown as in the list."""
    everything = execute(box, "list_deliveries")["deliveries"]

    assert execute(box, "delivery", path={"id": ids[2]}) == everything[2]
    assert [each["status"] for each in everything[2]["attempts"]] == [500] * 4


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"event": "creat_video"}, "no event 'creat_video'; did you mean create_video?"),
        ({"person": "小"}, "no person '小' in this world; did you mean 小红?"),
        ({"app": "wbe"}, "no app 'wbe' in world 'default'; did you mean web?"),
        (
            {"state": "fialed"},
            "state should be one of waiting, held, delivered, failed, not 'fialed'",
        ),
        ({"before": "x"}, "no delivery 'x' to list earlier ones of"),
        ({"limit": "-1"}, "limit should be a whole number from 0 on, not '-1'"),
    ],
)
def test_what_is_not_there_is_said_so(query: dict[str, str], says: str) -> None:
    """An unknown event, person, app, state or delivery is refused, and not an empty list."""
    with pytest.raises(MockDouyinError) as refused:
        listed(sandbox(), **query)

    assert str(refused.value).startswith(says)


def test_an_event_of_ones_own(box: Sandbox) -> None:
    """An event that a tester made up can be asked for once it was sent."""
    body = {"event": "my_event", "to": HOOK, "raw": "x"}
    with pytest.raises(MockDouyinError, match="no event 'my_event'"):
        listed(box, event="my_event")
    with pytest.raises(MockDouyinError, match="nothing can be sent"):  # but it is written down
        execute(box, "send_event", body=body)

    assert len(listed(box, event="my_event")) == 1


def test_the_query_is_typed(box: Sandbox, ids: list[str]) -> None:
    """A typed query asks the same, and the OpenAPI document names the states."""
    reply = LocalControl(box).call(
        deliveries.list_deliveries, deliveries.DeliveryQuery(state="failed", limit=3)
    )
    parameters = document(OPERATIONS, CATALOGUE)["paths"]["/_mock/deliveries"]["get"]["parameters"]
    [state] = [each["schema"] for each in parameters if each["name"] == "state"]

    assert [each.id for each in reply.deliveries] == ids[2:3]
    assert set(state["enum"]) == {"", "waiting", "held", "delivered", "failed"}


def test_one_app_of_many(box: Sandbox) -> None:
    """Apps are listed all, or the one with a name or client_key."""
    box.default.transact(lambda: execute(box, "add_app", body={"name": "a/b"}))

    def names(**query: str) -> list[Any]:
        return [each["name"] for each in execute(box, "apps", query=query)["apps"]]

    assert names() == ["mini_program", "mini_game", "web", "a/b"]
    assert names(app="a/b") == ["a/b"]
    assert names(app=GAME.client_key) == ["mini_game"]
    with pytest.raises(MockDouyinError, match="did you mean web?"):
        names(app="wbe")


def test_some_of_many_people(box: Sandbox) -> None:
    """People are listed all, the first few, or the one with a name or open_id."""

    def names(**query: str) -> list[Any]:
        page = execute(box, "people", query=query)
        assert page["count"] == 4
        return [each["name"] for each in page["people"]]

    [anna] = execute(box, "people", query={"person": "Anna"})["people"]
    assert names() == ["小明", "小红", "老王", "Anna"]
    assert names(limit="2") == ["小明", "小红"]
    assert names(person=anna["open_ids"][PROGRAM.client_key]) == ["Anna"]


def test_some_of_many_worlds(box: Sandbox) -> None:
    """Of many worlds the default one is listed and others, with the number of all."""
    for number in range(5):
        box.worlds.create(f"w{number}")

    def names(limit: int) -> list[Any]:
        page = execute(box, "worlds", query={"limit": str(limit)})
        assert page["count"] == 6
        return [each["world"] for each in page["worlds"]]

    assert names(1) == ["default"]
    assert names(3) == ["default", "w3", "w4"]
    assert len(names(6)) == len(names(0)) == 6
