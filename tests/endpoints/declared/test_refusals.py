"""Whatever a declared operation refuses: credentials and parameters, in each dialect."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mockdouyin.control import execute
from tests.endpoints.calls import Ask
from tests.endpoints.declared.made import Made

YAML = """
operations:
  ask:
    call: POST /api/made/ask
    takes:
      name*: text ..5
      count: int 1..50
      kind: int 1|2
      day: date
      codes: [id, ..3]
      inside: {amount*: fen}
    gives: {name: =name}
  query:
    call: GET /api/made/query
    takes: {codes*: [id], inside: {amount*: fen}, count: int}
    gives: {codes: =codes, count: =count}
"""

NUMBERS = {
    "N": ("err_no", 28001003, 28001008, 28001007),
    "N-biz": ("err_no", 28001003, 28001008, 28001007),
    "N-share": ("err_no", 28001003, 28001008, 28005001),
    "N-coupon": ("err_no", 28001003, 28001008, 28001007),
    "N-coupon-flat": ("err_no", 28001003, 28001008, 28001007),
    "N-cps": ("err_no", 28001003, 28001008, 28001007),
    "N-product": ("err_no", 10001, 10001, 28001007),
    "N-flat": ("err_no", 28001003, 28001008, 28001007),
    "NE": ("err_no", 28001003, 28001008, 28001007),
    "E": ("extra.error_code", 2190002, 2190008, 2100005),
    "E-life": ("data.error_code", 2190002, 2190008, 2100005),
    "E-beside": ("data.error_code", 2190002, 2190008, 2100005),
    "BASERESP": ("BaseResp.StatusCode", 2190002, 2190008, 2100005),
    "T": ("err_no", 40002, 40002, 40014),
    "T-flat": ("err_no", 40002, 40002, 40014),
    "TP": ("errno", 40010, 40009, 40001),
    "B": ("error_code", 28001003, 28001008, 28001007),
    "V1": ("errcode", 40002, 40002, 40014),
    "LIVE-N": ("err_no", 40022, 40022, 40023),
    "LIVE-V1": ("errcode", 40004, 40004, 40001),
    "LIVE-V1-flat": ("errcode", 40004, 40004, 40001),
    "ERR": ("err.err_code", 10001, 10001, 10002),
    "P": ("data.error_code", 10008, 10010, 10002),
}
"""Where each dialect has its number; those of an unknown token, an expired one, a parameter."""


def at(answer: Any, path: str) -> Any:
    """Return what stands at a path of an answer."""
    for step in path.split("."):
        answer = answer[step]
    return answer


@pytest.mark.parametrize("envelope", NUMBERS)
def test_credentials_and_parameters(envelope: str, tmp_path: Path) -> None:
    """Each family refuses a bad token, an old one and a bad parameter with numbers of its own."""
    place, unknown, expired, params = NUMBERS[envelope]
    made = Made(tmp_path, YAML, envelope=envelope)

    good = made.post("/api/made/ask", name="x")
    assert good == {"name": "x"} if envelope == "V1" else at(good, place) == 0
    assert at(made.post("/api/made/ask", token="", name="x"), place) == unknown
    assert at(made.post("/api/made/ask", token="clt.nobody", name="x"), place) == unknown
    assert at(made.post("/api/made/ask", token=made.app_token(), name="x"), place) == unknown
    assert at(made.post("/api/made/ask"), place) == params
    made.advance(3 * 3600)
    assert at(made.post("/api/made/ask", name="x"), place) == expired


@pytest.mark.parametrize("kind", ["client", "app", "user"])
def test_a_token_of_another_kind(kind: str, tmp_path: Path) -> None:
    """A call admits the kind of token that is declared, and no other one."""
    made = Made(tmp_path, YAML, token=kind)
    others = {"client", "app", "user"} - {kind}

    assert made.post("/api/made/ask", name="x")["err_no"] == 0
    for other in others:
        refused = made.post("/api/made/ask", token=made.token(other), name="x")
        assert refused["err_no"] == 28001003, other


def test_without_a_token(tmp_path: Path) -> None:
    """A call that needs no token is answered without one."""
    assert Made(tmp_path, YAML, token="none").post("/api/made/ask", name="x")["err_no"] == 0


def test_a_scope_that_the_app_lacks(tmp_path: Path) -> None:
    """An app without the scope is refused."""
    yaml = YAML.replace(
        "    takes:\n      name*", "    scope: made.scope\n    takes:\n      name*"
    )
    made = Made(tmp_path, yaml)

    assert made.post("/api/made/ask", name="x")["err_no"] == 28001018
    made.amend("web", scopes=("made.scope",))
    assert made.post("/api/made/ask", name="x")["err_no"] == 0


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "name"),
        ({"name": ""}, "name"),
        ({"name": "abcdef"}, "the parameter name has 6 characters; it takes 5 at most"),
        ({"name": 5}, "name"),
        ({"name": "x", "count": 0}, "the parameter count is 0; it takes 1 to 50"),
        ({"name": "x", "count": 51}, "the parameter count is 51; it takes 1 to 50"),
        ({"name": "x", "count": "many"}, "the parameter count should be a whole number"),
        ({"name": "x", "count": "9" * 30}, "the parameter count should be a whole number"),
        ({"name": "x", "kind": 3}, "the parameter kind is 3; it is one of 1, 2"),
        ({"name": "x", "day": "2026/01/01"}, "should have the form yyyy-MM-dd"),
        ({"name": "x", "codes": ["1", "2", "3", "4"]}, "codes has 4 items; it takes 3 at most"),
        ({"name": "x", "codes": {"a": 1}}, "codes"),
        ({"name": "x", "codes": [{"a": 1}]}, "codes"),
        ({"name": "x", "inside": {"price": 1}}, "inside.amount"),
        ({"name": "x", "inside": {"amount": "free"}}, "inside.amount should be a whole number"),
    ],
)
def test_parameters_that_are_refused(fields: dict[str, Any], says: str, tmp_path: Path) -> None:
    """Missing, ill-typed and out of range: the reason names the parameter and what it takes."""
    made = Made(tmp_path, YAML)

    assert made.post("/api/made/ask", **fields)["err_no"] == 28001007
    assert says in made.why()


def test_what_is_missing_is_named_on_the_wire(tmp_path: Path) -> None:
    """The platform's own text names the parameter."""
    answer = Made(tmp_path, YAML).post("/api/made/ask")

    assert answer["err_msg"] == "name must have a value"


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("1", ["1"]),
        ("1,2", ["1", "2"]),
        ('["1","2"]', ["1", "2"]),
        ("[1,2]", ["1", "2"]),
    ],
)
def test_a_list_in_a_query(sent: str, read: list[str], tmp_path: Path) -> None:
    """A query has a list with commas, or as JSON; a number there is as good as its text."""
    answer = Made(tmp_path, YAML).get("/api/made/query", codes=sent, count="7")

    assert answer["data"] == {"codes": read, "count": 7}


