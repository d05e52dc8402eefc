"""`env`: the settings that lead a client to a server started with `--intercept`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mockdouyin.cli._commands import Remote, command, with_remote
from mockdouyin.cli._help import option
from mockdouyin.intercept.client_settings import SHELLS, browser_command
from mockdouyin.intercept.environment import RUNTIMES, ProxyEndpoint, variables

BROWSER = "browser"


@command(
    "env",
    zh="输出让客户端访问本服务的设置，代替抖音的真实域名。\n\n"
    '在 shell 里：eval "$(mockdouyin env)"。服务要以 --intercept 启动。你已经设置'
    "的选项和证书仍然有效，这里只是追加。--runtime browser 输出启动一个临时"
    " Chromium 的命令。",
    en="Print the settings that lead clients to a running server.\n\n"
    "They then reach it instead of Douyin's own hosts. In a shell: eval"
    ' "$(mockdouyin env)". The server has to be started with --intercept. Options'
    " and certificates that you have set already stay in force: these are added"
    " to them. With --runtime browser, it is the command that starts a throw-away"
    " Chromium.",
    example="mockdouyin env --runtime java --shell json",
)
@option(
    "--runtime",
    type=click.Choice([*RUNTIMES, BROWSER]),
    zh="只输出这种运行时的客户端需要的设置。  [默认：全部]",
    en="Print only what clients of this runtime need.  [default: all runtimes]",
)
@option(
    "--shell",
    type=click.Choice([*SHELLS]),
    default="sh",
    show_default=True,
    zh="输出的语法。",
    en="The syntax of the output.",
)
@with_remote
def env(remote: Remote, *, runtime: str | None, shell: str) -> None:
    """Print the settings that lead clients to a running server."""
    interception = remote.operation("interception")
    if runtime == BROWSER:
        click.echo(browser_command(remote.control.url, interception["key_hash"]))
        return
    endpoint = ProxyEndpoint(
        remote.control.url,
        interception["proxy"],
        Path(interception["folder"]),
        remote.world,
        remote.token,
    )
    click.echo(SHELLS[shell](variables(endpoint, os.environ, runtime)))
