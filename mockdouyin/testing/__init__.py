"""What tests use: the object behind the fixture `douyin`, and a server that starts on demand.

A world is controlled only through the operations of `control`, in this process or over HTTP. Only
`pytest_plugin` imports pytest.
"""

from mockdouyin.testing.fixture import Douyin

__all__ = ["Douyin"]
