"""A store that does not answer: whoever waits gets a 503 in time, and nobody else waits."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Request
from mockdouyin.core.texts import Text
from mockdouyin.delivery import Dispatcher
from mockdouyin.redis_store import RedisConnection, SharedSandbox, StoreAwayError, _scripts
from mockdouyin.redis_store._availability import StoreBusyError, deadline, now
from mockdouyin.server.serving import ThreadedServer
from tests.redis_store.conftest import Replica
from tests.redis_store.relay import Do, Relay, begins_exchange, runs
from tests.support.helpers import PROGRAM_LOGIN, phone, post
from tests.support.ports import free_port
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

V2 = "/api/apps/v2/jscode2session"
AWAY = "mockdouyin: the store at "


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """Yield threads for many clients."""
    with ThreadPoolExecutor(80) as made:
        yield made


class Answer(NamedTuple):
    """What a client got."""

    status: int
    text: str


def ask(url: str, path: str, body: object = None) -> Answer:
    """Ask over a connection of its own: post JSON, or get."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    if body is None:
        connection.request("GET", path)
    else:
        head = {"content-type": "application/json"}
        connection.request("POST", path, json.dumps(body), head)
    response = connection.getresponse()
    answer = Answer(response.status, response.read().decode())
    connection.close()
    return answer


def asked(
    threads: ThreadPoolExecutor, url: str, count: int, path: str = V2
) -> list[Future[Answer]]:
    """Start so many clients at once."""
    body = {} if path.startswith("/_mock") else {**PROGRAM_LOGIN, "code": "unknown"}
    return [threads.submit(ask, url, path, body) for _ in range(count)]


def statuses(answers: list[Future[Answer]]) -> set[int]:
    """Wait for all answers, and return their statuses."""
    return {answer.result().status for answer in answers}


def test_failed_connects_use_nothing_up(own_redis: RedisServer) -> None:
    """However many connects have failed, requests succeed once Redis is back."""
    box = SharedSandbox(
        RedisConnection(own_redis.url, log=lambda text: None), deliverer=Dispatcher
    )
    with ThreadedServer(box) as server, httpx.Client(base_url=server.url) as client:
        own_redis.stop()
        login = {**PROGRAM_LOGIN, "code": "unknown"}
        lost = {client.post(V2, json=login).status_code for _ in range(150)}
        lost |= {client.get("/_mock/journal").status_code for _ in range(150)}
        lost |= {box.handle(Request("GET", "/oauth/userinfo/")).status for _ in range(150)}
        assert lost == {503}

        own_redis.start()
        code = client.post("/_mock/phone/login", json={}).json()["code"]
        assert client.post(V2, json={**PROGRAM_LOGIN, "code": code}).json()["err_no"] == 0
    box.close()


def test_one_line_when_it_goes_and_one_when_it_is_back(own_redis: RedisServer) -> None:
    """An outage is logged in two lines, however many requests of any kind there are."""
    logged: list[Text] = []
    box = SharedSandbox(RedisConnection(own_redis.url, log=logged.append), deliverer=Dispatcher)
    with ThreadedServer(box) as server, httpx.Client(base_url=server.url) as client:
        own_redis.stop()
        for _ in range(20):
            assert client.post(V2, json=PROGRAM_LOGIN).status_code == 503
            assert client.get("/_mock/clock").status_code == 503
        assert len(logged) == 1

        own_redis.start()
        until(lambda: len(logged) > 1, "the end of the outage")  # with nobody who asks
        for _ in range(20):
            assert client.post(V2, json=PROGRAM_LOGIN).status_code == 200
    box.close()
    gone, back = (each.render("en") for each in logged)
    place = f"the store at redis://127.0.0.1:{own_redis.port}"
    assert gone.startswith(f"{place} does not answer (Connection refused); until it does, ")
    assert back.startswith(f"{place} answers again, after ")


def test_a_connect_that_hangs_ends_by_the_deadline() -> None:
    """A connect that hangs, and one to a server that sends nothing, end by the deadline."""
    for backlog in (0, 16):
        with socket.create_server(("127.0.0.1", 0), backlog=backlog) as deaf:
            port = deaf.getsockname()[1]
            full = [socket.socket() for _ in range(4 if backlog == 0 else 0)]
            for each in full:
                each.setblocking(False)
                each.connect_ex(("127.0.0.1", port))
            with pytest.raises(StoreAwayError, match="no answer in time"):
                RedisConnection(f"redis://127.0.0.1:{port}", timeout=0.3).call("PING")
            for each in full:
                each.close()


