"""Cashiers that are open on phones: each closes when its order times out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from mockdouyin.core import plans
from mockdouyin.core.apps import App
from mockdouyin.core.store import Unit
from mockdouyin.domain import act_texts, due_texts, orders
from mockdouyin.domain.orders import Order
from mockdouyin.domain.owned_records import find_anywhere, find_by_number
from mockdouyin.domain.sheets import CLOSED, WaitingSheet

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

CASHIER_CLOSES = "cashier_closes"
"""The plan by which the cashiers of an order close when it times out."""

TIMED_OUT = 1
"""The code of tt.pay for an order that timed out."""

JUST_AFTER = 0.001
"""Seconds after its last moment at which an order has timed out."""


def plan_closing(unit: Unit, order: Order, person: str) -> None:
    """Have the cashiers of an order close when it times out."""
    at = order.closes + JUST_AFTER
    link = order.link
    plans.make(unit, CASHIER_CLOSES, order.key, app=order.app, person=person, at=at, link=link)


def result_of(code: int) -> dict[str, Any]:
    """Return what tt.pay passes to `success`."""
    return {"code": code, "errMsg": "pay:ok"}


def find_named(unit: Unit, app: App, args: Mapping[str, Any]) -> Order | None:
    """Return the order that the arguments of a tt.pay name, by default the app's latest.

    With an order_token it is what create_order answered, and both have to fit.
    """
    info = args.get("orderInfo", args if "order_token" in args else None)
    if info is not None:
        given = info if isinstance(info, Mapping) else {}
        order = find_by_number(unit, Order, app.client_key, str(given.get("order_id", "")))
        fits = order is not None and order.order_token == given.get("order_token")
        return order if fits else None
    named = args.get("order_id", args.get("order"))
    if not named:
        return orders.latest(unit, app)
    by_id = find_by_number(unit, Order, app.client_key, str(named))
    return by_id or find_anywhere(unit, Order, app.client_key, str(named))


@plans.plan(CASHIER_CLOSES, due_texts.CASHIER_CLOSES)
def close_cashiers(world: WorldState, unit: Unit, key: str, at: float) -> None:
    """Close the cashiers of an order that has timed out; a call that waits gets code 1."""
    order = unit.read(Order, key)
    if order is None or order.status(unit.now) != "TIMEOUT":
        return
    for sheet in open_cashiers(unit, order):
        close(world, unit, order, sheet, result_of(TIMED_OUT))


def close_left(unit: Unit, order: Order) -> None:
    """Close the cashiers of an order that were left open, once the order has ended."""
    if plans.is_made(unit, CASHIER_CLOSES, order.key):
        plans.cancel(unit, CASHIER_CLOSES, order.key)
        drop_left(unit, order)


def drop_left(unit: Unit, order: Order) -> None:
    """Drop the cashiers of an order that were left open."""
    for sheet in open_cashiers(unit, order):
        if sheet.is_left:
            unit.drop(WaitingSheet, sheet.key)


def open_cashiers(unit: Unit, order: Order) -> list[WaitingSheet]:
    """Return the cashiers of an order that are open on phones."""
    return [
        each
        for _, each in unit.scan(WaitingSheet)
        if each.result is None
        and each.details.get("cashier", {}).get("order_id") == order.order_id
    ]


def close(
    world: WorldState, unit: Unit, order: Order, sheet: WaitingSheet, result: dict[str, Any]
) -> None:
    """Close the cashier of an order that has timed out; a call that waits gets this result."""
    for link in sheet.links:
        unit.link(link)
    says = act_texts.CASHIER_CLOSED(order=order.out_order_no, person=sheet.person)
    world.note(unit, CLOSED, says, app=sheet.app, person=sheet.person)
    if sheet.is_left:
        unit.drop(WaitingSheet, sheet.key)
        return
    unit.write(sheet.key, replace(sheet, result=result))
    app = world.apps.get(sheet.app)
    name = app.name if app is not None else sheet.app
    world.note(
        unit,
        f"phone.{sheet.api}",
        act_texts.PAY_CALLED(person=sheet.person, app=name, outcome=act_texts.PAY_TIMED_OUT()),
        app=sheet.app,
        person=sheet.person,
        rule=sheet.rule,
        given=sheet.args,
        result=result,
    )
