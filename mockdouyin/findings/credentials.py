"""Findings about how a client keeps its tokens and codes, seen over several exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from mockdouyin.core.texts import NOTHING, Text, text
from mockdouyin.domain.tokens import LADDERS, OVERLAP
from mockdouyin.findings._table import (
    PAGE_OF_ERROR,
    Hit,
    SeenExchange,
    finding,
    grouped,
    times,
)

_DEAD_TOKEN = ("expired_token", "invalid_token")
_DEAD_REFRESH = "bad_refresh_token"
_CONCURRENT = 1.0
"""Seconds within which requests may have been in flight together, unaware of each other."""

_STALE = text(
    "stale_token",
    zh="用已经被拒绝过的 token 调用 {endpoint} {times}（{error}）",
    en="{endpoint} was called {times} with a token that had been refused before ({error})",
)
_CONSENT_AGAIN = text(
    "stale_refresh_token_fix",
    zh="让用户重新授权：被拒绝的 refresh_token 不会再生效。",
    en="Let the person consent again: a refresh_token that was refused stays dead.",
)
_REFRESH = text(
    "stale_user_token_fix",
    zh="用 refresh_token 刷新；刷新也被拒绝时，让用户重新授权。",
    en="Refresh it by its refresh_token; where that is refused, let the person consent.",
)


@finding(
    about=text(
        "stale_token_about",
        zh="token 被拒绝过，又发了一次",
        en="A refused token is sent again",
    ),
    why=text(
        "stale_token_why",
        zh="过期、被新 token 顶掉或已取消授权的 token 不会恢复，之后的每次调用都会失败。",
        en="A token that expired, was superseded or revoked does not recover: each further call"
        " fails.",
    ),
    fix=text(
        "stale_token_fix",
        zh="token 被拒绝时换新的，或者在 expires_in 到期之前换。",
        en="Fetch a new token when this one is refused, or before its expires_in is over.",
    ),
    source=PAGE_OF_ERROR,
)
def stale_token(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A token is sent again after Douyin refused it: expired, killed by newer ones, or revoked."""
    for endpoint, group in grouped(_knowingly_sent(seen)).items():
        latest = group[-1]
        says = _STALE(endpoint=endpoint, times=times(len(group)), error=latest.error)
        yield Hit(latest, says, _remedy(_refused_token(latest)))


def _knowingly_sent(seen: list[SeenExchange]) -> Iterator[tuple[str, SeenExchange]]:
    """Yield each call whose token the client knew to be dead, with its endpoint."""
    first: dict[str, SeenExchange] = {}
    earlier: set[tuple[object, ...]] = set()
    for each in seen:
        token = _refused_token(each)
        if token:
            if token in first and (_knew(first[token], each) or each.identity in earlier):
                yield each.called.full_name, each
            first.setdefault(token, each)
            earlier.add(each.identity)
        elif each.token in first and each.exchange.verdict == "ok":
            del first[each.token]  # alive: it was refused where another kind of token belongs


def _refused_token(seen: SeenExchange) -> str:
    """Return the token because of which the call was refused."""
    if seen.refusal in _DEAD_TOKEN:
        return seen.token
    return str(seen.given.get("refresh_token", "")) if seen.refusal == _DEAD_REFRESH else ""


def _knew(first: SeenExchange, later: SeenExchange) -> bool:
    """Whether the client knew that the token was dead: by its expires_in, or from the answer."""
    return later.refusal == "expired_token" or later.time - first.time >= _CONCURRENT


def _remedy(token: str) -> Text:
    if token.startswith("rft."):
        return _CONSENT_AGAIN()
    return _REFRESH() if token.startswith("act.") else NOTHING


class FetchedToken(NamedTuple):
    """A token that a client has fetched, and when its answer said it would expire."""

    token: str
    seen: SeenExchange
    until: float


_STAMPEDE = text(
    "token_stampede",
    zh="应用 {app} 手里已有两个五分钟内获取、仍然有效的 {kind} token，却又获取了 {times}；每次都让"
    "最早的一个失效",
    en="app {app} fetched its {kind} token {times} while it held two that were fetched within five"
    " minutes and lived; each time the oldest of them died",
)


