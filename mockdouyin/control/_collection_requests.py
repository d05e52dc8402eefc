"""What a collection for API clients holds: folders by subject, each with the calls people use.

Paths, methods, headers and titles are not here: they are read off the endpoints and operations.
"""

from __future__ import annotations

from mockdouyin.control import _collection_texts as texts
from mockdouyin.control._collection_types import (
    ControlRequest,
    Folder,
    PlatformRequest,
    phone_request,
    signed_request,
)

_OPEN_ID_OF_OTHER = 'reply.people[0].open_ids[pm.variables.get("client_key")]'

_LOGIN = Folder(
    texts.LOGIN,
    (
        phone_request(
            "login",
            texts.TT_LOGIN,
            body={"person": "{{person}}"},
            saves={"code": "reply.code", "anonymous_code": "reply.anonymousCode"},
        ),
        PlatformRequest(
            "mini_program.code_to_session",
            {
                "appid": "{{app_id}}",
                "secret": "{{app_secret}}",
                "code": "{{code}}",
                "anonymous_code": "{{anonymous_code}}",
            },
            saves={"session_key": "reply.data.session_key", "openid": "reply.data.openid"},
        ),
        phone_request("getUserProfile", texts.TT_PROFILE, body={"person": "{{person}}"}),
    ),
)

_CLIENT = {"grant_type": "client_credential"}

_TOKENS = Folder(
    texts.TOKENS,
    (
        PlatformRequest(
            "mini_program.app_token",
            {"appid": "{{app_id}}", "secret": "{{app_secret}}", **_CLIENT},
            saves={"app_token": "reply.data.access_token"},
        ),
        PlatformRequest(
            "oauth.client_token",
            {"client_key": "{{app_id}}", "client_secret": "{{app_secret}}", **_CLIENT},
            saves={"app_client_token": "reply.data.access_token"},
            name=texts.APP_CLIENT_TOKEN,
        ),
        PlatformRequest(
            "oauth.client_token",
            {"client_key": "{{client_key}}", "client_secret": "{{client_secret}}", **_CLIENT},
            saves={"client_token": "reply.data.access_token"},
            name=texts.WEB_CLIENT_TOKEN,
        ),
    ),
)

_PHONE_NUMBER = Folder(
    texts.PHONE_NUMBER,
    (
        phone_request(
            "getPhoneNumber",
            texts.TT_PHONE_NUMBER,
            body={"person": "{{person}}"},
            saves={"phone_code": "reply.detail.code"},
        ),
        PlatformRequest("microapp.phone_number", {"code": "{{phone_code}}"}, "app_client_token"),
    ),
)

_CONSENT = Folder(
    texts.CONSENT,
    (
        ControlRequest(
            "authorize",
            texts.ALLOW,
            body={
                "client_key": "{{client_key}}",
                "person": "{{person}}",
                "scope": "user_info,im.direct_message,im.recall_message",
            },
            saves={"auth_code": "reply.code"},
        ),
        PlatformRequest(
            "oauth.user_token",
            {
                "client_key": "{{client_key}}",
                "client_secret": "{{client_secret}}",
                "code": "{{auth_code}}",
                "grant_type": "authorization_code",
            },
            saves={
                "user_token": "reply.data.access_token",
                "refresh_token": "reply.data.refresh_token",
                "open_id": "reply.data.open_id",
            },
        ),
        PlatformRequest("oauth.user_info", {"open_id": "{{open_id}}"}, "user_token"),
        PlatformRequest(
            "oauth.refresh_token",
            {
                "client_key": "{{client_key}}",
                "grant_type": "refresh_token",
                "refresh_token": "{{refresh_token}}",
            },
            saves={"user_token": "reply.data.access_token"},
        ),
    ),
)

_TICKETS = Folder(
    texts.TICKETS,
    (
        PlatformRequest(
            "tickets.js_ticket", {}, "client_token", saves={"js_ticket": "reply.data.ticket"}
        ),
        PlatformRequest(
            "tickets.open_ticket", {}, "client_token", saves={"open_ticket": "reply.data.ticket"}
        ),
        PlatformRequest("share.share_id", {"need_callback": "true"}, "client_token"),
    ),
)

_MESSAGES = Folder(
    texts.SUBSCRIPTION,
    (
        phone_request(
            "requestSubscribeMessage",
            texts.TT_SUBSCRIBE,
            body={"person": "{{person}}", "tmplIds": ["{{template_id}}"]},
        ),
        PlatformRequest(
            "mini_program.notify",
            {
                "access_token": "{{app_token}}",
                "app_id": "{{app_id}}",
                "tpl_id": "{{template_id}}",
                "open_id": "{{openid}}",
                "data": {"快递派送": "SF1111111111"},
            },
        ),
    ),
)

_CONTENT = Folder(
    texts.CONTENT,
    (
        PlatformRequest(
            "content_security_toutiao.text_antidirt",
            {"tasks": [{"content": "今天天气很好"}]},
            "app_token",
            expects="reply.data[0].code === 0",
        ),
        PlatformRequest(
            "qr_codes.qrcode_create",
            {"appid": "{{app_id}}", "app_name": "douyin", "path": "pages%2Findex", "width": 280},
            "app_client_token",
        ),
    ),
)

