"""Wrong recipes of guaranteed payment: what the values are sorted by."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.texts import text
from mockdouyin.domain.signatures._number_order import js_difference, js_greater, php_order
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
    yield plan._replace(order=php_order)


@ECPAY.recipe(
    text(
        "ecpay_compared_order",
        zh="排序用的比较函数不对（如 JavaScript 的 (a, b) => a - b，或直接比较数字和字符串），"
        "应先转成字符串再用 sort()",
        en="sorted by a comparison that does not fit texts, such as JavaScript's (a, b) => a - b,"
        " or one of numbers with texts; make texts of them and use sort() alone",
    ),
    paired=False,
)
def compared_order(plan: EcpayPlan) -> EcpayPlans:
    """What is no number stays where it is, or is less than any number."""
    numbers = frozenset(name for name, value in plan.fields if isinstance(value, int | float))
    for order in (js_difference, js_greater(numbers)):
        yield plan._replace(order=order)
