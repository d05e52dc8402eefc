"""Everything that the command line prints exists in Chinese and English."""

from __future__ import annotations

import ast
import inspect
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import click
import httpx
import pytest
from click.testing import CliRunner

import mockdouyin
from mockdouyin.cli import cli
from mockdouyin.cli._commands import Command
from mockdouyin.cli._help import Option, help_text
from mockdouyin.cli._language import find_language
from mockdouyin.cli._usage_errors import CLICKS_MESSAGES, in_chinese
from mockdouyin.core.columns import width_of
from tests.cli.conftest import complaint_of, invoke, lines_of
from tests.cli.shell import serve
from tests.cli.test_commands import EVERY

CHINESE = re.compile("[一-鿿]")
WIDTH = 80
paths = pytest.mark.parametrize("path", EVERY, ids=lambda path: path or "mockdouyin")


def options_of(command: click.Command) -> list[click.Option]:
    """Return the options that a command declares."""
    return [each for each in command.params if isinstance(each, click.Option)]


@paths
def test_help_of_commands_and_options_has_two_languages(path: str) -> None:
    """A command and each of its options say in both languages what they are for."""
    command = EVERY[path]
    options = options_of(command)

    assert all(isinstance(each, Option) for each in options)
    for about in (command.about, *(each.about for each in options if isinstance(each, Option))):
        assert CHINESE.search(about["zh"])
        assert not CHINESE.search(re.sub("（[^）]*）|\\([^)]*\\)|小.", "", about["en"]))
        assert about["zh"] != about["en"]
        assert not re.search("您|进行", about["zh"])


@paths
@pytest.mark.parametrize("language", ["zh", "en"])
def test_help_fits_a_terminal(path: str, language: str) -> None:
    """No line is wider than 80 columns, the example aside; columns begin at the same place."""
    lines = help_text(cli, path, "zh" if language == "zh" else "en", WIDTH).splitlines()

    assert [line for line in lines[:-1] if width_of(line) > WIDTH] == []
    begins = {
        width_of(found[1])
        for line in lines[:-1]
        if (found := re.match(r"( {2}-\S+(?: \S+)*? {2,})\S", line))
    }
    assert len(begins) == 1


@paths
def test_chinese_help_has_no_english_headings(path: str) -> None:
    """The words around the help are Chinese too."""
    text = help_text(cli, path, "zh", WIDTH)

    assert text.startswith("用法：mockdouyin")
    assert "\n选项：\n" in text
    assert "\n示例：\n" in text
    for english in ("Usage", "Options:", "Commands:", "Example", "default:", "env var:", "Show "):
        assert english not in text


@paths
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_of_commands_shows_whole_sentences(path: str, language: str) -> None:
    """What stands beside a command in a list is not cut, and fits on its line."""
    command = EVERY[path]
    if not isinstance(command, click.Group):
        return
    column = 2 + max(map(len, command.list_commands(click.Context(command)))) + 2
    text = help_text(cli, path, "zh" if language == "zh" else "en", WIDTH)
    listed = text.split("命令：\n" if language == "zh" else "Commands:\n")[1].split("\n\n")[0]

    assert all(not line.startswith(" " * column) for line in listed.splitlines())
    assert "..." not in listed


@pytest.mark.parametrize(
    "args",
    ["--lang zh clock --help", "clock --lang zh --help", "clock --lang=zh --help"],
)
def test_the_option_is_before_or_after_the_command(args: str) -> None:
    """`--lang` chooses the language of help, wherever it stands."""
    assert lines_of(*args.split())[0].startswith("用法：mockdouyin clock")


def test_the_variable_chooses(monkeypatch: pytest.MonkeyPatch) -> None:
    """MOCKDOUYIN_LANG wins over the locale, and --lang over both."""
    monkeypatch.setenv("MOCKDOUYIN_LANG", "zh")
    assert lines_of("clock", "--help")[0].startswith("用法：")
    assert lines_of("clock", "--lang", "en", "--help")[0].startswith("Usage: ")

    monkeypatch.delenv("MOCKDOUYIN_LANG")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert lines_of("clock", "--help")[0].startswith("用法：")


