"""Subscription messages: an app's templates, and how many messages a person still allows."""

from __future__ import annotations

import shlex
from typing import Any, Literal

import msgspec

from mockdouyin.core.apps import App, Template
from mockdouyin.core.bounds import MAX_INT
from mockdouyin.core.store import Record, Unit

ConsentStatus = Literal["none", "accept", "reject"]


class Subscription(Record, frozen=True):
    """A person's answer to one template of one app."""

    TABLE = "Subscription"

    status: ConsentStatus = "none"
    left: int | None = 0
    """Messages that may still be sent; None is no bound."""
    ever: bool = False
    """Whether it was accepted before: a used-up quota is told from a missing consent."""


class OwnTemplates(Record, frozen=True):
    """Templates that an app added, and those it deleted, while the world ran."""

    TABLE = "OwnTemplates"

    added: dict[str, Template] = {}
    removed: tuple[str, ...] = ()
    created: tuple[dict[str, Any], ...] = ()
    """New public templates that it proposed, still under review."""


def _place(app: App, person: str, template: str) -> str:
    return f"{app.client_key} {person} {template}"


def own(unit: Unit, app: App) -> OwnTemplates:
    """Give what the app changed about its templates."""
    return unit.read(OwnTemplates, app.client_key) or OwnTemplates()


def how_to_consent(person: str, template_id: str) -> str:
    """Say how a person allows messages of a template: their phone asks them."""
    return (
        "their phone has to ask them: `mockdouyin phone requestSubscribeMessage"
        f""" --person {shlex.quote(person)} --arg 'tmplIds=["{template_id}"]'`"""
    )


def templates_of(unit: Unit, app: App) -> dict[str, Template]:
    """Give the templates that the app has now, by id."""
    changed = own(unit, app)
    both = {**app.templates, **changed.added}
    return {key: each for key, each in both.items() if key not in changed.removed}


def subscription(unit: Unit, app: App, person: str, template: str) -> Subscription:
    """Give the person's standing answer to a template."""
    return unit.read(Subscription, _place(app, person, template)) or Subscription()


def accept(unit: Unit, app: App, person: str, template_id: str, template: Template) -> None:
    """Record that the person allowed messages: a one-time consent adds its messages."""
    before = subscription(unit, app, person, template_id)
    messages = template.messages
    if template.kind == "one_time" and messages is not None:
        left: int | None = min((before.left or 0) + messages, MAX_INT)
    else:
        left = messages
    made = Subscription(status="accept", left=left, ever=True)
    unit.write(_place(app, person, template_id), made)


def reject(unit: Unit, app: App, person: str, template_id: str) -> None:
    """Record that the person refused; a long-term consent ends by it."""
    before = subscription(unit, app, person, template_id)
    template = templates_of(unit, app).get(template_id)
    left = 0 if template and template.kind == "long_term" else before.left
    made = msgspec.structs.replace(before, status="reject", left=left)
    unit.write(_place(app, person, template_id), made)


def spend(unit: Unit, app: App, person: str, template_id: str) -> None:
    """Count one message sent."""
    before = subscription(unit, app, person, template_id)
    if before.left is not None:
        unit.write(
            _place(app, person, template_id),
            msgspec.structs.replace(before, left=before.left - 1),
        )


def use_up(unit: Unit, app: App, person: str, template_id: str) -> None:
    """Record that every message of the person's consent was sent."""
    before = subscription(unit, app, person, template_id)
    status: ConsentStatus = "accept" if before.status == "none" else before.status
    unit.write(_place(app, person, template_id), Subscription(status=status, left=0, ever=True))
