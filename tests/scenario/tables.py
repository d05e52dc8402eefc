"""The tables of docs/scenarios.md; `python -m tests.scenario.tables` writes them anew."""

from __future__ import annotations

from pathlib import Path

from mockdouyin import Fault
from mockdouyin.core.settings import Duration, Settings, encode
from mockdouyin.domain.effects import Effect
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario._json_schema import attribute_docs

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"


def scenarios() -> list[str]:
    """Tell what happens in each scenario that ships."""
    rows = [f"| `{name}` | {files.read(name).about} |" for name in files.names()]
    return ["| name | what happens |", "|---|---|", *rows]


def settings() -> list[str]:
    """Tell each setting with its default, and what else it may be."""
    docs, defaults = attribute_docs(Settings), Settings()
    known = files.json_schema()["$defs"]["Settings"]["properties"]
    rows = []
    for name, means in docs.items():
        default = _shown(getattr(defaults, name))
        others = [f", `{each}`" for each in known[name].get("enum", ()) if each != default]
        rows.append(f"| `{name}` | `{default}`{''.join(others)} | {means} |")
    return ["| setting | default, and what else | meaning |", "|---|---|---|", *rows]


def _shown(value: object) -> str:
    return str(encode(value) if isinstance(value, Duration) else value).lower()


def happenings() -> list[str]:
    """Tell what may happen to what a call carries."""
    docs = attribute_docs(Effect)
    rows = [f"| `{each}` | {docs[each.name]} |" for each in Effect]
    return ["| `happens:` | |", "|---|---|", *rows]


def faults() -> list[str]:
    """Tell the ways in which the wire fails."""
    docs = attribute_docs(Fault)
    rows = [f"| `{each}` | {docs[each.name]} |" for each in Fault]
    return ["| `fault:` | |", "|---|---|", *rows]


def page(text: str) -> str:
    """Give the page with every table as it should be."""
    for make in (scenarios, settings, happenings, faults):
        head, begin, rest = text.partition(f"<!-- {make.__name__} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        text = "\n".join([head + begin, *make(), "", end]) + tail
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
