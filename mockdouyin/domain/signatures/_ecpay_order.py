"""Wrong recipes of guaranteed payment: what the values are sorted by."""

from __future__ import annotations

import re
from functools import cmp_to_key
from typing import Any

from mockdouyin.core.texts import text
from mockdouyin.domain.signatures._recipe import NameValue
from mockdouyin.domain.signatures.ecpay import ECPAY, EcpayPlan, EcpayPlans


def by_name(entry: NameValue) -> Any:
    """Sort by the names."""
    return entry[0].encode(errors="surrogatepass")


@ECPAY.recipe(
    text(
        "ecpay_keys_sorted",
        zh="按参数名排序了，应按参数值排序",
        en="sorted by the names of the fields; it is the values that are sorted",
    )
)
def keys_sorted(plan: EcpayPlan) -> EcpayPlans:
    """The values in the order of their names."""
    yield plan._replace(order=by_name)


@ECPAY.recipe(
    text(
        "ecpay_unsorted",
        zh="参数值没有排序",
        en="the values are not sorted",
    )
)
def unsorted(plan: EcpayPlan) -> EcpayPlans:
    """The values in the order of the body."""
    yield plan._replace(order=None)


@ECPAY.recipe(
    text(
        "ecpay_case_ignored",
        zh="排序时忽略了大小写（如 C# 按区域文化排序），应按字节排序（StringComparer.Ordinal）",
        en="sorted without regard to case, as C# does by culture; sort by bytes"
        " (StringComparer.Ordinal)",
    )
)
def case_ignored(plan: EcpayPlan) -> EcpayPlans:
    """Lower and upper case as one, the lower one first or as they come, or symbols before all."""
    yield plan._replace(order=lambda entry: (entry[1].casefold(), entry[1].swapcase()))
    yield plan._replace(order=lambda entry: entry[1].casefold())
    yield plan._replace(order=lambda entry: (entry[1][:1].isalnum(), entry[1].casefold()))


@ECPAY.recipe(
    text(
        "ecpay_utf16_order",
        zh="按 UTF-16 编码单元排序（Java、JavaScript、C#），emoji 等字符的顺序与 UTF-8 字节序不同",
        en="sorted by UTF-16 units, as Java, JavaScript and C# do: an emoji stands elsewhere than"
        " by the bytes of UTF-8",
    )
)
def utf16_order(plan: EcpayPlan) -> EcpayPlans:
    """Characters beyond U+FFFF before those at its end."""
    yield plan._replace(order=lambda entry: entry[1].encode("utf-16-be", "surrogatepass"))


_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE | re.ASCII)
"""What PHP takes for a number."""

_MAX_DIGITS = 400
"""A longer number is compared as text: PHP's would be infinite."""


def _php_compare(one: NameValue, other: NameValue) -> int:
    """Compare two values as PHP's `<` does: as numbers if both look like some."""
    first, second = one[1], other[1]
    if not _is_php_number(first) or not _is_php_number(second):
        a, b = (each.encode(errors="surrogatepass") for each in (first, second))
        return (a > b) - (a < b)
    return (float(first) > float(second)) - (float(first) < float(second))


def _is_php_number(value: str) -> bool:
    return len(value) < _MAX_DIGITS and _NUMBER.fullmatch(value) is not None


_php_key = cmp_to_key(_php_compare)


def _by_number(entry: NameValue) -> Any:
    """Sort as PHP does."""
    return _php_key(entry)  # itself it cannot be compared with another plan's


@ECPAY.recipe(
    text(
        "ecpay_numeric_order",
        zh="像数字的值按大小排序了（PHP 的 sort() 不带 SORT_STRING，900 排在 1990 前面），"
        "应按字节排序",
        en="what looks like a number is sorted as one, 900 before 1990, as by PHP's sort() without"
        " SORT_STRING; sort by bytes",
    )
)
def numeric_order(plan: EcpayPlan) -> EcpayPlans:
    """Numbers by their size, all else by its bytes."""
    yield plan._replace(order=_by_number)
