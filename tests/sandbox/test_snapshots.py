"""Snapshots: a world goes back to where it was, whatever was done to it since."""

from __future__ import annotations

from typing import Any

import pytest

from mockdouyin import ManualClock, MockDouyinError, Sandbox, Scenario
from mockdouyin.control import execute
from mockdouyin.core.clock import Clock
from mockdouyin.core.errors import ConflictError, NotFoundError
from mockdouyin.sandbox._snapshots import MAX_SNAPSHOTS
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, WEB_CLIENT, post, send

LOGIN = "/api/apps/v2/jscode2session"


def order(
    box: Sandbox, order_name: str, id: str = "", /, world: str = "default", **body: Any
) -> Any:
    """Execute an operation; `id` is what its address names."""
    path = {"id": id, "key": id, "name": id, "api": id, "act": id}
    return execute(box, order_name, world=world, path=path, body=body)


def take(box: Sandbox, world: str = "default") -> str:
    """Take a snapshot."""
    return str(order(box, "take_snapshot", world=world)["snapshot"])


def story(box: Sandbox) -> list[Any]:
    """Log in, get a token and a person's consent, add some; return what was issued and made."""
    code = order(box, "phone", "login")["code"]
    session = post(box, LOGIN, {**PROGRAM_LOGIN, "code": code})["data"]
    fields = {**WEB_CLIENT, "grant_type": "client_credential"}
    token = post(box, "/oauth/client_token/", fields)["data"]["access_token"]
    consent = order(box, "authorize", scope="user_info")
    added = order(box, "add_person", name="丁")
    rule = order(box, "add_rule", on="client_token", error=10003, times=1)["id"]
    return [code, session, token, consent, added, rule]


def shown(box: Sandbox) -> dict[str, Any]:
    """Return all that a world shows of itself, its journal too."""
    lists = ("apps", "people", "settings", "rules", "clock", "list_deliveries", "journal")
    return {name: order(box, name) for name in lists}


def test_a_world_is_as_it_was(box: Sandbox) -> None:
    """Apps, people, settings, rules with their counts, clock and journal are those of before."""
    order(box, "add_rule", on="code_to_session", error=40018, times=2)
    story(box)
    before = shown(box)
    saved = take(box)

    story_after = {"name": "shop", "kind": "web"}
    order(box, "add_app", **story_after)
    order(box, "change_app", "web", banned=True)
    order(box, "change_person", "小明", nickname="changed")
    order(box, "change_settings", limits="enforce")
    order(box, "advance_clock", by="3h")
    order(box, "clear_rules")
    post(box, LOGIN, {**PROGRAM_LOGIN, "code": "x"})
    answer = order(box, "restore_snapshot", saved)

    assert answer == {"restored": saved, "now": "2026-01-01T12:00:00+08:00", "frozen": True}
    after = shown(box)
    assert after["journal"].pop("total") > before["journal"].pop("total")
    assert after == before


def test_the_same_steps_give_the_same_bytes(box: Sandbox) -> None:
    """What was issued and made after a snapshot is so again after its restore, every time."""
    order(box, "phone", "login")
    saved = take(box)
    first = story(box)

    for _ in range(2):
        order(box, "restore_snapshot", saved)

        assert story(box) == first


def test_a_code_is_whole_again(box: Sandbox) -> None:
    """A login code that was used up since works once more, and then no more."""
    fields = {**PROGRAM_LOGIN, "code": order(box, "phone", "login")["code"]}
    saved = take(box)
    first = post(box, LOGIN, fields)["data"]

    order(box, "restore_snapshot", saved)

    assert post(box, LOGIN, fields)["data"] == first
    assert post(box, LOGIN, fields)["err_no"] == 40018


def test_log_ids_do_not_repeat(box: Sandbox) -> None:
    """The numbers of exchanges go on: no two answers have one log id."""
    saved = take(box)
    seen = set()
    for _ in range(3):
        headers = dict(send(box, "POST", LOGIN).headers)
        seen.add(headers[b"x-tt-logid"])
        order(box, "restore_snapshot", saved)

    assert len(seen) == 3
    # The snapshot, and three times an exchange and a restore.
    assert order(box, "journal") == {"exchanges": [], "total": 7, "more": False, "dropped": 0}


def test_a_timeline_happens_again() -> None:
    """Events of a scenario that had not happened at the snapshot happen after its restore."""
    text = """
name: story
apps: {web: {kind: web, webhook: {url: "http://127.0.0.1:9/hook"}}}
events: [{after: 10s, send: create_video}, {after: 20s, send: authorize}]
"""
    box = Sandbox(Scenario.parse(text), clock=ManualClock)
    order(box, "advance_clock", by="15s")
    saved = take(box)
    for _ in range(2):
        order(box, "advance_clock", by="1m")
        events = [each["event"] for each in order(box, "list_deliveries")["deliveries"]]
        assert events == ["create_video", "authorize"]

        order(box, "restore_snapshot", saved)
        assert len(order(box, "list_deliveries")["deliveries"]) == 1


