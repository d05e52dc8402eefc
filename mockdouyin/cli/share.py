"""`share`: build an H5 share link, check one, or open it in the Douyin app."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Commands, Remote, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, printable, show_json, table
from mockdouyin.cli._texts import heading, say


@click.group(
    cls=Commands,
    zh="生成、检查或发布 H5 分享链接。",
    en="Build, check or publish an H5 share link.",
    example="mockdouyin share build --video https://app.example.test/a.mp4",
)
def share() -> None:
    """Build, check or publish an H5 share link."""


@share.command(
    zh="生成一个抖音 App 接受的链接，带新的 open ticket，各个值都已编码。",
    en="Print a link that the Douyin app accepts.\n\n"
    "It has a new open ticket, and each value is encoded.",
    example="mockdouyin share build --image https://app.example.test/a.jpg",
)
@option(
    "--app",
    metavar="KEY",
    zh="哪个应用。  [默认：网站应用]",
    en="The app.  [default: the web app]",
)
@option("--image", "image_path", metavar="URL", zh="分享一张图片。", en="Share one picture.")
@option(
    "--images",
    "image_list_path",
    metavar="URL",
    multiple=True,
    zh="图集里的一张图片；每张写一次。",
    en="A picture of an album; repeat it for each.",
)
@option("--video", "video_path", metavar="URL", zh="分享一个视频。", en="Share one video.")
@option("--title", metavar="TEXT", zh="标题。", en="The title.")
@option(
    "--hashtag",
    "hashtag_list",
    metavar="TEXT",
    multiple=True,
    zh="话题；可重复。",
    en="A hashtag; may be repeated.",
)
@option(
    "--state",
    metavar="ID",
    zh="自己的 share_id。  [默认：新生成一个]",
    en="Your own share id.  [default: a new one]",
)
@as_json_option
@with_remote
def build(remote: Remote, *, as_json: bool, **given: Any) -> None:
    """Print a link that the Douyin app accepts."""
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
    zh="逐项检查链接；抖音 App 不接受时退出码为 1。",
    en="Check a link part by part.\n\nThe exit code is 1 if the Douyin app would not accept it.",
    example="mockdouyin share verify 'snssdk1128://openplatform/share?share_type=h5…'",
)
@click.argument("schema")
@as_json_option
@with_remote
def verify(remote: Remote, *, schema: str, as_json: bool) -> int:
    """Check a link part by part."""
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
    zh="在抖音 App 打开链接并发布。\n\n视频会出现在列表里，并发送 create_video 事件。",
    en="Open a link in the Douyin app and publish.\n\n"
    "The video is listed, and create_video is sent.",
    example="mockdouyin share publish 'snssdk1128://openplatform/share?share_type=h5…'",
)
@click.argument("schema")
@option(
    "--person",
    metavar="NAME",
    zh="谁来发布。  [默认：第一个用户]",
    en="Who publishes.  [default: the first person]",
)
@with_remote
def publish(remote: Remote, *, schema: str, person: str | None) -> None:
    """Open a link in the Douyin app and publish."""
    show_json(remote.operation("publish_share", body={"schema": schema, "person": person}))
