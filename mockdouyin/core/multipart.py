"""Multipart bodies, read as they come: texts are kept, files are measured and not held."""

from __future__ import annotations

import hashlib
import re

HEAD = 64 * 1024
"""Bytes of a file that are kept: enough to find a picture's size in."""

PARTS = 1000
"""Parts of a body that are read; a form with more is refused."""

_ROOM = 1024 * 1024
"""Bytes of texts and of files' beginnings that are kept of one body."""

_PART_HEAD = 16 * 1024

_BOUNDARY = re.compile(r"""boundary="?([^";,\s]+)""", re.IGNORECASE)
_NAME = re.compile(rb"""[;\s]name="?([^";\r\n]*)""", re.IGNORECASE)
_FILE = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)

_LONGEST_BOUNDARY = 200
"""RFC 2046 allows 70 characters."""


class File:
    """A file as it was sent: its length, its MD5, and its first bytes."""

    __slots__ = ("head", "md5", "size")

    def __init__(self, size: int, md5: str, head: bytes) -> None:
        self.size = size
        self.md5 = md5
        self.head = head

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
        self._limit = min(HEAD, room) if self.is_file else room
        self._md5 = hashlib.md5()

    def add(self, data: bytes) -> None:
        if self.newline and data:
            data, self.newline = data[1:], False  # the line end that closes the part's head
        self.size += len(data)
        self.kept += data[: self._limit - len(self.kept)]
        if self.is_file:
            self._md5.update(data)

    def value(self) -> File | str | None:
        if self.is_file:
            return File(self.size, self._md5.hexdigest(), bytes(self.kept))
        return self.kept.decode("utf-8", "replace") if self.size <= self._limit else None


class Multipart:
    """One body, fed in pieces of any length; `close` returns its fields.

    Line ends may be bare, the last boundary may be missing, and what has no name is left out.
    Each byte is looked at a bounded number of times, whatever the pieces are.
    """

    def __init__(self, content_type: str) -> None:
        found = _BOUNDARY.search(content_type)
        known = found is not None and len(found[1]) <= _LONGEST_BOUNDARY
        self._line = b"\n--" + found[1].encode("latin-1", "replace") if found and known else b""
        self._rest = bytearray(b"\n")
        self._searched = 0
        """How far the rest has been searched for the end of a head."""
        self._part: _Part | None = None
        self._in_head = False
        self._fields: dict[str, File | str | None] = {}
        self._parts = 0
        self._room = _ROOM
        self.problem = ""
        """Why the body cannot be read, if it cannot."""

    def feed(self, chunk: bytes) -> None:
        """Read the next piece."""
        if not self._line:
            return
        self._rest += chunk
        at, after = 0, 0
        while after >= 0 and self._line:
            at = after
            after = self._head(at) if self._in_head else self._content(at)
        del self._rest[: at if self._in_head else self._emit(at, self._safe(at))]
        self._searched = len(self._rest)

    def _content(self, at: int) -> int:
        """Read content up to the next boundary; return where that ends, or -1 without one."""
        line = self._rest.find(self._line, at)
        if line < 0:
            return -1
        end = line - 1 if line > at and self._rest[line - 1] == _CR else line
        self._emit(at, end)
        self._finish()
        self._in_head = True
        return self._boundary(line)

    def _boundary(self, line: int) -> int:
        """Count a boundary; return where it ends."""
        self._parts += 1
        if self._parts > PARTS + 1:  # the last one ends the body
            self.problem = f"the form has more than {PARTS} parts"
            self._line, self._part = b"", None
        return line + len(self._line)

    def _safe(self, at: int) -> int:
        """Return up to where the rest is content for sure: a boundary may begin after it."""
        return max(at, len(self._rest) - len(self._line) - 1)

    def _emit(self, at: int, end: int) -> int:
        if self._part is not None:
            self._part.add(bytes(self._rest[at:end]))
        return end

    def _head(self, at: int) -> int:
        """Read a part's head; return where its content begins, or -1 if more is needed."""
        rest = self._rest
        begin = max(at, self._searched - len(self._line))
        line = rest.find(self._line, begin)
        # Not beyond the boundary: what was searched for one head is never searched for the next.
        blank = _blank_line(rest, begin, len(rest) if line < 0 else line + 1)
        self._searched = 0
        if blank >= 0 and blank - at <= _PART_HEAD:
            self._part, self._in_head = _Part(bytes(rest[at:blank]), self._room), False
            return rest.index(b"\n", blank + 1)
        if line >= 0:
            return self._boundary(line)
        if len(rest) - at > _PART_HEAD + len(_BLANKS[-1]):
            self._in_head = False  # no part of ours: its content is passed over
            return at
        return -1

    def _finish(self) -> None:
        if self._part is not None and self._part.name:
            value = self._fields[self._part.name] = self._part.value()
            self._room -= len(self._part.kept) if value is not None else 0
        self._part = None

    def close(self) -> dict[str, File | str | None]:
        """Return the fields; a text that is beyond all measure is None."""
        if not self._in_head:
            self._emit(0, len(self._rest))
            self._finish()
        return self._fields


_CR = ord("\r")
_BLANKS = (b"\n\n", b"\n\r\n")


def _blank_line(data: bytearray, begin: int, end: int) -> int:
    """Return where the first blank line begins, with the line end before it; -1 without one."""
    found = [at for blank in _BLANKS if (at := data.find(blank, begin, end)) >= 0]
    return min(found, default=-1)
