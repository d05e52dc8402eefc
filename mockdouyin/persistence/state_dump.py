"""Dump all worlds of a sandbox with their records as frames of bytes, and load them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core import codec
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.store import Record, Records
from mockdouyin.core.texts import Text
from mockdouyin.persistence._error_texts import (
    KEY_NOT_TEXT,
    NOT_DEFAULT_FIRST,
    RECORD_LEFT_OUT,
    UNKNOWN_RECORDS,
    WORLD_LEFT_OUT,
)
from mockdouyin.persistence._recovery import OnLeftOut, recover
from mockdouyin.persistence.encoding import pack
from mockdouyin.sandbox.definition import Definition, apply, define
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World

Pairs = list[tuple[str, Record]]

BATCH = 500
"""Records in a frame: few enough that encoding one holds up no request."""


class WorldDump(NamedTuple):
    """One world with its records; of its journal, only how far it has counted."""

    definition: Definition
    total: int
    exchanges: int
    records: Records


class StateDump(NamedTuple):
    """Every world of a sandbox, the default one first."""

    worlds: list[WorldDump]
    made: int = 0
    """How many names of worlds were generated; none of them is given again."""
    over: dict[str, Any] = {}
    """The settings that the server was started with."""


def _ignore(left_out: Text) -> None:
    pass


def revision(sandbox: Sandbox) -> object:
    """Return a value that differs once anything in the sandbox was changed."""
    return sandbox.worlds.made, [(world.ids.tag, *world.counts) for world in sandbox.worlds]


def dump(sandbox: Sandbox, over: dict[str, Any] | None = None) -> StateDump:
    """Dump every world, one after another."""
    return StateDump(
        [_dump_world(world) for world in sandbox.worlds], sandbox.worlds.made, over or {}
    )


def _dump_world(world: World) -> WorldDump:
    # Locked for a shallow copy of the tables, some 40 ms for a million records: records are
    # immutable, so they can be encoded later.
    return world.transact(
        lambda: WorldDump(
            define(world),
            world.journal.total,
            world.journal.exchange_count,
            world.store.snapshot(),
        )
    )


def load(sandbox: Sandbox, state: StateDump) -> None:
    """Load a dump into a new sandbox; waiting deliveries are in its outboxes again."""
    sandbox.worlds.made = state.made
    for world_dump in state.worlds:
        if world_dump.definition.name == sandbox.default.name:
            world = sandbox.default
            world.transact(partial(apply, world, world_dump.definition))
        else:
            world = sandbox.worlds.add(world_dump.definition)
        world.transact(partial(_fill, world, world_dump))


def _fill(world: World, world_dump: WorldDump) -> None:
    world.journal.count_on(world_dump.total, world_dump.exchanges)
    world.outbox.clear()
    world.store.restore(world_dump.records)


class _Head(msgspec.Struct, tag="head", forbid_unknown_fields=True):
    made: int
    over: dict[str, Any]


class _World(msgspec.Struct, tag="world", forbid_unknown_fields=True):
    definition: bytes
    total: int
    exchanges: int | None = None
    """Files of versions that numbered exchanges alone have none: it is the total."""


class _Batch(msgspec.Struct, tag="records", forbid_unknown_fields=True):
    kind: str
    records: bytes


class _Frame(msgspec.Struct):
    frame: _Head | _World | _Batch


def frames(state: StateDump, on_left_out: OnLeftOut = _ignore) -> Iterator[bytes]:
    """Encode a dump as frames; records that could not be decoded again are left out."""
    yield _encode_frame(_Head(state.made, state.over))
    for world_dump in state.worlds:
        head = _World(pack(world_dump.definition), world_dump.total, world_dump.exchanges)
        yield _encode_frame(head)
        for kind, table in world_dump.records.items():
            pairs = iter(table.items())
            while batch := list(islice(pairs, BATCH)):
                records = _encode_records(kind, batch, world_dump.definition.name, on_left_out)
                yield _encode_frame(_Batch(kind.TABLE, records))


def _encode_records(kind: type[Record], batch: Pairs, world: str, on_left_out: OnLeftOut) -> bytes:
    """Encode records without those that cannot be decoded again."""
    try:
        data = codec.encode(batch)
        codec.decode(_pairs_of(kind), data)
        return data
    except MockDouyinError:
        # Only now one by one, to find which of them it is.
        good = [pair for pair in batch if _can_be_kept(kind, pair, world, on_left_out)]
        return codec.encode(good)


def _can_be_kept(
    kind: type[Record], pair: tuple[str, Record], world: str, on_left_out: OnLeftOut
) -> bool:
    try:
        codec.decode(_pairs_of(kind), codec.encode([pair]))
    except MockDouyinError as error:
        on_left_out(
            RECORD_LEFT_OUT(world=world, table=kind.TABLE, key=repr(pair[0]), error=error.says)
        )
        return False
    return True


def _pairs_of(kind: type[Record]) -> Any:
    return list[tuple[str, kind]]  # type: ignore[valid-type]


def _encode_frame(frame: _Head | _World | _Batch) -> bytes:
    return codec.encode(_Frame(frame))


def from_frames(
    found: Iterable[bytes | memoryview], on_left_out: OnLeftOut = _ignore
) -> StateDump:
    """Decode a dump, leaving out what cannot be read; raise if that is the default world."""
    worlds, head = list[WorldDump](), _Head(0, {})
    # The records of a world follow it, so they are left out with it.
    is_left_out = True
    for each in found:
        frame = codec.decode(_Frame, each).frame
        if isinstance(frame, _Head):
            head = frame
        elif isinstance(frame, _World):
            world = _decode_world(frame, on_left_out, needed=not worlds)
            is_left_out = world is None
            if world is not None:
                worlds.append(world)
        elif not is_left_out:
            _decode_batch(frame, worlds[-1], on_left_out)
    if not worlds or worlds[0].definition.name != DEFAULT_WORLD:
        raise MockDouyinError(NOT_DEFAULT_FIRST(world=DEFAULT_WORLD))
    return StateDump(worlds, head.made, head.over)


def _decode_world(frame: _World, on_left_out: OnLeftOut, *, needed: bool) -> WorldDump | None:
    try:
        exchanges = frame.total if frame.exchanges is None else frame.exchanges
        return WorldDump(recover(frame.definition, on_left_out), frame.total, exchanges, {})
    except MockDouyinError as error:
        if needed:
            raise
        on_left_out(WORLD_LEFT_OUT(error=error.says))
        return None


def _decode_batch(frame: _Batch, world_dump: WorldDump, on_left_out: OnLeftOut) -> None:
    world, kind = world_dump.definition.name, codec.kinds().get(frame.kind)
    if kind is None:
        on_left_out(UNKNOWN_RECORDS(world=world, kind=frame.kind))
        return
    try:
        pairs = codec.decode(_pairs_of(kind), frame.records)
    except MockDouyinError:
        pairs = list(_decode_one_by_one(kind, frame.records, world, on_left_out))
    world_dump.records.setdefault(kind, {}).update(pairs)


def _decode_one_by_one(
    kind: type[Record], records: bytes, world: str, on_left_out: OnLeftOut
) -> Iterator[tuple[str, Record]]:
    pairs: list[tuple[Any, msgspec.Raw]] = codec.decode(list[tuple[Any, msgspec.Raw]], records)
    for key, raw in pairs:
        try:
            if not isinstance(key, str):
                raise MockDouyinError(KEY_NOT_TEXT())
            yield key, codec.decode(kind, bytes(raw))
        except MockDouyinError as error:
            on_left_out(
                RECORD_LEFT_OUT(world=world, table=kind.TABLE, key=repr(key), error=error.says)
            )
