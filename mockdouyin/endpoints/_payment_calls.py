"""What the calls of guaranteed payment share: whose they are, their signature, their limits.

The order of the checks is assumed: app_id and thirdparty_id, sign, parameters, the number that
was used before, then the order itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from mockdouyin.core import _texts as type_texts
from mockdouyin.core.absent import describe_absent
from mockdouyin.core.apps import App
from mockdouyin.core.calls import Call, Fields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.malformed import Malformed, describe_json_error
from mockdouyin.core.parameters import has_json, parameters_as_sent
from mockdouyin.core.texts import Text, TextTemplate
from mockdouyin.domain.orders import AMOUNTS, MAX_AMOUNT
from mockdouyin.domain.owned_records import OwnedRecord, find, find_by_number
from mockdouyin.domain.providers import app_of_provider
from mockdouyin.domain.rate_limits import limit
from mockdouyin.domain.signatures import Keys, Signer, ecpay, why
from mockdouyin.endpoints import _payment_texts as texts
from mockdouyin.endpoints._settling_texts import FLAG

PRODUCTION_HOST, SANDBOX_HOST = ecpay.PRODUCTION_HOST, ecpay.SANDBOX_HOST

_NUMBER = re.compile(r"[0-9A-Za-z_\-*]{1,64}")


class SignedFields(Fields, kw_only=True):
    """The parameters of every call: an app, perhaps its service provider, and the signature."""

    FIRST_WHOSE: ClassVar[bool] = True
    HINTS: ClassVar[Mapping[str, TextTemplate]] = dict.fromkeys(AMOUNTS, texts.AMOUNT_TYPE)

    app_id: str = ""
    thirdparty_id: str = ""
    sign: str = ""


class Caller(NamedTuple):
    """Whose call it is, and in which environment."""

    app: App
    sandbox: bool


def limit_calls(
    call: Call[Any], who: str, most: int, window: float = 1.0, *, sandbox: bool
) -> None:
    """Refuse somebody's call that is one too many; the sandbox's do not use up production's."""
    limit(call, f"{who} sandbox" if sandbox else who, most, window, "rate_limited")


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
    caller = admit_unread(call, per_second)
    call.refuse_malformed()
    return caller


def admit_unread(call: Call[Any], per_second: int) -> Caller:
    """Return whose call it is, or refuse it; what is malformed is left to the endpoint."""
    caller = authenticate(call)
    limit_calls(call, caller.app.client_key, per_second, sandbox=caller.sandbox)
    return caller


def authenticate(call: Call[Any]) -> Caller:
    """Return whose call it is, or refuse it: app and provider are known, and the sign is right.

    What else is malformed is not refused yet, unless nothing of the request could be read.
    """
    fields: SignedFields = call.fields
    if fields == type(fields)():
        call.refuse_malformed()
    if not fields.app_id:
        raise DouyinError("bad_signature", call.problem or _why_no_app(call))
    app = call.known_app(fields.app_id, "bad_appid")
    if not app.payment.salt and not app.any_secret:
        raise DouyinError("bad_appid", texts.NO_PAYMENT(app=app.name))
    if fields.thirdparty_id:
        _check_provider(call, app, fields.thirdparty_id)
    caller = Caller(app, is_sandbox(call))
    if not app.any_secret:
        check_sign(call, caller)
    read_strictly(call)
    return caller


def _why_no_app(call: Call[Any]) -> Text:
    request = call.request
    if (request.body or request.query) and (unsigned := ecpay.why_unsigned(request)):
        return unsigned
    if "appid" in parameters_as_sent(request):
        return texts.APP_ID_MISSPELT()
    return texts.NO_SALT(missing=describe_absent(request, "app_id"))


def read_strictly(call: Call[Any]) -> None:
    """Take numbers that were sent as text for malformed, where the world's settings say so."""
    if not call.world.settings.strict_payments or call.problem or not has_json(call.request):
        return
    sent = parameters_as_sent(call.request)
    for field in msgspec.structs.fields(type(call.fields)):
        is_text = isinstance(sent.get(field.encode_name), str) and sent[field.encode_name]
        if is_text and field.type in (int, int | None):
            call.problem = type_texts.WRONG_TYPE(
                name=field.encode_name,
                wanted=type_texts.TYPE_WHOLE_NUMBER(),
                got=type_texts.TYPE_TEXT(),
            )
            return


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
        raise DouyinError("bad_signature", call.problem or texts.SIGN_MISSING())
    if unsigned := ecpay.why_unsigned(call.request):
        raise DouyinError("bad_signature", unsigned)
    app, of_provider = caller.app, bool(fields.thirdparty_id)
    sent = parameters_as_sent(call.request)
    salt = ecpay.right_salt(app.payment, provider=of_provider, sandbox=caller.sandbox)
    right = ecpay.plans_of(call.request, sent, Keys((salt,)))
    strict = call.world.settings.strict_payments
    if ecpay.ECPAY.is_right(fields.sign, right[:1] if strict else right):
        return
    if ecpay.ECPAY.is_right(fields.sign, right[1:]):
        raise DouyinError("bad_signature", texts.SIGN_OVER_JSON(signed=right[0].shown()))
    signer = Signer(call.world, call.unit, app, call.request, sent)
    keys = ecpay.keys_of(signer, provider=of_provider, sandbox=caller.sandbox)
    accepted = ecpay.plans_of(call.request, sent, keys)
    known = why(ecpay.ECPAY.diagnose(fields.sign, accepted))
    raise DouyinError("bad_signature", known or _why_unknown(app, sent, accepted[0].shown()))


def _why_unknown(app: App, sent: Mapping[str, Any], signed: str) -> Text:
    for name, value in sent.items():
        if isinstance(value, str) and _LOST.search(value):
            return texts.TEXT_LOST(name=name, signed=signed)
    return texts.SIGN_WRONG(app=app.client_key, signed=signed)


_LOST = re.compile(r"\?\?|\ufffd")
"""What a client's charset that lacks a character leaves of it."""


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
    if not value and least:
        raise DouyinError("bad_params", texts.AMOUNT_MISSING(name=name, least=least, most=most))
    if not least <= value <= most:
        why = texts.AMOUNT(name=name, got=str(value)[:30], least=least, most=most)
        raise DouyinError("bad_params", why)


def check_flag(name: str, value: int) -> None:
    """Refuse a flag that is neither 0 nor 1."""
    if value not in (0, 1):
        raise DouyinError("bad_params", FLAG(name=name, got=str(value)[:30], known=["0", "1"]))


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
