"""Guaranteed payment (担保支付) by its docs: signed calls, and callbacks that are verified."""

import hashlib
import hmac
import json
import os

import httpx

HOST = os.environ.get("ECPAY_HOST", "https://developer.toutiao.com")
APP_ID = os.environ.get("APP_ID", "ttd0c500000000000001")
SALT = os.environ.get("SALT", "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001")
TOKEN = os.environ.get("TOKEN", "fa4eTOKENfa4eTOKENfa4eTOKENfa4e1")

UNSIGNED = {"sign", "app_id", "thirdparty_id", "other_settle_params"}


class RefusedError(Exception):
    """The platform has refused a call: `number` is its err_no."""

    def __init__(self, number, tips):
        super().__init__(f"{number} {tips}")
        self.number = number


def sign(fields):
    """Return the MD5 over the values and the SALT, sorted by their bytes and joined by `&`."""
    values = [str(value).strip() for name, value in fields.items() if name not in UNSIGNED]
    values = [value for value in values if value not in ("", "null")]  # a 0 is signed
    return hashlib.md5("&".join(sorted([*values, SALT])).encode()).hexdigest()


async def call(operation, **fields):
    """Call an operation; nothing is known of what it did if the connection fails."""
    fields = {"app_id": APP_ID, **fields}
    async with httpx.AsyncClient(timeout=10) as client:
        url = f"{HOST}/api/apps/ecpay/v1/{operation}"
        reply = await client.post(url, json={**fields, "sign": sign(fields)})
    answer = reply.json()
    if answer["err_no"] != 0:
        raise RefusedError(answer["err_no"], answer["err_tips"])
    return answer


def opened(callback):
    """Return what a callback tells, or None if it is not signed with our Token."""
    try:
        parts = [callback[name] for name in ("timestamp", "nonce", "msg")]
        text = "".join(sorted([TOKEN, *map(str, parts)]))
        right = hashlib.sha1(text.encode()).hexdigest()
        if not hmac.compare_digest(right, callback["msg_signature"]):
            return None
        return callback["type"], json.loads(callback["msg"])
    except (KeyError, TypeError, ValueError):
        return None