def test_everybody_gets_an_answer_by_the_deadline(
    own_redis: RedisServer, threads: ThreadPoolExecutor
) -> None:
    """While Redis hangs, many concurrent requests all get a 503, those in line included."""
    box = SharedSandbox(
        RedisConnection(own_redis.url, timeout=1.0, log=lambda text: None), deliverer=Dispatcher
    )
    with ThreadedServer(box) as server:
        own_redis.pause()
        operations = asked(threads, server.url, 60, "/_mock/phone/login")
        requests = asked(threads, server.url, 20)

        assert statuses(operations) == statuses(requests) == {503}
        assert {each.result().text[: len(AWAY)] for each in requests} == {AWAY}
        own_redis.resume()
        assert statuses(asked(threads, server.url, 20)) == {200}
    box.close()


def test_health_needs_no_store(own_redis: RedisServer, threads: ThreadPoolExecutor) -> None:
    """Health is answered while every thread and every request waits for Redis."""
    box = SharedSandbox(
        RedisConnection(own_redis.url, timeout=3.0, log=lambda text: None), deliverer=Dispatcher
    )
    with ThreadedServer(box) as server:
        own_redis.pause()
        waiting = asked(threads, server.url, 45, "/_mock/phone/login")
        waiting += asked(threads, server.url, 15)
        waiting += asked(threads, server.url, 5, "/@nowhere" + V2)
        until(lambda: len(box_threads()) >= 40, "40 threads that wait")

        for path in ("/_mock/health", "/_mock/endpoints"):
            assert ask(server.url, path).status == 200
        assert not any(each.done() for each in waiting)
        own_redis.resume()
        assert statuses(waiting) <= {200, 404}
    box.close()


def box_threads() -> list[threading.Thread]:
    """Return the threads in which operations run."""
    return [each for each in threading.enumerate() if "AnyIO worker" in each.name]


def test_who_waits_for_calls_holds_up_nobody(
    replica: Replica, threads: ThreadPoolExecutor
) -> None:
    """However many calls wait in the journal, other operations are executed."""
    box = replica()
    with ThreadedServer(box) as server:
        wait = "/_mock/journal/wait?endpoint=code_to_session&timeout=60"
        waiting = [threads.submit(ask, server.url, wait) for _ in range(45)]
        until(lambda: len(box.default.journal.listeners) == 45, "45 who wait")

        assert ask(server.url, "/_mock/clock").status == 200
        assert not any(each.done() for each in waiting)
        assert post(box, V2, {**PROGRAM_LOGIN, "code": "unknown"})["err_no"] == 40018
        assert statuses(waiting) == {200}


def test_waiting_for_calls_ends_in_an_outage(own_redis: RedisServer) -> None:
    """Waiting in the journal ends with a 503 if Redis goes away."""
    box = SharedSandbox(
        RedisConnection(own_redis.url, log=lambda text: None), deliverer=Dispatcher
    )
    with ThreadedServer(box) as server, ThreadPoolExecutor(1) as one:
        waiting = one.submit(ask, server.url, "/_mock/journal/wait?timeout=60")
        until(lambda: box.default.journal.listeners, "who waits")

        own_redis.stop()

        assert waiting.result().status == 503
        assert AWAY in waiting.result().text
    box.close()


def test_a_pass_that_has_to_block_does_not_hold_up_the_loop(
    relay: Relay, threads: ThreadPoolExecutor
) -> None:
    """While the world of an unknown app key is looked up, everybody else is answered."""
    box = SharedSandbox(RedisConnection(relay.url), deliverer=Dispatcher)
    with ThreadedServer(box) as server:
        code = phone(box, "login")["code"]
        assert len(relay.seen) > 0
        relay.rule = lambda command: Do.HOLD if b"ttunknown" in command else Do.PASS
        login = {"appid": "ttunknown", "secret": "s", "code": "c"}
        held = threads.submit(ask, server.url, V2, login)
        assert relay.held.acquire(timeout=20)
        answer = ask(server.url, V2, {**PROGRAM_LOGIN, "code": code})
        assert '"err_no":0,' in answer.text
        assert not held.done()

        relay.let_go_on()
        assert '"err_no":40015,' in held.result().text
    box.close()


