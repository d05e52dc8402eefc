"""The proxy byte by byte: what clients of every kind send to it, and what they get."""

from __future__ import annotations

import base64
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from mockdouyin.endpoints import HOSTS
from mockdouyin.intercept._error_texts import OFFLINE
from tests.intercept.test_client_hello import hello
from tests.support.waiting import until
from tests.support.wire import Intercepting, intercepting, read_answers, trusting

TICKET = "/js/getticket/"
GET = f"GET {TICKET} HTTP/1.1\r\nHost: open.douyin.com\r\n\r\n".encode()


@pytest.fixture
def intercepted() -> Iterator[Intercepting]:
    """Yield an intercepting server."""
    with intercepting() as running:
        yield running


@pytest.fixture
def client(intercepted: Intercepting) -> Iterator[httpx.Client]:
    """Yield a client that uses its proxy."""
    with httpx.Client(proxy=intercepted.proxy_url, verify=trusting()) as http:
        yield http


@pytest.mark.parametrize("host", HOSTS)
def test_every_host_of_douyins(client: httpx.Client, intercepted: Intercepting, host: str) -> None:
    """Each of Douyin's hosts is answered with a certificate that is good for it."""
    reply = client.get(f"https://{host}{TICKET}")

    assert reply.json()["data"]["error_code"] == 28001003
    assert intercepted.hosts() == [host]


