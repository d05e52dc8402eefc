"""A store that answers with errors: clients get the reason, and only what fails is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from mockdouyin.control import execute
from mockdouyin.core.errors import MockDouyinError, NotFoundError
from mockdouyin.core.http import Request
from mockdouyin.core.texts import Text
from mockdouyin.redis_store import RedisConnection, SharedSandbox, StoreAwayError, _scripts
from mockdouyin.server.serving import ThreadedServer
from tests.redis_store.conftest import Replica
from tests.redis_store.relay import Do, Relay, runs
from tests.support.helpers import PROGRAM_LOGIN, phone, post
from tests.support.redis_server import RedisServer
from tests.support.waiting import until

V2 = "/api/apps/v2/jscode2session"


class Watched:
    """A server on a Redis, and the lines that it logs."""

    def __init__(self, url: str) -> None:
        self.logged: list[Text] = []
        self.box = SharedSandbox(RedisConnection(url, log=self.logged.append))
        self._server = ThreadedServer(self.box).start()
        self.url = self._server.url
        self._client = httpx.Client(base_url=self.url)

    def log_in(self, world: str = "") -> int:
        """Log someone in with an unknown code; return the status."""
        path = f"/@{world}{V2}" if world else V2
        return self._client.post(path, json={**PROGRAM_LOGIN, "code": "unknown"}).status_code

    def says(self) -> str:
        """Log someone in, who must get a 503; return its text."""
        answer = self._client.post(V2, json={**PROGRAM_LOGIN, "code": "unknown"})
        assert answer.status_code == 503
        return answer.text

    def see_outage(self) -> tuple[str, str]:
        """Return the two lines, once the outage is over; there must be no others."""
        until(lambda: self.log_in() == 200 and len(self.logged) > 1, "the end of the outage")
        gone, back = (each.render("en") for each in self.logged)
        return gone, back

    def close(self) -> None:
        """Stop."""
        self._client.close()
        self._server.stop()
        self.box.close()


@pytest.fixture
def watched(own_redis: RedisServer) -> Iterator[Watched]:
    """Yield a server on a Redis of its own."""
    made = Watched(own_redis.url)
    yield made
    made.close()


@pytest.fixture
def between(relay: Relay) -> Iterator[Watched]:
    """Yield a server whose Redis is behind a relay."""
    made = Watched(relay.url)
    yield made
    made.close()


def test_a_redis_that_loads_its_data(relay: Relay, between: Watched) -> None:
    """LOADING is an outage like any other."""
    loading = b"-LOADING Redis is loading the dataset in memory\r\n"
    relay.rule = lambda command: loading

    for _ in range(10):
        assert "(LOADING Redis is loading the dataset in memory)" in between.says()
    relay.let_go_on()

    gone, back = between.see_outage()
    assert "does not answer (LOADING" in gone
    assert "answers again" in back


def test_a_redis_that_is_full(own_redis: RedisServer, watched: Watched) -> None:
    """If nothing can be written, reads between the refusals do not end the outage."""
    own_redis.command("CONFIG", "SET", "maxmemory", 1)

    for _ in range(10):
        assert "does not write (OOM" in watched.says()
        assert len(execute(watched.box, "apps")["apps"]) > 0
    own_redis.command("CONFIG", "SET", "maxmemory", 0)

    gone, back = watched.see_outage()
    assert "does not write (OOM" in gone
    assert "takes writes again" in back


def test_a_redis_that_became_a_replica(own_redis: RedisServer, watched: Watched) -> None:
    """READONLY is quoted, and the outage ends once the replica is promoted."""
    own_redis.command("REPLICAOF", "127.0.0.1", 1)

    for _ in range(5):
        assert "does not write (READONLY" in watched.says()
    own_redis.command("REPLICAOF", "NO", "ONE")

    assert "READONLY" in watched.see_outage()[0]


def test_a_password_that_was_changed(own_redis: RedisServer, watched: Watched) -> None:
    """A Redis that wants another password lets nobody in until it has the old one."""
    own_redis.command("CONFIG", "SET", "requirepass", "other")
    own_redis.drop_clients("other")

    assert "(NOAUTH Authentication required)" in watched.says()
    own_redis.command_as("other", "CONFIG", "SET", "requirepass", '""')

    assert "NOAUTH" in watched.see_outage()[0]


def test_passwords_and_databases(own_redis: RedisServer) -> None:
    """A password, a user of the ACL and a database are taken from the address."""
    own_redis.command("ACL", "SETUSER", "some/one", "on", ">p@ss", "~*", "+@all")
    place = f"127.0.0.1:{own_redis.port}"
    redis = RedisConnection(f"redis://some%2Fone:p%40ss@{place}/3")
    redis.call("SET", "here", "1")
    assert RedisConnection(f"redis://{place}?db=3").call("GET", "here") == b"1"
    assert RedisConnection(f"redis://{place}").call("GET", "here") is None

    with pytest.raises(StoreAwayError, match="WRONGPASS") as raised:
        RedisConnection(f"redis://some%2Fone:hidden@{place}").call("PING")
    assert "hidden" not in str(raised.value)


def test_connections_that_are_killed(own_redis: RedisServer, watched: Watched) -> None:
    """Connections that Redis closes are replaced: everybody is answered, nothing is logged."""
    for _ in range(10):
        assert watched.log_in() == 200
        assert execute(watched.box, "clock")
        own_redis.drop_clients()
    assert watched.logged == []


def test_a_redis_that_pauses_writes(own_redis: RedisServer) -> None:
    """If only scripts get no reply, replies to other commands do not end the outage."""
    logged: list[Text] = []
    box = SharedSandbox(RedisConnection(own_redis.url, timeout=0.3, log=logged.append))
    own_redis.command("CLIENT", "PAUSE", 60000, "WRITE")
    for _ in range(3):
        assert box.handle(Request("GET", "/oauth/userinfo/")).status == 503
        assert box.redis.call("PING") == b"PONG"
    assert len(logged) == 1
    own_redis.command("CLIENT", "UNPAUSE")

    assert box.handle(Request("GET", "/oauth/userinfo/")).status == 200
    assert len(logged) == 2
    box.close()


def test_a_key_of_another_type(own_redis: RedisServer, watched: Watched) -> None:
    """A world with a key that holds something else is refused; others are answered as ever."""
    execute(watched.box, "create_world", body={"name": "other"})
    own_redis.command("DEL", "mockdouyin:{default}:journal")
    own_redis.command("SET", "mockdouyin:{default}:journal", "text")

    for _ in range(3):
        assert "answered with an error (WRONGTYPE" in watched.says()
        assert watched.log_in("other") == 200
    assert watched.logged == []

    own_redis.command("DEL", "mockdouyin:{default}:journal")
    assert watched.log_in() == 200


def test_scripts_are_loaded_again_for_many_at_once(
    own_redis: RedisServer, watched: Watched
) -> None:
    """A server whose scripts Redis has forgotten loads them, and answers."""
    own_redis.command("SCRIPT", "FLUSH")

    assert watched.log_in() == 200
    assert watched.logged == []


@pytest.mark.parametrize("verdict", [Do.LOSE, Do.CUT])
def test_a_commit_without_an_answer(relay: Relay, between: Watched, verdict: Do) -> None:
    """A commit is sent once: a lost reply is a 503, and later calls show whether it was done."""
    box = between.box
    code = phone(box, "login")["code"]
    relay.rule = lambda command: verdict if runs(command, _scripts.COMMIT.sha) else Do.PASS
    sent = len(commits(relay))

    login = {**PROGRAM_LOGIN, "code": code}
    answer = httpx.post(between.url + V2, json=login)

    assert (answer.status_code, len(commits(relay)) - sent) == (503, 1)
    relay.let_go_on()
    was_done = verdict is Do.LOSE
    assert post(box, V2, login)["err_no"] == (40018 if was_done else 0)
    assert len(execute(box, "journal")["exchanges"]) == (2 if was_done else 1)
    assert between.logged == []  # a closed connection is not an outage


def commits(relay: Relay) -> list[list[Any]]:
    """Return the commits that were sent."""
    return [each for each in relay.seen if runs(each, _scripts.COMMIT.sha)]


def test_an_operation_whose_commit_has_no_answer(relay: Relay, between: Watched) -> None:
    """What a world is stays as Redis has it, whether the lost commit was done or not."""
    box = between.box
    for verdict in (Do.CUT, Do.LOSE):
        relay.rule = lambda c, v=verdict: v if runs(c, _scripts.COMMIT.sha) else Do.PASS  # type: ignore[misc]
        sent = len(commits(relay))
        with pytest.raises(StoreAwayError):
            execute(box, "change_settings", body={"unknown_people": 7})
        assert len(commits(relay)) == sent + 1
        relay.let_go_on()
        now = execute(box, "settings")["settings"]["unknown_people"]
        assert now == (7 if verdict is Do.LOSE else 1)


def test_reads_without_an_answer_are_asked_again(relay: Relay, between: Watched) -> None:
    """A connection that ends in the middle of what was read costs nobody an answer."""
    to_lose = [1]

    def lose_one(command: list[Any]) -> Do:
        return (
            Do.LOSE if runs(command, _scripts.READ.sha) and to_lose and to_lose.pop() else Do.PASS
        )

    relay.rule = lose_one
    assert between.log_in() == 200
    assert to_lose == []
    to_lose.append(1)
    assert execute(between.box, "clock")
    assert to_lose == []
    assert between.logged == []


def test_a_world_whose_creation_has_no_answer(relay: Relay, between: Watched) -> None:
    """A world whose creation got no reply is found whole, and cannot be created twice."""
    claim, to_lose = _scripts.CLAIM_KEYS.sha, [1]
    relay.rule = lambda command: (
        Do.LOSE if runs(command, claim) and to_lose and to_lose.pop() else Do.PASS
    )
    with pytest.raises(StoreAwayError):
        execute(between.box, "create_world", body={"name": "mine"})
    relay.let_go_on()

    assert len(execute(between.box, "apps", world="mine")["apps"]) > 0
    with pytest.raises(MockDouyinError, match="there is a world 'mine' already"):
        execute(between.box, "create_world", body={"name": "mine"})


def test_named_worlds_are_gone_with_redis(own_redis: RedisServer, replica: Replica) -> None:
    """After Redis came back empty the default world is there; the others get a 404."""
    boxes = [
        SharedSandbox(RedisConnection(own_redis.url, log=lambda text: None)) for _ in range(2)
    ]
    made = execute(boxes[0], "create_world", body={"name": "mine"})
    for box in boxes:
        assert execute(box, "apps", world="mine")["apps"] == made["apps"]
    own_redis.stop()
    own_redis.start()

    login = {**PROGRAM_LOGIN, "code": "unknown"}
    for box in boxes:
        assert box.handle(Request("POST", f"/@mine{V2}")).status == 404
        with pytest.raises(NotFoundError, match="world 'mine'"):
            execute(box, "apps", world="mine")
        assert post(box, V2, login)["err_no"] == 40018
        assert [each["world"] for each in execute(box, "worlds")["worlds"]] == ["default"]
    again = execute(boxes[1], "create_world", body={"name": "mine"})
    assert execute(boxes[0], "apps", world="mine")["apps"] == again["apps"]
    for box in boxes:
        box.close()
