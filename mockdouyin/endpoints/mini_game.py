"""The mini-game's server calls on minigame.zijieapi.com, and their old paths."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, TokenFields
from mockdouyin.core.clock import DAY, MINUTE
from mockdouyin.core.crypto import login_state_signatures
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Family
from mockdouyin.core.envelopes import Flat, FlatGateway, Gateway, SortedGateway, Tips
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.texts import Text
from mockdouyin.domain import storage
from mockdouyin.domain.logins import Session as PersonSession
from mockdouyin.domain.logins import find_session, reset_session
from mockdouyin.domain.rate_limits import limit
from mockdouyin.domain.signatures.login_state import SignedCall, find_login_state, other_keys
from mockdouyin.domain.tokens import app_of_token, issue_stable
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.error_tables import mini_app as tables
from mockdouyin.endpoints.mini_program import (
    AppTokenReply,
    CredentialFields,
    FlatAppToken,
    FlatSession,
    LoginFields,
    NotifyFields,
    exchange,
    flat,
    flat_app_token,
    issue_app_token,
    send_notification,
)

mini_game: Family = Family(
    "mini_game",
    hosts=("minigame.zijieapi.com", "developer.toutiao.com"),
    envelope=Tips(),
    malformed=40014,
    token_headers=OLDER_TOKEN_HEADERS,
)

_DOC = "mini-game/develop/server/"


@mini_game.endpoint(
    "GET",
    "/mgplatform/api/apps/jscode2session",
    doc=_DOC + "log-in/code-2-session",
    basis="documented",
    errors=tables.LOGIN,
    envelope=Flat(),
)
def code_to_session(call: Call[LoginFields]) -> FlatSession:
    """Exchange the code of tt.login for openid and session_key; the answer has no envelope."""
    return flat(exchange(call))


_CREDENTIAL_DOC = _DOC + "interface-request-credential/get-access-token"


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/v2/token",
    doc=_CREDENTIAL_DOC,
    basis="documented",
    errors=tables.APP_TOKEN,
    empty=AppTokenReply(),
)
def app_token(call: Call[CredentialFields]) -> AppTokenReply:
    """Issue the game's own token, valid for two hours; the one before it keeps five minutes."""
    return issue_app_token(call)


@mini_game.endpoint(
    "GET",
    "/mgplatform/api/apps/token",
    doc=_CREDENTIAL_DOC,
    basis="observed",
    errors=tables.APP_TOKEN,
    envelope=Flat(),
)
def app_token_v1(call: Call[CredentialFields]) -> FlatAppToken:
    """Issue the game's own token, first version: no envelope."""
    return flat_app_token(call)


class StableFields(CredentialFields, kw_only=True):
    """The game's credentials for a stable token."""

    force_refresh: bool = False


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/stable_token",
    doc=_DOC + "interface-request-credential/get-stable-access-token",
    basis="documented",
    errors=tables.STABLE_APP_TOKEN,
    envelope=SortedGateway(),
    malformed=28001038,
)
def stable_app_token(call: Call[StableFields]) -> AppTokenReply:
    """Return the same token until it expires; force_refresh replaces it at once."""
    fields = call.fields
    call.need("bad_params", "appid", "secret", "grant_type")
    app = call.authenticate(fields.appid, fields.secret, "bad_params", "bad_params")
    if fields.grant_type != "client_credential":
        why = texts.GRANT_TYPE(got=fields.grant_type, needed="client_credential")
        raise DouyinError("bad_params", why)
    limit(call, app.client_key, 10_000, MINUTE, "too_many_calls")
    limit(call, app.client_key, 500_000, DAY, "too_many_calls")
    if fields.force_refresh:
        limit(call, f"{app.client_key} forced", 20, DAY, "too_many_calls")
    token, left = issue_stable(call.world, call.unit, app, "app", force=fields.force_refresh)
    return AppTokenReply(token, left)


class LoginStateFields(TokenFields, kw_only=True):
    """A call that proves the user's login state by a signature made with the session key."""

    openid: str = ""
    sig_method: str = ""
    signature: str = ""


