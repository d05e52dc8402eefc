"""The twins of pages, and what a link is called in the other language.

A Chinese page leads to Chinese pages, by the anchors that a code host gives their headings. In the
site both twins of docs/ have one name and one anchor, the English: the reader's language decides.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docsite.markdown import Link, anchors, headings, links, with_links

CHINESE = ".zh.md"
"""How the Chinese pages of docs/ end."""

_ENDINGS = ((CHINESE, ".md"), (".zh-CN.md", ".md"))


def english_of(page: Path) -> Path:
    """Return the English page of which a page is the Chinese twin, or the page itself."""
    for chinese, english in _ENDINGS:
        if page.name.endswith(chinese):
            return page.with_name(page.name.removesuffix(chinese) + english)
    return page


def chinese_of(page: Path) -> Path:
    """Return the Chinese twin of an English page, or the page itself if it has none."""
    if english_of(page) != page:
        return page
    names = [page.name.removesuffix(english) + chinese for chinese, english in _ENDINGS]
    twins = [page.with_name(name) for name in names if page.name.endswith(".md")]
    return next((twin for twin in twins if twin.exists()), page)


def in_chinese(text: str, page: Path) -> str:
    """Return a page's text whose links lead to the Chinese twins of where they lead."""
    return _relinked(text, page, chinese_of)


def in_english(text: str, page: Path) -> str:
    """Return a page's text whose links lead to the English twins of where they lead."""
    return _relinked(text, page, english_of)


def in_site(text: str, page: Path) -> str:
    """Return a page's text whose links to pages of docs/ call them as the site does."""
    return _relinked(text, page, lambda to: english_of(to) if to.name.endswith(CHINESE) else to)


def _relinked(text: str, page: Path, twin_of: Callable[[Path], Path]) -> str:
    targets: dict[Link, str] = {}
    for link in links(text):
        path = page.parent / link.path
        twin = twin_of(path)
        if not link.is_external and link.path and twin != path:
            folder = link.path.rpartition("/")[:2]
            anchor = f"#{_anchor_in(link.anchor, path, twin)}" if link.anchor else ""
            targets[link] = "".join((*folder, twin.name, anchor))
    return with_links(text, targets)


def _anchor_in(anchor: str, page: Path, twin: Path) -> str:
    """Return the anchor that a place of a page has in its twin; one set as HTML is the same."""
    own, other = (each.read_text(encoding="utf-8") for each in (page, twin))
    if anchor in anchors(other):
        return anchor
    pairs = zip(headings(own), headings(other), strict=False)
    return next((b.anchor for a, b in pairs if a.anchor == anchor), anchor)
