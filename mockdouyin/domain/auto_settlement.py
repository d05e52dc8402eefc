"""Automatic settlement (自动结算): the platform settles what no backend settles in 150 days.

All that is left goes to the seller, less the fee. The callback goes to the app's own address,
since there is no request that could name another one.
(Doc page: mini-app/develop/server/ecpay/settlements/auto-settle/callback; documented. That the
150 days begin anew with each settlement is assumed.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockdouyin.core import plans
from mockdouyin.core.events import Content, Event
from mockdouyin.core.store import Unit
from mockdouyin.domain import act_texts, due_texts
from mockdouyin.domain.orders import (
    AUTO_SETTLEMENT,
    SETTLED_BY_ITSELF_AFTER,
    Order,
    beijing_time,
    number_for,
    plan_settlement,
)
from mockdouyin.domain.owned_records import key_of
from mockdouyin.domain.payment_callbacks import ECPAY, tell
from mockdouyin.domain.settlements import ReceiverShare, Settlement, fee_on, keep

if TYPE_CHECKING:
    from mockdouyin.core.apps import App
    from mockdouyin.core.world import WorldState


@plans.plan(AUTO_SETTLEMENT, due_texts.AUTO_SETTLEMENT)
def settle_by_itself(world: WorldState, unit: Unit, key: str, at: float) -> None:
    """Settle an order for the seller alone, unless its backend has settled it meanwhile."""
    order = unit.read(Order, key)
    if order is None or not order.in_transit or order.is_finished:
        return
    if order.settlements:
        last = unit.read(
            Settlement, key_of(order.app, order.settlements[-1], sandbox=order.sandbox)
        )
        again = last.created + SETTLED_BY_ITSELF_AFTER if last is not None else at
        if again > at:
            plan_settlement(unit, order, again)
            return
    settlement = _automatic(world, order, at)
    keep(unit, order, settlement)
    app = world.apps.get(order.app)
    if app is not None:
        _tell_finished(world, unit, app, order, settlement)
    says = act_texts.SETTLED_BY_ITSELF(order=order.out_order_no, amount=settlement.amount)
    world.note(unit, "order.settled", says, app=order.app, person=order.payer)


def _automatic(world: WorldState, order: Order, at: float) -> Settlement:
    rake = fee_on(order.in_transit, world.settings.rake)
    out_settle_no = world.ids.snowflake(at, "auto_settlement", order.key)
    key = key_of(order.app, out_settle_no, sandbox=order.sandbox)
    return Settlement(
        app=order.app,
        out_settle_no=out_settle_no,
        settle_no=number_for(world, at, "settle", key, sandbox=order.sandbox),
        out_order_no=order.out_order_no,
        amount=order.in_transit,
        rake=rake,
        shares=(ReceiverShare(order.seller, order.in_transit - rake),),
        created=at,
        done=at,
        is_automatic=True,
        sandbox=order.sandbox,
        token=order.token,
    )


def _tell_finished(
    world: WorldState, unit: Unit, app: App, order: Order, settlement: Settlement
) -> None:
    listed = {
        "created_at": beijing_time(settlement.created),
        "settle_plat_no": settlement.out_settle_no,
        "settle_no": settlement.settle_no,
        "settle_info": [
            {"merchant_uid": each.merchant, "amount": each.amount} for each in settlement.shares
        ],
        "settle_status": settlement.status(settlement.done),
        "service_charge": settlement.rake,
        "cps": 0,
        "settled_at": beijing_time(settlement.done),
        "settle_way": str(order.way),
    }
    content: Content = {
        "ma_app_id": order.app,
        "out_order_id": order.out_order_no,
        "auto_settle_list": [listed],
    }
    tell(world, unit, app, settlement, "ecpay_settle_finish", content, url="", person=order.payer)


@ECPAY.event()
def ecpay_settle_finish(event: Event) -> Content:
    """The platform has settled an order by itself.

    自动结算回调：平台到期自行结算了订单。
    """
    return {
        "ma_app_id": event.client_key,
        "out_order_id": f"ORDER-{event.number}",
        "auto_settle_list": [],
    }
