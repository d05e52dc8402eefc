"""A declared operation: what YAML says of one call of the platform, read and understood.

The same form serves the catalogue's files and the endpoints that a scenario declares:

    query_alias:
      call: GET /api/example/alias/query/
      about: 查询别名
      takes: {alias_id*: id}
      gives: {alias: $alias}
      does: {get: alias}
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any, Literal, NamedTuple

import msgspec

from mockdouyin.core.endpoint import State
from mockdouyin.core.errors import Basis, ErrorCase, MockDouyinError, suggestion
from mockdouyin.endpoints.declared._error_texts import (
    NO_PLAIN_KEY,
    NO_RESOURCE,
    NO_RESOURCE_FIELD,
    NOT_AN_ERROR,
    ONE_VERB,
)
from mockdouyin.endpoints.declared.notation import (
    EMPTY,
    Echo,
    Field,
    ListOf,
    MapOf,
    ObjectOf,
    Outcome,
    Scalar,
    Shape,
    Worked,
    fields_of,
    parse,
)

TokenKind = Literal["none", "client", "app", "user", "business", "authorizer"]
"""Whose token a call carries: nobody's, the app's (of two kinds), a person's, and so on."""

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""The methods that a call may have."""

PATH = re.compile(r"(?!/_mock|/@)(/[A-Za-z0-9._~%:@!$&()+,;=-]+)+/?", re.ASCII)
"""A path that an endpoint may have."""

Plain = str | int | float | bool
"""A value in YAML; the catalogue's files have texts only."""

PAGING = ("total", "has_more", "cursor", "next_cursor", "page_count")
"""What a list can tell beside its rows."""

APP = "app"
"""The name by which a reply shows the calling app's key."""


FAILED = "failed"
"""The ids of those of several records with which something failed."""

MINI_PROGRAM = "mini_program"
"""The name by which a reply tells of the world's first mini-program."""

APP_FIELDS = ("client_key", "name", "authorizer_token")

_TEXT = Scalar("text", is_text=True)
_WHOLE_NUMBER = Scalar("int", is_text=False)
_TRUTH = Scalar("bool", is_text=False)


class Later(
    msgspec.Struct,
    frozen=True,
    forbid_unknown_fields=True,
    rename={"start": "from", "instead": "or"},
):
    """A field that changes by itself after a time, as when an audit ends."""

    field: str
    """Its name."""
    start: Plain
    """The value from which it changes."""
    to: Plain
    """The value that it changes to."""
    after: str
    """A duration, or the setting that has it."""
    instead: Plain = ""
    """What it becomes in a world whose audits are refused."""


class ResourceSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What operations create, change and list, as YAML has it."""

    key: str
    """The field that is its id."""
    shape: dict[str, Any]
    """Its fields, each with a format."""
    about: str = ""
    """What a person calls it."""
    of: Literal["app", "person", "world"] = "app"
    """Whose they are: each app has its own, or each person of an app, or the world."""
    also: str = ""
    """The field with the number that its maker gave it, by which it is found, too."""
    given: int = 0
    """How many of them each owner has from the beginning."""
    single: bool = False
    """Whether an owner has one at most: creating changes it, and it is found without an id."""
    starts: dict[str, Plain] = {}
    """The values of fields at the beginning; those of lists and objects are JSON."""
    later: Later | None = None
    """A field that changes by itself."""


class Resource(NamedTuple):
    """A kind of thing that operations create, change and list."""

    name: str
    """Its full name: that of its family, a dot, and its own."""
    source: ResourceSource
    shape: ObjectOf

    @property
    def label(self) -> str:
        """What a person calls it."""
        return self.source.about or self.name.rpartition(".")[2]

    @property
    def key(self) -> Scalar:
        """The format of its id."""
        return self.shape.fields[self.source.key].shape  # type: ignore[return-value]


VERBS = ("create", "get", "list", "update", "delete", "save")


class Does(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an operation does with a resource: one of the verbs, and how."""

    create: str = ""
    """The resource of which a record is made."""
    save: str = ""
    """Updated if its id is sent, created if not."""
    get: str = ""
    """The resource of which a record is shown."""
    list: str = ""
    """The resource whose records are shown in pages."""
    update: str = ""
    """The resource of which a record is changed."""
    delete: str = ""
    """The resource of which a record is deleted."""
    by: str = ""
    """The parameter with the id, or with a list of ids; by default it is called as the id is."""
    also: str = ""
    """The parameter with its maker's number; by default it is called as that field is."""
    each: str = ""
    """The parameter whose items are created, one by one."""
    once: str = ""
    """The parameter that two calls of one attempt have in common: the second does nothing anew."""
    where: tuple[str, ...] | dict[str, str] = ()
    """The parameters that a record must agree with, or `{field: =name}`, `{list.field: =name}`.

    If no id is taken, the first that agrees is meant; what is created changes it, if there is
    one."""
    within: dict[str, tuple[str, str]] = {}
    """Fields, and the two parameters that a listed record's value must lie between."""
    inside: str = ""
    """The parameter that holds the fields; of a list, each object is one record."""
    sets: dict[str, Plain] = {}
    """Fields and their new values; `=name` is a parameter, `=name.field` a field of one, `=name
    1:2 2:6` what stands for it, `$now` the moment. A field may be called as a parameter says:
    `=config_key`."""
    adds: dict[str, str | int] = {}
    """Fields and what is added to them, to a list at its end; `-=name` takes a parameter away."""
    less: dict[str, tuple[Plain, ...]] = {}
    """A parameter, and the values of it with which `adds` takes away."""
    whole: dict[str, tuple[Plain, ...]] = {}
    """A parameter, and the values of it with which `adds` puts a list in place of another."""
    only: dict[str, tuple[Plain, ...]] = {}
    """Fields and the values that they must have before, or in what is listed."""
    fails: str = ""
    """The error if a field has another value, too little is left, or what is created is there."""
    missing: str = "not_found"
    """The error if there is no such record."""
    reports: str | None = None
    """The `err_msg` of each record in a list; what fails with one is told there, not refused."""
    unique: dict[str, str] = {}
    """Fields that no two records have in common, and the error of the second."""
    needs: dict[str, str] = {}
    """Other resources that must exist: the parameter with the id, and the error if it does not.

    A record that is made has their fields of the same name."""
    spends: dict[str, dict[str, str | int]] = {}
    """The same resources, their fields, and what is taken from each."""
    then: Does | None = None
    """What is done after it; of several steps, one whose `inside` was not sent is left out."""

    @property
    def steps(self) -> tuple[Does, ...]:
        """Everything that is done, in order."""
        return (self, *(self.then.steps if self.then else ()))

    @property
    def agrees(self) -> dict[str, str]:
        """The fields of a listed record, and the parameters that they agree with."""
        if isinstance(self.where, dict):
            return {field: name.removeprefix("=") for field, name in self.where.items()}
        return {name: name for name in self.where}

    @property
    def verb(self) -> str:
        """What is done."""
        named = [verb for verb in VERBS if getattr(self, verb)]
        if len(named) != 1:
            raise MockDouyinError(ONE_VERB(verbs=list(VERBS), named=named))
        return named[0]

    @property
    def resource(self) -> str:
        """The name of the resource."""
        name: str = getattr(self, self.verb)
        return name


