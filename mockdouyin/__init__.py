"""A Douyin (抖音) open platform that runs on your own machine."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if sys.version_info < (3, 11):  # noqa: UP036 - in a checkout, pip has not checked it
    # SystemExit prints one line for `python -m mockdouyin`; an ImportError prints a traceback.
    raise (SystemExit if sys.argv[:1] == ["-m"] else ImportError)(
        "mockdouyin needs Python 3.11 or newer; this is " + sys.version.split()[0]
    )

if TYPE_CHECKING:
    from mockdouyin.core.clock import ManualClock
    from mockdouyin.core.errors import DouyinError, MockDouyinError
    from mockdouyin.core.http import Fault, Reply, Request
    from mockdouyin.core.version import __version__
    from mockdouyin.sandbox import Sandbox, World
    from mockdouyin.scenario import Rule, Scenario
    from mockdouyin.server.app import create_app
    from mockdouyin.testing import Douyin

_MODULES = {
    "Douyin": "testing",
    "DouyinError": "core.errors",
    "Fault": "core.http",
    "ManualClock": "core.clock",
    "MockDouyinError": "core.errors",
    "Reply": "core.http",
    "Request": "core.http",
    "Rule": "scenario",
    "Sandbox": "sandbox",
    "Scenario": "scenario",
    "World": "sandbox",
    "__version__": "core.version",
    "create_app": "server.app",
}

__all__ = [
    "Douyin",
    "DouyinError",
    "Fault",
    "ManualClock",
    "MockDouyinError",
    "Reply",
    "Request",
    "Rule",
    "Sandbox",
    "Scenario",
    "World",
    "__version__",
    "create_app",
]


def __getattr__(name: str) -> Any:
    """Import a public name on first use: pytest loads this package in every project."""
    if name not in _MODULES:
        raise AttributeError(f"module 'mockdouyin' has no attribute {name!r}")
    value = getattr(import_module(f"mockdouyin.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
