"""What is said when an examination cannot begin, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_PROBE = text(
    "webhook_check_error_no_probe",
    zh="没有检查项 {name!r}{hint}",
    en="no probe {name!r}{hint}",
)
ORDER_NEEDS_AMOUNT = text(
    "webhook_check_error_order_needs_amount",
    zh="`order` 要和 `amount` 一起给出：订单金额，单位分",
    en="`order` needs `amount`: what the order costs, in fen (0.01 yuan)",
)
AMOUNT_RANGE = text(
    "webhook_check_error_amount_range",
    zh="`amount` 是 {amount}；它的单位是分，应为 1 到 {most}",
    en="`amount` is {amount}; it is in fen, from 1 to {most}",
)
NO_RECEIVER_KIND = text(
    "webhook_check_error_no_receiver_kind",
    zh="没有 {name!r} 这种接收端{hint}",
    en="no kind of receiver {name!r}{hint}",
)
EXAMINATION = text(
    "webhook_check_error_examination",
    zh="检查 {name!r} 类型的接收端",
    en="the examination of a receiver of kind {name!r}",
)
NO_OPTION = text(
    "webhook_check_error_no_option",
    zh="{kind}，不接受 `{name}`{hint}",
    en="{kind} takes no `{name}`{hint}",
)
OPTION_NEEDED = text(
    "webhook_check_error_option_needed",
    zh="{kind}，需要 `{name}`（命令行里是 --{option}）",
    en="{kind} needs `{name}` (--{option} on the command line)",
)
