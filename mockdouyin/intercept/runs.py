"""The active runs of this user: files by which other terminals find a run and its token.

Each run has a file that only its user can read, in a folder that only its user can open. The file
is locked while the run lives; one that is not locked was left by a killed run, and is removed.
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
from mockdouyin.intercept._error_texts import NOT_ANNOUNCED

try:
    import fcntl
except ImportError:  # Windows: a run is alive if its server answers
    fcntl = None  # type: ignore[assignment]

_MAX_FILE = 64 * 1024


class Run(NamedTuple):
    """One active run."""

    url: str
    token: str
    pid: int
    command: Sequence[str]

    def __str__(self) -> str:
        command = "".join(each if each.isprintable() else " " for each in " ".join(self.command))
        return f"{self.url} ({command[:60]}, process {self.pid})"


@contextmanager
def announce(run: Run) -> Iterator[None]:
    """Make a run known to this user's other terminals while the context is open."""
    list_runs()  # removes the files of runs that were killed
    handle, path = _create_file()
    try:
        os.write(handle, json.dumps(run._asdict()).encode())
        yield
    finally:
        os.close(handle)
        path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # another run has its file in it
            path.parent.rmdir()


def list_runs() -> list[Run]:
    """Return the active runs of this user."""
    return sorted(
        run
        for folder in _folders()
        if _is_private(folder)
        for path in folder.glob("*.json")
        if (run := _read(path)) is not None
    )


def find_token(url: str) -> str:
    """Return the token of the run at a URL, or an empty string if no run is there."""
    base = url.partition("/@")[0].rstrip("/").replace("//localhost:", "//127.0.0.1:")
    return next((run.token for run in list_runs() if run.url == base), "")


def _folders() -> list[Path]:
    """Return the folders of runs; a new file goes into the first that can take it."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    user = os.geteuid() if hasattr(os, "geteuid") else "runs"  # Windows: TEMP is the user's own
    shared = Path(tempfile.gettempdir()) / f"mockdouyin-{user}"
    if runtime and Path(runtime).is_dir():
        return [Path(runtime) / "mockdouyin", shared]
    return [shared]


def _create_file() -> tuple[int, Path]:
    """Create a locked file for a run, and return its handle and path."""
    why = ""
    for folder in _folders():
        try:
            return _create_file_in(folder)
        except OSError as error:
            why = f"{folder}: {error.strerror or error}"
    raise MockDouyinError(NOT_ANNOUNCED(why=why))


def _create_file_in(folder: Path) -> tuple[int, Path]:
    while True:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(0o700)
        if not _is_private(folder):
            raise PermissionError(0, "not a folder of this user's alone, with mode 700")
        try:
            handle, name = tempfile.mkstemp(dir=folder, suffix=".json")
        except FileNotFoundError:  # another run has ended, and removed the folder
            continue
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.path.exists(name):
            return handle, Path(name)
        os.close(handle)  # another process removed it as left over before it was locked


def _is_private(folder: Path) -> bool:
    """Whether only this user can create files there: its own folder, mode 700, not a link."""
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
    """Read a run's file, or remove it if its run has ended."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except OSError:
        return None
    try:
        found = os.fstat(handle)
        if not (stat.S_ISREG(found.st_mode) and _is_ours(found)):
            return None
        run = _decode(os.read(handle, _MAX_FILE))
        if _is_alive(handle, run):
            return run
        with contextlib.suppress(OSError):
            path.unlink()
        return None
    finally:
        os.close(handle)


def _decode(content: bytes) -> Run | None:
    try:
        run = json.loads(content)
        return Run(str(run["url"]), str(run["token"]), int(run["pid"]), list(run["command"]))
    except (ValueError, KeyError, TypeError):  # it is being written at this moment
        return None


def _is_alive(handle: int, run: Run | None) -> bool:
    if fcntl is None:
        return run is None or _answers(run.url)
    # A lock and not the process number, which may belong to another process by now.
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
