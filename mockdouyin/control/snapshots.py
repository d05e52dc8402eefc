"""Orders about snapshots of a world: taken, listed, restored, dropped."""

from __future__ import annotations

from mockdouyin.control._operations import Answer, OperationCall, operation
from mockdouyin.core.clock import iso


@operation("POST", "/snapshots", long=True)
def take_snapshot(ask: OperationCall) -> Answer:
    """Keep all of a world as it is: issued, set, waiting to be sent, and its clock."""
    with ask.world.lock:
        return {"snapshot": ask.world.snapshots.take()}


@operation("GET", "/snapshots")
def list_snapshots(ask: OperationCall) -> Answer:
    """List a world's snapshots, the oldest first, with the time on its clock then."""
    with ask.world.lock:
        return {
            "snapshots": [
                {"snapshot": name, "now": iso(saved.now), "frozen": saved.frozen}
                for name, saved in ask.world.snapshots
            ]
        }


@operation("POST", "/snapshots/{id}/restore", long=True)
def restore_snapshot(ask: OperationCall) -> Answer:
    """Let a world be as it was; the snapshot stays, and the numbers of its exchanges go on."""
    with ask.world.lock:
        ask.world.snapshots.restore(ask.path["id"])
        clock = {"now": iso(ask.world.clock.now()), "frozen": ask.world.clock.frozen}
    ask.sandbox.deliverer.wake(ask.world)
    return {"restored": ask.path["id"], **clock}


@operation("DELETE", "/snapshots/{id}")
def drop_snapshot(ask: OperationCall) -> Answer:
    """Forget a snapshot."""
    with ask.world.lock:
        ask.world.snapshots.drop(ask.path["id"])
    return {"dropped": ask.path["id"]}
