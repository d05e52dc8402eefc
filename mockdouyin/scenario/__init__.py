"""Scenarios and rules: a world in YAML, and "when → then" for its calls.

Reads and validates scenario files (every mistake with its line), compiles rules against the
endpoints that exist, applies them to calls, and generates the JSON Schema of scenario files.
"""

from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.scenario import Scenario

__all__ = ["Rule", "Scenario"]
