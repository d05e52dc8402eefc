"""Scenarios and rules: a world in YAML, and "when → then" for its calls.

Reads and checks scenario files (every mistake with its line), compiles rules against the endpoints
there are, and writes the JSON Schema. It applies a rule to a call; it knows no world and no store.
"""

from mockdouyin.scenario.rule import Rule
from mockdouyin.scenario.scenario import Scenario

__all__ = ["Rule", "Scenario"]
