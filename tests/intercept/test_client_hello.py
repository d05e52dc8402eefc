"""The host in a ClientHello, and that no bytes confuse the parser."""

from __future__ import annotations

import ssl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mockdouyin.intercept._client_hello import RECORD_HEADER, record_length, server_name


def hello(host: str | None) -> bytes:
    """Write the first record that OpenSSL sends."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    answers, sent = ssl.MemoryBIO(), ssl.MemoryBIO()
    connection = context.wrap_bio(answers, sent, server_hostname=host)
    with pytest.raises(ssl.SSLWantReadError):
        connection.do_handshake()
    return sent.read()


def test_the_host_that_is_named() -> None:
    """The name is found in what OpenSSL sends; where there is none, nothing is."""
    assert server_name(hello("open.douyin.com")) == "open.douyin.com"
    assert server_name(hello(None)) == ""


def test_the_length_of_a_record() -> None:
    """A record's length is known once its header is there."""
    record = hello("open.douyin.com")

    assert record_length(record[:4]) == RECORD_HEADER
    assert record_length(record[:5]) == record_length(record) == len(record)


def test_a_record_that_is_cut_off() -> None:
    """Wherever it ends, no name or the whole name is found."""
    record = hello("open.douyin.com")

    found = {server_name(record[:length]) for length in range(len(record))}

    assert found <= {"", "open.douyin.com"}


@settings(deadline=None)
@given(st.binary(max_size=200), st.integers(0, 600), st.binary(min_size=1, max_size=4))
def test_bytes_that_mean_nothing(noise: bytes, place: int, change: bytes) -> None:
    """Any bytes, and a record with some of its bytes changed, are looked at without harm."""
    record = hello("open.douyin.com")

    for data in (noise, b"\x16" + noise, record[:place] + change + record[place + len(change) :]):
        assert isinstance(server_name(data), str)
