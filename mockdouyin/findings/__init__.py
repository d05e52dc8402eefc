"""What a client does wrong, noticed by us: worked out from the journal when somebody asks.

Each rule is one decorated function from what was seen, the oldest first, to what shows the
mistake. A rule would rather miss a mistake than accuse a client that makes none.
"""

from mockdouyin.findings import configuration, credentials, requests, transport
from mockdouyin.findings.table import RULES, Finding, FindingRule, examine

__all__ = [
    "RULES",
    "Finding",
    "FindingRule",
    "configuration",
    "credentials",
    "examine",
    "requests",
    "transport",
]
