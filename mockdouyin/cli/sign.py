"""`sign`: is a signature right, and if not, which known mistake made it."""

from __future__ import annotations

import os
from typing import IO, Any

import click

from mockdouyin.cli._commands import (
    URL_VARIABLE,
    Command,
    Commands,
    chosen_language,
    remote_of,
)
from mockdouyin.cli._output import as_json_option, printable, show_json, wrapped_table
from mockdouyin.cli._texts import say
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import text

MAX_FILE = 1024 * 1024
"""Bytes of the largest file that is read."""

MAX_PRINTED = 20_000
"""Characters of a line that are printed."""

RIGHT = text("cli_sign_right", zh="签名正确", en="The signature is right.")
WRONG = text("cli_sign_wrong", zh="签名不正确", en="The signature is wrong.")
KIND = text("cli_sign_kind", zh="类型", en="kind")
GIVEN = text("cli_sign_given", zh="收到的签名", en="given")
EXPECTED = text("cli_sign_expected", zh="正确的签名", en="expected")
SIGNED = text("cli_sign_signed", zh="待签名字符串", en="signed")
KEY = text("cli_sign_key", zh="密钥", en="key")
NOTHING_GIVEN = text("cli_sign_nothing", zh="（无）", en="(none)")


@click.group(cls=Commands, example="mockdouyin sign check --salt SALT request.json")
def sign() -> None:
    """Check signatures: of payment requests, callbacks, webhooks, logins and shares."""


@sign.command(cls=Command, example="mockdouyin sign check --salt SALT request.json")
@click.option("--kind", metavar="KIND", help="What is signed.  [default: what the request shows]")
@click.option(
    *("--key", "--salt", "--token", "--secret", "--ticket", "--session-key"),
    "key",
    metavar="K",
    help="What it is signed with: each of these names is for the same.  [default: the app's own]",
)
@click.option("--app", metavar="KEY", help="The app.  [default: the one that the request names]")
@click.option(
    "--signature", metavar="S", help="The signature, if it is another than the request's own."
)
@click.option(
    "--signed", metavar="TEXT", help="What your code signed, to be compared with the platform's."
)
@click.option("--path", metavar="PATH", help="The path that was called, if FILE has none.")
@click.option("--method", metavar="METHOD", help="The method, if FILE has none.  [default: POST]")
@click.option(
    "--entry", metavar="N", type=click.IntRange(1), default=1, help="Which entry of a HAR file."
)
@click.option("--url", metavar="URL", help="A running server, whose apps' keys are used.")
@click.option("--world", metavar="NAME", help="The world on that server.")
@as_json_option
@click.argument("file", metavar="[FILE]", default="-", type=click.File("rb", lazy=True))
def check(
    *, file: IO[bytes], url: str | None, world: str | None, as_json: bool, **given: Any
) -> int:
    """Check the signature of a request in FILE, or from standard input.

    FILE has a JSON body, a curl command line, a raw HTTP request, a HAR file or a share link.
    No server is needed: keys are given, or those of the demo apps. The exit code is 0 if the
    signature is right, 1 if it is wrong, and 2 if it cannot be told.
    """
    body = {name: value for name, value in given.items() if value is not None}
    body["text"] = _read(file)
    if url or world or (not given["key"] and os.environ.get(URL_VARIABLE)):
        verdict: Any = remote_of(click.get_current_context()).operation(
            "check_signature", body=body
        )
    else:
        verdict = _check_here(body)
    if as_json:
        show_json(verdict)
    else:
        _print(verdict)
    return 0 if verdict["right"] else 1


def _check_here(body: dict[str, Any]) -> dict[str, Any]:
    from mockdouyin.control import execute
    from mockdouyin.sandbox import Sandbox

    return execute(Sandbox(), "check_signature", body=body, language=chosen_language())


def _read(file: IO[bytes]) -> str:
    content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise MockDouyinError(f"the request has more than {MAX_FILE} bytes")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MockDouyinError(f"the request is not UTF-8 text: {error.reason}") from None


def _print(verdict: dict[str, Any]) -> None:
    click.echo(say(RIGHT) if verdict["right"] else say(WRONG))
    for line in (verdict["why"], verdict["differs"]):
        if line:
            click.echo(printable(line, MAX_PRINTED))
    rows = [
        (say(KIND), f"{verdict['kind']}: {verdict['covers']}"),
        (say(KEY), verdict["key"]),
        (say(GIVEN), verdict["signature"] or say(NOTHING_GIVEN)),
        (say(EXPECTED), verdict["expected"]),
        (say(SIGNED), verdict["signed"]),
    ]
    for line in wrapped_table([(name, printable(value, MAX_PRINTED)) for name, value in rows]):
        click.echo(f"  {line}")
