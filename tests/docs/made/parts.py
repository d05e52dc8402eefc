"""Parts of pages that are written by hand otherwise, made from the code."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from mockdouyin.core.attribute_docs import attribute_docs
from mockdouyin.core.http import Fault
from mockdouyin.core.ids import Ids
from mockdouyin.core.texts import Language
from mockdouyin.domain.effects import Effect
from mockdouyin.domain.signatures import KINDS, MORE_THAN_DIGEST
from mockdouyin.endpoints import WRITTEN
from mockdouyin.endpoints.declared.dialects import DIALECTS
from mockdouyin.endpoints.declared.notation import FORMATS, parse
from mockdouyin.endpoints.declared.schemas import EXAMPLE_TIME
from mockdouyin.endpoints.declared.values import Values
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import scenario_files
from mockdouyin.webhook_check.kinds import KINDS as RECEIVERS
from tests.docs.made.format_words import MEANT
from tests.docs.made.markdown import cell, say


def assumed(language: Language) -> str:
    """List what no docs page tells: endpoints that are not documented, and errors of each."""
    rows = _table(say(language, "接口", "endpoints"), say(language, "依据", "basis"))
    for basis in ("observed", "assumed"):
        names = [f"`{e.full_name}`" for e in WRITTEN if e.basis == basis]
        rows.append(f"| {', '.join(names)} | {basis} |")
    heading = say(language, "推定的错误", "errors that are assumed")
    rows += ["", *_table(heading, say(language, "接口", "of"))]
    groups: dict[str, list[str]] = {}
    for endpoint in WRITTEN:
        codes = [str(case.code) for case in endpoint.errors if case.basis == "assumed"]
        if codes:
            groups.setdefault(", ".join(dict.fromkeys(codes)), []).append(endpoint.full_name)
    for codes_text, names in groups.items():
        rows.append(f"| {codes_text} | {', '.join(f'`{name}`' for name in names)} |")
    return "\n".join(rows)


def recipes(language: Language) -> str:
    """List each kind of signature with its wrong recipes."""
    lines: list[str] = []
    for kind in KINDS.values():
        about, key = kind.about.render(language), kind.key.render(language)
        lines += ["", f"### `{kind.name}`", "", say(language, f"{about}。", f"{about}.")]
        lines += ["", say(language, f"密钥：{key}。", f"The key: {key}."), ""]
        lines += _table(
            say(language, "错误写法", "recipe"), say(language, "哪里错了", "what is wrong")
        )
        for recipe in kind.recipes.values():
            lines.append(f"| `{recipe.name}` | {cell(recipe.about.render(language))} |")
        if kind.upper_case:
            lines.append(f"| `upper_case` | {cell(kind.upper_case().render(language))} |")
        lines.append(f"| `more_than_digest` | {cell(MORE_THAN_DIGEST().render(language))} |")
    return "\n".join(lines[1:]) + "\n"


def scenarios(language: Language) -> str:
    """List the built-in scenarios with what happens in them."""
    rows = [
        f"| `{name}` | {cell(files.read(name).told(language))} |"
        for name in scenario_files.names()
    ]
    head = _table(say(language, "名字", "name"), say(language, "会发生什么", "what happens"))
    return "\n".join([*head, *rows, ""])


def effects(language: Language) -> str:
    """List the effects that a rule can have on a call's credentials."""
    docs = attribute_docs(Effect, language)
    return "\n".join(
        [*_table("`happens:`", ""), *(f"| `{each}` | {docs[each.name]} |" for each in Effect), ""]
    )


def faults(language: Language) -> str:
    """List the faults."""
    docs = attribute_docs(Fault, language)
    return "\n".join(
        [*_table("`fault:`", ""), *(f"| `{each}` | {docs[each.name]} |" for each in Fault), ""]
    )


def formats(language: Language) -> str:
    """List the formats of declared endpoints, with what each looks like."""
    words = (("格式", "format"), ("样子", "looks like"), ("是什么", "what it is"))
    rows = _table(*(say(language, *each) for each in words))
    for name in FORMATS:
        example = Values(Ids(1, "docs"), EXAMPLE_TIME, "docs").make(parse(name), f".{name}")
        shown = msgspec.json.encode(example).decode()
        rows.append(f"| `{name}` | `{shown}` | {say(language, *MEANT[name])} |")
    return "\n".join([*rows, ""])


def envelopes(language: Language) -> str:
    """List the envelopes of declared endpoints: a success, and a refusal."""
    words = (("成功", "a success"), ("拒绝", "a refusal"))
    rows = _table("`envelope:`", *(say(language, *each) for each in words))
    for name, spoken in DIALECTS.items():
        case = next(each for each in spoken.errors if each.name == "bad_params")
        good = spoken.envelope.success({"points": 51}, "20260101…", EXAMPLE_TIME).decode()
        bad = spoken.envelope.failure(case, "", msgspec.UNSET, "20260101…", EXAMPLE_TIME).decode()
        rows.append(f"| `{name}` | `{good}` | `{bad}` |")
    return "\n".join([*rows, ""])


def _probes(kind: str) -> Callable[[Language], str]:
    """List the probes of a kind of receivers."""

    def make(language: Language) -> str:
        head = _table(say(language, "检查", "probe"), say(language, "查什么", "what is asked"))
        probes = RECEIVERS[kind].probes
        rows = [f"| `{probe.name}` | {cell(probe.about.render(language))} |" for probe in probes]
        return "\n".join([*head, *rows])

    return make


def _table(*titles: str) -> list[str]:
    return [f"| {' | '.join(titles)} |", "|---" * len(titles) + "|"]


PARTS: dict[str, Callable[[Language], str]] = {
    "assumed": assumed,
    "recipes": recipes,
    "scenarios": scenarios,
    "effects": effects,
    "faults": faults,
    "formats": formats,
    "envelopes": envelopes,
    **{f"probes of {kind}": _probes(kind) for kind in RECEIVERS},
}
"""What makes each part, by its name."""
