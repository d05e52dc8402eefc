"""What a client does wrong, worked out from the journal when somebody asks.

A rule is one decorated function from the exchanges, oldest first, to those that show the mistake.
It would rather miss a mistake than accuse a correct client; the path of a request knows no rule.
"""

from mockdouyin.findings import configuration, credentials, requests, transport
from mockdouyin.findings._table import RULES, Finding, FindingRule, examine

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