def test_what_was_to_be_sent_since_is_not() -> None:
    """A delivery made after a snapshot waits no more after its restore."""
    text = 'name: s\napps: {web: {kind: web, webhook: {url: "http://127.0.0.1:9/hook"}}}'
    box = Sandbox(Scenario.parse(text), clock=ManualClock)
    saved = take(box)
    order(box, "act", "follow", person="小红", other="小明")
    assert order(box, "advance_clock", by="1s")["unfinished"]

    order(box, "restore_snapshot", saved)

    assert "unfinished" not in order(box, "advance_clock", by="1s")
    assert order(box, "list_deliveries")["deliveries"] == []


def test_a_running_clock_runs_on_from_the_snapshot() -> None:
    """A clock that ran is put back to the snapshot's moment and runs; a frozen one stands."""
    real = [1000.0]
    box = Sandbox(clock=lambda: Clock(lambda: real[0]))
    clock = box.default.clock
    clock.advance(500)
    running = take(box)
    clock.freeze(9000)
    frozen = take(box)
    real[0] = 2000.0
    clock.advance(1)

    order(box, "restore_snapshot", running)
    assert (clock.now(), clock.frozen) == (1500.0, False)
    real[0] = 2007.0
    assert clock.now() == 1507.0
    order(box, "restore_snapshot", frozen)
    assert (clock.now(), clock.frozen) == (9000.0, True)


def test_an_app_added_since_is_released(box: Sandbox) -> None:
    """The key of an app that a restore takes away is free, and leads nowhere until it is back."""
    without = take(box)
    order(box, "add_app", name="shop", client_key="aw00shop")
    having = take(box)
    assert box.worlds.of_app("aw00shop") is box.default

    order(box, "restore_snapshot", without)
    assert box.worlds.of_app("aw00shop") is None
    order(box, "restore_snapshot", having)
    assert box.worlds.of_app("aw00shop") is box.default
    assert box.worlds.of_app(PROGRAM.client_key) is box.default


def test_a_key_that_lives_elsewhere_by_now_is_a_conflict(box: Sandbox) -> None:
    """A restore that would bring back a key of another world is refused, and changes nothing."""
    without = take(box)
    order(box, "add_app", name="shop", client_key="aw00shop")
    having = take(box)
    order(box, "restore_snapshot", without)
    order(box, "create_world", name="other", scenario={"apps": {"a": {"client_key": "aw00shop"}}})
    order(box, "advance_clock", by="1h")
    before = shown(box)

    with pytest.raises(ConflictError, match="'aw00shop' lives in world 'other' already"):
        order(box, "restore_snapshot", having)

    assert shown(box) == before
    assert box.worlds.of_app("aw00shop") is box.worlds.get("other")
    order(box, "drop_world", world="other")
    order(box, "restore_snapshot", having)


def test_snapshots_are_of_one_world(box: Sandbox) -> None:
    """A world's snapshots are its own, and a restore moves no other world."""
    order(box, "create_world", name="other")
    saved = take(box)
    order(box, "advance_clock", by="1h", world="other")
    order(box, "restore_snapshot", saved)

    assert order(box, "clock", world="other")["now"] == "2026-01-01T13:00:00+08:00"
    with pytest.raises(NotFoundError, match="no snapshot 'snapshot-1'"):
        order(box, "restore_snapshot", saved, world="other")


def test_snapshots_are_listed_and_dropped(box: Sandbox) -> None:
    """They are listed in order with the time of each; a dropped one is no more."""
    first = take(box)
    order(box, "advance_clock", by="1m")
    second = take(box)

    assert order(box, "list_snapshots")["snapshots"] == [
        {"snapshot": first, "now": "2026-01-01T12:00:00+08:00", "frozen": True},
        {"snapshot": second, "now": "2026-01-01T12:01:00+08:00", "frozen": True},
    ]
    order(box, "drop_snapshot", first)
    last = order(box, "rows")["rows"][-1]
    assert (last["kind"], last["says"]) == ("snapshot.drop", f"the snapshot {first} is dropped")
    assert [each["snapshot"] for each in order(box, "list_snapshots")["snapshots"]] == [second]
    for refused in ("restore_snapshot", "drop_snapshot"):
        with pytest.raises(NotFoundError, match=f"no snapshot {first!r}; did you mean {second}"):
            order(box, refused, first)


def test_snapshots_are_bounded_and_end_with_a_reset(box: Sandbox) -> None:
    """One too many is refused, and says what to do; a world that begins again has none."""
    for _ in range(MAX_SNAPSHOTS):
        take(box)

    with pytest.raises(
        MockDouyinError, match=f"keeps {MAX_SNAPSHOTS} snapshots and no more; drop one"
    ):
        take(box)
    order(box, "reset")
    assert order(box, "list_snapshots") == {"snapshots": []}
    assert take(box) == f"snapshot-{MAX_SNAPSHOTS + 1}"
