"""What is said when a person's act is not possible, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

TEMPLATE_ANSWER = text(
    "phone_error_template_answer",
    zh="answers 的值应为 accept、reject 或 ban，实际是 {answer!r}",
    en="answers: each is accept, reject or ban, not {answer!r}",
)
SDK_VERSION = text(
    "phone_error_sdk_version",
    zh="无法解析 SDKVersion {text!r}，应写成 3.51.0",
    en="cannot parse SDKVersion {text!r}: it is written as 3.51.0",
)
NOTHING_GRANTED = text(
    "phone_error_nothing_granted",
    zh="{who} 没有给应用 {app!r} 授过权，没有可以取消的",
    en="{who} has granted app {app!r} nothing that could be revoked",
)
CONSENT_DECISION = text(
    "phone_error_consent_decision",
    zh="decision 应为 allow 或 deny，实际是 {decision!r}",
    en="decision is allow or deny, not {decision!r}",
)
TICK = text(
    "phone_error_tick",
    zh="tick 应为可选的 scope（{known}），实际是 {ticked}",
    en="tick names optional scopes ({known}), not {ticked}",
)
NO_DECISION = text(
    "phone_error_no_decision",
    zh="没有操作 {decision!r}{hint}",
    en="no decision {decision!r}{hint}",
)
NO_WAY = text(
    "phone_error_no_way", zh="没有支付方式 {way!r}{hint}", en="no way to pay {way!r}{hint}"
)
NO_ORDER_YET = text(
    "phone_no_order_yet",
    zh="应用 {app!r} 还没有订单，请先由后端调用 create_order",
    en="app {app!r} has no order yet: its backend has to call create_order first",
)
NO_SUCH_ORDER = text(
    "phone_no_such_order",
    zh="应用 {app!r} 没有这个订单，或 order_token 与 create_order 返回的不一致",
    en="app {app!r} has no such order, or order_token is not what create_order answered",
)
ORDER_ENDED = text(
    "phone_order_ended",
    zh="订单 {order!r} 的状态是 {status}，不能支付",
    en="order {order!r} is {status}: it cannot be paid",
)
HIDDEN_WAY = text(
    "phone_error_hidden_way",
    zh="收银台不显示 {way!r}：可用的有 {ways}",
    en="the cashier hides {way!r}: it offers {ways}",
)
NO_SHARE_LINK = text(
    "phone_error_no_share_link",
    zh="这个链接不是这个世界的分享链接，或已经过期",
    en="the link is none of this world's share links, or has expired",
)
NO_WORK = text(
    "phone_error_no_work",
    zh="{other} 没有作品 {item_id!r}",
    en="{other} has no work {item_id!r}",
)
NO_GROUP = text(
    "phone_error_no_group",
    zh="{other} 没有群 {group_id!r}",
    en="{other} has no group {group_id!r}",
)
NO_COMMENT = text(
    "phone_error_no_comment",
    zh="作品没有评论 {comment_id!r}",
    en="the work has no comment {comment_id!r}",
)
NOT_IN_GROUP = text(
    "phone_error_not_in_group",
    zh="{person} 不在群 {group!r} 里",
    en="{person} is not in the group {group!r}",
)
NO_ACT = text("phone_error_no_act", zh="没有操作 {name!r}{hint}", en="unknown act {name!r}{hint}")
NO_OPTIONAL_SCOPES = text("phone_error_no_optional_scopes", zh="没有可选的", en="there are none")
NO_PRE_ORDER_URL = text(
    "phone_no_pre_order_url",
    zh="应用 {app!r} 没有预下单回调地址：在支付设置里填 create_order_callback，或者传 callbackUrl",
    en="app {app!r} has no create_order_callback in its payment settings, and no callbackUrl was"
    " given",
)
OUT_ORDER_NO_TAKEN = text(
    "phone_out_order_no_taken",
    zh="后端返回的 out_order_no {number!r} 已经有订单了",
    en="the backend answered with out_order_no {number!r}, which an order has already",
)
NO_TRADE_ORDER = text(
    "phone_no_trade_order",
    zh="应用 {app!r} 没有这个 tt.createOrder 的订单",
    en="app {app!r} has no such order of tt.createOrder",
)
GOODS_OR_SKUS = text(
    "phone_goods_or_skus",
    zh="goodsList 和 skuList 传且只传一个",
    en="give either goodsList or skuList",
)
ONE_OF_GOODS = text(
    "phone_one_of_goods",
    zh="{name} 应为只有一个元素的数组：一次只能买一种商品",
    en="{name} is a list of one object: only one kind of goods can be ordered at a time",
)
ARGUMENT = text(
    "phone_argument",
    zh="参数 {name} 缺失或不对，应为 {wanted}",
    en="the argument {name} is missing or wrong: {wanted} is expected",
)
CALLBACK_DATA = text(
    "phone_callback_data",
    zh="callbackData 序列化后超过 {most} 字节",
    en="callbackData has more than {most} bytes as JSON",
)
