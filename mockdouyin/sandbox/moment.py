"""A sandbox at one moment: every world with its records, as frames of bytes and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from mockdouyin.core import codec
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.store import Records
from mockdouyin.sandbox.definition import Definition, apply, build, define, pack, unpack
from mockdouyin.sandbox.sandbox import Sandbox
from mockdouyin.sandbox.worlds import DEFAULT_WORLD, World

BATCH = 500
"""Records in a frame: few enough that nobody waits while one is written."""


class Held(NamedTuple):
    """One world, with what it remembers; of its exchanges there is but the count."""

    definition: Definition
    total: int
    records: Records


class Moment(NamedTuple):
    """Every world of a sandbox, the default one first."""

    worlds: list[Held]
    made: int = 0
    """How many worlds were given a name: none of those names comes again."""
    over: dict[str, Any] = {}
    """The settings that it was started with."""


def age(sandbox: Sandbox) -> object:
    """Give what is another value once anything was changed."""
    return [(world.ids.tag, *world.counts) for world in sandbox.worlds]


def taken(sandbox: Sandbox, over: dict[str, Any] | None = None) -> Moment:
    """Take down every world, each as it is when its turn comes; a lock is held for one copy."""
    return Moment([_held(world) for world in sandbox.worlds], sandbox.worlds.made, over or {})


def _held(world: World) -> Held:
    with world.lock:
        return Held(define(world), world.journal.total, world.store.snapshot())


def put_back(sandbox: Sandbox, moment: Moment) -> None:
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


def frames(moment: Moment) -> Iterator[bytes]:
    """Give a moment as frames of bytes, in order."""
    yield _packed(_Head(moment.made, moment.over))
    for held in moment.worlds:
        yield _packed(_World(pack(held.definition), held.total))
        for kind, table in held.records.items():
            pairs = iter(table.items())
            while some := list(islice(pairs, BATCH)):
                yield _packed(_Batch(kind.__name__, codec.encode(some)))


def _packed(frame: _Head | _World | _Batch) -> bytes:
    return codec.encode(_Frame(frame))


def from_frames(found: Iterable[bytes | memoryview]) -> Moment:
    """Read a moment; what makes no sense is told by a MockDouyinError."""
    kinds, worlds, head = codec.kinds(), list[Held](), _Head(0, {})
    for each in found:
        frame = codec.decode(_Frame, each).frame
        if isinstance(frame, _Head):
            head = frame
        elif isinstance(frame, _World):
            worlds.append(Held(unpack(frame.definition), frame.total, {}))
        elif frame.kind not in kinds:
            raise MockDouyinError(f"there is no kind of record {frame.kind!r} here")
        elif worlds:
            kind = kinds[frame.kind]
            read = codec.decode(list[tuple[str, kind]], frame.records)  # type: ignore[valid-type]
            worlds[-1].records.setdefault(kind, {}).update(read)
    if not worlds or worlds[0].definition.name != DEFAULT_WORLD:
        raise MockDouyinError(f"it does not begin with the world {DEFAULT_WORLD!r}")
    return Moment(worlds, head.made, head.over)
