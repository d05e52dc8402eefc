"""The docs' made parts are fresh. Run as a module it makes them anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mockdouyin.control import OPERATIONS
from mockdouyin.domain.signatures import KINDS
from mockdouyin.endpoints import WRITTEN
from mockdouyin.findings import RULES

ROOT = Path(__file__).parent.parent
PLATFORM = ROOT / "docs" / "platform.md"
FINDINGS = ROOT / "docs" / "findings.md"
SIGNATURES = ROOT / "docs" / "signatures.md"
PART = re.compile(r"(<!-- assumed: [^\n]*-->\n).*?(<!-- /assumed -->)", re.S)


def assumed() -> str:
    """Write what no docs page tells: endpoints that are not documented, and errors of each."""
    rows = ["| endpoints | basis |", "|---|---|"]
    for basis in ("observed", "assumed"):
        names = [f"`{e.full_name}`" for e in WRITTEN if e.basis == basis]
        rows.append(f"| {', '.join(names)} | {basis} |")
    rows += ["", "| errors that are assumed | of |", "|---|---|"]
    groups: dict[str, list[str]] = {}
    for endpoint in WRITTEN:
        codes = [str(case.code) for case in endpoint.errors if case.basis == "assumed"]
        if codes:
            groups.setdefault(", ".join(dict.fromkeys(codes)), []).append(endpoint.full_name)
    for codes_text, names in groups.items():
        rows.append(f"| {codes_text} | {', '.join(f'`{name}`' for name in names)} |")
    return "\n".join(rows) + "\n"


def fresh(text: str) -> str:
    """Give the page with its made part anew."""
    return PART.sub(lambda match: match[1] + assumed() + match[2], text)


def test_what_is_assumed_is_listed() -> None:
    """The page on the platform lists every endpoint and error that is not documented."""
    text = PLATFORM.read_text(encoding="utf-8")

    assert PART.search(text)
    assert fresh(text) == text


def test_promises_have_their_tests() -> None:
    """Every test that the page on security names is there."""
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", (ROOT / "docs" / "security.md").read_text())

    assert len(named) > 20
    for file, function in named:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert f"def {function}(" in text or not function, f"{file}::{function}"


def test_every_operation_is_documented() -> None:
    """The page on the control API names the path of every operation."""
    page = (ROOT / "docs" / "control-api.md").read_text(encoding="utf-8")

    assert len(OPERATIONS) > 40
    for operation in OPERATIONS.values():
        assert operation.path in page, operation.name


PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("examples/*.md")]


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


RULES_PART = re.compile(r"(<!-- findings: [^\n]*-->\n).*?(<!-- /findings -->)", re.S)


def findings_table() -> str:
    """Write what each rule finds, what it goes by, and what to do."""
    rows = ["| rule | what is wrong | what to do | source |", "|---|---|---|---|"]
    for rule in RULES.values():
        words = {"basis": "the endpoint's basis", "error": "the error's basis"}
        source = rule.source(doc="the endpoint's page", **words).render("en")
        wrong = f"{rule.about.render('en')}. {rule.why.render('en')}"
        rows.append(f"| `{rule.name}` | {wrong} | {rule.fix.render('en')} | {source} |")
    return "\n".join(rows) + "\n"


def fresh_findings(text: str) -> str:
    """Give the page on findings with its table anew."""
    return RULES_PART.sub(lambda match: match[1] + findings_table() + match[2], text)


def test_every_finding_is_documented() -> None:
    """The page on findings has a row for every rule, as the rule declares it."""
    text = FINDINGS.read_text(encoding="utf-8")

    assert RULES_PART.search(text)
    assert fresh_findings(text) == text


SIGNATURES_PART = re.compile(r"(<!-- recipes: [^\n]*-->\n).*?(<!-- /recipes -->)", re.S)


def recipes_tables() -> str:
    """Write each kind of signature with its wrong recipes."""
    lines: list[str] = []
    for kind in KINDS.values():
        lines += ["", f"### `{kind.name}`", "", f"{kind.about.render('en')}."]
        lines += ["", f"The key: {kind.key.render('en')}.", "", "| recipe | what is wrong |"]
        lines.append("|---|---|")
        for recipe in kind.recipes.values():
            lines.append(f"| `{recipe.name}` | {_cell(recipe.about.render('en'))} |")
        if kind.upper_case:
            lines.append(f"| `upper_case` | {_cell(kind.upper_case().render('en'))} |")
    return "\n".join(lines[1:]) + "\n\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


def fresh_recipes(text: str) -> str:
    """Give the page on signatures with its tables anew."""
    return SIGNATURES_PART.sub(lambda match: match[1] + recipes_tables() + match[2], text)


def test_every_recipe_is_documented() -> None:
    """The page on signatures has a row for every wrong recipe of every kind."""
    text = SIGNATURES.read_text(encoding="utf-8")

    assert SIGNATURES_PART.search(text)
    assert fresh_recipes(text) == text


if __name__ == "__main__":
    PLATFORM.write_text(fresh(PLATFORM.read_text(encoding="utf-8")), encoding="utf-8")
    FINDINGS.write_text(fresh_findings(FINDINGS.read_text(encoding="utf-8")), encoding="utf-8")
    SIGNATURES.write_text(fresh_recipes(SIGNATURES.read_text(encoding="utf-8")), encoding="utf-8")
