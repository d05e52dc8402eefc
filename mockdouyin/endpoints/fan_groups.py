"""Fan groups: how many a person can create, create, list, and set what greets or is noticed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.endpoint import EndpointHandler
from mockdouyin.core.envelopes import BesideExtra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import fan_groups
from mockdouyin.domain.fan_groups import FanGroup
from mockdouyin.domain.grants import person_of_call
from mockdouyin.endpoints import _group_texts as texts
from mockdouyin.endpoints._message_contents import read_content
from mockdouyin.endpoints.direct_messages import im
from mockdouyin.endpoints.error_tables import fan_groups as tables
from mockdouyin.endpoints.error_tables.user_apis import PERSON

DOC = "mini-app/develop/server/reach-marketing/instant-message/group-chat/group-manage/"
SCOPE = "im.group_fans.create_list"

beside: partial[Callable[[EndpointHandler], EndpointHandler]] = partial(
    im.endpoint, envelope=BesideExtra(), malformed=2100005
)
"""Declare an endpoint of the older generation, whose payload stands beside `data`."""


MAX_NUMBER = 99
"""The highest number of a kind of group or card, or of a card's component."""


def check_numbers(name: str, numbers: list[int], least: int) -> None:
    """Refuse numbers of kinds that no kind can have."""
    for each in numbers:
        if not least <= each <= MAX_NUMBER:
            why = texts.NUMBER_OUT_OF_RANGE(name=name, got=each, least=least, most=MAX_NUMBER)
            raise DouyinError("bad_params", why)


class GroupCount(msgspec.Struct):
    """How many groups the person can still create."""

    left_count: int


@beside(
    "GET",
    "/im/group/count/",
    "/im/group/fans/count/",
    doc=DOC + "query-group-scope",
    basis="documented",
    errors=PERSON,
    scope=SCOPE,
)
def group_count(call: Call[PersonFields]) -> GroupCount:
    """Tell how many fan groups a person can still create."""
    app, person = person_of_call(call)
    return GroupCount(fan_groups.left(call.unit, app, person))


class CreateGroupFields(PersonFields, kw_only=True):
    """What a group is called, and whom it takes; of the other switches nothing is seen here."""

    group_name: str = ""
    avatar_uri: str = ""
    description: str = ""
    group_type: int = 1
    relation_type: int = 0
    open_audit_switch: int = 0
    show_at_profile: int = 0
    live_auto_sync: int = 0
    item_auto_sync: int = 0
    active_fans: str = ""
    allow_invite: str = ""
    fans_limit: str = ""


class CreatedGroup(msgspec.Struct):
    """The id of a group."""

    group_id: str


@beside(
    "POST",
    "/im/group/fans/create/",
    doc=DOC + "create-group",
    basis="documented",
    errors=tables.CREATE,
    scope=SCOPE,
)
def create_group(call: Call[CreateGroupFields]) -> CreatedGroup:
    """Create a fan group, of which the person is the owner."""
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "group_name", "avatar_uri", "description")
    if fields.relation_type not in fan_groups.RELATIONS:
        known = [str(each) for each in fan_groups.RELATIONS]
        why = texts.RELATION_TYPE(got=fields.relation_type, known=known)
        raise DouyinError("bad_params", why)
    check_numbers("group_type", [fields.group_type], 0)
    if fan_groups.left(call.unit, app, person) <= 0:
        why = texts.TOO_MANY_GROUPS(person=person, most=fan_groups.MAX_GROUPS)
        raise DouyinError("too_many", why)
    made = fan_groups.create(
        call.world,
        call.unit,
        app,
        person,
        name=fields.group_name,
        description=fields.description,
        avatar=fields.avatar_uri,
        kind=fields.group_type,
        relation=fields.relation_type,
        audited=fields.open_audit_switch == 1,
    )
    return CreatedGroup(made.group_id)


