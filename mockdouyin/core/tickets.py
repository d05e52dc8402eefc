"""JS tickets and open tickets: two kinds that look alike and are renewed by opposite rules."""

from __future__ import annotations

from mockdouyin.core.apps import App
from mockdouyin.core.clock import MINUTE
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.world import WorldState

BUFFER = 5 * MINUTE


class JsTicket(Record, frozen=True):
    """The JS ticket that an app holds; its count outlives it, so that no ticket comes twice."""

    KEEP = FOREVER

    ticket: str
    count: int
    older: tuple[tuple[str, float], ...] = ()
    """Tickets replaced in their last five minutes, with their own ends: they stay good."""


class OpenTicket(Record, frozen=True):
    """The open tickets that an app holds, with the end of each; the newest is the last."""

    KEEP = FOREVER

    held: tuple[tuple[str, float], ...]
    count: int


def is_open_ticket(unit: Unit, app: App, ticket: str) -> bool:
    """Whether it is an open ticket of the app that still lives."""
    held = unit.read(OpenTicket, app.client_key)
    return held is not None and any(known == ticket and end > unit.now for known, end in held.held)


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
    last = unit.find(OpenTicket, app.client_key)
    count = last.count + 1 if last else 0
    life = world.settings.ticket_lifetime
    now, end = unit.now, unit.now + life
    kept = [(old, min(until, now + BUFFER)) for old, until in last.held] if last else []
    ticket = world.ids.open_ticket(app.client_key, count)
    alive = tuple((old, until) for old, until in kept if until > now)
    unit.write(app.client_key, OpenTicket(held=(*alive, (ticket, end)), count=count, expires=end))
    return ticket, int(life)
