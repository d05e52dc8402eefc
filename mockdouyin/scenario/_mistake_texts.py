"""What is wrong with a scenario or a rule, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import Text, TextTemplate, text

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
            "yaml_unexpected_end",
            zh="引号没有闭合",
            en="found unexpected end of stream",
        ),
        text(
            "yaml_alias_nameless",
            zh="应为字母或数字",
            en="expected alphabetic or numeric character, but found",
        ),
        text("yaml_undefined_alias", zh="没有定义这个别名", en="found undefined alias"),
        text(
            "yaml_unknown_tag",
            zh="不认识的标签",
            en="could not determine a constructor for the tag",
        ),
    )
}
"""What PyYAML says most often, and the same in Chinese; the rest stays in English."""

YAML_SEEN: tuple[TextTemplate, ...] = (
    text(
        "yaml_flow_sequence",
        zh="缺少 ',' 或 ']'，实际是 {seen}",
        en="expected ',' or ']', but got {seen}",
    ),
    text(
        "yaml_flow_mapping",
        zh="缺少 ',' 或 '}}'，实际是 {seen}",
        en="expected ',' or '}}', but got {seen}",
    ),
    text(
        "yaml_block_end",
        zh="缩进不对，或前面的值已经结束：不应有 {seen}",
        en="expected <block end>, but found {seen}",
    ),
    text(
        "yaml_bad_start",
        zh="文本不能以 {seen} 开头",
        en="found character {seen} that cannot start any token",
    ),
    text(
        "yaml_alias_name",
        zh="应为字母或数字，实际是 {seen}",
        en="expected alphabetic or numeric character, but found {seen}",
    ),
)
"""The same for what names the character or the token that it came upon."""