def signed_person(call: Call[Any]) -> tuple[App, str]:
    """Check the signature of the login state, and return the game and the person."""
    fields = call.fields
    app = app_of_token(call, "app")
    call.need("bad_params", "openid", "sig_method", "signature")
    if fields.sig_method != "hmac_sha256":
        raise DouyinError("bad_params", texts.SIG_METHOD(got=fields.sig_method))
    person = call.known_person(app, fields.openid, "bad_open_id")
    session = find_session(call.unit, app, person)
    if session is None or session.expires <= call.now:
        raise DouyinError("bad_signature", texts.LOGIN_STATE_MISSING(person=person))
    request = call.request
    # reset_session_key has the signature in the body, so the body cannot be what is signed.
    body = b"" if fields.signature.encode() in request.body else request.body
    accepted = login_state_signatures(session.key, request.method, request.path, body)
    if fields.signature.lower() not in accepted:
        raise DouyinError("bad_signature", _why_signature(call, app, person, session, body))
    return app, person


def _why_signature(
    call: Call[Any], app: App, person: str, session: PersonSession, body: bytes
) -> Text:
    """Explain the known mistake that gives this signature; for any other, name both rules."""
    request, open_id = call.request, call.fields.openid
    keys = other_keys(call.world, app, person, session, token=call.token, open_id=open_id)
    query = request.query.decode("latin-1")
    signed = SignedCall(request.method, request.path, query, body, session.key, keys)
    return find_login_state(call.fields.signature, signed) or texts.LOGIN_STATE_SIGNATURE()


class SessionKey(msgspec.Struct):
    """The new session key of a user."""

    openid: str
    session_key: str


@mini_game.endpoint(
    "GET",
    "/mgplatform/api/apps/check_session_key",
    doc=_DOC + "log-in/check-session-key",
    basis="documented",
    errors=tables.SESSION_KEY,
    envelope=Gateway(),
    malformed=28001038,
)
def check_session_key(call: Call[LoginStateFields]) -> None:
    """Check whether a session key is still valid, by a signature made with it."""
    signed_person(call)


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/reset_session_key",
    doc=_DOC + "log-in/reset-session-key",
    basis="documented",
    errors=tables.RESET_SESSION_KEY,
    envelope=FlatGateway(),
    malformed=28001038,
)
def reset_session_key(call: Call[LoginStateFields]) -> SessionKey:
    """Replace the user's session key; the new key cannot decrypt what the old one encrypted."""
    app, person = signed_person(call)
    limit(call, app.client_key, 60_000, MINUTE, "too_many_calls")
    key = reset_session(call.world, call.unit, app, person)
    return SessionKey(call.fields.openid, key)


class Pair(msgspec.Struct):
    """A key and its value in a user's cloud storage."""

    key: str
    value: str = ""


class SetStorageFields(LoginStateFields, kw_only=True):
    """The pairs to store for a user."""

    kv_list: list[Pair] = []


class RemoveStorageFields(LoginStateFields, kw_only=True):
    """The keys to remove from a user's storage."""

    key: list[str] = []


class Done(msgspec.Struct):
    """Success: `error` is 0."""

    error: int = 0


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/set_user_storage",
    "/api/apps/set_user_storage",
    doc=_DOC + "user-data/set-user-storage",
    basis="documented",
    errors=tables.SET_STORAGE,
    envelope=Flat(),
)
def set_user_storage(call: Call[SetStorageFields]) -> Done:
    """Store key-value pairs for a user; the call is signed with the user's session key."""
    app, person = signed_person(call)
    call.need("bad_params", "kv_list")
    storage.put(call.unit, app, person, [(pair.key, pair.value) for pair in call.fields.kv_list])
    return Done()


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/remove_user_storage",
    "/api/apps/remove_user_storage",
    doc=_DOC + "user-data/remove-user-storage",
    basis="documented",
    errors=tables.STORAGE,
    envelope=Flat(),
)
def remove_user_storage(call: Call[RemoveStorageFields]) -> Done:
    """Remove keys from a user's storage; the call is signed with the user's session key."""
    app, person = signed_person(call)
    call.need("bad_params", "key")
    storage.remove(call.unit, app, person, call.fields.key)
    return Done()


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/subscribe_notification/developer/v1/notify",
    doc=_DOC + "notify",
    basis="documented",
    errors=tables.NOTIFY,
    envelope=Tips(ok=""),
    malformed=1000,
)
def notify(call: Call[NotifyFields]) -> None:
    """Send a game's subscription message; the values in `data` may be numbers."""
    send_notification(call)
