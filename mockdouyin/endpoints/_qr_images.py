"""QR codes as pictures of a given width, in two colours, with an icon or in a round plate."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from math import isqrt
from typing import NamedTuple

Colour = tuple[int, int, int]

BACKGROUND, LINE, NOTHING = 0, 1, 2
"""The palette: two colours, and what is outside of a round code."""

_QUIET = 4
"""Modules around a code that stay empty, as the standard asks."""


class Style(NamedTuple):
    """How a code looks."""

    width: int
    """Pixels of the picture, which is a square."""
    line: Colour
    background: Colour
    has_icon: bool = False
    is_round: bool = False


def draw(text: str, style: Style) -> bytes:
    """Return a PNG of a QR code; an icon covers little of it, so that it can still be read."""
    import segno  # most runs draw no QR code: loaded on first use

    code = segno.make_qr(text, error="h" if style.has_icon else "m")
    modules = [bytes(row) for row in code.matrix]
    room = isqrt(style.width**2 // 2) if style.is_round else style.width
    quiet = _QUIET // 2 if style.is_round else _QUIET
    scale = room // (len(modules) + 2 * quiet)
    rows = _plate(style)
    _paint_code(rows, modules, scale)
    if style.has_icon:
        _paint_icon(rows, len(modules) * scale // 10)
    return _png(rows, style)


def _plate(style: Style) -> list[bytearray]:
    """Return empty rows: a square, or a disc with a ring around it."""
    width = style.width
    if not style.is_round:
        return [bytearray(width) for _ in range(width)]
    rows = [bytearray([NOTHING]) * width for _ in range(width)]
    radius = width // 2
    _paint_disc(rows, radius, LINE)
    _paint_disc(rows, radius - width // 80, BACKGROUND)
    return rows


def _paint_code(rows: list[bytearray], modules: Sequence[bytes], scale: int) -> None:
    length = len(modules) * scale
    start = (len(rows) - length) // 2
    for number, row in enumerate(modules):
        pixels = b"".join(bytes([module]) * scale for module in row)
        for y in range(start + number * scale, start + (number + 1) * scale):
            rows[y][start : start + length] = pixels


def _paint_disc(rows: list[bytearray], radius: int, colour: int) -> None:
    centre = len(rows) // 2
    for y in range(centre - radius, min(len(rows), centre + radius)):
        half = isqrt(radius**2 - (y - centre) ** 2)
        rows[y][centre - half : centre + half] = bytes([colour]) * (2 * half)


def _paint_icon(rows: list[bytearray], half: int) -> None:
    """Paint a disc with a triangle in it, as of a button that plays, on an empty square."""
    centre = len(rows) // 2
    for y in range(centre - half, centre + half):
        rows[y][centre - half : centre + half] = bytes(2 * half)
    _paint_disc(rows, half * 5 // 6, LINE)
    height = half * 2 // 5
    for y in range(centre - height, centre + height):
        length = 2 * (height - abs(y - centre))
        left = centre - height * 2 // 3
        rows[y][left : left + length] = bytes(length)


def _png(rows: Sequence[bytearray], style: Style) -> bytes:
    width = style.width
    palette = bytes((*style.background, *style.line, *style.background))
    pixels = b"".join(b"\0" + row for row in rows)  # no filter
    chunks = [
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, width, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", palette),
        *([_chunk(b"tRNS", b"\xff\xff\0")] if style.is_round else []),
        _chunk(b"IDAT", zlib.compress(pixels)),
        _chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)
