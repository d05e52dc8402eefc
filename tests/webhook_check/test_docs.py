"""The page on the examination lists its probes. Run as a module it lists them anew."""

from __future__ import annotations

import re
from pathlib import Path

from mockdouyin.webhook_check.probes import PROBES

PAGE = Path(__file__).parent.parent.parent / "docs" / "check-webhook.md"
PART = re.compile(r"(<!-- probes: [^\n]*-->\n).*?(<!-- /probes -->)", re.S)


def fresh(text: str) -> str:
    """Return the page with a fresh list of probes."""
    rows = ["| probe | what is asked |", "|---|---|"]
    rows += [f"| `{probe.name}` | {probe.about.render('en')} |" for probe in PROBES]
    return PART.sub(lambda match: f"{match[1]}{chr(10).join(rows)}\n{match[2]}", text)


def test_the_page_lists_the_probes() -> None:
    """Every probe stands in the docs, in the words of its report."""
    text = PAGE.read_text(encoding="utf-8")

    assert PART.search(text)
    assert fresh(text) == text


if __name__ == "__main__":
    PAGE.write_text(fresh(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
