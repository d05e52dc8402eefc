"""The operation that lists findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control._steps import After, Step
from mockdouyin.core.texts import Language

if TYPE_CHECKING:
    from mockdouyin.core.redaction import Mask
    from mockdouyin.findings import Finding


@operation("GET", "/findings", long=True)
def findings(call: OperationCall) -> Step[Answer]:
    """List what the client does wrong, each with the newest exchange that shows it."""
    exchanges = list(call.world.journal)

    def show() -> Answer:
        from mockdouyin.findings import examine  # loaded late: most runs never ask

        found, mask = examine(exchanges, call.query.get("rule", "")), call.world.mask()
        return {
            "findings": [_shown(each, mask, call.language) for each in found],
            "exchanges": len(exchanges),
        }

    return After(show)


def _shown(finding: Finding, mask: Mask, language: Language) -> dict[str, Any]:
    from mockdouyin.core.exchange_view import show

    return {
        "rule": finding.rule,
        "says": mask(finding.says),
        "exchange": show(finding.exchange, mask, language),
        "source": finding.source,
        "fix": mask(finding.fix),
    }
