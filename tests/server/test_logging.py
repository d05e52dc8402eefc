"""What the server logs: bugs of its own, under its own name, and nothing of the user's."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from mockdouyin.server import pages
from mockdouyin.server.app import SandboxApp
from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import Running
from tests.support.waiting import until
from tests.support.wire import dial

UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi")
ASKED = {"client_key": "x", "client_secret": "x", "grant_type": "client_credential"}
TOKEN = "/oauth/client_token/"
PAGE = "/platform/oauth/connect/?client_key=x"


class Kept(logging.Handler):
    """A handler of the user's, which keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)


@pytest.fixture
def users() -> Iterator[Kept]:
    """Let the user have set up the logging of their own uvicorn."""
    kept = Kept()
    loggers = [logging.getLogger(name) for name in UVICORN]
    for each in loggers:
        each.addHandler(kept)
        each.setLevel(logging.DEBUG)
    yield kept
    for each in loggers:
        each.removeHandler(kept)
        each.setLevel(logging.NOTSET)


def test_the_users_loggers_are_left_alone(users: Kept) -> None:
    """Levels and handlers are as they were, and requests, faults and garbage leave no line."""

    def setup() -> list[object]:
        loggers = [logging.getLogger(name) for name in UVICORN]
        return [(each.level, list(each.handlers), each.propagate) for each in loggers]

    before = setup()
    with ThreadedServer() as server, httpx.Client(base_url=server.url) as http:
        assert http.post(TOKEN, json=ASKED).status_code == 200
        for fault in ("reset", "close", "cut", "garbage"):
            http.post("/_mock/rules", json={"on": "client_token", "fault": fault, "times": 1})
            with pytest.raises(httpx.TransportError):
                http.post(TOKEN, json=ASKED)
        with dial(server) as connection:
            connection.sendall(b"no HTTP at all\r\n\r\n")
            assert b"400" in connection.recv(4096)
        assert setup() == before

    assert [record.getMessage() for record in users.records] == []
    assert setup() == before


def test_a_bug_behind_the_protocol_is_logged(
    http: httpx.Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug of the application is logged with its traceback, and its client gets a 500."""

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(SandboxApp, "answer_platform", broken)

    reply = http.head(TOKEN)  # which is not answered in place

    assert reply.status_code == 500
    until(lambda: bool(caplog.records), "a record")
    [record] = caplog.records
    assert record.name == "mockdouyin.server.protocol"
    assert record.exc_info is not None
    assert isinstance(record.exc_info[1], ZeroDivisionError)


def test_a_bug_in_a_page_is_logged(
    http: httpx.Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that cannot be rendered is a 500 that says so, and a traceback in the log."""
    monkeypatch.setattr(pages, "_html", lambda page: 1 / 0)

    reply = http.get(PAGE)

    assert (reply.status_code, reply.text[:11]) == (500, "mockdouyin:")
    [record] = caplog.records
    assert record.name == "mockdouyin"
    assert "ZeroDivisionError" in caplog.text


_BROKEN = """
from mockdouyin.server import pages
pages._html = lambda page: 1 / 0
from mockdouyin.cli import main
main()
"""


class Broken(Running):
    """The command, with a bug in every page."""

    command = [sys.executable, "-c", _BROKEN]


def test_serve_shows_a_traceback(tmp_path: Path) -> None:
    """Where nobody has set up logging, the traceback of a bug is on the command's stderr."""
    running = Broken(tmp_path, "serve", "--port", "0")
    try:
        running.prints("http://127.0.0.1:")
        url = running.out[running.out.index("http://127.0.0.1:") :].split()[0].rstrip("/")
        assert httpx.get(url + PAGE).status_code == 500
        running.complains("Traceback (most recent call last)")
        running.complains("ZeroDivisionError: division by zero")
    finally:
        running.stop()
