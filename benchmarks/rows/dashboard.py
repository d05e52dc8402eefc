"""The dashboard in Chromium, on a server that has answered 10,000 requests and goes on."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.bench import Bench
from benchmarks.contenders import stocked
from benchmarks.contenders.stock import LOGIN_PATH, login_body
from benchmarks.machine import free_port
from benchmarks.processes import ROOT, BenchError, Process, answers, python, wait_until
from benchmarks.results import Measured, Row, at_most

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROWS: tuple[Row, ...] = (
    Row(
        "dashboard",
        "the dashboard on 10,000 exchanges, until its first rows are seen",
        at_most(1000, "ms"),
    ),
    Row("dashboard_all", "until all that happened is in its list", at_most(2000, "ms")),
    Row("dashboard_search", "a key in its search, until the list has narrowed", at_most(50, "ms")),
    Row("dashboard_key", "the key k, until another row is selected", at_most(50, "ms")),
    Row(
        "dashboard_task",
        "its longest task while 300 requests/s come, in CPU time",
        at_most(50, "ms"),
    ),
)

EXCHANGES = 10_000

RATE = 300.0
"""Requests per second while it is open."""

SEARCH = "code:40018 小明"
"""What is typed, key by key."""

STEPS = 30
"""How often a row is moved up."""

_PROBE = ROOT / "benchmarks" / "chromium" / "probe.js"
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

Times = dict[str, list[float]]


def measure(bench: Bench, wanted: set[str]) -> Iterator[Measured]:
    """Open it, type, walk, and let requests come: in each round on a new server."""
    rounds: list[Times] = []
    with _browser() as browser:
        hook = _receiver(bench)
        for _ in range(bench.size.rounds):
            rounds.append(_visit(bench, browser, hook))
    for name in sorted(wanted):
        worst = max(each for times in rounds for each in times[name])
        note = f"the median of {len(rounds[0][name])}, worst {worst:.0f} ms"
        if name == "dashboard_task":
            note = f"{median(times['rate'][0] for times in rounds):.0f} requests/s"
        yield Measured(name, tuple(median(times[name]) for times in rounds), note)


@contextmanager
def _browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise BenchError("this needs Chromium: apt-get install chromium fonts-noto-cjk")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise BenchError("this needs Playwright: pip install playwright") from None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def _receiver(bench: Bench) -> str:
    """Start what receives the webhooks; return its URL."""
    port = free_port()
    command = python("-m", "benchmarks.contenders.receiver", str(port))
    receiver = bench.fleet.start(command, bench.cores.load)
    wait_until(lambda: answers(port, b"GET / HTTP/1.1\r\n\r\n"), receiver)
    return f"http://127.0.0.1:{port}/hook"


def _visit(bench: Bench, browser: Browser, hook: str) -> Times:
    server = stocked(bench)
    exchanges = min(EXCHANGES, bench.size.requests)
    rows = server.ask(do="history", exchanges=exchanges, hook=hook)
    context = browser.new_context(viewport={"width": 1440, "height": 860}, locale="zh-CN")
    page = context.new_page()
    page.add_init_script(path=_PROBE)
    page.goto(f"http://127.0.0.1:{server.port}/_mock/")
    times = {
        "dashboard": [page.evaluate("probe.first")],
        "dashboard_all": [page.evaluate("rows => probe.all(rows)", rows)],
        "dashboard_search": _type(page),
        "dashboard_key": _walk(page),
        **_follow(bench, browser, page, server),
    }
    context.close()
    bench.fleet.stop(server)
    return times


def _type(page: Page) -> list[float]:
    """Type a search twice: the first time shows how many rows each key leaves."""
    counts: list[int] = []
    times: list[float] = []
    for number, key in enumerate(SEARCH * 2):
        if number % len(SEARCH) == 0:
            page.locator(".search input").fill("")
            page.wait_for_timeout(500)
        page.keyboard.insert_text(key)
        if number < len(SEARCH):
            page.wait_for_timeout(250)
            counts.append(page.evaluate("probe.count()"))
        else:
            times.append(page.evaluate("rows => probe.narrowed(rows)", counts[len(times)]))
    page.locator(".search input").fill("")
    page.locator(".list").focus()
    return times


def _walk(page: Page) -> list[float]:
    times = []
    for _ in range(STEPS):
        before = page.evaluate("probe.selected()")
        page.keyboard.press("k")
        times.append(page.evaluate("before => probe.moved(before)", before))
    return times


def _follow(bench: Bench, browser: Browser, page: Page, server: Process) -> Times:
    """Let requests come to the list at its end; return its longest task, and the real rate."""
    page.locator(".list").evaluate("list => list.scrollTo(0, list.scrollHeight)")
    page.wait_for_timeout(500)
    browser.start_tracing(page=page, categories=["toplevel", "__metadata"])
    with _Client(server, bench.cores.server) as client:
        page.wait_for_timeout(bench.size.seconds * 1000)
    tasks = _tasks(json.loads(browser.stop_tracing())["traceEvents"])
    return {"dashboard_task": [max(tasks)], "rate": [client.sent / bench.size.seconds]}


def _tasks(trace: list[dict[str, Any]]) -> list[float]:
    """Return the milliseconds of CPU of each task of a page's main thread."""
    named = [each for each in trace if each["name"] == "thread_name"]
    mains = {
        (each["pid"], each["tid"]) for each in named if each["args"]["name"] == "CrRendererMain"
    }
    return [
        each["tdur"] / 1000
        for each in trace
        if each["name"].endswith("RunTask")
        and "tdur" in each
        and (each["pid"], each["tid"]) in mains
    ]


class _Client:
    """Logs in, exchanges the code, and tries it again, at a constant rate until it is left."""

    def __init__(self, server: Process, core: int) -> None:
        self._server, self._core = server, core
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._error: Exception | None = None
        self.sent = 0

    def __enter__(self) -> _Client:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()
        if self._error is not None:
            raise BenchError(f"the requests failed: {self._error!r}")

    def _run(self) -> None:
        os.sched_setaffinity(0, {self._core})  # this thread alone: the browser has the other core
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=60)
        began, code = time.perf_counter(), ""
        try:
            while not self._left.is_set():
                if self.sent % 3 == 0:
                    code = _post(connection, "/_mock/phone/login", "{}")["code"]
                else:
                    _post(connection, LOGIN_PATH, login_body(code))
                self.sent += 1
                time.sleep(max(0.0, began + self.sent / RATE - time.perf_counter()))
        except Exception as error:  # noqa: BLE001 - raised where the client is left
            self._error = error
        finally:
            connection.close()


def _post(connection: http.client.HTTPConnection, path: str, body: str) -> Any:
    connection.request("POST", path, body, {"content-type": "application/json"})
    return json.loads(connection.getresponse().read())
