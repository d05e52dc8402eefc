"""The stream: whatever happens comes once and in order, and who does not read costs nothing."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Any

import httpx
import pytest

from mockdouyin import Sandbox, findings
from mockdouyin.control import _examinations, execute
from mockdouyin.control.client import Control, EventReader, LocalControl
from mockdouyin.control.http_client import HttpControl
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.http import Request
from mockdouyin.core.journal import Entry, Exchange, Journal
from mockdouyin.sandbox.worlds import World
from mockdouyin.server import _streams
from mockdouyin.server.connection_limits import ConnectionLimits
from mockdouyin.server.serving import ThreadedServer
from tests.control.test_waiting import pollers
from tests.support.helpers import PROGRAM_LOGIN, WEB_CLIENT, client_token, phone, post, sandbox
from tests.support.movable_server import movable
from tests.support.receivers import Receiver
from tests.support.streams import RawReader, Seen, limited
from tests.support.threads import together
from tests.support.waiting import until

THREADS, CALLS = 8, 40

V2 = "/api/apps/v2/jscode2session"

LOST = Request("GET", "/nowhere")


def calls(box: Sandbox, count: int = CALLS) -> Callable[[], None]:
    """Return what makes some calls of a client."""

    def run() -> None:
        for _ in range(count):
            box.handle(LOST)

    return run


def numbers(world: World) -> list[int]:
    """Return the numbers of all entries of the journal."""
    return [entry.number for entry in world.transact(world.journal.newest)]


@pytest.fixture(params=["local", "http"])
def control(request: pytest.FixtureRequest, box: Sandbox) -> Iterator[Control]:
    """Yield a client in this process, then one over HTTP."""
    if request.param == "local":
        yield LocalControl(box)
        return
    with ThreadedServer(box) as server:
        remote = HttpControl(server.url)
        yield remote
        remote.close()


def ids_until(events: Iterator[Seen], last: int) -> list[int]:
    """Read until an event has this number; return the numbers of all."""
    ids = []
    for event in events:
        assert event.event != "reset"
        if event.id is not None:
            ids.append(event.id)
            if event.id >= last:
                break
    return ids


def rows_until(events: EventReader, last: int) -> list[int]:
    """Do the same with a reader of the client."""
    return ids_until((Seen(*event) for event in events), last)


def test_nothing_is_lost_and_nothing_comes_twice(box: Sandbox, control: Control) -> None:
    """While many threads call, a reader gets everything once, in the order of numbers."""
    with limited(control.follow()) as events:
        together(*[calls(box)] * THREADS, lambda: rows_until(events, THREADS * CALLS // 2))
        box.handle(LOST)
        last = numbers(box.default)[-1]
        rest = rows_until(events, last)
    with limited(control.follow(since=0)) as again:
        everything = rows_until(again, last)

    assert everything == numbers(box.default)
    assert len(everything) >= THREADS * CALLS + 1
    assert rest == everything[-len(rest) :]


def test_nothing_is_lost_over_a_reconnect(box: Sandbox) -> None:
    """Whoever is cut off and comes back with the last id goes on there, wherever that was."""
    got: list[int] = []
    over = threading.Event()

    def read(server: ThreadedServer) -> None:
        last = 0
        while not over.is_set() or got[-1] < numbers(box.default)[-1]:
            with RawReader(server.url, last=last) as reader:
                for event in islice(reader.events(), 30):
                    if event.id is not None:
                        got.append(event.id)
                        last = event.id
                    if over.is_set() and last == numbers(box.default)[-1]:
                        break

    def call() -> None:
        together(*[calls(box)] * THREADS)
        box.handle(LOST)
        over.set()
        box.handle(LOST)  # a reader that waits by now sees that it is over

    with ThreadedServer(box) as server:
        together(lambda: read(server), call)

    assert got == numbers(box.default)


def test_the_client_connects_again(box: Sandbox) -> None:
    """A client whose server goes and comes back goes on after what it had."""
    server = ThreadedServer(box).start()
    port = int(server.url.rpartition(":")[2])
    control = HttpControl(server.url)
    with limited(control.follow()) as events:
        box.handle(LOST)
        first = next(events)
        server.stop()
        calls(box, 3)()
        with ThreadedServer(box, port):
            rest = rows_until(events, numbers(box.default)[-1])

    assert [first.id, *rest] == numbers(box.default)


def test_whoever_has_nothing_yet_misses_nothing(box: Sandbox) -> None:
    """A stream says where it begins, so that even its first event can be resumed to."""
    calls(box, 3)()
    server = ThreadedServer(box).start()
    port = int(server.url.rpartition(":")[2])
    with limited(HttpControl(server.url).follow()) as events:
        server.stop()
        box.handle(LOST)
        with ThreadedServer(box, port):
            event = next(events)

    assert event.id == numbers(box.default)[-1]


def test_it_begins_where_it_is_told(box: Sandbox) -> None:
    """By default it begins now, with `since` after a number, and Last-Event-ID wins."""
    calls(box, 5)()
    with ThreadedServer(box) as server:
        with RawReader(server.url) as now:
            assert now.opened() == {"": "open", "retry": "1000", "id": "5"}
            box.handle(LOST)
            assert next(now.events()).id == 6
        for target, last, first in (
            ("/_mock/stream?since=2", None, 3),
            ("/_mock/worlds/default/stream?since=0", None, 1),
            ("/_mock/stream?since=2", 4, 5),
        ):
            with RawReader(server.url, target, last=last) as reader:
                assert next(reader.events()).id == first
        refused = httpx.get(f"{server.url}/_mock/stream", headers={"last-event-id": "x"})
        head = httpx.head(f"{server.url}/_mock/stream")

    assert refused.status_code == 400
    assert "since should be a whole number" in refused.json()["error"]
    assert head.headers["content-type"].startswith("text/event-stream")


def test_what_each_event_is(control: Control, box: Sandbox) -> None:
    """Exchanges, acts, clock moves and rules have events of their own names."""
    with limited(control.follow()) as events:
        phone(box, "login")
        execute(box, "freeze_clock", body={})
        execute(box, "add_rule", body={"on": "notify", "status": 500})
        box.handle(LOST)
        seen = [next(events) for _ in range(4)]

    assert [event.event for event in seen] == ["act", "clock", "rule", "row"]
    assert [event.data.id for event in seen] == [event.id for event in seen]
    assert seen[0].data.kind == "phone.login"
    assert seen[3].data.path == "/nowhere"


def test_attempts_come_too() -> None:
    """An attempt to deliver a webhook is an event with the delivery's id."""
    with Receiver() as receiver, ThreadedServer() as server:
        control = HttpControl(server.url)
        with limited(control.follow()) as events:
            body = {"event": "create_video", "to": receiver.url, "secret": "s"}
            sent = control.operation("send_event", body=body)
            found = next(event for event in events if event.event == "delivery")
        control.close()

    assert found.data.delivery == sent["id"]