class GroupRow(msgspec.Struct):
    """A group, with how many people are in it."""

    group_id: str
    group_name: str
    avatar_uri: str
    description: str
    exist_num: int
    max_num: int
    status: str
    entry_limit: list[str] | None
    tags: list[str] | None
    group_type: int


class GroupRows(msgspec.Struct):
    """A person's groups."""

    group_list: list[GroupRow]


@beside(
    "GET",
    "/im/group/fans/list/",
    doc=DOC + "query-group-information",
    basis="documented",
    errors=PERSON,
    scope=SCOPE,
)
def list_groups(call: Call[PersonFields]) -> GroupRows:
    """List the fan groups of a person that the app created, oldest first."""
    app, person = person_of_call(call)
    return GroupRows([_row(each) for each in fan_groups.groups_of(call.unit, app, person)])


def _row(group: FanGroup) -> GroupRow:
    return GroupRow(
        group.group_id,
        group.name,
        group.avatar,
        group.description,
        group.members,
        fan_groups.MAX_MEMBERS,
        "Normal",
        _entry_limit(group),
        None,
        group.kind,
    )


def _entry_limit(group: FanGroup) -> list[str] | None:
    if group.relation == 0:
        return None
    return ["关注群主"] if group.relation == 1 else [f"关注群主{group.relation}天"]


class SettingFields(PersonFields, kw_only=True):
    """Which group, and whether it is about its greeting (1) or its notice (2)."""

    group_id: str = ""
    group_setting_type: int = 0


class SetFields(SettingFields, kw_only=True):
    """The messages to greet with or to notice; without a group they are for all groups."""

    msg_list: list[dict[str, Any]] = []


@im.endpoint(
    "POST",
    "/im/group/setting/set/",
    doc=DOC + "group-setting",
    basis="documented",
    errors=tables.SET,
    scope="promotion.coupon.admin",
)
def set_group_setting(call: Call[SetFields]) -> None:
    """Set a fan group's notice, or the greeting that is sent when somebody joins."""
    app, person = person_of_call(call)
    fields = call.fields
    _check_setting(call)
    call.need("bad_params", "msg_list")
    kinds = fan_groups.SETTING_KINDS
    contents = [read_content(call, app, person, each, kinds) for each in fields.msg_list]
    messages = tuple({"kind": each.kind, "content": each.fields} for each in contents)
    for group in named_groups(call, app, person):
        fan_groups.set_messages(call.unit, group, fields.group_setting_type, messages)


@im.endpoint(
    "POST",
    "/im/group/setting/disable/",
    doc=DOC + "cancel-group-setting",
    basis="documented",
    errors=tables.DISABLE,
    scope=SCOPE,
)
def disable_group_setting(call: Call[SettingFields]) -> None:
    """Take away a fan group's greeting or its notice."""
    app, person = person_of_call(call)
    _check_setting(call)
    call.need("bad_params", "group_id")
    group = find_group(call, app, person, call.fields.group_id)
    fan_groups.set_messages(call.unit, group, call.fields.group_setting_type, ())


def _check_setting(call: Call[Any]) -> None:
    call.need("bad_params", "group_setting_type")
    if call.fields.group_setting_type not in (fan_groups.GREETING, fan_groups.NOTICE):
        why = texts.SETTING_TYPE(got=call.fields.group_setting_type)
        raise DouyinError("bad_params", why)


def named_groups(call: Call[Any], app: App, person: str) -> list[FanGroup]:
    """Return the group that a call names, or without a name all of the person's."""
    if call.fields.group_id:
        return [find_group(call, app, person, call.fields.group_id)]
    groups = fan_groups.groups_of(call.unit, app, person)
    if not groups:
        raise DouyinError("not_found", texts.NO_GROUPS(person=person))
    return groups


def find_group(call: Call[Any], app: App, person: str, group_id: str) -> FanGroup:
    """Return one of a person's groups, or refuse the call."""
    group = fan_groups.find(call.unit, app, person, group_id)
    if group is None:
        why = texts.GROUP_UNKNOWN(person=person, group_id=group_id)
        raise DouyinError("not_found", why)
    return group
