"""Words that commands print about a world, in Chinese and English."""

from __future__ import annotations

from mockdouyin.cli._language import chosen_language
from mockdouyin.core.texts import Parameter, Text, TextTemplate, text

COLUMNS: dict[str, TextTemplate] = {
    "world": text("cli_column_world", zh="世界", en="world"),
    "scenario": text("cli_column_scenario", zh="场景", en="scenario"),
    "bill": text("cli_column_bill", zh="账单", en="bill"),
    "rows": text("cli_column_rows", zh="笔数", en="rows"),
    "succeeded": text("cli_column_succeeded", zh="成功", en="succeeded"),
    "sums": text("cli_column_sums", zh="成功的合计（元）", en="sums of those, in yuan"),
    "seed": text("cli_column_seed", zh="种子", en="seed"),
    "exchanges": text("cli_column_exchanges", zh="请求数", en="exchanges"),
    "people": text("cli_column_people", zh="用户数", en="people"),
    "name": text("cli_column_name", zh="名称", en="name"),
    "kind": text("cli_column_kind", zh="类型", en="kind"),
    "scopes": text("cli_column_scopes", zh="权限", en="scopes"),
    "redirect_uris": text("cli_column_redirect_uris", zh="回调地址", en="redirect URIs"),
    "templates": text("cli_column_templates", zh="消息模板", en="templates"),
    "developer": text("cli_column_developer", zh="开发者", en="developer"),
    "public_key": text("cli_column_public_key", zh="应用公钥", en="public key"),
    "webhook_secret": text("cli_column_webhook_secret", zh="webhook 密钥", en="webhook secret"),
    "payment": text("cli_column_payment", zh="担保支付", en="payment"),
    "webhook_events": text("cli_column_webhook_events", zh="订阅事件", en="webhook events"),
    "remarks": text("cli_column_remarks", zh="状态", en="remarks"),
    "nickname": text("cli_column_nickname", zh="昵称", en="nickname"),
    "phone": text("cli_column_phone", zh="手机号", en="phone"),
    "gender": text("cli_column_gender", zh="性别", en="gender"),
    "city": text("cli_column_city", zh="城市", en="city"),
    "address": text("cli_column_address", zh="地址", en="address"),
    "position": text("cli_column_position", zh="经纬度", en="position"),
    "language": text("cli_column_language", zh="语言", en="language"),
    "why": text("cli_column_why", zh="原因", en="why"),
    "time": text("cli_column_time", zh="时间", en="time"),
    "rule": text("cli_column_rule", zh="规则", en="rule"),
    "fault": text("cli_column_fault", zh="故障", en="fault"),
    "unread": text("cli_column_unread", zh="未读取的参数", en="unread"),
    "links": text("cli_column_links", zh="关联", en="links"),
    "delivery": text("cli_column_delivery", zh="投递", en="delivery"),
    "given": text("cli_column_given", zh="传入", en="given"),
    "result": text("cli_column_result", zh="结果", en="result"),
    "avatar": text("cli_column_avatar", zh="头像", en="avatar"),
    "seen": text("cli_column_seen", zh="看到", en="seen"),
    "expected": text("cli_column_expected", zh="应为", en="expected"),
    "fix": text("cli_column_fix", zh="改法", en="fix"),
    "source": text("cli_column_source", zh="依据", en="source"),
}
"""Headings by field; a field that is not here is its own heading."""

STATES: dict[str, TextTemplate] = {
    "waiting": text("cli_state_waiting", zh="待发送", en="waiting"),
    "held": text("cli_state_held", zh="手动发送中", en="being sent by hand"),
    "delivered": text("cli_state_delivered", zh="已送达", en="delivered"),
    "failed": text("cli_state_failed", zh="失败", en="failed"),
}
"""The states of a delivery."""

GENDERS: tuple[TextTemplate, ...] = (
    text("cli_gender_unknown", zh="未知", en="unknown"),
    text("cli_gender_male", zh="男", en="male"),
    text("cli_gender_female", zh="女", en="female"),
)
"""The genders, by Douyin's numbers."""

