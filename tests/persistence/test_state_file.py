"""The state file and its writer, in one process."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import execute
from mockdouyin.core.errors import ConflictError
from mockdouyin.core.settings import Duration
from mockdouyin.core.texts import Text
from mockdouyin.persistence.state_dump import StateDump, dump
from mockdouyin.persistence.state_file import StateFile, StateWriter
from mockdouyin.scenario.scenario import TimedEvent
from tests.support.helpers import sandbox
from tests.support.waiting import until


class Counting(StateFile):
    """A file that counts how often it was written."""

    writes = 0
    broken = ""

    def write(self, state: StateDump) -> list[Text]:
        """Write, or fail if it is set to."""
        if self.broken:
            raise MockDouyinError(self.broken)
        left_out = super().write(state)
        self.writes += 1
        return left_out


@pytest.fixture
def file(tmp_path: Path) -> Any:
    """Yield a file for this test alone."""
    file = Counting(tmp_path / "state")
    yield file
    file.close()


def writer_of(file: StateFile, box: Sandbox, said: list[str]) -> StateWriter:
    """Return a writer that writes every few milliseconds."""
    return StateWriter(file, box, 0.01, {}, said.append)


def test_what_was_written_is_read(file: Counting) -> None:
    """Reading returns the last dump that was written; before the first, None."""
    box = sandbox()
    assert file.read(print) is None
    file.write(dump(box))
    execute(box, "add_person", body={"name": "丁"})
    file.write(dump(box))

    assert file.read(print) == dump(box)


def test_one_has_it_at_a_time(file: Counting) -> None:
    """The file is refused to another until it is closed."""
    with pytest.raises(ConflictError, match="another server has this file"):
        StateFile(file.path)
    file.close()

    StateFile(file.path).close()


def test_nothing_changed_nothing_written(file: Counting) -> None:
    """The writer writes once for each change that it finds, and never without one."""
    box, said = sandbox(), list[str]()
    writer = writer_of(file, box, said)
    for _ in range(3):
        writer.save()
    assert file.writes == 1

    execute(box, "add_person", body={"name": "丁"})
    for _ in range(3):
        execute(box, "people")
        writer.save()

    assert file.writes == 2
    assert file.read(print) == dump(box)


def test_trouble_is_reported_once(file: Counting) -> None:
    """What goes wrong at every interval is reported once, and again after a success."""
    box, said = sandbox(), list[str]()

    async def story() -> None:
        writer = writer_of(file, box, said)
        file.broken = "full"
        writer.start()
        await asyncio.to_thread(until, lambda: said, "a word")
        file.broken = ""
        await asyncio.to_thread(until, lambda: file.writes, "a write")
        execute(box, "add_person", body={"name": "丁"})
        file.broken = "full"
        await asyncio.to_thread(until, lambda: len(said) > 1, "another word")
        with pytest.raises(MockDouyinError, match="full"):
            await writer.stop()

    asyncio.run(story())

    assert said == ["full", "full"]


def test_what_cannot_be_kept_spoils_nothing(file: Counting) -> None:
    """An object that a script put into a world is an error, and the file stays as it was."""
    box = sandbox()
    file.write(dump(box))
    before = file.path.read_bytes()
    event = TimedEvent(after=Duration(1), send="authorize", content={"x": object()})
    box.default.timeline.add(1.0, event)

    with pytest.raises(MockDouyinError, match="cannot encode a value of type object"):
        file.write(dump(box))

    assert file.path.read_bytes() == before
    assert sorted(each.name for each in file.path.parent.iterdir()) == ["state", "state.lock"]
