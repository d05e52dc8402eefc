"""The door for respx: `install(router, world)` answers httpx's calls to Douyin's hosts."""

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
    """Add a route that answers every call to Douyin's hosts, and return it."""
    door = transport(world)

    def answer(request: httpx.Request) -> httpx.Response:
        return _LazyResponse(door, request)

    return router.route(host__in=tuple(HOSTS), name="mockdouyin").mock(side_effect=answer)


class _LazyResponse(httpx.Response):
    """A response that calls the world when it is first read or awaited.

    respx calls a side effect the same way for sync and async clients. Only the caller's next step
    tells which one it is: a sync client calls `read`, an async client awaits.
    """

    def __init__(self, door: HttpxTransport, request: httpx.Request) -> None:
        super().__init__(200, request=request)
        self._door = door

    def __await__(self) -> Generator[Any, Any, httpx.Response]:
        door: HttpxTransport = vars(self).pop("_door")
        response: httpx.Response = yield from door.handle_async_request(self.request).__await__()
        response.request = self.request
        return response

    def read(self) -> bytes:
        """Call the world first; a cut body fails only when the client itself reads it."""
        door = vars(self).pop("_door", None)
        if door is not None:
            request = self.request
            vars(self).clear()
            vars(self).update(vars(door.handle_request(request)), _request=request)
            if not isinstance(self.stream, httpx.ByteStream):
                return b""
        return super().read()


class PassThroughRouter(respx.MockRouter):
    """A router that passes unknown hosts through, as long as no other router is active."""

    def handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of a sync client."""
        try:
            return super().handler(request)
        except AllMockedAssertionError:
            self._pass_through(request)
            raise

    async def async_handler(self, request: httpx.Request) -> httpx.Response:
        """Answer a request of an async client."""
        try:
            return await super().async_handler(request)
        except AllMockedAssertionError:
            self._pass_through(request)
            raise

    def _pass_through(self, request: httpx.Request) -> None:
        if self.Mocker is not None and self.Mocker.routers == [self]:
            raise PassThrough("not one of Douyin's hosts", request=request, origin=respx.Route())
