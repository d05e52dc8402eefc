"""The machine: which core serves, which one loads, and an anonymous description."""

from __future__ import annotations

import os
import platform
import socket
from pathlib import Path
from typing import NamedTuple


class Cores(NamedTuple):
    """The core that servers are pinned to, and the one for clients."""

    server: int
    load: int


def cores() -> Cores:
    """Return two of the cores that this process may use; with only one, it is used twice."""
    usable = sorted(os.sched_getaffinity(0))
    return Cores(usable[0], usable[-1])


def described() -> str:
    """Return a description of the machine: cores, system, Python."""
    return (
        f"{os.cpu_count()} cores ({_processor()}), {platform.system()} {platform.release()},"
        f" {platform.python_implementation()} {platform.python_version()}"
    )


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
