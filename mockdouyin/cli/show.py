"""`show`: one thing that happened, whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mockdouyin.cli._commands import Remote, command, names_of_apps, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, show_json, wants_colour
from mockdouyin.cli._whole_lines import act_lines, exchange_lines
from mockdouyin.cli.deliveries import delivery_lines
from mockdouyin.cli.stories import story_lines


@command(
    zh="查看一件事的全部内容：请求和响应、原因、前因后果。\n\n"
    "ID 是 `journal`、`doctor` 和控制台打印的编号（12 或 #12），或 `deliveries`"
    " 里的 id。LOGID 是响应（请求头 x-tt-logid）或 webhook 的 log id。",
    en="Show one thing that happened in full, with its reason.\n\n"
    "That is what was sent, and what it belongs to. ID is a number that"
    " `journal`, `doctor` and the console print (12 or #12), or the id of one of"
    " the `deliveries`. LOGID is the log id of a reply (its header x-tt-logid) or"
    " of a webhook.",
    example="mockdouyin show 12",
)
@click.argument("what", metavar="ID|LOGID")
@option(
    "--reveal",
    is_flag=True,
    zh="密钥和手机号不打码。",
    en="Do not mask secrets and phone numbers.",
)
@as_json_option
@with_remote
def show(remote: Remote, *, what: str, reveal: bool, as_json: bool) -> None:
    """Show one thing that happened in full, with its reason."""
    answer = _open(remote, what, reveal=reveal)
    if as_json:
        show_json(answer)
        return
    for line in _lines(remote, answer):
        click.echo(line)


def _open(remote: Remote, what: str, *, reveal: bool = False) -> dict[str, Any]:
    query = {"reveal": str(reveal).lower()}
    return remote.operation("open_by_id", path={"id": what}, query=query)


def _lines(remote: Remote, opened: dict[str, Any]) -> Iterator[str]:
    delivery, names = opened.get("delivery"), names_of_apps(remote)
    if "exchange" in opened:
        yield from exchange_lines(opened["exchange"])
    elif "act" in opened:
        act = opened["act"]
        yield from act_lines(act)
        if act["delivery"]:
            yield ""
            delivery = _open(remote, act["delivery"])["delivery"]
    if delivery:
        yield from delivery_lines([delivery], names, bodies=True)
    if opened["story"]:
        yield ""
        yield from story_lines(opened["story"], names, wants_colour())
