"""The page on the examination lists its probes. Run as a module it lists them anew."""

from __future__ import annotations

import re
from pathlib import Path

from mockdouyin.webhook_check.kinds import KINDS

PAGE = Path(__file__).parent.parent.parent / "docs" / "check-webhook.md"
PART = re.compile(r"(<!-- probes of (\w+): [^\n]*-->\n).*?(<!-- /probes -->)", re.S)


def fresh(text: str) -> str:
    """Return the page with a fresh list of the probes of each kind."""
    return PART.sub(lambda match: f"{match[1]}{rows(match[2])}\n{match[3]}", text)


def rows(kind: str) -> str:
    """Return the table of a kind's probes."""
    probes = KINDS[kind].probes
    lines = ["| probe | what is asked |", "|---|---|"]
    lines += [f"| `{probe.name}` | {probe.about.render('en')} |" for probe in probes]
    return "\n".join(lines)


def test_the_page_lists_the_probes() -> None:
    """Every probe of every kind stands in the docs, in the words of its report."""
    text = PAGE.read_text(encoding="utf-8")

    assert {match[2] for match in PART.finditer(text)} == set(KINDS)
    assert fresh(text) == text


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
