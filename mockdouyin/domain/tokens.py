"""App tokens and client tokens: the ladders that they are issued on, and who holds one.

An *app token* is what /api/apps/token gives (toutiao hosts), a *client token* what
/oauth/client_token/ gives (open.douyin.com). A person's tokens are in `grants.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, MINUTE, format_duration
from mockdouyin.core.credentials import (
    READ_HEADERS,
    CredentialKind,
    stray_tokens,
    why_other_kind,
    why_unknown,
)
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import world_tag
from mockdouyin.core.scopes import TRIAL_SCOPES, holds, why_not_held
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.domain.limits import limit_app

if TYPE_CHECKING:
    from mockdouyin.core.endpoint import Call
    from mockdouyin.core.world import WorldState

AppTokenKind = Literal["app", "client"]

OVERLAP = 5 * MINUTE
"""What is left to the older token when a new one is issued."""
TRIAL = 120 * DAY
"""How long an app may be on trial before it must be released."""


class AppToken(Record, frozen=True):
    """A token of the app itself, of either kind, from its ladder or stable."""

    TABLE = "AppToken"

    RETAIN = 30 * DAY

    kind: AppTokenKind
    app: str


class Ladder(Record, frozen=True):
    """The two newest tokens of one kind that an app holds, and how many it ever had."""

    TABLE = "Ladder"

    count: int = 0
    current: str = ""
    previous: str = ""
    killed: str = ""
    """The token that the newest one killed; kept only to explain."""


def lifetime(world: WorldState, kind: AppTokenKind) -> float:
    """Give the seconds that a new token of the kind lives."""
    settings = world.settings
    return settings.client_token_lifetime if kind == "client" else settings.app_token_lifetime


def issue(world: WorldState, unit: Unit, app: App, kind: AppTokenKind) -> str:
    """Issue a token: the one before keeps five minutes, and the one before that dies at once."""
    place = f"{kind} {app.client_key}"
    ladder = unit.read(Ladder, place) or Ladder()
    token = _make(world, kind, app, "ladder", ladder.count)
    expires = unit.now + lifetime(world, kind)
    unit.write(token, AppToken(kind=kind, app=app.client_key, expires=expires))
    if ladder.previous:
        unit.drop(AppToken, ladder.previous)
    older = unit.read(AppToken, ladder.current)
    if older is not None:
        cut = min(older.expires, unit.now + OVERLAP)
        unit.write(ladder.current, msgspec.structs.replace(older, expires=cut))
    unit.write(place, Ladder(ladder.count + 1, token, ladder.current, ladder.previous))
    return token


class StableToken(Record, frozen=True):
    """The stable token of an app, the same until it expires; its count outlives it."""

    TABLE = "StableToken"

    RETAIN = FOREVER

    token: str
    count: int


def issue_stable(
    world: WorldState, unit: Unit, app: App, kind: AppTokenKind, *, force: bool = False
) -> tuple[str, int]:
    """Give the stable token and the seconds left to it; `force` replaces it and kills it."""
    place = f"{kind} {app.client_key}"
    last = unit.find(StableToken, place)
    if last is not None and last.expires > unit.now and not force:
        return last.token, int(last.expires - unit.now)
    if last is not None and force:
        unit.drop(AppToken, last.token)
    count = last.count + 1 if last else 0
    token = _make(world, kind, app, "stable", count)
    expires = unit.now + lifetime(world, kind)
    unit.write(token, AppToken(kind=kind, app=app.client_key, expires=expires))
    unit.write(place, StableToken(token=token, count=count, expires=expires))
    return token, int(lifetime(world, kind))


def _make(world: WorldState, kind: AppTokenKind, app: App, line: str, count: int) -> str:
    if kind == "app":
        return world.ids.app_token(app.client_key, line, count)
    long = world.settings.token_style == "long"
    return world.ids.token("clt", app.client_key, line, count, long=long)


def app_of_token(call: Call[Any], kind: AppTokenKind, *, limited: bool = True) -> App:
    """Give the app whose token the call carries, if it lives and the app has the ability."""
    token = call.token
    if not token:
        absent = "nil_token" if call.endpoint.find_case("nil_token") else "invalid_token"
        raise DouyinError(absent, why_absent(call, f"{kind} token"))
    record = call.unit.find(AppToken, token)
    if record is None:
        authorized = _authorized(call, token) if kind == "client" else None
        if authorized is None:
            raise DouyinError("invalid_token", _why_invalid(call, token, kind))
        app = authorized
    else:
        app = holder_of(call, record.app)
        if record.kind != kind:
            why = why_other_kind(call.world, call.unit, token, _KINDS[kind])
            raise DouyinError("invalid_token", why)
        if record.expires <= call.now:
            expired = (
                "expired_token" if call.endpoint.find_case("expired_token") else "invalid_token"
            )
            raise DouyinError(expired, _why_expired(call, token, record.expires))
    call.app = app
    check_ability(call, app)
    if limited:
        limit_app(call, app.client_key)
    return app


def holder_of(call: Call[Any], client_key: str) -> App:
    """Give the app that a token was issued to; one that is gone leaves its tokens invalid."""
    app = call.world.apps.get(client_key)
    if app is None:
        raise DouyinError("invalid_token", f"its app {client_key!r} is no more")
    return app


def is_trial_over(app: App, now: float) -> bool:
    """Whether a trial app was not released in time, and is banned for it."""
    return app.trial and now >= app.trial_since + TRIAL


def why_no_tester(app: App, person: str, scopes: tuple[str, ...]) -> str:
    """Say why a trial app has no tester in this person, who grants these scopes; else nothing."""
    if not app.trial:
        return ""
    missing = [scope for scope in TRIAL_SCOPES if scope not in scopes]
    if missing:
        return f"app {app.name!r} is on trial, and {missing[0]} is not among the scopes"
    if person and person not in app.testers:
        return f"app {app.name!r} is on trial, and {person} is not on its white list"
    return ""


def check_ability(call: Call[Any], app: App) -> None:
    """Refuse an app that was taken offline, or lacks the scope that the endpoint needs."""
    if app.banned and call.endpoint.find_case("app_banned"):
        raise DouyinError("app_banned", f"app {app.name!r} is set to banned")
    if is_trial_over(app, call.now) and call.endpoint.find_case("trial_expired"):
        raise DouyinError("trial_expired", f"app {app.name!r} was not released within 120 days")
    scope = call.endpoint.scope
    if not scope or holds(app.scopes, scope):
        return
    if not app.scopes and call.endpoint.find_case("no_ability"):
        raise DouyinError("no_ability", f"app {app.name!r} has no scope at all")
    raise DouyinError("no_scope", why_not_held(app.name, app.scopes, scope))


def _authorized(call: Call[Any], token: str) -> App | None:
    for app in call.world.apps.values():
        if token == app.authorizer_token:
            return app
    return None


_KINDS: dict[AppTokenKind, CredentialKind] = {
    "app": CredentialKind.APP_TOKEN,
    "client": CredentialKind.CLIENT_TOKEN,
}


def why_absent(call: Call[Any], token: str) -> str:
    """Say that a call carries no token, and which header was sent in place of one."""
    why = f"there is no {token} in header, query or body"
    stray = next(stray_tokens(call.request.headers, READ_HEADERS), "")
    if not stray:
        return why
    return f"{why}: the header {stray} is not read, {call.endpoint.token_headers[0]} is"


def _why_invalid(call: Call[Any], token: str, kind: AppTokenKind) -> str:
    gone = "it was issued here, but newer tokens have replaced it"
    if world_tag(token) == call.world.ids.tag:
        for _, ladder in call.unit.scan(Ladder):
            if ladder.killed == token:
                return "two newer tokens were issued since, and the second killed it"
    return why_unknown(call.world, call.unit, token, _KINDS[kind], gone)


def _why_expired(call: Call[Any], token: str, expires: float) -> str:
    ago = format_duration(int(call.now - expires))
    for _, ladder in call.unit.scan(Ladder):
        if ladder.previous == token:
            return f"a newer token was issued, which left this one 5m; they ended {ago} ago"
    return f"it expired {ago} ago"
