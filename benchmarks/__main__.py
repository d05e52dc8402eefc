"""The command: `python -m benchmarks [--rows login,start] [--seconds N] [--rounds N] …`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks import report
from benchmarks.bench import QUICK, Bench, Size
from benchmarks.machine import Cores, cores
from benchmarks.processes import BenchError, Fleet
from benchmarks.results import Measured
from benchmarks.rows import MODULES, ROWS

LONG = 10_000_000


def main() -> int:
    """Measure, print the table, and return 1 if --strict is given and a goal was missed."""
    given = _arguments().parse_args()
    wanted = set(given.rows.split(",")) if given.rows else set(ROWS)
    if strange := sorted(wanted - set(ROWS)):
        sys.exit(f"no row {strange[0]!r}; there are {', '.join(ROWS)}")
    wanted -= set(given.without.split(","))
    size, on = _size(given), cores()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # runs the cleanup of Fleet
    # Keep the harness itself off the core that is measured.
    os.sched_setaffinity(0, {on.load})
    found = list(measured(wanted, size, on))
    print(report.table(found, [row for row in ROWS.values() if row.name in wanted]))
    if given.json:
        given.json.write_text(report.as_json(found, size._asdict()), encoding="utf-8")
    if given.write:
        how = f"{size.rounds} rounds of {size.seconds} s for each contender"
        report.write(found, f"{how}, {size.requests:,} requests for `flat`")
    lost = report.missed(found)
    if lost:
        print(f"missed: {', '.join(lost)}", file=sys.stderr)
    return 1 if given.strict and lost else 0


def measured(wanted: Iterable[str], size: Size, on: Cores) -> Iterator[Measured]:
    """Measure rows, module by module; a row that cannot be measured carries the reason."""
    for module in MODULES:
        left = {row.name for row in module.ROWS} & set(wanted)
        if not left:
            continue
        with tempfile.TemporaryDirectory(prefix="mockdouyin-bench-") as folder:
            try:
                with Fleet(Path(folder)) as fleet:
                    for each in module.measure(Bench(size, on, fleet), set(left)):
                        left.discard(each.row)
                        yield _told(each)
            except BenchError as error:
                for name in sorted(left):
                    yield _told(Measured(name, skipped=str(error)))


def _told(each: Measured) -> Measured:
    text = each.skipped and f"skipped: {each.skipped}"
    print(f"{each.row}: {text or f'{each.value:.3f} ({each.note})'}", file=sys.stderr)
    return each


def _size(given: argparse.Namespace) -> Size:
    size = QUICK if given.quick else Size()
    over = {
        name: getattr(given, name)
        for name in ("seconds", "rounds", "live")
        if getattr(given, name) is not None
    }
    if given.long:
        over["requests"] = LONG
    return size._replace(**over)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rows", metavar="NAME,…", help=f"some of {', '.join(ROWS)}")
    parser.add_argument("--without", metavar="NAME,…", default="", help="all rows but these")
    parser.add_argument("--seconds", type=int, help="seconds of load for each contender and round")
    parser.add_argument("--rounds", type=int, help="rounds, of which the median counts")
    parser.add_argument("--live", type=int, help="codes and tokens in the full store")
    parser.add_argument("--long", action="store_true", help="ten million requests for `flat`")
    parser.add_argument("--quick", action="store_true", help="only check that everything works")
    parser.add_argument("--strict", action="store_true", help="exit 1 when a goal is missed")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every value to a file")
    parser.add_argument("--write", action="store_true", help="write the table into the docs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
