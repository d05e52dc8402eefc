"""Findings about mistakes that no retry can mend: wrong redirects, addresses and upload parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mockdouyin.core.multipart import File, Multipart
from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain.consent import is_loopback
from mockdouyin.findings._table import (
    DOCUMENTED_PAGE,
    Hit,
    SeenExchange,
    by_endpoint,
    finding,
    grouped,
    times,
)

_REDIRECT_BARE = text(
    "unusable_redirect_bare",
    zh="redirect_uri {uri} 只有域名或路径，缺少 https://",
    en="redirect_uri {uri} is a bare domain or path: it lacks https://",
)
_REDIRECT_MALFORMED = text(
    "unusable_redirect_malformed",
    zh="redirect_uri {uri} 不是合法的地址",
    en="redirect_uri {uri} is not an address",
)
_REDIRECT_HTTP = text(
    "unusable_redirect_http",
    zh="redirect_uri {uri} 是 http：抖音只跳转到 https 地址",
    en="redirect_uri {uri} is http: Douyin sends people back to https only",
)


@finding(
    about=text(
        "unusable_redirect_about",
        zh="redirect_uri 不能用",
        en="A redirect_uri cannot be used",
    ),
    why=text(
        "unusable_redirect_why",
        zh="只写域名，或者在别的机器上用 http，线上会被拒绝。",
        en="A bare domain, or http on another machine, is refused in production.",
    ),
    fix=text(
        "unusable_redirect_fix",
        zh="登记并发送带 https:// 的完整地址；只有本机地址可以用 http，而且只在这里可以。",
        en="Register and send a whole address with https://. Only addresses of this machine may be"
        " http, and only here.",
    ),
    source=text(
        "unusable_redirect_source",
        zh="{doc}（https 见文档；http 被拒绝是推定）",
        en="{doc} (documented: https; that http is refused is assumed)",
    ),
)
def unusable_redirect(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A redirect_uri is a bare domain, or http on another machine."""
    pairs = ((uri, each) for each in seen if (uri := _redirect(each)) and _why_unusable(uri))
    for uri, group in grouped(pairs).items():
        yield Hit(group[-1], _why_unusable(uri))


def _redirect(seen: SeenExchange) -> str:
    """Return the redirect address of a consent."""
    if seen.endpoint is None:
        return ""
    fields = seen.endpoint.parameters
    name = next((name for name in ("redirect_uri", "next") if name in fields), "")
    return str(seen.given.get(name, ""))


def _why_unusable(uri: str) -> Text:
    if "://" not in uri:
        return _REDIRECT_BARE(uri=uri)
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError:
        return _REDIRECT_MALFORMED(uri=uri)
    if parts.scheme == "http" and not is_loopback(host):
        return _REDIRECT_HTTP(uri=uri)
    return NOTHING


_PAGE_FETCHED = text(
    "consent_page_fetched",
    zh="{path} 被 {agent} 请求了 {times}",
    en="{path} was fetched {times} by {agent}",
)
_NAMELESS = text("client_without_name", zh="没有 User-Agent 的程序", en="a client without a name")


