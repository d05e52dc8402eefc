"""Rows: what happened in a world, in a dozen plain fields each, without any body.

A row is cheap, where an exchange has to be masked before it can be shown: a list, a stream and a
story are made of rows, and an exchange is opened one at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from mockdouyin.control._shown import Shown
from mockdouyin.core.acts import Act
from mockdouyin.core.clock import iso
from mockdouyin.core.journal import Entry, Exchange
from mockdouyin.core.texts import Language


class RowShown(Shown, kw_only=True):
    """One thing that happened: an exchange, an act, or an attempt to deliver."""

    id: int
    """Its number in the world's one sequence."""
    type: Literal["exchange", "act", "delivery"]
    time: str
    endpoint: str | None = None
    """An exchange's endpoint; null if no endpoint has the path."""
    kind: str | None = None
    """An act's kind, such as `phone.login`, `consent.allow` or `clock.advance`."""
    method: str | None = None
    path: str | None = None
    app: str
    person: str
    verdict: str
    """`ok` or `refused`; of an exchange also `bent`, `fault`, `unknown` or `error`."""
    status: int | None = None
    code: int | None = None
    """The number of the error with which the platform refused it."""
    error: str | None = None
    """The error's name."""
    fault: str | None = None
    says: str = ""
    """What happened, where it is an act or an attempt."""
    why: str = ""
    """Why it was refused."""
    rule: str | None = None
    """The id of the rule that decided."""
    took_ms: float | None = None
    """How long the answer took, the delay of a rule included."""
    links: list[str]
    """What it belongs to, such as `login:tt0123456789abcdef:小明:7`."""
    delivery: str | None = None
    """The id of the delivery that this is an attempt of, or sends again."""


def show_row(entry: Entry, mask: Callable[[str], str], language: Language) -> RowShown:
    """Return an entry of the journal as a row."""
    if isinstance(entry, Act):
        return _act_row(entry, mask, language)
    return _exchange_row(entry, mask, language)


def took_ms(exchange: Exchange) -> float:
    """Return how long an answer took, in milliseconds, as its client saw it."""
    return round((exchange.took + exchange.reply.delay) * 1000, 3)


def _exchange_row(exchange: Exchange, mask: Callable[[str], str], language: Language) -> RowShown:
    request, reply = exchange.request, exchange.reply
    endpoint, error = exchange.endpoint, exchange.error
    return RowShown(
        id=exchange.number,
        type="exchange",
        time=iso(exchange.time),
        endpoint=endpoint.full_name if endpoint else None,
        method=request.method,
        # The path of an endpoint holds no secrets, and masking is the slow part here.
        path=request.path if endpoint else mask(request.path),
        app=exchange.app,
        person=exchange.person,
        verdict=exchange.verdict,
        status=reply.status,
        code=error.code if error else None,
        error=error.name if error else None,
        fault=str(reply.fault) if reply.fault else None,
        why=mask(exchange.why.render(language)) if exchange.why else "",
        rule=exchange.rule or None,
        took_ms=took_ms(exchange),
        links=[link.id for link in exchange.links],
    )


def _act_row(act: Act, mask: Callable[[str], str], language: Language) -> RowShown:
    return RowShown(
        id=act.number,
        type="delivery" if act.is_attempt else "act",
        time=iso(act.time),
        kind=act.kind,
        app=act.app,
        person=act.person,
        verdict=act.verdict,
        says=mask(act.says.render(language)),
        why=mask(act.why.render(language)) if act.why else "",
        rule=act.rule or None,
        links=[link.id for link in act.links],
        delivery=act.delivery or None,
    )
