"""Findings about how parameters are sent: unescaped ids, forms for JSON, wrong headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import unquote

from mockdouyin.core.credentials import READ_HEADERS, stray_tokens
from mockdouyin.core.ids import is_mangled
from mockdouyin.core.texts import TextTemplate, text
from mockdouyin.findings._table import (
    DOCUMENTED_PAGE,
    PAGE,
    Hit,
    SeenExchange,
    by_endpoint,
    finding,
    grouped,
    times,
)


class _Damage(NamedTuple):
    """How an id was damaged, in the words for a call that was refused, and for one that passed."""

    refused: TextTemplate
    passed: TextTemplate


_SPACED = _Damage(
    text(
        "unescaped_id_spaced_refused",
        zh="{name} 传给 {endpoint} {times}，其中有空格：没有编码的 + 收到时就是空格（{code}）",
        en="{name} was sent to {endpoint} {times} with a space in it, as a bare + arrives"
        " ({code})",
    ),
    text(
        "unescaped_id_spaced",
        zh="{name} 传给 {endpoint} {times}，其中有空格：没有编码的 + 收到时就是空格；这里已替你"
        "还原，抖音可能拒绝",
        en="{name} was sent to {endpoint} {times} with a space in it, as a bare + arrives; it was"
        " mended here, Douyin may refuse it",
    ),
)
_TWICE = _Damage(
    text(
        "unescaped_id_twice_refused",
        zh="{name} 传给 {endpoint} {times}，做了两次 URL 编码（{code}）",
        en="{name} was sent to {endpoint} {times} escaped twice ({code})",
    ),
    text(
        "unescaped_id_twice",
        zh="{name} 传给 {endpoint} {times}，做了两次 URL 编码；没有这样写的 id",
        en="{name} was sent to {endpoint} {times} escaped twice; no id is written so",
    ),
)


@finding(
    about=text(
        "unescaped_id_about",
        zh="地址里的 id 没有做 URL 编码",
        en="An id in an address is not escaped",
    ),
    why=text(
        "unescaped_id_why",
        zh="id 里的 + 到了对面成了空格，平台找不到这个 id；编码两次也一样。",
        en="Its + arrives as a space, and the platform does not find the id. Escaped twice is no"
        " better.",
    ),
    fix=text(
        "unescaped_id_fix",
        zh="id 单独做一次 URL 编码再拼进地址：+ 写成 %2B，/ 写成 %2F，= 写成 %3D。",
        en="Escape the id by itself when it goes into an address: + is %2B, / is %2F, = is %3D.",
    ),
    source=text(
        "unescaped_id_source",
        zh="{doc}（{basis}：id 拼进地址前要单独做 URL 编码）",
        en="{doc} ({basis}: an id that goes into an address is escaped, by itself)",
    ),
)
def unescaped_id(seen: list[SeenExchange]) -> Iterator[Hit]:
    """An id with a + goes unescaped in a query, where it arrives as a space, or escaped twice."""
    pairs = (
        ((each.called.full_name, name, how), each)
        for each in seen
        if each.endpoint is not None
        for name, how in _mangled(each)
    )
    for (endpoint, name, how), group in grouped(pairs).items():
        latest = group[-1]
        error, words = latest.exchange.error, {"name": name, "endpoint": endpoint}
        if error is None:
            says = how.passed(**words, times=times(len(group)))
        else:
            says = how.refused(**words, times=times(len(group)), code=error.code)
        yield Hit(latest, says)


_SEALED = re.compile(r"@(?:[A-Za-z0-9+/ ]{4}){6,}(?:[A-Za-z0-9+/ ]{2}==|[A-Za-z0-9+/ ]{3}=)?")


def _mangled(seen: SeenExchange) -> Iterator[tuple[str, _Damage]]:
    """Yield each parameter with a damaged id, and how it was damaged."""
    for name, value in _texts("", seen.given):
        if is_mangled(value) and name.endswith(_ID_SUFFIXES) and _SEALED.fullmatch(unquote(value)):
            yield name, _TWICE if "%" in value else _SPACED


_ID_SUFFIXES = ("_id", "_ids", "_list")
"""The endings of parameters that carry sealed ids."""


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield every text in a value, with the name of its field."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key, each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(name, each)


_JSON_ONLY = ("mini_program.notify", "mini_game.notify")
"""Endpoints whose page requires the content type; others are known to accept JSON with any."""

_OTHER_TYPE = text(
    "wrong_content_type",
    zh="调用 {endpoint} {times}，Content-Type：{sent}",
    en="{endpoint} was called {times} with {sent}",
)
_OTHER_TYPE_FORM = text(
    "wrong_content_type_form",
    zh="调用 {endpoint} {times}，Content-Type：{sent}，body 是表单",
    en="{endpoint} was called {times} with {sent} and a form in the body",
)
_NO_TYPE = text("no_content_type", zh="没有", en="no content type")


@finding(
    about=text(
        "wrong_content_type_about",
        zh="该用 JSON 的地方没有用",
        en="Not JSON where JSON is due",
    ),
    why=text(
        "wrong_content_type_why",
        zh="平台按文档的格式解析，换一种格式，字段就读不到。",
        en="The platform parses what the docs say; in another format it does not find the fields.",
    ),
    fix=text(
        "wrong_content_type_fix",
        zh="发 JSON，并带上 Content-Type: application/json。",
        en="Send JSON, with Content-Type: application/json.",
    ),
    source=DOCUMENTED_PAGE,
)
def wrong_content_type(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A form is sent where the page has JSON, or a body without application/json where it must."""
    for name, group in by_endpoint(filter(_is_of_another_type, seen)):
        sent = group[-1].request.header(b"content-type") or _NO_TYPE()
        says = _OTHER_TYPE_FORM if _is_form(group[-1]) else _OTHER_TYPE
        yield Hit(group[-1], says(endpoint=name, times=times(len(group)), sent=sent))


