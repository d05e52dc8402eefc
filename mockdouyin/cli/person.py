"""`code`, `phone`, `decrypt`: what a person's phone hands out, and how to open it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
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
@click.option("--session-key", metavar="K", help="As code2session returned it; with --iv.")
@click.option("--iv", metavar="IV", help="As tt.* handed it out.")
@click.option(
    "--client-secret", metavar="S", help="The web app's secret: DATA is an encrypt_mobile."
)
@click.option(
    "--private-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The app's RSA private key, in PEM: DATA is a phone number by code.",
)
@click.argument("data")
def decrypt(
    *,
    session_key: str | None,
    iv: str | None,
    client_secret: str | None,
    private_key: Path | None,
    data: str,
) -> None:
    """Open an encryptedData, or say what is wrong with it.

    When key, iv and DATA do not fit, it tells which of the three is wrong, or was taken for
    another. It opens the two other ciphers of the platform too: encrypt_mobile of
    /oauth/userinfo/ with --client-secret, the phone number of get_phonenumber_info with
    --private-key. DATA may be `-`: then it is read from the standard input.
    """
    from mockdouyin.core import unsealing

    given = (session_key is not None or iv is not None, client_secret, private_key)
    if sum(each not in (False, None) for each in given) != 1 or (session_key is None) != (
        iv is None
    ):
        raise click.UsageError(
            "decrypt takes --session-key and --iv, or --client-secret, or --private-key"
        )
    if data == "-":
        data = sys.stdin.read()
    data = data.strip()
    if client_secret is not None:
        click.echo(unsealing.unseal_mobile(client_secret.strip(), data))
    elif private_key is not None:
        pem = private_key.read_text(errors="replace")
        show_json(json.loads(unsealing.unseal_phone_number(pem, data)))
    elif session_key is not None and iv is not None:
        show_json(json.loads(unsealing.unseal(session_key.strip(), iv.strip(), data)))
