"""What `serve` and `run` print by themselves, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

LISTENS = text(
    "greeting_listens",
    zh="mockdouyin {version} 正在监听 {url}",
    en="mockdouyin {version} listens on {url}",
)
SCENARIO = text("greeting_scenario", zh="场景 {names}", en="Scenario {names}")
SCENARIO_TELLS = text(
    "greeting_scenario_tells", zh="场景 {names}：{about}", en="Scenario {names}: {about}"
)
PROXY = text(
    "greeting_proxy",
    zh="对抖音域名的请求由代理 http://{proxy} 接管。",
    en="Requests to Douyin's own hosts are answered by the proxy http://{proxy}.",
)
HOW_TO_LEAD = text(
    "greeting_how_to_lead",
    zh='让当前 shell 的客户端走代理：eval "$(mockdouyin env)"',
    en='To lead clients of this shell to it: eval "$(mockdouyin env)"',
)
ONE_EVENT = text(
    "greeting_one_event",
    zh="场景里有 1 个事件，到时间就会发送。",
    en="1 event of the scenario will be sent when due.",
)
EVENTS = text(
    "greeting_events",
    zh="场景里有 {count} 个事件，到时间就会发送。",
    en="{count} events of the scenario will be sent when due.",
)
ACCEPTS_ANY = text(
    "greeting_accepts_any",
    zh="接受任何应用 key、任何密钥和任何登录 code。",
    en="Any app key, any secret of it and any login code are accepted.",
)
PEOPLE = text("greeting_people", zh="用户  {names}", en="people  {names}")
PAYMENT = text(
    "greeting_payment",
    zh="担保支付  SALT {salt}，Token {token}",
    en="guaranteed payment  SALT {salt}, Token {token}",
)
TRY_IT = text(
    "greeting_try_it",
    zh="试一试：登录一个用户，再像后端那样用 code 换 session_key：",
    en="Log someone in, then exchange the code as your backend does:",
)
STOP = text(
    "greeting_stop",
    zh="按 Ctrl-C 停止；运行期间可用的命令见 `mockdouyin --help`。",
    en="Ctrl-C stops it; `mockdouyin --help` lists the commands to use meanwhile.",
)
ELSEWHERE = text(
    "greeting_elsewhere",
    zh="其他机器可以访问 {urls}",
    en="other machines reach it at {urls}",
)
NEEDS_TOKEN = text(
    "greeting_needs_token",
    zh="访问 /_mock 需要控制令牌；命令、测试和下面的示例从这个变量读取：",
    en="/_mock needs its control token; commands, tests and the lines below take it from",
)
AS_YOU_GAVE = text("greeting_as_you_gave", zh="（你设置的值）", en="(as you gave it)")
TEMPLATE = text(
    "greeting_template",
    zh="消息模板  {id}，字段 {fields}",
    en="message template  {id}, field {fields}",
)
APP = text("greeting_app", zh="应用", en="app")
KEY = text("greeting_key", zh="应用 key", en="key")
SECRET = text("greeting_secret", zh="密钥", en="secret")
TOKEN_IS = text(
    "greeting_token_is",
    zh="其他机器可以访问这个服务，控制令牌是 {token}",
    en="other machines reach this server; its control token is {token}",
)

BROKEN = text(
    "watcher_broken",
    zh="{files} 有错误，继续使用之前加载的内容：",
    en="{files} is broken; what was loaded before stays:",
)
RELOADED = text(
    "watcher_reloaded", zh="{files} 有改动：已重新加载", en="{files} changed: reloaded"
)
SCENARIO_STAYS = text(
    "watcher_scenario_stays",
    zh="{files} 有改动：仍使用场景 {scenario}",
    en="{files} changed: the scenario stays {scenario}",
)

WORKER_ENDED = text(
    "worker_ended",
    zh="进程 {pid} 已结束（{code}），正在启动另一个",
    en="worker {pid} ended with {code}; another one takes its place",
)
WORKER_REPLACED = text(
    "worker_replaced",
    zh="已有另一个进程代替 {pid}",
    en="another worker answers in place of {pid}",
)

RUN_IS_DOUYIN = text(
    "run_is_douyin",
    zh="这条命令里，{url} 就是抖音；其他终端里的 mockdouyin 命令会自动找到它",
    en="{url} is Douyin for this command; commands in other terminals find it",
)
RUN_APPS = text(
    "run_apps",
    zh="应用、key 和 secret：{apps:semicolons}",
    en="its apps, with key and secret: {apps:semicolons}",
)
RUN_REPORT_HAS = text(
    "run_report_has",
    zh="日志和发现的问题已写入 {file}",
    en="{file} has the journal and the findings",
)
RUN_REPORT = text(
    "run_report",
    zh="无法写入 --report {file}：{error}",
    en="--report {file}: {error}",
)

LINT_GOOD = text("lint_good", zh="{name}：没有错误", en="{name}: good")
NO_RULES = text("cli_no_rules", zh="没有规则", en="no rules")
APPLIED = text(
    "cli_rule_applied", zh="生效 {hits} 次，匹配 {seen} 次", en="applied to {hits} of {seen}"
)
SET_BY = text("cli_rule_set_by", zh="来自 {who}", en="by {who}")
SET_BY_EXPIRED = text("cli_rule_set_by_expired", zh="来自 {who}，已过期", en="by {who}, expired")
SET_BY_UNTIL = text(
    "cli_rule_set_by_until", zh="来自 {who}，{ends} 失效", en="by {who}, until {ends}"
)
SOMEBODY = text("cli_rule_somebody", zh="未知", en="somebody")
ON_THE_PHONE = text(
    "cli_on_the_phone",
    zh="用户手机上的 API：`mockdouyin phone 名称`",
    en="on the person's phone: `mockdouyin phone NAME`",
)
