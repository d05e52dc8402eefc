"""Operations on merchants: how their applications stand, and how the reviews end."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from mockdouyin.control._error_texts import NO_MERCHANT, NOT_APPLIED
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._shown import Shown
from mockdouyin.core.clock import iso
from mockdouyin.core.errors import MockDouyinError, NotFoundError, suggestion
from mockdouyin.core.store import Unit
from mockdouyin.domain import act_texts, merchants
from mockdouyin.domain.ledger import Place, Purse, held
from mockdouyin.domain.merchant_reviews import end_review
from mockdouyin.domain.merchants import Acting, Merchant, Standing

MAX_LISTED = 1000
"""Merchants in one answer, at most."""


class MerchantShown(Shown):
    """A merchant that was onboarded here, and what it has, in 分.

    在这里进件的一个商户，以及它的资金，单位分。
    """

    merchant_id: str
    app: str
    """The client_key of the app for which it is onboarded.

    为哪个应用进件：client_key。"""
    owner: str
    """That client_key, or the thirdparty_id of a provider who is onboarded itself.

    这个 client_key，或自己进件的服务商的 thirdparty_id。"""
    sub_merchant_id: str
    sandbox: bool
    standing: str
    """`none`, `in_review`, `ok`, `refused` or `frozen`.

    `none`、`in_review`、`ok`、`refused` 或 `frozen`。"""
    name: str
    channels: list[str]
    reason: str
    """Why it was refused or frozen.

    为什么被拒绝或冻结。"""
    review_ends: str
    """When its review ends or ended; empty while it has not applied.

    审核何时结束；还没有申请则是空的。"""
    in_transit: int
    balance: int
    frozen: int
    withdrawn: int


class MerchantsShown(Shown):
    """The merchants that were onboarded here.

    在这里进件的商户。
    """

    merchants: list[MerchantShown]
    more: bool


class MerchantsQuery(OperationQuery):
    """Whose merchants to list.

    列出谁的商户。
    """

    app: str = ""
    """An app's client_key or name.

    应用的 client_key 或名称。"""


class ReviewDecision(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `review_merchant`.

    review_merchant 的请求体。
    """

    decision: Literal["approve", "refuse", "freeze", "thaw"]
    """Approve, refuse, freeze or thaw.

    通过、拒绝、冻结或解冻。"""
    reason: str = ""
    """Told to whoever asks how the application stands.

    原因，查询进件状态时会看到。"""


def _unit(call: OperationCall[Any]) -> Unit:
    return call.world.store.unit(call.world.clock.now())


def _show(unit: Unit, merchant: Merchant) -> MerchantShown:
    transit, balance, frozen, withdrawn = (
        held(unit, Purse(place, merchant.id, merchant.sandbox))
        for place in (Place.TRANSIT, Place.BALANCE, Place.FROZEN, Place.WITHDRAWN)
    )
    form = merchant.form
    return MerchantShown(
        merchant_id=merchant.id,
        app=merchant.app,
        owner=merchant.owner,
        sub_merchant_id=merchant.sub_merchant_id,
        sandbox=merchant.sandbox,
        standing=merchant.standing(unit.now).name.lower(),
        name=form.name if form is not None else "",
        channels=list(form.channels) if form is not None else [],
        reason=merchant.reason,
        review_ends=iso(merchant.review_ends) if merchant.review_ends else "",
        in_transit=transit,
        balance=balance,
        frozen=frozen,
        withdrawn=withdrawn,
    )


@operation("GET", "/merchants", long=True)
def list_merchants(call: OperationCall[MerchantsQuery]) -> MerchantsShown:
    """List the merchants whose onboarding was begun here, the newest last.

    列出在这里进件的商户，最新的在最后。
    """
    key = call.world.find_app(call.given.app).client_key if call.given.app else ""
    unit = _unit(call)
    found = [each for _, each in unit.scan(Merchant) if key in ("", each.app)]
    shown = [_show(unit, each) for each in found[-MAX_LISTED:]]
    return MerchantsShown(merchants=shown, more=len(found) > MAX_LISTED)


def _find(call: OperationCall[Any], unit: Unit, id: str) -> Merchant:
    """Return a merchant by its id: one that was onboarded here, or an app's own."""
    world = call.world
    merchant = merchants.look_up_anywhere(unit, id)
    own = next((app for app in world.apps.values() if app.payment.merchant_uid == id), None)
    if merchant is None and own is not None:
        merchant = merchants.begin(world, unit, Acting(own), "")
    if merchant is None:
        known = [each.id for _, each in unit.scan(Merchant)]
        owned = [app.payment.merchant_uid for app in world.apps.values()]
        raise NotFoundError(
            NO_MERCHANT(id=id, hint=suggestion(id, filter(None, [*known, *owned])))
        )
    return merchant


@operation("POST", "/merchants/{id}/review")
def review_merchant(call: OperationCall[ReviewDecision]) -> MerchantShown:
    """End the review of a merchant, change what came of it, or freeze the merchant.

    结束商户的审核，改变审核结果，或冻结商户。
    """
    unit, given = _unit(call), call.given
    merchant = _find(call, unit, call.path["id"])
    if merchant.standing(unit.now) is Standing.NONE:
        raise MockDouyinError(NOT_APPLIED(id=merchant.id))
    if given.decision in ("approve", "refuse"):
        refused = given.decision == "refuse"
        merchant = end_review(call.world, unit, merchant, refused=refused, reason=given.reason)
    else:
        frozen = given.decision == "freeze"
        merchant = merchants.freeze(unit, merchant, frozen=frozen, reason=given.reason)
    says = act_texts.MERCHANT_REVIEWED(merchant=merchant.id, decision=given.decision)
    call.world.note(unit, "merchant.review", says, app=merchant.app, given=call.body)
    shown = _show(unit, merchant)
    unit.commit()
    return shown
