"""The operation that forwards a request to Douyin: for doors in another process."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from mockdouyin.control._error_texts import LATIN_1
from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control._steps import After, Step
from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Fault, Reply, Request, Streamed
from mockdouyin.core.multipart import File
from mockdouyin.core.typed import thread_safe

_Headers = list[tuple[str, str]]


class SentFile(msgspec.Struct, forbid_unknown_fields=True):
    """An uploaded file: its length, MD5 and first bytes. The rest stays with the door.

    上传的文件：长度、MD5 和开头的字节，其余留在调用方。
    """

    size: int
    """Its length in bytes.

    长度（字节）。"""
    md5: str
    """Its MD5.

    文件的 MD5。"""
    head: bytes
    """Its first bytes.

    开头的字节。"""


class LongForm(msgspec.Struct, forbid_unknown_fields=True):
    """A form that the door parsed as it came in: its fields, and what was wrong with it.

    调用方边收边解析的表单：字段，以及哪里有问题。
    """

    length: int
    """How long the body was.

    body 有多长。"""
    fields: dict[str, str | SentFile | None]
    """Its fields and files.

    字段和文件。"""
    problem: str = ""
    """What was wrong with it.

    哪里有问题。"""


class RequestData(msgspec.Struct, forbid_unknown_fields=True):
    """A request as data; bytes are base64.

    一个请求的数据，字节用 base64。
    """

    method: str
    """The method.

    方法。"""
    path: str
    """The path.

    路径。"""
    query: str = ""
    """What follows the question mark.

    问号后面的部分。"""
    headers: _Headers = []
    """Pairs of a name and a value.

    名字和值的列表。"""
    body: bytes = b""
    """The body.

    body。"""
    host: str = ""
    """The host that the client called, if the caller intercepted it.

    客户端访问的域名，如果是接管来的。"""
    too_long: int = 0
    """The length of a body that was over the limit, and dropped.

    超过上限而丢弃的 body 有多长。"""
    streamed: LongForm | None = None
    """A long multipart form, already parsed.

    已经解析好的大表单（multipart）。"""


class ReplyData(msgspec.Struct):
    """A reply as data, with the fault and delay for its door to carry out; bytes are base64.

    响应的数据，故障和延迟由调用方执行；字节用 base64。
    """

    status: int
    headers: _Headers
    body: bytes
    fault: Fault | None = None
    delay: float = 0.0


MAX_BODY = 3 * BODY_LIMIT
"""Bytes of the longest body of this operation: a request's own body in base64, and its headers."""


@operation("POST", "/handle", body_limit=MAX_BODY)
def handle(call: OperationCall[RequestData]) -> Step[ReplyData]:
    """Answer a request to Douyin; the fault and delay in the reply are yours to carry out.

    响应一个发给抖音的请求；响应里的故障和延迟由调用方执行。
    """
    request = _load_request(call.given)
    answered = call.sandbox.handle(replace(request, world=call.world.name))

    def show() -> ReplyData:
        reply = call.sandbox.render(answered)
        headers = _decoded(reply.headers)
        return ReplyData(reply.status, headers, reply.body, reply.fault, reply.delay)

    return After(show)


def _load_request(data: RequestData) -> Request:
    streamed = None
    if data.streamed is not None:
        fields = {name: _load_file(value) for name, value in data.streamed.fields.items()}
        streamed = Streamed(fields, data.streamed.length, data.streamed.problem)
    return Request(
        data.method,
        data.path,
        _encode("query", data.query),
        _encoded(data.headers),
        data.body,
        too_long=data.too_long,
        streamed=streamed,
        host=data.host,
    )


def _load_file(value: str | SentFile | None) -> Any:
    if isinstance(value, SentFile):
        return File(value.size, value.md5, value.head)
    return value


def dump_request(request: Request) -> Answer:
    """Return a request as the body of this operation."""
    form = None
    if request.streamed is not None:
        fields = {name: _dump_file(value) for name, value in request.streamed.fields.items()}
        form = LongForm(request.streamed.length, fields, request.streamed.problem)
    data = RequestData(
        request.method,
        request.path,
        request.query.decode("latin-1"),
        _decoded(request.headers),
        request.body,
        request.host,
        request.too_long,
        form,
    )
    answer: Answer = msgspec.to_builtins(data)
    return answer


def _dump_file(value: Any) -> Any:
    return SentFile(value.size, value.md5, value.head) if isinstance(value, File) else value


def load_reply(answer: Answer) -> Reply:
    """Return the reply in an answer of this operation."""
    data = msgspec.convert(answer, thread_safe(ReplyData))
    headers = tuple(_encoded(data.headers))
    return Reply(data.status, data.body, headers, data.fault, data.delay)


def _decoded(headers: Any) -> _Headers:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _encoded(headers: _Headers) -> list[tuple[bytes, bytes]]:
    return [(_encode("headers", k), _encode("headers", v)) for k, v in headers]


def _encode(field: str, text: str) -> bytes:
    """Encode text as latin-1, the encoding of HTTP headers: one character is one byte."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError as error:
        what = text[error.start : error.end][:20]
        raise MockDouyinError(LATIN_1(field=field, what=what)) from None
