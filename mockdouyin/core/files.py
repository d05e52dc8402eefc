"""Read files named by a user: only regular ones, up to a limit, and without blocking."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path

_FLAGS = os.O_RDONLY
for _name in ("O_BINARY", "O_CLOEXEC", "O_NOCTTY", "O_NONBLOCK"):  # a file of /proc may block
    _FLAGS |= getattr(os, _name, 0)

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


def read(path: str | Path, limit: int) -> bytes:
    """Return a regular file's bytes; raise OSError for any other, and for one above the limit."""
    try:
        # Before opening, because opening alone can make a device act.
        require_regular(os.stat(path))
        handle = os.open(path, _FLAGS)
    except ValueError:
        raise OSError(errno.EINVAL, "no file has such a name") from None
    with open(handle, "rb", buffering=0) as file:
        require_regular(os.fstat(handle))
        return _read_all(file.read, limit)


def read_text(path: str | Path, limit: int) -> str:
    """Return a regular file's text; raise OSError if it is not UTF-8."""
    try:
        return read(path, limit).decode("utf-8")
    except UnicodeDecodeError:
        raise OSError(errno.EILSEQ, "it is not UTF-8 text") from None


def require_regular(found: os.stat_result) -> None:
    """Raise OSError for a FIFO, a device, a socket or a folder: reading one might never end."""
    if not stat.S_ISREG(found.st_mode):
        kind = _KINDS.get(stat.S_IFMT(found.st_mode), "something else")
        raise OSError(errno.EINVAL, f"it is {kind}, not a regular file")


def _read_all(read: Callable[[int], bytes | None], limit: int) -> bytes:
    """Read to the end; the size that /proc reports for its files cannot be relied on."""
    parts, left = [], limit + 1
    while left and (part := read(min(left, 1 << 20))):
        parts.append(part)
        left -= len(part)
    if not left:
        raise OSError(errno.EFBIG, f"it has more than {limit} bytes")
    return b"".join(parts)
