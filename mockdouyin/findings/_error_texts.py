"""What is said when a rule of findings does not exist, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NO_FINDING_RULE = text(
    "findings_error_no_finding_rule", zh="没有规则 {name!r}{hint}", en="no rule {name!r}{hint}"
)
