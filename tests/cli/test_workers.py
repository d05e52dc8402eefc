"""`serve --store` and `serve --workers`: several processes that answer as one."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from pathlib import Path

import httpx
import pytest

from mockdouyin.cli._sandbox_options import SandboxOptions
from mockdouyin.cli._scenario_watcher import ScenarioWatcher
from mockdouyin.control import execute
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from tests.cli.shell import Late, run, serve
from tests.redis_store.relay import Do, Relay
from tests.support.helpers import PROGRAM
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

DEMO = (PROGRAM.client_key, PROGRAM.client_secret)


def children(pid: int) -> list[int]:
    """Return the processes that a process has started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in text.split()]


def test_workers_answer_as_one(tmp_path: Path, redis_url: str) -> None:
    """Whichever worker is met, codes, journal and clock are the same; SIGTERM ends them all."""
    with serve(tmp_path, "--store", redis_url, "--workers", "2") as served:
        workers = children(served.process.pid)
        answers = [served.login(*DEMO) for _ in range(10)]
        httpx.post(f"{served.url}/_mock/clock/freeze")
        moved = httpx.post(f"{served.url}/_mock/clock/advance", json={"by": "2h"}).json()["now"]
        shown = {httpx.get(f"{served.url}/_mock/clock").json()["now"] for _ in range(6)}
        journal = httpx.get(f"{served.url}/_mock/journal").json()["exchanges"]

        assert len(workers) == 2
        assert served.ready == {"url": served.url, "pid": served.process.pid}
        assert [each.json()["err_no"] for each in answers] == [0] * 10
        assert shown == {moved}
        numbers = [int(each.headers["x-tt-logid"][-12:], 16) for each in answers]
        assert [each["id"] for each in journal] == numbers == sorted(set(numbers))
        assert served.out.count("listens on") == 1
        assert served.stop() == 0
        assert not any(os.path.exists(f"/proc/{worker}") for worker in workers)
        assert served.err == ""


def test_a_worker_that_dies_is_replaced(tmp_path: Path, redis_url: str) -> None:
    """Another worker takes the place of one that was killed, and says so."""
    with serve(tmp_path, "--store", redis_url, "--workers", "2") as served:
        before = children(served.process.pid)
        os.kill(before[0], signal.SIGKILL)

        served.complains(f"worker {before[0]} ended with -9; another one takes its place")
        until(lambda: len(children(served.process.pid)) == 2, "another worker")
        assert set(children(served.process.pid)) != set(before)
        assert [served.login(*DEMO).json()["err_no"] for _ in range(5)] == [0] * 5
        assert served.stop() == 0


def test_workers_end_with_their_supervisor(tmp_path: Path, redis_url: str) -> None:
    """A supervisor that is killed leaves no worker behind."""
    with serve(tmp_path, "--store", redis_url, "--workers", "2") as served:
        workers = children(served.process.pid)
        served.stop(signal.SIGKILL)

        until(
            lambda: not any(_runs(worker) for worker in workers),
            "the workers' end",
        )


