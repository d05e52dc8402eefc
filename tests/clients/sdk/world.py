"""What people do, and what a merchant has, before the SDK's operations are called."""

from __future__ import annotations

import json
import os
import time
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from mockdouyin.core.scopes import scope_names
from tests.clients.front import call as control
from tests.support.ecpay import sign
from tests.support.helpers import PROGRAM

PROVIDER = "ttprovider00000001"
"""The service provider of the demo mini-program."""

OTHER = "小红"
"""The person whom 小明 writes to."""

BUSINESS_SCOPES = tuple(
    scope for scope in scope_names() if scope.endswith((".bind", "_bc")) or "bind" in scope
)
"""The scopes of a business relation."""

NOTIFY = "https://shop.example.test/pay/notify"


def person_scopes() -> list[str]:
    """Return every scope that a person can grant."""
    return [name.scope for name in scope_names().values() if not name.app]


def consent_code(client_key: str, person: str = "小明") -> str:
    """Consent to everything; return the code."""
    scope = ",".join(person_scopes())
    given = control("oauth/authorize", client_key=client_key, scope=scope, person=person)
    code: str = given["code"]
    return code


def pass_days(days: int) -> None:
    """Let days pass: data on people begin the day after they consented."""
    control("clock/advance", by=f"{days}d")


def pass_minutes(minutes: int) -> None:
    """Let minutes pass."""
    control("clock/advance", by=f"{minutes}m")


def world_day(back: int = 0) -> str:
    """Return the day of the world's clock, or one before it, as 20260101."""
    now = time.time() + DAYS_PASSED * 86400
    return time.strftime("%Y%m%d", time.gmtime(now + 8 * 3600 - back * 86400))


DAYS_PASSED = 2

CHANGES_TAKE = 11
"""Minutes after which audits are over, and payments and refunds done."""


def give_provider() -> None:
    """Have a service provider serve the demo mini-program."""
    payment = {"thirdparty_id": PROVIDER, "thirdparty_salt": "provider-salt"}
    _send("PATCH", f"/_mock/apps/{PROGRAM.client_key}", {"payment": payment})


def authorizer_token() -> str:
    """Return the token with which the provider calls for the demo mini-program."""
    [app] = _send("GET", f"/_mock/apps?app={PROGRAM.client_key}", None)["apps"]
    token: str = app["authorizer_token"]
    return token


def after_sale(token: str) -> dict[str, Any]:
    """Return of which order and certificate a buyer wants money back; the SDK has no such list."""
    answer = _send(
        "GET",
        "/goodlife/v1/akte/after_sale/order/query/?account_id=7001234567&size=1",
        None,
        {"access-token": token},
    )
    [row] = answer["data"]["after_sale_order_list"]
    return {name: row[name] for name in ("order_id", "certificate_id")}


def card_image(token: str) -> str:
    """Upload a picture for a card; return its id."""
    answer = _send("POST", "/api/file/card_image/upload", {}, {"x-token": token})
    image_id: str = answer["image_id"]
    return image_id


def earn(amount: int) -> None:
    """Have an order of the mini-program paid and settled."""
    _ecpay(
        "create_order",
        out_order_no="ORDER-1",
        total_amount=amount,
        subject="月度会员",
        body="月度会员",
        valid_time=900,
        notify_url=NOTIFY,
    )
    control("phone/pay", order="ORDER-1", way="alipay")
    _ecpay(
        "settle",
        out_order_no="ORDER-1",
        out_settle_no="SETTLE-1",
        settle_desc="结算",
        finish="true",
        notify_url=NOTIFY,
    )


def _ecpay(operation: str, **fields: Any) -> None:
    every = {"app_id": PROGRAM.client_key, **fields}
    body = {**every, "sign": sign(every, PROGRAM.payment.salt)}
    answer = _send("POST", f"/api/apps/ecpay/v1/{operation}", body)
    assert answer["err_no"] == 0, answer


def _send(method: str, path: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    if headers is None:
        headers = {"Authorization": f"Bearer {os.environ['MOCKDOUYIN_CONTROL_TOKEN']}"}
    url = os.environ["MOCKDOUYIN_URL"] + path
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json", **headers}, method=method)
    with build_opener(ProxyHandler({})).open(request) as answer:
        return json.load(answer)
