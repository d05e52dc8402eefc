"""What Douyin's docs call families and endpoints, for those that are functions."""

from __future__ import annotations

from functools import cache

import msgspec

from mockdouyin.core import resources


@cache
def titles() -> dict[str, str]:
    """Return the Chinese titles by the name of a family, or the full name of an endpoint."""
    return msgspec.json.decode(resources.text("titles.json"), type=dict[str, str])
