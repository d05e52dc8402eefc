"""A sandbox is dumped as frames of bytes, and loaded again."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.core import codec
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.settings import Duration
from mockdouyin.core.texts import Text
from mockdouyin.persistence import state_dump
from mockdouyin.persistence.state_dump import dump, frames, from_frames, load, revision
from mockdouyin.sandbox.deliveries import claim_due, prepare, record
from mockdouyin.scenario.scenario import TimedEvent
from tests.support.helpers import PROGRAM_LOGIN, phone, post, sandbox


def call(box: Sandbox, code: str = "x") -> Any:
    """Exchange a code."""
    return post(box, "/api/apps/v2/jscode2session", {**PROGRAM_LOGIN, "code": code})


def full() -> Sandbox:
    """Make a sandbox with two worlds, a login, and a webhook that waits."""
    box = sandbox()
    box.worlds.create("w")
    post(
        box, "/api/apps/v2/jscode2session", {**PROGRAM_LOGIN, "code": phone(box, "login")["code"]}
    )
    web = {"webhook": {"url": "http://127.0.0.1:9/"}, "verify": False}
    execute(box, "change_app", path={"key": "web"}, body=web)
    execute(box, "act", path={"act": "follow"})
    return box


def test_a_sandbox_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every world, record and number is there again, however many frames they take."""
    monkeypatch.setattr(state_dump, "BATCH", 1)
    box = full()
    before = dump(box, {"limits": "off"})

    found = from_frames(list(frames(before)))
    again = sandbox()
    load(again, found)

    assert found == before
    assert dump(again, {"limits": "off"}) == before
    assert again.default.outbox.next_due == box.default.outbox.next_due is not None
    assert again.default.journal.total == box.default.journal.total > 0


def test_asking_changes_nothing() -> None:
    """Operations that only read do not change the revision."""
    box = full()
    sent = execute(box, "list_deliveries")["deliveries"][0]["id"]
    before = revision(box)
    for operation in OPERATIONS.values():
        is_asking = operation.method == "GET" and not operation.events
        if is_asking and operation.name != "interception":
            path = {"id": sent if "deliver" in operation.name else "2", "act": "1"}
            execute(box, operation.name, path=path, query={"count": "0"})

    assert revision(box) == before


CHANGES: dict[str, Callable[[Sandbox], Any]] = {
    "a request": call,
    "an operation": lambda box: execute(box, "freeze_clock", body={}),
    "an operation on another world": lambda box: execute(box, "reset", world="w"),
    "a new world": lambda box: box.worlds.create(),
    "a dropped world": lambda box: box.worlds.drop("w"),
    "a reload": lambda box: box.default.load(box.default.scenario, box.default.settings),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_is_seen(change: str) -> None:
    """Whatever changes a sandbox changes its revision."""
    box = full()
    before = revision(box)

    CHANGES[change](box)

    assert revision(box) != before


def test_what_happens_by_itself_is_seen() -> None:
    """An event of the scenario changes the revision, even if no app gets it."""
    box = full()
    box.default.timeline.add(0.0, TimedEvent(after=Duration(0), send="authorize"))
    before = revision(box)

    claim_due(box.default)

    assert revision(box) != before


def test_what_came_back_is_seen() -> None:
    """An attempt to deliver changes the revision."""
    box = full()
    world = box.default
    web = world.find_app("web")
    made = prepare(
        world, web, "authorize", "小明", act="event.send", says=Text("event_sent"), once=True
    )
    before = revision(box)

    record(world, made, Attempt(status=200))

    assert revision(box) != before


def head() -> bytes:
    """Return the first frame."""
    return next(frames(dump(sandbox())))


WRONG = {
    "nothing": ([], "does not begin with the world 'default'"),
    "no worlds": ([head()], "does not begin with the world 'default'"),
    "no frame": ([b"\x00"], "cannot decode these bytes as _Frame"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_makes_no_sense_is_refused(wrong: str) -> None:
    """Frames that are not ours are refused by what is wrong with them."""
    found, says = WRONG[wrong]

    with pytest.raises(MockDouyinError, match=re.escape(says)):
        from_frames(found)
    assert codec.kinds()["Delivery"] is Delivery
