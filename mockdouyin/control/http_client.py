"""Orders to a sandbox of another process, over HTTP."""

from __future__ import annotations

import http.client
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from mockdouyin.control import OPERATIONS, handle
from mockdouyin.control.client import Answer
from mockdouyin.core import bounds
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Reply, Request
from mockdouyin.sandbox.worlds import DEFAULT_WORLD


class OperationRefusedError(MockDouyinError):
    """The server refused an order; carries its HTTP status."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


class HttpControl:
    """Orders to a server that runs elsewhere, from any thread; connections are kept."""

    blocks = True

    def __init__(self, url: str, timeout: float = 70.0, *, token: str = "") -> None:
        self.url = url.rstrip("/")
        self._authorization = {"authorization": f"Bearer {_sendable(token)}"} if token else {}
        try:
            parts = urlsplit(self.url)
            if parts.scheme != "http" or not parts.hostname:
                raise ValueError(url)
            self._place = (parts.hostname, parts.port or 80)
            self._idle = [http.client.HTTPConnection(*self._place, timeout=timeout)]
        except (ValueError, http.client.InvalidURL):
            from mockdouyin.core.redaction import safe_repr

            raise MockDouyinError(
                f"{safe_repr(url)} is no address of a server; write http://127.0.0.1:8600"
            ) from None
        self._prefix = parts.path
        self._timeout = timeout

    def handle(self, world: str, request: Request) -> Reply:
        """Let a world answer a request to Douyin."""
        return handle.reply(self.order("handle", world=world, body=handle.sent(request)))

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
        order = OPERATIONS[name]
        for where, says in bounds.find_problems(body):
            raise MockDouyinError(f"{bounds.format_path(where) or 'the body'} {says}")
        try:
            place = f"/worlds/{quote(world, safe='')}" if order.in_world else ""
            target = f"{self._prefix}/_mock{place}{_filled(order.path, path or {})}"
            target += "?" + urlencode(query) if query else ""
        except UnicodeEncodeError as error:
            raise MockDouyinError(f"an address cannot hold {error.object!r}") from None
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
            raise OperationRefusedError(status, text)
        return decoded

    def _send(self, method: str, target: str, content: bytes | None) -> tuple[int, bytes]:
        headers = dict(self._authorization)
        if content is not None:
            headers["content-type"] = "application/json"
        connection = self._connection()
        for last in (False, True):
            try:
                connection.request(method, target, content, headers)
                response = connection.getresponse()
                status, answer = response.status, response.read()
            except (http.client.HTTPException, OSError, UnicodeError) as error:
                connection.close()
                stale = isinstance(error, http.client.RemoteDisconnected | ConnectionResetError)
                if last or not stale:
                    raise MockDouyinError(
                        f"no server answers at {self.url}{_reason(error)}; start one with"
                        " `mockdouyin serve`, or name another with --url"
                    ) from None
            else:
                self._idle.append(connection)
                return status, answer
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        """Give a connection that no other thread uses: one may wait on its own for a minute."""
        try:
            return self._idle.pop()
        except IndexError:
            return http.client.HTTPConnection(*self._place, timeout=self._timeout)

    def close(self) -> None:
        """Close the connections."""
        while self._idle:
            self._idle.pop().close()


def _sendable(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise MockDouyinError("the control token has characters that no header can carry")
    return token


def _reason(error: Exception) -> str:
    """Say why there is no answer, where the system has words for it."""
    text = error.strerror if isinstance(error, OSError) else ""
    return f" ({text.lower()})" if text else ""


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(value, safe=""))
    return template
