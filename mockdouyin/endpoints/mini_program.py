"""The mini-program's server calls on developer.toutiao.com: login, app token, notification.

The mini-game has the same calls at paths of its own: both share the functions without a decorator.
"""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Family
from mockdouyin.core.envelopes import Flat, Tips
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import subscriptions
from mockdouyin.domain.logins import spend_code
from mockdouyin.domain.rate_limits import limit, limit_app
from mockdouyin.domain.tokens import app_of_token, issue, lifetime
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints._templates import check_keywords, find_template, why_used_up
from mockdouyin.endpoints.error_tables import mini_app as tables

mini_program: Family = Family(
    "mini_program",
    hosts=("developer.toutiao.com", "open-sandbox.douyin.com"),
    envelope=Tips(),
    malformed=40014,
    token_headers=OLDER_TOKEN_HEADERS,
)


class LoginFields(Fields, kw_only=True):
    """The app's credentials, and one or both of the codes of a tt.login."""

    appid: str = ""
    secret: str = ""
    code: str = ""
    anonymous_code: str = ""


class SessionReply(msgspec.Struct):
    """The ids of a login; an anonymous login has an anonymous_openid and empty strings."""

    session_key: str = ""
    openid: str = ""
    anonymous_openid: str = ""
    unionid: str = ""


class OpenSession(SessionReply):
    """The session as the second version answers it; no docs page explains dopenid."""

    dopenid: str = ""


class FlatSession(msgspec.Struct):
    """The session without an envelope."""

    error: int
    session_key: str = ""
    openid: str = ""
    anonymous_openid: str = ""
    unionid: str = ""


def exchange(call: Call[LoginFields]) -> SessionReply:
    """Exchange the codes of one tt.login; each works once, and a refusal uses neither up."""
    fields, people = call.fields, call.world.people
    call.need("bad_params", "appid", "secret")
    if not fields.code and not fields.anonymous_code:
        raise DouyinError("bad_params", texts.CODE_MISSING())
    app = login_app(call)
    session = SessionReply()
    if fields.code:
        login = spend_code(call, app, fields.code)
        session.session_key = login.session_key
        session.openid = people.open_id(app, login.person)
        session.unionid = people.union_id(app, login.person)
    if fields.anonymous_code:
        anonymous = spend_code(call, app, fields.anonymous_code, anonymous=True)
        session.anonymous_openid = people.anonymous_id(app, anonymous.person)
    return session


def login_app(call: Call[Any]) -> App:
    """Return the mini-app that appid and secret authenticate; a web app has no tt.login."""
    fields = call.fields
    app = call.authenticate(fields.appid, fields.secret, "bad_appid", "bad_secret")
    if app.kind == "web":
        raise DouyinError("bad_appid", texts.WEB_APP_LOGIN(app=app.name))
    return app


def flat(session: SessionReply) -> FlatSession:
    """Return the session as the first version answers it, without an envelope."""
    return FlatSession(
        0, session.session_key, session.openid, session.anonymous_openid, session.unionid
    )


@mini_program.endpoint(
    "POST",
    "/api/apps/v2/jscode2session",
    doc="mini-app/develop/server/log-in/code-2-session",
    basis="documented",
    errors=tables.LOGIN,
    envelope=Tips(log_id=True),
    empty=SessionReply(),
)
def code_to_session(call: Call[LoginFields]) -> OpenSession:
    """Exchange the code of tt.login for openid and session_key; a code works once."""
    session = exchange(call)
    return OpenSession(
        session.session_key,
        session.openid,
        session.anonymous_openid,
        session.unionid,
        session.openid,
    )


@mini_program.endpoint(
    "GET",
    "/api/apps/jscode2session",
    doc="mini-app/develop/server/log-in/code-2-session",
    basis="observed",
    errors=tables.LOGIN,
    envelope=Flat(),
)
def code_to_session_v1(call: Call[LoginFields]) -> FlatSession:
    """Exchange the code of tt.login, first version: no envelope, four keys on failure."""
    return flat(exchange(call))


