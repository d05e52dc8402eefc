"""Golden exchanges are answered byte for byte, and a seed decides everything."""

from __future__ import annotations

import hashlib
import json

import pytest
from msgspec.structs import replace

from mockdouyin import ManualClock, Sandbox
from mockdouyin.core.endpoint import Family
from mockdouyin.core.exchange_view import show
from mockdouyin.endpoints import WRITTEN
from tests.endpoints.calls import Scene, good
from tests.endpoints.remake_golden import FOLDER, place, text

every_family = pytest.mark.parametrize("family", WRITTEN.families, ids=lambda f: str(f.name))


@every_family
def test_the_same_call_gets_the_same_bytes(family: Family) -> None:
    """Every golden exchange comes out again, in request and reply, to the byte."""
    kept = place(family).read_text(encoding="utf-8")

    assert text(family) == kept, "if this is meant: python -m tests.endpoints.remake_golden"


@every_family
def test_every_endpoint_has_a_golden_success_and_failure(family: Family) -> None:
    """Each endpoint of a family stands in the family's file once with each outcome."""
    kept = json.loads(place(family).read_text(encoding="utf-8"))
    outcomes = [(each["endpoint"], each["outcome"] == "success") for each in kept]

    names = [endpoint.full_name for endpoint in family.endpoints]
    assert outcomes == [(name, success) for name in names for success in (True, False)]


def test_no_golden_file_is_left_over() -> None:
    """There is one file for each family and no other."""
    assert sorted(FOLDER.iterdir()) == sorted(map(place, WRITTEN.families))


def run(seed: int, name: str) -> list[str]:
    """Run one script of calls in a fresh world; give the hash of every exchange."""
    box = Sandbox(clock=ManualClock, seed=seed)
    scene = Scene()
    scene.box, scene.world = box, box.worlds.create(name, seed=seed)
    for endpoint in WRITTEN:
        scene.send(good(scene, endpoint.full_name))
        scene.advance(60)
    assert {exchange.verdict for exchange in scene.world.journal} == {"ok"}
    # How long an answer took is told in real time.
    shown = [show(replace(exchange, took=0.0), str) for exchange in scene.world.journal]
    return [hashlib.sha256(json.dumps(each).encode()).hexdigest() for each in shown]


def test_the_same_seed_and_name_give_the_same_journal() -> None:
    """One script of calls, run twice with one seed and one world name, writes one journal."""
    first, second = run(7, "twin"), run(7, "twin")

    assert len(first) > len(WRITTEN.endpoints)
    assert first == second


@pytest.mark.parametrize(("seed", "name"), [(8, "twin"), (7, "other")])
def test_another_seed_or_name_gives_another_journal(seed: int, name: str) -> None:
    """With another seed or another name, no exchange is the same."""
    assert not set(run(7, "twin")) & set(run(seed, name))
