"""`code`, `phone`, `decrypt`: what a person's phone hands out, and how to decrypt it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Command, Commands, Remote, names_of_apps, with_remote
from mockdouyin.cli._completion import matching, phone_apis
from mockdouyin.cli._output import (
    as_json_option,
    parse_pairs,
    parse_value,
    printable,
    show_json,
    table,
)
from mockdouyin.cli._texts import say

_Function = Callable[..., Any]

MAX_CODES = 100_000


def _with_app_and_person(function: _Function) -> _Function:
    app = click.option(
        "--app", metavar="KEY", help="The app, by key or name.  [default: the mini-program]"
    )
    person = click.option(
        "--person", metavar="NAME", help="The person, by name or open_id.  [default: the first]"
    )
    return app(person(function))


@click.command(cls=Command, example="mockdouyin code --person 小红 --plain")
@_with_app_and_person
@click.option("--plain", is_flag=True, help="Print only the code, for scripts.")
@click.option("--csv", "as_csv", is_flag=True, help="Print code,person,open_id, for load tests.")
@click.option(
    "--count",
    metavar="N",
    type=click.IntRange(1, MAX_CODES),
    default=1,
    help="The number of logins: of --person, or else of each person in turn.  [default: 1]",
)
@with_remote
def code(
    remote: Remote,
    *,
    app: str | None,
    person: str | None,
    plain: bool,
    as_csv: bool,
    count: int,
) -> int:
    """Log a person in, and print what tt.login returns.

    The exit code is 1 if tt.login fails.
    """
    if plain and as_csv:
        raise click.UsageError("--plain and --csv exclude one another")
    logins = list(_logins(remote, app, person, count))
    failed = next((login for _, login in logins if _failed(login)), None)
    if failed is not None:
        show_json(failed)
        return 1
    if plain:
        click.echo("\n".join(login["code"] for _, login in logins))
    elif as_csv:
        _print_csv(remote, app, logins)
    else:
        results = [login for _, login in logins]
        show_json(results[0] if count == 1 else results)
    return 0


_Login = tuple[str | None, dict[str, Any]]


def _logins(remote: Remote, app: str | None, person: str | None, count: int) -> Iterator[_Login]:
    """Log in `count` times: the person who is named, or else the world's people in turn."""
    names = [person]
    if person is None and count > 1:
        names = [each["name"] for each in remote.operation("people")["people"]]
    for number in range(count):
        who = names[number % len(names)]
        yield who, _result(remote, "login", {}, app, who)


def _print_csv(remote: Remote, app: str | None, logins: list[_Login]) -> None:
    people = remote.operation("people")["people"]
    key = _client_key(remote, app)
    open_ids = {each["name"]: each["open_ids"][key] for each in people}
    open_ids |= {each["open_ids"][key]: each["open_ids"][key] for each in people}
    names = {each["open_ids"][key]: each["name"] for each in people}
    first = people[0]["name"]
    click.echo("code,person,open_id")
    for who, login in logins:
        open_id = open_ids[who or first]
        click.echo(f"{login['code']},{names[open_id]},{open_id}")


def _client_key(remote: Remote, app: str | None) -> str:
    """Return the key of the app that logs in: the one named, or the mini-program."""
    apps = remote.operation("apps")["apps"]
    named = [each for each in apps if app in (each["client_key"], each["name"])]
    kinds = [each for each in apps if each["kind"] in ("mini_program", "mini_game")]
    return str((named or kinds or apps)[0]["client_key"])


class PhoneCommands(Commands):
    """The commands of `phone`; any other word is the tt API to call."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments as those of `call`, unless they begin with a command or --help."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["call", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and tt APIs that begin so."""
        found = super().shell_complete(ctx, incomplete)
        return found + matching(phone_apis, ctx, incomplete)


@click.group(
    cls=PhoneCommands, example="mockdouyin phone getLocation --person 小红 --arg fail=true"
)
def phone() -> None:
    """Call a tt.API on a person's phone, or answer what one asks them.

    `mockdouyin phone API` is short for `mockdouyin phone call API`.
    """


@phone.command("call", example="mockdouyin phone call getLocation --person 小红 --arg fail=true")
@click.argument("api")
@_with_app_and_person
@click.option(
    "--arg",
    "args",
    metavar="NAME=VALUE",
    multiple=True,
    help="An argument of the call: JSON if it is valid JSON, else text; may be repeated."
    " `fail=true` makes the call fail, `timeout=60` has it wait so long for an answer.",
)
@with_remote
def call_api(
    remote: Remote, *, api: str, app: str | None, person: str | None, args: tuple[str, ...]
) -> int:
    """Call any tt.API on a person's phone, and print its result.

    That is what it passes to `success`, or to `fail`: then the exit code is 1. Where a rule has it
    ask the person, it waits for their answer. The end of `mockdouyin endpoints` lists the APIs.
    """
    result = _result(remote, api.removeprefix("tt."), parse_pairs(args, "--arg"), app, person)
    show_json(result)
    return 1 if _failed(result) else 0


@phone.command("pay", example="mockdouyin phone pay --order ORD-1 --way alipay")
@_with_app_and_person
@click.option(
    "--order", metavar="NO|ID", help="The order, by either number.  [default: the app's latest]"
)
@click.option(
    "--way",
    type=click.Choice(["wx", "alipay", "douyin"]),
    help="How the person pays.  [default: the first way that is offered]",
)
@click.option(
    "--decision",
    type=click.Choice(["pay", "cancel", "fail", "timeout", "close", "leave"]),
    help="What the person does at the cashier.  [default: pay]",
)
@with_remote
def pay_order(
    remote: Remote,
    *,
    app: str | None,
    person: str | None,
    order: str | None,
    way: str | None,
    decision: str | None,
) -> int:
    """Pay an order of guaranteed payment on a person's phone, and print what tt.pay returns.

    The exit code is 1 if the cashier does not open. A cashier that is left stays on the phone:
    `mockdouyin phone answer` pays there later.
    """
    given = {"order": order, "way": way, "decision": decision}
    args = {name: value for name, value in given.items() if value is not None}
    result = _result(remote, "pay", args, app, person)
    show_json(result)
    return 1 if _failed(result) else 0


