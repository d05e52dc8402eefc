"""Onboarding a merchant by calls (接口进件): the application, its pictures, and how it stands."""

from __future__ import annotations

from typing import Any

import msgspec

from mockdouyin.core.calls import Call, Fields, TokenFields
from mockdouyin.core.errors import DouyinError
from mockdouyin.core.multipart import File
from mockdouyin.domain import merchants
from mockdouyin.domain.merchant_reviews import STANDINGS, begin_review
from mockdouyin.domain.merchants import CHANNELS, Acting, Merchant, Standing
from mockdouyin.domain.providers import check_own_token
from mockdouyin.domain.tokens import app_of_token
from mockdouyin.domain.uploads import MB
from mockdouyin.endpoints import _merchant_texts as texts
from mockdouyin.endpoints._merchant_calls import (
    MAX_ID,
    acting,
    by_sign,
    by_token,
    check_merchant,
    check_own,
    merchant,
    provider_app,
)
from mockdouyin.endpoints._merchant_form import ApplicationFields, read_form
from mockdouyin.endpoints._payment_calls import SignedFields, check_length
from mockdouyin.endpoints._sent_files import sent_file
from mockdouyin.endpoints.ecpay import ecpay
from mockdouyin.endpoints.ecpay_merchants import PATH
from mockdouyin.endpoints.error_tables import merchants as tables
from mockdouyin.endpoints.merchant_links import PATH_V3

_OLD = "mini-app/develop/server/payment/ecpay/apply/"
_NEW = "mini-app/develop/server/payment/trade-system/general/applyments/api/"
_SCOPE = "trade_basic.developer.create_merchant"

MAX_IMAGE = 2 * MB
IMAGE_TYPES = ("png", "jpg", "jpeg", "bmp")


class SignedApplication(ApplicationFields, kw_only=True):
    """An application that is signed, with a token of the app's or the provider's in its body."""

    access_token: str = ""
    component_access_token: str = ""


class Applied(msgspec.Struct):
    """The number of the application, and that of the merchant."""

    apply_id: str = ""
    merchant_id: str = ""


def _check_token(call: Call[Any], *, limited: bool) -> None:
    """Refuse a call without a token of its app's or its provider's own."""
    fields = call.fields
    if fields.component_access_token and fields.thirdparty_id and not call.token:
        check_own_token(call, fields.thirdparty_id, fields.component_access_token)
        return
    app = app_of_token(call, "app", limited=limited)
    check_own(app, "app_id", fields.app_id, app.client_key)


@ecpay.endpoint(
    "POST",
    PATH + "create_merchant",
    doc=_OLD + "create",
    basis="documented",
    errors=tables.CREATE,
)
def create_merchant(call: Call[SignedApplication]) -> Applied:
    """Hand in a merchant's application; the same again returns the same merchant."""
    acts = by_sign(call)
    _check_token(call, limited=False)
    return _apply(call, acts)


def create_merchant_by_token(call: Call[Any]) -> Applied:
    """Hand in a merchant's application; the same again returns the same merchant."""
    return _apply(call, acting(call))


merchant.add(
    "create_merchant",
    "POST",
    PATH_V3 + "create_merchant/",
    handler=create_merchant_by_token,
    types=lambda: (by_token(ApplicationFields), Applied),
    about=create_merchant_by_token.__doc__ or "",
    doc=_NEW + "create-merchant",
    basis="documented",
    errors=tables.CREATE_BY_TOKEN,
    scope=_SCOPE,
)


def _apply(call: Call[Any], acts: Acting) -> Applied:
    form = read_form(call)
    found = merchants.begin(call.world, call.unit, acts, call.fields.sub_merchant_id)
    made = begin_review(call.world, call.unit, found, form, call.fields.callback_url)
    return Applied(made.apply_id, made.id)


# Pictures.


class PaperFields(Fields, kw_only=True):
    """A picture of a paper, and its type."""

    app_id: str = ""
    thirdparty_id: str = ""
    access_token: str = ""
    component_access_token: str = ""
    image_type: str = ""
    image_content: File | None = None


class ImageByToken(TokenFields, kw_only=True):
    """A picture of a paper, and its type."""

    image_type: str = ""
    image_content: File | None = None


class Image(msgspec.Struct):
    """What an application names the picture by."""

    image_id: str


@ecpay.endpoint(
    "POST",
    PATH + "image_upload",
    doc=_OLD + "image-upload",
    basis="documented",
    errors=tables.IMAGE,
    body_limit=MAX_IMAGE + MB,
)
def image_upload(call: Call[PaperFields]) -> Image:
    """Upload a picture of up to 2 MB, for an application."""
    fields = call.fields
    if fields.thirdparty_id and not fields.app_id:
        provider_app(call, fields.thirdparty_id)
    else:
        call.need("bad_params", "app_id")
    _check_token(call, limited=True)
    return _image(call)


