"""小程序引导卡片: an app's templates of cards that lead into a mini-program."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.envelopes import Extra
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import applet_templates, card_lists, pagination
from mockdouyin.domain.applet_templates import AppletTemplate
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.endpoints import _group_texts as texts
from mockdouyin.endpoints.direct_messages import im
from mockdouyin.endpoints.error_tables import fan_groups as tables
from mockdouyin.endpoints.error_tables.user_apis import APP
from mockdouyin.endpoints.fan_groups import check_numbers

_DOC = "mini-app/develop/server/reach-marketing/instant-message/business-tool/micro-app-card/"
_PATH = "/api/douyin/v1/im/"

MAX_PAGE_SIZE = 50
_PAGE_SIZE = 20
"""Templates of a page, unless the call says."""

_of_app = partial(im.endpoint, envelope=Extra(), malformed=2100005, scope="im.microapp_card")


class TemplateFields(TokenFields, kw_only=True):
    """A template; with an id only what is to be changed."""

    card_template_id: str = ""
    app_id: str = ""
    card_type: int = 0
    title: str = ""
    content: str = ""
    media_id: str = ""


class SetTemplate(msgspec.Struct):
    """The id of a template."""

    card_template_id: str


@_of_app(
    "POST",
    _PATH + "set_applet_template/",
    doc=_DOC + "create-template",
    basis="documented",
    errors=tables.SET_TEMPLATE,
)
def set_applet_template(call: Call[TemplateFields]) -> SetTemplate:
    """Create a template, or change one, which is audited anew; same content, same id."""
    app = app_of_token(call, "client")
    check_numbers("card_type", [call.fields.card_type], 0)
    if call.fields.card_template_id:
        before = _template(call, app)
        changed = _changed(call.fields, before, call.now)
        if changed != before:
            applet_templates.change(call.world, call.unit, before, changed)
        return SetTemplate(before.template_id)
    call.need("bad_params", "title", "media_id")
    made = _new(call, app)
    same = applet_templates.find_same(call.world, call.unit, made)
    if same is not None:
        return SetTemplate(same.template_id)
    if applet_templates.is_full(call.unit, app):
        why = texts.TOO_MANY_CARDS(most=applet_templates.MAX_TEMPLATES)
        raise DouyinError("too_many", why)
    applet_templates.create(call.world, call.unit, made)
    return SetTemplate(made.template_id)


def _template(call: Call[Any], app: App) -> AppletTemplate:
    template_id = call.fields.card_template_id
    found = applet_templates.find(call.unit, app, template_id)
    if found is None:
        raise DouyinError("not_found", texts.TEMPLATE_UNKNOWN(template=template_id))
    return found


def _new(call: Call[TemplateFields], app: App) -> AppletTemplate:
    fields = call.fields
    return AppletTemplate(
        template_id=applet_templates.next_id(call.world, call.unit, app),
        app=app.client_key,
        mini_program=fields.app_id,
        kind=fields.card_type or 1,
        title=fields.title,
        content=fields.content,
        media_id=fields.media_id,
        created=call.now,
        submitted=call.now,
    )


def _changed(fields: TemplateFields, before: AppletTemplate, now: float) -> AppletTemplate:
    """Return a template as a call changes it: what it does not say stays."""
    after = replace(
        before,
        mini_program=fields.app_id or before.mini_program,
        kind=fields.card_type or before.kind,
        title=fields.title or before.title,
        content=fields.content or before.content,
        media_id=fields.media_id or before.media_id,
    )
    return before if after == before else replace(after, submitted=now)


class TemplatesFields(TokenFields, kw_only=True):
    """A page of templates: of all, of those with a status, or the one with an id."""

    card_template_id: str = ""
    status: int | None = None
    cursor: int = 0
    count: int = 0


class TemplateRow(msgspec.Struct, omit_defaults=True):
    """A template, and 0 in review, 1 passed or 2 refused."""

    card_template_id: str
    card_type: int
    status: int
    title: str
    content: str
    media_id: str
    name: str
    app_icon_url: str
    app_id: str
    create_time: int
    update_time: int
    reject_reasons: str = ""


class TemplatePage(msgspec.Struct):
    """A page of templates, oldest first."""

    has_more: bool
    cursor: int
    rows: list[TemplateRow] = msgspec.field(name="list")


@_of_app(
    "POST",
    _PATH + "get_applet_template/",
    doc=_DOC + "query-template",
    basis="documented",
    errors=APP,
)
def get_applet_template(call: Call[TemplatesFields]) -> TemplatePage:
    """List an app's templates, with how their audit stands."""
    app = app_of_token(call, "client")
    fields = call.fields
    count = fields.count or _PAGE_SIZE
    pagination.check(fields.cursor, count, MAX_PAGE_SIZE)
    rows = [_row(call, app, each) for each in _wanted(call, app)]
    if fields.status is not None:
        rows = [each for each in rows if each.status == fields.status]
    page = pagination.at(rows, fields.cursor, count)
    return TemplatePage(page.has_more, page.cursor, page.rows)


def _wanted(call: Call[TemplatesFields], app: App) -> list[AppletTemplate]:
    if not call.fields.card_template_id:
        return applet_templates.templates_of(call.unit, app)
    found = applet_templates.find(call.unit, app, call.fields.card_template_id)
    return [] if found is None else [found]


def _row(call: Call[Any], app: App, made: AppletTemplate) -> TemplateRow:
    shown = call.world.apps.get(made.mini_program, app)
    status = card_lists.audit_status(call.world, call.now, made.submitted)
    icon = call.world.ids.hex(16, "app_icon", shown.client_key)
    return TemplateRow(
        made.template_id,
        made.kind,
        status,
        made.title,
        made.content,
        made.media_id,
        shown.name,
        f"https://p3.example.test/{icon}.jpeg",
        made.mini_program or app.client_key,
        int(made.created),
        int(made.submitted),
        "内容不符合规范" if status == card_lists.REFUSED else "",
    )


class DeleteTemplateFields(TokenFields, kw_only=True):
    """A template, which the docs put into the query."""

    card_template_id: str = ""


@_of_app(
    "POST",
    _PATH + "del_applet_template/",
    doc=_DOC + "delete-template",
    basis="documented",
    errors=tables.DELETE_TEMPLATE,
)
def delete_applet_template(call: Call[DeleteTemplateFields]) -> None:
    """Delete one of an app's templates."""
    app = app_of_token(call, "client")
    call.need("bad_params", "card_template_id")
    applet_templates.delete(call.world, call.unit, _template(call, app))
