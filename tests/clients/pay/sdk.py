"""A backend on the package `bytedance` of PyPI, untouched: its signs and its verifier.

It has no method for create_refund: that one goes by its general call, with its sign.
"""

from __future__ import annotations

import os
from typing import Any

from bytedance import ByteDance  # type: ignore[import-not-found]
from bytedance.base import ByteDanceError  # type: ignore[import-not-found]
from bytedance.security import ecpay_signature  # type: ignore[import-not-found]

from tests.clients.pay.shop import say, trade

APP_ID = "ttd0c500000000000001"
SALT = os.environ.get("PAY_SALT", "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001")
SDK = ByteDance(
    app_id=APP_ID,
    app_secret="fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
    payment_salt=SALT,
    callback_token="fa4eTOKENfa4eTOKENfa4eTOKENfa4e1",
    access_token_type="file",
    environment=os.environ.get("PAY_ENVIRONMENT", "production"),
)
ECPAY = SDK.payment.ecpay
METHODS = {
    "create_order": ECPAY.pay_list.pay,
    "query_order": ECPAY.pay_list.query,
    "query_refund": ECPAY.refund_list.query,
    "settle": ECPAY.settlements.settlement,
    "query_settle": ECPAY.settlements.query,
}


def ask(operation: str, fields: dict[str, Any]) -> Any:
    """Call the SDK's method; what it raises is the answer of a refused call."""
    try:
        if operation in METHODS:
            return METHODS[operation](body=fields)
        body = {"app_id": APP_ID, **fields}
        signed = {**body, "sign": ecpay_signature(body, SALT)}
        return SDK.post(f"/ecpay/v1/{operation}", signed, token=False)
    except ByteDanceError as error:
        return error.payload


def verify(body: bytes) -> Any:
    """Return the message of a callback that the SDK finds genuine."""
    try:
        return SDK.callbacks.parse(body, protocol="ecpay")["parsed_msg"]
    except ByteDanceError:
        return None


say(openid=SDK.code2_session(code=os.environ["LOGIN_CODE"])["openid"])
trade(ask, verify)
