"""`check-webhook`: examine a webhook's receiver."""

from __future__ import annotations

from pathlib import Path

import click

from mockdouyin.cli._commands import Command
from mockdouyin.cli._options import Finite, allow_host
from mockdouyin.core.errors import MockDouyinError


@click.command(
    "check-webhook",
    cls=Command,
    example="mockdouyin check-webhook http://127.0.0.1:9000/hook --secret …",
)
@click.argument("url")
@click.option(
    "--kind",
    metavar="KIND",
    default="app",
    show_default=True,
    help="What the receiver is for: `app`, events of an app's webhook, or `ecpay`, callbacks of"
    " guaranteed payment.",
)
@click.option(
    "--secret",
    metavar="S",
    help="app: the secret that the receiver checks signatures with: its client_secret, or a"
    " mini-app's webhook secret.",
)
@click.option(
    "--token",
    metavar="T",
    help="ecpay: the Token of the payment settings, which signs callbacks (it is not the SALT).",
)
@click.option(
    "--client-key",
    "--app-id",
    metavar="K",
    help="The app that the messages name.  [default: the demo app of that kind]",
)
@click.option(
    "--order",
    metavar="OUT_ORDER_NO",
    help="ecpay: an order that the receiver has and that waits to be paid; it will count as paid.",
)
@click.option(
    "--amount",
    metavar="FEN",
    type=click.IntRange(1),
    help="ecpay: what that order costs, in fen (0.01 yuan).",
)
@click.option("--order-id", metavar="ID", help="ecpay: the platform's number of that order.")
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
    kind: str,
    names: tuple[str, ...],
    junit: Path | None,
    allowed: tuple[str, ...],
    timeout: float,
    **options: str | int | None,
) -> int:
    """Examine the receiver of a webhook or of callbacks as an unfriendly platform would.

    It posts messages with right and wrong signatures, and prints for each what was sent, what came
    back and what that means. The exit code is 1 if a probe fails. No running
    server is needed. The receiver acts on what it accepts: do not examine one that is in use.
    """
    from mockdouyin.cli._examination import Examination, run

    if junit is not None and not junit.parent.is_dir():
        raise MockDouyinError(f"--junit {junit}: there is no such folder")
    return run(Examination(url, kind, options, names, allowed, timeout), junit)
