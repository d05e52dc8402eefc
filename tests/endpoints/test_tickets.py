"""JS tickets and open tickets: two kinds that are renewed by opposite rules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mockdouyin.core.clock import DAY, HOUR, MINUTE
from mockdouyin.domain.tickets import JsTicket, held_open_tickets
from tests.endpoints.calls import Ask, Scene, good

JS, OPEN = "/js/getticket/", "/open/getticket/"


def ticket(scene: Scene, path: str) -> Any:
    """Fetch a ticket; give the answer's data."""
    headers = {"access-token": scene.client_token()}
    return scene.ask(Ask("GET", path, headers=headers))["data"]


def living(scene: Scene) -> list[str]:
    """Return the open tickets by which a share is verified now."""
    now = scene.world.clock.now()
    unit = scene.world.store.unit(now)
    app = scene.world.find_app("web")
    return [ticket for ticket, _ in held_open_tickets(unit, app)][::-1]


@pytest.mark.parametrize("path", [JS, OPEN])
def test_a_ticket_has_the_documented_shape(path: str) -> None:
    """Both objects say zero, extra has the log id and milliseconds, and the ticket its length."""
    scene = Scene()

    reply = scene.send(Ask("GET", path, headers={"access-token": scene.client_token()}))

    answer = json.loads(reply.body)
    log_id = dict(reply.headers)[b"x-tt-logid"].decode()
    assert list(answer) == ["data", "extra"]
    assert list(answer["data"]) == ["error_code", "description", "expires_in", "ticket"]
    assert answer["extra"] == {
        "error_code": 0,
        "description": "",
        "sub_error_code": 0,
        "sub_description": "",
        "logid": log_id,
        "now": 1767240000000,
    }
    assert answer["data"]["expires_in"] == 7200
    assert len(answer["data"]["ticket"]) == (30 if path == JS else 33)


def test_a_js_ticket_is_the_same_while_over_300_seconds_are_left() -> None:
    """Asking again gives the same JS ticket with what is left, and a new one in the last 300 s."""
    scene = Scene()
    first = ticket(scene, JS)

    scene.advance(2 * HOUR - 301)
    again = ticket(scene, JS)
    scene.advance(1)
    fresh = ticket(scene, JS)

    assert (again["ticket"], again["expires_in"]) == (first["ticket"], 301)
    assert fresh["ticket"] != first["ticket"]
    assert fresh["expires_in"] == 7200


def test_the_older_js_ticket_keeps_its_own_end() -> None:
    """A JS ticket that was replaced stays good until its own two hours are over."""
    scene = Scene()
    first = ticket(scene, JS)["ticket"]
    scene.advance(2 * HOUR - 100)
    ticket(scene, JS)

    now = scene.world.clock.now()
    held = scene.world.store.unit(now).read(JsTicket, scene.app("web").client_key)

    assert held is not None
    assert held.older == ((first, now + 100),)


def test_every_open_ticket_is_new() -> None:
    """Each call gives a new open ticket, and those before it five minutes at most."""
    scene = Scene()
    first = ticket(scene, OPEN)["ticket"]
    scene.advance(4 * MINUTE)
    second = ticket(scene, OPEN)["ticket"]

    assert living(scene) == [first, second]
    scene.advance(3 * MINUTE)
    third = ticket(scene, OPEN)["ticket"]
    assert living(scene) == [first, second, third]
    scene.advance(2 * MINUTE)
    assert living(scene) == [second, third]
    scene.advance(3 * MINUTE)
    assert living(scene) == [third]
    scene.advance(2 * HOUR)
    assert living(scene) == []


@pytest.mark.parametrize("path", [JS, OPEN])
def test_tickets_do_not_come_twice(path: str) -> None:
    """However long an app stays away, no ticket is given twice."""
    scene = Scene()
    other = Ask("GET", path)
    seen = set()

    for _ in range(4):
        seen.add(ticket(scene, path)["ticket"])
        scene.advance(3 * DAY)
        token = scene.client_token("mini_program")
        assert scene.ask(other.having().under(access_token=token))["data"]["error_code"] == 0

    assert len(seen) == 4


