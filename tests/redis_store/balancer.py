"""Two replicas behind nginx, many logins at once, and one replica killed in the middle.

python -m tests.redis_store.balancer 100000
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from mockdouyin.domain.logins import LoginCode
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from tests.cli.shell import serve
from tests.support.helpers import PROGRAM, PROGRAM_LOGIN, need
from tests.support.ports import free_port
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

CONFIGURATION = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  upstream replicas {{
    {servers}
    keepalive 64;
  }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://replicas;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_read_timeout 75s;
    }}
  }}
}}
"""

V2 = "/api/apps/v2/jscode2session"


@contextmanager
def nginx(*urls: str) -> Iterator[int]:
    """Yield the port of an nginx in front of these servers."""
    program = shutil.which("nginx") or ""
    need(program, "apt-get install nginx-light")
    with tempfile.TemporaryDirectory(prefix="mockdouyin-nginx-") as folder:
        port = free_port()
        servers = "\n    ".join(f"server {urlsplit(url).netloc};" for url in urls)
        text = CONFIGURATION.format(folder=folder, port=port, servers=servers)
        place = Path(folder) / "nginx.conf"
        place.write_text(text)
        command = [program, "-p", folder, "-e", f"{folder}/error.log", "-c", str(place)]
        process = subprocess.Popen(command)
        try:
            until(lambda: _answers(port), "nginx")
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/_mock/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


class Answer(NamedTuple):
    """What came back for a code: the error's number, or None where no answer came."""

    code: str
    number: int | None


class Client(threading.Thread):
    """A backend that exchanges codes one after another, over one connection that it keeps."""

    def __init__(self, port: int, codes: list[str]) -> None:
        super().__init__(daemon=True)
        self._port = port
        self._codes = codes
        self.answers: list[Answer] = []

    def run(self) -> None:
        """Exchange every code once."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        for code in self._codes:
            self.answers.append(Answer(code, _exchange(connection, code)))
        connection.close()


def _exchange(connection: http.client.HTTPConnection, code: str) -> int | None:
    body = json.dumps({**PROGRAM_LOGIN, "code": code})
    try:
        connection.request("POST", V2, body, {"content-type": "application/json"})
        response = connection.getresponse()
        content = response.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return None
    number: int | None = json.loads(content)["err_no"] if response.status == 200 else None
    return number


def issue(url: str, count: int) -> list[str]:
    """Issue codes, many in a commit: real logins would take longer than the test itself."""
    box = SharedSandbox(RedisConnection(url))
    world, codes = box.default, [box.default.ids.login_code("many", n) for n in range(count)]

    def write(some: list[str]) -> None:
        unit = world.store.unit(world.clock.now())
        made = LoginCode(
            app=PROGRAM.client_key,
            person=world.people.first,
            session_key="AAAAAAAAAAAAAAAAAAAAAA==",
            expires=unit.now + 3600,
        )
        for code in some:
            unit.write(code, made)
        unit.commit()

    for start in range(0, count, 2000):
        some = codes[start : start + 2000]
        world.transact(lambda some=some: write(some))  # type: ignore[misc]
    box.close()
    return codes


class Result(NamedTuple):
    """What became of many logins."""

    logins: int
    succeeded: int
    """Codes that were answered with a session."""
    lost: int
    """Answers that did not come: those that the killed replica was giving."""
    consumed_and_lost: int
    """Codes that were consumed and whose answer was lost, as a second try shows."""
    others: dict[int | None, int]
    """All other answers; there must be none."""
    used: int
    """Codes that are marked as used in the store."""
    before: int
    """Answers that there were when the replica was killed."""


def storm(folder: Path, redis: RedisServer, count: int, clients: int = 16) -> Result:
    """Exchange so many codes through a load balancer; kill a replica after a third of them."""
    with ExitStack() as stack:
        options = ("--quiet", "--store", redis.url)
        served = [stack.enter_context(serve(folder / name, *options)) for name in ("a", "b")]
        codes = issue(redis.url, count)
        port = stack.enter_context(nginx(*(each.url for each in served)))
        backends = [Client(port, codes[n::clients]) for n in range(clients)]
        for backend in backends:
            backend.start()
        done = count // 3
        until(lambda: sum(len(each.answers) for each in backends) >= done, "a third", 600)
        os.kill(served[0].process.pid, signal.SIGKILL)
        before = sum(len(each.answers) for each in backends)
        for backend in backends:
            backend.join()
        answers = [answer for each in backends for answer in each.answers]
        return _counted(port, redis.url, answers, before)


def _counted(port: int, url: str, answers: list[Answer], before: int) -> Result:
    seen = Counter(answer.number for answer in answers)
    succeeded, lost = seen.pop(0, 0), seen.pop(None, 0)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    again = Counter(
        _exchange(connection, answer.code) for answer in answers if answer.number is None
    )
    connection.close()
    assert set(again) <= {0, 40018}
    box = SharedSandbox(RedisConnection(url))
    unit = box.default.store.unit(box.default.clock.now())
    used = sum(code.used for _, code in unit.scan(LoginCode))
    box.close()
    return Result(len(answers), succeeded + again[0], lost, again[40018], dict(seen), used, before)


if __name__ == "__main__":
    server = RedisServer().start()
    try:
        with tempfile.TemporaryDirectory() as place:
            sys.stdout.write(f"{storm(Path(place), server, int(sys.argv[1]))}\n")
    finally:
        server.close()
