"""The way out: what is refused, and that what was checked is what is dialled."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mockdouyin import Sandbox
from mockdouyin.control import execute
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.delivery import (
    AddressError,
    Sender,
    _connection,
    check_address,
    checked_host,
    sender,
)
from mockdouyin.server.parts import served_parts
from mockdouyin.server.serving import ThreadedServer
from tests.support.receivers import Received
from tests.webhook_check.receivers import Said, running

Names = Mapping[str, list[str]]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Resolve the names in this table, and only those."""
    table: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        try:
            found = [str(ip_address(host))]
        except ValueError:
            if host not in table:
                raise socket.gaierror(-2, "Name or service not known") from None
            found = table[host]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return table


def delivery(url: str, method: str = "POST", body: bytes = b"{}") -> Delivery:
    """Make something to post."""
    headers = {"Content-Type": "application/json", "Msg-Id": "1"}
    return Delivery("", "x", "", "", url, headers, body, method=method)


def post(*deliveries: Delivery) -> list[Attempt]:
    """Post one after the other with one sender."""

    async def run() -> list[Attempt]:
        async with aclosing(Sender()) as made:
            return [await made.send(each) for each in deliveries]

    return asyncio.run(run())


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9000/hook",
        "http://127.8.8.8/",
        "http://localhost:9000/hook?a=1#part",
        "https://10.1.2.3/",
        "http://172.31.255.255/",
        "http://192.168.1.1/",
        "http://[::1]:9000/",
        "http://[fd12:3456::1]/",
        "HTTP://127.0.0.1/",
    ],
)
def test_near_addresses(url: str) -> None:
    """This machine and private networks are sent to."""
    target = check_address(url)

    assert target.addresses
    assert not target.url.fragment


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8/",
        "http://172.32.0.1/",
        "http://100.64.0.1/",
        "http://[2001:db8::1]/",
        "http://[::ffff:8.8.8.8]/",
        "http://[64:ff9b::8.8.8.8]/",
        "http://[2002:808:808::1]/",
        "http://134744072/",
    ],
)
def test_far_addresses(url: str) -> None:
    """Everything else needs to be allowed by its name, and the refusal says how."""
    with pytest.raises(AddressError, match="--allow-host"):
        check_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.1.1/",
        "http://2852039166/",
        "http://0xa9fea9fe/",
        "http://[fe80::1]/",
        "http://[::ffff:169.254.169.254]/",
        "http://[::ffff:a9fe:a9fe]/",
        "http://[64:ff9b::169.254.169.254]/",
        "http://[2002:a9fe:a9fe::1]/",
        "http://[fd00:ec2::254]/",
        "http://[fd20:ce::254]/",
        "http://[fd00:42::42]/",
        "http://[fd00:c1::a9fe:a9fe]/",
        "http://[fd00:a9fe:a9fe::1]/",
        "http://[fe80::a9fe:a9fe]/",
        "http://[::ffff:100.100.100.200]/",
        "http://[::169.254.169.254]/",
        "http://[::ffff:0:169.254.169.254]/",
        "http://[64:ff9b:0:0:0:0:a9fe:a9fe]/",
        "http://[64:ff9b::168.63.129.16]/",
        "http://[64:ff9b:1::a9fe:a9fe]/",
        "http://[2002:6464:64c8::1]/",
        "http://[2001:0:a9fe:a9fe::1]/",
        "http://[2001:0:808:808::5601:5601]/",
        "http://0xa9.0xfe.0xa9.0xfe/",
        "http://169.16689662/",
        "http://169.254.169.254./",
        "http://2852039166./",
        "http://100.100.100.200/",
        "http://168.63.129.16/",
        "http://metadata.google.internal/",
        "http://METADATA.google.internal./",
        "http://metadata/",
    ],
)
def test_never(url: str) -> None:
    """Link-local and metadata addresses are refused, in any spelling, allowed or not."""
    host = httpx2.URL(url).host

    for allowed in ((), (host,)):
        with pytest.raises(AddressError, match="ever sent there"):
            check_address(url, allowed)


@pytest.mark.parametrize("private", ["10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1"])
@pytest.mark.parametrize(
    "form",
    [
        "2002:{high}:{low}::1",
        "64:ff9b::{high}:{low}",
        "64:ff9b:1::{high}:{low}",
        "::{high}:{low}",
        "::ffff:0:{high}:{low}",
        "2001:0:{high}:{low}::1",
    ],
)
def test_private_addresses_by_way_of_a_tunnel(form: str, private: str) -> None:
    """What leads to a private address by a translator or a tunnel is refused, allowed or not."""
    bits = int(ip_address(private))
    host = form.format(high=f"{bits >> 16:x}", low=f"{bits & 0xFFFF:x}")

    for allowed in ((), (host,), (str(ip_address(host)),)):
        with pytest.raises(AddressError, match="ever sent there"):
            check_address(f"http://[{host}]/", allowed)