def _is_of_another_type(seen: SeenExchange) -> bool:
    if seen.endpoint is None or not seen.request.body.strip():
        return False
    if seen.endpoint.full_name in _JSON_ONLY:
        return "application/json" not in seen.request.header(b"content-type").lower()
    return seen.endpoint.wants_json and _is_form(seen)


def _is_form(seen: SeenExchange) -> bool:
    """Whether the body is a form, and was parsed as one."""
    body = seen.request.body.strip().removeprefix(b"\xef\xbb\xbf").strip()
    return body[:1] not in (b"{", b"[") and b"=" in body and bool(seen.given)


_HEADER_READ = text(
    "token_header_read",
    zh="调用 {endpoint} {times}，token 放在请求头 {header} 里；这里也读它，文档写的是 {expected}",
    en="{endpoint} was called {times} with a token in the header {header}, which is read here all"
    " the same; the page has {expected}",
)
_HEADER_UNREAD = text(
    "token_header_unread",
    zh="调用 {endpoint} {times}，token 放在请求头 {header} 里，不会被读取；文档写的是 {expected}",
    en="{endpoint} was called {times} with a token in the header {header}, which is not read; the"
    " page has {expected}",
)


@finding(
    about=text(
        "token_header_about", zh="token 放错了请求头", en="The token is in the wrong header"
    ),
    why=text(
        "token_header_why",
        zh="平台只看文档上的那一个请求头，别的头里的 token 等于没带。",
        en="The platform reads one header alone; a token in another is no token.",
    ),
    fix=text(
        "token_header_fix",
        zh="token 单独放在请求头 access-token 里。",
        en="Send the token alone, in the header access-token.",
    ),
    source=PAGE,
)
def token_header(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A token travels in another header than the page's: access_token, Authorization: Bearer."""
    pairs = (
        ((each.called.full_name, header), each)
        for each in seen
        if each.endpoint is not None and each.endpoint.types.takes_token
        for header in _stray(each)
    )
    for (endpoint, header), group in grouped(pairs).items():
        says = _HEADER_READ if header.encode("latin-1") in READ_HEADERS else _HEADER_UNREAD
        how_often, expected = times(len(group)), group[-1].called.token_headers[0]
        yield Hit(
            group[-1],
            says(endpoint=endpoint, times=how_often, header=header, expected=expected),
        )


def _stray(seen: SeenExchange) -> Iterator[str]:
    known = [name.encode() for name in seen.called.token_headers]
    return stray_tokens(seen.request.headers, known)