def _runs(pid: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_stop_as_the_wait_begins(tmp_path: Path, redis_url: str) -> None:
    """SIGTERM that comes as the supervisor begins to wait stops it, and its workers."""
    ready = tmp_path / "ready.json"
    serving = ["serve", "--port", "0", "--store", redis_url, "--workers", "2"]
    running = Late(tmp_path, *serving, "--ready-file", str(ready))
    try:
        until(ready.exists, "the ready file")

        assert running.stop() == 0
    finally:
        running.process.kill()


def test_one_process_watches_the_scenario(tmp_path: Path, redis_url: str) -> None:
    """A changed scenario file is loaded by one worker, and holds for every one of them."""
    story = tmp_path / "story.yaml"
    story.write_text("name: story\nsettings: {unknown_people: 2}\n")
    options = ("--scenario", str(story), "--store", redis_url, "--workers", "2")
    with serve(tmp_path, *options) as served:
        story.write_text("name: story\nsettings: {unknown_people: 7}\n")

        served.prints("changed: reloaded")
        people = {
            httpx.get(f"{served.url}/_mock/settings").json()["settings"]["unknown_people"]
            for _ in range(6)
        }
        assert people == {7}
        assert served.out.count("changed: reloaded") == 1


def test_a_server_that_joins_changes_nothing(tmp_path: Path, redis_url: str) -> None:
    """A server with no scenario of its own takes over the one that is there."""
    first, second = tmp_path / "a", tmp_path / "b"
    with (
        serve(first, "--store", redis_url, "--accept-unknown") as served,
        serve(second, "--store", redis_url) as other,
    ):
        settings = [httpx.get(f"{each.url}/_mock/settings").json() for each in (served, other)]

        assert settings[0] == settings[1]
        assert settings[1]["settings"]["unknown_codes"] == "accept"
        refused = run("serve", "--port", "0", "--store", redis_url, "--seed", "5")
        assert refused.returncode == 2
        assert "--seed 5: the worlds in redis://127.0.0.1" in refused.stderr


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--workers", "2"], "--workers above 1 needs a store that they share"),
        (["--store", "redis://:hidden@127.0.0.1:9"], "the store at redis://127.0.0.1:9 does not"),
        (
            ["--store", "redis://:hidden@127.0.0.1:9", "--workers", "2"],
            "the store at redis://127.0.0.1:9 does not answer",
        ),
        (["--store", "somewhere"], "--store is not the address of a Redis"),
        (
            ["--store", "redis://127.0.0.1:9", "--workers", "2", "--intercept"],
            "--workers above 1 and --intercept do not go together",
        ),
        (
            ["--store", "redis://127.0.0.1:9", "--state", "state"],
            "--state and --store do not go together",
        ),
    ],
)
def test_what_cannot_be_is_told_in_a_line(options: list[str], says: str) -> None:
    """What is wrong with the store or the workers is one line, with no password, and exit 2."""
    result = run("serve", "--port", "0", *options)

    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1
    assert says in result.stderr
    assert "hidden" not in result.stderr


def test_a_worker_that_dies_in_an_outage(tmp_path: Path) -> None:
    """That a worker cannot be replaced while Redis is away is said once; then it is."""
    redis = RedisServer().start()
    with serve(tmp_path, "--store", redis.url, "--workers", "2") as served:
        workers = children(served.process.pid)
        redis.stop()
        os.kill(workers[1], signal.SIGKILL)
        tried: set[int] = set()

        def tried_thrice() -> bool:
            tried.update(set(children(served.process.pid)) - set(workers))
            return len(tried) >= 3

        until(tried_thrice, "three tries")
        redis.start()

        served.complains(f"another worker answers in place of {workers[1]}")
        assert served.err.count("does not answer (Connection refused)\n") == 1
        assert [served.login(*DEMO).json()["err_no"] for _ in range(5)] == [0] * 5
        assert served.stop() == 0
    redis.close()


def test_a_server_that_is_stopped_in_an_outage(tmp_path: Path) -> None:
    """SIGTERM ends every worker while Redis stands still and requests wait for it."""
    redis = RedisServer().start()
    with serve(tmp_path, "--store", redis.url, "--workers", "2") as served:
        redis.pause()
        asking = [
            threading.Thread(target=_ask_in_vain, args=(f"{served.url}/oauth/userinfo/",))
            for _ in range(4)
        ]
        for each in asking:
            each.start()
        assert served.stop() == 0
        for each in asking:
            each.join()
    redis.close()


def _ask_in_vain(url: str) -> None:
    with contextlib.suppress(httpx.HTTPError):
        assert httpx.get(url, timeout=30).status_code == 503


def test_a_scenario_that_changes_in_an_outage(tmp_path: Path, redis_server: RedisServer) -> None:
    """A file that changed while Redis was away is loaded once it is back."""
    story = tmp_path / "story.yaml"
    story.write_text("name: story\n")
    relay = Relay(redis_server.port)
    options = SandboxOptions((str(story),), {}, {}, None)
    box = SharedSandbox(RedisConnection(relay.url), options.load_scenario())
    watcher = ScenarioWatcher(options)
    story.write_text("name: story\nsettings: {unknown_people: 7}\n")

    relay.rule = lambda command: Do.CUT
    watcher.check(box, None)
    relay.let_go_on()
    assert execute(box, "settings")["settings"]["unknown_people"] == 1
    watcher.check(box, None)

    assert execute(box, "settings")["settings"]["unknown_people"] == 7
    box.close()
    relay.close()
