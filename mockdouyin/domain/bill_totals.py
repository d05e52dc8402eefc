"""What a bill sums up to: how many rows it has, and the sum of each column of money."""

from __future__ import annotations

import csv
import io
from typing import NamedTuple

MONEY = (
    *("订单金额", "退款金额", "回退金额", "提现金额"),
    *("技术服务费", "抽佣金额", "收支金额"),
)
"""The columns that can be summed up; an account's balance cannot."""

ORDER_AMOUNT, ORDER_NUMBER = "订单金额", "订单号"
"""What an order costs stands in each row of its refunds or settlements, and counts once."""


class Total(NamedTuple):
    """What a bill sums up to."""

    rows: int
    succeeded: int
    """Rows of what succeeded; these are summed up."""
    sums: dict[str, int]
    """In 分, by column."""


def total_of(content: bytes) -> Total:
    """Return what a bill sums up to; what failed or is not done yet has no part in its sums."""
    columns, *rows = csv.reader(io.StringIO(content.decode()))
    states = [place for place, name in enumerate(columns) if name.endswith("状态")]
    places = [(place, name) for place, name in enumerate(columns) if name in MONEY]
    done = [row for row in rows if not states or row[states[-1]] == "SUCCESS"]
    sums = {}
    for place, name in places:
        counted = _once_an_order(columns, done) if name == ORDER_AMOUNT else done
        sums[name] = sum(int(row[place].replace(".", "")) for row in counted)
    return Total(len(rows), len(done), sums)


def _once_an_order(columns: list[str], rows: list[list[str]]) -> list[list[str]]:
    number = columns.index(ORDER_NUMBER)
    return list({row[number]: row for row in rows}.values())
