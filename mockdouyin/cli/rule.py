"""`rule`: list, add, try and remove the rules of a running world."""

from __future__ import annotations

from typing import Any

import click

from mockdouyin.cli import _greeting_texts as texts
from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Command, Commands, Remote, with_remote
from mockdouyin.cli._error_texts import RULE_OR_OPTIONS, RULE_UNQUOTED, RULE_UNREADABLE
from mockdouyin.cli._help import option
from mockdouyin.cli._language import chosen_language
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
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core.errors import MockDouyinError, ScenarioError
from mockdouyin.core.http import Fault


class RuleCommand(Command):
    """A command with a rule as its argument."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; a rule without quotes is recognised, and told so."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError:
            # A shell splits `{on: x, error: -1}` at its spaces, and `-1}` looks like an option.
            if any(word.endswith(":") for word in given):
                raise UsageError(RULE_UNQUOTED(), ctx) from None
            raise


@click.group(
    cls=Commands,
    invoke_without_command=True,
    zh="列出、添加或删除规则。",
    en="List, add or remove rules.",
    example="mockdouyin rule",
)
@with_remote
def rule(remote: Remote) -> None:
    """List, add or remove rules."""
    _show_rules(remote.operation("rules", query={"near": "true"})["rules"])


@rule.command(
    "list",
    zh="列出规则，以及各自生效的次数。\n\n"
    "请求由第一条轮到的规则决定，顺序就是这里的顺序。从未生效的规则下面，写着最接"
    "近的一次调用。",
    en="List the rules, and how often each was applied.\n\n"
    "The first rule that applies to a request decides, in this order. Below one"
    " that was never applied stands the call that came closest to it.",
    example="mockdouyin rule list --json",
)
@as_json_option
@with_remote
def list_rules(remote: Remote, *, as_json: bool) -> None:
    """List the rules, and how often each was applied."""
    answer = remote.operation("rules", query={"near": "true"})
    if as_json:
        show_json(answer)
    else:
        _show_rules(answer["rules"])


def _show_rules(rules: list[dict[str, Any]]) -> None:
    if not rules:
        click.echo(say(texts.NO_RULES))
        return
    rows = []
    for rule in rules:
        written = {name: value for name, value in rule.items() if name not in _NOT_WRITTEN}
        text = ", ".join(f"{name}: {compact(value)}" for name, value in written.items())
        counted = say(texts.APPLIED, hits=rule["hits"], seen=rule["seen"])
        rows.append((rule["id"], counted, f"{printable(text, 2000)}  ({_origin(rule)})"))
    for rule, line in zip(rules, table(rows), strict=True):
        click.echo(line)
        if rule.get("near"):
            click.echo(f"  {printable(rule['closest'], 2000)}")


_NOT_WRITTEN = ("id", "hits", "seen", "set_by", "ends", "expired", "closest", "near")
"""Keys that the server adds to what was written in the rule."""


def _origin(rule: dict[str, Any]) -> str:
    """Return who set a rule, and until when it applies."""
    who = printable(rule.get("set_by", ""), 60) or texts.SOMEBODY()
    if "ends" not in rule:
        return say(texts.SET_BY, who=who)
    if rule["expired"]:
        return say(texts.SET_BY_EXPIRED, who=who)
    return say(texts.SET_BY_UNTIL, who=who, ends=rule["ends"])


@rule.command(
    "add",
    cls=RuleCommand,
    zh="添加一条规则。\n\n"
    "RULE 的写法和场景里一样，用 YAML 或 JSON。也可以不写 RULE，用下面的选项。",
    en="Add a rule.\n\n"
    "RULE is written as in a scenario, in YAML or JSON. Or leave it out, and use"
    " the options.",
    example="mockdouyin rule add '{on: client_token, error: 10003, times: 1}'",
)
@click.argument("text", metavar="[RULE]", required=False)
@option(
    "--on",
    metavar="ENDPOINT",
    multiple=True,
    zh="作用于哪个接口；可重复。",
    en="The endpoint it works on; may be repeated.",
)
@option(
    "--error",
    metavar="E",
    zh="返回这个错误：错误码或名称。",
    en="Answer with this error: its number or name.",
)
@option(
    "--status",
    metavar="N",
    type=int,
    zh="返回这个 HTTP 状态码。",
    en="Answer with this HTTP status.",
)
@option(
    "--fault",
    type=click.Choice([str(f) for f in Fault]),
    zh="让连接或响应以这种方式出故障。",
    en="Break the connection or the answer in this way.",
)
@option(
    "--delay",
    metavar="D",
    zh="延迟多久响应，例如 200ms。",
    en="Delay the answer, by 200ms for example.",
)
@option(
    "--times",
    metavar="N",
    type=int,
    zh="最多生效几次。",
    en="Apply to this many calls only.",
)
@option(
    "--after",
    metavar="N",
    type=int,
    zh="先放过几次匹配的调用。",
    en="Let this many calls pass first.",
)
@option(
    "--every", metavar="N", type=int, zh="每匹配 N 次生效一次。", en="Apply to every Nth call."
)
@option(
    "--chance",
    metavar="P",
    type=float,
    zh="以这个概率生效，0 到 1。",
    en="Apply with this probability, from 0 to 1.",
)
@option(
    "--ttl",
    metavar="D",
    zh="多久后失效，例如 10m。",
    en="Apply for this long only, 10m for example.",
)
@option(
    "--when",
    metavar="NAME=VALUE",
    multiple=True,
    zh="参数等于这个值时才匹配；可重复。",
    en="Apply only if this parameter has this value; may be repeated.",
)
@option(
    "--patch",
    metavar="PATH=VALUE",
    multiple=True,
    zh="修改响应 JSON 里的一个字段；可重复。",
    en="Change a field of the answer's JSON; may be repeated.",
)
@as_json_option
@with_remote
def add_rule(remote: Remote, *, text: str | None, as_json: bool, **options: Any) -> None:
    """Add a rule."""
    given = _from_options(options)
    if (text is None) == (not given):
        raise UsageError(RULE_OR_OPTIONS())
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
        reason = " ".join(error.render(chosen_language()).split()).removeprefix("rule:")
        raise MockDouyinError(RULE_UNREADABLE(reason=reason)) from None


@rule.command(
    "clear",
    zh="删除规则：写了 ID 就删这些，否则全部删除。\n\n没有 ID 时，场景的规则也会删除。",
    en="Remove rules: those with these ids, or all of them.\n\n"
    "Without an ID, the scenario's rules are removed too.",
    example="mockdouyin rule clear rule-1",
)
@click.argument("ids", metavar="[ID]...", nargs=-1)
@with_remote
def clear(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Remove rules: those with these ids, or all of them."""
    answer = None if ids else remote.operation("clear_rules")
    for each in ids:
        answer = remote.operation("remove_rule", path={"id": each})
    _show_rules(answer["rules"] if answer else [])