def test_a_variable_that_names_no_language_leaves_it_to_the_locale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`cn` in MOCKDOUYIN_LANG is no language: the locale chooses, as if it were not set."""
    monkeypatch.setenv("MOCKDOUYIN_LANG", "cn")
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert lines_of("clock", "--help")[0].startswith("用法：")

    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert lines_of("clock", "--help")[0].startswith("Usage: ")


def test_the_command_of_run_keeps_its_own_option() -> None:
    """`--lang` of the command that `run` starts is not ours."""
    run = EVERY["run"]

    context = run.make_context("run", ["--", "tool"])
    assert find_language(context, ["tool", "--lang", "zh"]) is None
    assert find_language(context, ["--port", "0", "--lang", "zh", "tool"]) == "zh"


@pytest.mark.parametrize(
    ("args", "says"),
    [
        ("--bogus", "没有选项 '--bogus'；见 `mockdouyin --help`"),
        ("code --persn x", "没有选项 '--persn'（是否应为 '--person'？）；见 `mockdouyin code"),
        ("check-webhook x", "检查 'app' 类型的接收端，需要 `secret`（命令行里是 --secret）"),
        ("clok", "没有命令 'clok'（是否应为 clock？）；见 `mockdouyin --help`"),
        ("rule remove", "没有命令 'remove'（可用的有：add、check、clear、list、off、on）；见"),
        ("--url http://x code", "没有选项 '--url'，它写在子命令后面，如 `mockdouyin code"),
        ("rule add on: client_token", "RULE 要写成一个参数，用单引号括起来；见"),
        ("rule add {on: x, error: -1}", "RULE 要写成一个参数，用单引号括起来；见"),
        ("serve --host 192.0.2.1", "无法监听 192.0.2.1:8600：--host 必须是本机的地址"),
        ("rule add on", "无法解析规则（1:1: 应为对象，实际是文本）；请写成 {on: client_token"),
        ("phone", "缺少子命令；见 `mockdouyin phone --help`"),
        ("serve --port many", "'--port' 的值不对：'many' 不是整数；见 `mockdouyin serve --help`"),
        ("serve --port 70000", "'--port' 的值不对：70000 超出范围 0<=x<=65535；"),
        ("serve --seed", "选项 '--seed' 缺少值；见 `mockdouyin serve --help`"),
        ("show", "缺少参数 'ID|LOGID'；见 `mockdouyin show --help`"),
        ("env --shell nush", "'--shell' 的值不对：'nush' 不在可选值之内：'sh'、'fish'、"),
        ("reset now", "多余的参数：now；见 `mockdouyin reset --help`"),
        ("decrypt --private-key /no/such x", "'--private-key' 的值不对：没有文件 '/no/such'；"),
        ("code --plain --csv", "--plain 和 --csv 不能同时使用；见 `mockdouyin code --help`"),
        ("serve --app x", "--app 的格式是 KEY:SECRET 或 KEY:SECRET:KIND；密钥里没有冒号；"),
        ("scenarios show flaki", "没有场景 'flaki'（是否应为 flaky-login？）"),
        ("clock --url http://127.0.0.1:9", "http://127.0.0.1:9 没有服务响应"),
        ("check-webhook http://127.0.0.1:9/ --kind x", "没有 'x' 这种接收端（"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(args: str, says: str) -> None:
    """Usage errors, click's own too, and other errors are Chinese for --lang zh."""
    assert complaint_of("--lang", "zh", *args.split()).startswith(says)


def test_every_message_of_clicks_is_one_of_this_version() -> None:
    """What is recognised is what the installed click says, word for word."""
    sources = "".join(
        inspect.getsource(module)
        for module in (click.core, click.exceptions, click.parser, click.types)
    )
    code = ast.parse(sources.replace("from __future__ import annotations", ""))
    constants = (node.value for node in ast.walk(code) if isinstance(node, ast.Constant))
    literals = {each for each in constants if isinstance(each, str)}
    joined = re.compile(r"File |Directory |Path |Missing (argument|option) |\. Did you|\. \(Did")
    ours = {
        "{value!r} is not a number",
        "{value!r}: {message}",
        "No such file or directory",
        "Is a directory",
    }
    names = {"integer range", "float range", "Permission denied"}

    unknown = [
        message
        for message in CLICKS_MESSAGES
        if message not in literals | ours | names and not joined.search(message)
    ]
    assert unknown == []


def test_an_unknown_message_stays_as_it_is() -> None:
    """A message that click has not had yet is shown in English rather than not at all."""
    assert in_chinese("Something new.") == "Something new."


