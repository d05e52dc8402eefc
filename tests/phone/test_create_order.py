"""tt.createOrder: what the app's backend is asked, what the person does, and what is told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockdouyin.control import execute
from mockdouyin.core.acts import Act
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.domain.ledger import Place, Purse, held
from mockdouyin.sandbox.deliveries import listed
from mockdouyin.testing.fixture import Douyin
from tests.endpoints.calls import Ask, Scene
from tests.support.trade import GOODS, ORDERS_AT, Backend, agreed, listens
from tests.support.waiting import until

RIGHT = {"orderId", "outOrderNo", "errMsg"}


@pytest.fixture
def scene() -> Scene:
    """Return a sandbox whose clock stands still."""
    return Scene()


@pytest.fixture
def backend(scene: Scene) -> Backend:
    """Return the backend of the mini-program, which agrees to every order."""
    return listens(scene.box)


def asked(backend: Backend) -> dict[str, Any]:
    """Return what the backend was asked last."""
    message: dict[str, Any] = json.loads(json.loads(backend.asked[-1].body)["msg"])
    return message


def told(scene: Scene) -> list[dict[str, Any]]:
    """Return what the backend was told of payments."""
    sent = [each for each in listed(scene.world) if each.event == "trade_payment"]
    return [json.loads(json.loads(each.body)["msg"]) for each in sent]


def query(scene: Scene, **which: str) -> Any:
    """Ask for an order as its backend does."""
    token = {"access-token": scene.client_token("mini_program")}
    path = "/api/apps/trade/v2/order/query_order"
    return scene.ask(Ask("POST", path, headers=token, fields=which))


def state(scene: Scene, number: str = "ORDER-1") -> str:
    """Return an order's state."""
    return str(query(scene, out_order_no=number)["data"]["order_status"])


def why(scene: Scene) -> str:
    """Return the code of what the journal says of the last refusal."""
    acts = [each for each in scene.world.journal.newest() if isinstance(each, Act)]
    return [act.why.code for act in acts if act.kind == "phone.createOrder" and act.why][-1]


def test_ordered_and_paid(scene: Scene, backend: Backend) -> None:
    """The backend is asked and agrees; the person pays; `success` has both numbers."""
    paid = scene.phone("createOrder", **GOODS, callbackData={"uid": 42}, way="alipay")

    assert paid == {
        "orderId": asked(backend)["order_id"],
        "outOrderNo": "ORDER-1",
        "errMsg": "createOrder:ok",
    }
    question = asked(backend)
    assert paid["orderId"].startswith("ot")
    assert question["goods"] == [
        {
            "img_url": "https://shop.example.test/coffee.png",
            "title": "咖啡",
            "price": 1990,
            "quantity": 1,
            "goods_id": "coffee",
            "goods_id_type": 2,
        }
    ]
    assert (question["total_amount"], question["discount"]) == (1990, 0)
    assert question["cp_extra"] == '{"uid":42}'
    assert question["open_id"] == scene.open_id("mini_program")
    assert question["app_id"] == scene.app("mini_program").client_key
    assert backend.asked[-1].url == ORDERS_AT
    [message] = told(scene)
    assert (message["status"], message["pay_channel"], message["message"]) == ("SUCCESS", 2, "")
    assert (message["order_id"], message["out_order_no"]) == (paid["orderId"], "ORDER-1")
    assert message["cp_extra"] == '{"uid":42}'


def test_the_callback_of_the_settings_or_of_the_call(scene: Scene, backend: Backend) -> None:
    """`callbackUrl` beats the setting; pay_notify_url of the answer beats notify_url."""
    backend.answer = agreed(pay_notify_url="https://shop.example.test/paid")

    scene.phone("createOrder", **GOODS, callbackUrl="https://shop.example.test/own")

    assert backend.asked[-1].url == "https://shop.example.test/own"
    urls = [each.url for each in listed(scene.world) if each.event == "trade_payment"]
    assert urls == ["https://shop.example.test/paid"]


