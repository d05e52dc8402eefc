"""What a person's consent leads to: an auth code, then a user token and a refresh token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import format_duration
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
from mockdouyin.core.links import Link
from mockdouyin.core.scopes import APP_SCOPES, holds, is_business
from mockdouyin.core.store import Unit
from mockdouyin.core.texts import NOTHING, Text, TextTemplate
from mockdouyin.core.webhooks import emit
from mockdouyin.domain import texts
from mockdouyin.domain._grant_records import AuthCode as AuthCode
from mockdouyin.domain._grant_records import Authorization as Authorization
from mockdouyin.domain._grant_records import BusinessToken as BusinessToken
from mockdouyin.domain._grant_records import Grant as Grant
from mockdouyin.domain._grant_records import OfConsent as OfConsent
from mockdouyin.domain._grant_records import RefreshToken as RefreshToken
from mockdouyin.domain._grant_records import UserToken as UserToken
from mockdouyin.domain.rate_limits import limit_app
from mockdouyin.domain.tokens import check_ability, holder_of, why_absent, why_no_tester

if TYPE_CHECKING:
    from mockdouyin.core.calls import Call
    from mockdouyin.core.world import WorldState

RENEWALS = 5
"""How often a refresh token can be renewed before the person has to consent again."""


def _key(app: App, person: str) -> str:
    return f"{app.client_key} {person}"


def authorize(
    world: WorldState,
    unit: Unit,
    app: App,
    person: str,
    scopes: tuple[str, ...],
    code: str = "",
) -> str:
    """Record a consent and return its code; the code of the consent before, if unused, is void.

    A consent that was given elsewhere has its code already.
    """
    key = _key(app, person)
    before = unit.read(Authorization, key) or Authorization(first=unit.now)
    number = before.count + 1
    code = code or world.ids.auth_code(app.client_key, person, number)
    if before.code:
        unit.drop(AuthCode, before.code)
    record = AuthCode(
        app=app.client_key,
        person=person,
        scopes=scopes,
        number=number,
        expires=unit.now + world.settings.auth_code_lifetime,
    )
    unit.write(code, record)
    unit.link(record.link)
    given = granted(scopes)
    relation = tuple(filter(is_business, given))
    authorization = msgspec.structs.replace(
        before,
        count=number,
        code=code,
        scopes=given,
        newest=unit.now,
        business=tuple(dict.fromkeys((*before.business, *relation))),
    )
    unit.write(key, authorization)
    emit(world, unit, app, "authorize", person, scopes=given)
    if relation:
        emit(world, unit, app, "contract_authorize", person, scopes=relation)
    return code


def granted(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the scopes that a person can grant, each once, without those of the app alone."""
    return tuple(dict.fromkeys(scope for scope in scopes if scope not in APP_SCOPES))


def revoke(world: WorldState, unit: Unit, app: App, person: str) -> Authorization | None:
    """Revoke what a person granted an app: all codes and tokens of it are invalid at once."""
    key = _key(app, person)
    authorization = unit.read(Authorization, key)
    if authorization is None or authorization.revoked >= authorization.count:
        return None
    unit.drop(AuthCode, authorization.code)
    unit.link(Link("grant", app.client_key, person, authorization.count))
    void = {"revoked": authorization.count, "code": "", "business": ()}
    unit.write(key, msgspec.structs.replace(authorization, **void))
    emit(world, unit, app, "unauthorize", person, scopes=authorization.scopes)
    if authorization.business:
        emit(world, unit, app, "contract_unauthorize", person, scopes=authorization.business)
    return authorization


