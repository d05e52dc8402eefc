"""What leads to the errors of merchants, withdrawals and bills."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from mockdouyin.core.apps import Payment
from mockdouyin.core.endpoint import Endpoint
from tests.endpoints.calls import Ask, Scene, good
from tests.endpoints.calls_merchant import PROVIDER
from tests.endpoints.provoke import Provoked, by


def _called(endpoint: Endpoint) -> tuple[Scene, Ask]:
    scene = Scene()
    return scene, good(scene, endpoint.full_name)


def _changed(endpoint: Endpoint, **changes: Any) -> Provoked:
    scene, ask = _called(endpoint)
    return Provoked(scene, ask.having(**changes), good=ask)


SIGNED = (
    *("query_merchant_balance", "merchant_withdraw", "query_withdraw_order"),
    *("get_app_merchant", "add_sub_merchant", "app_add_sub_merchant"),
    *("create_merchant", "query_merchant_status"),
)
BILLS = ("bill", "bills", "fund_bills")

NEEDED = {
    "query_merchant_balance": "merchant_uid",
    "merchant_withdraw": "out_order_id",
    "query_withdraw_order": "out_order_id",
    "add_merchant": "url_type",
    "get_app_merchant": "url_type",
    "add_sub_merchant": "sub_merchant_id",
    "app_add_sub_merchant": "sub_merchant_id",
    "create_merchant": "create_name",
    "image_upload": "image_type",
    "query_merchant_status": "merchant_id",
    "bill": "bill_type",
    "bills": "bill_date",
    "fund_bills": "trade_type",
}
"""A parameter that an operation cannot do without, at either host."""


@by(*(("ecpay." + name, "bad_params") for name in NEEDED))
@by(("merchant", "bad_params"))
def _a_parameter_is_missing(endpoint: Endpoint) -> Provoked:
    name = NEEDED[endpoint.name]
    scene, ask = _called(endpoint)
    detail = f"{name} must have a value"
    return Provoked(scene, ask.having(**{name: None}), detail, good=ask)


@by(("ecpay.merchant_page", "bad_params"))
def _the_link_is_unknown(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, link="0" * 32)


@by(("ecpay.bill_file", "bad_params"))
def _the_sign_is_another_ones(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, sign="0" * 64)


@by("merchant_mismatch")
def _the_merchant_is_another_apps(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    scene.amend("mini_game", payment=Payment(merchant_uid="79999999999999999999"))
    sent = {**ask.query, **(ask.fields or {})}
    name = "merchant_id" if "merchant_id" in sent else "merchant_uid"
    return Provoked(scene, ask.having(**{name: "79999999999999999999"}), good=ask)


@by("no_such_withdrawal")
def _there_is_no_such_withdrawal(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, out_order_id="NO-SUCH-WITHDRAWAL")


@by("app_mismatch")
def _the_token_is_another_apps(endpoint: Endpoint) -> Provoked:
    names = ("app_id", "thirdparty_id", "thirdparty_component_id")
    scene, ask = _called(endpoint)
    sent = {**ask.query, **(ask.fields or {})}
    name = next(name for name in names if name in sent)
    if endpoint.family.name == "ecpay":
        return Provoked(scene, ask.with_token(scene.app_token("mini_game")), good=ask)
    other = "tt00000000000000ff01" if name == "app_id" else "tt00000000000000aa02"
    return Provoked(scene, ask.having(**{name: other}), good=ask)


@by(("ecpay.add_merchant", "invalid_token"))
def _the_providers_token_is_unknown(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, component_access_token="fa4e" * 40)


@by(("ecpay.add_merchant", "bad_provider"))
def _nobody_has_the_provider(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, thirdparty_component_id="tt00000000000000aa02")


@by(("ecpay.get_app_merchant", "provider_not_authorized"))
@by(("ecpay.add_sub_merchant", "provider_not_authorized"))
def _the_provider_is_another_apps(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    other = "tt00000000000000aa02"
    payment = replace(scene.app("mini_game").payment, thirdparty_id=other, thirdparty_salt="fa4e")
    scene.amend("mini_game", payment=payment)
    key = scene.app("mini_program").client_key
    return Provoked(scene, ask.having(thirdparty_id=other, app_id=key), good=ask)


@by(("ecpay.add_sub_merchant", "bad_appid"), ("ecpay.get_app_merchant", "bad_appid"))
def _nobody_has_the_app_id(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, app_id="tt00000000000000ff01")


@by(("ecpay.image_upload", "bad_provider"))
def _the_picture_is_of_an_unknown_provider(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, app_id=None, thirdparty_id="tt00000000000000aa02")


@by(("ecpay.add_merchant", "rate_limited"), ("ecpay.add_sub_merchant", "rate_limited"))
def _the_provider_is_over_the_limit(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    scene.set(limits="enforce")
    scene.called(f"{endpoint.full_name} {PROVIDER}", 1000, 1.0)
    return Provoked(scene, ask)


@by(("merchant", "rate_limited"))
def _it_is_over_the_limit_of_a_second(endpoint: Endpoint) -> Provoked:
    scene, ask = _called(endpoint)
    scene.set(limits="enforce")
    key = scene.app("mini_program").client_key
    scene.called(f"{endpoint.full_name} {key}", 1000, 1.0)
    return Provoked(scene, ask)


# The application.


@by("bad_channels")
def _a_channel_is_unknown(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, channels=["wx", "paypal"])


@by("no_channels")
def _there_are_no_channels(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, channels=[])


@by("bad_merchant_type")
def _there_is_no_ninth_type_of_merchant(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, merchant_type=9)


@by("bad_type")
def _there_is_no_fifth_type(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, type=5)


@by("no_sub_merchant")
def _the_partner_has_no_number(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, sub_merchant_id=None)


@by("no_provider")
def _type_2_names_nobody(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, type=2, sub_merchant_id=None)


@by("no_provider_or_app")
def _type_3_names_no_provider(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, type=3)


@by("no_provider_or_sub_merchant")
def _type_4_names_no_provider(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, type=4)


@by("no_merchant_name")
def _the_name_is_missing(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, merchant_name=None)


@by("no_short_name")
def _the_short_name_is_missing(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, merchant_short_name=None)


def _license(endpoint: Endpoint, channels: tuple[str, ...] = (), **changes: str) -> Provoked:
    scene, ask = _called(endpoint)
    given = (ask.fields or {})["business_license"]
    pictures = given["business_license_picurl"]
    if isinstance(pictures, dict):
        left: Any = {name: url for name, url in pictures.items() if name not in channels}
    else:
        left = [each for each in pictures if each["channel"] not in channels]
    license = {**given, "business_license_picurl": left, **changes}
    return Provoked(scene, ask.having(business_license=license), good=ask)


@by("no_license_wx")
def _no_picture_for_wechat(endpoint: Endpoint) -> Provoked:
    return _license(endpoint, ("wx",))


@by("no_license_alipay")
def _no_picture_for_alipay(endpoint: Endpoint) -> Provoked:
    return _license(endpoint, ("alipay",))


@by("no_license_hz")
def _no_picture_for_douyin(endpoint: Endpoint) -> Provoked:
    return _license(endpoint, ("hz",))


@by("bad_license_dates")
def _the_licence_ends_before_it_begins(endpoint: Endpoint) -> Provoked:
    return _license(endpoint, end_date="20201231")


# Bills.


@by("backwards")
def _the_end_is_before_the_start(endpoint: Endpoint) -> Provoked:
    return _changed(endpoint, end_date="20251231")
