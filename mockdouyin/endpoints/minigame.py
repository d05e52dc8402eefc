"""The mini-game's server calls on minigame.zijieapi.com, and their old twins."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.clock import DAY, MINUTE
from mockdouyin.core.credentials import why_nobody
from mockdouyin.core.crypto import login_state_signatures
from mockdouyin.core.endpoint import OLDER_TOKEN_HEADERS, Call, Family, TokenFields
from mockdouyin.core.envelopes import Flat, FlatGateway, Gateway, SortedGateway, Tips
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain import storage
from mockdouyin.domain.limits import limit
from mockdouyin.domain.logins import Session as PersonSession
from mockdouyin.domain.logins import earlier_keys, reset_session, session_place
from mockdouyin.domain.signature_diagnosis import SignedCall, find_login_state
from mockdouyin.domain.tokens import app_of_token, issue_stable
from mockdouyin.endpoints import error_tables
from mockdouyin.endpoints.login import (
    AppTokenReply,
    CredentialFields,
    FlatAppToken,
    FlatSession,
    LoginFields,
    NotifyFields,
    exchange,
    flat,
    flat_app_token,
    give_app_token,
    send_notification,
)

mini_game = Family(
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
    errors=error_tables.LOGIN,
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
    errors=error_tables.APP_TOKEN,
    empty=AppTokenReply(),
)
def app_token(call: Call[CredentialFields]) -> AppTokenReply:
    """Give the game's own token for two hours; asking again leaves the older one five minutes."""
    return give_app_token(call)


@mini_game.endpoint(
    "GET",
    "/mgplatform/api/apps/token",
    doc=_CREDENTIAL_DOC,
    basis="observed",
    errors=error_tables.APP_TOKEN,
    envelope=Flat(),
)
def app_token_v1(call: Call[CredentialFields]) -> FlatAppToken:
    """Give the game's own token, by the first version: no envelope."""
    return flat_app_token(call)


class StableFields(CredentialFields, kw_only=True):
    """What a stable token is asked for with."""

    force_refresh: bool = False


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/stable_token",
    doc=_DOC + "interface-request-credential/get-stable-access-token",
    basis="documented",
    errors=error_tables.STABLE_APP_TOKEN,
    envelope=SortedGateway(),
    malformed=28001038,
)
def stable_app_token(call: Call[StableFields]) -> AppTokenReply:
    """Give the same token until it expires; force_refresh makes a new one and kills it at once."""
    fields = call.fields
    call.need("bad_params", "appid", "secret", "grant_type")
    app = call.authenticate(fields.appid, fields.secret, "bad_params", "bad_params")
    if fields.grant_type != "client_credential":
        raise DouyinError("bad_params", f"grant_type is {fields.grant_type!r}")
    limit(call, app.client_key, 10_000, MINUTE, "too_many_calls")
    limit(call, app.client_key, 500_000, DAY, "too_many_calls")
    if fields.force_refresh:
        limit(call, f"{app.client_key} forced", 20, DAY, "too_many_calls")
    token, left = issue_stable(call.world, call.unit, app, "app", force=fields.force_refresh)
    return AppTokenReply(token, left)


class SignedFields(TokenFields, kw_only=True):
    """A call that proves the user's login state by a signature under the session key."""

    openid: str = ""
    sig_method: str = ""
    signature: str = ""


def signed_person(call: Call[Any]) -> tuple[App, str]:
    """Give the game and the person whose login state the call is signed with."""
    fields = call.fields
    app = app_of_token(call, "app")
    call.need("bad_params", "openid", "sig_method", "signature")
    if fields.sig_method != "hmac_sha256":
        raise DouyinError("bad_params", f"sig_method is {fields.sig_method!r}, not hmac_sha256")
    person = call.world.people.owner(app, fields.openid)
    if person is None:
        raise DouyinError("bad_open_id", why_nobody(call, app, fields.openid))
    call.person = person
    session = call.unit.read(PersonSession, session_place(app, person))
    if session is None:
        raise DouyinError("bad_signature", f"{person} has not logged in, or long ago")
    request = call.request
    # reset_session_key takes its signature in the body, which then cannot be what is signed
    body = b"" if fields.signature.encode() in request.body else request.body
    rules = login_state_signatures(session.key, request.method, request.path, body)
    if fields.signature.lower() not in rules:
        raise DouyinError("bad_signature", _why_signature(call, app, person, session, body))
    return app, person


