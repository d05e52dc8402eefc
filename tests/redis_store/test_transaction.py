"""Work that is computed again: what an earlier pass did is gone."""

from __future__ import annotations

import threading

from mockdouyin.redis_store import RedisConnection, _scripts
from mockdouyin.redis_store._store import SharedStore
from mockdouyin.redis_store._transaction import transact
from tests.core.test_store import Note


def write(store: SharedStore, text: str) -> None:
    """Write a note, read before."""
    unit = store.unit(0)
    unit.find(Note, "note")
    unit.write("note", Note(text=text))
    unit.commit()


def test_what_a_refused_pass_wrote_elsewhere_is_not_written(redis_url: str) -> None:
    """Work that was refused, and goes another way then, leaves nothing where it had been."""
    redis = RedisConnection(redis_url)
    redis.register(*_scripts.ALL_SCRIPTS)
    here, there = SharedStore(redis, "here"), SharedStore(redis, "there")
    ways: list[str] = []

    def work() -> None:
        changed = here.unit(0).find(Note, "note")
        if changed is None:
            write(there, "the first way")
            other = threading.Thread(target=write, args=(SharedStore(redis, "here"), "changed"))
            other.start()
            other.join()
        ways.append(changed.text if changed else "")
        write(here, "done")

    transact(redis, work)

    assert ways[-2:] == ["", "changed"]
    assert there.unit(0).find(Note, "note") is None
    redis.close()
