"""What an order is: how it is declared, asked for, and carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import msgspec

from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import (
    MockDouyinError,
    did_you_mean,
)
from mockdouyin.core.settings import decode
from mockdouyin.sandbox import shape
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World

T = TypeVar("T")

Answer = dict[str, Any]


class Ask(NamedTuple):
    """One order to a sandbox, as it arrived."""

    sandbox: Sandbox
    world: World
    path: dict[str, str]
    query: dict[str, str]
    body: Any

    def read(self, kind: type[T]) -> T:
        """Read the body; an unknown or ill-typed field is refused by name."""
        body = self.body or {}
        try:
            return msgspec.convert(body, kind, dec_hook=decode)
        except msgspec.ValidationError as error:
            raise MockDouyinError(_plain(str(error), body, kind)) from None

    def number(self, name: str, default: float) -> float:
        """Give a number of the query."""
        try:
            return float(self.query.get(name, default))
        except ValueError:
            raise MockDouyinError(f"{name} should be a number, not {self.query[name]!r}") from None


def _plain(text: str, body: Any, kind: type) -> str:
    if "unknown field" in text:
        name = text.split("`")[1]
        known = getattr(kind, "__struct_fields__", ())
        return f"unknown field {name}{did_you_mean(name, known)}"
    return shape.described(body, kind) or text


class Order(NamedTuple):
    """One thing that can be asked for."""

    name: str
    method: str
    path: str
    function: Callable[[Ask], Answer]
    in_world: bool
    waits: bool
    """Whether it waits for something that happens elsewhere."""
    long: bool
    """Whether it takes the longer the more there is in a world. It takes locks by itself, and only
    for what must be read at one moment; a door with an event loop takes a thread."""
    body_limit: int


ORDERS: dict[str, Order] = {}
"""Everything that can be asked for, by name."""

_Function = Callable[[Ask], Answer]


def order(
    method: str,
    path: str,
    *,
    in_world: bool = True,
    waits: bool = False,
    long: bool = False,
    body_limit: int = BODY_LIMIT,
) -> Callable[[_Function], _Function]:
    """Declare an order; one that is `in_world` is at /worlds/{world}/… too."""

    def declare(function: _Function) -> _Function:
        name = function.__name__
        ORDERS[name] = Order(name, method, path, function, in_world, waits, long, body_limit)
        return function

    return declare


def carry_out(
    sandbox: Sandbox,
    name: str,
    *,
    world: str = DEFAULT_WORLD,
    path: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    body: Any = None,
) -> Answer:
    """Carry out one order; what is wrong with it is raised as a MockDouyinError."""
    wanted = ORDERS[name]

    def act() -> Answer:
        place = sandbox.worlds.get(world) if wanted.in_world else sandbox.default
        try:
            return wanted.function(Ask(sandbox, place, path or {}, query or {}, body))
        finally:
            if wanted.method != "GET":
                place.touch()

    return act() if wanted.waits or wanted.long else sandbox.whole(act)
