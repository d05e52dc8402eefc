"""Strangers at the control API: foreign pages, rebound names, other machines and users."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest

from mockdouyin.server.access import Access
from mockdouyin.server.serving import ThreadedServer
from tests.attacks.raw_requests import (
    JSON,
    OPEN,
    Answer,
    ControlCall,
    Headers,
    every_operation,
    send,
)
from tests.support.receivers import Receiver, says

TOKEN = "a-token-of-the-tests"
BEARER = ("Authorization", f"Bearer {TOKEN}")

HERE = ("Host", "127.0.0.1:PORT")
OWN = ("Origin", "http://127.0.0.1:PORT")
TEXT = ("Content-Type", "text/plain;charset=UTF-8")
FORM = ("Content-Type", "application/x-www-form-urlencoded")
PARTS = ("Content-Type", "multipart/form-data; boundary=x")
NEIGHBOUR = ("Origin", "http://localhost:3000")
"""A page of this machine, at another port."""


class Guarded:
    """A server under attack, and the state that an attack would change."""

    def __init__(self, server: ThreadedServer, receiver: Receiver) -> None:
        self.url = server.url
        self._port = server.url.rpartition(":")[2]
        self._sandbox = server.sandbox
        self._receiver = receiver

    def _state(self) -> object:
        world = self._sandbox.default
        worlds = [each.name for each in self._sandbox.worlds]
        told = (
            world.journal.total,
            len(self._receiver.received),
            list(world.apps),
            list(world.people),
        )
        is_moved = abs(world.clock.now() - time.time()) > 1000
        return worlds, told, is_moved, len(list(world.rules))

    def send(
        self, method: str, target: str, headers: Headers, body: bytes = b"", version: str = "1.1"
    ) -> Answer:
        """Send one request, with PORT replaced by the server's."""
        filled = tuple((name, value.replace("PORT", self._port)) for name, value in headers)
        target = target.replace("PORT", self._port)
        return send(self.url, method, target, filled, body, version=f"HTTP/{version}")

    def asked(self) -> list[ControlCall]:
        """Return a request for every operation that is not public."""
        return [each for each in every_operation(self._receiver.url) if each.target not in OPEN]

    def refuses(self, headers: Headers, status: int, but: str = "") -> None:
        """Check that every operation is refused and none is executed."""
        before = self._state()
        for method, target, body in self.asked():
            if but and but in target:
                continue
            told = self.send(method, target, headers, body)
            assert told.is_refused, (method, target, told.status, told.body[:200])
            assert told.status == status
        assert self._state() == before


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    """Yield a server as `mockdouyin serve` starts it: on loopback, without a token."""
    with Receiver(says("ok")) as receiver, ThreadedServer() as server:
        yield Guarded(server, receiver)


@pytest.fixture(scope="module")
def reached() -> Iterator[Guarded]:
    """Yield a server that other machines reach, with a token."""
    access = Access(TOKEN)
    with Receiver(says("ok")) as receiver, ThreadedServer(host="0.0.0.0", access=access) as server:
        yield Guarded(server, receiver)


# Pages in a browser on this machine.


def fetched(site: str, mode: str, dest: str) -> Headers:
    """Return the fetch metadata that a browser adds to a request."""
    return ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest)