def test_a_reset_is_told(control: Control, box: Sandbox) -> None:
    """Before the act of a reset it is said that everything up to there is gone."""
    calls(box, 3)()
    with limited(control.follow()) as events:
        execute(box, "reset")
        box.handle(LOST)
        reset, act, row = (next(events) for _ in range(3))

    assert (reset.event, reset.id, reset.data.dropped) == ("reset", 3, 3)
    assert (act.id, act.data.kind, row.id) == (4, "world.reset", 5)


def test_a_restore_is_told() -> None:
    """A snapshot that is restored takes away what came after it, and that is said."""
    box = sandbox()
    control = LocalControl(box)
    execute(box, "take_snapshot")
    calls(box, 3)()
    with limited(control.follow()) as events:
        execute(box, "restore_snapshot", path={"id": "snapshot-1"})
        reset, act = next(events), next(events)

    assert (reset.event, reset.id, act.data.kind) == ("reset", 4, "snapshot.restore")


def test_a_number_of_an_earlier_world(box: Sandbox, control: Control) -> None:
    """A number that was not reached yet is of a world that is gone: all of this one comes."""
    calls(box, 2)()
    with limited(control.follow(since=900)) as events:
        seen = [next(events) for _ in range(3)]

    assert [(event.event, event.id) for event in seen] == [("reset", 0), ("row", 1), ("row", 2)]
    assert seen[0].data.total == 2


