"""`clock`, `rule` and `reset`: change the state of a running server."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Command, Commands, Remote, with_remote
from mockdouyin.cli._output import (
    as_json_option,
    compact,
    parse_pairs,
    parse_value,
    printable,
    show_json,
    table,
)
from mockdouyin.cli._texts import say
from mockdouyin.core.clock import format_duration
from mockdouyin.core.errors import MockDouyinError, ScenarioError
from mockdouyin.core.http import Fault


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin clock")
@with_remote
def clock(remote: Remote) -> None:
    """Show or move a world's time."""
    _show_time(remote.operation("clock"))


def _show_time(answer: dict[str, Any]) -> None:
    state = say(_texts.CLOCK_FROZEN if answer["frozen"] else _texts.CLOCK_RUNS)
    moved = [say(_texts.CLOCK_BACK)] if answer["moved"] else []
    click.echo("  ".join([answer["now"], state, *moved]))


@clock.command("show", example="mockdouyin clock show --json")
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
    example="mockdouyin clock advance 2h1m",
    context_settings={"ignore_unknown_options": True},  # -5m reaches the server, which explains
)
@click.argument("by")
@with_remote
def advance(remote: Remote, *, by: str) -> None:
    """Move the time ahead.

    BY is a duration such as 90s, 5m, 2h1m or 15d. Codes and tokens expire accordingly, and what
    falls due on the way is done: the second line tells what that was.
    """
    answer = remote.operation("advance_clock", body={"by": by})
    _show_time(answer)
    click.echo(printable(answer["ran"]["says"], 2000))


@clock.command("due", example="mockdouyin clock due --limit 50")
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    metavar="N",
    help="Print at most so many.",
)
@as_json_option
@with_remote
def show_due(remote: Remote, *, limit: int, as_json: bool) -> None:
    """Print what falls due next by the world's clock, the soonest first.

    Codes, tokens and tickets that expire, webhooks that are sent or retried, events of the
    scenario, and rules with a ttl.
    """
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


@clock.command("freeze", example="mockdouyin clock freeze --at 2026-11-20T12:00:00+08:00")
@click.option("--at", metavar="MOMENT", help="The time to stop at, or `now`.  [default: now]")
@with_remote
def freeze(remote: Remote, *, at: str | None) -> None:
    """Stop the time."""
    _show_time(remote.operation("freeze_clock", body={"at": at}))


@clock.command("resume", example="mockdouyin clock resume")
@with_remote
def resume(remote: Remote) -> None:
    """Let the time run on from where it is."""
    _show_time(remote.operation("resume_clock"))


@clock.command("back", example="mockdouyin clock back")
@with_remote
def back(remote: Remote) -> None:
    """Return to the real time.

    What was issued stays: a token that expired while the clock was ahead is valid again.
    """
    _show_time(remote.operation("return_clock"))


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin rule")
@with_remote
def rule(remote: Remote) -> None:
    """List, add or remove rules."""
    _show_rules(remote.operation("rules", query={"near": "true"})["rules"])


@rule.command("list", example="mockdouyin rule list --json")
@as_json_option
@with_remote
def list_rules(remote: Remote, *, as_json: bool) -> None:
    """List the rules, and how often each was applied.

    The first rule that applies to a request decides, in this order. Below one that was never
    applied stands the call that came closest to it.
    """
    answer = remote.operation("rules", query={"near": "true"})
    if as_json:
        show_json(answer)
    else:
        _show_rules(answer["rules"])


def _show_rules(rules: list[dict[str, Any]]) -> None:
    if not rules:
        click.echo("no rules")
        return
    rows = []
    for rule in rules:
        written = {name: value for name, value in rule.items() if name not in _NOT_WRITTEN}
        text = ", ".join(f"{name}: {compact(value)}" for name, value in written.items())
        counted = f"applied to {rule['hits']} of {rule['seen']}"
        rows.append((rule["id"], counted, f"{printable(text, 2000)}  ({_origin(rule)})"))
    for rule, line in zip(rules, table(rows), strict=True):
        click.echo(line)
        if rule.get("near"):
            click.echo(f"  {printable(rule['closest'], 2000)}")


_NOT_WRITTEN = ("id", "hits", "seen", "set_by", "ends", "expired", "closest", "near")
"""Keys that the server adds to what was written in the rule."""


def _origin(rule: dict[str, Any]) -> str:
    """Return who set a rule, and until when it applies."""
    by = f"by {printable(rule.get('set_by', ''), 60) or 'somebody'}"
    if "ends" not in rule:
        return by
    return f"{by}, expired" if rule["expired"] else f"{by}, until {rule['ends']}"


