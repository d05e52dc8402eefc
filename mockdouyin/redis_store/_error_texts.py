"""What is said when the store in Redis does not answer, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NOT_AN_ADDRESS = text(
    "redis_store_error_not_an_address",
    zh="--store 不是 Redis 的地址：{why}",
    en="--store is not the address of a Redis: {why}",
)
STORE_AWAY = text("redis_store_error_store_away", zh="{reason}{after}", en="{reason}{after}")
STORE_BUSY = text(
    "redis_store_error_store_busy",
    zh="{url} 的存储正忙：别人在不断修改同一内容，请重试",
    en="the store at {url} is busy: others change the same thing again and again; ask again",
)
STORE_ERROR = text(
    "redis_store_error_store_error",
    zh="{url} 的存储返回错误（{reply}）",
    en="the store at {url} answered with an error ({reply})",
)
NEEDS_HIREDIS = text(
    "redis_store_error_needs_hiredis",
    zh="用 Redis 存储需要安装 hiredis：pip install 'mockdouyin[redis]'",
    en="a store in Redis needs the package hiredis: pip install 'mockdouyin[redis]'",
)
SHARED_JOURNAL = text(
    "redis_store_error_shared_journal",
    zh="多个进程共同写入的日志不能恢复",
    en="a journal that several processes write cannot be restored",
)
CHANGED_MEANWHILE = text(
    "redis_store_error_changed_meanwhile",
    zh="读过的内容被别人改了，没有写入任何内容",
    en="somebody else changed what was read; nothing was written",
)
GOES_ON = text(
    "redis_store_error_goes_on",
    zh="；恢复后 mockdouyin 会继续",
    en="; mockdouyin goes on once it does",
)
OUTAGE_BEGAN = text(
    "redis_store_outage_began",
    zh="{reason}；恢复之前所有请求返回 503",
    en="{reason}; until it does, every request gets a 503",
)
ANSWERS_AGAIN = text(
    "redis_store_answers_again",
    zh="{url} 的存储恢复响应，中断了 {seconds} 秒",
    en="the store at {url} answers again, after {seconds} s",
)
WRITES_AGAIN = text(
    "redis_store_writes_again",
    zh="{url} 的存储恢复写入，中断了 {seconds} 秒",
    en="the store at {url} takes writes again, after {seconds} s",
)
NO_WRITES = text(
    "redis_store_error_no_writes",
    zh="{url} 的存储不能写入（{reason}）",
    en="the store at {url} does not write ({reason})",
)
NO_REPLY = text(
    "redis_store_error_no_reply",
    zh="{url} 的存储没有响应（{reason}）",
    en="the store at {url} does not answer ({reason})",
)
UNPARSED = text(
    "redis_store_error_unparsed",
    zh="无法解析主机和端口；密码里的 / 和 @ 要写成 %2F 和 %40",
    en="cannot parse host and port; write / and @ in a password as %2F and %40",
)
NO_SCHEME = text(
    "redis_store_error_no_scheme", zh="没有协议的地址", en="an address without a scheme"
)
SCHEMES = text(
    "redis_store_error_schemes",
    zh="应以 redis://、rediss:// 或 unix:// 开头，实际是 {scheme}",
    en="it begins with redis://, rediss:// or unix://, not {scheme}",
)
UNIX_PATH = text(
    "redis_store_error_unix_path",
    zh="unix:// 后面应为 socket 的路径",
    en="unix:// is followed by the path of a socket",
)
UNKNOWN_OPTION = text(
    "redis_store_error_unknown_option",
    zh="没有选项 {name}{hint}",
    en="unknown option {name}{hint}",
)
DATABASE = text(
    "redis_store_error_database",
    zh="数据库应为数字，实际是 {database!r}",
    en="the database is a number, not {database!r}",
)
TLS_FILES = text(
    "redis_store_error_tls_files",
    zh="ssl_ca_certs、ssl_certfile 或 ssl_keyfile：{error}",
    en="ssl_ca_certs, ssl_certfile or ssl_keyfile: {error}",
)
