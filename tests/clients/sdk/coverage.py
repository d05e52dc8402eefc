"""Write docs/coverage.md, its Chinese twin, and the totals of the READMEs: what is emulated.

Run as a module: `python -m tests.clients.sdk.coverage`. The official SDK is driven for it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mockdouyin import Sandbox
from mockdouyin.cli._coverage import coverage
from mockdouyin.control.client import LocalControl
from mockdouyin.core.texts import Language
from tests.clients.sdk.endpoints import endpoint_of
from tests.clients.sdk.run import ROOT, Driven, drive

PART = re.compile(r"(<!-- coverage: [^\n]*-->\n).*?(<!-- /coverage -->)", re.S)

PAGES: dict[Language, str] = {"en": "docs/coverage.md", "zh": "docs/coverage.zh.md"}

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
    made = {page: _tables(answer, driven, well, language) for language, page in PAGES.items()}
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


TOLD: dict[Language, str] = {
    "en": "Of the SDK's {all} operations, {well} answer well.",
    "zh": "官方 SDK 的 {all} 个接口，{well} 个返回正常。",
}

DEVIATIONS: dict[Language, str] = {
    "en": """## Where an answer differs from the docs

By choice: docs, samples and SDK contradict each other or say nothing, or emulation stops there.
The reasons are in Chinese, as they stand in the catalogue's files.

| reason | operations |
|---|---|""",
    "zh": """## 与文档不一致的地方

有意为之：文档、示例和 SDK 互相矛盾或没有说明，或者模拟到此为止。

| 原因 | 接口 |
|---|---|""",
}


def _tables(answer: Any, driven: Driven, well: list[str], language: Language) -> str:
    found = (endpoint_of(driven.methods[name]) for name in well)
    by_sdk = {endpoint.full_name for endpoint in found if endpoint is not None}
    both = {"en": "SDK, tests", "zh": "SDK、测试"}[language]
    alone = {"en": "tests", "zh": "测试"}[language]

    def driven_by(row: dict[str, Any]) -> str:
        return both if row["name"] in by_sdk else alone

    told = TOLD[language].format(all=len(driven.methods), well=len(well))
    lines = [told, "", *coverage(answer, language, driven_by), "", *_deviations(answer, language)]
    return "\n".join(lines) + "\n"


def _deviations(answer: Any, language: Language) -> Iterator[str]:
    """Yield the table of reasons that the catalogue's files give, each with its operations."""
    by_reason: dict[str, list[str]] = {}
    for row in answer["endpoints"]:
        if row["note"]:
            by_reason.setdefault(row["note"].strip(), []).append(f"`{row['name']}`")
    yield DEVIATIONS[language]
    for reason, names in by_reason.items():
        yield f"| {reason} | {', '.join(names)} |"


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
