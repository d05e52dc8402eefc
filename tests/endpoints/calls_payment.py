"""Good calls of guaranteed payment, signed as a backend signs them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mockdouyin.core.payment_signing import sign
from tests.endpoints.calls import Ask, Builder, Scene, compact

BUILDERS: dict[str, Builder] = {}

NOTIFY = "https://shop.example.test/pay/notify"


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
    return SignedAsk("POST", path, fields=every, salt=app.payment.salt)


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
