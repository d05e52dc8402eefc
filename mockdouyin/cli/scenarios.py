"""`scenarios`: list and show the built-in ones, check your own, switch a world to one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from mockdouyin.cli import _greeting_texts, _texts
from mockdouyin.cli._commands import Commands, Remote, with_remote
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._output import as_json_option, printable, show_json, wrapped_table
from mockdouyin.cli._texts import say
from mockdouyin.core.errors import ConflictError, MockDouyinError, ScenarioError
from mockdouyin.core.settings import encode
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import scenario_files


@click.group(
    cls=Commands,
    invoke_without_command=True,
    zh="列出内置场景、检查自己的场景，或切换场景。",
    en="List the built-in scenarios, check your own, or switch to one.",
    example="mockdouyin scenarios",
)
@click.pass_context
def scenarios(ctx: click.Context) -> None:
    """List the built-in scenarios, check your own, or switch to one."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_scenarios)


@scenarios.command(
    "list",
    zh="列出内置场景。\n\n用 `mockdouyin serve --scenario NAME` 启动。",
    en="List the built-in scenarios.\n\n`mockdouyin serve --scenario NAME` starts one.",
    example="mockdouyin scenarios list --json",
)
@as_json_option
def list_scenarios(*, as_json: bool = False) -> None:
    """List the built-in scenarios."""
    known = [(name, files.read(name).told(chosen_language())) for name in scenario_files.names()]
    if as_json:
        show_json({"scenarios": [{"name": name, "about": about} for name, about in known]})
        return
    for line in wrapped_table(known):
        click.echo(line)


@scenarios.command(
    "show",
    zh="输出一个场景的内容，可以在它的基础上修改。",
    en="Print a scenario, to start your own from.",
    example="mockdouyin scenarios show default",
)
@click.argument("name")
def show(*, name: str) -> None:
    """Print a scenario, to start your own from."""
    click.echo(files.source_text(name), nl=False)


@scenarios.command(
    "use",
    zh="让运行中的世界切换到另一个场景。\n\n"
    "规则和设置换成新场景的，重新开始；应用、用户和已经签发的内容不变。`default`"
    " 是没有规则的场景。场景里写了而运行中的世界不能照做的，会逐行列出。",
    en="Switch a running world to a scenario.\n\n"
    "Its rules and settings become those of the scenario, and begin anew; apps"
    " and people stay, and so does whatever was issued. `default` is the scenario"
    " without rules. What the scenario says and a running world does not do is"
    " told line by line.",
    example="mockdouyin scenarios use flaky-login",
)
@click.argument("name", metavar="NAME|FILE")
@as_json_option
@with_remote
def use(remote: Remote, *, name: str, as_json: bool) -> None:
    """Switch a running world to a scenario."""
    try:
        answer = remote.operation("use_scenario", body={"scenario": _named_or_read(name)})
    except MockDouyinError as error:
        if error.status == 404 and scenario_files.looks_like_a_file(name):
            scenario_files.find(name)  # says that the file is missing: a server reads none
        raise
    if as_json:
        show_json(answer)
        return
    said = {"world": remote.world, "scenario": answer["scenario"], "rules": answer["rules"]}
    click.echo(say(_texts.SCENARIO_USED, **said))
    for each in answer["kept"]:
        click.echo(printable(each["says"], 2000))


def _named_or_read(name: str) -> Any:
    """Return the name of a scenario that every server knows, or the content of a file of ours.

    Another name may be that of a file that the server was started with.
    """
    if name in scenario_files.names() or not Path(name).is_file():
        return name
    return msgspec.to_builtins(files.load(name), enc_hook=encode)


@scenarios.command(
    "lint",
    zh="检查场景文件。\n\n每个错误都带文件名和行列号；有错误时退出码为 2。",
    en="Check scenario files.\n\n"
    "Each mistake is printed with its file, line and column; the exit code is 2"
    " if there are any.",
    example="mockdouyin scenarios lint my-story.yaml",
)
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
def lint(*, names: tuple[str, ...]) -> None:
    """Check scenario files."""
    mistakes = [mistake for name in names for mistake in _mistakes(name)]
    if mistakes:
        click.echo("\n".join(mistakes), err=True)
        sys.exit(2)


def _mistakes(name: str) -> list[str]:
    from mockdouyin.sandbox import Sandbox

    try:
        Sandbox(files.load(name))
    except (ScenarioError, ConflictError) as error:
        lines = error.render(chosen_language()).splitlines()
        return [line if line.startswith(name) else f"{name}: {line}" for line in lines]
    click.echo(say(_greeting_texts.LINT_GOOD, name=name))
    return []


@scenarios.command(
    "schema",
    zh="输出场景文件的 JSON Schema。\n\n编辑器用它来补全和检查。",
    en="Print the JSON Schema of scenario files.\n\n"
    "An editor that is given it completes and checks them.",
    example="mockdouyin scenarios schema > mockdouyin-scenario.json",
)
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    show_json(files.json_schema(language=chosen_language()))
