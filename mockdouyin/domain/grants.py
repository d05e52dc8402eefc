"""What a person's consent gives: an auth code, and for it a user token and a refresh token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, format_duration
from mockdouyin.core.credentials import (
    GONE,
    CredentialKind,
    describe_value,
    is_admitted,
    stranger,
    why_no_code,
    why_unknown,
)
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.scopes import APP_SCOPES, holds
from mockdouyin.core.store import Record, Unit
from mockdouyin.core.webhooks import EmittedEvent, emit
from mockdouyin.domain.limits import limit_app
from mockdouyin.domain.tokens import AppToken, check_ability, holder_of, why_absent, why_no_tester

if TYPE_CHECKING:
    from mockdouyin.core.endpoint import Call
    from mockdouyin.core.world import WorldState

RENEWALS = 5
"""How often a refresh token can be renewed before the person must consent again."""


class AuthCode(Record, frozen=True):
    """A code from the consent page, to be exchanged once."""

    TABLE = "AuthCode"

    RETAIN = DAY

    app: str
    person: str
    scopes: tuple[str, ...]
    number: int
    used: bool = False


class Authorization(Record, frozen=True):
    """What a person has granted one app: how often, and up to which time it was revoked."""

    TABLE = "Authorization"

    first: float = 0.0
    """When they did so for the first time: data on them begin on the day after."""
    count: int = 0
    code: str = ""
    revoked: int = 0
    scopes: tuple[str, ...] = ()


class UserToken(Record, frozen=True):
    """A user token (act.…)."""

    TABLE = "UserToken"

    RETAIN = 30 * DAY

    app: str
    person: str
    scopes: tuple[str, ...]
    number: int
    """Which authorization it came from."""


class RefreshToken(Record, frozen=True):
    """A refresh token (rft.…), with the user token that it refreshes."""

    TABLE = "RefreshToken"

    RETAIN = 30 * DAY

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
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    scopes: tuple[str, ...],
    code: str = "",
) -> str:
    """Give the code of a new consent; the code of an earlier one, if unused, is void.

    A consent that was given elsewhere has its code already.
    """
    place = _place(app, person)
    before = unit.read(Authorization, place) or Authorization(first=unit.now)
    number = before.count + 1
    code = code or world.ids.auth_code(app.client_key, person, number)
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
    emit(world, unit, app, EmittedEvent(event="authorize", person=person, scopes=given))
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
    emit(world, unit, app, EmittedEvent(event="unauthorize", person=person, scopes=held.scopes))
    return held


def _is_revoked(unit: Unit, app: App, person: str, number: int) -> bool:
    held = unit.read(Authorization, _place(app, person))
    return held is not None and number <= held.revoked


def exchange_code(call: Call[Any], app: App, code: str) -> Grant:
    """Exchange a consent's code for tokens, once."""
    unit, world = call.unit, call.world
    found = unit.find(AuthCode, code)
    if (found is None or found.expires < call.now) and is_admitted(
        call, code, CredentialKind.AUTH_CODE
    ):
        found = _welcome(call, app, code)
    if found is None:
        raise DouyinError("bad_code", why_no_code(call, code, CredentialKind.AUTH_CODE, _VOID))
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


_VOID = (
    "the code is void: a newer consent of the same person replaced it, it was revoked, or it"
    " ended long ago"
)


def _welcome(call: Call[Any], app: App, code: str) -> AuthCode | None:
    """Let in the code of a consent that was given elsewhere: to all that the app may ask for."""
    person = stranger(call.world, code)
    authorize(call.world, call.unit, app, person, granted(app.scopes), code)
    return call.unit.find(AuthCode, code)


def _long(world: WorldState) -> bool:
    return world.settings.token_style == "long"


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
        other = f"it was given to another app, {found.app!r}" if found is not None else ""
        why = other or _why_no_refresh(call, token)
        raise DouyinError("bad_refresh_token", why)
    call.person = found.person
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        raise DouyinError("bad_refresh_token", f"the refresh_token expired {ago} ago")
    if _is_revoked(call.unit, app, found.person, found.number):
        raise DouyinError("bad_refresh_token", f"{found.person} has revoked the authorization")
    return found


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
    check_open_id(call, app, token.person)
    return app, token.person


def check_open_id(call: Call[Any], app: App, person: str) -> None:
    """Refuse a call whose open_id is not that of the person whose token it carries."""
    call.need("bad_params", "open_id")
    sent, open_id = call.fields.open_id, call.world.people.open_id(app, person)
    if sent != open_id:
        other = describe_value(call.world, call.unit, sent)
        why = f"the token is of open_id {open_id!r}, which is {person}'s"
        raise DouyinError(
            "token_mismatch", f"{why}; of the one that was sent: {other}" if other else why
        )


def user_of_token(call: Call[Any]) -> tuple[App, UserToken]:
    """Give the app and the grant of the user token that the call carries, if it lives."""
    record = call.unit.find(UserToken, call.token) if call.token else None
    if record is None:
        raise DouyinError("invalid_token", _why_no_user_token(call))
    app = holder_of(call, record.app)
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
        granted_ones = ", ".join(record.scopes) or "nothing"
        why = f"{record.person} did not grant {scope}: the token is for {granted_ones}"
        raise DouyinError("not_granted", why)
    limit_app(call, app.client_key)
    return app, record


def _why_no_refresh(call: Call[Any], token: str) -> str:
    gone = "it was renewed since: only the newest refresh_token is good"
    return why_unknown(call.world, call.unit, token, CredentialKind.REFRESH_TOKEN, gone)


def _why_no_user_token(call: Call[Any]) -> str:
    if not call.token:
        return why_absent(call, "access_token")
    return why_unknown(call.world, call.unit, call.token, CredentialKind.USER_TOKEN, GONE)


def app_of_any_token(call: Call[Any]) -> App | None:
    """Return the app whose token a call carries, the app's own or a person's, living or dead."""
    held = call.unit.find(AppToken, call.token) or call.unit.find(UserToken, call.token)
    if held is not None:
        return call.world.apps.get(held.app)
    apps = call.world.apps.values()
    return next((app for app in apps if call.token == app.authorizer_token), None)
