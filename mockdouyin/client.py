"""The other side of the control API: the same orders, over HTTP or straight to a sandbox."""

from __future__ import annotations

import http.client
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.control import ORDERS, carry_out
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

Answer = dict[str, Any]


class Control(Protocol):
    """A way to carry out orders."""

    url: str

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


class LocalControl:
    """Orders to a sandbox of this process; `url` is where its server listens."""

    def __init__(self, sandbox: Sandbox, url: str = "") -> None:
        self.url = url
        self._sandbox = sandbox

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
        return carry_out(self._sandbox, name, world=world, path=path, query=query, body=body)


class RefusedError(MockDouyinError):
    """The server refused an order; carries its HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class HttpControl:
    """Orders to a server that runs elsewhere, over one connection that is kept."""

    def __init__(self, url: str, timeout: float = 70.0) -> None:
        self.url = url.rstrip("/")
        try:
            parts = urlsplit(self.url)
            if parts.scheme != "http" or not parts.hostname:
                raise ValueError(url)
            self._connection = http.client.HTTPConnection(
                parts.hostname, parts.port or 80, timeout=timeout
            )
        except (ValueError, http.client.InvalidURL):
            raise MockDouyinError(
                f"{url!r} is no address of a server; write http://127.0.0.1:8600"
            ) from None
        self._prefix = parts.path

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
        order = ORDERS[name]
        place = f"/worlds/{quote(world, safe='')}" if order.in_world else ""
        target = f"{self._prefix}/_mock{place}{_filled(order.path, path or {})}"
        if query:
            target += "?" + urlencode(query)
        content = None if body is None else msgspec.json.encode(body)
        status, answer = self._send(order.method, target, content)
        try:
            decoded: Answer = msgspec.json.decode(answer)
        except msgspec.DecodeError:
            raise MockDouyinError(
                f"{self.url} is no mockdouyin server: it answered {answer[:60]!r}"
            ) from None
        if status >= 400:
            text = str(decoded.get("error", decoded)).removeprefix("mockdouyin: ")
            raise RefusedError(status, text)
        return decoded

    def _send(self, method: str, target: str, content: bytes | None) -> tuple[int, bytes]:
        headers = {"content-type": "application/json"} if content is not None else {}
        for last in (False, True):
            try:
                self._connection.request(method, target, content, headers)
                response = self._connection.getresponse()
                return response.status, response.read()
            except (http.client.HTTPException, OSError, UnicodeError) as error:
                self._connection.close()
                stale = isinstance(error, http.client.RemoteDisconnected | ConnectionResetError)
                if last or not stale:
                    raise MockDouyinError(
                        f"no server answers at {self.url} ({error}); start one with"
                        " `mockdouyin serve`, or name another with --url"
                    ) from None
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(value, safe=""))
    return template
