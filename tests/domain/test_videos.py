"""Works: those that people have of their own, and those that are published and deleted here."""

from __future__ import annotations

from mockdouyin.core.clock import DAY
from mockdouyin.domain import pagination, videos
from mockdouyin.domain.videos import Video
from tests.endpoints.calls import PERSON, Scene
from tests.endpoints.calls_user import OTHER, unit_of, works


def publish(scene: Scene, title: str, **given: str) -> Video:
    """Publish a work through the web app."""
    unit = unit_of(scene)
    made = videos.publish(scene.world, unit, scene.app("web"), PERSON, title=title, **given)  # type: ignore[arg-type]
    unit.commit()
    return made


def test_everybody_has_a_few_works() -> None:
    """People begin with three to seven works of the last 25 days, the newest first."""
    scene = Scene()

    for person in scene.world.people:
        held = works(scene, person)
        ages = [scene.world.clock.now() - work.created for work in held]
        assert 3 <= len(held) <= 7
        assert ages == sorted(ages)
        assert all(0 < age <= 25 * DAY + 61 for age in ages)
        assert [work.number for work in held] == list(range(len(held), 0, -1))


def test_the_same_seed_has_the_same_works() -> None:
    """Works derive from seed, world and person alone, and stay as they are."""
    first, second = Scene(), Scene()

    assert works(first) == works(second)
    assert works(first) != works(first, OTHER)
    before = works(first)
    first.advance(40 * DAY)
    assert works(first) == before


def test_the_shape_of_the_ids() -> None:
    """An item_id is @ and 88 of base64, a video_id 19 digits."""
    for work in works(Scene()):
        assert (work.item_id[0], len(work.item_id), work.item_id[-2:]) == ("@", 89, "==")
        assert work.video_id.isdigit()
        assert len(work.video_id) == 19


def test_publishing() -> None:
    """A published work stands first, with the app and the share that it came from."""
    scene = Scene()
    before = works(scene)

    made = publish(scene, "新作品", share_id="1767391659575207", cover="https://c.example.test/1")

    assert works(scene) == [made, *before]
    assert (made.title, made.share_id) == ("新作品", "1767391659575207")
    assert (made.app, made.created) == (scene.app("web").client_key, scene.world.clock.now())
    assert made.cover == "https://c.example.test/1"
    assert publish(scene, "又一个").item_id != made.item_id


def test_deleting() -> None:
    """A deleted work is gone, and its id is not given again."""
    scene = Scene()
    made, unit = publish(scene, "新作品"), unit_of(scene)

    videos.delete(scene.world, unit, made)
    unit.commit()

    assert made not in works(scene)
    assert videos.find(scene.world, unit_of(scene), PERSON, made.item_id) is None
    assert publish(scene, "又一个").item_id != made.item_id


def test_an_item_id_that_was_not_escaped() -> None:
    """A plus sign that a query turned into a space is taken for what it was."""
    scene = Scene()
    work = next(work for work in works(scene) if "+" in work.item_id)

    spoiled = work.item_id.replace("+", " ")

    assert videos.find(scene.world, unit_of(scene), PERSON, spoiled) == work


def test_pages_are_not_shifted() -> None:
    """A work that is published or deleted between two pages shifts none of the others."""
    rows = [9, 8, 7, 5, 4]
    first = pagination.below(rows, 0, 2, int)

    assert first == ([9, 8], 8, True)
    assert pagination.below([10, *rows], first.cursor, 2, int) == ([7, 5], 5, True)
    assert pagination.below([9, 7, 5, 4], first.cursor, 3, int) == ([7, 5, 4], 4, False)
    assert pagination.below(rows, 4, 2, int) == ([], 4, False)


def test_pages_by_place() -> None:
    """A cursor is the place of the next row; one beyond the end gives nothing."""
    assert pagination.at("abcde", 0, 2) == (["a", "b"], 2, True)
    assert pagination.at("abcde", 2, 3) == (["c", "d", "e"], 5, False)
    assert pagination.at("abcde", 9, 3) == ([], 9, False)
