"""What a declared operation does with a resource: create, get, list, update or delete."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import pagination
from mockdouyin.domain.resource_records import ResourceAttempt
from mockdouyin.endpoints.declared import _texts as texts
from mockdouyin.endpoints.declared.comparison import agrees, first, joined, plain
from mockdouyin.endpoints.declared.notation import ListOf
from mockdouyin.endpoints.declared.operation import Does, Operation, Plain, Resource
from mockdouyin.endpoints.declared.resources import MOST, Shelf, View, moment, typed

Outcomes = dict[str, Any]
"""What a reply can show: a view or a list of them by the resource's name, and a list's totals."""

_PAGE_SIZES = ("page_size", "size", "count", "limit")
_PAGE_NUMBERS = ("page_num", "page_no", "page_number", "page", "page_index")
_CURSORS = ("cursor", "offset")

_DEFAULT_SIZE = 20


def act(call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]) -> Outcomes:
    """Do what the operation does; return what its reply can show."""
    outcomes: Outcomes = {}
    steps = operation.does.steps if operation.does else ()
    for does in steps:
        if len(steps) == 1 or not does.inside or does.inside in sent:
            outcomes |= _Action(call, operation, does, owner, sent).run()
    return outcomes


class _Action:
    def __init__(
        self,
        call: Call[Any],
        operation: Operation,
        does: Does,
        owner: str,
        sent: dict[str, Any],
    ) -> None:
        self.call = call
        self.operation = operation
        self.does = does
        self.resource: Resource = operation.named_resource(does.resource)
        self.sent = sent
        self.given = sent.get(self.does.each or self.does.inside) or sent
        self.names = operation.takes.fields.keys() | operation.inside(does).fields.keys()
        self.failed: list[Any] = []
        self.owner = owner
        self.shelf = self._shelf(self.resource)
        self.attempt = f"{operation.name} {self.shelf.name} {sent.get(self.does.once)}"

    def run(self) -> Outcomes:
        """Do it, or do it for each of a list of objects."""
        if isinstance(self.given, list):
            return {**self._shown([self._one(each) for each in self.given]), "failed": self.failed}
        if self.does.verb in ("get", "list", "delete"):
            self._needed()
        run = getattr(self, f"_{self.does.verb}")
        outcomes: Outcomes = run()
        return {**outcomes, "failed": self.failed}

    def _one(self, each: Any) -> View | None:
        """Do it for one of a list: of objects, or of values of one field."""
        name = self.does.by or self.resource.source.key
        self.given = each if isinstance(each, dict) else {**self.sent, name: each}
        if self.does.verb == "update":
            return self._reported(str(self._keys()), self._changed)
        view: View = getattr(self, f"_{self.does.verb}")()[self.does.resource]
        return view

    def _save(self) -> Outcomes:
        return self._update() if self._keys() else self._create()

    def _shelf(self, resource: Resource) -> Shelf:
        person = f"{self.owner} {self.call.person}"
        whose = {"app": self.owner, "person": person, "world": ""}
        return Shelf(self.call.world, self.call.unit, resource, whose[resource.source.of])

    def _create(self) -> Outcomes:
        again = self._again()
        if again is not None:
            return self._shown(again)
        fields = {**self._needed(), **self._fields()}
        self._check_unique(fields)
        key = str(fields.pop(self.resource.source.key, "") or "")
        there = self.shelf.find(key) if key else self._numbered(fields)
        if there is None and (self.does.where or self.resource.source.single):
            there = self._first_agreeing()
        if there is not None:
            if self.does.fails and not self.does.needs:
                why = texts.THERE_ALREADY(resource=self.resource.label, key=there.key)
                raise DouyinError(self._case(self.does.fails), why)
            return self._shown(self.shelf.change(there.key, fields))
        view = self.shelf.create(fields, key)
        self._remember(view)
        return self._shown(view)

    def _numbered(self, fields: dict[str, Any]) -> View | None:
        number = fields.get(self.resource.source.also)
        return self.shelf.find_also(str(number)) if number else None

    def _get(self) -> Outcomes:
        keys = self._keys()
        if isinstance(keys, list):
            find = self.shelf.find if self.does.reports is None else self._wanted
            views = (self._reported(str(key), find) for key in keys)
            found = [view for view in views if view is not None and self._is_in_state(view)]
            return {**self._shown(found), "total": len(found)}
        view = self._wanted(keys)
        self._check_state(view)
        return self._shown(view)

    def _list(self) -> Outcomes:
        views = [view for view in self.shelf.views(self._wanted_values()) if self._is_due(view)]
        is_paged = not self.names.isdisjoint((*_PAGE_SIZES, *_PAGE_NUMBERS, *_CURSORS))
        size = first(self.sent, _PAGE_SIZES) or (_DEFAULT_SIZE if is_paged else MOST)
        number = first(self.sent, _PAGE_NUMBERS)
        start = first(self.sent, _CURSORS) or 0
        if number is not None:
            start = max(0, number - self._first_page()) * size
        page = pagination.at(views, min(start, len(views)), size)
        return {
            **self._shown(page.rows),
            "total": len(views),
            "page_count": -(-len(views) // size),
            "has_more": page.has_more,
            "cursor": page.cursor,
            "next_cursor": page.cursor,
        }

    def _update(self) -> Outcomes:
        keys = self._keys()
        if isinstance(keys, list):
            return self._shown([self._reported(str(key), self._changed) for key in keys])
        again = self._again()
        if again is not None:
            return self._shown(again)
        view = self._reported(str(keys), self._changed)
        self._remember(view)
        return self._shown(view)

    def _reported(self, key: str, act: Callable[[str], View | None]) -> View | None:
        """Do something with one of several records; tell of it in the record, if that is so."""
        if self.does.reports is None or not key:
            return act(key)
        told: dict[str, Any] = {"err_no": 0, "err_msg": self.does.reports}
        try:
            view = act(key)
        except DouyinError as error:
            case = self.call.endpoint.case(error.case)
            view = self.shelf.find(key) or self.shelf.nothing(key)
            told = {"err_no": case.code, "err_msg": case.text}
            self.failed.append(typed(self.resource, self.resource.source.key, key))
        return None if view is None else View(key, {**view.fields, **told})

    def _changed(self, key: str) -> View:
        view = self._wanted(key)
        self._check_state(view)
        self._needed()
        fields = {**self._fields(), **self._added(view)}
        for name in (self.resource.source.key, self.does.once):
            fields.pop(name, None)
        self._check_unique(fields, view.key)
        return self.shelf.change(view.key, fields)

    def _delete(self) -> Outcomes:
        keys = self._keys()
        views = [self._wanted(str(key)) for key in (keys if isinstance(keys, list) else [keys])]
        for view in views:
            self._check_state(view)
            self.shelf.delete(view.key)
        return self._shown(views if isinstance(keys, list) else views[0])

    # Small steps.

    def _shown(self, what: Any) -> Outcomes:
        return {self.does.resource: what}

    def _keys(self) -> Any:
        keys = self._param(self.does.by or self.resource.source.key)
        numbers = self._param(self.does.also or self.resource.source.also)
        if keys or not numbers:
            return keys or ""
        if isinstance(numbers, list):
            return [self._key_of(number) for number in numbers]
        return self._key_of(numbers)

    def _key_of(self, number: Any) -> str:
        view = self.shelf.find_also(str(number))
        return str(number) if view is None else view.key

    def _case(self, name: str) -> str:
        return name if self.call.endpoint.find_case(name) else "bad_params"

    def _wanted(self, key: Any) -> View:
        """Return the record that is meant: by its id, or by what it must agree with."""
        name = self.does.by or self.resource.source.key
        also = self.does.also or self.resource.source.also
        by_id = name.partition(".")[0] in self.names or bool(also and also in self.names)
        view = self.shelf.find(str(key)) if by_id else self._first_agreeing()
        if view is None or not self._agrees(view):
            names = [name] if by_id else list(self.does.agrees.values()) or [name]
            got = [str(key)] if by_id else [str(self._param(each) or "") for each in names]
            why = texts.NO_SUCH(
                name=", ".join(names), got=", ".join(got), resource=self.resource.label
            )
            raise DouyinError(self._case(self.does.missing), why)
        return view

    def _first_agreeing(self) -> View | None:
        return next(self.shelf.views(self._wanted_values()), None)

    def _needed(self) -> dict[str, Any]:
        """Return what a record has of other resources, which must exist and have enough left."""
        fields: dict[str, Any] = {}
        for name, said in self.does.needs.items():
            by, _, case = said.partition(" ")
            wanted = self.given.get(by) or self.sent.get(by) or fields.get(by)
            if not wanted:
                continue
            resource = self.operation.named_resource(name)
            shelf = self._shelf(resource)
            view = shelf.find(str(wanted))
            if view is None:
                why = texts.NO_SUCH(name=by, got=str(wanted), resource=resource.label)
                raise DouyinError(self._case(case or self.does.missing), why)
            fields |= view.fields
            spent = self.does.spends.get(name, {})
            less = {each: f"-{what}" for each, what in spent.items()}
            if less:
                shelf.change(view.key, self._sums(resource, view, less))
        own = self.resource.shape.fields.keys() - {
            *self.resource.source.starts,
            self.resource.source.key,
        }
        return {name: value for name, value in fields.items() if name in own}

    def _check_count(self, count: int) -> None:
        if count > MOST:
            why = texts.TOO_MANY(resource=self.resource.label, count=count - 1, most=MOST)
            raise DouyinError(self._case("wrong_state"), why)

    def _check_unique(self, fields: dict[str, Any], own: str = "") -> None:
        for name, case in self.does.unique.items():
            for view in self.shelf.views({name: fields[name]}) if fields.get(name) else ():
                if view.key != own:
                    why = texts.TAKEN(
                        resource=self.resource.label, field=name, got=str(fields[name])
                    )
                    raise DouyinError(self._case(case), why)

    def _fields(self) -> dict[str, Any]:
        """Return the fields that the call sets: its parameters of the same name, and `sets`."""
        fields = {
            name: typed(self.resource, name, value)
            for name, value in self.given.items()
            if name in self.resource.shape.fields
        }
        for said, value in self.does.sets.items():
            name = self._param(said[1:]) if said[:1] == "=" else said
            if value == "$now":
                fields[name] = moment(self.resource, name, self.call.now)
                continue
            is_sent = isinstance(value, str) and value[:1] == "="
            set_to = self._set_to(str(value)[1:]) if is_sent else value
            if set_to is not None:
                fields[name] = typed(self.resource, name, set_to)
        return fields

    def _set_to(self, what: str) -> Any:
        """Return a parameter, or the value that stands for it: `status 1:2 2:6`."""
        name, *pairs = what.split(" ")
        value = self._param(name)
        return dict(pair.split(":", 1) for pair in pairs).get(plain(value), value)

    def _added(self, view: View) -> dict[str, Any]:
        """Return the fields that the call adds to or takes from."""
        sign = "-" if self._is_sent(self.does.less) else ""
        adds = {name: f"{sign}{what}" for name, what in self.does.adds.items()}
        return self._sums(self.resource, view, adds)

    def _is_sent(self, values: dict[str, tuple[Plain, ...]]) -> bool:
        return any(plain(self._param(name)) in map(plain, among) for name, among in values.items())

    def _sums(self, resource: Resource, view: View, adds: dict[str, str]) -> dict[str, Any]:
        """Return fields with something added or taken away; none goes below zero."""
        fields = {}
        for name, what in adds.items():
            sign = -1 if what[:1] == "-" else 1
            bare = what.lstrip("-+")
            if isinstance(resource.shape.fields[name].shape, ListOf):
                rows = [] if self._is_sent(self.does.whole) else view.fields.get(name) or []
                fields[name] = joined(rows, self._param(bare[1:]), sign)
                self._check_count(len(fields[name]))
                continue
            amount = int(self._set_to(bare[1:]) or 0) if bare[:1] == "=" else int(bare)
            left = int(view.fields.get(name) or 0)
            if left + sign * amount < 0:
                why = texts.NOT_ENOUGH(
                    resource=resource.label, key=view.key, field=name, left=left, wanted=amount
                )
                raise DouyinError(self._case(self.does.fails or "wrong_state"), why)
            fields[name] = typed(resource, name, str(left + sign * amount))
        return fields

    def _check_state(self, view: View) -> None:
        for name, wanted in self.does.only.items():
            got = plain(view.fields.get(name))
            if got not in map(plain, wanted):
                why = texts.WRONG_STATE(
                    resource=self.resource.label,
                    key=view.key,
                    field=name,
                    got=got,
                    wanted=list(map(str, wanted)),
                )
                raise DouyinError(self._case(self.does.fails or "wrong_state"), why)

    def _wanted_values(self) -> dict[str, Any]:
        return {name: self._param(param) for name, param in self.does.agrees.items()}

    def _agrees(self, view: View) -> bool:
        wanted = self._wanted_values()
        return all(agrees(view.fields, name, value) for name, value in wanted.items())

    def _is_due(self, view: View) -> bool:
        within = self.does.within.items()
        return self._is_in_state(view) and all(
            self._is_within(view, name, *ends) for name, ends in within
        )

    def _is_in_state(self, view: View) -> bool:
        only = self.does.only.items()
        return all(plain(view.fields.get(name)) in map(plain, wanted) for name, wanted in only)

    def _param(self, path: str) -> Any:
        """Return a parameter, or a field in one."""
        name, *rest = path.split(".")
        value: Any = self.given.get(name, self.sent.get(name))
        for each in rest:
            value = value.get(each) if isinstance(value, dict) else None
        return value

    def _is_within(self, view: View, name: str, first: str, last: str) -> bool:
        """Whether a field lies between two parameters; one that is absent is no limit."""
        value, low, high = view.fields[name], self.sent.get(first), self.sent.get(last)
        of = type(value)
        return (low is None or of(low) <= value) and (high is None or value <= of(high))

    def _first_page(self) -> int:
        """Return the number of the first page: 0 if the call may ask for it, else 1."""
        return 0 if first(self.sent, _PAGE_NUMBERS) == 0 else 1

    def _again(self) -> View | None:
        """Return what an earlier call of the same attempt made, if it is still there."""
        if not self.sent.get(self.does.once):
            return None
        earlier = self.call.unit.read(ResourceAttempt, self.attempt)
        return None if earlier is None else self.shelf.find(earlier.key)

    def _remember(self, view: View | None) -> None:
        if view is not None and self.sent.get(self.does.once):
            self.call.unit.write(self.attempt, ResourceAttempt(key=view.key))