@contextmanager
def awaiting(server: ThreadedServer, relay: Relay) -> Iterator[socket.socket]:
    """Yield a connection with a request on it that the server is waiting to answer."""
    relay.rule = lambda command: Do.HOLD if begins_exchange(command) else Do.PASS
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 20) as connection:
        connection.sendall(b"GET /oauth/userinfo/ HTTP/1.1\r\nhost: x\r\n\r\n")
        assert relay.held.acquire(timeout=20)
        yield connection


def test_a_client_that_leaves_before_its_answer(relay: Relay, relayed: Replica) -> None:
    """A request whose client has gone is completed and recorded, and nobody else is affected."""
    box, mistakes = relayed(), list[object]()
    with ThreadedServer(box) as server:
        server.loop.set_exception_handler(lambda loop, context: mistakes.append(context))
        with awaiting(server, relay):
            pass
        for _ in range(3):  # by then the server has read that the connection is closed
            assert ask(server.url, "/_mock/health").status == 200
        relay.let_go_on()

        until(lambda: box.default.journal.total == 1, "the exchange")
        assert ask(server.url, "/oauth/userinfo/").status == 200
    assert mistakes == []


def test_an_answer_that_redis_owes_is_given_at_a_stop(relay: Relay, relayed: Replica) -> None:
    """A server that stops waits for the store, and gives the answer."""
    server = ThreadedServer(relayed()).start()
    with awaiting(server, relay) as connection:
        stopping = threading.Thread(target=server.stop)
        stopping.start()
        until(lambda: not _listens(server.url), "a server that takes nobody any more")

        relay.let_go_on()
        read = b""
        while chunk := connection.recv(65536):
            read += chunk
        stopping.join()
    assert read.startswith(b"HTTP/1.1 200 OK")


def _listens(url: str) -> bool:
    try:
        ask(url, "/_mock/health")
    except OSError:
        return False
    return True


def test_whoever_stands_in_line_is_answered_by_the_deadline(
    relay: Relay, threads: ThreadPoolExecutor
) -> None:
    """Requests that wait for their turn behind one that hangs time out with it, not after it."""
    settings = {"unknown_codes": "accept"}
    redis = RedisConnection(relay.url, timeout=2.0, log=lambda text: None)
    box = SharedSandbox(redis, settings=settings, deliverer=Dispatcher)
    refused: list[object] = []

    def refuse(command: list[Any]) -> Do | bytes:
        """Refuse commits; hold what is read by whoever has the first turn after that."""
        if runs(command, _scripts.COMMIT.sha):
            refused.append(command)
            return b"$8\r\nconflict\r\n"
        return Do.HOLD if len(refused) >= 20 and runs(command, _scripts.READ.sha) else Do.PASS

    with ThreadedServer(box) as server:
        relay.rule = refuse

        answers = asked(threads, server.url, 20)

        assert statuses(answers) == {503}
        assert any(" is busy: others change the same thing" in a.result().text for a in answers)
        held = 0
        while relay.held.acquire(blocking=False):
            held += 1
        assert 0 < held <= 4  # and not one after another
    box.close()


@pytest.mark.parametrize("way", ["server", "handle"])
def test_a_connection_that_died_silently_is_replaced(relay: Relay, way: str) -> None:
    """A connection that stops answering costs one request its answer, and no other."""
    box = SharedSandbox(
        RedisConnection(relay.url, timeout=0.3, log=lambda text: None), deliverer=Dispatcher
    )
    to_hold = [1]

    def hold_one(command: list[Any]) -> Do:
        return Do.HOLD if begins_exchange(command) and to_hold and to_hold.pop() else Do.PASS

    with ThreadedServer(box) as server:

        def status() -> int:
            if way == "server":
                return ask(server.url, V2, {}).status
            return box.handle(Request("POST", V2, body=b"{}")).status

        relay.rule = hold_one
        assert (status(), to_hold) == (503, [])
        until(lambda: status() == 200, "an answer")
    box.close()


