"""Transactions that are retried: the write set of an earlier pass is gone."""

from __future__ import annotations

import threading

from mockdouyin.redis_store import RedisConnection, _scripts
from mockdouyin.redis_store._shared_world import SharedStore
from mockdouyin.redis_store._transaction import transact
from tests.core.test_store import Note


def write(store: SharedStore, text: str) -> None:
    """Write a note, read before."""
    unit = store.unit(0)
    unit.find(Note, "note")
    unit.write("note", Note(text=text))
    unit.commit()


def test_what_a_refused_pass_wrote_elsewhere_is_not_written(redis_url: str) -> None:
    """A retry that takes another path writes nothing of what the first attempt wrote."""
    redis = RedisConnection(redis_url)
    redis.register(*_scripts.ALL_SCRIPTS)
    here, there = SharedStore(redis, "here"), SharedStore(redis, "there")
    ways: list[str] = []

    def action() -> None:
        changed = here.unit(0).find(Note, "note")
        if changed is None:
            write(there, "the first way")
            other = threading.Thread(target=write, args=(SharedStore(redis, "here"), "changed"))
            other.start()
            other.join()
        ways.append(changed.text if changed else "")
        write(here, "done")

    transact(redis, action)

    assert ways[-2:] == ["", "changed"]
    assert there.unit(0).find(Note, "note") is None
    redis.close()
