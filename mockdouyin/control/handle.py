"""The order that carries a request: for doors in another process."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Fault, Reply, Request, Streamed
from mockdouyin.core.multipart import File
from mockdouyin.core.typed import thread_safe

_Heads = list[tuple[str, str]]


class SentFile(msgspec.Struct, forbid_unknown_fields=True):
    """A file of a long form: measured where it was read."""

    size: int
    md5: str
    head: bytes


class LongForm(msgspec.Struct, forbid_unknown_fields=True):
    """What a long form held."""

    length: int
    fields: dict[str, str | SentFile | None]
    problem: str = ""


class RequestData(msgspec.Struct, forbid_unknown_fields=True):
    """A request as data; bytes are base64."""

    method: str
    path: str
    query: str = ""
    headers: _Heads = []
    body: bytes = b""
    host: str = ""
    too_long: int = 0
    streamed: LongForm | None = None


class ReplyData(msgspec.Struct):
    """A reply as data, with what should go wrong on its way; bytes are base64."""

    status: int
    headers: _Heads
    body: bytes
    fault: Fault | None = None
    delay: float = 0.0


BODY = 3 * BODY_LIMIT
"""The longest body of this order: a request's own, in base64, and what goes with it."""


@operation("POST", "/handle", body_limit=BODY)
def handle(ask: OperationCall) -> Answer:
    """Answer a request to Douyin: the reply as data, its fault and delay for you to carry out."""
    request = _request(ask.read(RequestData))
    reply = ask.sandbox.render(ask.sandbox.handle(replace(request, world=ask.world.name)))
    given = ReplyData(reply.status, _texts(reply.headers), reply.body, reply.fault, reply.delay)
    answer: Answer = msgspec.to_builtins(given)
    return answer


def _request(sent: RequestData) -> Request:
    streamed = None
    if sent.streamed is not None:
        fields = {name: _file(value) for name, value in sent.streamed.fields.items()}
        streamed = Streamed(fields, sent.streamed.length, sent.streamed.problem)
    return Request(
        sent.method,
        sent.path,
        _byte_by_byte("query", sent.query),
        _bytes(sent.headers),
        sent.body,
        too_long=sent.too_long,
        streamed=streamed,
        host=sent.host,
    )


def _file(value: str | SentFile | None) -> Any:
    if isinstance(value, SentFile):
        return File(value.size, value.md5, value.head)
    return value


def sent(request: Request) -> Answer:
    """Write a request as this order takes it."""
    form = None
    if request.streamed is not None:
        fields = {name: _sent_file(value) for name, value in request.streamed.fields.items()}
        form = LongForm(request.streamed.length, fields, request.streamed.problem)
    data = RequestData(
        request.method,
        request.path,
        request.query.decode("latin-1"),
        _texts(request.headers),
        request.body,
        request.host,
        request.too_long,
        form,
    )
    answer: Answer = msgspec.to_builtins(data)
    return answer


def _sent_file(value: Any) -> Any:
    return SentFile(value.size, value.md5, value.head) if isinstance(value, File) else value


def reply(answer: Answer) -> Reply:
    """Read the answer of this order."""
    given = msgspec.convert(answer, thread_safe(ReplyData))
    headers = tuple(_bytes(given.headers))
    return Reply(given.status, given.body, headers, given.fault, given.delay)


def _texts(headers: Any) -> _Heads:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _bytes(headers: _Heads) -> list[tuple[bytes, bytes]]:
    return [(_byte_by_byte("headers", k), _byte_by_byte("headers", v)) for k, v in headers]


def _byte_by_byte(field: str, text: str) -> bytes:
    """Return text in which each character is a byte, as HTTP's heads have it."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        what = text[error.start : error.end][:20]
        raise MockDouyinError(f"{field} holds bytes, and {what!r} is not one: encode it") from None
