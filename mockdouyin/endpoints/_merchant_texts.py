"""Why a call about merchants, withdrawals or bills was refused, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

MERCHANT_UNKNOWN = text(
    "merchant_unknown",
    zh="没有商户 {id!r}：它没有进件，也没有收过款或分账",
    en="there is no merchant {id!r}: it was not onboarded, and never received money",
)
MERCHANT_OF_OTHER = text(
    "merchant_of_other",
    zh="商户 {id!r} 属于 {owner!r}，不属于 {app!r}",
    en="merchant {id!r} belongs to {owner!r}, not to {app!r}",
)
SUB_MERCHANT_OTHER = text(
    "merchant_sub_other",
    zh="商户 {id!r} 的 sub_merchant_id 是 {own!r}，不是 {got!r}",
    en="merchant {id!r} has the sub_merchant_id {own!r}, not {got!r}",
)
APP_NOT_OF_TOKEN = text(
    "merchant_app_not_of_token",
    zh="access-token 属于应用 {app!r}，请求里的 {name} 是 {got!r}",
    en="the access-token is of app {app!r}, and {name} is {got!r}",
)
NOT_ONE_OF = text(
    "merchant_not_one_of",
    zh="{name} 是 {got!r}，只能是 {known}",
    en="{name} is {got!r}; it is one of {known}",
)
NO_WITHDRAWAL = text(
    "merchant_no_withdrawal",
    zh="没有 out_order_id 为 {number!r} 的提现",
    en="there is no withdrawal {number!r}",
)
WITHDRAWAL_DIFFERS = text(
    "merchant_withdrawal_differs",
    zh="提现 {number!r} 的 {name} 是 {was!r}，不是 {got!r}",
    en="withdrawal {number!r} has {name} {was!r}, not {got!r}",
)
CHANNELS_UNFIT = text(
    "merchant_channels_unfit",
    zh="channels 是 {got}：只能是 wx、alipay、hz，且不能重复",
    en="channels is {got}; it has wx, alipay and hz, each once at most",
)
FIELD_WRONG = text(
    "merchant_field_wrong", zh="{name} 是 {got}，不正确", en="{name} is {got}, which is wrong"
)
FIELD_MISSING = text("merchant_field_missing", zh="缺少 {name}", en="{name} is missing")
NO_LICENSE = text(
    "merchant_no_license",
    zh="business_license_picurl 里没有渠道 {channel} 的营业执照图片",
    en="business_license_picurl has no picture for channel {channel}",
)
DATES = text(
    "merchant_license_dates",
    zh="营业执照有效期 {begin!r} 到 {end!r} 不正确，应为 yyyymmdd，且先起后止",
    en="the licence runs from {begin!r} to {end!r}; write yyyymmdd, the end after the beginning",
)
IMAGE_TYPE = text(
    "merchant_image_type",
    zh="image_type 是 {got!r}，只能是 {known}",
    en="image_type is {got!r}; it is one of {known}",
)
LINK_UNKNOWN = text(
    "merchant_link_unknown",
    zh="链接无效；请用进件接口返回的完整 url 打开",
    en="the link is unknown; open the whole url that the call returned",
)
LINK_EXPIRED = text(
    "merchant_link_expired",
    zh="链接 {ago} 前已过期（两小时有效）；请重新获取",
    en="the link expired {ago} ago, after two hours; ask for another one",
)
FROM_ELSEWHERE = text(
    "merchant_from_elsewhere",
    zh="表单是从别的网站提交的",
    en="the form was submitted by another site",
)
BILL_DATE = text(
    "bill_date_form",
    zh="{name} 是 {got!r}，应为 {form}",
    en="{name} is {got!r}; write it as {form}",
)
BILL_BACKWARDS = text(
    "bill_backwards",
    zh="end_date {end} 早于 start_date {start}",
    en="end_date {end} is before start_date {start}",
)
BILL_TOO_LONG = text(
    "bill_too_long",
    zh="账单一次最多 {most} 天，这里是 {days} 天",
    en="a bill has {most} days at most, and this one has {days}",
)
BILL_FILE_UNKNOWN = text(
    "bill_file_unknown",
    zh="没有这个账单文件，或者链接的 sign 不对；请用接口返回的完整链接",
    en="there is no such file, or the sign is not its own; use the whole link that was returned",
)
BILL_FILE_EXPIRED = text(
    "bill_file_expired",
    zh="账单链接 {ago} 前已过期；请重新获取",
    en="the link to the bill expired {ago} ago; ask for another one",
)
