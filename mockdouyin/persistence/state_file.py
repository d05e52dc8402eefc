"""The state file: one machine's worlds over a restart, written whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import shutil
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from mockdouyin.core.errors import ConflictError, MockDouyinError
from mockdouyin.core.files import require_regular
from mockdouyin.persistence.state_dump import Say, StateDump, dump, frames, from_frames, revision
from mockdouyin.sandbox import Sandbox

try:
    import fcntl
except ImportError:  # Windows: nothing keeps a second server from the file
    fcntl = None  # type: ignore[assignment]

OURS = b"mockdouyin state "
MAGIC = OURS + b"1\n"
"""How a file begins; the number is that of the form of all that follows."""

_DIGEST = hashlib.sha256().digest_size
_LISTED = 10
"""Of all that is left out, so many are named."""

_LENGTH = struct.Struct(">Q")


class DamagedError(MockDouyinError):
    """A state file that cannot be read."""


def in_a_line(text: str) -> str:
    """Write what may hold bytes of a damaged file so that it is one line, and steers nothing."""
    text = " ".join(text.split())
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def as_damaged(error: Exception) -> DamagedError:
    """Say that something in the file led to an error that nobody foresaw."""
    return DamagedError(in_a_line(f"it makes no sense: {type(error).__name__}: {error}"))


class StateFile:
    """A file, and the right to write it: one server at a time has it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._real = path.resolve()  # what a link leads to is replaced, and not the link
        self._part = self._beside(".part")
        self._lock = self._locked()

    def _beside(self, ending: str) -> Path:
        return self._real.with_name(self._real.name + ending)

    def _locked(self) -> BinaryIO:
        if not self._real.parent.is_dir():
            raise MockDouyinError(f"--state {self.path}: there is no such folder")
        try:
            with contextlib.suppress(FileNotFoundError):
                require_regular(os.stat(self._real))
            file = _open_lock(self._beside(".lock"))
        except ValueError:
            raise MockDouyinError(f"--state {self.path}: no file has such a name") from None
        except OSError as error:
            raise MockDouyinError(f"--state {self.path}: {error.strerror}") from None
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise ConflictError(
                f"--state {self.path}: another server has this file; give each one of its own"
            ) from None
        return file

    def close(self) -> None:
        """Let another server have the file."""
        self._lock.close()

    def read(self, say: Say) -> StateDump | None:
        """Give what the file holds; None where there is no file yet. `say` hears what it lacks."""
        try:
            data = _read(self._real)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MockDouyinError(f"--state {self.path}: {error.strerror}") from None
        try:
            return from_frames(_split(_body(data)), say)
        except MockDouyinError as error:
            raise DamagedError(in_a_line(str(error))) from None
        except Exception as error:  # noqa: BLE001 - whatever is in a file, it is the file's fault
            raise as_damaged(error) from None

    def set_aside(self) -> Path:
        """Move a damaged file out of the way, to a name that nothing has; give the name."""
        return self._aside(os.rename)

    def copy_aside(self) -> Path:
        """Keep the file under a second name, before it is written without what was left out."""
        return self._aside(shutil.copy2)

    def _aside(self, put: Callable[[Path, Path], object]) -> Path:
        number = 0
        while (aside := self._beside(f".damaged{f'.{number}' if number else ''}")).exists():
            number += 1
        try:
            put(self._real, aside)
        except OSError as error:
            raise MockDouyinError(
                f"--state {self.path}: it is damaged, and cannot be kept as {aside.name}:"
                f" {error.strerror}"
            ) from None
        return aside

    def write(self, moment: StateDump) -> list[str]:
        """Put a moment in the file's place; where that fails, the old file is as it was.

        Every frame is read again before it counts. Return what could not be, and is not in it.
        """
        left_out: list[str] = []
        try:
            self._part.unlink(missing_ok=True)  # of a server that was killed while it wrote
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            with open(os.open(self._part, flags, 0o600), "w+b") as file:
                _fill(file, frames(moment, left_out.append))
            os.replace(self._part, self._real)
            _settle(self._real.parent)
            return left_out
        except OSError as error:
            raise MockDouyinError(
                f"the state was not written to {self.path}: {error.strerror}"
            ) from None
        finally:
            with contextlib.suppress(OSError):
                self._part.unlink(missing_ok=True)


