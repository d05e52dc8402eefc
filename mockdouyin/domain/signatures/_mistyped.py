"""Keys that are not used as they are: with more around them, cut short, or not set at all."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from mockdouyin.core.texts import Text, text

WITH_BLANKS = text(
    "key_with_blanks",
    zh="前后带了空格或换行（从文件、环境变量读取或复制时带入），请去掉",
    en="it has a blank or a line end around it, as from a file or from copying; strip it",
)
IN_QUOTES = text(
    "key_in_quotes",
    zh="带了引号（如 .env 文件里的引号），请去掉",
    en="it is in quotes, such as those of an .env file; strip them",
)
OTHER_CASE = text("key_other_case", zh="大小写变了", en="its case was changed")
CUT_SHORT = text(
    "key_cut_short",
    zh="少了第一个或最后一个字符，可能没有复制全",
    en="its first or last character is missing, as from copying",
)
HASHED = text("key_hashed", zh="先取了 MD5", en="it was hashed by MD5 first")


def mistyped(key: str) -> Iterator[tuple[Text, str]]:
    """Yield what people make of a key, each with what was done to it."""
    for what, others in (
        (WITH_BLANKS, (f"{key}\n", f"{key}\r\n", f" {key}", f"{key} ", f"{key}\t")),
        (IN_QUOTES, (f'"{key}"', f"'{key}'")),
        (OTHER_CASE, (key.upper(), key.lower())),
        (CUT_SHORT, (key[:-1], key[1:])),
        (HASHED, (hashlib.md5(key.encode(errors="replace")).hexdigest(),)),
    ):
        for other in others:
            if other not in (key, ""):
                yield what(), other


UNSET = ("", "null", "None", "undefined", "nil", "<nil>", "false")
"""What languages print where there is no value."""


def placeholders(word: str) -> Iterator[str]:
    """Yield what stands in the place of a key that was not set: nothing, or an example's word."""
    yield from UNSET
    for name in (word.upper(), word.lower()):
        yield from (name, f"your_{name}", f"YOUR_{name}", f"your {name}", f"<{name}>")
    yield from ("key", "xxx", "xxxxxx", "test", "123456")
