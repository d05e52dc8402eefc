"""Orders about snapshots of a world: taken, listed, restored, dropped."""

from __future__ import annotations

from mockdouyin.control.operations import Answer, Ask, order
from mockdouyin.core.clock import iso


@order("POST", "/snapshots", long=True)
def take_snapshot(ask: Ask) -> Answer:
    """Keep all of a world as it is: issued, set, waiting to be sent, and its clock."""
    with ask.world.lock:
        return {"snapshot": ask.world.snapshots.take()}


@order("GET", "/snapshots")
def list_snapshots(ask: Ask) -> Answer:
    """List a world's snapshots, the oldest first, with the time on its clock then."""
    with ask.world.lock:
        return {
            "snapshots": [
                {"snapshot": name, "now": iso(saved.now), "frozen": saved.frozen}
                for name, saved in ask.world.snapshots
            ]
        }


@order("POST", "/snapshots/{id}/restore", long=True)
def restore_snapshot(ask: Ask) -> Answer:
    """Let a world be as it was; the snapshot stays, and the numbers of its exchanges go on."""
    with ask.world.lock:
        ask.world.snapshots.restore(ask.path["id"])
        clock = {"now": iso(ask.world.clock.now()), "frozen": ask.world.clock.frozen}
    ask.sandbox.deliverer.wake(ask.world)
    return {"restored": ask.path["id"], **clock}


@order("DELETE", "/snapshots/{id}")
def drop_snapshot(ask: Ask) -> Answer:
    """Forget a snapshot."""
    with ask.world.lock:
        ask.world.snapshots.drop(ask.path["id"])
    return {"dropped": ask.path["id"]}
