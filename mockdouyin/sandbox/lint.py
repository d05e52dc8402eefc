"""Every mistake of a scenario at once: of shape, and of what has a shape and makes no sense."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from mockdouyin.core.apps import KINDS, AppSpec
from mockdouyin.core.crypto import load_public_key
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.core.events import EVENTS
from mockdouyin.core.people import PersonSpec, demo_people
from mockdouyin.core.settings import Settings, decode
from mockdouyin.sandbox import shape
from mockdouyin.sandbox.rules import Rule
from mockdouyin.sandbox.shape import Mistake, Path
from mockdouyin.sandbox.source import Source
from mockdouyin.sandbox.targets import covers, mistakes_of

T = TypeVar("T")


def mistakes_in(source: Source, kind: type) -> list[Mistake]:
    """Find every mistake; what is of a wrong shape keeps nothing else from being looked at."""
    value = source.value
    shapes = list(shape.mistakes(value, kind, texts=source.texts))
    settings = _mapping(value, "settings")
    found = [*shape.mistakes(settings, Settings, ("settings",), source.texts)]
    if value.get("name") == "":
        found.append(Mistake(("name",), "name is empty"))
    found += _rules(value.get("rules"), shapes)
    found += _apps(_mapping(value, "apps"), shapes)
    for name, given in _mapping(value, "people").items():
        found += _person(given, ("people", name), shapes)
    found += _events(value)
    return [*source.twins, *shapes, *found]


def _mapping(value: dict[str, Any], name: str) -> dict[str, Any]:
    given = value.get(name)
    return given if isinstance(given, dict) else {}


def _sound(value: Any, kind: type[T], path: Path, shapes: list[Mistake]) -> tuple[T | None, bool]:
    """Give a part without what is of a wrong shape, which was told; and whether it is whole."""
    wrong = [m.path[len(path) :] for m in shapes if m.path[: len(path)] == path]
    try:
        left = _without(value, wrong) if wrong else value
        return msgspec.convert(left, kind, dec_hook=decode), not wrong
    except msgspec.ValidationError:
        return None, False


def _without(value: Any, paths: list[Path]) -> Any:
    """Copy a value without what stands at these places; of a list, nothing is left."""
    if not isinstance(value, dict) or () in paths:
        return None
    inner = {name: [path[1:] for path in paths if path[0] == name] for name in value}
    return {
        name: _without(each, inner[name]) if inner[name] else each
        for name, each in value.items()
        if isinstance(each, dict) and () not in inner[name] or not inner[name]
    }


def _rules(given: Any, shapes: list[Mistake]) -> Iterator[Mistake]:
    known: dict[int, Rule] = {}
    for number, each in enumerate(given if isinstance(given, list) else ()):
        rule, whole = _sound(each, Rule, ("rules", number), shapes)
        if rule is None:
            continue
        wrong = list(mistakes_of(rule))
        for mistake in wrong:
            if whole or mistake.path:
                yield mistake._replace(path=("rules", number, *mistake.path))
        if rule.id and any(rule.id == other.id for other in known.values()):
            yield Mistake(("rules", number, "id"), f"there is a rule {rule.id!r} already")
        if whole and not wrong:
            yield from _shadow(rule, number, known)
            known[number] = rule


def _shadow(rule: Rule, number: int, known: dict[int, Rule]) -> Iterator[Mistake]:
    """Tell of a rule that never has its turn."""
    for before, other in known.items():
        if _always(other) and covers(other, rule):
            says = f"the rule never strikes: rule {before + 1} decides all its calls before it"
            yield Mistake(("rules", number), says)
            return


def _always(rule: Rule) -> bool:
    sometimes = rule.when or rule.after or rule.every > 1
    return not sometimes and rule.times is None and rule.chance is None


def _apps(given: dict[str, Any], shapes: list[Mistake]) -> Iterator[Mistake]:
    owners: dict[str, str] = {}
    for name, each in given.items():
        path: Path = ("apps", name)
        app, _ = _sound(each, AppSpec, path, shapes)
        if app is None:
            continue
        if app.client_key:
            owner = owners.setdefault(app.client_key, name)
            if owner != name:
                says = f"the client_key {app.client_key!r} is that of app {owner!r} already"
                yield Mistake((*path, "client_key"), says)
        yield from _app(app, path)


def _app(app: AppSpec, path: Path) -> Iterator[Mistake]:
    yield from _credentials(app, path)
    for number, uri in enumerate(app.redirect_uris or ()):
        yield from _address(uri, "redirect URI", (*path, "redirect_uris", number))
    for number, scope in enumerate(app.scopes or ()):
        if not scope or set(scope) & set(", "):
            says = f"scope {scope!r}: each scope is an item of its own"
            yield Mistake((*path, "scopes", number), says)
    if app.webhook is not None and not app.webhook.url:
        yield Mistake((*path, "webhook"), "webhook needs url")
    elif app.webhook is not None:
        for number, name in enumerate(app.webhook.events or ()):
            yield from _kind(name, (*path, "webhook", "events", number))
        yield from _address(app.webhook.url, "webhook url", (*path, "webhook", "url"))
    for template_id, template in (app.templates or {}).items():
        if len(set(template.fields)) < len(template.fields):
            where = (*path, "templates", template_id, "fields")
            yield Mistake(where, f"template {template_id} has a field twice")


def _credentials(app: AppSpec, path: Path) -> Iterator[Mistake]:
    for field in ("client_key", "client_secret"):
        text = getattr(app, field)
        if text == "":
            says = f"{field} is empty: leave it out, and it is made up"
            yield Mistake((*path, field), says)
        elif text and (not text.isascii() or not text.isprintable() or " " in text):
            yield Mistake((*path, field), f"{field} has letters and digits only, not {text!r}")
    if app.public_key:
        try:
            load_public_key(app.public_key)
        except MockDouyinError as error:
            yield Mistake((*path, "public_key"), str(error))


def _address(text: str, what: str, path: Path) -> Iterator[Mistake]:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        yield Mistake(path, f"{what} {text!r} is no address: {error}")
        return
    if parts.scheme not in ("http", "https"):
        seen = f"its scheme is {parts.scheme}" if "://" in text else "it has no scheme"
        yield Mistake(path, f"{what} {text!r} begins with http:// or https://; {seen}")
    elif not host:
        yield Mistake(path, f"{what} {text!r} names no host")


def _person(given: Any, path: Path, shapes: list[Mistake]) -> Iterator[Mistake]:
    person, _ = _sound(given, PersonSpec, path, shapes)
    if person is None:
        return
    for field, example in (("phone", "13800138000"), ("country_code", "86")):
        text = getattr(person, field)
        if text and not (text.isascii() and text.isdigit()):
            hint = "; the country_code is a field of its own" if text[:1] == "+" else ""
            says = f'{field} has digits only, as in "{example}", not {text!r}{hint}'
            yield Mistake((*path, field), says)


def _kind(name: Any, path: Path) -> Iterator[Mistake]:
    if isinstance(name, str) and name not in EVENTS:
        yield Mistake(path, f"unknown event {name!r}{did_you_mean(name, EVENTS)}")


def _events(value: dict[str, Any]) -> Iterator[Mistake]:
    """Find events of no kind, and about strangers; what another scenario brings is not known."""
    events = value.get("events")
    if not isinstance(events, list):
        return
    for number, event in enumerate(events):
        if isinstance(event, dict):
            yield from _kind(event.get("send"), ("events", number, "send"))
    if value.get("extends"):
        return
    known = {
        "person": [*_mapping(value, "people"), *(person.name for person in demo_people())],
        "app": [*_mapping(value, "apps"), *KINDS],
    }
    keys = [app.get("client_key") for app in _mapping(value, "apps").values() if app]
    for number, event in enumerate(events):
        for what, names in known.items():
            name = event.get(what) if isinstance(event, dict) else None
            if isinstance(name, str) and name not in names and name not in keys:
                says = f"no {what} {name!r} in this scenario{did_you_mean(name, names)}"
                yield Mistake(("events", number, what), says)
