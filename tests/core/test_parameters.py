"""Parameters are found wherever real clients put them, and bad ones are told, never a crash."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import Any

import msgspec
import pytest

from mockdouyin.core.http import Request
from mockdouyin.core.malformed import Malformed
from mockdouyin.core.multipart import File
from mockdouyin.core.parameters import fields_of, parameters, snake
from tests.support.helpers import PROGRAM_LOGIN, phone, sandbox, send


class Row(msgspec.Struct):
    """One of several that an endpoint may read."""

    status: int
    note: str = ""


class Fields(msgspec.Struct, kw_only=True):
    """What an endpoint may read."""

    code: str = ""
    anonymous_code: str = ""
    count: int = 0
    force: bool = False
    data: dict[str, Any] = {}
    names: list[str] = []
    rows: list[Row] = []
    either: int | str = ""
    image: File | None = None
    ratio: float = 0


def read(
    body: bytes = b"", kind: str = "", query: bytes = b"", *, lenient: bool = False
) -> Fields | str:
    """Return the fields, or what is wrong with them."""
    headers = [(b"content-type", kind.encode("latin-1"))] if kind else []
    request = Request("POST", "/", query, headers, body)
    try:
        return fields_of(request, Fields, lenient=lenient)
    except Malformed as error:
        return error.why.render("en")


JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@pytest.mark.parametrize("kind", ["", JSON, JSON + ";charset=GBK", FORM, "text/plain", "x"])
@pytest.mark.parametrize("body", [b'{"code":"c","count":3}', b"code=c&count=3"])
def test_the_content_type_is_only_a_hint(body: bytes, kind: str) -> None:
    """JSON and forms are read under each other's content type, and under none."""
    assert read(body, kind) == Fields(code="c", count=3)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", Fields()),
        (b"   ", Fields()),
        (b"null", Fields()),
        (b"{}", Fields()),
        (b' \n{"code": "c"}\n', Fields(code="c")),
        (b'\xef\xbb\xbf{"code": "c"}', Fields(code="c")),
        (b"\xef\xbb\xbfcode=c", Fields(code="c")),
        (b'{"code": null, "count": null, "data": null}', Fields()),
        (b'{"code": "", "count": "", "data": ""}', Fields()),
        (b'{"code": "a", "code": "b"}', Fields(code="b")),
        (b"code=a&code=b", Fields(code="b")),
        (b"code=a%20b+c%26", Fields(code="a b c&")),
        (b"code=&count=", Fields()),
        (b'{"count": "3", "force": "true"}', Fields(count=3, force=True)),
        (b"count=3&force=1", Fields(count=3, force=True)),
        (b"force=0", Fields(force=False)),
        (b'{"count": 3.0}', Fields(count=3)),
        (b'{"code": "a\\u0000b"}', Fields(code="a\0b")),
        (b"code=a%00b", Fields(code="a\0b")),
        (b'{"odd": {"x": [1]}, "code": "c"}', Fields(code="c")),
        ("code=纽扣".encode(), Fields(code="纽扣")),
        ("code=ｿ".encode(), Fields(code="ｿ")),
        (b'{"data": {"a": 1, "b": null, "c": ""}}', Fields(data={"a": 1, "b": None, "c": ""})),
        (rb'{"code": "a\ud83d"}', Fields(code="a\ufffd")),
        (rb'{"code": "\uDE00b\ud83d\n"}', Fields(code="\ufffdb\ufffd\n")),
        (rb'{"code": "\ud83d\ud83d\ude00"}', Fields(code="\ufffd😀")),
        (rb'{"code": "\ud83d\u0041\\ud83d"}', Fields(code="\ufffdA\\ud83d")),
    ],
)
def test_bodies(body: bytes, fields: Fields) -> None:
    """Nulls and empty texts are absent, the last of twins counts, a BOM and spaces do no harm.

    Half of a surrogate pair is read as Go reads it.
    """
    assert read(body) == fields


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"code": "c"', "the body is not JSON: it ends too early"),
        (b'{"code": "\xff"}', "the body is not JSON: a text in it is not UTF-8"),
        (b'{"code": "\\ud800', "the body is not JSON: it ends too early"),
        (b'{"code": 1e400}', "the body is not JSON: a number is out of range"),
        (b"{code: 1}", "the body is not JSON: a key is not in double quotes (at byte 1)"),
        (b'{"code" 1}', "the body is not JSON: ':' is missing (at byte 8)"),
        (b'{"code": 1,}', "the body is not JSON: a comma stands before a closing bracket"),
        (b'{"code": 01}', "the body is not JSON: a number is ill-formed"),
        (b'{"code": "\\x"}', "the body is not JSON: a text has an unknown escape"),
        (b'{"code": 1} x', "the body is not JSON: more follows after its end (at byte 13)"),
        (b'{"code": nul}', "the body is not JSON: a character is misplaced (at byte 13)"),
        (b"[]", "the body is a JSON array, where an object belongs"),
        (b'"{\\"code\\": 1}"', "the body is JSON within a JSON text: it was serialized twice"),
        (b"[object Object]", "the body is [object Object]: the object itself was sent"),
        (b"[object]", "the body is not JSON: a character is misplaced"),
        (b'" [1]"', "the body is JSON within a JSON text: it was serialized twice"),
        (b'"text"', 'the body is neither JSON nor a form: it begins with "'),
        (b"123", "the body is neither JSON nor a form: it begins with 1"),
        (b"\0\1\2", "the body is neither JSON nor a form: it begins with byte 0"),
        ("码".encode(), "the body is neither JSON nor a form: it begins with byte 231"),
        (b"code=\xff", "the form or query cannot be read: it is not UTF-8"),
        (b"code=%ff", "the form or query cannot be read: it is not UTF-8"),
        (b'{"code": 5}', "code should be text, was a whole number"),
        (b'{"code": 1.5}', "code should be text, was a number"),
        (b'{"code": true}', "code should be text, was true or false"),
        (b'{"code": ["c"]}', "code should be text, was a list"),
        (b'{"count": "x"}', "count should be a whole number, was text"),
        (b'{"force": "perhaps"}', "force should be true or false, was text"),
        (b"ratio=x", "ratio should be a number, was text"),
        (b"data=x", "data should be an object, was text"),
        (b'{"either": []}', "either should be a whole number or text, was a list"),
        (b'{"image": "iVBOR"}', "image should be a file, was text"),
        (b'{"names": ["a", 2]}', "item 2 of names should be text, was a whole number"),
        (b'{"rows": {"status": 1}}', "rows should be a list, was an object"),
        (b'{"rows": [{"status": 1}, {}]}', "item 2 of rows has no status"),
        (b'{"rows": [{"status": "on"}]}', "status of item 1 of rows should be a whole number"),
        pytest.param(b'{"data":' * 50000, "it is nested too deeply", id="nested data"),
        pytest.param(b'{"x":' + b"[" * 50000, "it is nested too deeply", id="nested elsewhere"),
        pytest.param(b"[" * 50000, "it is nested too deeply", id="nested lists"),
    ],
)
def test_bad_bodies(body: bytes, says: str) -> None:
    """What cannot be parsed says what it is and where, and repeats nothing that may be secret."""
    problem = read(body)

    assert isinstance(problem, str)
    assert says in problem
    assert not set(problem) & set("`$")
    assert "Expected" not in problem


