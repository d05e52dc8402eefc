"""What is said when Douyin's hosts cannot be taken over, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_LOCK = text(
    "intercept_error_no_lock",
    zh="{folder} 里没有可以加锁的目录，请把 TMPDIR 设为别的目录",
    en="no folder in {folder} can be locked; set TMPDIR to another folder",
)
CANNOT_WRITE = text(
    "intercept_error_cannot_write",
    zh="{path} 无法写入：{strerror}",
    en="{path} cannot be written: {strerror}",
)
CERTIFICATES = text(
    "intercept_error_certificates",
    zh="无法使用 --certificates {path}：{strerror}",
    en="--certificates {path}: {strerror}",
)
NO_SUCH_COMMAND = text(
    "intercept_error_no_such_command", zh="没有这个命令", en="there is no such command"
)
CANNOT_START = text("intercept_error_cannot_start", zh="{command}：{why}", en="{command}: {why}")
NO_SHELL = text(
    "intercept_error_no_shell",
    zh="没有 shell {shell!r}，可用的有：{known}",
    en="no shell {shell!r}; there is {known}",
)
NOT_ANNOUNCED = text(
    "intercept_error_not_announced",
    zh=(
        "其他终端不能自动找到这个 run（{why}），要用 --url，并把它的 MOCKDOUYIN_CONTROL_TOKEN"
        " 写给 --token"
    ),
    en=(
        "other terminals cannot find this run by themselves ({why}); they need --url, and"
        " --token with this run's MOCKDOUYIN_CONTROL_TOKEN"
    ),
)

NOT_A_CONNECT = text(
    "intercept_error_not_a_connect",
    zh="应为 CONNECT HOST:PORT HTTP/1.1，实际是 {line}",
    en="expected CONNECT HOST:PORT HTTP/1.1, got {line}",
)
CONNECT_COMES_FIRST = text(
    "intercept_error_connect_comes_first",
    zh="在这个代理的连接上，CONNECT 必须是第一个请求",
    en="CONNECT has to be the first request on a connection to this proxy",
)
NEEDS_PORT = text(
    "intercept_error_needs_port",
    zh="{method} 要写端口，如 HOST:443，实际是 {given}",
    en="{method} needs a port: HOST:443, not {given}",
)
NOT_A_PORT = text(
    "intercept_error_not_a_port",
    zh="端口应为 1 到 65535 的数字，实际是 {given}",
    en="a port is a number from 1 to 65535, not {given}",
)
NOT_A_HOST_NAME = text(
    "intercept_error_not_a_host_name",
    zh=(
        "主机应为 IP 地址，或由字母、数字、- 和 . 组成的名称，最多 {most} 个字符（两点之间最多"
        " 63 个），实际是 {given}"
    ),
    en=(
        "a host is an IP address or a name of letters, digits, - and . with at most"
        " {most} characters (63 between two dots), not {given}"
    ),
)
NOT_A_URL = text(
    "intercept_error_not_a_url", zh="{url!r} 不是 URL：{error}", en="{url!r} is not a URL: {error}"
)
NOT_REACHED = text(
    "intercept_error_not_reached",
    zh="不访问 {address}：{why}",
    en="{address} is not reached: {why}",
)
OFFLINE = text(
    "intercept_error_offline", zh="不访问外网（--offline）", en="nothing leaves (--offline)"
)
DOUYIN_ONLY = text(
    "intercept_error_douyin_only",
    zh="其他机器能访问的代理只通向抖音的主机",
    en="a proxy that other machines can reach leads to Douyin's hosts only",
)
UNREACHABLE = text(
    "intercept_error_unreachable",
    zh="无法访问 {address}：{why}",
    en="{address} cannot be reached: {why}",
)
NO_ANSWER = text(
    "intercept_error_no_answer",
    zh="{address} 在 {seconds} 秒内没有响应",
    en="{address} did not answer within {seconds} s",
)
