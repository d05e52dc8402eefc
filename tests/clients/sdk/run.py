"""Run the drive through all operations by `mockdouyin run`, from which nothing gets out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

from tests.cli.shell import environment
from tests.intercept.users import shut

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
PACKAGES = ROOT / "build" / "clients" / "node_modules"
PATIENCE = 300.0


def drive(folder: Path) -> dict[str, str]:
    """Return the error of each of the SDK's operations, empty if there was none."""
    (folder / "node_modules").symlink_to(PACKAGES)  # Node looks for them beside the program
    program = shutil.copy(HERE / "worker.cjs", folder)
    done = subprocess.run(
        [
            *shut(),
            *(sys.executable, "-m", "mockdouyin", "run", "--no-hosts", "--allow-real"),
            *("--", sys.executable, "-m", "tests.clients.sdk.drive", str(program)),
        ],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results: dict[str, str] = json.loads(done.stdout)
    return results
