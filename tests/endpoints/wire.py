"""How every endpoint says no, byte for byte, written down once more and apart from the code."""

from __future__ import annotations

import hashlib
from typing import Any

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import ErrorCase
from tests.endpoints.calls import compact
from tests.endpoints.calls_content import FORMS as CONTENT_FORMS
from tests.endpoints.calls_user import FORMS as USER_FORMS

NO_SESSION = {"session_key": "", "openid": "", "anonymous_openid": "", "unionid": ""}
NO_PAGE = {"merchant_id": "", "url": ""}
NO_TOKEN = {"access_token": "", "expires_in": 0}
NO_REFUND = {
    "refund_no": "",
    "refund_amount": 0,
    "refund_status": "",
    "refunded_at": 0,
    "is_all_settled": True,
    "cp_extra": "",
    "msg": "",
}
NO_SETTLEMENT = {
    "settle_no": "",
    "settle_amount": 0,
    "settle_status": "",
    "settle_detail": "",
    "settled_at": 0,
    "rake": 0,
    "commission": 0,
    "cp_extra": "",
    "msg": "",
}

FORMS: dict[str, tuple[str, Any]] = {
    "mini_program.code_to_session": ("tips", NO_SESSION),
    "mini_program.code_to_session_v1": ("flat", None),
    "mini_program.app_token": ("tips", NO_TOKEN),
    "mini_program.app_token_v1": ("flat", None),
    "mini_program.notify": ("tips", None),
    "mini_game.code_to_session": ("flat", None),
    "mini_game.app_token": ("tips", NO_TOKEN),
    "mini_game.app_token_v1": ("flat", None),
    "mini_game.stable_app_token": ("sorted", None),
    "mini_game.check_session_key": ("gateway", None),
    "mini_game.reset_session_key": ("sorted", None),
    "mini_game.set_user_storage": ("flat", None),
    "mini_game.remove_user_storage": ("flat", None),
    "mini_game.notify": ("tips", None),
    "oauth.user_token": ("passport", None),
    "oauth.refresh_token": ("passport", None),
    "oauth.renew_refresh_token": ("passport", None),
    "oauth.client_token": ("passport", None),
    "oauth.stable_client_token": ("passport", None),
    "oauth.user_info": ("union", None),
    "oauth.connect": ("page", None),
    "oauth.get_qrcode": ("passport", None),
    "oauth.check_qrcode": ("passport", None),
    "silent.authorize": ("passport", None),
    "tickets.js_ticket": ("extra", None),
    "tickets.open_ticket": ("extra", None),
    "share.share_id": ("extra", None),
    "microapp.code_to_session": ("gateway", None),
    "microapp.phone_number": ("gateway and tips", ""),
    "subscription.notify_user": ("gateway", None),
    "subscription.query_user_subscribe": ("gateway", None),
    "subscription.create_tpl": ("gateway", None),
    "subscription.add_app_tpl": ("gateway", None),
    "subscription.delete_app_tpl": ("gateway", None),
    "subscription.query_tpl_list": ("gateway", None),
    "subscription.query_app_tpl": ("gateway", None),
    "subscription.query_created_tpl_list": ("gateway", None),
    "schema.get_share": ("gateway", None),
    "schema.get_user_profile": ("gateway", None),
    "schema.get_chat": ("gateway", None),
    "schema.get_live": ("gateway", None),
    "schema.get_item_info": ("gateway", None),
    "ecpay.create_order": ("beside", {"data": None}),
    "ecpay.query_order": ("beside", {"out_order_no": "", "order_id": "", "payment_info": None}),
    "ecpay.query_merchant_balance": ("beside", None),
    "ecpay.merchant_withdraw": ("beside", {"order_id": ""}),
    "ecpay.query_withdraw_order": ("beside", {"status": "", "statusMsg": ""}),
    "ecpay.add_merchant": ("beside", NO_PAGE),
    "ecpay.get_app_merchant": ("beside", NO_PAGE),
    "ecpay.add_sub_merchant": ("beside", NO_PAGE),
    "ecpay.app_add_sub_merchant": ("beside", NO_PAGE),
    "ecpay.create_merchant": ("beside", None),
    "ecpay.image_upload": ("beside", None),
    "ecpay.query_merchant_status": ("beside", None),
    "ecpay.merchant_page": ("page", None),
    "ecpay.bill": ("beside", None),
    "ecpay.bills": ("beside", None),
    "ecpay.fund_bills": ("beside", None),
    "ecpay.bill_file": ("beside", None),
    "merchant.query_merchant_balance": ("gateway", None),
    "merchant.merchant_withdraw": ("gateway", None),
    "merchant.query_withdraw_order": ("gateway", None),
    "merchant.add_merchant": ("gateway", None),
    "merchant.get_app_merchant": ("gateway", None),
    "merchant.add_sub_merchant": ("gateway", None),
    "merchant.app_add_sub_merchant": ("gateway", None),
    "merchant.create_merchant": ("gateway", None),
    "merchant.image_upload": ("gateway", None),
    "merchant.query_merchant_status": ("gateway", None),
    "merchant.bills": ("gateway", None),
    "merchant.fund_bills": ("gateway", None),
    "ecpay.create_refund": ("beside", {"refund_no": ""}),
    "ecpay.query_refund": ("beside", {"refundInfo": NO_REFUND}),
    "ecpay.settle": ("beside", {"settle_no": ""}),
    "ecpay.query_settle": ("beside", {"settle_info": NO_SETTLEMENT}),
    "ecpay.unsettle_amount": ("beside", None),
    "ecpay.query_platform_order": ("beside", {"platform_order": None}),
    "ecpay.create_return": ("beside", {"return_info": None}),
    "ecpay.query_return": ("beside", {"return_info": None}),
    "order_push.push": ("pushed", None),
    "order_push.delete": ("pushed", None),
    "trade.query_order_v2": ("sub", None),
    "webhook.event_status_list": ("extra", None),
    "webhook.event_status_update": ("extra", None),
    "webhook.send_test_event": ("extra", None),
    "platform_webhook.event_statuses": ("gateway", None),
    "platform_webhook.update_event_status": ("gateway", None),
    "platform_webhook.reset_secret": ("gateway", None),
}
FORMS.update(USER_FORMS)
FORMS.update(CONTENT_FORMS)
"""The dialect of every endpoint, and what its failure has as `data`; None is no `data` at all."""

