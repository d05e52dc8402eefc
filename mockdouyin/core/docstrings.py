"""What a docstring says in each language.

A docstring is English. Where people read it outside the code, its Chinese stands beside it, in a
paragraph of its own, so that both are written and changed in one place:

    limits: Literal["off", "enforce"] = "off"
    \"\"\"Enforce frequency limits and daily quotas.

    是否执行频率限制和每日配额。\"\"\"
"""

from __future__ import annotations

import re
from functools import cache

from mockdouyin.core.texts import Language

_NO_SPACE_AROUND = re.compile(r"(?<=[、-〿！-｠])\n|\n(?=[、-〿！-｠])|(?<=[一-鿿])\n(?=[一-鿿])")
"""Where a line of Chinese goes on without a space: beside its punctuation, and between words."""


@cache
def said_in(doc: str | None, language: Language) -> str:
    """Return the paragraphs of a docstring that are in a language, each on one line.

    If there is no Chinese, that is the English.
    """
    paragraphs = re.split(r"\n\s*\n", (doc or "").strip())
    chinese = [each for each in paragraphs if _is_chinese(each)]
    chosen = (
        chinese if chinese and language == "zh" else [p for p in paragraphs if p not in chinese]
    )
    return "\n\n".join(map(_on_one_line, chosen))


def first_said_in(doc: str | None, language: Language) -> str:
    """Return the first paragraph of a docstring in a language."""
    return said_in(doc, language).partition("\n\n")[0]


def _is_chinese(paragraph: str) -> bool:
    """Whether a paragraph is Chinese: it ends so, whatever is named in the other script."""
    return paragraph.rstrip().endswith("。")


def _on_one_line(paragraph: str) -> str:
    stripped = "\n".join(line.strip() for line in paragraph.splitlines())
    return _NO_SPACE_AROUND.sub("", stripped).replace("\n", " ")
