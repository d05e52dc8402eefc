"""The official Node SDK, untouched: each of its operations succeeds here, in its own models."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.clients.sdk.run import PACKAGES, drive
from tests.support.helpers import need

OPERATIONS = 492
"""Methods of the client of @open-dy/open_api_sdk 1.1.0, each of which is one operation."""


def test_every_operation_of_the_official_sdk_succeeds(tmp_path: Path) -> None:
    """The SDK calls all it has, with ids from earlier answers, and accepts each answer."""
    need(shutil.which("node"), "node")
    need(PACKAGES.exists(), "Node's packages: make clients")

    results = drive(tmp_path)

    assert len(results) == OPERATIONS
    assert {name: error for name, error in results.items() if error} == {}
