"""What is said when a server cannot start or refuses a request, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

UNREADABLE = text(
    "server_error_unreadable",
    zh="无法按 HTTP 解析这个请求",
    en="the request cannot be parsed as HTTP",
)
HTTP_2_WITHOUT_TLS = text(
    "server_error_http_2_without_tls",
    zh="不用 TLS 时这里不支持 HTTP/2，请用 HTTP/1.1（curl：--http1.1 或 --http2）",
    en="HTTP/2 is not spoken here without TLS; use HTTP/1.1 (curl: --http1.1 or --http2)",
)
NOT_A_PROXY = text(
    "server_error_not_a_proxy",
    zh="这个端口不是代理；用 `mockdouyin serve --intercept` 在旁边开一个",
    en="this port is not a proxy; `mockdouyin serve --intercept` opens one beside it",
)
URL_TOO_LONG = text(
    "server_error_url_too_long",
    zh="URL 太长；请求行和请求头合计最多 {limit} 字节",
    en="the URL is too long; a request line and its headers may take {limit} bytes",
)
HEAD_TOO_LONG = text(
    "server_error_head_too_long",
    zh="请求头太长；连同请求行最多 {limit} 字节",
    en="the headers are too long; with the request line they may take {limit} bytes",
)
FRAMING_TOO_LONG = text(
    "server_error_framing_too_long",
    zh="body 的 chunk extension 或 trailer 太长",
    en="the chunk extensions or trailers of the body are too long",
)
TOO_SLOW = text(
    "server_error_too_slow",
    zh="{part}到得太慢：要在 {seconds} 秒内到齐，或保持每秒 {rate} 字节以上",
    en=(
        "the request's {part} comes too slowly: it has to be there within {seconds} s,"
        " or go on at {rate} bytes a second"
    ),
)
REQUEST_HEAD = text("server_request_head", zh="请求头", en="head")
REQUEST_BODY = text("server_request_body", zh="请求体", en="body")
BODY_TOO_LONG = text(
    "server_error_body_too_long",
    zh="body 有 {size} 字节，超过上限 {limit}",
    en="the body of {size} bytes is over the limit of {limit}",
)
BODY_NOT_OBJECT = text(
    "server_error_body_not_object",
    zh="body 应为 JSON 对象，实际是{kind}",
    en="the body should be a JSON object, not {kind}",
)
BODY_NOT_JSON = text(
    "server_error_body_not_json",
    zh="body 不是 JSON：{error}",
    en="the body is not JSON: {error}",
)
TOO_MANY_STREAMS = text(
    "server_error_too_many_streams",
    zh="事件流的连接已有 {most} 个，到了这个服务的上限，请先关闭一些",
    en="{most} streams are open, and this server takes no more; close some",
)
HOST_NAME_ONLY = text(
    "server_error_host_name_only",
    zh="--name 只写主机名，如 douyin.example.com，不能是 {text!r}",
    en="--name takes a host alone, such as douyin.example.com, not {text!r}",
)
TOKEN_CHARACTERS = text(
    "server_error_token_characters",
    zh="控制令牌要放进请求头：只能用 ASCII 字母、数字和标点，不能有空格",
    en=(
        "the control token has to go into a header: use ASCII letters, digits and"
        " punctuation, with no space"
    ),
)
CANNOT_LISTEN = text(
    "server_error_cannot_listen",
    zh="无法监听 {host}:{port}：{reason}",
    en="cannot listen on {host}:{port}: {reason}",
)
PORT_IN_USE = text(
    "server_error_port_in_use",
    zh="端口已被占用；请停掉占用它的程序，或换一个端口（{option} 0 随机选一个空闲端口）",
    en="the port is in use; stop what has it, or take another ({option} 0 takes a free one)",
)
PORT_FORBIDDEN = text(
    "server_error_port_forbidden",
    zh="当前用户没有权限，请用 1023 以上的端口",
    en="this user is not allowed to; choose a port above 1023",
)
NOT_AN_OWN_ADDRESS = text(
    "server_error_not_an_own_address",
    zh="--host 必须是本机的地址",
    en="--host must be an address of this machine",
)
OTHER_LISTEN_REASON = text(
    "server_error_other_listen_reason",
    zh="{reason}；--host 必须是本机的地址",
    en="{reason}; --host must be an address of this machine",
)
OTHER_METHOD = text(
    "server_error_other_method",
    zh="{path} 只接受 {methods:or}，不接受 {method}",
    en="{path} takes {methods:or}, not {method}",
)
NO_OPERATION = text(
    "server_error_no_operation",
    zh="没有控制接口 {method} {path}{hint}",
    en="there is no operation {method} {path}{hint}",
)
ONE_HOST = text(
    "server_error_one_host",
    zh="请求应有且只有一个 Host 请求头，实际有 {count} 个",
    en="a request has one Host header, this one has {count}",
)
NOT_A_HOST = text(
    "server_error_not_a_host",
    zh=("{given!r} 不是这个服务的主机名；请用 IP 地址或 localhost，或用 --name {name} 启动"),
    en=(
        "{given!r} is not a host of this server; use its IP address or localhost,"
        " or start it with --name {name}"
    ),
)
NEEDS_TOKEN = text(
    "server_error_needs_token",
    zh=(
        "这个服务需要控制令牌，它在启动时打印，或由 --control-token 指定：请发送"
        " `Authorization: Bearer TOKEN`；命令和测试从 {variable} 读取"
    ),
    en=(
        "this server needs its control token, which it printed when it began or was"
        " given with --control-token: send `Authorization: Bearer TOKEN`; commands"
        " and tests take it from {variable}"
    ),
)
NEEDS_A_TOKEN_FIRST = text(
    "server_error_needs_a_token_first",
    zh=(
        "其他机器能访问这个服务，而它没有控制令牌；请加上 --control-token 或"
        " {variable}，或监听 127.0.0.1"
    ),
    en=(
        "other machines may reach this server, and it has no control token; start"
        " it with --control-token or {variable}, or listen on 127.0.0.1"
    ),
)
FOREIGN_ORIGIN = text(
    "server_error_foreign_origin",
    zh=("其他来源（{origin}）的页面不能使用控制接口；请从本服务的页面、自己的后端或测试里调用"),
    en=(
        "a page of another origin ({origin}) may not use the control API; call it"
        " from a page of this server, from your own backend, or from a test"
    ),
)
FOREIGN_SITE = text(
    "server_error_foreign_site",
    zh=("这是浏览器为其他网站的页面发出的请求（Sec-Fetch-Site: {sites}）；请直接打开这个地址"),
    en=(
        "a browser sent this for a page of another site (Sec-Fetch-Site: {sites});"
        " open the address itself"
    ),
)
JSON_ONLY = text(
    "server_error_json_only",
    zh="网页发来的请求在这里必须是 Content-Type: application/json，实际是 {seen!r}",
    en="a page must send Content-Type: application/json here, not {seen!r}",
)

DROPPED_ONE = text(
    "server_dropped_world",
    zh="清除了 {count} 个长期闲置的世界，还剩 {left} 个",
    en="dropped {count} world that nobody used for long; {left} left",
)
DROPPED = text(
    "server_dropped_worlds",
    zh="清除了 {count} 个长期闲置的世界，还剩 {left} 个",
    en="dropped {count} worlds that nobody used for long; {left} left",
)
STAY = text("server_worlds_stay", zh="会一直保留", en="they stay for ever")
GO_AFTER = text(
    "server_worlds_go_after",
    zh="满 {age} 就清除",
    en="each goes {age} after its use",
)
MANY_WORLDS = text(
    "server_many_worlds",
    zh="已有 {count} 个世界：测试结束时有没有删除（DELETE /_mock/worlds/NAME）？闲置的世界{goes}"
    "（--world-age）；超过 {most} 个时，闲置最久的先清除",
    en="there are {count} worlds: do the tests drop theirs (DELETE /_mock/worlds/NAME)?"
    " Unused, {goes} (--world-age); beyond {most} the longest unused go sooner",
)
