"""The reply of a declared operation: outcomes and echoes in their place, the rest plausible."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.clock import day_begins, day_of
from mockdouyin.core.endpoint import Call
from mockdouyin.endpoints.declared.actions import Outcomes
from mockdouyin.endpoints.declared.notation import (
    Echo,
    ListOf,
    MapOf,
    ObjectOf,
    Outcome,
    Scalar,
    Shape,
)
from mockdouyin.endpoints.declared.operation import APP_FIELDS, APPS, Operation
from mockdouyin.endpoints.declared.resources import View, as_shape
from mockdouyin.endpoints.declared.values import Values


class ReplyValues(Values):
    """Makes the reply to one call: all day the same parameters have the same values."""

    def __init__(
        self, call: Call[Any], operation: Operation, sent: dict[str, Any], outcomes: Outcomes
    ) -> None:
        asked = msgspec.json.encode(sent, order="sorted").decode()
        today = day_begins(day_of(call.now))
        super().__init__(call.world.ids, today, call.endpoint.full_name, call.person, asked)
        self._name = call.endpoint.name
        self._takes = operation.takes
        self._sent = sent
        self._outcomes = {
            **{name: _app_view(call, kind) for name, kind in APPS.items()},
            **outcomes,
        }

    def make(self, shape: Shape, path: str = "") -> Any:
        """Return a value of this shape."""
        if isinstance(shape, Outcome):
            return self._shown(self._outcomes.get(shape.name), shape.field)
        if isinstance(shape, Echo):
            return self._echoed(shape.name, path)
        return super().make(shape, path)

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
            return super()._list(shape, path)
        return [self._for_one(view, shape.item, f"{path}[{n}]") for n, view in enumerate(views)]

    def _map(self, shape: MapOf, path: str) -> dict[str, Any]:
        views = self._listed(shape.value)
        if views is None and isinstance(shape.key, Echo):
            asked = self._sent.get(shape.key.name) or []
            keys = asked if isinstance(asked, list) else [asked]
            return {str(key): self._about(str(key), shape.value) for key in keys}
        if views is None:
            return super()._map(shape, path)
        return {view.key: self._for_one(view, shape.value, f"{path}.{view.key}") for view in views}

    def _about(self, key: str, shape: Shape) -> Any:
        """Return the value for one of the parameter's values: the same in every call."""
        whole = self.purpose
        self.purpose = (self._name, key)
        try:
            return self.make(shape)
        finally:
            self.purpose = whole

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


def _app_view(call: Call[Any], kind: str) -> View:
    """Return what is told of the app that calls, or of the world's first of a kind."""
    apps = call.world.apps.values()
    app = next((app for app in apps if app.kind == kind), None) if kind else call.app
    if app is None:
        return View("", dict.fromkeys(APP_FIELDS, ""))
    return View(app.client_key, {name: getattr(app, name) for name in APP_FIELDS})


def _outcome_in(shape: Shape) -> str:
    """Return the name of the first outcome in a shape; empty if there is none."""
    if isinstance(shape, Outcome):
        return shape.name
    if isinstance(shape, ObjectOf):
        return next(filter(None, (_outcome_in(each.shape) for each in shape.fields.values())), "")
    return ""
