"""Followers and numbers: derived from the world, growing with its clock."""

from __future__ import annotations

import pytest

from mockdouyin.core.clock import DAY, date_text, day_begins, day_of
from mockdouyin.domain import audience, direct_messages, videos
from tests.endpoints.calls import PERSON, Scene
from tests.endpoints.calls_user import OTHER, unit_of, works


def test_days_are_beijings() -> None:
    """A day begins at midnight in Beijing."""
    day = day_of(1767196800)

    assert day_begins(day) == 1767196800
    assert date_text(day) == "2026-01-01"
    assert day_of(1767196800 - 1) == day - 1


def test_everybody_has_a_follower() -> None:
    """Nobody follows themselves, everybody is followed, and both lists say the same."""
    scene = Scene()
    unit, world = unit_of(scene), scene.world

    for person in world.people:
        fans = audience.fans(world, unit, person)
        assert fans
        assert person not in fans
        for fan in fans:
            assert person in audience.followed(world, unit, fan)


def test_following_is_told() -> None:
    """Whoever follows or ceases to is listed accordingly, since that moment."""
    scene = Scene()
    unit, world = unit_of(scene), scene.world

    audience.follow(unit, "老王", PERSON)
    audience.follow(unit, OTHER, PERSON, follows=False)

    assert audience.follows(world, unit, "老王", PERSON) == world.clock.now()
    assert audience.follows(world, unit, OTHER, PERSON) is None
    assert audience.fans(world, unit, PERSON) == ["老王"]


def test_numbers_only_grow() -> None:
    """What a work has gathered never falls, begins at nothing, and ends at some bound."""
    scene = Scene()
    work = works(scene)[0]

    seen = [
        audience.stats_until(scene.world, work, work.created + hours * 3600)
        for hours in range(400)
    ]

    assert seen[0] == (0, 0, 0, 0, 0)
    assert all(
        a <= b
        for one, two in zip(seen, seen[1:], strict=False)
        for a, b in zip(one, two, strict=True)
    )
    assert 300 < seen[-1].play <= 30_300
    assert seen[-1].digg < seen[-1].play / 5


def test_a_private_work_gathers_nothing() -> None:
    """A work that only its author sees has no numbers."""
    scene = Scene()
    unit = unit_of(scene)
    made = videos.publish(scene.world, unit, scene.app("web"), PERSON, title="", privacy=1)

    assert audience.stats_until(scene.world, made, unit.now + 9 * DAY).play == 0


@pytest.mark.parametrize("person", [PERSON, OTHER])
def test_followers_in_all_only_grow(person: str) -> None:
    """Each day adds followers."""
    world = Scene().world
    totals = [audience.fans_until(world, person, day) for day in range(20000, 20100)]

    assert all(0 < b - a < 45 for a, b in zip(totals, totals[1:], strict=False))


def test_a_number_is_spread() -> None:
    """Shares add up to the whole, none below nothing."""
    shares = audience.spread(Scene().world, 1001, ("a", "b", "c"), "x")

    assert sum(shares.values()) == 1001
    assert min(shares.values()) >= 0


def test_who_may_be_written_to() -> None:
    """Followers may be written to first, until they say otherwise, which lasts thirty days."""
    scene = Scene()
    unit, world, app = unit_of(scene), scene.world, scene.app("web")
    fans = audience.fans(world, unit, PERSON)
    assert direct_messages.reachable(world, unit, app, PERSON) == fans

    direct_messages.allow(unit, app, PERSON, fans[0], allowed=False)
    unit.commit()

    assert fans[0] not in direct_messages.reachable(world, unit_of(scene), app, PERSON)
    scene.advance(30 * DAY)
    assert fans[0] in direct_messages.reachable(world, unit_of(scene), app, PERSON)
