"""In-process doors: one world behind httpx, httpx2, respx or requests, without a socket.

Each module is named after the library that it serves; none of them is a dependency of this
package. A door converts requests and replies and carries out delays and faults; it has no logic of
the platform.
"""

from __future__ import annotations

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.inproc._texts import NEEDS_LIBRARY


def missing(library: str) -> MockDouyinError:
    """Return the error to raise when a door's library is not installed."""
    return MockDouyinError(NEEDS_LIBRARY(library=library))
