"""What the pages of the docs name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def test_promises_have_their_tests() -> None:
    """Every test that the page on security names is there."""
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text())

    assert len(named) > 20
    for file, function in named:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {function}(" in text or not function, f"{file}::{function}"


PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_files_that_pages_name_are_there(page: Path) -> None:
    """A Python file that a page names is in the repository."""
    text = page.read_text(encoding="utf-8")
    rooms = ("mockdouyin", "tests", "benchmarks", "examples")
    files = [
        f"/{path.relative_to(ROOT)}" for room in rooms for path in (ROOT / room).rglob("*.py")
    ]

    for name in re.findall(r"`([\w./-]+\.py)`", text):
        assert any(file.endswith(f"/{name}") for file in files), name
