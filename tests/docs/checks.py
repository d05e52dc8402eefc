"""What a block is checked for without running it, by its language."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import textwrap
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from mockdouyin import Sandbox
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.scenario import Scenario
from tests.docs import commands, schemas
from tests.docs.pages import ROOT, Block, PageError, name_of
from tests.support.helpers import need

Check = Callable[[Block], None]


def check(block: Block) -> None:
    """Raise PageError if a block is not what its language, its file or its marker says."""
    if block.mistake:
        raise PageError(f"{block.where}: {block.mistake}")
    if block.file:
        check_file(block)
    elif block.language == "text" or (block.checked and block.language in UNCHECKED):
        return
    elif block.language not in CHECKS:
        raise PageError(f"{block.where}: {_unknown(block.language)}")
    elif block.checked:
        CHECKS[block.language](block)
    elif block.language == "yaml":
        lint(block)
    elif block.language in NEVER_RUN:
        raise PageError(
            f"{block.where}: nothing runs {block.language}: above the block, name the file in "
            "which it stands and that a test runs, or say why it is `checked:` only"
        )
    else:
        CHECKS[block.language](block)


def _unknown(language: str) -> str:
    if language in UNCHECKED:
        return f"nothing here reads {language}: say above the block why it is `checked:` only"
    return f"the language {language} is none of {', '.join(sorted([*CHECKS, *UNCHECKED, 'text']))}"


def check_file(block: Block) -> None:
    """A block stands in its file, whole and as it is, and a test runs that file."""
    path = ROOT / block.file
    if not path.is_file():
        raise PageError(f"{block.where}: there is no file {block.file}")
    whole = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
    lines = [line.strip() for line in block.text.splitlines()]
    if not any(whole[at : at + len(lines)] == lines for at in range(len(whole))):
        absent = next((line for line in lines if line not in whole), lines[0])
        raise PageError(f"{block.where}: {block.file} has not these lines in a row, as: {absent}")
    if not is_run(path):
        raise PageError(f"{block.where}: no test names {block.file}")


def is_run(path: Path) -> bool:
    """Tell whether a file is one of tests, or is named by one."""
    tests = ROOT / "tests"
    if path.is_relative_to(tests) and path.name.startswith("test_"):
        return True
    return any(
        path.name in test.read_text(encoding="utf-8")
        for test in (tests / "examples").rglob("*.py")
    )


def lint(block: Block) -> None:
    """A block of YAML is a scenario, a part of one, or rules."""
    try:
        Sandbox(Scenario.parse(as_scenario(block), name_of(block.page)))
    except MockDouyinError as error:
        said = str(error)
        where = "" if said.startswith(name_of(block.page)) else f"{block.where}: "
        raise PageError(f"{where}{said}") from None


def as_scenario(block: Block) -> str:
    """Return a scenario with the block in it, on the lines that it has on its page."""
    document = _yaml(block)
    if isinstance(document, list):
        return "\n" * (block.line - 1) + f"rules:\n{block.text}name: snippet\n"
    if not isinstance(document, dict):
        raise PageError(f"{block.where}: neither a scenario nor rules")
    if "on" in document:
        text = f"- {textwrap.indent(block.text, '  ').lstrip()}"
        return "\n" * (block.line - 1) + f"rules:\n{text}name: snippet\n"
    name = "" if "name" in document else "name: snippet\n"
    return "\n" * block.line + block.text + name


class _Plain(yaml.SafeLoader):
    """YAML in which `on` is a word, as a workflow of GitHub and a rule have it."""


_Plain.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def _yaml(block: Block) -> object:
    documents = _documents(block)
    return documents[0] if len(documents) == 1 else None


def _documents(block: Block) -> list[object]:
    try:
        return list(yaml.load_all(block.text, _Plain))
    except yaml.MarkedYAMLError as error:
        line = block.line + 1 + (error.problem_mark.line if error.problem_mark else 0)
        raise PageError(f"{name_of(block.page)}:{line}: no YAML: {error.problem}") from None


def check_yaml(block: Block) -> None:
    """YAML, and if it is of a kind that is known, what that kind needs."""
    for document in _documents(block):
        mistake = schemas.mistake_in(document)
        if mistake:
            raise PageError(f"{block.where}: {mistake}")


def check_json(block: Block) -> None:
    """One JSON document."""
    try:
        json.loads(block.text)
    except json.JSONDecodeError as error:
        line = block.line + error.lineno
        raise PageError(f"{name_of(block.page)}:{line}: no JSON: {error.msg}") from None


def check_toml(block: Block) -> None:
    """TOML."""
    try:
        tomllib.loads(block.text)
    except tomllib.TOMLDecodeError as error:
        raise PageError(f"{block.where}: no TOML: {error}") from None


def check_xml(block: Block) -> None:
    """One XML document."""
    try:
        ET.fromstring(block.text)
    except ET.ParseError as error:
        raise PageError(f"{block.where}: no XML: {error}") from None


def check_python(block: Block) -> None:
    """Python."""
    try:
        ast.parse(block.text)
    except SyntaxError as error:
        line = block.line + (error.lineno or 1)
        raise PageError(f"{name_of(block.page)}:{line}: no Python: {error.msg}") from None


def by_program(suffix: str, words: Sequence[str], install: str, frame: str = "BLOCK") -> Check:
    """Return a check by a program that reads the block from a file; `{}` in its words is that."""

    def run(block: Block) -> None:
        need(shutil.which(words[0]), install)
        with TemporaryDirectory(prefix="mockdouyin-snippet-") as folder:
            place = Path(folder) / f"Snippet{suffix}"
            place.write_text(frame.replace("BLOCK", block.text), encoding="utf-8")
            done = subprocess.run(
                [word.replace("{}", str(place)).replace("{folder}", folder) for word in words],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            said = (done.stderr + done.stdout).replace(str(place), "line").strip()
            raise PageError(f"{block.where}: {words[0]}: {said}")

    return run


JAVAC = ("javac", "-proc:none", "-XDshould-stop.ifNoError=PARSE")  # its libraries are not here
NGINX = "daemon off; pid nginx.pid; error_log stderr; events {} http { access_log off; BLOCK }"

CHECKS: dict[str, Check] = {
    "sh": commands.check,
    "python": check_python,
    "yaml": check_yaml,
    "json": check_json,
    "toml": check_toml,
    "xml": check_xml,
    "js": by_program(".mjs", ["node", "--check", "{}"], "nodejs"),
    "mjs": by_program(".mjs", ["node", "--check", "{}"], "nodejs"),
    "java": by_program(".java", [*JAVAC, "-d", "{folder}", "{}"], "a JDK"),
    "php": by_program(".php", ["php", "-l", "{}"], "php-cli"),
    "go": by_program(".go", ["gofmt", "-e", "{}"], "golang-go"),
    "nginx": by_program(
        ".conf",
        ["nginx", "-t", "-p", "{folder}", "-e", "stderr", "-c", "{}"],
        "nginx-light",
        NGINX,
    ),
}
"""How a block of each language is checked."""

NEVER_RUN = {"java", "php", "go"}
"""Languages that a page alone does not run."""

UNCHECKED = {"dockerfile", "groovy", "html", "ini", "kotlin", "powershell", "properties", "ts"}
"""Languages that nothing here reads: such a block says why, or names its file."""
