"""The client of the control API for a server in another process, over HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from mockdouyin.control import OPERATIONS, Operation, handle
from mockdouyin.control._error_texts import (
    BAD_ADDRESS,
    BAD_DATA,
    IN_BRACKETS,
    NO_SERVER,
    NOT_A_SERVER_URL,
    NOT_MOCKDOUYIN,
    THE_BODY,
    TOKEN_CHARACTERS,
)
from mockdouyin.control._event_readers import EventReader
from mockdouyin.control._execution import endless
from mockdouyin.control._http_events import SILENCE, EventConnection, HttpEventReader
from mockdouyin.control._operations import Answer, OperationCall, find_operation
from mockdouyin.control._sse import MEDIA_TYPE
from mockdouyin.control._steps import Step
from mockdouyin.core import bounds
from mockdouyin.core.errors import MockDouyinError, told_in
from mockdouyin.core.http import Reply, Request
from mockdouyin.core.settings import decode
from mockdouyin.core.texts import DEFAULT_LANGUAGE, NOTHING, Language, Text
from mockdouyin.core.typed import thread_safe
from mockdouyin.sandbox.worlds import DEFAULT_WORLD

B = TypeVar("B")
R = TypeVar("R")


class OperationRefusedError(MockDouyinError):
    """The server refused an operation; carries its HTTP status."""

    def __init__(self, status: int, text: str, near: dict[str, Any] | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.near = near
        """What came closest to what did not happen, if the server said so."""


class HttpControl:
    """The client for a running server. Safe from any thread; connections are kept alive."""

    blocks = True

    def __init__(
        self, url: str, timeout: float = 70.0, *, token: str = "", language: Language | None = None
    ) -> None:
        self.url: str = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {_sendable(token)}"} if token else {}
        self._language: Language = language or DEFAULT_LANGUAGE
        if language is not None:
            self._headers["accept-language"] = language
        try:
            parts = urlsplit(self.url)
            if parts.scheme != "http" or not parts.hostname:
                raise ValueError(url)
            self._address = (parts.hostname, parts.port or 80)
            self._idle = [http.client.HTTPConnection(*self._address, timeout=timeout)]
        except (ValueError, http.client.InvalidURL):
            from mockdouyin.core.redaction import safe_repr

            raise MockDouyinError(NOT_A_SERVER_URL(url=safe_repr(url))) from None
        self._prefix = parts.path
        self._timeout = timeout

    def handle(self, world: str, request: Request) -> Reply:
        """Return a world's reply to a request to Douyin."""
        body = handle.dump_request(request)
        return handle.load_reply(self.operation("handle", world=world, body=body))

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
        with told_in(self._language):
            answer = self._ask(find_operation(name), world, path, query, body)
            decoded: Answer = self._decode(answer, dict)
            return decoded

    order = operation

    def call(
        self,
        operation: Callable[[OperationCall[B]], Step[R]],
        given: B | None = None,
        *,
        world: str = DEFAULT_WORLD,
        path: dict[str, str] | None = None,
    ) -> R:
        """Execute an operation, named by its function, and return its typed reply."""
        declared = OPERATIONS[operation.__name__]
        with told_in(self._language):
            answer = self._ask(declared, world, path, **declared.arguments(given))
            reply: R = self._decode(answer, declared.reply)
            return reply

    def _decode(self, answer: bytes, kind: Any) -> Any:
        try:
            return msgspec.json.decode(answer, type=thread_safe(kind), dec_hook=decode)
        except msgspec.DecodeError:
            raise MockDouyinError(NOT_MOCKDOUYIN(url=self.url, answer=str(answer[:60]))) from None

    def _ask(
        self,
        declared: Operation,
        world: str,
        path: dict[str, str] | None,
        query: dict[str, str] | None = None,
        body: Any = None,
    ) -> bytes:
        """Send an operation and return the answer's body; raise if it was refused."""
        for where, problem in bounds.find_problems(body):
            place = bounds.format_path(where) or THE_BODY()
            raise MockDouyinError(BAD_DATA(place=place, problem=problem))
        if declared.events:
            raise endless(declared.name)
        target = self._target(declared, world, path, query)
        content = None if body is None else msgspec.json.encode(body)
        status, answer = self._send(declared.method, target, content)
        if status >= 400:
            raise self._refusal(status, answer)
        return answer

    def _target(
        self,
        declared: Operation,
        world: str,
        path: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
    ) -> str:
        try:
            prefix = f"/worlds/{quote(world, safe='')}" if declared.in_world else ""
            target = f"{self._prefix}/_mock{prefix}{_filled(declared.path, path or {})}"
            return target + ("?" + urlencode(query) if query else "")
        except UnicodeEncodeError as error:
            raise MockDouyinError(BAD_ADDRESS(object=error.object)) from None

    def _refusal(self, status: int, answer: bytes) -> OperationRefusedError:
        refusal = self._decode(answer, Any)
        told = refusal if isinstance(refusal, dict) else {"error": refusal}
        text = str(told.get("error", refusal)).removeprefix("mockdouyin: ")
        return OperationRefusedError(status, text, told.get("near"))

    def follow(self, *, world: str = DEFAULT_WORLD, since: int | None = None) -> EventReader:
        """Read what happens in a world, after this number or from now on, as it happens.

        A broken connection is made again, and the stream goes on where it was.
        """
        declared = OPERATIONS["stream"]
        target = self._target(declared, world)

        def connect(last: int | None) -> EventConnection:
            with told_in(self._language):
                return self._begin_stream(target, last)

        return HttpEventReader(connect, declared.events, since)

    def _begin_stream(self, target: str, last: int | None) -> EventConnection:
        headers = {**self._headers, "accept": MEDIA_TYPE}
        if last is not None:
            headers["last-event-id"] = str(last)
        connection = http.client.HTTPConnection(*self._address, timeout=SILENCE)
        try:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            answer = response.read() if response.status >= 400 else b""
        except (http.client.HTTPException, OSError, UnicodeError) as error:
            connection.close()
            raise self._unreachable(error) from None
        except BaseException:  # Ctrl-C
            connection.close()
            raise
        if response.status < 400 and response.getheader("content-type", "").startswith(MEDIA_TYPE):
            return EventConnection(connection, response)
        connection.close()
        raise self._refusal(response.status, answer)

    def _unreachable(self, error: Exception) -> MockDouyinError:
        return MockDouyinError(NO_SERVER(url=self.url, reason=_reason(error)))

    def _send(self, method: str, target: str, content: bytes | None) -> tuple[int, bytes]:
        headers = dict(self._headers)
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
                # The server may have closed an idle connection just now: retry once on a new one.
                stale = isinstance(error, http.client.RemoteDisconnected | ConnectionResetError)
                if last or not stale:
                    raise self._unreachable(error) from None
            else:
                self._idle.append(connection)
                return status, answer
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        """Return a connection that no other thread uses: a waiting call holds one for a minute."""
        try:
            return self._idle.pop()
        except IndexError:
            return http.client.HTTPConnection(*self._address, timeout=self._timeout)

    def close(self) -> None:
        """Close the idle connections."""
        while self._idle:
            self._idle.pop().close()


def _sendable(token: str) -> str:
    if not token.isascii() or not token.isprintable() or " " in token:
        raise MockDouyinError(TOKEN_CHARACTERS())
    return token


def _reason(error: Exception) -> Text:
    """Return the operating system's reason in brackets, or NOTHING."""
    text = error.strerror if isinstance(error, OSError) else ""
    return IN_BRACKETS(reason=text.lower()) if text else NOTHING


def _filled(template: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        template = template.replace("{" + name + "}", quote(value, safe=""))
    return template
