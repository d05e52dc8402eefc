"""App tokens and client tokens, their ladders, and what a person's consent gives: user tokens.

Wire names differ: an *app token* is what /api/apps/token gives (toutiao hosts), a *client token*
what /oauth/client_token/ gives (open.douyin.com); a *user token* comes with a person's consent,
and a *refresh token* with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec

from mockdouyin.core.apps import APP_SCOPES, TRIAL_SCOPES, App, holds
from mockdouyin.core.clock import DAY, MINUTE, format_duration
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.ids import world_tag
from mockdouyin.core.limits import limit_app
from mockdouyin.core.store import FOREVER, Record, Unit
from mockdouyin.core.webhooks import Happened, emit

if TYPE_CHECKING:
    from mockdouyin.core.endpoint import Call
    from mockdouyin.core.world import WorldState

AppTokenKind = Literal["app", "client"]

OVERLAP = 5 * MINUTE
"""What is left to the older token when a new one is issued."""
RENEWALS = 5
TRIAL = 120 * DAY
"""How long an app may be on trial before it must be released."""


class AppToken(Record, frozen=True):
    """A token of the app itself, of either kind, from its ladder or stable."""

    KEEP = 30 * DAY

    kind: AppTokenKind
    app: str


class Ladder(Record, frozen=True):
    """The two newest tokens of one kind that an app holds, and how many it ever had."""

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

    KEEP = FOREVER

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
        raise DouyinError(absent, f"there is no {kind} token in header, query or body")
    record = call.unit.find(AppToken, token)
    if record is None:
        authorized = _authorized(call, token) if kind == "client" else None
        if authorized is None:
            raise DouyinError("invalid_token", _why_invalid(call, token, kind))
        app = authorized
    else:
        app = _holder(call, record.app)
        if record.kind != kind:
            raise DouyinError("invalid_token", f"it is a {record.kind} token, not a {kind} token")
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


def _holder(call: Call[Any], client_key: str) -> App:
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
    raise DouyinError("no_scope", f"app {app.name!r} lacks the scope {scope}")


def _authorized(call: Call[Any], token: str) -> App | None:
    for app in call.world.apps.values():
        if token == app.authorizer_token:
            return app
    return None


def _why_invalid(call: Call[Any], token: str, kind: str) -> str:
    if token.startswith(("act.", "rft.")):
        return f"it is a person's token, where a {kind} token of the app is needed"
    if world_tag(token) != call.world.ids.tag:
        return f"it was not issued by world {call.world.name!r}"
    for _, ladder in call.unit.scan(Ladder):
        if ladder.killed == token:
            return "two newer tokens were issued since, and the second killed it"
    return "it was issued here, but newer tokens have replaced it"


def _why_expired(call: Call[Any], token: str, expires: float) -> str:
    ago = format_duration(int(call.now - expires))
    for _, ladder in call.unit.scan(Ladder):
        if ladder.previous == token:
            return f"a newer token was issued, which left this one 5m; they ended {ago} ago"
    return f"it expired {ago} ago"


# What a person's consent gives.


class AuthCode(Record, frozen=True):
    """A code from the consent page, to be exchanged once."""

    KEEP = DAY

    app: str
    person: str
    scopes: tuple[str, ...]
    number: int
    used: bool = False


class Authorization(Record, frozen=True):
    """What a person has granted one app: how often, and up to which time it was revoked."""

    first: float = 0.0
    """When they did so for the first time: data on them begin on the day after."""
    count: int = 0
    code: str = ""
    revoked: int = 0
    scopes: tuple[str, ...] = ()


class UserToken(Record, frozen=True):
    """A user token (act.…)."""

    KEEP = 30 * DAY

    app: str
    person: str
    scopes: tuple[str, ...]
    number: int
    """Which authorization it came from."""


class RefreshToken(Record, frozen=True):
    """A refresh token (rft.…), with the user token that it refreshes."""

    KEEP = 30 * DAY

    app: str
    person: str
    scopes: tuple[str, ...]
    number: int
    user_token: str
    issued: int = 0
    """User tokens that this line of refresh tokens gave after its first."""
    renewals: int = 0


class Grant(msgspec.Struct, frozen=True):
    """What the exchange of a code or a refresh gives."""

    user_token: str
    expires: float
    refresh_token: str
    refresh_expires: float
    open_id: str
    scopes: tuple[str, ...]


def _place(app: App, person: str) -> str:
    return f"{app.client_key} {person}"


def authorize(
    world: WorldState, unit: Unit, app: App, person: str, scopes: tuple[str, ...]
) -> str:
    """Give the code of a new consent; the code of an earlier one, if unused, is void."""
    place = _place(app, person)
    before = unit.read(Authorization, place) or Authorization(first=unit.now)
    number = before.count + 1
    code = world.ids.auth_code(app.client_key, person, number)
    if before.code:
        unit.drop(AuthCode, before.code)
    made = AuthCode(
        app=app.client_key,
        person=person,
        scopes=scopes,
        number=number,
        expires=unit.now + world.settings.auth_code_lifetime,
    )
    unit.write(code, made)
    given = granted(scopes)
    unit.write(place, msgspec.structs.replace(before, count=number, code=code, scopes=given))
    emit(world, unit, app, Happened(event="authorize", person=person, scopes=given))
    return code


def granted(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Give the scopes that a person grants: those of the app alone are left out, and twins."""
    return tuple(dict.fromkeys(scope for scope in scopes if scope not in APP_SCOPES))


