"""mockdouyin as `mockdouyin serve` runs it, on a sandbox that lines of JSON on stdin can fill.

To log a million people in over HTTP would take longer than the measurement; here each login is a
plain call of the sandbox that is served.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from benchmarks.contenders import history, stock
from mockdouyin import Sandbox
from mockdouyin.cli._foreground import ServeOptions, run_server
from mockdouyin.cli._sandbox_options import MEMORY, SandboxOptions


class StockedOptions(SandboxOptions):
    """Options whose sandbox takes commands from standard input."""

    def make_sandbox(self, store: str = MEMORY, *, joins: bool = False) -> Sandbox:
        """Make the sandbox to serve, and start the thread that reads the commands."""
        parts = self.parts()
        box = Sandbox(stock.SCENARIO, seed=self.seed, settings=self.overrides, **parts)
        threading.Thread(target=_read_commands, args=(box,), daemon=True).start()
        return box


def _read_commands(box: Sandbox) -> None:
    snapshot = None
    for line in sys.stdin:
        command = json.loads(line)
        if command.pop("fresh", False):  # the records of earlier rounds must not slow this one
            if snapshot is None:
                snapshot = box.default.store.snapshot()
            box.default.store.restore(snapshot)
        print(json.dumps(_execute(box, **command)), flush=True)


def _execute(box: Sandbox, do: str, **given: Any) -> Any:
    if do == "load":
        return stock.LOADS[given["name"]](box)
    if do == "logins":
        with Path(given["file"]).open("w", encoding="utf-8") as file:
            file.writelines(f"{body}\n" for body in stock.logins(box, given["count"]))
        return given["count"]
    if do == "history":
        return history.write_history(box, **given)
    if do == "fill":
        return stock.fill(box, given["live"])
    if do == "consents":
        return [stock.consent(box) and 0 for _ in range(given["count"])].count(0)
    return stock.arm(box, given["worlds"], given["rules"])


if __name__ == "__main__":
    overrides: dict[str, Any] = json.loads(sys.argv[2])
    run_server(
        StockedOptions((), {}, overrides, None),
        ServeOptions("127.0.0.1", 0, Path(sys.argv[1]), quiet=True),
    )
