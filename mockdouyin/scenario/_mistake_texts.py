"""What is wrong with a scenario or a rule, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import Text, text

TOO_MANY_NAMED = text(
    "mistake_too_many_named",
    zh="规则一共写了 {names} 个接口，最多 {most} 个",
    en="the rules name {names} endpoints; {most} is the most",
)
UNREACHABLE = text(
    "mistake_unreachable",
    zh="规则永远不会生效：前面的规则 {number} 已经决定了它的全部调用",
    en="the rule never applies: rule {number} decides all its calls before it",
)
SCOPE_ITEM = text(
    "mistake_scope_item",
    zh="scope {scope}：每个 scope 单独写一项",
    en="scope {scope}: each scope is an item of its own",
)
CREDENTIAL_EMPTY = text(
    "mistake_credential_empty",
    zh="{field} 是空的：不写就会自动生成",
    en="{field} is empty: leave it out to have it generated",
)
DIGITS_ONLY = text(
    "mistake_digits_only",
    zh='{field} 只能有数字，如 "{example}"，不能是 {text!r}{hint}',
    en='{field} has digits only, as in "{example}", not {text!r}{hint}',
)
NAME = text("mistake_name", zh="场景的 name {says}", en="name {says}")
KEY_TWICE = text(
    "mistake_key_twice",
    zh="client_key {key!r} 已经是应用 {owner!r} 的",
    en="the client_key {key!r} is that of app {owner!r} already",
)
REDIRECT_URI = text("mistake_redirect_uri", zh="回调地址", en="redirect URI")
WEBHOOK_URL_MISSING = text(
    "mistake_webhook_url_missing", zh="webhook 缺少 url", en="webhook needs url"
)
HTTP_ADDRESS = text(
    "mistake_http_address",
    zh="{what} {text} 应以 http:// 或 https:// 开头；{seen}",
    en="{what} {text} begins with http:// or https://; {seen}",
)
COUNTRY_CODE = text(
    "mistake_country_code",
    zh="；国家码写在 country_code 字段",
    en="; the country_code is a field of its own",
)
UNKNOWN_EVENT = text(
    "mistake_unknown_event", zh="没有事件 {name!r}{hint}", en="unknown event {name!r}{hint}"
)
NOT_IN_SCENARIO = text(
    "mistake_not_in_scenario",
    zh="场景里没有{what} {name!r}{hint}",
    en="no {what} {name!r} in this scenario{hint}",
)
NAME_EMPTY = text("mistake_name_empty", zh="name 是空的", en="name is empty")
TOO_MANY_PARTS = text(
    "mistake_too_many_parts",
    zh="{name} 有 {count} 个，一个场景最多 {most} 个",
    en="{count} {name}; a scenario has {most} at most",
)
RULE_TWICE = text(
    "mistake_rule_twice", zh="已经有规则 {id!r}", en="there is a rule {id!r} already"
)
WEBHOOK_URL = text("mistake_webhook_url", zh="webhook 地址", en="webhook url")
TEMPLATE_FIELD_TWICE = text(
    "mistake_template_field_twice",
    zh="模板 {id} 有重复的字段",
    en="template {id} has a field twice",
)
SEEN = text("mistake_seen", zh="，不能是 {text!r}", en=", not {text!r}")
NOT_AN_ADDRESS = text(
    "mistake_not_an_address", zh="{what} {text} 不是地址", en="{what} {text} is not an address"
)
NO_HOST = text("mistake_no_host", zh="{what} {text} 没有主机名", en="{what} {text} names no host")
NAME_OF = text("mistake_name_of", zh="{what}的名称{says}", en="the name of the {what} {says}")
FIELD_PROBLEM = text("mistake_field_problem", zh="{field} {problem}", en="{field} {problem}")
CREDENTIAL_CHARACTERS = text(
    "mistake_credential_characters",
    zh="{field} 只能有字母和数字{seen}",
    en="{field} has letters and digits only{seen}",
)
UNKNOWN_ENDPOINT = text(
    "mistake_unknown_endpoint", zh="没有接口 {name!r}{hint}", en="unknown endpoint {name!r}{hint}"
)
EXCLUSIVE_ANSWERS = text(
    "mistake_exclusive_answers",
    zh="{answers:and} 不能同时使用，只保留一个",
    en="{answers:and} exclude one another: keep one",
)
UNSERVED_PATH = text(
    "mistake_unserved_path",
    zh=(
        "没有接口响应 {path}（{method}），而没有接口的路径没有错误码和字段：请写"
        " `reply`、`status`、`fault` 或 `delay`{hint}"
    ),
    en=(
        "no endpoint answers {path} ({method}), and a path without one knows no"
        " errors or fields: give `reply`, `status`, `fault` or `delay`{hint}"
    ),
)
NO_SUCH_ERROR = text(
    "mistake_no_such_error",
    zh="error：{targets}没有错误 {error!r}{hint}",
    en="error: {targets} has no error {error!r}{hint}",
)
CANNOT_HAPPEN = text(
    "mistake_cannot_happen",
    zh="happens：{targets}没有可以 {effect} 的凭证",
    en="happens: {targets} carries nothing to which {effect} could happen",
)
NO_SHEET_SHOWN = text(
    "mistake_no_sheet_shown",
    zh="sheet：{targets}不显示弹窗，显示的有：{known}",
    en="sheet: {targets} shows no sheet; these do: {known}",
)
PATCH_TOO_DEEP = text(
    "mistake_patch_too_deep",
    zh="patch：路径有 {count} 层，最多 {most} 层",
    en="patch: a path of {count} steps; {most} is the most",
)
CHANGES_NOTHING = text(
    "mistake_changes_nothing",
    zh="{name} 不起作用：{answer} 已经代替抖音做出响应",
    en="{name} changes nothing where {answer} answers in Douyin's place",
)
HTTP_OR_SHEET = text(
    "mistake_http_or_sheet",
    zh="{name} 用于 HTTP 响应，sheet 用于手机，只保留一个",
    en="{name} is for HTTP replies, and sheet for a phone: keep one",
)
ANY_METHOD = text("mistake_any_method", zh="任意方法", en="any method")
UNKNOWN_FIELD = text(
    "mistake_unknown_field",
    zh="when：没有字段 {name!r}{hint}",
    en="when: unknown field {name!r}{hint}",
)
NO_PATCHED_FIELD = text(
    "mistake_no_patched_field",
    zh="patch：响应里没有字段 {patched!r}{hint}",
    en="patch: no answer has a field {patched!r}{hint}",
)
ON = text("mistake_on", zh="on 有误：{says}", en="on: {says}")
JSON_OR_TEXT = text(
    "mistake_json_or_text", zh="json 和 text 不能同时使用", en="json and text exclude one another"
)
DOES_NOTHING = text(
    "mistake_does_nothing",
    zh="规则什么都不做：请写 {wanted}",
    en="the rule does nothing: give {wanted}",
)
ON_EMPTY = text("mistake_on_empty", zh="on 没有写任何接口", en="on names nothing")
TTL_ZERO = text(
    "mistake_ttl_zero",
    zh="ttl 是 0：规则会立刻过期，永远不生效",
    en="ttl is 0: the rule would expire at once and never apply",
)
ERROR_OR_SHEET = text(
    "mistake_error_or_sheet",
    zh="error 和 sheet 不能同时使用，只保留一个",
    en="error and sheet exclude one another: keep one",
)
TOLD_TOO_LATE = text(
    "mistake_told_too_late",
    zh="when：{targets}的调用在响应之前还不知道 {name}",
    en="when: no call of {targets} tells its {name} before it is answered",
)
FOR_HTTP = text(
    "mistake_for_http",
    zh="{name} 用于 HTTP 响应；{wanted}",
    en="{name} is for HTTP replies; {wanted}",
)
ID_SLASH = text(
    "mistake_id_slash",
    zh="id {label!r} 里有 /，之后无法用它删除规则",
    en="id {label!r} has a / in it, and could not be removed by it",
)
TOO_MANY_IN_RULE = text(
    "mistake_too_many_in_rule",
    zh="{path} 有 {count} 个{what}，最多 {most} 个",
    en="{path} has {count} {what}; {most} is the most",
)
PATTERN_TOO_LONG = text(
    "mistake_pattern_too_long",
    zh="{path}：{count} 个字符，最多 {most} 个",
    en="{path}: {count} characters; {most} is the most",
)
REPLY_HEADER = text(
    "mistake_reply_header",
    zh="reply.headers 里的 {name!r} {says}",
    en="reply.headers: {name!r} {says}",
)
UNKNOWN_CHOICE = text(
    "mistake_unknown_choice", zh="{name} 不能是 {value}{hint}", en="unknown {name} {value}{hint}"
)
WRONG_TYPE = text(
    "mistake_wrong_type",
    zh="{name} 应为：{wanted:or}，实际是：{seen}{hint}",
    en="{name} should be {wanted:or}, not {seen}{hint}",
)
KEY_NOT_TEXT = text(
    "mistake_key_not_text",
    zh="{name} 的键 {key!r} 不是文本",
    en="{name} has the key {key!r}, which is not text",
)
ITEM_COUNT = text(
    "mistake_item_count",
    zh="{name} 应有 {wanted} 项，实际有 {count} 项",
    en="{name} has {wanted} items, not {count}",
)
UNKNOWN_KEY = text(
    "mistake_unknown_key", zh="没有 {name} 这个键{hint}", en="unknown key {name}{hint}"
)
WITH_PROBLEM = text("mistake_with_problem", zh="{name} {problem}", en="{name} {problem}")
AT_LEAST = text("mistake_at_least", zh="至少为 {low}", en="at least {low}")
NOT_64_BIT = text(
    "mistake_not_64_bit",
    zh="{name} 应为 64 位整数，实际是 {value}",
    en="{name} is a whole number of 64 bits, not {value}",
)
BASE64 = text(
    "mistake_base64", zh="{name} 应为 base64：{error}", en="{name} should be base64: {error}"
)
NEEDS = text("mistake_needs", zh="{name} 缺少 {key}", en="{name} needs {key}")
OUT_OF_BOUNDS = text(
    "mistake_out_of_bounds",
    zh="{name} 应{wanted}，实际是 {value}",
    en="{name} is {wanted}, not {value}",
)
AT = text("mistake_at", zh="{name}：{error}", en="{name}: {error}")
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
ITEM_NUMBER = text(
    "mistake_item_number",
    zh="；{step} 的位置应为数组下标，从 0 开始",
    en="; {step} stands where a list's item has its number, from 0",
)
QUOTE_STAR = text(
    "mistake_quote_star",
    zh='{text}；以 * 或 & 开头的文本要加引号："*"',
    en='{text}; a text that begins with * or & is quoted: "*"',
)
QUOTE_COLON = text(
    "mistake_quote_colon",
    zh="{text}；文本里有冒号加空格时要加引号",
    en="{text}; a text with a colon and a space in it is quoted",
)
INDENT_SPACES = text(
    "mistake_indent_spaces", zh="{text}；请用空格缩进", en="{text}; indent with spaces"
)
QUOTE_TEXT = text("mistake_quote_text", zh="{text}；请给文本加引号", en="{text}; quote the text")
TOO_DEEP = text(
    "mistake_too_deep",
    zh="嵌套太深，或包含自身",
    en="nested too deeply, or something contains itself",
)
BAD_CHARACTER = text(
    "mistake_bad_character",
    zh="不允许的字符 #x{character:04x}",
    en="the character #x{character:04x} is not allowed",
)
SOMETHING_ELSE_IN_IT = text(
    "mistake_something_else_in_it", zh="别的内容", en="one of something else"
)
DUPLICATE_KEY = text("mistake_duplicate_key", zh="重复的键 {name}", en="duplicate key {name}")
TAG_UNFIT = text("mistake_tag_unfit", zh="值和它的标签不符", en="a value does not fit its tag")
KEY_KIND = text(
    "mistake_key_kind",
    zh="键应为文本，不能是数组或对象",
    en="a key must be text, not a list or mapping",
)
THE_KIND = text("mistake_the_kind", zh="这个 {kind}", en="the {kind}")
ALL = text("mistake_all", zh="{each:semicolons}", en="{each:semicolons}")
KIND_NOTHING = text("mistake_kind_nothing", zh="空值", en="nothing")
KIND_TEXT = text("mistake_kind_text", zh="文本", en="text")
KIND_NUMBER = text("mistake_kind_number", zh="数字", en="a number")
KIND_BOOLEAN = text("mistake_kind_boolean", zh="true 或 false", en="true or false")
KIND_LIST = text("mistake_kind_list", zh="数组", en="a list")
KIND_MAPPING = text("mistake_kind_mapping", zh="对象", en="a mapping")
KIND_OTHER = text("mistake_kind_other", zh="别的类型", en="something else")
ITEM = text("mistake_item", zh="{name} 的第 {number} 项", en="item {number} of {name}")
FROM_TO = text("mistake_from_to", zh="为 {low} 到 {high}", en="from {low} to {high}")
QUOTE_IT = text("mistake_quote_it", zh="；请加引号", en="; quote it")
QUOTE_AS = text("mistake_quote_as", zh='；请加引号："{value}"', en='; quote it: "{value}"')
UNQUOTE = text("mistake_unquote", zh="；请去掉引号", en="; write it without quotes")
WRITE_EMPTY = text(
    "mistake_write_empty", zh="；请写 {{}}，或去掉这个键", en="; write {{}} or leave it out"
)
ONE_OF = text("mistake_one_of", zh="{choices:or}", en="{choices:or}")
KIND_WHOLE = text("mistake_kind_whole", zh="整数", en="a whole number")
KIND_BASE64 = text("mistake_kind_base64", zh="base64 编码", en="base64")
KIND_DURATION = text(
    "mistake_kind_duration", zh="时长，如 90s 或 5m", en="a duration such as 90s or 5m"
)
AN_APP = text("mistake_an_app", zh="应用", en="app")
A_PERSON = text("mistake_a_person", zh="用户", en="person")
SCHEME_IS = text("mistake_scheme_is", zh="它的协议是 {scheme}", en="its scheme is {scheme}")
SCHEME_MISSING = text("mistake_scheme_missing", zh="它没有写协议", en="it has no scheme")
NAMES = text("mistake_names", zh="名称", en="names")
PARAMETERS = text("mistake_parameters", zh="参数", en="parameters")
PATHS = text("mistake_paths", zh="路径", en="paths")
HEADERS = text("mistake_headers", zh="请求头", en="headers")
ENDPOINTS_LISTED = text(
    "mistake_endpoints_listed",
    zh="；`mockdouyin endpoints` 列出所有接口",
    en="; `mockdouyin endpoints` lists them",
)
PHONE_RULE_HAS = text(
    "mistake_phone_rule_has",
    zh="手机 API 的规则用 error、happens 或 sheet",
    en="a rule on a phone API has error, happens or sheet",
)
EITHER = text("mistake_either", zh="{names:or} ", en="{names:or}")
ANY_OF = text("mistake_any_of", zh="{names:or} 等 ", en="{names:or} or any other of them")
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
AT_POSITION = text(
    "mistake_at_position", zh="{file}:{line}:{column}: {says}", en="{file}:{line}:{column}: {says}"
)
LINES = text("mistake_lines", zh="{each:lines}", en="{each:lines}")
TOO_MANY_VALUES = text(
    "mistake_too_many_values", zh="太大：超过 {most} 个值", en="too large: more than {most} values"
)
DEEPER = text("mistake_deeper", zh="嵌套超过 {most} 层", en="deeper than {most}")

AT_PATH = text("mistake_at_path", zh="场景：{path}：{says}", en="scenario: {path}: {says}")
IN_IT = text("mistake_in_it", zh="场景：{says}", en="scenario: {says}")

YAML_PROBLEMS: dict[str, Text] = {
    template.en: template()
    for template in (
        text(
            "yaml_mapping_values",
            zh="这里不能有键值对",
            en="mapping values are not allowed here",
        ),
        text(
            "yaml_expected_colon",
            zh="缺少 ':'",
            en="could not find expected ':'",
        ),
        text(
            "yaml_tab",
            zh=r"字符 '\t' 不能作为开头",
            en=r"found character '\t' that cannot start any token",
        ),
        text(
            "yaml_flow_sequence",
            zh="缺少 ',' 或 ']'",
            en="expected ',' or ']', but got",
        ),
        text(
            "yaml_unexpected_end",
            zh="引号没有闭合",
            en="found unexpected end of stream",
        ),
    )
}
"""What PyYAML says most often, and the same in Chinese; the rest stays in English."""
