"""What acts say: one sentence for each thing that a person, the platform or a tester does."""

from __future__ import annotations

from mockdouyin.core.texts import text

# People.

PHONE_CALLED = text(
    "act_phone", zh="{person} 在 {app} 中调用 tt.{api}", en="{person} calls tt.{api} in {app}"
)
PAY_CALLED = text(
    "act_pay",
    zh="{person} 在 {app} 中调用 tt.pay：{outcome}",
    en="{person} calls tt.pay in {app}: {outcome}",
)
PAY_TIMED_OUT = text("pay_timed_out", zh="支付超时（code 1）", en="timed out (code 1)")
PAY_FAILED = text("pay_failed", zh="支付失败（code 2）", en="the payment failed (code 2)")
PAY_CLOSED = text("pay_closed", zh="关闭了收银台（code 3）", en="closed the cashier (code 3)")
PAY_CANCELLED = text("pay_cancelled", zh="取消支付（code 4）", en="cancelled (code 4)")
PAY_LEFT = text(
    "pay_left",
    zh="离开了收银台，订单状态要自己查（code 9）",
    en="left the cashier open: how it ends is not known yet (code 9)",
)
PAID = text("pay_paid", zh="付款成功（{way}，code 0）", en="paid by {way} (code 0)")
PAID_WITHOUT_URL = text(
    "pay_paid_without_url",
    zh="付款成功（{way}，code 0）；没有回调：下单时没有传 notify_url，应用也没有默认回调地址",
    en="paid by {way} (code 0); nobody is called back: the order has no notify_url, and the app"
    " none of its own",
)
PAID_AND_LOST = text(
    "pay_paid_and_lost",
    zh="付款成功（{way}，code 0）；按规则，回调丢失",
    en="paid by {way} (code 0); a rule has the callback lost",
)
WAYS = {
    1: text("pay_way_wx", zh="微信", en="WeChat"),
    2: text("pay_way_alipay", zh="支付宝", en="Alipay"),
    10: text("pay_way_douyin", zh="抖音支付", en="Douyin Pay"),
}
"""The ways to pay, by `way`."""

CASHIER_ANSWERED = text(
    "act_cashier_answered",
    zh="{person} 在 {app} 的收银台选择“{what}”：{asks}",
    en="{person} chooses to {what} at the cashier of {app}: {asks}",
)
CASHIER_CHOICES = {
    "pay": text("cashier_pay", zh="付款", en="pay"),
    "cancel": text("cashier_cancel", zh="取消", en="cancel"),
    "fail": text("cashier_fail", zh="支付失败", en="have it fail"),
    "timeout": text("cashier_timeout", zh="超时", en="let it time out"),
    "close": text("cashier_close", zh="关闭", en="close it"),
    "leave": text("cashier_leave", zh="离开", en="leave it open"),
}
"""What a person can do at a cashier, by `decision`."""

