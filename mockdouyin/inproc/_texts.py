"""What is said of a door that cannot be opened, in Chinese and English."""

from __future__ import annotations

from mockdouyin.core.texts import text

NEEDS_LIBRARY = text(
    "inproc_needs_library",
    zh="需要 {library}：pip install {library}",
    en="this door needs {library}; pip install {library}",
)
