"""`deliveries`: list the webhooks of a world, each with its attempts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Remote, command, names_of_apps, with_remote
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, printable, show_json, table, wants_colour
from mockdouyin.cli._texts import say

_COLOURS = {"delivered": "green", "failed": "red"}
_MAX_BODY = 100_000
"""Characters of a body that are printed, at most."""


@command(
    zh="列出 webhook 和支付回调，以及每次投递的结果。\n\n"
    "最新的在最后。每次投递写明响应、用时，以及没有送达的原因。时间是虚拟时间。原"
    "样重放：POST …/deliveries/ID/replay。",
    en="List webhooks and payment callbacks, with their attempts.\n\n"
    "The newest is last. An attempt says what came back, how long that took, and"
    " why it does not count as delivered. Times are the world's. To send one"
    " again: POST …/deliveries/ID/replay.",
    example="mockdouyin deliveries --failed --person 小红",
)
@option("--event", metavar="E", default="", zh="只看这个事件。", en="Show only this event.")
@option(
    "--person",
    metavar="NAME",
    default="",
    zh="只看这个用户引发的（用户名或 open_id）。",
    en="Show only what this person caused (a name or open_id).",
)
@option(
    "--app",
    metavar="KEY",
    default="",
    zh="只看这个应用的（key 或名称）。",
    en="Show only this app's (a key or name).",
)
@option(
    "--failed",
    is_flag=True,
    zh="只看最近一次没有被接受的，不论还会不会重试。",
    en="Show only what was not accepted at its latest attempt, whether it is retried or not.",
)
@option(
    "--bodies",
    is_flag=True,
    zh="同时输出请求头、body 和响应。",
    en="Also print headers, bodies and answers.",
)
@option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    zh="最多显示几条。",
    en="Show at most this many.",
)
@as_json_option
@with_remote
def deliveries(
    remote: Remote, *, failed: bool, bodies: bool, limit: int, as_json: bool, **given: str
) -> None:
    """List webhooks and payment callbacks, with their attempts."""
    query = {**given, "failed": str(failed).lower(), "limit": str(limit)}
    answer = remote.operation("list_deliveries", query=query)
    if as_json:
        show_json(answer)
        return
    found = answer["deliveries"]
    if not found:
        template = _texts.NO_MATCHING_DELIVERIES if answer["total"] else _texts.NO_DELIVERIES
        parameters = {"total": answer["total"]} if answer["total"] else {}
        click.echo(say(template, world=remote.world, **parameters), err=True)
        return
    for line in delivery_lines(found, names_of_apps(remote), bodies=bodies):
        click.echo(line)
    if answer["more"]:
        click.echo(say(_texts.EARLIER_DELIVERIES, limit=limit), err=True)


def delivery_lines(
    found: list[dict[str, Any]], app_names: dict[str, str], *, bodies: bool
) -> Iterator[str]:
    """Yield a line for each delivery, and below it one for each attempt."""
    colour = wants_colour()
    heads = table([_head(each, app_names) for each in found])
    attempts = iter(table([_attempt(one) for each in found for one in each["attempts"]], "  "))
    for head, delivery in zip(heads, found, strict=True):
        yield _coloured(head, delivery) if colour else head
        if bodies:
            for name, value in delivery["headers"].items():
                yield f"    {printable(name)}: {printable(value, _MAX_BODY)}"
            yield f"    {printable(delivery['body'], _MAX_BODY)}"
        for attempt in delivery["attempts"]:
            yield next(attempts)
            if bodies and attempt["body"]:
                yield f"    {printable(attempt['body'], _MAX_BODY)}"


def _head(delivery: dict[str, Any], app_names: dict[str, str]) -> tuple[str, ...]:
    app = delivery["app"]
    cells = (delivery["id"], delivery["event"], app_names.get(app, app), delivery["person"])
    return (*map(printable, cells), printable(delivery["url"]), _state(delivery))


def _state(delivery: dict[str, Any]) -> str:
    if delivery["next_try"] is None:
        return say(_texts.STATES[delivery["state"]])
    template = _texts.TO_BE_RETRIED if delivery["attempts"] else _texts.FIRST_TRY
    return say(template, time=_time(delivery["next_try"]))


def _coloured(head: str, delivery: dict[str, Any]) -> str:
    """Colour the state, which is the last cell of a line."""
    state = _state(delivery)
    return head.removesuffix(state) + click.style(
        state, fg=_COLOURS.get(delivery["state"], "yellow")
    )


def _attempt(attempt: dict[str, Any]) -> tuple[str, ...]:
    status, problem = attempt["status"], attempt["problem"]
    if status is None:
        answer, says = say(_texts.NO_ANSWER), problem
    else:
        answer = f"HTTP {status}"
        says = say(_texts.NOT_ACCEPTED, problem=problem) if problem else say(_texts.ACCEPTED)
    return _time(attempt["time"]), answer, f"{attempt['took_ms']} ms", printable(says)


def _time(iso: str) -> str:
    """Return a time of the control API as people write it, to the second."""
    return iso[:19].replace("T", " ") + "+08"