@rule.command(
    "off",
    zh="停用规则。\n\n停用的规则不匹配、不计数，位置和次数都保留；`rule on` 重新启用。",
    en="Switch rules off.\n\n"
    "They match no calls and count none, and keep their places and counts: `rule"
    " on` switches them on again.",
    example="mockdouyin rule off rule-1",
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@with_remote
def switch_off(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Switch rules off."""
    _switch(remote, ids, off=True)


@rule.command(
    "on",
    zh="重新启用规则。",
    en="Switch rules on again.",
    example="mockdouyin rule on rule-1",
)
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@with_remote
def switch_on(remote: Remote, *, ids: tuple[str, ...]) -> None:
    """Switch rules on again."""
    _switch(remote, ids, off=False)


def _switch(remote: Remote, ids: tuple[str, ...], *, off: bool) -> None:
    for each in ids:
        remote.operation("switch_rule", path={"id": each}, body={"off": off})
    _show_rules(remote.operation("rules", query={"near": "true"})["rules"])


@rule.command(
    "check",
    cls=RuleCommand,
    zh="用过去的调用试一条规则，不添加它。\n\n"
    "RULE 的写法和场景里一样，用 YAML 或 JSON。输出它会对最近哪些调用生效，以及不匹"
    "配的里哪个最接近。",
    en="Try a rule against past calls, without adding it.\n\n"
    "RULE is written as in a scenario, in YAML or JSON. Printed is to which of"
    " the newest calls it would have been applied, and which of the others came"
    " closest.",
    example="mockdouyin rule check '{on: code_to_session, error: 40018}'",
)
@click.argument("text", metavar="RULE")
@as_json_option
@with_remote
def check_rule(remote: Remote, *, text: str, as_json: bool) -> None:
    """Try a rule against past calls, without adding it."""
    answer = remote.operation("check_rule", body=_parse_rule(text))
    if as_json:
        show_json(answer)
        return
    held = [each for each in answer["matched"] if each["held_by"] is not None]
    count = {"applied": len(answer["applied"]), "calls": answer["calls"]}
    says = _texts.RULE_WOULD_APPLY if answer["calls"] else _texts.RULE_HAS_NO_CALLS
    click.echo(say(says, **count, ids=_numbers(answer["applied"])))
    if held:
        words = [f"#{each['id']} ({each['held_by']})" for each in held]
        click.echo(say(_texts.RULE_HELD, calls=words))
    if near := answer["near"]:
        where = f"#{near['id']} {near['candidate']}" if near["id"] else near["candidate"]
        click.echo(say(_texts.RULE_CLOSEST, where=printable(where, 300), says=near["says"]))


def _numbers(ids: list[int]) -> str:
    return "".join(f" #{each}" for each in ids)
