"""What mockdouyin costs a project that has it installed: the import and the pytest plugin."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.processes import python, run
from benchmarks.results import Measured, Row, at_most

ROWS: tuple[Row, ...] = (
    Row("import", "import mockdouyin", at_most(40, "ms")),
    Row("import_sandbox", "from mockdouyin import Sandbox", unit="ms", less=True),
    Row("plugin", "the pytest plugin, in a project that does not use it", at_most(5, "ms")),
)

_TIMED = """
import time
{before}
began = time.perf_counter()
{code}
print((time.perf_counter() - began) * 1000)
"""

_PLUGIN = """
import mockdouyin.pytest_plugin as plugin
config.pluginmanager.register(plugin, "mockdouyin")
"""
_PYTEST = """
import pytest, json, os, re, pathlib, inspect
from _pytest.config import get_config
config = get_config(["-p", "no:mockdouyin"])
"""

_CODE = (
    ("import", "", "import mockdouyin"),
    ("import_sandbox", "", "from mockdouyin import Sandbox"),
    ("plugin", _PYTEST, _PLUGIN),
)


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Time the import in fresh processes, after one that only writes bytecode."""
    for row, before, code in _CODE:
        if row in wanted:
            text = _TIMED.format(before=before, code=code)
            times = [
                float(run(python("-c", text), bench.cores.server))
                for _ in range(bench.size.starts + 1)
            ]
            yield Measured(row, tuple(times[1:]))
