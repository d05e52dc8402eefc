"""What answers say, kept by name: later calls take their ids from it."""

from __future__ import annotations

from typing import Any

ID_ENDINGS = ("id", "_no", "_key", "_url", "_uri", "code", "_token", "_sign")
"""How a name ends whose value is taken from an earlier answer."""


def collect(answer: Any, into: dict[str, Any]) -> None:
    """Keep every plain value of an answer by its name; of a list, by what an item is called."""
    if isinstance(answer, list):
        for each in answer:
            collect(each, into)
    elif isinstance(answer, dict):
        for name, value in answer.items():
            if isinstance(value, list) and value and not isinstance(value[-1], dict | list):
                into[singular(name)] = value[-1]
            elif isinstance(value, dict | list):
                collect(value, into)
            elif value not in (None, ""):
                into[name] = value


def singular(name: str) -> str:
    """Return what one item of a list is called."""
    return name.removesuffix("_list").removesuffix("s")
