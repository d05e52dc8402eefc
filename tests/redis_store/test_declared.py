"""What declared operations make is shared: one replica makes it, another lists and changes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.endpoints.declared.made import Made
from tests.endpoints.declared.test_resources import YAML, coupon, create
from tests.redis_store.conftest import Replica
from tests.support.threads import together


@pytest.fixture
def pair(replica: Replica, tmp_path: Path) -> tuple[Made, Made]:
    """Return the same world at two replicas."""
    return Made(tmp_path, YAML, box=replica), Made(tmp_path, YAML, box=replica)


def test_made_here_and_found_there(pair: tuple[Made, Made]) -> None:
    """A record made at one replica is found, listed, changed and deleted at another."""
    one, other = pair
    made_id = create(one, stock=5)

    assert coupon(other, made_id) == coupon(one, made_id)
    other.post("/api/made/consume", coupon_id=made_id, count=2)
    assert coupon(one, made_id)["stock"] == 3
    shops = [each.get("/api/made/shops", size=9)["data"] for each in pair]
    assert shops[0] == shops[1]
    other.get("/api/made/delete", coupon_id=made_id)
    assert one.get("/api/made/page")["data"]["total"] == 0


def test_many_made_at_once(pair: tuple[Made, Made]) -> None:
    """Of what two replicas make at the same time nothing is lost and nothing is made twice."""
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: create(pair[n % 2], f"券{n}"), range(40)))
    listed = pair[0].get("/api/made/page", page_num=1, page_size=100)["data"]

    assert listed["total"] == len(set(made)) == 40
    assert {each["coupon_id"] for each in listed["list"]} == set(made)


def test_one_attempt_at_two_replicas(pair: tuple[Made, Made]) -> None:
    """An attempt that reaches two replicas at once is one, and so is what it takes away."""
    found: list[str] = []
    together(*(lambda each=each: found.append(create(each, out_no="a", stock=9)) for each in pair))
    [made_id] = set(found)

    def consume(made: Made) -> None:
        made.post("/api/made/consume", coupon_id=made_id, count=2, trade_no="t")

    together(*(lambda each=each: consume(each) for each in pair))
    assert coupon(pair[0], made_id)["stock"] == 7