def revoke(world: WorldState, unit: Unit, app: App, person: str) -> Authorization | None:
    """Take back what a person granted: every code and token of it is dead at once."""
    place = _place(app, person)
    held = unit.read(Authorization, place)
    if held is None or held.revoked >= held.count:
        return None
    unit.drop(AuthCode, held.code)
    unit.write(place, msgspec.structs.replace(held, revoked=held.count, code=""))
    emit(world, unit, app, Happened(event="unauthorize", person=person, scopes=held.scopes))
    return held


def _is_revoked(unit: Unit, app: App, person: str, number: int) -> bool:
    held = unit.read(Authorization, _place(app, person))
    return held is not None and number <= held.revoked


def exchange_code(call: Call[Any], app: App, code: str) -> Grant:
    """Exchange a consent's code for tokens, once."""
    unit, world = call.unit, call.world
    found = unit.find(AuthCode, code)
    if found is None:
        raise DouyinError("bad_code", _why_no_code(call, code))
    if found.app != app.client_key:
        raise DouyinError("wrong_client_key", f"the code was given to {found.app!r}")
    call.person = found.person
    if found.used:
        raise DouyinError("bad_code", "the code was already exchanged; it works once")
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        life = format_duration(world.settings.auth_code_lifetime)
        raise DouyinError("bad_code", f"the code expired {ago} ago; it lives {life}")
    unit.write(code, msgspec.structs.replace(found, used=True))
    line = (app.client_key, found.person, found.number)
    scopes = granted(found.scopes)
    token = _user_token(world, unit, app, found.person, scopes, found.number, 0)
    refresh = world.ids.token("rft", *line, 0, long=_long(world))
    record = RefreshToken(
        app=app.client_key,
        person=found.person,
        scopes=scopes,
        number=found.number,
        user_token=token,
        expires=call.now + world.settings.refresh_token_lifetime,
    )
    unit.write(refresh, record)
    return _grant(call, app, token, refresh, record)


def _long(world: WorldState) -> bool:
    return world.settings.token_style == "long"


def _why_no_code(call: Call[Any], code: str) -> str:
    if world_tag(code) != call.world.ids.tag:
        return f"the code was not issued by world {call.world.name!r}"
    return "the code is void: a newer consent of the same person replaced it, or it was revoked"


def _user_token(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    scopes: tuple[str, ...],
    number: int,
    issued: int,
) -> str:
    token = world.ids.token("act", app.client_key, person, number, issued, long=_long(world))
    record = UserToken(
        app=app.client_key,
        person=person,
        scopes=scopes,
        number=number,
        expires=unit.now + world.settings.user_token_lifetime,
    )
    unit.write(token, record)
    return token


def _grant(call: Call[Any], app: App, token: str, refresh: str, record: RefreshToken) -> Grant:
    return Grant(
        token,
        call.now + call.world.settings.user_token_lifetime,
        refresh,
        record.expires,
        call.world.people.open_id(app, record.person),
        record.scopes,
    )


