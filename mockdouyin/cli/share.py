"""`share`: build an H5 share link, check one, or open it in the Douyin app."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Command, Commands, Remote, with_remote
from mockdouyin.cli._output import as_json_option, printable, show_json, table
from mockdouyin.cli._texts import heading, say


@click.group(cls=Commands, example="mockdouyin share build --video https://app.example.test/a.mp4")
def share() -> None:
    """Build, check or publish an H5 share link."""


@share.command(
    cls=Command, example="mockdouyin share build --image https://app.example.test/a.jpg"
)
@click.option("--app", metavar="KEY", help="The app.  [default: the web app]")
@click.option("--image", "image_path", metavar="URL", help="Share one picture.")
@click.option(
    "--images",
    "image_list_path",
    metavar="URL",
    multiple=True,
    help="A picture of an album; repeat it for each.",
)
@click.option("--video", "video_path", metavar="URL", help="Share one video.")
@click.option("--title", metavar="TEXT", help="The title.")
@click.option(
    "--hashtag", "hashtag_list", metavar="TEXT", multiple=True, help="A hashtag; may be repeated."
)
@click.option("--state", metavar="ID", help="Your own share id.  [default: a new one]")
@as_json_option
@with_remote
def build(remote: Remote, *, as_json: bool, **given: Any) -> None:
    """Print a link that the Douyin app accepts, with a new open ticket and each value encoded."""
    body = {name: value for name, value in given.items() if value}
    for name in ("image_list_path", "hashtag_list"):
        if name in body:
            body[name] = list(body[name])
    answer = remote.operation("build_share", body=body)
    if as_json:
        show_json(answer)
    else:
        click.echo(answer["schema"])


@share.command(
    cls=Command, example="mockdouyin share verify 'snssdk1128://openplatform/share?share_type=h5…'"
)
@click.argument("schema")
@as_json_option
@with_remote
def verify(remote: Remote, *, schema: str, as_json: bool) -> int:
    """Check a link part by part; exit code 1 if the Douyin app would not accept it."""
    verdict = remote.operation("verify_share", body={"schema": schema})
    if as_json:
        show_json(verdict)
    elif verdict["ok"]:
        click.echo(say(_texts.LINK_ACCEPTED))
    for problem in () if as_json else verdict["problems"]:
        _print(problem["part"], problem)
    for warning in () if as_json else verdict["warnings"]:
        _print(say(_texts.WARNING, part=warning["part"]), warning)
    return 0 if verdict["ok"] else 1


def _print(head: str, problem: dict[str, str]) -> None:
    click.echo(f"{head}: {printable(problem['why'])}")
    seen = printable(problem["seen"]) or say(_texts.NOTHING_SEEN)
    rows = [(heading("seen"), seen), (heading("expected"), printable(problem["expected"]))]
    click.echo("\n".join(table(rows, "  ")))


@share.command(
    cls=Command,
    example="mockdouyin share publish 'snssdk1128://openplatform/share?share_type=h5…'",
)
@click.argument("schema")
@click.option("--person", metavar="NAME", help="Who publishes.  [default: the first person]")
@with_remote
def publish(remote: Remote, *, schema: str, person: str | None) -> None:
    """Open a link in the Douyin app and publish: the video is listed, create_video is sent."""
    show_json(remote.operation("publish_share", body={"schema": schema, "person": person}))
