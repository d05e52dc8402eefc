"""Load at a constant rate: `python -m benchmarks.pace` sends requests when they are due.

A request's time counts from the moment at which it was due, even if no connection was free to
send it: a server that stalls is charged for everybody who had to wait (no coordinated omission).
The loop never sleeps, because an event loop's timers are a millisecond coarse; it has a core of
its own. While another process has that core, its clock stands still: no answer is late only
because nobody looked.
"""

from __future__ import annotations

import gc
import json
import select
import socket
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.bench import Bench
from benchmarks.contenders.stock import Load
from benchmarks.processes import BenchError, Process, python, run

BLINK = 0.0003
"""Seconds between two readings of the clock above which another process had the core: one turn
of the loop takes a tenth of that."""


class Paced(NamedTuple):
    """The result: milliseconds from when a request was due to its answer's last byte."""

    p50: float
    p99: float
    worst: float
    requests: int
    late: int
    """Requests for which no connection was free when they were due."""
    seconds: float
    """The length of the run."""
    away: float
    """Seconds of the run for which the load had lost its core, so nobody watched the server."""


def pace(
    bench: Bench, process: Process, load: Load, rate: float, seconds: float, bodies: Path
) -> Paced:
    """Send `rate` requests per second to a server, from the other core."""
    plan = {
        "port": process.port,
        "rate": rate,
        "seconds": seconds,
        "connections": bench.size.connections,
        "load": load,
        "bodies": str(bodies),
    }
    said = json.loads(run(python("-m", "benchmarks.pace", json.dumps(plan)), bench.cores.load))
    if said["refused"]:
        raise BenchError(f"{load.path}: {said['refused']} requests were not granted")
    return Paced(*said["paced"])


class _Clock:
    """A clock that stands still while another process has this one's core."""

    def __init__(self) -> None:
        self.away = 0.0
        self._last = time.perf_counter()

    def now(self) -> float:
        """Return the time, without the gaps in which another process had the core."""
        now = time.perf_counter()
        if now - self._last > BLINK:
            self.away += now - self._last
        self._last = now
        return now - self.away


class _Client:
    """A pool of connections, each free or waiting for an answer since a known moment."""

    def __init__(self, port: int, count: int, expect: bytes, clock: _Clock) -> None:
        self._clock = clock
        self._poll = select.epoll()
        self._expect = expect
        self._sockets: dict[int, socket.socket] = {}
        self._since: dict[int, float] = {}
        self._data: dict[int, bytes] = {}
        self.free: deque[int] = deque()
        self.times: list[float] = []
        self.refused = 0
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._sockets[connection.fileno()] = connection
            self._data[connection.fileno()] = b""
            self._poll.register(connection, select.EPOLLIN)
            self.free.append(connection.fileno())

    @property
    def waits(self) -> bool:
        """Whether an answer is outstanding."""
        return bool(self._since)

    def send(self, request: bytes, due: float) -> None:
        """Send a request on a free connection, and remember when it was due."""
        number = self.free.popleft()
        self._since[number] = due
        self._sockets[number].sendall(request)

    def receive(self) -> None:
        """Read the answers that have arrived."""
        for number, _ in self._poll.poll(0):
            data = self._sockets[number].recv(65536)
            if not data:
                raise BenchError("the server closed a connection")
            data = self._data[number] + data
            if not _is_whole(data):
                self._data[number] = data
                continue
            self.times.append(self._clock.now() - self._since.pop(number))
            self._data[number] = b""
            self.refused += self._expect not in data
            self.free.append(number)


def _is_whole(data: bytes) -> bool:
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return False
    place = data.find(b"content-length:")
    return len(data) >= end + 4 + int(data[place + 15 : data.index(b"\r\n", place)])


def _requests(load: Load, file: Path) -> Callable[[], bytes]:
    """Return a function that returns the next request; a single body is sent again and again."""
    lines = [f"{load.method} {load.path} HTTP/1.1", "host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in load.headers.items()]
    head = "\r\n".join(lines).encode() + b"\r\ncontent-length: %d\r\n\r\n"
    bodies = file.read_bytes().splitlines() or [b""]
    if len(bodies) == 1:
        only = head % len(bodies[0]) + bodies[0]
        return lambda: only
    ready = [head % len(body) + body for body in bodies]
    return iter(ready).__next__


def _run(
    client: _Client, clock: _Clock, next_request: Callable[[], bytes], rate: float, count: int
) -> int:
    """Send each request when due, or once a connection is free; return how many were late."""
    late: set[int] = set()
    sent, began = 0, clock.now() + 0.01
    while sent < count or client.waits:
        due = began + sent / rate
        if sent < count and clock.now() >= due:
            if client.free:
                client.send(next_request(), due)
                sent += 1
            else:
                late.add(sent)
        client.receive()
    return len(late)


def main() -> None:
    """Run the plan in the command line's JSON, and print the result."""
    plan = json.loads(sys.argv[1])
    load, clock = Load(*plan["load"]), _Clock()
    client = _Client(plan["port"], plan["connections"], load.expect.encode(), clock)
    next_request = _requests(load, Path(plan["bodies"]))
    rate = plan["rate"]
    for _ in range(plan["connections"]):  # warm every connection up before measuring
        client.send(next_request(), clock.now())
    while client.waits:
        client.receive()
    client.times.clear()
    gc.disable()
    began, away = time.perf_counter(), clock.away
    late = _run(client, clock, next_request, rate, int(rate * plan["seconds"]))
    seconds, away = time.perf_counter() - began, clock.away - away
    times = sorted(client.times)
    part = (_at(times, 0.5), _at(times, 0.99), times[-1] * 1000)
    print(
        json.dumps({"paced": (*part, len(times), late, seconds, away), "refused": client.refused})
    )


def _at(times: list[float], part: float) -> float:
    return times[int(len(times) * part)] * 1000


if __name__ == "__main__":
    main()
