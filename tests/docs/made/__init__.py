"""Pages and parts of pages that are made from the code, in English and Chinese.

A page of `docs/reference/` is made whole. A part of another page stands between the comments
`<!-- NAME … -->` and `<!-- /NAME -->`, in the page and in its Chinese twin. What needs a long run
(coverage, clients, benchmarks) is written by that run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from docsite.twins import english_of, in_chinese
from mockdouyin.core.texts import LANGUAGES, Language
from tests.docs.made import (
    commands,
    environment,
    errors,
    events,
    findings,
    index,
    operations,
    parts,
    probes,
    rules,
    settings,
)

DOCS = Path(__file__).resolve().parents[3] / "docs"
REFERENCE = DOCS / "reference"

MADE_BY = "made by `python -m tests.docs`"

PAGES: dict[str, Callable[[Language], str]] = {
    "index": index.page,
    "commands": commands.page,
    "operations": operations.page,
    "settings": settings.page,
    "rules": rules.page,
    "events": events.page,
    "errors": errors.page,
    "findings": findings.page,
    "probes": probes.page,
    "environment": environment.page,
}
"""What makes each page of the reference."""

_PART = re.compile(
    r"<!-- (?P<name>{})(?:[: ][^\n]*)? -->\n.*?<!-- (?:/[\w ]+|end) -->".format(
        "|".join(parts.PARTS)
    ),
    re.S,
)


def language_of(page: Path) -> Language:
    """Return the language of a page by its name."""
    return "en" if english_of(page) == page else "zh"


def path_of(name: str, language: Language) -> Path:
    """Return where a page of the reference is."""
    return REFERENCE / f"{name}{'.zh' if language == 'zh' else ''}.md"


def made_page(name: str, language: Language) -> str:
    """Return a page of the reference, as it has to be."""
    page = marked(PAGES[name](language))
    return in_chinese(page, path_of(name, language)) if language == "zh" else page


def marked(page: str) -> str:
    """Return a made page with a comment, below its title, that tells where it comes from."""
    title, _, body = page.partition("\n")
    comment = f"<!-- This page is {MADE_BY}: change the code that it is made from. -->"
    return f"{title}\n\n{comment}\n{body}"


def pages_with_parts() -> Iterator[Path]:
    """Iterate over the other pages that have made parts."""
    for page in sorted(DOCS.glob("*.md")):
        if _PART.search(page.read_text(encoding="utf-8")):
            yield page


def fresh(page: Path) -> str:
    """Return a page with its made parts anew."""
    language = language_of(page)

    def make(found: re.Match[str]) -> str:
        name = found["name"]
        return f"<!-- {name}: {MADE_BY} -->\n{parts.PARTS[name](language)}\n<!-- /{name} -->"

    return _PART.sub(make, page.read_text(encoding="utf-8"))


def write() -> None:
    """Write every made page, and every made part of the others."""
    REFERENCE.mkdir(exist_ok=True)
    for name in PAGES:
        for language in LANGUAGES:
            path_of(name, language).write_text(made_page(name, language), encoding="utf-8")
    for page in pages_with_parts():
        page.write_text(fresh(page), encoding="utf-8")
