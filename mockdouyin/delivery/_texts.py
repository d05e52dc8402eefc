"""Why nothing may be sent to an address, and why no answer came, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

# Addresses that are refused.

METADATA_NAME = text(
    "address_metadata_name",
    zh="{host} 是云厂商的元数据服务，不会向它发送任何请求",
    en="{host} is a metadata service; nothing is ever sent there",
)
LINK_LOCAL = text(
    "address_link_local",
    zh="{at} 是链路本地地址或元数据地址，不会向它发送任何请求",
    en="{at} is a link-local or metadata address; nothing is ever sent there",
)
THROUGH_TUNNEL = text(
    "address_through_tunnel",
    zh="{at} 会经地址转换或隧道到达 {inner}，不会向它发送任何请求：请直接写 {inner}",
    en="{at} leads to {inner} through a translator or tunnel; nothing is ever sent there: write"
    " {inner} instead",
)
ANY_IPV4 = text(
    "address_any_ipv4",
    zh="{at} 可能通向任意一个 IPv4 地址，不会向它发送任何请求：请直接写那个地址",
    en="{at} may lead to any IPv4 address; nothing is ever sent there: write that address instead",
)
NOT_ONE_MACHINE = text(
    "address_not_one_machine",
    zh="{at} 不是某一台机器的地址；本机请写 127.0.0.1",
    en="{at} is not the address of one machine; write 127.0.0.1 for this one",
)
NOT_PRIVATE = text(
    "address_not_private",
    zh="{at} 既不在本机也不在内网；如果确实是你的主机，请按名称放行：--allow-host {host}",
    en="{at} is neither on this machine nor in a private network; allow the host by its name if it"
    " is yours: --allow-host {host}",
)

# URLs that are none.

MALFORMED_URL = text(
    "address_malformed_url", zh="{url} 不是 URL（{error}）", en="{url} is not a URL ({error})"
)
NOT_A_TARGET = text(
    "address_not_a_target",
    zh="{url} 不是能发送请求的 URL；应写成 http://127.0.0.1:9000/hook 这样",
    en="{url} is not a URL to send to; write it as http://127.0.0.1:9000/hook",
)
ZONE = text(
    "address_zone",
    zh="{url} 的主机部分不能带 zone 或百分号转义",
    en="the host of {url} must not contain a zone or percent-escapes",
)
USER_INFO = text(
    "address_user_info",
    zh="webhook 的 URL 不能带用户名或密码",
    en="a webhook's URL must not contain a user name or password",
)
BAD_PORT = text(
    "address_bad_port",
    zh="{port} 不是端口，端口在 1 到 65535 之间",
    en="{port} is not a port; use 1 to 65535",
)
HOST_ONLY = text(
    "address_host_only",
    zh="--allow-host 只接受主机名，例如 hooks.example.com，不能是 {given}",
    en="--allow-host takes a host alone, such as hooks.example.com, not {given}",
)

# Hosts that cannot be looked up.

UNRESOLVED = text(
    "address_unresolved",
    zh="主机 {host} 解析失败（{reason}）",
    en="the host {host} cannot be resolved ({reason})",
)
UNRESOLVED_IN_TIME = text(
    "address_unresolved_in_time",
    zh="{seconds} 秒内没有解析出 {url} 的主机",
    en="the host of {url} was not resolved within {seconds} s",
)
NO_LOOKUP = text(
    "address_no_lookup",
    zh="无法解析主机：{error}",
    en="the host cannot be looked up: {error}",
)

# Why no answer came.

TIMED_OUT = text(
    "answer_timed_out",
    zh="{seconds} 秒内没有收到完整的响应",
    en="no complete answer within {seconds} s",
)
NO_CONNECTION = text("answer_no_connection", zh="连接失败：{reason}", en="no connection: {reason}")
BROKEN_OFF = text(
    "answer_broken_off",
    zh="没有收到完整的响应，连接就中断了",
    en="the connection was broken off before a complete answer came",
)
CLOSED = text(
    "answer_closed",
    zh="没有收到完整的响应，连接就被关闭了",
    en="the connection was closed before a complete answer came",
)
NOT_HTTP = text(
    "answer_not_http",
    zh="响应不是合法的 HTTP：{reason}",
    en="the answer is not valid HTTP: {reason}",
)
FAILED = text("answer_failed", zh="发送失败：{error}", en="{error}")
SERVER_STOPPED = text(
    "answer_server_stopped",
    zh="没有等到响应，服务就停止了",
    en="the server stopped before an answer came",
)
