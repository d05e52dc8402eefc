"""`check-webhook`: examine a webhook's receiver."""

from __future__ import annotations

from pathlib import Path

import click

from mockdouyin.cli._commands import Command
from mockdouyin.cli._options import Finite, allow_host
from mockdouyin.core.apps import demo_apps
from mockdouyin.core.errors import MockDouyinError


@click.command(
    "check-webhook",
    cls=Command,
    example="mockdouyin check-webhook http://127.0.0.1:9000/hook --secret …",
)
@click.argument("url")
@click.option(
    "--secret",
    metavar="S",
    required=True,
    help="The secret that the receiver checks signatures with: its client_secret, or a mini-app's"
    " webhook secret.",
)
@click.option(
    "--client-key",
    metavar="K",
    help="The app that the messages name.  [default: the demo web app]",
)
@click.option(
    "--only", "names", metavar="PROBE", multiple=True, help="Run only this probe; may be repeated."
)
@click.option(
    "--junit",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write the results as JUnit XML, for CI.",
)
@allow_host
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=Finite(0.01, 60),
    default=5.0,
    show_default=True,
    help="How long the receiver may take; Douyin hangs up after 5.",
)
def check_webhook(
    *,
    url: str,
    secret: str,
    client_key: str | None,
    names: tuple[str, ...],
    junit: Path | None,
    allowed: tuple[str, ...],
    timeout: float,
) -> int:
    """Examine a webhook's receiver as an unfriendly platform would.

    It posts challenges and events with right and wrong signatures, and prints for each what was
    sent, what came back and what that means. The exit code is 1 if a probe fails. No running
    server is needed. The receiver acts on what it accepts: do not examine one that is in use.
    """
    from mockdouyin.cli._examination import Examination, run

    if not secret:
        raise MockDouyinError("--secret is empty; every signature would be worthless")
    if junit is not None and not junit.parent.is_dir():
        raise MockDouyinError(f"--junit {junit}: there is no such folder")
    key = demo_apps()["web"].client_key if client_key is None else client_key
    return run(Examination(url, secret, key, names, allowed, timeout), junit)