def test_a_name_that_leads_into_a_tunnel(resolver: dict[str, list[str]]) -> None:
    """A name is judged by its addresses in every form, and being allowed does not help it."""
    for address in ("64:ff9b::a00:1", "2002:7f00:1::", "fd00:42::42", "64:ff9b:1::1"):
        resolver["hook.test"] = ["203.0.113.9", address]
        with pytest.raises(AddressError, match="ever sent there"):
            check_address("http://hook.test/", ["hook.test"])


@pytest.mark.parametrize("url", ["http://[fe80::1%25lo]/", "http://[::1%25lo]/", "http://a%2eb/"])
def test_zones(url: str) -> None:
    """A host with a zone, or with anything escaped, is refused."""
    with pytest.raises(AddressError, match="must not contain a zone"):
        check_address(url)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Hooks.Example.com.", "hooks.example.com"),
        ("8.8.8.8", "8.8.8.8"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("\N{CJK UNIFIED IDEOGRAPH-4F8B}.test", "xn--fsq.test"),
    ],
)
def test_an_allowed_host(text: str, host: str) -> None:
    """A host that is to be allowed is read as URLs have it."""
    assert checked_host(text) == host


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "http://a",
        "a:80",
        "[::1]:80",
        "a/b",
        "a b",
        "a@b",
        "a?b",
        "a#b",
        "*.a",
        "a%b",
        "[::1",
    ],
)
def test_no_host_to_allow(text: str) -> None:
    """What is more than a host, or less, is refused by name."""
    with pytest.raises(AddressError, match="--allow-host takes a host alone"):
        checked_host(text)


def test_a_server_sends_to_the_hosts_that_it_was_told(
    resolver: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server sends to a far host that was allowed, by its name, and to no other."""
    connect_to = _connection._connect_to
    monkeypatch.setattr(
        _connection,
        "_connect_to",
        lambda target, _, *given: connect_to(target, "127.0.0.1", *given),
    )
    resolver.update({"hook.test": ["203.0.113.9"], "other.test": ["203.0.113.9"]})

    with (
        running(lambda heard: Said(204)) as url,
        ThreadedServer(Sandbox(**served_parts(["Hook.test"]))) as server,
    ):
        port = httpx2.URL(url).port
        states = []
        for host in ("hook.test", "other.test"):
            body = {"event": "create_video", "to": f"http://{host}:{port}/", "secret": "s"}
            shown = execute(server.sandbox, "send_event", body=body)
            states.append((shown["attempts"][0]["status"], shown["attempts"][0]["error"] or ""))

    assert states[0] == (204, "")
    assert states[1][0] is None
    assert "--allow-host other.test" in states[1][1]


@pytest.mark.parametrize(
    "url",
    [
        "http://0.0.0.0:9000/",
        "http://[::]/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[ff02::1]/",
        "http://[::ffff:0.0.0.0]/",
    ],
)
def test_no_address_of_one_machine(url: str) -> None:
    """The unspecified address and multicast are refused, allowed or not."""
    for allowed in ((), (httpx2.URL(url).host,)):
        with pytest.raises(AddressError, match="not the address of one machine"):
            check_address(url, allowed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:9000/hook",
        "localhost",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://",
        "http:///hook",
        "http://127.0.0.1:port/",
        "http://127.0.0.1:99999/",
        "http://[::1/",
        "http://a\tb/",
        "http://user:secret@127.0.0.1/",
        "http://" + "a" * 70 + ".test/",
        "http://x" + "y" * 70_000 + "/",
        "http://\N{SNOWMAN}\N{SNOWMAN}/",
        "http://nobody.invalid/",
    ],
)
def test_no_url(url: str, resolver: dict[str, list[str]]) -> None:
    """What is not a URL to send to is refused in one line that says why."""
    with pytest.raises(AddressError) as caught:
        check_address(url)

    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_allowed_by_name(resolver: dict[str, list[str]]) -> None:
    """A host allowed by its name is sent to, and no other host of the same address."""
    resolver.update({"hook.test": ["203.0.113.9"], "other.test": ["203.0.113.9"]})

    assert check_address("https://hook.test/", ["HOOK.test."]).addresses == ("203.0.113.9",)
    with pytest.raises(AddressError, match="--allow-host other.test"):
        check_address("https://other.test/", ["hook.test"])


def test_every_address_is_checked(resolver: dict[str, list[str]]) -> None:
    """A name with one address that is refused is refused."""
    resolver["mixed.test"] = ["127.0.0.1", "169.254.169.254"]

    with pytest.raises(AddressError, match="169.254.169.254"):
        check_address("http://mixed.test/", ["mixed.test"])


def test_what_was_checked_is_dialled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is looked up once: what it would resolve to after the check changes nothing."""
    heard: list[Received] = []
    addresses = iter(["127.0.0.1", "169.254.169.254"])

    def look_up(host: str, port: int, **_: object) -> list[tuple[Any, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(addresses), port))]

    def note(one: Received) -> Said:
        heard.append(one)
        return Said(204)

    with running(note) as url:
        port = httpx2.URL(url).port
        monkeypatch.setattr(socket, "getaddrinfo", look_up)

        [answer] = post(delivery(f"http://hook.test:{port}/hook"))

    assert answer.status == 204
    assert heard[0].headers["host"] == f"hook.test:{port}"
    assert next(addresses) == "169.254.169.254"


