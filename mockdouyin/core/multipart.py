"""Multipart bodies, read as they come: texts are kept, files are measured and not held."""

from __future__ import annotations

import hashlib
import re

HEAD = 64 * 1024
"""Bytes of a file that are kept: enough to find a picture's size in."""

_TEXT = 16 * 1024 * 1024
_PART_HEAD = 16 * 1024

_BOUNDARY = re.compile(r"""boundary="?([^";,\s]+)""", re.IGNORECASE)
_BLANK = re.compile(rb"\r?\n\r?\n")
_NAME = re.compile(rb"""[;\s]name="?([^";\r\n]*)""", re.IGNORECASE)
_FILE = re.compile(rb"[;\s]filename\*?=", re.IGNORECASE)


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
    def __init__(self, head: bytes) -> None:
        name = _NAME.search(head)
        self.name = name[1].decode("utf-8", "replace") if name else ""
        self.is_file = _FILE.search(head) is not None
        self.size = 0
        self.newline = True
        self._kept = bytearray()
        self._limit = HEAD if self.is_file else _TEXT
        self._md5 = hashlib.md5()

    def add(self, data: bytes) -> None:
        if self.newline and data:
            data, self.newline = data[1:], False  # the line end that closes the part's head
        self.size += len(data)
        self._kept += data[: self._limit - len(self._kept)]
        if self.is_file:
            self._md5.update(data)

    def value(self) -> File | str | None:
        if self.is_file:
            return File(self.size, self._md5.hexdigest(), bytes(self._kept))
        return self._kept.decode("utf-8", "replace") if self.size <= _TEXT else None


class Multipart:
    """One body, fed in pieces of any length; `close` gives its fields.

    Line ends may be bare, the last boundary may be missing, and what has no name is left out.
    """

    def __init__(self, content_type: str) -> None:
        found = _BOUNDARY.search(content_type)
        self._line = b"\n--" + found[1].encode("latin-1", "replace") if found else b""
        self._rest = b"\n"
        self._part: _Part | None = None
        self._in_head = False
        self._fields: dict[str, File | str | None] = {}

    def feed(self, chunk: bytes) -> None:
        """Read on."""
        if not self._line:
            return
        data, at = self._rest + chunk, 0
        while True:
            if self._in_head:
                after = self._head(data, at)
                if after < 0:
                    break
                at = after
                continue
            line = data.find(self._line, at)
            if line < 0:
                safe = max(at, len(data) - len(self._line) - 1)
                self._content(data[at:safe])
                at = safe
                break
            self._content(data[at:line].removesuffix(b"\r"))
            self._finish()
            at = line + len(self._line)
            self._in_head = True
        self._rest = data[at:]

    def _head(self, data: bytes, at: int) -> int:
        """Read the head of a part; give where its content begins, or -1 if more is needed."""
        blank = _BLANK.search(data, at)
        line = data.find(self._line, at)
        if blank is not None and (line < 0 or blank.end() - 1 <= line):
            self._part, self._in_head = _Part(data[at : blank.start()]), False
            return blank.end() - 1
        if line >= 0:
            return line + len(self._line)
        if len(data) - at > _PART_HEAD:
            self._in_head = False  # no part of ours: its content is passed over
            return at
        return -1

    def _content(self, data: bytes) -> None:
        if self._part is not None:
            self._part.add(data)

    def _finish(self) -> None:
        if self._part is not None and self._part.name:
            self._fields[self._part.name] = self._part.value()
        self._part = None

    def close(self) -> dict[str, File | str | None]:
        """Give the fields; a text that is beyond all measure is None."""
        if not self._in_head:
            self._content(self._rest)
            self._finish()
        return self._fields
