"""`clock` and `reset`: move a world's time, or begin it anew."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Commands, Remote, command, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import (
    as_json_option,
    printable,
    show_json,
    table,
)
from mockdouyin.cli._texts import say
from mockdouyin.core.clock import format_duration


@click.group(
    cls=Commands,
    invoke_without_command=True,
    zh="查看或调整虚拟时间。",
    en="Show or move a world's time.",
    example="mockdouyin clock",
)
@with_remote
def clock(remote: Remote) -> None:
    """Show or move a world's time."""
    _show_time(remote.operation("clock"))


def _show_time(answer: dict[str, Any]) -> None:
    state = say(_texts.CLOCK_FROZEN if answer["frozen"] else _texts.CLOCK_RUNS)
    moved = [say(_texts.CLOCK_BACK)] if answer["moved"] else []
    click.echo("  ".join([answer["now"], state, *moved]))


@clock.command(
    "show",
    zh="显示虚拟时间（北京时间）。",
    en="Print the world's time, in Beijing's time zone.",
    example="mockdouyin clock show --json",
)
@as_json_option
@with_remote
def show_clock(remote: Remote, *, as_json: bool) -> None:
    """Print the world's time, in Beijing's time zone."""
    answer = remote.operation("clock")
    if as_json:
        show_json(answer)
    else:
        _show_time(answer)


@clock.command(
    "advance",
    context_settings={"ignore_unknown_options": True},
    zh="把时间拨快。\n\n"
    "BY 是时长，如 90s、5m、2h1m 或 15d。code 和 token 会相应过期，期间该发生的事"
    "都会发生，第二行说明有哪些。",
    en="Move the time ahead.\n\n"
    "BY is a duration such as 90s, 5m, 2h1m or 15d. Codes and tokens expire"
    " accordingly, and what falls due on the way is done: the second line tells"
    " what that was.",
    example="mockdouyin clock advance 2h1m",
)
@click.argument("by")
@with_remote
def advance(remote: Remote, *, by: str) -> None:
    """Move the time ahead."""
    answer = remote.operation("advance_clock", body={"by": by})
    _show_time(answer)
    click.echo(printable(answer["ran"]["says"], 2000))


@clock.command(
    "due",
    zh="列出按虚拟时间接下来会发生的事，最近的在前。\n\n"
    "包括：code、token 和 ticket 过期，webhook 发送或重试，场景里的事件，带 ttl"
    " 的规则失效。",
    en="Print what falls due next by the world's clock.\n\n"
    "The soonest is first: codes, tokens and tickets that expire, webhooks that"
    " are sent or retried, events of the scenario, and rules with a ttl.",
    example="mockdouyin clock due --limit 50",
)
@option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    metavar="N",
    zh="最多显示几条。",
    en="Show at most this many.",
)
@as_json_option
@with_remote
def show_due(remote: Remote, *, limit: int, as_json: bool) -> None:
    """Print what falls due next by the world's clock."""
    answer = remote.operation("due", query={"limit": str(limit)})
    if as_json:
        show_json(answer)
        return
    if not answer["due"]:
        click.echo(say(_texts.NOTHING_DUE, world=remote.world))
        return
    rows = [(each["at"], _until(each["in"]), printable(each["says"])) for each in answer["due"]]
    for line in table(rows):
        click.echo(line)
    if answer["more"]:
        click.echo(say(_texts.LATER_DUE, limit=limit), err=True)


def _until(seconds: float) -> str:
    if seconds < 1:
        return say(_texts.DUE_NOW)
    return say(_texts.DUE_IN, duration=format_duration(round(seconds)))


@clock.command(
    "freeze",
    zh="冻结时间。",
    en="Stop the time.",
    example="mockdouyin clock freeze --at 2026-11-20T12:00:00+08:00",
)
@option(
    "--at",
    metavar="MOMENT",
    zh="冻结在哪个时刻，或 `now`。  [默认：now]",
    en="The time to stop at, or `now`.  [default: now]",
)
@with_remote
def freeze(remote: Remote, *, at: str | None) -> None:
    """Stop the time."""
    _show_time(remote.operation("freeze_clock", body={"at": at}))


@clock.command(
    "resume",
    zh="让冻结的时间继续走。",
    en="Let the time run on from where it is.",
    example="mockdouyin clock resume",
)
@with_remote
def resume(remote: Remote) -> None:
    """Let the time run on from where it is."""
    _show_time(remote.operation("resume_clock"))


@clock.command(
    "back",
    zh="回到真实时间。\n\n已签发的内容不变：时钟拨快期间过期的 token 又会有效。",
    en="Return to the real time.\n\n"
    "What was issued stays: a token that expired while the clock was ahead is"
    " valid again.",
    example="mockdouyin clock back",
)
@with_remote
def back(remote: Remote) -> None:
    """Return to the real time."""
    _show_time(remote.operation("return_clock"))


@command(
    zh="把世界重置到最初的状态。\n\n"
    "已签发的内容全部失效，外部添加的规则删除，日志清空，时钟恢复走动。",
    en="Reset a world to its beginning.\n\n"
    "What was issued is gone, rules set from outside are removed, the journal is"
    " empty, and the clock runs.",
    example="mockdouyin reset",
)
@with_remote
def reset(remote: Remote) -> None:
    """Reset a world to its beginning."""
    remote.operation("reset")
    click.echo(say(_texts.WAS_RESET, world=remote.world))
