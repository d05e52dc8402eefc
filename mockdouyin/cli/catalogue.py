"""`endpoints` and `errors`: what is emulated, on what basis, and which errors can be provoked."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from mockdouyin.cli import _greeting_texts, _texts
from mockdouyin.cli._commands import command
from mockdouyin.cli._coverage import STATES, coverage, family_of
from mockdouyin.cli._error_texts import NO_ERROR, NOTHING_EMULATED, POSTMAN_TAKES_NO_TEXT
from mockdouyin.cli._help import option
from mockdouyin.cli._language import chosen_language
from mockdouyin.cli._output import as_json_option, show_json, table
from mockdouyin.cli._texts import say
from mockdouyin.cli._usage_errors import UsageError
from mockdouyin.core.columns import padded
from mockdouyin.core.errors import SYSTEM, MockDouyinError, suggestion
from mockdouyin.core.redaction import safe_repr
from mockdouyin.core.texts import TextTemplate

if TYPE_CHECKING:
    from mockdouyin.control.client import Answer

_MAX_CODE = 20
"""Characters of an error's number."""


def _ask(operation: str, scenario: str = "", **query: str) -> Answer:
    """Execute an operation on a sandbox of this process: the catalogue needs no server."""
    from mockdouyin.control.client import LocalControl
    from mockdouyin.sandbox import Sandbox
    from mockdouyin.scenario.scenario import DEFAULT, load

    sandbox = Sandbox(load(scenario) if scenario else DEFAULT)
    sandbox.language = chosen_language()
    return LocalControl(sandbox).operation(operation, query=query)


_scenario_option = option(
    "--scenario",
    default="",
    metavar="NAME|FILE",
    zh="同时列出场景自己声明的接口。",
    en="Include the endpoints that this scenario declares.",
)


@command(
    zh="列出模拟了哪些接口、依据是什么、做到什么程度。\n\n"
    "没有 TEXT 时每组接口一行。TEXT 是组名，或接口的名称、路径、中文标题里的一段"
    "文字。\n\n"
    "依据：`documented` 是抖音文档写明的，`observed` 是从客户端或抓到的响应看到"
    "的，`assumed` 是无从得知、由我们选定的。模拟程度：`full` 是完整实现；`generic`"
    " 能新增、修改和列出记录；`shape only` 只有响应格式正确，不保存任何改动。",
    en="List what is emulated, how surely, and how much of it.\n\n"
    "Without TEXT, one line for each family. TEXT is a family's name, or part of"
    " an endpoint's name, path or Chinese title.\n\n"
    "The basis of an endpoint is `documented` if Douyin's docs say how it"
    " behaves, `observed` if clients or recorded answers show it, `assumed` if we"
    " had to choose. Its state is `full`, `generic` if it makes, changes and"
    " lists records, or `shape only` if its answer has the right form, and"
    " nothing changes it.",
    example="mockdouyin endpoints coupons",
)
@click.argument("text", required=False, default="")
@option(
    "--all",
    "every",
    is_flag=True,
    zh="列出每个接口，而不是按分组汇总。",
    en="List every endpoint instead of the families.",
)
@as_json_option
@option("--markdown", is_flag=True, zh="输出 Markdown 表格。", en="Print Markdown tables.")
@option(
    "--postman",
    is_flag=True,
    zh="把常用接口输出成 Postman 集合，Apifox 也能导入。",
    en="Print the calls people use as a Postman collection, which Apifox imports too.",
)
@_scenario_option
def endpoints(
    text: str, *, every: bool, as_json: bool, markdown: bool, postman: bool, scenario: str
) -> None:
    """List what is emulated, how surely, and how much of it."""
    if postman:
        if text:
            raise UsageError(POSTMAN_TAKES_NO_TEXT())
        show_json(_ask("collection", scenario))
        return
    answer = _ask("world_endpoints", scenario)
    if text:
        answer = _having(answer, text)
    if as_json:
        show_json(answer)
    elif markdown:
        for line in coverage(answer, chosen_language()):
            click.echo(line)
    elif text or every:
        _show_endpoints(answer, scenario)
    else:
        _show_families(answer)


def _having(answer: Answer, text: str) -> Answer:
    """Return the endpoints of a family, or else those that have the text in them."""
    wanted = text.lower()
    rows = [row for row in answer["endpoints"] if family_of(row) == text]
    rows = rows or [row for row in answer["endpoints"] if wanted in _searched(row)]
    apis = [
        each for each in answer["phone"] if wanted in f"{each['name']} {each['about']}".lower()
    ]
    if not rows and not apis:
        hint = suggestion(text, answer["families"])
        raise UsageError(NOTHING_EMULATED(text=safe_repr(text), hint=hint))
    return {**answer, "endpoints": rows, "phone": apis}


def _searched(row: dict[str, Any]) -> str:
    return " ".join([row["name"], *row["paths"], row["title"], row["about"]]).lower()


