"""What a declared operation does with a resource: create, get, list, update or delete."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.endpoint import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain.resource_records import ResourceAttempt
from mockdouyin.endpoints.declared import _texts as texts
from mockdouyin.endpoints.declared.operation import Does, Operation, Resource
from mockdouyin.endpoints.declared.resources import Shelf, View, typed

Outcomes = dict[str, Any]
"""What a reply can show: a view or a list of them by the resource's name, and a list's totals."""

_PAGE_SIZES = ("page_size", "size", "count", "limit")
_PAGE_NUMBERS = ("page_num", "page_no", "page_number", "page", "page_index")
_CURSORS = ("cursor", "offset")

_DEFAULT_SIZE = 20


def act(call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]) -> Outcomes:
    """Do what the operation does; return what its reply can show."""
    return _Action(call, operation, owner, sent).run()


class _Action:
    def __init__(
        self, call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]
    ) -> None:
        self.call = call
        self.does: Does = operation.does or Does()
        self.resource: Resource = operation.resource
        self.sent = sent
        whose = {"app": owner, "person": f"{owner} {call.person}", "world": ""}
        owned = whose[self.resource.source.of]
        self.shelf = Shelf(call.world, call.unit, self.resource, owned)
        self.attempt = f"{self.resource.name} {owned} {sent.get(self.does.once)}"

    def run(self) -> Outcomes:
        """Do it."""
        run = getattr(self, f"_{self.does.verb}")
        outcomes: Outcomes = run()
        return outcomes

    def _create(self) -> Outcomes:
        if self.does.each:
            rows = self.sent.get(self.does.each) or []
            return self._shown([self._made(self._fields_in(row)) for row in rows])
        again = self._again()
        if again is not None:
            return self._shown(again)
        view = self._made(self._fields())
        self._remember(view.key)
        return self._shown(view)

    def _made(self, fields: dict[str, Any]) -> View:
        """Make a record, or change the one that has its key or its maker's number."""
        key = str(fields.pop(self.resource.source.key, "") or "")
        there = self.shelf.find(key) if key else self._numbered(fields)
        if there is not None and self.does.fails:
            why = texts.THERE_ALREADY(resource=self._named(), key=there.key)
            raise DouyinError(self._case(self.does.fails), why)
        if there is not None:
            return self.shelf.change(there.key, fields)
        return self.shelf.create(fields, key)

    def _numbered(self, fields: dict[str, Any]) -> View | None:
        number = fields.get(self.resource.source.also)
        return self.shelf.find_also(str(number)) if number else None

    def _get(self) -> Outcomes:
        keys = self._keys()
        if isinstance(keys, list):
            views = (self.shelf.find(str(key)) for key in keys)
            found = [view for view in views if view is not None and self._is_in_state(view)]
            return {**self._shown(found), "total": len(found)}
        view = self._wanted(keys)
        self._check_state(view)
        return self._shown(view)

    def _list(self) -> Outcomes:
        views = [view for view in self.shelf.views() if self._agrees(view)]
        size = _first(self.sent, _PAGE_SIZES) or _DEFAULT_SIZE
        number = _first(self.sent, _PAGE_NUMBERS)
        start = _first(self.sent, _CURSORS) or 0
        if number is not None:
            start = max(0, number - self._first_page()) * size
        end = start + size
        has_more = end < len(views)
        following = end if has_more else len(views)
        return {
            **self._shown(views[start:end]),
            "total": len(views),
            "page_count": -(-len(views) // size),
            "has_more": has_more,
            "cursor": following,
            "next_cursor": following,
        }

    def _update(self) -> Outcomes:
        keys = self._keys()
        if isinstance(keys, list):
            return self._shown([self._changed(str(key)) for key in keys])
        again = self._again()
        if again is not None:
            return self._shown(again)
        view = self._changed(keys)
        self._remember(view.key)
        return self._shown(view)

    def _changed(self, key: str) -> View:
        view = self._wanted(key)
        self._check_state(view)
        fields = {**self._fields(), **self._added(view)}
        fields.pop(self.resource.source.key, None)
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

    def _named(self) -> str:
        return self.resource.source.about or self.does.resource

    def _keys(self) -> Any:
        keys = self._sent_at(self.does.by or self.resource.source.key)
        numbers = self._sent_at(self.does.also or self.resource.source.also)
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
        view = self.shelf.find(str(key))
        if view is None:
            why = texts.NO_SUCH(
                name=self.does.by or self.resource.source.key,
                got=str(key),
                resource=self._named(),
            )
            raise DouyinError(self._case(self.does.missing), why)
        return view

    def _fields(self) -> dict[str, Any]:
        """Return the fields that the call sets: its parameters of the same name, and `sets`."""
        return self._fields_in(
            self.sent.get(self.does.inside, {}) if self.does.inside else self.sent
        )

    def _fields_in(self, given: Any) -> dict[str, Any]:
        if not isinstance(given, dict):
            given = {self.resource.source.key: given}
        fields = {
            name: typed(self.resource, name, value)
            for name, value in given.items()
            if name in self.resource.shape.fields
        }
        for name, value in self.does.sets.items():
            is_sent = isinstance(value, str) and value[:1] == "="
            set_to = self._sent_at(str(value)[1:]) if is_sent else value
            if set_to is not None:
                fields[name] = typed(self.resource, name, set_to)
        return fields

    def _sent_at(self, path: str) -> Any:
        """Return a parameter, or a field in one."""
        value: Any = self.sent
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def _added(self, view: View) -> dict[str, Any]:
        """Return the fields that the call adds to or takes from, which never go below zero."""
        fields = {}
        for name, added in self.does.adds.items():
            what = str(added)
            sign = -1 if what[:1] == "-" else 1
            bare = what.lstrip("-+")
            amount = int(self.sent.get(bare[1:], 0)) if bare[:1] == "=" else int(bare)
            left = int(view.fields.get(name) or 0)
            if left + sign * amount < 0:
                why = texts.NOT_ENOUGH(
                    resource=self._named(), key=view.key, field=name, left=left, wanted=amount
                )
                raise DouyinError(self._case(self.does.fails or "wrong_state"), why)
            fields[name] = typed(self.resource, name, str(left + sign * amount))
        return fields

    def _check_state(self, view: View) -> None:
        for name, wanted in self.does.only.items():
            got = str(view.fields.get(name))
            if got not in map(str, wanted):
                why = texts.WRONG_STATE(
                    resource=self._named(),
                    key=view.key,
                    field=name,
                    got=got,
                    wanted=list(map(str, wanted)),
                )
                raise DouyinError(self._case(self.does.fails or "wrong_state"), why)

    def _is_in_state(self, view: View) -> bool:
        only = self.does.only.items()
        return all(str(view.fields.get(name)) in map(str, wanted) for name, wanted in only)

    def _agrees(self, view: View) -> bool:
        if not self._is_in_state(view):
            return False
        for field, name in self.does.agrees.items():
            wanted = self.sent.get(name)
            if wanted in (None, "", []):
                continue
            several = wanted if isinstance(wanted, list) else [wanted]
            if str(view.fields.get(field)) not in map(str, several):
                return False
        return True

    def _first_page(self) -> int:
        """Return the number of the first page: 0 if the call may ask for it, else 1."""
        return 0 if _first(self.sent, _PAGE_NUMBERS) == 0 else 1

    def _again(self) -> View | None:
        """Return what an earlier call of the same attempt made, if it is still there."""
        if not self.sent.get(self.does.once):
            return None
        earlier = self.call.unit.read(ResourceAttempt, self.attempt)
        return None if earlier is None else self.shelf.find(earlier.key)

    def _remember(self, key: str) -> None:
        if self.sent.get(self.does.once):
            self.call.unit.write(self.attempt, ResourceAttempt(key=key))


def _first(sent: dict[str, Any], names: tuple[str, ...]) -> int | None:
    """Return the number in the first of these parameters that was sent."""
    for name in names:
        if name in sent:
            try:
                return max(0, int(sent[name]))
            except ValueError:
                return None
    return None
