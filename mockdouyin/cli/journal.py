"""`journal`: list what happened in a world, or follow it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Remote, command, with_remote
from mockdouyin.cli._error_texts import NO_ENDPOINT
from mockdouyin.cli._following import followed
from mockdouyin.cli._help import option
from mockdouyin.cli._output import as_json_option, json_text, show_json, wants_colour
from mockdouyin.cli._row_lines import row_line
from mockdouyin.cli._texts import say
from mockdouyin.cli._whole_lines import reply_lines, request_lines, value_lines
from mockdouyin.control import plain
from mockdouyin.control._shown import typed
from mockdouyin.control.rows import MAX_ROWS, RowShown
from mockdouyin.core.errors import NotFoundError, meant
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.unserved_paths import find_meant_name


@command(
    zh="列出发生过的事：请求和响应、用户操作、webhook 等。\n\n"
    "最新的在最后；`show ID` 查看其中一条的全部内容。--follow 加 --json 时，每条"
    "输出一行 JSON。",
    en="List what happened: requests, what people did, webhooks.\n\n"
    "The newest is last; `show ID` opens one. With --follow and --json, each is"
    " one line of JSON.",
    example="mockdouyin journal --person 小红 --since 5m --error",
)
@option(
    "--follow",
    is_flag=True,
    zh="持续输出新发生的内容，Ctrl-C 结束。",
    en="Print what happens as it happens; Ctrl-C ends it.",
)
@option(
    "--person",
    metavar="P",
    default="",
    zh="只看这个用户的（用户名或 open_id）。",
    en="Show only this person's (a name or open_id).",
)
@option(
    "--since",
    metavar="T",
    default="",
    zh="只看这个编号（12）之后的，或从某个时间起的：2026-11-20T12:00，或 5m（世界时"
    "间的最近五分钟）。",
    en="Show only what came after this id (12), or since a time: 2026-11-20T12:00,"
    " or 5m for the last five minutes by the world's clock.",
)
@option("--error", is_flag=True, zh="只看出错的。", en="Show only what is not ok.")
@option(
    "--endpoint",
    metavar="E",
    default="",
    zh="只看这个接口的（名称或路径）。",
    en="Show only this endpoint (a name or path).",
)
@option(
    "--bodies",
    is_flag=True,
    zh="每行下面输出请求和响应的内容。",
    en="Print what was sent and answered below each line.",
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
@option(
    "--reveal",
    is_flag=True,
    zh="配合 --bodies 或 --json：密钥和手机号不打码。",
    en="With --bodies or --json: do not mask secrets and phone numbers.",
)
@as_json_option
@with_remote
def journal(
    remote: Remote,
    *,
    follow: bool,
    bodies: bool,
    limit: int,
    reveal: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """List what happened: requests, what people did, webhooks."""
    _check(remote, given["endpoint"])
    if follow:
        rows = _from_then_on(remote, given, limit)
        _follow(remote, rows, bodies=bodies, reveal=reveal, as_json=as_json)
        return
    page = _read(remote, _query(**given), limit)
    if as_json:
        show_json(_with_wholes(remote, page, reveal=reveal, acts=bodies))
        return
    _print(remote, page, bodies=bodies, reveal=reveal)
    if not page["rows"]:
        template = _texts.NOTHING_MATCHES if page["total"] else _texts.NOTHING_HAPPENED
        click.echo(say(template, world=remote.world), err=True)
    elif page["more"]:
        click.echo(say(_texts.EARLIER_ROWS, limit=limit), err=True)


def _query(*, endpoint: str, person: str, since: str, error: bool) -> dict[str, str]:
    """Return the filters as the list of rows takes them."""
    number = _number(since)
    begin = {"from": since} if number is None else {"since": str(number)}
    return {"endpoint": endpoint, "person": person, "error": str(error).lower(), **begin}


def _number(since: str) -> int | None:
    """Return the id that --since names; None if it is a time."""
    digits = since.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _read(remote: Remote, query: dict[str, str], limit: int) -> dict[str, Any]:
    """Return the newest rows, however many pages they are, and what is known of the journal."""
    page = remote.operation("rows", query={**query, "limit": str(min(limit, MAX_ROWS))})
    found, total = page["rows"], page["total"]
    while page["more"] and len(found) < limit:
        more = {"before": str(found[0]["id"]), "limit": str(min(limit - len(found), MAX_ROWS))}
        page = remote.operation("rows", query={**query, **more})
        found = page["rows"] + found
    return {**page, "rows": found, "total": total}


def _print(remote: Remote, page: dict[str, Any], *, bodies: bool, reveal: bool) -> None:
    colour = wants_colour()
    if page["rows"] and remote.operation("clock")["moved"]:
        click.echo(say(_texts.CLOCK_MOVED), err=True)
    for row in page["rows"]:
        click.echo(row_line(typed(row, RowShown), remote.world, colour=colour))
        if bodies:
            for line in _body_lines(remote, row, reveal=reveal):
                click.echo(line)


def _body_lines(remote: Remote, row: dict[str, Any], *, reveal: bool) -> Iterator[str]:
    whole = _whole(remote, row, reveal=reveal)
    if whole is None:
        return
    if row["type"] == "exchange":
        yield from request_lines(whole)
        yield from reply_lines(whole)
    else:
        yield from value_lines(whole)


def _whole(remote: Remote, row: dict[str, Any], *, reveal: bool) -> dict[str, Any] | None:
    """Return an entry whole; None if the journal dropped it since its row was read."""
    from mockdouyin.control.http_client import OperationRefusedError

    name = "open_exchange" if row["type"] == "exchange" else "open_act"
    path = {"id": str(row["id"]), "act": str(row["id"])}
    try:
        return remote.operation(name, path=path, query={"reveal": str(reveal).lower()})
    except OperationRefusedError as error:
        if error.status == 404:
            return None
        raise


def _with_wholes(
    remote: Remote, page: dict[str, Any], *, reveal: bool, acts: bool
) -> dict[str, Any]:
    """Return a page with the exchanges among its rows whole, and on request the acts."""
    rows = page["rows"]
    wholes = {"exchanges": [row for row in rows if row["type"] == "exchange"]}
    if acts:
        wholes["acts"] = [row for row in rows if row["type"] != "exchange"]
    opened = {
        name: [_whole(remote, row, reveal=reveal) for row in some] for name, some in wholes.items()
    }
    return {**page, **{name: [*filter(None, some)] for name, some in opened.items()}}


def _check(remote: Remote, endpoint: str) -> None:
    """Refuse the name of an endpoint that does not exist, rather than wait for it forever."""
    if not endpoint or endpoint.startswith("/"):
        return
    known = {family.name + ".*" for family in CATALOGUE.families}
    for each in CATALOGUE:
        known |= {each.full_name, each.name}
    if endpoint in known:
        return
    # The world's scenario may declare it.
    names = {each["name"] for each in remote.operation("world_endpoints")["endpoints"]}
    known |= names | {f"{name.partition('.')[0]}.*" for name in names}
    if endpoint not in known:
        near = find_meant_name(endpoint, sorted(known))
        raise NotFoundError(NO_ENDPOINT(endpoint=endpoint, hint=meant(near)))


def _from_then_on(remote: Remote, given: dict[str, Any], limit: int) -> Iterator[RowShown]:
    """Yield the rows since a moment, if one is given, and whatever happens from then on."""
    since: int | None = None
    if given["since"]:
        page = _read(remote, _query(**given), limit)
        since = page["total"]
        yield from (typed(row, RowShown) for row in page["rows"])
    for row in followed(remote, given["endpoint"], given["person"], since):
        if not given["error"] or row.verdict != "ok":
            yield row


def _follow(
    remote: Remote, rows: Iterator[RowShown], *, bodies: bool, reveal: bool, as_json: bool
) -> None:
    """Print rows as they come; with bodies, each exchange and act whole."""
    colour = wants_colour()
    for row in rows:
        if as_json:
            shown = plain(row)
            whole = _whole(remote, shown, reveal=reveal) if bodies else None
            click.echo(json_text(whole or shown))  # the row alone if it was dropped meanwhile
            continue
        click.echo(row_line(row, remote.world, colour=colour))
        for line in _body_lines(remote, plain(row), reveal=reveal) if bodies else ():
            click.echo(line)