TO_BE_RETRIED = text(
    "cli_to_be_retried", zh="未送达，{time} 重试", en="not delivered, next try at {time}"
)
FIRST_TRY = text("cli_first_try", zh="待发送，{time} 发出", en="waiting, first try at {time}")
ACCEPTED = text("cli_attempt_accepted", zh="已接受", en="accepted")
NOT_ACCEPTED = text(
    "cli_attempt_not_accepted", zh="未被接受：{problem}", en="not accepted: {problem}"
)
NO_ANSWER = text("cli_no_answer", zh="没有响应", en="no answer")
NOTHING_CAME_BACK = text(
    "cli_nothing_came_back", zh="没有收到响应：{error}", en="nothing came back: {error}"
)
ANSWER_ACCEPTED = text(
    "cli_answer_accepted",
    zh="HTTP {status}，用时 {took_ms} ms，已接受：{body}",
    en="HTTP {status} after {took_ms} ms, accepted: {body}",
)
ANSWER_NOT_ACCEPTED = text(
    "cli_answer_not_accepted",
    zh="HTTP {status}，用时 {took_ms} ms，未被接受：{body}",
    en="HTTP {status} after {took_ms} ms, not accepted: {body}",
)
WANTS_ANOTHER = text(
    "cli_wants_another_answer",
    zh="抖音不认可这样的响应：{problem}",
    en="Douyin wants another answer: {problem}",
)
IS_RETRIED = text(
    "cli_is_retried",
    zh="将在虚拟时间 {time} 重试。",
    en="It is retried at {time} of the world's time.",
)

NO_DELIVERIES = text(
    "cli_no_deliveries",
    zh="世界 {world!r} 没有发送过 webhook 或支付回调，也没有待发送的",
    en="no webhook or callback was sent or waits in world {world!r}",
)
NO_MATCHING_DELIVERIES = text(
    "cli_no_matching_deliveries",
    zh="世界 {world!r} 有 {total} 个 webhook 或支付回调，没有符合条件的",
    en="no webhook or callback in world {world!r} matches; it has {total}",
)
EARLIER_DELIVERIES = text(
    "cli_earlier_deliveries",
    zh="更早的没有显示，可以调大 --limit（现在是 {limit}）",
    en="there are earlier ones; a --limit above {limit} shows them",
)
BILLS_OF = text(
    "cli_bills_of",
    zh="{app}，{date}，{environment}；加上账单名输出 CSV",
    en="{app}, {date}, {environment}; with the name of a bill, its CSV",
)
WORLD_COUNT = text("cli_world_count", zh="共 {count} 个世界", en="worlds: {count}")
SOME_SHOWN = text(
    "cli_some_shown",
    zh="共 {count} 个，显示了 {shown} 个，可以调大 --limit",
    en="shown: {shown} of {count}; a higher --limit shows more",
)

