"""What Douyin's docs call families and endpoints, for those whose declaration does not say it."""

from __future__ import annotations

from functools import cache

import msgspec

from mockdouyin.core import resources
from mockdouyin.core.typed import thread_safe


@cache
def titles() -> dict[str, str]:
    """Return the Chinese titles by the name of a family, or the full name of an endpoint."""
    text = resources.text("titles.json")
    return msgspec.json.decode(text, type=thread_safe(dict[str, str]))