PAGES = {
    "fetch without CORS": (HERE, ("Origin", "http://evil.example"), TEXT),
    "form": (HERE, ("Origin", "https://evil.example"), FORM),
    "form with parts": (HERE, ("Origin", "https://evil.example"), PARTS),
    "fetch of JSON": (HERE, ("Origin", "https://evil.example"), JSON),
    "claims to be of the same origin": (
        HERE,
        ("Origin", "https://evil.example"),
        *fetched("same-origin", "cors", "empty"),
        JSON,
    ),
    "sandboxed frame": (HERE, ("Origin", "null"), JSON),
    "file": (HERE, ("Origin", "file://"), JSON),
    "extension": (HERE, ("Origin", "chrome-extension://abcdefgh"), JSON),
    "our host without the port": (HERE, ("Origin", "http://evil.example:PORT"), JSON),
    "begins like ours": (HERE, ("Origin", "http://127.0.0.1:PORT.evil.example"), JSON),
    "ours as a user": (HERE, ("Origin", "http://127.0.0.1:PORT@evil.example"), JSON),
    "user of ours": (HERE, ("Origin", "http://evil.example@127.0.0.1:PORT"), JSON),
    "ends with a path": (HERE, ("Origin", "http://evil.example/127.0.0.1:PORT"), JSON),
    "empty": (HERE, ("Origin", ""), JSON),
    "two origins": (HERE, OWN, ("Origin", "http://evil.example"), JSON),
    "two origins in one": (HERE, ("Origin", "http://127.0.0.1:PORT http://evil.example"), JSON),
    "local name of somebody": (HERE, ("Origin", "http://localhost.evil.example"), JSON),
    "picture": (HERE, *fetched("cross-site", "no-cors", "image")),
    "picture of a neighbouring port": (HERE, *fetched("same-site", "no-cors", "image")),
    "script": (HERE, *fetched("cross-site", "no-cors", "script")),
    "frame": (HERE, *fetched("cross-site", "navigate", "iframe")),
    "link": (HERE, *fetched("cross-site", "navigate", "document")),
    "form without an origin": (HERE, *fetched("cross-site", "navigate", "document"), FORM),
    "contradicts itself": (
        HERE,
        ("Sec-Fetch-Site", "same-origin"),
        ("Sec-Fetch-Site", "cross-site"),
    ),
}


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_another_origin(guarded: Guarded, page: str) -> None:
    """Whatever a page makes a browser send, nothing is executed and nothing revealed."""
    guarded.refuses(PAGES[page], 403)


@pytest.mark.parametrize("origin", ["http://localhost:3000", "http://127.0.0.1", "https://[::1]"])
def test_a_page_of_another_port(guarded: Guarded, origin: str) -> None:
    """A page of this machine, at another port, may use a phone and nothing else."""
    guarded.refuses((HERE, ("Origin", origin), JSON), 403, but="/phone/")


def test_a_page_of_another_port_uses_a_phone(guarded: Guarded) -> None:
    """What tt.js calls is answered to it, and its page may read the answer."""
    sheet = "/_mock/worlds/default/phone/login"
    told = guarded.send("POST", sheet, (HERE, NEIGHBOUR, JSON), b"{}")

    assert (told.status, "code" in told.json) == (200, True)
    assert told.headers["Access-Control-Allow-Origin"] == NEIGHBOUR[1]
    assert "origin" in told.headers["Vary"].lower()
    assert told.headers["Access-Control-Allow-Credentials"] is None


@pytest.mark.parametrize("kind", [TEXT, FORM, PARTS, ("X-None", "")])
@pytest.mark.parametrize("origin", [OWN, NEIGHBOUR])
def test_a_page_sends_json(
    guarded: Guarded, origin: tuple[str, str], kind: tuple[str, str]
) -> None:
    """A body that a form could have sent is refused even to the server's own pages."""
    told = guarded.send("POST", "/_mock/phone/login", (HERE, origin, kind), b"{}")

    assert told.is_refused
    assert "must send Content-Type: application/json" in told.json["error"]


def test_a_preflight(guarded: Guarded) -> None:
    """A browser is told what a page of another port may send, and of all else that it may not."""
    wanted = (("Access-Control-Request-Method", "POST"),)
    allowed = guarded.send("OPTIONS", "/_mock/phone/login", (HERE, NEIGHBOUR, *wanted))
    refused = [
        guarded.send("OPTIONS", target, (HERE, ("Origin", origin), *wanted))
        for target, origin in (
            ("/_mock/phone/login", "http://evil.example"),
            ("/_mock/phone/login", "null"),
            ("/_mock/events", NEIGHBOUR[1]),
            ("/_mock/journal", NEIGHBOUR[1]),
        )
    ]

    assert (allowed.status, allowed.body) == (204, b"")
    assert allowed.headers["Access-Control-Allow-Origin"] == NEIGHBOUR[1]
    assert "content-type" in allowed.headers["Access-Control-Allow-Headers"]
    for told in refused:
        assert told.is_refused
        assert told.headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/_mock/", fetched("cross-site", "navigate", "document")),
        ("/_mock/tt.js", fetched("cross-site", "no-cors", "script")),
        ("/_mock/tt.js", (NEIGHBOUR,)),
    ],
)
def test_a_link_and_the_script(guarded: Guarded, target: str, headers: Headers) -> None:
    """Anybody may link to a page of ours, and load the script of tt."""
    assert not guarded.send("GET", target, (HERE, *headers)).is_refused


