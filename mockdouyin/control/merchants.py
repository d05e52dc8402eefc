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
    """A merchant that was onboarded here, and what it has, in 分."""

    merchant_id: str
    app: str
    """The client_key of the app for which it is onboarded."""
    owner: str
    """That client_key, or the thirdparty_id of a provider who is onboarded itself."""
    sub_merchant_id: str
    sandbox: bool
    standing: str
    """`none`, `in_review`, `ok`, `refused` or `frozen`."""
    name: str
    channels: list[str]
    reason: str
    """Why it was refused or frozen."""
    review_ends: str
    """When its review ends or ended; empty while it has not applied."""
    in_transit: int
    balance: int
    frozen: int
    withdrawn: int


class MerchantsShown(Shown):
    """The merchants that were onboarded here."""

    merchants: list[MerchantShown]
    more: bool


class MerchantsQuery(OperationQuery):
    """Whose merchants to list."""

    app: str = ""
    """An app's client_key or name."""


class ReviewDecision(msgspec.Struct, forbid_unknown_fields=True):
    """The body of `review_merchant`."""

    decision: Literal["approve", "refuse", "freeze", "thaw"]
    reason: str = ""
    """Told to whoever asks how the application stands."""


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
    """List the merchants whose onboarding was begun here, the newest last."""
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
    """End the review of a merchant, change what came of it, or freeze the merchant."""
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
