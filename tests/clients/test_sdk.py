"""The official Node SDK, untouched: each of its operations succeeds here, in its own models."""

from __future__ import annotations

import shutil

import pytest

from tests.clients.sdk.coverage import pages
from tests.clients.sdk.run import PACKAGES, Driven, drive
from tests.support.helpers import need

OPERATIONS = 492
"""Methods of the client of @open-dy/open_api_sdk 1.1.0, each of which is one operation."""


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Driven:
    """Drive the SDK through everything, once."""
    need(shutil.which("node"), "node")
    need(PACKAGES.exists(), "Node's packages: make clients")
    return drive(tmp_path_factory.mktemp("sdk"))


def test_every_operation_of_the_official_sdk_succeeds(driven: Driven) -> None:
    """The SDK calls all it has, with ids from earlier answers, and accepts each answer."""
    assert len(driven.methods) == OPERATIONS
    assert {name: error for name, error in driven.errors.items() if error} == {}


def test_the_official_sdk_is_not_accused(driven: Driven) -> None:
    """Nothing that the SDK does is told as a mistake: no field unread, no token out of place."""
    assert driven.findings == []


def test_the_page_of_what_is_covered_is_fresh(driven: Driven) -> None:
    """docs/coverage.md and the READMEs are as `python -m tests.clients.sdk.coverage` has them."""
    for page, text in pages(driven).items():
        assert page.read_text("utf-8") == text, f"{page.name} is stale"
