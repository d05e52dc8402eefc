"""What operations make is found, listed, changed and deleted, by its owner and within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockdouyin.control import execute
from mockdouyin.endpoints.declared import resources
from tests.endpoints.declared.made import Made

YAML = """
errors: ["28005999 sold_out 库存不足"]
resources:
  coupon:
    about: 券
    key: coupon_id
    shape: {coupon_id: id, name: text, stock: int, status: int, create_time: s, reason: text}
    starts: {status: 1}
    later: {field: status, from: 1, to: 2, or: 3, after: audit_takes}
  shop:
    key: shop_id
    given: 5
    shape: {shop_id: digits 12, city: text, open_time: ms}
  note:
    key: note_id
    of: person
    shape: {note_id: sealed, text: text}
operations:
  create:
    call: POST /api/made/create
    takes: {name*: text, stock: int, out_no: text}
    gives: {coupon_id: $coupon.coupon_id}
    does: {create: coupon, once: out_no}
  query:
    call: GET /api/made/query
    takes: {coupon_id*: id}
    gives: {coupon: $coupon}
    does: {get: coupon}
  query_some:
    call: POST /api/made/query_some
    takes: {ids*: [id]}
    gives: {total: $total, by_id: {<id>: $coupon}, names: [{called: $coupon.name, of: =ids}]}
    does: {get: coupon, by: ids}
  page:
    call: GET /api/made/page
    takes: {status: int, page_num: int, page_size: int}
    gives: {total: $total, page_count: $page_count, list: [$coupon]}
    does: {list: coupon, where: [status]}
  scroll:
    call: GET /api/made/scroll
    takes: {cursor: int, count: int}
    gives: {list: [$coupon], has_more: $has_more, cursor: $cursor}
    does: {list: coupon}
  rename:
    call: POST /api/made/rename
    takes: {coupon_id*: id, name*: text}
    does: {update: coupon, only: {status: [2]}}
  close:
    call: POST /api/made/close
    takes: {coupon_id*: id}
    gives: {status: $coupon.status}
    does: {update: coupon, sets: {status: 4}, only: {status: [1, 2]}}
  consume:
    call: POST /api/made/consume
    takes: {coupon_id*: id, count*: int, trade_no: text}
    gives: {left: $coupon.stock}
    does: {update: coupon, adds: {stock: -=count}, once: trade_no, fails: sold_out}
  delete:
    call: GET /api/made/delete
    takes: {coupon_id*: id}
    does: {delete: coupon}
  shops:
    call: GET /api/made/shops
    takes: {city: text, page: int, size: int}
    gives: {total: $total, shops: [{shop: $shop}]}
    does: {list: shop, where: [city]}
  shop:
    call: GET /api/made/shop
    takes: {shop_id*: text}
    gives: $shop
    does: {get: shop}
  close_shop:
    call: POST /api/made/close_shop
    takes: {shop_id*: text}
    does: {delete: shop}
  write:
    call: POST /api/made/write
    token: user
    takes: {text*: text}
    gives: $note
    does: {create: note}
  notes:
    call: GET /api/made/notes
    token: user
    gives: {notes: [$note]}
    does: {list: note}
"""


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Return a world with the family."""
    return Made(tmp_path, YAML)


def create(made: Made, name: str = "茶", **more: Any) -> str:
    """Create a coupon; return its id."""
    return str(made.post("/api/made/create", name=name, **more)["data"]["coupon_id"])


def coupon(made: Made, coupon_id: str) -> Any:
    """Return a coupon as it is."""
    return made.get("/api/made/query", coupon_id=coupon_id)["data"]["coupon"]


def test_what_was_created_is_found(made: Made) -> None:
    """A record has what it was told, its id, its time, and the same derived rest at each look."""
    made_id = create(made, stock=3)
    first = coupon(made, made_id)
    made.advance(5)

    assert first["coupon_id"] == made_id
    assert len(made_id) == 19
    assert (first["name"], first["stock"], first["status"]) == ("茶", 3, 1)
    assert first["create_time"] == int(made.world.clock.now()) - 5
    assert first["reason"]
    assert coupon(made, made_id) == first


def test_an_attempt_made_twice(made: Made) -> None:
    """Two calls with one out-number are one attempt; without any, each makes another one."""
    assert create(made, out_no="a") == create(made, out_no="a")
    assert create(made, out_no="a") != create(made, out_no="b")
    assert create(made) != create(made)
    assert made.get("/api/made/page")["data"]["total"] == 4


def test_several_at_once(made: Made) -> None:
    """A list of ids gives a map by id and a list, without those that there are not."""
    one, other = create(made, "茶"), create(made, "酒")
    found = made.post("/api/made/query_some", ids=[one, "7", other])["data"]

    assert found["total"] == 2
    assert {key: each["name"] for key, each in found["by_id"].items()} == {one: "茶", other: "酒"}
    assert [each["called"] for each in found["names"]] == ["茶", "酒"]


@pytest.mark.parametrize(("count", "pages"), [(25, 3), (120, 12), (0, 0)])
def test_pages_by_number(made: Made, count: int, pages: int) -> None:
    """Every record is on one page, in the order made; a page behind the last one is empty."""
    made_ids = [create(made, f"券{n}") for n in range(count)]
    seen = []
    for number in range(1, pages + 2):
        page = made.get("/api/made/page", page_num=number, page_size=10)["data"]
        assert (page["total"], page["page_count"]) == (count, pages)
        seen += [each["coupon_id"] for each in page["list"]]

    assert seen == made_ids


