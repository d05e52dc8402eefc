"""Subscription messages 2.0 on open.douyin.com: sending, asking, and the templates."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.apps import App, Template
from mockdouyin.core.credentials import why_nobody
from mockdouyin.core.endpoint import Call, Family, TokenFields
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import subscriptions
from mockdouyin.domain.limits import limit_app
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import error_tables

subscription = Family(
    "subscription",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=28001038,
    errors=error_tables.TEMPLATES,
)

_DOC = "mini-app/develop/server/subscribe-notification/"
_PATH = "/api/notification/v2/subscription/"
_SCOPE = "notification.openapi.common"

ONE_TIME, LONG_TERM = 1, 2
"""`classification` of a template; no page says which is which."""


class PublicTemplate(msgspec.Struct):
    """A template of the platform's library, from which an app makes its own."""

    template_id: int
    classification: int
    title: str
    keyword_list: list[str]
    category_name: str
    host_list: list[str]


def library() -> dict[str, PublicTemplate]:
    """Give the platform's public templates, by id."""
    known: tuple[PublicTemplate, ...] = resources.records(  # type: ignore[assignment]
        "templates.json", PublicTemplate
    )
    return {str(template.template_id): template for template in known}


class MessageFields(TokenFields, kw_only=True):
    """A message: the template is msg_id here, and there is no app_id."""

    msg_id: str = ""
    open_id: str = ""
    data: dict[str, Any] = {}
    page: str = ""
    notify_type: list[int] = []


@subscription.endpoint(
    "POST",
    _PATH + "notify_user/",
    doc=_DOC + "notify-user-v2",
    basis="observed",
    errors=error_tables.NOTIFY_USER,
    scope=_SCOPE,
)
def notify_user(call: Call[MessageFields]) -> None:
    """Send a subscription message with a client token."""
    fields = call.fields
    app = app_of_token(call, "client", limited=False)
    call.need("bad_params", "msg_id", "open_id", "data")
    if not set(fields.notify_type) <= {1, 2}:
        raise DouyinError("bad_params", f"notify_type is {fields.notify_type}; it has 1 and 2")
    person = _person(call, app, fields.open_id)
    template = _template(call, app, fields.msg_id)
    if template.fields and set(fields.data) != set(template.fields):
        wanted = ", ".join(template.fields)
        raise DouyinError(
            "bad_params", f"data must have {wanted}, and has {', '.join(fields.data)}"
        )
    held = subscriptions.subscription(call.unit, app, person, fields.msg_id)
    if held.status == "reject":
        raise DouyinError("rejected", f"{person} has refused this template")
    if held.left == 0:
        case = "messages_used_up" if held.ever else "not_subscribed"
        raise DouyinError(
            case,
            f"{person} has no message of template {fields.msg_id} left;"
            f" {subscriptions.how_to_consent(person, fields.msg_id)}",
        )
    limit_app(call, app.client_key)
    subscriptions.spend(call.unit, app, person, fields.msg_id)


def _person(call: Call[Any], app: App, open_id: str) -> str:
    person = call.world.people.owner(app, open_id)
    if person is None:
        raise DouyinError("bad_open_id", why_nobody(call, app, open_id))
    call.person = person
    return person


def _template(call: Call[Any], app: App, msg_id: str) -> Template:
    template = subscriptions.templates_of(call.unit, app).get(msg_id)
    if template is None:
        raise DouyinError("bad_params", f"app {app.name!r} has no template {msg_id!r}")
    return template


class SubscriberFields(TokenFields, kw_only=True):
    """Whose answer to which template."""

    msg_id: str = ""
    open_id: str = ""


class SubscribeStatus(msgspec.Struct):
    """0 none; 1 one-time, 2 long-term accepted; 3 long-term, 4 one-time refused."""

    subscribe_status: int
    user_allow_notification: bool


@subscription.endpoint(
    "POST",
    _PATH + "query_user_subscribe/",
    doc=_DOC + "user-template-status",
    basis="assumed",
    errors=error_tables.SUBSCRIBED,
    scope=_SCOPE,
)
def query_user_subscribe(call: Call[SubscriberFields]) -> SubscribeStatus:
    """Tell what a person answered to a template."""
    app = app_of_token(call, "client")
    call.need("bad_params", "msg_id", "open_id")
    person = _person(call, app, call.fields.open_id)
    template = _template(call, app, call.fields.msg_id)
    held = subscriptions.subscription(call.unit, app, person, call.fields.msg_id)
    one_time = template.kind == "one_time"
    numbers = {"none": 0, "accept": 1 if one_time else 2, "reject": 4 if one_time else 3}
    return SubscribeStatus(numbers[held.status], held.status != "reject")


class NewTemplateFields(TokenFields, kw_only=True):
    """A public template that the app proposes."""

    category_ids: str = ""
    classification: int = 0
    title: str = ""
    host_list: list[str] = []
    keyword_list: list[str] = []


@subscription.endpoint(
    "POST", _PATH + "create_tpl/", doc=_DOC + "create-tpl-v2", basis="observed", scope=_SCOPE
)
def create_tpl(call: Call[NewTemplateFields]) -> None:
    """Propose a new public template; it goes to review and is listed with status 1."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "category_ids", "classification", "title", "host_list", "keyword_list")
    if fields.classification not in (ONE_TIME, LONG_TERM):
        raise DouyinError("bad_params", f"classification is {fields.classification}, not 1 or 2")
    changed = subscriptions.own(call.unit, app)
    created: dict[str, object] = {
        "title": fields.title,
        "keyword_list": fields.keyword_list,
        "classification": fields.classification,
        "host_list": fields.host_list,
        "operating_time": int(call.now),
        "status": 1,
        "fail_reason": "",
    }
    created_all = (*changed.created, created)
    call.unit.write(app.client_key, msgspec.structs.replace(changed, created=created_all))


class AddTemplateFields(TokenFields, kw_only=True):
    """A public template, and which of its keywords the app takes."""

    template_id: str | int = ""
    keyword_list: list[str] = []
    ISVClientKey: str = ""


class MessageId(msgspec.Struct):
    """The id of an app's own template."""

    msg_id: str


