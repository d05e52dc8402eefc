"""Good calls of guaranteed payment, signed as a backend signs them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockdouyin.core.clock import DAY
from mockdouyin.core.outbox import Delivery
from mockdouyin.domain.ledger import Place, Purse, held
from mockdouyin.sandbox.deliveries import listed
from tests.endpoints.calls import Ask, Builder, Scene, compact
from tests.support.ecpay import sign
from tests.support.trade import GOODS, listens

BUILDERS: dict[str, Builder] = {}

NOTIFY = "https://shop.example.test/pay/notify"
REFUND_NOTIFY = "https://shop.example.test/pay/refunded"
SETTLE_NOTIFY = "https://shop.example.test/pay/settled"

RECEIVER = "70000000000000000002"
"""A merchant that shares are given to."""

DONE = 2.0
"""Seconds after which a refund, a settlement or a return is done."""


@dataclass(frozen=True)
class SignedAsk(Ask):
    """A request whose values are signed by a SALT when it is sent; a sign that is given stays."""

    salt: str = ""

    @property
    def body(self) -> bytes:
        """Return the body with its sign."""
        fields = self.fields or {}
        return compact({**fields, "sign": fields.get("sign", sign(fields, self.salt))})


def signed(scene: Scene, path: str, **fields: Any) -> SignedAsk:
    """Return a call of the demo mini-program."""
    app = scene.app("mini_program")
    every = {"app_id": app.client_key, **fields}
    in_sandbox = scene.world.settings.payment_environment == "sandbox"
    salt = app.payment.sandbox_salt if in_sandbox else app.payment.salt
    return SignedAsk("POST", path, fields=every, salt=salt)


def operation(scene: Scene, name: str, **fields: Any) -> Any:
    """Call an operation by the last part of its path; return the answer."""
    return scene.ask(signed(scene, f"/api/apps/ecpay/v1/{name}", **fields))


def ordered(scene: Scene, number: str = "", **fields: Any) -> str:
    """Make an order of 19.90 yuan; return its number."""
    number = number or f"ORDER-{scene.world.journal.total}"
    every = {
        "out_order_no": number,
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        "notify_url": NOTIFY,
        **fields,
    }
    assert operation(scene, "create_order", **every)["err_no"] == 0
    return number


def paid(scene: Scene, number: str = "", *, way: str = "wx", **fields: Any) -> str:
    """Make an order and pay it; return its number."""
    number = ordered(scene, number, **fields)
    assert scene.phone("pay", order=number, way=way)["code"] == 0
    return number


def told(scene: Scene, event: str) -> list[tuple[Delivery, dict[str, Any]]]:
    """Return the callbacks of an event, with what each tells."""
    made = [each for each in listed(scene.world) if each.event == event]
    return [(each, json.loads(json.loads(each.body)["msg"])) for each in made]


def balance(scene: Scene, merchant: str = "") -> int:
    """Return a merchant's balance, by default the seller's."""
    seller = scene.app("mini_program").payment.merchant_uid
    unit = scene.world.store.unit(scene.world.clock.now())
    return held(unit, Purse(Place.BALANCE, merchant or seller))


def refunded(scene: Scene, order: str = "", **fields: Any) -> str:
    """Refund 1.90 yuan of an order, by default of a new one that is paid; return its number."""
    number = f"REFUND-{scene.world.journal.total}"
    every = {
        "out_order_no": order or paid(scene),
        "out_refund_no": number,
        "reason": "发错地址",
        "refund_amount": 190,
        "notify_url": REFUND_NOTIFY,
        **fields,
    }
    assert operation(scene, "create_refund", **every)["err_no"] == 0
    return str(every["out_refund_no"])


def sharing(*shares: tuple[str, int]) -> str:
    """Return settle_params: who gets how much."""
    named = [{"merchant_uid": merchant, "amount": amount} for merchant, amount in shares]
    return compact(named).decode()


def settled(scene: Scene, order: str = "", **fields: Any) -> str:
    """Settle an order, by default a new one that is paid; return the settlement's number."""
    number = f"SETTLE-{scene.world.journal.total}"
    every = {
        "out_settle_no": number,
        "out_order_no": order or paid(scene),
        "settle_desc": "主动结算",
        "settle_params": sharing((RECEIVER, 60)),
        "notify_url": SETTLE_NOTIFY,
        "finish": "true",
        **fields,
    }
    answer = operation(scene, "settle", **every)
    assert answer["err_no"] == 0, answer
    return str(every["out_settle_no"])


def returned(scene: Scene, settlement: str = "", **fields: Any) -> str:
    """Take 0.10 yuan back from the receiver; return the return's number."""
    if not settlement:
        settlement = settled(scene)
        scene.advance(DONE)
    number = f"RETURN-{scene.world.journal.total}"
    every = {
        "out_settle_no": settlement,
        "out_return_no": number,
        "merchant_uid": RECEIVER,
        "return_amount": 10,
        "return_desc": "退分账",
        **fields,
    }
    answer = operation(scene, "create_return", **every)
    assert answer["err_no"] == 0, answer
    return str(every["out_return_no"])