@pytest.mark.parametrize(
    ("decision", "number", "status", "message"),
    [
        ("timeout", "1", "TIMEOUT", "TIME_OUT"),
        ("fail", "2", "FAIL", None),
        ("close", "3", "PROCESS", None),
        ("cancel", "4", "FAIL", "USER_CANCEL"),
        ("leave", "9", "PROCESS", None),
    ],
)
def test_not_paid(
    scene: Scene, backend: Backend, decision: str, number: str, status: str, message: str | None
) -> None:
    """`fail` has the order's numbers and no errLogId; a cancelled order is told of."""
    failed = scene.phone("createOrder", **GOODS, decision=decision)

    assert failed["errNo"] == number
    assert failed["errMsg"].startswith("createOrder:fail ")
    assert (failed["orderId"], failed["outOrderNo"]) == (asked(backend)["order_id"], "ORDER-1")
    assert "errLogId" not in failed
    assert state(scene) == status
    ends = [(each["status"], each["message"]) for each in told(scene)]
    assert ends == ([] if message is None else [("CANCEL", message)])


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"err_no": 1, "err_tips": "sold out"}, "callback_not_zero"),
        ("sold out", "callback_not_json"),
        ({"err_no": 0}, "callback_no_out_order_no"),
        ({"err_no": 0, "data": []}, "callback_no_out_order_no"),
        (agreed(""), "callback_no_out_order_no"),
        (agreed("N" * 65), "callback_no_out_order_no"),
        (agreed(order_entry_schema=None), "callback_no_entry_schema"),
        (agreed(order_entry_schema={"params": ""}), "callback_no_entry_schema"),
        (agreed(pay_expire_seconds="300"), "callback_wrong_data"),
        (agreed(order_goods_info={}), "callback_wrong_data"),
        (agreed(pay_notify_url=1), "callback_wrong_data"),
        (agreed(note="x" * 5000), "callback_answer_too_long"),
    ],
)
def test_the_backend_does_not_agree(
    scene: Scene, backend: Backend, answer: Any, code: str
) -> None:
    """There is no order; `fail` has errLogId, and the journal says what was wrong."""
    backend.answer = answer

    failed = scene.phone("createOrder", **GOODS)

    assert (failed["errNo"], failed["errMsg"]) == ("10401", "createOrder:fail pre order failed")
    assert failed["errLogId"]
    assert "orderId" not in failed
    assert why(scene) == code
    assert execute(scene.box, "list_orders")["orders"] == []


def test_the_backend_fails(scene: Scene, backend: Backend) -> None:
    """Another status than 200 agrees to nothing, whatever the body says."""
    backend.status = 500

    assert scene.phone("createOrder", **GOODS)["errNo"] == "10401"


def test_there_is_nobody_to_ask(scene: Scene) -> None:
    """Without an address the order fails, and the journal names the setting."""
    failed = scene.phone("createOrder", **GOODS)

    assert failed["errNo"] == "10401"
    assert why(scene) == "phone_no_pre_order_url"


def test_a_number_is_used_once(scene: Scene, backend: Backend) -> None:
    """A backend that gives a second order the number of the first has none."""
    assert scene.phone("createOrder", **GOODS).keys() == RIGHT

    assert scene.phone("createOrder", **GOODS)["errNo"] == "10401"
    assert why(scene) == "phone_out_order_no_taken"
    assert len(execute(scene.box, "list_orders")["orders"]) == 1


GOOD = GOODS["goodsList"][0]


