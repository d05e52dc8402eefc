"""`serve`: the server in the foreground."""

from __future__ import annotations

import os
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockdouyin.cli._commands import DEFAULT_PORT, command
from mockdouyin.cli._error_texts import (
    READY_FILE,
    READY_FOLDER,
    STATE_AND_STORE,
    STATE_EVERY,
    STATE_EVERY_ALONE,
    WORKERS_INTERCEPT,
    WORKERS_STORE,
    WORLD_AGE,
)
from mockdouyin.cli._help import option
from mockdouyin.cli._options import PORT, allow_host, with_access, with_sandbox_options
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core.clock import parse_duration
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.files import require_regular

if TYPE_CHECKING:
    from mockdouyin.cli._foreground import ServeOptions
    from mockdouyin.cli._sandbox_options import SandboxOptions
    from mockdouyin.intercept.interception_setup import InterceptionSetup
    from mockdouyin.server.access import Access


@command(
    zh="启动服务；SIGTERM 或 Ctrl-C 停止。\n\n"
    "每个请求打印一行：调用了什么、哪个应用、哪个用户、怎样响应、为什么。",
    en="Start the server; SIGTERM or Ctrl-C stops it.\n\n"
    "It prints one line for each request: what was called, by which app, for"
    " which person, how it was answered, and why.",
    example="mockdouyin serve --scenario login-code-expired --port 0",
)
@option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    zh="监听地址。0.0.0.0 对其他机器开放，这时访问 /_mock 需要控制令牌。",
    en="The address to listen on. 0.0.0.0 lets other machines in; /_mock then needs a token.",
)
@option(
    "--port",
    type=PORT,
    metavar="N",
    default=DEFAULT_PORT,
    show_default=True,
    zh="监听端口；0 表示随机空闲端口。",
    en="The port to listen on; 0 takes a free one.",
)
@with_sandbox_options
@with_access
@allow_host
@option(
    "--store",
    metavar="memory|redis://…",
    default="memory",
    show_default=True,
    zh="状态存在哪里：内存，或多个服务共用的 Redis（见 docs/scale.md）。",
    en="Where all state is kept: in memory, or in a Redis that several servers share"
    " (docs/scale.md).",
)
@option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    default=1,
    show_default=True,
    zh="处理请求的进程数；大于 1 时要用共享的 --store。",
    en="The number of processes that answer requests; above 1 they need a shared --store.",
)
@option(
    "--intercept",
    is_flag=True,
    zh="同时通过代理接管抖音的域名；客户端的设置由 `mockdouyin env` 输出。",
    en="Also answer for Douyin's host names, through a proxy; `mockdouyin env`"
    " prints the settings for clients.",
)
@option(
    "--proxy-port",
    type=PORT,
    metavar="N",
    zh="代理的端口。  [默认：PORT + 1]",
    en="The port of that proxy.  [default: PORT + 1]",
)
@option(
    "--direct-port",
    "direct_ports",
    type=PORT,
    metavar="N",
    multiple=True,
    zh="TLS 端口，给把本机当作抖音直接连接的客户端：用 DNS 或 hosts 文件把抖音域名指"
    "到本机时，写 443；可重复。",
    en="A TLS port for clients that connect to this machine as if it were Douyin:"
    " 443, if DNS or a hosts file leads Douyin's names here; may be repeated.",
)
@option(
    "--certificates",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    zh="客户端要信任的证书放在哪个目录。  [默认：私有目录]",
    en="The folder for the certificates that clients have to trust.  [default: a private one]",
)
@option(
    "--offline",
    is_flag=True,
    zh="让代理拒绝其他任何主机。",
    en="Make the proxy refuse all other hosts.",
)
@option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    zh="把签发、设置和发送过的内容保存在这个文件，重启后还在。定时写入，停止时也写入。",
    en="Keep what was issued, set and sent over a restart, in this file. It is"
    " written at intervals and when the server stops.",
)
@option(
    "--state-every",
    metavar="DURATION",
    zh="有改动时，隔多久写一次 --state。  [默认：5s]",
    en="The interval at which --state is written if something changed.  [default: 5s]",
)
@option(
    "--world-age",
    metavar="DURATION|never",
    default="3d",
    show_default=True,
    zh="闲置的世界保留多久；世界 `default` 一直保留。",
    en="How long an unused world is kept; the world `default` always stays.",
)
@option(
    "--ready-file",
    metavar="PATH",
    type=click.Path(dir_okay=False, path_type=Path),
    zh='可以接受请求后，把 {"url": …, "pid": …}（有控制令牌时也包括它）写入这个文件。',
    en='Write {"url": …, "pid": …}, and the control token if there is one, to this'
    " file once the server answers.",
)
@option("--quiet", is_flag=True, zh="只打印错误。", en="Print errors only.")
def serve(
    *,
    sandbox_options: SandboxOptions,
    access: Access,
    allowed: tuple[str, ...],
    host: str,
    port: int,
    intercept: bool,
    proxy_port: int | None,
    direct_ports: tuple[int, ...],
    certificates: Path | None,
    offline: bool,
    state: Path | None,
    state_every: str | None,
    ready_file: Path | None,
    quiet: bool,
    store: str,
    workers: int,
    world_age: str,
) -> None:
    """Start the server; SIGTERM or Ctrl-C stops it."""
    from mockdouyin.cli._foreground import ServeOptions, run_server

    _check_ready_file(ready_file)
    interval = _interval(state, state_every)
    intercepts = intercept or proxy_port is not None or direct_ports or certificates or offline
    _check_combination(workers, store, has_state=state is not None, intercepts=bool(intercepts))
    sandbox_options = sandbox_options._replace(webhook_hosts=_checked_hosts(allowed))
    options = ServeOptions(
        host, port, ready_file, quiet, state, interval, store, access, _age(world_age)
    )
    if workers > 1:
        from mockdouyin.cli._workers import serve_with_workers

        return serve_with_workers(sandbox_options, options, workers)
    if not intercepts:
        return run_server(sandbox_options, options)
    interception = _interception(options, proxy_port, direct_ports, certificates, offline=offline)
    return run_server(sandbox_options, options, interception)


