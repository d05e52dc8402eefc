"""JS tickets and open tickets look alike and are renewed by opposite rules."""

from __future__ import annotations

from mockdouyin import Sandbox
from mockdouyin.domain.tickets import JsTicket, held_open_tickets
from tests.support.helpers import PROGRAM, WEB, client_token, get, sandbox


def ask(
    box: Sandbox, path: str, key: str = WEB.client_key, secret: str = WEB.client_secret
) -> str:
    """Ask for a ticket with a fresh client token; give it with the seconds left to it."""
    data = get(box, path, token=client_token(box, key, secret))["data"]
    return f"{data['ticket']} {data['expires_in']}"


def test_a_js_ticket_is_the_same_until_300_seconds_are_left() -> None:
    """The same JS ticket is given while more than 300 s are left, then another one."""
    box = sandbox()
    ticket, _, left = ask(box, "/js/getticket/").partition(" ")
    assert left == "7200"

    box.default.clock.advance(6899)
    assert ask(box, "/js/getticket/") == f"{ticket} 301"
    box.default.clock.advance(1)
    fresh, _, left = ask(box, "/js/getticket/").partition(" ")

    assert fresh != ticket
    assert left == "7200"
    box.default.clock.advance(6899)
    assert ask(box, "/js/getticket/") == f"{fresh} 301"


def test_the_js_ticket_before_keeps_its_own_end() -> None:
    """A JS ticket that was replaced early stays good until it would have ended."""
    box = sandbox()
    first = ask(box, "/js/getticket/").partition(" ")[0]
    end = box.default.clock.now() + 7200
    box.default.clock.advance(7000)

    ask(box, "/js/getticket/")

    unit = box.default.store.unit(box.default.clock.now())
    held = unit.read(JsTicket, WEB.client_key)
    assert held is not None
    assert held.older == ((first, end),)


def held(box: Sandbox) -> list[tuple[str, float]]:
    """Return the open tickets that the web app holds, with their ends."""
    world = box.default
    return list(held_open_tickets(world.store.unit(world.clock.now()), world.find_app("web")))


def test_an_open_ticket_is_always_a_new_one() -> None:
    """Each call gives a new open ticket, and leaves the older ones five minutes at most."""
    box = sandbox()
    start = box.default.clock.now()
    first = ask(box, "/open/getticket/").partition(" ")[0]
    box.default.clock.advance(60)
    second = ask(box, "/open/getticket/").partition(" ")[0]
    box.default.clock.advance(60)
    third, _, left = ask(box, "/open/getticket/").partition(" ")

    assert len({first, second, third}) == 3
    assert left == "7200"
    ends = [(ticket, end - start) for ticket, end in held(box)]
    assert ends == [(third, 7320), (second, 420), (first, 360)]


def test_dead_open_tickets_are_forgotten() -> None:
    """An open ticket at its end is no longer held."""
    box = sandbox()
    ask(box, "/open/getticket/")
    box.default.clock.advance(7200)

    last = ask(box, "/open/getticket/").partition(" ")[0]

    assert [ticket for ticket, _ in held(box)] == [last]


def test_no_ticket_comes_twice_after_a_long_time() -> None:
    """A ticket that ended long ago is not given again, whoever asked meanwhile."""
    box = sandbox()
    paths = ("/js/getticket/", "/open/getticket/")
    before = {ask(box, path).partition(" ")[0] for path in paths}
    box.default.clock.advance(40 * 86400)
    for path in paths:
        for _ in range(3):
            ask(box, path, PROGRAM.client_key, PROGRAM.client_secret)

    after = {ask(box, path).partition(" ")[0] for path in paths}

    assert len(before | after) == 4
