"""The application of create_merchant (进件), and one refusal for each thing that it lacks."""

from __future__ import annotations

import re
from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.domain.merchants import CHANNELS, Form
from mockdouyin.endpoints import _merchant_texts as texts
from mockdouyin.endpoints._payment_calls import SignedFields, check_length, check_url

MERCHANT_TYPES = range(1, 9)
"""1 a person, 2 a company, 3 a sole trader, 4 a micro merchant, … 8 an authority."""

WITHOUT_LICENSE = (1, 4)
"""The types that have no business licence (assumed)."""

_NEEDED = (
    *("province_code", "city_code", "district_code", "registered_addr"),
    *("legal_person", "merchant_card_info", "merchant_operation_info"),
    *("industry_code", "out_order_id", "create_name"),
)
"""What has no text of its own in the docs' table."""

_DATE = re.compile(r"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")


class ApplicationFields(SignedFields, kw_only=True):
    """Who is onboarded, for whom, to which channels."""

    type: int = 0
    sub_merchant_id: str = ""
    callback_url: str = ""
    channels: Any = None
    merchant_type: int = 0
    merchant_name: str = ""
    merchant_short_name: str = ""
    province_code: str = ""
    city_code: str = ""
    district_code: str = ""
    registered_addr: str = ""
    business_license: Any = None
    """A picture of it for each channel, as `{"wx": id}` or as `[{"channel": "wx", "url": id}]`."""
    legal_person: Any = None
    merchant_card_info: Any = None
    merchant_operation_info: Any = None
    industry_code: Any = None
    out_order_id: str = ""
    create_name: str = ""
    beneficiary_type: str = ""
    beneficiary: Any = None


def read_form(call: Call[Any]) -> Form:
    """Return what an application says, or refuse it for the first thing that is wrong."""
    fields = call.fields
    _check_type(fields)
    if fields.merchant_type not in MERCHANT_TYPES:
        _refuse("bad_merchant_type", "merchant_type", fields.merchant_type)
    channels = _channels(fields.channels)
    for name, case in (
        ("merchant_name", "no_merchant_name"),
        ("merchant_short_name", "no_short_name"),
    ):
        if not getattr(fields, name):
            _refuse(case, name)
    if fields.merchant_type not in WITHOUT_LICENSE:
        _check_license(call, channels)
    call.need("bad_params", *_NEEDED)
    check_length("sub_merchant_id", fields.sub_merchant_id, 64)
    check_length("merchant_name", fields.merchant_name, 256)
    check_url(call, "callback_url", fields.callback_url, 1024)
    card = _struct("merchant_card_info", fields.merchant_card_info)
    return Form(
        name=fields.merchant_name,
        channels=channels,
        account=str(card.get("account_no", ""))[:64],
        bank=str(card.get("bank_full_name", ""))[:128],
        alipay=str(card.get("alipay_account_no", ""))[:128],
    )


def _check_type(fields: Any) -> None:
    """Refuse an application whose type needs somebody who is not named.

    Which type needs whom follows from the order of the texts in the docs (assumed); an app with a
    merchant of its own is enough for type 2, as in the docs' sample.
    """
    by_app = fields.app_id and fields.sub_merchant_id
    provider = fields.thirdparty_id
    missing = {
        1: ("no_sub_merchant", by_app),
        2: ("no_provider", provider or by_app),
        3: ("no_provider_or_app", provider and by_app),
        4: ("no_provider_or_sub_merchant", provider and fields.sub_merchant_id),
    }
    if fields.type not in missing:
        _refuse("bad_type", "type", fields.type)
    case, is_named = missing[fields.type]
    if not is_named:
        names = ("thirdparty_id", "app_id", "sub_merchant_id")
        absent = next(name for name in reversed(names) if not getattr(fields, name))
        raise DouyinError(case, texts.FIELD_MISSING(name=absent))


def _channels(given: Any) -> tuple[str, ...]:
    if not given:
        _refuse("no_channels", "channels")
    known = isinstance(given, list) and all(each in CHANNELS for each in given)
    if not known or len(set(given)) != len(given):
        raise DouyinError("bad_channels", texts.CHANNELS_UNFIT(got=str(given)[:120]))
    return tuple(given)


def _check_license(call: Call[Any], channels: tuple[str, ...]) -> None:
    call.need("bad_params", "business_license")
    license = _struct("business_license", call.fields.business_license)
    pictures = _pictures(license.get("business_license_picurl"))
    for channel in channels:
        if not pictures.get(channel):
            raise DouyinError(f"no_license_{channel}", texts.NO_LICENSE(channel=channel))
    begin, end = (str(license.get(name) or "") for name in ("begin_date", "end_date"))
    if not _DATE.fullmatch(begin) or not _DATE.fullmatch(end) or begin >= end:
        raise DouyinError("bad_license_dates", texts.DATES(begin=begin[:40], end=end[:40]))


def _pictures(given: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    items = given if isinstance(given, list) else []
    named = [each for each in items if isinstance(each, dict)]
    return {str(each.get("channel", "")): each.get("url") for each in named}


def _struct(name: str, given: Any) -> dict[str, Any]:
    if isinstance(given, dict):
        return given
    raise DouyinError("bad_params", texts.FIELD_WRONG(name=name, got=str(given)[:80]))


def _refuse(case: str, name: str, got: Any = None) -> None:
    why = (
        texts.FIELD_WRONG(name=name, got=str(got)[:80]) if got else texts.FIELD_MISSING(name=name)
    )
    raise DouyinError(case, why)
