"""The contract of every store: units of work, expiry as data, and the amortised sweep.

A store comes from the fixture `make_store`: one in memory, one in a real Redis, one in Valkey.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from mockdouyin.core.store import FOREVER, MemoryStore, Record, Store
from mockdouyin.redis_store import _scripts
from mockdouyin.redis_store._connection import RedisConnection
from mockdouyin.redis_store._shared_world import SharedStore
from tests.conftest import Servers
from tests.support.redis_server import PROGRAMS

MakeStore = Callable[[], Store]


class Note(Record, frozen=True):
    """A record that is retained for ten seconds after it has expired."""

    TABLE = "Note"
    RETAIN = 10.0

    text: str = ""


class Mark(Record, frozen=True):
    """A record of another class, deleted when it has expired."""

    TABLE = "Mark"


@pytest.fixture(params=["memory", *PROGRAMS])
def make_store(request: pytest.FixtureRequest, servers: Servers) -> Iterator[MakeStore]:
    """Make an empty store."""
    if request.param == "memory":
        yield MemoryStore
        return
    redis = RedisConnection(servers(request.param).url)
    redis.register(*_scripts.ALL_SCRIPTS)
    yield lambda: SharedStore(redis, "contract")
    redis.close()


def test_what_was_written_is_read(make_store: MakeStore) -> None:
    """A committed record is read by the next unit, by its class and key alone."""
    store = make_store()
    unit = store.unit(0)
    unit.write("a", Note(text="x"))
    unit.commit()

    later = store.unit(1)

    assert later.read(Note, "a") == Note(text="x")
    assert later.find(Note, "a") == Note(text="x")
    assert later.read(Note, "b") is None
    assert later.read(Mark, "a") is None


def test_a_unit_sees_its_own_writes(make_store: MakeStore) -> None:
    """A unit reads what it wrote, others do not before it commits."""
    store = make_store()
    unit = store.unit(0)

    unit.write("a", Note(text="x"))

    assert unit.read(Note, "a") == Note(text="x")
    assert store.unit(0).read(Note, "a") is None


def test_the_last_write_stays(make_store: MakeStore) -> None:
    """A record written again is replaced, within a unit and after it."""
    store = make_store()
    for text in ("x", "y"):
        unit = store.unit(0)
        unit.write("a", Note(text="before"))
        unit.write("a", Note(text=text))
        unit.commit()

    assert store.unit(0).read(Note, "a") == Note(text="y")
    assert store.count() == 1


def test_drop_removes(make_store: MakeStore) -> None:
    """A dropped record is gone, at once for the unit and after its commit for all."""
    store = make_store()
    _fill(store, "a")
    unit = store.unit(0)

    unit.drop(Note, "a")
    unit.drop(Note, "never there")

    assert unit.find(Note, "a") is None
    assert store.unit(0).find(Note, "a") is not None
    unit.commit()
    assert store.unit(0).find(Note, "a") is None
    assert store.count() == 0


def _fill(store: Store, *keys: str, expires: float = FOREVER, now: float = 0) -> None:
    unit = store.unit(now)
    for key in keys:
        unit.write(key, Note(text=key, expires=expires))
    unit.commit()


def test_take_reads_and_removes(make_store: MakeStore) -> None:
    """A record is taken once; an expired one cannot be taken, and stays."""
    store = make_store()
    _fill(store, "a")
    _fill(store, "dead", expires=5)
    unit = store.unit(5)

    assert unit.take(Note, "a") == Note(text="a")
    assert unit.take(Note, "a") is None
    assert unit.take(Note, "dead") is None
    unit.commit()

    assert store.unit(5).find(Note, "a") is None
    assert store.unit(5).find(Note, "dead") is not None


def test_a_record_expires_at_its_time(make_store: MakeStore) -> None:
    """A record is read until it expires, and found afterwards."""
    store = make_store()
    _fill(store, "a", expires=5)

    assert store.unit(4.99).read(Note, "a") is not None
    assert store.unit(5).read(Note, "a") is None
    assert store.unit(5).find(Note, "a") == Note(text="a", expires=5)


def test_expired_records_are_retained(make_store: MakeStore) -> None:
    """An expired record is found for its class's RETAIN, however much is written meanwhile."""
    store = make_store()
    _fill(store, "a", expires=5)

    for count in range(20):
        _fill(store, f"other {count}", now=15)

    assert store.unit(15).find(Note, "a") is not None


def test_expired_records_are_swept(make_store: MakeStore) -> None:
    """Expired records go as others are written: a store does not grow by them."""
    store = make_store()

    for moment in range(1000):
        _fill(store, f"code {moment}", expires=moment + 5, now=moment)

    assert store.count() < 50


def test_sweeping_spares_the_living(make_store: MakeStore) -> None:
    """A record that has not expired survives any number of sweeps."""
    store = make_store()
    _fill(store, "stays")

    for moment in range(200):
        _fill(store, f"code {moment}", expires=moment + 1, now=moment)

    assert store.unit(200).read(Note, "stays") is not None


