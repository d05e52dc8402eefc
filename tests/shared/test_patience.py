"""Connections of a server whose answers have to be waited for."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator

import pytest

from mockdouyin.core.message import Fault
from mockdouyin.core.settings import Duration
from mockdouyin.sandbox import Rule
from mockdouyin.server.serving import ThreadedServer
from tests.cli.shell import until
from tests.helpers import PROGRAM_LOGIN, phone
from tests.shared.conftest import Replica

V2 = "/api/apps/v2/jscode2session"


@pytest.fixture
def server(replica: Replica) -> Iterator[ThreadedServer]:
    """Give a server on Redis."""
    with ThreadedServer(replica()) as running:
        yield running


def asking(code: str, path: str = V2, *, close: bool = False) -> bytes:
    """Write a login as bytes."""
    body = json.dumps({**PROGRAM_LOGIN, "code": code}).encode()
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    head += "connection: close\r\n" if close else ""
    return head.encode() + b"content-length: %d\r\n\r\n%b" % (len(body), body)


def all_of(server: ThreadedServer, *pieces: bytes) -> bytes:
    """Send pieces on one connection, and read all that comes until its end."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 20) as connection:
        for piece in pieces:
            connection.sendall(piece)
        read = b""
        while chunk := connection.recv(65536):
            read += chunk
        return read


def numbers(read: bytes) -> list[int]:
    """Give the errors' numbers of the answers, in their order."""
    return [int(each.split(b",")[0]) for each in read.split(b'"err_no":')[1:]]


def test_requests_in_one_piece_are_answered_in_order(server: ThreadedServer) -> None:
    """Requests that come all at once are answered one after another, short way or long."""
    codes = [phone(server.sandbox, "login")["code"] for _ in range(2)]
    strange = asking(codes[1], V2.replace("api", "%61pi"))
    last = asking(codes[1], close=True)

    read = all_of(server, asking(codes[0]) + asking(codes[0]) + strange + last)

    assert numbers(read) == [0, 40018, 0, 40018]


def test_what_comes_while_an_answer_is_awaited_is_held(server: ThreadedServer) -> None:
    """Pieces that come before an answer has gone out are read after it."""
    codes = [phone(server.sandbox, "login")["code"] for _ in range(20)]
    pieces = [asking(code) for code in codes] + [asking("unknown", close=True)]
    halves = [half for piece in pieces for half in (piece[:50], piece[50:])]

    assert numbers(all_of(server, *halves)) == [0] * 20 + [40018]


def test_a_client_that_goes_away_harms_nobody(server: ThreadedServer) -> None:
    """A connection that is closed before its answer leaves the server in order."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    for _ in range(20):
        with socket.create_connection((host, int(port)), 20) as connection:
            connection.sendall(asking("unknown"))

    code = phone(server.sandbox, "login")["code"]
    assert numbers(all_of(server, asking(code, close=True))) == [0]


def test_a_fault_strikes_after_the_wait(server: ThreadedServer) -> None:
    """A rule's fault and delay are carried out on the connection that waited."""
    box = server.sandbox
    box.default.whole(lambda: box.default.rules.add(Rule(on="code_to_session", fault=Fault.CLOSE)))

    assert all_of(server, asking("unknown")) == b""


def test_answers_under_way_are_finished_at_a_stop(replica: Replica) -> None:
    """A server that stops gives the answers that it was waiting for."""
    server = ThreadedServer(replica()).start()
    box = server.sandbox
    box.default.whole(
        lambda: box.default.rules.add(Rule(on="code_to_session", delay=Duration(0.5)))
    )
    read: list[bytes] = []
    client = threading.Thread(target=lambda: read.append(all_of(server, asking("unknown"))))
    client.start()
    until(lambda: box.default.journal.total, "the request")

    server.stop()
    client.join()

    assert numbers(read[0]) == [40018]
