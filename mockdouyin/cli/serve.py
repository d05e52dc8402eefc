"""`serve`: the server in the foreground."""

from __future__ import annotations

import os
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mockdouyin.cli._commands import DEFAULT_PORT, Command
from mockdouyin.cli._options import PORT, allow_host, guarded, planned
from mockdouyin.core.clock import parse_duration
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.files import require_regular

if TYPE_CHECKING:
    from mockdouyin.cli._foreground import ServeTarget
    from mockdouyin.cli._plan import Plan
    from mockdouyin.intercept.setup import InterceptionSetup
    from mockdouyin.server.access import Access


@click.command(cls=Command, example="mockdouyin serve --scenario login-code-expired --port 0")
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="Where to listen; 0.0.0.0 lets other machines in: /_mock then wants a token.",
)
@click.option(
    "--port",
    type=PORT,
    metavar="N",
    default=DEFAULT_PORT,
    show_default=True,
    help="0 takes a free one.",
)
@planned
@guarded
@allow_host
@click.option(
    "--store",
    metavar="memory|redis://…",
    default="memory",
    show_default=True,
    help="Where all state is: here, or in a Redis that several servers share (docs/scale.md).",
)
@click.option(
    "--workers",
    type=click.IntRange(1),
    metavar="N",
    default=1,
    show_default=True,
    help="Processes that answer together; above 1 they need a store that they share.",
)
@click.option(
    "--intercept",
    is_flag=True,
    help="Take Douyin's host names over too, by a proxy; `mockdouyin env` tells clients.",
)
@click.option(
    "--proxy-port", type=PORT, metavar="N", help="Where that proxy listens.  [default: PORT + 1]"
)
@click.option(
    "--direct-port",
    "direct_ports",
    type=PORT,
    metavar="N",
    multiple=True,
    help="Where clients come that take this for Douyin: 443, where its names lead here.",
)
@click.option(
    "--certificates",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write what clients have to trust.  [default: a private folder]",
)
@click.option("--offline", is_flag=True, help="Let the proxy reach no other host.")
@click.option(
    "--state",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep what was issued, set and sent over a restart: written when it stops, and at"
    " intervals.",
)
@click.option(
    "--state-every",
    metavar="DURATION",
    help="How often --state is written, when something changed.  [default: 5s]",
)
@click.option(
    "--world-age",
    metavar="DURATION|never",
    default="3d",
    show_default=True,
    help="How long a world is kept that nobody uses; the world default stays.",
)
@click.option(
    "--ready-file",
    metavar="PATH",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Gets {"url": …, "pid": …} once the server answers, and its control token.',
)
@click.option("--quiet", is_flag=True, help="Print errors only.")
def serve(
    *,
    plan: Plan,
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

    It prints one line for each request: what was called, by which app, for whom, what became of
    it, and why.
    """
    from mockdouyin.cli._foreground import ServeTarget, run
    from mockdouyin.delivery import checked_host

    if ready_file is not None:
        _check_ready_file(ready_file)
    interval = _interval(state, state_every)
    intercepts = bool(
        intercept or proxy_port is not None or direct_ports or certificates or offline
    )
    _go_together(workers, store, keeps=state is not None, intercepts=intercepts)
    hosts = tuple(map(checked_host, allowed))
    place = ServeTarget(
        host, port, ready_file, quiet, state, interval, store, access, hosts, _age(world_age)
    )
    if workers > 1:
        from mockdouyin.cli._workers import supervise

        return supervise(plan, place, workers)
    takeover = None
    if intercepts:
        takeover = _takeover(place, proxy_port, direct_ports, certificates, offline=offline)
    return run(plan, place, takeover)


def _check_ready_file(path: Path) -> None:
    """Refuse a place where no file can be put: what is there is replaced, and may be a device."""
    if not path.parent.is_dir():
        raise MockDouyinError(f"--ready-file {path}: there is no such folder")
    try:
        if not path.is_symlink():  # a link is replaced, whatever it leads to
            require_regular(os.lstat(path))
    except FileNotFoundError:
        return
    except OSError as error:
        raise MockDouyinError(f"--ready-file {path}: {error.strerror}") from None


def _takeover(
    place: ServeTarget,
    proxy_port: int | None,
    direct_ports: tuple[int, ...],
    certificates: Path | None,
    *,
    offline: bool,
) -> InterceptionSetup:
    from mockdouyin.intercept.setup import InterceptionSetup

    if proxy_port is None:
        proxy_port = place.port + 1 if 0 < place.port < 65535 else 0
    return InterceptionSetup(
        (place.host, proxy_port),
        [(place.host, direct_port) for direct_port in direct_ports],
        offline=offline,
        folder=certificates,
    )


def _go_together(workers: int, store: str, *, keeps: bool, intercepts: bool) -> None:
    if keeps and store != "memory":
        raise MockDouyinError("--state and --store do not go together: Redis keeps all there is")
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
    """Give the seconds between two times that the state is written."""
    from mockdouyin.cli._state import EVERY

    if every is None:
        return EVERY
    if state is None:
        raise click.UsageError("--state-every says how often --state FILE is written; give both")
    seconds = parse_duration(every)
    if seconds < 0.01:
        raise click.UsageError(f"--state-every {every}: that is too often; 10ms is the shortest")
    return seconds
