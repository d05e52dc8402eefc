"""A request as people have it at hand: a body, a command, raw HTTP, a HAR file, a link."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from mockdouyin.control._curl import MAX_BEFORE, read_script
from mockdouyin.control._signature_texts import (
    CURL_NO_URL,
    FETCH_OPTIONS,
    HAR_ENTRY,
    HAR_NO_REQUEST,
    NO_REQUEST,
    NOT_A_HEADER,
    NOT_A_URL,
)
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Headers, Request

_REQUEST_LINE = re.compile(r"([A-Z]+) (\S+)(?: HTTP/[\d.]+)?\r?\n")
_BLANK_LINE = re.compile(r"\n\r?\n")
_LINK = re.compile(r"\s*([a-z][a-z0-9+.-]*://\S+)\s*")


def read_request(
    text: str,
    *,
    entry: int = 0,
    path: str = "",
    method: str = "",
    wanted: Callable[[Request], bool] = lambda request: False,
) -> Request:
    """Read a request; `path` and `method` complete a text that has none, such as a bare body.

    Of several in a HAR file it is the one with this number, or the first that is wanted.
    """
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise MockDouyinError(NO_REQUEST())
    found = (
        _har(text, entry, wanted)
        or _fetch(text)
        or _powershell(text)
        or _curl(text)
        or _http(text)
        or _link(text)
    )
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
    asked = read_script(text)
    if asked is None:
        return None
    return _request(asked.method, asked.url, asked.headers, asked.body.encode(errors="replace"))


_FETCH = re.compile(r"\s*(?:await\s+)?fetch\(\s*(\"(?:[^\"\\]|\\.){1,9999}\")\s*,\s*(\{.*)", re.S)


def _fetch(text: str) -> Request | None:
    """Read a call of JavaScript's fetch as browsers copy it: its options are JSON."""
    found = _FETCH.match(text)
    if found is None:
        return None
    try:
        url = msgspec.json.decode(found[1])
        options, _ = json.JSONDecoder().raw_decode(found[2])
        headers = [(str(name), str(value)) for name, value in options.get("headers", {}).items()]
        method, body = str(options.get("method") or "GET"), options.get("body") or ""
        return _request(method, url, headers, body.encode(errors="replace"))
    except (ValueError, AttributeError, RecursionError):
        raise MockDouyinError(FETCH_OPTIONS()) from None


_POWERSHELL = re.compile(r"\bInvoke-(?:WebRequest|RestMethod)\b", re.I)
_ARGUMENT = re.compile(
    r"-(Uri|Method|Body)\s+(?:\(\[\S{1,60}?GetBytes\()?"
    r"(?:\"((?:[^\"`]|`.|\"\")*)\"|'((?:[^']|'')*)'|(\S+))",
    re.I | re.S,
)
_BACKTICK = re.compile(r'`(.)|""', re.S)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def _powershell(text: str) -> Request | None:
    """Read a call of PowerShell's Invoke-WebRequest or Invoke-RestMethod."""
    if text.lstrip()[:1] in "{[" or not _POWERSHELL.search(text[:MAX_BEFORE]):
        return None
    given: dict[str, str] = {}
    for name, double, single, bare in _ARGUMENT.findall(text):
        value = _BACKTICK.sub(_unticked, double) if double else single.replace("''", "'")
        given.setdefault(name.lower(), value or bare)
    if "uri" not in given:
        raise MockDouyinError(CURL_NO_URL())
    method = given.get("method", "GET").upper()
    return _request(method, given["uri"], [], given.get("body", "").encode(errors="replace"))


def _unticked(found: re.Match[str]) -> str:
    return _CONTROLS.get(found[1], found[1]) if found[1] else '"'


# Raw HTTP, as it is sent, as curl -v prints it, or as editors have it in .http files.

