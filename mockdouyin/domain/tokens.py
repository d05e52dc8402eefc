"""App tokens and client tokens: how they are issued and replaced, and which app holds one.

An *app token* is what /api/apps/token returns (toutiao hosts), a *client token* what
/oauth/client_token/ returns (open.douyin.com). A person's tokens are in `grants.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

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
from mockdouyin.core.scopes import TRIAL_SCOPES, holds, why_not_held
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.texts import NOTHING, Text
from mockdouyin.domain import texts
from mockdouyin.domain.rate_limits import limit_app

if TYPE_CHECKING:
    from mockdouyin.core.calls import Call
    from mockdouyin.core.world import WorldState

AppTokenKind = Literal["app", "client"]

LADDERS: dict[str, AppTokenKind] = {
    "client_token": "client",
    "app_token": "app",
    "app_token_v1": "app",
}
"""The kind of token by the name of each endpoint that issues another one with every call."""

OVERLAP = 5 * MINUTE
"""How long the older token stays valid when a new one is issued."""
TRIAL = 120 * DAY
"""How long an app may be on trial before it has to be released."""


class AppToken(Record, frozen=True):
    """A token of the app itself, of either kind, from its ladder or stable."""

    TABLE: ClassVar[str] = "AppToken"

    RETAIN = 30 * DAY

    kind: AppTokenKind
    app: str
    superseded: bool = False
    """Whether a newer token has cut its life; kept only to explain a refusal."""


class KilledToken(Record, frozen=True):
    """A token that a newer one ended, kept only to explain a refusal: one for each ladder."""

    TABLE: ClassVar[str] = "KilledToken"


class Ladder(Record, frozen=True):
    """An app's two newest tokens of one kind, and how many it has been issued."""

    TABLE: ClassVar[str] = "Ladder"

    count: int = 0
    current: str = ""
    previous: str = ""
    killed: str = ""
    """The token that the newest one ended, which has a `KilledToken`."""


def lifetime(world: WorldState, kind: AppTokenKind) -> float:
    """Return for how many seconds a new token of the kind is valid."""
    settings = world.settings
    return settings.client_token_lifetime if kind == "client" else settings.app_token_lifetime


def issue(world: WorldState, unit: Unit, app: App, kind: AppTokenKind) -> str:
    """Issue a token: the one before keeps five minutes, the one before that ends at once."""
    key = f"{kind} {app.client_key}"
    ladder = unit.read(Ladder, key) or Ladder()
    token = _make(world, kind, app, "ladder", ladder.count)
    expires = unit.now + lifetime(world, kind)
    unit.write(token, AppToken(kind=kind, app=app.client_key, expires=expires))
    if ladder.previous:
        unit.drop(AppToken, ladder.previous)
        unit.write(ladder.previous, KilledToken())
    if ladder.killed:
        unit.drop(KilledToken, ladder.killed)
    older = unit.find(AppToken, ladder.current)
    if older is not None:
        cut = min(older.expires, unit.now + OVERLAP)
        superseded = msgspec.structs.replace(older, expires=cut, superseded=True)
        unit.write(ladder.current, superseded)
    unit.write(key, Ladder(ladder.count + 1, token, ladder.current, ladder.previous))
    return token


class StableToken(Record, frozen=True):
    """An app's stable token: the same until it expires; the count outlives it."""

    TABLE: ClassVar[str] = "StableToken"

    RETAIN = FOREVER

    token: str
    count: int


def issue_stable(
    world: WorldState, unit: Unit, app: App, kind: AppTokenKind, *, force: bool = False
) -> tuple[str, int]:
    """Return the stable token and the seconds left to it; `force` ends it and issues another."""
    key = f"{kind} {app.client_key}"
    last = unit.find(StableToken, key)
    if last is not None and last.expires > unit.now and not force:
        return last.token, int(last.expires - unit.now)
    if last is not None and force:
        unit.drop(AppToken, last.token)
    count = last.count + 1 if last else 0
    token = _make(world, kind, app, "stable", count)
    expires = unit.now + lifetime(world, kind)
    unit.write(token, AppToken(kind=kind, app=app.client_key, expires=expires))
    unit.write(key, StableToken(token=token, count=count, expires=expires))
    return token, int(lifetime(world, kind))