@pytest.mark.parametrize("is_away", [False, True], ids=["answers", "away"])
def test_standing_in_line_is_not_the_stores_silence(
    own_redis: RedisServer, *, is_away: bool
) -> None:
    """Who stands in line for a thread loses time only while the store does not answer."""
    box = SharedSandbox(
        RedisConnection(own_redis.url, timeout=0.4, log=lambda text: None), deliverer=Dispatcher
    )
    execute(box, "clock")
    work, came = box.timed(lambda: execute(box, "clock")), now()
    with ThreadedServer(box) as server:
        if is_away:
            own_redis.pause()
            assert ask(server.url, V2, {}).status == 503
        until(lambda: now() - came > 0.4, "the end of a line that took longer than the timeout")
        before = box.redis.round_trips

        if is_away:
            with pytest.raises(StoreAwayError, match="no answer in time"):
                work()
            assert box.redis.round_trips == before
            own_redis.resume()
        else:
            assert work()["frozen"] is False
    box.close()


def test_every_operation_that_blocks_is_timed(
    replica: Replica, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has an operation that may block timed by the store."""
    box, timed = replica(), list[object]()

    def note(act: Callable[[], object], *, long: bool) -> Callable[[], object]:
        timed.append(act)
        return act

    monkeypatch.setattr(box, "timed", note)
    with ThreadedServer(box) as server:
        assert ask(server.url, "/_mock/clock").status == 200
    assert len(timed) == 1


def test_a_busy_event_loop_is_not_the_stores_silence(
    relay: Relay, threads: ThreadPoolExecutor
) -> None:
    """A loop that was busy for longer than the timeout takes the replies that came meanwhile."""
    box = SharedSandbox(
        RedisConnection(relay.url, timeout=1, log=lambda text: None), deliverer=Dispatcher
    )

    def be_busy() -> None:
        began = now()
        relay.let_go_on()
        until(lambda: now() - began > 2, "the end of what the loop is busy with")

    with ThreadedServer(box) as server:
        assert statuses(asked(threads, server.url, 10)) == {200}
        relay.rule = lambda command: Do.HOLD if begins_exchange(command) else Do.PASS
        answers = asked(threads, server.url, 1)
        assert relay.held.acquire(timeout=10)
        server.loop.call_soon_threadsafe(be_busy)

        assert statuses(answers) == {200}
    box.close()


def test_a_lock_is_waited_for_no_longer_than_the_deadline(replica: Replica) -> None:
    """Whoever waits for a world's lock gets an error when the time is over."""
    box = replica()
    has, done = threading.Event(), threading.Event()

    def hold() -> None:
        with box.default.store.lock:  # type: ignore[attr-defined]
            has.set()
            done.wait(20)

    holder = threading.Thread(target=hold)
    holder.start()
    assert has.wait(20)
    with deadline(now() + 0.1), pytest.raises(StoreBusyError):
        execute(box, "clock")
    done.set()
    holder.join()
    assert execute(box, "clock")["frozen"] is True


def test_an_unknown_host_is_reported() -> None:
    """The error about an unknown host names the address."""
    with pytest.raises(StoreAwayError, match="redis://nowhere.invalid:6379 does not answer"):
        RedisConnection("redis://nowhere.invalid", timeout=20).call("PING")


def test_something_that_is_not_a_redis_is_reported() -> None:
    """If another kind of server answers at the address, the error says so."""

    def answer(server: socket.socket) -> None:
        with contextlib.suppress(OSError):  # the test may end before it comes a second time
            for _ in range(2):
                client, _ = server.accept()
                with client:
                    client.recv(1000)
                    client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        with pytest.raises(MockDouyinError, match="that is not a Redis"):
            RedisConnection(f"redis://127.0.0.1:{server.getsockname()[1]}").call("PING")


def test_a_store_that_never_was_there_is_not_said_to_come_back() -> None:
    """What cannot even begin says nothing of going on."""
    with pytest.raises(StoreAwayError) as raised:
        SharedSandbox(RedisConnection(f"redis://127.0.0.1:{free_port()}"))

    assert str(raised.value).endswith("does not answer (Connection refused)")