_TRACE = re.compile(r"^> ?", re.M)
_COMMENTS = re.compile(r"(?:\s*(?:#|//)[^\n]*\n)*\s*")
_NEXT = re.compile(r"\r?\n[ \t]{0,9}###[^\n]*(?:\n.*)?\Z", re.S)


def _http(text: str) -> Request | None:
    if text.lstrip().startswith(">"):
        text = _TRACE.sub("", text.lstrip())
    if begin := _COMMENTS.match(text):
        text = text[begin.end() :]
    first = _REQUEST_LINE.match(text)
    if first is None:
        return None
    end = _BLANK_LINE.search(text, first.end() - 1)
    head = text[first.end() : end.start() if end else None]
    body = _NEXT.sub("", text[end.end() :]) if end else ""
    headers = []
    for line in head.splitlines():
        name, colon, value = line.partition(":")
        if not colon or not name.strip():
            raise MockDouyinError(NOT_A_HEADER(line=line[:80]))
        headers.append((name.strip(), value.strip()))
    content = body.encode(errors="replace")
    named = {name.lower(): value for name, value in headers}
    length = named.get("content-length", "")
    if length.isascii() and length.isdigit() and len(length) < 10:
        content = content[: int(length)]
    elif "chunked" in named.get("transfer-encoding", "").lower():
        content = _unchunked(content)
    else:
        content = re.sub(rb"\r?\n\Z", b"", content)
    return _request(first[1], first[2], headers, content)


_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,7})[^\r\n]{0,99}\r?\n")


def _unchunked(content: bytes) -> bytes:
    """Return a body that is in chunks; one that is in none as it is."""
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK.match(content, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(parts)
        parts.append(content[found.end() : found.end() + size])
        at = found.end() + size
        at += len(content[at : at + 2]) - len(content[at : at + 2].lstrip(b"\r\n"))
    return content


def _link(text: str) -> Request | None:
    found = _LINK.fullmatch(text)
    return _request("GET", found[1], [], b"") if found else None


# HAR.


def _har(text: str, number: int, wanted: Callable[[Request], bool]) -> Request | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        value = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None
    entries = _entries(value)
    if entries is None:
        return None
    if number or not entries:
        if not 1 <= number <= len(entries):
            raise MockDouyinError(HAR_ENTRY(count=len(entries), number=number or 1))
        return _of_entry(entries[number - 1])
    return _first_wanted(entries, wanted)


def _first_wanted(entries: list[Any], wanted: Callable[[Request], bool]) -> Request:
    """Return the first request that is wanted, or else the first."""
    for entry in entries:
        try:
            if wanted(found := _of_entry(entry)):
                return found
        except MockDouyinError:
            continue  # an entry that is cut off, or no call: another one is meant
    return _of_entry(entries[0])


def _entries(value: dict[str, Any]) -> list[Any] | None:
    """Return the entries of a HAR file, or of a value that is one; None for something else."""
    log = value.get("log")
    entries = log.get("entries") if isinstance(log, dict) else None
    if isinstance(entries, list):
        return entries
    for entry in (value, {"request": value}):
        asked = entry.get("request")
        if isinstance(asked, dict) and "url" in asked and "method" in asked:
            return [entry]
    return None


def _of_entry(entry: Any) -> Request:
    try:
        return _of_request(entry["request"])
    except (KeyError, TypeError, AttributeError, binascii.Error):
        raise MockDouyinError(HAR_NO_REQUEST()) from None


def _of_request(asked: dict[str, Any]) -> Request:
    headers = [(each["name"], each["value"]) for each in asked.get("headers") or []]
    post = asked.get("postData") or {}
    text = post.get("text") or ""
    if not text and (pairs := post.get("params")):
        text = urlencode([(each["name"], each.get("value", "")) for each in pairs])
    body = text.encode(errors="replace")
    if post.get("encoding") == "base64":
        body = base64.b64decode(text, validate=True)
    return _request(asked["method"], asked["url"], headers, body)
