"""`scenarios`: list and show the built-in ones, check your own."""

from __future__ import annotations

import sys

import click

from mockdouyin.cli._commands import Commands
from mockdouyin.cli._output import as_json_option, show_json, wrapped_table
from mockdouyin.core.errors import ConflictError, ScenarioError
from mockdouyin.scenario import scenario as files


@click.group(cls=Commands, invoke_without_command=True, example="mockdouyin scenarios")
@click.pass_context
def scenarios(ctx: click.Context) -> None:
    """List the built-in scenarios, or check your own."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_scenarios)


@scenarios.command("list", example="mockdouyin scenarios list --json")
@as_json_option
def list_scenarios(*, as_json: bool = False) -> None:
    """List the built-in scenarios.

    `mockdouyin serve --scenario NAME` starts one.
    """
    known = [(name, " ".join(files.read(name).about.split())) for name in files.names()]
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
    show_json(files.json_schema())
