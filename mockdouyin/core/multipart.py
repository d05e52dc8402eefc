"""Parse multipart bodies chunk by chunk: texts are kept, files are only measured."""

from __future__ import annotations

import hashlib
import re

FILE_HEAD = 64 * 1024
"""Bytes of a file that are kept: enough to find a picture's dimensions."""

MAX_PARTS = 1000
"""Maximum number of parts; a form with more is refused."""

_MAX_KEPT = 1024 * 1024
"""Bytes of texts and of files' heads that are kept of one body."""

_MAX_PART_HEAD = 16 * 1024

_BOUNDARY = re.compile(r"""boundary="?([^";,\s]+)""", re.IGNORECASE)
_NAME = re.compile(rb"""[;\s]name="?([^";\r\n]*)""", re.IGNORECASE)
_FILE = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)

_MAX_BOUNDARY = 200
"""RFC 2046 allows 70 characters."""


class File:
    """A file that was sent: its length, its MD5, and its first bytes."""

    __slots__ = ("head", "md5", "size")

    def __init__(self, size: int, md5: str, head: bytes) -> None:
        self.size: int = size
        self.md5: str = md5
        self.head: bytes = head

    def __repr__(self) -> str:
        return f"a file of {self.size} bytes"


class _Part:
    def __init__(self, head: bytes, room: int) -> None:
        name = _NAME.search(head)
        self.name = name[1].decode("utf-8", "replace") if name else ""
        self.is_file = _FILE.search(head) is not None
        self.size = 0
        self.newline = True
        self.kept = bytearray()
        self._limit = min(FILE_HEAD, room) if self.is_file else room
        self._md5 = hashlib.md5()

    def add(self, data: bytes) -> None:
        if self.newline and data:
            data, self.newline = data[1:], False  # the newline that ends the part's head
        self.size += len(data)
        self.kept += data[: self._limit - len(self.kept)]
        if self.is_file:
            self._md5.update(data)

    def value(self) -> File | str | None:
        if self.is_file:
            return File(self.size, self._md5.hexdigest(), bytes(self.kept))
        return self.kept.decode("utf-8", "replace") if self.size <= self._limit else None


class Multipart:
    """A parser for one body, fed in chunks of any length; `close` returns its fields.

    Line ends may be bare newlines, the last boundary may be missing, and parts without a name are
    skipped. Each byte is examined a bounded number of times, however the body is chunked.
    """

    def __init__(self, content_type: str) -> None:
        found = _BOUNDARY.search(content_type)
        fits = found is not None and len(found[1]) <= _MAX_BOUNDARY
        self._boundary = b"\n--" + found[1].encode("latin-1", "replace") if found and fits else b""
        self._rest = bytearray(b"\n")
        self._searched = 0
        """How much of the rest has been searched for the end of a part's head."""
        self._part: _Part | None = None
        self._in_head = False
        self._fields: dict[str, File | str | None] = {}
        self._parts = 0
        self._room = _MAX_KEPT
        self.problem: str = ""
        """Why the body was not parsed to its end, if it was not."""

    def feed(self, chunk: bytes) -> None:
        """Parse the next chunk."""
        if not self._boundary:
            return
        self._rest += chunk
        at, after = 0, 0
        while after >= 0 and self._boundary:
            at = after
            after = self._head(at) if self._in_head else self._content(at)
        del self._rest[: at if self._in_head else self._emit(at, self._safe_end(at))]
        self._searched = len(self._rest)

    def _content(self, at: int) -> int:
        """Read content up to the next boundary; return where that ends, or -1 if there is none."""
        line = self._rest.find(self._boundary, at)
        if line < 0:
            return -1
        end = line - 1 if line > at and self._rest[line - 1] == _CR else line
        self._emit(at, end)
        self._finish()
        self._in_head = True
        return self._count_boundary(line)

    def _count_boundary(self, line: int) -> int:
        """Count the boundary found here, up to the limit; return where it ends."""
        self._parts += 1
        if self._parts > MAX_PARTS + 1:  # the last one ends the body
            self.problem = f"the form has more than {MAX_PARTS} parts"
            self._boundary, self._part = b"", None
        return line + len(self._boundary)

    def _safe_end(self, at: int) -> int:
        """Return the end of what is certainly content: a boundary may have begun after it."""
        return max(at, len(self._rest) - len(self._boundary) - 1)

    def _emit(self, at: int, end: int) -> int:
        if self._part is not None:
            self._part.add(bytes(self._rest[at:end]))
        return end

    def _head(self, at: int) -> int:
        """Read a part's head; return where its content begins, or -1 if more bytes are needed."""
        rest = self._rest
        begin = max(at, self._searched - len(self._boundary))
        line = rest.find(self._boundary, begin)
        # Not beyond the boundary: what was searched for one head is never searched for the next.
        blank = _blank_line(rest, begin, len(rest) if line < 0 else line + 1)
        self._searched = 0
        if blank >= 0 and blank - at <= _MAX_PART_HEAD:
            self._part, self._in_head = _Part(bytes(rest[at:blank]), self._room), False
            return rest.index(b"\n", blank + 1)
        if line >= 0:
            return self._count_boundary(line)
        if len(rest) - at > _MAX_PART_HEAD + len(_BLANK_LINES[-1]):
            self._in_head = False  # too long a head: the part is skipped
            return at
        return -1

    def _finish(self) -> None:
        if self._part is not None and self._part.name:
            value = self._fields[self._part.name] = self._part.value()
            self._room -= len(self._part.kept) if value is not None else 0
        self._part = None

    def close(self) -> dict[str, File | str | None]:
        """Return the fields; a text over the limit is None."""
        if not self._in_head:
            self._emit(0, len(self._rest))
            self._finish()
        return self._fields


_CR = ord("\r")
_BLANK_LINES = (b"\n\n", b"\n\r\n")


def _blank_line(data: bytearray, begin: int, end: int) -> int:
    """Return where the newline before the first blank line is, or -1 if there is none."""
    found = [at for blank in _BLANK_LINES if (at := data.find(blank, begin, end)) >= 0]
    return min(found, default=-1)
