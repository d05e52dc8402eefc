"""Pictures as tests look at them: the pixels of a PNG, and the QR code that they show."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

import segno

Pixel = tuple[int, ...]

SIGNATURE = b"\x89PNG\r\n\x1a\n"


class Picture(NamedTuple):
    """A picture with a palette, row by row."""

    width: int
    height: int
    rows: list[bytes]
    palette: list[Pixel]
    """The colours, with how opaque each is."""

    def at(self, x: int, y: int) -> Pixel:
        """Return the colour of a pixel, as red, green, blue and opacity."""
        return self.palette[self.rows[y][x]]

    def grey(self) -> bytes:
        """Return how bright each pixel is, on a white page."""
        shades = bytes(sum(pixel[:3]) // 3 if pixel[3] else 255 for pixel in self.palette)
        return b"".join(row.translate(shades.ljust(256)) for row in self.rows)


def read(png: bytes) -> Picture:
    """Read a PNG that has a palette of one byte each, and no filters."""
    chunks = _chunks(png)
    width, height, depth, kind = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, kind) == (8, 3)
    pixels = zlib.decompress(chunks[b"IDAT"])
    lines = [pixels[y * (width + 1) : (y + 1) * (width + 1)] for y in range(height)]
    assert all(line[0] == 0 for line in lines)
    colours = chunks[b"PLTE"]
    opacity = chunks.get(b"tRNS", b"").ljust(len(colours) // 3, b"\xff")
    palette = [(*colours[n * 3 : n * 3 + 3], opacity[n]) for n in range(len(colours) // 3)]
    return Picture(width, height, [line[1:] for line in lines], palette)


def _chunks(png: bytes) -> dict[bytes, bytes]:
    assert png.startswith(SIGNATURE)
    found, at = {}, len(SIGNATURE)
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at : at + 8])
        content = png[at + 8 : at + 8 + length]
        [check] = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert check == zlib.crc32(name + content)
        found[name] = content
        at += 12 + length
    return found


def modules_of(picture: Picture, count: int, dark: Pixel) -> list[list[bool]]:
    """Return which modules of a code of so many by so many are dark, by their middles.

    The code is in the middle of the picture; its first dark row and column tell where it begins.
    """
    corner = _corner(picture, dark)
    scale = (picture.width - 2 * corner) / count
    middles = [int(corner + (n + 0.5) * scale) for n in range(count)]
    return [[picture.at(x, y) == dark for x in middles] for y in middles]


def _corner(picture: Picture, dark: Pixel) -> int:
    """Return where the code begins: from there on its first corner is dark for seven modules."""
    return next(
        n
        for n in range(picture.width // 3)
        if all(picture.at(n + step, n) == dark for step in range(20))
        and all(picture.at(n, n + step) == dark for step in range(20))
    )


def shows(picture: Picture, text: str, *, error: str, dark: Pixel) -> float:
    """Return how much of the QR code of a text a picture shows, from 0 to 1."""
    wanted = [[bool(module) for module in row] for row in segno.make_qr(text, error=error).matrix]
    seen = modules_of(picture, len(wanted), dark)
    pairs = [
        (one, other)
        for row, line in zip(wanted, seen, strict=True)
        for one, other in zip(row, line, strict=True)
    ]
    return sum(one == other for one, other in pairs) / len(pairs)
