"""Why a refund, a settlement, a return or an order push was refused, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NOT_PAID = text(
    "refund_not_paid",
    zh="订单 {number} 还没有支付（{status}），不能退款",
    en="order {number} is not paid ({status}), so there is nothing to refund",
)
TOO_LATE = text(
    "refund_too_late",
    zh="订单 {number} 于 {paid} 支付，已超过一年，不能再退款",
    en="order {number} was paid at {paid}, over a year ago: it can no longer be refunded",
)
TOO_MUCH = text(
    "refund_too_much",
    zh="refund_amount 是 {amount}，订单 {number} 只剩 {left} 分可退",
    en="refund_amount is {amount}; {left} fen of order {number} can still be refunded",
)
TOO_OFTEN = text(
    "refund_too_often",
    zh="订单 {number} 已退款 {most} 次，达到该支付方式的上限",
    en="order {number} was refunded {most} times, which is the most for its way to pay",
)
NO_REFUND = text(
    "refund_unknown",
    zh="应用 {app!r} 没有单号为 {number!r} 的退款",
    en="app {app!r} has no refund {number!r}",
)
MISSING = text(
    "payment_value_missing",
    zh="缺少 {name}，可以是 {known}",
    en="{name} is missing; it may be {known}",
)
FLAG = text(
    "payment_flag",
    zh="{name} 是 {got}，只能是 {known}",
    en="{name} is {got}; it may be {known}",
)
SETTLE_PARAMS_FORM = text(
    "settle_params_form",
    zh='settle_params 应为 JSON 字符串，形如 [{{"merchant_uid":"…","amount":60}}]',
    en='settle_params is a string of JSON like [{{"merchant_uid":"…","amount":60}}]',
)
TOO_MANY_RECEIVERS = text(
    "settle_too_many_receivers",
    zh="settle_params 有 {count} 个分账方，一次最多 {most} 个",
    en="settle_params names {count} receivers; {most} is the most for one call",
)
SELLER_IS_RECEIVER = text(
    "settle_seller_is_receiver",
    zh="settle_params 里的 {merchant!r} 是卖家自己：卖家得到剩余的钱，不用写在这里",
    en="settle_params names the seller {merchant!r}, who gets what is left without being named",
)
NO_RECEIVERS = text(
    "settle_no_receivers",
    zh="finish 是 false，又没有 settle_params：没有要分的钱",
    en="finish is false and settle_params names nobody: there is nothing to share out",
)
SETTLE_RUNNING = text(
    "settle_running",
    zh="订单 {number} 的上一次分账还没有完成，完成后才能再次分账",
    en="the last settlement of order {number} is not done; another one has to wait for it",
)
ALL_SETTLED = text(
    "settle_finished",
    zh="订单 {number} 已分账完结，没有可分账的金额",
    en="order {number} is settled to its end, and nothing is left",
)
OVER_SHARED = text(
    "settle_over_shared",
    zh="分出 {shared} 分，加上手续费 {rake} 分，超过了订单 {number} 的在途金额 {left} 分",
    en="{shared} fen are shared out with a fee of {rake}; order {number} has {left} in transit",
)
OVER_LIMIT = text(
    "settle_over_limit",
    zh="要分出 {shared} 分，按分账比例上限（share_limit），订单 {number} 最多还可分 {most} 分",
    en="{shared} fen are shared out; the setting share_limit leaves {most} of order {number}",
)
NO_SETTLEMENT = text(
    "settle_unknown",
    zh="应用 {app!r} 没有单号为 {number!r} 的分账",
    en="app {app!r} has no settlement {number!r}",
)
NUMBER_OF_TWO = text(
    "payment_number_of_two",
    zh="缺少 {one} 或 {other}，至少传一个",
    en="{one} or {other} is missing; one of them is needed",
)
RETURN_NO_LONG = text(
    "return_no_long",
    zh="out_return_no 有 {length} 个字符，最多 64 个",
    en="out_return_no has {length} characters; 64 is the most",
)
NO_SHARE = text(
    "return_no_share",
    zh="分账 {settlement} 里，商户 {merchant!r} 只有 {left} 分可以退回，要退 {amount} 分",
    en="settlement {settlement} left {left} fen that {merchant!r} can return, not {amount}",
)
NO_RETURN = text(
    "return_unknown",
    zh="应用 {app!r} 没有单号为 {number!r} 的退分账",
    en="app {app!r} has no return {number!r}",
)
TIME_IN_SECONDS = text(
    "push_time",
    zh="update_time 是 {got}：应为 13 位的毫秒时间戳",
    en="update_time is {got}; it is a time in milliseconds, of 13 digits",
)
HOST_NAME = text(
    "push_host_name",
    zh="{name} 是 {got!r}，只能是 douyin",
    en="{name} is {got!r}; it may be douyin alone",
)
DETAIL_FORM = text(
    "push_detail",
    zh="order_detail 里的 {name} 不对：应为{form}",
    en="{name} in order_detail is wrong; it is {form}",
)
DETAIL_JSON = text(
    "push_detail_json",
    zh="order_detail 不是 JSON 对象的字符串",
    en="order_detail is not a string of a JSON object",
)
NO_PUSHED_ORDER = text(
    "push_unknown",
    zh="用户没有已推送的订单 {number!r}",
    en="the person has no pushed order {number!r}",
)
TEXT = text("push_form_text", zh="最多 {most} 字节的文本", en="a text of at most {most} bytes")
ONE_OF = text("push_form_one_of", zh="{known} 之一", en="one of {known}")
NUMBER = text("push_form_number", zh="不小于 0 的整数", en="a whole number from 0")
MILLISECONDS = text(
    "push_form_milliseconds", zh="13 位毫秒时间戳", en="a time in milliseconds, of 13 digits"
)
ITEMS = text("push_form_items", zh="至少一个商品的列表", en="a list of at least one item")
