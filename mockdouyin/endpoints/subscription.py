"""Subscription messages 2.0 on open.douyin.com: send, query consent, manage templates."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.apps import Template
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import subscriptions
from mockdouyin.domain.rate_limits import limit_app
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints._templates import check_keywords, find_template, why_used_up
from mockdouyin.endpoints.error_tables import mini_app as tables

subscription: Family = Family(
    "subscription",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=28001038,
    errors=tables.TEMPLATES,
)

_DOC = "mini-app/develop/server/subscribe-notification/"
_PATH = "/api/notification/v2/subscription/"
_SCOPE = "notification.openapi.common"

ONE_TIME, LONG_TERM = 1, 2
"""`classification` of a template; no docs page says which number is which."""


class PublicTemplate(msgspec.Struct):
    """A template of the platform's public library, from which an app makes its own."""

    template_id: int
    classification: int
    title: str
    keyword_list: list[str]
    category_name: str
    host_list: list[str]


def library() -> dict[str, PublicTemplate]:
    """Return the platform's public templates, by id."""
    known: tuple[PublicTemplate, ...] = resources.records(  # type: ignore[assignment]
        "templates.json", PublicTemplate
    )
    return {str(template.template_id): template for template in known}


class MessageFields(TokenFields, kw_only=True):
    """A message; at this call the template's id is named msg_id, and there is no app_id."""

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
    errors=tables.NOTIFY_USER,
    scope=_SCOPE,
)
def notify_user(call: Call[MessageFields]) -> None:
    """Send a subscription message, version 2: with a client token."""
    fields = call.fields
    app = app_of_token(call, "client", limited=False)
    call.need("bad_params", "msg_id", "open_id", "data")
    if not set(fields.notify_type) <= {1, 2}:
        got = texts.shown_names(map(str, fields.notify_type))
        raise DouyinError("bad_params", texts.NOTIFY_TYPE(got=got))
    person = call.known_person(app, fields.open_id, "bad_open_id")
    # First, so that a message with a mistake in it belongs to the consent all the same.
    subscribed = subscriptions.subscription(call.unit, app, person, fields.msg_id)
    template = find_template(call, app, fields.msg_id, "bad_params")
    check_keywords(fields.data, template.fields, "bad_params")
    if subscribed.status == "reject":
        raise DouyinError("rejected", texts.SUBSCRIPTION_REJECTED(person=person))
    if subscribed.left == 0:
        case = "messages_used_up" if subscribed.ever else "not_subscribed"
        raise DouyinError(case, why_used_up(person, fields.msg_id))
    limit_app(call, app.client_key)
    subscriptions.spend(call.unit, app, person, fields.msg_id)


class SubscriberFields(TokenFields, kw_only=True):
    """A person, and the template that they answered to."""

    msg_id: str = ""
    open_id: str = ""


class SubscribeStatus(msgspec.Struct):
    """A person's answer to a template, and whether messages may be sent.

    The number: 0 none; 1 one-time, 2 long-term accepted; 3 long-term, 4 one-time refused.
    """

    subscribe_status: int
    user_allow_notification: bool


@subscription.endpoint(
    "POST",
    _PATH + "query_user_subscribe/",
    doc=_DOC + "user-template-status",
    basis="assumed",
    errors=tables.SUBSCRIBED,
    scope=_SCOPE,
)
def query_user_subscribe(call: Call[SubscriberFields]) -> SubscribeStatus:
    """Query whether a person accepted or refused messages of a template."""
    app = app_of_token(call, "client")
    call.need("bad_params", "msg_id", "open_id")
    person = call.known_person(app, call.fields.open_id, "bad_open_id")
    template = find_template(call, app, call.fields.msg_id, "bad_params")
    status = subscriptions.subscription(call.unit, app, person, call.fields.msg_id).status
    one_time = template.kind == "one_time"
    numbers = {"none": 0, "accept": 1 if one_time else 2, "reject": 4 if one_time else 3}
    return SubscribeStatus(numbers[status], status != "reject")


class NewTemplateFields(TokenFields, kw_only=True):
    """A new public template that the app proposes."""

    category_ids: str = ""
    classification: int = 0
    title: str = ""
    host_list: list[str] = []
    keyword_list: list[str] = []


