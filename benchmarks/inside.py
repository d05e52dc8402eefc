"""A measurement within one process: `python -m benchmarks.inside ROW JSON`."""

from __future__ import annotations

import json
import sys
from importlib import import_module


def main() -> None:
    """Call the `inside` of a module of rows, and print what it gives."""
    module = import_module(f"benchmarks.rows.{sys.argv[1]}")
    print(json.dumps(module.inside(**json.loads(sys.argv[2]))))


if __name__ == "__main__":
    main()