@pytest.mark.parametrize(
    "headers",
    [
        (),
        (OWN, JSON),
        (OWN, ("Content-Type", "Application/JSON; charset=utf-8")),
        (FORM,),
        (OWN, JSON, *fetched("same-origin", "cors", "empty")),
        (JSON, *fetched("none", "navigate", "document")),
    ],
)
def test_our_own(guarded: Guarded, headers: Headers) -> None:
    """A script, curl's -d, an address that was typed, and our own pages are let in."""
    told = guarded.send("POST", "/_mock/phone/login", (HERE, *headers), b"{}")

    assert (told.status, "code" in told.json) == (200, True)
    assert told.headers["X-Content-Type-Options"] == "nosniff"
    assert told.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_our_own_page_without_a_body(guarded: Guarded) -> None:
    """Where nothing is sent, nothing has to be JSON."""
    told = guarded.send("POST", "/_mock/clock/resume", (HERE, OWN, ("Content-Length", "0")))

    assert told.status == 200


# Names that lead here.

REBOUND = {
    "a name": (("Host", "evil.example"),),
    "a name and our port": (("Host", "evil.example:PORT"),),
    "its own page": (("Host", "evil.example:PORT"), ("Origin", "http://evil.example:PORT"), JSON),
    "its own picture": (("Host", "evil.example:PORT"), *fetched("same-origin", "cors", "empty")),
    "begins like an address": (("Host", "127.0.0.1.evil.example"),),
    "begins like localhost": (("Host", "localhost.evil.example:PORT"),),
    "ends like localhost": (("Host", "evil.localhost"),),
    "a user": (("Host", "127.0.0.1@evil.example"),),
    "an address after a user": (("Host", "evil.example@127.0.0.1:PORT"),),
    "two in one": (("Host", "127.0.0.1, evil.example"),),
    "two": (("Host", "127.0.0.1:PORT"), ("Host", "evil.example")),
    "two alike": (("Host", "127.0.0.1:PORT"), ("Host", "127.0.0.1:PORT")),
    "none": (("X-Forwarded-Host", "127.0.0.1"),),
    "empty": (("Host", ""),),
    "a port alone": (("Host", ":PORT"),),
    "a number": (("Host", "2130706433"),),
    "hexadecimal": (("Host", "0x7f.0.0.1"),),
    "a name in brackets": (("Host", "[evil.example]"),),
    "half in brackets": (("Host", "[::1"),),
    "a zone": (("Host", "[::1%25evil.example]"),),
    "after brackets": (("Host", "[::1].evil.example"),),
    "a path": (("Host", "127.0.0.1/evil.example"),),
    "no port": (("Host", "127.0.0.1:evil.example"),),
    "a dot too many": (("Host", "localhost.."),),
}


@pytest.mark.parametrize("name", REBOUND)
def test_a_rebound_name(guarded: Guarded, name: str) -> None:
    """Under a name that is not the server's own, nothing is executed and nothing revealed."""
    guarded.refuses(REBOUND[name], 403)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_no_host(guarded: Guarded, version: str) -> None:
    """A request that names no host is refused, also where HTTP/1.0 lets it out."""
    told = guarded.send("GET", "/_mock/journal", (), version=version)

    assert told.is_refused
    assert "Host" in told.json["error"]


