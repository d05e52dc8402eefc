"""Orders of guaranteed payment: one for each number, within bounds, in two environments."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from mockdouyin import Rule
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.webhooks import emit, settle
from mockdouyin.domain.effects import Effect
from mockdouyin.domain.payment_callbacks import LADDER, is_signed
from mockdouyin.sandbox.deliveries import listed
from tests.endpoints.calls import Scene
from tests.endpoints.calls_merchant import served
from tests.endpoints.calls_payment import SignedAsk, operation, ordered, paid, signed

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


def test_what_is_foretold_of_one_order_leaves_the_other_environment_alone() -> None:
    """A rule has production's callback be lost; that of the sandbox's same number comes."""
    scene = Scene()
    lost = Rule(on="ecpay.create_order", times=1, happens=Effect.CALLBACK_IS_LOST)
    scene.world.rules.add(lost)
    create(scene, notify_url="https://shop.example.test/production")
    scene.set(payment_environment="sandbox")
    made = create(scene, notify_url="https://shop.example.test/sandbox")["data"]

    assert scene.phone("pay", order="A-1")["code"] == 0
    assert scene.phone("pay", orderInfo=made)["code"] == 0

    assert [each.url for each in listed(scene.world)] == ["https://shop.example.test/sandbox"]


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


def test_the_sandbox_does_not_use_up_production() -> None:
    """Each environment counts its own calls and its own withdrawals of a day."""
    scene = Scene(limits="enforce")
    own = scene.app("mini_program").payment.merchant_uid
    account = {"merchant_uid": own, "channel_type": "wx", "withdraw_amount": 0}
    path = "/api/apps/ecpay/saas/merchant_withdraw"

    def calls() -> tuple[list[int], list[int]]:
        queries = [
            operation(scene, "query_order", out_order_no="A-1")["err_no"] for _ in range(151)
        ]
        asked = [
            scene.ask(signed(scene, path, **account, out_order_id=f"W-{number}"))["err_no"]
            for number in range(6)
        ]
        return queries, asked

    before = calls()
    scene.set(payment_environment="sandbox")

    assert calls() == before == ([2000] * 150 + [1001], [0] * 5 + [1001])


def test_a_service_provider_has_one_limit_for_all_its_apps() -> None:
    """query_order may be called 150 times a second by an app, and by a thirdparty_id."""
    scene = Scene(limits="enforce")
    provider = served(scene)
    payment = scene.app("mini_program").payment
    other = replace(scene.app("mini_program"), name="second", client_key="tt" + "e" * 18)
    scene.world.transact(lambda: scene.world.register(other))
    path, salt = "/api/apps/ecpay/v1/query_order", payment.thirdparty_salt

    def query(app_id: str) -> int:
        fields = {"app_id": app_id, "thirdparty_id": provider, "out_order_no": "A-1"}
        return int(scene.ask(SignedAsk("POST", path, fields=fields, salt=salt))["err_no"])

    keys = [scene.app("mini_program").client_key, other.client_key]
    assert {query(keys[number % 2]) for number in range(150)} == {2000}
    assert [query(key) for key in keys] == [1001, 1001]


def test_the_negative_case_that_the_platform_names() -> None:
    """MA_PAY_BAN in the header Aweme-Negative-Test refuses an order, which spoils no number."""
    scene = Scene()
    ask = signed(scene, "/api/apps/ecpay/v1/create_order", out_order_no="A-1", **ORDER)

    refused = scene.ask(ask.under(aweme_negative_test="MA_PAY_BAN"))

    assert refused == {"err_no": 2010, "err_tips": "业务参数处理异常", "data": None}
    assert scene.ask(ask)["err_no"] == 0


def test_the_sandbox_has_no_numbers_of_channels() -> None:
    """A payment's callback there lacks ec_pay_trade_no, and its other numbers are empty."""
    scene = Scene(payment_environment="sandbox")
    paid(scene, "A-1", way="alipay")

    content = json.loads(json.loads(callback(scene).body)["msg"])

    assert "ec_pay_trade_no" not in content
    numbers = ("channel_no", "channel_gateway_no", "payment_order_no", "out_channel_order_no")
    assert [content[name] for name in numbers] == [""] * 4


def test_a_callback_by_hand_has_the_keys_of_a_real_one() -> None:
    """`trigger ecpay_payment` tells what a payment at production tells, with its numbers."""
    scene = Scene()
    paid(scene, "A-1", way="alipay")
    unit = scene.world.store.unit(scene.world.clock.now())
    app, url = scene.app("mini_program"), "https://shop.example.test/"
    emit(scene.world, unit, app, "ecpay_payment", "小明", url=url)
    unit.commit()

    real, by_hand = (json.loads(json.loads(each.body)["msg"]) for each in listed(scene.world))

    assert list(by_hand) == list(real)
    empty = [name for name, value in by_hand.items() if value == ""]
    assert empty == [name for name, value in real.items() if value == ""]
