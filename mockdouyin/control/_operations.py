"""Operations of the control API: how one is declared, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from mockdouyin.control._error_texts import NO_OPERATION, NO_VIEW, UNKNOWN_FIELD
from mockdouyin.control._query import read_query
from mockdouyin.control._steps import After, Step, Streaming
from mockdouyin.core.bounds import is_storable
from mockdouyin.core.docstrings import first_said_in
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import MockDouyinError, NotFoundError, near_hint, suggestion
from mockdouyin.core.settings import decode, encode
from mockdouyin.core.texts import DEFAULT_LANGUAGE, Language, Text, as_text
from mockdouyin.core.typed import thread_safe
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario import validation

B = TypeVar("B")
R = TypeVar("R")
T = TypeVar("T")

Answer = dict[str, Any]
"""The answer of an operation as plain data, which goes into JSON as it is."""


class OperationCall(NamedTuple, Generic[B]):
    """One call of an operation: the sandbox and world it is for, and what the caller sent."""

    sandbox: Sandbox
    world: World
    takes: type[B]
    """The type of what is given."""
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    language: Language
    """The language of texts in the answer."""
    caller: str = ""
    """The caller's own name for itself (over HTTP its User-Agent), or empty if not known."""
    address: str = ""
    """The URL at which the caller reached this server; empty within the process."""

    @property
    def given(self) -> B:
        """The body, or a GET's query; an error names the unknown, ill-typed or unsound field."""
        return (
            read_query(self.query, self.takes) if is_query(self.takes) else self.read(self.takes)
        )

    def note(self, kind: str, says: Text, *, app: str = "", person: str = "") -> None:
        """Write into the world's journal what this call does."""
        unit = self.world.store.unit(self.world.clock.now())
        self.world.note(unit, kind, says, app=app, person=person, given=self.body)

    def read(self, kind: type[T]) -> T:
        """Convert the body to a type; an error names the unknown, ill-typed or unsound field."""
        body = self.body or {}
        if not is_storable(body) and (says := validation.described(body, kind)):
            raise MockDouyinError(says)
        try:
            return msgspec.convert(body, thread_safe(kind), dec_hook=decode)
        except msgspec.ValidationError as error:
            raise MockDouyinError(_describe(str(error), body, kind)) from None


def woken(call: OperationCall[Any], reply: Step[R]) -> After[R]:
    """Reply once the deliverer was told to look at the world: something may be due by now."""

    def wake() -> Step[R]:
        call.sandbox.deliverer.wake(call.world)
        return reply

    return After(wake)


class OperationQuery(msgspec.Struct, kw_only=True):
    """What an operation takes in its query: texts, whole numbers, seconds (float) and flags."""


def is_query(kind: Any) -> bool:
    """Whether an operation that takes this type takes it in its query."""
    return isinstance(kind, type) and issubclass(kind, OperationQuery)


def _describe(text: str, body: Any, kind: type) -> Text:
    """Return msgspec's validation error in our own words."""
    if "unknown field" in text:
        name = text.split("`")[1]
        known = getattr(kind, "__struct_fields__", ())
        return UNKNOWN_FIELD(name=name, hint=suggestion(name, known))
    return validation.described(body, kind) or as_text(text)


