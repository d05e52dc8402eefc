"""The operation that lists findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

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
    """Which rule's findings to list; by default those of all.

    列出哪条规则的问题，默认全部。
    """

    rule: str = ""
    """The rule's name.

    规则名。"""


class FindingShown(Shown):
    """Something that the client does wrong, with the newest exchange that shows it.

    客户端用错的一处，附上最近一次体现它的请求。
    """

    rule: str
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
    """List what the client does wrong, each with the newest exchange that shows it.

    列出客户端用错的地方，每处附上最近一次体现它的请求。
    """
    rule, examine_all = call.given.rule, examination(call.world)

    def show() -> FindingsShown:
        from mockdouyin.findings import select  # loaded late: most runs never ask

        found, exchanges = _of_rule(call.world, rule) if rule else examine_all()[:2]
        mask = call.world.mask()
        show_exchange = exchange_shower(call.world, mask, call.language)
        shown = [show_finding(each, mask, show_exchange, call.language) for each in found]
        rules = [_show_rule(each, call.language) for each in select(rule)]
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
        says=mask(finding.says.render(language)),
        exchange=show_exchange(finding.exchange),
        source=finding.source.render(language),
        fix=mask(finding.fix.render(language)),
    )


def _show_rule(rule: FindingRule, language: Language) -> FindingRuleShown:
    return FindingRuleShown(
        rule=rule.name, about=rule.about.render(language), why=rule.why.render(language)
    )
