"""`share`: builds an H5 share link, examines one, or opens it in the Douyin app."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli._commands import Command, Commands, Remote, connected
from mockdouyin.cli._output import as_json_option, printable, show_json


@click.group(cls=Commands, example="mockdouyin share build --video https://app.example.test/a.mp4")
def share() -> None:
    """Build, examine or publish an H5 share link."""


@share.command(
    cls=Command, example="mockdouyin share build --image https://app.example.test/a.jpg"
)
@click.option("--app", metavar="KEY", help="The app.  [default: the web app]")
@click.option("--image", "image_path", metavar="URL", help="One picture.")
@click.option("--images", "image_list_path", metavar="URL", multiple=True, help="Of an album.")
@click.option("--video", "video_path", metavar="URL", help="One video.")
@click.option("--title", metavar="TEXT")
@click.option("--hashtag", "hashtag_list", metavar="TEXT", multiple=True)
@click.option("--state", metavar="ID", help="A share id of one's own.  [default: a new one]")
@as_json_option
@connected
def build(remote: Remote, *, as_json: bool, **given: Any) -> None:
    """Print a link that the Douyin app takes: with a new open ticket, and each value encoded."""
    wanted = {name: value for name, value in given.items() if value}
    for name in ("image_list_path", "hashtag_list"):
        if name in wanted:
            wanted[name] = list(wanted[name])
    made = remote.order("build_share", body=wanted)
    if as_json:
        show_json(made)
    else:
        click.echo(made["schema"])


@share.command(
    cls=Command, example="mockdouyin share verify 'snssdk1128://openplatform/share?share_type=h5…'"
)
@click.argument("schema")
@as_json_option
@connected
def verify(remote: Remote, *, schema: str, as_json: bool) -> int:
    """Examine a link part by part; exit code 1 when the Douyin app would not take it."""
    verdict = remote.order("verify_share", body={"schema": schema})
    if as_json:
        show_json(verdict)
    elif verdict["ok"]:
        click.echo("The Douyin app takes it.")
    for problem in () if as_json else verdict["problems"]:
        _print(problem["part"], problem)
    for warning in () if as_json else verdict["warnings"]:
        _print(f"warning: {warning['part']}", warning)
    return 0 if verdict["ok"] else 1


def _print(head: str, problem: dict[str, str]) -> None:
    click.echo(f"{head}: {printable(problem['why'])}")
    click.echo(f"  seen      {printable(problem['seen']) or '(nothing)'}")
    click.echo(f"  expected  {printable(problem['expected'])}")


@share.command(
    cls=Command,
    example="mockdouyin share publish 'snssdk1128://openplatform/share?share_type=h5…'",
)
@click.argument("schema")
@click.option("--person", metavar="NAME", help="Who publishes.  [default: the first person]")
@connected
def publish(remote: Remote, *, schema: str, person: str | None) -> None:
    """Open a link in the Douyin app and publish: the video is listed, create_video goes out."""
    show_json(remote.order("publish_share", body={"schema": schema, "person": person}))