def test_the_target_names_the_host(guarded: Guarded) -> None:
    """If the target is in absolute form, its host is checked and the Host header ignored."""
    strange = guarded.send("GET", "http://evil.example:PORT/_mock/journal", (HERE,))
    own = guarded.send("GET", "http://127.0.0.1:PORT/_mock/journal", (("Host", "evil.example"),))

    assert strange.is_refused
    assert own.status == 200


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:PORT",
        "localhost.:PORT",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1.:PORT",
        "192.168.1.5:1234",
        "[::1]:PORT",
        "[FE80::1]",
    ],
)
def test_names_of_this_machine(guarded: Guarded, host: str) -> None:
    """localhost and any IP address will do, in any spelling, at any port: none can be rebound."""
    assert guarded.send("GET", "/_mock/journal", (("Host", host),)).status == 200


def test_a_name_of_ones_own() -> None:
    """A name that the server was told is its own, and so are its pages, behind TLS too."""
    access = Access(names=("Douyin.Example.com.",))
    with Receiver(says("ok")) as receiver, ThreadedServer(access=access) as server:
        named = Guarded(server, receiver)
        host = ("Host", "DOUYIN.example.com")
        for origin in ("http://douyin.example.com", "https://douyin.example.com"):
            headers = (host, ("Origin", origin), JSON)
            assert named.send("POST", "/_mock/phone/login", headers, b"{}").status == 200
        for origin in ("https://douyin.example.com:8443", "http://x.douyin.example.com"):
            assert named.send("GET", "/_mock/journal", (host, ("Origin", origin))).is_refused
        named.refuses((("Host", "x.douyin.example.com"),), 403)


def test_the_name_that_it_listens_by() -> None:
    """The name that a server is told to listen by is its own."""
    with Receiver(says("ok")) as receiver, ThreadedServer(host="127.1") as server:
        named = Guarded(server, receiver)
        assert named.send("GET", "/_mock/journal", (("Host", "127.1:PORT"),)).status == 200
        assert named.send("GET", "/_mock/journal", (("Host", "127.2:PORT"),)).is_refused


def test_tls_at_an_address_is_somebody_else(guarded: Guarded) -> None:
    """A page over TLS at the same address is another server's, unless the port says otherwise."""
    headers = (("Host", "127.0.0.1"), ("Origin", "https://127.0.0.1"))

    assert guarded.send("GET", "/_mock/journal", headers).is_refused


# Neighbours, and other users of this machine.

NO_PROOF = {
    "nothing": (HERE,),
    "a wrong token": (HERE, ("Authorization", "Bearer wrong")),
    "half of the token": (HERE, ("Authorization", f"Bearer {TOKEN[:-1]}")),
    "more than the token": (HERE, ("Authorization", f"Bearer {TOKEN}x")),
    "no token": (HERE, ("Authorization", "Bearer")),
    "an empty token": (HERE, ("Authorization", "Bearer ")),
    "another scheme": (HERE, ("Authorization", f"Basic {TOKEN}")),
    "no scheme": (HERE, ("Authorization", TOKEN)),
    "a cookie": (HERE, ("Cookie", f"token={TOKEN}")),
    "another header": (HERE, ("access-token", TOKEN)),
    "not ASCII": (HERE, ("Authorization", "Bearer \xe9")),
    "says that it is local": (HERE, ("X-Forwarded-For", "127.0.0.1"), ("X-Real-IP", "::1")),
    "our own page": (HERE, OWN, JSON, *fetched("same-origin", "cors", "empty")),
    "a page of another port": (HERE, NEIGHBOUR, JSON),
    "a typed address": (HERE, *fetched("none", "navigate", "document")),
}


@pytest.mark.parametrize("way", NO_PROOF)
def test_a_neighbour_without_the_token(reached: Guarded, way: str) -> None:
    """A server that other machines reach executes nothing without its token, for anybody."""
    reached.refuses(NO_PROOF[way], 401)


def test_a_token_in_the_address(reached: Guarded) -> None:
    """A token in the address counts for nothing: addresses are written down everywhere."""
    told = reached.send("GET", f"/_mock/journal?token={TOKEN}&access_token={TOKEN}", (HERE,))

    assert told.is_refused
    assert told.headers["WWW-Authenticate"] == "Bearer"


