"""Accounts and permissions on open.douyin.com: a person's tokens, the app's, and user info."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import MINUTE
from mockdouyin.core.crypto import seal_mobile
from mockdouyin.core.endpoint import Call, Family, Fields, TokenFields
from mockdouyin.core.envelopes import Passport, PassportAndGateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.scopes import why_not_held
from mockdouyin.domain.grants import (
    Grant,
    check_open_id,
    exchange_code,
    refresh,
    renew,
    user_of_token,
)
from mockdouyin.domain.limits import limit
from mockdouyin.domain.tokens import issue, issue_stable, lifetime
from mockdouyin.endpoints import error_tables

oauth = Family(
    "oauth",
    hosts=("open.douyin.com", "open-sandbox.douyin.com", "open.snssdk.com", "open-api.ixigua.com"),
    envelope=Passport(),
    malformed=10002,
    forms=True,
)

_DOC = "dop/develop/openapi/account-permission/"


class CodeFields(Fields, kw_only=True):
    """What a consent's code is exchanged with."""

    client_key: str = ""
    client_secret: str = ""
    code: str = ""
    grant_type: str = ""


class UserTokenReply(msgspec.Struct):
    """A person's tokens with the seconds that each lives."""

    access_token: str
    expires_in: int
    open_id: str
    refresh_expires_in: int
    refresh_token: str
    scope: str


def _by_secret(call: Call[Any]) -> App:
    """Return the app of key and secret; a service provider sends its token for it as secret."""
    fields = call.fields
    app = call.known_app(fields.client_key, "bad_client_key")
    if fields.client_secret != app.authorizer_token:
        call.check_secret(app, fields.client_secret, "bad_client_secret")
    return app


def _shown(call: Call[Fields], grant: Grant) -> UserTokenReply:
    return UserTokenReply(
        grant.user_token,
        int(grant.expires - call.now),
        grant.open_id,
        int(grant.refresh_expires - call.now),
        grant.refresh_token,
        ",".join(grant.scopes),
    )


@oauth.endpoint(
    "POST GET",
    "/oauth/access_token/",
    doc=_DOC + "get-access-token",
    basis="observed",
    errors=error_tables.USER_TOKEN,
)
def user_token(call: Call[CodeFields]) -> UserTokenReply:
    """Exchange the code of a consent for a person's tokens, once, within ten minutes."""
    fields = call.fields
    call.need("bad_params", "client_key", "client_secret", "code", "grant_type")
    if fields.grant_type != "authorization_code":
        raise DouyinError("bad_params", f"grant_type is {fields.grant_type!r}")
    app = _by_secret(call)
    return _shown(call, exchange_code(call, app, fields.code))


class RefreshFields(Fields, kw_only=True):
    """What a user token is refreshed with; a secret is not asked for, but checked if sent."""

    client_key: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    grant_type: str = ""


@oauth.endpoint(
    "POST GET",
    "/oauth/refresh_token/",
    doc=_DOC + "refresh-access-token",
    basis="documented",
    errors=error_tables.REFRESH,
)
def refresh_token(call: Call[RefreshFields]) -> UserTokenReply:
    """Refresh: the same access_token with 15 new days while it lives, a new one afterwards."""
    fields = call.fields
    call.need("missing_params", "client_key", "refresh_token", "grant_type")
    if fields.grant_type != "refresh_token":
        raise DouyinError("bad_params", f"grant_type is {fields.grant_type!r}")
    app = call.known_app(fields.client_key, "bad_client_key")
    if fields.client_secret:
        call.check_secret(app, fields.client_secret, "bad_client_secret")
    return _shown(call, refresh(call, app, fields.refresh_token))


class RenewFields(Fields, kw_only=True):
    """What a refresh token is renewed with."""

    client_key: str = ""
    refresh_token: str = ""


class RenewedToken(msgspec.Struct):
    """A new refresh token; expires_in is its own life."""

    expires_in: int
    refresh_token: str


