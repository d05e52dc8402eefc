"""The page on the examination lists its probes. Run as a module it lists them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockdouyin.core.texts import Language
from mockdouyin.webhook_check.kinds import KINDS

DOCS = Path(__file__).parent.parent.parent / "docs"
PAGES: dict[Language, Path] = {"en": DOCS / "check-webhook.md", "zh": DOCS / "check-webhook.zh.md"}
HEADS: dict[Language, str] = {"en": "| probe | what is asked |", "zh": "| 检查项 | 问的是什么 |"}
PART = re.compile(r"(<!-- probes of (\w+): [^\n]*-->\n).*?(<!-- /probes -->)", re.S)


def fresh(text: str, language: Language) -> str:
    """Return the page with a fresh list of the probes of each kind."""
    return PART.sub(lambda match: f"{match[1]}{rows(match[2], language)}\n{match[3]}", text)


def rows(kind: str, language: Language) -> str:
    """Return the table of a kind's probes."""
    lines = [HEADS[language], "|---|---|"]
    lines += [f"| `{each.name}` | {each.about.render(language)} |" for each in KINDS[kind].probes]
    return "\n".join(lines)


@pytest.mark.parametrize("language", PAGES)
def test_the_page_lists_the_probes(language: Language) -> None:
    """Every probe of every kind stands in the docs, in the words of its report."""
    text = PAGES[language].read_text(encoding="utf-8")

    assert {match[2] for match in PART.finditer(text)} == set(KINDS)
    assert fresh(text, language) == text


if __name__ == "__main__":
    for language, page in PAGES.items():
        page.write_text(fresh(page.read_text(encoding="utf-8"), language), encoding="utf-8")
