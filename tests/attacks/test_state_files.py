"""State files that were damaged or made to do damage, and what no file can hold."""

from __future__ import annotations

import asyncio
import hashlib
import os
import random
import resource
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from mockdouyin import ManualClock, MockDouyinError, Rule, Sandbox
from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.cli._state import StorageOptions, open_sandbox
from mockdouyin.control import execute
from mockdouyin.core import codec
from mockdouyin.core.texts import Text
from mockdouyin.domain.logins import LoginCode
from mockdouyin.persistence.state_dump import StateDump, dump, frames
from mockdouyin.persistence.state_file import MAGIC, DamagedError, StateFile, StateWriter
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.sandbox.definition import define
from tests.cli.shell import COMMAND, environment
from tests.conftest import Servers
from tests.support.helpers import phone, sandbox
from tests.support.waiting import until

OPTIONS = SandboxOptions((), {}, {}, None)


def framed(*parts: bytes) -> bytes:
    """Write frames as the file has them."""
    return b"".join(struct.pack(">Q", len(part)) + part for part in parts)


def crafted(body: bytes) -> bytes:
    """Write a file whose checksum is right, whatever is in it."""
    return MAGIC + hashlib.sha256(body).digest() + body


def record_frame(kind: str, *pairs: tuple[str, Any]) -> bytes:
    """Write a frame of records, which need not be records."""
    records = msgspec.msgpack.encode(pairs)
    batch = {"type": "records", "kind": kind, "records": records}
    return msgspec.msgpack.encode({"frame": batch})


def world_frame(definition: bytes) -> bytes:
    """Write the frame of a world."""
    world = {"type": "world", "definition": definition, "total": 0}
    return msgspec.msgpack.encode({"frame": world})


@pytest.fixture
def file(tmp_path: Path) -> Iterator[StateFile]:
    """Yield a file for this test only."""
    file = StateFile(tmp_path / "state")
    yield file
    file.close()


HEAD = next(frames(dump(sandbox())))

