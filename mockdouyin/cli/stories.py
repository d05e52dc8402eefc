"""`stories`: what belongs together, such as a login from the phone to the last call."""

from __future__ import annotations

from itertools import groupby
from typing import Any
from urllib.parse import unquote

import click

from mockdouyin.cli._commands import Remote, command, names_of_apps, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, printable, show_json, table, wants_colour
from mockdouyin.cli._texts import FIRST_TRY, MORE_STEPS, NO_STORY, STATES, TO_BE_RETRIED, say

_COLOURS = {"ok": "green", "delivered": "green", "waiting": "cyan", "refused": "yellow"}
_MAX_WHY = 400

_NUMBERED_BY_THEIR_BACKEND = ("order", "withdrawal")
"""Kinds of stories that end in a number by which their backend knows them."""


@command(
    zh="列出流程：每次登录、授权、支付、分享，从头到尾的每一步。\n\n"
    "写 ID 时只看一个：流程的 id、投递的 id，或任意一件事的编号（#12）。最新的在"
    "最后。",
    en="List what belongs together: each login, consent, share, …\n\n"
    "Each story has its steps. With the ID of a story, of a delivery, or the"
    " number of anything that happened (#12), it shows that story alone. The"
    " newest is last.",
    example="mockdouyin stories --person 小明 --kind login",
)
@click.argument("id", required=False)
@option(
    "--person",
    metavar="P",
    default="",
    zh="只看这个用户的（用户名或 open_id）。",
    en="Show only those of this person.",
)
@option(
    "--app",
    metavar="A",
    default="",
    zh="只看这个应用的（名称或 key）。",
    en="Show only those of this app (a name or key).",
)
@option(
    "--kind",
    metavar="K",
    default="",
    zh="只看这一类：login、consent、share 等。",
    en="Show only this kind: login, consent, share, …",
)
@option(
    "--since",
    metavar="T",
    default="",
    zh="只看在此之后有动静的：时间、5m（五分钟前）或编号。",
    en="Show only those in which something happened since: a time, 5m for five"
    " minutes ago, or a number.",
)
@option(
    "--limit",
    metavar="N",
    type=click.IntRange(1, 200),
    default=20,
    show_default=True,
    zh="最多显示几条。",
    en="Show at most this many.",
)
@as_json_option
@with_remote
def stories(
    remote: Remote,
    *,
    id: str | None,
    person: str,
    app: str,
    kind: str,
    since: str,
    limit: int,
    as_json: bool,
) -> None:
    """List what belongs together: each login, consent, share, …"""
    if id is not None:
        answer = remote.operation("story", path={"id": id.removeprefix("#")})
        found = [answer]
    else:
        query = {"person": person, "app": app, "kind": kind, "limit": str(limit)}
        query["since" if since.isdigit() else "from"] = since
        answer = remote.operation("stories", query=query)
        found = answer["stories"]
    if as_json:
        show_json(answer)
        return
    names = names_of_apps(remote)
    for number, story in enumerate(found):
        if number:
            click.echo()
        for line in story_lines(story, names, wants_colour()):
            click.echo(line)
    if not found:
        click.echo(say(NO_STORY, world=remote.world), err=True)


def story_lines(story: dict[str, Any], names: dict[str, str], colour: bool) -> list[str]:
    """Return a line that says what a story is, and one for each of its steps."""
    title = f"{story['kind']} {story['number'] or _own_number(story)}".rstrip()
    times = [story["started"][11:19], story["ended"][11:19]]
    if story["started"][:10] != story["ended"][:10]:
        times = [story[name][:19].replace("T", " ") for name in ("started", "ended")]
    parts = [
        click.style(title, bold=True) if colour else title,
        printable(story["person"]),
        printable(names.get(story["app"], story["app"])),
        _coloured(story["verdict"], colour),
        "–".join(dict.fromkeys(times)),
    ]
    steps = table([_row(step, colour) for step in story["steps"]], indent="  ")
    if story["more_steps"]:
        steps.insert(_gap(story["steps"]), f"  {say(MORE_STEPS, count=story['more_steps'])}")
    return ["  ".join(part for part in parts if part), *steps]


def _own_number(story: dict[str, Any]) -> str:
    """Return a backend's own number of what a story is about, such as its out_order_no."""
    is_numbered = story["kind"] in _NUMBERED_BY_THEIR_BACKEND
    return printable(unquote(story["id"].rpartition(":")[2])) if is_numbered else ""


def _gap(steps: list[dict[str, Any]]) -> int:
    """Return where steps are left out: after the first ones."""
    from mockdouyin.sandbox.stories import FIRST_STEPS

    return min(FIRST_STEPS, len(steps))


def _row(step: dict[str, Any], colour: bool) -> tuple[str, str, str]:
    what = {"act": _act, "exchange": _exchange, "delivery": _delivery}[step["kind"]](step, colour)
    mark = "→" if step["kind"] == "delivery" else f"#{step['id']}"
    return mark, step["time"][11:19], what


def _act(step: dict[str, Any], colour: bool) -> str:
    refused = f"  {_coloured('refused', colour)}" if step["verdict"] != "ok" else ""
    return printable(step["says"]) + refused + _why(step)


def _exchange(step: dict[str, Any], colour: bool) -> str:
    verdict = _coloured(step["verdict"], colour)
    if "code" in step:
        verdict += f" {step['code']} {step['error']}"
    elif "fault" in step:
        verdict += f" {step['fault']}"
    elif step["status"] != 200:
        verdict += f" HTTP {step['status']}"
    name = step.get("endpoint") or f"{step['method']} {printable(step['path'])}"
    times = f"  ×{step['times']} (to #{step['last']})" if "times" in step else ""
    return f"{name}  {verdict}{times}{_why(step)}"


def _why(step: dict[str, Any]) -> str:
    return f": {printable(step['why'], _MAX_WHY)}" if step.get("why") else ""


def _delivery(step: dict[str, Any], colour: bool) -> str:
    answers = [each["error"] or f"HTTP {each['status']}" for each in step["attempts"]]
    runs = ((answer, len(list(equal))) for answer, equal in groupby(answers))
    tries = [printable(answer) + (f" ×{count}" if count > 1 else "") for answer, count in runs]
    parts = [
        f"{step['event']} → {printable(step['url'])}",
        _coloured(step["state"], colour, _state(step)),
        ", ".join(tries),
        f"({step['id']})",
    ]
    return "  ".join(part for part in parts if part)


def _state(step: dict[str, Any]) -> str:
    if not step["next_try"]:
        return say(STATES[step["state"]])
    template = TO_BE_RETRIED if step["attempts"] else FIRST_TRY
    return say(template, time=step["next_try"][11:19])


def _coloured(word: str, colour: bool, shown: str = "") -> str:
    shown = shown or word
    return click.style(shown, fg=_COLOURS.get(word, "red")) if colour else shown
