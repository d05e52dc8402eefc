"""`run`: a command for which Douyin is this machine, with no change in its code or settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from mockdouyin.cli.commands import Command, complain
from mockdouyin.cli.options import planned

if TYPE_CHECKING:
    from mockdouyin.cli.plan import Plan
    from mockdouyin.interception.child import Child


@click.command(
    cls=Command,
    example="mockdouyin run -- node server.js",
    context_settings={"allow_interspersed_args": False},
)
@planned
@click.option("--offline", is_flag=True, help="Let nothing through to any other host.")
@click.option(
    "--hosts/--no-hosts",
    default=True,
    help="On Linux, give the command a hosts file of its own too, for clients that ignore"
    " proxies, where this machine allows it.",
)
@click.option("--verbose", is_flag=True, help="Print one line for each request, to stderr.")
@click.argument("command", metavar="CMD…", nargs=-1, required=True, type=click.UNPROCESSED)
def run(*, plan: Plan, offline: bool, hosts: bool, verbose: bool, command: tuple[str, ...]) -> int:
    """Run a command for which Douyin's host names lead to a private server.

    The command and its children alone are led there: by proxy settings and certificates in their
    environment, by a hook in Node, and on Linux by a hosts file of their own. MOCKDOUYIN_URL is
    the server itself. The exit code is the command's.
    """
    from mockdouyin.interception.child import Child, CommandError

    child = Child(command)  # before this process has a second thread
    try:
        return _watch(child, plan, offline=offline, hosts=hosts, verbose=verbose)
    except CommandError as error:
        complain(str(error))
        return error.code
    finally:
        child.close()


def _watch(child: Child, plan: Plan, *, offline: bool, hosts: bool, verbose: bool) -> int:
    from mockdouyin.cli.console import Console
    from mockdouyin.interception.private import PrivateServer

    with PrivateServer(plan.sandbox(), offline=offline, hosts=hosts) as private:
        console = None
        if verbose:
            console = Console(private.server.sandbox, private.server.loop, err=True)
        private.let_go(child)
        for limit in private.limits:
            complain(limit)
        code = child.wait()
    if console is not None:
        console.flush()
    for line in private.report():
        complain(line)
    return code
