"""What a declared operation does with a resource: create, get, list, update or delete."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.endpoint import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain.resource_records import ResourceAttempt
from mockdouyin.endpoints.declared import _texts as texts
from mockdouyin.endpoints.declared.operation import Does, Operation, Resource
from mockdouyin.endpoints.declared.resources import MOST, Shelf, View, typed

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
        again = self._again()
        if again is not None:
            return self._shown(again)
        fields = self._fields()
        key = str(fields.pop(self.resource.source.key, ""))
        if key and self.shelf.find(key) is not None:
            return self._shown(self.shelf.change(key, fields))
        made = self.shelf.count_made()
        if made >= MOST:
            why = texts.TOO_MANY(resource=self._named(), count=made, most=MOST)
            raise DouyinError(self._case("wrong_state"), why)
        view = self.shelf.create(fields, key)
        self._remember(view.key)
        return self._shown(view)

    def _get(self) -> Outcomes:
        keys = self._keys()
        if isinstance(keys, list):
            found = [view for key in keys if (view := self.shelf.find(str(key))) is not None]
            return {**self._shown(found), "total": len(found)}
        return self._shown(self._wanted(keys))

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
        name = self.does.by or self.resource.source.key
        return self.sent.get(name, "")

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
        given = self.sent.get(self.does.inside, {}) if self.does.inside else self.sent
        fields = {
            name: typed(self.resource, name, value)
            for name, value in given.items()
            if name in self.resource.shape.fields
        }
        for name, value in self.does.sets.items():
            is_sent = isinstance(value, str) and value[:1] == "="
            set_to = self.sent.get(str(value)[1:]) if is_sent else value
            if set_to is not None:
                fields[name] = typed(self.resource, name, set_to)
        return fields

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

    def _agrees(self, view: View) -> bool:
        wanted = ((name, self.sent.get(name)) for name in self.does.where)
        return all(
            value is None or str(value) == str(view.fields.get(name)) for name, value in wanted
        )

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
