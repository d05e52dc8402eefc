"""The state file: the worlds of one server across restarts, written whole or not at all."""

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
from mockdouyin.core.texts import Language, Text
from mockdouyin.persistence._error_texts import (
    AND_MORE,
    CANNOT_HOLD,
    CANNOT_LOAD,
    CHECKSUM,
    CUT_SHORT,
    EMPTY,
    LEFT_OUT,
    NOT_A_STATE_FILE,
    NOT_WRITTEN,
    OTHER_VERSION,
    STATE_DAMAGED,
    STATE_ERROR,
    STATE_FOLDER,
    STATE_NAME,
    STATE_NOT_WRITTEN,
    STATE_TAKEN,
)
from mockdouyin.persistence._recovery import OnLeftOut
from mockdouyin.persistence.state_dump import StateDump, dump, frames, from_frames, revision
from mockdouyin.sandbox import Sandbox

try:
    import fcntl
except ImportError:  # Windows, where nothing keeps a second server from the file
    fcntl = None  # type: ignore[assignment]

SIGNATURE = b"mockdouyin state "
MAGIC = SIGNATURE + b"1\n"
"""How a file begins; the number is the version of the format."""

_DIGEST_SIZE = hashlib.sha256().digest_size
_MAX_LISTED = 10
"""How many of the things that are left out are named."""

_LENGTH = struct.Struct(">Q")


class DamagedError(MockDouyinError):
    """A state file that cannot be read; what it says is one printable line."""

    def __str__(self) -> str:
        return in_a_line(super().__str__())

    def render(self, language: Language) -> str:
        """Return what it says in a language."""
        return in_a_line(super().render(language))


def in_a_line(text: str) -> str:
    """Return the text as one printable line.

    An error may quote bytes of a damaged file, which must not break a log or control a terminal.
    """
    text = " ".join(text.split())
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def as_damaged(error: Exception) -> DamagedError:
    """Wrap an unexpected error that the content of a file has led to."""
    return DamagedError(CANNOT_LOAD(error=f"{type(error).__name__}: {error}"))


class StateFile:
    """A state file that is locked, so that one server at a time reads and writes it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._real = path.resolve()  # os.replace would replace a symbolic link itself
        self._temporary = self._sibling(".part")
        self._lock = self._acquire_lock()

    def _sibling(self, ending: str) -> Path:
        return self._real.with_name(self._real.name + ending)

    def _acquire_lock(self) -> BinaryIO:
        if not self._real.parent.is_dir():
            raise MockDouyinError(STATE_FOLDER(path=str(self.path)))
        try:
            with contextlib.suppress(FileNotFoundError):
                require_regular(os.stat(self._real))
            # A file of its own: the state file is replaced at each write, and its lock with it.
            file = _open_lock(self._sibling(".lock"))
        except ValueError:
            raise MockDouyinError(STATE_NAME(path=str(self.path))) from None
        except OSError as error:
            raise MockDouyinError(
                STATE_ERROR(path=str(self.path), strerror=error.strerror or "")
            ) from None
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise ConflictError(STATE_TAKEN(path=str(self.path))) from None
        return file

    def close(self) -> None:
        """Release the lock."""
        self._lock.close()

    def read(self, on_left_out: OnLeftOut) -> StateDump | None:
        """Load the file, leaving out what cannot be read; return None if there is no file yet."""
        try:
            data = _read_file(self._real)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise MockDouyinError(
                STATE_ERROR(path=str(self.path), strerror=error.strerror or "")
            ) from None
        try:
            return from_frames(_split(_verify(data)), on_left_out)
        except MockDouyinError as error:
            raise DamagedError(error.says) from None
        except Exception as error:  # noqa: BLE001 - whatever is in a file, it is the file's fault
            raise as_damaged(error) from None

    def set_aside(self) -> Path:
        """Rename a damaged file to a name that is free, and return the name."""
        return self._put_aside(os.rename)

    def copy_aside(self) -> Path:
        """Copy the file, before it is written again without what was left out."""
        return self._put_aside(shutil.copy2)

    def _put_aside(self, put: Callable[[Path, Path], object]) -> Path:
        number = 0
        while (aside := self._sibling(f".damaged{f'.{number}' if number else ''}")).exists():
            number += 1
        try:
            put(self._real, aside)
        except OSError as error:
            raise MockDouyinError(
                STATE_DAMAGED(path=str(self.path), aside=aside.name, strerror=error.strerror or "")
            ) from None
        return aside

    def write(self, state: StateDump) -> list[Text]:
        """Replace the file by a dump, and return what was left out; on errors, the old file stays.

        Every frame is decoded again before it is written.
        """
        left_out: list[Text] = []
        try:
            self._temporary.unlink(missing_ok=True)  # of a server that was killed while it wrote
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            # It holds secrets: nobody but its owner may read it, not even while it is written.
            with open(os.open(self._temporary, flags, 0o600), "w+b") as file:
                _write_frames(file, frames(state, left_out.append))
            os.replace(self._temporary, self._real)
            _sync_folder(self._real.parent)
            return left_out
        except OSError as error:
            raise MockDouyinError(
                STATE_NOT_WRITTEN(path=str(self.path), strerror=error.strerror or "")
            ) from None
        finally:
            with contextlib.suppress(OSError):
                self._temporary.unlink(missing_ok=True)


def _open_lock(path: Path) -> BinaryIO:
    """Open the lock file; raise OSError if it is a link, a FIFO or a device."""
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


def _read_file(path: Path) -> bytes:
    """Return the content of a state file; of any other file, only its first bytes."""
    with open(path, "rb", opener=_open_regular) as file:
        head = file.read(len(SIGNATURE))
        # Another file may be of any size, and its head is enough to refuse it.
        return head + file.read() if head == SIGNATURE else head


def _open_regular(path: str, flags: int) -> int:
    require_regular(os.stat(path))
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _write_frames(file: BinaryIO, found: Iterable[bytes]) -> None:
    digest = hashlib.sha256()
    file.write(MAGIC + bytes(_DIGEST_SIZE))
    for frame in found:
        framed = _LENGTH.pack(len(frame)) + frame
        digest.update(framed)
        file.write(framed)
        time.sleep(0)  # yields the GIL: requests go first
    # The digest stands before the frames, and is known after them.
    file.seek(len(MAGIC))
    file.write(digest.digest())
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Flush a folder to the disk, so that a renamed file survives a power cut."""
    if os.name == "posix":  # elsewhere a folder cannot be opened
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _verify(data: bytes) -> memoryview:
    """Check the head and the checksum of a file, and return its frames."""
    if not data:
        raise DamagedError(EMPTY())
    head, first = len(MAGIC) + _DIGEST_SIZE, data[: len(MAGIC)]
    if not MAGIC.startswith(first):
        if first.startswith(SIGNATURE):
            raise DamagedError(OTHER_VERSION())
        raise DamagedError(NOT_A_STATE_FILE())
    body = memoryview(data)[head:]
    if hashlib.sha256(body).digest() != data[len(MAGIC) : head]:
        raise DamagedError(CHECKSUM())
    return body


