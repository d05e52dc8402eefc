"""Fan groups (粉丝群): what their owners create and set, and whom a group takes."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec.structs import replace

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import audience

MAX_GROUPS = 10
"""Groups that a person can create."""
MAX_MEMBERS = 500
"""People in a group, its owner included."""

RELATIONS = (0, 1, 7, 30, 60)
"""`relation_type`: anybody may join, followers, or those who have followed for so many days."""

GREETING, NOTICE = 1, 2
"""`group_setting_type`: what greets those who join, and the group's notice."""

SETTING_KINDS = ("text", "applet_card", "applet_coupon")
"""Kinds of messages that a greeting or a notice has."""


class FanGroup(Record, frozen=True):
    """A person's group of fans, which they created through an app."""

    TABLE: ClassVar[str] = "FanGroup"

    group_id: str
    app: str
    owner: str
    number: int
    """Which of its owner's groups it is, from 1."""
    name: str
    description: str
    avatar: str
    created: float
    kind: int = 1
    """`group_type`."""
    relation: int = 0
    audited: bool = False
    """Whether its owner decides who joins."""
    members: int = 1
    greeting: tuple[dict[str, Any], ...] = ()
    notice: tuple[dict[str, Any], ...] = ()

    @property
    def link(self) -> Link:
        """What happens in the group belongs to this."""
        return Link("group", self.app, self.owner, self.number)


class FanGroups(Record, frozen=True):
    """The ids of a person's groups in an app, oldest first."""

    TABLE: ClassVar[str] = "FanGroups"

    ids: tuple[str, ...] = ()


class GroupMember(Record, frozen=True):
    """Since when somebody is in a group; its owner has no such record."""

    TABLE: ClassVar[str] = "GroupMember"

    since: float


def _ids(unit: Unit, app: App, owner: str) -> tuple[str, ...]:
    return (unit.read(FanGroups, f"{app.client_key} {owner}") or FanGroups()).ids


def left(unit: Unit, app: App, owner: str) -> int:
    """Return how many groups a person can still create."""
    return MAX_GROUPS - len(_ids(unit, app, owner))


def create(
    world: WorldState,
    unit: Unit,
    app: App,
    owner: str,
    *,
    name: str,
    description: str,
    avatar: str,
    kind: int,
    relation: int,
    audited: bool,
) -> FanGroup:
    """Create a group, whose only member is its owner."""
    ids = _ids(unit, app, owner)
    number = len(ids) + 1
    group = FanGroup(
        group_id=world.ids.sealed(64, "fan_group", app.client_key, owner, number),
        app=app.client_key,
        owner=owner,
        number=number,
        name=name,
        description=description,
        avatar=avatar,
        created=unit.now,
        kind=kind,
        relation=relation,
        audited=audited,
    )
    unit.write(f"{app.client_key} {owner}", FanGroups(ids=(*ids, group.group_id)))
    write(unit, group)
    return group


def write(unit: Unit, group: FanGroup) -> None:
    """Keep a group as it is now."""
    unit.link(group.link)
    unit.write(group.group_id, group)


def groups_of(unit: Unit, app: App, owner: str) -> list[FanGroup]:
    """Return a person's groups, oldest first."""
    ids = _ids(unit, app, owner)
    unit.expect(FanGroup, ids)
    return [group for each in ids if (group := unit.read(FanGroup, each)) is not None]


def find(unit: Unit, app: App, owner: str, group_id: str) -> FanGroup | None:
    """Return one of a person's groups by its id."""
    group = unit.read(FanGroup, restore_plus_signs(group_id))
    if group is None or (group.app, group.owner) != (app.client_key, owner):
        return None
    unit.link(group.link)
    return group


def set_messages(
    unit: Unit, group: FanGroup, setting: int, messages: tuple[dict[str, Any], ...]
) -> None:
    """Set what greets those who join a group, or its notice; nothing takes it away."""
    if setting == GREETING:
        write(unit, replace(group, greeting=messages))
    else:
        write(unit, replace(group, notice=messages))


def takes(world: WorldState, unit: Unit, group: FanGroup, person: str) -> bool:
    """Whether a group's relation_type lets somebody join."""
    if group.relation == 0:
        return True
    since = audience.follows(world, unit, person, group.owner)
    days = 0 if group.relation == 1 else group.relation
    return since is not None and since + days * DAY <= unit.now


def is_full(group: FanGroup) -> bool:
    """Whether a group takes nobody more."""
    return group.members >= MAX_MEMBERS


def member_since(unit: Unit, group: FanGroup, person: str) -> float | None:
    """Return since when somebody is in a group, or None if they are not."""
    if person == group.owner:
        return group.created
    member = unit.read(GroupMember, f"{group.group_id} {person}")
    return None if member is None else member.since