@finding(
    about=text(
        "token_stampede_about",
        zh="五分钟内连取三个 token",
        en="Three tokens within five minutes",
    ),
    why=text(
        "token_stampede_why",
        zh="取新 token 之后，旧的只剩五分钟；第三个会让第一个立刻失效。各进程各取各的，就会互相"
        "顶掉。",
        en="A new token leaves the older one five minutes, and the third kills the first."
        " Processes that each fetch their own kill one another's.",
    ),
    fix=text(
        "token_stampede_fix",
        zh="token 放在所有进程都读的一处，快到 expires_in 时再取下一个；或者改用 stable token。",
        en="Keep the token in one place that all processes read, and fetch the next one shortly"
        " before its expires_in is over; or take the stable token.",
    ),
    source=text(
        "token_stampede_source",
        zh="{doc}（文档：取新 token 后旧的保留五分钟，第三个让第一个失效；小程序和小游戏的 token"
        " 后一点是推定）",
        en="{doc} (documented: a new token leaves the older one five minutes, the third kills the"
        " first; of app tokens the latter is assumed)",
    ),
)
def token_stampede(seen: list[SeenExchange]) -> Iterator[Hit]:
    """Three tokens of one app are fetched within five minutes, though each lives two hours."""
    for (app, kind), group in grouped(_needless(seen)).items():
        yield Hit(group[-1], _STAMPEDE(app=app, kind=kind, times=times(len(group))))


def _needless(seen: list[SeenExchange]) -> Iterator[tuple[tuple[str, str], SeenExchange]]:
    """Yield each fetch that killed a living token, with the app and the kind of token."""
    held: dict[tuple[str, str], list[FetchedToken]] = {}
    for each in seen:
        if each.token and _casts_doubt(each):
            for tokens in held.values():
                tokens[:] = [fetched for fetched in tokens if fetched.token != each.token]
        new = _fetched(each)
        if new is not None:
            key = (each.exchange.app, _kind(each))
            alive = [fetched for fetched in held.get(key, []) if _is_alive(fetched, each.time)]
            held[key] = [*alive[-1:], new]  # of three, the platform ends the oldest
            if len(alive) >= 2:
                yield key, each


def _kind(seen: SeenExchange) -> str:
    return LADDERS.get(seen.called.name, "")


def _is_alive(fetched: FetchedToken, now: float) -> bool:
    """Whether a token was fetched recently and is far from its expiry: too early to replace it."""
    return now - fetched.seen.time < OVERLAP and fetched.until - now > OVERLAP


def _casts_doubt(seen: SeenExchange) -> bool:
    """Whether the client may take the call's token for dead, truly or because of a trigger."""
    error = seen.exchange.error
    refused = error is not None and error.name in _DEAD_TOKEN
    return refused or seen.exchange.verdict in ("bent", "fault")


def _fetched(seen: SeenExchange) -> FetchedToken | None:
    """Return the client or app token that the client received in an answer."""
    if seen.endpoint is None or not _kind(seen) or seen.exchange.verdict != "ok":
        return None
    answer = msgspec.json.decode(seen.exchange.reply.body)
    data = answer.get("data", answer)
    return FetchedToken(data["access_token"], seen, seen.time + data["expires_in"])


_CODES = {"code": "bad_code", "anonymous_code": "bad_anonymous_code"}
"""The fields that carry a code, with the error for a bad one."""

_REUSED = text(
    "code_reused",
    zh="用已经发过的 {field} 又调用了 {endpoint} {times}（{error}）",
    en="{endpoint} was called {times} with a {field} that had been sent before ({error})",
)


@finding(
    about=text("code_reused_about", zh="同一个 code 用了两次", en="A code is used twice"),
    why=text(
        "code_reused_why",
        zh="code 只能用一次。线上常见的起因是双击、网关重试，或两台机器处理了同一个请求：用户看到"
        "登录失败，而第一次其实成功了。",
        en="A code works once. A double click, a gateway's retry or two machines at work on one"
        " request use it again: the person sees a failed login, though the first one worked.",
    ),
    fix=text(
        "code_reused_fix",
        zh="一个 code 只换一次，把结果存下来；被拒绝之后，让前端重新调用 tt.login，或重新打开"
        "授权页。",
        en="Exchange a code once, and keep what it gave. After a refusal, ask for a new one:"
        " tt.login, or the consent page.",
    ),
    source=PAGE_OF_ERROR,
)
def code_reused(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A code is sent again after it was exchanged, or refused as bad."""
    for (endpoint, field), group in grouped(_sent_again(seen)).items():
        latest, how_often = group[-1], times(len(group))
        yield Hit(
            latest,
            _REUSED(endpoint=endpoint, field=field, times=how_often, error=latest.error),
        )


def _sent_again(seen: list[SeenExchange]) -> Iterator[tuple[tuple[str, str], SeenExchange]]:
    """Yield each refused call whose code the client knew to be spent, with endpoint and field."""
    spent: set[tuple[str, str, str]] = set()
    for each in seen:
        if each.endpoint is None:
            continue
        app = next((str(each.given.get(key, "")) for key in each.endpoint.types.app_keys), "")
        for field, refusal in _CODES.items():
            code = (app, field, str(each.given.get(field, "")))
            if not code[2] or field not in each.endpoint.types.credentials:
                continue
            if each.refusal == refusal and code in spent:
                yield (each.endpoint.full_name, field), each
            if each.refusal == refusal or each.exchange.verdict == "ok":
                spent.add(code)
