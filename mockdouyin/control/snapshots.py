"""Operations on snapshots of a world: take, list, restore, drop."""

from __future__ import annotations

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.control._steps import After, Step
from mockdouyin.core.clock import iso


@operation("POST", "/snapshots", long=True)
def take_snapshot(call: OperationCall) -> Answer:
    """Save all of a world's state: what was issued, set or waits to be sent, and its clock."""
    return {"snapshot": call.world.snapshots.take()}


@operation("GET", "/snapshots")
def list_snapshots(call: OperationCall) -> Answer:
    """List a world's snapshots, the oldest first, each with the clock's time when it was taken."""
    return {
        "snapshots": [
            {"snapshot": name, "now": iso(saved.now), "frozen": saved.frozen}
            for name, saved in call.world.snapshots
        ]
    }


@operation("POST", "/snapshots/{id}/restore", long=True)
def restore_snapshot(call: OperationCall) -> Step[Answer]:
    """Restore a world's state; the snapshot stays, and the numbering of exchanges goes on."""
    call.world.snapshots.restore(call.path["id"])
    clock = {"now": iso(call.world.clock.now()), "frozen": call.world.clock.frozen}

    def wake() -> Answer:
        call.sandbox.deliverer.wake(call.world)
        return {"restored": call.path["id"], **clock}

    return After(wake)


@operation("DELETE", "/snapshots/{id}")
def drop_snapshot(call: OperationCall) -> Answer:
    """Delete a snapshot."""
    call.world.snapshots.drop(call.path["id"])
    return {"dropped": call.path["id"]}
