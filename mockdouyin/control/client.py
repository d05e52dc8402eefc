"""The other side of the control API: orders straight to a sandbox; `far` has them over HTTP."""

from __future__ import annotations

from typing import Any, Protocol

from msgspec.structs import replace

from mockdouyin.control import execute
from mockdouyin.core.http import Reply, Request
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

Answer = dict[str, Any]


class Control(Protocol):
    """A way to carry out orders."""

    blocks: bool
    """Whether it waits for a network: a door of an event loop then asks in a thread."""

    @property
    def url(self) -> str:
        """Where the server listens."""

    def handle(self, world: str, request: Request) -> Reply:
        """Let a world answer a request to Douyin."""

    def order(
        self,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Carry out one order and give its answer."""

    def operation(
        self,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Do the same as `order`, under its new name."""


class LocalControl:
    """Orders to a sandbox of this process; `url` is where its server listens."""

    blocks = False

    def __init__(self, sandbox: Sandbox, url: str = "") -> None:
        self._url = url
        self._sandbox = sandbox

    @property
    def url(self) -> str:
        """Where the sandbox's server listens."""
        return self._url

    def handle(self, world: str, request: Request) -> Reply:
        """Let a world answer a request to Douyin."""
        return self._sandbox.handle(replace(request, world=world))

    def order(
        self,
        name: str,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> Answer:
        """Carry out one order and give its answer."""
        return execute(self._sandbox, name, world=world, path=path, query=query, body=body)

    operation = order
    """The same by its new name; `order` stays for scripts that call it."""
