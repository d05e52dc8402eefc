"""Environment variables: what each is for, in Chinese and English."""

from __future__ import annotations

from typing import NamedTuple

from mockdouyin.core.texts import Text, text

APPS_VARIABLE = "MOCKDOUYIN_APPS"
TOKEN_VARIABLE = "MOCKDOUYIN_CONTROL_TOKEN"
LANGUAGE_VARIABLE = "MOCKDOUYIN_LANG"
URL_VARIABLE = "MOCKDOUYIN_URL"
TEST_URL_VARIABLE = "MOCKDOUYIN_TEST_URL"


class Variable(NamedTuple):
    """What a variable is for, and a value that it may have."""

    about: Text
    example: str


def _variable(code: str, example: str, zh: str, en: str) -> Variable:
    return Variable(text(f"variable_{code}", zh=zh, en=en)(), example)


OWN: dict[str, Variable] = {
    URL_VARIABLE: _variable(
        "url",
        "http://127.0.0.1:8600",
        "服务地址，等于各命令的 `--url`。`mockdouyin run` 会为它启动的命令设好；pytest 的"
        "夹具 douyin 在没有 `MOCKDOUYIN_TEST_URL` 时也用它。",
        "The server's address, as `--url` of the commands. `mockdouyin run` sets it for the"
        " command that it starts; the pytest fixture douyin uses it, too, unless"
        " `MOCKDOUYIN_TEST_URL` is set.",
    ),
    TEST_URL_VARIABLE: _variable(
        "test_url",
        "http://127.0.0.1:8600",
        "pytest 的夹具 douyin 用哪个服务，等于 `--douyin-url`；空着就在每个进程里各启动一个。",
        "The server that the pytest fixture douyin uses, as `--douyin-url`; if it is empty, each"
        " process starts one.",
    ),
    TOKEN_VARIABLE: _variable(
        "token",
        "any-long-text",
        "控制令牌：`serve` 用它保护 `/_mock`（等于 `--control-token`），其他命令和 pytest 用它"
        "访问需要令牌的服务（等于 `--token`）。",
        "The control token: `serve` guards `/_mock` with it (as `--control-token`); the other"
        " commands and pytest show it to a server that needs one (as `--token`).",
    ),
    LANGUAGE_VARIABLE: _variable(
        "lang",
        "zh",
        "给人看的文字用什么语言：`zh` 或 `en`，等于 `--lang`；没有设置就看 `LC_ALL`、"
        "`LC_MESSAGES`、`LANG`。",
        "The language of texts for people, `zh` or `en`, as `--lang`; without it `LC_ALL`,"
        " `LC_MESSAGES` or `LANG` tells.",
    ),
    APPS_VARIABLE: _variable(
        "apps",
        "tt0123456789abcdef01:your-fake-secret",
        "自己的应用凭证，`KEY:SECRET`，多个用空格隔开，等于 `serve --app`；"
        "写在这里，`ps` 看不到。",
        "Your own credentials, `KEY:SECRET` with spaces between, as `serve --app`; here `ps` does"
        " not show them.",
    ),
}
"""The variables that are mockdouyin's own."""

COMMON: dict[str, Variable] = {
    "NO_COLOR": _variable(
        "no_color",
        "1",
        "设了就不输出颜色；`TERM=dumb` 也一样。",
        "If it is set, nothing is coloured; `TERM=dumb` does the same.",
    ),
    "LANG": _variable(
        "locale",
        "zh_CN.UTF-8",
        "没有 `MOCKDOUYIN_LANG` 时的语言；`LC_ALL`、`LC_MESSAGES` 优先。",
        "The language without `MOCKDOUYIN_LANG`; `LC_ALL` and `LC_MESSAGES` come first.",
    ),
    "XDG_RUNTIME_DIR": _variable(
        "runtime_dir",
        "/run/user/1000",
        "`run` 启动的服务在这里登记，别的终端里的命令由此找到它；没有就用临时目录。",
        "Where a server of `run` is noted, so that commands in other terminals find it; without"
        " it, a temporary folder.",
    ),
    "SSL_CERT_FILE": _variable(
        "cert_file",
        "/etc/ssl/my-ca.pem",
        "`check-webhook` 和投递访问 https 接收端时信任的证书。",
        "The certificates that `check-webhook` and deliveries trust at a receiver with https.",
    ),
}
"""Those that other programs know, too, and mockdouyin reads."""
