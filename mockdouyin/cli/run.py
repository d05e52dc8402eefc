"""`run`: run a command whose requests to Douyin go to a private server, without changing it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from mockdouyin.cli import _greeting_texts as texts
from mockdouyin.cli._commands import command, print_error
from mockdouyin.cli._error_texts import REPORT_UNWRITABLE
from mockdouyin.cli._help import option
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._options import PORT, allow_host, with_sandbox_options
from mockdouyin.cli._output import printable
from mockdouyin.cli._texts import say
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
            print_error(say(texts.RUN_REPORT, file=str(file), error=error.strerror or str(error)))
            return False
        self.write(say(texts.RUN_REPORT_HAS, file=str(file)))
        return True


@command(
    context_settings={"allow_interspersed_args": False},
    zh="运行一条命令，它对抖音域名的请求都发到一个私有服务。\n\n"
    "只影响这条命令和它的子进程：通过环境变量里的代理和证书、Node 的钩子，在"
    " Linux 上还有单独的 hosts 文件。接管不了的客户端连不上任何地方；不能保证这一"
    "点时，不启动命令。MOCKDOUYIN_URL 是私有服务的地址；其他终端里的 mockdouyin"
    " 命令会自动找到它。退出码就是命令的退出码。",
    en="Run a command whose requests to Douyin go to a private server.\n\n"
    "Only the command and its children are led there: by proxy settings and"
    " certificates in their environment, by a hook in Node, and on Linux by a"
    " hosts file of their own. A client that cannot be led there gets no"
    " connection; where that cannot be ensured, the command is not started."
    " MOCKDOUYIN_URL is the server's own URL; mockdouyin's commands in other"
    " terminals find it by themselves. The exit code is the command's.",
    example="mockdouyin run -- node server.js",
)
@with_sandbox_options
@allow_host
@option(
    "--port",
    type=PORT,
    metavar="N",
    default=0,
    zh="私有服务的端口。  [默认：随机空闲端口]",
    en="The port of the private server.  [default: a free port]",
)
@option(
    "--offline",
    is_flag=True,
    zh="禁止连接其他任何主机。",
    en="Block connections to all other hosts.",
)
@option(
    "--hosts/--no-hosts",
    default=True,
    zh="在 Linux 上，另外给命令一份单独的 hosts 文件，照顾不走代理的客户端。用"
    " --no-hosts 时它们会连到真实的抖音，所以还要加 --allow-real。",
    en="On Linux, also give the command a hosts file of its own, for clients that"
    " ignore proxies. With --no-hosts those reach the real Douyin, so"
    " --allow-real is needed.",
)
@option(
    "--allow-real",
    is_flag=True,
    zh="即使不走代理的客户端会连到真实的抖音，也启动命令。",
    en="Start the command even if clients that ignore proxies would reach the real Douyin.",
)
@option(
    "--report",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    zh="结束时把日志和 doctor 发现的问题写成 JSON 文件，密钥打码。",
    en="Write the journal and the findings to a file at the end, as JSON with secrets masked.",
)
@option(
    "--verbose",
    is_flag=True,
    zh="每个请求在 stderr 打印一行。",
    en="Print one line for each request on stderr.",
)
@option("--quiet", is_flag=True, zh="只打印错误。", en="Print errors only.")
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
    """Run a command whose requests to Douyin go to a private server."""
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
        print_error(error.render(chosen_language()))
        return error.code
    finally:
        child.close()


def _check_writable(report: Path) -> None:
    """Refuse a report that cannot be written, before anything runs."""
    place = report if report.exists() else report.parent
    if not os.access(place, os.W_OK):
        raise MockDouyinError(REPORT_UNWRITABLE(path=str(report)))


def _run_child(child: ChildProcess, private: PrivateServer, output: RunOutput) -> int:
    from mockdouyin.intercept.closing_report import ClosingReport

    with private:
        keeps = output.report is not None
        ending = ClosingReport(private.server.sandbox, private.proxy, keeps_journals=keeps)
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
            output.write(error.render(chosen_language()))
        yield


def _opening_lines(private: PrivateServer) -> Iterator[str]:
    """Yield three lines: the server's URL, its apps, and how the command is led to it."""
    from mockdouyin.cli._console import app_rows

    _, *rows = app_rows(private.server.sandbox.default)
    url = private.server.url
    yield say(texts.RUN_IS_DOUYIN, url=url)
    apps = [f"{name} {key} {secret}" for name, key, secret in rows]
    yield say(texts.RUN_APPS, apps=apps)
    yield private.summary.render(chosen_language())
