"""`run`: a command for which Douyin is this machine, with no change in its code or settings."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mockdouyin.cli._commands import Command, complain
from mockdouyin.cli._options import PORT, allow_host, planned
from mockdouyin.cli._output import printable
from mockdouyin.core.errors import MockDouyinError

if TYPE_CHECKING:
    from mockdouyin.cli._console import Console
    from mockdouyin.cli._plan import Plan
    from mockdouyin.intercept.child_process import ChildProcess
    from mockdouyin.intercept.private_server import PrivateServer


_LONGEST = 1000
"""Characters of a line; what a client sent may stand in it."""


class Told(NamedTuple):
    """What the user is told, and where it is kept."""

    quiet: bool
    verbose: bool
    report: Path | None

    def say(self, text: str) -> None:
        """Print a line on stderr, unless nothing is wanted."""
        if not self.quiet:
            complain(printable(text, _LONGEST))

    def keep(self, file: Path, report: str) -> bool:
        """Write the report; return whether the file took it."""
        try:
            file.write_text(report, "utf-8")
        except OSError as error:
            complain(f"--report {file}: {error.strerror or error}")
            return False
        self.say(f"{file} has the journal and the findings")
        return True


@click.command(
    cls=Command,
    example="mockdouyin run -- node server.js",
    context_settings={"allow_interspersed_args": False},
)
@planned
@allow_host
@click.option(
    "--port",
    type=PORT,
    metavar="N",
    default=0,
    help="Where the server listens.  [default: a free port]",
)
@click.option("--offline", is_flag=True, help="Let nothing through to any other host.")
@click.option(
    "--hosts/--no-hosts",
    default=True,
    help="On Linux, give the command a hosts file of its own too, for clients that ignore"
    " proxies; without it they reach the real Douyin, so --allow-real is needed.",
)
@click.option(
    "--allow-real",
    is_flag=True,
    help="Start the command even where clients that ignore proxies would reach the real Douyin.",
)
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Keep the journal and the findings in a file, as JSON, with secrets masked.",
)
@click.option("--verbose", is_flag=True, help="Print one line for each request, to stderr.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.argument("command", metavar="CMD…", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    *,
    plan: Plan,
    allowed: tuple[str, ...],
    port: int,
    offline: bool,
    hosts: bool,
    allow_real: bool,
    report: Path | None,
    verbose: bool,
    quiet: bool,
    command: tuple[str, ...],
) -> int:
    """Run a command for which Douyin's host names lead to a private server.

    The command and its children alone are led there: by proxy settings and certificates in their
    environment, by a hook in Node, and on Linux by a hosts file of their own. A client that
    cannot be led gets no connection; where that cannot be seen to, the command is not started.
    MOCKDOUYIN_URL is the server itself; commands in other terminals find it by themselves. The
    exit code is the command's.
    """
    from mockdouyin.delivery import checked_host
    from mockdouyin.intercept.child_process import ChildProcess, CommandError

    webhook_hosts = tuple(map(checked_host, allowed))
    if report is not None:
        _can_be_written(report)
    child = ChildProcess(command)  # before this process has a second thread
    try:
        from mockdouyin.intercept.private_server import PrivateServer

        private = PrivateServer(
            plan.sandbox(),
            port=port,
            offline=offline,
            hosts=hosts,
            allow_real=allow_real,
            webhook_hosts=webhook_hosts,
        )
        return _watch(child, private, Told(quiet, verbose, report))
    except CommandError as error:
        complain(str(error))
        return error.code
    finally:
        child.close()


def _can_be_written(report: Path) -> None:
    """Refuse a place where no file can be, before anything runs."""
    there = os.access(report, os.W_OK) if report.exists() else os.access(report.parent, os.W_OK)
    if not there:
        raise MockDouyinError(f"--report {report}: no file can be written there")


def _watch(child: ChildProcess, private: PrivateServer, told: Told) -> int:
    from mockdouyin.intercept.closing_report import ClosingReport

    with private:
        console = _console(private) if told.verbose else None
        with _announced(private, child.command, told):
            private.redirect(child)
            for line in _opening(private):
                told.say(line)
            private.start(child)
            code = child.wait()
    if console is not None:
        console.flush()
    # The server has stopped: what was under way is in the journal now.
    ending = ClosingReport(private.server.sandbox, private.proxy)
    for line in ending.lines():
        told.say(line)
    if told.report is not None and not told.keep(told.report, ending.report(child.command, code)):
        return code or 2
    return code


def _console(private: PrivateServer) -> Console:
    from mockdouyin.cli._console import Console

    return Console(private.server.sandbox, private.server.loop, err=True)


@contextmanager
def _announced(private: PrivateServer, command: list[str], told: Told) -> Iterator[None]:
    """Let other terminals find the run; one that they cannot find runs all the same."""
    from mockdouyin.intercept.runs import Run, announce

    run = Run(private.server.url, private.token, os.getpid(), command)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(announce(run))
        except MockDouyinError as error:
            told.say(str(error))
        yield


def _opening(private: PrivateServer) -> Iterator[str]:
    """Tell in three lines where the server is, who is there, and how the command is led there."""
    from mockdouyin.cli._console import app_rows

    _, *rows = app_rows(private.server.sandbox.default)
    url = private.server.url
    yield f"{url} is Douyin for this command; commands in other terminals find it"
    yield "; ".join(f"{name} {key} {secret}" for name, key, secret in rows)
    yield private.summary
