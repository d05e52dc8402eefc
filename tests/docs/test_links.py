"""Links of every Markdown file of the repository, and the pages' twins in Chinese."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docsite.markdown import Link, anchors, headings, links
from docsite.twins import chinese_of, english_of, in_english
from tests.docs.pages import Block, essence
from tests.docs.pages import read as blocks

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FILES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob(".github/**/*.md"),
        *DOCS.rglob("*.md"),
        *(ROOT / "examples").rglob("*.md"),
    ]
)

HOSTS = {"keepachangelog.com", "semver.org"}
"""Where links out of the repository may lead."""

TEMPLATES = ROOT / ".github"
"""Where one page is in both languages."""

TWINS = [page for page in FILES if english_of(page) != page]
OUTSIDE_DOCS = [twin for twin in TWINS if not twin.is_relative_to(DOCS)]


def name(path: Path) -> str:
    """Return a file's path in the repository."""
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    """Return a page's text."""
    return path.read_text(encoding="utf-8")


def test_every_page_is_in_both_languages() -> None:
    """A page has a Chinese twin, and a Chinese page has its English one."""
    pages = {page for page in FILES if not page.is_relative_to(TEMPLATES)}
    originals = pages - {*TWINS}

    assert sorted(name(page) for page in originals if chinese_of(page) == page) == []
    assert sorted(name(twin) for twin in TWINS if english_of(twin) not in originals) == []


@pytest.mark.parametrize("twin", OUTSIDE_DOCS, ids=name)
def test_twins_lead_to_each_other(twin: Path) -> None:
    """Where no site has a switch, a page leads to its twin in its first lines."""
    original = english_of(twin)

    for page, other in ((twin, original), (original, twin)):
        head = "\n".join(read(page).splitlines()[:6])
        assert other.name in [each.target for each in leads(head)], name(page)


@pytest.mark.parametrize("twin", TWINS, ids=name)
def test_twins_have_the_same_headings(twin: Path) -> None:
    """A page and its twin have as many headings, of the same levels in the same order."""
    own, original = headings(read(twin)), headings(read(english_of(twin)))

    told = [f"{'#' * each.level} {each.text}" for each in own]
    assert [each.level for each in own] == [each.level for each in original], told


@pytest.mark.parametrize("twin", TWINS, ids=name)
def test_twins_have_the_same_links(twin: Path) -> None:
    """A page and its twin lead to the same places, whatever the order of the words."""
    original = english_of(twin)
    pairs = zip(headings(read(twin)), headings(read(original)), strict=True)
    renamed = {f"#{a.anchor}": f"#{b.anchor}" for a, b in pairs}

    assert sorted(renamed.get(each, each) for each in places(twin)) == sorted(places(original))


def places(page: Path) -> list[str]:
    """Return where a page's links lead: the English page, or the name of another host."""
    targets = leads(in_english(read(page), page))
    return [urlsplit(each.target).netloc if each.is_external else each.target for each in targets]


@pytest.mark.parametrize("twin", TWINS, ids=name)
def test_twins_have_the_same_blocks(twin: Path) -> None:
    """A page and its twin have blocks of the same languages and files.

    Commands that nothing runs differ in comments and Chinese words alone.
    """
    own, original = blocks(twin), blocks(english_of(twin))

    assert [shown(each) for each in own] == [shown(each) for each in original]


def shown(block: Block) -> tuple[str, ...]:
    """Return what a block has in common with that of the twin."""
    text = essence(block) if block.checked and block.language == "sh" else ""
    return block.language, block.title, block.file, text


def leads(text: str) -> list[Link]:
    """Return a page's links without its pictures, which may be of either language."""
    return [link for link in links(text) if not link.is_picture]


@pytest.mark.parametrize("twin", TWINS, ids=name)
def test_a_chinese_page_leads_to_chinese_pages(twin: Path) -> None:
    """On a code host a Chinese reader stays among Chinese pages, but for the page's own twin."""
    strays = [
        link.target
        for link in leads(read(twin))
        if not link.is_external
        and link.path
        and chinese_of(path := (twin.parent / link.path).resolve()) != path
        and path != english_of(twin)
    ]

    assert strays == []


@pytest.mark.parametrize("page", FILES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    """A link or picture names a file that is there, and an anchor that this file has."""
    dead = [link.target for link in links(read(page)) if not is_alive(link, page)]

    assert dead == []


def is_alive(link: Link, page: Path) -> bool:
    """Return whether a link leads somewhere; on another host, whether we know the host."""
    if link.is_external:
        parts = urlsplit(link.target)
        return (parts.scheme, parts.netloc) in {("https", host) for host in HOSTS}
    target = page.parent / link.path if link.path else page
    if not target.exists():
        return False
    return not link.anchor or link.anchor in anchors_of(target)


@cache
def anchors_of(page: Path) -> set[str]:
    """Return a page's anchors."""
    return anchors(read(page))


def test_a_dead_link_is_seen() -> None:
    """A file, an anchor or a host that is not there makes a link dead; code has no links."""
    page = DOCS / "index.md"
    text = (
        "[a](pytest.md) [b](absent.md) [c](pytest.md#absent) [d](https://example.com)"
        " [e](http://semver.org) `[f](absent.md)`\n```text\n[g](absent.md)\n```\n"
    )

    dead = [link.target for link in links(text) if not is_alive(link, page)]

    assert dead == ["absent.md", "pytest.md#absent", "https://example.com", "http://semver.org"]


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_a_readme_is_short(readme: str) -> None:
    """A README has at most 120 lines."""
    assert len(read(ROOT / readme).splitlines()) <= 120
