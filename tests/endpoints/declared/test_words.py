"""Words of the notation that several families share, each with what it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockdouyin.endpoints.declared.family import DeclaredFamily
from tests.endpoints.declared.made import HEAD, Made

YAML = """
resources:
  shop:
    about: 门店
    key: shop_id
    also: out_id
    shape:
      shop_id: id S_
      out_id: text
      kind: int 1|2
      owner: text
      place: {city: text, street: text}
      closed: text
    starts: {kind: 1}
operations:
  save:
    call: POST /api/made/save
    takes: {shop: {out_id: text, kind: int, place: object}, by: {name: text}}
    gives: {shop_id: $shop.shop_id}
    does: {create: shop, inside: shop, sets: {owner: =by.name}}
  save_all:
    call: POST /api/made/save_all
    takes: {shops*: [{out_id: text, kind: int}], kind: int}
    gives: {ids: [$shop.shop_id]}
    does: {create: shop, each: shops, fails: wrong_state}
  get:
    call: POST /api/made/get
    takes: {shop_id: id, out_id: text}
    gives: {shop: $shop, app: $app}
    does: {get: shop}
  get_some:
    call: POST /api/made/get_some
    takes: {ids: [id], out_ids: [text]}
    gives: {names: [$shop.out_id]}
    does: {get: shop, by: ids, also: out_ids, only: {kind: [1]}}
  page:
    call: POST /api/made/page
    takes: {kinds: [int], cursor: text, count: int}
    gives: {names: [$shop.out_id], next: $cursor text}
    does: {list: shop, where: {kind: =kinds}}
  open_ones:
    call: POST /api/made/open_ones
    gives: {total: $total}
    does: {list: shop, only: {kind: [1]}}
  figures:
    call: POST /api/made/figures
    takes: {start_date: text, end_time: text, ids: [text]}
    gives:
      sum: {pv: sum days.pv, days: count days}
      days: [{day: date, compact: ymd, second: s, pv: int 1..9}, days]
      by_id: {<=ids>: {pv: int}}
      rows: [{rank: int, hot_value: int, kind: text a|b|c}, 4]
"""


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Return a world with the family."""
    return Made(tmp_path, YAML)


def save(made: Made, **shop: Any) -> str:
    """Save a shop; return its id."""
    return str(made.post("/api/made/save", shop=shop, by={"name": "小明"})["data"]["shop_id"])


def data(made: Made, name: str, **fields: Any) -> Any:
    """Call an operation; return its payload."""
    return made.post(f"/api/made/{name}", **fields)["data"]


def test_a_record_has_the_number_of_its_maker(made: Made) -> None:
    """`also`: it is found by that number, and saved again under it; its id begins as declared."""
    first = save(made, out_id="a", place={"city": "北京市"})
    assert first.startswith("S_")
    street = data(made, "get", out_id="a")["shop"]["place"]["street"]
    assert save(made, out_id="a", place={"city": "杭州市"}) == first
    told = data(made, "get", out_id="a")
    assert told["shop"] == data(made, "get", shop_id=first)["shop"]
    assert told["shop"]["place"] == {"city": "杭州市", "street": street}
    assert told["shop"]["owner"] == "小明"
    assert told["app"] == made.app("web").client_key
    assert made.post("/api/made/get", out_id="b")["err_no"] == 28005074


def test_several_are_made_by_one_call(made: Made) -> None:
    """`each`: a record for each item, and none at all if one is there already."""
    rows = [{"out_id": "a", "kind": 1}, {"out_id": "b", "kind": 2}]
    assert len(data(made, "save_all", shops=rows)["ids"]) == 2
    again = made.post("/api/made/save_all", shops=[{"out_id": "c"}, {"out_id": "a"}])
    assert again["err_no"] == 28005075
    assert data(made, "page")["names"] == ["a", "b"]


def test_lists_are_filtered(made: Made) -> None:
    """`where` by a parameter of another name and of several values; `only` by a fixed one."""
    for name, kind in (("a", 1), ("b", 2), ("c", 1)):
        save(made, out_id=name, kind=kind)
    assert data(made, "page", kinds=[2])["names"] == ["b"]
    assert data(made, "page", kinds=[1, 2], count=2) == {"names": ["a", "b"], "next": "2"}
    assert data(made, "open_ones")["total"] == 2
    assert data(made, "get_some", out_ids=["c", "b", "x"])["names"] == ["c"]


def test_days_sums_and_rows(made: Made) -> None:
    """A row for each day, sums of what stands around, a field for each id, ranks in order."""
    told = data(made, "figures", start_date="2022-12-26", end_time="1672113600", ids=["x", "y"])
    assert [row["day"] for row in told["days"]] == ["2022-12-26", "2022-12-27"]
    assert [row["compact"] for row in told["days"]] == ["20221226", "20221227"]
    assert [row["second"] for row in told["days"]] == [1671984000, 1672070400]
    assert told["sum"] == {"pv": sum(row["pv"] for row in told["days"]), "days": 2}
    assert [*told["by_id"]] == ["x", "y"]
    assert [row["rank"] for row in told["rows"]] == [1, 2, 3, 4]
    assert [row["kind"] for row in told["rows"]] == ["a", "b", "c", "a"]
    values = [row["hot_value"] for row in told["rows"]]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({}, 7),
        ({"start_date": "2022-12-27", "end_time": "2022-12-26"}, 0),
        ({"start_date": "1970-01-01"}, 92),
        ({"start_date": "soon", "end_time": "9" * 40}, 7),
    ],
)
def test_how_many_days_are_told_of(made: Made, asked: dict[str, str], days: int) -> None:
    """A week if none is asked for, none backwards, and no more than three months."""
    assert len(data(made, "figures", **asked)["days"]) == days


def test_families_share_a_resource(tmp_path: Path) -> None:
    """A family that names another's resource lists what the other made."""
    head = HEAD.format(envelope="N", token="client")
    shared = "resources: {shop: other.shop}\noperations:\n  find:\n    call: POST /api/made/find\n"
    shared += (
        "    takes: {out_id*: text}\n    gives: {shop_id: $shop.shop_id}\n    does: {get: shop}\n"
    )
    (tmp_path / "other.yaml").write_text(head + YAML, encoding="utf-8")
    (tmp_path / "one.yaml").write_text(head + shared, encoding="utf-8")
    one, other = (DeclaredFamily(tmp_path / f"{name}.yaml") for name in ("one", "other"))
    assert one.resources["shop"] == other.resources["shop"]
    assert one.resources["shop"].name == "other.shop"


def test_what_may_be_absent_is_left_out(tmp_path: Path) -> None:
    """A field with a question mark is not in the reply where it has no value."""
    yaml = "operations:\n  a:\n    call: POST /api/made/a\n    gives: {x?: any, y: any}\n"
    assert Made(tmp_path, yaml).post("/api/made/a")["data"] == {"y": None}
