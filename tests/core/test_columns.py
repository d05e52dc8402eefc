"""Columns of a terminal, in which Chinese is twice as wide."""

from __future__ import annotations

import pytest

from mockdouyin.core.columns import padded, width_of, wrap


def test_padded() -> None:
    """Texts in both languages are padded to the same width."""
    assert [padded(each, 6) + "|" for each in ("back", "收到")] == ["back  |", "收到  |"]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two-three four", ["one", "two-three", "four"]),
        ("按 Msg-Id 去重，按时应答。", ["按 Msg-Id", "去重，按时", "应答。"]),
        ("一二三四五，六", ["一二三四", "五，六"]),
        ("一二三四（五）六", ["一二三四", "（五）六"]),
        ("默认是五 [甲乙]", ["默认是五", "[甲乙]"]),
        ("默认是甲乙]", ["默认是甲", "乙]"]),
        ("X-Douyin-Signature 验签", ["X-Douyin-Signature", "验签"]),
    ],
)
def test_wrap(text: str, lines: list[str]) -> None:
    """Lines break between words and between Chinese characters, never inside a bracket."""
    assert wrap(text, 10) == lines
    assert "".join(wrap(text, 10)).replace(" ", "") == text.replace(" ", "")


def test_a_wide_line_is_never_wider() -> None:
    """A text of short pieces stays within the columns."""
    text = "先应答，再处理：把事件放进队列，answer first, work afterwards。" * 5

    assert all(width_of(line) <= 40 for line in wrap(text, 40))
