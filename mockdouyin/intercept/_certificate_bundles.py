"""The certificate bundles that Python's packages bring, wherever a command may find its Python.

`requests`, `httpx` and others trust `certifi`'s alone when they are told not to heed the
environment, or are given its path by name.
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
"""Where environments are in a project: `env`, `backend/.venv`, and those of test runners."""
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
"""Where tools keep environments that are not in a project."""
_PROGRAM = re.compile(r"[^\s'\"=:;&|<>()`$]*/bin/[^\s/'\"]")


def python_bundles(command: Sequence[str]) -> Iterator[Path]:
    """Find every bundle that a Python of this command, or one that it starts, may trust."""
    seen: set[Path] = set()
    for root in _roots(command):
        for pattern in _IN_ROOT:
            for bundle in root.glob(pattern):
                if bundle not in seen:
                    seen.add(bundle)
                    yield bundle


def _roots(command: Sequence[str]) -> Iterator[Path]:
    """Name the folders that may be a Python's: those that are named first, then those around."""
    found = [which(name) for name in (*command[:1], "python3", "python")]
    yield from (Path(path).parent.parent for path in found if path)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX", "UV_PROJECT_ENVIRONMENT"):
        if named := os.environ.get(variable):
            yield Path(named)
    for word in command:  # a script's text too: `sh -c '/opt/app/bin/python …'`
        yield from (Path(text[0]).parent.parent for text in _PROGRAM.finditer(word))
    with contextlib.suppress(OSError):  # the current folder is gone
        yield from _around(Path.cwd())
    yield from (Path("/usr"), Path("/usr/local"))
    with contextlib.suppress(RuntimeError):  # this user has no home
        yield from _kept_at(Path.home())


def _around(here: Path) -> Iterator[Path]:
    for pattern in _BELOW:
        yield from here.glob(pattern)
    for folder in (here, *here.parents):  # a project's environment, seen from inside the project
        yield from (folder / ".venv", folder / "venv")


def _kept_at(home: Path) -> Iterator[Path]:
    if named := os.environ.get("WORKON_HOME"):
        yield from Path(named).glob("*")
    for pattern in _AT_HOME:
        yield from home.glob(pattern)
