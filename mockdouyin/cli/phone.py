"""`phone`: call a tt API on a person's phone, and answer what it asks."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from mockdouyin.cli import _texts
from mockdouyin.cli._commands import Commands, Remote, names_of_apps, with_remote
from mockdouyin.cli._completion import matching, phone_apis
from mockdouyin.cli._help import option
from mockdouyin.cli._language import LANGUAGE_OPTION
from mockdouyin.cli._output import (
    as_json_option,
    parse_pairs,
    parse_value,
    printable,
    show_json,
    table,
)
from mockdouyin.cli._phone_calls import call_phone, has_failed, with_app_and_person
from mockdouyin.cli._texts import say


class PhoneCommands(Commands):
    """The commands of `phone`; any other word is the tt API to call."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments as those of `call`, unless they begin with a command or --help."""
        begin = self._length_of_language(args)
        first = args[begin] if begin < len(args) else ""
        if first and first not in self.commands and first not in ctx.help_option_names:
            args = [*args[:begin], "call", *args[begin:]]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and tt APIs that begin so."""
        found = super().shell_complete(ctx, incomplete)
        return found + matching(phone_apis, ctx, incomplete)

    def _length_of_language(self, args: list[str]) -> int:
        """Return how many arguments the option --lang is, if they begin with it."""
        name, equals, _ = args[0].partition("=") if args else ("", "", "")
        return 0 if name != LANGUAGE_OPTION else 1 if equals else 2


@click.group(
    cls=PhoneCommands,
    zh="在用户的手机上调用 tt API，或回答手机上的弹窗。\n\n"
    "`mockdouyin phone API` 是 `mockdouyin phone call API` 的简写。",
    en="Call a tt API on a person's phone, or answer what it asks.\n\n"
    "`mockdouyin phone API` is short for `mockdouyin phone call API`.",
    example="mockdouyin phone getLocation --person 小红 --arg fail=true",
)
def phone() -> None:
    """Call a tt API on a person's phone, or answer what it asks."""


@phone.command(
    "call",
    zh="在用户的手机上调用任意 tt API，输出结果。\n\n"
    "结果就是传给 `success` 或 `fail` 的内容，失败时退出码为 1。如果规则让它询问"
    "用户，就等用户回答。可用的 API 列在 `mockdouyin endpoints --all` 的末尾。",
    en="Call any tt API on a person's phone, and print its result.\n\n"
    "That is what it passes to `success`, or to `fail`: then the exit code is 1."
    " Where a rule has it ask the person, it waits for their answer. The end of"
    " `mockdouyin endpoints --all` lists the APIs.",
    example="mockdouyin phone call getLocation --person 小红 --arg fail=true",
)
@click.argument("api")
@with_app_and_person
@option(
    "--arg",
    "args",
    metavar="NAME=VALUE",
    multiple=True,
    zh="调用的参数：是合法 JSON 就按 JSON 解析，否则当作字符串；可重复。`fail=true`"
    " 让调用失败，`timeout=60` 设置等待用户操作的秒数。",
    en="An argument of the call: JSON if it is valid JSON, else text; may be"
    " repeated. `fail=true` makes the call fail, `timeout=60` sets how many"
    " seconds it waits for the person.",
)
@with_remote
def call_api(
    remote: Remote, *, api: str, app: str | None, person: str | None, args: tuple[str, ...]
) -> int:
    """Call any tt API on a person's phone, and print its result."""
    result = call_phone(remote, api.removeprefix("tt."), parse_pairs(args, "--arg"), app, person)
    show_json(result)
    return 1 if has_failed(result) else 0


