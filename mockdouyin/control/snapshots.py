"""Operations on snapshots of a world: take, list, restore, drop."""

from __future__ import annotations

from mockdouyin.control._operations import OperationCall, operation, woken
from mockdouyin.control._shown import Shown
from mockdouyin.control._steps import Step
from mockdouyin.core.clock import iso
from mockdouyin.domain import act_texts


class SnapshotTaken(Shown):
    """A snapshot's id.

    快照的 id。
    """

    snapshot: str


@operation("POST", "/snapshots", long=True)
def take_snapshot(call: OperationCall[None]) -> SnapshotTaken:
    """Save all of a world's state: what was issued, set or waits to be sent, and its clock.

    保存世界的全部状态：签发的、设置的、等着发送的，以及时钟。
    """
    taken = call.world.snapshots.take()
    call.note("snapshot.take", act_texts.SNAPSHOT_TAKEN(snapshot=taken))
    return SnapshotTaken(snapshot=taken)


class SnapshotShown(Shown):
    """A snapshot, with the clock's time when it was taken.

    一个快照，以及当时的虚拟时间。
    """

    snapshot: str
    now: str
    frozen: bool


class SnapshotsShown(Shown):
    """A world's snapshots, the oldest first.

    世界的快照，最早的在前。
    """

    snapshots: list[SnapshotShown]


@operation("GET", "/snapshots")
def list_snapshots(call: OperationCall[None]) -> SnapshotsShown:
    """List a world's snapshots, the oldest first, each with the clock's time when it was taken.

    列出世界的快照和各自的时间，最早的在前。
    """
    return SnapshotsShown(
        snapshots=[
            SnapshotShown(snapshot=name, now=iso(saved.now), frozen=saved.frozen)
            for name, saved in call.world.snapshots
        ]
    )


class SnapshotRestored(Shown):
    """A restored snapshot's id, and the clock since then.

    恢复的快照的 id，以及之后的时钟。
    """

    restored: str
    now: str
    frozen: bool


@operation("POST", "/snapshots/{id}/restore", long=True)
def restore_snapshot(call: OperationCall[None]) -> Step[SnapshotRestored]:
    """Restore a world's state; the snapshot stays, and the numbering of exchanges goes on.

    恢复世界的状态；快照保留，请求编号继续往后。
    """
    name, clock = call.path["id"], call.world.clock
    call.world.snapshots.restore(name)
    call.note("snapshot.restore", act_texts.SNAPSHOT_RESTORED(snapshot=name))
    restored = SnapshotRestored(restored=name, now=iso(clock.now()), frozen=clock.frozen)
    return woken(call, restored)


class SnapshotDropped(Shown):
    """A dropped snapshot's id.

    删除的快照的 id。
    """

    dropped: str


@operation("DELETE", "/snapshots/{id}")
def drop_snapshot(call: OperationCall[None]) -> SnapshotDropped:
    """Delete a snapshot.

    删除快照。
    """
    name = call.path["id"]
    call.world.snapshots.drop(name)
    call.note("snapshot.drop", act_texts.SNAPSHOT_DROPPED(snapshot=name))
    return SnapshotDropped(dropped=name)