def exchange_code(call: Call[Any], app: App, code: str) -> Grant:
    """Exchange the code of a consent for tokens; it works once."""
    unit, world = call.unit, call.world
    found = unit.find(AuthCode, code)
    if (found is None or found.expires < call.now) and is_admitted(
        call, code, CredentialKind.AUTH_CODE
    ):
        found = _admit(call, app, code)
    if found is None:
        raise DouyinError("bad_code", _why_no_code(call, code))
    unit.link(found.link)
    if found.app != app.client_key:
        raise DouyinError("wrong_client_key", texts.CODE_OF_OTHER_APP(app=found.app))
    call.person = found.person
    if found.used:
        raise DouyinError("bad_code", texts.CODE_EXCHANGED())
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        life = format_duration(world.settings.auth_code_lifetime)
        raise DouyinError("bad_code", texts.CODE_EXPIRED(ago=ago, life=life))
    unit.write(code, msgspec.structs.replace(found, used=True))
    purpose = (app.client_key, found.person, found.number)
    scopes = granted(found.scopes)
    token = _user_token(world, unit, app, found.person, scopes, found.number, 0)
    refresh = world.ids.token("rft", *purpose, 0, long=_has_long_tokens(world))
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


def _why_no_code(call: Call[Any], code: str) -> Text:
    # Nothing is said of a code that this world issued and no longer holds: there it is void.
    return why_no_code(call, code, CredentialKind.AUTH_CODE, NOTHING) or texts.CODE_VOID()


def _admit(call: Call[Any], app: App, code: str) -> AuthCode | None:
    """Accept the code of a consent given elsewhere; it grants all that the app may ask for."""
    person = stranger(call.world, code)
    authorize(call.world, call.unit, app, person, granted(app.scopes), code)
    return call.unit.find(AuthCode, code)


def _has_long_tokens(world: WorldState) -> bool:
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
    token = world.ids.token(
        "act", app.client_key, person, number, issued, long=_has_long_tokens(world)
    )
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


def _valid_refresh_token(call: Call[Any], app: App, token: str) -> RefreshToken:
    found = call.unit.find(RefreshToken, token)
    if found is None:
        raise DouyinError("bad_refresh_token", _why_no_refresh_token(call, token))
    call.unit.link(found.link)
    if found.app != app.client_key:
        raise DouyinError("bad_refresh_token", texts.REFRESH_TOKEN_OF_OTHER_APP(app=found.app))
    call.person = found.person
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        raise DouyinError("bad_refresh_token", texts.REFRESH_TOKEN_EXPIRED(ago=ago))
    if found.is_revoked(call.unit):
        raise DouyinError("bad_refresh_token", texts.AUTHORIZATION_REVOKED(person=found.person))
    return found


def refresh(call: Call[Any], app: App, token: str) -> Grant:
    """Refresh: return the same user token with 15 new days while it is valid, else a new one."""
    current = _valid_refresh_token(call, app, token)
    unit, settings = call.unit, call.world.settings
    user = unit.read(UserToken, current.user_token)
    if user is not None:
        until = call.now + settings.user_token_lifetime
        unit.write(current.user_token, msgspec.structs.replace(user, expires=until))
    else:
        issued = current.issued + 1
        new = _user_token(
            call.world, unit, app, current.person, current.scopes, current.number, issued
        )
        current = msgspec.structs.replace(current, user_token=new, issued=issued)
    if settings.refresh_prolongs:
        until = call.now + settings.refresh_token_lifetime
        current = msgspec.structs.replace(current, expires=until)
    unit.write(token, current)
    return _grant(call, app, current.user_token, token, current)


def renew(call: Call[Any], app: App, token: str) -> tuple[str, float]:
    """Replace a refresh token by a new one of 30 days; this works five times."""
    current = _valid_refresh_token(call, app, token)
    if current.renewals >= RENEWALS:
        raise DouyinError("renewals_used_up", texts.RENEWALS_USED_UP(count=RENEWALS))
    until = call.now + call.world.settings.refresh_token_lifetime
    renewed = msgspec.structs.replace(current, renewals=current.renewals + 1, expires=until)
    purpose = (app.client_key, current.person, current.number, renewed.renewals)
    new = call.world.ids.token("rft", *purpose, long=_has_long_tokens(call.world))
    call.unit.drop(RefreshToken, token)
    call.unit.write(new, renewed)
    return new, renewed.expires


