"""Run the drive through all operations by `mockdouyin run`, from which nothing gets out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from tests.cli.shell import environment
from tests.intercept.users import shut

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent
PACKAGES = ROOT / "build" / "clients" / "node_modules"
PATIENCE = 300.0


class Driven(NamedTuple):
    """What a run came to."""

    methods: dict[str, Any]
    """The SDK's operations, each with its route."""
    errors: dict[str, str]
    """The error of each of them; empty if there was none."""
    findings: list[str]
    """What `mockdouyin doctor` would say of it."""


def drive(folder: Path) -> Driven:
    """Have the SDK call all that it has."""
    (folder / "node_modules").symlink_to(PACKAGES)  # Node looks for them beside the program
    report = folder / "report.json"
    program = shutil.copy(HERE / "worker.cjs", folder)
    done = subprocess.run(
        [
            *shut(),
            *(sys.executable, "-m", "mockdouyin", "run", "--no-hosts", "--allow-real"),
            *("--report", str(report)),
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
    worlds = json.loads(report.read_text("utf-8"))["worlds"]
    findings = [
        found["says"]
        for world in worlds
        for found in world["findings"]
        if found["level"] == "mistake"
    ]
    return Driven(**json.loads(done.stdout), findings=findings)
