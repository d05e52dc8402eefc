"""Find every mistake of a scenario at once: wrong shapes, and values that make no sense."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from mockdouyin.core.apps import KINDS, MAX_APPS, PAYMENT_URLS, AppSpec, PaymentSpec
from mockdouyin.core.bounds import KeyPath, key_problem, name_problem
from mockdouyin.core.catalogue import Catalogue
from mockdouyin.core.crypto import load_public_key
from mockdouyin.core.errors import MockDouyinError, suggestion
from mockdouyin.core.people import MAX_PEOPLE, PersonSpec, demo_people
from mockdouyin.core.redaction import safe_repr
from mockdouyin.core.secret_names import is_credential
from mockdouyin.core.settings import Settings
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain.webhook_events import WEBHOOK_EVENTS
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.scenario import _mistake_texts as texts
from mockdouyin.scenario import validation
from mockdouyin.scenario._declaration_lint import DeclarationLint
from mockdouyin.scenario._valid_parts import mapping, valid_part
from mockdouyin.scenario.declared_endpoints import MAX_ENDPOINTS, MAX_RESOURCES
from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.rule_analysis import RuleAnalysis, analyze
from mockdouyin.scenario.rulebook import MAX_RULES
from mockdouyin.scenario.targets import names_of
from mockdouyin.scenario.validation import Mistake

if TYPE_CHECKING:
    from mockdouyin.scenario.scenario import Scenario


class ScenarioSource(Protocol):
    """A scenario before it is validated: a parsed text, or plain data."""

    value: dict[str, Any]
    texts: dict[KeyPath, str]
    duplicate_keys: list[Mistake]


def mistakes_in(
    source: ScenarioSource,
    kind: type,
    catalogue: Catalogue | None = None,
    base: Scenario | None = None,
) -> list[Mistake]:
    """Find every mistake; a part of a wrong shape does not hide mistakes in other parts.

    `base` is what the scenario extends.
    """
    value = source.value
    large = list(_sizes(value))
    if large:
        return large
    shapes = list(islice(validation.mistakes(value, kind, texts=source.texts), MAX_MISTAKES))
    settings = mapping(value, "settings")
    declared = DeclarationLint(value, shapes, catalogue or CATALOGUE, base)
    found = chain(
        source.duplicate_keys,
        shapes,
        validation.mistakes(settings, Settings, ("settings",), source.texts),
        [Mistake(("name",), texts.NAME_EMPTY())] if value.get("name") == "" else (),
        _names(value),
        declared.mistakes,
        _rules(value.get("rules"), shapes, declared),
        _apps(mapping(value, "apps"), shapes),
        *(_person(each, ("people", n), shapes) for n, each in mapping(value, "people").items()),
        _events(value),
    )
    return list(islice(found, MAX_MISTAKES))


MAX_MISTAKES = 100
"""Mistakes that are reported."""

MAX_NAMED_ENDPOINTS = 5000
"""Endpoints that all rules of a scenario together may name."""

MAX_ITEMS = {
    "rules": MAX_RULES,
    "apps": MAX_APPS,
    "people": MAX_PEOPLE,
    "events": 1000,
    "endpoints": MAX_ENDPOINTS,
    "resources": MAX_RESOURCES,
}
"""How many of each a scenario may have."""


def _sizes(value: dict[str, Any]) -> Iterator[Mistake]:
    for name, most in MAX_ITEMS.items():
        given = value.get(name)
        if isinstance(given, dict | list) and len(given) > most:
            yield Mistake((name,), texts.TOO_MANY_PARTS(count=len(given), name=name, most=most))
    rules = value.get("rules")
    named = [each.get("on") for each in rules or () if isinstance(each, dict)]
    names = sum(len(each) for each in named if isinstance(each, list))
    if names > MAX_NAMED_ENDPOINTS:
        says = texts.TOO_MANY_NAMED(names=names, most=MAX_NAMED_ENDPOINTS)
        yield Mistake(("rules",), says)


def _names(value: dict[str, Any]) -> Iterator[Mistake]:
    """Find names that cannot be used as names."""
    name = value.get("name")
    if isinstance(name, str) and name and (says := name_problem(name)):
        yield Mistake(("name",), texts.NAME(says=says))
    for part, what in (("apps", texts.AN_APP()), ("people", texts.A_PERSON())):
        for each in mapping(value, part):
            if says := name_problem(each):
                yield Mistake((part, each), texts.NAME_OF(what=what, says=says), at_key=True)


def _rules(given: Any, shapes: list[Mistake], declared: DeclarationLint) -> Iterator[Mistake]:
    ids: set[str] = set()
    unconditional: list[tuple[int, RuleAnalysis]] = []
    for number, each in enumerate(given if isinstance(given, list) else ()):
        rule, complete = valid_part(each, Rule, ("rules", number), shapes)
        if rule is None or declared.unusable.intersection(names_of(rule)):
            continue
        analysis = analyze(rule, declared.catalogue)
        for mistake in analysis.mistakes:
            if complete or mistake.path:
                yield mistake._replace(path=("rules", number, *mistake.path))
        if rule.id in ids:
            yield Mistake(("rules", number, "id"), texts.RULE_TWICE(id=rule.id))
        if not complete or analysis.mistakes:
            continue
        ids.update({rule.id} - {""})
        if rule.off:  # it decides nothing, and may be meant for when another one is switched off
            continue
        yield from _unreachable(analysis, number, unconditional)
        if _is_unconditional(rule):
            unconditional.append((number, analysis))


def _unreachable(
    rule: RuleAnalysis, number: int, unconditional: list[tuple[int, RuleAnalysis]]
) -> Iterator[Mistake]:
    """Find a rule whose calls are all decided by an unconditional rule before it."""
    for before, other in unconditional:
        if other.covers(rule):
            says = texts.UNREACHABLE(number=before + 1)
            yield Mistake(("rules", number), says)
            return


def _is_unconditional(rule: Rule) -> bool:
    conditional = rule.when or rule.after or rule.every > 1 or rule.ttl is not None
    return not conditional and rule.times is None and rule.chance is None


def _apps(given: dict[str, Any], shapes: list[Mistake]) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for name, each in given.items():
        path: KeyPath = ("apps", name)
        app, _ = valid_part(each, AppSpec, path, shapes)
        if app is None:
            continue
        if app.client_key:
            owner = owners.setdefault(app.client_key, name)
            if owner != name:
                says = texts.KEY_TWICE(key=app.client_key, owner=owner)
                yield Mistake((*path, "client_key"), says)
        yield from _app(app, path)


def _app(app: AppSpec, path: KeyPath) -> Iterator[Mistake]:
    yield from _credentials(app, path)
    for number, uri in enumerate(app.redirect_uris or ()):
        yield from _address(uri, texts.REDIRECT_URI(), (*path, "redirect_uris", number))
    for number, scope in enumerate(app.scopes or ()):
        if not scope or set(scope) & set(", "):
            says = texts.SCOPE_ITEM(scope=safe_repr(scope))
            yield Mistake((*path, "scopes", number), says)
    if app.webhook is not None and not app.webhook.url:
        yield Mistake((*path, "webhook"), texts.WEBHOOK_URL_MISSING())
    elif app.webhook is not None:
        for number, name in enumerate(app.webhook.events or ()):
            yield from _event_kind(name, (*path, "webhook", "events", number))
        yield from _address(app.webhook.url, texts.WEBHOOK_URL(), (*path, "webhook", "url"))
    for template_id, template in (app.templates or {}).items():
        if len(set(template.fields)) < len(template.fields):
            where = (*path, "templates", template_id, "fields")
            yield Mistake(where, texts.TEMPLATE_FIELD_TWICE(id=template_id))


def _payment(payment: PaymentSpec, path: KeyPath) -> Iterator[Mistake]:
    for field in payment.__struct_fields__:
        text = getattr(payment, field)
        if text and field in PAYMENT_URLS:
            yield from _address(text, field, (*path, field))
        elif text and (problem := key_problem(text)):
            yield Mistake((*path, field), texts.FIELD_PROBLEM(field=field, problem=problem))


def _credentials(app: AppSpec, path: KeyPath) -> Iterator[Mistake]:
    for field in ("client_key", "client_secret"):
        text = getattr(app, field)
        if text == "":
            says = texts.CREDENTIAL_EMPTY(field=field)
            yield Mistake((*path, field), says)
        elif text and (not text.isascii() or not text.isprintable() or " " in text):
            seen = NOTHING if is_credential(field) else texts.SEEN(text=text)
            yield Mistake((*path, field), texts.CREDENTIAL_CHARACTERS(field=field, seen=seen))
    if app.payment is not None:
        yield from _payment(app.payment, (*path, "payment"))
    if app.public_key:
        try:
            load_public_key(app.public_key)
        except MockDouyinError as error:
            yield Mistake((*path, "public_key"), error.says)


def _address(text: str, what: Text | str, path: KeyPath) -> Iterator[Mistake]:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        yield Mistake(path, texts.NOT_AN_ADDRESS(what=what, text=safe_repr(text)))
        return
    if parts.scheme not in ("http", "https"):
        seen = texts.SCHEME_IS(scheme=parts.scheme) if "://" in text else texts.SCHEME_MISSING()
        yield Mistake(path, texts.HTTP_ADDRESS(what=what, text=safe_repr(text), seen=seen))
    elif not host:
        yield Mistake(path, texts.NO_HOST(what=what, text=safe_repr(text)))


def _person(given: Any, path: KeyPath, shapes: list[Mistake]) -> Iterator[Mistake]:
    person, _ = valid_part(given, PersonSpec, path, shapes)
    if person is None:
        return
    for field, example in (("phone", "13800138000"), ("country_code", "86")):
        text = getattr(person, field)
        if text and not (text.isascii() and text.isdigit()):
            hint = texts.COUNTRY_CODE() if text[:1] == "+" else NOTHING
            says = texts.DIGITS_ONLY(field=field, example=example, text=text, hint=hint)
            yield Mistake((*path, field), says)


def _event_kind(name: Any, path: KeyPath) -> Iterator[Mistake]:
    if isinstance(name, str) and name not in WEBHOOK_EVENTS:
        yield Mistake(path, texts.UNKNOWN_EVENT(name=name, hint=suggestion(name, WEBHOOK_EVENTS)))


_WHAT = {"person": texts.A_PERSON, "app": texts.AN_APP}


def _events(value: dict[str, Any]) -> Iterator[Mistake]:
    """Find events of an unknown kind, person or app.

    People and apps are not checked in a scenario that extends another, which may define them.
    """
    events = value.get("events")
    if not isinstance(events, list):
        return
    for number, event in enumerate(events):
        if isinstance(event, dict):
            yield from _event_kind(event.get("send"), ("events", number, "send"))
    if value.get("extends"):
        return
    known = {
        "person": dict.fromkeys((*mapping(value, "people"), *(p.name for p in demo_people()))),
        "app": dict.fromkeys((*mapping(value, "apps"), *KINDS)),
    }
    apps = [app for app in mapping(value, "apps").values() if isinstance(app, dict)]
    keys = {key for app in apps if isinstance(key := app.get("client_key"), str)}
    for number, event in enumerate(events):
        for what, names in known.items():
            name = event.get(what) if isinstance(event, dict) else None
            if isinstance(name, str) and name not in names and name not in keys:
                says = texts.NOT_IN_SCENARIO(
                    what=_WHAT[what](), name=name, hint=suggestion(name, names)
                )
                yield Mistake(("events", number, what), says)
