"""A request as people have it at hand: a body, a curl command, raw HTTP, a HAR file, a link."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from mockdouyin.control._curl import read_curl
from mockdouyin.control._signature_texts import (
    HAR_ENTRY,
    HAR_NO_REQUEST,
    NO_REQUEST,
    NOT_A_HEADER,
    NOT_A_URL,
)
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Headers, Request

_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+)(?: HTTP/[\d.]+)?\r?\n")
_CURL = re.compile(r"\s*(?:\$ )?(\S*\bcurl(?:\.exe)?\s.*)", re.S)
_BLANK_LINE = re.compile(r"\n\r?\n")
_LINK = re.compile(r"\s*([a-z][a-z0-9+.-]*://\S+)\s*")


def read_request(text: str, *, entry: int = 1, path: str = "", method: str = "") -> Request:
    """Read a request; `path` and `method` complete a text that has none, such as a bare body."""
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise MockDouyinError(NO_REQUEST())
    found = _har(text, entry) or _curl(text) or _http(text) or _link(text)
    if found is None:
        # A text file ends with a line end; no client sends one after its body.
        body = re.sub(r"\r?\n\Z", "", text).encode(errors="surrogatepass")
        found = Request("POST", "", b"", [], body)
    changed = {"path": path, "method": method.upper()}
    given = {name: value for name, value in changed.items() if value}
    return msgspec.structs.replace(found, **given) if given else found


def _request(method: str, url: str, headers: list[tuple[str, str]], body: bytes) -> Request:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise MockDouyinError(NOT_A_URL(url=url[:100])) from None
    coded: Headers = [
        (name.lower().encode(errors="replace"), value.encode(errors="replace"))
        for name, value in headers
    ]
    query = parts.query.encode(errors="replace")
    return Request(method, parts.path, query, coded, body, host=host)


def _curl(text: str) -> Request | None:
    found = _CURL.fullmatch(text)
    if found is None:
        return None
    asked = read_curl(found[1])
    return _request(asked.method, asked.url, asked.headers, asked.body.encode(errors="replace"))


def _http(text: str) -> Request | None:
    text = text.lstrip()
    first = _REQUEST_LINE.match(text)
    if first is None:
        return None
    end = _BLANK_LINE.search(text, first.end() - 1)
    head = text[first.end() : end.start() if end else None]
    body = text[end.end() :] if end else ""
    headers = []
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise MockDouyinError(NOT_A_HEADER(line=line[:80]))
        headers.append((name.strip(), value.strip()))
    content = body.encode(errors="replace")
    length = {name.lower(): value for name, value in headers}.get("content-length", "")
    if length.isascii() and length.isdigit() and len(length) < 10:
        content = content[: int(length)]
    else:
        content = re.sub(rb"\r?\n\Z", b"", content)
    return _request(first[1], first[2], headers, content)


def _link(text: str) -> Request | None:
    found = _LINK.fullmatch(text)
    return _request("GET", found[1], [], b"") if found else None


# HAR.


def _har(text: str, number: int) -> Request | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    entry = _entry(value, number)
    if entry is None:
        return None
    try:
        return _of_entry(entry["request"])
    except (KeyError, TypeError, AttributeError, binascii.Error):
        raise MockDouyinError(HAR_NO_REQUEST()) from None


def _entry(value: dict[str, Any], number: int) -> Any:
    """Return the entry of a HAR file, or a value that is one; None if it is something else."""
    log = value.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if isinstance(entries, list):
        if not 1 <= number <= len(entries):
            raise MockDouyinError(HAR_ENTRY(count=len(entries), number=number))
        return entries[number - 1]
    asked = value.get("request")
    is_entry = isinstance(asked, dict) and "url" in asked and "method" in asked
    return value if is_entry else None


def _of_entry(asked: dict[str, Any]) -> Request:
    headers = [(each["name"], each["value"]) for each in asked.get("headers", [])]
    post = asked.get("postData") or {}
    text = post.get("text", "")
    body = text.encode(errors="replace")
    if post.get("encoding") == "base64":
        body = base64.b64decode(text, validate=True)
    return _request(asked["method"], asked["url"], headers, body)