def _split(body: memoryview) -> Iterator[memoryview]:
    start = 0
    while start < len(body):
        begin = start + _LENGTH.size
        end = begin + (_LENGTH.unpack(body[start:begin])[0] if begin <= len(body) else 1)
        if end > len(body):
            raise DamagedError(CUT_SHORT())
        yield body[begin:end]
        start = end


class StateWriter:
    """Writes a sandbox to its file at intervals, if anything has changed, and at the end."""

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
        self._last_complaint = ""
        self._left_out: list[Text] = []
        self._written_revision: object = None
        self._task: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()

    def start(self) -> None:
        """Start writing, in a task of the running loop."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write a last time if anything has changed; raise MockDouyinError if that fails."""
        self._stop.set()
        if self._task is not None:
            await self._task
        try:
            self._report(self.save())
        except Exception as error:  # noqa: BLE001 - at the end, a bug of ours is one line too
            raise MockDouyinError(_describe(error)) from None

    async def _run(self) -> None:
        pause = (
            0.0  # the first write is at once, so that a file that cannot be written shows early
        )
        while not await self._stopped_within(pause):
            began = asyncio.get_running_loop().time()
            try:
                self._report(await asyncio.to_thread(self.save))
            except Exception as error:  # noqa: BLE001 - the next time may go well
                self._report(_describe(error).render(self._sandbox.language))
            took = asyncio.get_running_loop().time() - began
            # At least half of the time is left to requests, however long writing takes.
            pause = max(self._every - took, took)

    def _report(self, trouble: str) -> None:
        """Complain about trouble once, and not again while it stays the same."""
        if trouble and trouble != self._last_complaint:
            self._complain(trouble)
        self._last_complaint = trouble

    async def _stopped_within(self, pause: float) -> bool:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), pause)
        return self._stop.is_set()

    def save(self) -> str:
        """Write the file unless nothing has changed; return what could not be written."""
        # Taken before the dump: a change during it makes the next save write again.
        now = revision(self._sandbox)
        if now != self._written_revision:
            self._left_out = self._file.write(dump(self._sandbox, self._over))
            self._written_revision = now
        head = CANNOT_HOLD(path=str(self._file.path))
        return format_left_out(head, self._left_out, self._sandbox.language)


def _describe(error: Exception) -> Text:
    if isinstance(error, MockDouyinError):
        return error.says
    return NOT_WRITTEN(error=f"{type(error).__name__}: {error}")


def format_left_out(head: Text, left_out: list[Text], language: Language) -> str:
    """Return one line with the first ten things that were left out; empty if there are none."""
    if not left_out:
        return ""
    listed = left_out[:_MAX_LISTED]
    if len(left_out) > _MAX_LISTED:
        listed.append(AND_MORE(count=len(left_out) - _MAX_LISTED))
    return in_a_line(LEFT_OUT(head=head, parts=listed).render(language))
