"""What leads to an error in a running world, in Chinese beside the English of the error tables."""

from __future__ import annotations

import re

from mockdouyin.core.texts import Text, TextTemplate, as_text, text

_CHINESE = {
    # Parameters.
    "a required parameter is missing": "缺少必填参数",
    "a parameter is missing or cannot be read": "缺少参数，或参数无法解析",
    "a parameter is missing or of a wrong type": "缺少参数，或参数类型错误",
    "a parameter is missing or out of range": "缺少参数，或参数超出范围",
    "a parameter is missing, or sig_method is not hmac_sha256": "缺少参数，或 sig_method 不是"
    " hmac_sha256",
    "a field is missing": "缺少字段",
    "a field is missing or ill-formed": "缺少字段，或字段格式错误",
    "a field cannot be read": "字段无法解析",
    "grant_type is not client_credential": "grant_type 不是 client_credential",
    "appid, secret or grant_type is wrong": "appid、secret 或 grant_type 错误",
    "an id means nothing": "id 不存在",
    "there is no such record": "没有这条记录",
    "the record is in another state": "记录的当前状态不允许这个操作",
    # Apps.
    "no app has this appid": "没有这个 appid 的应用",
    "no app has this client_key": "没有这个 client_key 的应用",
    "the secret is not the app's": "secret 与应用不匹配",
    "the client_secret is not the app's": "client_secret 与应用不匹配",
    "the app is set to banned": "应用被设置为已封禁",
    "the app is not a web app": "不是网站应用",
    "the app lacks the scope": "应用没有该 scope",
    "the app lacks one of the scopes": "应用缺少其中某个 scope",
    "the app lacks the scope renew_refresh_token": "应用没有 renew_refresh_token 这个 scope",
    "the app has no scope at all": "应用没有任何 scope",
    "the trial is over 120 days old": "测试应用已超过 120 天",
    # Codes and tokens.
    "the code is unknown, used, expired or of another app": "code 不存在、已使用、已过期，或"
    "属于别的应用",
    "the anonymous_code is unknown, used, expired or of another app": "anonymous_code 不存在、"
    "已使用、已过期，或属于别的应用",
    "the code is unknown, used or expired": "code 不存在、已使用或已过期",
    "the code belongs to another client_key": "code 属于别的 client_key",
    "the token is unknown": "token 不存在",
    "the token has expired": "token 已过期",
    "the token is unknown or has expired": "token 不存在或已过期",
    "there is no access_token": "没有 access_token",
    "the refresh_token is unknown, expired, renewed or revoked": "refresh_token 不存在、已过期、"
    "已刷新或已取消授权",
    "nobody has this Douyin number": "没有人使用这个抖音号",
    "the work is unknown or not public": "作品不存在，或非公开",
    "the biz_refresh_token is unknown, revoked or of another app": "biz_refresh_token 不存在、"
    "已取消授权，或属于别的应用",
    "the refresh_token was renewed five times": "refresh_token 已续期五次",
    "client_ticket is not an open ticket, or has expired": "client_ticket 不是 open_ticket，"
    "或已过期",
    "the signature is not the session's": "签名与登录态不匹配",
    # People and consents.
    "nobody has the openid in this app": "该应用中没有这个 openid 的用户",
    "nobody has the open_id in this app": "该应用中没有这个 open_id 的用户",
    "the app_id or the open_id is unknown": "app_id 或 open_id 不存在",
    "the open_id is not the token's": "open_id 与 token 不匹配",
    "open_id and follower_open_id are the same": "open_id 与 follower_open_id 相同",
    "the person did not grant the scope": "用户没有授权该 scope",
    "the person is not a tester of the trial app, or did not grant trial.whitelist": "用户不在测试"
    "应用的白名单中，或没有授权 trial.whitelist",
    "the person is not a tester of the trial app, or its two scopes are not asked for": "用户不在"
    "测试应用的白名单中，或没有申请所需的两个 scope",
    "the redirect_uri is not registered, or neither http nor https": "redirect_uri 没有登记，"
    "或不是 http、https 地址",
    "a scope other than login_id is asked for": "申请了 login_id 之外的 scope",
    # Messages and subscriptions.
    "the template is unknown, or data does not have its fields": "模板不存在，或 data 与模板的字段"
    "不一致",
    "two messages to one person in a second, with limits": "一秒内给同一用户发了两条"
    "（启用限流时）",
    "the person has not allowed a message, or all are sent": "用户没有订阅，或订阅次数已用完",
    "the person refused the template last": "用户最近一次拒绝了该模板",
    "all messages that the person allowed are sent": "用户订阅的次数已用完",
    "the person never allowed a message": "用户从未订阅",
    "the receiver has not allowed messages": "接收方没有允许私信",
    "a fourth first message in a day, with limits": "一天内第四次主动私信（启用限流时）",
    "the message is unknown or was recalled": "私信不存在或已撤回",
    # Storage of mini-games.
    "a key is over 128 bytes": "key 超过 128 字节",
    "a key and its value are over 1024 bytes": "key 和 value 合计超过 1024 字节",
    "a ttgame value has no score": "ttgame 的值缺少 score",
    "over 128 pairs": "超过 128 对",
    # Works, uploads and comments.
    "the work belongs to another person": "作品属于别的用户",
    "the work is unknown, deleted or another person's": "作品不存在、已删除，或属于别的用户",
    "the video_id is unknown, expired or used": "video_id 不存在、已过期或已使用",
    "a file is over 128 MB": "文件超过 128 MB",
    "all parts together are over 4 GB": "所有分片合计超过 4 GB",
    "there is no such comment": "没有这条评论",
    "the comment is under another work": "评论属于别的作品",
    "the content contains the word 敏感词": "内容包含“敏感词”三个字",
    # Fan groups, and cards for messages.
    "there are as many as there can be": "已达数量上限",
    "the person has no such group": "用户没有这个群",
    "nobody applied to the person's groups under this id": "用户的群没有这条入群申请",
    "the application was decided before, or the group is full": "入群申请已处理过，或者群已满",
    "the person has no such message, or it is no picture and no video": "用户没有收发过这条消息，"
    "或者它不是图片或视频",
    "the person has no such card": "用户没有这张卡片",
    "the app has no such template": "应用没有这个模板",
    # Webhooks.
    "the app has no webhook": "应用没有设置 webhook",
    "an event of the list has no name": "列表中有事件没有名称",
    "there is no such event": "没有这个事件",
    "a status is neither 0 nor 1": "status 不是 0 或 1",
    # Payments.
    "no mini-program has this app_id": "没有这个 app_id 的小程序",
    "a parameter is missing or out of bounds": "缺少参数，或参数超出范围",
    "a parameter is missing or out of bounds, or the first request for this number failed": "缺少"
    "参数、参数超出范围，或该单号的第一次请求失败了",
    "nobody has this thirdparty_id": "没有这个 thirdparty_id 的服务商",
    "the thirdparty_id is another app's": "thirdparty_id 属于别的应用",
    "the app has no order of this number": "应用没有这个单号的订单",
    "the sign is not made with the app's SALT over these values, or app_id is missing": "sign 不是"
    "用应用的 SALT 对这些值计算的，或缺少 app_id",
    "a parameter is missing or out of bounds, the order is not paid or was paid over a year ago,"
    " or it was refunded too often or would be by more than was paid": "缺少参数、参数超出范围，"
    "订单未支付或支付已超过一年，或退款次数、金额超过上限",
    "the app has no refund of this number": "应用没有这个单号的退款",
    "a parameter is missing or out of bounds, or the order's last settlement is not done yet": "缺"
    "少参数、参数超出范围，或订单的上一次分账还没有完成",
    "more is shared out than is left in transit after the fee, or the order is finished": "扣除"
    "手续费后在途资金不够分，或订单已分账完结",
    "the app has no settlement of this number": "应用没有这个单号的分账",
    "out_return_no has over 64 characters": "out_return_no 超过 64 个字符",
    "a parameter is missing or out of bounds, or the receiver got less from the settlement": "缺少"
    "参数、参数超出范围，或要退回的金额超过该商户在这次分账中的所得",
    "the app has no return of this number": "应用没有这个单号的退分账",
    "a parameter is missing or out of bounds: update_time in seconds, for example": "缺少参数，或"
    "参数超出范围，例如 update_time 用了秒",
    "the open_id is nobody's in this app": "open_id 不是该应用的用户",
    "the access_token is missing, expired or unknown": "access_token 缺失、已过期或不存在",
    "too many calls, with limits": "调用太频繁（启用限流时）",
    # Merchants.
    "there is no such merchant, or it is another app's or provider's": "没有这个商户，或商户属于"
    "别的应用或服务商",
    "there is no withdrawal of this out_order_id, merchant and channel": "没有这个 out_order_id、"
    "商户号和渠道的提现",
    "the link is unknown, or has expired": "链接不存在或已过期",
    "the token is unknown, has expired, or is of another kind": "token 不存在、已过期，或种类不对",
    "the token is not of the app that is named": "token 不属于请求里的应用或服务商",
    "the picture is over 2 MB": "图片超过 2 MB",
    "a channel is unknown": "channels 里有不存在的渠道",
    "channels is missing": "缺少 channels",
    "merchant_type is not one of 1 to 8": "merchant_type 不是 1 到 8",
    "merchant_name is missing": "缺少 merchant_name",
    "merchant_short_name is missing": "缺少 merchant_short_name",
    "type is not one of 1 to 4": "type 不是 1 到 4",
    "type is 1, and app_id or sub_merchant_id is missing": "type 为 1，但缺少 app_id 或"
    " sub_merchant_id",
    "type is 2, and thirdparty_id is missing": "type 为 2，但缺少 thirdparty_id",
    "type is 3, and thirdparty_id, app_id or sub_merchant_id is missing": "type 为 3，但缺少"
    " thirdparty_id、app_id 或 sub_merchant_id",
    "type is 4, and thirdparty_id or sub_merchant_id is missing": "type 为 4，但缺少"
    " thirdparty_id 或 sub_merchant_id",
    "no picture of the licence for channel hz": "没有渠道 hz 的营业执照图片",
    "no picture of the licence for channel wx": "没有渠道 wx 的营业执照图片",
    "no picture of the licence for channel alipay": "没有渠道 alipay 的营业执照图片",
    "begin_date or end_date is no date, or the end is not after the beginning": "begin_date 或"
    " end_date 不是日期，或结束不晚于开始",
    "end_date is before start_date": "end_date 早于 start_date",
    # Content, links and QR codes.
    "a task is missing or ill-formed": "没有检测任务，或任务格式错误",
    "the image has no http or https address": "图片地址不是 http 或 https 地址",
    "there is no such link of the app, or it has expired": "应用没有这个链接，或链接已过期",
    "appname is none of the platform's apps": "appname 不是平台的应用",
    "width is not from 280 to 1280": "width 不在 280 到 1280 之间",
    # Limits.
    "over 5000 in a minute, with limits": "一分钟超过 5000 次（启用限流时）",
    "over the calls a second, with limits": "超过每秒调用次数（启用限流时）",
    "over the daily quota, with limits": "超过每日配额（启用限流时）",
    "over 75 in a day, with limits": "一天超过 75 次（启用限流时）",
    "over 500 calls in 5 min, with limits": "5 分钟超过 500 次（启用限流时）",
    "over 60000 in a minute, with limits": "一分钟超过 60000 次（启用限流时）",
    "over 20 forced refreshes in a day, with limits": "一天强制刷新超过 20 次（启用限流时）",
}

CAUSES: dict[str, TextTemplate] = {
    en: text("_".join(["cause", *re.findall("[a-z0-9]+", en.lower())]), zh=zh, en=en)
    for en, zh in _CHINESE.items()
}
"""The causes of errors by their English words, as they stand in the error tables."""


def cause_text(cause: str) -> Text:
    """Return an error's cause as a text; `system` is a word for programs."""
    return CAUSES[cause]() if cause in CAUSES else as_text(cause)