LONG = Request("GET", "/" + "x" * 16_000)


def test_a_slow_reader(box: Sandbox) -> None:
    """Whoever does not read is written to no more; what the ring dropped meanwhile is told."""
    execute(box, "change_settings", body={"journal_exchanges": 20})
    with ThreadedServer(box) as server, RawReader(server.url, buffer=4096) as reader:
        reader.opened()
        for _ in range(1200):
            box.handle(LONG)
        assert httpx.get(f"{server.url}/_mock/health").json()["status"] == "ok"

        seen, last = [], numbers(box.default)[-1]
        for event in reader.events():
            if event.id is not None:
                seen.append(event)
            if event.id == last:
                break

    assert "reset" in [event.event for event in seen]
    position = 1
    for event in seen:
        if event.event == "reset":
            assert event.id is not None
            assert event.id >= position
            position = event.id
        else:
            assert event.id is not None
            assert box.blocks or event.id <= position + 1  # over Redis numbers may be left out
            assert event.id >= position
            position = event.id
    assert position == last


def test_whoever_goes_leaves_nothing(box: Sandbox) -> None:
    """A reader that closes its connection leaves no listener and no task behind."""
    journal = box.default.journal
    with ThreadedServer(box) as server:
        before = len(asyncio.all_tasks(server.loop))
        with RawReader(server.url) as reader:
            reader.opened()
            assert len(journal.listeners) == 1
            box.handle(LOST)
            next(reader.events())
        until(lambda: not journal.listeners, "nobody who listens")
        until(lambda: len(asyncio.all_tasks(server.loop)) == before, "no task more")
    until(lambda: not pollers(), "the end of the poller")


def test_whoever_goes_unread_leaves_nothing(box: Sandbox) -> None:
    """So does one that goes while it is written to."""
    journal = box.default.journal
    with ThreadedServer(box) as server:
        with RawReader(server.url, buffer=4096) as reader:
            reader.opened()
            for _ in range(600):
                box.handle(LONG)
        until(lambda: not journal.listeners, "nobody who listens")


def test_a_thousand_readers(box: Sandbox) -> None:
    """They hold no thread, all of them get what happens, and one more is refused."""
    journal = box.default.journal
    with ThreadedServer(box) as server, ExitStack() as stack:
        readers = [stack.enter_context(RawReader(server.url)) for _ in range(_streams.MAX_READERS)]
        for reader in readers:
            reader.opened()
        refused = httpx.get(f"{server.url}/_mock/stream")
        assert refused.status_code == 503
        assert "1000 streams are open" in refused.json()["error"]
        until(lambda: threading.active_count() < 50, "the threads that opened them to end")
        assert len(journal.listeners) == _streams.MAX_READERS
        assert len(pollers()) == (1 if box.blocks else 0)

        assert httpx.post(f"{server.url}/oauth/client_token/", data=WEB_CLIENT).is_success
        seen = {next(reader.events()).data["endpoint"] for reader in readers}

    assert seen == {"oauth.client_token"}
    assert journal.listeners == []


def test_a_stop_ends_the_streams(box: Sandbox) -> None:
    """A server that stops ends its streams in an orderly way, the unread ones too."""
    server = ThreadedServer(box).start()
    with RawReader(server.url) as reader, RawReader(server.url, buffer=4096) as unread:
        reader.opened()
        unread.opened()
        for _ in range(600):
            box.handle(LONG)
        ids_until(reader.events(), numbers(box.default)[-1])
        server.stop()

        # It ends with the last chunk: a cut would raise.
        assert {event.event for event in reader.events()} <= {"finding"}
    assert box.default.journal.listeners == []


def test_a_dropped_world_ends_its_streams(box: Sandbox, control: Control) -> None:
    """Whoever follows a world that is dropped hears that there is none."""
    execute(box, "create_world", body={"name": "w"})
    with limited(control.follow(world="w")) as events:
        execute(box, "drop_world", world="w")
        with pytest.raises(MockDouyinError, match="'w'"):
            next(events)
    with pytest.raises(MockDouyinError, match="no world 'w'"):
        control.follow(world="w")


