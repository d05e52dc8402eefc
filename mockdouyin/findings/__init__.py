"""Mistakes of a client, and notes, detected in the journal on request.

A rule is one decorated function that takes the exchanges, oldest first, and yields those that show
a mistake. It would rather miss a mistake than accuse a correct client. Answering a request runs no
rule.
"""

from mockdouyin.findings import configuration, credentials, money, payments, requests, transport
from mockdouyin.findings._table import RULES, Finding, FindingRule, Level, examine, select

__all__ = [
    "RULES",
    "Finding",
    "FindingRule",
    "Level",
    "configuration",
    "credentials",
    "examine",
    "money",
    "payments",
    "requests",
    "select",
    "transport",
]
