"""The findings: each mistake of a client, and each note, from its declaration."""

from __future__ import annotations

from mockdouyin.core.texts import Language
from mockdouyin.findings import RULES
from mockdouyin.findings._table import FindingRule
from tests.docs.made.markdown import facts, joined, say, section


def page(language: Language) -> str:
    """Return the page."""
    intro = say(
        language,
        "`mockdouyin doctor` 报告的每一种问题和提示；怎样判断，见"
        "[客户端用错的地方](../findings.md)。`mockdouyin doctor --rule NAME` 只看一种。",
        "Every mistake that `mockdouyin doctor` tells of, and every note;"
        " [Findings](../findings.md) has how it decides. `mockdouyin doctor --rule NAME` looks for"
        " one alone.",
    )
    title = say(language, "客户端问题", "Findings")
    return joined([section(1, title, intro), *(_rule(r, language) for r in RULES.values())])


def _rule(rule: FindingRule, language: Language) -> str:
    fix, source = rule.fix.render(language), source_of(rule, language)
    note = say(language, "级别：提示，不会让检查失败", "Level: a note, which fails nothing")
    rows = facts(
        note if rule.level == "note" else "",
        say(language, f"怎么办：{fix}", f"What to do: {fix}"),
        say(language, f"依据：{source}", f"Source: {source}"),
    )
    about, why = rule.about.render(language), rule.why.render(language)
    wrong = say(language, f"{about}。{why}", f"{about}. {why}")
    return section(2, f"`{rule.name}`", wrong, rows)


def source_of(rule: FindingRule, language: Language) -> str:
    """Return where a mistake is documented, of whatever endpoint."""
    words = {
        "doc": say(language, "接口的文档页", "the endpoint's page"),
        "basis": say(language, "接口的依据", "the endpoint's basis"),
        "error": say(language, "错误的依据", "the error's basis"),
    }
    return rule.source(**words).render(language)
