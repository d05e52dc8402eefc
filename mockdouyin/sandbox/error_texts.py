"""What is said when a world cannot do what it should, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

TRADE_SYSTEM = text(
    "sandbox_error_trade_system",
    zh="tt.{name} 属于交易系统，没有模拟；担保支付的订单用 tt.pay 支付",
    en=(
        "tt.{name} belongs to the trade system, which is not emulated; orders of"
        " guaranteed payment are paid with tt.pay"
    ),
)
NO_API = text(
    "sandbox_error_no_api", zh="没有 tt API {name!r}{hint}", en="no phone API {name!r}{hint}"
)
NO_ARGUMENT = text(
    "sandbox_error_no_argument",
    zh="{api} 没有参数 {name!r}{hint}",
    en="{api} takes no {name!r}{hint}",
)
TOO_MANY_SNAPSHOTS = text(
    "sandbox_error_too_many_snapshots",
    zh="世界 {world!r} 最多保留 {most} 个快照，请先删除一个",
    en="world {world!r} keeps {most} snapshots and no more; drop one first",
)
NO_SNAPSHOT = text(
    "sandbox_error_no_snapshot", zh="没有快照 {name!r}{hint}", en="no snapshot {name!r}{hint}"
)
WORLD_KEEPS = text(
    "sandbox_error_world_keeps",
    zh="世界的名称、种子和共享 key 的方式不能改：{found} 不能变成 {wanted}",
    en="a world keeps its name, seed and way to share keys: {found} cannot become {wanted}",
)
NO_DELIVERER = text(
    "sandbox_error_no_deliverer",
    zh=(
        "什么都发不出去：沙箱创建时没有 deliverer；请用 Sandbox(deliverer=Dispatcher) 创建，"
        "要提供服务则用 Sandbox(**served_parts())"
    ),
    en=(
        "nothing can be sent: the sandbox was made without a deliverer; make it with"
        " Sandbox(deliverer=Dispatcher), or to serve it with Sandbox(**served_parts())"
    ),
)
NO_RECEIVER = text(
    "sandbox_error_no_receiver",
    zh="应用 {app!r} 没有接收 {event!r} 的地址",
    en="app {app!r} has no receiver that wants {event!r}",
)
NO_DELIVERY = text(
    "sandbox_error_no_delivery",
    zh="世界 {world!r} 里没有投递 {delivery_id!r}",
    en="no delivery {delivery_id!r} in world {world!r}",
)
TIMEOUT_SECONDS = text(
    "sandbox_error_timeout",
    zh="timeout 是秒数，不能是 {given!r}",
    en="timeout is a number of seconds, not {given!r}",
)
SHEET_ARGUMENTS = text(
    "sandbox_error_sheet_arguments",
    zh="{api}：弹窗存不下这些参数",
    en="{api}: a sheet cannot keep these arguments",
)
SHEET_ANSWER = text(
    "sandbox_error_sheet_answer",
    zh="tt.{api} 的弹窗没有 {name!r}{hint}",
    en="the sheet of tt.{api} takes no {name!r}{hint}",
)
KEY_LIVES = text(
    "sandbox_error_key_lives",
    zh=(
        "client_key {key!r} 已经属于世界 {holder!r}；去掉它，应用会得到新的 key；或者创建世界"
        "时写 shared_keys: true，并在每个请求里指明世界（/@name 或 X-Mockdouyin-World）"
    ),
    en=(
        "the client_key {key!r} lives in world {holder!r} already; leave it out and the app"
        " gets a fresh one, or make the world with shared_keys: true and name it in each"
        " request (/@name or X-Mockdouyin-World)"
    ),
)
WORLD_EXISTS = text(
    "sandbox_error_world_exists",
    zh="已经有世界 {name!r}",
    en="there is a world {name!r} already",
)
NO_WORLD = text(
    "sandbox_error_no_world", zh="没有世界 {name!r}{hint}", en="no world {name!r}{hint}"
)
WORLD_ENDED = text(
    "sandbox_error_world_ended", zh="世界 {name!r} 已经结束", en="world {name!r} has ended"
)
OTHER_WORLD = text(
    "sandbox_error_other_world",
    zh="这个入口属于世界 {one!r}，不是 {other!r}",
    en="this way leads to world {one!r}, not {other!r}",
)
WORLD_AGAIN = text(
    "sandbox_error_world_again",
    zh="路径重复写了世界 {one!r}，写一次就行",
    en="the path names world {one!r} again and again; once will do",
)
RULE_FROM_OUTSIDE = text(
    "sandbox_error_rule_from_outside",
    zh="规则 {id!r} 是外部添加的，而场景里也有同名规则：请先删除它",
    en="a rule {id!r} was set from outside, and the scenario has one too: remove it first",
)
TOO_MANY_OF = text(
    "sandbox_error_too_many_of",
    zh="世界 {world!r} 会有 {count} 个{what}，最多 {most} 个",
    en="world {world!r} would have {count} {what}; {most} is the most",
)
TWO_APPS = text(
    "sandbox_error_two_apps",
    zh="场景里有两个应用的 client_key 都是 {key!r}",
    en="two apps of the scenario have the client_key {key!r}",
)
APPS = text("sandbox_error_apps", zh="应用", en="apps")
PEOPLE = text("sandbox_error_people", zh="用户", en="people")