NOTHING_HAPPENED = text(
    "cli_nothing_happened",
    zh="世界 {world!r} 里还没有发生任何事",
    en="nothing has happened in world {world!r}",
)
NOTHING_MATCHES = text(
    "cli_nothing_matches",
    zh="世界 {world!r} 里没有符合条件的记录",
    en="nothing in the journal of world {world!r} matches",
)
EARLIER_ROWS = text(
    "cli_earlier_rows",
    zh="更早的没有显示，可以调大 --limit（现在是 {limit}）",
    en="there are earlier ones; a --limit above {limit} shows them",
)
NO_SHEETS = text(
    "cli_no_sheets",
    zh="世界 {world} 中没有等待回答的弹窗",
    en="no sheet waits for an answer in world {world}",
)
NOTHING_DUE = text(
    "cli_nothing_due",
    zh="世界 {world!r} 里没有将要到期的内容",
    en="nothing falls due in world {world!r}",
)
DUE_NOW = text("cli_due_now", zh="现在", en="now")
DUE_IN = text("cli_due_in", zh="{duration} 后", en="in {duration}")
LATER_DUE = text(
    "cli_later_due",
    zh="更晚的没有显示，可以调大 --limit（现在是 {limit}）",
    en="there are later ones; a --limit above {limit} shows them",
)
RULE_WOULD_APPLY = text(
    "cli_rule_would_apply",
    zh="会对最近 {calls} 次调用中的 {applied} 次生效{ids}",
    en="it would be applied to {applied} of the latest {calls} calls{ids}",
)
RULE_HAS_NO_CALLS = text(
    "cli_rule_has_no_calls",
    zh="日志里还没有它作用的调用，先发一次请求再试",
    en="the journal has no call of what it works on; send a request and try again",
)
RULE_HELD = text(
    "cli_rule_held", zh="匹配但轮不到：{calls}", en="matched, and not applied to: {calls}"
)
RULE_CLOSEST = text(
    "cli_rule_closest",
    zh="不匹配的调用中最接近的是 {where}：{says}",
    en="of the others {where} came closest: {says}",
)
SCENARIO_USED = text(
    "cli_scenario_used",
    zh="世界 {world!r} 已切换到场景 {scenario}，规则 {rules} 条",
    en="world {world!r} has the scenario {scenario} now; rules: {rules}",
)
CLOCK_MOVED = text(
    "cli_clock_moved",
    zh="世界的时钟被调过：显示的是世界里的时间，不是真实时间",
    en="the world's clock was moved: times are its own, not the real ones",
)
ROW_CLOCK_MOVED = text("cli_row_clock_moved", zh="（时钟被调过）", en="(moved)")
CLOCK_RUNS = text("cli_clock_runs", zh="运行中", en="running")
CLOCK_FROZEN = text("cli_clock_frozen", zh="已冻结", en="frozen")
CLOCK_BACK = text(
    "cli_clock_back",
    zh="被调过；`mockdouyin clock back` 回到真实时间",
    en="moved; `mockdouyin clock back` returns to the real time",
)
WAS_RESET = text("cli_was_reset", zh="世界 {world!r} 已重置", en="world {world!r} was reset")
LINK_ACCEPTED = text(
    "cli_link_accepted", zh="抖音 App 接受这个链接。", en="The Douyin app accepts it."
)
WARNING = text("cli_warning", zh="注意：{part}", en="warning: {part}")
NOTHING_SEEN = text("cli_nothing_seen", zh="（无）", en="(nothing)")
NO_STORY = text(
    "cli_no_story",
    zh="世界 {world!r} 里没有符合条件的流程",
    en="no such story in world {world!r}",
)
MORE_STEPS = text("cli_more_steps", zh="… 中间还有 {count} 步", en="… {count} more")
FOLLOWING = text(
    "cli_following",
    zh="正在跟踪 {url} 的世界 {world}，按 Ctrl-C 结束",
    en="following {url}, world {world}; Ctrl-C ends it",
)
MISSED = text(
    "cli_missed",
    zh="#{dropped} 及之前的内容已经没有了：日志放不下，或者世界被重置",
    en="what happened up to #{dropped} is gone: the journal dropped it, or the world was reset",
)
SHOW_OPENS = text(
    "cli_show_opens",
    zh="完整的请求和响应：mockdouyin show {number}",
    en="the whole of one: mockdouyin show {number}",
)

DECLARED_BY = text(
    "cli_declared_by",
    zh="任意域名（场景 {scenario} 声明）",
    en="any host (declared by the scenario {scenario})",
)
ONLY_ON_DEMAND = text("cli_only_on_demand", zh="（只能主动触发）", en="(only on demand)")
ENDPOINTS_TOTAL = text(
    "cli_endpoints_total",
    zh="共 {count} 个接口（{states}）。",
    en="{count} endpoints ({states}).",
)
ENDPOINTS_MORE = text(
    "cli_endpoints_more",
    zh="`mockdouyin endpoints 名称` 列出一组，也可以按路径、名称或中文标题查找；--all 列出全部。",
    en="`mockdouyin endpoints TEXT` lists a family, or what has a text in its path, name or"
    " Chinese title; --all lists everything.",
)
HOW_TO_FAIL = text(
    "cli_how_to_fail",
    zh="主动触发的办法（用名称，有错误码的也可以用错误码）：",
    en="To provoke one, by its name or its number, if it has one:",
)
HOW_TO_PROVOKE = text(
    "cli_how_to_provoke",
    zh="最后一列是出现这个错误的原因。主动触发的办法（用错误码或名称）：",
    en="The last column is what causes the error. To provoke it, by number or name:",
)
BY_RULE = text("cli_by_rule", zh="规则", en="a rule")
BY_CALL = text("cli_by_call", zh="调用", en="a call")
BY_HEADER = text("cli_by_header", zh="请求头", en="a header")
BY_PARAMETER = text("cli_by_parameter", zh="参数", en="a parameter")
ANY_PARAMETER = text(
    "cli_any_parameter", zh="任意参数，值为 {value}", en="any, with the value {value}"
)

