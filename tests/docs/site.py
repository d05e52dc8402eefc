"""Building the documentation site in a folder of a test's own."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

from tests.cli.shell import ROOT, environment
from tests.support.helpers import need


def build(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Build the site into a folder, as `make docs` does into build/site."""
    need(importlib.util.find_spec("mkdocs"), "needs mkdocs-material: make test installs it")
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(folder), *args],
        cwd=ROOT,
        env=environment(NO_MKDOCS_2_WARNING="1"),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
