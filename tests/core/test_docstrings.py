"""What a docstring says in each language."""

from __future__ import annotations

import pytest

from mockdouyin.core.docstrings import first_said_in, said_in
from mockdouyin.core.texts import Language

BOTH = """Words that content security (内容安全) finds,
    in any case.

    There may be more to say.

    内容安全判为违规的词，不分大小写，
    见 content
    security 的文档，
    short 也算。
    """


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "en",
            "Words that content security (内容安全) finds, in any case.\n\n"
            "There may be more to say.",
        ),
        (
            "zh",
            "内容安全判为违规的词，不分大小写，见 content security 的文档，short 也算。",
        ),
    ],
)
def test_each_language_has_its_paragraphs(language: Language, says: str) -> None:
    """A paragraph is one line; Chinese has a space only beside Latin words."""
    assert said_in(BOTH, language) == says


def test_the_first_paragraph_alone() -> None:
    """What comes after it is left out."""
    assert first_said_in(BOTH, "en").endswith("in any case.")


@pytest.mark.parametrize("doc", ["How these audits end.", "用 refresh_token 换新的。"])
def test_one_language_serves_for_both(doc: str) -> None:
    """Without Chinese it is the English; nothing is said of what says nothing."""
    assert said_in(doc, "zh") == doc
    assert said_in(None, "zh") == said_in("", "en") == ""
