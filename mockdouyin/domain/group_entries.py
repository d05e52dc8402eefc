"""How people enter a fan group and leave it: at once, or by an application that its owner decides.

The app is told by `enter_group_audit_change` of every application and decision, and by
`group_fans_event` of everybody who enters.
"""

from __future__ import annotations

from typing import ClassVar, NamedTuple

from msgspec.structs import replace

from mockdouyin.core.apps import App
from mockdouyin.core.errors import ConflictError
from mockdouyin.core.ids import restore_plus_signs
from mockdouyin.core.outbox import Delivery
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.texts import NOTHING
from mockdouyin.core.webhooks import emit
from mockdouyin.core.world import WorldState
from mockdouyin.domain import fan_groups, group_messages
from mockdouyin.domain._error_texts import (
    APPLICATION_WAITS,
    FOLLOWERS_ONLY,
    FOR_DAYS,
    GROUP_FULL,
    IN_GROUP_ALREADY,
    NOT_IN_GROUP,
)
from mockdouyin.domain.fan_groups import FanGroup, GroupMember

WAITING, APPROVED, REFUSED = 1, 2, 3
"""`apply_status`."""


class EntryApplication(Record, frozen=True):
    """What somebody asked for who wants to enter an audited group."""

    TABLE: ClassVar[str] = "EntryApplication"

    apply_id: str
    app: str
    owner: str
    group_id: str
    person: str
    created: float
    status: int = WAITING


class EntryCount(Record, frozen=True):
    """How many applications there were to a person's groups; their ids derive from it."""

    TABLE: ClassVar[str] = "EntryCount"

    count: int = 0


class PendingEntry(Record, frozen=True):
    """The application of somebody to a group that waits for a decision."""

    TABLE: ClassVar[str] = "PendingEntry"

    apply_id: str


class Asked(NamedTuple):
    """What came of asking to enter: an application or nothing, and the delivery that tells."""

    apply_id: str
    delivery: Delivery | None


def ask(world: WorldState, unit: Unit, app: App, group: FanGroup, person: str) -> Asked:
    """Enter a group as somebody, or apply where its owner decides."""
    unit.link(group.link)
    if fan_groups.member_since(unit, group, person) is not None:
        raise ConflictError(IN_GROUP_ALREADY(person=person, group=group.name))
    if not fan_groups.takes(world, unit, group, person):
        days = FOR_DAYS(days=group.relation) if group.relation > 1 else NOTHING
        raise ConflictError(FOLLOWERS_ONLY(owner=group.owner, days=days))
    if fan_groups.is_full(group):
        raise ConflictError(GROUP_FULL(members=group.members))
    if not group.audited:
        return Asked("", _enter(world, unit, app, group, person))
    if unit.read(PendingEntry, f"{group.group_id} {person}") is not None:
        raise ConflictError(APPLICATION_WAITS(person=person))
    return _apply(world, unit, app, group, person)


def _apply(world: WorldState, unit: Unit, app: App, group: FanGroup, person: str) -> Asked:
    key = f"{app.client_key} {group.owner}"
    number = count(unit, app, group.owner) + 1
    unit.write(key, EntryCount(count=number))
    made = EntryApplication(
        apply_id=_apply_id(world, app, group.owner, number),
        app=app.client_key,
        owner=group.owner,
        group_id=group.group_id,
        person=person,
        created=unit.now,
    )
    unit.write(made.apply_id, made)
    unit.write(f"{group.group_id} {person}", PendingEntry(apply_id=made.apply_id))
    return Asked(made.apply_id, _tell(world, unit, app, made))


def _tell(
    world: WorldState, unit: Unit, app: App, application: EntryApplication
) -> Delivery | None:
    content = {
        "group_id": application.group_id,
        "apply_id": application.apply_id,
        "apply_status": application.status,
        "user_avatar": world.people.profile(application.person).avatar,
    }
    return emit(
        world,
        unit,
        app,
        "enter_group_audit_change",
        application.person,
        other=application.owner,
        content=content,
    )


def _enter(
    world: WorldState, unit: Unit, app: App, group: FanGroup, person: str
) -> Delivery | None:
    fan_groups.write(unit, replace(group, members=group.members + 1))
    unit.write(f"{group.group_id} {person}", GroupMember(since=unit.now))
    content = {"im_group_id": group.group_id, "group_type": group.kind}
    delivery = emit(
        world, unit, app, "group_fans_event", person, other=group.owner, content=content
    )
    group_messages.greet(world, unit, app, group)
    return delivery


def leave(unit: Unit, group: FanGroup, person: str) -> None:
    """Leave a group."""
    unit.link(group.link)
    key = f"{group.group_id} {person}"
    if unit.take(GroupMember, key) is None:
        raise ConflictError(NOT_IN_GROUP(person=person, group=group.name))
    fan_groups.write(unit, replace(group, members=group.members - 1))


def count(unit: Unit, app: App, owner: str) -> int:
    """Return how many applications there were to a person's groups."""
    return (unit.read(EntryCount, f"{app.client_key} {owner}") or EntryCount()).count


def _apply_id(world: WorldState, app: App, owner: str, number: int) -> str:
    return world.ids.sealed(64, "entry_application", app.client_key, owner, number)


def applications(
    world: WorldState, unit: Unit, app: App, owner: str, numbers: list[int]
) -> list[EntryApplication]:
    """Return the applications to a person's groups that have these numbers, from 1."""
    ids = [_apply_id(world, app, owner, number) for number in numbers]
    unit.expect(EntryApplication, ids)
    return [made for each in ids if (made := unit.read(EntryApplication, each)) is not None]


def find(unit: Unit, app: App, owner: str, apply_id: str) -> EntryApplication | None:
    """Return an application to one of a person's groups by its id."""
    found = unit.read(EntryApplication, restore_plus_signs(apply_id))
    if found is None or (found.app, found.owner) != (app.client_key, owner):
        return None
    return found


def decide(
    world: WorldState,
    unit: Unit,
    app: App,
    group: FanGroup,
    application: EntryApplication,
    status: int,
) -> None:
    """Approve an application, so that its person enters the group, or refuse it."""
    decided = replace(application, status=status)
    unit.write(decided.apply_id, decided)
    unit.drop(PendingEntry, f"{group.group_id} {application.person}")
    _tell(world, unit, app, decided)
    if status == APPROVED:
        _enter(world, unit, app, group, application.person)
