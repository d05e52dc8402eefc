"""What falls due, and what a move of the clock ran, in words."""

from __future__ import annotations

from collections.abc import Mapping

from mockdouyin.core.texts import Text, TextTemplate, text

# What falls due.

EXPIRES = text("due_expires", zh="{app} 的{what:apart}过期", en="{what} of {app} expires")
EXPIRES_OF_PERSON = text(
    "due_expires_person",
    zh="{person} 在 {app} 中的{what:apart}过期",
    en="{what} of {person} in {app} expires",
)
ORDER_EXPIRES = text(
    "due_order_expires",
    zh="{app} 的订单 {what} 支付超时",
    en="order {what} of {app} times out unpaid",
)
SUPERSEDED_EXPIRES = text(
    "due_superseded",
    zh="{app} 已被取代的{what:apart}失效",
    en="{what} of {app}, which was replaced, ends",
)
IS_SENT = text("due_sent", zh="发送 {event} 到 {url}", en="{event} is sent to {url}")
IS_SENT_AGAIN = text(
    "due_sent_again",
    zh="第 {attempt} 次发送 {event} 到 {url}",
    en="attempt {attempt}: {event} is sent to {url}",
)
AUTO_SETTLEMENT = text(
    "due_auto_settlement",
    zh="{app} 的订单 {what} 由平台自动结算",
    en="order {what} of {app} is settled by the platform",
)
MERCHANT_REVIEW = text(
    "due_merchant_review",
    zh="{app} 的商户 {what} 进件审核结束，发送结果回调",
    en="the review of merchant {what} of {app} ends, and its result is sent",
)
CASHIER_CLOSES = text(
    "due_cashier_closes",
    zh="{app} 的订单 {what} 超时，收银台关闭",
    en="order {what} of {app} times out, and its cashier closes",
)
TRADE_ORDER_CLOSES = text(
    "due_trade_order_closes",
    zh="{app} 的订单 {what} 超时，发送取消回调",
    en="order {what} of {app} times out, and its backend is told",
)
RULE_ENDS = text("due_rule_ends", zh="规则 {rule} 到期失效", en="rule {rule} ends")

# What a move of the clock ran.

_NOTHING_RAN = text("ran_nothing", zh="时钟前进期间没有到期的内容", en="nothing fell due")
_RAN = text("ran", zh="时钟前进期间：{parts}", en="on the way: {parts}")


def _counted(name: str, zh: str, one: str, many: str) -> tuple[TextTemplate, TextTemplate]:
    """Declare a text for one, and one for many."""
    return (
        text(f"ran_{name}", zh=zh, en=f"{{count}} {one}"),
        text(f"ran_{name}s", zh=zh, en=f"{{count}} {many}"),
    )


def _expired(name: str, zh: str) -> tuple[TextTemplate, TextTemplate]:
    return _counted(name, zh, f"{name} expired", f"{name}s expired")


_COUNTED: dict[str, tuple[TextTemplate, TextTemplate]] = {
    "code": _expired("code", "{count} 个 code 过期"),
    "token": _expired("token", "{count} 个 token 过期"),
    "ticket": _expired("ticket", "{count} 个 ticket 过期"),
    "session": _expired("session", "{count} 个登录态过期"),
    "share": _expired("share", "{count} 个 share_id 过期"),
    "link": _expired("link", "{count} 个跳转链接过期"),
    "upload": _expired("upload", "{count} 个上传的文件过期"),
    "order": _counted("order", "{count} 个订单支付超时", "order timed out", "orders timed out"),
    "events": _counted(
        "event", "场景触发 {count} 个事件", "event of the scenario", "events of the scenario"
    ),
    "delivered": _counted(
        "delivered", "{count} 次投递成功", "delivery accepted", "deliveries accepted"
    ),
    "retried": _counted(
        "retried",
        "{count} 次投递未成功，等待重试",
        "delivery to be retried",
        "deliveries to be retried",
    ),
    "failed": _counted(
        "failed", "{count} 次投递最终失败", "delivery given up", "deliveries given up"
    ),
    "settled": _counted(
        "settled",
        "自动结算 {count} 个订单",
        "order settled by the platform",
        "orders settled by the platform",
    ),
    "rules_ended": _counted("rule", "{count} 条规则到期", "rule ended", "rules ended"),
}
"""What a move may have run, in the order in which it is told."""


def sum_up(counts: Mapping[str, int]) -> Text:
    """Return counts of what a move ran in one sentence."""
    parts = [
        (one if counts[name] == 1 else many)(count=counts[name])
        for name, (one, many) in _COUNTED.items()
        if counts.get(name)
    ]
    return _RAN(parts=parts) if parts else _NOTHING_RAN()
