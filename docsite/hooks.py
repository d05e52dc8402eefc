"""What the site does beyond MkDocs and its plugins; mkdocs.yml names this file."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from docsite.markdown import headings, links, unbroken, with_braces, with_links
from docsite.sources import Sources
from docsite.twins import CHINESE, english_of, in_site

ROOT = Path(__file__).resolve().parent.parent
MARK = ROOT / "mockdouyin" / "server" / "dashboard" / "mark.svg"
BASE = re.compile(r'(<script id="__config"[^>]*>[^<]*?"base": ")[^"]*')
ALTERNATE = re.compile(r'\s*<link rel="alternate"[^>]*hreflang[^>]*>')
CODE = re.compile(r"<pre\b.*?</pre>|(<code>)([^<]*)(</code>)", re.S)
OPTION = re.compile(r"(?<![^\s\[(])--?[A-Za-z][\w-]*")
STEP = re.compile(r"(?<=\w)(?=/\w)")
AFTER_LANGUAGES = -200
"""The plugin for languages makes all files anew at -100: what is added before gets lost."""

log = get_plugin_logger("docsite")


@event_priority(100)
def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Let `folder/*.md` in the nav stand for the pages that no other line names."""
    named = set(_named(config.nav or []))
    config.nav = _expanded(config.nav or [], named, Path(config.docs_dir))
    return config


def _named(items: list[Any]) -> list[str]:
    names: list[str] = []
    for item in items:
        inner = list(item.values())[0] if isinstance(item, dict) else item
        names += _named(inner) if isinstance(inner, list) else [inner]
    return names


def _expanded(items: list[Any], named: set[str], docs: Path) -> list[Any]:
    expanded: list[Any] = []
    for item in items:
        if isinstance(item, dict):
            section = {
                title: _expanded(inner, named, docs) if isinstance(inner, list) else inner
                for title, inner in item.items()
            }
            expanded.append(section)
        elif "*" in item:
            paths = sorted(docs.glob(item), key=lambda path: (path.name != "index.md", path.name))
            names = [path.relative_to(docs).as_posix() for path in paths]
            expanded += [n for n in names if n not in named and not n.endswith(CHINESE)]
        else:
            expanded.append(item)
    return expanded


@cache
def _sources(docs: str) -> Sources:
    return Sources(ROOT, Path(docs).resolve())


@event_priority(AFTER_LANGUAGES)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the mark, and a page for each file outside docs/ that a page links to."""
    mark = File("assets/mark.svg", str(MARK.parent), config.site_dir, use_directory_urls=True)
    mark.abs_src_path = str(MARK)
    files.append(mark)
    folder = _folder(config)
    for uri, text in _sources(config.docs_dir).pages.items():
        file = File.generated(config, uri, content=text, inclusion=InclusionLevel.NOT_IN_NAV)
        file.dest_uri = folder + file.dest_uri
        files.append(file)
    return files


def _folder(config: MkDocsConfig) -> str:
    """Return the folder of the language that is being built."""
    languages: Any = config.plugins["i18n"]
    return "" if languages.is_default_language_build else f"{languages.current_language}/"


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Lead links out of docs/ to their pages, and give headings the anchors of code hosts.

    A heading of a Chinese page has the anchor of its English twin, so that one link serves both.
    """
    markdown = with_braces(markdown)
    if page.file.abs_src_path is None:
        return _anchored(markdown, markdown)
    path = Path(page.file.abs_src_path)
    english = markdown
    if path.name.endswith(CHINESE):
        markdown = unbroken(markdown)
        english = _english(path, markdown)
    markdown = in_site(_anchored(markdown, english), path)
    return _sources(config.docs_dir).relinked(markdown, path)


def _english(path: Path, markdown: str) -> str:
    """Return the English twin of a page, if it has the same headings; else the page itself."""
    twin = english_of(path)
    if twin.exists():
        english = twin.read_text(encoding="utf-8")
        if [h.level for h in headings(english)] == [h.level for h in headings(markdown)]:
            return english
    log.warning("'%s' has other headings than its English twin '%s'", path.name, twin.name)
    return markdown


def _anchored(text: str, english: str) -> str:
    own, twin = headings(text), headings(english)
    renamed = {a.anchor: b.anchor for a, b in zip(own, twin, strict=True)}
    within = {link: link.anchor for link in links(text) if link.target.startswith("#")}
    changed = {link: f"#{renamed.get(anchor, anchor)}" for link, anchor in within.items()}
    lines = with_links(text, changed).splitlines(keepends=True)
    for heading, other in zip(own, twin, strict=True):
        lines[heading.line] = f"{lines[heading.line].rstrip()} {{#{other.anchor}}}\n"
    return "".join(lines)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Let a browser break a path before a slash, and an option of a command nowhere."""
    return CODE.sub(_with_breaks, html)


def _with_breaks(found: re.Match[str]) -> str:
    if found[1] is None:  # a block of code
        return found[0]
    words = OPTION.sub(r'<span class="option">\g<0></span>', STEP.sub("<wbr>", found[2]))
    return found[1] + words + found[3]


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Let the pages of each language search in the index of their own.

    A head's link to the other language would make the theme look for a sitemap below every page.
    """
    folder = _folder(config)
    output = ALTERNATE.sub("", output)
    if not folder:
        return output
    base = get_relative_url(folder, page.url)
    return BASE.sub(lambda found: found[1] + base.rstrip("/"), output, count=1)


@event_priority(0)
def on_page_context(context: Any, page: Page, config: MkDocsConfig, nav: Any) -> Any:
    """Lead from one language's home to the other's without knowing where the site stands."""
    languages: Any = config.plugins["i18n"]
    if page.url in ("", ".", "./", _folder(config)):
        extra: Any = config.extra  # the plugin sets an attribute, not an item
        for other in extra.alternate:
            is_default = other["lang"] == languages.default_language
            other["link"] = "." if is_default else f"{other['lang']}/"
    return context


@event_priority(AFTER_LANGUAGES)
def on_post_build(config: MkDocsConfig) -> None:
    """Split the index of all languages into one for each."""
    languages: Any = config.plugins["i18n"]
    if languages.building:
        return
    site = Path(config.site_dir)
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    others = [
        f"{code}/" for code in languages.build_languages if code != languages.default_language
    ]
    default = [row for row in index["docs"] if not row["location"].startswith(tuple(others))]
    for folder in others:
        rows = [row for row in index["docs"] if row["location"].startswith(folder)]
        own = [{**row, "location": row["location"].removeprefix(folder)} for row in rows]
        _write(site / folder / "search" / "search_index.json", {**index, "docs": own})
    _write(path, {**index, "docs": default})


def _write(path: Path, index: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
