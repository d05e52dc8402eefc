"""The house rules that a linter does not know."""

from __future__ import annotations

import ast
import email
import importlib
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import mockdouyin
from docsite.markdown import headings, links

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "mockdouyin"
MODULES = sorted(PACKAGE.rglob("*.py"))


def python(*code: str, cwd: Path | None = None, path: str = "") -> str:
    """Run code in a fresh interpreter and give what it prints."""
    environment = {"PYTHONPATH": path, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(code)],
        capture_output=True,
        text=True,
        cwd=cwd,
        env=environment if path else None,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_public_names_are_those_listed() -> None:
    """`__all__` is sorted, and every name in it is there and comes from where it says."""
    assert mockdouyin.__all__ == sorted(mockdouyin.__all__)
    for name in set(mockdouyin.__all__) - {"__version__"}:
        value = getattr(mockdouyin, name)
        assert value.__name__ == name
        assert value.__module__.startswith("mockdouyin.")
    with pytest.raises(AttributeError, match="Sandboxx"):
        mockdouyin.Sandboxx  # noqa: B018


def test_what_was_tested_is_allowed() -> None:
    """Every dependency has a floor, and the version that was tested is not below it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    tested = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().splitlines()
        if "==" in line
    )
    wanted = {need.name: need.specifier for need in map(Requirement, project["dependencies"])}

    for name, specifier in wanted.items():
        assert specifier.contains(tested[name.lower()]), name
        assert any(each.operator == ">=" for each in specifier), name


@pytest.mark.parametrize(("name", "flawed"), [("jinja2", "3.1.5"), ("starlette", "0.49.0")])
def test_versions_with_known_holes_are_refused(name: str, flawed: str) -> None:
    """No version of a library is allowed whose holes are published."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (found,) = [each for each in map(Requirement, project["dependencies"]) if each.name == name]

    assert not found.specifier.contains(flawed)


def test_importing_loads_no_framework() -> None:
    """A sandbox is made without a web framework, an event loop, Faker or the YAML schema."""
    heavy = ["starlette", "uvicorn", "asyncio", "faker", "click", "pytest", "jsonschema"]
    heavy += ["httpx2", "jinja2", "segno"]
    loaded = python(
        "import sys, mockdouyin",
        "mockdouyin.Sandbox()",
        f"print(*[name for name in {heavy} if name in sys.modules])",
    )

    assert loaded.split() == []


def test_a_sandbox_knows_every_kind_of_record() -> None:
    """What was written can be read by a server that has only just begun: no kind loads later."""
    told = python(
        "import importlib, pkgutil, mockdouyin",
        "from mockdouyin.core import codec",
        "mockdouyin.Sandbox()",
        "known = set(codec.kinds())",
        "for part in ('core', 'domain', 'endpoints', 'phone', 'scenario', 'sandbox'):",
        "    package = importlib.import_module(f'mockdouyin.{part}')",
        "    for each in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):",
        "        importlib.import_module(each.name)",
        "print(len(known), *set(codec.kinds()) - known)",
    )

    assert int(told) > 30


def test_the_plugin_costs_nothing_unused() -> None:
    """A project that does not use the fixtures loads nothing of ours but the plugin."""
    loaded = python(
        "import sys, mockdouyin.pytest_plugin",
        "print(*[name for name in sys.modules if name.startswith('mockdouyin.')])",
    )

    assert loaded.split() == ["mockdouyin.pytest_plugin"]


def _types_read(tree: ast.AST) -> Iterator[ast.expr]:
    """Give the type of each call that has msgspec read one."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not ast.unparse(node.func).startswith("msgspec."):
            continue
        name = ast.unparse(node.func).rpartition(".")[2]
        yield from (each.value for each in node.keywords if each.arg == "type")
        if name in ("convert", "Decoder"):
            yield from node.args[1 if name == "convert" else 0 :][:1]


def test_types_are_built_by_one_thread() -> None:
    """Whatever msgspec reads as a type goes through what keeps threads apart."""
    found = {
        f"{module.relative_to(PACKAGE)}: {ast.unparse(kind)}"
        for module in MODULES
        if module.name != "typed.py"
        for kind in _types_read(ast.parse(module.read_text(encoding="utf-8")))
        if not ast.unparse(kind).startswith("thread_safe(")
    }

    assert found == set()


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_modules_say_what_they_hold(module: Path) -> None:
    """Every module begins with one sentence on what it holds."""
    docstring = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")))

    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("module", MODULES, ids=lambda m: str(m.relative_to(PACKAGE)))
def test_functions_are_short(module: Path) -> None:
    """No function is longer than 50 lines."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    long = [
        f"{node.name}: {lines}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > 50
    ]

    assert long == []


