"""What is special to the door for requests."""

from __future__ import annotations

import pytest
import requests
from urllib3.util import Retry

from mockdouyin import Sandbox
from mockdouyin.inproc.requests import adapter, mount
from tests.inproc.asking import ASK, TOKEN, arm


@pytest.fixture
def session(box: Sandbox) -> requests.Session:
    """Yield a session whose calls to Douyin are answered."""
    made = requests.Session()
    mount(made, box)
    return made


def test_a_session_is_used_again(box: Sandbox, session: requests.Session) -> None:
    """One session sends many requests, the host that was meant with each."""
    for _ in range(3):
        assert session.post(TOKEN, json=ASK).json()["message"] == "success"

    assert {each.request.host for each in box.default.journal} == {"open.douyin.com"}


def test_other_hosts_are_left_alone(session: requests.Session) -> None:
    """A session calls other hosts as it did, and ports of Douyin's hosts are Douyin's."""
    with pytest.raises(requests.ConnectionError, match="refused"):
        session.get("http://127.0.0.1:9/", timeout=1)
    assert session.get("https://open.douyin.com:443/x").status_code == 404


def test_every_host(box: Sandbox) -> None:
    """An adapter that is mounted everywhere answers everything."""
    session = requests.Session()
    session.mount("http://", adapter(box))

    assert session.post("http://127.0.0.1:9/@default/oauth/client_token/", json=ASK).ok


def test_proxies_and_certificates_do_not_matter(
    session: requests.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No proxy of the environment is asked, and no bundle of certificates is read."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")

    assert session.post(TOKEN, json=ASK).ok


def test_a_stream_breaks_where_it_is_cut(box: Sandbox, session: requests.Session) -> None:
    """Of a cut answer a streaming client sees the head and half of the body."""
    arm(box, fault="cut", times=1)
    reply = session.post(TOKEN, json=ASK, stream=True)
    got = []

    with pytest.raises(requests.exceptions.ChunkedEncodingError):  # noqa: PT012
        for chunk in reply.iter_content(1):
            got.append(chunk)

    assert reply.status_code == 200
    assert len(got) == int(reply.headers["content-length"]) // 2


def test_cookies_and_redirects(box: Sandbox, session: requests.Session) -> None:
    """A cookie is kept by the session, and a redirect is followed through the same door."""
    own = {"status": 302, "headers": {"location": TOKEN, "set-cookie": "a=1; Path=/"}}
    arm(box, reply=own, times=1)

    reply = session.post(TOKEN, json=ASK)

    assert [each.status_code for each in reply.history] == [302]
    assert session.cookies["a"] == "1"


def test_chunked_and_multipart_bodies(box: Sandbox, session: requests.Session) -> None:
    """A body in pieces and a form with a file are read as they were sent."""
    session.post(TOKEN, data=iter([b"client_key=x&", b"grant_type=client_credential"]))
    session.post(TOKEN, data=ASK, files={"f": b"1"})

    first, second = box.default.journal
    assert first.request.body == b"client_key=x&grant_type=client_credential"
    assert second.error is None


def test_retries_are_those_of_the_adapter(box: Sandbox) -> None:
    """An adapter with retries tries again as urllib3 does."""
    arm(box, fault="reset", times=2)
    session = requests.Session()
    mount(session, box, max_retries=Retry(total=3, allowed_methods=None))

    assert session.post(TOKEN, json=ASK).ok
    assert box.default.journal.exchange_count == 3


def test_timeouts_as_requests_takes_them(box: Sandbox, session: requests.Session) -> None:
    """A pair is connect and read; None waits; the message is urllib3's own."""
    arm(box, delay="60ms")

    with pytest.raises(requests.ReadTimeout, match=r"HTTPSConnectionPool.*Read timed out"):
        session.post(TOKEN, json=ASK, timeout=(5, 0.01))
    assert session.post(TOKEN, json=ASK, timeout=(0.01, 5)).ok
    assert session.post(TOKEN, json=ASK, timeout=None).ok


def test_an_odd_status_has_no_phrase(box: Sandbox, session: requests.Session) -> None:
    """A status that HTTP does not name arrives without a phrase."""
    arm(box, status=599)

    reply = session.post(TOKEN, json=ASK)

    assert (reply.status_code, reply.reason) == (599, "")