NO_FINDINGS = text(
    "cli_no_findings",
    zh="检查了 {exchanges}，没有发现问题。",
    en="Nothing to complain about in {exchanges}.",
)
ONE_FINDING = text(
    "cli_one_finding",
    zh="检查了 {exchanges}，有 {count} 处问题；{opens}",
    en="{count} finding in {exchanges}; {opens}",
)
FINDINGS = text(
    "cli_findings",
    zh="检查了 {exchanges}，有 {count} 处问题；{opens}",
    en="{count} findings in {exchanges}; {opens}",
)
NOTE_RULE = text("cli_note_rule", zh="{rule}（提示）", en="{rule} (note)")
ONE_NOTE = text(
    "cli_one_note",
    zh="另有 {count} 条提示：在这里没有问题，平台不接受；不影响退出码。",
    en="{count} note: right here, refused by the platform; it does not count as a finding.",
)
NOTES = text(
    "cli_notes",
    zh="另有 {count} 条提示：在这里没有问题，平台不接受；不影响退出码。",
    en="{count} notes: right here, refused by the platform; they do not count as findings.",
)
_ONE_EXCHANGE = text("cli_one_exchange", zh="{count} 次请求", en="{count} exchange")
_EXCHANGES = text("cli_exchanges", zh="{count} 次请求", en="{count} exchanges")

VERIFIED = text("cli_webhook_verified", zh="{url}（已校验）", en="{url} (verified)")
NOT_VERIFIED = text("cli_webhook_not_verified", zh="{url}（未校验）", en="{url} (not verified)")
ALL_EVENTS = text("cli_all_events", zh="全部", en="all")
ALL_SCOPES = text("cli_all_scopes", zh="全部 {count} 个", en="all {count}")
OWN_SECRET = text("cli_own_secret", zh="同 client_secret", en="same as client_secret")
MORE = text("cli_and_more", zh="{first}（另有 {more} 个）", en="{first} (+{more})")
BANNED = text("cli_app_banned", zh="已封禁", en="banned")
TRIAL = text(
    "cli_app_trial", zh="未上线，白名单：{testers}", en="not released; testers: {testers}"
)

STATE_NEW = text(
    "cli_state_new", zh="状态：保存在 {path}（新文件）", en="State: kept in {path}, which is new."
)
STATE_CONTINUED = text(
    "cli_state_continued",
    zh="状态：从 {path} 继续，有 {worlds} 个世界、{records} 条记录",
    en="State: continued from {path}, with {worlds} worlds and {records} records.",
)
STATE_CONTINUED_ONE = text(
    "cli_state_continued_one",
    zh="状态：从 {path} 继续，有 {worlds} 个世界、{records} 条记录",
    en="State: continued from {path}, with {worlds} world and {records} records.",
)
STATE_LEFT_OUT = text(
    "cli_state_left_out",
    zh="--state {path}：旧文件另存为 {copy}；读不出来、没有保留的有：",
    en="--state {path}: the old file is kept as {copy}; left out, as it cannot be read:",
)
STATE_MOVED = text(
    "cli_state_moved",
    zh="--state {path}：{error}；已移到 {aside}，状态从头开始",
    en="--state {path}: {error}; moved to {aside}, and the state is new",
)


def say(template: TextTemplate, **parameters: Parameter) -> str:
    """Return a text in the language of the command."""
    return template(**parameters).render(chosen_language())


def exchanges(count: int) -> Text:
    """Return a count of exchanges in words."""
    return (_ONE_EXCHANGE if count == 1 else _EXCHANGES)(count=count)


def heading(field: str) -> str:
    """Return the heading of a field."""
    return say(COLUMNS[field]) if field in COLUMNS else field
