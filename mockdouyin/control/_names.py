"""Names of apps and people: which are allowed, and one for whoever has none."""

from __future__ import annotations

from collections.abc import Container

from mockdouyin.control._error_texts import NAME
from mockdouyin.core import bounds
from mockdouyin.core.errors import MockDouyinError


def check_name(name: str | None) -> None:
    """Raise if a name is too long or has control characters; no name is fine."""
    if name and (says := bounds.name_problem(name)):
        raise MockDouyinError(NAME(says=says))


def free_name(kind: str, taken: Container[str], count: int) -> str:
    """Return `kind-N` with the lowest free N above `count`, the number of those that exist."""
    while f"{kind}-{count + 1}" in taken:
        count += 1
    return f"{kind}-{count + 1}"
