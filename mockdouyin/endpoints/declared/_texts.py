"""Why a declared operation refuses a call, in both languages."""

from mockdouyin.core.texts import text

TEXT_LENGTH = text(
    "declared_text_length",
    zh="参数 {name} 的长度为 {length}，应为 {range}",
    en="the parameter {name} has {length} characters; it takes {range}",
)
NUMBER_RANGE = text(
    "declared_number_range",
    zh="参数 {name} 的值为 {got}，应为 {range}",
    en="the parameter {name} is {got}; it takes {range}",
)
LIST_LENGTH = text(
    "declared_list_length",
    zh="参数 {name} 有 {count} 项，应为 {range}",
    en="the parameter {name} has {count} items; it takes {range}",
)
NOT_A_CHOICE = text(
    "declared_not_a_choice",
    zh="参数 {name} 的值为 {got}，应为以下之一：{choices}",
    en="the parameter {name} is {got}; it is one of {choices}",
)
NOT_A_NUMBER = text(
    "declared_not_a_number",
    zh="参数 {name} 应为整数，收到 {got}",
    en="the parameter {name} should be a whole number, and is {got}",
)
NOT_A_DATE = text(
    "declared_not_a_date",
    zh="参数 {name} 应为 {form} 格式，收到 {got}",
    en="the parameter {name} should have the form {form}, and is {got}",
)
NOT_JSON = text(
    "declared_not_json",
    zh="参数 {name} 应为 JSON，收到 {got}",
    en="the parameter {name} should be JSON, and is {got}",
)
NO_SUCH = text(
    "declared_no_such",
    zh="没有 {name} 为 {got} 的{resource}",
    en="there is no {resource} whose {name} is {got}",
)
WRONG_STATE = text(
    "declared_wrong_state",
    zh="{resource} {key} 的 {field} 为 {got}，此操作要求 {wanted}",
    en="the {resource} {key} has {field} {got}; this call takes {wanted}",
)
THERE_ALREADY = text(
    "declared_there_already",
    zh="{resource} {key} 已存在",
    en="the {resource} {key} is there already",
)
TOO_MANY = text(
    "declared_too_many",
    zh="{resource}已有 {count} 个，最多 {most} 个",
    en="there are {count} of the resource {resource}; {most} are the most",
)
NOT_ENOUGH = text(
    "declared_not_enough",
    zh="{resource} {key} 的 {field} 还有 {left}，不足 {wanted}",
    en="the {resource} {key} has {left} of {field} left, not {wanted}",
)
BETWEEN = text("declared_between", zh="{low} 至 {high}", en="{low} to {high}")
AT_LEAST = text("declared_at_least", zh="至少 {low}", en="{low} at least")
AT_MOST = text("declared_at_most", zh="至多 {high}", en="{high} at most")
TAKEN = text(
    "declared_taken",
    zh="已有 {field} 为 {got} 的{resource}",
    en="there already is a {resource} whose {field} is {got}",
)
