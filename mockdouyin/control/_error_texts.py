"""What operations of the control API say when they refuse, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_REQUEST = text(
    "control_error_no_request",
    zh="没有请求：内容是空的",
    en="there is no request: the text is empty",
)
NOT_A_URL = text("control_error_not_a_url", zh="{url!r} 不是 URL", en="{url!r} is not a URL")
NOT_A_HEADER = text(
    "control_error_not_a_header", zh="{line!r} 不是请求头", en="{line!r} is not a header line"
)
HAR_NO_REQUEST = text(
    "control_error_har_no_request",
    zh="HAR 的这一条里没有完整的请求",
    en="the HAR's entry has no whole request in it",
)
HAR_ENTRY = text(
    "control_error_har_entry",
    zh="HAR 里有 {count} 条请求，没有第 {number} 条",
    en="the HAR has {count} entries; there is no {number}",
)
NOT_CURL = text(
    "control_error_not_curl",
    zh="命令不是以 curl 开头",
    en="the command line does not begin with curl",
)
OPEN_QUOTE = text(
    "control_error_open_quote",
    zh="命令里有没闭合的引号",
    en="the command line has a quote that is not closed",
)
CURL_NO_URL = text(
    "control_error_curl_no_url", zh="命令里没有 URL", en="the command line has no URL"
)
BODY_ELSEWHERE = text(
    "control_error_body_elsewhere",
    zh="body 在 {place} 里，请把内容写进命令",
    en="the body is in {place}; give its content in the command",
)
CURL_MULTIPART = text(
    "control_error_curl_multipart",
    zh="{option} 发送文件或 multipart，没有签名的做法",
    en="{option} sends files or multipart, which nobody signs",
)
BODY_IN_FILE = text(
    "control_error_body_in_file",
    zh="body 在 {place} 里，请给出这个文件，或把内容写进命令",
    en="the body is in {place}; give that file, or its content in the command",
)
ENDLESS = text(
    "control_error_endless",
    zh="{name} 没有结束，所以没有应答；请用 control.follow 读取",
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
    zh="应用的 client_key 和 kind 不能改，请另外注册一个",
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
    zh="没有手机 API {wanted!r}{hint}",
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
ROLLED_BACK = text(
    "control_error_rolled_back",
    zh="{where}没有 #{number}：它没有执行成功，或被恢复快照撤销了",
    en="there is no #{number} in {where}: it was not carried out, or a restore undid it",
)
NO_LOGID_DELIVERY = text(
    "control_error_no_logid_delivery",
    zh="世界 {world!r} 没有日志 id 为 {log_id} 的投递",
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
    zh="日志 id {log_id} 属于{whose}",
    en="the log id {log_id} is of {whose}",
)
LOGID_EARLIER = text(
    "control_error_logid_earlier",
    zh="日志 id {log_id} 是服务重启之前的：#{number} 发生在 {time}",
    en=(
        "the log id {log_id} is from before the server was started anew: #{number} happened"
        " at {time}"
    ),
)
IDS_ARE = text(
    "control_error_ids_are",
    zh="{error}；id 是编号（如 12）、34 个字符的日志 id，或投递的 id",
    en="{error}; an id is a number such as 12, a log id of 34 characters, or a delivery's id",
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
    zh="{url} 不是 mockdouyin 服务：它的应答是 {answer}",
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
APP_LACKS_RECEIVER = text(
    "control_error_app_lacks_receiver",
    zh="应用 {app!r} 没有 {what}，请用 `url` 指定接收方",
    en="app {app!r} has no {what}; say `url` which receiver",
)
IS_PUSH = text(
    "control_error_is_push",
    zh="{event} 是推送：请用 POST …/pushes 发送，或用 replay 重发",
    en="{event} is a push: send it by POST …/pushes, or replay it",
)
ONE_BODY = text(
    "control_error_one_body",
    zh="content、msg 和 raw 只能有一个",
    en="content, msg and raw exclude one another: keep one",
)
NOT_A_CALLBACK = text(
    "control_error_not_a_callback",
    zh="{id} 发送的不是回调，请用 `raw` 给出整个 body",
    en="what {id} sent is no callback; give the whole body as `raw`",
)
NOT_AN_OBJECT = text(
    "control_error_not_an_object",
    zh="{id} 发送的不是 JSON 对象，请用 `raw`",
    en="what {id} sent is no JSON object; give `raw`",
)
NO_MSG = text(
    "control_error_no_msg",
    zh="{event} 没有 msg：只有支付回调才有",
    en="{event} has no msg: only a payment callback has",
)
NO_CONTENT = text(
    "control_error_no_content",
    zh="{id} 的 {event} 没有可以修改的 content",
    en="{event} of {id} has no content to edit",
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
NO_SIGNATURE_SEEN = text(
    "control_error_no_signature_seen",
    zh="里面没有认得出的签名{said}；请写明 kind：{kinds}",
    en="what is given shows no signature that is known{said}; name its kind: {kinds}",
)
APP_LACKS_KEY = text(
    "control_error_app_lacks_key",
    zh="应用 {app!r} 在这里没有{what}，请给出检查用的密钥",
    en="app {app!r} has no {what} here; give the key to check with",
)
TOO_DEEP_TO_SIGN = text(
    "control_error_too_deep_to_sign",
    zh="请求里有嵌套太深、无法签名的值",
    en="a value of the request is nested too deeply to be signed",
)
NO_SIGNATURE_KIND = text(
    "control_error_no_signature_kind",
    zh="没有 {name!r} 这种签名{hint}",
    en="no kind of signature {name!r}{hint}",
)
OR_GIVE_KEY = text(
    "control_error_or_give_key", zh="{error}；或者给出{what}", en="{error}; or give the {what}"
)
NO_STORY = text(
    "control_error_no_story",
    zh=(
        "世界 {world!r} 没有故事 {id!r}；故事的 id 是 `stories` 列出的 id、其中任意一条的编"
        "号，或投递的 id"
    ),
    en=(
        "no story {id!r} in world {world!r}; a story's id is one of those that `stories`"
        " lists, the number of anything in it, or a delivery's id"
    ),
)
NO_DELIVERY_BEFORE = text(
    "control_error_no_delivery_before",
    zh="没有投递 {before!r}，无法列出更早的",
    en="no delivery {before!r} to list earlier ones of",
)
APP_LACKS_TARGET = text(
    "control_error_app_lacks_target",
    zh="应用 {app!r} 没有 {what}，请用 `to`（命令行里是 --to）指定 URL",
    en="app {app!r} has no {what}; say which URL with `to` (--to on the command line)",
)
CONTENT_ONLY = text(
    "control_error_content_only",
    zh="{event} 只接受 `content`，不接受 `fields` 和 `form`",
    en="{event} takes `content`, and no `fields` and no `form`",
)
NO_EVENT = text(
    "control_error_no_event", zh="没有事件 {event!r}{hint}", en="no event {event!r}{hint}"
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
