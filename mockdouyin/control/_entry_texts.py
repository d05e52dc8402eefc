"""What looking up an entry of the journal says when there is none, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

ROLLED_BACK = text(
    "control_error_rolled_back",
    zh="{where}没有 #{number}：它没有执行成功，或被恢复快照撤销了",
    en="there is no #{number} in {where}: it was not carried out, or a restore undid it",
)
NO_LOGID_DELIVERY = text(
    "control_error_no_logid_delivery",
    zh="世界 {world!r} 没有 log id 为 {log_id} 的投递",
    en="no delivery of world {world!r} has the log id {log_id}",
)
IS_EXCHANGE = text(
    "control_error_is_exchange",
    zh="#{number} 是请求：见 exchanges/{number}",
    en="#{number} is an exchange: see exchanges/{number}",
)
IS_ACT = text(
    "control_error_is_act",
    zh="#{number} 是操作 {kind}：见 acts/{number}",
    en="#{number} is an act, {kind}: see acts/{number}",
)
NOT_A_NUMBER = text(
    "control_error_not_a_number",
    zh="{text!r} 不是日志编号，编号如 12",
    en="{text!r} is not the number of an entry, such as 12",
)
NO_ENTRY = text(
    "control_error_no_entry",
    zh="{where}没有 #{number}：{latest}",
    en="there is no #{number} in {where}: {latest}",
)
ENTRY_DROPPED = text(
    "control_error_entry_dropped",
    zh=(
        "{where}的 #{number} 已经清除：日志只保留最近 {exchanges:,} 次请求"
        "（`journal_exchanges`）、{size:,} 字节（`journal_bytes`）；重置或重启会清空"
    ),
    en=(
        "#{number} of {where} was dropped: the journal keeps the newest {exchanges:,}"
        " exchanges (`journal_exchanges`) in {size:,} bytes (`journal_bytes`); a reset or a"
        " restart empties it"
    ),
)
LOGID_ELSEWHERE = text(
    "control_error_logid_elsewhere",
    zh="log id {log_id} 属于{whose}",
    en="the log id {log_id} is of {whose}",
)
LOGID_EARLIER = text(
    "control_error_logid_earlier",
    zh="log id {log_id} 是服务重启之前的：#{number} 发生在 {time}",
    en=(
        "the log id {log_id} is from before the server was started anew: #{number} happened"
        " at {time}"
    ),
)
IDS_ARE = text(
    "control_error_ids_are",
    zh="{error}；id 是编号（如 12）、34 个字符的 log id，或投递的 id",
    en="{error}; an id is a number such as 12, a log id of 34 characters, or a delivery's id",
)
IN_WORLD = text("control_error_in_world", zh="世界 {name!r} ", en="world {name!r}")
LATEST_ENTRY = text(
    "control_error_latest_entry", zh="最新的是 #{total}", en="the latest is #{total}"
)
NOTHING_YET = text(
    "control_error_nothing_yet", zh="还没有发生任何事", en="nothing has happened yet"
)
WORLD_OF_LOGID = text(
    "control_error_world_of_logid",
    zh="世界 {name!r}：--world {name}",
    en="world {name!r}: --world {name}",
)
NO_WORLD_HERE = text(
    "control_error_no_world_here",
    zh="别的服务，这里没有它的世界",
    en="no world of this server",
)