@pytest.mark.parametrize(
    "args",
    [
        {},
        {"goodsList": None},
        {"goodsList": []},
        {"goodsList": {}},
        {"goodsList": [GOOD, GOOD]},
        {"goodsList": ["coffee"]},
        {"goodsList": [{**GOOD, "goodsId": ""}]},
        {"goodsList": [{**GOOD, "goodsId": 1}]},
        {"goodsList": [{**GOOD, "quantity": 0}]},
        {"goodsList": [{**GOOD, "price": "1990"}]},
        {"goodsList": [{**GOOD, "price": -1}]},
        {"skuList": [{"skuId": "s", "price": 1, "quantity": 1}]},
        {"payment": None},
        {"payment": {}},
        {"payment": {"totalAmount": 0}},
        {"payment": {"totalAmount": 19.9}},
        {"payment": {"totalAmount": 10**11}},
        {"payment": {"totalAmount": 1990, "totalDiscountAmount": 1990}},
        {"payment": {"totalAmount": 1990, "limitPay": ["visa"]}},
        {"callbackData": {"x": "y" * 2048}},
        {"callbackData": "\ud800"},
    ],
)
def test_wrong_arguments(scene: Scene, backend: Backend, args: dict[str, Any]) -> None:
    """What cannot be ordered is refused before the backend is asked."""
    failed = scene.phone("createOrder", **({**GOODS, **args} if args else {}))

    assert (failed["errNo"], failed["errMsg"]) == ("20000", "createOrder:fail invalid params")
    assert failed["errLogId"]
    assert backend.asked == []


def test_nobody_is_logged_in(scene: Scene, backend: Backend) -> None:
    """A person who is not logged in to Douyin orders nothing."""
    failed = scene.phone("createOrder", **GOODS, hostLogin=False)

    assert (failed["errNo"], failed["errMsg"]) == ("21550", "createOrder:fail 未登录")
    assert backend.asked == []


def test_a_sku(scene: Scene, backend: Backend) -> None:
    """What is ordered the newer way is told the newer way; a discount is taken off."""
    sku = {"skuId": "sku-1", "skuName": "大杯", "price": 1990, "quantity": 1}
    payment = {"totalAmount": 1990, "totalDiscountAmount": 90, "limitPay": ["wx"]}

    scene.phone("createOrder", skuList=[sku], payment=payment)

    question = asked(backend)
    assert question["sku_list"] == [
        {"sku_id": "sku-1", "sku_name": "大杯", "price": 1990, "quantity": 1}
    ]
    assert question["goods"] == []
    [message] = told(scene)
    assert (message["total_amount"], message["discount_amount"]) == (1990, 90)
    assert message["pay_channel"] == 2
    assert query(scene, out_order_no="ORDER-1")["data"]["total_fee"] == 1900


def test_continue_to_pay(scene: Scene, backend: Backend) -> None:
    """An order that was not paid can be paid later, by either number; then no more."""
    scene.phone("createOrder", **GOODS, decision="close")
    still = scene.phone("continueToPay", outOrderNo="ORDER-1", decision="close")
    assert still["errNo"] == "3"

    paid = scene.phone("continueToPay", orderId=still["orderId"])

    assert paid == {
        "orderId": still["orderId"],
        "outOrderNo": "ORDER-1",
        "errMsg": "continueToPay:ok",
    }
    assert scene.phone("continueToPay", orderId=still["orderId"])["errNo"] == "3"
    assert len(told(scene)) == 1
    unknown = scene.phone("continueToPay", outOrderNo="NOBODY'S")
    assert (unknown["errNo"], "orderId" in unknown) == ("10401", False)
    assert scene.phone("continueToPay", "mini_game", orderId=still["orderId"])["errNo"] == "10401"


def test_it_times_out_by_the_clock(scene: Scene, backend: Backend) -> None:
    """An order nobody pays is cancelled at its time, and the backend is told."""
    backend.answer = agreed(pay_expire_seconds=600)
    scene.phone("createOrder", **GOODS, decision="close")

    execute(scene.box, "advance_clock", body={"by": 599})
    assert (state(scene), told(scene)) == ("PROCESS", [])
    execute(scene.box, "advance_clock", body={"by": 2})

    assert state(scene) == "TIMEOUT"
    assert [each["message"] for each in told(scene)] == ["TIME_OUT"]
    assert scene.phone("continueToPay", outOrderNo="ORDER-1")["errNo"] == "1"


