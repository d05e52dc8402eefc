"""The door for respx: `install(router, world)` answers httpx's calls to Douyin's real hosts."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from mockdouyin.core.http import Handler
from mockdouyin.endpoints import HOSTS
from mockdouyin.inproc import missing
from mockdouyin.inproc.httpx import HttpxTransport, transport

try:
    import httpx
    import respx
    from respx.models import AllMockedAssertionError, PassThrough
except ImportError:
    raise missing("respx") from None


def install(router: respx.Router, world: Handler) -> respx.Route:
    """Let a router answer all that is sent to Douyin's hosts; give the route, with its calls."""
    door = transport(world)

    def answer(request: httpx.Request) -> httpx.Response:
        return _Promise(door, request)

    return router.route(host__in=tuple(HOSTS), name="mockdouyin").mock(side_effect=answer)


class _Promise(httpx.Response):
    """An answer that is asked for when it is known who waits: a thread reads, a loop awaits.

    respx calls a side effect in the same way for both.
    """

    def __init__(self, door: HttpxTransport, request: httpx.Request) -> None:
        super().__init__(200, request=request)
        self._door = door

    def __await__(self) -> Generator[Any, Any, httpx.Response]:
        door: HttpxTransport = vars(self).pop("_door")
        given: httpx.Response = yield from door.handle_async_request(self.request).__await__()
        given.request = self.request
        return given

    def read(self) -> bytes:
        """Ask the world first; what is cut breaks when the client reads it, and not before."""
        door = vars(self).pop("_door", None)
        if door is not None:
            request = self.request
            vars(self).clear()
            vars(self).update(vars(door.handle_request(request)), _request=request)
            if not isinstance(self.stream, httpx.ByteStream):
                return b""
        return super().read()


class OpenRouter(respx.MockRouter):
    """A router that lets through what it does not know, where it is the only one."""

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a sync client."""
        try:
            return super().handler(request)
        except AllMockedAssertionError:
            self._let_through(request)
            raise

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer an async client."""
        try:
            return await super().async_handler(request)
        except AllMockedAssertionError:
            self._let_through(request)
            raise

    def _let_through(self, request: httpx.Request) -> None:
        if self.Mocker is not None and self.Mocker.routers == [self]:
            raise PassThrough("not one of Douyin's hosts", request=request, origin=respx.Route())
