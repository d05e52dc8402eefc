"""A world as a test sees it: the object behind the fixture `douyin`, and its server on demand.

It steers a sandbox by the operations of `control` alone, in this process or over HTTP; pytest
itself is known to `pytest_plugin` only.
"""

from mockdouyin.testing.fixture import Douyin

__all__ = ["Douyin"]
