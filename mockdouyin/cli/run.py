"""`run`: run a command whose requests to Douyin go to a private server, without changing it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mockdouyin.cli._commands import Command, print_error
from mockdouyin.cli._options import PORT, allow_host, with_sandbox_options
from mockdouyin.cli._output import printable
from mockdouyin.core.errors import MockDouyinError

if TYPE_CHECKING:
    from mockdouyin.cli._console import Console
    from mockdouyin.cli._sandbox_options import SandboxOptions
    from mockdouyin.intercept.child_process import ChildProcess
    from mockdouyin.intercept.private_server import PrivateServer


_MAX_LINE = 1000
"""Characters of a line, at most: it may quote what a client sent."""


class RunOutput(NamedTuple):
    """What is printed about a run, and where its report goes."""

    quiet: bool
    verbose: bool
    report: Path | None

    def write(self, text: str) -> None:
        """Print a line on stderr, except with --quiet."""
        if not self.quiet:
            print_error(printable(text, _MAX_LINE))

    def save(self, file: Path, report: str) -> bool:
        """Write the report; return whether that worked."""
        try:
            file.write_text(report, "utf-8")
        except OSError as error:
            print_error(f"--report {file}: {error.strerror or error}")
            return False
        self.write(f"{file} has the journal and the findings")
        return True


@click.command(
    cls=Command,
    example="mockdouyin run -- node server.js",
    context_settings={"allow_interspersed_args": False},
)
@with_sandbox_options
@allow_host
@click.option(
    "--port",
    type=PORT,
    metavar="N",
    default=0,
    help="The port of the private server.  [default: a free port]",
)
@click.option("--offline", is_flag=True, help="Block connections to all other hosts.")
@click.option(
    "--hosts/--no-hosts",
    default=True,
    help="On Linux, also give the command a hosts file of its own, for clients that ignore"
    " proxies. With --no-hosts those reach the real Douyin, so --allow-real is needed.",
)
@click.option(
    "--allow-real",
    is_flag=True,
    help="Start the command even if clients that ignore proxies would reach the real Douyin.",
)
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the journal and the findings to a file at the end, as JSON with secrets masked.",
)
@click.option("--verbose", is_flag=True, help="Print one line for each request on stderr.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.argument("command", metavar="CMD…", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    *,
    sandbox_options: SandboxOptions,
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

    Only the command and its children are led there: by proxy settings and certificates in their
    environment, by a hook in Node, and on Linux by a hosts file of their own. A client that
    cannot be led there gets no connection; where that cannot be ensured, the command is not
    started. MOCKDOUYIN_URL is the server's own URL; mockdouyin's commands in other terminals find
    it by themselves. The exit code is the command's.
    """
    from mockdouyin.delivery import checked_host
    from mockdouyin.intercept.child_process import ChildProcess, CommandError

    sandbox_options = sandbox_options._replace(webhook_hosts=tuple(map(checked_host, allowed)))
    if report is not None:
        _check_writable(report)
    child = ChildProcess(command)  # forks, so it comes before this process has a second thread
    try:
        from mockdouyin.intercept.private_server import PrivateServer

        private = PrivateServer(
            sandbox_options.make_sandbox(),
            port=port,
            offline=offline,
            hosts=hosts,
            allow_real=allow_real,
        )
        return _run_child(child, private, RunOutput(quiet, verbose, report))
    except CommandError as error:
        print_error(str(error))
        return error.code
    finally:
        child.close()


def _check_writable(report: Path) -> None:
    """Refuse a report that cannot be written, before anything runs."""
    place = report if report.exists() else report.parent
    if not os.access(place, os.W_OK):
        raise MockDouyinError(f"--report {report}: no file can be written there")


def _run_child(child: ChildProcess, private: PrivateServer, output: RunOutput) -> int:
    from mockdouyin.intercept.closing_report import ClosingReport

    with private:
        console = _console(private) if output.verbose else None
        with _announced(private, child.command, output):
            private.redirect(child)
            for line in _opening_lines(private):
                output.write(line)
            private.start(child)
            code = child.wait()
    if console is not None:
        console.flush()
    # The server has stopped, so requests that were still under way are in the journal now.
    ending = ClosingReport(private.server.sandbox, private.proxy)
    for line in ending.lines():
        output.write(line)
    if output.report is not None:
        is_saved = output.save(output.report, ending.report(child.command, code))
        return code if is_saved else code or 2
    return code


def _console(private: PrivateServer) -> Console:
    from mockdouyin.cli._console import Console

    return Console(private.server.sandbox, private.server.loop, err=True)


@contextmanager
def _announced(private: PrivateServer, command: list[str], output: RunOutput) -> Iterator[None]:
    """Announce the run to other terminals; if that fails, print why and run all the same."""
    from mockdouyin.intercept.runs import Run, announce

    run = Run(private.server.url, private.token, os.getpid(), command)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(announce(run))
        except MockDouyinError as error:
            output.write(str(error))
        yield


def _opening_lines(private: PrivateServer) -> Iterator[str]:
    """Yield three lines: the server's URL, its apps, and how the command is led to it."""
    from mockdouyin.cli._console import app_rows

    _, *rows = app_rows(private.server.sandbox.default)
    url = private.server.url
    yield f"{url} is Douyin for this command; commands in other terminals find it"
    yield "; ".join(f"{name} {key} {secret}" for name, key, secret in rows)
    yield private.summary