class CallSource(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One call as YAML has it."""

    call: str
    """Its methods, and its paths, such as `GET /api/points/v1/query`."""
    about: str = ""
    """One sentence on what it does."""
    doc: str = ""
    """The address of its docs page."""
    basis: Basis | None = None
    """How sure it is that Douyin behaves like this."""
    token: TokenKind | None = None
    """Whose token it needs."""
    envelope: str | None = None
    """The JSON around its reply, with the numbers of common errors."""
    scope: str = ""
    """The scope that the app must have."""
    takes: dict[str, Any] = {}
    """Its parameters, each with a format; a name with a star is required."""
    gives: Any = None
    """Its payload: a format, a list or an object."""
    does: Does | None = None
    """What it does with a resource."""
    errors: tuple[str, ...] = ()
    """Its own errors, each as `28005074 bad_task 任务id无效`.

    What is wrong with the parameter `name` is refused with `bad_name`, if there is one."""


class OperationSource(CallSource, frozen=True, forbid_unknown_fields=True):
    """One operation of the catalogue as YAML has it."""

    state: State | None = None
    note: str = ""
    """Where it differs from what the docs show, and why."""


class EndpointSource(CallSource, frozen=True, forbid_unknown_fields=True):
    """An endpoint that a scenario declares."""

    replaces: bool = False
    """Answer in place of what is emulated at this path."""


class Operation:
    """One declared operation, understood."""

    def __init__(
        self, name: str, source: CallSource, resources: dict[str, Resource], token: TokenKind
    ) -> None:
        self.name = name
        self.source = source
        self.resources = resources
        self.token: TokenKind = source.token or token
        self.does: Does | None = source.does

    @cached_property
    def takes(self) -> ObjectOf:
        """The parameters."""
        return fields_of(self.source.takes)

    @property
    def takes_file(self) -> bool:
        """Whether one of the parameters is a file."""
        shapes = (field.shape for field in self.takes.fields.values())
        return any(isinstance(shape, Scalar) and shape.format == "file" for shape in shapes)

    def inside(self, does: Does) -> ObjectOf:
        """Return the parameters of one record that stand in one with an object or several."""
        if not does.inside:
            return EMPTY
        shape = self.takes.fields[does.inside].shape
        if isinstance(shape, ListOf):
            shape = shape.item
        return shape if isinstance(shape, ObjectOf) else EMPTY

    @cached_property
    def gives(self) -> Shape | None:
        """The payload; None if there is none."""
        return None if self.source.gives is None else parse(self.source.gives)

    @cached_property
    def resource(self) -> Resource:
        """The resource that it does something with, if it does."""
        return self.named_resource(self.does.resource if self.does else "")

    def named_resource(self, name: str) -> Resource:
        """Return a resource of the family."""
        found = self.resources.get(name)
        if found is None:
            hint = suggestion(name, self.resources)
            raise MockDouyinError(NO_RESOURCE(name=self.name, resource=name, hint=hint))
        return found

    @property
    def state(self) -> State:
        """How much of its state is emulated."""
        said = self.source.state if isinstance(self.source, OperationSource) else None
        return said or ("generic" if self.does else "shape only")

    @cached_property
    def told(self) -> ObjectOf | ListOf | Scalar | MapOf | None:
        """The payload with the shapes of outcomes and echoes in their place."""
        return None if self.gives is None else self._plain(self.gives)  # type: ignore[return-value]

    def _plain(self, shape: Shape) -> Shape:
        if isinstance(shape, ObjectOf):
            fields = {
                name: Field(self._plain(field.shape), is_optional=field.is_optional)
                for name, field in shape.fields.items()
            }
            return ObjectOf(fields)
        if isinstance(shape, ListOf):
            return shape._replace(item=self._plain(shape.item))
        if isinstance(shape, MapOf):
            return shape._replace(value=self._plain(shape.value))
        if isinstance(shape, Worked):
            return _WHOLE_NUMBER
        if isinstance(shape, Echo):
            return self._field(self.takes, shape.name)
        if isinstance(shape, Outcome):
            return self._outcome(shape)
        return shape

    def _outcome(self, shape: Outcome) -> Shape:
        if shape.name in PAGING:
            number = Scalar("int", shape.is_text)
            return _TRUTH if shape.name == "has_more" else number
        if shape.name == APP:
            return _TEXT
        if shape.name == MINI_PROGRAM:
            return self._field(ObjectOf(dict.fromkeys(APP_FIELDS, Field(_TEXT))), shape.field)
        if shape.name == FAILED:
            return ListOf(self.resource.key)
        whole = self.named_resource(shape.name).shape
        return self._field(whole, shape.field) if shape.field else self._plain(whole)

    def _field(self, of: ObjectOf, name: str) -> Shape:
        if name not in of.fields:
            raise MockDouyinError(
                NO_RESOURCE_FIELD(name=self.name, field=name, hint=suggestion(name, of.fields))
            )
        return self._plain(of.fields[name].shape)


def resource_of(family: str, name: str, source: ResourceSource) -> Resource:
    """Understand a resource; its id has to be one of its fields."""
    shape = fields_of(source.shape) if source.shape else EMPTY
    key = shape.fields.get(source.key)
    if key is None or not isinstance(key.shape, Scalar):
        raise MockDouyinError(NO_PLAIN_KEY(name=name, key=source.key))
    return Resource(f"{family}.{name}", source, shape)


def error_of(text: str, basis: Basis) -> ErrorCase:
    """Understand an error as YAML has it: number, our name, and Douyin's text."""
    number, _, rest = text.partition(" ")
    name, _, says = rest.partition(" ")
    try:
        return ErrorCase(int(number), name, says, basis)
    except ValueError:
        raise MockDouyinError(NOT_AN_ERROR(text=text)) from None
