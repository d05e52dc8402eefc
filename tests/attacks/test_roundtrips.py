"""Whatever is accepted is there after a restart: from the state file, and in Redis."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from mockdouyin import MockDouyinError, Sandbox
from mockdouyin.control import OPERATIONS, execute
from mockdouyin.core.clock import Clock
from mockdouyin.core.endpoint import Endpoint
from mockdouyin.core.http import Request
from mockdouyin.core.texts import Text
from mockdouyin.endpoints import WRITTEN
from mockdouyin.persistence.state_dump import dump, load
from mockdouyin.persistence.state_file import StateFile
from mockdouyin.redis_store import RedisConnection, SharedSandbox
from tests.attacks.operations import SAMPLES, Answering, Data, operation_calls, prepare
from tests.conftest import Servers
from tests.endpoints.calls import Ask, Scene, good

Calls = list[tuple[str, Data, Data]]

SNAPSHOTS = {"take_snapshot", "restore_snapshot"}
"""Worlds in Redis have none."""

NO_BODY = {"drop_world", "clear_rules", "remove_rule", "drop_snapshot"}

SEEN = ("apps", "people", "rules", "settings", "clock", "list_deliveries")


def test_every_operation_is_tried() -> None:
    """Each operation that changes anything is in the table, so that none is forgotten."""
    changing = {name for name, order in OPERATIONS.items() if order.method != "GET"}

    assert changing == {*SAMPLES, *NO_BODY}


def noon() -> float:
    """Return a real time that stands still."""
    return 1_767_240_000.0


def still() -> Clock:
    """Return a clock with this real time."""
    return Clock(noon)


def run_all(box: Sandbox, orders: Calls) -> list[str]:
    """Execute operations, and return the accepted ones; each refusal must be valid UTF-8."""
    accepted, refused = list[str](), list[tuple[int, str]]()
    for name, path, body in orders:
        try:
            body = prepare(box, name, body)
            answer = execute(box, name, path=path, body=body)
        except MockDouyinError as error:
            refused.append((error.status, str(error)))
        else:
            assert msgspec.json.encode(answer)
            accepted.append(name)
    assert all(400 <= status < 500 and says.encode() for status, says in refused)
    return accepted


def seen(box: Sandbox) -> Data:
    """Return everything that can be seen of a sandbox's worlds, as JSON, and their records."""
    found: Data = {}
    for name in sorted(each["world"] for each in execute(box, "worlds")["worlds"]):
        for order in SEEN:
            answer = execute(box, order, world=name)
            found[f"{name} {order}"] = msgspec.json.decode(msgspec.json.encode(answer))
        world = box.worlds.get(name)
        records = world.transact(world.store.snapshot)
        found[f"{name} records"] = {kind.__name__: table for kind, table in records.items()}
    return found


def again_from_file(box: Sandbox, path: Path) -> Sandbox:
    """Write a sandbox to a file, and return one that was loaded from it."""
    told: list[Text] = []
    file = StateFile(path)
    try:
        assert file.write(dump(box)) == []
        moment = file.read(told.append)
        assert moment is not None
    finally:
        file.close()
    assert told == []
    before = moment.worlds[0].definition
    other = Sandbox(before.scenario, seed=before.settings.seed, clock=still)
    load(other, moment)
    return other


@settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(operation_calls(sorted(SAMPLES)), min_size=1, max_size=4))
def test_what_is_accepted_is_in_the_file(tmp_path: Path, orders: Calls) -> None:
    """A server that begins with the state file shows all that the one before it had accepted."""
    box = Sandbox(clock=still)
    box.deliverer = Answering()
    run_all(box, orders)

    assert seen(again_from_file(box, tmp_path / "state")) == seen(box)


@settings(
    max_examples=40, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.lists(operation_calls(sorted({*SAMPLES} - SNAPSHOTS)), min_size=1, max_size=4))
def test_what_is_accepted_is_in_redis(servers: Servers, orders: Calls) -> None:
    """A worker that comes later shows all that the one before it had accepted, and serves on."""
    url = servers("redis").url
    first, second = (
        SharedSandbox(RedisConnection(url), clock=still),
        SharedSandbox(RedisConnection(url), clock=still),
    )
    try:
        first.deliverer = Answering()
        run_all(first, orders)
        for world in execute(first, "worlds")["worlds"]:
            execute(first, "freeze_clock", world=world["world"])

        third = SharedSandbox(RedisConnection(url), clock=still)
        try:
            assert seen(second) == seen(third) == seen(first)
        finally:
            third.close()
    finally:
        first.close()
        second.close()


LONG = [2**64, -(2**63) - 1, 10**30, "9" * 30, [2**64], {"a": 10**30}]
ODD = ["", "x" * 300, "a\nb", "a b", "\x00", "\ud800", "nan", True, [], {}, {"\u2028": "\r\n"}]


def sent(ask: Ask, name: str, value: Any) -> Request:
    """Write a good call in which one parameter is something else, in the way that it travels."""
    query, fields = dict(ask.query), dict(ask.fields or {})
    if ask.fields is None or name in query:
        query[name] = value if isinstance(value, str) else json.dumps(value)
    else:
        fields[name] = value
    pairs = (f"{key}={quote(str(text), errors='surrogatepass')}" for key, text in query.items())
    body = b"" if ask.fields is None else json.dumps(fields).encode()
    return replace(ask.request(), query="&".join(pairs).encode(), body=body)


@pytest.mark.parametrize("endpoint", list(WRITTEN), ids=lambda each: each.full_name)
def test_what_a_client_sends_can_be_kept(endpoint: Endpoint, tmp_path: Path) -> None:
    """Whatever stands in a parameter, Douyin answers, and what came of it is in the file."""
    few = 4 if "qrcode" in endpoint.name else 1  # a picture takes long to draw
    for name in endpoint.types.fields.__struct_fields__:
        scene = Scene(unknown_apps="accept", unknown_codes="accept")
        for value in [*LONG, *ODD][::few]:
            try:
                ask = good(scene, endpoint.full_name)
            except IndexError:  # there is nothing left to be deleted
                scene = Scene()
                ask = good(scene, endpoint.full_name)
            reply = scene.box.handle(sent(ask, name, value))
            assert reply.status < 500, (name, value, reply.body)

        before = scene.box.default.store.snapshot()
        assert again_from_file(scene.box, tmp_path / "state").default.store.snapshot() == before


def nested(depth: int) -> Any:
    """Return nested lists."""
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_message_that_is_too_deep(tmp_path: Path) -> None:
    """What a message says may be any JSON that can be read again, and a long number is kept."""
    scene = Scene()
    refused = []
    for inner in (nested(50), 10**30, nested(200)):
        content = {"msg_type": 1, "text": {"text": "x", "more": inner}}
        reply = scene.ask(good(scene, "im.send_msg").having(content=content))
        refused.append(reply["data"]["error_code"] != 0)
    [last] = list(scene.box.default.journal)[-1:]

    assert refused == [False, False, True]
    assert "is deeper than 100 lists and mappings" in last.why.render("en")
    before = scene.box.default.store.snapshot()
    assert again_from_file(scene.box, tmp_path / "state").default.store.snapshot() == before
