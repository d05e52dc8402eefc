"""What operations of the control API say when they refuse, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

ENDLESS = text(
    "control_error_endless",
    zh="{name} 没有结束，所以没有响应；请用 control.follow 读取",
    en="{name} has no end, so it has no answer; read it with control.follow",
)
NAME = text("control_error_name", zh="名称 name {says}", en="name {says}")
NO_VIEW = text("control_error_no_view", zh="没有视图 {view!r}{hint}", en="no view {view!r}{hint}")
QUERY_WORD = text(
    "control_error_query_word",
    zh="{name} 应为 {words} 之一，实际是 {text!r}",
    en="{name} should be one of {words}, not {text!r}",
)
QUERY_WHOLE = text(
    "control_error_query_whole",
    zh="{name} 应为不小于 0 的整数，实际是 {text!r}",
    en="{name} should be a whole number from 0 on, not {text!r}",
)
QUERY_SECONDS = text(
    "control_error_query_seconds",
    zh="{name} 应为不小于 0 的秒数，实际是 {text!r}",
    en="{name} should be a number of seconds from 0 on, not {text!r}",
)
APP_NAME_TAKEN = text(
    "control_error_app_name_taken",
    zh="已经有名为 {name!r} 的应用，修改请用 PATCH",
    en="there is an app {name!r} already; change it with PATCH",
)
APP_KEY_TAKEN = text(
    "control_error_app_key_taken",
    zh="已经有 key 为 {client_key!r} 的应用",
    en="there is an app with the key {client_key!r} already",
)
APP_KEEPS = text(
    "control_error_app_keeps",
    zh="应用的 client_key 和 kind 不能改，请另外登记一个",
    en="an app keeps its client_key and kind; register another",
)
APP_FIELD = text("control_error_app_field", zh="{field} {says}", en="{field} {says}")
PAYMENT_FIELD = text(
    "control_error_payment_field", zh="payment 的 {field} {says}", en="payment.{field} {says}"
)
BILL_DATE = text(
    "control_error_bill_date",
    zh="date 应为 yyyyMMdd 或 yyyyMM，实际是 {date!r}",
    en="date should be yyyyMMdd or yyyyMM, not {date!r}",
)
NOT_INTERCEPTING = text(
    "control_error_not_intercepting",
    zh="这个服务没有接管抖音的域名，请用 `mockdouyin serve --intercept` 启动",
    en=(
        "this server does not intercept Douyin's hosts; start it with `mockdouyin serve"
        " --intercept`"
    ),
)
NO_ENDPOINT = text(
    "control_error_no_endpoint",
    zh="没有接口 {wanted!r}；{instead}",
    en="no endpoint {wanted!r}; {instead}",
)
NO_API = text(
    "control_error_no_api",
    zh="没有 tt API {wanted!r}{hint}",
    en="no phone API {wanted!r}{hint}",
)
NOT_BACK = text(
    "control_error_not_back",
    zh="时间不能往回拨 {by!r}；`clock back` 回到真实时间，`clock freeze --at` 可以停在任意时间",
    en=(
        "time cannot go back, by {by!r}; `clock back` returns to the real time, and `clock"
        " freeze --at` stops it at any moment"
    ),
)
NO_CREDENTIAL_KIND = text(
    "control_error_no_credential_kind",
    zh="没有 {kind!r} 这种凭证{hint}",
    en="no kind {kind!r} of credentials{hint}",
)
LATIN_1 = text(
    "control_error_latin_1",
    zh="{field} 是 latin-1，每个字符一个字节，而 {what!r} 不是：请先编码",
    en="{field} is latin-1, one character for each byte; {what!r} is not: encode it",
)
NO_SERVER = text(
    "control_error_no_server",
    zh="{url} 没有服务响应{reason}；请用 `mockdouyin serve` 启动，或用 --url 指定别的服务",
    en=(
        "no server answers at {url}{reason}; start one with `mockdouyin serve`, or name"
        " another with --url"
    ),
)
TOKEN_CHARACTERS = text(
    "control_error_token_characters",
    zh="控制令牌里有不能放进请求头的字符",
    en="the control token has characters that no header can carry",
)
BAD_DATA = text("control_error_bad_data", zh="{place} {problem}", en="{place} {problem}")
NOT_A_SERVER_URL = text(
    "control_error_not_a_server_url",
    zh="{url} 不是服务的 URL，应写成 http://127.0.0.1:8600",
    en="{url} is not the URL of a server; write http://127.0.0.1:8600",
)
NOT_MOCKDOUYIN = text(
    "control_error_not_mockdouyin",
    zh="{url} 不是 mockdouyin 服务：它的响应是 {answer}",
    en="{url} is not a mockdouyin server: it answered {answer}",
)
BAD_ADDRESS = text(
    "control_error_bad_address",
    zh="地址里不能有 {object!r}",
    en="an address cannot hold {object!r}",
)
NO_MERCHANT = text(
    "control_error_no_merchant", zh="没有商户 {id!r}{hint}", en="no merchant {id!r}{hint}"
)
NOT_APPLIED = text(
    "control_error_not_applied",
    zh="商户 {id} 还没有提交进件，没有审核",
    en="merchant {id} has not applied yet: there is no review",
)
ORDER_LIMIT = text(
    "control_error_order_limit",
    zh="limit 应为 1 到 {most}，实际是 {limit}",
    en="limit should be from 1 to {most}, not {limit}",
)
PERSON_TAKEN = text(
    "control_error_person_taken",
    zh="已经有用户 {name!r}，修改请用 PATCH",
    en="there is a person {name!r} already; change them with PATCH",
)
NOT_TEXT = text(
    "control_error_not_text",
    zh="{name} 应为文本，实际是{kind}",
    en="{name} should be text, not {kind}",
)
FROM_FORM = text(
    "control_error_from_form",
    zh="from 应为时间，如 2026-11-20T12:00:00+08:00，或多久以前，如 5m，实际是 {text!r}",
    en=(
        "from should be a moment such as 2026-11-20T12:00:00+08:00, or how long ago, such as"
        " 5m, not {text!r}"
    ),
)
NO_RULE = text(
    "control_error_no_rule", zh="没有规则 {rule_id!r}{hint}", en="no rule {rule_id!r}{hint}"
)
NO_OPERATION = text(
    "control_error_no_operation",
    zh="控制接口没有操作 {name!r}{hint}",
    en="the control API has no operation {name!r}{hint}",
)
RULE_NEEDS_ON = text(
    "control_error_rule_needs_on",
    zh="规则缺少 `on`：作用于哪个接口",
    en="a rule needs `on`: the endpoint that it works on",
)
SCENARIO_MISTAKES = text(
    "control_error_scenario_mistakes",
    zh="场景 {given} 有错误，`mockdouyin scenarios lint {given}` 会列出来",
    en="the scenario {given} has mistakes; `mockdouyin scenarios lint {given}` lists them",
)
ALLOW_OR_ERR_NO = text(
    "control_error_allow_or_err_no",
    zh="allow 和 errNo 只能有一个",
    en="allow and errNo exclude one another: keep one",
)
ANSWER_FORM = text(
    "control_error_answer_form",
    zh="回答写 allow: true、allow: false 或 errNo",
    en="an answer is allow: true, allow: false, or an errNo",
)
NO_STORY = text(
    "control_error_no_story",
    zh=(
        "世界 {world!r} 没有流程 {id!r}；流程的 id 是 `stories` 列出的 id、其中任意一条的编"
        "号，或投递的 id"
    ),
    en=(
        "no story {id!r} in world {world!r}; a story's id is one of those that `stories`"
        " lists, the number of anything in it, or a delivery's id"
    ),
)
DEFAULT_STAYS = text(
    "control_error_default_stays",
    zh="世界 default 不能删除，可以重置",
    en="the world default stays; reset it instead",
)
SEED_STAYS = text(
    "control_error_seed_stays",
    zh="世界的种子不能改，请另建一个世界",
    en="the seed of a world cannot change; create another world",
)
WORLD_NAME = text(
    "control_error_world_name",
    zh="世界的名称{rule}，不能是 {given!r}",
    en="a world's name has {rule}, not {given!r}",
)
NOT_EMULATED_YET = text(
    "control_error_not_emulated_yet",
    zh="抖音有这个路径，mockdouyin 还没有模拟",
    en="Douyin has this path, mockdouyin does not answer it yet",
)
MEANT = text("control_error_meant", zh="是否应为 {near}？", en="did you mean {near}?")
ENDPOINTS_LISTED = text(
    "control_error_endpoints_listed",
    zh="`mockdouyin endpoints` 列出所有接口",
    en="`mockdouyin endpoints` lists them",
)
IN_BRACKETS = text("control_error_in_brackets", zh="（{reason}）", en=" ({reason})")
THE_BODY = text("control_error_the_body", zh="请求 body", en="the body")
NAME_RULE = text(
    "control_error_name_rule",
    zh="只能有字母、数字和 . _ -，最多 200 个字符",
    en="letters, digits and . _ - only, up to 200",
)
UNKNOWN_FIELD = text(
    "control_error_unknown_field", zh="没有字段 {name}{hint}", en="unknown field {name}{hint}"
)
