"""Near misses as the control API shows them."""

from __future__ import annotations

from mockdouyin.control._shown import Shown


class DifferenceShown(Shown):
    """A field in which the closest candidate differs.

    最接近的候选在哪个字段上不同。
    """

    field: str
    """`method`, `path`, `path[2]` (its second segment), `endpoint`, `api` (of a phone),
    `when.code` (a parameter of a rule), `fail` (that of a phone's call), `parameter` (its name),
    `count`, `since`, or a key of the rule, such as `after`.

    `method`、`path`、`path[2]`（第二段）、`endpoint`、`api`（手机的）、`when.code`（规则的参数）、
    `fail`（手机调用的）、`parameter`（参数名）、`count`、`since`，或规则的键，如 `after`。"""
    expected: str | int | float | bool | None
    seen: str | int | float | bool | None
    """Null if the field is absent.

    没有这个字段则是 null。"""


class NearShown(Shown):
    """The candidate that came closest.

    最接近的候选。
    """

    candidate: str
    """The full name of an endpoint or a phone API, or a method with a path.

    接口或 tt API 的全名，或方法加路径。"""
    id: int | str | None
    """The number of a call in the journal, or the id of a rule; null for an endpoint.

    调用的编号，或规则的 id；接口则是 null。"""
    differences: list[DifferenceShown]
    says: str
    """The differences in words.

    差别，用文字说。"""
