"""Clients of many threads and processes, and connections that are used again."""

from __future__ import annotations

import json
import shutil
import sys

import pytest

from tests.cli.shell import run
from tests.clients.test_clients import HERE
from tests.intercept.users import ordinary
from tests.support.helpers import need


def test_nodes_threads_and_processes() -> None:
    """Node's worker threads, children and cluster are intercepted, and 200 calls at once."""
    need(shutil.which("node"), "node")
    done = run("run", "--", "node", str(HERE / "node" / "many.mjs"), before=ordinary())

    assert done.returncode == 0, done.stderr
    came = json.loads(done.stdout)
    assert came == {"thread": 10002, "child": 10002, "cluster": 10002, "together": [10002]}


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_pythons_threads_and_processes(method: str) -> None:
    """Python's threads and processes are intercepted, and 200 calls on one connection."""
    program = str(HERE / "python" / "many.py")
    done = run("run", "--", sys.executable, program, method, before=ordinary())

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [[10002]] * 3
