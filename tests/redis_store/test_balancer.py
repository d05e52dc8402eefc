"""Two replicas behind nginx, one of them killed in the middle of many logins."""

from __future__ import annotations

from pathlib import Path

from tests.redis_store.balancer import storm
from tests.support.redis_server import RedisServer

LOGINS = 5000
CLIENTS = 16


def test_a_killed_replica_loses_no_answer_but_its_own(
    tmp_path: Path, redis_server: RedisServer, redis_url: str
) -> None:
    """Each code is consumed once; no answer is lost but those that the killed one was giving."""
    result = storm(tmp_path, redis_server, LOGINS, CLIENTS)

    assert LOGINS // 3 <= result.before < LOGINS
    assert result.logins == result.used == LOGINS
    assert result.succeeded + result.consumed_and_lost == LOGINS
    assert result.others == {}
    assert result.lost <= CLIENTS
