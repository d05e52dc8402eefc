"""Redis that goes away, comes back empty, or forgets its scripts."""

from __future__ import annotations

import httpx
import pytest

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.http import Request
from mockdouyin.redis_store import RedisConnection, SharedSandbox, StoreAwayError, _scripts
from mockdouyin.redis_store._shared_world import SharedStore
from mockdouyin.server.serving import ThreadedServer
from tests.core.test_store import Note
from tests.redis_store.conftest import Replica
from tests.support.helpers import PROGRAM_LOGIN, client_token, phone, post
from tests.support.redis_server import RedisServer

V2 = "/api/apps/v2/jscode2session"


def test_away_and_back(own_redis: RedisServer) -> None:
    """Without Redis every answer is a clear 503; once it is back, requests succeed again."""
    box = SharedSandbox(RedisConnection(own_redis.url))
    with ThreadedServer(box) as server, httpx.Client(base_url=server.url) as client:
        code = client.post("/_mock/phone/login", json={}).json()["code"]
        own_redis.stop()

        lost = client.post(V2, json={**PROGRAM_LOGIN, "code": code})
        operation = client.get("/_mock/journal")
        assert (lost.status_code, operation.status_code) == (503, 503)
        said = f"mockdouyin: the store at redis://127.0.0.1:{own_redis.port} does not answer ("
        assert lost.text.startswith(said)
        assert operation.json()["error"].startswith(said)

        own_redis.start()
        code = client.post("/_mock/phone/login", json={}).json()["code"]
        assert client.post(V2, json={**PROGRAM_LOGIN, "code": code}).json()["err_no"] == 0
    box.close()


def test_a_code_of_before_is_bad(own_redis: RedisServer) -> None:
    """A code that Redis lost is unknown, and the default world is there with its settings."""
    box = SharedSandbox(RedisConnection(own_redis.url))
    execute(box, "change_settings", body={"unknown_people": 7})
    code = phone(box, "login")["code"]
    own_redis.stop()
    assert box.handle(Request("GET", "/oauth/userinfo/")).status == 503
    own_redis.start()

    assert post(box, V2, {**PROGRAM_LOGIN, "code": code})["err_no"] == 40018
    assert execute(box, "settings")["settings"]["unknown_people"] == 7
    assert client_token(SharedSandbox(RedisConnection(own_redis.url))).startswith("clt.")
    box.close()


def test_forgotten_scripts_are_loaded_again(replica: Replica) -> None:
    """If Redis has forgotten the scripts, they are loaded, and the request is answered."""
    box = replica()
    code = phone(box, "login")["code"]
    box.redis.call("SCRIPT", "FLUSH")

    assert post(box, V2, {**PROGRAM_LOGIN, "code": code})["err_no"] == 0


def test_no_password_is_quoted() -> None:
    """An error about the store names its address, and never the password."""
    with pytest.raises(StoreAwayError) as raised:
        SharedSandbox(RedisConnection("redis://somebody:hidden@127.0.0.1:9/3"))

    assert "redis://127.0.0.1:9 does not answer" in str(raised.value)
    assert "hidden" not in str(raised.value)


def test_another_scheme_is_refused() -> None:
    """An address with another scheme than Redis's is refused."""
    with pytest.raises(MockDouyinError, match="--store is not the address of a Redis"):
        RedisConnection("http://127.0.0.1")


def test_an_error_reply_is_passed_on(replica: Replica) -> None:
    """The text of an error reply is in the error that is raised."""
    redis = replica().redis
    redis.call("SET", "text", "x")

    with pytest.raises(StoreAwayError, match="WRONGTYPE|wrong kind"):
        redis.call("HGET", "text", "field")


def test_a_unit_of_its_own_does_not_overwrite(replica: Replica) -> None:
    """A unit outside a transaction refuses to commit if its read set has changed."""
    store = SharedStore(replica().redis, "bare")
    one, other = store.unit(0), store.unit(0)
    for unit in (one, other):
        assert unit.find(Note, "a") is None
        unit.write("a", Note())
    one.commit()

    with pytest.raises(MockDouyinError, match="somebody else changed"):
        other.commit()


def test_another_world_in_its_place(replica: Replica) -> None:
    """After Redis was emptied and begun anew with another seed, a replica joins what is there."""
    old = replica(seed=1)
    assert client_token(old).startswith("clt." + old.default.ids.tag)
    old.redis.call("FLUSHALL")

    new = replica(seed=2)

    assert client_token(old).startswith("clt." + new.default.ids.tag)


def test_what_must_not_be_sent_twice_meets_no_dead_connection(own_redis: RedisServer) -> None:
    """After Redis was started again, the first thing that is asked may be a commit."""
    redis = RedisConnection(own_redis.url)
    redis.register(*_scripts.ALL_SCRIPTS)
    begin = _scripts.CREATE_WORLD(["about"], b"a world")
    assert redis.call(*begin, retry=False) is not None
    own_redis.stop()
    own_redis.start()

    assert redis.call(*begin, retry=False) is not None
    redis.close()