def order_detail(number: str, **fields: Any) -> str:
    """Return the order_detail of an order that was used."""
    item = {"item_code": "sku-1", "img": "https://shop.example.test/a.png", "title": "月度会员"}
    detail = {
        "order_id": number,
        "create_time": 1767240000000,
        "status": "已核销",
        "amount": 1,
        "total_price": 1990,
        "detail_url": "pages/order/detail?id=1",
        "item_list": [{**item, "price": 1990}],
        **fields,
    }
    return compact(detail).decode()


def pushing(scene: Scene, number: str, **fields: Any) -> Ask:
    """Return the call that pushes an order as used."""
    every = {
        "access_token": scene.app_token(),
        "app_name": "douyin",
        "open_id": scene.open_id("mini_program"),
        "order_status": 4,
        "order_type": 0,
        "update_time": int(scene.world.clock.now() * 1000),
        "order_detail": order_detail(number),
        **fields,
    }
    return Ask("POST", "/api/apps/order/v2/push", fields=every)


def _builds(*names: str) -> Callable[[Builder], Builder]:
    def keep(builder: Builder) -> Builder:
        BUILDERS.update((name, builder) for name in names)
        return builder

    return keep


@_builds("ecpay.create_order")
def _create_order(scene: Scene, path: str, kind: str) -> Ask:
    return signed(
        scene,
        path,
        out_order_no=f"ORDER-{scene.world.journal.total}",
        total_amount=1990,
        subject="月度会员",
        body="月度会员 30 天",
        valid_time=900,
        cp_extra='{"uid":42}',
        notify_url=NOTIFY,
    )


@_builds("ecpay.query_order")
def _query_order(scene: Scene, path: str, kind: str) -> Ask:
    return signed(scene, path, out_order_no=paid(scene))


@_builds("ecpay.create_refund")
def _create_refund(scene: Scene, path: str, kind: str) -> Ask:
    return signed(
        scene,
        path,
        out_order_no=paid(scene),
        out_refund_no=f"REFUND-{scene.world.journal.total}",
        reason="发错地址",
        refund_amount=190,
        all_settle=0,
        cp_extra='{"uid":42}',
        notify_url=REFUND_NOTIFY,
    )


@_builds("ecpay.query_refund")
def _query_refund(scene: Scene, path: str, kind: str) -> Ask:
    number = refunded(scene)
    scene.advance(DONE)
    return signed(scene, path, out_refund_no=number)


@_builds("ecpay.settle")
def _settle(scene: Scene, path: str, kind: str) -> Ask:
    return signed(
        scene,
        path,
        out_order_no=paid(scene),
        out_settle_no=f"SETTLE-{scene.world.journal.total}",
        settle_desc="主动结算",
        settle_params=sharing((RECEIVER, 60)),
        finish="true",
        cp_extra='{"uid":42}',
        notify_url=SETTLE_NOTIFY,
    )


@_builds("ecpay.query_settle")
def _query_settle(scene: Scene, path: str, kind: str) -> Ask:
    number = settled(scene)
    scene.advance(DONE)
    return signed(scene, path, out_settle_no=number)


@_builds("ecpay.unsettle_amount")
def _unsettle_amount(scene: Scene, path: str, kind: str) -> Ask:
    order = paid(scene)
    refunded(scene, order)
    return signed(scene, path, out_order_no=order)


@_builds("ecpay.query_platform_order")
def _query_platform_order(scene: Scene, path: str, kind: str) -> Ask:
    order = paid(scene)
    scene.box.deliverer.advance(scene.world, 150 * DAY).result()
    return signed(scene, path, out_order_no=order, query_type=1)


@_builds("ecpay.create_return")
def _create_return(scene: Scene, path: str, kind: str) -> Ask:
    settlement = settled(scene)
    scene.advance(DONE)
    return signed(
        scene,
        path,
        out_settle_no=settlement,
        out_return_no=f"RETURN-{scene.world.journal.total}",
        merchant_uid=RECEIVER,
        return_amount=10,
        return_desc="退分账",
    )


@_builds("ecpay.query_return")
def _query_return(scene: Scene, path: str, kind: str) -> Ask:
    number = returned(scene)
    scene.advance(DONE)
    return signed(scene, path, out_return_no=number)


@_builds("order_push.push")
def _push(scene: Scene, path: str, kind: str) -> Ask:
    return pushing(scene, paid(scene))


@_builds("order_push.delete")
def _delete(scene: Scene, path: str, kind: str) -> Ask:
    pushed = pushing(scene, paid(scene))
    assert scene.ask(pushed)["err_code"] == 0
    fields = {
        "access_token": scene.app_token(),
        "openid": scene.open_id(kind),
        "appname": "douyin",
        "order_id": json.loads((pushed.fields or {})["order_detail"])["order_id"],
    }
    return Ask("POST", path, fields=fields)


@_builds("trade.query_order_v2")
def _query_trade_order(scene: Scene, path: str, kind: str) -> Ask:
    number = f"ORDER-{scene.world.journal.total}"
    listens(scene.box, scene.world.name, number=number)
    order = scene.phone("createOrder", **GOODS)
    token = {"access-token": scene.client_token("mini_program")}
    return Ask("POST", path, headers=token, fields={"order_id": order["orderId"]})
