"""Write docs/coverage.md, and the totals of the READMEs: what is emulated, and who calls it.

Run as a module: `python -m tests.clients.sdk.coverage`. The official SDK is driven for it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from mockdouyin import Sandbox
from mockdouyin.cli._coverage import coverage
from mockdouyin.control.client import LocalControl
from tests.clients.sdk.endpoints import endpoint_of
from tests.clients.sdk.run import ROOT, Driven, drive

PART = re.compile(r"(<!-- coverage: [^\n]*-->\n).*?(<!-- /coverage -->)", re.S)

TOTALS = {
    "README.md": (
        "{all} endpoints in {families} families: {full} are `full`, {generic} `generic`,"
        " {shape} `shape only`. In CI, ByteDance's own Node SDK calls all {sdk} operations that"
        " it has, and {well} answer well.\n"
    ),
    "README.zh-CN.md": (
        "共 {families} 组 {all} 个接口：{full} 个 `full`，{generic} 个 `generic`，"
        "{shape} 个 `shape only`。CI 中用字节官方 Node SDK 调用它的全部 {sdk} 个接口，"
        "{well} 个返回正常。\n"
    ),
}


def pages(driven: Driven) -> dict[Path, str]:
    """Return the pages as they should be after a run of the SDK."""
    answer = LocalControl(Sandbox()).operation("endpoints")
    well = [name for name, error in driven.errors.items() if not error]
    made = {"docs/coverage.md": _tables(answer, driven, well)}
    states = Counter(row["state"] for row in answer["endpoints"])
    for page, text in TOTALS.items():
        made[page] = text.format(
            all=len(answer["endpoints"]),
            families=len(answer["families"]),
            full=states["full"],
            generic=states["generic"],
            shape=states["shape only"],
            sdk=len(driven.methods),
            well=len(well),
        )
    return {ROOT / page: _having(ROOT / page, part) for page, part in made.items()}


def _tables(answer: Any, driven: Driven, well: list[str]) -> str:
    found = (endpoint_of(driven.methods[name]) for name in well)
    by_sdk = {endpoint.full_name for endpoint in found if endpoint is not None}

    def driven_by(row: dict[str, Any]) -> str:
        return "SDK, tests" if row["name"] in by_sdk else "tests"

    told = f"Of the SDK's {len(driven.methods)} operations, {len(well)} answer well."
    return "\n".join([told, "", *coverage(answer, driven_by)]) + "\n"


def _having(page: Path, part: str) -> str:
    return PART.sub(lambda found: found[1] + part + found[2], page.read_text("utf-8"))


def main() -> None:
    """Drive the SDK, and write the pages."""
    with tempfile.TemporaryDirectory() as folder:
        driven = drive(Path(folder))
    for name, error in driven.errors.items():
        if error:
            sys.stderr.write(f"{name}: {error}\n")
    for page, text in pages(driven).items():
        page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