class CredentialFields(Fields, kw_only=True):
    """The app's credentials for an app token."""

    appid: str = ""
    secret: str = ""
    grant_type: str = ""


class AppTokenReply(msgspec.Struct):
    """An app token and its lifetime in seconds."""

    access_token: str = ""
    expires_in: int = 0


class FlatAppToken(msgspec.Struct):
    """An app token without an envelope.

    No docs page says whether success has an errcode; every known client accepts 0.
    """

    errcode: int
    access_token: str
    expires_in: int


def issue_app_token(call: Call[CredentialFields]) -> AppTokenReply:
    """Issue an app token; the one before it stays valid for five minutes."""
    fields = call.fields
    call.need("bad_params", "appid", "secret", "grant_type")
    app = call.authenticate(fields.appid, fields.secret, "bad_appid", "bad_secret")
    if fields.grant_type != "client_credential":
        why = texts.GRANT_TYPE(got=fields.grant_type, needed="client_credential")
        raise DouyinError("bad_grant_type", why)
    return AppTokenReply(
        issue(call.world, call.unit, app, "app"), int(lifetime(call.world, "app"))
    )


_TOKEN_DOC = (
    "mini-app/develop/server/basic-abilities/interface-request-credential/"
    "non-user-authorization/get-access-token"
)


@mini_program.endpoint(
    "POST",
    "/api/apps/v2/token",
    doc=_TOKEN_DOC,
    basis="documented",
    errors=tables.APP_TOKEN,
    empty=AppTokenReply(),
)
def app_token(call: Call[CredentialFields]) -> AppTokenReply:
    """Issue the app's own token, valid for two hours; the one before it keeps five minutes."""
    return issue_app_token(call)


def flat_app_token(call: Call[CredentialFields]) -> FlatAppToken:
    """Issue an app token, as the first version answers it: without an envelope."""
    token = issue_app_token(call)
    return FlatAppToken(0, token.access_token, token.expires_in)


@mini_program.endpoint(
    "GET",
    "/api/apps/token",
    doc=_TOKEN_DOC,
    basis="assumed",
    errors=tables.APP_TOKEN,
    envelope=Flat(),
)
def app_token_v1(call: Call[CredentialFields]) -> FlatAppToken:
    """Issue the app's own token, first version: no envelope."""
    return flat_app_token(call)


class NotifyFields(TokenFields, kw_only=True):
    """A subscription message: the template, the receiver, and a value for each keyword."""

    app_id: str = ""
    tpl_id: str = ""
    open_id: str = ""
    data: dict[str, Any] = {}
    page: str = ""


def send_notification(call: Call[NotifyFields]) -> None:
    """Send a subscription message, if the person has allowed one that is not used up."""
    fields = call.fields
    call.need("bad_params", "app_id", "tpl_id", "open_id", "data")
    app = app_of_token(call, "app", limited=False)
    if fields.app_id != app.client_key:
        raise DouyinError("bad_ids", texts.APP_ID_MISMATCH(app=app.client_key))
    person = call.known_person(app, fields.open_id, "bad_ids")
    # First, so that a message with a mistake in it belongs to the consent all the same.
    subscribed = subscriptions.subscription(call.unit, app, person, fields.tpl_id)
    template = find_template(call, app, fields.tpl_id, "bad_content")
    check_keywords(fields.data, template.fields, "bad_content")
    if subscribed.left == 0:
        raise DouyinError("not_subscribed", why_used_up(person, fields.tpl_id))
    limit_app(call, app.client_key)
    limit(call, f"{app.client_key} {person}", 1, 1.0, "too_frequent")
    subscriptions.spend(call.unit, app, person, fields.tpl_id)


@mini_program.endpoint(
    "POST",
    "/api/apps/subscribe_notification/developer/v1/notify",
    doc="mini-app/develop/server/subscribe-notification/notify",
    basis="documented",
    errors=tables.NOTIFY,
    envelope=Tips(ok=""),
    malformed=1000,
)
def notify(call: Call[NotifyFields]) -> None:
    """Send a subscription message; the access_token is in the body."""
    send_notification(call)
