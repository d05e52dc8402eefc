"""What an order is: how it is declared, asked for, and carried out."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any, NamedTuple, TypeVar

import msgspec

from mockdouyin.core.bounds import MAX_INT, is_storable
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import (
    MockDouyinError,
    did_you_mean,
)
from mockdouyin.core.settings import decode
from mockdouyin.core.typed import thread_safe
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World
from mockdouyin.scenario import validation

T = TypeVar("T")

Answer = dict[str, Any]


class OperationCall(NamedTuple):
    """One order to a sandbox, as it arrived."""

    sandbox: Sandbox
    world: World
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    caller: str = ""
    """What the one who asks calls itself, where the door knows."""

    def read(self, kind: type[T]) -> T:
        """Read the body; an unknown, ill-typed or boundless field is refused by name."""
        body = self.body or {}
        if not is_storable(body) and (says := validation.described(body, kind)):
            raise MockDouyinError(says)
        try:
            return msgspec.convert(body, thread_safe(kind), dec_hook=decode)
        except msgspec.ValidationError as error:
            raise MockDouyinError(_plain(str(error), body, kind)) from None

    def transact(self, name: str, default: int) -> int:
        """Return a whole number of the query, from 0 on."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) > MAX_INT:
            says = f"{name} should be a whole number from 0 on, not {text[:60]!r}"
            raise MockDouyinError(says)
        return int(text)

    def seconds(self, name: str, default: float) -> float:
        """Return a number of seconds of the query."""
        text = self.query.get(name, "")
        try:
            seconds = float(text) if text else default
        except ValueError:
            seconds = nan
        if not 0 <= seconds < inf:
            raise MockDouyinError(
                f"{name} should be a number of seconds from 0 on, not {text[:60]!r}"
            )
        return seconds


def _plain(text: str, body: Any, kind: type) -> str:
    if "unknown field" in text:
        name = text.split("`")[1]
        known = getattr(kind, "__struct_fields__", ())
        return f"unknown field {name}{did_you_mean(name, known)}"
    return validation.described(body, kind) or text


class Operation(NamedTuple):
    """One thing that can be asked for."""

    name: str
    method: str
    path: str
    function: Callable[[OperationCall], Answer]
    in_world: bool
    waits: bool
    """Whether it waits for something that happens elsewhere."""
    long: bool
    """Whether it takes the longer the more there is in a world. It takes locks by itself, and only
    for what must be read at one moment; a door with an event loop takes a thread."""
    body_limit: int
    is_static: bool
    """Whether it tells what no request changes: it needs no world, and no store."""


OPERATIONS: dict[str, Operation] = {}
"""Everything that can be asked for, by name."""

_Function = Callable[[OperationCall], Answer]


def operation(
    method: str,
    path: str,
    *,
    in_world: bool = True,
    waits: bool = False,
    long: bool = False,
    body_limit: int = BODY_LIMIT,
    is_static: bool = False,
) -> Callable[[_Function], _Function]:
    """Declare an order; one that is `in_world` is at /worlds/{world}/… too."""

    def declare(function: _Function) -> _Function:
        name = function.__name__
        OPERATIONS[name] = Operation(
            name, method, path, function, in_world, waits, long, body_limit, is_static
        )
        return function

    return declare


def execute(
    sandbox: Sandbox,
    name: str,
    *,
    world: str = DEFAULT_WORLD,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: Any = None,
    caller: str = "",
) -> Answer:
    """Carry out one order; what is wrong with it is raised as a MockDouyinError."""
    wanted = OPERATIONS[name]
    if wanted.is_static:
        nowhere: Any = None
        return wanted.function(OperationCall(sandbox, nowhere, path or {}, query or {}, body))

    def act() -> Answer:
        place = sandbox.worlds.get(world) if wanted.in_world else sandbox.default
        try:
            return wanted.function(
                OperationCall(sandbox, place, path or {}, query or {}, body, caller)
            )
        finally:
            if wanted.method != "GET":
                place.touch()

    return act() if wanted.waits or wanted.long else sandbox.transact(act)