def image_upload_by_token(call: Call[ImageByToken]) -> Image:
    """Upload a picture of up to 2 MB, for an application."""
    app_of_token(call, "client")
    return _image(call)


merchant.add(
    "image_upload",
    "POST",
    PATH_V3 + "image_upload/",
    handler=image_upload_by_token,
    types=lambda: (ImageByToken, Image),
    about=image_upload_by_token.__doc__ or "",
    doc=_NEW + "image-upload",
    basis="documented",
    errors=tables.IMAGE_BY_TOKEN,
    body_limit=MAX_IMAGE + MB,
    scope=_SCOPE,
)


def _image(call: Call[Any]) -> Image:
    file = sent_file(call, "image_content", MAX_IMAGE, "file_too_large")
    call.need("bad_params", "image_type")
    got = call.fields.image_type.lower().removeprefix("image/")
    if got not in IMAGE_TYPES:
        raise DouyinError("bad_params", texts.IMAGE_TYPE(got=got[:40], known=list(IMAGE_TYPES)))
    return Image("tos-cn-i-01omznotxb/" + call.world.ids.hex(32, "merchant.image", file.md5))


# How an application stands.


class StatusFields(SignedFields, kw_only=True):
    """A merchant."""

    merchant_id: str = ""
    sub_merchant_id: str = ""


class ChannelStatus(msgspec.Struct):
    """How an application stands in one channel."""

    status: str
    reject_reason: str
    legal_validation_url: str
    legal_sign_url: str
    merchant_id: str


class Status(msgspec.Struct):
    """The older answer has a number for two channels, the newer one words for all of them."""

    wx: int
    alipay: int
    merchant_status_info: dict[str, ChannelStatus]


class StatusByToken(msgspec.Struct):
    """How an application stands in each channel."""

    merchant_status_info: dict[str, ChannelStatus]
    new_merchant_status_info: dict[str, ChannelStatus] = {}


def _standings(call: Call[Any]) -> tuple[dict[str, Standing], str]:
    """Return how a merchant stands in the channels it applied for, and why it was refused."""
    acts, fields = acting(call), call.fields
    call.need("bad_params", "merchant_id")
    check_length("merchant_id", fields.merchant_id, MAX_ID)
    check_merchant(call, acts, fields.merchant_id)
    found = merchants.find(call.unit, acts, fields.merchant_id)
    if found is None:
        return dict.fromkeys(CHANNELS, Standing.OK), ""
    _check_own_number(found, fields.sub_merchant_id)
    standings = {channel: found.standing_in(channel, call.now) for channel in CHANNELS}
    return standings, found.reason


def _check_own_number(found: Merchant, number: str) -> None:
    if number and number != found.sub_merchant_id:
        own = found.sub_merchant_id
        why = texts.SUB_MERCHANT_OTHER(id=found.id, own=own, got=number[:80])
        raise DouyinError("merchant_mismatch", why)


def _infos(
    call: Call[Any], standings: dict[str, Standing], reason: str
) -> dict[str, ChannelStatus]:
    return {
        channel: ChannelStatus(
            STANDINGS[standing],
            reason if standing in (Standing.REFUSED, Standing.FROZEN) else "",
            "",
            "",
            call.fields.merchant_id,
        )
        for channel, standing in standings.items()
        if standing is not Standing.NONE
    }


@ecpay.endpoint(
    "POST",
    PATH + "query_merchant_status",
    doc=_OLD + "query",
    basis="documented",
    errors=tables.STATUS,
)
def query_merchant_status(call: Call[StatusFields]) -> Status:
    """Return how a merchant's application stands: 0 none, 1 ok, 2 refused, 3 review, 4 frozen."""
    standings, reason = _standings(call)
    infos = _infos(call, standings, reason)
    return Status(int(standings["wx"]), int(standings["alipay"]), infos)


def query_merchant_status_by_token(call: Call[Any]) -> StatusByToken:
    """Return how a merchant's application stands in each channel."""
    return StatusByToken(_infos(call, *_standings(call)))


merchant.add(
    "query_merchant_status",
    "POST",
    PATH_V3 + "query_merchant_status/",
    handler=query_merchant_status_by_token,
    types=lambda: (by_token(StatusFields), StatusByToken),
    about=query_merchant_status_by_token.__doc__ or "",
    doc=_NEW + "query-merchant-status",
    basis="documented",
    errors=tables.MERCHANT_BY_TOKEN,
    scope=_SCOPE,
)
