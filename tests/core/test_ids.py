"""Ids have Douyin's shapes, name their world, and are the same in every process."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
import uuid
from collections.abc import Callable

import pytest

from mockdouyin.core.ids import Ids, world_tag

IDS = Ids(0, "w")

SHAPES: dict[str, tuple[Callable[[Ids, int], str], str]] = {
    "login code": (lambda i, n: i.login_code("tt01", "小明", n), r"[A-Za-z0-9_-]{123}"),
    "auth code": (lambda i, n: i.auth_code("aw01", "小明", n), r"[0-9a-f]{16}[A-Za-z0-9]{20}"),
    "app token": (lambda i, n: i.app_token("tt01", "ladder", n), r"08011218[0-9a-f]{44}3d3d"),
    "client token": (
        lambda i, n: i.token("clt", "aw01", "ladder", n),
        r"clt\.[0-9a-f]{32}[A-Za-z0-9]{28}",
    ),
    "user token": (lambda i, n: i.token("act", "aw", n), r"act\.[0-9a-f]{32}[A-Za-z0-9]{28}"),
    "refresh token": (lambda i, n: i.token("rft", "aw", n), r"rft\.[0-9a-f]{32}[A-Za-z0-9]{28}"),
    "long client token": (
        lambda i, n: i.token("clt", "aw", n, long=True),
        r"clt\.2\.[A-Za-z0-9_-]{183}=",
    ),
    "long user token": (
        lambda i, n: i.token("act", "aw", n, long=True),
        r"act\.3\.[A-Za-z0-9_-]{183}=",
    ),
    "js ticket": (lambda i, n: i.js_ticket("aw01", n), r"[A-Za-z0-9]{30}"),
    "open ticket": (lambda i, n: i.open_ticket("aw01", n), r"@[A-Za-z0-9]{30}=="),
}
"""Every credential: how it is made, and the shape that was captured."""

OTHERS: dict[str, tuple[Callable[[Ids, int], str], str]] = {
    "open_id": (lambda i, n: i.open_id("tt01", n), r"_000[A-Za-z0-9_-]{32}"),
    "union_id": (
        lambda i, n: i.uuid("union_id", n),
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
    ),
    "session key": (lambda i, n: i.session_key("tt01", n), r"[A-Za-z0-9+/]{22}=="),
    "digits": (lambda i, n: i.digits(16, n), r"[1-9][0-9]{15}"),
    "hex": (lambda i, n: i.hex(7, n), r"[0-9a-f]{7}"),
    "base62": (lambda i, n: i.base62(9, n), r"[A-Za-z0-9]{9}"),
    "url64": (lambda i, n: i.url64(9, n), r"[A-Za-z0-9_-]{9}"),
}
"""Ids by which no world is found."""


@pytest.mark.parametrize(("make", "shape"), {**SHAPES, **OTHERS}.values(), ids=[*SHAPES, *OTHERS])
def test_shape(make: Callable[[Ids, int], str], shape: str) -> None:
    """An id has exactly the shape that was captured, whatever it is for."""
    for count in range(50):
        assert re.fullmatch(shape, make(IDS, count))


@pytest.mark.parametrize(("make", "_"), SHAPES.values(), ids=SHAPES)
def test_every_credential_names_its_world(make: Callable[[Ids, int], str], _: str) -> None:
    """The world's tag is found in whatever it issues."""
    for world in ("default", "w-1", "别人"):
        ids = Ids(7, world)
        assert world_tag(make(ids, 3)) == ids.tag


def test_a_providers_token_names_its_world() -> None:
    """The tag follows the head of a service provider's token."""
    assert world_tag("isvact.0011aabbrest") == "0011aabb"


@pytest.mark.parametrize(
    "credential",
    ["", "@", "clt.", "act.3.", "isvact.", "08011218", "08011218zz", "08011218ffffffffffffffff"],
)
def test_a_stranger_has_no_tag_of_ours(credential: str) -> None:
    """A credential that is cut or not ours names no world, and raises nothing."""
    assert world_tag(credential) != IDS.tag


def test_log_ids_are_34_characters() -> None:
    """A log id is Beijing's time and 20 upper-case hex, another for each exchange."""
    first = IDS.log_id("20260101120000", 1)

    assert re.fullmatch(r"20260101120000[0-9A-F]{20}", first)
    assert IDS.log_id("20260101120000", 2) != first


def test_session_keys_are_16_bytes() -> None:
    """A session key is 16 bytes in base64."""
    assert len(base64.b64decode(IDS.session_key("x"), validate=True)) == 16


def test_union_ids_are_uuids() -> None:
    """A union id reads as a version 4 UUID."""
    assert uuid.UUID(IDS.uuid("x")).version == 4


def test_numbers_are_below_their_bound() -> None:
    """A number lies from 0 up to its bound, and reaches every value."""
    assert {IDS.number(3, n) for n in range(60)} == {0, 1, 2}


def test_no_two_purposes_collide() -> None:
    """Another seed, world, purpose, count or division of words gives another id."""
    purposes: list[tuple[object, ...]] = [("a",), ("a", 1), ("a", 2), ("a1",), ("b",), ("a", "b")]
    purposes += [("ab",), ("a", "", "b"), ("a", "b", 1), ("a", "b1")]
    made = [
        make(ids, *purpose)
        for ids in (Ids(0, "w"), Ids(1, "w"), Ids(0, "v"), Ids(0, "0w"))
        for purpose in purposes
        for make in (Ids.open_id, Ids.login_code, Ids.session_key, Ids.auth_code, Ids.js_ticket)
    ]
    tokens = [IDS.token(kind, *p) for kind in ("act", "rft", "clt") for p in purposes]

    assert len(set(made)) == len(made)
    assert len({token[4:] for token in tokens}) == len(tokens)


def test_tags_of_worlds_differ() -> None:
    """A thousand worlds have a thousand tags."""
    assert len({Ids(0, f"w-{n}").tag for n in range(1000)}) == 1000


def test_another_process_makes_the_same() -> None:
    """The same seed and world give the same ids in any process, whatever its hash seed."""
    program = (
        "from tests.core.test_ids import OTHERS, SHAPES, Ids\n"
        "for make, _ in [*SHAPES.values(), *OTHERS.values()]: print(make(Ids(5, 'w'), 1))"
    )
    made = [
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        for seed in ("1", "2")
    ]
    here = [make(Ids(5, "w"), 1) for make, _ in [*SHAPES.values(), *OTHERS.values()]]

    assert made == [here, here]
