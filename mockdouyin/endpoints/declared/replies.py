"""The reply of a declared operation: outcomes and echoes in their place, the rest plausible."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from mockdouyin.core.calls import Call
from mockdouyin.core.clock import BEIJING, DAY, day_begins, day_of
from mockdouyin.endpoints.declared.actions import Outcomes
from mockdouyin.endpoints.declared.comparison import as_shape
from mockdouyin.endpoints.declared.notation import (
    Echo,
    ListOf,
    MapOf,
    ObjectOf,
    Outcome,
    Scalar,
    Shape,
)
from mockdouyin.endpoints.declared.operation import APP, APP_FIELDS, MINI_PROGRAM, Operation
from mockdouyin.endpoints.declared.resources import View
from mockdouyin.endpoints.declared.values import Values

_MOST_DAYS = 92
"""Days of which one reply tells."""

_SECONDS = 11
"""Digits of a moment in seconds at most."""


class ReplyValues(Values):
    """Makes the reply to one call: all day the same parameters have the same values."""

    def __init__(
        self, call: Call[Any], operation: Operation, sent: dict[str, Any], outcomes: Outcomes
    ) -> None:
        asked = msgspec.json.encode(sent, order="sorted").decode()
        today = day_begins(day_of(call.now))
        super().__init__(call.world.ids, today, call.endpoint.full_name, call.person, asked)
        self._takes = operation.takes
        self._sent = sent
        self._name = call.endpoint.name
        self._outcomes = {
            APP: call.app.client_key if call.app else "",
            MINI_PROGRAM: _mini_program(call),
            **outcomes,
        }

    def make(self, shape: Shape, path: str = "") -> Any:
        """Return a value of this shape."""
        if isinstance(shape, Outcome):
            shown = self._shown(self._outcomes.get(shape.name), shape.field)
            return str(shown) if shape.is_text else shown
        if isinstance(shape, Echo):
            return self._echoed(shape.name, path)
        return super().make(shape, path)

    def _object(self, shape: ObjectOf, path: str) -> dict[str, Any]:
        """Return an object, without what may be absent and has no value."""
        values = super()._object(shape, path)
        return {
            name: value
            for name, value in values.items()
            if value is not None or not shape.fields[name].is_optional
        }

    def _shown(self, what: Any, field: str) -> Any:
        if isinstance(what, list):
            return [self._shown(each, field) for each in what]
        if not isinstance(what, View):
            return what
        return what.fields.get(field) if field else what.fields

    def _echoed(self, name: str, path: str) -> Any:
        shape = self._takes.fields[name].shape
        value = self._sent.get(name)
        if value is None:
            return super().make(shape, path)
        return as_shape(shape, value) if isinstance(shape, Scalar) else value

    def _list(self, shape: ListOf, path: str) -> list[Any]:
        views = self._listed(shape.item)
        if views is None:
            return self._days(shape, path) if shape.is_daily else super()._list(shape, path)
        return [self._for_one(view, shape.item, f"{path}[{n}]") for n, view in enumerate(views)]

    def _days(self, shape: ListOf, path: str) -> list[Any]:
        """Return an item for each day that was asked for; of a week if none was."""
        items = []
        for n, day in enumerate(days_asked(self._sent, self.now)):
            self.day = day
            items.append(self.make(shape.item, f"{path}[{n}]"))
        self.day = None
        return items

    def _map(self, shape: MapOf, path: str) -> dict[str, Any]:
        views = self._listed(shape.value)
        if views is None and shape.each:
            keys = map(str, self._sent.get(shape.each) or ())
            return {key: self._about(key, shape.value) for key in keys}
        if views is None:
            return super()._map(shape, path)
        return {view.key: self._for_one(view, shape.value, f"{path}.{view.key}") for view in views}

    def _about(self, key: str, shape: Shape) -> Any:
        """Return the value for one of the parameter's values: the same in every call."""
        return self.make_for(shape, self._name, key)

    def _for_one(self, view: View, shape: Shape, path: str) -> Any:
        """Return the value for one of several records."""
        several = self._outcomes
        name = _outcome_in(shape)
        self._outcomes = {**several, name: view}
        try:
            return self.make(shape, path)
        finally:
            self._outcomes = several

    def _listed(self, shape: Shape) -> list[View] | None:
        """Return the records that a list or a map shows in this shape; None if it shows none."""
        what = self._outcomes.get(_outcome_in(shape))
        if isinstance(what, View):
            return [what]
        return what if isinstance(what, list) else None


def _mini_program(call: Call[Any]) -> View:
    """Return what is told of the world's first mini-program."""
    apps = call.world.apps.values()
    app = next((app for app in apps if app.kind == "mini_program"), None)
    if app is None:
        return View("", dict.fromkeys(APP_FIELDS, ""))
    return View(app.client_key, {name: getattr(app, name) for name in APP_FIELDS})


def days_asked(sent: dict[str, Any], today: float) -> list[float]:
    """Return the days between the parameters that begin and end a time, as their first moments."""
    first = _day(sent.get("start_time") or sent.get("start_date"))
    last = _day(sent.get("end_time") or sent.get("end_date"))
    last = today - DAY if last is None else last
    first = last - 6 * DAY if first is None else first
    count = int((last - first) // DAY) + 1
    return [first + n * DAY for n in range(min(max(count, 0), _MOST_DAYS))]


def _day(given: Any) -> float | None:
    """Return the first moment of a day, given as a date or as seconds."""
    text = str(given or "")
    if text.isdecimal() and len(text) <= _SECONDS:
        return day_begins(day_of(float(text)))
    try:
        return datetime.strptime(text[:10], "%Y-%m-%d").replace(tzinfo=BEIJING).timestamp()
    except ValueError:
        return None


def _outcome_in(shape: Shape) -> str:
    """Return the name of the first outcome in a shape; empty if there is none."""
    if isinstance(shape, Outcome):
        return "" if shape.name in (APP, MINI_PROGRAM) else shape.name
    if isinstance(shape, ObjectOf):
        return next(filter(None, (_outcome_in(each.shape) for each in shape.fields.values())), "")
    return ""
