"""The pages of the docs, and the fenced blocks in them.

`python -m tests.docs.pages` lists the blocks that are only checked, and why.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)

_FENCE = re.compile(r"(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
_COMMENT = re.compile(r"\s*<!-- *(.*?) *-->\s*$")
_FILE = re.compile(r"[\w./-]+\.\w+")
_GENERATED = re.compile(r"/\w|end$|.*made by ")
"""Comments around the parts of a page that a program writes: they say nothing of a block."""


class PageError(Exception):
    """A block of a page does not hold; the text names page and line."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    page: Path
    line: int
    """The line of its fence, from 1: the first line of its text is the next one."""
    language: str
    text: str
    title: str = ""
    """The name of the file that it shows, if its fence has one: ```python title="shop.py"."""
    file: str = ""
    """The file of this repository in which it stands."""
    checked: str = ""
    """Why it is only checked, and not run."""
    mistake: str = ""
    """What is wrong with its fence, or with the comment above it."""

    @property
    def where(self) -> str:
        """The page and the line, as an editor opens them."""
        return f"{name_of(self.page)}:{self.line}"


def name_of(page: Path) -> str:
    """Return the name of a page from the root of the repository."""
    return str(page.relative_to(ROOT)) if page.is_relative_to(ROOT) else page.name


def read(page: Path) -> list[Block]:
    """Return the blocks of a page in their order."""
    return list(_blocks(page, page.read_text(encoding="utf-8").splitlines()))


def _blocks(page: Path, lines: list[str]) -> Iterator[Block]:
    numbered = iter(enumerate(lines, 1))
    for number, line in numbered:
        fence = _FENCE.match(line)
        if not fence:
            continue
        body: list[str] = []
        for _, inner in numbered:
            if inner.strip() == fence["ticks"]:
                break
            body.append(inner)
        else:
            raise PageError(f"{name_of(page)}:{number}: the block has no end")
        before = lines[number - 2] if number > 1 else ""
        yield _block(page, number, fence["info"], before, body)


def _block(page: Path, number: int, info: str, before: str, body: list[str]) -> Block:
    language, _, rest = info.strip().partition(" ")
    title = re.search(r'title="([^"/]+)"', rest)
    file, checked, mistake = _marker(before)
    if not re.fullmatch(r"[a-z]+", language):
        mistake = "the block needs a language after its fence; output is `text`"
    return Block(
        page=page,
        line=number,
        language=language,
        text=textwrap.dedent("\n".join(body) + "\n"),
        title=title[1] if title else "",
        file=file,
        checked=checked,
        mistake=mistake,
    )


def _marker(before: str) -> tuple[str, str, str]:
    """Return the file that a comment above a block names, why it is only checked, or a mistake."""
    comment = _COMMENT.match(before)
    if not comment or _GENERATED.match(comment[1]):
        return "", "", ""
    kind, _, why = comment[1].partition(":")
    if kind == "checked" and why.strip():
        return "", why.strip(), ""
    if _FILE.fullmatch(comment[1]):
        return comment[1], "", ""
    return "", "", f"the comment is neither a file nor `checked: WHY`: {comment[1]}"


_WORDS = re.compile(r"[\u2010-\u2027\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
_REMARKS = {"js": r"(^|\s)//.*", "mjs": r"(^|\s)//.*", "java": r"(^|\s)//.*", "go": r"(^|\s)//.*"}
_REMARK = r"(^|\s)#(?! →).*"


def essence(block: Block) -> str:
    """Return what the twins of a block have in common: no comments, no Chinese, no spacing."""
    text = re.sub(_REMARKS.get(block.language, _REMARK), "", block.text, flags=re.M)
    return "".join(_WORDS.sub("", text).split())


def news(blocks: list[Block], original: list[Block]) -> list[Block]:
    """Return the blocks of a twin that are not those of the original.

    The commands of a page belong together: if one of them differs, all are new.
    """
    known = {(block.language, essence(block)) for block in original}
    shell, shell_there = (
        [essence(b) for b in each if b.language == "sh"] for each in (blocks, original)
    )
    return [
        block
        for block in blocks
        if (
            shell != shell_there
            if block.language == "sh"
            else (block.language, essence(block)) not in known
        )
    ]


def save_files(blocks: Sequence[Block], folder: Path) -> None:
    """Save what a page shows as a file: by its title, the file it stands in, a scenario's name."""
    for block in blocks:
        if block.title:
            (folder / block.title).write_text(block.text, encoding="utf-8")
        elif block.file:
            shutil.copy(ROOT / block.file, folder)
        elif block.language == "yaml" and not block.checked:
            named = re.match(r"name: ([\w-]+)$", block.text, re.M)
            if named:
                (folder / f"{named[1]}.yaml").write_text(block.text, encoding="utf-8")


def checked() -> Iterator[str]:
    """Yield a line for each block that is only checked: where it is, and why."""
    for page in PAGES:
        for block in read(page):
            if block.checked:
                yield f"{block.where}  {block.language}  {block.checked}\n"


if __name__ == "__main__":
    sys.stdout.writelines(checked())
