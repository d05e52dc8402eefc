"""Whatever comes in, the answer is the family's own error or a clear 4xx, and nothing is lost."""

from __future__ import annotations

import json
import socket
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mockdouyin.core.endpoint import BODY_LIMIT
from mockdouyin.endpoints import WRITTEN
from mockdouyin.server.serving import ThreadedServer

LOGIN = "/api/apps/v2/jscode2session"
BAD_PARAMS = {
    "err_no": 40014,
    "err_tips": "bad params",
    "data": {"session_key": "", "openid": "", "anonymous_openid": "", "unionid": ""},
}


def raw(server: ThreadedServer, data: bytes) -> bytes:
    """Send bytes as they are, and give what comes back until the server closes."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


def still_serves(http: httpx.Client) -> bool:
    """Whether a whole login works as if nothing had happened."""
    code = http.post("/_mock/phone/login", json={}).json()["code"]
    [app] = [a for a in http.get("/_mock/apps").json()["apps"] if a["kind"] == "mini_program"]
    body = {"appid": app["client_key"], "secret": app["client_secret"], "code": code}
    return bool(http.post(LOGIN, json=body).json()["err_no"] == 0)


BODIES: dict[str, bytes] = {
    "not JSON": b"this is no json",
    "cut JSON": b'{"appid": "tt',
    "an array": b"[1, 2]",
    "a number": b"42",
    "null": b"null",
    "not UTF-8": b'{"appid": "\xff\xfe"}',
    "a NUL": b'{"appid": "tt\x00"}',
    "only NULs": b"\x00" * 100,
    "a number for text": b'{"appid": 7, "secret": {}, "code": [1]}',
    "a MB of x": b"x" * BODY_LIMIT,
    "a MB of brackets": b"[" * BODY_LIMIT,
    "a deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a MB of a value": b'{"appid": "' + b"a" * 1_000_000 + b'"}',
    "bad percent signs": b"appid=%zz&secret=%",
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", ""])
def test_unreadable_bodies(http: httpx.Client, name: str, kind: str) -> None:
    """A body that makes no sense is the family's own bad params, whatever its type says."""
    headers = {"content-type": kind} if kind else {}
    reply = http.post(LOGIN, content=BODIES[name], headers=headers)

    assert (reply.status_code, reply.json()) == (200, BAD_PARAMS)
    assert still_serves(http)


def test_broken_multipart(http: httpx.Client) -> None:
    """A multipart body without its boundary is the family's own bad params."""
    headers = {"content-type": "multipart/form-data; boundary=other"}
    reply = http.post(LOGIN, content=b"--one\r\n\r\nx\r\n--one--", headers=headers)

    assert reply.json() == BAD_PARAMS
    assert still_serves(http)


@pytest.mark.parametrize("endpoint", list(WRITTEN), ids=lambda e: e.full_name)
def test_every_endpoint_withstands(http: httpx.Client, endpoint: Any) -> None:
    """No endpoint answers junk with a 500, and each has its own number for it."""
    for method in endpoint.methods:
        for junk in (b"\xff\x00", b"{", b'{"access_token": 1, "data": 2, "kv_list": "x"}'):
            query = {"code": "\x00", "access_token": "\U0001f525" * 50}
            reply = http.request(method, endpoint.paths[0], content=junk, params=query)
            assert reply.status_code == 200
            kind = "text/html" if endpoint.is_page else "application/json"
            assert reply.headers["content-type"] == f"{kind}; charset=utf-8"
            numbers = {case.code for case in endpoint.errors}
            assert any(str(number) in reply.text for number in numbers)


def test_a_body_over_the_limit(http: httpx.Client) -> None:
    """A body over the limit is read to its end and then refused, not cut off."""
    reply = http.post(LOGIN, content=b"x" * (BODY_LIMIT + 1))

    assert reply.status_code == 413
    assert reply.text.startswith(f"mockdouyin: the body of {BODY_LIMIT + 1} bytes")
    assert still_serves(http)


def test_a_long_header(http: httpx.Client) -> None:
    """A header of 63 KB is read like any other."""
    reply = http.get("/js/getticket/", headers={"x-long": "a" * 63 * 1024})

    assert reply.json()["extra"]["error_code"] == 28001003
    assert still_serves(http)


def test_a_long_token(http: httpx.Client) -> None:
    """A token of 63 KB is a bad token."""
    reply = http.get("/js/getticket/", headers={"access-token": "a" * 63 * 1024})

    assert reply.json()["extra"]["error_code"] == 28001003


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\xff\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nA\x00B: c\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
    ],
)
def test_no_http(server: ThreadedServer, http: httpx.Client, junk: bytes) -> None:
    """Bytes that are not HTTP get a 400 that says so."""
    head, _, body = raw(server, junk).partition(b"\r\n\r\n")

    assert head.startswith(b"HTTP/1.1 400")
    assert body.startswith(b"mockdouyin: ")
    assert still_serves(http)


