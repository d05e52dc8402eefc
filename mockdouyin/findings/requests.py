"""Findings about a request's host, path and parameters."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from urllib.parse import parse_qsl

from mockdouyin.core.clock import MINUTE
from mockdouyin.core.exchange_view import unread
from mockdouyin.core.parameters import snake
from mockdouyin.core.texts import NOTHING, Parameter, text
from mockdouyin.findings._table import (
    DOCUMENTED_PAGE,
    PAGE,
    PAGE_OF_ERROR,
    Hit,
    SeenExchange,
    by_endpoint,
    finding,
    grouped,
    is_local_name,
    times,
)

_WRONG_HOST = text(
    "wrong_host",
    zh="{path} 向 {host} 请求了 {times}，它所在的域名是 {hosts}",
    en="{path} was asked at {host} {times}; it is served by {hosts}",
)
_HOST_AND = text("wrong_host_and", zh="{first} 和 {other}", en="{first} and {other}")
_ASK_HOST = text("wrong_host_ask", zh="改为请求 {url}。", en="Ask {url}.")


@finding(
    about=text("wrong_host_about", zh="请求错了域名", en="The wrong host is asked"),
    why=text(
        "wrong_host_why",
        zh="抖音的接口分在几个域名下，这个路径不在这个域名。",
        en="Douyin's endpoints are spread over several hosts, and this path is not at this one.",
    ),
    fix=text(
        "wrong_host_fix",
        zh="用文档页上写的那个域名。",
        en="Ask the host that the page names.",
    ),
    source=PAGE,
)
def wrong_host(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A path is asked at a host of Douyin's that does not serve it."""
    strays = ((_stray(each), each) for each in seen if each.endpoint is not None)
    groups = grouped(((each.called.full_name, host), each) for host, each in strays if host)
    for (_, host), group in groups.items():
        latest, how_often = group[-1], times(len(group))
        path, hosts = latest.request.path, latest.called.family.hosts
        served: Parameter = hosts[0]
        for other in hosts[1:]:
            served = _HOST_AND(first=served, other=other)
        yield Hit(
            latest,
            _WRONG_HOST(path=path, host=host, times=how_often, hosts=served),
            _ASK_HOST(url=f"https://{hosts[0]}{path}"),
        )


def _stray(seen: SeenExchange) -> str:
    """Return the host that the request was for if it does not serve the endpoint, else nothing."""
    host = seen.request.host.lower()
    name = host if host.count(":") > 1 else host.partition(":")[0].rstrip(".")
    hosts = seen.called.family.hosts  # none: a scenario declares it, at every host
    if not name or not hosts or name in hosts or is_local_name(name):
        return ""
    return name


_COMMON_PATHS = ("/", "/favicon.ico", "/robots.txt")
"""Paths that browsers, probes and people with curl request from any server."""

_UNKNOWN_PATH = text(
    "unknown_path",
    zh="{method} {path} 被调用了 {times}：{why}",
    en="{method} {path} was called {times}: {why}",
)


