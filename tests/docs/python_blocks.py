"""The Python of a page: its tests are run by pytest, and so is what is no test."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import environment
from tests.docs.forking import client
from tests.docs.pages import Block, PageError, name_of, save_files

SERVER = "http://127.0.0.1:8600"
FIXTURES = ("douyin", "douyin_httpx", "douyin_requests", "douyin_respx")

BODY = """
from pathlib import Path

def test_snippet({fixtures}):
    source = Path({source!r}).read_text(encoding="utf-8")
    exec(compile(source, {page!r}, "exec"), {{"__name__": "__main__", **locals()}})
"""


def run_python(blocks: Sequence[Block], folder: Path) -> None:
    """Run each block by itself; raise PageError with what pytest says of those that fail."""
    own = [b for b in blocks if b.language == "python" and not (b.checked or b.file)]
    if not own:
        return
    save_files([b for b in blocks if not b.file and b.language != "python"], folder)
    program = folder / "pytest"
    program.write_text(client("pytest"), encoding="utf-8")
    with ExitStack() as servers:
        for block in own:
            text = block.text
            if SERVER in text:
                text = text.replace(SERVER, servers.enter_context(ThreadedServer()).url)
            _write(block, "\n" * block.line + text, folder)
        done = subprocess.run(
            [
                *(sys.executable, "-SE", str(program), "-q", "--tb=short", "--no-header"),
                *("-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(folder)),
                str(folder),
            ],
            cwd=folder,
            env=environment(PYTHONDONTWRITEBYTECODE="1"),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    if done.returncode:
        said = done.stdout + done.stderr
        lines = ", ".join(str(b.line) for b in own if _name(b) in said) or own[0].line
        raise PageError(f"{name_of(own[0].page)}:{lines}: Python fails\n{said}")


def _name(block: Block) -> str:
    page = re.sub(r"\W", "_", name_of(block.page))
    return f"test_{page}_line_{block.line}"


def _write(block: Block, text: str, folder: Path) -> None:
    """Write a file for pytest in which each line has the number that it has on the page."""
    place = folder / f"{_name(block)}.py"
    if re.search(r"^(async )?def test_|^class Test", text, re.M):
        place.write_text(text, encoding="utf-8")
        return
    source = place.with_suffix(".txt")
    source.write_text(text, encoding="utf-8")
    fixtures = ", ".join(name for name in FIXTURES if re.search(rf"\b{name}\b", text))
    place.write_text(
        BODY.format(fixtures=fixtures, source=str(source), page=name_of(block.page)),
        encoding="utf-8",
    )
