"""Outages of Redis while two workers answer sixteen clients."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from tests.cli.shell import Served, serve
from tests.support.helpers import PROGRAM_LOGIN
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

V2 = "/api/apps/v2/jscode2session"
CLIENTS = 16
WORKERS = 2
PATIENCE = 30.0
"""Seconds after which a client gives its request up."""


class Outage(NamedTuple):
    """How Redis fails, and for how many seconds."""

    kind: str
    """`stop`: it comes back empty. `pause`: it hangs."""
    seconds: float


def outages(count: int, shortest: float, longest: float) -> list[Outage]:
    """Return so many outages, of every kind and length in turn."""
    step = (longest - shortest) / max(count - 1, 1)
    kinds = ("stop", "pause")
    return [Outage(kinds[n % 2], shortest + step * (n * 7 % count)) for n in range(count)]


class Answer(NamedTuple):
    """The answer that a client got, and after how long."""

    says: str
    took: float


class Client(threading.Thread):
    """A backend that logs people in, one after another, until it is stopped."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._place = urlsplit(url).netloc
        self.answers: list[Answer] = []
        self.over = threading.Event()

    def run(self) -> None:
        """Log in."""
        connection = http.client.HTTPConnection(self._place, timeout=PATIENCE)
        while not self.over.is_set():
            self.log_in(connection)
        connection.close()

    def log_in(self, connection: http.client.HTTPConnection) -> None:
        """Get a code from a phone, and exchange it."""
        told = self._ask(connection, "/_mock/phone/login", {})
        code = told.get("code", "there is none")
        self._ask(connection, V2, {**PROGRAM_LOGIN, "code": code})

    def _ask(self, connection: http.client.HTTPConnection, path: str, body: object) -> dict:  # type: ignore[type-arg]
        began = time.monotonic()
        head = {"content-type": "application/json"}
        told: dict[str, object] = {}
        try:
            connection.request("POST", path, json.dumps(body), head)
            response = connection.getresponse()
            content = response.read()
            says = _said(response.status, content)
            told = json.loads(content) if response.status == 200 else {}
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            says = f"lost: {type(error).__name__}"
        self.answers.append(Answer(says, time.monotonic() - began))
        return told


def _said(status: int, content: bytes) -> str:
    text = content.decode()
    if status != 200:
        return f"{status}" if "mockdouyin: the store at" in text else f"{status}: {text}"
    return f"200 {json.loads(text).get('err_no', 0)}"


class Result(NamedTuple):
    """The result of all outages."""

    answers: Counter[str]
    """The answers during the outages."""
    longest: float
    """Seconds that the longest answer took."""
    after: Counter[str]
    """The answers after the last outage."""
    before: int
    connections: int
    """Connections to Redis before the first outage and after the last one."""
    gone: int
    back: int
    """Lines that said that Redis had gone, and that it was back."""
    said: str
    """All that the server said on stderr."""
    health: float
    """Seconds that the slowest answer of the health check took."""


def storm(folder: Path, planned: Iterable[Outage], between: float) -> Result:
    """Run outages of Redis while clients send requests."""
    redis = RedisServer().start()
    try:
        options = ("--quiet", "--store", redis.url, "--workers", str(WORKERS))
        with serve(folder, *options) as served:
            return _storm(redis, served, planned, between)
    finally:
        redis.close()


def _storm(
    redis: RedisServer, served: Served, planned: Iterable[Outage], between: float
) -> Result:
    _burst(served.url, 10)
    before = _at_rest(redis, 2 * WORKERS)
    clients = [Client(served.url) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    health = 0.0
    for outage in planned:
        time.sleep(between)
        health = max(health, _let_go(redis, served, outage))
    time.sleep(between)
    for client in clients:
        client.over.set()
    for client in clients:
        client.join()
    answers = [answer for client in clients for answer in client.answers]
    after = _burst(served.url, 25)
    lines = [line for line in served.err.splitlines() if "the store at" in line]
    return Result(
        Counter(answer.says for answer in answers),
        max(answer.took for answer in answers),
        after,
        before,
        _at_rest(redis, before + 2),
        sum("does not" in line for line in lines),
        sum("again" in line for line in lines),
        served.err,
        health,
    )


def _let_go(redis: RedisServer, served: Served, outage: Outage) -> float:
    """Run one outage; return how long the health check took in its middle."""
    if outage.kind == "stop":
        redis.stop()
    else:
        redis.pause()
    time.sleep(outage.seconds / 2)
    began = time.monotonic()
    connection = http.client.HTTPConnection(urlsplit(served.url).netloc, timeout=PATIENCE)
    connection.request("GET", "/_mock/health")
    assert connection.getresponse().status == 200
    connection.close()
    took = time.monotonic() - began
    time.sleep(outage.seconds / 2)
    if outage.kind == "stop":
        redis.start()
    else:
        redis.resume()
    return took


def _burst(url: str, count: int) -> Counter[str]:
    """Let all clients log in so often at once, and return the answers."""
    clients = [Client(url) for _ in range(CLIENTS)]

    def log_in(client: Client) -> None:
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE)
        for _ in range(count):
            client.log_in(connection)
        connection.close()

    threads = [threading.Thread(target=log_in, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(answer.says for client in clients for answer in client.answers)


def _at_rest(redis: RedisServer, most: int) -> int:
    """Wait until there are so few connections, and return their number."""
    until(lambda: redis.clients <= most, f"{most} connections at most, not {redis.clients}")
    return redis.clients