@pytest.mark.parametrize(("given", "lasts"), [({}, 300), ({"pay_expire_seconds": 10**9}, 172_800)])
def test_how_long_it_can_be_paid(
    scene: Scene, backend: Backend, given: dict[str, Any], lasts: int
) -> None:
    """Five minutes if the backend does not say, two days at most."""
    backend.answer = agreed(**given)
    scene.phone("createOrder", **GOODS, decision="close")

    execute(scene.box, "advance_clock", body={"by": lasts - 1})
    assert state(scene) == "PROCESS"
    execute(scene.box, "advance_clock", body={"by": 2})
    assert state(scene) == "TIMEOUT"


def test_money_is_in_transit(scene: Scene, backend: Backend) -> None:
    """What was paid is in transit to the merchant that the backend named."""
    backend.answer = agreed(order_goods_info=[{"goods_id": "coffee", "merchant_uid": "7001"}])
    scene.phone("createOrder", **GOODS)

    unit = scene.world.store.unit(scene.world.clock.now())
    assert held(unit, Purse(Place.TRANSIT, "7001")) == 1990
    assert query(scene, out_order_no="ORDER-1")["data"]["seller_uid"] == "7001"


def test_query_order(scene: Scene, backend: Backend) -> None:
    """The platform's number is looked at first; another app's order is none."""
    paid = scene.phone("createOrder", **GOODS)

    found = query(scene, order_id=paid["orderId"], out_order_no="NOBODY'S")
    assert found["data"]["out_order_no"] == "ORDER-1"
    assert found["data"]["order_status"] == "SUCCESS"
    assert found["data"]["pay_time"]
    assert found["extra"]["description"] == "success"
    refused = query(scene, out_order_no="NOBODY'S")
    assert refused["data"] == {"error_code": 20000, "description": "订单不存在"}
    assert refused["extra"]["error_code"] == 2191002


def test_apart_from_guaranteed_payment(scene: Scene, backend: Backend) -> None:
    """tt.pay knows nothing of these orders, and query_order of ecpay neither."""
    order = scene.phone("createOrder", **GOODS, decision="close")

    assert scene.phone("pay", order=order["orderId"])["errNo"] == 10401
    assert scene.phone("pay", order="ORDER-1")["errNo"] == 10401
    assert scene.phone("pay")["errNo"] == 10401


# Rules, and sheets.


def rule(scene: Scene, **keys: Any) -> None:
    """Add a rule for one call."""
    execute(scene.box, "add_rule", body={"on": "phone.createOrder", "times": 1, **keys})


def test_a_rule_refuses(scene: Scene, backend: Backend) -> None:
    """A rule's error comes before the backend is asked; by number, name or text."""
    rule(scene, error=21550)

    assert scene.phone("createOrder", **GOODS)["errNo"] == "21550"
    assert backend.asked == []
    assert scene.phone("createOrder", **GOODS).keys() == RIGHT


@pytest.mark.parametrize(
    ("happens", "number", "tells"),
    [
        ("payment_fails", "2", []),
        ("order_times_out", "1", [("CANCEL", 1990)]),
        ("callback_is_lost", None, []),
        ("callback_comes_twice", None, [("SUCCESS", 1990), ("SUCCESS", 1990)]),
        ("callback_amount_differs", None, [("SUCCESS", 1991)]),
    ],
)
def test_what_happens(
    scene: Scene,
    backend: Backend,
    happens: str,
    number: str | None,
    tells: list[tuple[str, int]],
) -> None:
    """What a rule foretells happens to that order alone."""
    rule(scene, happens=happens)

    assert scene.phone("createOrder", **GOODS).get("errNo") == number
    assert [(each["status"], each["total_amount"]) for each in told(scene)] == tells
    backend.answer = agreed("ORDER-2")
    assert scene.phone("createOrder", **GOODS).keys() == RIGHT


def test_what_happens_to_an_order_that_is_there(scene: Scene, backend: Backend) -> None:
    """A rule for tt.continueToPay foretells the fate of the order that it names."""
    scene.phone("createOrder", **GOODS, decision="close")
    body = {"on": "phone.continueToPay", "happens": "payment_fails"}
    execute(scene.box, "add_rule", body=body)

    assert scene.phone("continueToPay", outOrderNo="ORDER-1")["errNo"] == "2"


