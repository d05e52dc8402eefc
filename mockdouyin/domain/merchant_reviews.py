"""Reviews of merchants (进件审核): how they begin and end, and the callback that tells the result.

An application may name a `callback_url`. Once the review has ended, the result goes there like
any callback of guaranteed payment, and again if it is changed.
(That there is a callback_url is documented, and that a type `create_merchant` exists; what it
tells, that it goes nowhere without a callback_url, and that it is signed by the app's Token are
assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockdouyin.core import plans
from mockdouyin.core.events import Content, Event
from mockdouyin.core.store import Unit
from mockdouyin.domain import due_texts
from mockdouyin.domain.merchants import (
    CHANNELS,
    Form,
    Merchant,
    Standing,
    change,
    merchant_of_key,
)
from mockdouyin.domain.payment_callbacks import ECPAY, tell

if TYPE_CHECKING:
    from mockdouyin.core.world import WorldState

REVIEW_ENDS = "merchant_review"
"""The plan by which the result of a review is told when it ends."""

STANDINGS = {
    Standing.OK: "SUCCESS",
    Standing.IN_REVIEW: "PROCESSING",
    Standing.REFUSED: "FAIL",
    Standing.FROZEN: "FROZEN",
}
"""The words for how an application stands; the last two are assumed."""


def begin_review(
    world: WorldState, unit: Unit, merchant: Merchant, form: Form, callback_url: str = ""
) -> Merchant:
    """Hand in an application, which is then reviewed: at the sandbox it is accepted at once.

    An application that was accepted, or is in review, is not changed by another one.
    """
    if merchant.standing(unit.now) not in (Standing.NONE, Standing.REFUSED):
        return merchant
    lasts = 0.0 if merchant.sandbox else world.settings.merchant_review_takes
    tail = world.ids.digits(15, "apply_id", merchant.key, unit.now)
    applied = change(
        unit,
        merchant,
        form=form,
        apply_id=f"SMA{tail}",
        review_ends=unit.now + lasts,
        is_refused=False,
        reason="",
        callback_url=callback_url or merchant.callback_url,
    )
    if not lasts:
        _tell(world, unit, applied)
    elif applied.callback_url:
        ends, person = applied.review_ends, world.people.first
        link = applied.link
        plans.make(
            unit, REVIEW_ENDS, applied.key, app=applied.app, person=person, at=ends, link=link
        )
    return applied


def end_review(
    world: WorldState, unit: Unit, merchant: Merchant, *, refused: bool, reason: str = ""
) -> Merchant:
    """End the review of an application, or change what came of it."""
    plans.cancel(unit, REVIEW_ENDS, merchant.key)
    decided = change(unit, merchant, review_ends=unit.now, is_refused=refused, reason=reason)
    _tell(world, unit, decided)
    return decided


@plans.plan(REVIEW_ENDS, due_texts.MERCHANT_REVIEW)
def tell_result(world: WorldState, unit: Unit, key: str, at: float) -> None:
    """Tell how a review has ended that nobody ended before its time."""
    merchant = merchant_of_key(unit, key)
    if merchant is not None:
        _tell(world, unit, merchant)


def _tell(world: WorldState, unit: Unit, merchant: Merchant) -> None:
    app = world.apps.get(merchant.app)
    if app is not None and merchant.callback_url:
        content, url = _content(merchant, unit.now), merchant.callback_url
        tell(world, unit, app, merchant, "ecpay_create_merchant", content, url=url)


def _content(merchant: Merchant, now: float) -> Content:
    channels = merchant.form.channels if merchant.form is not None else ()
    return {
        "app_id": merchant.app,
        "thirdparty_id": "" if merchant.owner == merchant.app else merchant.owner,
        "sub_merchant_id": merchant.sub_merchant_id,
        "merchant_id": merchant.id,
        "apply_id": merchant.apply_id,
        "merchant_status_info": {
            each: {
                "status": STANDINGS[merchant.standing_in(each, now)],
                "reject_reason": merchant.reason if merchant.is_refused else "",
            }
            for each in channels
        },
    }


@ECPAY.event()
def ecpay_create_merchant(event: Event) -> Content:
    """The review of a merchant has ended.

    进件回调：商户审核有了结果（create_merchant 传了 callback_url 时才发）。
    """
    merchant = "7" + event.ids.digits(19, "merchant", event.number)
    return {
        "app_id": event.client_key,
        "thirdparty_id": "",
        "sub_merchant_id": f"SUB-{event.number}",
        "merchant_id": merchant,
        "apply_id": "SMA" + event.ids.digits(15, "apply_id", event.number),
        "merchant_status_info": {
            each: {"status": "SUCCESS", "reject_reason": ""} for each in CHANNELS
        },
    }