@finding(
    about=text(
        "consent_page_fetched_about",
        zh="后端自己去请求了授权页",
        en="The backend fetches the consent page",
    ),
    why=text(
        "consent_page_fetched_why",
        zh="授权页是给登录了抖音的人看的，程序拿到的只是 HTML，没有 code。",
        en="The page is for a person who is logged in; a program gets HTML and no code.",
    ),
    fix=text(
        "consent_page_fetched_fix",
        zh="用链接或 302 把用户的浏览器带过去。授权页要登录了抖音的人来点，服务端去请求只能拿到"
        " HTML，没有 code。",
        en="Send the person's browser there, by a link or a 302. The page is for a person who is"
        " logged in to Douyin; a server that fetches it gets HTML and no code.",
    ),
    source=DOCUMENTED_PAGE,
)
def consent_page_fetched(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A consent page is fetched by a program, and not opened in a person's browser."""
    group = [each for each in seen if _is_page(each) and not _is_browser(each)]
    if group:
        agent = group[-1].request.header(b"user-agent")[:80] or _NAMELESS()
        path = group[-1].request.path
        yield Hit(group[-1], _PAGE_FETCHED(path=path, times=times(len(group)), agent=agent))


def _is_page(seen: SeenExchange) -> bool:
    is_page = seen.endpoint is not None and seen.endpoint.is_page
    return is_page and seen.request.method == "GET" and "redirect_uri" in seen.given


def _is_browser(seen: SeenExchange) -> bool:
    """Whether a browser sent the request: every browser sends one of these headers."""
    request = seen.request
    return "text/html" in request.header(b"accept") or bool(request.header(b"sec-fetch-mode"))


_MIN_SAME_PARTS = 3
"""Equal parts that count as a mistake: a correct video may contain the same bytes twice."""

_COMPARED_BYTES = 32 * 1024
"""Bytes of a part that are compared: the journal keeps no more of a long form."""

_SAME_PARTS = text(
    "same_parts",
    zh="同一个 upload_id 的分片 {numbers} 开头的字节相同",
    en="parts {numbers} of one upload_id begin with the same bytes",
)


@finding(
    about=text(
        "same_part_about",
        zh="同一个视频的几个分片内容一样",
        en="Parts of a video are the same",
    ),
    why=text(
        "same_part_why",
        zh="抖音按收到的拼起来，视频就坏了。",
        en="Douyin puts together what it gets, and the video is broken.",
    ),
    fix=text(
        "same_part_fix",
        zh="每个分片接着往下读：重新打开的流、没有重新填的缓冲区，发出去的都是开头。",
        en="Read on in the file for each part: a stream that is opened anew, or a buffer that is"
        " not refilled, sends the beginning again.",
    ),
    source=text(
        "same_part_source",
        zh="{doc}（推定：抖音按收到的内容拼接）",
        en="{doc} (assumed: Douyin puts together what it gets)",
    ),
)
def same_part(seen: list[SeenExchange]) -> Iterator[Hit]:
    """Parts of one video have the same bytes."""
    uploads = ((part, each) for each in seen if (part := _part(each)) is not None)
    for group in grouped(uploads).values():
        numbers = dict.fromkeys(str(each.given.get("part_number")) for each in group)
        if len(numbers) >= _MIN_SAME_PARTS:
            yield Hit(group[-1], _SAME_PARTS(numbers=list(numbers)[:8]))


def _part(seen: SeenExchange) -> tuple[Any, ...] | None:
    """Return a key that is equal for parts of one upload that begin with the same bytes."""
    endpoint, request = seen.endpoint, seen.request
    if endpoint is None or endpoint.name != "upload_video_part" or seen.exchange.error is not None:
        return None
    form = Multipart(request.header(b"content-type"))
    form.feed(request.body)
    file = form.close().get("video")
    if not isinstance(file, File) or not file.size:
        return None
    return seen.given.get("upload_id"), file.head[:_COMPARED_BYTES]


_END_ANNOUNCED = text(
    "retired_end_announced",
    zh="平台已公告 2024-07-01 下线",
    en="its end was announced for 2024-07-01",
)
_FIRST_VERSION = text("retired_first_version", zh="这是第一版接口", en="it is the first version")

_SUCCESSORS = {
    "mini_program.notify": (
        "/api/notification/v2/subscription/notify_user/",
        _END_ANNOUNCED(),
    ),
    "mini_program.code_to_session_v1": ("/api/apps/v2/jscode2session", _FIRST_VERSION()),
    "mini_program.app_token_v1": ("/api/apps/v2/token", _FIRST_VERSION()),
}
"""Endpoints whose addresses Douyin has replaced, with the new address and the reason."""

_RETIRED = text(
    "retired_address",
    zh="{path} 被调用了 {times}：{since}，现在用 {successor}",
    en="{path} was called {times}: {since}; {successor} takes its place",
)
_CALL_SUCCESSOR = text(
    "retired_call_successor",
    zh="改用 {successor}；字段名不同，请看它的文档。",
    en="Call {successor}; its fields have other names, so read its page.",
)


@finding(
    about=text(
        "retired_address_about",
        zh="用了已经被替换的地址",
        en="A replaced address is called",
    ),
    why=text(
        "retired_address_why",
        zh="旧地址随时可能下线，新地址的字段名也不一样。",
        en="The old address may go any day, and the new one names its fields differently.",
    ),
    fix=text(
        "retired_address_fix",
        zh="换到新的地址，并照新的文档改字段名。",
        en="Move to the address that replaced it; its fields have other names, so read its page.",
    ),
    source=DOCUMENTED_PAGE,
)
def retired_address(seen: list[SeenExchange]) -> Iterator[Hit]:
    """An address is called that Douyin has replaced by another."""
    for name, group in by_endpoint(each for each in seen if each.endpoint is not None):
        if name in _SUCCESSORS:
            successor, since = _SUCCESSORS[name]
            path, how_often = group[-1].request.path, times(len(group))
            yield Hit(
                group[-1],
                _RETIRED(path=path, times=how_often, since=since, successor=successor),
                _CALL_SUCCESSOR(successor=successor),
            )
