"""The operation that lists findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from mockdouyin.control._examinations import examination
from mockdouyin.control._operations import OperationCall, OperationQuery, operation
from mockdouyin.control._pages import every_delivery, every_exchange
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import After, Step
from mockdouyin.control._turns import paced
from mockdouyin.control.journal import ExchangeShown, exchange_shower
from mockdouyin.core.journal import Exchange
from mockdouyin.sandbox.worlds import World

if TYPE_CHECKING:
    from mockdouyin.core.redaction import Mask
    from mockdouyin.core.texts import Language
    from mockdouyin.findings import Finding, FindingRule


class FindingQuery(OperationQuery):
    """Which findings to list; by default all.

    列出哪些问题，默认全部。
    """

    rule: str = ""
    """The rule's name.

    规则名。"""
    level: Literal["", "mistake", "note"] = ""
    """Mistakes alone, or notes alone.

    只列问题，或者只列提示。"""


class FindingShown(Shown):
    """Something that the client does wrong, with the newest exchange that shows it.

    客户端用错的一处，附上最近一次体现它的请求。
    """

    rule: str
    level: Literal["mistake", "note"]
    """A note is of something that is right here and would not be at the platform.

    note 是提示：在这里没有问题，到了平台上会有。"""
    says: str
    exchange: ExchangeShown
    source: str
    """Where it is documented.

    文档依据。"""
    fix: str


class FindingRuleShown(Shown):
    """Something that a client may do wrong.

    客户端可能用错的一种情况。
    """

    rule: str
    level: Literal["mistake", "note"]
    about: str
    why: str
    """Why it matters.

    为什么要紧。"""


class FindingsShown(Shown):
    """What the client does wrong.

    客户端用错的地方。
    """

    findings: list[FindingShown]
    exchanges: int
    """How many exchanges were examined.

    检查了多少次请求。"""
    rules: list[FindingRuleShown]
    """What they were examined for.

    按哪些规则检查。"""


@operation("GET", "/findings", long=True)
def findings(call: OperationCall[FindingQuery]) -> Step[FindingsShown]:
    """List what the client does wrong, then notes, each with the newest exchange that shows it.

    列出客户端用错的地方，然后是提示，每处附上最近一次体现它的请求。
    """
    rule, level, examine_all = call.given.rule, call.given.level, examination(call.world)

    def show() -> FindingsShown:
        from mockdouyin.findings import select  # loaded late: most runs never ask

        found, exchanges = _of_rule(call.world, rule) if rule else examine_all()[:2]
        mask = call.world.mask()
        show_exchange = exchange_shower(call.world, mask, call.language)
        shown = [
            show_finding(each, mask, show_exchange, call.language)
            for each in found
            if level in ("", each.level)
        ]
        rules = [
            _show_rule(each, call.language) for each in select(rule) if level in ("", each.level)
        ]
        return FindingsShown(findings=shown, exchanges=exchanges, rules=rules)

    return After(show)


def _of_rule(world: World, rule: str) -> tuple[list[Finding], int]:
    from mockdouyin.findings import examine  # loaded late: most runs never ask

    exchanges = every_exchange(world)
    return examine(exchanges, rule, paced, every_delivery(world)), len(exchanges)


def show_finding(
    finding: Finding,
    mask: Mask,
    show_exchange: Callable[[Exchange], ExchangeShown],
    language: Language,
) -> FindingShown:
    """Return a finding as the API shows it."""
    return FindingShown(
        rule=finding.rule,
        level=finding.level,
        says=mask(finding.says.render(language)),
        exchange=show_exchange(finding.exchange),
        source=finding.source.render(language),
        fix=mask(finding.fix.render(language)),
    )


def _show_rule(rule: FindingRule, language: Language) -> FindingRuleShown:
    return FindingRuleShown(
        rule=rule.name,
        level=rule.level,
        about=rule.about.render(language),
        why=rule.why.render(language),
    )