def test_an_encoded_body_is_told() -> None:
    """A compressed body is refused by its header's word; JSON that is labelled so is read."""
    coding = [(b"content-encoding", b"gzip")]

    def asked(body: bytes) -> Fields:
        return fields_of(Request("POST", "/", b"", coding, body), Fields)

    with pytest.raises(Malformed) as refused:
        asked(gzip.compress(b'{"code":"c"}'))
    assert refused.value.why.render("en").startswith(
        "the body is encoded (Content-Encoding: gzip)"
    )
    assert asked(b'{"code":"c"}') == Fields(code="c")


def test_query_and_body_are_merged() -> None:
    """A query counts on POST too; where both name a field the body does, unless it is empty."""
    query = b"code=q&count=1"

    assert read(query=query) == Fields(code="q", count=1)
    assert read(b'{"code": "b"}', query=query) == Fields(code="b", count=1)
    assert read(b"code=b", FORM, query) == Fields(code="b", count=1)
    assert read(b'{"code": null, "count": ""}', query=query) == Fields(code="q", count=1)
    assert read(b"null", query=b"code") == Fields()


@pytest.mark.parametrize("query", [b"code=\xff", b"code=%fe"])
def test_a_bad_query_is_told(query: bytes) -> None:
    """A query that is not UTF-8 is refused as such."""
    assert "the form or query cannot be read" in str(read(query=query))