_WEBHOOKS = Folder(
    texts.WEBHOOKS,
    (
        ControlRequest("events", texts.EVENTS),
        ControlRequest(
            "send_event",
            texts.SEND_EVENT,
            body={
                "event": "create_video",
                "app": "{{client_key}}",
                "person": "{{person}}",
                "to": "{{webhook_url}}",
                "once": True,
            },
            saves={"delivery_id": "reply.id"},
        ),
        ControlRequest("delivery_signature", texts.SIGNATURE, {"id": "{{delivery_id}}"}),
        ControlRequest("replay", texts.REPLAY, {"id": "{{delivery_id}}"}),
        ControlRequest("list_deliveries", texts.DELIVERIES, query={"limit": "20"}),
        PlatformRequest("webhook.event_status_list", {}, "client_token"),
    ),
)

_PAYMENT = Folder(
    texts.PAYMENT,
    (
        signed_request(
            "ecpay.create_order",
            {
                "out_order_no": "{{order_no}}",
                "total_amount": 1990,
                "subject": "月度会员",
                "body": "月度会员 30 天",
                "valid_time": 900,
                "notify_url": "{{notify_url}}",
            },
            number="order_no",
            saves={"order_id": "reply.data.order_id", "order_token": "reply.data.order_token"},
        ),
        ControlRequest(
            "phone",
            texts.TT_PAY,
            {"api": "pay"},
            {
                "person": "{{person}}",
                "orderInfo": {"order_id": "{{order_id}}", "order_token": "{{order_token}}"},
            },
            expects="reply.code === 0",
        ),
        signed_request("ecpay.query_order", {"out_order_no": "{{order_no}}"}),
        signed_request(
            "ecpay.create_refund",
            {
                "out_order_no": "{{order_no}}",
                "out_refund_no": "{{refund_no}}",
                "refund_amount": 190,
                "reason": "发错地址",
                "notify_url": "{{notify_url}}",
            },
            number="refund_no",
        ),
        ControlRequest("advance_clock", texts.AFTER_REFUND, body={"by": "2s"}),
        signed_request("ecpay.query_refund", {"out_refund_no": "{{refund_no}}"}),
        signed_request(
            "ecpay.settle",
            {
                "out_order_no": "{{order_no}}",
                "out_settle_no": "{{settle_no}}",
                "settle_desc": "主动结算",
                "notify_url": "{{notify_url}}",
                "finish": "true",
            },
            number="settle_no",
        ),
        signed_request("ecpay.query_settle", {"out_settle_no": "{{settle_no}}"}),
        ControlRequest("list_orders", texts.ORDERS),
    ),
)

_MESSAGING = Folder(
    texts.MESSAGING,
    (
        ControlRequest(
            "people",
            texts.OTHER_PERSON,
            query={"person": "{{other_person}}"},
            saves={"other_open_id": _OPEN_ID_OF_OTHER},
        ),
        PlatformRequest(
            "im.send_msg",
            {
                "msg_id": "@msg==",
                "conversation_id": "@conversation==",
                "to_user_id": "{{other_open_id}}",
                "content": {"msg_type": 1, "text": {"text": "你好"}},
            },
            "user_token",
            {"open_id": "{{open_id}}"},
            saves={"msg_id": "reply.msg_id"},
        ),
        PlatformRequest(
            "im.recall_msg",
            {
                "msg_id": "{{msg_id}}",
                "conversation_id": "@conversation==",
                "conversation_type": 1,
            },
            "user_token",
            {"open_id": "{{open_id}}"},
        ),
    ),
)

_CONTROL = Folder(
    texts.CONTROL,
    (
        ControlRequest("apps", texts.APPS),
        ControlRequest("rows", texts.ROWS, query={"limit": "50"}),
        ControlRequest("stories", texts.STORIES, query={"limit": "20"}),
        ControlRequest("findings", texts.FINDINGS),
        ControlRequest(
            "add_rule",
            texts.ADD_RULE,
            body={"on": "code_to_session", "error": 40018, "times": 1},
            saves={"rule_id": "reply.id"},
        ),
        ControlRequest("rules", texts.RULES),
        ControlRequest("remove_rule", texts.REMOVE_RULE, {"id": "{{rule_id}}"}),
        ControlRequest("due", texts.DUE),
        ControlRequest("advance_clock", texts.ADVANCE, body={"by": "2h1m"}),
        ControlRequest("reset", texts.RESET, body={}),
    ),
)

FOLDERS = (
    _LOGIN,
    _TOKENS,
    _PHONE_NUMBER,
    _CONSENT,
    _TICKETS,
    _MESSAGES,
    _CONTENT,
    _WEBHOOKS,
    _PAYMENT,
    _MESSAGING,
    _CONTROL,
)
"""Every folder; each can be sent once those before it were."""

MADE = ("order_no", "refund_no", "settle_no", "sign")
"""The variables that scripts set before a request."""
