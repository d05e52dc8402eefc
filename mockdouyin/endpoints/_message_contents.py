"""The content of a message, as calls send it: what must be in it, and that its cards are there."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from mockdouyin.core import bounds
from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import (
    applet_templates,
    card_lists,
    direct_messages,
    fan_groups,
    retain_cards,
)
from mockdouyin.endpoints import _group_texts as group_texts
from mockdouyin.endpoints import _texts as texts


class Content(NamedTuple):
    """The kind of a message, and what it says."""

    kind: str
    fields: dict[str, Any]


def read_content(
    call: Call[Any], app: App, person: str, message: dict[str, Any], kinds: Collection[str]
) -> Content:
    """Read a message of one of these kinds that a person is to send, or refuse the call."""
    kind = _kind(message, kinds)
    fields = message.get(kind)
    needed = direct_messages.NEEDED.get(kind)
    if not isinstance(fields, dict) or (needed and not fields.get(needed)):
        name = f"{kind}.{needed}" if needed else kind
        why = texts.MESSAGE_CONTENT_MISSING(name=name)
        raise DouyinError("bad_params", why, detail=f"{name} must have a value")
    for path, flaw in bounds.find_problems(fields):
        why = texts.MESSAGE_CONTENT_INVALID(field=bounds.format_path((kind, *path)), flaw=flaw)
        raise DouyinError("bad_params", why)
    _check_card(call, app, person, kind, fields)
    return Content(kind, fields)


def _kind(message: dict[str, Any], kinds: Collection[str]) -> str:
    number = message.get("msg_type")
    if isinstance(number, int):
        kind = direct_messages.KINDS.get(number)
        if kind in kinds:
            return str(kind)
        # Its number is in no page of the docs.
        if kind is None and "template_card" in kinds and "template_card" in message:
            return "template_card"
    known = [str(each) for each, kind in direct_messages.KINDS.items() if kind in kinds]
    raise DouyinError("bad_params", texts.MSG_TYPE(got=repr(number), known=known))


def _check_card(call: Call[Any], app: App, person: str, kind: str, fields: dict[str, Any]) -> None:
    """Refuse a card or group that is not there, or a card that the platform refused."""
    if kind == "retain_consult_card":
        _check_retain_card(call, app, person, str(fields["card_id"]))
    elif kind in ("applet_card", "template_card") and fields.get("card_template_id"):
        _check_template(call, app, str(fields["card_template_id"]))
    elif kind == "group_invitation" and fields.get("group_id"):
        group_id = str(fields["group_id"])
        if fan_groups.find(call.unit, app, person, group_id) is None:
            why = group_texts.GROUP_UNKNOWN(person=person, group_id=group_id)
            raise DouyinError("bad_params", why)


def _check_retain_card(call: Call[Any], app: App, person: str, card_id: str) -> None:
    card = retain_cards.find(call.unit, app, person, card_id)
    if card is None:
        why = group_texts.CARD_UNKNOWN(person=person, card_id=card_id)
        raise DouyinError("bad_params", why)
    if _is_refused(call, card.submitted):
        raise DouyinError("bad_params", group_texts.CARD_REFUSED(card_id=card_id))


def _check_template(call: Call[Any], app: App, template_id: str) -> None:
    template = applet_templates.find(call.unit, app, template_id)
    if template is None:
        raise DouyinError("bad_params", group_texts.TEMPLATE_UNKNOWN(template=template_id))
    if _is_refused(call, template.submitted):
        raise DouyinError("bad_params", group_texts.TEMPLATE_REFUSED(template=template_id))


def _is_refused(call: Call[Any], submitted: float) -> bool:
    return card_lists.audit_status(call.world, call.now, submitted) == card_lists.REFUSED
