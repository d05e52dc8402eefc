"""Doors without a socket: one world behind httpx, httpx2, respx and requests, in this process.

Each module is named after the library that it needs, none of which is a dependency of this
package. A door converts a request and a reply, and carries out delays and faults; it decides
nothing.
"""

from __future__ import annotations

from mockdouyin.core.errors import MockDouyinError


def missing(library: str) -> MockDouyinError:
    """Say which library a door needs."""
    return MockDouyinError(f"this door needs {library}; pip install {library}")