def test_the_control_api_is_not_at_douyins_hosts(client: httpx.Client) -> None:
    """A path under /_mock is nothing special where Douyin is asked."""
    reply = client.get("https://open.douyin.com/_mock/apps")

    assert reply.status_code == 404
    assert "no endpoint GET /_mock/apps" in reply.text


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_absolute_form(intercepted: Intercepting, scheme: str) -> None:
    """A request in absolute form, in clear, is answered whatever its scheme."""
    body = b"client_key=x"
    head = (
        f"POST {scheme}://open.douyin.com/oauth/client_token/ HTTP/1.1\r\n"
        "Host: open.douyin.com\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Proxy-Connection: keep-alive\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with intercepted.dial() as wire:
        wire.sendall((head.encode() + body) * 2)
        answers = read_answers(wire, 2)

    assert [status for status, _ in answers] == [200, 200]
    assert b'"error_code":10002' in answers[0][1]
    assert intercepted.hosts() == ["open.douyin.com"] * 2
    sent = list(intercepted.world.journal)[0].request
    assert sent.header(b"proxy-connection") == ""


def test_absolute_form_without_a_path(intercepted: Intercepting) -> None:
    """An address that ends with its host means the path /."""
    with intercepted.dial() as wire:
        wire.sendall(b"GET http://open.douyin.com?a=1 HTTP/1.1\r\nHost: open.douyin.com\r\n\r\n")
        [(status, body)] = read_answers(wire)

    assert status == 404
    assert body.startswith(b"mockdouyin: no endpoint GET /")


def test_pipelining(intercepted: Intercepting) -> None:
    """Requests sent in one go are answered in their order."""
    unknown = GET.replace(TICKET.encode(), b"/nothing/")
    with intercepted.connect() as wire:
        wire.sendall(GET + unknown + GET)
        statuses = [status for status, _ in read_answers(wire, 3)]

    assert statuses == [200, 404, 200]


def test_a_body_in_chunks(intercepted: Intercepting) -> None:
    """A chunked body is read whole."""
    head = (
        "POST /oauth/client_token/ HTTP/1.1\r\nHost: open.douyin.com\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    with intercepted.connect() as wire:
        wire.sendall(head.encode())
        for part in (b'{"client_', b'key":"nobody","grant_type":"client_credential"}', b""):
            wire.sendall(b"%x\r\n%s\r\n" % (len(part), part))
        [(status, body)] = read_answers(wire)

    assert status == 200
    assert list(intercepted.world.journal)[0].request.body.startswith(b'{"client_key":"nobody"')
    assert b"10002" in body or b"10003" in body


def test_expect_100_continue(intercepted: Intercepting) -> None:
    """A client that waits for leave to send its body gets it."""
    head = (
        "POST /oauth/client_token/ HTTP/1.1\r\nHost: open.douyin.com\r\n"
        "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    with intercepted.connect() as wire:
        wire.sendall(head.encode())
        assert wire.recv(4096).startswith(b"HTTP/1.1 100 Continue")
        wire.sendall(b"{}")
        [(status, _)] = read_answers(wire)

    assert status == 200


def test_http_1_0(intercepted: Intercepting) -> None:
    """An HTTP/1.0 request with no Host is answered, and the connection closed."""
    with intercepted.connect() as wire:
        wire.sendall(f"GET {TICKET} HTTP/1.0\r\n\r\n".encode())
        [(status, _)] = read_answers(wire)
        assert wire.recv(1) == b""

    assert status == 200
    assert intercepted.hosts() == ["open.douyin.com"]


@pytest.mark.parametrize("name", ["open.douyin.com", "minigame.zijieapi.com", None])
def test_tls_straight_away(intercepted: Intercepting, name: str | None) -> None:
    """TLS without a CONNECT, as a hosts file leads to, works with and without SNI."""
    context = trusting()
    context.check_hostname = name is not None
    with context.wrap_socket(intercepted.dial(), server_hostname=name) as wire:
        wire.sendall(GET)
        [(status, _)] = read_answers(wire)
        certificate = wire.getpeercert() or {}

    assert status == 200
    assert certificate["subjectAltName"] == tuple(("DNS", host) for host in HOSTS)


def test_the_greeting_comes_with_the_connect(intercepted: Intercepting) -> None:
    """A client that begins its handshake before it was told that it may loses nothing."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = trusting().wrap_bio(incoming, outgoing, server_hostname="open.douyin.com")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    head = b"CONNECT open.douyin.com:443 HTTP/1.1\r\n\r\n"
    with intercepted.dial() as wire:
        wire.sendall(head + outgoing.read())
        answer = wire.recv(39)
        assert answer == b"HTTP/1.1 200 Connection established\r\n\r\n"
        while True:
            incoming.write(wire.recv(65536))
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                continue

    assert tls.getpeercert()


def test_a_head_that_comes_byte_by_byte(intercepted: Intercepting) -> None:
    """However its bytes are cut, a CONNECT is a CONNECT."""
    with intercepted.dial() as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"CONNECT OPEN.douyin.com.:443 HTTP/1.0\r\nX: 1\r\n\r\n":
            wire.sendall(bytes([byte]))
        assert wire.recv(4096).startswith(b"HTTP/1.1 200 ")
        with trusting().wrap_socket(wire, server_hostname="open.douyin.com") as tls:
            tls.sendall(GET)
            assert read_answers(tls)[0][0] == 200


def test_a_tunnel_in_clear(intercepted: Intercepting) -> None:
    """A CONNECT after which plain HTTP comes is answered too."""
    with intercepted.dial() as wire:
        wire.sendall(b"CONNECT open.douyin.com:80 HTTP/1.1\r\n\r\n")
        assert wire.recv(4096).startswith(b"HTTP/1.1 200 ")
        wire.sendall(GET)
        assert read_answers(wire)[0][0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"CONNECT nonsense HTTP/1.1\r\n\r\n",
        b"CONNECT a:99999999 HTTP/1.1\r\n\r\n",
        b"CONNECX open.douyin.com:443 HTTP/1.1\r\n\r\n",
        b"\x00\x01\x02\x03\r\n\r\n",
    ],
)
def test_what_is_no_request(intercepted: Intercepting, head: bytes) -> None:
    """Bytes that mean nothing get a 400 that is ours, and the connection is closed."""
    with intercepted.dial() as wire:
        wire.sendall(head)
        answer = b"".join(iter(lambda: wire.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"mockdouyin: " in answer


def test_a_client_that_leaves(intercepted: Intercepting) -> None:
    """One that goes without a word, or in the middle of one, does no harm."""
    intercepted.dial().close()
    with intercepted.dial() as wire:
        wire.sendall(b"CONNECT open.dou")
    with intercepted.dial() as wire:
        wire.sendall(b"\x16\x03\x01")
    with intercepted.connect() as wire:
        wire.sendall(GET)

        assert read_answers(wire)[0][0] == 200


def test_one_that_does_not_trust(intercepted: Intercepting) -> None:
    """A client that trusts others only breaks off, and it is counted by host."""
    with (
        pytest.raises(httpx.ConnectError, match="self-signed|certificate"),
        httpx.Client(proxy=intercepted.proxy_url) as strict,
    ):
        strict.get(f"https://open.douyin.com{TICKET}")
    with intercepted.connect():
        pass

    assert intercepted.proxy.distrusted == {"open.douyin.com": 1}


def test_one_that_goes_without_an_alert(intercepted: Intercepting) -> None:
    """A client that goes once it was answered is counted by the host that its hello names."""
    record = hello("minigame.zijieapi.com")
    with intercepted.dial() as wire:
        wire.sendall(record[:-1])  # it never saw a certificate
    for cut in (1, 3, 40, len(record)):  # however its bytes come
        with intercepted.dial() as wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            wire.sendall(record[:cut])
            wire.sendall(record[cut:])
            assert wire.recv(1) == b"\x16"

    until(lambda: intercepted.proxy.distrusted.total() >= 4, "four that left")
    assert intercepted.proxy.distrusted == {"minigame.zijieapi.com": 4}


def test_one_that_names_no_host(intercepted: Intercepting) -> None:
    """Where the hello names no host it is one of Douyin's all the same."""
    with intercepted.dial() as wire:
        wire.sendall(hello(None))
        wire.recv(1)

    until(lambda: intercepted.proxy.distrusted, "one that left")
    assert intercepted.proxy.distrusted == {"a host of Douyin's": 1}


def test_one_that_goes_after_the_handshake(intercepted: Intercepting) -> None:
    """A client that looks at the certificate and asks for nothing is counted; others are not."""
    intercepted.connect("open.snssdk.com").close()
    with intercepted.connect() as wire:
        wire.sendall(GET)
        read_answers(wire)

    until(lambda: intercepted.proxy.left_silently, "one that left")
    assert intercepted.proxy.left_silently == {"open.snssdk.com": 1}


# Worlds.


def basic(name: str) -> str:
    """Write a proxy's credentials."""
    return "Basic " + base64.b64encode(f"{name}:".encode()).decode()


def test_the_proxys_user_name_is_a_world(intercepted: Intercepting) -> None:
    """Whoever names a world as the proxy's user meets it, over TLS and in absolute form."""
    worlds = intercepted.server.sandbox.worlds
    one, two = worlds.create("one"), worlds.create("two")

    port = intercepted.proxy.port
    with httpx.Client(proxy=f"http://one@127.0.0.1:{port}", verify=trusting()) as http:
        http.get(f"https://open.douyin.com{TICKET}")
    with intercepted.dial() as wire:
        for name in ("two", "one"):
            line = f"GET http://open.douyin.com{TICKET} HTTP/1.1\r\nHost: open.douyin.com\r\n"
            wire.sendall(f"{line}Proxy-Authorization: {basic(name)}\r\n\r\n".encode())
            read_answers(wire)

    assert [len(one.journal), len(two.journal), len(intercepted.world.journal)] == [2, 1, 0]
    assert all(e.request.header(b"proxy-authorization") == "" for e in one.journal)


def test_a_world_that_is_not_there(intercepted: Intercepting) -> None:
    """A user name that is not a world's is refused with that reason."""
    with intercepted.connect(head=f"Proxy-Authorization: {basic('nowhere')}\r\n") as wire:
        wire.sendall(GET)
        [(status, body)] = read_answers(wire)

    assert status == 404
    assert body.startswith(b"mockdouyin: no world 'nowhere'")


# Faults.


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("close", httpx.RemoteProtocolError),
        ("cut", httpx.RemoteProtocolError),
        ("garbage", httpx.RemoteProtocolError),
        ("hang", httpx.ReadTimeout),
    ],
)
def test_the_wire_fails_under_tls(
    intercepted: Intercepting, client: httpx.Client, fault: str, error: type[Exception]
) -> None:
    """A fault is what it is without TLS, and the next answer is whole."""
    httpx.post(
        f"{intercepted.server.url}/_mock/rules",
        json={"on": "js_ticket", "fault": fault, "times": 1},
    )

    with pytest.raises(error):
        client.get(f"https://open.douyin.com{TICKET}", timeout=0.3)
    assert client.get(f"https://open.douyin.com{TICKET}").status_code == 200


def test_a_reset_under_tls(intercepted: Intercepting) -> None:
    """A reset is one of the connection itself; no farewell of TLS comes before it."""
    httpx.post(f"{intercepted.server.url}/_mock/rules", json={"on": "js_ticket", "fault": "reset"})
    with intercepted.connect() as wire:
        under = socket.socket(fileno=os.dup(wire.fileno()))
        under.settimeout(5)
        wire.sendall(GET)
        with under, pytest.raises(ConnectionResetError):
            b"".join(iter(lambda: under.recv(65536), b""))


# The tunnel.


class Elsewhere(BaseHTTPRequestHandler):
    """Another server: it tells what reached it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer with the head."""
        self._answer(f"{self.path} {sorted(name.lower() for name in self.headers)}".encode())

    def do_POST(self) -> None:
        """Answer with the body."""
        if self.headers["Transfer-Encoding"] == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(body)

    def do_CONNECT(self) -> None:
        """Answer a CONNECT like a proxy that connects everything to one server."""
        self.server.asked.append((self.path, self.headers["Proxy-Authorization"]))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()
        self.connection.sendall(b"far away")
        self.close_connection = True

    def _answer(self, body: bytes) -> None:
        self.send_response(201)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Twice", "1")
        self.send_header("X-Twice", "2")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


@pytest.fixture
def elsewhere() -> Iterator[ThreadingHTTPServer]:
    """Yield a server that is not one of Douyin's hosts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_others_are_forwarded(client: httpx.Client, elsewhere: ThreadingHTTPServer) -> None:
    """A request in absolute form to another host goes there, and its answer comes back."""
    base = f"http://127.0.0.1:{elsewhere.server_port}"

    got = client.get(f"{base}/a/%2F?b=1", headers={"Proxy-Connection": "keep-alive", "X-A": "b"})
    sized = client.post(f"{base}/", content=b"whole")
    chunked = client.post(f"{base}/", content=iter([b"in ", b"parts"]))

    assert (got.status_code, got.headers.get_list("x-twice")) == (201, ["1", "2"])
    assert got.text.startswith("/a/%2F?b=1 ")
    assert "'x-a'" in got.text
    assert "proxy" not in got.text
    assert (sized.content, chunked.content) == (b"whole", b"in parts")


def test_others_are_tunnelled(intercepted: Intercepting, elsewhere: ThreadingHTTPServer) -> None:
    """A CONNECT to another host carries bytes both ways until the host is done."""
    place = f"127.0.0.1:{elsewhere.server_port}"
    with intercepted.dial() as wire:
        wire.sendall(f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n\r\n".encode())
        assert wire.recv(39) == b"HTTP/1.1 200 Connection established\r\n\r\n"
        wire.sendall(b"GET /x HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(4096), b""))

    assert answer.startswith(b"HTTP/1.1 201 ")
    assert answer.partition(b"\r\n\r\n")[2].startswith(b"/x ")


def test_a_proxy_beyond_ours(
    intercepted: Intercepting, elsewhere: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the machine has a proxy of its own, others are reached through it."""
    beyond = f"http://me:secret@127.0.0.1:{elsewhere.server_port}"
    for name in ("https_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, beyond)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    with intercepted.dial() as wire:
        wire.sendall(b"CONNECT far.example.test:443 HTTP/1.1\r\n\r\n")
        answer = b"".join(iter(lambda: wire.recv(4096), b""))

    assert answer.endswith(b"\r\n\r\nfar away")
    credentials = "Basic " + base64.b64encode(b"me:secret").decode()
    assert elsewhere.asked == [("far.example.test:443", credentials)]  # type: ignore[attr-defined]


def test_a_host_that_cannot_be_reached(intercepted: Intercepting, client: httpx.Client) -> None:
    """Where nothing listens, the proxy says so with 502."""
    with pytest.raises(httpx.ProxyError, match="502"):
        client.get("https://127.0.0.1:9/")
    reply = client.get("http://127.0.0.1:9/")

    assert reply.status_code == 502
    assert reply.text.startswith("mockdouyin: 127.0.0.1:9 cannot be reached")


def test_offline(elsewhere: ThreadingHTTPServer) -> None:
    """Offline nothing is let through, Douyin's hosts are answered, and what was asked is kept."""
    place = f"127.0.0.1:{elsewhere.server_port}"
    with (
        intercepting(closed=OFFLINE()) as intercepted,
        httpx.Client(proxy=intercepted.proxy_url, verify=trusting()) as http,
    ):
        with pytest.raises(httpx.ProxyError, match="403"):
            http.get(f"https://{place}/")
        reply = http.get(f"http://{place}/")
        douyin = http.get(f"https://open.douyin.com{TICKET}")

        assert intercepted.proxy.tunnel.refused == {place: 2}
    assert (reply.status_code, douyin.status_code) == (403, 200)
    assert reply.text == f"mockdouyin: {place} is not reached: nothing leaves (--offline)\n"


def test_a_stop_ends_what_is_passed_through(elsewhere: ThreadingHTTPServer) -> None:
    """A tunnel that is open does not hold the server up."""
    with intercepting() as intercepted:
        wire = intercepted.dial()
        wire.sendall(f"CONNECT 127.0.0.1:{elsewhere.server_port} HTTP/1.1\r\n\r\n".encode())
        assert wire.recv(39).endswith(b"\r\n\r\n")

    assert wire.recv(1) == b""
    wire.close()
