"""A sandbox for the tests of this folder."""

from __future__ import annotations

import pytest

from mockdouyin import Sandbox
from tests.support.helpers import sandbox


@pytest.fixture
def box() -> Sandbox:
    """Give a sandbox whose clocks stand still."""
    return sandbox()
