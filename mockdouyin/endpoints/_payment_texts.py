"""Why a call of guaranteed payment was refused, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_SALT = text(
    "payment_no_salt",
    zh="{missing}；没有 app_id，平台找不到验签用的 SALT",
    en="{missing}; without it there is no SALT to check with",
)
APP_ID_MISSPELT = text(
    "payment_app_id_missing",
    zh="缺少 app_id，平台找不到验签用的 SALT；注意字段名是 app_id，不是 appid",
    en="app_id is missing, so there is no SALT to check with; the field is app_id, not appid",
)
NO_PAYMENT = text(
    "payment_not_enabled",
    zh="应用 {app!r} 没有开通担保支付：只有小程序有 SALT",
    en="app {app!r} has no guaranteed payment: only mini-programs have a SALT",
)
PROVIDER_UNKNOWN = text(
    "payment_provider_unknown",
    zh="没有应用的支付设置里有服务商 {provider!r}",
    en="no app has the service provider {provider!r} in its payment settings",
)
PROVIDER_OF_OTHER = text(
    "payment_provider_of_other",
    zh="服务商 {provider!r} 没有得到应用 {app!r} 的授权",
    en="app {app!r} has not authorized the service provider {provider!r}",
)
SIGN_MISSING = text("payment_sign_missing", zh="缺少 sign", en="there is no sign")
SIGN_WRONG = text(
    "payment_sign_wrong",
    zh="sign 与平台算出的不一致，也不是已知的错误写法；先核对应用的 SALT（`mockdouyin apps {app}"
    " --reveal`），平台的待签名字符串：{signed}",
    en="the sign is not the platform's, and no known mistake leads to it; is it the app's SALT"
    " (`mockdouyin apps {app} --reveal`)? The platform signs: {signed}",
)
TEXT_LOST = text(
    "payment_text_lost",
    zh="sign 与平台算出的不一致；{name} 里有 ?? 或 �，中文可能在发送时丢失了："
    "body 要按 UTF-8 编码（Java 用 new StringEntity(json, UTF_8)）；平台的待签名字符串：{signed}",
    en="the sign is not the platform's; {name} has ?? or � in it, which may be what is left of"
    " Chinese: encode the body as UTF-8, in Java by new StringEntity(json, UTF_8); the platform"
    " signs: {signed}",
)
SIGN_OVER_JSON = text(
    "payment_sign_over_json",
    zh="嵌套值按 JSON 文本签了名，官方示例按 Go 的 %v 写（strict_payments 已开启）；"
    "平台的待签名字符串：{signed}",
    en="the sign is made over nested values as JSON text; the official demo writes them as Go's"
    " %v (strict_payments is on), so the platform signs: {signed}",
)
TOO_LONG = text(
    "payment_field_too_long",
    zh="{name} 有 {length} 字节，最多 {most}",
    en="{name} has {length} bytes; {most} is the most",
)
NUMBER_FORM = text(
    "payment_number_form",
    zh="{name} 是 {got!r}：只能由数字、字母和 _-* 组成，最多 64 个字符",
    en="{name} is {got!r}: it has digits, letters and _-*, at most 64 of them",
)
AMOUNT = text(
    "payment_amount",
    zh="{name} 是 {got}，应为 {least} 到 {most} 的整数，单位是分",
    en="{name} is {got}; it is an integer of fen (0.01 yuan) from {least} to {most}",
)
AMOUNT_MISSING = text(
    "payment_amount_missing",
    zh="缺少 {name}，或 {name} 是 0：应为 {least} 到 {most} 的整数，单位是分",
    en="{name} is missing or 0; it is an integer of fen (0.01 yuan) from {least} to {most}",
)
AMOUNT_TYPE = text(
    "payment_amount_type",
    zh="{wrong}；金额的单位是分，19.9 元写成 1990",
    en="{wrong}; amounts are in fen: 19.9 yuan are 1990",
)
URL_FORM = text(
    "payment_url_form",
    zh="{name} 是 {got!r}，不是 http 或 https 的地址",
    en="{name} is {got!r}, no http or https address",
)
URL_STRICT = text(
    "payment_url_strict",
    zh="{name} 是 {got!r}：平台只接受 https、443 端口的地址（strict_urls 已开启）",
    en="{name} is {got!r}: the platform takes https at port 443 alone (strict_urls is on)",
)
HIDDEN_WAY = text(
    "payment_hidden_way",
    zh="limit_pay_way 里有 {got!r}，只能是 {known}",
    en="limit_pay_way names {got!r}; it may name {known}",
)
NUMBER_SPOILT = text(
    "payment_number_spoilt",
    zh="单号 {number} 的第一次请求失败了，平台要求换一个新的单号",
    en="the first request for {number} failed; the platform asks for a new number",
)
NO_ORDER = text(
    "payment_no_order",
    zh="应用 {app!r} 没有单号为 {number!r} 的订单",
    en="app {app!r} has no order {number!r}",
)
ORDER_ELSEWHERE = text(
    "payment_order_elsewhere",
    zh="订单 {number!r} 在{place}；生产环境与沙盒的数据互不相通",
    en="order {number!r} is at {place}; production and sandbox know nothing of each other",
)
PRODUCTION = text("payment_production", zh="生产环境", en="production")
SANDBOX = text("payment_sandbox", zh="沙盒", en="the sandbox")
NO_TRADE_ORDER = text(
    "no_trade_order",
    zh="应用 {app!r} 没有订单 {number!r}",
    en="app {app!r} has no order {number!r}",
)