@subscription.endpoint(
    "POST", _PATH + "create_tpl/", doc=_DOC + "create-tpl-v2", basis="observed", scope=_SCOPE
)
def create_tpl(call: Call[NewTemplateFields]) -> None:
    """Propose a new public template; it goes to review, listed with status 1."""
    fields = call.fields
    app = app_of_token(call, "client")
    call.need("bad_params", "category_ids", "classification", "title", "host_list", "keyword_list")
    if fields.classification not in (ONE_TIME, LONG_TERM):
        why = texts.CLASSIFICATION(got=str(fields.classification))
        raise DouyinError("bad_params", why)
    own = subscriptions.own(call.unit, app)
    proposed: dict[str, object] = {
        "title": fields.title,
        "keyword_list": fields.keyword_list,
        "classification": fields.classification,
        "host_list": fields.host_list,
        "operating_time": int(call.now),
        "status": 1,
        "fail_reason": "",
    }
    created = (*own.created, proposed)
    call.unit.write(app.client_key, msgspec.structs.replace(own, created=created))


class AddTemplateFields(TokenFields, kw_only=True):
    """A public template, and those of its keywords that the app uses."""

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
        why = texts.PUBLIC_TEMPLATE_UNKNOWN(template=str(fields.template_id))
        raise DouyinError("bad_params", why)
    unknown = [word for word in fields.keyword_list if word not in public.keyword_list]
    if unknown:
        raise DouyinError("bad_params", texts.PUBLIC_TEMPLATE_KEYWORD(keyword=unknown[0]))
    own = subscriptions.own(call.unit, app)
    count = len(own.added) + len(own.removed)
    msg_id = "MSG" + call.world.ids.digits(19, "msg_id", app.client_key, count)
    template = Template(
        kind="one_time" if public.classification == ONE_TIME else "long_term",
        fields=tuple(fields.keyword_list),
        title=public.title,
    )
    added = {**own.added, msg_id: template}
    call.unit.write(app.client_key, msgspec.structs.replace(own, added=added))
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
    find_template(call, app, call.fields.msg_id, "bad_params")
    own = subscriptions.own(call.unit, app)
    removed = (*own.removed, call.fields.msg_id)
    call.unit.write(app.client_key, msgspec.structs.replace(own, removed=removed))


class TemplatePageFields(TokenFields, kw_only=True):
    """A page of a list: pages are numbered from 1 and have at most 50 rows."""

    page_num: int = 0
    page_size: int = 0
    classification: int = 0
    category_ids: str = ""
    keyword: str = ""
    template_type: int = 0
    status: int = 0


class TemplateList(msgspec.Struct):
    """A page of templates, and how many there are in all."""

    total_count: int
    template_list: list[Any]


def _page(call: Call[TemplatePageFields], rows: list[Any]) -> TemplateList:
    call.need("bad_params", "page_num", "page_size")
    number, size = call.fields.page_num, call.fields.page_size
    if number < 1 or not 1 <= size <= 50:
        raise DouyinError("bad_params", texts.TEMPLATE_PAGE())
    return TemplateList(len(rows), rows[(number - 1) * size : number * size])


@subscription.endpoint(
    "GET",
    _PATH + "query_tpl_list/",
    doc=_DOC + "query-tpl-list-v2",
    basis="observed",
    scope=_SCOPE,
)
def query_tpl_list(call: Call[TemplatePageFields]) -> TemplateList:
    """List the platform's public templates of a classification, by keyword."""
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
def query_app_tpl(call: Call[TemplatePageFields]) -> TemplateList:
    """List the app's own templates."""
    app = app_of_token(call, "client")
    call.need("bad_params", "classification")
    fields = call.fields
    rows = []
    for msg_id, template in subscriptions.templates_of(call.unit, app).items():
        classification = ONE_TIME if template.kind == "one_time" else LONG_TERM
        if classification == fields.classification:
            rows.append(_app_template(msg_id, template, classification))
    return _page(call, rows)


def _app_template(msg_id: str, template: Template, classification: int) -> dict[str, Any]:
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
def query_created_tpl_list(call: Call[TemplatePageFields]) -> TemplateList:
    """List the public templates that the app proposed, with the state of their review."""
    app = app_of_token(call, "client")
    created = subscriptions.own(call.unit, app).created
    status = call.fields.status
    return _page(call, [row for row in created if status in (0, row["status"])])
