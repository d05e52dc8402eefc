"""Headings and links of a Markdown page, and the anchors that code hosts give its headings."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"\s*(`{3,}|~{3,})")
HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
COMMENT = re.compile(r"<!--.*?-->", re.S)
LINK = re.compile(r"(!?)\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
TABLE_ROW = re.compile(r"^\|.*$", re.M)
CHINESE_LINE_END = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef])\n(?=[\u3000-\u9fff\uff00-\uffef])"
)
HTML_ANCHOR = re.compile(r"<[a-z]+ (?:[^<>\n]* )?(?:id|name)=\"([^\"\n]+)\"")
_NAMED_LINK = re.compile(r"\[([^\[\]]*)\]\([^)]*\)")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its line (counted from 0), and the anchor that leads to it."""

    line: int
    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Link:
    """A link or picture of a page; start and end are where its target stands in the text."""

    target: str
    is_picture: bool
    start: int
    end: int

    @property
    def is_external(self) -> bool:
        """Whether it leads to another host."""
        return bool(re.match(r"[a-z][a-z0-9+.-]*:|//", self.target))

    @property
    def path(self) -> str:
        """The path before the anchor; empty for a link within the page."""
        return self.target.partition("#")[0]

    @property
    def anchor(self) -> str:
        """What stands behind `#`."""
        return self.target.partition("#")[2]


def headings(text: str) -> list[Heading]:
    """Return the headings of a page, with the anchors that GitHub and Gitee give them."""
    found: list[Heading] = []
    taken: dict[str, int] = {}
    for number, line in enumerate(_blank(text, FENCE_ONLY).splitlines()):
        match = HEADING.match(line)
        if match is None:
            continue
        anchor = _anchor(match[2])
        repeated = taken.get(anchor, 0)
        taken[anchor] = repeated + 1
        name = f"{anchor}-{repeated}" if repeated else anchor
        found.append(Heading(number, len(match[1]), match[2], name))
    return found


def links(text: str) -> Iterator[Link]:
    """Yield the links and pictures of a page, other than those within code and comments."""
    for match in LINK.finditer(_blank(text, EVERYTHING)):
        yield Link(
            text[match.start(2) : match.end(2)], bool(match[1]), match.start(2), match.end(2)
        )


def anchors(text: str) -> set[str]:
    """Return all anchors of a page: those of its headings, and those set as HTML."""
    found = {match[1] for match in HTML_ANCHOR.finditer(_blank(text, EVERYTHING))}
    return found | {heading.anchor for heading in headings(text)}


def with_links(text: str, targets: dict[Link, str]) -> str:
    """Return a page in which some links lead elsewhere."""
    for link, target in sorted(targets.items(), key=lambda each: each[0].start, reverse=True):
        text = text[: link.start] + target + text[link.end :]
    return text


def unbroken(text: str) -> str:
    """Return a Chinese page without the line ends that a browser would show as spaces."""
    places = [found.start() for found in CHINESE_LINE_END.finditer(_blank(text, FENCE_ONLY))]
    for place in reversed(places):
        text = text[:place] + text[place + 1 :]
    return text


def with_braces(text: str) -> str:
    """Return a page in whose tables a brace is a letter: at a cell's end it sets attributes."""
    blanked = _blank(text, (CODE,))
    rows = TABLE_ROW.finditer(blanked)
    places = [row.start() + found.start() for row in rows for found in re.finditer("{", row[0])]
    for place in reversed(places):
        text = text[:place] + "&#123;" + text[place + 1 :]
    return text


def _anchor(heading: str) -> str:
    text = html.unescape(_NAMED_LINK.sub(r"\1", heading))
    return _NOT_IN_ANCHORS.sub("", text.lower()).replace(" ", "-")


FENCE_ONLY: tuple[re.Pattern[str], ...] = ()
EVERYTHING = (COMMENT, CODE)


def _blank(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    """Replace fenced blocks, and what matches, by spaces; every place stays where it is."""
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        match = FENCE.match(line)
        closes = bool(fence) and bool(match) and line.strip().startswith(fence)
        within = bool(fence)
        if match and not fence:
            fence = match[1]
        elif closes:
            fence = ""
        lines.append(_spaces(line) if within or match else line)
    blanked = "".join(lines)
    for pattern in patterns:
        blanked = pattern.sub(lambda found: _spaces(found[0]), blanked)
    return blanked


def _spaces(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
