"""A snippet that does not hold is found, and the failure names page, line and what is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs import checks, shell
from tests.docs.pages import PageError, news, read
from tests.docs.python_blocks import run_python


def page(folder: Path, text: str, name: str = "page.md") -> Path:
    """Write a page whose first line is line 1."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def block(language: str, *lines: str, marker: str = "") -> str:
    """Return a block whose fence is in line 2, under its marker or an empty line."""
    return "\n".join([marker, f"```{language}", *lines, "```", ""])


CHECKED = "<!-- checked: it needs a cluster -->"
FILE = "<!-- examples/login.sh -->"
MISTAKES = {
    "no language": (block("", "x"), "page.md:2: the block needs a language"),
    "unknown language": (block("cobol", "x"), "page.md:2: the language cobol is none of "),
    "unread language": (block("powershell", "ls"), "page.md:2: nothing here reads powershell: "),
    "unknown marker": (block("sh", "true", marker="<!-- skip -->"), "page.md:2: the comment is"),
    "no reason": (block("sh", "true", marker="<!-- checked: -->"), "page.md:2: the comment is"),
    "no file": (block("sh", "x", marker="<!-- no/such.sh -->"), "page.md:2: there is no file no/"),
    "other lines": (block("sh", "set -eu", "ls", marker=FILE), "has not these lines in a row"),
    "not run": (block("text", "# Changes", marker="<!-- CHANGELOG.md -->"), "no test names CHA"),
    "never run": (block("java", "class A {}"), "page.md:2: nothing runs java: "),
    "shell": (block("sh", "true", "if true", marker=CHECKED), "page.md:4: no shell command: "),
    "open quote": (block("sh", "echo 'a", "b"), "page.md:3: no shell command: "),
    "command": (block("sh", "mockdouyin cod", marker=CHECKED), "page.md:3: mockdouyin: no comm"),
    "option": (
        block("sh", "mockdouyin code --plan", marker=CHECKED),
        "page.md:3: mockdouyin: No such option",
    ),
    "deep option": (block("sh", "A=1 mockdouyin clock advance --x"), "page.md:3: "),
    "inner": (
        block("sh", 'if eval "$(.venv/bin/mockdouyin enw)"; then ls; fi'),
        "no command 'enw'",
    ),
    "value": (block("sh", "x | mockdouyin env --shell tcsh"), "'tcsh' is not one of"),
    "argument": (block("sh", "mockdouyin decrypt", marker=CHECKED), "Missing argument 'DATA'"),
    "target": (block("sh", "make love", marker=CHECKED), "page.md:3: the Makefile has no target"),
    "endpoint": (
        block("yaml", "name: x", "rules:", "  - {on: client_tokn, error: 10003}"),
        "page.md:5:",
    ),
    "rule": (block("yaml", "on: client_token", "eror: 1"), "page.md:4:"),
    "rules": (block("yaml", "- {on: client_token, error: 1}"), "page.md:3:"),
    "no yaml": (block("yaml", "a: 1", "b: [", marker=CHECKED), "page.md:5: no YAML: "),
    "compose": (
        block("yaml", "services:", "  douyin:", "    imag: x", marker=CHECKED),
        "page.md:2: $.services.douyin: ",
    ),
    "workflow": (
        block("yaml", "on: push", "jobs: {a: {runs-on: x, steps: [{rn: ls}]}}", marker=CHECKED),
        "page.md:2: $.jobs.a.steps[0]: ",
    ),
    "kubernetes": (
        block("yaml", "apiVersion: v1", "kind: Pod", marker=CHECKED),
        "page.md:2: $: 'metadata' is a required property",
    ),
    "json": (block("json", "{", '"a": 1,', "}"), "page.md:5: no JSON: "),
    "toml": (block("toml", "a = "), "page.md:2: no TOML: "),
    "xml": (block("xml", "<a>"), "page.md:2: no XML: "),
    "python": (block("python", "a = (", "b", marker=CHECKED), "page.md:3: no Python: "),
    "js": (block("js", "let a = ;"), "page.md:2: node: "),
    "php": (block("php", "<?php", "if (", marker=CHECKED), "page.md:2: php: "),
    "go": (block("go", "package main", "func {", marker=CHECKED), "page.md:2: gofmt: "),
    "java": (block("java", "class A { int }", marker=CHECKED), "page.md:2: javac: "),
    "nginx": (block("nginx", "server { lissen 1; }"), 'unknown directive "lissen"'),
}