SHEET_OPENED = text(
    "act_sheet_opened",
    zh="{app} 弹窗询问 {person}：{asks}（tt.{api}）",
    en="{app} asks {person} to {asks} (tt.{api})",
)
SHEET_ALLOWED = text(
    "act_sheet_allowed",
    zh="{person} 同意了 {app} 的请求：{asks}",
    en="{person} allows {app} to {asks}",
)
SHEET_DENIED = text(
    "act_sheet_denied",
    zh="{person} 拒绝了 {app} 的请求：{asks}",
    en="{person} does not allow {app} to {asks}",
)
SHEET_FAILED = text(
    "act_sheet_failed",
    zh="{person} 手机上 {app} 的弹窗以 {error} 失败",
    en="the sheet of {app} on the phone of {person} fails with {error}",
)
SHEET_CLOSED = text(
    "act_sheet_closed",
    zh="{person} 手机上 {app} 的弹窗没有得到回答",
    en="the sheet of {app} on the phone of {person} closes without an answer",
)
ALLOWED = text(
    "act_allowed", zh="{person} 同意授权 {app}：{scopes}", en="{person} grants {app} {scopes}"
)
DECLINED = text("consent_declined", zh="{person} 拒绝了授权", en="{person} declined to consent")
SCANNED = text(
    "act_scanned",
    zh="{person} 扫描 {app} 的授权二维码（{status}）",
    en="{person} scans the QR code of {app} ({status})",
)
REVOKED = text(
    "act_revoked",
    zh="{person} 取消对 {app} 的授权：{scopes}",
    en="{person} revokes what {app} was granted: {scopes}",
)
FOLLOWED = text("act_followed", zh="{person} 关注 {other}", en="{person} follows {other}")
UNFOLLOWED = text(
    "act_unfollowed", zh="{person} 取消关注 {other}", en="{person} no longer follows {other}"
)
DIGGED = text(
    "act_digged", zh="{person} 点赞 {other} 的作品", en="{person} likes a work of {other}"
)
COMMENTED = text(
    "act_commented", zh="{person} 评论 {other} 的作品", en="{person} comments on a work of {other}"
)
WROTE = text("act_wrote", zh="{person} 给 {other} 发私信", en="{person} writes to {other}")
ENTERED = text(
    "act_entered",
    zh="{person} 进入与 {other} 的私信会话",
    en="{person} opens the conversation with {other}",
)
ALLOWED_MESSAGES = text(
    "act_allowed_messages",
    zh="{person} 允许 {other} 主动发私信",
    en="{person} lets {other} write first",
)
JOINED_GROUP = text(
    "act_joined_group", zh="{person} 加入 {other} 的粉丝群", en="{person} joins a group of {other}"
)
APPLIED_TO_GROUP = text(
    "act_applied_to_group",
    zh="{person} 申请加入 {other} 的粉丝群",
    en="{person} applies to join a group of {other}",
)
LEFT_GROUP = text(
    "act_left_group", zh="{person} 退出 {other} 的粉丝群", en="{person} leaves a group of {other}"
)
WROTE_TO_GROUP = text(
    "act_wrote_to_group",
    zh="{person} 在 {other} 的粉丝群里发消息",
    en="{person} writes to a group of {other}",
)
READ_GROUP = text(
    "act_read_group",
    zh="{person} 查看 {other} 的粉丝群消息",
    en="{person} reads a group of {other}",
)
SHARE_BUILT = text(
    "act_share_built", zh="为 {app} 生成 H5 分享 schema", en="an H5 share link is built for {app}"
)
SHARE_PUBLISHED = text(
    "act_share_published",
    zh="{person} 打开 {app} 的分享并发布作品",
    en="{person} opens a share of {app} and publishes",
)

# The platform.

HANDSHAKE_REFUSED = text(
    "handshake_refused",
    zh="webhook {url} 没有通过校验：{problem}",
    en="the webhook {url} is not accepted: {problem}",
)
DELIVERED = text(
    "act_delivered",
    zh="{event} 已送达 {url}（{answer}）",
    en="{event} delivered to {url} ({answer})",
)
NOT_DELIVERED = text(
    "act_not_delivered",
    zh="{event} 未送达 {url}",
    en="{event} not delivered to {url}",
)
RETRY_AT = text(
    "act_retry_at", zh="{problem}；{time} 重试", en="{problem}; the next attempt is at {time}"
)
CASHIER_CLOSED = text(
    "act_cashier_closed",
    zh="订单 {order} 已超时，{person} 手机上的收银台关闭",
    en="order {order} has timed out, and the cashier on the phone of {person} closes",
)
TRADE_ORDER_CLOSED = text(
    "act_trade_order_closed", zh="订单 {order} 超时关闭", en="order {order} has timed out"
)
BACKEND_ASKED = text(
    "act_backend_asked",
    zh="{person} 在 {app} 下单（tt.{api}），先询问后端",
    en="{person} orders in {app} (tt.{api}), and its backend is asked",
)
SHEET_LEFT_OPEN = text(
    "act_sheet_left_open",
    zh="{person} 离开了 {app} 的弹窗，之后仍可回答：{asks}（tt.{api}）",
    en="{person} leaves the sheet of {app} open, and can still answer it: {asks} (tt.{api})",
)
SETTLED_BY_ITSELF = text(
    "act_settled_by_itself",
    zh="订单 {order} 超过 150 天未分账，平台自动结算 {amount} 分",
    en="order {order} was not settled in 150 days: the platform settles {amount} fen",
)
TIMELINE_EVENT = text(
    "act_timeline", zh="场景按时间线触发 {event}", en="the scenario's timeline sends {event}"
)