@phone.command(
    "pay",
    zh="在用户的手机上支付担保支付订单，输出 tt.pay 返回的内容。\n\n"
    "收银台打不开时退出码为 1。结果说明和打不开的原因写到 stderr。选择 leave 时收"
    "银台留在手机上，之后可以用 `mockdouyin phone answer` 支付。",
    en="Pay an order of guaranteed payment on a person's phone.\n\n"
    "Printed is what tt.pay returns, and on stderr how the cashier ended, or why it"
    " did not open: then the exit code is 1. A cashier that is left stays on the"
    " phone: `mockdouyin phone answer` pays there later.",
    example="mockdouyin phone pay --order ORD-1 --way alipay",
)
@with_app_and_person
@option(
    "--order",
    metavar="NO|ID",
    zh="哪个订单，写开发者单号或平台单号。  [默认：应用最近的一单]",
    en="The order, by either number.  [default: the app's latest]",
)
@option(
    "--way",
    type=click.Choice(["wx", "alipay", "douyin"]),
    zh="支付方式。  [默认：收银台的第一种]",
    en="How the person pays.  [default: the first way that is offered]",
)
@option(
    "--decision",
    type=click.Choice(["pay", "cancel", "fail", "timeout", "close", "leave"]),
    zh="用户在收银台的操作。  [默认：pay]",
    en="What the person does at the cashier.  [default: pay]",
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
    """Pay an order of guaranteed payment on a person's phone."""
    given = {"order": order, "way": way, "decision": decision}
    args = {name: value for name, value in given.items() if value is not None}
    result = call_phone(remote, "pay", args, app, person)
    show_json(result)
    for row in remote.operation("rows", query={"kind": "phone.pay", "limit": "1"})["rows"]:
        click.echo(": ".join(filter(None, (row["says"], row["why"]))), err=True)
    return 1 if has_failed(result) else 0


@phone.command(
    "sheets",
    zh="列出等待用户回答的弹窗，最早的在前。",
    en="Print the sheets that wait for a person, the oldest first.",
    example="mockdouyin phone sheets",
)
@option(
    "--person", metavar="NAME", zh="只看这个用户的弹窗。", en="Only the sheets of this person."
)
@as_json_option
@with_remote
def list_sheets(remote: Remote, *, person: str | None, as_json: bool) -> None:
    """Print the sheets that wait for a person, the oldest first."""
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


@phone.command(
    "answer",
    zh="回答用户手机上等待的弹窗，输出调用返回的内容。",
    en="Answer a sheet on a phone, and print what the call returned.",
    example="mockdouyin phone answer --deny --person 小明",
)
@option("--allow/--deny", default=None, zh="用户同意还是拒绝。", en="Whether the person agrees.")
@option(
    "--err-no",
    metavar="E",
    zh="让调用以这个错误失败：errNo，或错误名称。",
    en="Make the call fail in this way: an errNo, or a failure's name.",
)
@option(
    "--id",
    "number",
    metavar="N",
    type=int,
    zh="有多个弹窗时，回答哪一个。",
    en="Which sheet, if several wait.",
)
@option(
    "--person",
    metavar="NAME",
    zh="谁的弹窗，写用户名或 open_id。",
    en="Whose sheet, by name or open_id.",
)
@option(
    "--template",
    "templates",
    metavar="ID=ANSWER",
    multiple=True,
    zh="对某个消息模板的选择：accept、reject 或 ban；可重复。",
    en="The answer to a template: accept, reject or ban; may be repeated.",
)
@option(
    "--tick",
    metavar="SCOPE",
    multiple=True,
    zh="保留勾选的可选 scope；可重复。",
    en="An optional scope to leave ticked; may be repeated.",
)
@option(
    "--decision",
    metavar="D",
    zh="在收银台：pay、cancel、close、fail、timeout 或 leave。",
    en="At a cashier: pay, cancel, close, fail, timeout or leave.",
)
@option(
    "--way",
    metavar="WAY",
    zh="在收银台用什么支付：wx、alipay 或 douyin。",
    en="How they pay there: wx, alipay or douyin.",
)
@option(
    "--timeout",
    metavar="S",
    type=click.FloatRange(0, 60),
    default=0,
    zh="还没有弹窗时，最多等几秒。  [默认：0]",
    en="Wait this many seconds for a sheet to open.  [default: 0]",
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
    """Answer a sheet on a phone, and print what the call returned."""
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