@pytest.mark.parametrize(
    "query",
    [
        {"codes": '["1"'},
        {"codes": "[" * 900},
        {"codes": "1", "inside": "[]"},
        {"codes": "1", "inside": '{"amount": []}'},
        {"codes": "1", "inside": "5"},
    ],
)
def test_a_query_that_cannot_be_read(query: dict[str, str], tmp_path: Path) -> None:
    """What is no list and no object is a bad parameter, and no bug."""
    assert Made(tmp_path, YAML).get("/api/made/query", **query)["err_no"] == 28001007


NAMED = """
operations:
  odd:
    call: POST /api/made/odd
    takes:
      {app_id: [text], appid: {a: int}, code: int, refresh_token: [int], anonymous_code: {a: int},
       token: int, thirdparty_id: [int], order_id: [id], out_order_no: int, out_order_id: [id],
       merchant_id: {a: int}, link: int, comment_id: int, to_user_id: int, openid: int,
       open_id: [int], tpl_id: [text], msg_id: int, order_detail: [int], item_id: int, need*: int}
    gives: {msg_id: =msg_id}
"""
ODD = {
    **{"app_id": ["x"], "appid": {"a": 1}, "code": 5, "refresh_token": [1], "token": 7},
    **{"anonymous_code": {"a": 1}, "thirdparty_id": [1], "order_id": ["1"], "out_order_no": 5},
    **{"out_order_id": ["1"], "merchant_id": {"a": 1}, "link": 5, "comment_id": 5, "openid": 5},
    **{"to_user_id": 5, "open_id": [1], "tpl_id": ["x"], "msg_id": 5, "order_detail": [1]},
    **{"item_id": 5, "need": 1},
}


@pytest.mark.parametrize("token", ["client", "none"])
@pytest.mark.parametrize("settings", [{}, {"unknown_codes": "accept", "unknown_apps": "accept"}])
def test_names_that_mean_something_elsewhere(
    token: str, settings: dict[str, Any], tmp_path: Path
) -> None:
    """What another endpoint calls a code or an order may be a number or a list here."""
    made = Made(tmp_path, NAMED, token=token, **settings)
    rule = {"on": "made.odd", "error": "system_error", "when": {"person": "小红"}}
    execute(made.box, "add_rule", body=rule)

    held = {"access-token": made.held}

    def ask(fields: dict[str, Any], **headers: str) -> Any:
        return made.ask(Ask("POST", "/api/made/odd", {}, held, fields).under(**headers))

    assert ask(ODD)["data"] == {"msg_id": 5}
    assert ask({**ODD, "need": None})["err_no"] == 28001007
    assert ask(ODD, aweme_negative_test="bad_params")["err_no"] == 28001007