@phone.command("sheets", example="mockdouyin phone sheets")
@click.option("--person", metavar="NAME", help="Only the sheets of this person.")
@as_json_option
@with_remote
def list_sheets(remote: Remote, *, person: str | None, as_json: bool) -> None:
    """Print the sheets that wait for a person's answer, the oldest first."""
    answer = remote.operation("list_sheets", query={"person": person} if person else {})
    if as_json:
        show_json(answer)
        return
    if not answer["sheets"]:
        click.echo(say(_texts.NO_SHEETS, world=remote.world))
        return
    apps = names_of_apps(remote)
    for line in table(_sheet_row(each, apps) for each in answer["sheets"]):
        click.echo(line)


def _sheet_row(sheet: dict[str, Any], apps: dict[str, str]) -> tuple[str, ...]:
    app = apps.get(sheet["app"], sheet["app"])
    api = f"tt.{sheet['api']}"
    return (f"#{sheet['id']}", sheet["since"], sheet["person"], app, api, printable(sheet["asks"]))


@phone.command("answer", example="mockdouyin phone answer --deny --person 小明")
@click.option("--allow/--deny", default=None, help="What the person does.")
@click.option(
    "--err-no", metavar="E", help="Have the call fail in this way: an errNo, or a failure's name."
)
@click.option("--id", "number", metavar="N", type=int, help="Which sheet, if several wait.")
@click.option("--person", metavar="NAME", help="Whose sheet, by name or open_id.")
@click.option(
    "--template",
    "templates",
    metavar="ID=ANSWER",
    multiple=True,
    help="Their answer to a template: accept, reject or ban; may be repeated.",
)
@click.option("--tick", metavar="SCOPE", multiple=True, help="An optional scope to leave ticked.")
@click.option(
    "--decision", metavar="D", help="At a cashier: pay, cancel, close, fail, timeout or leave."
)
@click.option("--way", metavar="WAY", help="How they pay there: wx, alipay or douyin.")
@click.option(
    "--timeout",
    metavar="S",
    type=click.FloatRange(0, 60),
    default=0,
    help="Wait so many seconds for a sheet to open.  [default: 0]",
)
@with_remote
def answer_sheet(
    remote: Remote,
    *,
    allow: bool | None,
    err_no: str | None,
    number: int | None,
    person: str | None,
    templates: tuple[str, ...],
    tick: tuple[str, ...],
    decision: str | None,
    way: str | None,
    timeout: float,
) -> None:
    """Answer a sheet that waits on a person's phone, and print what the call returned."""
    given = {
        "allow": allow,
        "errNo": None if err_no is None else parse_value(err_no),
        "id": number,
        "person": person,
        "answers": dict(parse_pairs(templates, "--template")) or None,
        "tick": list(tick) or None,
        "decision": decision,
        "way": way,
    }
    body = {name: value for name, value in given.items() if value is not None}
    show_json(remote.operation("answer_sheet", body={**body, "timeout": timeout}))


def _result(
    remote: Remote, api: str, args: dict[str, Any], app: str | None, person: str | None
) -> dict[str, Any]:
    who = {"app": app, "person": person}
    body = {**args, **{name: value for name, value in who.items() if value is not None}}
    return remote.operation("phone", path={"api": api.removeprefix("phone.")}, body=body)


def _failed(result: dict[str, Any]) -> bool:
    """Whether the API passed this result to `fail`."""
    return ":fail" in str(result.get("errMsg", ""))


@click.command(
    cls=Command,
    example="mockdouyin decrypt --session-key MDEyMzQ1Njc4OWFiY2RlZg=="
    " --iv ZmVkY2JhOTg3NjU0MzIxMA== c+dyj7un3xkAyx0KPRymXw==",
)
@click.option(
    "--session-key", metavar="K", help="The session_key, as code2session returned it; with --iv."
)
@click.option("--iv", metavar="IV", help="The iv, as the tt API returned it.")
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
    """Decrypt an encryptedData, or say what is wrong with it.

    If key, iv and DATA do not match, it says which of the three is wrong, or was swapped with
    another. It decrypts the platform's two other ciphers too: encrypt_mobile of /oauth/userinfo/
    with --client-secret, the phone number of get_phonenumber_info with --private-key. If DATA is
    `-`, it is read from standard input.
    """
    from mockdouyin.domain import decryption

    ways = (session_key is not None or iv is not None, client_secret, private_key)
    if sum(each not in (False, None) for each in ways) != 1 or (session_key is None) != (
        iv is None
    ):
        raise click.UsageError(
            "decrypt takes --session-key and --iv, or --client-secret, or --private-key"
        )
    if data == "-":
        data = sys.stdin.read()
    data = data.strip()
    if client_secret is not None:
        click.echo(decryption.unseal_mobile(client_secret.strip(), data))
    elif private_key is not None:
        pem = private_key.read_text(errors="replace")
        show_json(json.loads(decryption.unseal_phone_number(pem, data)))
    elif session_key is not None and iv is not None:
        show_json(json.loads(decryption.unseal(session_key.strip(), iv.strip(), data)))
