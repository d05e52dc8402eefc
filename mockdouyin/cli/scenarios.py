"""`scenarios`: list and show the built-in ones, check your own, switch a world to one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import msgspec

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Commands, Remote, chosen_language, with_remote
from mockdouyin.cli._output import as_json_option, printable, show_json, wrapped_table
from mockdouyin.cli._texts import say
from mockdouyin.core.errors import ConflictError, ScenarioError
from mockdouyin.core.settings import encode
from mockdouyin.scenario import scenario as files


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin scenarios")
@click.pass_context
def scenarios(ctx: click.Context) -> None:
    """List the built-in scenarios, check your own, or switch a running world to one."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_scenarios)


@scenarios.command("list", example="mockdouyin scenarios list --json")
@as_json_option
def list_scenarios(*, as_json: bool = False) -> None:
    """List the built-in scenarios.

    `mockdouyin serve --scenario NAME` starts one.
    """
    known = [(name, files.read(name).told(chosen_language())) for name in files.names()]
    if as_json:
        show_json({"scenarios": [{"name": name, "about": about} for name, about in known]})
        return
    for line in wrapped_table(known):
        click.echo(line)


@scenarios.command("show", example="mockdouyin scenarios show default")
@click.argument("name")
def show(*, name: str) -> None:
    """Print a scenario, to start your own from."""
    click.echo(files.source_text(name), nl=False)


@scenarios.command("use", example="mockdouyin scenarios use flaky-login")
@click.argument("name", metavar="NAME|FILE")
@as_json_option
@with_remote
def use(remote: Remote, *, name: str, as_json: bool) -> None:
    """Switch a running world to a scenario.

    Its rules and settings become those of the scenario, and begin anew; apps and people stay, and
    so does whatever was issued. `default` is the scenario without rules. What the scenario says
    and a running world does not do is told line by line.
    """
    answer = remote.operation("use_scenario", body={"scenario": _named_or_read(name)})
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
    if name in files.names() or not Path(name).is_file():
        return name
    return msgspec.to_builtins(files.load(name), enc_hook=encode)


@scenarios.command("lint", example="mockdouyin scenarios lint my-story.yaml")
@click.argument("names", metavar="FILE...", nargs=-1, required=True)
def lint(*, names: tuple[str, ...]) -> None:
    """Check scenario files.

    Each mistake is printed with its file, line and column; the exit code is 2 if there are any.
    """
    mistakes = [mistake for name in names for mistake in _mistakes(name)]
    if mistakes:
        click.echo("\n".join(mistakes), err=True)
        sys.exit(2)


def _mistakes(name: str) -> list[str]:
    from mockdouyin.sandbox import Sandbox

    try:
        Sandbox(files.load(name))
    except (ScenarioError, ConflictError) as error:
        lines = str(error).splitlines()
        return [line if line.startswith(name) else f"{name}: {line}" for line in lines]
    click.echo(f"{name}: good")
    return []


@scenarios.command("schema", example="mockdouyin scenarios schema > mockdouyin-scenario.json")
def schema() -> None:
    """Print the JSON Schema of scenario files.

    An editor that is given it completes and checks them.
    """
    show_json(files.json_schema(language=chosen_language()))
