"""`code`, `phone`, `decrypt`: what a person's phone hands out, and how to open it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

import click

from mockdouyin.cli.commands import Command, Remote, connected
from mockdouyin.cli.output import pairs, show_json

_Function = Callable[..., Any]


def _whose(function: _Function) -> _Function:
    of_app = click.option(
        "--app", metavar="KEY", help="The app, by key or name.  [default: the mini-program]"
    )
    of_person = click.option(
        "--person", metavar="NAME", help="Who, by name or open_id.  [default: the first]"
    )
    return of_app(of_person(function))


@click.command(cls=Command, example="mockdouyin code --person 小红")
@_whose
@connected
def code(remote: Remote, *, app: str | None, person: str | None) -> None:
    """Log a person in: print what tt.login hands out."""
    _call(remote, "login", {}, app, person)


@click.command(
    cls=Command,
    example="mockdouyin phone getLocation --person 小红 --arg fail=true",
)
@click.argument("api")
@_whose
@click.option(
    "--arg",
    "args",
    metavar="NAME=VALUE",
    multiple=True,
    help="An argument of the call: JSON where it is JSON, else text. `fail=true` lets it fail.",
)
@connected
def phone(
    remote: Remote, *, api: str, app: str | None, person: str | None, args: tuple[str, ...]
) -> None:
    """Call any tt.API on a person's phone, and print its result.

    That is what it hands to `success`, or to `fail`. `mockdouyin endpoints` lists the APIs at
    its end.
    """
    _call(remote, api.removeprefix("tt."), pairs(args, "--arg"), app, person)


def _call(
    remote: Remote, api: str, args: dict[str, Any], app: str | None, person: str | None
) -> None:
    whose = {"app": app, "person": person}
    body = {**args, **{name: value for name, value in whose.items() if value is not None}}
    show_json(remote.order("phone", path={"api": api.removeprefix("phone.")}, body=body))


@click.command(
    cls=Command,
    example="mockdouyin decrypt --session-key MDEyMzQ1Njc4OWFiY2RlZg=="
    " --iv ZmVkY2JhOTg3NjU0MzIxMA== c+dyj7un3xkAyx0KPRymXw==",
)
@click.option("--session-key", metavar="K", required=True, help="As code2session returned it.")
@click.option("--iv", metavar="IV", required=True, help="As tt.* handed it out.")
@click.argument("data")
def decrypt(*, session_key: str, iv: str, data: str) -> None:
    """Open an encryptedData, or say what is wrong with it.

    When key, iv and DATA do not fit, it tells which of the three is wrong. DATA may be `-`: then
    it is read from the standard input.
    """
    from mockdouyin.core.crypto import unseal

    if data == "-":
        data = sys.stdin.read()
    show_json(json.loads(unseal(session_key.strip(), iv.strip(), data.strip())))
