"""Every error that can be provoked: by its number, and by its family."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import mockdouyin.control  # noqa: F401 - everything is declared then
from mockdouyin.core.errors import SYSTEM, ErrorCase
from mockdouyin.core.texts import Language
from mockdouyin.endpoints import CATALOGUE
from mockdouyin.endpoints.error_tables.causes import cause_text
from mockdouyin.endpoints.error_tables.meanings import MEANINGS
from mockdouyin.findings._table import BASES
from mockdouyin.phone import APIS
from mockdouyin.scenario import scenario as files
from mockdouyin.scenario import scenario_files
from tests.docs.made.markdown import COLON, COMMA, codes, escaped, facts, joined, say, section

_RANGES = (
    (-1, 0),
    (1, 9_999),
    (10_000, 19_999),
    (20_000, 99_999),
    (100_000, 2_099_999),
    (2_100_000, 2_189_999),
    (2_190_000, 2_199_999),
    (2_200_000, 28_000_999),
    (28_001_000, 28_002_999),
    (28_003_000, 28_999_999),
    (29_000_000, 2**63),
)
"""Numbers of one section of the page each; those of a section mostly come from the same tables."""


_MANY, _FAMILIES = 4, 12
"""Endpoints that are named by themselves, and families that are named of more."""


class Known(NamedTuple):
    """An error by number and name, with the families that answer it."""

    code: int
    name: str
    cases: list[ErrorCase]
    families: list[str]
    endpoints: list[str]

    @property
    def anchor(self) -> str:
        """Its anchor on the page."""
        return f"{self.code}-{self.name}".replace("_", "-")


@cache
def known_errors() -> list[Known]:
    """Return every error of the platform's endpoints, by number and name."""
    found: dict[tuple[int, str], Known] = {}
    for endpoint in CATALOGUE:
        for case in endpoint.errors:
            made = Known(case.code, case.name, [], [], [])
            each = found.setdefault((case.code, case.name), made)
            each.cases.append(case)
            each.endpoints.append(endpoint.full_name)
            if endpoint.family.name not in each.families:
                each.families.append(endpoint.family.name)
    return [found[key] for key in sorted(found)]


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "模拟的平台能返回的每个错误码。同一个名字在各处是同一种拒绝，错误码和文案随接口族"
        "而不同。用错误码在本页搜索，或者 `mockdouyin errors 接口名`；想看到它，加一条规则："
        "`mockdouyin rule add '{on: code_to_session, error: 40018, times: 1}'`。",
        "Every number with which the emulated platform refuses. A name means the same refusal"
        " everywhere; its number and text differ from family to family. Search this page for the"
        " number, or ask `mockdouyin errors ENDPOINT`; to see one, add a rule: `mockdouyin"
        " rule add"
        " '{on: code_to_session, error: 40018, times: 1}'`.",
    )
    return joined(
        [
            section(1, say(language, "错误码", "Errors"), intro),
            *_by_number(language),
            *_of_libraries(language),
            *_of_phones(language),
            *_by_family(language),
        ]
    )


def _by_number(language: Language) -> Iterator[str]:
    for low, high in _RANGES:
        errors = [each for each in known_errors() if low <= each.code <= high]
        if errors:
            first, last = errors[0].code, errors[-1].code
            numbers = f"{first} – {last}" if first != last else f"{first}"
            yield section(2, say(language, f"错误码 {numbers}", f"Numbers {numbers}"))
            for each in errors:
                yield _error(each, language)


