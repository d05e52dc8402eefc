"""No request pays for all records of a table: what it needs is found by key.

Lists have an index under whom they are of: a person's works, a work's comments. Who follows a
person is asked of each of the world's people, who are part of its definition and at most 5000.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.errors import SYSTEM
from mockdouyin.core.http import Reply
from mockdouyin.core.store import MemoryUnit, Record
from mockdouyin.endpoints import WRITTEN
from mockdouyin.phone import APIS
from tests.endpoints.calls import Scene, good
from tests.endpoints.provoke import provoke
from tests.support.helpers import client_token, get, sandbox


@contextmanager
def no_scans() -> Iterator[None]:
    """Let every scan of a table raise."""

    def scan(unit: MemoryUnit, kind: type[Record]) -> Any:
        raise AssertionError(f"a request scans all of {kind.TABLE}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryUnit, "scan", scan)
        yield


def answered(reply: Reply) -> None:
    """Check that no bug was met on the way."""
    assert reply.status in (200, 302), reply.body


@pytest.mark.parametrize("endpoint", list(WRITTEN), ids=lambda each: each.full_name)
def test_a_request_scans_no_table(endpoint: Endpoint) -> None:
    """A good call and each refusal, with its reason, are answered by keys alone."""
    scene = Scene()
    ask = good(scene, endpoint.full_name)
    with no_scans():
        answered(scene.send(ask))
    for case in endpoint.errors:
        if case.cause != SYSTEM:
            provoked = provoke(endpoint, case)
            with no_scans():
                answered(provoked.scene.send(provoked.ask))


@pytest.mark.parametrize("api", sorted(APIS))
def test_a_phone_scans_no_table(api: str) -> None:
    """A tt API is answered by keys alone, whether it succeeds or fails."""
    scene = Scene()
    scene.phone("login")
    with no_scans():
        scene.phone(api)


def test_why_a_token_was_replaced_is_found_by_the_token() -> None:
    """A token that was superseded or killed is explained at once, however many apps there are."""
    box = sandbox()
    tokens = [client_token(box) for _ in range(4)]
    box.default.clock.advance(301)

    with no_scans():
        for token in tokens:
            get(box, "/js/getticket/", token=token)

    reasons = [exchange.why.code if exchange.why else "" for exchange in box.default.journal][-4:]
    assert reasons == ["token_replaced", "token_killed", "token_superseded", ""]
