"""Orders of guaranteed payment: one for each number, within bounds, in two environments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.webhooks import settle
from mockdouyin.domain.payment_callbacks import LADDER, is_signed
from mockdouyin.sandbox.deliveries import listed
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import operation, ordered, paid, signed

SANDBOX = "open-sandbox.douyin.com"
ORDER = {"total_amount": 1990, "subject": "月度会员", "body": "30 天", "valid_time": 900}


def create(scene: Scene, number: str = "A-1", **fields: Any) -> Any:
    """Ask for an order; return the answer."""
    return operation(scene, "create_order", out_order_no=number, **{**ORDER, **fields})


def info(scene: Scene, number: str) -> Any:
    """Return an order's payment as it is queried."""
    return operation(scene, "query_order", out_order_no=number)["payment_info"]


def last_why(scene: Scene) -> str:
    """Return the code of the reason of the last call."""
    return list(scene.world.journal)[-1].why.code


def test_a_number_has_one_order() -> None:
    """The first request for a number counts, whatever a later one says."""
    scene = Scene()
    first = create(scene)
    again = create(scene, total_amount=1, subject="另一个")

    assert first["err_no"] == 0
    assert again == first
    assert info(scene, "A-1")["total_fee"] == 1990


def test_a_number_whose_first_request_failed_is_spoilt() -> None:
    """The platform asks for another number; a wrong sign alone spoils none."""
    scene = Scene()
    assert create(scene, sign="0" * 32)["err_no"] == 2008
    assert create(scene, total_amount=-1)["err_no"] == 2010
    assert last_why(scene) == "payment_amount"

    assert create(scene)["err_no"] == 2010
    assert last_why(scene) == "payment_number_spoilt"
    assert create(scene, "A-2")["err_no"] == 0


@pytest.mark.parametrize(("asked", "lasts"), [(1, 300), (900, 900), (10**6, 172_800)])
def test_how_long_it_can_be_paid(asked: int, lasts: int) -> None:
    """A time that is too short or too long is moved to its bound; after it the order is over."""
    scene = Scene()
    create(scene, valid_time=asked)

    scene.advance(lasts)
    assert info(scene, "A-1")["order_status"] == "PROCESSING"
    scene.advance(1)
    assert info(scene, "A-1")["order_status"] == "TIMEOUT"
    assert scene.phone("pay", order="A-1")["errNo"] == 10401


def test_what_is_cut_off() -> None:
    """cp_extra is cut to 2048 characters without a word."""
    scene = Scene()
    create(scene, cp_extra="x" * 3000)

    assert info(scene, "A-1")["cp_extra"] == "x" * 2048


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"out_order_no": "A 1"}, "payment_number_form"),
        ({"out_order_no": "A" * 65}, "payment_number_form"),
        ({"total_amount": 10**10 + 1}, "payment_amount"),
        ({"total_amount": 0}, "payment_amount_missing"),
        ({"total_amount": 19.9}, "payment_amount_type"),
        ({"total_amount": "19.90"}, "payment_amount_type"),
        ({"disable_msg": "no"}, "parameter_wrong_type"),
        ({"valid_time": -1}, "payment_valid_time"),
        ({"subject": "分" * 43}, "payment_field_too_long"),
        ({"body": "x" * 129}, "payment_field_too_long"),
        ({"store_uid": "7" * 65}, "payment_field_too_long"),
        ({"limit_pay_way": "LIMIT_CARD"}, "payment_hidden_way"),
        ({"notify_url": "ftp://shop.example.test/"}, "payment_url_form"),
        ({"notify_url": "http://[::1"}, "payment_url_form"),
        ({"notify_url": "https://shop.example.test/" + "x" * 256}, "payment_field_too_long"),
    ],
)
def test_what_is_out_of_bounds(fields: dict[str, Any], why: str) -> None:
    """2010, and the journal says which parameter and why."""
    scene = Scene()

    assert create(scene, **{"number": fields.pop("out_order_no", "A-1"), **fields}) == {
        "err_no": 2010,
        "err_tips": "业务参数处理异常",
        "data": None,
    }
    assert last_why(scene) == why


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "https://shop.example.test:8443/"])
def test_strict_urls(url: str) -> None:
    """Where it is set, only https at port 443 is accepted, as at the platform."""
    scene = Scene()
    assert create(scene, notify_url=url)["err_no"] == 0

    scene.set(strict_urls=True)
    assert create(scene, "A-2", notify_url=url)["err_no"] == 2010
    assert last_why(scene) == "payment_url_strict"
    assert create(scene, "A-3", notify_url="https://shop.example.test/x")["err_no"] == 0


