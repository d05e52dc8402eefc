"""JS tickets and open tickets: two kinds that look alike and are renewed by opposite rules.

/js/getticket/ returns the same JS ticket until its last five minutes; each call of
/open/getticket/ returns another open ticket and leaves the one before five minutes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from mockdouyin.core.apps import App
from mockdouyin.core.clock import MINUTE
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState

BUFFER = 5 * MINUTE

MAX_OPEN_TICKETS = 10_000
"""How many of an app's newest open tickets are searched."""


class JsTicket(Record, frozen=True):
    """An app's current JS ticket; the count outlives it, so that no ticket is issued twice."""

    TABLE: ClassVar[str] = "JsTicket"

    RETAIN = FOREVER

    ticket: str
    count: int
    older: tuple[tuple[str, float], ...] = ()
    """The ticket that was replaced in its last five minutes, valid until its own end."""


class OpenTicket(Record, frozen=True):
    """One open ticket of an app, by its number; a newer ticket leaves it five minutes."""

    TABLE: ClassVar[str] = "OpenTicket"

    ticket: str


class OpenTickets(Record, frozen=True):
    """How many open tickets an app has been issued; the count outlives them all."""

    TABLE: ClassVar[str] = "OpenTickets"

    count: int


def held_open_tickets(unit: Unit, app: App) -> Iterator[tuple[str, float]]:
    """Yield the app's valid open tickets with the end of each, newest first.

    Only the newest `MAX_OPEN_TICKETS` are searched: a load test has millions that are valid.
    """
    last = unit.find(OpenTickets, app.client_key)
    count = last.count if last is not None else 0
    for number in range(count, max(0, count - MAX_OPEN_TICKETS), -1):
        ticket = unit.read(OpenTicket, f"{app.client_key} {number}")
        if ticket is not None:
            yield ticket.ticket, ticket.expires
        elif number < count:  # each ends no later than the next, so all older ones are over
            return


def is_open_ticket(unit: Unit, app: App, ticket: str) -> bool:
    """Whether this is a valid open ticket of the app."""
    return any(known == ticket for known, _ in held_open_tickets(unit, app))


def js_ticket(world: WorldState, unit: Unit, app: App) -> tuple[str, int]:
    """Return the current ticket while more than 300 s are left to it, else a new one."""
    last = unit.find(JsTicket, app.client_key)
    if last is not None and last.expires - unit.now > BUFFER:
        return last.ticket, int(last.expires - unit.now)
    count = last.count + 1 if last else 0
    older = ((last.ticket, last.expires),) if last else ()
    ticket = world.ids.js_ticket(app.client_key, count)
    life = world.settings.ticket_lifetime
    record = JsTicket(ticket=ticket, count=count, older=older, expires=unit.now + life)
    unit.write(app.client_key, record)
    return ticket, int(life)


def open_ticket(world: WorldState, unit: Unit, app: App) -> tuple[str, int]:
    """Return a new ticket; the one before ends in five minutes at most."""
    last = unit.find(OpenTickets, app.client_key)
    count = last.count if last else 0
    key = f"{app.client_key} {count}"
    older = unit.read(OpenTicket, key)
    if older is not None:
        cut = min(older.expires, unit.now + BUFFER)
        unit.write(key, OpenTicket(ticket=older.ticket, expires=cut))
    ticket = world.ids.open_ticket(app.client_key, count)
    life = world.settings.ticket_lifetime
    record = OpenTicket(ticket=ticket, expires=unit.now + life)
    unit.write(f"{app.client_key} {count + 1}", record)
    unit.write(app.client_key, OpenTickets(count=count + 1))
    return ticket, int(life)
