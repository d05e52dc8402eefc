"""Applications to enter fan groups: list them, approve or refuse one."""

from __future__ import annotations

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, PersonFields
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import fan_groups, group_entries, pagination
from mockdouyin.domain.grants import person_of_call
from mockdouyin.domain.group_entries import EntryApplication
from mockdouyin.endpoints import _group_texts as texts
from mockdouyin.endpoints.error_tables import fan_groups as tables
from mockdouyin.endpoints.error_tables.user_apis import PERSON
from mockdouyin.endpoints.fan_groups import DOC, SCOPE, beside, find_group

MAX_PAGE_SIZE = 100


class ApplicationsFields(PersonFields, kw_only=True):
    """A page of applications."""

    cursor: int = 0
    count: int = 0


class ApplicationRow(msgspec.Struct):
    """Who applied to which group, when (ms), and 1 waiting, 2 approved or 3 refused."""

    apply_id: str
    apply_status: int
    create_time: int
    group_id: str
    user_id: str


class ApplicationPage(msgspec.Struct):
    """A page of applications, oldest first."""

    cursor: int
    has_more: bool
    rows: list[ApplicationRow] = msgspec.field(name="list")


class Applications(msgspec.Struct):
    """A page of applications."""

    apply_list: ApplicationPage


@beside(
    "GET",
    "/im/group/enter/audit/get/",
    doc=DOC + "check-group-member",
    basis="documented",
    errors=PERSON,
    scope=SCOPE,
)
def list_applications(call: Call[ApplicationsFields]) -> Applications:
    """List the applications to a person's fan groups, decided ones too."""
    app, person = person_of_call(call)
    call.need("bad_params", "count")
    pagination.check(call.fields.cursor, call.fields.count, MAX_PAGE_SIZE)
    numbers = range(1, group_entries.count(call.unit, app, person) + 1)
    page = pagination.at(numbers, call.fields.cursor, call.fields.count)
    found = group_entries.applications(call.world, call.unit, app, person, page.rows)
    rows = [_row(call, app, each) for each in found]
    return Applications(ApplicationPage(page.cursor, page.has_more, rows))


def _row(call: Call[ApplicationsFields], app: App, made: EntryApplication) -> ApplicationRow:
    return ApplicationRow(
        made.apply_id,
        made.status,
        int(made.created * 1000),
        made.group_id,
        call.world.people.open_id(app, made.person),
    )


class DecisionFields(PersonFields, kw_only=True):
    """An application, and 2 to approve or 3 to refuse it."""

    apply_id: str = ""
    status: int = 0


class Decided(msgspec.Struct):
    """Whether the application was decided."""

    success: bool


@beside(
    "POST",
    "/im/group/enter/audit/set/",
    doc=DOC + "join-group-audit",
    basis="documented",
    errors=tables.DECIDE,
    scope=SCOPE,
    empty=Decided(success=False),
)
def decide_application(call: Call[DecisionFields]) -> Decided:
    """Approve or refuse an application to enter a fan group, once."""
    app, person = person_of_call(call)
    fields = call.fields
    call.need("bad_params", "apply_id", "status")
    if fields.status not in (group_entries.APPROVED, group_entries.REFUSED):
        raise DouyinError("bad_params", texts.APPLICATION_STATUS(got=fields.status))
    found = group_entries.find(call.unit, app, person, fields.apply_id)
    if found is None:
        why = texts.APPLICATION_UNKNOWN(person=person, apply_id=fields.apply_id)
        raise DouyinError("not_found", why)
    group = find_group(call, app, person, found.group_id)
    if found.status != group_entries.WAITING:
        raise DouyinError("wrong_state", texts.APPLICATION_DECIDED(status=found.status))
    if fields.status == group_entries.APPROVED and fan_groups.is_full(group):
        raise DouyinError("wrong_state", texts.GROUP_FULL(most=fan_groups.MAX_MEMBERS))
    group_entries.decide(call.world, call.unit, app, group, found, fields.status)
    return Decided(success=True)
