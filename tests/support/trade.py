"""A backend that is asked for orders of tt.createOrder, in the place of what sends deliveries."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import Any

from mockdouyin.control import execute
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.sandbox import Sandbox
from mockdouyin.sandbox.deliveries import NullDeliverer, done, record
from mockdouyin.sandbox.worlds import World

ORDERS_AT = "https://shop.example.test/trade/orders"

GOODS: dict[str, Any] = {
    "goodsList": [
        {
            "goodsId": "coffee",
            "goodsName": "咖啡",
            "goodsPhoto": "https://shop.example.test/coffee.png",
            "goodsType": 2,
            "price": 1990,
            "quantity": 1,
        }
    ],
    "payment": {"totalAmount": 1990},
}
"""What a mini-program passes to tt.createOrder."""


def agreed(number: str = "ORDER-1", **more: Any) -> dict[str, Any]:
    """Return what a backend answers that agrees to an order."""
    data = {"out_order_no": number, "order_entry_schema": {"path": "pages/order", "params": "{}"}}
    return {"err_no": 0, "err_tips": "success", "data": {**data, **more}}


class Backend(NullDeliverer):
    """It answers whatever it is asked with `answer`, and keeps what it was asked."""

    def __init__(self, answer: Any = None, status: int = 200) -> None:
        self.answer: Any = agreed() if answer is None else answer
        self.status = status
        self.asked: list[Delivery] = []

    def try_now(self, world: World, delivery: Delivery) -> Future[Delivery]:
        """Answer a delivery."""
        self.asked.append(delivery)
        text = self.answer if isinstance(self.answer, str) else json.dumps(self.answer)
        attempt = Attempt(status=self.status, body=text)
        return done(lambda: record(world, delivery, attempt))


def listens(box: Sandbox, world: str = "default", *, number: str = "ORDER-1") -> Backend:
    """Have the demo mini-program's backend in a world agree to an order of this number."""
    settings = {"create_order_callback": ORDERS_AT, "notify_url": ORDERS_AT}
    key = box.worlds.find(world).find_app(None, "mini_program").client_key
    execute(box, "change_app", world=world, path={"key": key}, body={"payment": settings})
    backend = Backend(agreed(number))
    box.deliverer = backend
    return backend
