"""Records are encoded and decoded unchanged."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mockdouyin import MockDouyinError
from mockdouyin.core import codec
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.store import FOREVER, Record
from mockdouyin.core.texts import as_text
from mockdouyin.domain.direct_messages import Message
from mockdouyin.domain.subscriptions import OwnTemplates
from mockdouyin.scenario import Rule

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
)


@example([10**30, -(10**30), {"a": (2**64)}], 1.0)
@given(anything, st.floats(min_value=0, allow_nan=False))
def test_whatever_json_carries_is_kept(value: Any, expires: float) -> None:
    """Content of any JSON comes back as it was: long integers, and no end at all, included."""
    record = Message(
        app="a",
        person="小明",
        other="o",
        kind="text",
        content={"is": value},
        conversation="c",
        created=0.1,
        expires=expires,
    )

    again = codec.decode(Message, codec.encode(record))

    assert again == record
    assert repr(again) == repr(record)


def test_bytes_and_attempts_are_kept() -> None:
    """A delivery comes back with its exact bytes and all its attempts."""
    delivery = Delivery(
        id="1",
        event="e",
        app="a",
        person="p",
        url="http://127.0.0.1/",
        headers={"X": "é"},
        body=bytes(range(256)),
        attempts=(Attempt(1.5, 200, "ok"), Attempt(2.5, error=as_text("refused"))),
    )

    assert codec.decode(Delivery, codec.encode(delivery)) == delivery
    assert delivery.expires == FOREVER


def test_kinds_are_known_by_their_tables() -> None:
    """Every kind of record is found by its table's name, whatever its class is called."""
    kinds = codec.kinds()

    assert kinds["Delivery"] is Delivery
    assert kinds["OwnTemplates"] is OwnTemplates
    assert all(issubclass(kind, Record) for kind in kinds.values())


def test_two_kinds_of_one_table_are_refused() -> None:
    """Two classes of records with one table are an error that names both."""
    other = SimpleNamespace(TABLE="Delivery", __module__="elsewhere", __name__="Other")

    with pytest.raises(
        MockDouyinError, match=r"the table 'Delivery': \S+outbox\.Delivery and elsewhere\.Other"
    ):
        codec.by_table([Delivery, other])  # type: ignore[list-item]


OTHER = [b"", b"\xc1", b"\x80", codec.encode(Rule(on="*")), b"\xc7\0\x07"]


def test_attempts_of_earlier_versions() -> None:
    """An attempt that kept why it failed as a string is read, without that."""
    earlier = {"time": 1.5, "status": 500, "error": "", "problem": "HTTP 500, where 200 is due"}

    assert codec.decode(Attempt, codec.encode(earlier)) == Attempt(1.5, 500)


@pytest.mark.parametrize("data", OTHER)
def test_other_bytes_are_refused(data: bytes) -> None:
    """Bytes that are not such a record are refused, with its class's name."""
    with pytest.raises(MockDouyinError, match="cannot decode these bytes as Delivery: "):
        codec.decode(Delivery, data)


def test_what_has_no_form_is_refused() -> None:
    """An object that is not plain data cannot be encoded."""
    with pytest.raises(MockDouyinError, match="value of type object"):
        codec.encode(Rule(on="*", patch={"a": object()}))