def readme(name: str = "README.md") -> str:
    """Give a README's text."""
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_shows_the_example_as_it_is(name: str) -> None:
    """The READMEs' test is the file that runs in this suite."""
    shown = re.search(r"<!-- (tests/examples/\S+) -->\n```python\n(.*?)```", readme(name), re.S)
    assert shown is not None
    source = (ROOT / shown[1]).read_text(encoding="utf-8")

    assert source.partition('"""\n\n')[2] == shown[2]


def test_the_docs_name_every_command() -> None:
    """Every command of the command line stands in the README or on a page of the docs."""
    commands = importlib.import_module("mockdouyin.cli").COMMANDS
    docs = "".join(page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md"))
    pages = readme() + docs
    missing = [each for each in commands if not re.search(rf"(`|mockdouyin ){each}\b", pages)]

    assert len(commands) > 15
    assert missing == []


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and unpack it."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def test_the_wheel_has_every_scenario_and_fixture(wheel: Path) -> None:
    """The wheel holds every file of scenarios/ and fixtures/."""
    for name in ("scenarios", "fixtures"):
        here = {p.relative_to(ROOT / name) for p in (ROOT / name).rglob("*") if p.is_file()}
        there = wheel / "mockdouyin" / name
        assert {p.relative_to(there) for p in there.rglob("*") if p.is_file()} == here


def test_the_wheel_has_every_page(wheel: Path) -> None:
    """The wheel holds what the pages are made from."""
    files = [path for path in (PACKAGE / "server" / "pages").iterdir() if path.is_file()]

    assert {path.suffix for path in files} == {".py", ".html", ".css", ".json"}
    for path in files:
        assert (wheel / "mockdouyin" / path.relative_to(PACKAGE)).is_file()


def test_the_wheel_has_the_dashboard(wheel: Path) -> None:
    """The wheel holds every file of the dashboard, which no module of ours imports."""
    folder = PACKAGE / "server" / "dashboard"
    files = [path for path in folder.rglob("*") if path.is_file()]

    assert {path.suffix for path in files} == {".html", ".js", ".css", ".json", ".svg"}
    for path in files:
        assert (wheel / "mockdouyin" / path.relative_to(PACKAGE)).is_file()


def test_the_description_needs_no_repository(wheel: Path) -> None:
    """What a package index shows is the README without its picture and relative links."""
    [file] = wheel.glob("*.dist-info/METADATA")
    metadata = email.message_from_string(file.read_text(encoding="utf-8"))
    description = metadata.get_payload()

    assert metadata["Description-Content-Type"] == "text/markdown"
    assert isinstance(description, str)
    assert [each.target for each in links(description) if not each.is_external] == []
    assert not re.search(r"!\[|<!--|\]\((?!https:)", description)
    sections = [each.text for each in headings(readme())]
    assert [each.text for each in headings(description)] == sections
    assert "curl http://127.0.0.1:8600/oauth/client_token/" in description


def test_the_wheel_works_from_any_folder(wheel: Path, tmp_path: Path) -> None:
    """What the wheel brings works alone, wherever it is run from."""
    printed = python(
        "import mockdouyin",
        "from mockdouyin.scenario.scenario_files import names",
        "sandbox = mockdouyin.Sandbox(mockdouyin.Scenario.load('flaky-login'))",
        "print(mockdouyin.__file__, len(names()), next(iter(sandbox.default.people)))",
        cwd=tmp_path,
        path=str(wheel),
    )

    where, count, first = printed.split()
    assert where.startswith(str(wheel))
    assert int(count) == len(list((ROOT / "scenarios").glob("*.yaml")))
    assert first == "小明"