SMALL = {40002: 2, 40014: 1, 40015: 2, 40017: 2, 40018: 3, 40019: 3}
"""The flat dialect's second number, where it is not 1."""

SUBS = {
    2191000: (13000, "系统错误"),
    2191002: (20000, "订单不存在"),
    2191001: (12001, "访问过于频繁"),
    2100005: (10000, "参数错误"),
}
"""The trade system's exact numbers and texts, by those of their kinds."""

REPEATED = {2190002: "access_token无效"}
"""Numbers whose text stands a third time, in sub_description."""


def tells_code(endpoint: Endpoint) -> bool:
    """Whether the number stands in a header as well."""
    return FORMS[endpoint.full_name][0] in ("passport", "union")


def refusal(endpoint: Endpoint, case: ErrorCase, detail: str, log_id: str, now: float) -> bytes:
    """Return the body that says no."""
    form, empty = FORMS[endpoint.full_name]
    code, text = case.code, case.text
    data = {} if empty is None or form == "two keys" else {"data": empty}
    if endpoint.full_name == "im.send_msg" and code >= 28_000_000:
        form = "bare"
    match form:
        case "page":
            return f"{code} {text}\n".encode()
        case "tips":
            body: dict[str, Any] = {"err_no": code, "err_tips": text, **data}
        case "beside":
            body = {"err_no": code, "err_tips": text, **(empty or {})}
        case "pushed":
            body = {"err_code": code, "err_msg": text, "body": ""}
        case "tags":
            error_id = hashlib.md5(log_id.encode()).hexdigest()
            told = {"message": detail or text, "exception": detail or text}
            body = {"error_id": error_id, "code": code, **told}
        case "two keys":
            number, words = empty
            body = {number: code, words: detail or text}
        case "leaking":
            leak = {"StatusCode": code, "StatusMessage": detail or text}
            body = {"BaseResp": leak, "err_msg": detail or text, "err_no": code, "log_id": log_id}
        case "flat":
            small = 1 if case.name == "nil_token" else SMALL.get(code, 1)
            message = "bad parameters" if code == 40014 else text
            body = {"errcode": code, "errmsg": text, "error": small, "message": message}
        case "passport" | "union":
            said = {"captcha": "", "desc_url": "", "description": text, "error_code": code}
            beside = {"err_msg": text, "err_no": code, "log_id": log_id}
            body = {"data": said, **(beside if form == "union" else {}), "message": "error"}
        case "extra":
            said = {"error_code": code, "description": text}
            more = detail or REPEATED.get(code, "")
            extra = {**said, "sub_error_code": 0, "sub_description": more, "logid": log_id}
            body = {"data": said, "extra": {**extra, "now": int(now * 1000)}, **(empty or {})}
        case "sub":
            sub, words = SUBS.get(code, (0, ""))
            said = {"error_code": sub or code, "description": words or text}
            kind = {"error_code": code, "description": "" if sub else text}
            exact = {"sub_error_code": sub, "sub_description": words, "logid": log_id}
            extra = {**kind, **exact}
            body = {"data": said, "extra": {**extra, "now": int(now * 1000)}}
        case "coded":
            body = {"error_code": code, "message": detail or text, "data": None}
        case "nested" if code < 28_000_000:
            said = {"error_code": code, "description": text}
            more = detail or REPEATED.get(code, "")
            extra = {**said, "sub_error_code": 0, "sub_description": more, "logid": log_id}
            inside = {"data": {}, "extra": {**extra, "now": int(now * 1000)}}
            body = {"err_no": 0, "err_msg": "", "log_id": log_id, "data": inside}
        case "bare":
            body = {"err_no": code, "log_id": log_id, "err_msg": text}
        case "sorted":
            body = {"err_msg": detail or text, "err_no": code, "log_id": log_id}
        case _:
            tips = {"err_tips": detail or text} if form == "gateway and tips" else {}
            body = {"err_no": code, "err_msg": detail or text, **tips, "log_id": log_id, **data}
    return compact(body)
