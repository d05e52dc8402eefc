"""What a test costs: a world, the fixture, a server in a thread."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.bench import Bench
from benchmarks.processes import python, run
from benchmarks.results import Measured, Row, at_most

ROWS: tuple[Row, ...] = (
    Row("world", "a test's world made and dropped", at_most(1, "ms")),
    Row("fixture", "100 tests with the fixture, more than 100 empty ones", at_most(0.1, "s")),
    Row("thread", "a server in a thread, started and stopped", at_most(5, "ms")),
)

_TESTS = 100


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Time what the fixtures do, then pytest as a whole."""
    if wanted & {"world", "thread"}:
        for row, times in bench.inside("worlds", repeats=bench.size.repeats // 10).items():
            if row in wanted:
                yield Measured(row, tuple(times), f"the median of {len(times)}")
    if "fixture" in wanted:
        yield _fixture(bench)


def inside(repeats: int) -> dict[str, list[float]]:
    """Return the milliseconds of each."""
    from mockdouyin import Sandbox
    from mockdouyin.control.client import LocalControl
    from mockdouyin.server.serving import ThreadedServer

    control = LocalControl(Sandbox())

    def world() -> None:
        made: dict[str, Any] = control.operation("create_world", body={"name": "test"})
        control.operation("drop_world", world=made["world"])

    def thread() -> None:
        with ThreadedServer():
            pass

    return {"world": _times(world, repeats), "thread": _times(thread, max(5, repeats // 10))}


def _times(act: Callable[[], None], count: int) -> list[float]:
    times = []
    for _ in range(count + 1):
        began = time.perf_counter()
        act()
        times.append((time.perf_counter() - began) * 1000)
    return times[1:]  # the first call imports what it needs


def _fixture(bench: Bench) -> Measured:
    files = {name: _write(bench, name) for name in ("", "douyin")}
    seconds: dict[str, list[float]] = {name: [] for name in files}
    for _ in range(bench.size.starts + 1):
        for name, file in files.items():
            seconds[name].append(_pytest(bench, file))
    more = tuple(a - b for a, b in zip(seconds["douyin"], seconds[""], strict=True))[1:]
    return Measured("fixture", more, f"{median(seconds['']):.2f} s for the empty ones")


def _write(bench: Bench, fixture: str) -> Path:
    """Write a test file into a folder of its own, where this project's settings do not apply."""
    folder = bench.fleet.path(f"tests-{fixture}")
    folder.mkdir()
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    tests = "".join(f"def test_{n}({fixture}):\n    pass\n\n" for n in range(_TESTS))
    (folder / "test_some.py").write_text(tests, encoding="utf-8")
    return folder


def _pytest(bench: Bench, folder: Path) -> float:
    command = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder)
    command += ["-p", "mockdouyin.pytest_plugin", folder]
    began = time.perf_counter()
    # No other pytest plugins, whatever happens to be installed here.
    run(command, bench.cores.server, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    return time.perf_counter() - began
