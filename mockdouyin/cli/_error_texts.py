"""What the commands say when something is wrong, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

APP_FORM = text(
    "cli_error_app_form",
    zh="{where} 的格式是 {form}；密钥里没有冒号",
    en="{where} takes {form}; a secret has no colon in it",
)
APP_KIND = text(
    "cli_error_app_kind",
    zh="{where} 的格式是 {form}；KIND 是 {kinds}",
    en="{where} takes {form}; KIND is {kinds}",
)
APP_PART = text(
    "cli_error_app_part",
    zh="{where} {key}：它的{what}{says}",
    en="{where} {key}: the {what} {says}",
)
APP_TWICE = text(
    "cli_error_app_twice",
    zh="{where}：应用 {key} 重复了",
    en="{where}: the app {key} is there twice",
)
APP_FILE = text(
    "cli_error_app_file",
    zh="无法读取 --app-file {file}：{strerror}",
    en="--app-file {file}: {strerror}",
)
SEVERAL_RUNS = text(
    "cli_error_several_runs",
    zh="有多个 run 正在运行，请用 --url 指定一个：{runs}",
    en="several runs are under way; name one with --url: {runs}",
)
SERVE_BEFORE_RUNS = text(
    "cli_serve_before_runs",
    zh="用的是 {url} 上的服务；正在运行的 run 是另一个平台，要用它就加 --url：{runs}",
    en="this is about the server at {url}; a run is a platform of its own, for which add --url:"
    " {runs}",
)
NOT_UTF8 = text(
    "cli_error_not_utf8",
    zh="第 {number} 个参数不是 UTF-8 文本",
    en="argument {number} is not UTF-8 text",
)
NO_COMMAND = text(
    "cli_error_no_command", zh="没有命令 {name!r}{hint}", en="no command {name!r}{hint}"
)
OPTION_OF_COMMAND = text(
    "cli_error_option_of_command",
    zh="没有选项 {option!r}，它写在子命令后面，如 `{command} {option}`",
    en="no option {option!r} here; it stands after a command, as in `{command} {option}`",
)
PEOPLE_ALONE = text(
    "cli_error_people_alone",
    zh="--people 要和 --accept-unknown 一起用：它用来分配未知的 code",
    en="--people needs --accept-unknown: it spreads unknown codes",
)
BAD_VALUE = text("cli_error_bad_value", zh="{text}{place} {problem}", en="{text}{place} {problem}")
PAIR_FORM = text(
    "cli_error_pair_form",
    zh="{option} 的格式是 NAME=VALUE，收到的是 {text}",
    en="{option} takes NAME=VALUE, not {text}",
)
READY_FILE = text(
    "cli_error_ready_file",
    zh="无法写入 --ready-file {path}：{strerror}",
    en="--ready-file {path}: {strerror}",
)
STORE_SEED = text(
    "cli_error_store_seed",
    zh="--seed {seed}：{url} 里的世界的种子是 {other}；请去掉这个选项，或换一个数据库",
    en=(
        "--seed {seed}: the worlds in {url} have seed {other}; leave the option out, or use"
        " another database"
    ),
)
STATE_SEED = text(
    "cli_error_state_seed",
    zh="--seed {seed}：{path} 里的状态的种子是 {other}；请去掉这个选项，或换一个文件",
    en=(
        "--seed {seed}: the state in {path} has seed {other}; leave the option out, or use"
        " another file"
    ),
)
NO_FORK = text(
    "cli_error_no_fork",
    zh="--workers 大于 1 需要支持 fork 的系统：Linux、macOS",
    en="--workers above 1 needs a system with fork: Linux, macOS",
)
NOTHING_EMULATED = text(
    "cli_error_nothing_emulated",
    zh="没有哪个模拟的接口包含 {text}{hint}",
    en="nothing that is emulated has {text} in it{hint}",
)
JUNIT_FOLDER = text(
    "cli_error_junit_folder",
    zh="--junit {path}：没有这个目录",
    en="--junit {path}: there is no such folder",
)
NO_ERROR = text(
    "cli_error_no_error",
    zh="没有错误 {code}；`mockdouyin errors` 列出全部",
    en="there is no error {code}; `mockdouyin errors` lists them all",
)
NO_ENDPOINT = text(
    "cli_error_no_endpoint",
    zh="没有接口 {endpoint!r}{hint}",
    en="no endpoint {endpoint!r}{hint}",
)
NOT_FOR_BROWSER = text(
    "cli_error_not_for_browser",
    zh="{scheme}: 开头的地址不能在浏览器打开",
    en="{scheme}: addresses do not open in a browser",
)
NOT_A_HOST = text(
    "cli_error_not_a_host",
    zh="{hostname} 不是抖音的域名{hint}",
    en="{hostname} is not a host of Douyin's{hint}",
)
NOTHING_TO_OPEN = text(
    "cli_error_nothing_to_open",
    zh="{path} 没有可以打开的内容{hint}",
    en="nothing can be opened at {path}{hint}",
)
CUT_ADDRESS = text(
    "cli_error_cut_address",
    zh="地址在第一个参数后面就结束了：shell 在 & 处截断了它，请加引号",
    en="the address ends after its first parameter: the shell cut it at &; put it in quotes",
)
PLAIN_OR_CSV = text(
    "cli_error_plain_or_csv",
    zh="--plain 和 --csv 不能同时使用",
    en="--plain and --csv exclude one another",
)
DECRYPT_KEYS = text(
    "cli_error_decrypt_keys",
    zh="decrypt 需要 --session-key 和 --iv，或 --client-secret，或 --private-key",
    en="decrypt takes --session-key and --iv, or --client-secret, or --private-key",
)
RULE_OR_OPTIONS = text(
    "cli_error_rule_or_options",
    zh="请把规则写成一个参数，或使用选项：--on …",
    en="write the rule as one argument, or use the options: --on …",
)
RULE_UNQUOTED = text(
    "cli_error_rule_unquoted",
    zh="RULE 要写成一个参数，用单引号括起来",
    en="RULE is one argument; put it in single quotes",
)
RULE_UNREADABLE = text(
    "cli_error_rule_unreadable",
    zh="无法解析规则（{reason}）；请写成 {{on: client_token, error: 10003, times: 1}}",
    en="cannot parse the rule ({reason}); write {{on: client_token, error: 10003, times: 1}}",
)
REPORT_UNWRITABLE = text(
    "cli_error_report_unwritable",
    zh="--report {path}：不能在那里写文件",
    en="--report {path}: no file can be written there",
)
READY_FOLDER = text(
    "cli_error_ready_folder",
    zh="--ready-file {path}：没有这个目录",
    en="--ready-file {path}: there is no such folder",
)
STATE_AND_STORE = text(
    "cli_error_state_and_store",
    zh="--state 和 --store 不能同时使用：Redis 会保存全部状态",
    en="--state and --store do not go together: Redis keeps all state",
)
WORKERS_STORE = text(
    "cli_error_workers_store",
    zh="--workers 大于 1 时需要共享的 --store：--store redis://127.0.0.1:6379",
    en="--workers above 1 needs a store that they share: --store redis://127.0.0.1:6379",
)
WORKERS_INTERCEPT = text(
    "cli_error_workers_intercept",
    zh="--workers 大于 1 时不能使用 --intercept",
    en="--workers above 1 and --intercept do not go together",
)
WORLD_AGE = text(
    "cli_error_world_age",
    zh="--world-age {text}：最短 1s；`never` 表示一直保留",
    en="--world-age {text}: 1s is the shortest; `never` keeps them all",
)
STATE_EVERY_ALONE = text(
    "cli_error_state_every_alone",
    zh="--state-every 设置多久写一次 --state FILE，两个要一起写",
    en="--state-every says how often --state FILE is written; give both",
)
STATE_EVERY = text(
    "cli_error_state_every",
    zh="--state-every {every}：太频繁，最短 10ms",
    en="--state-every {every}: that is too often; 10ms is the shortest",
)
REQUEST_TOO_LONG = text(
    "cli_error_request_too_long",
    zh="请求超过 {most} 字节",
    en="the request has more than {most} bytes",
)
REQUEST_NOT_UTF8 = text(
    "cli_error_request_not_utf8",
    zh="请求不是 UTF-8 文本：{reason}",
    en="the request is not UTF-8 text: {reason}",
)
WHICH_EVENT = text(
    "cli_error_which_event",
    zh="请写明 EVENT，或用 --again ID；`mockdouyin events` 列出所有事件",
    en="say which EVENT, or --again ID; `mockdouyin events` lists them",
)
NOT_WITH_AGAIN = text(
    "cli_error_not_with_again",
    zh="{what} 不能和 --again 一起用",
    en="{what} does not go with --again",
)
FILE_TOO_LONG = text(
    "cli_error_file_too_long",
    zh="{path} 超过 {most} 字节",
    en="{path} has more than {most} bytes",
)
ALLOW_HOST_ALONE = text(
    "cli_error_allow_host_alone",
    zh="--allow-host 要和 --to、--secret 一起用；运行中的服务请用 `mockdouyin serve --allow-host`",
    en=(
        "--allow-host goes with --to and --secret; for a running server, use `mockdouyin"
        " serve --allow-host`"
    ),
)
FILE_NOT_UTF8 = text(
    "cli_error_file_not_utf8",
    zh="{path} 不是 UTF-8 文本：{reason}",
    en="{path} is not UTF-8 text: {reason}",
)
SET_FORM = text(
    "cli_error_set_form",
    zh="--set 写 content.NAME 或与 content 同级的字段，不能写 {path}",
    en="--set takes content.NAME or a field beside it, not {path}",
)
THE_KEY = text("cli_error_the_key", zh="应用 key", en="key")
THE_SECRET = text("cli_error_the_secret", zh="密钥", en="secret")
FORM = text(
    "cli_error_form", zh="KEY:SECRET 或 KEY:SECRET:KIND", en="KEY:SECRET or KEY:SECRET:KIND"
)
AT_PLACE = text("cli_error_at_place", zh=" 的 {place}", en=" at {place}")
EMPTY_PATH = text("cli_error_empty_path", zh="空路径", en="an empty path")
NO_BROWSER = text(
    "cli_error_no_browser",
    zh="这里没有浏览器，--print 只输出地址",
    en="there is no browser here to open it in; --print only prints the address",
)
BESIDE_CONTENT = text(
    "cli_error_beside_content", zh="content 以外的 --set", en="--set beside content"
)
MISTAKES = text("cli_error_mistakes", zh="{count} 处错误：", en="{count} mistakes:")
POSTMAN_TAKES_NO_TEXT = text(
    "cli_error_postman_takes_no_text",
    zh="--postman 不能和 TEXT 一起用：集合总是同一份",
    en="--postman takes no TEXT: the collection is always the same",
)
