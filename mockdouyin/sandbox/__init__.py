"""Worlds, scenarios and rules: which world a request meets, and how its answer is bent."""

from mockdouyin.sandbox.rules import Rule
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.scenario import Scenario
from mockdouyin.sandbox.worlds import World

__all__ = ["Rule", "Sandbox", "Scenario", "World"]
