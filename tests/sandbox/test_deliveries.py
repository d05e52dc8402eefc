"""Webhooks of a sandbox without a deliverer: they are made and wait, and nothing is sent."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import ManualClock, MockDouyinError, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.sandbox.deliveries import listed

STORY = """
name: story
apps:
  web: {kind: web, webhook: {url: "http://127.0.0.1:9/hook"}}
events:
  - {after: 10s, send: create_video}
  - {after: 5s, send: authorize}
"""


@pytest.fixture
def box() -> Sandbox:
    """Return a sandbox with a webhook and a timeline, whose clock stands still."""
    return Sandbox(Scenario.parse(STORY), clock=ManualClock)


def order(box: Sandbox, name: str, **body: Any) -> Any:
    """Execute an operation in the world `default`."""
    return execute(box, name, body=body)


def test_the_timeline_runs_with_the_clock_and_deliveries_wait(box: Sandbox) -> None:
    """Events happen at their own time, and the listing shows what would be sent."""
    moved = order(box, "advance_clock", by="1m")

    assert moved["now"] == "2026-01-01T12:01:00+08:00"
    shown = order(box, "list_deliveries")["deliveries"]
    assert [(each["event"], each["next_try"]) for each in shown] == [
        ("authorize", "2026-01-01T12:00:05+08:00"),
        ("create_video", "2026-01-01T12:00:10+08:00"),
    ]
    assert all((each["state"], each["attempts"]) == ("waiting", []) for each in shown)


def test_what_waits_is_said_to_be_unfinished(box: Sandbox) -> None:
    """A clock that is moved past what nobody sends says so, and else does not."""
    assert "unfinished" not in order(box, "advance_clock", by="4s")
    assert order(box, "advance_clock", by="4s")["unfinished"] is True


def test_nothing_can_be_posted(box: Sandbox) -> None:
    """Sending is refused for lack of a deliverer, and nothing is lost."""
    made = order(box, "advance_clock", by="5s") and listed(box.default)[0]
    url = {"url": "http://127.0.0.1:9/new"}

    for attempt in (
        lambda: box.deliverer.try_now(box.default, made).result(),
        lambda: box.deliverer.post(made).result(),
        lambda: execute(box, "replay", path={"id": made.id}),
        lambda: order(box, "send_event", event="authorize"),
        lambda: order(box, "add_app", kind="web", webhook=url),
    ):
        with pytest.raises(MockDouyinError, match="nothing can be sent"):
            attempt()

    assert listed(box.default)[0] == made


def test_a_wake_does_nothing(box: Sandbox) -> None:
    """Time that may run on makes nobody post."""
    order(box, "resume_clock")

    assert listed(box.default) == []
