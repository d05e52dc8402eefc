"""What is wrong with a rule, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

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
    zh="规则什么都不做：请写 {wanted} 或 {last}",
    en="the rule does nothing: give {wanted} or {last}",
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
    zh="tt API 的规则用 error、happens 或 sheet",
    en="a rule on a phone API has error, happens or sheet",
)
EITHER = text("mistake_either", zh="{names} ", en="{names:or}")
ANY_OF = text("mistake_any_of", zh="{names} 等", en="{names:or} or any other of them")
