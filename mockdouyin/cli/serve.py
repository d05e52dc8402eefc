"""`serve`: the server in the foreground."""

from __future__ import annotations

import os
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockdouyin.cli._commands import DEFAULT_PORT, Command
from mockdouyin.cli._options import PORT, allow_host, with_access, with_sandbox_options
from mockdouyin.core.clock import parse_duration
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.files import require_regular

if TYPE_CHECKING:
    from mockdouyin.cli._foreground import ServeOptions
    from mockdouyin.cli._sandbox_options import SandboxOptions
    from mockdouyin.intercept.interception_setup import InterceptionSetup
    from mockdouyin.server.access import Access


@click.command(cls=Command, example="mockdouyin serve --scenario login-code-expired --port 0")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on. 0.0.0.0 lets other machines in; /_mock then needs a token.",
)
@click.option(
    "--port",
    type=PORT,
    metavar="N",
    default=DEFAULT_PORT,
    show_default=True,
    help="The port to listen on; 0 takes a free one.",
)
@with_sandbox_options
@with_access
@allow_host
@click.option(
    "--store",
    metavar="memory|redis://…",
    default="memory",
    show_default=True,
    help="Where all state is kept: in memory, or in a Redis that several servers share"
    " (docs/scale.md).",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    default=1,
    show_default=True,
    help="The number of processes that answer requests; above 1 they need a shared --store.",
)
@click.option(
    "--intercept",
    is_flag=True,
    help="Also answer for Douyin's host names, through a proxy; `mockdouyin env` prints the"
    " settings for clients.",
)
@click.option(
    "--proxy-port", type=PORT, metavar="N", help="The port of that proxy.  [default: PORT + 1]"
)
@click.option(
    "--direct-port",
    "direct_ports",
    type=PORT,
    metavar="N",
    multiple=True,
    help="A TLS port for clients that connect to this machine as if it were Douyin: 443, if DNS"
    " or a hosts file leads Douyin's names here; may be repeated.",
)
@click.option(
    "--certificates",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for the certificates that clients have to trust.  [default: a private one]",
)
@click.option("--offline", is_flag=True, help="Make the proxy refuse all other hosts.")
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep what was issued, set and sent over a restart, in this file. It is written at"
    " intervals and when the server stops.",
)
@click.option(
    "--state-every",
    metavar="DURATION",
    help="The interval at which --state is written if something changed.  [default: 5s]",
)
@click.option(
    "--world-age",
    metavar="DURATION|never",
    default="3d",
    show_default=True,
    help="How long an unused world is kept; the world `default` always stays.",
)
@click.option(
    "--ready-file",
    metavar="PATH",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Write {"url": …, "pid": …}, and the control token if there is one, to this file once the'
    " server answers.",
)
@click.option("--quiet", is_flag=True, help="Print errors only.")
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
    """Start the server; SIGTERM or Ctrl-C stops it.

    It prints one line for each request: what was called, by which app, for which person, how it
    was answered, and why.
    """
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
        raise MockDouyinError(f"--ready-file {path}: there is no such folder")
    try:
        if not path.is_symlink():  # a link is replaced, whatever it points to
            require_regular(os.lstat(path))
    except FileNotFoundError:
        return
    except OSError as error:
        raise MockDouyinError(f"--ready-file {path}: {error.strerror}") from None


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
        raise MockDouyinError("--state and --store do not go together: Redis keeps all state")
    if workers > 1 and store == "memory":
        raise MockDouyinError(
            "--workers above 1 needs a store that they share: --store redis://127.0.0.1:6379"
        )
    if workers > 1 and intercepts:
        raise MockDouyinError("--workers above 1 and --intercept do not go together")


def _age(text: str) -> float:
    """Return the seconds for which an unused world is kept."""
    if text == "never":
        return inf
    seconds = parse_duration(text)
    if seconds < 1:
        raise click.UsageError(f"--world-age {text}: 1s is the shortest; `never` keeps them all")
    return seconds


def _interval(state: Path | None, every: str | None) -> float:
    """Return the seconds between two writes of the state file."""
    from mockdouyin.cli._state import STATE_INTERVAL

    if every is None:
        return STATE_INTERVAL
    if state is None:
        raise click.UsageError("--state-every says how often --state FILE is written; give both")
    seconds = parse_duration(every)
    if seconds < 0.01:
        raise click.UsageError(f"--state-every {every}: that is too often; 10ms is the shortest")
    return seconds
