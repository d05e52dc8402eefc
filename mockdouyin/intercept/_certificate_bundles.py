"""Finds certifi's bundle in every Python environment that a command may use.

`requests`, `httpx` and others trust only that bundle when they ignore the environment
(`trust_env=False`), or when a program passes its path.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import which

_IN_ROOT = (
    "lib/python3*/site-packages/certifi/cacert.pem",
    "lib/python3*/dist-packages/certifi/cacert.pem",
)
_BELOW = ("*", "*/*", ".tox/*", ".nox/*")
"""Where environments lie in a project: `env`, `backend/.venv`, and those of test runners."""
_AT_HOME = (
    ".local",
    ".virtualenvs/*",
    ".local/share/virtualenvs/*",
    ".local/share/pipx/venvs/*",
    ".local/share/hatch/env/virtual/*/*/*",
    ".cache/pypoetry/virtualenvs/*",
    ".pyenv/versions/*",
    "*conda*",
    "*conda*/envs/*",
)
"""Where tools keep environments outside a project."""
_PROGRAM = re.compile(r"[^\s'\"=:;&|<>()`$]*/bin/[^\s/'\"]")


def python_bundles(command: Sequence[str]) -> Iterator[Path]:
    """Yield every bundle that a Python started by this command may trust."""
    seen: set[Path] = set()
    for root in _roots(command):
        for pattern in _IN_ROOT:
            for bundle in root.glob(pattern):
                if bundle not in seen:
                    seen.add(bundle)
                    yield bundle


def _roots(command: Sequence[str]) -> Iterator[Path]:
    """Yield folders that may hold a Python: those the command names, then the usual places."""
    found = [which(name) for name in (*command[:1], "python3", "python")]
    yield from (Path(path).parent.parent for path in found if path)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"):
        if named := os.environ.get(variable):
            yield Path(named)
    for word in command:  # also inside a script: `sh -c '/opt/app/bin/python …'`
        yield from (Path(text[0]).parent.parent for text in _PROGRAM.finditer(word))
    with contextlib.suppress(OSError):  # the current folder was deleted
        yield from _around(Path.cwd())
    yield from (Path("/usr"), Path("/usr/local"))
    with contextlib.suppress(RuntimeError):  # this user has no home folder
        yield from _in_home(Path.home())


def _around(here: Path) -> Iterator[Path]:
    for pattern in _BELOW:
        yield from here.glob(pattern)
    for folder in (here, *here.parents):  # started in a subfolder of the project
        yield from (folder / ".venv", folder / "venv")


def _in_home(home: Path) -> Iterator[Path]:
    if named := os.environ.get("WORKON_HOME"):
        yield from Path(named).glob("*")
    for pattern in _AT_HOME:
        yield from home.glob(pattern)