def _part(name: str, content: bytes, more: str = "") -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'
    return head.encode() + content + b"\r\n"


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data; boundary=b",
        'Multipart/Form-Data; charset=utf-8; BOUNDARY="b"',
        "multipart/form-data;boundary=b;charset=utf-8",
    ],
)
def test_multipart(kind: str) -> None:
    """The fields of a multipart body are read, with line ends and texts as they are."""
    body = _part("code", "一\r\n--x\r\n\r\n二".encode()) + _part("count", b"3") + b"--b--\r\n"

    assert read(body, kind) == Fields(code="一\r\n--x\r\n\r\n二", count=3)


def test_multipart_with_odd_parts() -> None:
    """Bare line feeds, other headers, nameless and headless parts do no harm."""
    body = (
        b"preamble\r\n--b\nContent-Type: text/plain\n"
        b"Content-Disposition: form-data; name=code\n\nc\n"
        b"--b\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n"
        b"--b\r\nheadless\r\n" + _part("count", b"") + b"--b--"
    )

    assert read(body, "multipart/form-data; boundary=b") == Fields(code="c")


def test_files_are_measured() -> None:
    """A file arrives with its length, its MD5 and its first bytes, and is not a text."""
    body = _part("code", b"\xff\0", '; filename="x.bin"') + b"--b--"
    request = Request(
        "POST", "/", b"", [(b"content-type", b"multipart/form-data; boundary=b")], body
    )

    sent = parameters(request)["code"]
    assert (sent.size, sent.head) == (2, b"\xff\0")
    assert sent.md5 == hashlib.md5(b"\xff\0").hexdigest()
    assert "code should be text, was a file" in str(read(body, "multipart/form-data; boundary=b"))


_NEST = b"".join(
    b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (i, i + 1)
    for i in range(3000)
)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", _part("code", b"c")),
        ("multipart/form-data; boundary=another", _part("code", b"c")),
        ("multipart/form-data; boundary=(", _part("code", b"c")),
        ("multipart/form-data; boundary=é", _part("code", b"c")),
        pytest.param("multipart/form-data; boundary=b", b"--b" * 50000, id="boundaries"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name*\r\n=x"),
        pytest.param("multipart/form-data; boundary=b0", _NEST, id="nest"),
    ],
)
def test_bad_multipart(kind: str, body: bytes) -> None:
    """A multipart body without fields is told, nests of it too."""
    assert "the multipart body has no field; its boundary may be another" in str(read(body, kind))


def test_camel_case_where_it_is_allowed() -> None:
    """Lenient names read anonymousCode as anonymous_code, which goes first if both are there."""
    assert read(b'{"anonymousCode": "a"}') == Fields()
    assert read(b'{"anonymousCode": "a"}', lenient=True) == Fields(anonymous_code="a")
    assert read(query=b"anonymousCode=a", lenient=True) == Fields(anonymous_code="a")
    both = b'{"anonymousCode": "a", "anonymous_code": "b"}'
    assert read(both, lenient=True) == Fields(anonymous_code="b")
    assert "anonymous_code should be text, was a whole number" in str(
        read(b'{"anonymousCode": 5}', lenient=True)
    )


@pytest.mark.parametrize(
    ("name", "like"), [("openId", "open_id"), ("code", "code"), ("AppId", "app_id")]
)
def test_snake(name: str, like: str) -> None:
    """A camelCase name has a twin with underscores."""
    assert snake(name) == like


def test_a_library_that_sends_camel_case_is_refused_as_by_douyin() -> None:
    """An anonymous login by anonymousCode alone is missing its code, unless names are lenient."""
    for lenient, number in ((False, 40014), (True, 0)):
        box = sandbox(settings={"lenient_names": lenient})
        codes = phone(box, "login")
        fields = {**PROGRAM_LOGIN, "code": None, "anonymousCode": codes["anonymousCode"]}

        reply = send(box, "POST", "/api/apps/v2/jscode2session", body=json.dumps(fields).encode())

        assert json.loads(reply.body)["err_no"] == number


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"either": []}', "类型错误：either，应为整数或字符串，实际是数组"),
        (
            b'{"rows": [{"status": "on"}]}',
            "类型错误：status（位于 rows 第 1 项），应为整数，实际是字符串",
        ),
        (b'{"rows": [{}]}', "缺少字段 status：rows 第 1 项"),
        (b'{"data": [1 2]}', "body 不是合法的 JSON：缺少 ',' 或 ']'（字节位置 12）"),
    ],
)
def test_bad_bodies_in_chinese(body: bytes, says: str) -> None:
    """Types, places and the JSON parser's complaints are Chinese in a Chinese reason."""
    with pytest.raises(Malformed) as refused:
        fields_of(Request("POST", "/", b"", [], body), Fields)

    assert refused.value.why.render("zh") == says
