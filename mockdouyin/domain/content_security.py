"""Content security (内容安全): which texts and images the platform takes for violations.

Two settings decide, so that a test can have any text or image found: `censored_words`, and the
patterns of `censored_images`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from mockdouyin.core.patterns import compile_pattern
from mockdouyin.core.settings import Settings

TEXT_MODEL = "short_content_antidirt"

IMAGE_MODELS = (
    *("anniversary_flag", "bloody", "high_risk_boom", "cartoon_leader", "fandongtaibiao"),
    *("leader_recognition", "high_risk_money", "plant_ppx", "porn", "sensitive_flag"),
    *("high_risk_sensitive_map", "sensitive_text", "high_risk_social_event"),
    *("high_risk_terrorist_uniform", "party_founding_memorial", "cartoon_porn", "great_hall"),
)
"""What an image is examined for, in the order of the answer."""

IMAGE_TARGETS = ("porn", "politics", "ad", "disgusting")
"""What an image can be examined for by the older call."""

DEFAULT_MODEL = "porn"
"""What is found in an image whose name says nothing more exact."""


def is_violation(settings: Settings, text: str) -> bool:
    """Whether a text holds one of the censored words, in whatever case."""
    folded = text.casefold()
    return any(word.casefold() in folded for word in settings.censored_words)


def is_address(image: str) -> bool:
    """Whether an image could be fetched from here: nothing is, so that no call leaves."""
    try:
        parts = urlsplit(image)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:  # brackets where a host should be
        return False


def find_in_image(settings: Settings, name: str, known: Iterable[str]) -> frozenset[str]:
    """Return which of the known models find something in an image, by its address or its bytes.

    An image that fits one of the patterns is found by every model that it names as a word, as
    `mock-violation-bloody.png` does; by that for porn if it names none.
    """
    if not any(compile_pattern(pattern)(name) for pattern in settings.censored_images):
        return frozenset()
    return frozenset(_MODEL.findall(name) or [DEFAULT_MODEL]).intersection(known)


_NAMES = "|".join((*IMAGE_MODELS, *IMAGE_TARGETS))
_MODEL = re.compile(rf"(?<![0-9A-Za-z_])(?:{_NAMES})(?![0-9A-Za-z_])")
"""A model's name as a word: `upload` names no `ad`, and `cartoon_porn` not `porn`."""
