"""A sandbox at one moment: every world with its records, as frames of bytes and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core import codec
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.store import Record, Records
from mockdouyin.persistence import _recovery
from mockdouyin.persistence.definition import Definition, apply, build, define, pack
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World

Say = _recovery.Say

Pairs = list[tuple[str, Record]]

BATCH = 500
"""Records in a frame: few enough that nobody waits while one is written."""


class WorldDump(NamedTuple):
    """One world, with what it remembers; of its exchanges there is but the count."""

    definition: Definition
    total: int
    records: Records


class StateDump(NamedTuple):
    """Every world of a sandbox, the default one first."""

    worlds: list[WorldDump]
    made: int = 0
    """How many worlds were given a name: none of those names comes again."""
    over: dict[str, Any] = {}
    """The settings that it was started with."""


def _hear(left_out: str) -> None:
    """Take no note of what is left out."""


def revision(sandbox: Sandbox) -> object:
    """Give what is another value once anything was changed."""
    return [(world.ids.tag, *world.counts) for world in sandbox.worlds]


def dump(sandbox: Sandbox, over: dict[str, Any] | None = None) -> StateDump:
    """Take down every world, each as it is when its turn comes; a lock is held for one copy."""
    return StateDump([_held(world) for world in sandbox.worlds], sandbox.worlds.made, over or {})


def _held(world: World) -> WorldDump:
    with world.lock:
        return WorldDump(define(world), world.journal.total, world.store.snapshot())


def load(sandbox: Sandbox, moment: StateDump) -> None:
    """Let a new sandbox go on from a moment; what waited to be sent is in its outboxes again."""
    sandbox.worlds.made = moment.made
    for held in moment.worlds:
        if held.definition.name == sandbox.default.name:
            world = sandbox.default
            apply(world, held.definition)
        else:
            world = build(held.definition)
            sandbox.worlds.add(world)
        with world.lock:
            world.journal.total = held.total
            world.outbox.clear()
            world.store.restore(held.records)


class _Head(msgspec.Struct, tag="head", forbid_unknown_fields=True):
    made: int
    over: dict[str, Any]


class _World(msgspec.Struct, tag="world", forbid_unknown_fields=True):
    definition: bytes
    total: int


class _Batch(msgspec.Struct, tag="records", forbid_unknown_fields=True):
    kind: str
    records: bytes


class _Frame(msgspec.Struct):
    frame: _Head | _World | _Batch


def frames(moment: StateDump, say: Say = _hear) -> Iterator[bytes]:
    """Give a moment as frames of bytes, in order; what could not be read again is left out."""
    yield _packed(_Head(moment.made, moment.over))
    for held in moment.worlds:
        yield _packed(_World(pack(held.definition), held.total))
        for kind, table in held.records.items():
            pairs = iter(table.items())
            while some := list(islice(pairs, BATCH)):
                records = _readable(kind, some, held.definition.name, say)
                yield _packed(_Batch(kind.TABLE, records))


def _readable(kind: type[Record], some: Pairs, world: str, say: Say) -> bytes:
    """Give records as bytes that were read again; one that cannot be is named and left out."""
    try:
        data = codec.encode(some)
        codec.decode(_pairs_of(kind), data)
        return data
    except MockDouyinError:
        good = [pair for pair in some if _can_be_kept(kind, pair, world, say)]
        return codec.encode(good)


def _can_be_kept(kind: type[Record], pair: tuple[str, Record], world: str, say: Say) -> bool:
    try:
        codec.decode(_pairs_of(kind), codec.encode([pair]))
    except MockDouyinError as error:
        say(f"world {world!r}: {kind.TABLE} {pair[0]!r} ({error})")
        return False
    return True


def _pairs_of(kind: type[Record]) -> Any:
    return list[tuple[str, kind]]  # type: ignore[valid-type]


def _packed(frame: _Head | _World | _Batch) -> bytes:
    return codec.encode(_Frame(frame))


def from_frames(found: Iterable[bytes | memoryview], say: Say = _hear) -> StateDump:
    """Read a moment; what cannot be read is named and left out, unless nothing is left then."""
    worlds, head = list[WorldDump](), _Head(0, {})
    is_left_out = True
    for each in found:
        frame = codec.decode(_Frame, each).frame
        if isinstance(frame, _Head):
            head = frame
        elif isinstance(frame, _World):
            world = _world(frame, say, needed=not worlds)
            is_left_out = world is None
            if world is not None:
                worlds.append(world)
        elif not is_left_out:
            _read_batch(frame, worlds[-1], say)
    if not worlds or worlds[0].definition.name != DEFAULT_WORLD:
        raise MockDouyinError(f"it does not begin with the world {DEFAULT_WORLD!r}")
    return StateDump(worlds, head.made, head.over)


def _world(frame: _World, say: Say, *, needed: bool) -> WorldDump | None:
    try:
        return WorldDump(_recovery.read(frame.definition, say), frame.total, {})
    except MockDouyinError as error:
        if needed:
            raise
        say(f"a world with all its records ({error})")
        return None


def _read_batch(frame: _Batch, held: WorldDump, say: Say) -> None:
    world, kind = held.definition.name, codec.kinds().get(frame.kind)
    if kind is None:
        say(f"world {world!r}: records of the unknown kind {frame.kind!r}")
        return
    try:
        read = codec.decode(_pairs_of(kind), frame.records)
    except MockDouyinError:
        read = list(_one_by_one(kind, frame.records, world, say))
    held.records.setdefault(kind, {}).update(read)


def _one_by_one(
    kind: type[Record], records: bytes, world: str, say: Say
) -> Iterator[tuple[str, Record]]:
    pairs: list[tuple[Any, msgspec.Raw]] = codec.decode(list[tuple[Any, msgspec.Raw]], records)
    for key, raw in pairs:
        try:
            if not isinstance(key, str):
                raise MockDouyinError("its key is not text")
            yield key, codec.decode(kind, bytes(raw))
        except MockDouyinError as error:
            say(f"world {world!r}: {kind.TABLE} {key!r} ({error})")
