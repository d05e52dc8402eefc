"""What is wrong with a state file, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

IN_WORLD = text("persistence_error_in_world", zh="{world}：{other}", en="{world}: {other}")
WRONG_FORMAT = text(
    "persistence_error_wrong_format",
    zh="这里不能读取格式为 {found} 的世界，只能读取 {known}",
    en="a world of format {found} cannot be read here, only {known}",
)
CANNOT_KEEP = text(
    "persistence_error_cannot_keep",
    zh="世界 {world!r} 无法保存：{error}",
    en="world {world!r} cannot be kept: {error}",
)
NOT_A_WORLD = text(
    "persistence_error_not_a_world",
    zh="这些字节不是 mockdouyin 写的世界",
    en="these bytes are not a world that mockdouyin wrote",
)
NOT_DEFAULT_FIRST = text(
    "persistence_error_not_default_first",
    zh="它不是以世界 {world!r} 开头",
    en="it does not begin with the world {world!r}",
)
KEY_NOT_TEXT = text(
    "persistence_error_key_not_text", zh="它的键不是文本", en="its key is not text"
)
EMPTY = text(
    "persistence_error_empty",
    zh="文件不完整或已损坏：是空的",
    en="it is cut short or damaged: it is empty",
)
NOT_A_STATE_FILE = text(
    "persistence_error_not_a_state_file",
    zh="它不是 mockdouyin 的状态文件",
    en="it is not a state file of mockdouyin",
)
CHECKSUM = text(
    "persistence_error_checksum",
    zh="文件不完整或已损坏：校验和不对",
    en="it is cut short or damaged: its checksum is wrong",
)
STATE_FOLDER = text(
    "persistence_error_state_folder",
    zh="--state {path}：没有这个目录",
    en="--state {path}: there is no such folder",
)
OTHER_VERSION = text(
    "persistence_error_other_version",
    zh="它是别的版本的 mockdouyin 写的",
    en="it was written by another version of mockdouyin",
)
CUT_SHORT = text(
    "persistence_error_cut_short",
    zh="文件不完整或已损坏：最后一段比文件还长",
    en="it is cut short or damaged: its last part is longer than the file",
)
STATE_NAME = text(
    "persistence_error_state_name",
    zh="--state {path}：不能用作文件名",
    en="--state {path}: no file has such a name",
)
STATE_ERROR = text(
    "persistence_error_state_error",
    zh="无法使用 --state {path}：{strerror}",
    en="--state {path}: {strerror}",
)
STATE_TAKEN = text(
    "persistence_error_state_taken",
    zh="--state {path}：另一个服务正在用这个文件，请给每个服务各用一个",
    en="--state {path}: another server has this file; give each one of its own",
)
STATE_DAMAGED = text(
    "persistence_error_state_damaged",
    zh="--state {path}：文件已损坏，也无法另存为 {aside}：{strerror}",
    en="--state {path}: it is damaged, and cannot be kept as {aside}: {strerror}",
)
STATE_NOT_WRITTEN = text(
    "persistence_error_state_not_written",
    zh="状态没有写入 {path}：{strerror}",
    en="the state was not written to {path}: {strerror}",
)
WORLD = text("persistence_error_world", zh="世界 {name!r}", en="world {name!r}")
PART_LEFT_OUT = text(
    "persistence_error_part_left_out",
    zh="{world}：{path}（{says}）",
    en="{world}: {path} ({says})",
)
RULE_LEFT_OUT = text(
    "persistence_error_rule_left_out",
    zh="{world}：规则 {rule}（{says}）",
    en="{world}: the rule {rule} ({says})",
)
CANNOT_LOAD = text(
    "persistence_error_cannot_load", zh="无法加载：{error}", en="it cannot be loaded: {error}"
)
CANNOT_HOLD = text("persistence_error_cannot_hold", zh="{path} 存不下", en="{path} cannot hold")
NOT_WRITTEN = text(
    "persistence_error_not_written",
    zh="状态没有写入：{error}",
    en="the state was not written: {error}",
)
AND_MORE = text("persistence_error_and_more", zh="另有 {count} 项", en="and {count} more")
LEFT_OUT = text(
    "persistence_error_left_out", zh="{head} {parts:semicolons}", en="{head} {parts:semicolons}"
)
RECORD_LEFT_OUT = text(
    "persistence_error_record_left_out",
    zh="世界 {world!r}：{table} {key}（{error}）",
    en="world {world!r}: {table} {key} ({error})",
)
WORLD_LEFT_OUT = text(
    "persistence_error_world_left_out",
    zh="一个世界和它的全部记录（{error}）",
    en="a world with all its records ({error})",
)
UNKNOWN_RECORDS = text(
    "persistence_error_unknown_records",
    zh="世界 {world!r}：未知类型 {kind!r} 的记录",
    en="world {world!r}: records of the unknown kind {kind!r}",
)