def test_lint_in_chinese(tmp_path: Path) -> None:
    """The mistakes of a scenario are told in Chinese, each with its place."""
    file = tmp_path / "story.yaml"
    file.write_text(
        "name: x\nabout:\nrules:\n  - {on: notfy, error: 1}\n  - {on: notify, times: many}\n"
        "settings: {limits: 1, foo: 2}\n"
    )

    result = CliRunner().invoke(cli, ["scenarios", "lint", "--lang", "zh", str(file)])

    assert result.exit_code == 2
    told = [line.removeprefix(f"{file}:") for line in result.stderr.splitlines()]
    assert told[0] == "2:7: about 应为：文本，实际是：空值"
    assert told[1] == "4:10: on 有误：没有接口 'notfy'（是否应为 notify？）"
    assert told[2].endswith('times 应为：整数，实际是："many"')
    assert told[3] == '6:20: limits 应为：enforce 或 off，实际是：1；请加引号："1"'
    assert told[4].startswith("6:23: 没有 foo 这个键（可用的有：app_token_lifetime、")


def test_a_good_scenario_in_chinese() -> None:
    """A file without mistakes is said to have none."""
    assert lines_of("scenarios", "lint", "--lang", "zh", "default") == ["default：没有错误"]


ROOT = Path(mockdouyin.__file__).parent
PRINTS = {"echo", "print_error", "fail", "UsageError"}
LITERALS = {
    "core/catalogue.py": "raised on import: two endpoints of our own have one name or path",
    "core/codec.py": "a bug of ours: a record that cannot be encoded",
    "core/endpoint.py": "raised on import: two error cases of our own have one name",
    "core/events.py": "raised on import: two events of our own have one name",
    "core/plans.py": "raised on import: two plans of our own have one name",
    "endpoints/declared/family.py": "raised on import: a file of our own is wrong",
    "inproc/__init__.py": "raised on import of a door whose library is missing",
    "cli/_options.py": "raised as click does, and recognised by `in_chinese`",
    "cli/person.py": "the head of a CSV file",
    "pytest_plugin.py": "a failure of pytest's, which speaks English",
    "cli/trigger.py": "a method of HTTP",
}
"""Modules with English literals that are raised or printed, and why they stay."""


def error_names(trees: dict[Path, ast.Module]) -> set[str]:
    """Return MockDouyinError and the names of all classes derived from it."""
    names = {"MockDouyinError"}
    classes = [
        (node.name, {ast.unparse(base) for base in node.bases})
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    ]
    while found := {name for name, bases in classes if bases & names} - names:
        names |= found
    return names


def is_english(node: ast.expr) -> bool:
    """Whether a literal has words in it."""
    if isinstance(node, ast.JoinedStr):
        return any(is_english(each) for each in node.values if isinstance(each, ast.Constant))
    return isinstance(node, ast.Constant) and bool(re.search("[A-Za-z]{3}", str(node.value)))


def literals() -> Iterator[str]:
    """Yield where a literal in one language is raised as an error, or printed."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in ROOT.rglob("*.py")}
    names = error_names(trees) | PRINTS
    for path, tree in trees.items():
        where = path.relative_to(ROOT).as_posix()
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in names and is_english(node.args[0]) and where not in LITERALS:
                yield f"{where}:{node.lineno} {ast.unparse(node)}"


def test_nothing_is_raised_or_printed_in_one_language() -> None:
    """No error is raised with an English literal, and no command prints one."""
    assert list(literals()) == []


def test_commands_are_of_our_class() -> None:
    """No command was made by click's own decorator, which knows one language."""
    assert all(isinstance(each, Command) for each in EVERY.values())
    assert invoke("--lang", "zh").output.startswith("用法：")


def test_a_port_in_use_is_told_in_chinese() -> None:
    """Why an address cannot be listened on is Chinese, too."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        says = complaint_of("--lang", "zh", "serve", "--port", port)

    assert says.startswith(f"无法监听 127.0.0.1:{port}：端口已被占用；")
    assert "the port" not in says


def test_a_moved_clock_is_told_in_chinese(tmp_path: Path) -> None:
    """The lines of `serve` say in Chinese that their time is not the real one."""
    with serve(tmp_path, "--lang", "zh") as served:
        httpx.post(f"{served.url}/_mock/clock/advance", json={"by": "1h"})
        served.prints("（时钟被调过）")

    assert "moved" not in served.out


def test_the_greeting_is_chinese(tmp_path: Path) -> None:
    """What `serve` prints at its start is Chinese where --lang says so."""
    with serve(tmp_path, "--lang", "zh") as served:
        served.prints("按 Ctrl-C 停止")
        greeting = served.out

    assert "正在监听 http://127.0.0.1:" in greeting
    assert "用户  小明、小红、老王、Anna" in greeting
    assert not re.search("listens|people|secret", greeting.partition("curl")[0])
