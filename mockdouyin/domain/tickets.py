"""JS tickets and open tickets: two kinds that look alike and are renewed by opposite rules."""

from __future__ import annotations

from collections.abc import Iterator

from mockdouyin.core.apps import App
from mockdouyin.core.clock import MINUTE
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState

BUFFER = 5 * MINUTE

HELD = 10_000
"""Among how many of an app's newest open tickets one is looked for."""


class JsTicket(Record, frozen=True):
    """The JS ticket that an app holds; its count outlives it, so that no ticket comes twice."""

    TABLE = "JsTicket"

    RETAIN = FOREVER

    ticket: str
    count: int
    older: tuple[tuple[str, float], ...] = ()
    """Tickets replaced in their last five minutes, with their own ends: they stay good."""


class OpenTicket(Record, frozen=True):
    """One open ticket of an app, by its number: a newer one leaves it five minutes."""

    TABLE = "OpenTicket"

    ticket: str


class OpenTickets(Record, frozen=True):
    """How many open tickets an app was given; the count outlives them all."""

    TABLE = "OpenTickets"

    count: int


def held_open_tickets(unit: Unit, app: App) -> Iterator[tuple[str, float]]:
    """Give the app's living open tickets with the end of each, the newest first.

    Of more than `HELD` the older ones are not looked for: a load test has millions alive.
    """
    last = unit.find(OpenTickets, app.client_key)
    count = last.count if last is not None else 0
    for number in range(count, max(0, count - HELD), -1):
        held = unit.read(OpenTicket, f"{app.client_key} {number}")
        if held is not None:
            yield held.ticket, held.expires
        elif number < count:  # each ends no later than the next
            return


def is_open_ticket(unit: Unit, app: App, ticket: str) -> bool:
    """Whether it is an open ticket of the app that still lives."""
    return any(known == ticket for known, _ in held_open_tickets(unit, app))


def js_ticket(world: WorldState, unit: Unit, app: App) -> tuple[str, int]:
    """Give the same ticket while more than 300 s are left to it, else a new one beside it."""
    last = unit.find(JsTicket, app.client_key)
    if last is not None and last.expires - unit.now > BUFFER:
        return last.ticket, int(last.expires - unit.now)
    count = last.count + 1 if last else 0
    older = ((last.ticket, last.expires),) if last else ()
    ticket = world.ids.js_ticket(app.client_key, count)
    life = world.settings.ticket_lifetime
    made = JsTicket(ticket=ticket, count=count, older=older, expires=unit.now + life)
    unit.write(app.client_key, made)
    return ticket, int(life)


def open_ticket(world: WorldState, unit: Unit, app: App) -> tuple[str, int]:
    """Give a new ticket; the one before it dies after a buffer of five minutes."""
    last = unit.find(OpenTickets, app.client_key)
    count = last.count if last else 0
    place = f"{app.client_key} {count}"
    older = unit.read(OpenTicket, place)
    if older is not None:
        cut = min(older.expires, unit.now + BUFFER)
        unit.write(place, OpenTicket(ticket=older.ticket, expires=cut))
    ticket = world.ids.open_ticket(app.client_key, count)
    life = world.settings.ticket_lifetime
    made = OpenTicket(ticket=ticket, expires=unit.now + life)
    unit.write(f"{app.client_key} {count + 1}", made)
    unit.write(app.client_key, OpenTickets(count=count + 1))
    return ticket, int(life)
