"""Users whom a machine allows less than root, and one who cannot reach the real Douyin at all.

Each is what stands before a command, so that the command is theirs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from mockdouyin.intercept._namespace import NOWHERE, enter, make_view
from tests.support.helpers import need


def shut() -> list[str]:
    """Return somebody for whom Douyin's names lead nowhere, whatever the command does.

    Where there can be none, as on macOS, it is the usual user.
    """
    if os.geteuid() != 0 and not _works("unshare", "-Urm", "true"):
        return []
    return [sys.executable, "-m", "tests.intercept.users"]


def ordinary() -> list[str]:
    """Return somebody who may make namespaces, and may not listen on port 443."""
    need(sys.platform.startswith("linux"), "Linux")
    first = Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text()
    need(int(first) > 443, "ports that are root's")
    need(_works("unshare", "-Urm", "true"), "user namespaces")
    if os.geteuid() != 0:
        return shut()
    need(shutil.which("setpriv"), "setpriv")
    # Root's own id may only be mapped by who has this one capability.
    return [*shut(), "setpriv", "--bounding-set=-all,+setfcap", "--inh-caps=-all"]


def confined() -> list[str]:
    """Return somebody who may not make namespaces: their id is unknown where they are."""
    need(_works("unshare", "-U", "true"), "user namespaces")
    return [*shut(), "unshare", "-U"]


def _works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def main(command: list[str]) -> int:
    """Run a command for which Douyin's names lead nowhere."""
    with tempfile.TemporaryDirectory(prefix="shut-") as folder:
        enter(make_view(NOWHERE, Path(folder)).mounts)
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
