"""Operations that are data: a file for each family, which `endpoints/declared/` reads and answers.

A file says what the platform's docs say: call, token, scope, parameters with their types and
limits, reply, errors, docs page; and what the operation does with which resource. An endpoint that
is written by hand wins.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mockdouyin.core.endpoint import Family


def families() -> Iterator[Family]:
    """Return the families that the files beside this one declare; their operations stay unread."""
    from mockdouyin.endpoints.declared import family

    return family.families(Path(__file__).parent)
