"""Near misses as the control API shows them."""

from __future__ import annotations

from mockdouyin.control._shown import Shown


class DifferenceShown(Shown):
    """A field in which the closest candidate differs."""

    field: str
    """`method`, `path`, `path[2]` (its second segment), `endpoint`, `api` (of a phone),
    `when.code` (a parameter of a rule), `fail` (that of a phone's call), `parameter` (its name),
    `count`, `since`, or a key of the rule, such as `after`."""
    expected: str | int | float | bool | None
    seen: str | int | float | bool | None
    """Null if the field is absent."""


class NearShown(Shown):
    """The candidate that came closest."""

    candidate: str
    """The full name of an endpoint or a phone API, or a method with a path."""
    id: int | str | None
    """The number of a call in the journal, or the id of a rule; null for an endpoint."""
    differences: list[DifferenceShown]
    says: str
    """The differences in words."""
