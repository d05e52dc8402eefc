"""The tables of docs/scenarios.md; `python -m tests.scenario.tables` regenerates them."""

from __future__ import annotations

from pathlib import Path

from mockdouyin import Fault
from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.settings import Duration, Settings, encode
from mockdouyin.domain.effects import Effect
from mockdouyin.scenario import scenario as files

PAGE = Path(__file__).parents[2] / "docs" / "scenarios.md"


def scenarios() -> list[str]:
    """List the built-in scenarios with what happens in them."""
    rows = [f"| `{name}` | {files.read(name).about} |" for name in files.names()]
    return ["| name | what happens |", "|---|---|", *rows]


def settings() -> list[str]:
    """List the settings with their defaults and other values."""
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


def effects() -> list[str]:
    """List the effects that a rule can have on a call's credentials."""
    docs = attribute_docs(Effect)
    rows = [f"| `{each}` | {docs[each.name]} |" for each in Effect]
    return ["| `happens:` | |", "|---|---|", *rows]


def faults() -> list[str]:
    """List the faults."""
    docs = attribute_docs(Fault)
    rows = [f"| `{each}` | {docs[each.name]} |" for each in Fault]
    return ["| `fault:` | |", "|---|---|", *rows]


def page(text: str) -> str:
    """Return the page with every table regenerated."""
    for make in (scenarios, settings, effects, faults):
        head, begin, rest = text.partition(f"<!-- {make.__name__} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        text = "\n".join([head + begin, *make(), "", end]) + tail
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
