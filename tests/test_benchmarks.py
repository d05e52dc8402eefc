"""The benchmarks run, with hardly any load; their numbers are not checked here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import profile, report
from benchmarks.chinese import WHAT
from benchmarks.contenders import stock
from benchmarks.results import Measured, at_least, at_most, ratios
from benchmarks.rows import ROWS, dashboard
from tests.support.helpers import need

ROOT = Path(__file__).parent.parent


def bench(tmp_path: Path, rows: str, *options: str, **env: str) -> dict[str, Any]:
    """Measure rows with the least possible load; return the JSON of each."""
    need(sys.platform == "linux" and shutil.which("taskset"), "util-linux's taskset pins to cores")
    file = tmp_path / "found.json"
    command = [sys.executable, "-m", "benchmarks", "--quick", "--rows", rows, *options]
    done = subprocess.run(
        [*command, "--json", str(file)],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["rows"]
    assert set(found) == set(rows.split(","))
    return found


@pytest.mark.parametrize(
    "rows",
    [
        "idle,token,code",
        "start,loaded,stop",
        "import,import_sandbox,plugin",
        "world,thread,fixture",
        "sealed,user_info",
        "webhooks",
        "heaviest",
        "reading,reading_longest",
    ],
)
def test_rows_that_need_no_wrk(tmp_path: Path, rows: str) -> None:
    """Each of these rows is measured with nothing but what the project installs."""
    for name, each in bench(tmp_path, rows).items():
        assert not each["skipped"], name
        assert each["values"], name


@pytest.mark.parametrize("rows", ["full", "p99", "flat"])
def test_rows_that_load_a_server(tmp_path: Path, rows: str) -> None:
    """Under wrk every request is granted, with codes that work once."""
    need(shutil.which("wrk"), "apt-get install wrk")

    for name, each in bench(tmp_path, rows).items():
        assert not each["skipped"], name
        assert each["values"], name


DASHBOARD = ",".join(row.name for row in dashboard.ROWS)


def test_rows_that_open_the_dashboard(tmp_path: Path) -> None:
    """In a browser each wait ends, and the requests come as often as they should."""
    need(shutil.which("chromium"), "apt-get install chromium fonts-noto-cjk")

    for name, each in bench(tmp_path, DASHBOARD).items():
        assert not each["skipped"], name
        assert min(each["values"]) > 0, name


def test_without_a_browser_the_reason_is_told(tmp_path: Path) -> None:
    """The rows that need Chromium say how to install it."""
    found = bench(tmp_path, DASHBOARD, PATH=tools(tmp_path))

    reason = "this needs Chromium: apt-get install chromium fonts-noto-cjk"
    assert {each["skipped"] for each in found.values()} == {reason}


def tools(tmp_path: Path) -> str:
    """Return a PATH with what every row needs, and nothing else."""
    (tmp_path / "bin").mkdir()
    for tool in ("taskset", "setpriv"):
        installed = shutil.which(tool)
        need(installed, f"util-linux's {tool}")
        (tmp_path / "bin" / tool).symlink_to(str(installed))
    return str(tmp_path / "bin")


def test_without_wrk_the_reason_is_told(tmp_path: Path) -> None:
    """A row that cannot be measured says what is missing."""
    found = bench(tmp_path, "login,flat", PATH=tools(tmp_path))

    assert {each["skipped"] for each in found.values()} == {"this needs wrk: apt-get install wrk"}


@pytest.mark.parametrize("kind", ["login", "accept", *stock.LOADS])
def test_every_load_is_granted(kind: str) -> None:
    """The requests that are measured are those of a correct backend."""
    box, requests = profile.requests(kind, 3)

    expect = stock.LOADS[kind](box).expect if kind in stock.LOADS else stock.LOGIN.expect
    for request in requests:
        assert expect in box.handle(request).body.decode()


def test_a_goal_is_kept_by_the_median() -> None:
    """One good round does not make up for two bad ones; a contender has no goal to miss."""
    found = [Measured("login", ratios([1, 1, 3], [1, 1, 1])), Measured("bare", (0.1,))]
    found += [Measured("stop", (10.0, 20.0, 90.0)), Measured("world", skipped="no time")]

    assert report.missed(found) == ["login"]
    assert [str(at_least(1.25)), str(at_most(50, "ms"))] == ["≥ 1.25 ×", "≤ 50 ms"]


def test_a_row_that_was_not_measured_stays_in_the_docs() -> None:
    """Writing one row leaves what an earlier run wrote about the others."""
    page = "<!-- benchmarks: x -->\n<!-- /benchmarks -->\n"
    first = report.into(page, [Measured("stop", (10.0,), "quiet")], "one")

    both = report.into(first, [Measured("login", (1.5,))], "two")

    assert "| 10 ms | 10 ms | yes | quiet |" in both
    assert "| 1.50 × | 1.50 × | yes |  |" in both
    assert "; two." in both


def test_both_pages_are_written(tmp_path: Path) -> None:
    """A run writes its table into the page, and in Chinese into its twin."""
    page, twin = tmp_path / "page.md", tmp_path / "page.zh.md"
    page.write_text("# Speed\n<!-- benchmarks: x -->\n<!-- /benchmarks -->\n")
    twin.write_text("# 性能\n<!-- benchmarks: x -->\n<!-- /benchmarks -->\n")
    note = "1.92 × per CPU second; 32536 requests/s; wrk had no more to give"
    found = [Measured("login", (1.9,), note), Measured("stop", (60.0,), "Starlette 202 ms")]

    report.write(found, "3 rounds of 5 s for each contender, 10 requests for `flat`", page, twin)

    text = twin.read_text(encoding="utf-8")
    assert "；每个对象 3 轮，每轮 5 秒，`flat` 发送 10 个请求。" in text
    assert "| 1.90 × | 1.90 × | 是 | 每 CPU 秒 1.92 ×；32536 请求/秒；wrk 已到极限 |" in text
    assert "| ≤ 50 ms | 60 ms | 60 ms | **否** | Starlette 202 ms |" in text


def test_the_chinese_page_has_the_same_results() -> None:
    """The Chinese page's table is the English one, and nothing in it is left in English."""
    chinese = report.part_in_chinese(report.PAGE.read_text(encoding="utf-8"))

    assert chinese in report.TWIN.read_text(encoding="utf-8")
    said = re.sub(r"`[^`]*`|<!--.*?-->", "", chinese)
    assert re.findall(r"\b[a-z]{2,}[,;]? [a-z]{2,}\b", said) == []
    assert set(WHAT) == set(ROWS)


def test_the_docs_have_every_row() -> None:
    """The page on performance has a line for each row as it is declared, and names its module."""
    text = report.PAGE.read_text(encoding="utf-8")
    part = report.PART.search(text)

    assert part
    for row in ROWS.values():
        assert f"| `{row.name}` | {row.what} | {row.goal or ''} |" in part[0]
        assert text.count(f"`{row.name}`") >= 2, row.name
