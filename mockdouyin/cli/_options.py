"""Options that several commands share."""

from __future__ import annotations

import functools
import math
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from mockdouyin.cli._error_texts import PEOPLE_ALONE
from mockdouyin.cli._help import option
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core.env_vars import APPS_VARIABLE, TOKEN_VARIABLE

_Function = Callable[..., Any]

PORT = click.IntRange(0, 65535)


class Finite(click.FloatRange):
    """A number in a range; click's FloatRange would accept nan."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Parse the number, and refuse nan."""
        number = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is not a number", param, ctx)
        return number


def with_sandbox_options(function: _Function) -> _Function:
    """Add the options of a sandbox to a command, and pass it them as `sandbox_options`."""

    @functools.wraps(function)
    def run(
        scenarios: tuple[str, ...],
        apps: tuple[str, ...],
        app_file: Path | None,
        seed: int | None,
        accept_unknown: bool,
        unknown_people: int | None,
        **given: Any,
    ) -> Any:
        from mockdouyin.cli._app_options import parse_apps
        from mockdouyin.cli._sandbox_options import SandboxOptions

        overrides: dict[str, Any] = {}
        if accept_unknown:
            overrides = {"unknown_apps": "accept", "unknown_codes": "accept"}
        if unknown_people is not None:
            if not accept_unknown:
                raise UsageError(PEOPLE_ALONE())
            overrides["unknown_people"] = unknown_people
        own = parse_apps(apps, app_file, os.environ.get(APPS_VARIABLE, ""))
        options = SandboxOptions(scenarios, own, overrides, seed)
        return function(sandbox_options=options, **given)

    for add in reversed(_SANDBOX):
        run = add(run)
    return run


def with_access(function: _Function) -> _Function:
    """Add the options of access control to a command, and pass it them as `access`."""

    @functools.wraps(function)
    def run(control_token: str | None, names: tuple[str, ...], **given: Any) -> Any:
        from mockdouyin.server.access import Access

        if control_token is None:
            control_token = os.environ.get(TOKEN_VARIABLE, "")
        return function(access=Access(control_token, names), **given)

    for add in reversed(_ACCESS):
        run = add(run)
    return run


_ACCESS = (
    option(
        "--control-token",
        metavar="TOKEN",
        zh="访问 /_mock 要带的控制令牌。对其他机器开放而没有设置时，自动生成一个。  [环"
        "境变量：MOCKDOUYIN_CONTROL_TOKEN]",
        en="The token that every call to /_mock needs. If other machines can reach the"
        " server, one is made up unless given.  [env var: MOCKDOUYIN_CONTROL_TOKEN]",
    ),
    option(
        "--name",
        "names",
        metavar="HOST",
        multiple=True,
        zh="除了 localhost 和 IP 地址，还可以用这个域名访问 /_mock；可重复。",
        en="Accept calls to /_mock under this host name, besides localhost and IP"
        " addresses; may be repeated.",
    ),
)

allow_host = option(
    "--allow-host",
    "allowed",
    metavar="NAME",
    multiple=True,
    zh="允许把 webhook 发到这个主机，即使它不是本机，也不在内网；可重复。",
    en="Allow webhooks to this host, though it is neither this machine nor in a"
    " private network; may be repeated.",
)

_SANDBOX = (
    option(
        "--scenario",
        "scenarios",
        metavar="NAME|FILE",
        multiple=True,
        zh="启动时使用的场景；可重复，后面的叠加在前面的之上。场景文件有改动时，`serve`"
        " 自动重新加载。",
        en="The scenario to start with; may be repeated, each laid over the one before."
        " `serve` reloads a file that changes.",
    ),
    option(
        "--app",
        "apps",
        metavar="KEY:SECRET[:KIND]",
        multiple=True,
        zh="使用自己的应用凭证；可重复。KIND 是 mini_program、mini_game 或 web，不写就根"
        "据 key 判断。本机其他用户能在进程列表里看到命令行参数，真实的密钥请放进"
        " --app-file 或环境变量。  [环境变量：MOCKDOUYIN_APPS，多个以空格分隔]",
        en="Register your own credentials; may be repeated. KIND is mini_program,"
        " mini_game or web; without it, it is guessed from the key. Other users of"
        " this machine can see arguments in the process list, so put real secrets"
        " into --app-file or the variable.  [env var: MOCKDOUYIN_APPS, separated by"
        " spaces]",
    ),
    option(
        "--app-file",
        metavar="FILE",
        type=click.Path(dir_okay=False, path_type=Path),
        zh="从文件读取应用凭证：每行一个 KEY:SECRET[:KIND]，# 开头的是注释。",
        en="Read credentials from this file: KEY:SECRET[:KIND] on each line; # begins a comment.",
    ),
    option(
        "--seed",
        metavar="N",
        type=int,
        zh="随机种子，所有 id、code 和 token 都由它生成。",
        en="The seed of every id, code and token.",
    ),
    option(
        "--accept-unknown",
        is_flag=True,
        zh="接受任何应用 key 和任何登录 code：未知的 code 也能登录一个用户。",
        en="Accept any app key and any login code: an unknown code logs a person in.",
    ),
    option(
        "--people",
        "unknown_people",
        metavar="N",
        type=click.IntRange(1, 10_000),
        zh="配合 --accept-unknown：把未知的 code 分给这么多个用户。  [默认：1]",
        en="With --accept-unknown: spread unknown codes over this many people.  [default: 1]",
    ),
)
