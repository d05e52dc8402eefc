"""A Douyin (抖音) open platform that runs on your own machine."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if sys.version_info < (3, 11):  # noqa: UP036 - run from a checkout, nothing else has asked
    # One line for `python -m mockdouyin`, where an ImportError would be a traceback.
    raise (SystemExit if sys.argv[:1] == ["-m"] else ImportError)(
        "mockdouyin needs Python 3.11 or newer; this is " + sys.version.split()[0]
    )

if TYPE_CHECKING:
    from mockdouyin.core.clock import ManualClock
    from mockdouyin.core.errors import DouyinError, MockDouyinError
    from mockdouyin.core.http import Fault
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

_HOMES = {
    "DouyinError": "core.errors",
    "Fault": "core.message",
    "ManualClock": "core.clock",
    "MockDouyinError": "core.errors",
    "Rule": "sandbox",
    "Sandbox": "sandbox",
    "Scenario": "sandbox",
    "World": "sandbox",
}


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: pytest imports this package in every project."""
    if name not in _HOMES:
        raise AttributeError(f"module 'mockdouyin' has no attribute {name!r}")
    value = getattr(import_module(f"mockdouyin.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