@oauth.endpoint(
    "POST GET",
    "/oauth/renew_refresh_token/",
    doc=_DOC + "refresh-token",
    basis="documented",
    errors=error_tables.RENEW,
    scope="renew_refresh_token",
)
def renew_refresh_token(call: Call[RenewFields]) -> RenewedToken:
    """Give a new refresh_token of 30 days in place of the old one, five times at most."""
    fields = call.fields
    call.need("missing_params", "client_key", "refresh_token")
    app = call.known_app(fields.client_key, "bad_client_key")
    if "renew_refresh_token" not in app.scopes:
        why = why_not_held(app.name, app.scopes, "renew_refresh_token")
        raise DouyinError("no_scope", why)
    token, until = renew(call, app, fields.refresh_token)
    return RenewedToken(int(until - call.now), token)


class ClientFields(Fields, kw_only=True):
    """What a client token is asked for with; the grant type is singular here."""

    client_key: str = ""
    client_secret: str = ""
    grant_type: str = ""


class ClientToken(msgspec.Struct):
    """A client token and the seconds it lives."""

    access_token: str
    expires_in: int


@oauth.endpoint(
    "POST GET",
    "/oauth/client_token/",
    doc=_DOC + "client-token",
    basis="documented",
    errors=error_tables.CLIENT_TOKEN,
)
def client_token(call: Call[ClientFields]) -> ClientToken:
    """Give the app's token for two hours; the one before keeps five minutes, the third dies."""
    app = _client(call)
    token = issue(call.world, call.unit, app, "client")
    return ClientToken(token, int(lifetime(call.world, "client")))


@oauth.endpoint(
    "POST GET",
    "/oauth/stable_client_token/",
    doc=_DOC + "generate-stable-client-token",
    basis="documented",
    errors=error_tables.CLIENT_TOKEN,
)
def stable_client_token(call: Call[ClientFields]) -> ClientToken:
    """Give the app's token that stays the same for its two hours."""
    return ClientToken(*issue_stable(call.world, call.unit, _client(call), "client"))


def _client(call: Call[ClientFields]) -> App:
    fields = call.fields
    call.need("bad_params", "client_key", "client_secret", "grant_type")
    if fields.grant_type != "client_credential":
        why = (
            f"grant_type is {fields.grant_type!r}; Douyin's is client_credential, in the singular"
        )
        raise DouyinError("bad_params", why)
    app = _by_secret(call)
    limit(call, app.client_key, 500, 5 * MINUTE, "too_many_calls")
    return app


class UserInfoFields(TokenFields, kw_only=True):
    """Whose public profile is asked for."""

    open_id: str = ""


class UserInfo(msgspec.Struct, kw_only=True):
    """A person's public profile; place and gender have been blank for years."""

    avatar: str
    avatar_larger: str
    city: str = ""
    client_key: str
    country: str = ""
    district: str = ""
    e_account_role: str = ""
    encrypt_mobile: str | msgspec.UnsetType = msgspec.UNSET
    """Only with the scope mobile or mobile_alert."""
    gender: int = 0
    nickname: str
    open_id: str
    province: str = ""
    union_id: str


@oauth.endpoint(
    "POST GET",
    "/oauth/userinfo/",
    doc=_DOC + "get-account-open-info",
    basis="observed",
    errors=error_tables.USER_INFO,
    envelope=PassportAndGateway(),
    malformed=28001007,
    scope="user_info",
    token_headers=("access-token", "access_token"),
)
def user_info(call: Call[UserInfoFields]) -> UserInfo:
    """Give the public profile of the person whose token it is."""
    app, token = user_of_token(call)
    check_open_id(call, app, token.person)
    people = call.world.people
    person = people.profile(token.person)
    info = UserInfo(
        avatar=person.avatar,
        avatar_larger=person.avatar.replace("100x100", "1080x1080"),
        client_key=app.client_key,
        nickname=person.nickname,
        open_id=call.fields.open_id,
        union_id=people.union_id(app, token.person),
    )
    if person.phone and {"mobile", "mobile_alert"} & set(token.scopes):
        info.encrypt_mobile = seal_mobile(app.client_secret, person.phone)
    return info
