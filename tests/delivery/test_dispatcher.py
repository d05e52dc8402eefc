"""The dispatcher: a delivery waits for its own receiver alone, and a stop waits for nobody."""

from __future__ import annotations

import gc
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from mockdouyin import Sandbox, Scenario, World
from mockdouyin.core.outbox import Delivery
from mockdouyin.delivery import Dispatcher, _dispatch_loop
from mockdouyin.delivery._limits import STOPPED
from mockdouyin.sandbox.deliveries import claim_due, listed
from tests.support.posting import SHORT, Posting, set_hook, tell
from tests.support.receivers import Receiver, held, says
from tests.support.waiting import until

MANY = 200

LATER = "name: later\nevents:\n  - {after: 1h, send: create_video}\n"


@contextmanager
def silent() -> Iterator[str]:
    """Yield the URL of somebody who takes any number of connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=2 * MANY) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Semaphore]:
    """Let lookups of names that begin with `hang` not end; yield what counts them."""
    over, begun = threading.Event(), threading.Semaphore(0)

    def look_up(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        if host.startswith("hang"):
            begun.release()
            over.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield begun
    over.set()


def tell_many(post: Posting, url_of: Callable[[int], str], count: int) -> None:
    """Emit an event to each of many receivers."""
    for number in range(count):
        post.hook(url_of(number))
        post.tell()


def tried(post: Posting) -> list[str]:
    """Return the URLs of the deliveries that were tried."""
    return [each.url for each in post.deliveries if each.attempts]


# A delivery waits for its own receiver alone.


def test_any_number_of_silent_receivers_delays_no_other(receiver: Receiver) -> None:
    """A receiver gets its event while 200 others, told before, have not answered."""
    with silent() as base, Posting(timeout=60) as post:
        tell_many(post, lambda number: f"{base}/{number}", MANY)
        post.hook(receiver.url)
        made = post.tell()

        receiver.wait(1)
        until(lambda: post.delivery(made).attempts, "the attempt")
        assert tried(post) == [receiver.url]


def test_silent_receivers_of_one_world_delay_no_other_world(receiver: Receiver) -> None:
    """A world's clock can be moved, and is quiet, while another one's receivers are silent."""
    with silent() as base, Posting(timeout=60) as post:
        other = post.box.worlds.create("other")
        set_hook(other, receiver.url)
        tell_many(post, lambda number: f"{base}/{number}", MANY)
        tell(other, "create_video")

        assert post.box.deliverer.advance(other, 60.0).result(20)

        assert len(receiver.received) == 1
        assert tried(post) == []


def test_lookups_that_hang_delay_no_other(
    receiver: Receiver, hanging: threading.Semaphore
) -> None:
    """A receiver's name is looked up while the lookups of 200 others hang."""
    with Posting(timeout=60) as post:
        tell_many(post, lambda number: f"http://hang{number}.test/", MANY)
        for _ in range(MANY):
            assert hanging.acquire(timeout=20)
        post.hook(receiver.url.replace("127.0.0.1", "well.test"))
        made = post.tell()

        receiver.wait(1)
        until(lambda: post.delivery(made).attempts, "the attempt")
        assert len(tried(post)) == 1


@pytest.mark.usefixtures("hanging")
def test_a_lookup_has_the_receivers_time() -> None:
    """A lookup that hangs is given up when the time for the whole post is over."""
    with Posting(timeout=SHORT) as post:
        post.hook("http://hang.test/hook")
        made = post.tell()
        assert post.advance("0s")

        [attempt] = post.delivery(made).attempts
    late = "the host of 'http://hang.test/hook' was not resolved within 0.5 s"
    assert attempt.error.render("en") == late
    assert (attempt.reached, attempt.status) == (False, None)


