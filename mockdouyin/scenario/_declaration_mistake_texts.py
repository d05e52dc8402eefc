"""What is wrong with the endpoints that a scenario declares, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_PARAMETER = text(
    "mistake_no_parameter",
    zh="takes 里没有参数 {name!r}{hint}",
    en="takes has no parameter {name!r}{hint}",
)
RESOURCE_NAME = text(
    "mistake_resource_name",
    zh="{name!r} 不能用作资源名，只能用小写字母、数字和下划线",
    en=("{name!r} is no name of a resource: write small letters, digits and underscores"),
)
KEY_NOT_PLAIN = text(
    "mistake_key_not_plain",
    zh="key {key!r} 不是 shape 里的普通字段{hint}",
    en="the key {key!r} is no plain field of shape{hint}",
)
ENDPOINT_NAME = text(
    "mistake_endpoint_name",
    zh="{name!r} 不能用作接口名，应写成小写的 family.name",
    en="{name!r} is no name of an endpoint: write family.name in small letters",
)
NO_RESOURCE = text(
    "mistake_no_resource", zh="没有资源 {name!r}{hint}", en="there is no resource {name!r}{hint}"
)
NEEDS_ID = text(
    "mistake_needs_id",
    zh="{verb} 需要参数 {by} 来查找记录，而 takes 里没有",
    en=("{verb} needs the parameter {by}, by which it finds a record: takes has none"),
)
ENVELOPE_FIELDS = text(
    "mistake_envelope_fields",
    zh="响应格式 {name} 在内容之外还有字段：gives 应为对象",
    en="the envelope {name} has fields beside those of the payload: give an object",
)
PATH_TOO_LONG = text(
    "mistake_path_too_long",
    zh="路径最多 {most} 个字符，实际有 {count} 个",
    en="a path has {most} characters at most, not {count}",
)
ERROR_NAME = text(
    "mistake_error_name",
    zh="{name!r} 不能用作错误名，应写成 {code} a_name 和文案",
    en="{name!r} is no name of an error: write {code} a_name and a text",
)
NO_ERROR = text(
    "mistake_no_error", zh="没有错误 {name!r}{hint}", en="there is no error {name!r}{hint}"
)
NO_FIELD = text(
    "mistake_no_field",
    zh="资源没有字段 {name!r}{hint}",
    en="the resource has no field {name!r}{hint}",
)
GIVEN_RANGE = text(
    "mistake_given_range",
    zh="given 应为 0 到 {most}，实际是 {given}",
    en="given is from 0 to {most}, not {given}",
)
NOT_A_PATH = text(
    "mistake_not_a_path",
    zh="{path!r} 不是接口的路径，应写成 /api/points/v1/query，不带 query",
    en=("{path!r} is no path of an endpoint: /api/points/v1/query is, without a query"),
)
NOTHING_TO_ADD = text(
    "mistake_nothing_to_add",
    zh="{added!r} 不能相加，应写 1、-1、=参数名 或 -=参数名",
    en="{added!r} is nothing to add: write 1, -1, =parameter or -=parameter",
)
OR_SETTING = text(
    "mistake_or_setting",
    zh="{error}，或写一个设置项的名称{hint}",
    en="{error}, or name a setting{hint}",
)
ERROR_TWICE = text(
    "mistake_error_twice", zh="已经有错误 {name!r}", en="there is an error {name!r} already"
)
SHAPE_NO_FIELD = text(
    "mistake_shape_no_field",
    zh="{name} 没有字段 {field!r}{hint}",
    en="{name} has no field {field!r}{hint}",
)
NO_NUMBER = text(
    "mistake_no_number",
    zh="{list} 的项没有数字字段 {field!r}{hint}",
    en="an item of {list} has no number {field!r}{hint}",
)
RANGE_REVERSED = text(
    "mistake_range_reversed",
    zh="{given!r} 的范围起点大于终点",
    en="the range of {given!r} ends before it begins",
)
NO_LIST = text(
    "mistake_no_list",
    zh="旁边没有数组 {list!r}{hint}",
    en="there is no list {list!r} beside it{hint}",
)
FOR_REPLIES = text(
    "mistake_for_replies",
    zh="{given!r} 只能用在响应里，这里应写格式名",
    en="{given!r} is for replies: write a format here",
)
EMPTY_CHOICE = text(
    "mistake_empty_choice",
    zh="{given!r} 有空的选项或空格，应写成 {format} one|other",
    en="{given!r} has an empty choice or a space: write {format} one|other",
)
CHOICE_NOT_NUMBER = text(
    "mistake_choice_not_number",
    zh="{choice!r} 不是数字，应写成 {format} 0..100 或 {format} 1|2|3",
    en="{choice!r} is no number: write {format} 0..100 or {format} 1|2|3",
)
EVERY_KEY = text(
    "mistake_every_key",
    zh="{name!r} 代表任意键：只能单独出现，并以 > 结尾",
    en="{name!r} stands for every key: it is the only one, and ends with >",
)
LIST_FORM = text(
    "mistake_list_form",
    zh="数组应写成 [item] 或 [item, 1..50]，不能有 {count} 项",
    en="a list is [item] or [item, 1..50], not {count} items",
)
SHAPE_TOO_LONG = text(
    "mistake_shape_too_long",
    zh="字段格式最多 {most} 个字符，实际有 {count} 个",
    en="a shape has {most} characters at most, not {count}",
)
NOTHING_REPLACED = text(
    "mistake_nothing_replaced",
    zh="{call} 没有模拟，请去掉 `replaces`",
    en="{call} is not emulated: leave `replaces` out",
)
NAME_EMULATED = text(
    "mistake_name_emulated",
    zh="{name} 已有模拟（{paths}），请换一个接口名",
    en="{name} is emulated, at {paths}: give the endpoint another name",
)
CALL_TWICE = text(
    "mistake_call_twice",
    zh="{method} {path} 已经是 {owner} 的调用",
    en="{method} {path} is a call of {owner} already",
)
EMULATED_BY = text(
    "mistake_emulated_by",
    zh="{method} {path} 已有模拟（{name}）",
    en="{method} {path} is emulated, by {name}",
)
ADD_REPLACES = text(
    "mistake_add_replaces",
    zh="{why}：加上 `replaces: true` 才能代替它",
    en="{why}: add `replaces: true` to answer in its place",
)
NO_OUTCOME = text(
    "mistake_no_outcome",
    zh="调用没有结果 ${name}{hint}",
    en="the call has no outcome ${name}{hint}",
)
DOES_SAYS_NOTHING = text(
    "mistake_does_says_nothing", zh="；`does` 没有写", en="; `does` says nothing"
)
HAS_NONE = text("mistake_has_none", zh="；里面没有数字字段", en="; it has none")
FIELD_TWICE = text(
    "mistake_field_twice", zh="已经有字段 {name!r}", en="there is a field {name!r} already"
)
FIELD_NAMELESS = text("mistake_field_nameless", zh="字段要有名称", en="a field has a name")
IN_PART = text("mistake_in_part", zh="{section}：{name}：{says}", en="{section}: {name}: {says}")