def _open_lock(path: Path) -> BinaryIO:
    """Open a file to be locked, which is nothing but a file: no link, and no FIFO to wait for."""
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC"):
        flags |= getattr(os, name, 0)
    handle = os.open(path, flags, 0o666)
    try:
        require_regular(os.fstat(handle))
    except OSError:
        os.close(handle)
        raise
    return open(handle, "ab")


def _read(path: Path) -> bytes:
    """Return what a state file holds; of any other file, no more than its first bytes."""
    with open(path, "rb", opener=_open_regular) as file:
        head = file.read(len(OURS))
        return head + file.read() if head == OURS else head


def _open_regular(path: str, flags: int) -> int:
    require_regular(os.stat(path))
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _fill(file: BinaryIO, found: Iterable[bytes]) -> None:
    digest = hashlib.sha256()
    file.write(MAGIC + bytes(_DIGEST))
    for frame in found:
        framed = _LENGTH.pack(len(frame)) + frame
        digest.update(framed)
        file.write(framed)
        time.sleep(0)  # who waits to answer a request goes first
    file.seek(len(MAGIC))
    file.write(digest.digest())
    file.flush()
    os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    """Let the new name outlive a power cut, where a folder can be told to."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _body(data: bytes) -> memoryview:
    """Give what follows the head, once it is known to be whole."""
    if not data:
        raise DamagedError("it is cut short or damaged: it is empty")
    head, first = len(MAGIC) + _DIGEST, data[: len(MAGIC)]
    if not MAGIC.startswith(first):
        if first.startswith(OURS):
            raise DamagedError("it was written by another version of mockdouyin")
        raise DamagedError("it is no state file of mockdouyin")
    body = memoryview(data)[head:]
    if hashlib.sha256(body).digest() != data[len(MAGIC) : head]:
        raise DamagedError("it is cut short or damaged: its checksum is wrong")
    return body


def _split(body: memoryview) -> Iterator[memoryview]:
    start = 0
    while start < len(body):
        begin = start + _LENGTH.size
        end = begin + (_LENGTH.unpack(body[start:begin])[0] if begin <= len(body) else 1)
        if end > len(body):
            raise DamagedError("it is cut short or damaged: its last part is longer than the file")
        yield body[begin:end]
        start = end


class StateWriter:
    """Writes a sandbox down at intervals, when something was changed, and at the end."""

    def __init__(
        self,
        file: StateFile,
        sandbox: Sandbox,
        every: float,
        over: dict[str, Any],
        complain: Callable[[str], None],
    ) -> None:
        self._file, self._sandbox, self._every, self._over = file, sandbox, every, over
        self._complain = complain
        self._complained = ""
        self._left_out: list[str] = []
        self._written: object = None
        self._task: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write once more, if something was changed; it is told where that cannot be done."""
        self._stop.set()
        if self._task is not None:
            await self._task
        try:
            self._tell(self.save())
        except Exception as error:  # noqa: BLE001 - a bug of ours is one line too, at the end
            raise MockDouyinError(_why(error)) from None

    async def _run(self) -> None:
        pause = 0.0  # the first is written at once: it shows early what cannot be written
        while not await self._stopped_within(pause):
            began = asyncio.get_running_loop().time()
            try:
                self._tell(await asyncio.to_thread(self.save))
            except Exception as error:  # noqa: BLE001 - the next time may go well
                self._tell(_why(error))
            took = asyncio.get_running_loop().time() - began
            pause = max(self._every - took, took)

    def _tell(self, trouble: str) -> None:
        """Say what went wrong: once, and not at every interval."""
        if trouble and trouble != self._complained:
            self._complain(trouble)
        self._complained = trouble

    async def _stopped_within(self, pause: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), pause)
        return self._stop.is_set()

    def save(self) -> str:
        """Write the file, unless it holds all this already; say what could not be written."""
        now = revision(self._sandbox)
        if now != self._written:
            self._left_out = self._file.write(dump(self._sandbox, self._over))
            self._written = now
        return format_left_out(f"{self._file.path} cannot hold", self._left_out)


def _why(error: Exception) -> str:
    if isinstance(error, MockDouyinError):
        return str(error)
    return f"the state was not written: {type(error).__name__}: {error}"


def format_left_out(head: str, left_out: list[str]) -> str:
    """Say what was left out, in one line; of many, the first."""
    if not left_out:
        return ""
    more = f"; and {len(left_out) - _LISTED} more" if len(left_out) > _LISTED else ""
    return f"{head} {'; '.join(map(in_a_line, left_out[:_LISTED]))}{more}"
