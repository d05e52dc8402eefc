"""A backend with `requests`: the sign and the verifier by the rule of the docs."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from typing import Any

import requests

from tests.clients.pay.shop import say, trade

APP_ID = "ttd0c500000000000001"
SALT = os.environ.get("PAY_SALT", "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001")
TOKEN = "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1"
HOSTS = {"production": "developer.toutiao.com", "sandbox": "open-sandbox.douyin.com"}
HOST = HOSTS[os.environ.get("PAY_ENVIRONMENT", "production")]
UNSIGNED = {"sign", "app_id", "thirdparty_id", "other_settle_params"}


def sign(fields: dict[str, Any]) -> str:
    """Return the MD5 of the values and the SALT."""
    values = [str(value).strip() for name, value in fields.items() if name not in UNSIGNED]
    kept = [value for value in values if value not in ("", "null")]
    return hashlib.md5("&".join(sorted([*kept, SALT])).encode()).hexdigest()


def post(path: str, body: dict[str, Any]) -> Any:
    """Return what Douyin answers."""
    return requests.post(f"https://{HOST}/api/apps/{path}", json=body, timeout=60).json()


def ask(operation: str, fields: dict[str, Any]) -> Any:
    """Make a signed call."""
    body = {"app_id": APP_ID, **fields}
    return post(f"ecpay/v1/{operation}", {**body, "sign": sign(body)})


def verify(body: bytes) -> Any:
    """Return the message of a genuine callback."""
    told = json.loads(body)
    signed = "".join(sorted([TOKEN, told["timestamp"], told["nonce"], told["msg"]]))
    good = hmac.compare_digest(hashlib.sha1(signed.encode()).hexdigest(), told["msg_signature"])
    return json.loads(told["msg"]) if good else None


login = {
    "appid": APP_ID,
    "secret": "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001",
    "code": os.environ["LOGIN_CODE"],
}
say(openid=post("v2/jscode2session", login)["data"]["openid"])
trade(ask, verify)
