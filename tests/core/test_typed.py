"""Types that msgspec reads, met by several threads at once."""

from __future__ import annotations

import subprocess
import sys

MEET = """
import sys, threading
import msgspec
from mockdouyin.core import codec

sys.setswitchinterval(1e-6)
fields = [(f"f{n}", int | None, None) for n in range(30)]
for number in range(40):
    inner = msgspec.defstruct(f"Inner{number}", fields)
    kind = msgspec.defstruct(f"Kind{number}", [("inner", inner), ("more", list[inner])])
    data = msgspec.msgpack.encode({"inner": {}, "more": [{}]})
    gate = threading.Barrier(8)

    def meet():
        gate.wait()
        codec.decode(kind, data)

    threads = [threading.Thread(target=meet) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
"""


def test_threads_that_meet_a_type_together() -> None:
    """A type that many threads read for the first time at once is read by all of them."""
    met = subprocess.run([sys.executable, "-c", MEET], capture_output=True, text=True, check=False)

    assert (met.returncode, met.stderr) == (0, "")
