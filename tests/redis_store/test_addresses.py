"""Every kind of address that --store takes leads to a store that works."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import Text
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from mockdouyin.server.serving import ThreadedServer
from tests.support.helpers import PROGRAM_LOGIN
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

V2 = "/api/apps/v2/jscode2session"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """Yield a Redis that listens on TCP, with TLS, and on a Unix socket."""
    running = RedisServer(tls=True).start()
    yield running
    running.close()


@pytest.mark.parametrize("address", ["url", "tls_url", "unix_url"])
def test_logins_over_every_kind_of_connection(server: RedisServer, address: str) -> None:
    """A server with a store at this address logs in, and refuses the code the second time."""
    box = SharedSandbox(RedisConnection(getattr(server, address)))
    with ThreadedServer(box) as running, httpx.Client(base_url=running.url) as client:
        code = client.post("/_mock/phone/login", json={}).json()["code"]
        login = {**PROGRAM_LOGIN, "code": code}
        assert client.post(V2, json=login).json()["err_no"] == 0
        assert client.post(V2, json=login).json()["err_no"] == 40018
    box.close()


def test_a_certificate_that_is_not_trusted_is_refused(server: RedisServer) -> None:
    """TLS with an untrusted certificate is refused, with the reason."""
    with pytest.raises(MockDouyinError, match="certificate verify failed"):
        SharedSandbox(RedisConnection(server.tls_url.partition("?")[0]))


@pytest.mark.parametrize("address", ["url", "tls_url", "unix_url"])
def test_away_and_back_over_every_kind_of_connection(address: str) -> None:
    """With every kind of address an outage is a 503 and two lines, and the server recovers."""
    redis, logged = RedisServer(tls=True).start(), list[Text]()
    box = SharedSandbox(RedisConnection(getattr(redis, address), log=logged.append))
    with ThreadedServer(box) as running, httpx.Client(base_url=running.url) as client:
        redis.stop()
        for _ in range(3):
            assert client.post(V2, json=PROGRAM_LOGIN).status_code == 503
            assert client.get("/_mock/clock").status_code == 503
        redis.start()
        assert client.get("/_mock/clock").status_code == 200
        assert client.post(V2, json=PROGRAM_LOGIN).status_code == 200
        until(lambda: len(logged) == 2, "the end of the outage")
    box.close()
    redis.close()


def test_one_connection_for_all_requests(server: RedisServer) -> None:
    """Concurrent requests share one connection to Redis, with every kind of address."""
    for url in (server.url, server.tls_url, server.unix_url):
        box = SharedSandbox(RedisConnection(url))
        with ThreadedServer(box) as running, httpx.Client(base_url=running.url) as client:
            login = {**PROGRAM_LOGIN, "code": "unknown"}
            assert client.post(V2, json=login).status_code == 200
            until(lambda: server.clients == 2, "one for requests and one for what falls due")
            assert client.post(V2, json=login).status_code == 200
            assert server.clients == 2
        box.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (
            "redis://:pass/word@127.0.0.1:1",
            "cannot parse host and port; write / and @ in",
        ),
        ("redis://:12/pass/word@127.0.0.1:1", "write / and @ in a password as"),
        ("redis://:12?pass/word@127.0.0.1:1", "write / and @ in a password as"),
        ("redis://127.0.0.1:1/words", "the database is a number, not 'words'"),
        ("redis://127.0.0.1?ssl_ca_certs=x", "unknown option ssl_ca_certs"),
        ("rediss://127.0.0.1?ssl_ca_cert=x", "did you mean ssl_ca_certs"),
        ("rediss://127.0.0.1?ssl_ca_certs=/nowhere", "ssl_ca_certs, .*: No such file"),
        ("unix://", "is followed by the path of a socket"),
        ("127.0.0.1:6379", "begins with redis://, rediss:// or unix://"),
        ("http://127.0.0.1", "not http://"),
    ],
)
def test_a_bad_address_is_refused(url: str, says: str) -> None:
    """A bad address is refused with what to do, and the password is not quoted."""
    with pytest.raises(MockDouyinError, match=says) as raised:
        RedisConnection(url)

    assert "pass/" not in str(raised.value)


def test_an_untrusted_certificate_is_accepted_if_the_address_says_so(server: RedisServer) -> None:
    """`ssl_cert_reqs=none` accepts any certificate."""
    redis = RedisConnection(server.tls_url.partition("?")[0] + "?ssl_cert_reqs=none")

    assert redis.call("PING") == b"PONG"
    redis.close()