def first_granted(unit: Unit, app: App, person: str) -> float:
    """Return when the person first granted the app anything; now, if never."""
    authorization = unit.read(Authorization, _key(app, person))
    return authorization.first if authorization is not None else unit.now


def person_of_call(call: Call[Any]) -> tuple[App, str]:
    """Return the app and the person of a call that carries a user token and an open_id."""
    app, token = user_of_token(call)
    check_open_id(call, app, token.person)
    return app, token.person


def check_open_id(call: Call[Any], app: App, person: str) -> None:
    """Refuse a call whose open_id is not that of the person whose token it carries."""
    call.need("bad_params", "open_id")
    sent, open_id = call.fields.open_id, call.world.people.open_id(app, person)
    if sent != open_id:
        known = describe_value(call.world, call.unit, sent)
        why = texts.OPEN_ID_MISMATCH(open_id=open_id, person=person)
        if known:
            why = texts.OPEN_ID_MISMATCH_KNOWN(open_id=open_id, person=person, sent=known)
        raise DouyinError("token_mismatch", why)


def user_of_token(call: Call[Any]) -> tuple[App, UserToken | BusinessToken]:
    """Return the app and the record of the valid user token of a call, or refuse the call.

    A biz_token is as good where it is for the scope's `.bind` twin.
    """
    if not call.token:
        raise DouyinError("invalid_token", why_no_token(call, CredentialKind.USER_TOKEN))
    user = call.unit.find(UserToken, call.token)
    if user is not None:
        return check_granted(call, user, texts.USER_TOKEN_EXPIRED), user
    business = call.unit.find(BusinessToken, call.token)
    if business is None or f"{call.endpoint.scope}.bind" not in business.scopes:
        raise DouyinError("invalid_token", why_no_token(call, CredentialKind.USER_TOKEN))
    return check_granted(call, business, texts.BUSINESS_TOKEN_EXPIRED), business


def check_granted(call: Call[Any], record: OfConsent, expired: TextTemplate) -> App:
    """Return the app of a person's token, or refuse the call: it is over, or not for this."""
    app = holder_of(call, record.app)
    call.app, call.person = app, record.person
    call.unit.link(record.link)
    if record.is_revoked(call.unit):
        raise DouyinError("invalid_token", texts.AUTHORIZATION_REVOKED(person=record.person))
    if record.expires <= call.now:
        ago = format_duration(int(call.now - record.expires))
        raise DouyinError("expired_token", expired(ago=ago))
    check_ability(call, app)
    why = why_no_tester(app, record.person, record.scopes)
    if why and call.endpoint.find_case("not_a_tester"):
        raise DouyinError("not_a_tester", why)
    scope = call.endpoint.scope
    is_granted = not scope or scope in APP_SCOPES or holds(record.scopes, scope)
    if not is_granted and call.endpoint.find_case("not_granted"):
        scopes = list(record.scopes) or texts.EMPTY_LIST()
        why = texts.SCOPE_NOT_GRANTED(person=record.person, scope=scope, granted=scopes)
        raise DouyinError("not_granted", why)
    limit_app(call, app.client_key)
    return app


def _why_no_refresh_token(call: Call[Any], token: str) -> Text:
    # Nothing is said of a token that this world issued and no longer holds: it was renewed.
    kind = CredentialKind.REFRESH_TOKEN
    why = why_unknown(call.world, call.unit, token, kind, NOTHING)
    return why or texts.REFRESH_TOKEN_RENEWED()


def why_no_token(call: Call[Any], wanted: CredentialKind) -> Text:
    """Explain why the token of a call is not a person's token of the wanted kind."""
    if not call.token:
        return why_absent(call, "access_token")
    return why_unknown(call.world, call.unit, call.token, wanted, GONE)
