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
