"""The documentation site is built without a warning, and loads nothing from elsewhere."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.cli.shell import ROOT
from tests.docs.site import build

LOADING = {
    "audio": "src",
    "embed": "src",
    "iframe": "src",
    "img": "src",
    "link": "href",
    "object": "data",
    "script": "src",
    "source": "src",
    "video": "src",
}
"""The elements that make a browser fetch something, and where they say what."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site once."""
    folder = tmp_path_factory.mktemp("site")
    done = build(folder)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr, done.stderr
    return folder


class Page(HTMLParser):
    """What a page loads, and the links of its navigation."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag makes the browser load."""
        given = dict(attrs)
        self.loads += [each for each in [given.get(LOADING.get(tag, ""))] if each]
        self.ids.add(given.get("id") or "")


def pages(site: Path) -> list[Path]:
    """Return the pages of a site."""
    return [each for each in sorted(site.rglob("*.html")) if each.name != "404.html"]


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    """Pages, stylesheets and scripts load what is in the site, and no page of another host."""
    loads = [(page, each) for page in pages(site) for each in Page(page).loads]
    files = [(page, each) for page, each in loads if not each.startswith("data:")]

    assert len(files) > 200
    assert [each for _, each in files if re.match(r"[a-z]+:|//", each)] == []
    assert [each for page, each in files if not _is_there(page, each)] == []
    for style in site.rglob("*.css"):
        assert re.findall(r"(?:url\(|@import )[\"']?(?:https?:|//)[^)]*", style.read_text()) == []


def _is_there(page: Path, url: str) -> bool:
    return (page.parent / re.split("[?#]", url)[0]).exists()


def test_every_page_is_there_in_both_languages(site: Path) -> None:
    """A page of docs/ has an address of its own in English, and the same below zh/."""
    names = [page.relative_to(ROOT / "docs") for page in (ROOT / "docs").rglob("*.md")]
    addresses = [
        name.parent if name.name == "index.md" else name.with_suffix("")
        for name in names
        if not name.name.endswith(".zh.md")
    ]

    assert len(addresses) > 20
    for address in addresses:
        assert (site / address / "index.html").is_file(), address
        assert (site / "zh" / address / "index.html").is_file(), address


def test_the_navigation_is_chinese(site: Path) -> None:
    """The sections are called in the language of the page, and pages by their first heading."""
    text = (site / "zh" / "index.html").read_text(encoding="utf-8")
    tabs = re.findall(r'<li class="md-tabs__item.*?</li>', text, re.S)

    assert len(tabs) > 3
    assert all(re.search("[\u4e00-\u9fff]", tab) for tab in tabs)
    assert "支付" in text


def test_a_heading_has_one_anchor_in_both_languages(site: Path) -> None:
    """A link to an anchor of the English page leads to the same place of its twin."""
    both = [Page(site / each / "payments" / "index.html").ids for each in ("", "zh")]

    assert "what-is-assumed" in both[0] & both[1]


@pytest.mark.parametrize(("folder", "word"), [("", "refund"), ("zh", "\u200b退款\u200b")])
def test_each_language_has_its_index(site: Path, folder: str, word: str) -> None:
    """The index of a language leads to its pages, and has Chinese sentences in words."""
    text = (site / folder / "search" / "search_index.json").read_text(encoding="utf-8")
    rows = json.loads(text)["docs"]
    places = {row["location"].partition("#")[0] for row in rows}

    assert "payments/" in places
    assert [each for each in places if not (site / folder / each).is_dir()] == []
    assert any(word in row["text"] for row in rows)
    assert "zh/" not in places


@pytest.fixture
def little(tmp_path: Path) -> Path:
    """Return the folder docs/ of a site of two pages, which is built by the same rules."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (tmp_path / "mkdocs.yml").write_text(
        f"INHERIT: {ROOT}/mkdocs.yml\n"
        f"docs_dir: {docs}\n"
        f"hooks: [{ROOT}/docsite/hooks.py]\n"
        f"theme: {{custom_dir: {ROOT}/docsite/theme}}\n"
        "nav: [index.md, how-to/*.md]\n"
    )
    (docs / "index.md").write_text("# Home\n\n## Words\n\n[words](#words)\n")
    (docs / "index.zh.md").write_text("# 首页\n\n## 词\n\n[词](#词)\n", encoding="utf-8")
    (docs / "how-to").mkdir()
    (docs / "how-to" / "one.md").write_text("# One\n\n[home](../index.md#words)\n")
    return docs


def built(docs: Path) -> tuple[int, str]:
    """Build a little site; return the exit code and what was said."""
    done = build(docs.parent / "out", "--config-file", str(docs.parent / "mkdocs.yml"))
    return done.returncode, done.stderr


def test_a_table_and_an_option_lose_nothing(little: Path) -> None:
    """A brace at a cell's end is a letter; an option stays whole, a path breaks at slashes."""
    cells = ("a", "---", "must be {challenge}", "`a {brace}`", "`trigger --to URL`", "`/api/v1`")
    table = "".join(f"| {cell} |\n" for cell in cells)
    (little / "index.md").write_text(f"# Home\n\n## Words\n\n{table}\n[words](#words)\n")

    code, said = built(little)

    assert code == 0, said
    page = html.unescape((little.parent / "out" / "index.html").read_text(encoding="utf-8"))
    assert "<td>must be {challenge}</td>" in page
    assert "<code>a {brace}</code>" in page
    assert '<code>trigger <span class="option">--to</span> URL</code>' in page
    assert "<code>/api<wbr>/v1</code>" in page


def test_a_little_site_is_built(little: Path) -> None:
    """A page of how-to/ needs no line in the navigation."""
    code, said = built(little)

    assert code == 0, said
    assert "how-to/one/" in (little.parent / "out" / "index.html").read_text(encoding="utf-8")


MISTAKES = {
    "how-to/absent.md": (
        "# A\n\n[gone](gone.md)\n",
        r"absent\.md' contains a link 'gone\.md', but",
    ),
    "how-to/anchor.md": (
        "# B\n\n[gone](../index.md#gone)\n",
        r"anchor\.md' contains a link '\.\./index\.md#gone', but .* not contain an anchor '#gone'",
    ),
    "how-to/picture.md": (
        "# C\n\n![gone](gone.png)\n",
        r"picture\.md' contains a link 'gone\.png'",
    ),
    "lost.md": ("# D\n", r'not included in the "nav" configuration:\s+- lost\.md'),
    "index.zh.md": ("# 首页\n", r"'index\.zh\.md' has other headings than .* 'index\.md'"),
}
"""Pages with a mistake each, and what the build says of it."""


def test_mistakes_are_errors(little: Path) -> None:
    """A dead link, anchor or picture, a page without a place and an odd twin are errors."""
    for file, (text, _) in MISTAKES.items():
        (little / file).write_text(text, encoding="utf-8")

    code, said = built(little)

    assert code == 1, said
    for _, complaint in MISTAKES.values():
        assert re.search(complaint, said), said
