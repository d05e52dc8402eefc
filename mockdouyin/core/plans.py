"""Plans: what the platform does by itself at a time, such as settling an order after 150 days.

    @plan("auto_settlement", says=…)
    def settle_by_itself(world: WorldState, unit: Unit, key: str, at: float) -> None: ...

A plan waits in the outbox among the deliveries, so it is carried out at its time wherever
deliveries are sent, over any store; what it tells a backend are deliveries of its own. Nobody
waits for it, and it is not listed among them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.links import Link
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import Text, TextTemplate

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

PlanFunction = Callable[["WorldState", Unit, str, float], None]
"""Carries a plan out: it is given the key of what it is about, and when it was due."""


class Plan(NamedTuple):
    """A kind of plan."""

    function: PlanFunction
    says: TextTemplate
    """What will happen, of `app`, an app's name, and `what`, which the plan is about."""


PLANS: dict[str, Plan] = {}
"""Every kind of plan, by name; filled when the declaring modules are imported."""


def plan(name: str, says: TextTemplate) -> Callable[[PlanFunction], PlanFunction]:
    """Declare a kind of plan by the function that carries it out."""

    def declare(function: PlanFunction) -> PlanFunction:
        if name in PLANS:
            raise MockDouyinError(f"plan {name!r} is declared twice")
        PLANS[name] = Plan(function, says)
        return function

    return declare


def make(unit: Unit, name: str, key: str, *, app: str, person: str, at: float, link: Link) -> None:
    """Plan something for a time; there is one plan of a kind for a key."""
    planned = Delivery(
        id=f"{name} {key}",
        event=name,
        app=app,
        person=person,
        url="",
        headers={},
        body=b"",
        due=at,
        state="planned",
        born=unit.now,
        links=(link,),
    )
    unit.write(planned.id, planned)


def cancel(unit: Unit, name: str, key: str) -> None:
    """Drop a plan, if there is one."""
    unit.drop(Delivery, f"{name} {key}")


def is_made(unit: Unit, name: str, key: str) -> bool:
    """Whether there is such a plan."""
    return unit.read(Delivery, f"{name} {key}") is not None


def carry_out(world: WorldState, unit: Unit, planned: Delivery) -> None:
    """Do what was planned."""
    unit.drop(Delivery, planned.id)
    key = planned.id.removeprefix(f"{planned.event} ")
    PLANS[planned.event].function(world, unit, key, planned.due)


def words(planned: Delivery, app: str) -> Text:
    """Return what will happen, in words."""
    return PLANS[planned.event].says(app=app, what=planned.links[0].part)
