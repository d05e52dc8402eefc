"""In which order the SDK's operations are called, and what some of them need to be called with."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.clients.front import call as control
from tests.clients.sdk.parameters import PICTURE
from tests.clients.sdk.world import (
    BUSINESS_SCOPES,
    OTHER,
    PROVIDER,
    after_sale,
    card_image,
    consent_code,
    world_day,
)
from tests.support.helpers import GAME, PROGRAM, WEB

if TYPE_CHECKING:
    from tests.clients.sdk.drive import Drive

Special = Callable[["Drive"], dict[str, Any]]
"""Returns what some parameters have to be; one that is None is left out."""

_CLIENT = {"grant_type": "client_credential"}
_PAGE = {"cursor": "0", "count": 3}
_SERVED = {"thirdparty_id": PROVIDER, "url_type": 1}
_ACCOUNT = {"merchant_uid": PROGRAM.payment.merchant_uid, "channel_type": "alipay"}
_EVERY_ORDER = dict.fromkeys(
    ("order_id", "ext_order_id", "open_id", "order_status")
    + tuple(
        f"{what}_order_{which}_time" for what in ("create", "update") for which in ("start", "end")
    )
)
_BILLS = {"merchant_id": PROGRAM.payment.merchant_uid}


def _always(*given: dict[str, Any]) -> Special:
    every = {name: value for each in given for name, value in each.items()}
    return lambda drive: every


def _storage(name: str, value: Any) -> Special:
    """Sign a body with the session key of the latest login."""

    def make(drive: Drive) -> dict[str, Any]:
        body = json.dumps({name: value}, separators=(",", ":")).encode()
        key = drive.told("mini_game", "session_key").encode()
        signature = hmac.new(key, body, hashlib.sha256).hexdigest()
        return {name: value, "sig_method": "hmac_sha256", "signature": signature}

    return make


def _application(drive: Drive) -> dict[str, Any]:
    pictures = [
        {"channel": each, "url": f"tos-cn-i-01omznotxb/{each}"} for each in ("wx", "alipay", "hz")
    ]
    license = {
        "business_license_type": 3,
        "business_license_code": "110101199001010010",
        "business_license_picurl": pictures,
        "begin_date": "20211231",
        "end_date": "99991231",
    }
    return {
        "sub_merchant_id": "SUB-1",
        "type": 1,
        "channels": ["wx", "alipay", "hz"],
        "merchant_type": 2,
        "province_code": "110000",
        "city_code": "110100",
        "district_code": "110107",
        "business_license": license,
        "legal_person": {"id_type": 1, "id_no": "13213429731104601X", "name": "张三"},
        "merchant_card_info": {"account_no": "110932121411301", "bank_full_name": "招商银行"},
        "merchant_operation_info": {"manage_name": "张三", "manage_mobile": "13800138000"},
        "industry_code": ["1520"],
        "out_order_id": "APPLY-1",
        "beneficiary": None,
        "ext_evidences": None,
        "industry_info_pic_urls": None,
        "thirdparty_id": None,
    }


USUAL = {
    "date_type": "7",
    "app_name": "douyin",
    "sort_type": "time",
    "width": 430,
    "b_client_key": PROGRAM.client_key,
    "c_client_key": WEB.client_key,
}
"""Parameters that have the same value in every call."""


def _act(name: str, **given: Any) -> Any:
    """Have somebody do something to 小明 in the web app."""
    given |= {"app": WEB.client_key, "person": OTHER, "other": "小明"}
    return control(f"acts/{name}", **given)


def _picture_message(drive: Drive) -> dict[str, Any]:
    sent = _act("message", media="image")
    return {"message_id": sent["msg_id"], "conversation_id": sent["conversation_id"]}


def _link(drive: Drive) -> dict[str, Any]:
    return {"query": '{"a":1}', "expire_time": str(drive.now() + 86400)}


def _wanted_back(drive: Drive) -> dict[str, Any]:
    return after_sale(drive.token_of(PROGRAM))


def _as_in_c_app(drive: Drive) -> dict[str, Any]:
    return {"open_id": drive.open_id_of(WEB.client_key)}


SPECIAL: dict[str, Special] = {
    # Tokens, and who a person is.
    "v2Token": _always(_CLIENT),
    "appsV2Token": _always(_CLIENT),
    "oauthClientToken": _always(_CLIENT),
    "v2Jscode2session": lambda drive: {"code": drive.login_code(PROGRAM), "anonymous_code": None},
    "appsJscode2session": lambda drive: {"code": drive.login_code(GAME), "anonymous_code": None},
    "oauthAccessToken": lambda drive: {
        "code": consent_code(WEB.client_key),
        "grant_type": "authorization_code",
    },
    "oauthRefreshToken": lambda drive: {
        "refresh_token": drive.refresh_token(),
        "grant_type": "refresh_token",
    },
    "oauthUserinfo": lambda drive: drive.as_person(),
    "oauthRenewRefreshToken": lambda drive: {"refresh_token": drive.refresh_token()},
    # A mini-game's storage; messages by subscription.
    "appsSetUserStorage": _storage("kv_list", [{"key": "score", "value": '{"score":1}'}]),
    "appsRemoveUserStorage": _storage("key", ["score"]),
    "v1Notify": lambda drive: {
        "tpl_id": GAME.template,
        "data": {"快递派送": "您的快递已送达"},
        "page": None,
    },
    "subscriptionNotifyUser": _always(
        {"msg_id": PROGRAM.template, "data": {"快递派送": "已送达"}, "notify_type": [1, 2]}
    ),
    "subscriptionQueryUserSubscribe": _always({"msg_id": PROGRAM.template}),
    "subscriptionCreateTpl": _always(
        {"category_ids": "1,2", "classification": 1, "host_list": ["douyin"],
         "keyword_list": ["取餐码", "门店"]}
    ),
    "subscriptionAddAppTpl": _always(
        {"template_id": "12260", "keyword_list": ["订单编号", "订单状态"]}
    ),
    # Merchants.
    "saasCreateMerchant": _application,
    "saasAddMerchant": _always({"thirdparty_component_id": PROVIDER, "url_type": 1}),
    "saasAddSubMerchant": _always(_SERVED),
    "saasGetAppMerchant": _always(_SERVED),
    "saasQueryMerchantStatus": lambda drive: {
        "merchant_id": drive.told("saasCreateMerchant", "merchant_id"),
        "sub_merchant_id": "SUB-1",
        "thirdparty_id": None,
    },
    "saasQueryMerchantBalance": _always(_ACCOUNT, {"thirdparty_id": None}),
    "saasMerchantWithdraw": _always(
        _ACCOUNT, {"thirdparty_id": None, "withdraw_amount": "100", "out_order_id": "WITHDRAW-1"}
    ),
    "saasQueryWithdrawOrder": _always(
        _ACCOUNT, {"thirdparty_id": None, "out_order_id": "WITHDRAW-1"}
    ),
    "v3Bills": lambda drive: {**_BILLS, "bill_type": "payment", "bill_date": world_day(2)},
    "fundBills": lambda drive: {
        **_BILLS,
        "bill_date": world_day(2),
        **dict.fromkeys(("account_type", "payment_type", "trade_type"), "ALL"),
    },
    # A person's works and their figures, comments and messages.
    "videoVideoList": _always(_PAGE),
    "videoCreateVideo": lambda drive: {"video_id": drive.told("video", "video_id")},
    "videoCreateImageText": lambda drive: {"image_list": [drive.told("video", "image_id")]},
    "videoUploadVideoPart": _always({"part_number": "1"}),
    "commentList": _always(_PAGE),
    "commentReplyList": _always(_PAGE),
    "commentReply": lambda drive: {"comment_id": drive.told("searchCommentList", "comment_id")},
    "schemaGetItemInfo": lambda drive: {"expire_at": str(drive.now() + 3600)},
    "authorizeUserList": _always({"cursor": "0", "limit": "10"}),
    "authorizeStatus": lambda drive: {"c_open_id": drive.open_id_of(OTHER)},
    "sendMsg": lambda drive: {
        "to_user_id": drive.open_id_of(OTHER),
        "content": {"msg_type": 1, "text": {"text": "你好"}},
    },
    "recallMsg": lambda drive: {"msg_id": drive.told("sendMsg", "msg_id"), "conversation_type": 1},
    "msgGroup": lambda drive: {"content": {"msg_type": 1, "text": {"text": "你好"}}},
    "fansCreate": _always({"open_audit_switch": 1}),
    "auditSet": lambda drive: {"status": "2", "apply_id": _act("join_group")["apply_id"]},
    "messageResources": _picture_message,
    "saveRetainConsultCard": _always({"card_id": None}),
    "imSetAppletTemplate": _always({"card_template_id": None}),
    # Business tokens.
    "oauthBusinessToken": _always({"scope": ",".join(BUSINESS_SCOPES)}),
    "oauthRefreshBizToken": lambda drive: {
        "refresh_token": drive.told("oauthBusinessToken", "biz_refresh_token")
    },
    # One person in two apps.
    **dict.fromkeys(("authGetOpenidByC", "getOpenidByC"), _as_in_c_app),
    "getOpenidByB": lambda drive: {"open_id": drive.open_id_of(PROGRAM.client_key)},
    # What is looked at: texts, pictures, links.
    "censorImage": _always({"image": None, "image_data": base64.b64encode(PICTURE).decode()}),
    "tagsImage": _always({"targets": ["porn"], "tasks": [{"image": "https://example.com/a.png"}]}),
    **dict.fromkeys(("urlLinkGenerate", "urlGenerateSchema"), _link),
    "urlLinkQueryInfo": lambda drive: {"url_link": drive.told("urlLinkGenerate", "url_link")},
    "urlQuerySchema": lambda drive: {"schema": drive.told("urlGenerateSchema", "schema")},
    # Local life: orders, whose buyers show the end of a certificate's id; what they want back.
    **dict.fromkeys(("tradeOrderQuery", "akteOrderQuery"), _always(_EVERY_ORDER)),
    **dict.fromkeys(("orderDetailGet", "afterSaleOrderAudit"), _wanted_back),
    "certificatePrepare": lambda drive: {
        "code": drive.told("tradeOrderQuery", "certificate_id")[-12:],
        "encrypted_data": None,
    },
    "certificateVerify": lambda drive: {
        "verify_token": drive.told("certificatePrepare", "verify_token"),
        "encrypted_codes": [drive.told("certificatePrepare", "encrypted_code")],
        "codes": None,
        "code_with_time_list": None,
    },
    "certificateCancel": lambda drive: {
        "verify_id": drive.told("certificateVerify", "verify_id"),
        "certificate_id": drive.told("certificateVerify", "certificate_id"),
    },
    # A merchant's audit.
    "entityGetAuditDetail": lambda drive: {
        "auth_taskid": drive.told("knowledge_entities", "basic_auth_taskid")
    },
    "purchaseInfo": _always({"usage_times": "9"}),
    "capacitySetSearchTag": _always({"delete_tag_list": None, "modify_tag_list": None}),
    # A picture for a card: what the SDK makes of the answer to an upload has no id.
    "cardImageDelete": lambda drive: {"image_ids": [card_image(drive.app_token_of(PROGRAM))]},
    # Plans that are made if they are not named.
    **dict.fromkeys(
        ("saveVideoOrientedPlan", "saveLiveOrientedPlan", "poiSaveCommonPlan"),
        _always({"plan_id": None}),
    ),
    # What is hot.
    "rankVersion": _always({"type": "1", "cursor": "0", "count": "2"}),
    "rankItem": _always({"type": "1", "version": None}),
    "starHotList": _always({"hot_list_type": "1"}),
    "trendingSentences": _always(_PAGE),
}  # fmt: skip
"""Operations that need more than plausible parameters."""

BEFORE: dict[str, tuple[str, ...]] = {
    "videoUploadVideoPart": ("initVideoPartUpload",),
    "completeVideoPartUpload": ("videoUploadVideoPart",),
    "videoCreateVideo": ("completeVideoPartUpload", "videoUploadVideo"),
    "videoCreateImageText": ("uploadImage",),
    "recallMsg": ("sendMsg",),
    "auditSet": ("fansCreate",),
    "oauthRefreshBizToken": ("oauthBusinessToken",),
    "urlLinkQueryInfo": ("urlLinkGenerate",),
    "searchCommentList": ("videoSearch",),
    "commentReply": ("searchCommentList",),
    "certificatePrepare": ("tradeOrderQuery",),
    "certificateVerify": ("certificatePrepare",),
    "certificateCancel": ("certificateVerify",),
    "certificateGet": ("certificatePrepare",),
    "certificateQuery": ("certificatePrepare",),
    "urlQuerySchema": ("urlGenerateSchema",),
    "appsSetUserStorage": ("appsJscode2session",),
    "saasQueryMerchantStatus": ("saasCreateMerchant",),
    "saasQueryWithdrawOrder": ("saasMerchantWithdraw",),
}
"""Operations whose answers an operation needs."""

_MAKES = (
    "create", "add", "apply", "upload", "init", "register", "save", "generate", "submit", "send",
)  # fmt: skip
_ENDS = (
    "delete", "remove", "unbind", "cancel", "close", "offline", "revoke", "clear", "recall",
)  # fmt: skip


_VERBS = {"create": 0, "save": 0, "get": 1, "list": 1, "update": 1, "delete": 2}


def rank(name: str, verb: str) -> int:
    """Return 0 for what makes a thing, 1 for what asks for it or changes it, 2 for its end."""
    if verb:
        return _VERBS[verb]
    low = name.lower()
    if any(word in low for word in _ENDS):
        return 2
    return 0 if any(word in low for word in _MAKES) else 1