# Whoever steers.

EVENT_SENT = text(
    "act_event_sent", zh="触发 {event}，发送到 {url}", en="{event} is triggered, to {url}"
)
RECEIVER_CHECKED = text(
    "act_receiver_checked", zh="检验接收端 {url}", en="the receiver {url} is examined"
)
PUSH_SENT = text(
    "act_push_sent", zh="发送消息推送 {event} 到 {url}", en="the push {event} is sent to {url}"
)
HANDSHAKE = text(
    "act_handshake",
    zh="{app} 的回调地址 {url} 接受 verify_webhook 校验",
    en="the webhook {url} of {app} has to answer verify_webhook",
)
REPLAYED = text(
    "act_replayed", zh="原样重放 {delivery}", en="the delivery {delivery} is sent again"
)
RESENT = text(
    "act_resent",
    zh="{delivery} 重新签名，再发到 {url}",
    en="the event of {delivery} is signed anew and sent to {url}",
)
CLOCK_ADVANCED = text("act_clock_advanced", zh="时钟前进 {by}", en="the clock moves ahead {by}")
CLOCK_FROZEN = text("act_clock_frozen", zh="时钟停在 {now}", en="the clock stops at {now}")
CLOCK_RESUMED = text("act_clock_resumed", zh="时钟继续走", en="the clock runs on")
CLOCK_RETURNED = text(
    "act_clock_returned", zh="时钟回到真实时间", en="the clock returns to the real time"
)
RULE_ADDED = text("act_rule_added", zh="{by} 添加规则 {rule}", en="{by} adds rule {rule}")
RULE_REMOVED = text("act_rule_removed", zh="删除规则 {rule}", en="rule {rule} is removed")
RULE_OFF = text("act_rule_off", zh="停用规则 {rule}", en="rule {rule} is switched off")
RULE_ON = text("act_rule_on", zh="启用规则 {rule}", en="rule {rule} is switched on")
RULES_CLEARED = text("act_rules_cleared", zh="清空规则", en="all rules are removed")
SETTINGS_CHANGED = text(
    "act_settings_changed", zh="修改设置 {names}", en="the settings {names} are changed"
)
SCENARIO_LOADED = text(
    "act_scenario_loaded", zh="加载场景 {scenario}", en="the scenario {scenario} is loaded"
)
SCENARIO_USED = text(
    "act_scenario_used",
    zh="切换到场景 {scenario}",
    en="the world is switched to the scenario {scenario}",
)
WORLD_RESET = text("act_world_reset", zh="重置世界", en="the world is reset")
SNAPSHOT_TAKEN = text(
    "act_snapshot_taken", zh="创建快照 {snapshot}", en="the snapshot {snapshot} is taken"
)
SNAPSHOT_DROPPED = text(
    "act_snapshot_dropped", zh="删除快照 {snapshot}", en="the snapshot {snapshot} is dropped"
)
SNAPSHOT_RESTORED = text(
    "act_snapshot_restored",
    zh="恢复到快照 {snapshot}",
    en="the world is restored to {snapshot}",
)
APP_ADDED = text("act_app_added", zh="添加应用 {app}", en="the app {app} is added")
APP_CHANGED = text("act_app_changed", zh="修改应用 {app}", en="the app {app} is changed")
MERCHANT_REVIEWED = text(
    "act_merchant_reviewed",
    zh="商户 {merchant} 的进件审核：{decision}",
    en="the review of merchant {merchant}: {decision}",
)
PERSON_ADDED = text("act_person_added", zh="添加用户 {person}", en="{person} is added")
PERSON_CHANGED = text(
    "act_person_changed", zh="修改用户 {person}", en="the profile of {person} is changed"
)
