"""What the calls of guaranteed payment share: whose they are, their signature, their limits.

The order of the checks is assumed: app_id and thirdparty_id, sign, parameters, the number that
was used before, then the order itself.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.malformed import Malformed, describe_json_error
from mockdouyin.core.parameters import parameters_as_sent
from mockdouyin.domain.orders import MAX_AMOUNT
from mockdouyin.domain.owned_records import OwnedRecord, find, find_by_number
from mockdouyin.domain.providers import app_of_provider
from mockdouyin.domain.rate_limits import limit
from mockdouyin.domain.signatures import Keys, Signer, ecpay, why
from mockdouyin.endpoints import _payment_texts as texts

PRODUCTION_HOST, SANDBOX_HOST = ecpay.PRODUCTION_HOST, ecpay.SANDBOX_HOST

_NUMBER = re.compile(r"[0-9A-Za-z_\-*]{1,64}")


class SignedFields(Fields, kw_only=True):
    """The parameters of every call: an app, perhaps its service provider, and the signature."""

    app_id: str = ""
    thirdparty_id: str = ""
    sign: str = ""


class Caller(NamedTuple):
    """Whose call it is, and in which environment."""

    app: App
    sandbox: bool


R = TypeVar("R", bound=OwnedRecord)


def own(call: Call[Any], caller: Caller, kind: type[R], number: str) -> R | None:
    """Return a caller's order, refund, … by the number that it gave it itself."""
    return find(call.unit, kind, caller.app.client_key, number, sandbox=caller.sandbox)


def own_by_number(call: Call[Any], caller: Caller, kind: type[R], number: str) -> R | None:
    """Return a caller's settlement, return, … by the platform's number, in its environment."""
    found = find_by_number(call.unit, kind, caller.app.client_key, number)
    return found if found is not None and found.sandbox == caller.sandbox else None


def is_sandbox(call: Call[Any]) -> bool:
    """Whether a call is to the sandbox."""
    return ecpay.at_sandbox(call.world, call.request)


def admit(call: Call[Any], per_second: int) -> Caller:
    """Return whose call it is, or refuse it; an app may make so many such calls in a second."""
    caller = authenticate(call)
    limit(call, caller.app.client_key, per_second, 1.0, "rate_limited")
    return caller


def authenticate(call: Call[Any]) -> Caller:
    """Return whose call it is, or refuse it: app and provider are known, and the sign is right."""
    fields: SignedFields = call.fields
    if not fields.app_id:
        raise DouyinError("bad_signature", texts.APP_ID_MISSING())
    app = call.known_app(fields.app_id, "bad_appid")
    if not app.payment.salt and not app.any_secret:
        raise DouyinError("bad_appid", texts.NO_PAYMENT(app=app.name))
    if fields.thirdparty_id:
        _check_provider(call, app, fields.thirdparty_id)
    caller = Caller(app, is_sandbox(call))
    if not app.any_secret:
        check_sign(call, caller)
    return caller


def _check_provider(call: Call[Any], app: App, provider: str) -> None:
    if app.payment.thirdparty_id == provider:
        return
    if app_of_provider(call.world, provider) is not None:
        why = texts.PROVIDER_OF_OTHER(app=app.name, provider=provider)
        raise DouyinError("provider_not_authorized", why)
    raise DouyinError("bad_provider", texts.PROVIDER_UNKNOWN(provider=provider))


def check_sign(call: Call[Any], caller: Caller) -> None:
    """Refuse a call that is not signed by the SALT of its app, or of its provider.

    What is posted otherwise than as JSON is taken for unsigned: a text of the platform's for 2008
    asks for JSON. That it does so with a right sign is assumed.
    """
    try:
        _check_sign(call, caller)
    except (Malformed, RecursionError) as error:  # in a field that no endpoint has, but is signed
        why = error.why if isinstance(error, Malformed) else describe_json_error(error)
        raise DouyinError(call.endpoint.malformed, why) from None


def _check_sign(call: Call[Any], caller: Caller) -> None:
    fields: SignedFields = call.fields
    if not fields.sign:
        raise DouyinError("bad_signature", texts.SIGN_MISSING())
    if unsigned := ecpay.why_unsigned(call.request):
        raise DouyinError("bad_signature", unsigned)
    app, of_provider = caller.app, bool(fields.thirdparty_id)
    sent = parameters_as_sent(call.request)
    salt = ecpay.right_salt(app.payment, provider=of_provider, sandbox=caller.sandbox)
    if ecpay.ECPAY.is_right(fields.sign, ecpay.plans_of(call.request, sent, Keys((salt,)))):
        return
    signer = Signer(call.world, call.unit, app, call.request, sent)
    keys = ecpay.keys_of(signer, provider=of_provider, sandbox=caller.sandbox)
    accepted = ecpay.plans_of(call.request, sent, keys)
    known = why(ecpay.ECPAY.diagnose(fields.sign, accepted))
    raise DouyinError("bad_signature", known or texts.SIGN_WRONG(signed=accepted[0].shown()))


# Parameters: what is out of bounds is refused as `bad_params`.


def check_number(call: Call[Any], name: str) -> None:
    """Refuse a call whose number of the app's own is missing, or has other characters."""
    call.need("bad_params", name)
    value = getattr(call.fields, name)
    if not _NUMBER.fullmatch(value):
        raise DouyinError("bad_params", texts.NUMBER_FORM(name=name, got=value[:80]))


def check_length(name: str, value: str, most: int) -> None:
    """Refuse a text of more bytes."""
    length = len(value.encode(errors="surrogatepass"))
    if length > most:
        raise DouyinError("bad_params", texts.TOO_LONG(name=name, length=length, most=most))


def check_amount(name: str, value: int, least: int = 1, most: int = MAX_AMOUNT) -> None:
    """Refuse an amount that is out of bounds."""
    if not least <= value <= most:
        why = texts.AMOUNT(name=name, got=str(value)[:30], least=least, most=most)
        raise DouyinError("bad_params", why)


def check_url(call: Call[Any], name: str, url: str, most: int = 256) -> None:
    """Refuse a callback's URL that is none; with `strict_urls` also one that is not https at 443.

    Otherwise plain http and other ports are accepted: whether anything is sent there is decided
    when it is sent.
    """
    if not url:
        return
    check_length(name, url, most)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise DouyinError("bad_params", texts.URL_FORM(name=name, got=url[:200]))
    if call.world.settings.strict_urls and (parts.scheme != "https" or port not in (None, 443)):
        raise DouyinError("bad_params", texts.URL_STRICT(name=name, got=url[:200]))
