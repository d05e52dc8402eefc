"""The packages whose protocol-level parts are used: the oldest and the newest that are allowed."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from tests.support.helpers import need

ROOT = Path(__file__).parent.parent
TESTED = ("uvicorn", "httptools", "h11", "msgspec", "starlette", "uvloop", "hiredis")
"""A subclass of uvicorn's protocol reads what httptools parses; the others are used widely."""

TELLING = (
    "server/test_connections.py",
    "server/test_faults.py",
    "intercept/test_proxy.py::test_pipelining",
    "intercept/test_proxy.py::test_a_body_in_chunks",
    "intercept/test_proxy.py::test_expect_100_continue",
    "intercept/test_proxy.py::test_the_wire_fails_under_tls",
    "delivery/test_sender.py",
    "redis_store/test_async_protocol.py::test_requests_in_one_piece_are_answered_in_order",
)
"""Keep-alive, pipelining, chunks, Expect, upgrades, faults, TLS, posting, and Redis."""


def requirements() -> Iterator[Requirement]:
    """Yield what pyproject.toml says of each."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for text in (*project["dependencies"], *project["optional-dependencies"]["redis"]):
        requirement = Requirement(text)
        if requirement.name in TESTED:
            yield requirement


def oldest(requirement: Requirement) -> str:
    """Return the requirement of the oldest version that is allowed."""
    [version] = [each.version for each in requirement.specifier if each.operator == ">="]
    return f"{requirement.name}=={version}"


def newest(requirement: Requirement) -> str:
    """Return the requirement of the newest version that is allowed."""
    return f"{requirement.name}{requirement.specifier}"


def run(*args: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run Python with a folder of packages before all others."""
    paths = [*([str(path)] if path else []), str(ROOT)]
    return subprocess.run(
        [sys.executable, *args],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ranges_have_two_ends() -> None:
    """Each has a version from which on, and one before which."""
    found = {each.name: {one.operator for one in each.specifier} for each in requirements()}

    assert found == {name: {">=", "<"} for name in TESTED}


@pytest.mark.parametrize("choose", [oldest, newest])
def test_an_end_of_the_ranges(choose: object, tmp_path: Path) -> None:
    """With all of them at one end of their ranges, the server and the senders work."""
    assert callable(choose)
    wanted = [choose(each) for each in requirements()]
    pip = ("-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:")
    installed = run(*pip, "--target", str(tmp_path), *wanted)
    need(installed.returncode == 0, f"pip has to find {wanted}: {installed.stderr[-500:]}")
    names = [each.partition("-")[0] for each in os.listdir(tmp_path) if "dist-info" in each]
    assert sorted(names) == sorted(TESTED)
    where = run("-c", "import uvicorn; print(uvicorn.__file__)", path=tmp_path)
    assert where.stdout.startswith(str(tmp_path)), where.stderr

    tests = run(
        *("-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"),
        *(f"tests/{each}" for each in TELLING),
        path=tmp_path,
    )

    assert tests.returncode == 0, tests.stdout[-3000:] + tests.stderr[-1000:]


def test_no_private_part_of_uvicorns_is_used() -> None:
    """Our subclasses neither call nor replace what is private to the protocol."""
    private = {
        name
        for kind in (HttpToolsProtocol, RequestResponseCycle)
        for name in vars(kind)
        if name.startswith("_") and not name.startswith("__")
    }
    assert private
    for file in [*ROOT.glob("mockdouyin/server/*.py"), *ROOT.glob("mockdouyin/intercept/*.py")]:
        tree = ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        used = {
            each.attr if isinstance(each, ast.Attribute) else each.name
            for each in tree
            if isinstance(each, ast.Attribute | ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert not used & private, file
