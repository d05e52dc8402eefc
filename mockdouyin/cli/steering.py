"""`clock`, `rule` and `reset`: steer a running server."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli._commands import Command, Commands, Remote, connected
from mockdouyin.cli._output import (
    as_json_option,
    compact,
    pairs,
    printable,
    read_value,
    show_json,
    table,
)
from mockdouyin.core.errors import MockDouyinError, ScenarioError
from mockdouyin.core.http import Fault


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin clock")
@connected
def clock(remote: Remote) -> None:
    """Show or move a world's time."""
    _show_time(remote.order("clock"))


def _show_time(answer: dict[str, Any]) -> None:
    state = "frozen" if answer["frozen"] else "running"
    moved = "  moved; `mockdouyin clock back` returns to the real time" if answer["moved"] else ""
    click.echo(f"{answer['now']}  {state}{moved}")


@clock.command("show", example="mockdouyin clock show --json")
@as_json_option
@connected
def show_clock(remote: Remote, *, as_json: bool) -> None:
    """Tell what time it is there, in Beijing."""
    answer = remote.order("clock")
    if as_json:
        show_json(answer)
    else:
        _show_time(answer)


@clock.command(
    "advance",
    example="mockdouyin clock advance 2h1m",
    context_settings={"ignore_unknown_options": True},  # so that -5m is told what is wrong
)
@click.argument("by")
@connected
def advance(remote: Remote, *, by: str) -> None:
    """Move the time ahead.

    BY is 90s, 5m, 2h1m or 15d. Codes and tokens expire as they would.
    """
    _show_time(remote.order("advance_clock", body={"by": by}))


@clock.command("freeze", example="mockdouyin clock freeze --at 2026-11-20T12:00:00+08:00")
@click.option("--at", metavar="MOMENT", help="When to stand still: a moment, or `now`.")
@connected
def freeze(remote: Remote, *, at: str | None) -> None:
    """Let the time stand still."""
    _show_time(remote.order("freeze_clock", body={"at": at}))


@clock.command("resume", example="mockdouyin clock resume")
@connected
def resume(remote: Remote) -> None:
    """Let the time run on from where it stands."""
    _show_time(remote.order("resume_clock"))


@clock.command("back", example="mockdouyin clock back")
@connected
def back(remote: Remote) -> None:
    """Let the time be the real time again.

    What was issued stays: a token that expired while the clock was ahead lives again.
    """
    _show_time(remote.order("return_clock"))


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin rule")
@connected
def rule(remote: Remote) -> None:
    """List, set or remove rules."""
    _show_rules(remote.order("rules")["rules"])


@rule.command("list", example="mockdouyin rule list --json")
@as_json_option
@connected
def list_rules(remote: Remote, *, as_json: bool) -> None:
    """List the rules, with how often each struck.

    They stand in the order in which they decide.
    """
    answer = remote.order("rules")
    if as_json:
        show_json(answer)
    else:
        _show_rules(answer["rules"])


def _show_rules(rules: list[dict[str, Any]]) -> None:
    if not rules:
        click.echo("no rules")
        return
    rows = []
    for shown in rules:
        said = {name: value for name, value in shown.items() if name not in _COUNTED}
        text = ", ".join(f"{name}: {compact(value)}" for name, value in said.items())
        counted = f"struck {shown['hits']} of {shown['seen']}"
        rows.append((shown["id"], counted, f"{printable(text, 2000)}  ({_life(shown)})"))
    for line in table(rows):
        click.echo(line)


_COUNTED = ("id", "hits", "seen", "set_by", "ends", "expired")


def _life(shown: dict[str, Any]) -> str:
    """Say who set a rule, and how long it strikes."""
    by = f"by {printable(shown.get('set_by', ''), 60) or 'somebody'}"
    if "ends" not in shown:
        return by
    return f"{by}, expired" if shown["expired"] else f"{by}, until {shown['ends']}"


@rule.command("add", example="mockdouyin rule add '{on: client_token, error: 10003, times: 1}'")
@click.argument("text", metavar="[RULE]", required=False)
@click.option("--on", metavar="ENDPOINT", multiple=True, help="What it works on; may be repeated.")
@click.option("--error", metavar="E", help="Refuse with this error: its number or name.")
@click.option("--status", metavar="N", type=int, help="Answer this HTTP status.")
@click.option("--fault", type=click.Choice([str(f) for f in Fault]), help="Let the wire fail.")
@click.option("--delay", metavar="D", help="Answer so much later, such as 200ms.")
@click.option("--times", metavar="N", type=int, help="Strike so often and no more.")
@click.option("--after", metavar="N", type=int, help="Let so many calls pass first.")
@click.option("--every", metavar="N", type=int, help="Strike every n-th call.")
@click.option("--chance", metavar="P", type=float, help="Strike with this probability.")
@click.option("--ttl", metavar="D", help="Strike for so long and no longer, such as 10m.")
@click.option("--when", metavar="NAME=VALUE", multiple=True, help="Only where a parameter is so.")
@click.option("--patch", metavar="PATH=VALUE", multiple=True, help="Change the answer's JSON.")
@as_json_option
@connected
def add_rule(remote: Remote, *, text: str | None, as_json: bool, **options: Any) -> None:
    """Set a rule.

    RULE is written as in a scenario, in YAML or JSON; or the options say it.
    """
    given = _from_options(options)
    if (text is None) == (not given):
        raise click.UsageError("write the rule as one argument, or say it by options: --on …")
    rule = given if text is None else _read_rule(text)
    added = remote.order("add_rule", body={"set_by": "mockdouyin rule add", **rule})
    if as_json:
        show_json(added)
    else:
        _show_rules([added])


def _from_options(options: dict[str, Any]) -> dict[str, Any]:
    rule = {name: value for name, value in options.items() if value not in (None, ())}
    for name in ("when", "patch"):
        if name in rule:
            rule[name] = pairs(rule[name], f"--{name}")
    if len(rule.get("on", ())) == 1:
        rule["on"] = rule["on"][0]
    if "error" in rule and isinstance(number := read_value(rule["error"]), int):
        rule["error"] = number
    return rule


def _read_rule(text: str) -> dict[str, Any]:
    from mockdouyin.scenario import yaml_source

    try:
        return yaml_source.read(text, "rule").value
    except ScenarioError as error:
        reason = " ".join(str(error).split()).removeprefix("rule:")
        raise MockDouyinError(
            f"that is no rule ({reason}); write {{on: client_token, error: 10003, times: 1}}"
        ) from None


@rule.command("clear", example="mockdouyin rule clear rule-1")
@click.argument("ids", metavar="[ID]...", nargs=-1)
@connected
def clear(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Remove the rules named, or all.

    All are those set from outside and the scenario's.
    """
    answer = None if ids else remote.order("clear_rules")
    for each in ids:
        answer = remote.order("remove_rule", path={"id": each})
    _show_rules(answer["rules"] if answer else [])


@click.command(cls=Command, example="mockdouyin reset")
@connected
def reset(remote: Remote) -> None:
    """Let a world begin again.

    Nothing is issued, no rules are set from outside, its journal is empty and its clock runs.
    """
    remote.order("reset")
    click.echo(f"world {remote.world!r} begins again")