def _why_signature(
    call: Call[Any], app: App, person: str, session: PersonSession, body: bytes
) -> str:
    """Name the known mistake that gives this signature, or both rules."""
    request = call.request
    others = (
        *(
            ("the session_key of an earlier login", key)
            for key in earlier_keys(call.world, app, person, session)
        ),
        ("the app's secret; the key is the person's session_key", app.client_secret),
        ("the access_token; the key is the person's session_key", call.token),
        ("the openid; the key is the person's session_key", call.fields.openid),
    )
    query = request.query.decode("latin-1")
    signed = SignedCall(request.method, request.path, query, body, session.key, others)
    return find_login_state(call.fields.signature, signed) or (
        "it is neither hmac_sha256(session_key, body) nor the newer rule over method, path"
        " and body, under the key of the person's last login"
    )


class SessionKey(msgspec.Struct):
    """A session key that was made anew."""

    openid: str
    session_key: str


@mini_game.endpoint(
    "GET",
    "/mgplatform/api/apps/check_session_key",
    doc=_DOC + "log-in/check-session-key",
    basis="documented",
    errors=error_tables.SESSION_KEY,
    envelope=Gateway(),
    malformed=28001038,
)
def check_session_key(call: Call[SignedFields]) -> None:
    """Tell whether a session key is still the user's."""
    signed_person(call)


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/reset_session_key",
    doc=_DOC + "log-in/reset-session-key",
    basis="documented",
    errors=error_tables.RESET_SESSION_KEY,
    envelope=FlatGateway(),
    malformed=28001038,
)
def reset_session_key(call: Call[SignedFields]) -> SessionKey:
    """Give the user's session a new key; what the old one sealed it does not open."""
    app, person = signed_person(call)
    limit(call, app.client_key, 60_000, MINUTE, "too_many_calls")
    key = reset_session(call.world, call.unit, app, person)
    return SessionKey(call.fields.openid, key)


class Pair(msgspec.Struct):
    """A key and its value in a user's storage."""

    key: str
    value: str = ""


class SetStorageFields(SignedFields, kw_only=True):
    """Pairs to be stored for a user."""

    kv_list: list[Pair] = []


class RemoveStorageFields(SignedFields, kw_only=True):
    """Keys to be removed from a user's storage."""

    key: list[str] = []


class Done(msgspec.Struct):
    """Nothing but a zero."""

    error: int = 0


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/set_user_storage",
    "/api/apps/set_user_storage",
    doc=_DOC + "user-data/set-user-storage",
    basis="documented",
    errors=error_tables.SET_STORAGE,
    envelope=Flat(),
)
def set_user_storage(call: Call[SetStorageFields]) -> Done:
    """Store pairs for a user; the signature is made with the user's session key."""
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
    errors=error_tables.STORAGE,
    envelope=Flat(),
)
def remove_user_storage(call: Call[RemoveStorageFields]) -> Done:
    """Remove keys from a user's storage."""
    app, person = signed_person(call)
    call.need("bad_params", "key")
    storage.remove(call.unit, app, person, call.fields.key)
    return Done()


@mini_game.endpoint(
    "POST",
    "/mgplatform/api/apps/subscribe_notification/developer/v1/notify",
    doc=_DOC + "notify",
    basis="documented",
    errors=error_tables.NOTIFY,
    envelope=Tips(ok=""),
    malformed=1000,
)
def notify(call: Call[NotifyFields]) -> None:
    """Send a subscription message of a game; values of data may be numbers."""
    send_notification(call)
