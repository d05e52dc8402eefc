"""Who acts for a merchant: by a signature at developer.toutiao.com, by a token at open.douyin.com.

The same operations are at both hosts, over the same state. Their requests differ by `sign` and
`access-token`, their answers by the envelope.
"""

from __future__ import annotations

from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.core.endpoint import Family
from mockdouyin.core.envelopes import Gateway
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.pages import origin_of
from mockdouyin.domain import merchants
from mockdouyin.domain.merchants import Acting
from mockdouyin.domain.providers import app_of_provider, is_own_token, provider_of, served_by
from mockdouyin.domain.rate_limits import limit_app
from mockdouyin.domain.tokens import app_of_token, check_ability
from mockdouyin.endpoints import _merchant_texts as texts
from mockdouyin.endpoints import _payment_texts as payment_texts
from mockdouyin.endpoints._payment_calls import (
    PRODUCTION_HOST,
    SANDBOX_HOST,
    Caller,
    SignedFields,
    authenticate,
    check_sign,
    is_sandbox,
    limit_calls,
    read_strictly,
)
from mockdouyin.endpoints.error_tables import merchants as tables

merchant: Family = Family(
    "merchant",
    hosts=("open.douyin.com",),
    envelope=Gateway(),
    malformed=2010,
    errors=tables.BY_TOKEN,
)
"""What open.douyin.com has of merchants and bills."""

MAX_ID = 128
"""Bytes of a merchant_uid and of an out_order_id."""


@cache
def by_token(kind: type[SignedFields]) -> type[Fields]:
    """Return the parameters of the twin at open.douyin.com: a token in place of a signature."""
    own = [
        (field.name, field.type, msgspec.field(default_factory=field.default_factory))
        if field.default is msgspec.NODEFAULT
        else (field.name, field.type, field.default)
        for field in msgspec.structs.fields(kind)
        if field.name != "sign"
    ]
    made: Any = msgspec.defstruct(
        f"{kind.__name__}ByToken", own, bases=(TokenFields,), module=__name__, kw_only=True
    )
    made.__doc__ = kind.__doc__
    twin: type[Fields] = made
    return twin


def acting(call: Call[Any]) -> Acting:
    """Return who calls, or refuse the call."""
    return _by_token(call) if call.endpoint.family is merchant else by_sign(call)


def by_sign(call: Call[Any]) -> Acting:
    """Return who signed a call: an app, a provider for an app, or a provider for itself."""
    fields: SignedFields = call.fields
    if fields.app_id or not fields.thirdparty_id:
        caller = authenticate(call)
        acts = Acting(caller.app, fields.thirdparty_id, sandbox=caller.sandbox)
    else:
        app = provider_app(call, fields.thirdparty_id)
        acts = Acting(app, fields.thirdparty_id, is_own=True, sandbox=is_sandbox(call))
        if not app.any_secret:
            check_sign(call, Caller(app, acts.sandbox))
        read_strictly(call)
    limit_calls(call, acts.owner, call.world.settings.calls_per_second, sandbox=acts.sandbox)
    call.refuse_malformed()
    return acts


def provider_app(call: Call[Any], provider: str) -> App:
    """Return the first app that a service provider serves, or refuse the call."""
    app = app_of_provider(call.world, provider)
    if app is None:
        why = payment_texts.PROVIDER_UNKNOWN(provider=provider)
        raise DouyinError("bad_provider", why)
    call.app = app
    return app


def app_by_token(call: Call[Any]) -> App:
    """Return the app whose token a call carries, or one whose provider's it is; or refuse it."""
    provider = provider_of(call.fields)
    if not is_own_token(call.world, provider, call.token):
        return app_of_token(call, "client")
    key = getattr(call.fields, "app_id", "")
    served = served_by(call.world, provider)
    call.app = next((app for app in served if app.client_key == key), served[0])
    check_ability(call, call.app)
    limit_app(call, call.app.client_key)
    return call.app


def _by_token(call: Call[Any]) -> Acting:
    app = app_by_token(call)
    key = getattr(call.fields, "app_id", "")
    provider = getattr(call.fields, "thirdparty_id", "")
    check_own(app, "app_id", key, app.client_key)
    check_own(app, "thirdparty_id", provider, app.payment.thirdparty_id)
    return Acting(app, provider, is_own=bool(provider and not key), sandbox=is_sandbox(call))


def check_own(app: App, name: str, got: str, own: str) -> None:
    """Refuse a call whose token is not of the app or the provider that it names."""
    if got and got != own:
        why = texts.APP_NOT_OF_TOKEN(app=app.name, name=name, got=got[:80])
        raise DouyinError("app_mismatch", why)


def check_merchant(call: Call[Any], acts: Acting, id: str) -> None:
    """Refuse a call about a merchant that is not the caller's."""
    if merchants.may_act(call.world, call.unit, acts, id):
        return
    found = merchants.look_up_anywhere(call.unit, id)
    owners = [app for app in call.world.apps.values() if app.payment.merchant_uid == id]
    owner = found.owner if found is not None else owners[0].name if owners else ""
    why = (
        texts.MERCHANT_OF_OTHER(id=id[:80], owner=owner, app=acts.app.name)
        if owner
        else texts.MERCHANT_UNKNOWN(id=id[:80])
    )
    raise DouyinError("merchant_mismatch", why)


def origin(call: Call[Any]) -> str:
    """Return the start of a link that leads back here, and to the world of the call."""
    hosts = (PRODUCTION_HOST, SANDBOX_HOST, *merchant.hosts)
    start = origin_of(call.request, hosts)
    if urlsplit(start).hostname in hosts:
        return f"https://{PRODUCTION_HOST}"
    is_named = call.request.world or call.world.name == "default"
    return start if is_named else f"{start}/@{quote(call.world.name, safe='')}"


def check_one_of(name: str, got: Any, known: tuple[Any, ...]) -> None:
    """Refuse a value that is none of those that the platform knows."""
    if got not in known:
        why = texts.NOT_ONE_OF(name=name, got=str(got)[:80], known=list(known))
        raise DouyinError("bad_params", why)