def test_a_record_that_comes_and_goes_leaves_nothing(make_store: MakeStore) -> None:
    """A key that is written and dropped again and again is queued for the sweep once."""
    store = make_store()
    for _ in range(50):
        _fill(store, "a")
        unit = store.unit(0)
        unit.drop(Note, "a")
        unit.commit()
    _fill(store, "a")
    _fill(store, "dead", expires=1)

    for count in range(6):
        _fill(store, f"b {count}", now=100)

    assert store.unit(100).find(Note, "dead") is None
    assert store.count() == 7


def test_scan_yields_the_living_of_a_kind(make_store: MakeStore) -> None:
    """A scan yields every unexpired record of its class, the unit's own writes included."""
    store = make_store()
    _fill(store, "a", "b", "gone")
    _fill(store, "dead", expires=1)
    unit = store.unit(1)
    unit.write("m", Mark())
    unit.write("kept", Note(text="kept"))
    unit.savepoint()
    unit.write("b", Note(text="new"))
    unit.write("c", Note(text="c"))
    unit.drop(Note, "gone")

    found = {key: record.text for key, record in unit.scan(Note)}

    assert found == {"a": "a", "b": "new", "c": "c", "kept": "kept"}
    assert [key for key, _ in unit.scan(Mark)] == ["m"]
    assert [key for key, _ in store.unit(1).scan(Mark)] == []


def test_roll_back_discards_writes_since_the_savepoint(make_store: MakeStore) -> None:
    """Writes before a savepoint are committed, and those after it are rolled back."""
    store = make_store()
    _fill(store, "b", "c")
    unit = store.unit(0)
    unit.write("a", Note(text="kept"))
    unit.drop(Note, "b")
    unit.savepoint()
    unit.write("a", Note(text="lost"))
    unit.drop(Note, "c")

    unit.roll_back()

    assert unit.read(Note, "a") == Note(text="kept")
    assert unit.read(Note, "b") is None
    assert unit.read(Note, "c") is not None
    unit.commit()
    later = store.unit(0)
    assert (later.read(Note, "a"), later.read(Note, "b")) == (Note(text="kept"), None)
    assert later.read(Note, "c") is not None


def test_writes_after_a_savepoint_are_committed_too(make_store: MakeStore) -> None:
    """A commit applies the writes before a savepoint and, over them, those since."""
    store = make_store()
    unit = store.unit(0)
    unit.write("a", Note(text="kept"))
    unit.write("b", Note(text="kept"))
    unit.savepoint()
    unit.write("a", Note(text="newer"))
    unit.commit()

    later = store.unit(0)

    assert later.read(Note, "a") == Note(text="newer")
    assert later.read(Note, "b") == Note(text="kept")


def test_without_commit_nothing_happens(make_store: MakeStore) -> None:
    """A unit that is not committed changes nothing, even with a savepoint."""
    store = make_store()
    unit = store.unit(0)
    unit.write("a", Note())
    unit.savepoint()
    unit.write("b", Note())

    assert store.count() == 0


def test_clear_deletes_everything(make_store: MakeStore) -> None:
    """A cleared store is empty."""
    store = make_store()
    _fill(store, "a", "b")
    assert store.count() == 2

    store.clear()

    assert store.count() == 0
    assert store.unit(0).find(Note, "a") is None


def test_a_snapshot_is_restored(make_store: MakeStore) -> None:
    """A restored store has exactly the records of the snapshot, expired ones included."""
    store = make_store()
    _fill(store, "a", "changed", "dropped")
    _fill(store, "dead", expires=5)
    saved = store.snapshot()

    unit = store.unit(6)
    unit.write("changed", Note(text="later"))
    unit.drop(Note, "dropped")
    unit.write("new", Note())
    unit.write("m", Mark())
    unit.commit()
    for _ in range(2):
        store.restore(saved)

        unit = store.unit(6)
        assert {k: r.text for k, r in unit.scan(Note)} == {
            "a": "a",
            "changed": "changed",
            "dropped": "dropped",
        }
        assert unit.find(Note, "dead") == Note(text="dead", expires=5)
        assert unit.read(Mark, "m") is None
        assert store.count() == 4
        _fill(store, "after")


def test_a_restored_store_is_swept(make_store: MakeStore) -> None:
    """Restored records expire and are swept like all others."""
    store = make_store()
    _fill(store, *(f"code {count}" for count in range(20)), expires=5)
    store.restore(store.snapshot())

    for moment in range(20, 60):
        _fill(store, f"other {moment}", expires=moment + 1, now=moment)

    assert store.unit(60).find(Note, "code 0") is None
    assert store.count() < 30


def test_watchers_are_told_of_what_is_restored(make_store: MakeStore) -> None:
    """A watcher is called with each restored record of its class."""
    store = make_store()
    heard: list[str] = []
    store.watch(Note, lambda note: heard.append(note.text))
    _fill(store, "a", "b")
    saved = store.snapshot()
    _fill(store, "c")

    store.restore(saved)

    assert heard == ["a", "b", "c", "a", "b"]
