"""Operations of the control API: how one is declared, and what it is called with."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan
from typing import Any, NamedTuple, TypeVar

import msgspec

from mockdouyin.control._steps import Step
from mockdouyin.core.bounds import MAX_INT, is_storable
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import MockDouyinError, did_you_mean
from mockdouyin.core.settings import decode
from mockdouyin.core.texts import Language
from mockdouyin.core.typed import thread_safe
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario import validation

T = TypeVar("T")

Answer = dict[str, Any]
"""The answer of an operation: plain data that goes into JSON as it is."""


class OperationCall(NamedTuple):
    """One call of an operation: the sandbox and world it is for, and what the caller sent."""

    sandbox: Sandbox
    world: World
    path: dict[str, str]
    query: dict[str, str]
    body: Any
    language: Language
    """The language of texts in the answer."""
    caller: str = ""
    """The caller's own name for itself (over HTTP its User-Agent), or empty if not known."""

    def read(self, kind: type[T]) -> T:
        """Convert the body to a type; an error names the unknown, ill-typed or unsound field."""
        body = self.body or {}
        if not is_storable(body) and (says := validation.described(body, kind)):
            raise MockDouyinError(says)
        try:
            return msgspec.convert(body, thread_safe(kind), dec_hook=decode)
        except msgspec.ValidationError as error:
            raise MockDouyinError(_describe(str(error), body, kind)) from None

    def whole_number(self, name: str, default: int) -> int:
        """Return a query parameter as a whole number from 0 on."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isascii() or not text.isdigit() or len(text) > 20 or int(text) > MAX_INT:
            says = f"{name} should be a whole number from 0 on, not {text[:60]!r}"
            raise MockDouyinError(says)
        return int(text)

    def seconds(self, name: str, default: float) -> float:
        """Return a query parameter as a number of seconds."""
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


def _describe(text: str, body: Any, kind: type) -> str:
    """Return msgspec's validation error in our own words."""
    if "unknown field" in text:
        name = text.split("`")[1]
        known = getattr(kind, "__struct_fields__", ())
        return f"unknown field {name}{did_you_mean(name, known)}"
    return validation.described(body, kind) or text


class Operation(NamedTuple):
    """One operation of the control API: its name, its route and the function behind it."""

    name: str
    method: str
    path: str
    function: Callable[[OperationCall], Step[Answer]]
    in_world: bool
    """Whether it is about one world, and runs in a transaction of it."""
    long: bool
    """Whether its cost grows with the world: a server with an event loop runs it in a thread."""
    body_limit: int
    is_static: bool
    """Whether its answer never changes while the server runs: it needs no world and no store."""


OPERATIONS: dict[str, Operation] = {}
"""Every operation by its name."""

_F = TypeVar("_F", bound=Callable[[OperationCall], Step[Answer]])


def operation(
    method: str,
    path: str,
    *,
    in_world: bool = True,
    long: bool = False,
    body_limit: int = BODY_LIMIT,
    is_static: bool = False,
) -> Callable[[_F], _F]:
    """Register a function as an operation under its own name.

    One that is `in_world` is served below /worlds/{world} too. Its function runs in a transaction
    of the world, so it takes no lock and, because it may be run again, has no effect outside. What
    is slow, reaches outside or has to wait is left for later, as the value that it returns.
    """

    def declare(function: _F) -> _F:
        name = function.__name__
        OPERATIONS[name] = Operation(
            name, method, path, function, in_world, long, body_limit, is_static
        )
        return function

    return declare