@subscription.endpoint(
    "POST", _PATH + "add_app_tpl/", doc=_DOC + "add-app-tpl-v2", basis="observed", scope=_SCOPE
)
def add_app_tpl(call: Call[AddTemplateFields]) -> MessageId:
    """Make an app's own template from a public one and some of its keywords."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "template_id", "keyword_list")
    public = library().get(str(fields.template_id))
    if public is None:
        raise DouyinError("bad_params", f"there is no public template {fields.template_id!r}")
    strange = [word for word in fields.keyword_list if word not in public.keyword_list]
    if strange:
        raise DouyinError("bad_params", f"the public template has no keyword {strange[0]!r}")
    changed = subscriptions.own(call.unit, app)
    count = len(changed.added) + len(changed.removed)
    msg_id = "MSG" + call.world.ids.digits(19, "msg_id", app.client_key, count)
    made = Template(
        kind="one_time" if public.classification == ONE_TIME else "long_term",
        fields=tuple(fields.keyword_list),
        title=public.title,
    )
    added = {**changed.added, msg_id: made}
    call.unit.write(app.client_key, msgspec.structs.replace(changed, added=added))
    return MessageId(msg_id)


class OneTemplateFields(TokenFields, kw_only=True):
    """One of the app's own templates."""

    msg_id: str = ""


@subscription.endpoint(
    "POST",
    _PATH + "delete_app_tpl/",
    doc=_DOC + "delete-app-tpl-v2",
    basis="observed",
    scope=_SCOPE,
)
def delete_app_tpl(call: Call[OneTemplateFields]) -> None:
    """Delete one of the app's own templates."""
    app = app_of_token(call, "client")
    call.need("bad_params", "msg_id")
    _template(call, app, call.fields.msg_id)
    changed = subscriptions.own(call.unit, app)
    removed = (*changed.removed, call.fields.msg_id)
    call.unit.write(app.client_key, msgspec.structs.replace(changed, removed=removed))


class PageFields(TokenFields, kw_only=True):
    """Which page of a list: numbers from 1, at most 50 a page."""

    page_num: int = 0
    page_size: int = 0
    classification: int = 0
    category_ids: str = ""
    keyword: str = ""
    template_type: int = 0
    status: int = 0


class TemplateList(msgspec.Struct):
    """One page of templates, and how many there are in all."""

    total_count: int
    template_list: list[Any]


def _page(call: Call[PageFields], rows: list[Any]) -> TemplateList:
    call.need("bad_params", "page_num", "page_size")
    number, size = call.fields.page_num, call.fields.page_size
    if number < 1 or not 1 <= size <= 50:
        raise DouyinError("bad_params", "page_num begins at 1, page_size is at most 50")
    return TemplateList(len(rows), rows[(number - 1) * size : number * size])


@subscription.endpoint(
    "GET",
    _PATH + "query_tpl_list/",
    doc=_DOC + "query-tpl-list-v2",
    basis="observed",
    scope=_SCOPE,
)
def query_tpl_list(call: Call[PageFields]) -> TemplateList:
    """List the platform's public templates."""
    app_of_token(call, "client")
    call.need("bad_params", "classification")
    fields = call.fields
    rows = [
        template
        for template in library().values()
        if template.classification == fields.classification
        and fields.keyword in template.title + "".join(template.keyword_list)
    ]
    return _page(call, rows)


@subscription.endpoint(
    "GET", _PATH + "query_app_tpl/", doc=_DOC + "query-app-tpl-v2", basis="observed", scope=_SCOPE
)
def query_app_tpl(call: Call[PageFields]) -> TemplateList:
    """List the app's own templates."""
    app = app_of_token(call, "client")
    call.need("bad_params", "classification")
    fields = call.fields
    rows = []
    for msg_id, template in subscriptions.templates_of(call.unit, app).items():
        classification = ONE_TIME if template.kind == "one_time" else LONG_TERM
        if classification == fields.classification:
            rows.append(_own_row(msg_id, template, classification))
    return _page(call, rows)


def _own_row(msg_id: str, template: Template, classification: int) -> dict[str, Any]:
    public = next((each for each in library().values() if each.title == template.title), None)
    return {
        "msg_id": msg_id,
        "template_id": public.template_id if public else 0,
        "classification": classification,
        "title": template.title,
        "keyword_list": list(template.fields),
        "category_name": public.category_name if public else "",
        "host_list": ["douyin"],
    }


@subscription.endpoint(
    "GET",
    _PATH + "query_created_tpl_list/",
    doc=_DOC + "query-created-tpl-list-v2",
    basis="documented",
    scope=_SCOPE,
)
def query_created_tpl_list(call: Call[PageFields]) -> TemplateList:
    """List the public templates that the app proposed, with the state of their review."""
    app = app_of_token(call, "client")
    created = subscriptions.own(call.unit, app).created
    wanted = call.fields.status
    return _page(call, [row for row in created if wanted in (0, row["status"])])