def test_the_next_address_where_the_first_is_deaf(resolver: dict[str, list[str]]) -> None:
    """A name with several addresses is reached at the first that takes the connection."""
    with running(lambda heard: Said(204)) as url:
        port = httpx2.URL(url).port
        resolver["hook.test"] = ["127.0.0.2", "127.0.0.1"]

        [answer] = post(delivery(f"http://hook.test:{port}/"))

    assert answer.status == 204


def test_a_proxy_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment says of proxies leads nowhere."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with running(lambda heard: Said(204)) as url:
        assert post(delivery(url))[0].status == 204


def test_a_redirect_is_told_and_not_followed() -> None:
    """Where a receiver points to is in the attempt, and nothing is sent there."""
    with running(lambda heard: Said(307, location="http://169.254.169.254/")) as url:
        [answer] = post(delivery(url))

    assert (answer.status, answer.location) == (307, "http://169.254.169.254/")


@pytest.mark.parametrize("body", [b"{}", b""])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_request_is_written_as_httpx2_does(method: str, body: bytes) -> None:
    """The bytes of a request are those of httpx2, whatever is sent."""
    heard: list[bytes] = []

    def hear(server: socket.socket) -> None:
        for _ in range(2):
            connection, _ = server.accept()
            with connection, connection.makefile("rb") as file:
                lines = list(iter(file.readline, b"\r\n"))
                heard.append(b"".join(lines) + file.read(len(body)))
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hear, args=(server,))
        thread.start()
        sent = delivery(f"http://127.0.0.1:{server.getsockname()[1]}/hook?a=1", method, body)
        post(sent)
        request = httpx2.Request(method, sent.url, headers=sent.headers, content=body)
        with httpx2.HTTPTransport() as transport:
            transport.handle_request(request).close()
        thread.join()

    assert heard[0] == heard[1]
    assert b"Msg-Id: 1\r\n" in heard[0]


def _certificate(folder: Path, name: str) -> Path:
    """Make a certificate that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def _serve_tls(server: socket.socket, context: ssl.SSLContext, heard: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                heard.append(secure.recv(65536))
                while not heard[0].endswith(b"{}"):
                    heard[0] += secure.recv(65536)
                secure.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        except OSError:
            pass


@pytest.mark.parametrize(("name", "answered"), [("hook.test", True), ("other.test", False)])
def test_tls_is_with_the_name(
    name: str,
    answered: bool,
    tmp_path: Path,
    resolver: dict[str, list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Over https the checked address is dialled, and the name is asked for and verified."""
    resolver["hook.test"] = ["127.0.0.1"]
    path = _certificate(tmp_path, name)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    asked: list[str | None] = []
    heard: list[bytes] = []
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(path)
    serving.sni_callback = lambda sock, asked_for, context: asked.append(asked_for)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve_tls, args=(server, serving, heard))
        thread.start()
        port = server.getsockname()[1]

        [answer] = post(delivery(f"https://hook.test:{port}/"))
        thread.join()

    assert asked == ["hook.test"]
    assert (answer.status == 204) is answered
    if answered:
        assert f"host: hook.test:{port}".encode() in heard[0].lower()
    else:
        assert "certificate" in answer.error.render("en").lower()
        assert not heard


def test_tls_is_verified_by_itself(tmp_path: Path, resolver: dict[str, list[str]]) -> None:
    """Where nobody says whom to trust, a certificate that vouches for itself is not enough."""
    resolver["hook.test"] = ["127.0.0.1"]
    heard: list[bytes] = []
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(_certificate(tmp_path, "hook.test"))
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_serve_tls, args=(server, serving, heard))
        thread.start()
        [answer] = post(delivery(f"https://hook.test:{server.getsockname()[1]}/"))
        thread.join()

    assert "certificate" in answer.error.render("en").lower()
    assert not answer.reached
    assert not heard


def test_a_connection_over_tls_is_kept(
    tmp_path: Path, resolver: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two posts over TLS share a connection and its handshake."""
    resolver["hook.test"] = ["127.0.0.1"]
    path = _certificate(tmp_path, "hook.test")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    monkeypatch.setattr(sender, "IDLE_TIMEOUT", 60.0)
    serving = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    serving.load_cert_chain(path)

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with serving.wrap_socket(connection, server_side=True) as secure:
            for _ in range(2):
                heard = b""
                while not heard.endswith(b"{}"):
                    heard += secure.recv(65536)
                secure.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve, args=(server,))
        thread.start()
        sent = delivery(f"https://hook.test:{server.getsockname()[1]}/")
        answers = post(sent, sent)
        thread.join()

    assert [each.status for each in answers] == [204, 204]
