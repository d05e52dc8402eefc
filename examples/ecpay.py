"""Any call of guaranteed payment (担保支付), signed and sent by hand; prints what is answered.

    ECPAY_HOST=http://127.0.0.1:8600 python examples/ecpay.py query_order out_order_no=ORDER-1

A name with a slash is below /api/apps/ecpay, such as saas/query_merchant_balance.
"""

import hashlib
import json
import os
import sys
import urllib.error
import urllib.request

HOST = os.environ.get("ECPAY_HOST", "https://developer.toutiao.com")
APP_ID = os.environ.get("APP_ID", "ttd0c500000000000001")
SALT = os.environ.get("SALT", "fa4eSALTfa4eSALTfa4eSALTfa4eSALTfa4e0001")
UNSIGNED = {"sign", "app_id", "thirdparty_id", "other_settle_params"}
NUMBERS = {"total_amount", "refund_amount", "withdraw_amount", "valid_time", "all_settle"}


def sign(fields):
    """Return the MD5 over the values and the SALT, sorted by their bytes and joined by `&`."""
    values = [str(value).strip() for name, value in fields.items() if name not in UNSIGNED]
    values = [value for value in values if value not in ("", "null")]
    return hashlib.md5("&".join(sorted([*values, SALT])).encode()).hexdigest()


def call(operation, fields):
    """Return the answer to a signed call."""
    fields = {"app_id": APP_ID, **fields}
    path = operation if "/" in operation else f"v1/{operation}"
    request = urllib.request.Request(
        f"{HOST}/api/apps/ecpay/{path}",
        json.dumps({**fields, "sign": sign(fields)}).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


if __name__ == "__main__":
    if not sys.argv[1:]:
        sys.exit(__doc__)
    operation, *given = sys.argv[1:]
    fields = dict(each.split("=", 1) for each in given)
    for name in NUMBERS & set(fields):
        fields[name] = int(fields[name])
    try:
        answer = call(operation, fields)
    except urllib.error.HTTPError as refused:  # such as a 404: no call has this name
        sys.exit(refused.read().decode())
    except urllib.error.URLError as failed:
        sys.exit(f"{HOST}: {failed.reason}")
    print(json.dumps(answer, ensure_ascii=False))
    sys.exit(answer["err_no"] != 0)
