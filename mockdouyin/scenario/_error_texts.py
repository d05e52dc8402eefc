"""What is said when a scenario cannot be loaded, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

TOO_MANY_RULES = text(
    "scenario_error_too_many_rules",
    zh="世界最多 {most} 条规则，不能有 {count} 条",
    en="a world has {most} rules at most, not {count}",
)
RULE_EXISTS = text(
    "scenario_error_rule_exists", zh="已经有规则 {id!r}", en="there is a rule {id!r} already"
)
RULE_NO_SENSE = text(
    "scenario_error_rule_no_sense",
    zh="规则 {id!r} 是外部添加的，和场景不合：{error}；请先删除它",
    en=(
        "the rule {id!r} was set from outside, and has no sense with the scenario: {error};"
        " remove it first"
    ),
)
NO_SCENARIO = text(
    "scenario_error_no_scenario",
    zh="没有场景 {where!r}{hint}",
    en="no scenario {where!r}{hint}",
)
SETTINGS = text("scenario_error_settings", zh="settings 有误：{says}", en="settings: {says}")
NO_SCENARIO_FILE = text(
    "scenario_error_no_scenario_file",
    zh="没有场景文件 {where!r}{near}",
    en="there is no scenario file {where!r}{near}",
)
NOT_CALLED_SO = text(
    "scenario_error_not_called_so",
    zh=(
        "这里没有叫 {where!r} 的场景（文件要用 `mockdouyin serve --scenario FILE` 或"
        " Scenario.load，这里请直接发送内容）{hint}"
    ),
    en=(
        "no scenario is called {where!r} here (files are for `mockdouyin serve --scenario"
        " FILE` and Scenario.load; send the content instead){hint}"
    ),
)
EXTENDS_CIRCLE = text(
    "scenario_error_extends_circle",
    zh="{file}：extends 形成了循环：{circle}",
    en="{file}: extends forms a circle: {circle}",
)
NOT_PLAIN = text(
    "scenario_error_not_plain",
    zh="场景里有不是普通数据的值：{error}",
    en="the scenario holds a value that is not plain data: {error}",
)
SCENARIO_UNREADABLE = text(
    "scenario_error_scenario_unreadable",
    zh="无法读取场景 {where}：{strerror}",
    en="the scenario {where} cannot be read: {strerror}",
)
YAML_TOO_LONG = text(
    "scenario_error_yaml_too_long",
    zh="{name}：YAML 有 {size} 字节，最多 {most} 字节",
    en="{name}: {size} bytes of YAML; {most} is the most",
)
NOT_A_MAPPING = text(
    "scenario_error_not_a_mapping",
    zh="{name}:1:1: 应为对象，实际是{seen}",
    en="{name}:1:1: a mapping is needed, not {seen}",
)
NOT_A_SCENARIO = text(
    "scenario_error_not_a_scenario",
    zh="{name}:1:1: 场景应为带 name 的对象，实际是{seen}",
    en="{name}:1:1: a scenario is a mapping with a name, not {seen}",
)
YAML_AT = text(
    "scenario_error_yaml_at",
    zh="{name}:{where}: 无法解析 YAML：{reason}",
    en="{name}:{where}: cannot parse YAML: {reason}",
)
YAML = text(
    "scenario_error_yaml",
    zh="{name}:1:1: 无法解析 YAML：{reason}",
    en="{name}:1:1: cannot parse YAML: {reason}",
)
YAML_UNKNOWN = text(
    "scenario_error_yaml_unknown",
    zh="{name}:1:1: 无法解析 YAML",
    en="{name}:1:1: cannot parse YAML",
)
