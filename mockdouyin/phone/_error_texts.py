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
