"""Worlds, scenarios and rules: which world a request meets, and how its answer is bent."""

from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import World
from mockdouyin.scenario.rules import Rule
from mockdouyin.scenario.scenario import Scenario

__all__ = ["Rule", "Sandbox", "Scenario", "World"]
