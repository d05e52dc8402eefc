"""What declared operations made and changed: records, and each owner's list of them in pages."""

from __future__ import annotations

from typing import Any, ClassVar

from mockdouyin.core.store import Record


class ResourceRecord(Record, frozen=True):
    """One thing that was made or changed; what it was not told is derived."""

    TABLE: ClassVar[str] = "Resource"

    fields: dict[str, Any]
    created: float
    changed: float
    page: int = -1
    """The page with its key; -1 for one of those that were there from the beginning."""
    gone: bool = False


class ResourceShelf(Record, frozen=True):
    """An owner's records of a resource: which pages have keys, and how many were ever made."""

    TABLE: ClassVar[str] = "ResourceShelf"

    since: float
    made: int = 0
    living: int = 0
    pages: tuple[int, ...] = ()


class ResourcePage(Record, frozen=True):
    """Keys of living records, in the order in which they were made."""

    TABLE: ClassVar[str] = "ResourcePage"

    keys: tuple[str, ...]


class ResourceAttempt(Record, frozen=True):
    """What a repeated call made the first time."""

    TABLE: ClassVar[str] = "ResourceAttempt"

    key: str