def test_many_lookups_at_once_take_turns(
    receiver: Receiver, hanging: threading.Semaphore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no lookup left a post waits for one, and is given up with its time."""
    monkeypatch.setattr("mockdouyin.delivery._lookups.MAX_LOOKUPS", 1)
    with Posting(timeout=SHORT) as post:
        post.hook("http://hang.test/")
        post.tell()
        assert hanging.acquire(timeout=20)
        post.hook("http://well.test/")
        made = post.tell()
        assert post.advance("0s")

        assert "was not resolved within" in post.delivery(made).attempts[0].error.render("en")


# A stop.


def test_a_stop_ends_every_post_at_once(hanging: threading.Semaphore) -> None:
    """Silent receivers and lookups that hang are left at once, each with a recorded attempt."""
    with silent() as base:
        post = Posting(timeout=60)
        tell_many(post, lambda number: f"{base}/{number}", 20)
        tell_many(post, lambda number: f"http://hang{number}.test/", 20)
        for _ in range(20):
            assert hanging.acquire(timeout=20)

        stopping = threading.Thread(target=post.stop, daemon=True)
        stopping.start()
        stopping.join(20)

        assert not stopping.is_alive()
        assert [each.attempts[0].error for each in post.deliveries] == [STOPPED] * 40


def test_after_a_stop_only_a_look_at_all_starts_anew(receiver: Receiver) -> None:
    """What happens after a stop waits, until the sandbox is served again."""
    with Posting() as post:
        post.hook(receiver.url)
        post.tell()
        receiver.wait(1)
        post.stop()
        threads = set(threading.enumerate())
        made = post.tell()
        post.box.deliverer.wake(post.world)
        assert set(threading.enumerate()) <= threads
        assert not post.delivery(made).attempts

        post.box.deliverer.wake()

        receiver.wait(2)


def test_what_is_tried_after_a_stop_is_told_so(post: Posting, receiver: Receiver) -> None:
    """Whoever sends an event after a stop is told about it, and the event is tried again."""
    post.hook(receiver.url)
    post.stop()

    shown = post.order("send_event", event="create_video")

    assert shown["attempts"][0]["error"] == STOPPED.render("en")
    assert (shown["state"], receiver.received) == ("waiting", [])


# Waiting.


def test_what_nobody_waits_for_is_recorded() -> None:
    """A post that was begun cannot be cancelled, and its answer is recorded."""
    with Posting() as post, held() as (receiver, hold):
        post.hook(receiver.url)
        made = post.tell()
        receiver.wait(1)
        again = post.box.deliverer.try_now(post.world, post.delivery(made))
        receiver.wait(2)
        assert not again.cancel()
        hold.release()

        assert len(again.result(20).attempts) >= 1
        until(lambda: len(post.delivery(made).attempts) == 2, "both attempts")


def test_a_world_that_keeps_failing_is_reported_once(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug in one world is logged once however often it is tried, and others are looked after."""
    looks: list[str] = []

    def claim(world: World) -> list[Delivery]:
        looks.append(world.name)
        if world.name == "bad":
            raise RuntimeError("a bug")
        return claim_due(world)

    monkeypatch.setattr(_dispatch_loop, "STORE_RETRY_INTERVAL", 0.01)
    monkeypatch.setattr(_dispatch_loop, "claim_due", claim)
    with Posting() as post:
        bad = post.box.worlds.create("bad")
        set_hook(bad, receiver.url)
        tell(bad, "create_video")
        until(lambda: looks.count("bad") > 5, "several looks")
        post.hook(receiver.url)
        post.tell()

        receiver.wait(1)
    assert [record.getMessage() for record in caplog.records] == [
        "what falls due in world 'bad' cannot be sent"
    ]
    assert caplog.records[0].name == "mockdouyin"


def test_a_dropped_world_is_forgotten(post: Posting) -> None:
    """Nothing of a world is kept until what would have fallen due in it."""
    made = []
    for _ in range(5):
        world = post.box.worlds.create(scenario=Scenario.parse(LATER))
        made.append(weakref.ref(world))
        post.box.deliverer.advance(world, 1.0).result()  # by then the dispatcher knows it
        post.box.worlds.drop(world.name)
        del world

    def are_gone() -> bool:
        gc.collect()
        return not any(each() for each in made)

    until(are_gone, "the end of the worlds")


FORKED = """
import os, sys
from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.delivery import Dispatcher

box = Sandbox(deliverer=Dispatcher)
send = {"event": "authorize", "to": sys.argv[1]}
execute(box, "send_event", body=send)
child = os.fork()
state = execute(box, "send_event", body=send)["state"]
if not child:
    box.deliverer.stop()
    os._exit(0 if state == "delivered" else 1)
print(state, os.waitpid(child, 0)[1])
"""


def test_a_forked_process_posts_too() -> None:
    """Its dispatcher, which the fork left without a thread, starts anew."""
    with Receiver(says("ok")) as receiver:
        assert run(FORKED, receiver.url) == "delivered 0\n"
        assert len(receiver.received) == 3


# Strange ends.


def test_an_answer_that_ends_in_the_head_of_a_chunk(post: Posting) -> None:
    """A receiver that closes where a chunk begins has not answered; nothing waits for it."""
    begun = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5"

    def breaks_off(handler: Any, got: object) -> None:
        handler.wfile.write(begun)
        handler.close_connection = True

    with Receiver(breaks_off) as receiver:
        shown = post.order("send_event", event="create_video", to=receiver.url)

    error = "the connection was closed before a complete answer came"
    assert shown["attempts"][0]["error"] == error


# What is not used is not loaded.

NOTHING_DUE = """
import sys, threading
from mockdouyin.control import execute
from mockdouyin.testing.local_server import LocalServer

local = LocalServer()
for order in ("freeze_clock", "resume_clock", "advance_clock"):
    execute(local.sandbox, order, body={"by": "1h"} if order == "advance_clock" else {})
loaded = [name for name in ("asyncio", "h11", "httpx2", "uvicorn") if name in sys.modules]
print(loaded, threading.active_count())
local.close()
"""

POSTED = """
import sys
from mockdouyin.control import execute
from mockdouyin.testing.local_server import LocalServer

local = LocalServer()
body = {"event": "create_video", "to": sys.argv[1], "secret": "s"}
print(execute(local.sandbox, "send_event", body=body)["state"], "uvicorn" in sys.modules)
local.close()
"""


def run(code: str, *args: str) -> str:
    """Run a program in a process of its own; return what it prints."""
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_sandbox_with_nothing_due_has_no_thread() -> None:
    """A test that moves the clock and posts nothing loads no event loop and starts no thread."""
    assert run(NOTHING_DUE) == "[] 1\n"


def test_a_webhook_is_posted_without_a_server() -> None:
    """A test's webhook is posted, and no HTTP server is loaded for it."""
    with Receiver(says("ok")) as receiver:
        assert run(POSTED, receiver.url) == "delivered False\n"


def test_a_sandbox_that_was_given_a_dispatcher_needs_no_more(receiver: Receiver) -> None:
    """An event of a sandbox with a dispatcher is posted by itself, whoever emits it."""
    box = Sandbox(deliverer=Dispatcher)
    set_hook(box.default, receiver.url)

    tell(box.default, "create_video")

    receiver.wait(1)
    until(lambda: listed(box.default)[0].attempts, "the attempt")
    box.deliverer.stop()