@pytest.mark.parametrize("path", [JS, OPEN])
def test_apps_have_tickets_of_their_own(path: str) -> None:
    """Two apps never hold the same ticket."""
    scene = Scene()
    other = {"access-token": scene.client_token("mini_program")}

    theirs = scene.ask(Ask("GET", path, headers=other))["data"]["ticket"]

    assert theirs != ticket(scene, path)["ticket"]


@pytest.mark.parametrize("path", [JS, JS.rstrip("/"), OPEN, OPEN.rstrip("/")])
def test_old_clients_send_the_token_in_the_query(path: str) -> None:
    """The token is read from the query too, and the slash at the end is free."""
    scene = Scene()

    answer = scene.ask(Ask("GET", path, {"access_token": scene.client_token()}))

    assert answer["data"]["error_code"] == 0


@pytest.mark.parametrize(
    ("name", "generation", "expected"),
    [
        ("tickets.js_ticket", "documented", 28001003),
        ("tickets.js_ticket", "old", 2190002),
        ("tickets.open_ticket", "documented", 2190002),
        ("tickets.open_ticket", "new", 28001003),
    ],
)
def test_each_page_has_its_generation(name: str, generation: str, expected: int) -> None:
    """The JS ticket's page is of the new generation, the open ticket's of the old."""
    scene = Scene(error_generation=generation)

    answer = scene.ask(good(scene, name).with_token("bad"))

    assert answer["data"]["error_code"] == answer["extra"]["error_code"] == expected


def test_a_number_without_a_twin_keeps_its_own() -> None:
    """What is of neither generation, or has no number in the other, is answered with its own."""
    scene = Scene(error_generation="old")
    login = good(scene, "mini_program.code_to_session").having(code="bad")
    assert scene.ask(login)["err_no"] == 40018
    ask = good(scene, "tickets.js_ticket")
    scene.amend("web", scopes=())

    assert scene.ask(ask)["extra"]["error_code"] == 28001014


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("", "there is no client token"),
        ("app", "it is an app token (08011218…), where a client token (clt.) is needed"),
        ("person", "it is a user token (act.), where a client token (clt.) is needed"),
        ("refresh", "it is a refresh_token (rft.), where a client token (clt.) is needed"),
        ("nonsense", "it was not issued by world 'default'"),
    ],
)
def test_another_kind_of_token_is_no_client_token(kind: str, why: str) -> None:
    """Any other token is refused, and the journal says what it is."""
    scene = Scene()
    tokens = scene.tokens()
    token = {
        "": "",
        "app": scene.app_token(),
        "person": tokens["access_token"],
        "refresh": tokens["refresh_token"],
        "nonsense": "clt.0123456789",
    }[kind]

    answer = scene.ask(Ask("GET", JS, headers={"access-token": token}))

    assert answer["extra"]["error_code"] == 28001003
    assert why in list(scene.world.journal)[-1].why.render("en")


def test_the_daily_quota_is_one_for_each_scope_and_ends_at_midnight() -> None:
    """A scope's quota is counted by app, and a new day begins at midnight in Beijing."""
    scene = Scene(limits="enforce", daily_quota=2)
    js = [ticket(scene, JS)["error_code"] for _ in range(3)]

    assert js == [0, 0, 28003017]
    assert ticket(scene, OPEN)["error_code"] == 0
    scene.advance(12 * HOUR - 1)
    assert ticket(scene, JS)["error_code"] == 28003017
    scene.advance(1)
    assert ticket(scene, JS)["error_code"] == 0


def test_two_endpoints_of_one_scope_share_its_quota() -> None:
    """The quota belongs to the scope: calls of another endpoint with that scope use it up."""
    scene = Scene(limits="enforce", daily_quota=1)
    listing = good(scene, "subscription.query_tpl_list")
    asking = good(scene, "subscription.query_user_subscribe")

    assert scene.ask(listing)["err_no"] == 0
    assert scene.ask(asking)["err_no"] == 28003017


def test_calls_a_second_are_counted_by_endpoint() -> None:
    """One endpoint's limit does not touch another's, and the next second is new."""
    scene = Scene(limits="enforce", calls_per_second=1)

    assert [ticket(scene, JS)["error_code"] for _ in range(2)] == [0, 28003018]
    assert scene.ask(good(scene, "subscription.query_app_tpl"))["err_no"] == 0
    scene.advance(1)
    assert ticket(scene, JS)["error_code"] == 0
