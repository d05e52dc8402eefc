"""Where the single-file executable begins.

It is two processes: one unpacks the files and waits, and its child is Python.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_SET_PDEATHSIG = 1


def restore_environment() -> None:
    """Remove what unpacking added to the environment, for the commands that `run` starts.

    With it their programs would load our libraries, and a second mockdouyin among them our files,
    which are gone once this one ends.
    """
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    for name in [name for name in os.environ if name.startswith("_PYI_")]:
        del os.environ[name]


def end_with_parent() -> None:
    """Have the kernel end this process if the unpacking one is killed: it cannot forward that."""
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(143)


if __name__ == "__main__":
    restore_environment()
    end_with_parent()

    from mockdouyin.cli import main

    main()
