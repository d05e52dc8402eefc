"""Answer a call of a declared operation: credentials, parameters, the resource, the reply."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain.business_tokens import business_of_token
from mockdouyin.domain.grants import OfConsent, check_open_id, user_of_token
from mockdouyin.domain.tokens import AppTokenKind, app_of_token
from mockdouyin.endpoints import _texts as texts
from mockdouyin.endpoints.declared.actions import Outcomes, act
from mockdouyin.endpoints.declared.checks import sent_values
from mockdouyin.endpoints.declared.operation import Operation, TokenKind
from mockdouyin.endpoints.declared.replies import ReplyValues
from mockdouyin.endpoints.own_actions import OWN


def answer(call: Call[Any], operation: Operation) -> Any:
    """Answer as the declaration says; return the bare payload."""
    owner = _ADMIT[operation.token](call)
    if call.request.too_long:
        raise DouyinError("bad_params", texts.BODY_TOO_LARGE(size=str(call.request.too_long)))
    sent = _sent(call, operation)
    outcomes = _outcomes(call, operation, owner, sent)
    if operation.gives is None:
        return None
    return ReplyValues(call, operation, sent, outcomes).make(operation.gives)


def _sent(call: Call[Any], operation: Operation) -> dict[str, Any]:
    """Return what was sent; a parameter may have an error of its own, `bad_` and its name."""
    try:
        return sent_values(call.fields, operation.takes)
    except DouyinError as error:
        own = "bad_" + re.split(r"[ .\[]", error.detail, maxsplit=1)[0]
        if not any(f" {own} " in text for text in operation.source.errors):
            raise
        raise DouyinError(own, error.why) from None


def _outcomes(call: Call[Any], operation: Operation, owner: str, sent: dict[str, Any]) -> Outcomes:
    own = OWN.get(operation.name)
    if own is not None:
        outcomes: Outcomes = own(call, operation, owner, sent)
        return outcomes
    return {} if operation.does is None else act(call, operation, owner, sent)


def _admit_person(of_token: Callable[[Call[Any]], tuple[App, OfConsent]], call: Call[Any]) -> str:
    app, token = of_token(call)
    if getattr(call.fields, "open_id", None):
        check_open_id(call, app, token.person)
    return app.client_key


def _admit_app(kind: AppTokenKind, call: Call[Any]) -> str:
    return app_of_token(call, kind).client_key


def _admit_anyone(call: Call[Any]) -> str:
    for name in call.endpoint.types.app_keys:
        app = call.world.apps.get(getattr(call.fields, name) or "")
        if app is not None:
            call.app = app
            return app.client_key
    return ""


_ADMIT: dict[TokenKind, Callable[[Call[Any]], str]] = {
    "none": _admit_anyone,
    "app": partial(_admit_app, "app"),
    "client": partial(_admit_app, "client"),
    "authorizer": partial(_admit_app, "client"),
    "user": partial(_admit_person, user_of_token),
    "business": partial(_admit_person, business_of_token),
}
"""How the caller is known by each kind of token; each returns the app's key."""