def _show_families(answer: Answer) -> None:
    rows = answer["endpoints"]
    counted = Counter(family_of(row) for row in rows)
    cells = [(name, str(counted[name]), title) for name, title in answer["families"].items()]
    for line in table(cells):
        click.echo(line)
    click.echo()
    states = Counter(row["state"] for row in rows)
    told = ", ".join(f"{states[state]} {state}" for state in STATES)
    click.echo(say(_texts.ENDPOINTS_TOTAL, count=len(rows), states=told))
    click.echo(say(_texts.ENDPOINTS_MORE))


def _call(row: dict[str, Any], path: str) -> str:
    return f"{', '.join(row['methods'])} {path}"


def _show_endpoints(answer: Answer, scenario: str) -> None:
    cells = [
        (each["name"], each["basis"], each["state"], _call(each, path), each["title"])
        for each in answer["endpoints"]
        for path in each["paths"]
    ]
    lines = iter(table(cells, "  "))
    for family, members in groupby(answer["endpoints"], family_of):
        listed = list(members)
        hosts = ", ".join(dict.fromkeys(host for each in listed for host in each["hosts"]))
        of_scenario = say(_texts.DECLARED_BY, scenario=scenario)
        click.echo(f"{answer['families'][family]} ({hosts})" if hosts else of_scenario)
        for _ in (path for each in listed for path in each["paths"]):
            click.echo(next(lines))
        click.echo()
    if answer["phone"]:
        click.echo(say(_greeting_texts.ON_THE_PHONE))
    apis = [(each["name"].removeprefix("phone."), each["about"]) for each in answer["phone"]]
    for line in table(apis, "  "):
        click.echo(line)


@command(
    zh="列出可以触发的所有错误码。\n\n"
    "ENDPOINT 是 `mockdouyin endpoints` 里的接口名或路径，只列这个接口的；写错误码，"
    "就列出所有接口里的这个错误。写 tt API 的名称（如 phone.login）则列出它会传给"
    " `fail` 的错误。",
    en="List every error that can be provoked.\n\n"
    "ENDPOINT limits the list to one: a name as in `mockdouyin endpoints`, or a"
    " path. With a CODE it is that error of every endpoint, and with the name of"
    " a tt API, such as phone.login, what that passes to `fail`.",
    example="mockdouyin errors code_to_session",
)
@click.argument("endpoint", metavar="[ENDPOINT|CODE]", required=False, default="")
@as_json_option
@_scenario_option
def errors(endpoint: str, *, as_json: bool, scenario: str) -> None:
    """List every error that can be provoked."""
    is_code = endpoint.removeprefix("-").isdecimal() and len(endpoint) <= _MAX_CODE
    answer = _ask("world_errors", scenario, endpoint="" if is_code else endpoint)
    if is_code:
        answer = _with_code(answer, int(endpoint))
    if as_json:
        show_json(answer)
        return
    rows = answer["errors"]
    cells = [
        (str(row["code"]), row["name"], row["basis"], row["text"], _cause(row)) for row in rows
    ]
    lines = iter(table(cells, "  "))
    for name, cases in groupby(rows, lambda row: row["endpoint"]):
        click.echo(name)
        for _ in cases:
            click.echo(next(lines))
        click.echo()
    click.echo(_how_to_provoke(rows[-1]))


def _with_code(answer: Answer, code: int) -> Answer:
    """Return one error of all endpoints: what a client that has only the number looks for."""
    rows = [row for row in answer["errors"] if row["code"] == code]
    if not rows:
        raise MockDouyinError(NO_ERROR(code=str(code)))
    return {**answer, "errors": rows}


def _cause(row: dict[str, Any]) -> str:
    return say(_texts.ONLY_ON_DEMAND) if row["cause"] in ("", SYSTEM) else row["cause"]


def _how_to_provoke(row: dict[str, Any]) -> str:
    code, name = row["code"], row["endpoint"]
    if name.startswith("phone."):
        case, api = row["name"], name.removeprefix("phone.")
        rule = f"mockdouyin rule add '{{on: {name}, error: {case}, times: 1}}'"
        call = f"mockdouyin phone {api} --arg fail={case}"
        return _listed(_texts.HOW_TO_FAIL, {_texts.BY_RULE: rule, _texts.BY_CALL: call})
    ways = {
        _texts.BY_RULE: f"mockdouyin rule add '{{on: {name}, error: {code}, times: 1}}'",
        _texts.BY_HEADER: f"Aweme-Negative-Test: {code}",
        _texts.BY_PARAMETER: say(_texts.ANY_PARAMETER, value=f"mock-error-{code}"),
    }
    return _listed(_texts.HOW_TO_PROVOKE, ways)


def _listed(title: TextTemplate, ways: dict[TextTemplate, str]) -> str:
    return "\n".join(
        [say(title), *(f"  {padded(say(way), 13)}  {how}" for way, how in ways.items())]
    )
