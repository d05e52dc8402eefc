"""The records of declared resources: each owner's, in pages by when they were made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from mockdouyin.core.clock import DAY, beijing, parse_duration
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import Unit
from mockdouyin.core.world import WorldState
from mockdouyin.domain.resource_records import (
    ResourceAttempt,
    ResourcePage,
    ResourceRecord,
    ResourceShelf,
)
from mockdouyin.endpoints.declared import _texts as texts
from mockdouyin.endpoints.declared.checks import FORMS
from mockdouyin.endpoints.declared.comparison import agrees, as_shape
from mockdouyin.endpoints.declared.notation import ListOf, ObjectOf, Scalar, Shape
from mockdouyin.endpoints.declared.operation import Later, Resource
from mockdouyin.endpoints.declared.values import Values

PAGE = 100
"""Keys in a page."""

MOST = 5000
"""Records that one owner has of a resource at most."""


class View(NamedTuple):
    """A record as it is at this moment, with every field."""

    key: str
    fields: dict[str, Any]


class Shelf:
    """The records that one owner has of a resource."""

    def __init__(self, world: WorldState, unit: Unit, resource: Resource, owner: str) -> None:
        self._world = world
        self._unit = unit
        self._resource = resource
        self.name: str = f"{resource.name} {owner}"

    def create(self, fields: dict[str, Any], key: str = "") -> View:
        """Make a record; its key is derived unless it is given, and replaces none there is."""
        shelf = self._shelf()
        if shelf.living >= MOST:
            why = texts.TOO_MANY(resource=self._resource.label, count=MOST, most=MOST)
            raise DouyinError("wrong_state", why)
        key = key or self._derived_key("made", shelf.made)
        page = shelf.pages[-1] if shelf.pages else 0
        keys = self._keys(page)
        if len(keys) >= PAGE:
            page, keys = page + 1, ()
        record = ResourceRecord(
            fields=fields, created=self._unit.now, changed=self._unit.now, page=page
        )
        self._unit.write(self._at(key), record)
        self._unit.write(f"{self.name} {page}", ResourcePage(keys=(*keys, key)))
        pages = shelf.pages if page in shelf.pages else (*shelf.pages, page)
        grown = replace(shelf, made=shelf.made + 1, living=shelf.living + 1, pages=pages)
        self._unit.write(self.name, grown)
        self._note_also(key, fields)
        return self._view(key, record)

    def find(self, key: str) -> View | None:
        """Return the record with this key."""
        record = self._find(key)
        return None if record is None else self._view(key, record)

    def find_also(self, number: str) -> View | None:
        """Return the record to which its maker gave this number."""
        noted = self._unit.read(ResourceAttempt, self._also_at(number))
        if noted is not None:
            found = self.find(noted.key)
            return found if found and self._number_of(found.fields) == number else None
        given = (self.find(self._derived_key("given", n)) for n in range(self._given_count))
        return next(
            (each for each in given if each and self._number_of(each.fields) == number), None
        )

    def nothing(self, key: str) -> View:
        """Return what stands for a record that there is not: its id, and empty values."""
        fields = self._resource.shape.fields
        return View(
            key, {n: zero(f.shape) for n, f in fields.items()} | {self._resource.source.key: key}
        )

    def change(self, key: str, fields: dict[str, Any]) -> View:
        """Change fields of a record that there is; return it as it is then."""
        record = self._find(key)
        if record is None:
            raise LookupError(key)
        now = self._now_fields(record)
        changed = replace(
            record, fields=_merged(self._resource.shape, now, fields), changed=self._unit.now
        )
        self._unit.write(self._at(key), changed)
        self._note_also(key, fields)
        return self._view(key, changed)

    def delete(self, key: str) -> None:
        """Delete a record, if there is one."""
        record = self._find(key)
        if record is None:
            return
        if record.page < 0:
            self._unit.write(self._at(key), replace(record, gone=True))
            return
        self._unit.drop(ResourceRecord, self._at(key))
        self._unit.drop(ResourceAttempt, self._also_at(self._number_of(record.fields)))
        shelf = self._shelf()
        kept = tuple(each for each in self._keys(record.page) if each != key)
        pages = shelf.pages
        if kept or record.page == pages[-1]:
            self._unit.write(f"{self.name} {record.page}", ResourcePage(keys=kept))
        else:
            self._unit.drop(ResourcePage, f"{self.name} {record.page}")
            pages = tuple(each for each in pages if each != record.page)
        self._unit.write(self.name, replace(shelf, living=shelf.living - 1, pages=pages))

    def views(self, wanted: dict[str, Any] | None = None) -> Iterator[View]:
        """Iterate over the living records that have these values, the given ones first."""
        wanted = wanted or {}
        for key in self._all_keys():
            record = self._find(key)
            if record is None:
                continue
            told = {**self._now_fields(record), self._resource.source.key: key}
            # Most are ruled out by what they were told, before all else of them is derived.
            if all(agrees(told, name, wanted[name]) for name in wanted.keys() & told.keys()):
                view = self._view(key, record)
                if all(agrees(view.fields, name, value) for name, value in wanted.items()):
                    yield view

    def _all_keys(self) -> list[str]:
        given = [self._derived_key("given", n) for n in range(self._given_count)]
        pages = self._shelf().pages
        self._unit.expect(ResourcePage, [f"{self.name} {page}" for page in pages])
        keys = [*given, *(key for page in pages for key in self._keys(page))]
        self._unit.expect(ResourceRecord, [self._at(key) for key in keys])
        return keys

    def _keys(self, page: int) -> tuple[str, ...]:
        found = self._unit.read(ResourcePage, f"{self.name} {page}")
        return found.keys if found is not None else ()

    def _shelf(self) -> ResourceShelf:
        found = self._unit.read(ResourceShelf, self.name)
        if found is None:
            found = ResourceShelf(since=self._unit.now)
            self._unit.write(self.name, found)
        return found

    @property
    def _given_count(self) -> int:
        return self._resource.source.given

    def _number_of(self, fields: dict[str, Any]) -> str:
        return str(fields.get(self._resource.source.also) or "")

    def _also_at(self, number: str) -> str:
        return f"{self.name} {self._resource.source.also} {number}"

    def _note_also(self, key: str, fields: dict[str, Any]) -> None:
        number = self._number_of(fields)
        if number:
            self._unit.write(self._also_at(number), ResourceAttempt(key=key))

    def _at(self, key: str) -> str:
        return f"{self.name} {key}"

    def _find(self, key: str) -> ResourceRecord | None:
        record = self._unit.read(ResourceRecord, self._at(key))
        if record is not None:
            return None if record.gone else record
        for number in range(self._given_count):
            if key == self._derived_key("given", number):
                return self._given(number)
        return None

    def _given(self, number: int) -> ResourceRecord:
        age = (1 + self._world.ids.number(25, self.name, "age", number)) * DAY
        made = self._shelf().since - age
        return ResourceRecord(fields={}, created=made, changed=made)

    def _derived_key(self, how: str, number: int) -> str:
        values = Values(self._world.ids, self._unit.now, self.name, how, str(number))
        return str(values.make(self._resource.key, self._resource.source.key))

    def _now_fields(self, record: ResourceRecord) -> dict[str, Any]:
        """Return what a record was told, with what has changed by itself since."""
        fields = {**self._starting(), **record.fields}
        later = self._resource.source.later
        if later is None or str(fields.get(later.field)) != str(later.start):
            return fields
        if self._unit.now < record.changed + _duration(self._world, later):
            return fields
        is_refused = later.instead and self._world.settings.audit_result == "refused"
        becomes = later.instead if is_refused else later.to
        return {**fields, later.field: typed(self._resource, later.field, becomes)}

    def _starting(self) -> dict[str, Any]:
        starts = self._resource.source.starts
        return {name: typed(self._resource, name, value) for name, value in starts.items()}

    def _view(self, key: str, record: ResourceRecord) -> View:
        resource = self._resource
        derived = Values(self._world.ids, record.created, self.name, key).make(resource.shape)
        told = {**self._now_fields(record), resource.source.key: key}
        told = {name: typed(resource, name, value) for name, value in told.items()}
        return View(key, _merged(resource.shape, derived, told))


def _merged(shape: ObjectOf, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Return fields with new values; an object keeps those of its own that are not new."""
    both = {
        name: _merged(field.shape, old[name], new[name])
        for name, field in shape.fields.items()
        if isinstance(field.shape, ObjectOf)
        and isinstance(old.get(name), dict)
        and isinstance(new.get(name), dict)
    }
    return {**old, **new, **both}


