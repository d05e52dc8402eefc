"""`sign`: is a signature right, and if not, which known mistake made it."""

from __future__ import annotations

import os
from typing import IO, Any

import click

from mockdouyin.cli._commands import Commands, remote_of
from mockdouyin.cli._error_texts import REQUEST_NOT_UTF8, REQUEST_TOO_LONG
from mockdouyin.cli._help import option
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._output import as_json_option, printable, show_json, wrapped_table
from mockdouyin.cli._texts import say
from mockdouyin.core.env_vars import URL_VARIABLE
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


@click.group(
    cls=Commands,
    zh="检查签名：支付请求、回调、webhook、登录、分享等。",
    en="Check signatures: of payments, callbacks, webhooks, logins …",
    example="mockdouyin sign check --salt SALT request.json",
)
def sign() -> None:
    """Check signatures: of payments, callbacks, webhooks, logins …"""


@sign.command(
    zh="检查一个请求的签名，请求来自 FILE 或标准输入。\n\n"
    "FILE 可以是 JSON body、curl 命令、原始 HTTP 请求、HAR 文件或分享链接。不需要"
    "运行中的服务：密钥由选项给出，或用演示应用的。退出码：0 签名正确，1 不正确，"
    "2 无法判断。",
    en="Check the signature of a request.\n\n"
    "It is in FILE, or comes from standard input: a JSON body, a curl command"
    " line, a raw HTTP request, a HAR file or a share link. No server is needed:"
    " keys are given, or those of the demo apps. The exit code is 0 if the"
    " signature is right, 1 if it is wrong, and 2 if it cannot be told.",
    example="mockdouyin sign check --salt SALT request.json",
)
@option(
    "--kind",
    metavar="KIND",
    zh="签名的类型。  [默认：从请求判断]",
    en="What is signed.  [default: what the request shows]",
)
@option(
    *("--key", "--salt", "--token", "--secret", "--ticket", "--session-key"),
    "key",
    metavar="K",
    zh="签名用的密钥，这几个名称等价。  [默认：应用自己的]",
    en="The key it is signed with; these names all mean the same.  [default: the app's own]",
)
@option(
    "--app",
    metavar="KEY",
    zh="哪个应用。  [默认：请求里写的]",
    en="The app.  [default: the one that the request names]",
)
@option(
    "--signature",
    metavar="S",
    zh="要检查的签名，不是请求自带的那个时才用。",
    en="The signature, if it is another than the request's own.",
)
@option(
    "--signed",
    metavar="TEXT",
    zh="你的代码里的待签名字符串，用来和平台的比对。",
    en="What your code signed, to be compared with the platform's.",
)
@option(
    "--path",
    metavar="PATH",
    zh="调用的路径，FILE 里没有时才用。",
    en="The path that was called, if FILE has none.",
)
@option(
    "--method",
    metavar="METHOD",
    zh="请求方法，FILE 里没有时才用。  [默认：POST]",
    en="The method, if FILE has none.  [default: POST]",
)
@option(
    "--entry",
    metavar="N",
    type=click.IntRange(1),
    zh="HAR 文件里的第几个请求。  [默认：第一个有签名的]",
    en="Which entry of a HAR file.  [default: the first that has a signature]",
)
@option(
    "--url",
    metavar="URL",
    zh="正在运行的服务，用它的应用密钥。",
    en="A running server, whose apps' keys are used.",
)
@option("--world", metavar="NAME", zh="服务上的哪个世界。", en="The world on that server.")
@as_json_option
@click.argument("file", metavar="[FILE]", default="-", type=click.File("rb", lazy=True))
def check(
    *, file: IO[bytes], url: str | None, world: str | None, as_json: bool, **given: Any
) -> int:
    """Check the signature of a request."""
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
        raise MockDouyinError(REQUEST_TOO_LONG(most=MAX_FILE))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MockDouyinError(REQUEST_NOT_UTF8(reason=error.reason)) from None


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
