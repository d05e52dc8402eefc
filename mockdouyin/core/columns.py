"""Text in columns of a terminal, where a Chinese character is two columns wide."""

from __future__ import annotations

import re
import textwrap
import unicodedata

_CHINESE = "\u2e80-\uffef"
"""Chinese characters and full-width punctuation: a line may break between any two."""

_PIECES = re.compile(rf" *[（“「[(]*(?:[{_CHINESE}]|[^ {_CHINESE}]+)[，。；：、！？）”」\])]*")
"""What stays on one line: no line begins with a closing mark, or ends with an opening one."""


def width_of(text: str) -> int:
    """Return how many columns a text is wide."""
    if text.isascii():
        return len(text)
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):  # it is written onto the one before
        return 0
    return 1 + (unicodedata.east_asian_width(character) in "WF")


def padded(text: str, columns: int) -> str:
    """Return a text with spaces up to a width."""
    return text + " " * (columns - width_of(text))


def wrap(text: str, columns: int) -> list[str]:
    """Break a text into lines: English between words, Chinese between characters."""
    if not re.search(f"[{_CHINESE}]", text):
        return textwrap.wrap(text, columns, break_on_hyphens=False) or [""]
    lines = [""]
    for piece in _PIECES.findall(text):
        if lines[-1] and width_of(lines[-1] + piece) > columns:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip(" ")
    return lines