def _checked_hosts(allowed: tuple[str, ...]) -> tuple[str, ...]:
    """Return the hosts to which webhooks may go; raise if one cannot be a host."""
    if not allowed:
        return ()
    from mockdouyin.delivery import checked_host  # with httpx2, which most servers never need

    return tuple(map(checked_host, allowed))


def _check_ready_file(path: Path | None) -> None:
    """Refuse a path with no folder, or with a device or FIFO, which the file would replace."""
    if path is None:
        return
    if not path.parent.is_dir():
        raise MockDouyinError(READY_FOLDER(path=str(path)))
    try:
        if not path.is_symlink():  # a link is replaced, whatever it points to
            require_regular(os.lstat(path))
    except FileNotFoundError:
        return
    except OSError as error:
        raise MockDouyinError(READY_FILE(path=str(path), strerror=error.strerror or "")) from None


def _interception(
    options: ServeOptions,
    proxy_port: int | None,
    direct_ports: tuple[int, ...],
    certificates: Path | None,
    *,
    offline: bool,
) -> InterceptionSetup:
    from mockdouyin.intercept.interception_setup import InterceptionSetup

    if proxy_port is None:
        proxy_port = options.port + 1 if 0 < options.port < 65535 else 0
    return InterceptionSetup(
        (options.host, proxy_port),
        [(options.host, direct_port) for direct_port in direct_ports],
        offline=offline,
        folder=certificates,
    )


def _check_combination(workers: int, store: str, *, has_state: bool, intercepts: bool) -> None:
    if has_state and store != "memory":
        raise MockDouyinError(STATE_AND_STORE())
    if workers > 1 and store == "memory":
        raise MockDouyinError(WORKERS_STORE())
    if workers > 1 and intercepts:
        raise MockDouyinError(WORKERS_INTERCEPT())


def _age(text: str) -> float:
    """Return the seconds for which an unused world is kept."""
    if text == "never":
        return inf
    seconds = parse_duration(text)
    if seconds < 1:
        raise UsageError(WORLD_AGE(text=text))
    return seconds


def _interval(state: Path | None, every: str | None) -> float:
    """Return the seconds between two writes of the state file."""
    from mockdouyin.cli._state import STATE_INTERVAL

    if every is None:
        return STATE_INTERVAL
    if state is None:
        raise UsageError(STATE_EVERY_ALONE())
    seconds = parse_duration(every)
    if seconds < 0.01:
        raise UsageError(STATE_EVERY(every=every))
    return seconds
