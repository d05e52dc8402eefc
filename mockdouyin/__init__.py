"""A Douyin (抖音) open platform that runs on your own machine."""

from mockdouyin.core.clock import ManualClock
from mockdouyin.core.errors import DouyinError, MockDouyinError
from mockdouyin.core.message import Fault
from mockdouyin.sandbox import Rule, Sandbox, Scenario, World

__version__ = "0.1.0"

__all__ = [
    "DouyinError",
    "Fault",
    "ManualClock",
    "MockDouyinError",
    "Rule",
    "Sandbox",
    "Scenario",
    "World",
]
