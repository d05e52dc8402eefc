"""The mini-program's server calls on developer.toutiao.com: login, app token, notification."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.credentials import why_nobody
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Call, Family, Fields, TokenFields
from mockdouyin.core.envelopes import Flat, Tips
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import subscriptions
from mockdouyin.domain.limits import limit, limit_app
from mockdouyin.domain.logins import spend_code
from mockdouyin.domain.tokens import app_of_token, issue, lifetime
from mockdouyin.endpoints import error_tables

mini_program = Family(
    "mini_program",
    hosts=("developer.toutiao.com", "open-sandbox.douyin.com"),
    envelope=Tips(),
    malformed=40014,
    token_headers=OLDER_TOKEN_HEADERS,
)


class LoginFields(Fields, kw_only=True):
    """What every code2session reads: who asks, and one or both of the codes."""

    appid: str = ""
    secret: str = ""
    code: str = ""
    anonymous_code: str = ""


class SessionReply(msgspec.Struct):
    """What a login is exchanged for. An anonymous login has nothing but its anonymous_openid."""

    session_key: str = ""
    openid: str = ""
    anonymous_openid: str = ""
    unionid: str = ""


class OpenSession(SessionReply):
    """The session as the second version answers it; what dopenid is no page says."""

    dopenid: str = ""


class FlatSession(msgspec.Struct):
    """The session without an envelope."""

    error: int
    session_key: str = ""
    openid: str = ""
    anonymous_openid: str = ""
    unionid: str = ""


def exchange(call: Call[LoginFields]) -> SessionReply:
    """Exchange the codes of one tt.login; both work once, and a refusal uses neither up."""
    fields, people = call.fields, call.world.people
    call.need("bad_params", "appid", "secret")
    if not fields.code and not fields.anonymous_code:
        raise DouyinError("bad_params", "neither code nor anonymous_code is there")
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
    """Give the mini-app that appid and secret name; a web app's key has no logins."""
    fields = call.fields
    app = call.authenticate(fields.appid, fields.secret, "bad_appid", "bad_secret")
    if app.kind == "web":
        raise DouyinError("bad_appid", f"{app.name!r} is a web app: it has no tt.login")
    return app


def flat(session: SessionReply) -> FlatSession:
    """Give the session without an envelope."""
    return FlatSession(
        0, session.session_key, session.openid, session.anonymous_openid, session.unionid
    )


@mini_program.endpoint(
    "POST",
    "/api/apps/v2/jscode2session",
    doc="mini-app/develop/server/log-in/code-2-session",
    basis="documented",
    errors=error_tables.LOGIN,
    envelope=Tips(log_id=True),
    empty=SessionReply(),
)
def code_to_session(call: Call[LoginFields]) -> OpenSession:
    """Exchange the code of tt.login for openid and session_key."""
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
    errors=error_tables.LOGIN,
    envelope=Flat(),
)
def code_to_session_v1(call: Call[LoginFields]) -> FlatSession:
    """Exchange the code of tt.login, by the first version: no envelope, four keys on failure."""
    return flat(exchange(call))


class CredentialFields(Fields, kw_only=True):
    """What an app token is asked for with."""

    appid: str = ""
    secret: str = ""
    grant_type: str = ""


class AppTokenReply(msgspec.Struct):
    """An app token and the seconds it lives."""

    access_token: str = ""
    expires_in: int = 0


class FlatAppToken(msgspec.Struct):
    """An app token without an envelope. No page says whether success has a code; 0 suits all."""

    errcode: int
    access_token: str
    expires_in: int


def give_app_token(call: Call[CredentialFields]) -> AppTokenReply:
    """Issue an app token; the one before it keeps five minutes."""
    fields = call.fields
    call.need("bad_params", "appid", "secret", "grant_type")
    app = call.authenticate(fields.appid, fields.secret, "bad_appid", "bad_secret")
    if fields.grant_type != "client_credential":
        raise DouyinError("bad_grant_type", f"grant_type is {fields.grant_type!r}")
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
    errors=error_tables.APP_TOKEN,
    empty=AppTokenReply(),
)
def app_token(call: Call[CredentialFields]) -> AppTokenReply:
    """Give the app's own token for two hours; asking again leaves the older one five minutes."""
    return give_app_token(call)


def flat_app_token(call: Call[CredentialFields]) -> FlatAppToken:
    """Issue an app token and give it without an envelope."""
    token = give_app_token(call)
    return FlatAppToken(0, token.access_token, token.expires_in)


@mini_program.endpoint(
    "GET",
    "/api/apps/token",
    doc=_TOKEN_DOC,
    basis="assumed",
    errors=error_tables.APP_TOKEN,
    envelope=Flat(),
)
def app_token_v1(call: Call[CredentialFields]) -> FlatAppToken:
    """Give the app's own token, by the first version: no envelope."""
    return flat_app_token(call)


class NotifyFields(TokenFields, kw_only=True):
    """A subscription message: the template's keywords with what they say."""

    app_id: str = ""
    tpl_id: str = ""
    open_id: str = ""
    data: dict[str, Any] = {}
    page: str = ""


def send_notification(call: Call[NotifyFields]) -> None:
    """Send one message of a template, if the person's consent has one left."""
    fields = call.fields
    call.need("bad_params", "app_id", "tpl_id", "open_id", "data")
    app = app_of_token(call, "app", limited=False)
    if fields.app_id != app.client_key:
        raise DouyinError("bad_ids", f"the token is of {app.client_key!r}, not of the app_id")
    person = call.world.people.owner(app, fields.open_id)
    if person is None:
        raise DouyinError("bad_ids", why_nobody(call, app, fields.open_id))
    call.person = person
    template = subscriptions.templates_of(call.unit, app).get(fields.tpl_id)
    if template is None:
        known = ", ".join(subscriptions.templates_of(call.unit, app)) or "none"
        why = f"app {app.name!r} has no template {fields.tpl_id!r}; it has {known}"
        raise DouyinError("bad_content", why)
    check_keywords(fields.data, template.fields)
    if subscriptions.subscription(call.unit, app, person, fields.tpl_id).left == 0:
        raise DouyinError(
            "not_subscribed",
            f"{person} has no message of template {fields.tpl_id} left;"
            f" {subscriptions.how_to_consent(person, fields.tpl_id)}",
        )
    limit_app(call, app.client_key)
    limit(call, f"{app.client_key} {person}", 1, 1.0, "too_frequent")
    subscriptions.spend(call.unit, app, person, fields.tpl_id)


def check_keywords(data: dict[str, Any], keywords: tuple[str, ...]) -> None:
    """Refuse a message whose data is not of the template's keywords, all of them and no other."""
    if keywords and set(data) != set(keywords):
        raise DouyinError(
            "bad_content",
            f"data has {', '.join(data) or 'nothing'}; the template has {', '.join(keywords)}",
        )


@mini_program.endpoint(
    "POST",
    "/api/apps/subscribe_notification/developer/v1/notify",
    doc="mini-app/develop/server/subscribe-notification/notify",
    basis="documented",
    errors=error_tables.NOTIFY,
    envelope=Tips(ok=""),
    malformed=1000,
)
def notify(call: Call[NotifyFields]) -> None:
    """Send a subscription message; the token travels in the body."""
    send_notification(call)