class Operation:
    """One operation of the control API: its name, its route and the function behind it."""

    def __init__(
        self,
        function: Callable[[OperationCall[Any]], Step[Any]],
        method: str,
        path: str,
        *,
        in_world: bool,
        is_short: bool,
        long: bool,
        changes: bool | None,
        body_limit: int,
        is_static: bool,
        views: dict[str, str],
        events: dict[str, type],
    ) -> None:
        self.name: str = function.__name__
        self.function: Callable[[OperationCall[Any]], Step[Any]] = function
        self.method = method
        self.path = path
        self.changes: bool = method != "GET" if changes is None else changes
        """Whether it may change a world."""
        self.is_short = is_short
        """Whether the world `default` need not be named."""
        self.in_world = in_world
        """Whether it is about one world, and runs in a transaction of it."""
        self.long = long
        """Whether its cost grows with the world: an event loop runs it in a thread."""
        self.body_limit = body_limit
        self.is_static = is_static
        """Whether its answer never changes while the server runs: it needs no world or store."""
        self.views = views
        """The operations that answer in its place, by the value of `view` in the query."""
        self.events = events
        """What its reply consists of, by name, if that is a stream; else empty."""

    def for_view(self, query: dict[str, str]) -> Operation:
        """Return the operation that answers a query: this one, or the one of the `view`."""
        view = query.get("view")
        if not view or not self.views:
            return self
        if view not in self.views:
            raise MockDouyinError(NO_VIEW(view=view[:60], hint=suggestion(view, self.views)))
        return OPERATIONS[self.views[view]]

    def in_all_views(self) -> list[Operation]:
        """Return this operation and those of its views."""
        return [self, *(OPERATIONS[name] for name in self.views.values())]

    @property
    def takes(self) -> Any:
        """The type of its body, or an `OperationQuery`; NoneType if it takes nothing."""
        return get_args(_hints_of(self.function)["call"])[0]

    @property
    def reply(self) -> Any:
        """The type of its reply."""
        kind = _hints_of(self.function)["return"]
        return get_args(kind)[0] if get_origin(kind) is Union else kind  # of a Step, the first

    @property
    def shown(self) -> tuple[Any, ...]:
        """The types of what it shows: its reply, or the events of its stream."""
        return tuple(dict.fromkeys(self.events.values())) or (self.reply,)

    def about(self, language: Language = DEFAULT_LANGUAGE) -> str:
        """Return what it does, in one sentence."""
        return first_said_in(self.function.__doc__, language)

    def paths(self) -> Iterator[str]:
        """Yield the paths that it is served at."""
        if not self.in_world:
            yield "/_mock" + self.path
            return
        if self.path and self.is_short:
            yield "/_mock" + self.path  # short for the world `default`
        yield "/_mock/worlds/{world}" + self.path

    def arguments(self, given: Any) -> Answer:
        """Return what a client sends for a typed request: its `query`, or its `body`."""
        if isinstance(given, OperationQuery):
            return {"query": {k: _as_text(v) for k, v in _plain(given).items()}}
        if isinstance(given, msgspec.Struct):
            return {"body": _plain(given)}
        return {} if given is None else {"body": given}


@cache
def _hints_of(function: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(function)


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Any:
    """Return plain data without the fields that have their defaults: nobody has given those."""
    if isinstance(value, msgspec.Struct):
        given = {}
        for field in msgspec.structs.fields(value):
            found = getattr(value, field.name)
            has_default = field.default is not msgspec.NODEFAULT and found == field.default
            if not has_default and found is not msgspec.UNSET:
                given[field.encode_name] = _plain(found)
        return given
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return msgspec.to_builtins(value, enc_hook=encode)


OPERATIONS: dict[str, Operation] = {}
"""Every operation by its name."""


def find_operation(name: str) -> Operation:
    """Return an operation by its name; raise if there is none."""
    found = OPERATIONS.get(name)
    if found is None:
        raise NotFoundError(NO_OPERATION(name=name, hint=near_hint(name, OPERATIONS)))
    return found


_F = TypeVar("_F", bound=Callable[[OperationCall[Any]], Step[Any] | Streaming])


def operation(
    method: str,
    path: str,
    *,
    in_world: bool = True,
    is_short: bool = True,
    long: bool = False,
    changes: bool | None = None,
    body_limit: int = BODY_LIMIT,
    is_static: bool = False,
    views: dict[str, str] | None = None,
    events: dict[str, type] | None = None,
) -> Callable[[_F], _F]:
    """Register a function as an operation under its own name.

    Its annotations say what it takes and replies. One that is `in_world` is served below
    /worlds/{world} too, or only there if it is not `is_short`. Its function runs in a transaction
    of the world, so it takes no lock and, because it may be run again, has no effect outside. All
    but a GET changes the world, unless `changes` says otherwise. What is slow, reaches outside or
    has to wait is left for later, as the value that it returns; so is a stream, with its `events`.
    """

    def declare(function: _F) -> _F:
        OPERATIONS[function.__name__] = Operation(
            function,
            method,
            path,
            in_world=in_world,
            is_short=is_short,
            long=long,
            changes=changes,
            body_limit=body_limit,
            is_static=is_static,
            views=views or {},
            events=events or {},
        )
        return function

    return declare
