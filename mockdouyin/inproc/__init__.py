"""Doors without a socket: one world behind httpx, httpx2, respx and requests, in this process.

Each module needs the library that it is named after, and none is a dependency of ours.
"""

from __future__ import annotations

from mockdouyin.core.errors import MockDouyinError


def missing(library: str) -> MockDouyinError:
    """Say which library a door needs."""
    return MockDouyinError(f"this door needs {library}; pip install {library}")
