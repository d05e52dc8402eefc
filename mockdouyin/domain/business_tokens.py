"""Business tokens (经营授权): what an app may do for a person who runs a business with it.

A person grants the scopes of a business relation, `*.bind` and `*_bc`, as they grant others. From
then on the app asks for a biz_token by its secret and the person's open_id, without a code.
What a biz_token is stands in `grants.py`, since calls that take a user token may take one too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, format_duration
from mockdouyin.core.credentials import GONE, CredentialKind, why_unknown
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.store import FOREVER, Record
from mockdouyin.domain import texts
from mockdouyin.domain.grants import (
    Authorization,
    BusinessToken,
    OfConsent,
    check_granted,
    check_open_id,
    why_no_token,
)

if TYPE_CHECKING:
    from mockdouyin.core.calls import Call

LIFETIME = 30 * DAY
REFRESH_LIFETIME = 36_500 * DAY


class BusinessRefreshToken(OfConsent, frozen=True):
    """A biz_refresh_token (bus_rft.…)."""

    TABLE: ClassVar[str] = "BusinessRefreshToken"

    RETAIN = 30 * DAY


class BusinessTokens(Record, frozen=True):
    """How many biz_tokens an app was issued for a person."""

    TABLE: ClassVar[str] = "BusinessTokens"

    RETAIN = FOREVER

    count: int = 0


class BusinessGrant(NamedTuple):
    """What the app gets: both tokens, and when each expires."""

    token: str
    expires: float
    refresh_token: str
    refresh_expires: float


def grant(call: Call[Any], app: App, person: str, wanted: tuple[str, ...]) -> BusinessGrant:
    """Issue both tokens, for the wanted scopes or else for all that the person granted.

    Earlier ones stay valid.
    """
    authorization = call.unit.read(Authorization, f"{app.client_key} {person}")
    granted = authorization.business if authorization is not None else ()
    if authorization is None or not granted:
        raise DouyinError("not_granted", texts.NO_BUSINESS_SCOPE(person=person, app=app.name))
    for scope in wanted:
        if scope not in granted:
            why = texts.BUSINESS_SCOPE_NOT_GRANTED(
                person=person, scope=scope, granted=list(granted)
            )
            raise DouyinError("not_granted", why)
    record = BusinessRefreshToken(
        app=app.client_key,
        person=person,
        scopes=wanted or granted,
        number=authorization.count,
        expires=call.now + REFRESH_LIFETIME,
    )
    call.unit.link(record.link)
    token, number = _issue(call, record)
    refresh_token = call.world.ids.token("bus_rft", app.client_key, person, number)
    call.unit.write(refresh_token, record)
    return BusinessGrant(token, call.now + LIFETIME, refresh_token, record.expires)


def refresh(call: Call[Any], app: App, refresh_token: str) -> BusinessGrant:
    """Issue another biz_token for a biz_refresh_token, which stays the same."""
    found = call.unit.find(BusinessRefreshToken, refresh_token)
    if found is None:
        kind = CredentialKind.BUSINESS_REFRESH_TOKEN
        why = why_unknown(call.world, call.unit, refresh_token, kind, GONE)
        raise DouyinError("bad_refresh_token", why)
    call.unit.link(found.link)
    if found.app != app.client_key:
        raise DouyinError("bad_refresh_token", texts.REFRESH_TOKEN_OF_OTHER_APP(app=found.app))
    call.person = found.person
    if found.is_revoked(call.unit):
        raise DouyinError("bad_refresh_token", texts.AUTHORIZATION_REVOKED(person=found.person))
    if found.expires <= call.now:
        ago = format_duration(int(call.now - found.expires))
        raise DouyinError("bad_refresh_token", texts.REFRESH_TOKEN_EXPIRED(ago=ago))
    token, _ = _issue(call, found)
    return BusinessGrant(token, call.now + LIFETIME, refresh_token, found.expires)


def _issue(call: Call[Any], source: BusinessRefreshToken) -> tuple[str, int]:
    """Write a biz_token; return it with its number among those of the app and the person."""
    key = source.authorization
    issued = call.unit.read(BusinessTokens, key) or BusinessTokens()
    token = call.world.ids.token("bus_act", source.app, source.person, issued.count)
    record = BusinessToken(
        app=source.app,
        person=source.person,
        scopes=source.scopes,
        number=source.number,
        expires=call.now + LIFETIME,
    )
    call.unit.write(token, record)
    call.unit.write(key, BusinessTokens(count=issued.count + 1))
    return token, issued.count


def business_of_token(call: Call[Any]) -> tuple[App, BusinessToken]:
    """Return the app and the record of the valid biz_token of a call, or refuse the call."""
    record = call.unit.find(BusinessToken, call.token) if call.token else None
    if record is None:
        raise DouyinError("invalid_token", why_no_token(call, CredentialKind.BUSINESS_TOKEN))
    return check_granted(call, record, texts.BUSINESS_TOKEN_EXPIRED), record


def person_of_business_call(call: Call[Any]) -> tuple[App, str]:
    """Return the app and the person of a call that carries a biz_token and an open_id."""
    app, token = business_of_token(call)
    check_open_id(call, app, token.person)
    return app, token.person
