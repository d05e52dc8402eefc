"""Tickets, with which web pages and share links are signed."""

from __future__ import annotations

import msgspec

from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Extra
from mockdouyin.domain import tickets as domain
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints.error_tables import tools as tables

tickets: Family = Family(
    "tickets",
    hosts=("open.douyin.com",),
    envelope=Extra(),
    malformed=2100005,
    errors=tables.TICKETS,
)

_DOC = "dop/develop/openapi/tools-ability/jsb-management/"


class Ticket(msgspec.Struct):
    """A ticket and its lifetime in seconds."""

    expires_in: int
    ticket: str


@tickets.endpoint(
    "GET",
    "/js/getticket/",
    doc=_DOC + "get-jsticket",
    basis="documented",
    errors=tables.JS_TICKET,
    malformed=28001007,
    scope="js.ticket",
)
def js_ticket(call: Call[TokenFields]) -> Ticket:
    """Return the JS SDK's ticket: the same one while it has more than 300 s left."""
    app = app_of_token(call, "client")
    ticket, left = domain.js_ticket(call.world, call.unit, app)
    return Ticket(left, ticket)


@tickets.endpoint(
    "GET",
    "/open/getticket/",
    doc=_DOC + "open-ticket",
    basis="documented",
    errors=tables.OPEN_TICKET,
    scope="open.get.ticket",
)
def open_ticket(call: Call[TokenFields]) -> Ticket:
    """Issue a ticket for H5 sharing; the one before it stays valid for five minutes."""
    app = app_of_token(call, "client")
    ticket, left = domain.open_ticket(call.world, call.unit, app)
    return Ticket(left, ticket)
