"""Checks that every call about subscription messages makes: the template, its keywords."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.apps import App, Template
from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.texts import Text
from mockdouyin.domain import subscriptions
from mockdouyin.domain.texts import EMPTY_LIST
from mockdouyin.endpoints import _texts as texts


def find_template(call: Call[Any], app: App, template_id: str, case: str) -> Template:
    """Return one of the app's templates, or refuse the call with this case."""
    templates = subscriptions.templates_of(call.unit, app)
    template = templates.get(template_id)
    if template is None:
        if templates:
            known = texts.shown_names(templates)
            why = texts.TEMPLATE_UNKNOWN(app=app.name, template=template_id, known=known)
        else:
            why = texts.TEMPLATE_UNKNOWN_OF_NONE(app=app.name, template=template_id)
        raise DouyinError(case, why)
    return template


def check_keywords(data: dict[str, Any], keywords: tuple[str, ...], case: str) -> None:
    """Refuse a message unless its data has exactly the template's keywords."""
    if keywords and set(data) != set(keywords):
        got = texts.shown_names(data) or EMPTY_LIST()
        raise DouyinError(case, texts.KEYWORDS_WRONG(got=got, needed=list(keywords)))


def why_used_up(person: str, template_id: str) -> Text:
    """Explain that a person has no message of a template left, and how they allow more."""
    hint = subscriptions.how_to_consent(person, template_id)
    return texts.SUBSCRIPTION_USED_UP(person=person, template=template_id, hint=hint)
