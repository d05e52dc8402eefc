"""Redis that goes and comes: everybody is answered, and nothing is used up by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.outages import CLIENTS, WORKERS, Result, outages, storm

ANSWERS = {"200 0", "200 40018", "503"}
"""What a client may be told: a session, that Redis lost the code, or that Redis is away."""


def check(result: Result, count: int) -> None:
    """Check what holds after any number of outages."""
    assert set(result.answers) <= ANSWERS
    assert result.answers["503"] > 0
    assert result.after == {"200 0": 2 * 25 * CLIENTS}
    assert result.connections <= result.before + 2
    assert result.gone == result.back
    assert 0 < result.gone <= count * WORKERS
    assert len(result.said.splitlines()) == result.gone + result.back


def test_three_short_outages(tmp_path: Path) -> None:
    """Redis goes three times, and every request is answered then and afterwards."""
    check(storm(tmp_path, outages(3, 0.4, 0.6), between=0.3), 3)


@pytest.mark.outages
def test_twenty_outages(tmp_path: Path) -> None:
    """Redis goes twenty times, for one to five seconds, and all is as it was before."""
    result = storm(tmp_path, outages(20, 1.0, 5.0), between=2.5)
    print(result._replace(said=""))  # noqa: T201 - the numbers that the docs tell

    check(result, 20)