def test_pages_by_cursor(made: Made) -> None:
    """A cursor leads on to the next page until there is no more."""
    made_ids = [create(made) for _ in range(7)]
    seen, cursor, has_more = [], 0, True
    while has_more:
        page = made.get("/api/made/scroll", cursor=cursor, count=3)["data"]
        seen += [each["coupon_id"] for each in page["list"]]
        cursor, has_more = page["cursor"], page["has_more"]

    assert seen == made_ids


def test_an_audit_ends_by_itself(made: Made) -> None:
    """After the time of an audit the status is another one, and lists are filtered by that."""
    made_id = create(made)
    assert made.get("/api/made/page", status=2)["data"]["total"] == 0
    made.advance(600)

    assert coupon(made, made_id)["status"] == 2
    assert made.get("/api/made/page", status=2)["data"]["total"] == 1


def test_a_world_whose_audits_are_refused(tmp_path: Path) -> None:
    """A setting has them end the other way, and sooner or later."""
    made = Made(tmp_path, YAML, audit_result="refused", audit_takes="1m")
    made_id = create(made)
    made.advance(60)

    assert coupon(made, made_id)["status"] == 3


def test_states(made: Made) -> None:
    """A change that the state does not allow is refused, and changes nothing."""
    made_id = create(made)

    assert made.post("/api/made/rename", coupon_id=made_id, name="酒")["err_no"] == 28005075
    assert "has status 1; this call takes 2" in made.why()
    assert coupon(made, made_id)["name"] == "茶"
    made.advance(600)
    assert made.post("/api/made/rename", coupon_id=made_id, name="酒")["err_no"] == 0
    assert coupon(made, made_id)["name"] == "酒"
    assert made.post("/api/made/close", coupon_id=made_id)["data"] == {"status": 4}
    assert made.post("/api/made/close", coupon_id=made_id)["err_no"] == 28005075


def test_counters(made: Made) -> None:
    """What is taken away is gone, once for each attempt, and no more than there is."""
    made_id = create(made, stock=5)

    def consume(count: int, number: str = "") -> Any:
        fields = {"trade_no": number} if number else {}
        return made.post("/api/made/consume", coupon_id=made_id, count=count, **fields)

    assert consume(2, "t1")["data"] == {"left": 3}
    assert consume(2, "t1")["data"] == {"left": 3}
    assert consume(4)["err_no"] == 28005999
    assert coupon(made, made_id)["stock"] == 3
    assert consume(3)["data"] == {"left": 0}


def test_deletion(made: Made) -> None:
    """What was deleted is neither found nor listed, and cannot be deleted again."""
    one, other = create(made), create(made)

    assert made.get("/api/made/delete", coupon_id=one)["err_no"] == 0
    assert made.get("/api/made/query", coupon_id=one)["err_no"] == 28005074
    assert "there is no 券 whose coupon_id is" in made.why()
    assert made.get("/api/made/delete", coupon_id=one)["err_no"] == 28005074
    listed = made.get("/api/made/page")["data"]["list"]
    assert [each["coupon_id"] for each in listed] == [other]


def test_every_record_deleted(made: Made) -> None:
    """Over several pages of keys all can be deleted, and new ones are listed after that."""
    for made_id in [create(made) for _ in range(230)]:
        made.get("/api/made/delete", coupon_id=made_id)
    assert made.get("/api/made/page")["data"]["total"] == 0

    again = create(made)
    assert made.get("/api/made/page")["data"]["list"][0]["coupon_id"] == again


def test_what_was_there_from_the_beginning(made: Made) -> None:
    """Given records are listed, found by their ids and the same each day; one can be deleted."""
    listed = made.get("/api/made/shops", size=10)["data"]
    shops = [each["shop"] for each in listed["shops"]]
    made.advance(3600)

    assert listed["total"] == len(shops) == 5
    assert [made.get("/api/made/shop", shop_id=each["shop_id"])["data"] for each in shops] == shops
    made.post("/api/made/close_shop", shop_id=shops[2]["shop_id"])
    left = made.get("/api/made/shops", size=10)["data"]["shops"]
    assert [each["shop"] for each in left] == [*shops[:2], *shops[3:]]


def test_owners(made: Made) -> None:
    """An app has its own records, and a person theirs."""
    made_id = create(made)
    other = made.client_token("mini_program")
    mine = made.token("user")
    hers = str(made.tokens("小红", ("user_info",))["access_token"])
    made.post("/api/made/write", token=mine, text="买菜")

    assert made.get("/api/made/query", token=other, coupon_id=made_id)["err_no"] == 28005074
    assert made.get("/api/made/page", token=other)["data"]["total"] == 0
    assert [n["text"] for n in made.get("/api/made/notes", token=mine)["data"]["notes"]] == [
        "买菜"
    ]
    assert made.get("/api/made/notes", token=hers)["data"]["notes"] == []


def test_how_many_there_can_be(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound nothing is made; after a deletion there is room again."""
    monkeypatch.setattr(resources, "MOST", 3)
    first, *_ = [create(made) for _ in range(3)]

    assert made.post("/api/made/create", name="茶")["err_no"] == 28005075
    made.get("/api/made/delete", coupon_id=first)
    assert made.post("/api/made/create", name="茶")["err_no"] == 0


def test_a_refused_call_makes_nothing(made: Made) -> None:
    """A rule that refuses the call leaves no record behind."""
    execute(made.box, "add_rule", body={"on": "made.create", "error": "bad_params", "times": 1})

    assert made.post("/api/made/create", name="茶")["err_no"] == 28001007
    assert made.get("/api/made/page")["data"]["total"] == 0
