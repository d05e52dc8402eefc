"""Who a person is beyond one app: their number at Douyin, their roles, their ids elsewhere."""

from __future__ import annotations

from mockdouyin.core.apps import App
from mockdouyin.core.clock import HOUR
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.grants import Authorization

UNION_SCOPE = "unionauth.identification"

UNION_LIFETIME = 2 * HOUR
"""How long after a consent a person is identified in the other app."""

ROLES = ("COMPANY_BAND", "AUTH_COMPANY", "STAFF", "OPEN_BRAND", "OPEN_STAFF", "OPEN_PARTNER")
"""The roles of a business that an account can have."""


def is_joined(unit: Unit, app: App, person: str) -> bool:
    """Whether a person has let an app identify them elsewhere, less than two hours ago."""
    found = unit.read(Authorization, f"{app.client_key} {person}")
    if found is None or found.revoked >= found.count or UNION_SCOPE not in found.scopes:
        return False
    return unit.now < found.newest + UNION_LIFETIME


def allied_id(world: WorldState, app: App, person: str) -> str:
    """Return a person's id among the apps of one developer."""
    return world.ids.base62(10, "allied", app.developer, person)


def douyin_number(world: WorldState, person: str) -> str:
    """Return a person's number at Douyin (抖音号)."""
    return world.ids.digits(10, "douyin_number", person)


def person_of_number(world: WorldState, number: str) -> str | None:
    """Return who has this number at Douyin, if anybody."""
    return next((each for each in world.people if douyin_number(world, each) == number), None)


def has_role(world: WorldState, person: str, role: str) -> bool:
    """Whether a person's account has a role of a business: about one in three has."""
    return world.ids.number(3, "role", person, role) == 0
