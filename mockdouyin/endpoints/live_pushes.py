"""Whether a live room's messages are pushed to its game: a task for each kind of message."""

from __future__ import annotations

from typing import Any

from mockdouyin.core.calls import Call
from mockdouyin.core.errors import DouyinError
from mockdouyin.endpoints import _life_texts as texts
from mockdouyin.endpoints.declared.operation import Operation
from mockdouyin.endpoints.declared.resources import Shelf, View

Sent = dict[str, Any]

MISSING, STOPPED, RUNNING = 1, 2, 3


def start(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Start a task under a new id; one that runs goes on under its own."""
    shelf, key = _place(call, operation, owner, sent)
    task = shelf.find(key)
    if task is None:
        task = shelf.create({"status": STOPPED, "starts": 0}, key)
    if task.fields["status"] != RUNNING:
        starts = task.fields["starts"] + 1
        number = "7" + call.world.ids.digits(18, "live task", owner, key, starts)
        task = shelf.change(key, {"status": RUNNING, "starts": starts, "task_id": number})
    return {"push_task": task}


def stop(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Stop a task; one that is stopped stays so."""
    shelf, key = _place(call, operation, owner, sent)
    if shelf.find(key) is None:
        why = texts.NO_PUSH_TASK(room=sent["roomid"], kind=sent["msg_type"])
        raise DouyinError("not_found", why)
    return {"push_task": shelf.change(key, {"status": STOPPED})}


def tell(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> Sent:
    """Return a task's status; one that was never started is told of as missing."""
    shelf, key = _place(call, operation, owner, sent)
    return {"push_task": shelf.find(key) or View(key, {"status": MISSING})}


def _place(call: Call[Any], operation: Operation, owner: str, sent: Sent) -> tuple[Shelf, str]:
    shelf = Shelf(call.world, call.unit, operation.named_resource("push_task"), owner)
    return shelf, f"{sent['roomid']} {sent['msg_type']}"
