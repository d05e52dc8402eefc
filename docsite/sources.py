"""Pages for what stands outside docs/ and is linked from there: examples, CONTRIBUTING.md."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from docsite.markdown import Link, links, with_links
from docsite.twins import english_of, in_site

LANGUAGES = {
    ".py": "python",
    ".php": "php",
    ".java": "java",
    ".mjs": "js",
    ".js": "js",
    ".ts": "ts",
    ".go": "go",
    ".sh": "sh",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".json": "json",
    ".toml": "toml",
    ".xml": "xml",
}
HIDDEN = "---\nsearch:\n  exclude: true\n---\n"


@dataclass(frozen=True)
class Sources:
    """The files and folders of the repository that the pages lead to, as pages of the site."""

    root: Path
    docs: Path

    @cached_property
    def pages(self) -> dict[str, str]:
        """The text of each such page, by its path in the site."""
        found: dict[str, str] = {}
        waiting = [
            path for page in sorted(self.docs.rglob("*.md")) for path in self._outside(page)
        ]
        while waiting:
            path = waiting.pop()
            uri = self.uri(path)
            if uri not in found:
                found[uri] = self._page(path)
                if path.suffix == ".md":
                    waiting += self._outside(path)
        return found

    def uri(self, path: Path) -> str:
        """Return the path that a file of the repository has in the site.

        A Chinese page goes by the name of its English twin: which of them it is, the reader's
        language decides.
        """
        if path.is_relative_to(self.docs):
            return english_of(path).relative_to(self.docs).as_posix()
        name = path.relative_to(self.root).as_posix()
        if path.suffix == ".md":
            return f"source/{name}"
        return f"source/{name.replace('.', '-')}.md"

    def relinked(self, text: str, page: Path) -> str:
        """Return a page's text whose links lead to where their targets are in the site."""
        here = posixpath.dirname(self.uri(page))
        targets: dict[Link, str] = {}
        for link in links(text):
            path = self._target(link, page)
            if path is not None:
                anchor = f"#{link.anchor}" if link.anchor else ""
                targets[link] = posixpath.relpath(self.uri(path), here or ".") + anchor
        return with_links(text, targets)

    def _outside(self, page: Path) -> list[Path]:
        paths = [self._target(link, page) for link in links(page.read_text(encoding="utf-8"))]
        return [path for path in paths if path and not path.is_relative_to(self.docs)]

    def _target(self, link: Link, page: Path) -> Path | None:
        """Return the file or folder that a link of a page names, if the link has to change."""
        if link.is_external or not link.path:
            return None
        path = (page.parent / link.path).resolve()
        if not path.exists() or not path.is_relative_to(self.root):
            return None
        if path.is_relative_to(self.docs) and page.is_relative_to(self.docs):
            return None
        return path

    def _page(self, path: Path) -> str:
        title = f"# `{path.relative_to(self.root).as_posix()}`\n\n"
        if path.is_dir():
            names = sorted(each.name + "/" * each.is_dir() for each in path.iterdir())
            shown = [name for name in names if not name.startswith(("_", "."))]
            return HIDDEN + title + "".join(f"* `{name}`\n" for name in shown)
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".md":
            return HIDDEN + self.relinked(in_site(text, path), path)
        longest = max((len(ticks) for ticks in re.findall(r"`{3,}", text)), default=2)
        fence = "`" * (longest + 1)
        language = LANGUAGES.get(path.suffix, "text")
        return f"{HIDDEN}{title}{fence}{language}\n{text.rstrip()}\n{fence}\n"
