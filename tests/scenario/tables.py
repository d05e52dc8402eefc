"""The tables of docs/scenarios.md; `python -m tests.scenario.tables` regenerates them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from mockdouyin import Fault
from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.ids import Ids
from mockdouyin.core.settings import Duration, Settings, encode
from mockdouyin.domain.effects import Effect
from mockdouyin.endpoints.declared.dialects import DIALECTS
from mockdouyin.endpoints.declared.notation import FORMATS, parse
from mockdouyin.endpoints.declared.schemas import EXAMPLE_TIME
from mockdouyin.endpoints.declared.values import Values
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


MEANT = {
    "text": "a text; one that its name asks for, if there is one",
    "id": "a number of 19 digits; clients may send it as a number",
    "digits": "a text of digits",
    "sealed": "an encrypted id, as of a work or a comment",
    "uuid": "a UUID",
    "hex": "hexadecimal digits",
    "url": "an address",
    "image": "the address of a picture",
    "date": "a day in Beijing",
    "ymd": "the same without hyphens",
    "datetime": "a moment in Beijing",
    "open_id": "a person's open_id",
    "union_id": "a person's union_id",
    "item_id": "the id of a work",
    "log_id": "a log id",
    "phone": "a masked phone number",
    "json": "JSON in a text",
    "key": "letters and digits",
    "int": "a whole number; small where the name is that of a status",
    "s": "a moment, in seconds since 1970",
    "ms": "the same in milliseconds",
    "fen": "money, in hundredths of a yuan",
    "number": "a number with decimals",
    "bool": "true or false",
    "any": "anything, not looked into",
    "object": "an object, not looked into",
    "file": "a file in a form of several parts (parameters only)",
    "null": "always null",
}
"""What each format means."""


def formats() -> list[str]:
    """List the formats of declared endpoints, with what each looks like."""
    rows = []
    for name in FORMATS:
        example = Values(Ids(1, "docs"), EXAMPLE_TIME, "docs").make(parse(name), f".{name}")
        shown = msgspec.json.encode(example).decode()
        rows.append(f"| `{name}` | `{shown}` | {MEANT[name]} |")
    return ["| format | looks like | what it is |", "|---|---|---|", *rows]


def envelopes() -> list[str]:
    """List the envelopes of declared endpoints: a success, and a refusal."""
    rows = []
    for name, spoken in DIALECTS.items():
        case = next(each for each in spoken.errors if each.name == "bad_params")
        good = spoken.envelope.success({"points": 51}, "20260101…", EXAMPLE_TIME).decode()
        bad = spoken.envelope.failure(case, "", msgspec.UNSET, "20260101…", EXAMPLE_TIME).decode()
        rows.append(f"| `{name}` | `{good}` | `{bad}` |")
    return ["| `envelope:` | a success | a refusal |", "|---|---|---|", *rows]


def page(text: str) -> str:
    """Return the page with every table regenerated."""
    for make in (scenarios, settings, effects, faults, formats, envelopes):
        head, begin, rest = text.partition(f"<!-- {make.__name__} -->\n")
        _, end, tail = rest.partition("<!-- end -->")
        text = "\n".join([head + begin, *make(), "", end]) + tail
    return text


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
