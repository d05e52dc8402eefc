"""What is said at the beginning and at the end of a run, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import NOTHING, Text, TextTemplate, text

_Counted = tuple[TextTemplate, TextTemplate, TextTemplate]
"""The texts for none, one and many."""

_REQUESTS: _Counted = (
    text("run_no_requests", zh="没有请求", en="no requests"),
    text("run_one_request", zh="1 个请求", en="1 request"),
    text("run_requests", zh="{count} 个请求", en="{count} requests"),
)
_FINDINGS: _Counted = (
    text("run_no_findings", zh="没有发现问题", en="no findings"),
    text("run_one_finding", zh="1 处问题", en="1 finding"),
    text("run_findings", zh="{count} 处问题", en="{count} findings"),
)
_ONE_NOTE = text("run_one_note", zh="，1 条提示", en=", 1 note")
_NOTES = text("run_notes", zh="，{count} 条提示", en=", {count} notes")
COUNTS = text("run_counts", zh="{requests}，{findings}{notes}", en="{requests}, {findings}{notes}")
MORE_FINDINGS = text(
    "run_more_findings",
    zh="还有 {count} 处，--report FILE 会保存全部",
    en="and {count} more; --report FILE keeps them all",
)
NOTE = text("run_note", zh="提示：{note}", en="note: {note}")
MORE_NOTES = text(
    "run_more_notes",
    zh="还有 {count} 条提示，--report FILE 会保存全部",
    en="and {count} more to note; --report FILE keeps them all",
)
REFUSED_CALL = text(
    "run_refused_call",
    zh="{endpoint} 被拒绝，{error}{why}{times}",
    en="{endpoint} was refused, {error}{why}{times}",
)
WHY = text("run_why", zh="：{why}", en=": {why}")
MORE_REFUSALS = text(
    "run_more_refusals",
    zh="还有 {count} 种拒绝，--report FILE 会保存全部请求",
    en="and refusals of {count} more kinds; --report FILE keeps all requests",
)
TIMES = text("run_times", zh="（{count} 次）", en=" ({count} times)")

NO_ENDPOINT = text(
    "run_no_endpoint",
    zh="没有接口响应 {request}{hint}{times}",
    en="no endpoint answers {request}{hint}{times}",
)
HINT = text("run_hint", zh="；{hint}", en="; {hint}")
NOT_LET_THROUGH = text(
    "run_not_let_through",
    zh="{address}{times}：没有放行，--offline 时不允许连接外部{hint}",
    en="{address}{times}: not let through, as nothing leaves (--offline){hint}",
)
PASSED_ON = text(
    "run_passed_on",
    zh="{address}{times}：在抖音的域名下，但不是开放平台的接口域名，请求转到了真实网络{hint}",
    en="{address}{times}: of Douyin's domains, but no host of its APIs; it was passed on to the"
    " real network{hint}",
)
_HOW_TO_TRUST = text(
    "run_how_to_trust",
    zh="客户端不信任这次运行的 CA。请信任 SSL_CERT_FILE 指向的文件（Python 里是"
    ' verify=os.environ["SSL_CERT_FILE"]）；根证书编译在程序里的，把 MOCKDOUYIN_URL 作为它的 base'
    " URL",
    en="it does not trust this run's certificate authority. Have it trust the file that"
    ' SSL_CERT_FILE names (in Python verify=os.environ["SSL_CERT_FILE"]); where its roots are'
    " compiled in, give it MOCKDOUYIN_URL as its base URL",
)
HOW_TO_TRUST = _HOW_TO_TRUST()
DISTRUSTED = text(
    "run_distrusted",
    zh="{host}{times}：客户端断开了连接；{trust}",
    en="{host}{times}: the client broke the connection off; {trust}",
)
LEFT_SILENTLY = text(
    "run_left_silently",
    zh="{host}{times}：客户端看到证书之后没有发请求就断开了；很可能是{trust}",
    en="{host}{times}: the client left without a request once it had seen the certificate; most"
    " likely {trust}",
)


def requests(count: int) -> Text:
    """Return a count of requests in words."""
    return _counted(_REQUESTS, count)


def findings(count: int) -> Text:
    """Return a count of findings in words."""
    return _counted(_FINDINGS, count)


def notes(count: int) -> Text:
    """Return a count of notes in words, to follow others."""
    if not count:
        return NOTHING
    return _ONE_NOTE() if count == 1 else _NOTES(count=count)


def _counted(words: _Counted, count: int) -> Text:
    return words[min(count, 2)](count=count)


# The beginning.

IGNORING = text(
    "run_ignoring",
    zh="不走代理的客户端（curl --noproxy、PHP 的 stream、aiohttp、urllib3、自己设置代理的"
    " Java 或 Go 客户端）",
    en="clients that ignore proxies (curl --noproxy, PHP's streams, aiohttp, urllib3, a Java or Go"
    " client with a proxy setting of its own)",
)
NOT_STARTED = text(
    "run_not_started",
    zh="没有启动命令：{why}，{ignoring}会带着你的应用密钥连到真实的抖音。{fix}加上"
    " --allow-real 可以照样启动",
    en="the command was not started: {why}, so {ignoring} would reach the real Douyin with your"
    " app's secret. {fix}--allow-real starts it all the same",
)
FIX_OR = text("run_fix_or", zh="解决办法：{fix}；或者，", en="{fix}; or ")
NO_HOSTS = text(
    "run_no_hosts",
    zh="--no-hosts 不给它单独的 hosts 文件",
    en="--no-hosts gives it no hosts file of its own",
)
ONLY_ON_LINUX = text(
    "run_only_on_linux",
    zh="只有 Linux 才能给它单独的 hosts 文件",
    en="only on Linux can it have a hosts file of its own",
)
NOT_ALLOWED = text(
    "run_not_allowed",
    zh="这台机器不允许给它单独的 hosts 文件（{why}）",
    en="this machine allows it no hosts file of its own ({why})",
)
KILLED = text("run_killed", zh="尝试时进程被杀掉了", en="the attempt was killed")
LOOKED_UP_ELSEWHERE = text(
    "run_looked_up_elsewhere",
    zh="域名解析没有先查 /etc/hosts",
    en="names are looked up elsewhere before /etc/hosts",
)
OBSTACLES = {each.en: each() for each in (KILLED, LOOKED_UP_ELSEWHERE)}
"""What a child process says in English, which knows no texts."""
LED = text(
    "run_led",
    zh="抖音的 {count} 个域名只对这条命令和它的子进程指向这里：通过环境变量里的代理、证书和"
    "钩子{how}{warning}",
    en="Douyin's {count} hosts lead here for this command and its children alone, by proxy,"
    " certificates and hooks in their environment{how}{warning}",
)
LED_BY_PROXY = text(
    "run_led_by_proxy",
    zh="，仅此而已：{why}，{ignoring}会连到真实的抖音（--allow-real）",
    en=" only: {why}, so {ignoring} reach the REAL Douyin (--allow-real)",
)
LED_BY_CLOSED_DOOR = text(
    "run_led_by_closed_door",
    zh="；不走代理的客户端得到的是{get}",
    en="; clients that ignore proxies get {get}",
)
LED_BY_HOSTS = text(
    "run_led_by_hosts", zh="，以及单独的 hosts 文件", en=", and by a hosts file of their own"
)
OWN_STORE = text(
    "run_own_store",
    zh="{names:and} 只信任自带的证书库，无法接管",
    en="{names:and} trusts a store of its own and cannot be led",
)
NO_CONNECTION = text(
    "run_no_connection",
    zh="无法连接，因为另一个服务占用了所有地址的 443 或 80 端口",
    en="no connection, as another server has every address's port 443 or 80",
)
REFUSED = text(
    "run_refused",
    zh="“connection refused”（用 root 执行 `sysctl -w net.ipv4.ip_unprivileged_port_start=80`"
    " 就能接管它们）",
    en='"connection refused" (as root `sysctl -w net.ipv4.ip_unprivileged_port_start=80` lets'
    " them in)",
)
SYSCTL = text(
    "run_sysctl",
    zh="用 root 执行 `sysctl -w {setting}={value}`",
    en="as root: `sysctl -w {setting}={value}`",
)
CONTAINER = text(
    "run_container",
    zh="启动容器时加上 --cap-add SYS_ADMIN --security-opt apparmor=unconfined",
    en="start the container with --cap-add SYS_ADMIN --security-opt apparmor=unconfined",
)
AS_ROOT = text("run_as_root", zh="用 root 也许可以", en="as root it may be allowed")