def _error(error: Known, language: Language) -> str:
    meant = MEANINGS[error.name]
    about, fix = meant.about.render(language), meant.fix.render(language)
    texts = list(dict.fromkeys(case.text for case in error.cases if case.text))
    quoted = say(language, "；", "; ").join(f"“{escaped(each)}”" for each in texts[:6])
    causes = list(dict.fromkeys(_cause(case, language) for case in error.cases if case.cause))
    why = say(language, "；", "; ").join(causes)
    bases = dict.fromkeys(BASES[case.basis]().render(language) for case in error.cases)
    basis = COMMA[language].join(bases)
    return section(
        3,
        f"{error.code} `{error.name}`",
        say(language, f"{about}。", f"{about}."),
        facts(
            say(language, f"平台的文案：{quoted}", f"Douyin's text: {quoted}") if quoted else "",
            say(language, f"原因：{why}", f"Cause: {why}") if why else "",
            say(language, f"处理：{fix}", f"What to do: {fix}"),
            say(
                language,
                f"接口：{_where(error, language)}",
                f"Endpoints: {_where(error, language)}",
            ),
            say(language, f"依据：{basis}", f"Basis: {basis}"),
        ),
        anchor=error.anchor,
    )


def _cause(case: ErrorCase, language: Language) -> str:
    if case.cause == SYSTEM:
        return say(
            language,
            "平台内部的情况，只能用规则触发",
            "inside the platform; only a rule provokes it",
        )
    return cause_text(case.cause).render(language)


def _where(error: Known, language: Language) -> str:
    """Name the endpoints, or their families where there are many."""
    if len(error.endpoints) <= _MANY:
        return codes(error.endpoints, language)
    shown = [f"[`{each}`](#{_family_anchor(each)})" for each in error.families[:_FAMILIES]]
    more = say(language, " 等", " and others") if len(error.families) > _FAMILIES else ""
    return COMMA[language].join(shown) + more


def library_numbers() -> list[str]:
    """Return the numbers of login libraries that scenarios answer with."""
    return [name for name in scenario_files.names() if name.isdigit()]


def _of_libraries(language: Language) -> Iterator[str]:
    intro = say(
        language,
        "这些错误码是登录库自己的，平台文档里没有；`mockdouyin serve --scenario 错误码`"
        " 让登录返回它。",
        "These numbers are a login library's own; `mockdouyin serve --scenario NUMBER` has each"
        " login answer with it.",
    )
    yield section(2, say(language, "登录库的错误码", "Numbers of login libraries"), intro)
    for number in library_numbers():
        told = files.read(number).told(language)
        yield section(3, say(language, f"{number}（登录库）", f"{number} (login library)"), told)


def _of_phones(language: Language) -> Iterator[str]:
    intro = say(
        language,
        "tt API 传给 `fail` 的 `errNo` 和 `errMsg`；没有错误码的是 0。",
        "The `errNo` and `errMsg` that a tt API passes to `fail`; one without a number has 0.",
    )
    yield section(2, say(language, "tt API 的失败", "Failures of tt APIs"), intro)
    found: dict[str, dict[tuple[int, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    for api in APIS.values():
        for case in api.fails:
            found[case.name][case.code, case.text].append(api.full_name)
    for name in sorted(found):
        meant = MEANINGS[name]
        rows = [
            f"`{code}` “{escaped(text)}”{COLON[language]}" + ", ".join(f"`{a}`" for a in apis)
            for (code, text), apis in found[name].items()
        ]
        about, fix = meant.about.render(language), meant.fix.render(language)
        do = say(language, f"处理：{fix}", f"What to do: {fix}")
        says = say(language, f"{about}。", f"{about}.")
        yield section(3, f"tt `{name}`", says, facts(*rows, do))


def _by_family(language: Language) -> Iterator[str]:
    intro = say(
        language,
        "每个接口族会返回哪些错误；接口族就是接口全名里点号前面的部分。",
        "Which errors the endpoints of each family answer; a family is what stands before the dot"
        " in an endpoint's full name.",
    )
    yield section(2, say(language, "按接口族", "By family"), intro)
    titles = {family.name: family.title for family in CATALOGUE.families}
    for name in sorted(titles):
        errors = [each for each in known_errors() if name in each.families]
        if errors:
            links = ", ".join(f"[{e.code} {e.name}](#{e.anchor})" for e in errors)
            heading = say(language, f"`{name}` {titles[name]}", f"`{name}`")
            yield section(3, heading, links, anchor=_family_anchor(name))


def _family_anchor(family: str) -> str:
    return f"family-{family}".replace("_", "-")
