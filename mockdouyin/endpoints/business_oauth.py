"""Tokens for a business relation (经营授权): issue, refresh, and what one may do."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.domain import business_tokens
from mockdouyin.domain.business_tokens import BusinessGrant, business_of_token
from mockdouyin.domain.tokens import check_ability
from mockdouyin.endpoints.declared.envelopes import Coded
from mockdouyin.endpoints.error_tables import accounts as tables
from mockdouyin.endpoints.oauth import oauth

_DOC = "mini-app/develop/server/basic-abilities/interface-request-credential/business-token/"
_SCOPE = "ma.business_token"
_ENVELOPE = Coded("error_code", "message")
_MALFORMED = 28001007


class BusinessTokenFields(Fields, kw_only=True):
    """The app's credentials, the person, and which of their scopes the token is for."""

    client_key: str = ""
    client_secret: str = ""
    open_id: str = ""
    scope: str = ""


class BusinessTokenReply(msgspec.Struct):
    """Both tokens, with the seconds until each expires."""

    biz_token: str
    biz_expires_in: int
    biz_refresh_token: str
    biz_refresh_expires_in: int


def _reply(call: Call[Any], grant: BusinessGrant) -> BusinessTokenReply:
    return BusinessTokenReply(
        grant.token,
        round(grant.expires - call.now),
        grant.refresh_token,
        round(grant.refresh_expires - call.now),
    )


@oauth.endpoint(
    "POST",
    "/oauth/business_token/",
    doc=_DOC + "get-business-token",
    basis="documented",
    errors=tables.BUSINESS_TOKEN,
    envelope=_ENVELOPE,
    malformed=_MALFORMED,
    empty=None,
    scope=_SCOPE,
)
def business_token(call: Call[BusinessTokenFields]) -> BusinessTokenReply:
    """Issue a biz_token of 30 days for the scopes of a business relation that a person granted.

    Earlier ones stay valid. `scope` names some of the scopes; without it the token is for all.
    """
    fields = call.fields
    call.need("bad_params", "client_key", "client_secret", "open_id")
    app = call.authenticate(
        fields.client_key, fields.client_secret, "bad_client_key", "bad_client_secret"
    )
    check_ability(call, app)
    person = call.known_person(app, fields.open_id, "bad_open_id")
    wanted = tuple(filter(None, (scope.strip() for scope in fields.scope.split(","))))
    return _reply(call, business_tokens.grant(call, app, person, tuple(dict.fromkeys(wanted))))


class BusinessRefreshFields(Fields, kw_only=True):
    """The app's credentials, and a biz_refresh_token."""

    client_key: str = ""
    client_secret: str = ""
    refresh_token: str = ""


@oauth.endpoint(
    "POST",
    "/oauth/refresh_biz_token/",
    doc=_DOC + "refresh-business-token",
    basis="documented",
    errors=tables.BUSINESS_REFRESH,
    envelope=_ENVELOPE,
    malformed=_MALFORMED,
    empty=None,
    scope=_SCOPE,
)
def refresh_biz_token(call: Call[BusinessRefreshFields]) -> BusinessTokenReply:
    """Issue another biz_token of 30 days; the biz_refresh_token stays the same."""
    fields = call.fields
    call.need("bad_params", "client_key", "client_secret", "refresh_token")
    app = call.authenticate(
        fields.client_key, fields.client_secret, "bad_client_key", "bad_client_secret"
    )
    check_ability(call, app)
    return _reply(call, business_tokens.refresh(call, app, fields.refresh_token))


@oauth.endpoint(
    "POST",
    "/oauth/business_scopes/",
    doc=_DOC + "query-business",
    basis="documented",
    errors=tables.BUSINESS_SCOPES,
    envelope=_ENVELOPE,
    malformed=_MALFORMED,
    empty=None,
    scope=_SCOPE,
)
def business_scopes(call: Call[TokenFields]) -> list[str]:
    """List the scopes that a biz_token is for."""
    return list(business_of_token(call)[1].scopes)
