"""Clients of the control API: what all have in common, and the one for a sandbox in this process.

The client for a server elsewhere is in `http_client`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from msgspec.structs import replace

from mockdouyin.control import OPERATIONS, Execution, execute
from mockdouyin.control._event_readers import EventReader, LocalEventReader
from mockdouyin.control._execution import reply_to
from mockdouyin.control._operations import Answer, OperationCall
from mockdouyin.control._steps import Step, StreamEvent
from mockdouyin.core.errors import told_in
from mockdouyin.core.http import Reply, Request
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

__all__ = ["Answer", "Control", "EventReader", "LocalControl", "StreamEvent"]

B = TypeVar("B")
R = TypeVar("R")


class Control(Protocol):
    """A client of the control API, whether its sandbox is in this process or behind HTTP."""

    blocks: bool
    """Whether a call waits for a network: code on an event loop then has to use a thread."""

    @property
    def url(self) -> str:
        """The URL at which the server listens."""

    def handle(self, world: str, request: Request) -> Reply:
        """Return a world's reply to a request to Douyin."""

    def operation(
        self,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Execute one operation and return its answer."""

    def order(
        self,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Execute one operation: the older name of `operation`."""

    def call(
        self,
        operation: Callable[[OperationCall[B]], Step[R]],
        given: B | None = None,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
    ) -> R:
        """Execute an operation, named by its function, and return its typed reply."""

    def follow(self, *, world: str = DEFAULT_WORLD, since: int | None = None) -> EventReader:
        """Read what happens in a world, after this number or from now on, as it happens."""


class LocalControl:
    """The client for a sandbox of this process: an operation is a function call."""

    blocks = False

    def __init__(self, sandbox: Sandbox, url: str = "") -> None:
        self._url = url
        self._sandbox = sandbox

    @property
    def url(self) -> str:
        """The URL of the sandbox's server; empty if it has none."""
        return self._url

    def handle(self, world: str, request: Request) -> Reply:
        """Return a world's reply to a request to Douyin."""
        return self._sandbox.handle(replace(request, world=world))

    def operation(
        self,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Execute one operation and return its answer."""
        return execute(self._sandbox, name, world=world, path=path, query=query, body=body)

    order = operation

    def call(
        self,
        operation: Callable[[OperationCall[B]], Step[R]],
        given: B | None = None,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
    ) -> R:
        """Execute an operation, named by its function, and return its typed reply.

        `control.call(clock.freeze_clock, clock.Freeze(at="now")).now`
        """
        declared = OPERATIONS[operation.__name__]
        sent = declared.arguments(given)
        with told_in(self._sandbox.language):
            execution = Execution(self._sandbox, declared.name, world=world, path=path, **sent)
            reply: R = reply_to(execution)
            return reply

    def follow(self, *, world: str = DEFAULT_WORLD, since: int | None = None) -> EventReader:
        """Read what happens in a world, after this number or from now on, as it happens.

        `with control.follow() as events: print(next(events).data)`
        """
        query = {} if since is None else {"since": str(since)}
        with told_in(self._sandbox.language):
            return LocalEventReader(
                Execution(self._sandbox, "stream", world=world, query=query).step()
            )