@pytest.mark.parametrize("many_stores", [True, False])
def test_a_store_sells_where_the_app_may_have_many(many_stores: bool) -> None:
    """store_uid is the seller, or is ignored: then the app's own merchant sells."""
    scene = Scene(many_stores=many_stores)
    paid(scene, "A-1", store_uid="70000000000000000007")

    own = scene.app("mini_program").payment.merchant_uid
    assert info(scene, "A-1")["seller_uid"] == ("70000000000000000007" if many_stores else own)


def test_hidden_ways() -> None:
    """A cashier offers the ways that an order does not hide; with none left, payment fails."""
    scene = Scene()
    create(scene, limit_pay_way="LIMIT_WX,LIMIT_ALI")
    assert scene.phone("pay", order="A-1")["code"] == 0
    assert info(scene, "A-1")["way"] == 10

    create(scene, "A-2", limit_pay_way="LIMIT_WX,LIMIT_ALI,LIMIT_DYZF")
    assert scene.phone("pay", order="A-2")["code"] == 2


def test_the_sandbox_is_apart() -> None:
    """Its own SALT signs, its ids have no N, and an order of the other side is not found there."""
    scene = Scene()
    made = create(scene)["data"]["order_id"]
    salt = scene.app("mini_program").payment.sandbox_salt
    ask = replace_salt(signed(scene, "/api/apps/ecpay/v1/query_order", out_order_no="A-1"), salt)

    there = scene.ask(ask.under(host=SANDBOX))
    assert there["err_no"] == 2000
    assert last_why(scene) == "payment_order_elsewhere"
    scene.set(payment_environment="sandbox")
    fields = {"out_order_no": "A-1", **ORDER}
    own = scene.ask(replace_salt(signed(scene, "/api/apps/ecpay/v1/create_order", **fields), salt))
    assert made[0] == "N"
    assert own["data"]["order_id"].isdigit()


def replace_salt(ask: Any, salt: str) -> Any:
    """Return a call that is signed by another SALT."""
    return type(ask)(**{**vars(ask), "salt": salt})


def callback(scene: Scene) -> Delivery:
    """Return the only callback."""
    (found,) = listed(scene.world)
    return found


def answered(delivery: Delivery, status: int = 200, body: str = "") -> Delivery:
    """Return a delivery after the receiver's answer."""
    return settle(delivery, Attempt(time=delivery.due, status=status, body=body))


def test_the_ladder() -> None:
    """Sixteen attempts at the documented times, each signed anew, with the same msg; then none."""
    scene = Scene()
    paid(scene)
    token, sent = scene.app("mini_program").payment.token, callback(scene)
    seen, gaps = [], []
    while sent.state == "waiting":
        assert is_signed(sent.body, token)
        seen.append(json.loads(sent.body))
        before, sent = sent.due, answered(sent, 500)
        gaps.append(sent.due - before)

    assert (sent.state, len(seen)) == ("failed", 16)
    assert tuple(gaps[:-1]) == LADDER
    assert {each["msg"] for each in seen} == {seen[0]["msg"]}
    assert len({each["msg_signature"] for each in seen}) == 16


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, '{"err_no":0,"err_tips":"success"}', "delivered"),
        (200, '{"err_no":0,"err_tips":"SUCCESS"}', "delivered"),
        (200, "success", "waiting"),
        (200, '{"err_no":"0"}', "waiting"),
        (200, '{"err_no":1}', "waiting"),
        (200, "[]", "waiting"),
        (204, "", "waiting"),
        (500, '{"err_no":0}', "waiting"),
    ],
)
def test_what_acknowledges(status: int, body: str, state: str) -> None:
    """HTTP 200 and the number 0 as err_no in JSON, and nothing else."""
    scene = Scene()
    paid(scene)

    assert answered(callback(scene), status, body).state == state


def test_the_sandbox_calls_back_once() -> None:
    """A callback that failed there is not tried again."""
    scene = Scene(payment_environment="sandbox")
    payment = scene.app("mini_program").payment
    scene.amend("mini_program", payment=replace(payment, salt=payment.sandbox_salt))
    paid(scene)

    assert answered(callback(scene), 500).state == "failed"


def test_the_token_of_the_payment_signs() -> None:
    """A Token that is changed later does not sign what was paid before."""
    scene = Scene()
    ordered(scene, "A-1")
    scene.phone("pay", order="A-1")
    before = scene.app("mini_program").payment
    scene.amend("mini_program", payment=replace(before, token="fa4e-another"))

    assert is_signed(answered(callback(scene), 500).body, before.token)