def test_denied(scene: Scene, backend: Backend) -> None:
    """A sheet that is denied cancels the order."""
    rule(scene, sheet="deny")

    assert scene.phone("createOrder", **GOODS)["errNo"] == "4"
    assert [each["message"] for each in told(scene)] == ["USER_CANCEL"]


def sheets(scene: Scene) -> list[dict[str, Any]]:
    """Return the sheets that wait."""
    found: list[dict[str, Any]] = execute(scene.box, "list_sheets", language="zh")["sheets"]
    return found


def test_a_cashier_that_waits(scene: Scene, backend: Backend) -> None:
    """The cashier opens once the backend has agreed, and waits for the person."""
    rule(scene, sheet="ask")
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "createOrder", **GOODS)
        until(lambda: sheets(scene), "the cashier")
        [shown] = sheets(scene)
        assert shown["asks"] == "为“咖啡”付款 19.90 元"
        assert shown["details"]["cashier"]["out_order_no"] == "ORDER-1"
        execute(scene.box, "answer_sheet", body={"way": "douyin"})
        assert waiting.result().keys() == RIGHT

    [message] = told(scene)
    assert message["pay_channel"] == 10


def test_it_times_out_at_the_cashier(scene: Scene, backend: Backend) -> None:
    """When the order times out, its cashier closes, and the call that waits fails."""
    rule(scene, sheet="ask")
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "createOrder", **GOODS)
        until(lambda: sheets(scene), "the cashier")
        execute(scene.box, "advance_clock", body={"by": 301})
        failed = waiting.result()

    assert (failed["errNo"], failed["outOrderNo"]) == ("1", "ORDER-1")
    assert sheets(scene) == []
    assert [each["message"] for each in told(scene)] == ["TIME_OUT"]


def test_left_open_and_paid_later(scene: Scene, backend: Backend) -> None:
    """A cashier that was left stays on the phone until the order ends."""
    assert scene.phone("createOrder", **GOODS, decision="leave")["errNo"] == "9"
    assert len(sheets(scene)) == 1

    result = execute(scene.box, "answer_sheet", body={"way": "wx"})["result"]

    assert result["errMsg"] == "createOrder:ok"
    assert sheets(scene) == []
    backend.answer = agreed("ORDER-2")
    scene.phone("createOrder", **GOODS, decision="leave")
    execute(scene.box, "advance_clock", body={"by": 301})
    assert sheets(scene) == []


def test_one_story(scene: Scene, backend: Backend) -> None:
    """Question, cashier, callback and query are told as one story."""
    scene.phone("createOrder", **GOODS)
    query(scene, out_order_no="ORDER-1")

    stories = execute(scene.box, "stories")["stories"]
    [story] = [each for each in stories if each["kind"] == "order"]
    steps = execute(scene.box, "story", path={"id": story["id"]})["steps"]
    said = " ".join(json.dumps(step) for step in steps)
    for part in ("order.ask", "trade_pre_create_order", "phone.createOrder", "trade_payment"):
        assert part in said
    assert "query_order_v2" in said


def test_orders_are_listed(scene: Scene, backend: Backend) -> None:
    """The orders of both products stand in one list."""
    scene.phone("createOrder", **GOODS)

    [order] = execute(scene.box, "list_orders")["orders"]
    assert (order["kind"], order["status"], order["payer"]) == ("trade", "SUCCESS", "小明")
    assert [each["event"] for each in order["callbacks"]][-1] == "trade_payment"


def test_fixture(douyin: Douyin) -> None:
    """In a test it is a method of a person's phone."""
    failed = douyin.phone("小明").createOrder(**GOODS)

    assert failed["errNo"] == "10401"
    with pytest.raises(MockDouyinError, match="takes no 'goods'; did you mean goodsList"):
        douyin.phone("小明").createOrder(goods=[])
