"""`serve`: the server in the foreground."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mockdouyin.cli.commands import DEFAULT_PORT, Command
from mockdouyin.core.errors import MockDouyinError


@click.command(cls=Command, example="mockdouyin serve --scenario flaky-login --port 0")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Where.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    default=DEFAULT_PORT,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--scenario",
    "scenarios",
    metavar="NAME|FILE",
    multiple=True,
    help="What to start from; each further one is laid over the one before. A file that changes"
    " is loaded again.",
)
@click.option(
    "--app",
    "apps",
    metavar="KEY:SECRET[:KIND]",
    multiple=True,
    help="Register your own credentials. KIND is mini_program, mini_game or web; it is guessed"
    " from the key.",
)
@click.option("--seed", metavar="N", type=int, help="What every id, code and token derives from.")
@click.option(
    "--accept-unknown", is_flag=True, help="Admit any app key, and log any unknown code in."
)
@click.option(
    "--ready-file",
    metavar="PATH",
    type=click.Path(dir_okay=False, path_type=Path),
    help='Gets {"url": …, "pid": …} once the server answers.',
)
@click.option("--quiet", is_flag=True, help="Print errors only.")
def serve(
    *,
    host: str,
    port: int,
    scenarios: tuple[str, ...],
    apps: tuple[str, ...],
    seed: int | None,
    accept_unknown: bool,
    ready_file: Path | None,
    quiet: bool,
) -> None:
    """Start the server; SIGTERM or Ctrl-C stops it.

    It prints one line for each request: what was called, by which app, for whom, what became of
    it, and why.
    """
    from mockdouyin.cli.plan import Plan, read_apps
    from mockdouyin.cli.running import Place, run

    if ready_file is not None and not ready_file.parent.is_dir():
        raise MockDouyinError(f"--ready-file {ready_file}: there is no such folder")
    over: dict[str, Any] = {}
    if accept_unknown:
        over = {"unknown_apps": "accept", "unknown_codes": "accept"}
    plan = Plan(scenarios, read_apps(apps), over, seed)
    run(plan, Place(host, port, ready_file, quiet))
