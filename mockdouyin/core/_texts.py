"""Why a request cannot be parsed or asks for a wrong scope, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

FIELD_EMPTY = text(
    "field_empty", zh="缺少 {name}，或 {name} 为空", en="{name} is missing or empty"
)
STATUS_NOT_2XX = text(
    "status_not_2xx",
    zh="应返回 200，实际是 HTTP {status}",
    en="HTTP {status}, where 200 is due",
)
A_BUG = text(
    "a_bug",
    zh="mockdouyin 自己的 bug：{kind}：{error}",
    en="a bug of mockdouyin's: {kind}: {error}",
)
DID_YOU_MEAN = text("did_you_mean", zh="（是否应为 {near}？）", en="; did you mean {near}?")
KNOWN_ARE = text("known_are", zh="（可用的有：{known}）", en="; known: {known}")

# Scopes.

SCOPE_NOT_HELD = text(
    "scope_not_held",
    zh="应用 {app!r} 没有 scope {scope} 的权限",
    en="app {app!r} lacks the scope {scope}",
)
SCOPE_UNKNOWN = text(
    "scope_unknown",
    zh="抖音没有 scope {scope!r}{hint}",
    en="Douyin has no scope {scope!r}{hint}",
)
SCOPES_JOINED = text(
    "scopes_joined",
    zh="多个 scope 之间用英文逗号分隔，{scopes!r} {how}",
    en="scopes are separated by commas, and {scopes!r} {how}",
)
SCOPES_HELD_AS_ONE = text(
    "scopes_held_as_one",
    zh="应用 {app!r} 的 {scopes!r} 被当作一个 scope：它{how}",
    en="app {app!r} holds {scopes!r} as one scope: it {how}",
)
BY_ESCAPED_COMMA = text(
    "separated_by_escaped_comma",
    zh="是用 %2C 分隔的，逗号做了两次 URL 编码",
    en="is separated by %2C, a comma that was escaped twice",
)
BY_ESCAPED_SPACE = text(
    "separated_by_escaped_space",
    zh="是用 %20 分隔的，空格做了两次 URL 编码",
    en="is separated by %20, a space that was escaped twice",
)
BY_SPACE = text("separated_by_space", zh="是用空格分隔的", en="is separated by a space")
BY_PLUS = text("separated_by_plus", zh="是用加号分隔的", en="is separated by a +")
BY_SEMICOLON = text(
    "separated_by_semicolon", zh="是用分号分隔的", en="is separated by a semicolon"
)
BY_BAR = text("separated_by_bar", zh="是用竖线分隔的", en="is separated by a bar")
BY_CHINESE_COMMA = text(
    "separated_by_chinese_comma",
    zh="是用中文逗号或顿号分隔的",
    en="is separated by a Chinese comma",
)
BY_LINE_END = text(
    "separated_by_line_end",
    zh="是用换行或制表符分隔的",
    en="is separated by a line end or a tab",
)
IN_JSON_LIST = text("separated_in_json_list", zh="是 JSON 数组", en="is a list in JSON")

# Requests that cannot be parsed.

WRONG_TYPE = text(
    "parameter_wrong_type",
    zh="类型错误：{name}，应为{wanted}，实际是{got}",
    en="{name} should be {wanted}, was {got}",
)
FIELD_ABSENT = text(
    "parameter_without_field", zh="缺少字段 {field}：{name}", en="{name} has no {field}"
)
OUT_OF_RANGE = text(
    "parameter_out_of_range",
    zh="数值超出范围：{name}",
    en="{name} has a number that is out of range",
)
UNREADABLE = text("parameter_unreadable", zh="无法解析：{name}", en="{name} cannot be read")
TEXT_TOO_LONG = text(
    "parameter_too_long",
    zh="{name} 长 {length} 个字符，最多 {most} 个",
    en="{name} has {length} characters; {most} is the most",
)
TOO_MANY_ITEMS = text(
    "parameter_too_many_items",
    zh="{name} 有 {count} 项，最多 {most} 项",
    en="{name} has {count} items; {most} is the most",
)

# Where in a request: the innermost field comes first in English.

THE_BODY = text("place_body", zh="请求 body", en="the body")
FIELD_OF = text("place_field", zh="{field}（位于 {name}）", en="{field} of {name}")
ITEM_OF = text("place_item", zh="{name} 第 {number} 项", en="item {number} of {name}")
VALUE_OF = text("place_value", zh="{name} 中的某个值", en="a value of {name}")

# Types of parameters.

TYPE_TEXT = text("type_text", zh="字符串", en="text")
TYPE_WHOLE_NUMBER = text("type_whole_number", zh="整数", en="a whole number")
TYPE_NUMBER = text("type_number", zh="数字", en="a number")
TYPE_TRUE_OR_FALSE = text("type_true_or_false", zh="布尔值", en="true or false")
TYPE_OBJECT = text("type_object", zh="对象", en="an object")
TYPE_LIST = text("type_list", zh="数组", en="a list")
TYPE_NULL = text("type_null", zh="空值 null", en="null")
TYPE_FILE = text("type_file", zh="文件", en="a file")
TYPE_EITHER = text("type_either", zh="{one}或{other}", en="{one} or {other}")

# Bodies.

NOT_JSON = text(
    "body_not_json",
    zh="body 不是合法的 JSON：{problem}",
    en="the body is not JSON: {problem}",
)
NOT_JSON_AT = text(
    "body_not_json_at",
    zh="body 不是合法的 JSON：{problem}（字节位置 {byte}）",
    en="the body is not JSON: {problem} (at byte {byte})",
)
JSON_NOT_UTF8 = text(
    "json_not_utf8", zh="其中有字符串不是 UTF-8 编码", en="a text in it is not UTF-8"
)
JSON_TOO_DEEP = text("json_too_deep", zh="嵌套层数太多", en="it is nested too deeply")
JSON_LACKS = text("json_lacks", zh="缺少 {what}", en="{what} is missing")
JSON_LACKS_EITHER = text(
    "json_lacks_either", zh="缺少 {one} 或 {other}", en="{one} or {other} is missing"
)
JSON_ENDS_EARLY = text("json_ends_early", zh="内容不完整", en="it ends too early")
JSON_GOES_ON = text("json_goes_on", zh="结束后还有多余的内容", en="more follows after its end")
JSON_NUMBER_RANGE = text(
    "json_number_out_of_range", zh="数值超出范围", en="a number is out of range"
)
JSON_KEY_QUOTES = text(
    "json_key_without_quotes",
    zh="键名没有加双引号",
    en="a key is not in double quotes",
)
JSON_TRAILING_COMMA = text(
    "json_trailing_comma",
    zh="右括号前多了一个逗号",
    en="a comma stands before a closing bracket",
)
JSON_BAD_NUMBER = text("json_bad_number", zh="数字格式错误", en="a number is ill-formed")
JSON_BAD_ESCAPE = text(
    "json_bad_escape", zh="字符串中有未知的转义", en="a text has an unknown escape"
)
JSON_HALF_CHARACTER = text(
    "json_half_character",
    zh="字符串中有不成对的代理字符（surrogate）",
    en="a text has half of a character",
)
JSON_MISPLACED = text("json_misplaced", zh="有错误的字符", en="a character is misplaced")
JSON_ARRAY = text(
    "body_json_array",
    zh="body 是 JSON 数组，应为 JSON 对象",
    en="the body is a JSON array, where an object belongs",
)
FORM_NOT_UTF8 = text(
    "form_not_utf8",
    zh="表单或 query 无法解析：不是 UTF-8 编码",
    en="the form or query cannot be read: it is not UTF-8",
)
BODY_ENCODED = text(
    "body_encoded",
    zh="body 是压缩过的（Content-Encoding: {encoding}），请发送未压缩的内容",
    en="the body is encoded (Content-Encoding: {encoding}); send it unencoded",
)
BODY_IS_TEXT = text(
    "body_is_text",
    zh="body 是一个 JSON 字符串，应为 JSON 对象：可能序列化了两次",
    en="the body is a JSON string, not an object: it may have been serialized twice",
)
BODY_UNKNOWN = text(
    "body_unknown",
    zh="body 既不是 JSON 也不是表单：以 {first} 开头",
    en="the body is neither JSON nor a form: it begins with {first}",
)
BODY_UNKNOWN_BYTE = text(
    "body_unknown_byte",
    zh="body 既不是 JSON 也不是表单：以字节 {byte} 开头",
    en="the body is neither JSON nor a form: it begins with byte {byte}",
)
MULTIPART_EMPTY = text(
    "multipart_empty",
    zh="multipart body 中没有字段，请检查 boundary 是否与请求头一致",
    en="the multipart body has no field; its boundary may be another",
)

# Data that cannot be stored; in English each follows the name of a field.

HALF_SURROGATE = text(
    "data_half_surrogate",
    zh="含有不成对的代理字符（surrogate）",
    en="has half of a surrogate pair in it",
)
NOT_FINITE = text("data_not_finite", zh="不是有限的数值", en="is not a finite number")
TOO_MANY_BITS = text(
    "data_too_many_bits",
    zh="整数超过 {most} 位（二进制）",
    en="is a whole number of more than {most} bits",
)
NOT_A_JSON_TYPE = text(
    "data_not_json_type", zh="不是 JSON 类型：{type}", en="is a {type}, which is not JSON"
)
TOO_DEEP = text(
    "data_too_deep",
    zh="嵌套超过 {most} 层",
    en="is deeper than {most} lists and mappings",
)
KEY_NOT_TEXT = text(
    "data_key_not_text", zh="键 {key} 不是文本", en="has the key {key}, which is not text"
)

# Names and keys; in English each follows the name of a field.

NAME_LENGTH = text(
    "data_name_length",
    zh="长度应为 1 到 {most} 个字符，实际是 {count} 个",
    en="has 1 to {most} characters, not {count}",
)
NAME_CONTROL = text(
    "data_name_control",
    zh="不能有控制字符 {character!r}",
    en="has no control characters, and {character!r} is one",
)
LETTERS_AND_DIGITS = text(
    "data_letters_and_digits", zh="只能有字母和数字", en="has letters and digits only"
)
NOT_A_HEADER_NAME = text(
    "data_not_a_header_name",
    zh="不是请求头的名称：只能用字母、数字和 !#$%&'*+-.^_`|~",
    en="is not a header's name: letters, digits and !#$%&'*+-.^_`|~ only",
)
SERVERS_HEADER = text(
    "data_servers_header",
    zh="由服务设置，用来划分响应的边界",
    en="is set by the server, which frames the answer",
)
HEADER_CONTROL = text(
    "data_header_control",
    zh="的值里有换行或其他控制字符",
    en="has a line break or another control character in its value",
)
