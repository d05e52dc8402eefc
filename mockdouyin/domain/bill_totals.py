"""What a bill sums up to: how many rows it has, and the sum of each column of money."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import NamedTuple

MONEY = (
    *("订单金额", "退款金额", "回退金额", "提现金额"),
    *("技术服务费", "抽佣金额", "收支金额"),
)
"""The columns that can be summed up; an account's balance cannot."""


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
    sums = Counter({name: 0 for _, name in places})
    for row in done:
        for place, name in places:
            sums[name] += int(row[place].replace(".", ""))
    return Total(len(rows), len(done), dict(sums))