def typed(resource: Resource, name: str, value: Any) -> Any:
    """Return a value as JSON has it in this field of a resource."""
    field = resource.shape.fields.get(name)
    if field is None:
        return value
    if not isinstance(field.shape, Scalar):
        return msgspec.json.decode(value) if isinstance(value, str) else value
    return as_shape(field.shape, value)


def moment(resource: Resource, name: str, now: float) -> Any:
    """Return a moment as this field of a resource has it."""
    shape = resource.shape.fields[name].shape
    form = shape.format if isinstance(shape, Scalar) else ""
    if form in FORMS:
        return beijing(now).strftime(FORMS[form])
    return typed(resource, name, int(now) * (1000 if form == "ms" else 1))


def zero(shape: Shape) -> Any:
    """Return the empty value of a shape, which Douyin shows where there is nothing to show."""
    if isinstance(shape, Scalar):
        if shape.is_text:
            return ""
        return _ZEROS.get(shape.format, 0)
    return [] if isinstance(shape, ListOf) else {}


_ZEROS: dict[str, Any] = {"bool": False, "any": None, "object": {}, "null": None, "file": None}


def _duration(world: WorldState, later: Later) -> float:
    setting = getattr(world.settings, later.after, None)
    return float(setting) if setting is not None else parse_duration(later.after)