def _make(world: WorldState, kind: AppTokenKind, app: App, series: str, count: int) -> str:
    if kind == "app":
        return world.ids.app_token(app.client_key, series, count)
    long = world.settings.token_style == "long"
    return world.ids.token("clt", app.client_key, series, count, long=long)


def app_of_token(call: Call[Any], kind: AppTokenKind, *, limited: bool = True) -> App:
    """Return the app whose valid token the call carries, or refuse the call.

    An app that is banned, lacks the endpoint's scope or is over its limits is refused as well.
    """
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
            raise DouyinError(expired, _why_expired(call, record))
    call.app = app
    check_ability(call, app)
    if limited:
        limit_app(call, app.client_key)
    return app


def holder_of(call: Call[Any], client_key: str) -> App:
    """Return the app that a token was issued to; the tokens of a removed app are invalid."""
    app = call.world.apps.get(client_key)
    if app is None:
        raise DouyinError("invalid_token", texts.TOKEN_OF_REMOVED_APP(app=client_key))
    return app


def is_trial_over(app: App, now: float) -> bool:
    """Whether a trial app was not released in time, for which Douyin bans it."""
    return app.trial and now >= app.trial_since + TRIAL


def why_no_tester(app: App, person: str, scopes: tuple[str, ...]) -> Text:
    """Return why a person who grants these scopes cannot use a trial app; NOTHING if they can."""
    if not app.trial:
        return NOTHING
    missing = [scope for scope in TRIAL_SCOPES if scope not in scopes]
    if missing:
        return texts.TRIAL_SCOPE_MISSING(app=app.name, scope=missing[0])
    if person and person not in app.testers:
        return texts.PERSON_NOT_A_TESTER(app=app.name, person=person)
    return NOTHING


def check_ability(call: Call[Any], app: App) -> None:
    """Refuse an app that is banned, or lacks the scope that the endpoint needs."""
    if app.banned and call.endpoint.find_case("app_banned"):
        raise DouyinError("app_banned", texts.APP_BANNED(app=app.name))
    if is_trial_over(app, call.now) and call.endpoint.find_case("trial_expired"):
        raise DouyinError("trial_expired", texts.APP_TRIAL_OVER(app=app.name))
    scope = call.endpoint.scope
    if not scope or holds(app.scopes, scope):
        return
    if not app.scopes and call.endpoint.find_case("no_ability"):
        raise DouyinError("no_ability", texts.APP_WITHOUT_SCOPES(app=app.name))
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


def why_absent(call: Call[Any], token: str) -> Text:
    """Return that a call carries no token, and the header that was sent in place of one."""
    stray = next(stray_tokens(call.request.headers, READ_HEADERS), "")
    if not stray:
        return texts.TOKEN_ABSENT(token=token)
    read = call.endpoint.token_headers[0]
    return texts.TOKEN_IN_OTHER_HEADER(token=token, sent=stray, read=read)


def _why_invalid(call: Call[Any], token: str, kind: AppTokenKind) -> Text:
    if call.unit.find(KilledToken, token) is not None:
        return texts.TOKEN_KILLED()
    # Nothing is said of a token that this world issued and no longer holds: it was replaced.
    why = why_unknown(call.world, call.unit, token, _KINDS[kind], NOTHING)
    return why or texts.TOKEN_REPLACED()


def _why_expired(call: Call[Any], token: AppToken) -> Text:
    ago = format_duration(int(call.now - token.expires))
    if token.superseded:
        return texts.TOKEN_SUPERSEDED(ago=ago)
    return texts.TOKEN_EXPIRED(ago=ago)
