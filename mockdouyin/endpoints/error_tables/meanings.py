"""What an error means and what to do about it, by its name; in Chinese and English.

A name means the same refusal in every family, whatever number and text the family gives it.
"""

from __future__ import annotations

from typing import NamedTuple

from mockdouyin.core.texts import Text, text
from mockdouyin.endpoints.error_tables._meanings_business import BUSINESS
from mockdouyin.endpoints.error_tables._meanings_general import GENERAL
from mockdouyin.endpoints.error_tables._meanings_phone import PHONE


class Meaning(NamedTuple):
    """What an error means, and what to do."""

    about: Text
    fix: Text


MEANINGS: dict[str, Meaning] = {
    name: Meaning(text(f"error_means_{name}", zh=zh, en=en)(), fix())
    for name, zh, en, fix in (*GENERAL, *BUSINESS, *PHONE)
}
"""What each error means, by its name; one that a scenario's own endpoint declares is not here."""
