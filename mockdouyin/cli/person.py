"""`code` and `decrypt`: what a person's phone hands out, and how to decrypt it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from mockdouyin.cli._commands import Remote, command, with_remote
from mockdouyin.cli._error_texts import DECRYPT_KEYS, PLAIN_OR_CSV
from mockdouyin.cli._help import option
from mockdouyin.cli._output import (
    show_json,
)
from mockdouyin.cli._phone_calls import call_phone, has_failed, with_app_and_person
from mockdouyin.cli._usage_errors import UsageError

MAX_CODES = 100_000


@command(
    zh="让用户登录，输出 tt.login 返回的内容。\n\ntt.login 失败时退出码为 1。",
    en="Log a person in, and print what tt.login returns.\n\n"
    "The exit code is 1 if tt.login fails.",
    example="mockdouyin code --person 小红 --plain",
)
@with_app_and_person
@option(
    "--plain",
    is_flag=True,
    zh="只输出 code，方便脚本使用。",
    en="Print only the code, for scripts.",
)
@option(
    "--csv",
    "as_csv",
    is_flag=True,
    zh="输出 code,person,open_id，压测用。",
    en="Print code,person,open_id, for load tests.",
)
@option(
    "--count",
    metavar="N",
    type=click.IntRange(1, MAX_CODES),
    default=1,
    zh="登录几次：有 --person 就都是这个用户，否则用户轮流登录。  [默认：1]",
    en="The number of logins: of --person, or else of each person in turn.  [default: 1]",
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
    """Log a person in, and print what tt.login returns."""
    if plain and as_csv:
        raise UsageError(PLAIN_OR_CSV())
    logins = list(_logins(remote, app, person, count))
    failed = next((login for _, login in logins if has_failed(login)), None)
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
        yield who, call_phone(remote, "login", {}, app, who)


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


@command(
    zh="解密 encryptedData，或指出它哪里不对。\n\n"
    "key、iv 和 DATA 对不上时，会指出是哪一个错了，或者和别的弄混了。平台的另外两"
    "种密文也能解：/oauth/userinfo/ 的 encrypt_mobile 用 --client-secret，"
    "get_phonenumber_info 的手机号用 --private-key。DATA 写 `-` 表示从标准输入读"
    "取。",
    en="Decrypt an encryptedData, or say what is wrong with it.\n\n"
    "If key, iv and DATA do not match, it says which of the three is wrong, or"
    " was swapped with another. It decrypts the platform's two other ciphers too:"
    " encrypt_mobile of /oauth/userinfo/ with --client-secret, the phone number"
    " of get_phonenumber_info with --private-key. If DATA is `-`, it is read from"
    " standard input.",
    example="mockdouyin decrypt --session-key MDEyMzQ1Njc4OWFiY2RlZg=="
    " --iv ZmVkY2JhOTg3NjU0MzIxMA== c+dyj7un3xkAyx0KPRymXw==",
)
@option(
    "--session-key",
    metavar="K",
    zh="code2session 返回的 session_key；和 --iv 一起用。",
    en="The session_key, as code2session returned it; with --iv.",
)
@option("--iv", metavar="IV", zh="tt API 返回的 iv。", en="The iv, as the tt API returned it.")
@option(
    "--client-secret",
    metavar="S",
    zh="网站应用的密钥：DATA 是 encrypt_mobile。",
    en="The web app's secret: DATA is an encrypt_mobile.",
)
@option(
    "--private-key",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    zh="应用的 RSA 私钥（PEM 文件）：DATA 是用 code 换来的手机号密文。",
    en="The app's RSA private key, in PEM: DATA is a phone number by code.",
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
    """Decrypt an encryptedData, or say what is wrong with it."""
    from mockdouyin.domain import decryption

    ways = (session_key is not None or iv is not None, client_secret, private_key)
    if sum(each not in (False, None) for each in ways) != 1 or (session_key is None) != (
        iv is None
    ):
        raise UsageError(DECRYPT_KEYS())
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
