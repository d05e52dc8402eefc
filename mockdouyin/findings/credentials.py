"""Findings about how a client keeps its tokens and codes, seen over several exchanges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from mockdouyin.domain.tokens import OVERLAP
from mockdouyin.findings._table import Hit, SeenExchange, finding, grouped, times

_DEAD_TOKEN = ("expired_token", "invalid_token")
_DEAD_REFRESH = "bad_refresh_token"
_CONCURRENT = 1.0
"""Seconds within which requests may have been in flight together, unaware of each other."""


@finding(
    source="{doc} ({error})",
    fix="Fetch a new token when this one is refused, or before its expires_in is over.",
)
def stale_token(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A token is sent again after Douyin refused it: expired, killed by newer ones, or revoked."""
    for endpoint, group in grouped(_knowingly_sent(seen)).items():
        latest = group[-1]
        yield Hit(
            latest,
            f"{endpoint} was called {times(len(group))} with a token that had been refused before"
            f" ({latest.error})",
            _remedy(_refused_token(latest)),
        )


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


def _remedy(token: str) -> str:
    if token.startswith("rft."):
        return "Let the person consent again: a refresh_token that was refused stays dead."
    if token.startswith("act."):
        return "Refresh it by its refresh_token; where that is refused, let the person consent."
    return ""


class FetchedToken(NamedTuple):
    """A token that a client has fetched, and when its answer said it would expire."""

    token: str
    seen: SeenExchange
    until: float


@finding(
    source="{doc} (documented: a new token leaves the older one five minutes, the third kills"
    " the first; of app tokens the latter is assumed)",
    fix="Keep the token in one place that all processes read, and fetch the next one shortly"
    " before its expires_in is over; or take the stable token.",
)
def token_stampede(seen: list[SeenExchange]) -> Iterator[Hit]:
    """Three tokens of one app are fetched within five minutes, though each lives two hours."""
    for (app, kind), group in grouped(_needless(seen)).items():
        yield Hit(
            group[-1],
            f"app {app} fetched its {kind} token {times(len(group))} while it held two that were"
            " fetched within five minutes and lived; each time the oldest of them died",
        )


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
    return {"client_token": "client", "app_token": "app", "app_token_v1": "app"}.get(
        seen.called.name, ""
    )


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


@finding(
    source="{doc} ({error})",
    fix="Exchange a code once, and keep what it gave. After a refusal, ask for a new one:"
    " tt.login, or the consent page.",
)
def code_reused(seen: list[SeenExchange]) -> Iterator[Hit]:
    """A code is sent again after it was exchanged, or refused as bad."""
    for (endpoint, field), group in grouped(_sent_again(seen)).items():
        latest = group[-1]
        yield Hit(
            latest,
            f"{endpoint} was called {times(len(group))} with a {field} that had been sent before"
            f" ({latest.error})",
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