def _living_refresh(call: Call[Any], app: App, token: str) -> RefreshToken:
    found = call.unit.find(RefreshToken, token)
    if found is None or found.app != app.client_key:
        why = "it was given to another app" if found else _why_no_refresh(call, token)
        raise DouyinError("bad_refresh_token", why)
    call.person = found.person
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        raise DouyinError("bad_refresh_token", f"the refresh_token expired {ago} ago")
    if _is_revoked(call.unit, app, found.person, found.number):
        raise DouyinError("bad_refresh_token", f"{found.person} has revoked the authorization")
    return found


def _why_no_refresh(call: Call[Any], token: str) -> str:
    if not token.startswith("rft."):
        return "it is no refresh_token: those begin with rft."
    if world_tag(token) != call.world.ids.tag:
        return f"it was not issued by world {call.world.name!r}"
    return "it was renewed since: only the newest refresh_token is good"


def refresh(call: Call[Any], app: App, token: str) -> Grant:
    """Refresh: the same user token with 15 new days while it lives, else a new one."""
    held = _living_refresh(call, app, token)
    unit, settings = call.unit, call.world.settings
    user = unit.read(UserToken, held.user_token)
    if user is not None:
        until = call.now + settings.user_token_lifetime
        unit.write(held.user_token, msgspec.structs.replace(user, expires=until))
    else:
        issued = held.issued + 1
        fresh = _user_token(call.world, unit, app, held.person, held.scopes, held.number, issued)
        held = msgspec.structs.replace(held, user_token=fresh, issued=issued)
    if settings.refresh_prolongs:
        until = call.now + settings.refresh_token_lifetime
        held = msgspec.structs.replace(held, expires=until)
    unit.write(token, held)
    return _grant(call, app, held.user_token, token, held)


def renew(call: Call[Any], app: App, token: str) -> tuple[str, float]:
    """Give a new refresh token of 30 days in place of the old one, five times at most."""
    held = _living_refresh(call, app, token)
    if held.renewals >= RENEWALS:
        raise DouyinError("renewals_used_up", f"it was renewed {RENEWALS} times already")
    until = call.now + call.world.settings.refresh_token_lifetime
    again = msgspec.structs.replace(held, renewals=held.renewals + 1, expires=until)
    line = (app.client_key, held.person, held.number, again.renewals)
    fresh = call.world.ids.token("rft", *line, long=_long(call.world))
    call.unit.drop(RefreshToken, token)
    call.unit.write(fresh, again)
    return fresh, again.expires


def first_granted(unit: Unit, app: App, person: str) -> float:
    """Give the moment at which the person granted the app anything for the first time."""
    held = unit.read(Authorization, _place(app, person))
    return held.first if held is not None else unit.now


def person_of_call(call: Call[Any]) -> tuple[App, str]:
    """Give the app and the person of a call that carries a user token and their open_id."""
    app, token = user_of_token(call)
    call.need("bad_params", "open_id")
    open_id = call.world.people.open_id(app, token.person)
    if call.fields.open_id != open_id:
        raise DouyinError("token_mismatch", f"the token is of open_id {open_id!r}")
    return app, token.person


def user_of_token(call: Call[Any]) -> tuple[App, UserToken]:
    """Give the app and the grant of the user token that the call carries, if it lives."""
    record = call.unit.find(UserToken, call.token) if call.token else None
    if record is None:
        raise DouyinError("invalid_token", _why_no_user_token(call))
    app = _holder(call, record.app)
    call.app, call.person = app, record.person
    if _is_revoked(call.unit, app, record.person, record.number):
        raise DouyinError("invalid_token", f"{record.person} has revoked the authorization")
    if record.expires <= call.now:
        ago = format_duration(int(call.now - record.expires))
        raise DouyinError("expired_token", f"it expired {ago} ago; refresh it")
    check_ability(call, app)
    stranger = why_no_tester(app, record.person, record.scopes)
    if stranger and call.endpoint.find_case("not_a_tester"):
        raise DouyinError("not_a_tester", stranger)
    scope = call.endpoint.scope
    if scope and not holds(record.scopes, scope) and call.endpoint.find_case("not_granted"):
        raise DouyinError("not_granted", f"{record.person} did not grant {scope}")
    limit_app(call, app.client_key)
    return app, record


def _why_no_user_token(call: Call[Any]) -> str:
    if not call.token:
        return "there is no access_token in header, query or body"
    if call.token.startswith("clt."):
        return "it is the app's client token, where a person's token is needed"
    if world_tag(call.token) != call.world.ids.tag:
        return f"it was not issued by world {call.world.name!r}"
    return "it is no user token of this world"
