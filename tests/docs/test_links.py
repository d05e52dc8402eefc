"""Links of every Markdown file of the repository, and the pages' twins in Chinese."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from docsite.markdown import Link, anchors, headings, links
from docsite.twins import chinese_of, english_of, in_english

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

FOR_CONTRIBUTORS = {"architecture.md"}
"""Pages in English alone."""

HOSTS = {"keepachangelog.com", "semver.org"}
"""Where links out of the repository may lead."""

TWINS = [page for page in FILES if page.name.endswith(".zh.md")]
CHINESE = [page for page in FILES if english_of(page) != page]


def name(path: Path) -> str:
    """Return a file's path in the repository."""
    return path.relative_to(ROOT).as_posix()


def read(path: Path) -> str:
    """Return a page's text."""
    return path.read_text(encoding="utf-8")


def test_every_page_is_in_both_languages() -> None:
    """A page of the docs has a Chinese twin, and a Chinese page has its English one."""
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")}
    chinese = {page.removesuffix(".zh.md") + ".md" for page in pages if page.endswith(".zh.md")}
    originals = {page for page in pages if not page.endswith(".zh.md")}

    assert originals - chinese == FOR_CONTRIBUTORS
    assert chinese <= originals


@pytest.mark.parametrize("twin", TWINS, ids=name)
def test_twins_have_the_same_headings(twin: Path) -> None:
    """A page and its twin have as many headings, of the same levels in the same order."""
    own, original = headings(read(twin)), headings(read(english_of(twin)))

    told = [f"{'#' * each.level} {each.text}" for each in own]
    assert [each.level for each in own] == [each.level for each in original], told


@pytest.mark.parametrize("twin", TWINS, ids=name)
def test_twins_have_the_same_links(twin: Path) -> None:
    """A page and its twin lead to the same places, whatever the order of the words."""
    own, original = headings(read(twin)), headings(read(english_of(twin)))
    renamed = {f"#{a.anchor}": f"#{b.anchor}" for a, b in zip(own, original, strict=True)}
    targets = [
        renamed.get(each.target, each.target) for each in leads(in_english(read(twin), twin))
    ]

    assert sorted(targets) == sorted(each.target for each in leads(read(english_of(twin))))


def leads(text: str) -> list[Link]:
    """Return a page's links without its pictures, which may be of either language."""
    return [link for link in links(text) if not link.is_picture]


@pytest.mark.parametrize("twin", CHINESE, ids=name)
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