def test_the_token_is_proof_enough(reached: Guarded) -> None:
    """With the token no other proof is needed: neither a host, nor an origin, nor JSON's type."""
    ways: list[Headers] = [
        (HERE, BEARER),
        (HERE, ("authorization", f"bearer  {TOKEN}")),
        (("Host", "evil.example"), BEARER),
        (HERE, ("Origin", "https://evil.example"), TEXT, BEARER),
        (HERE, *fetched("cross-site", "cors", "empty"), BEARER),
    ]

    told = [reached.send("POST", "/_mock/phone/login", way, b"{}").status for way in ways]

    assert told == [200] * len(ways)


def test_another_user_of_this_machine() -> None:
    """On loopback too a server that has a token wants it: other users can reach it there."""
    with Receiver(says("ok")) as receiver, ThreadedServer(access=Access(TOKEN)) as server:
        private = Guarded(server, receiver)
        private.refuses((HERE,), 401)
        assert private.send("GET", "/_mock/journal", (HERE, BEARER)).status == 200


def test_a_token_that_nobody_asked_for(guarded: Guarded) -> None:
    """A server without a token takes one for no proof, and for no reason to refuse."""
    strange = (("Host", "evil.example"), BEARER)

    assert guarded.send("GET", "/_mock/journal", (HERE, BEARER)).status == 200
    assert guarded.send("GET", "/_mock/journal", strange).is_refused


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "127.0.0.2", "::1", "localhost"])
def test_a_token_is_made_where_others_reach(host: str) -> None:
    """A server that listens beyond loopback makes a token that nobody can guess; no other does."""
    if ":" in host and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with ThreadedServer(host=host) as one, ThreadedServer(host=host) as two:
        made = [each.access.token for each in (one, two)]
        status = send(one.url, "GET", "/_mock/journal", (("Host", "localhost"),)).status

    if host in ("0.0.0.0", "::"):
        assert made[0] != made[1]
        assert min(map(len, made)) >= 32
        assert status == 401
    else:
        assert made == ["", ""]
        assert status == 200


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


# What is open, and other ways in.


@pytest.mark.parametrize("path", OPEN)
@pytest.mark.parametrize("headers", [(), *PAGES.values(), *REBOUND.values()])
def test_what_is_open(reached: Guarded, guarded: Guarded, path: str, headers: Headers) -> None:
    """Health, the PAC file and the certificate are for everybody."""
    for server in (reached, guarded):
        told = server.send("GET", path, headers)
        assert told.status == (200 if path == "/_mock/health" else 404)
    if path == "/_mock/health":
        assert sorted(told.json) == ["status", "version"]


@pytest.mark.parametrize(
    "target",
    [
        "/_mock/health/",
        "/_mock/health/../journal",
        "/_mock/health%2f..%2fjournal",
        "/_mock/journal/health",
        "/_mock/journal?/_mock/health",
        "/_mock/Health",
        "/_mock%2fjournal",
        "/%5fmock/journal",
        "/%5F%6Dock/worlds",
        "/_mock/worlds/health",
        "/_mock/%68ealth/x",
    ],
)
def test_spellings_of_a_path(reached: Guarded, target: str) -> None:
    """However a path is spelled, if it leads to an operation it is checked as that operation."""
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
        assert reached.send(method, target, (HERE,)).is_refused
    assert reached.send("POST", "/_mock/health", (HERE,), b"{}").is_refused


@pytest.mark.parametrize(
    "target",
    [
        "//_mock/journal",
        "/@default/_mock/journal",
        "/@default//_mock/journal",
        "/./_mock/journal",
        "/x/../_mock/journal",
        "/@x/../_mock/journal",
        "http://127.0.0.1:PORT//_mock/journal",
    ],
)
def test_no_other_way_leads_there(guarded: Guarded, target: str) -> None:
    """No other spelling leads to the control API: it is a path that Douyin does not have."""
    headers = (("Host", "evil.example"), ("X-Mockdouyin-World", "default"))
    told = guarded.send("GET", target, headers)

    assert told.status == 404
    assert b"exchanges" not in told.body