def problems(path: Path) -> str:
    """Return what is wrong with the blocks of a page."""
    found = []
    for each in read(path):
        try:
            checks.check(each)
        except PageError as error:
            found.append(str(error))
    return "\n".join(found)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_block_that_is_not_what_it_says(tmp_path: Path, name: str) -> None:
    """Each mistake is told with page and line."""
    text, told = MISTAKES[name]

    assert told in problems(page(tmp_path, text))


RUNS = {
    "exit code": (["true", "ls /nowhere"], r"page\.md:4: exit code 2\n.*/nowhere"),
    "in a pipe": (["false | cat"], r"page\.md:3: exit code 1"),
    "unset": (["echo $KEY"], r"page\.md:3: exit code \d+\n.*KEY: unbound"),
    "in several lines": (["for a in 1 2", "do ls /nowhere", "done"], r"page\.md:3: exit code 2"),
    "output": (
        ["mockdouyin code --plain  # → tt.login"],
        r"page\.md:3: not in what it prints: tt",
    ),
    "another exit code": (["exit 3  # exit code 1 if so"], r"page\.md:3: exit code 3"),
    "refused": (["curl http://127.0.0.1:8600/_mock/nothing"], r"page\.md:3: exit code 22\n.*404"),
    "server": (["mockdouyin serve --scenario nosuch"], r"page\.md:3: the server ended\n.*nosuch"),
    "what stays": (
        ["mkfifo gate", "{ exec 9>gate; nosuch; } &", "cat gate  # until it has ended"],
        r"page\.md:4: exit code 127\n.*nosuch",
    ),
}


@pytest.mark.parametrize("name", RUNS)
def test_a_command_that_fails(tmp_path: Path, name: str) -> None:
    """What fails is told with page, line, exit code and what was printed."""
    lines, told = RUNS[name]
    blocks = read(page(tmp_path, block("sh", *lines)))

    with pytest.raises(PageError) as failure:
        shell.run_page(blocks, tmp_path)

    assert re.match(told, str(failure.value), re.S), failure.value


def test_a_command_that_does_not_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for ever is ended, and told."""
    monkeypatch.setattr(shell, "PATIENCE", 3)
    with pytest.raises(PageError, match=r"page\.md:3: it has not ended in 3 s"):
        shell.run_page(read(page(tmp_path, block("sh", "tail -f /dev/null"))), tmp_path)


PYTHON = {
    "a test": (["def test_it(douyin):", "    assert douyin.url == 1"], "line_2.py:4: in test_it"),
    "a script": (["a = 1", "a.b()"], "page.md:4: in <module>"),
    "a fixture": (["douyin.clock.advence('1s')"], "page.md:3: in <module>"),
}


@pytest.mark.parametrize("name", PYTHON)
def test_python_that_fails(tmp_path: Path, name: str) -> None:
    """What fails is told with the line that it has on the page."""
    lines, told = PYTHON[name]
    (tmp_path / "run").mkdir()

    with pytest.raises(PageError) as failure:
        run_python(read(page(tmp_path, block("python", *lines))), tmp_path / "run")

    assert str(failure.value).startswith("page.md:2: Python fails")
    assert told in str(failure.value)


def test_a_twin_has_the_same_blocks(tmp_path: Path) -> None:
    """Comments and Chinese words may differ; anything else is a block to be run by itself."""
    english = read(page(tmp_path, block("sh", "mockdouyin code  # a login  ", "ls 小明 # → a")))
    same = read(page(tmp_path, block("sh", "mockdouyin code # 登录", "ls 小红 # → a")))
    other = read(page(tmp_path, block("sh", "mockdouyin code # 登录", "ls 小红 # → b")))

    assert news(same, english) == []
    assert news(other, english) == other


def test_what_a_page_shows_is_there(tmp_path: Path) -> None:
    """A file with a title, a scenario and an example lie in the folder in which commands run."""
    text = (
        block('json title="a.json"', "{}")
        + block("yaml", "name: my-own")
        + block("sh", "set -eu", marker="<!-- examples/login.sh -->")
        + block("sh", "mockdouyin scenarios lint my-own.yaml", "ls a.json login.sh")
    )
    blocks = read(page(tmp_path, text))
    assert len(blocks) == 4

    shell.run_page(blocks, tmp_path)