@finding(
    about=text("unknown_path_about", zh="请求了不存在的接口", en="No such endpoint"),
    why=text(
        "unknown_path_why",
        zh="线上会得到 404；也可能是 mockdouyin 还没有这个接口。",
        en="In production this is a 404; or mockdouyin does not have it yet.",
    ),
    fix=text(
        "unknown_path_fix",
        zh="和文档核对方法和路径。确实没写错的话，用规则来响应：`on` 写 method 和 path，再写"
        " `reply`。",
        en="Compare method and path with the docs' page. Where they are right, mockdouyin does not"
        " have the endpoint yet: a rule can answer, `on` with method and path, and a `reply`.",
    ),
    source=text(
        "unknown_path_source",
        zh="mockdouyin 的接口列表，见 `mockdouyin endpoints`（推定）",
        en="the endpoints that mockdouyin has, see `mockdouyin endpoints` (assumed)",
    ),
)
def unknown_path(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A method and path are called that no endpoint answers."""
    lost = [each for each in seen if each.exchange.is_unanswered and not _is_idle(each)]
    groups = grouped(((each.request.method, each.request.path), each) for each in lost)
    for (method, path), group in groups.items():
        why, how_often = group[-1].exchange.why, times(len(group))
        yield Hit(group[-1], _UNKNOWN_PATH(method=method, path=path, times=how_often, why=why))


def _is_idle(seen: SeenExchange) -> bool:
    path = seen.request.path
    return path in _COMMON_PATHS or path.startswith(("/apple-touch-icon", "/.well-known/"))


_UNREAD = text(
    "unread_field",
    zh="向 {endpoint} 传了 {name} {times}，该接口不读取它",
    en="{name} was sent to {endpoint} {times}, and is not read there",
)
_UNREAD_NEAR = text(
    "unread_field_near",
    zh="向 {endpoint} 传了 {name} {times}，该接口不读取它（是否应为 {near}？）",
    en="{name} was sent to {endpoint} {times}, and is not read there; did you mean {near}?",
)
_SEND_AS = text("unread_field_send_as", zh="参数名改成 {near}。", en="Send it as {near}.")


@finding(
    about=text(
        "unread_field_about",
        zh="发了平台不读的字段",
        en="A field is sent that nothing reads",
    ),
    why=text(
        "unread_field_why",
        zh="平台会忽略不认识的字段，不报错。名字写错时，想要的效果就悄悄没有了。",
        en="The platform ignores what it does not know and reports no error. Of a misspelt name"
        " the effect is silently missing.",
    ),
    fix=text(
        "unread_field_fix",
        zh="去掉它，或者查一下正确的名字：抖音会忽略不认识的字段。",
        en="Leave it out, or look its name up: Douyin ignores what it does not know.",
    ),
    source=PAGE,
)
def unread_field(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A parameter is sent that the endpoint does not read."""
    pairs = (
        ((each.called.full_name, name), each)
        for each in seen
        if each.endpoint is not None
        for name in unread(each.exchange)[:_MAX_UNREAD]
    )
    for (endpoint, name), group in grouped(pairs).items():
        near, how_often = _near(name, group[-1]), times(len(group))
        unread_by = _UNREAD_NEAR if near else _UNREAD
        yield Hit(
            group[-1],
            unread_by(name=name, endpoint=endpoint, times=how_often, near=near),
            _SEND_AS(near=near) if near else NOTHING,
        )


_MAX_UNREAD = 20
"""Unread parameters of one request that are reported."""

_MAX_COMPARED = 100
"""Characters of a name up to which similar names are searched for."""


def _near(name: str, seen: SeenExchange) -> str:
    """Return the field that may have been meant: a similar one that was not sent."""
    if len(name) > _MAX_COMPARED:
        return ""
    known = seen.called.parameters
    free = [field for field in known if field not in seen.given]
    for form in (snake(name), name.lower()):
        near = difflib.get_close_matches(form, free, n=1, cutoff=0.75)
        if near:
            return near[0]
    return ""


_SECRETS = ("client_secret", "secret")

_SECRET_SHOWN = text(
    "secret_in_query",
    zh="调用 {endpoint} {times}，密钥都在 query 里",
    en="{endpoint} was called {times} with the secret in the query",
)


@finding(
    about=text(
        "secret_in_query_about",
        zh="密钥出现在地址里",
        en="A secret travels in the address",
    ),
    why=text(
        "secret_in_query_why",
        zh="地址会写进沿途每个代理和网关的日志，密钥就泄露了。",
        en="Addresses are written to the logs of every proxy and gateway on the way.",
    ),
    fix=text(
        "secret_in_query_fix",
        zh="放进 POST 的 body：地址会写进沿途每个代理的日志。",
        en="Send it in the body of a POST: addresses are written to the logs of every proxy.",
    ),
    source=DOCUMENTED_PAGE,
)
def secret_in_query(seen: list[SeenExchange]) -> Iterator[Hit]:
    """The app's secret travels in the address where the docs want it in the body of a POST."""
    for endpoint, group in by_endpoint(filter(_shows_secret, seen)):
        yield Hit(group[-1], _SECRET_SHOWN(endpoint=endpoint, times=times(len(group))))


def _shows_secret(seen: SeenExchange) -> bool:
    if seen.endpoint is None or "POST" not in seen.endpoint.methods or not seen.request.query:
        return False
    query = dict(parse_qsl(seen.request.query.decode("utf-8", "replace")))
    known = seen.endpoint.parameters
    return any(query.get(name) and name in known for name in _SECRETS)


_FUTILE = (
    "bad_params",
    "missing_params",
    "bad_grant_type",
    "bad_appid",
    "bad_client_key",
    "bad_secret",
    "bad_client_secret",
)
"""Errors that the same request will always get."""

_LOOP_LENGTH = 3
"""Identical requests that count as a loop: two may have been in flight together."""

_REPEATED = text(
    "refused_again",
    zh="{endpoint} 的同一个请求被拒绝了 {times}，原因都是 {error}",
    en="the same request of {endpoint} was refused {times} with {error}",
)


@finding(
    about=text(
        "refused_again_about",
        zh="原样重发被拒绝的请求",
        en="A refused request is repeated as it was",
    ),
    why=text(
        "refused_again_why",
        zh="内容本身不对，重试多少次结果都一样，还会占用频率限制。",
        en="What is wrong with it stays wrong, however often it is sent, and it counts against the"
        " rate limit.",
    ),
    fix=text(
        "refused_again_fix",
        zh="因为内容被拒绝的请求不要重试：记下错误，改请求。",
        en="Do not repeat what was refused for what it says: log the error, and correct the"
        " request.",
    ),
    source=PAGE_OF_ERROR,
)
def refused_again(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A request is repeated, unchanged, that was refused for what it says."""
    futile = [each for each in seen if each.refusal in _FUTILE and not each.called.is_page]
    for group in grouped((each.identity, each) for each in futile).values():
        if _is_loop(group):
            latest, how_often = group[-1], times(len(group))
            endpoint = latest.called.full_name
            yield Hit(latest, _REPEATED(endpoint=endpoint, times=how_often, error=latest.error))


def _is_loop(group: list[SeenExchange]) -> bool:
    """Whether several requests follow each other too closely to be made by a person."""
    pairs = zip(group, group[_LOOP_LENGTH - 1 :], strict=False)
    return any(last.time - first.time <= MINUTE for first, last in pairs)