DAMAGED = {
    "nothing": b"",
    "half a head": MAGIC[:5],
    "a head alone": MAGIC,
    "a head and a digest": crafted(b""),
    "three bytes": crafted(b"abc"),
    "a length alone": crafted(struct.pack(">Q", 7)),
    "a huge length": crafted(struct.pack(">Q", 2**64 - 1) + b"abc"),
    "a length beyond the end": crafted(framed(HEAD) + struct.pack(">Q", 9) + b"12345678"),
    "no frame": crafted(framed(b"abc")),
    "a huge list": crafted(framed(b"\x81\xa5frame\xdd\xff\xff\xff\xff")),
    "a huge text": crafted(framed(b"\x81\xa5frame\xdb\xff\xff\xff\xff")),
    "a deep list": crafted(framed(b"\x81\xa5frame" + b"\x91" * 100_000)),
    "no world": crafted(framed(HEAD)),
    "a world that is none": crafted(framed(HEAD, world_frame(b"abc"))),
    "a world of the future": crafted(
        framed(HEAD, world_frame(codec.encode({"format": 2, "name": "default"})))
    ),
    "a world with no name": crafted(framed(HEAD, world_frame(codec.encode({"format": 1})))),
    "another version": MAGIC.replace(b"1", b"9") + bytes(40),
    "another program": b"SQLite format 3\0" * 10,
    "zeros": bytes(4096),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_told_in_one_line_and_kept(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever is in it, a start names it in a line, keeps it beside, and begins anew."""
    path = tmp_path / "state"
    path.write_bytes(DAMAGED[name])

    with open_sandbox(OPTIONS, StorageOptions(path)) as start:
        assert execute(start.sandbox, "worlds")["worlds"][0]["world"] == "default"

    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"mockdouyin: --state {path}: ")
    assert "moved to state.damaged, and the state is new" in line
    assert (tmp_path / "state.damaged").read_bytes() == DAMAGED[name]
    assert not path.exists()


def test_any_byte_may_be_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a checksum that fits, a start with other bytes goes well or says why it cannot."""
    box = sandbox()
    phone(box, "login")
    execute(box, "add_rule", body={"on": "notify", "status": 502, "ttl": "5m"})
    execute(box, "create_world", body={"name": "other"})
    whole = framed(*frames(dump(box)))
    chance = random.Random(7)
    seen = set()
    for number in range(150):
        body = bytearray(whole)
        for _ in range(chance.choice((1, 1, 3))):
            body[chance.randrange(len(body))] = chance.randrange(256)
        path = tmp_path / str(number)
        path.write_bytes(crafted(bytes(body)))
        with open_sandbox(OPTIONS, StorageOptions(path)) as start:
            start.sandbox.close()
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) <= 1
        seen.add(bool(lines))
        assert (tmp_path / f"{number}.damaged").exists() == bool(lines)

    assert seen == {True, False}


def test_a_record_that_cannot_be_read_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named; all the others are there, and the file stays as it was under another name."""
    box = sandbox()
    code = phone(box, "login")["code"]
    path = tmp_path / "state"
    strange = [
        record_frame("LoginCode", ("bad-1", {"app": 7}), ("good-1", _code()), ("bad-2", [])),
        record_frame("Nix", ("x", {})),
    ]
    before = crafted(framed(*frames(dump(box)), *strange))
    path.write_bytes(before)

    with open_sandbox(OPTIONS, StorageOptions(path)) as start:
        held = start.sandbox.default.store.snapshot()[LoginCode]

    assert {code, "good-1"} <= set(held)
    assert not {"bad-1", "bad-2"} & set(held)
    [line] = capsys.readouterr().err.splitlines()
    assert "state: the old file is kept as state.damaged; left out, as it cannot be read:" in line
    for named in ("LoginCode 'bad-1'", "LoginCode 'bad-2'", "records of the unknown kind 'Nix'"):
        assert f"world 'default': {named}" in line
    assert (tmp_path / "state.damaged").read_bytes() == before


def _code() -> dict[str, Any]:
    return {"app": "a", "person": "小明", "session_key": "k"}


def test_what_an_older_version_took_is_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A rule with a number of 65 bits, or with a header of two lines, does not take all along."""
    box = sandbox()
    code = phone(box, "login")["code"]
    long = Rule(on="notify", status=502, times=2**64, id="long")
    known = [
        msgspec.convert({"on": "notify", "id": "split", "reply": _split()}, Rule),
        Rule(on="of another version", status=502, id="gone"),
        Rule(on="notify", status=502, id="good"),
    ]
    defined = define(box.default)
    rules = replace(defined.rules, outside=(long, *known))
    scenario = replace(defined.scenario, rules=(long, *known))
    broken = codec.encode(replace(defined, rules=rules, scenario=scenario))
    parts = list(frames(dump(box)))
    path = tmp_path / "state"
    path.write_bytes(crafted(framed(parts[0], world_frame(broken), *parts[2:])))

    with open_sandbox(OPTIONS, StorageOptions(path)) as start:
        held = start.sandbox.default
        assert code in held.store.snapshot()[LoginCode]
        assert [armed.id for armed in held.rules if armed.id == "good"] == ["good"]

    [line] = capsys.readouterr().err.splitlines()
    for named in ("rules.outside.0 (times is a whole number", "the rule 'split'", "rule 'gone'"):
        assert named in line


def _split() -> dict[str, Any]:
    return {"headers": {"X": "a\r\nb"}}


def test_a_world_that_cannot_be_read_is_left_out(file: StateFile) -> None:
    """Only that one, with its records; those of the others are not taken for its own."""
    box = sandbox()
    phone(box, "login")
    execute(box, "create_world", body={"name": "other"})
    execute(box, "phone", world="other", path={"api": "login"})
    parts = list(frames(dump(box)))
    worlds = [number for number, part in enumerate(parts) if b"definition" in part[:40]]
    parts[worlds[1]] = world_frame(b"abc")
    file.path.write_bytes(crafted(framed(*parts)))
    told: list[Text] = []

    moment = file.read(told.append)

    assert moment is not None
    assert [held.definition.name for held in moment.worlds] == ["default"]
    assert moment.worlds[0].records == box.default.store.snapshot()
    assert [each.render("en") for each in told] == [
        "a world with all its records (these bytes are not a world that mockdouyin wrote)"
    ]


def test_a_record_that_cannot_be_kept_costs_no_other(file: StateFile) -> None:
    """What got into a sandbox by no door of ours is named, and everything else is written."""
    box = sandbox()
    code = phone(box, "login")["code"]
    put(box, "half \ud800", LoginCode(app="a", person="p", session_key="k"))
    put(box, "whole", LoginCode(app="\ud800", person="p", session_key="k"))

    left_out = file.write(dump(box))

    moment = file.read(print)
    assert moment is not None
    assert code in moment.worlds[0].records[LoginCode]
    assert not {"whole", "half \ud800"} & set(moment.worlds[0].records[LoginCode])
    assert [each.render("en").partition(" (")[0] for each in left_out] == [
        r"world 'default': LoginCode 'half \ud800'",
        "world 'default': LoginCode 'whole'",
    ]


def put(box: Sandbox, key: str, record: LoginCode) -> None:
    """Put a record into the default world."""
    unit = box.default.store.unit(box.default.clock.now())
    unit.write(key, record)
    unit.commit()


def test_a_definition_that_could_not_be_read_is_not_written(file: StateFile) -> None:
    """It is read again before it takes the old one's place."""
    box = sandbox()
    file.write(dump(box))
    before = file.path.read_bytes()
    box.default.settings = replace(box.default.settings, daily_quota=2**64)

    with pytest.raises(MockDouyinError, match="world 'default' cannot be kept"):
        file.write(dump(box))

    assert file.path.read_bytes() == before
    assert sorted(os.listdir(file.path.parent)) == ["state", "state.lock"]


class Falling(StateFile):
    """A file whose writing fails in ways that nobody thought of."""

    errors: list[Exception]
    written = 0

    def write(self, moment: StateDump) -> list[Text]:
        """Fail, as long as there is a way left."""
        if self.errors:
            raise self.errors.pop(0)
        self.written += 1
        return super().write(moment)


def test_the_writer_goes_on_after_anything(tmp_path: Path) -> None:
    """Whatever writing raises is told, once each, and the next time is tried all the same."""
    file = Falling(tmp_path / "state")
    file.errors = [RuntimeError("a bug"), KeyError("x"), KeyError("x"), MemoryError()]
    box, said = sandbox(), list[str]()
    keeper = StateWriter(file, box, 0.01, {}, said.append)

    async def story() -> None:
        keeper.start()
        await asyncio.to_thread(until, lambda: file.written, "a write")
        file.errors = [RuntimeError("the last")]
        execute(box, "add_person", body={"name": "丁"})
        with pytest.raises(MockDouyinError, match="RuntimeError: the last"):
            await keeper.stop()

    try:
        asyncio.run(story())
    finally:
        file.close()

    before_last = [each for each in said if "the last" not in each]
    assert before_last == [
        "the state was not written: RuntimeError: a bug",
        "the state was not written: KeyError: 'x'",
        "the state was not written: MemoryError: ",
    ]


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/full"])
def test_a_state_that_is_no_file(path: str) -> None:
    """A device is neither read to its end, which it has not, nor replaced."""
    with pytest.raises(MockDouyinError, match="not a regular file"):
        StateFile(Path(path))


def test_a_pipe_is_no_state_file(tmp_path: Path) -> None:
    """A FIFO would be waited for."""
    os.mkfifo(tmp_path / "state")

    with pytest.raises(MockDouyinError, match="not a regular file"):
        StateFile(tmp_path / "state")


def test_a_damaged_file_that_cannot_be_moved(tmp_path: Path) -> None:
    """Nothing begins anew over a file that could not be kept."""
    path = tmp_path / "state"
    path.write_bytes(b"abc")
    file = StateFile(path)
    try:
        path.unlink()
        with pytest.raises(MockDouyinError, match="cannot be kept as state.damaged: No such"):
            file.set_aside()
        path.write_bytes(b"abc")
        with pytest.raises(DamagedError):
            file.read(print)
    finally:
        file.close()


def test_a_ready_file_on_a_full_disk(tmp_path: Path) -> None:
    """Nothing is left of what could not be written, and one line says so."""

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    served = subprocess.run(
        [*COMMAND, "serve", "--port", "0", "--quiet", "--ready-file", "ready"],
        cwd=tmp_path,
        env={**environment(), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=full if sys.platform != "win32" else None,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        timeout=60,
        check=False,
    )

    assert served.returncode == 2
    assert os.listdir(tmp_path) == []
    assert served.stderr == "mockdouyin: --ready-file ready: File too large\n"


def test_a_worker_commits_no_definition_that_others_could_not_read(servers: Servers) -> None:
    """It is refused and undone where it came from, and all workers go on as before."""
    url = servers("redis").url
    first, second = (SharedSandbox(RedisConnection(url), clock=ManualClock) for _ in range(2))
    try:
        world = first.default

        def spoil() -> None:
            world.settings = replace(world.settings, daily_quota=2**64)

        with pytest.raises(MockDouyinError, match="world 'default' cannot be kept"):
            world.transact(spoil)

        for box in (first, second):
            assert execute(box, "settings")["settings"]["daily_quota"] == 10000
            assert execute(box, "phone", path={"api": "login"})["code"]
    finally:
        first.close()
        second.close()