def test_a_dropped_world_ends_its_waits(box: Sandbox) -> None:
    """So does whoever waits for a call."""
    execute(box, "create_world", body={"name": "w"})
    journal, told = box.worlds.get("w").journal, list[str]()

    def wait() -> None:
        try:
            execute(box, "wait_for_journal", world="w", query={"timeout": "60"})
        except NotFoundError as error:
            told.append(str(error))

    def drop() -> None:
        until(lambda: journal.listeners, "somebody who waits")
        execute(box, "drop_world", world="w")

    together(wait, drop)

    assert told == ["world 'w' has ended"]


def test_a_reader_is_closed(control: Control, box: Sandbox) -> None:
    """A reader that is closed by another thread ends, and nobody listens any more."""
    events = control.follow()
    ended: list[list[object]] = []
    reading = threading.Thread(target=lambda: ended.append(list(events)))
    reading.start()
    until(lambda: box.default.journal.listeners, "somebody who reads")
    events.close()
    reading.join(20)

    assert ended == [[]]
    until(lambda: not box.default.journal.listeners, "nobody who reads")


def test_findings_come_as_they_are_found(control: Control, box: Sandbox) -> None:
    """What the client does wrong is an event without an id, as `findings` shows it."""
    code = phone(box, "login")["code"]
    with limited(control.follow()) as events:
        for _ in range(2):
            post(box, V2, {**PROGRAM_LOGIN, "code": code})
        found = next(event for event in events if event.event == "finding")

    assert found.id is None
    [listed] = execute(box, "findings")["findings"]
    assert found.data.rule == listed["rule"] == "code_reused"
    assert found.data == listed


def test_findings_are_worked_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many read, one examination is for all of them, and there is a pause after it."""
    box, examined = sandbox(), list[int]()
    usual = findings.examine

    def note(exchanges: list[Exchange], **given: Any) -> list[findings.Finding]:
        examined.append(len(exchanges))
        return usual(exchanges, **given)

    monkeypatch.setattr(findings, "examine", note)
    code = phone(box, "login")["code"]
    control = LocalControl(box)
    for _ in range(2):
        post(box, V2, {**PROGRAM_LOGIN, "code": code})
    readers = [control.follow(since=0) for _ in range(5)]
    for reader in readers:
        assert next(event for event in reader if event.event == "finding").data.rule
        reader.close()

    assert examined == [2]
    assert _examinations.MIN_INTERVAL == 5


def test_silence_is_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing happens, a comment every 15 seconds shows that the stream is open.

    Nothing is read for it.
    """
    box, limits = sandbox(), ConnectionLimits(idle_timeout=5)
    looks, after = list[int](), Journal.after

    def note(journal: Journal, since: int, limit: int) -> list[Entry]:
        looks.append(since)
        return after(journal, since, limit)

    monkeypatch.setattr(Journal, "after", note)
    with movable(sandbox=box, limits=limits) as server, RawReader(server.url) as reader:
        reader.opened()
        client_token(box)
        assert next(reader.events()).event == "row"
        lines = reader.lines()

        def has_more() -> bool:
            # Again if need be: the first moves may only end the pause between two writes.
            server.advance(16)
            return reader.has_more()

        read = list[int]()
        for _ in range(3):
            until(has_more, "a comment")
            assert (next(lines), next(lines)) == (": still open", "")
            read.append(len(looks))

    assert read[0] == read[-1]


def test_a_stream_has_no_answer(control: Control) -> None:
    """Called as if it had an end, it says how it is read."""
    with pytest.raises(MockDouyinError, match=r"read it with control\.follow"):
        control.operation("stream")


def test_the_document_has_its_events() -> None:
    """The OpenAPI document names each event with the form of its data."""
    paths = execute(sandbox(), "openapi")["paths"]
    answer = paths["/_mock/stream"]["get"]["responses"]["200"]["content"]["text/event-stream"]

    assert answer["x-events"]["row"]["$ref"].endswith("/RowShown")
    assert answer["x-events"]["finding"]["$ref"].endswith("/FindingShown")
    assert set(answer["x-events"]) == {
        *("row", "act", "delivery", "clock", "rule", "reset", "finding")
    }
