"""mockdouyin as `mockdouyin serve` runs it, on a sandbox that can be stocked by lines of JSON.

Logging a million phones in over HTTP takes longer than measuring; here each of them is an
ordinary call to the very sandbox that is served.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from benchmarks.contenders import stock
from mockdouyin import Sandbox
from mockdouyin.cli._foreground import ServeTarget, run
from mockdouyin.cli._plan import MEMORY, Plan


class StockedPlan(Plan):
    """A plan whose sandbox is at hand."""

    def sandbox(self, store: str = MEMORY, *, joins: bool = False) -> Sandbox:
        """Make what is to be served, and listen to standard input for what to stock it with."""
        box = Sandbox(stock.SCENARIO, seed=self.seed, settings=self.over)
        threading.Thread(target=_obey, args=(box,), daemon=True).start()
        return box


def _obey(box: Sandbox) -> None:
    kept = None
    for line in sys.stdin:
        order = json.loads(line)
        if order.pop("fresh", False):  # what earlier turns left over is no load of this one's
            if kept is None:
                kept = box.default.store.snapshot()
            box.default.store.restore(kept)
        print(json.dumps(_done(box, **order)), flush=True)


def _done(box: Sandbox, do: str, **given: Any) -> Any:
    if do == "load":
        return stock.LOADS[given["name"]](box)
    if do == "logins":
        with Path(given["file"]).open("w", encoding="utf-8") as file:
            file.writelines(f"{body}\n" for body in stock.logins(box, given["count"]))
        return given["count"]
    if do == "fill":
        return stock.fill(box, given["live"])
    if do == "consents":
        return [stock.consent(box) and 0 for _ in range(given["count"])].count(0)
    return stock.arm(box, given["worlds"], given["rules"])


if __name__ == "__main__":
    over: dict[str, Any] = json.loads(sys.argv[2])
    run(
        StockedPlan((), {}, over, None), ServeTarget("127.0.0.1", 0, Path(sys.argv[1]), quiet=True)
    )