def test_a_client_that_goes_away(server: ThreadedServer, http: httpx.Client) -> None:
    """A client that leaves in the middle of its body disturbs nobody."""
    head = f"POST {LOGIN} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    assert raw(server, head.encode() + b'{"appid"') == b""

    assert still_serves(http)


@pytest.mark.parametrize(
    ("method", "path", "hint"),
    [
        ("POST", "/api/apps/v2/jscode2sessions", "did you mean POST /api/apps/v2/jscode2session?"),
        ("GET", "/oauth/client_tokens/", "did you mean POST or GET /oauth/client_token/?"),
        ("POST", "/api/apps/jscode2session", "/api/apps/jscode2session takes GET, not POST"),
        ("GET", "/api/apps/v2/token/", "/api/apps/v2/token takes POST, not GET"),
        ("DELETE", "/js/getticket", "/js/getticket/ takes GET, not DELETE"),
        ("GET", "/js/getticket%00", "did you mean GET /js/getticket/?"),
        ("GET", "/", "`mockdouyin endpoints` lists them"),
        ("PROPFIND", "/nothing/like/it/at/all/here", "`mockdouyin endpoints` lists them"),
    ],
)
def test_unknown_paths(http: httpx.Client, method: str, path: str, hint: str) -> None:
    """An unknown path or method is a 404 that names the nearest path and its method."""
    reply = http.request(method, path)

    assert reply.status_code == 404
    assert reply.text.startswith("mockdouyin: ")
    assert hint in reply.text
    [exchange] = http.get("/_mock/journal").json()["exchanges"]
    assert (exchange["verdict"], exchange["endpoint"]) == ("unknown", None)


CONTROL: list[tuple[str, str, Any, int, str]] = [
    ("POST", "/_mock/rules", b"{", 400, "not JSON"),
    ("POST", "/_mock/rules", b"[]", 400, "should be a JSON object"),
    ("POST", "/_mock/rules", {"error": 1}, 400, "`on`"),
    ("POST", "/_mock/rules", {"on": "notify"}, 400, "does nothing"),
    ("POST", "/_mock/rules", {"on": "notify", "eror": 1}, 400, "did you mean error?"),
    ("POST", "/_mock/phone/logn", {}, 400, "did you mean login?"),
    ("POST", "/_mock/phone/login", {"person": "小名"}, 404, "小明"),
    ("POST", "/_mock/phone/login", {"app": "mini_progam"}, 404, "did you mean mini_program?"),
    ("POST", "/_mock/clock/advance", {"by": "soon"}, 400, "not a duration"),
    ("POST", "/_mock/clock/advance", {}, 400, "by"),
    ("POST", "/_mock/clock/freeze", {"at": "noon"}, 400, "not a time"),
    ("PATCH", "/_mock/settings", {"limit": "off"}, 400, "did you mean limits?"),
    ("PATCH", "/_mock/settings", {"seed": 2}, 400, "cannot change"),
    ("POST", "/_mock/worlds", {"name": "a/b"}, 400, "letters"),
    ("POST", "/_mock/worlds", {"name": "default"}, 409, "already"),
    ("POST", "/_mock/worlds", {"scenario": "flaky-logn"}, 404, "did you mean flaky-login?"),
    ("POST", "/_mock/worlds", {"scenario": {"rulse": []}}, 400, "did you mean rules?"),
    ("DELETE", "/_mock/worlds/default", None, 409, "reset"),
    ("GET", "/_mock/worlds/nowhere/apps", None, 404, "no world"),
    ("DELETE", "/_mock/rules/rule-9", None, 404, "no rule"),
    ("PATCH", "/_mock/apps/nobody", {}, 404, "no app"),
    ("GET", "/_mock/errors?endpoint=notfy", None, 404, "did you mean notify?"),
    ("GET", "/_mock/journal?since=x", None, 400, "since should be a whole number"),
    ("GET", "/_mock/journals", None, 404, "did you mean /_mock/journal?"),
    ("PUT", "/_mock/journal", None, 405, "takes GET, not PUT"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "says"), CONTROL)
def test_bad_orders(
    http: httpx.Client, method: str, path: str, body: Any, status: int, says: str
) -> None:
    """A bad call of an operation is a 4xx that says what is wrong and what to do."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body else b""
    reply = http.request(method, path, content=content)

    assert reply.status_code == status
    assert reply.json()["error"].startswith("mockdouyin: ")
    assert says in reply.json()["error"]
    assert still_serves(http)
