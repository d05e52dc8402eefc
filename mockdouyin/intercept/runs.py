"""The runs of this user that are under way: how other terminals find them, and may steer them.

Each has a file of its own, which only its user can read, in a folder that only its user can open.
It is locked for as long as the run lives; one that is not is left over, and is removed.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from mockdouyin.core.errors import MockDouyinError

try:
    import fcntl
except ImportError:  # Windows: a run is alive as long as its server answers
    fcntl = None  # type: ignore[assignment]

_SIZE_LIMIT = 64 * 1024


class Run(NamedTuple):
    """One run that is under way."""

    url: str
    token: str
    pid: int
    command: Sequence[str]

    def __str__(self) -> str:
        command = "".join(each if each.isprintable() else " " for each in " ".join(self.command))
        return f"{self.url} ({command[:60]}, process {self.pid})"


@contextmanager
def announced(run: Run) -> Iterator[None]:
    """Let other terminals of this user find a run while it lasts."""
    running()  # removes what is left of runs that were killed
    handle, path = _made()
    try:
        os.write(handle, json.dumps(run._asdict()).encode())
        yield
    finally:
        os.close(handle)
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # another run's file is in it
            path.parent.rmdir()


def running() -> list[Run]:
    """Return the runs of this user that are under way."""
    return sorted(
        run
        for folder in _folders()
        if _is_private(folder)
        for path in folder.glob("*.json")
        if (run := _read(path)) is not None
    )


def token_of(url: str) -> str:
    """Return the token of the run that listens at a URL; none where it is not a run's."""
    base = url.partition("/@")[0].rstrip("/").replace("//localhost:", "//127.0.0.1:")
    return next((run.token for run in running() if run.url == base), "")


def _folders() -> list[Path]:
    """Name where runs are looked for; a new one is written to the first that takes it."""
    named = os.environ.get("XDG_RUNTIME_DIR")
    user = os.geteuid() if hasattr(os, "geteuid") else "runs"  # Windows: a folder of the user's
    shared = Path(tempfile.gettempdir()) / f"mockdouyin-{user}"
    return [Path(named) / "mockdouyin", shared] if named and Path(named).is_dir() else [shared]


def _made() -> tuple[int, Path]:
    """Make a locked file for a run."""
    why = ""
    for folder in _folders():
        try:
            return _made_in(folder)
        except OSError as error:
            why = f"{folder}: {error.strerror or error}"
    raise MockDouyinError(
        f"other terminals cannot find this run by themselves ({why}); they need --url, and"
        " --token with this run's MOCKDOUYIN_CONTROL_TOKEN"
    )


def _made_in(folder: Path) -> tuple[int, Path]:
    while True:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(0o700)
        if not _is_private(folder):
            raise PermissionError(0, "not a folder of this user's alone, with mode 700")
        try:
            handle, name = tempfile.mkstemp(dir=folder, suffix=".json")
        except FileNotFoundError:  # another run, as it ended, took the folder away
            continue
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.path.exists(name):
            return handle, Path(name)
        os.close(handle)  # it was taken for a left-over in the moment before it was locked


def _is_private(folder: Path) -> bool:
    """Whether nobody else can put anything there: no link, this user's, closed to others."""
    try:
        found = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and _is_ours(found)


def _is_ours(found: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True
    return found.st_uid == os.geteuid() and not found.st_mode & 0o077


def _read(path: Path) -> Run | None:
    """Read a run's file, and remove it if its run is over."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        if not (stat.S_ISREG(found.st_mode) and _is_ours(found)):
            return None
        run = _decoded(os.read(handle, _SIZE_LIMIT))
        if _is_alive(handle, run):
            return run
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    finally:
        os.close(handle)


def _decoded(content: bytes) -> Run | None:
    try:
        told = json.loads(content)
        return Run(str(told["url"]), str(told["token"]), int(told["pid"]), list(told["command"]))
    except (ValueError, KeyError, TypeError):  # it is being written at this moment
        return None


def _is_alive(handle: int, run: Run | None) -> bool:
    if fcntl is None:
        return run is None or _answers(run.url)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False


def _answers(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=1):
            return True
    except OSError:
        return False
