"""Subscription messages: an app's templates, and how many messages a person still allows."""

from __future__ import annotations

import shlex
from typing import Any, ClassVar, Literal

import msgspec

from mockdouyin.core.apps import App, Template
from mockdouyin.core.bounds import MAX_INT
from mockdouyin.core.links import Link
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.texts import Text
from mockdouyin.domain import texts

ConsentStatus = Literal["none", "accept", "reject"]


class Subscription(Record, frozen=True):
    """A person's answer to one template of one app."""

    TABLE: ClassVar[str] = "Subscription"

    status: ConsentStatus = "none"
    left: int | None = 0
    """Messages that may still be sent; None if there is no limit."""
    ever: bool = False
    """Whether it was ever accepted: used-up messages and a missing consent differ on the wire."""
    answers: int = 0
    """How often the person answered."""


class OwnTemplates(Record, frozen=True):
    """The templates that an app added and deleted while the world ran."""

    TABLE: ClassVar[str] = "OwnTemplates"

    added: dict[str, Template] = {}
    removed: tuple[str, ...] = ()
    created: tuple[dict[str, Any], ...] = ()
    """Public templates that it proposed, under review."""


def _key(app: App, person: str, template: str) -> str:
    return f"{app.client_key} {person} {template}"


def own(unit: Unit, app: App) -> OwnTemplates:
    """Return the changes that the app made to its templates."""
    return unit.read(OwnTemplates, app.client_key) or OwnTemplates()


def how_to_consent(person: str, template_id: str) -> Text:
    """Return how a person allows messages of a template: the command that asks their phone."""
    command = (
        f"mockdouyin phone requestSubscribeMessage --person {shlex.quote(person)}"
        f""" --arg 'tmplIds=["{template_id}"]'"""
    )
    return texts.HOW_TO_CONSENT(command=command)


def templates_of(unit: Unit, app: App) -> dict[str, Template]:
    """Return the app's current templates by id."""
    changes = own(unit, app)
    both = {**app.templates, **changes.added}
    return {key: each for key, each in both.items() if key not in changes.removed}


def subscription(unit: Unit, app: App, person: str, template: str) -> Subscription:
    """Return the person's current answer to a template."""
    found = unit.read(Subscription, _key(app, person, template)) or Subscription()
    if found.answers:
        unit.link(_link(app, person, template, found.answers))
    return found


def _link(app: App, person: str, template: str, answers: int) -> Link:
    """Return the link of an answer: what is sent by it belongs to it."""
    return Link("subscription", app.client_key, person, answers, template)


def _before(unit: Unit, app: App, person: str, template: str) -> Subscription:
    """Return the answer that a new one replaces, and link the new one."""
    before = unit.read(Subscription, _key(app, person, template)) or Subscription()
    unit.link(_link(app, person, template, before.answers + 1))
    return before


def accept(unit: Unit, app: App, person: str, template_id: str, template: Template) -> None:
    """Record that the person allows messages; each one-time consent adds its messages."""
    before = _before(unit, app, person, template_id)
    messages = template.messages
    if template.kind == "one_time" and messages is not None:
        left: int | None = min((before.left or 0) + messages, MAX_INT)
    else:
        left = messages
    answer = Subscription(status="accept", left=left, ever=True, answers=before.answers + 1)
    unit.write(_key(app, person, template_id), answer)


def reject(unit: Unit, app: App, person: str, template_id: str) -> None:
    """Record that the person refuses; that ends a long-term consent."""
    before = _before(unit, app, person, template_id)
    template = templates_of(unit, app).get(template_id)
    left = 0 if template and template.kind == "long_term" else before.left
    answers = before.answers + 1
    answer = msgspec.structs.replace(before, status="reject", left=left, answers=answers)
    unit.write(_key(app, person, template_id), answer)


def spend(unit: Unit, app: App, person: str, template_id: str) -> None:
    """Count one sent message."""
    before = subscription(unit, app, person, template_id)
    if before.left is not None:
        unit.write(
            _key(app, person, template_id),
            msgspec.structs.replace(before, left=before.left - 1),
        )


def use_up(unit: Unit, app: App, person: str, template_id: str) -> None:
    """Record that all messages that the person allowed were sent."""
    before = subscription(unit, app, person, template_id)
    status: ConsentStatus = "accept" if before.status == "none" else before.status
    used = msgspec.structs.replace(before, status=status, left=0, ever=True)
    unit.write(_key(app, person, template_id), used)