@rule.command("add", example="mockdouyin rule add '{on: client_token, error: 10003, times: 1}'")
@click.argument("text", metavar="[RULE]", required=False)
@click.option(
    "--on", metavar="ENDPOINT", multiple=True, help="The endpoint it works on; may be repeated."
)
@click.option("--error", metavar="E", help="Answer with this error: its number or name.")
@click.option("--status", metavar="N", type=int, help="Answer with this HTTP status.")
@click.option(
    "--fault",
    type=click.Choice([str(f) for f in Fault]),
    help="Break the connection or the answer in this way.",
)
@click.option("--delay", metavar="D", help="Delay the answer, by 200ms for example.")
@click.option("--times", metavar="N", type=int, help="Apply to this many calls only.")
@click.option("--after", metavar="N", type=int, help="Let this many calls pass first.")
@click.option("--every", metavar="N", type=int, help="Apply to every Nth call.")
@click.option(
    "--chance", metavar="P", type=float, help="Apply with this probability, from 0 to 1."
)
@click.option("--ttl", metavar="D", help="Apply for this long only, 10m for example.")
@click.option(
    "--when",
    metavar="NAME=VALUE",
    multiple=True,
    help="Apply only if this parameter has this value; may be repeated.",
)
@click.option(
    "--patch",
    metavar="PATH=VALUE",
    multiple=True,
    help="Change a field of the answer's JSON; may be repeated.",
)
@as_json_option
@with_remote
def add_rule(remote: Remote, *, text: str | None, as_json: bool, **options: Any) -> None:
    """Add a rule.

    RULE is written as in a scenario, in YAML or JSON. Or leave it out, and use the options.
    """
    given = _from_options(options)
    if (text is None) == (not given):
        raise click.UsageError("write the rule as one argument, or use the options: --on …")
    rule = given if text is None else _parse_rule(text)
    added = remote.operation("add_rule", body={"set_by": "mockdouyin rule add", **rule})
    if as_json:
        show_json(added)
    else:
        _show_rules([added])


def _from_options(options: dict[str, Any]) -> dict[str, Any]:
    rule = {name: value for name, value in options.items() if value not in (None, ())}
    for name in ("when", "patch"):
        if name in rule:
            rule[name] = parse_pairs(rule[name], f"--{name}")
    if len(rule.get("on", ())) == 1:
        rule["on"] = rule["on"][0]
    if "error" in rule and isinstance(number := parse_value(rule["error"]), int):
        rule["error"] = number
    return rule


def _parse_rule(text: str) -> dict[str, Any]:
    from mockdouyin.scenario import yaml_source

    try:
        return yaml_source.read(text, "rule").value
    except ScenarioError as error:
        reason = " ".join(str(error).split()).removeprefix("rule:")
        raise MockDouyinError(
            f"cannot parse the rule ({reason}); write {{on: client_token, error: 10003, times: 1}}"
        ) from None


@rule.command("clear", example="mockdouyin rule clear rule-1")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@with_remote
def clear(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Remove rules: those with these ids, or all of them.

    Without an ID, the scenario's rules are removed too.
    """
    answer = None if ids else remote.operation("clear_rules")
    for each in ids:
        answer = remote.operation("remove_rule", path={"id": each})
    _show_rules(answer["rules"] if answer else [])


@rule.command("off", example="mockdouyin rule off rule-1")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@with_remote
def switch_off(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Switch rules off.

    They match no calls and count none, and keep their places and counts: `rule on` switches them
    on again.
    """
    _switch(remote, ids, off=True)


@rule.command("on", example="mockdouyin rule on rule-1")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@with_remote
def switch_on(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Switch rules on again."""
    _switch(remote, ids, off=False)


def _switch(remote: Remote, ids: tuple[str, ...], *, off: bool) -> None:
    for each in ids:
        remote.operation("switch_rule", path={"id": each}, body={"off": off})
    _show_rules(remote.operation("rules", query={"near": "true"})["rules"])


@rule.command("check", example="mockdouyin rule check '{on: code_to_session, error: 40018}'")
@click.argument("text", metavar="RULE")
@as_json_option
@with_remote
def check_rule(remote: Remote, *, text: str, as_json: bool) -> None:
    """Try a rule against the calls of the past, without setting it.

    RULE is written as in a scenario, in YAML or JSON. Printed is to which of the newest calls it
    would have been applied, and which of the others came closest.
    """
    answer = remote.operation("check_rule", body=_parse_rule(text))
    if as_json:
        show_json(answer)
        return
    held = [each for each in answer["matched"] if each["held_by"] is not None]
    count = {"applied": len(answer["applied"]), "calls": answer["calls"]}
    click.echo(say(_texts.RULE_WOULD_APPLY, **count, ids=_numbers(answer["applied"])))
    if held:
        words = [f"#{each['id']} ({each['held_by']})" for each in held]
        click.echo(say(_texts.RULE_HELD, calls=words))
    if near := answer["near"]:
        where = f"#{near['id']} {near['candidate']}" if near["id"] else near["candidate"]
        click.echo(say(_texts.RULE_CLOSEST, where=printable(where, 300), says=near["says"]))


def _numbers(ids: list[int]) -> str:
    return "".join(f" #{each}" for each in ids)


@click.command(cls=Command, example="mockdouyin reset")
@with_remote
def reset(remote: Remote) -> None:
    """Reset a world to its beginning.

    What was issued is gone, rules set from outside are removed, the journal is empty, and the
    clock runs.
    """
    remote.operation("reset")
    click.echo(say(_texts.WAS_RESET, world=remote.world))
