"""The table of docs/clients.md and of its Chinese twin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from tests.clients.watched import ABSOLUTE, BASE_URL, HOOK, HOSTS, PROXY

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGE, TWIN = DOCS / "clients.md", DOCS / "clients.zh.md"
TABLE = re.compile(r"(<!-- clients: [^\n]*-->\n).*?(<!-- /clients -->)", re.S)

HEAD = ["| client | version | way in | what it did |", "|---|---|---|---|"]
HEAD_IN_CHINESE = ["| 客户端 | 版本 | 接入途径 | 调用了哪些接口 |", "|---|---|---|---|"]

WAYS = {
    PROXY: "代理",
    ABSOLUTE: "代理（绝对地址）",
    HOOK: "Node 钩子",
    HOSTS: "hosts 文件",
    BASE_URL: "base URL",
}
"""The ways in, in Chinese."""

NAMES = {"'s ": " 的 ", ", trust_env off": "，关闭 trust_env", ", no Proxy": "，不设 Proxy"}
"""What is English in the clients' names."""


def write(rows: Sequence[str]) -> None:
    """Write the table of both pages."""
    chinese = [in_chinese(row) for row in rows]
    PAGE.write_text(_with_table(PAGE, [*HEAD, *rows]), "utf-8")
    TWIN.write_text(_with_table(TWIN, [*HEAD_IN_CHINESE, *chinese]), "utf-8")


def _with_table(page: Path, lines: Sequence[str]) -> str:
    table = "\n".join(lines) + "\n"
    return TABLE.sub(lambda match: match[1] + table + match[2], page.read_text("utf-8"))


def rows_of(page: Path) -> list[str]:
    """Return the rows of a page's table."""
    found = TABLE.search(page.read_text("utf-8"))
    assert found, page
    return found[0].splitlines()[3:-1]


def in_chinese(row: str) -> str:
    """Return a row as the Chinese page has it."""
    name, version, way, did = row.removeprefix("| ").removesuffix(" |").split(" | ")
    for english, chinese in NAMES.items():
        name = name.replace(english, chinese)
    cells = [name.replace(", ", "，"), version.replace(", ", "，"), WAYS[way]]
    return f"| {' | '.join([*cells, did.replace(', ', '、')])} |"
