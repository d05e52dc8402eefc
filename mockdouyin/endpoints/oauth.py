"""Accounts and permissions on open.douyin.com: user tokens, client tokens, user info."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.core.clock import MINUTE
from mockdouyin.core.crypto import seal_mobile
from mockdouyin.core.endpoint import Family
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
from mockdouyin.domain.rate_limits import limit
from mockdouyin.domain.tokens import issue, issue_stable, lifetime
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import accounts as tables

oauth: Family = Family(
    "oauth",
    hosts=("open.douyin.com", "open-sandbox.douyin.com", "open.snssdk.com", "open-api.ixigua.com"),
    envelope=Passport(),
    malformed=10002,
    forms=True,
)

_DOC = "dop/develop/openapi/account-permission/"


class CodeFields(Fields, kw_only=True):
    """The code of a consent, and the app's credentials."""

    client_key: str = ""
    client_secret: str = ""
    code: str = ""
    grant_type: str = ""


class UserTokenReply(msgspec.Struct):
    """A person's tokens, with the seconds until each expires."""

    access_token: str
    expires_in: int
    open_id: str
    refresh_expires_in: int
    refresh_token: str
    scope: str


def _by_secret(call: Call[Any]) -> App:
    """Return the app that key and secret authenticate.

    A service provider sends its authorizer's access token in place of the secret.
    """
    fields = call.fields
    app = call.known_app(fields.client_key, "bad_client_key")
    if fields.client_secret != app.authorizer_token:
        call.check_secret(app, fields.client_secret, "bad_client_secret")
    return app


def _token_reply(call: Call[Fields], grant: Grant) -> UserTokenReply:
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
    errors=tables.USER_TOKEN,
)
def user_token(call: Call[CodeFields]) -> UserTokenReply:
    """Exchange the code of a consent for a person's tokens; it works once, within ten minutes."""
    fields = call.fields
    call.need("bad_params", "client_key", "client_secret", "code", "grant_type")
    if fields.grant_type != "authorization_code":
        why = texts.GRANT_TYPE(got=fields.grant_type, needed="authorization_code")
        raise DouyinError("bad_params", why)
    app = _by_secret(call)
    return _token_reply(call, exchange_code(call, app, fields.code))


class RefreshFields(Fields, kw_only=True):
    """A refresh token; the docs ask for no client_secret, so it is checked only if sent."""

    client_key: str = ""
    client_secret: str = ""
    refresh_token: str = ""
    grant_type: str = ""


@oauth.endpoint(
    "POST GET",
    "/oauth/refresh_token/",
    doc=_DOC + "refresh-access-token",
    basis="documented",
    errors=tables.REFRESH,
)
def refresh_token(call: Call[RefreshFields]) -> UserTokenReply:
    """Refresh a user token: a live access_token gets 15 new days, an expired one is replaced."""
    fields = call.fields
    call.need("missing_params", "client_key", "refresh_token", "grant_type")
    if fields.grant_type != "refresh_token":
        why = texts.GRANT_TYPE(got=fields.grant_type, needed="refresh_token")
        raise DouyinError("bad_params", why)
    app = call.known_app(fields.client_key, "bad_client_key")
    if fields.client_secret:
        call.check_secret(app, fields.client_secret, "bad_client_secret")
    return _token_reply(call, refresh(call, app, fields.refresh_token))


class RenewFields(Fields, kw_only=True):
    """The refresh token to renew."""

    client_key: str = ""
    refresh_token: str = ""


class RenewedToken(msgspec.Struct):
    """A new refresh token; expires_in is the refresh token's lifetime."""

    expires_in: int
    refresh_token: str


@oauth.endpoint(
    "POST GET",
    "/oauth/renew_refresh_token/",
    doc=_DOC + "refresh-token",
    basis="documented",
    errors=tables.RENEW,
    scope="renew_refresh_token",
)
def renew_refresh_token(call: Call[RenewFields]) -> RenewedToken:
    """Replace a refresh_token by a new one that lives 30 days; this works five times."""
    fields = call.fields
    call.need("missing_params", "client_key", "refresh_token")
    app = call.known_app(fields.client_key, "bad_client_key")
    if "renew_refresh_token" not in app.scopes:
        why = why_not_held(app.name, app.scopes, "renew_refresh_token")
        raise DouyinError("no_scope", why)
    token, until = renew(call, app, fields.refresh_token)
    return RenewedToken(int(until - call.now), token)


class ClientFields(Fields, kw_only=True):
    """The app's credentials for a client token; OAuth's `client_credentials` is singular here."""

    client_key: str = ""
    client_secret: str = ""
    grant_type: str = ""


class ClientToken(msgspec.Struct):
    """A client token and its lifetime in seconds."""

    access_token: str
    expires_in: int


@oauth.endpoint(
    "POST GET",
    "/oauth/client_token/",
    doc=_DOC + "client-token",
    basis="documented",
    errors=tables.CLIENT_TOKEN,
)
def client_token(call: Call[ClientFields]) -> ClientToken:
    """Issue a client token, valid for two hours; the one before it keeps five minutes.

    The token before that is invalid at once.
    """
    app = _client(call)
    token = issue(call.world, call.unit, app, "client")
    return ClientToken(token, int(lifetime(call.world, "client")))


@oauth.endpoint(
    "POST GET",
    "/oauth/stable_client_token/",
    doc=_DOC + "generate-stable-client-token",
    basis="documented",
    errors=tables.CLIENT_TOKEN,
)
def stable_client_token(call: Call[ClientFields]) -> ClientToken:
    """Return the app's stable client token: the same one until its two hours are over."""
    return ClientToken(*issue_stable(call.world, call.unit, _client(call), "client"))


def _client(call: Call[ClientFields]) -> App:
    fields = call.fields
    call.need("bad_params", "client_key", "client_secret", "grant_type")
    if fields.grant_type != "client_credential":
        raise DouyinError("bad_params", texts.CLIENT_CREDENTIAL(got=fields.grant_type))
    app = _by_secret(call)
    limit(call, app.client_key, 500, 5 * MINUTE, "too_many_calls")
    return app


class UserInfoFields(TokenFields, kw_only=True):
    """The person whose public profile is asked for."""

    open_id: str = ""


class UserInfo(msgspec.Struct, kw_only=True):
    """A person's public profile; Douyin has left place and gender blank for years."""

    avatar: str
    avatar_larger: str
    city: str = ""
    client_key: str
    country: str = ""
    district: str = ""
    e_account_role: str = ""
    encrypt_mobile: str | msgspec.UnsetType = msgspec.UNSET
    """Present only if the person granted the scope mobile or mobile_alert."""
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
    errors=tables.USER_INFO,
    envelope=PassportAndGateway(),
    malformed=28001007,
    scope="user_info",
    token_headers=("access-token", "access_token"),
)
def user_info(call: Call[UserInfoFields]) -> UserInfo:
    """Return the public profile of the person whose token it is."""
    app, token = user_of_token(call)
    check_open_id(call, app, token.person)
    people = call.world.people
    profile = people.profile(token.person)
    info = UserInfo(
        avatar=profile.avatar,
        avatar_larger=profile.avatar.replace("100x100", "1080x1080"),
        client_key=app.client_key,
        nickname=profile.nickname,
        open_id=call.fields.open_id,
        union_id=people.union_id(app, token.person),
    )
    if profile.phone and {"mobile", "mobile_alert"} & set(token.scopes):
        info.encrypt_mobile = seal_mobile(app.client_secret, profile.phone)
    return info
