"""tt.pay: what a person does at the cashier, what the app is told, and a cashier that waits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from mockdouyin.control import execute
from mockdouyin.core.acts import Act
from mockdouyin.core.errors import MockDouyinError
from mockdouyin.core.texts import Language
from mockdouyin.testing.fixture import Douyin
from tests.endpoints.calls import Scene
from tests.endpoints.calls_payment import operation, ordered, paid, told
from tests.support.waiting import until

REFUSED = {
    "errMsg": "pay:fail Fail to get order info, 支付失败,请稍后重试 2010",
    "errNo": 10401,
    "errorType": "F",
    "errorCode": 157491,
    "data": {"status": 1, "code": 10003},
}
"""What was captured when a cashier did not open."""


@pytest.fixture
def scene() -> Scene:
    """Return a sandbox whose clock stands still."""
    return Scene()


def status(scene: Scene, number: str) -> str:
    """Return an order's state, as its backend asks for it."""
    found = operation(scene, "query_order", out_order_no=number)
    return str(found["payment_info"]["order_status"])


def info(scene: Scene, number: str) -> dict[str, str]:
    """Return what create_order answers for an order that is there."""
    answer: dict[str, str] = operation(scene, "create_order", out_order_no=number)["data"]
    return answer


def sheets(scene: Scene) -> list[dict[str, Any]]:
    """Return the sheets that wait."""
    found: list[dict[str, Any]] = execute(scene.box, "list_sheets", language="zh")["sheets"]
    return found


@pytest.mark.parametrize(
    ("decision", "code", "state", "calls"),
    [
        ("pay", 0, "SUCCESS", 1),
        ("timeout", 1, "TIMEOUT", 0),
        ("fail", 2, "FAIL", 0),
        ("close", 3, "PROCESSING", 0),
        ("cancel", 4, "PROCESSING", 0),
        ("leave", 9, "PROCESSING", 0),
    ],
)
def test_decisions(scene: Scene, decision: str, code: int, state: str, calls: int) -> None:
    """Each decision has its code, and leaves the order in its state; only payment is told."""
    number = ordered(scene)

    result = scene.phone("pay", orderInfo=info(scene, number), service=5, decision=decision)

    assert result == {"code": code, "errMsg": "pay:ok"}
    assert status(scene, number) == state
    assert len(told(scene, "ecpay_payment")) == calls


@pytest.mark.parametrize(("way", "number"), [("wx", "1"), ("alipay", "2"), ("douyin", "10")])
def test_ways(scene: Scene, way: str, number: str) -> None:
    """The way that the person chooses is what the callback tells."""
    scene.phone("pay", order=ordered(scene), way=way)

    [(_, content)] = told(scene, "ecpay_payment")
    assert content["way"] == number


def test_cashier_does_not_open(scene: Scene) -> None:
    """A wrong token, another app's order, an order that was paid or closed: all fail alike."""
    number = ordered(scene)
    right = info(scene, number)

    assert scene.phone("pay", orderInfo={**right, "order_token": "wrong"}) == REFUSED
    assert scene.phone("pay", order_id=right["order_id"], order_token="wrong") == REFUSED
    assert scene.phone("pay", orderInfo="no object") == REFUSED
    assert scene.phone("pay", "mini_game", orderInfo=right) == REFUSED
    assert scene.phone("pay", **right)["code"] == 0
    assert scene.phone("pay", orderInfo=right) == REFUSED
    late = ordered(scene)
    scene.advance(901)
    assert scene.phone("pay", order=late) == REFUSED
    assert scene.phone("pay", order=late, fail=True) == REFUSED


def test_why_the_cashier_does_not_open(scene: Scene) -> None:
    """The platform says the same each time; the journal says what is wrong."""
    scene.phone("pay")
    number = ordered(scene)
    scene.phone("pay", order_id="N0", order_token="T0")
    scene.phone("pay", order=number)
    scene.phone("pay", order=number)

    acts = [each for each in scene.world.journal.newest() if isinstance(each, Act)]
    refused = [act.why for act in acts if act.kind == "phone.pay" and act.why]
    assert [each.code for each in refused] == [
        "phone_no_order_yet",
        "phone_no_such_order",
        "phone_order_ended",
    ]
    assert refused[2].render("zh") == f"订单 {number!r} 的状态是 SUCCESS，不能支付"


def test_hidden_ways(scene: Scene) -> None:
    """A way that the order hides is not offered; with none left the payment fails."""
    number = ordered(scene, limit_pay_way="LIMIT_WX")
    with pytest.raises(MockDouyinError, match="the cashier hides 'wx': it offers alipay, douyin"):
        scene.phone("pay", order=number, way="wx")
    assert scene.phone("pay", order=number)["code"] == 0

    asks(scene)
    none = ordered(scene, limit_pay_way="LIMIT_WX,LIMIT_ALI,LIMIT_DYZF")
    assert scene.phone("pay", order=none)["code"] == 2
    assert sheets(scene) == []


def test_trade_system(scene: Scene) -> None:
    """What belongs to the trade system is not there, and says what is."""
    with pytest.raises(MockDouyinError, match=r"tt\.requestOrder belongs to the trade.*tt\.pay"):
        scene.phone("requestOrder")


def test_fixture(douyin: Douyin) -> None:
    """In a test the cashier is a method of a person's phone."""
    assert douyin.phone("小明").pay() == REFUSED


def asks(scene: Scene) -> None:
    """Have the cashier wait for an answer."""
    execute(scene.box, "add_rule", body={"on": "phone.pay", "sheet": "ask", "id": "asks"})


def answered(scene: Scene, number: str, **answer: Any) -> dict[str, Any]:
    """Open the cashier, answer it, and return what the caller gets."""
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "pay", order=number)
        execute(scene.box, "answer_sheet", body={"timeout": 20, **answer})
        result: dict[str, Any] = waiting.result()
        return result


def test_cashier_that_waits(scene: Scene) -> None:
    """A waiting cashier shows the order and its ways; the answer says what the person does."""
    asks(scene)
    number = ordered(scene, limit_pay_way="LIMIT_DYZF")
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "pay", order=number)
        until(lambda: sheets(scene), "the cashier")
        given = {"decision": "nothing"}
        with pytest.raises(MockDouyinError, match="no decision 'nothing'"):
            execute(scene.box, "answer_sheet", body=given)
        [shown] = sheets(scene)
        assert shown["asks"] == "为“月度会员”付款 19.90 元"
        assert shown["takes"] == ["decision", "way"]
        cashier = shown["details"]["cashier"]
        assert (cashier["out_order_no"], cashier["total_amount"]) == (number, 1990)
        assert cashier["ways"] == ["wx", "alipay"]
        execute(scene.box, "answer_sheet", body={"way": "alipay"})
        assert waiting.result() == {"code": 0, "errMsg": "pay:ok"}

    [(_, content)] = told(scene, "ecpay_payment")
    assert content["way"] == "2"


def test_denied_is_cancelled(scene: Scene) -> None:
    """Who denies cancels; any other decision is answered as such."""
    asks(scene)
    number = ordered(scene)

    assert answered(scene, number, allow=False)["code"] == 4
    assert answered(scene, number, decision="close")["code"] == 3
    assert answered(scene, number, decision="fail")["code"] == 2
    assert status(scene, number) == "FAIL"


def test_order_times_out_at_the_cashier(scene: Scene) -> None:
    """When the order times out, its cashier closes, and the call that waits gets code 1."""
    asks(scene)
    number = ordered(scene)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "pay", order=number)
        until(lambda: sheets(scene), "the cashier")
        execute(scene.box, "advance_clock", body={"by": 901})
        assert waiting.result() == {"code": 1, "errMsg": "pay:ok"}

    assert sheets(scene) == []
    assert status(scene, number) == "TIMEOUT"
    assert told(scene, "ecpay_payment") == []


def test_left_cashier_is_paid_later(scene: Scene) -> None:
    """A cashier that was left stays on the phone: its answer pays, and the callback goes out."""
    number = ordered(scene)
    assert scene.phone("pay", decision="leave")["code"] == 9
    assert scene.phone("pay", decision="leave")["code"] == 9
    other = ordered(scene, "ANOTHER")
    assert [each["person"] for each in sheets(scene)] == ["小明"]

    result = execute(scene.box, "answer_sheet", body={"way": "douyin"})["result"]

    assert result == {"code": 0, "errMsg": "pay:ok"}
    assert (status(scene, number), status(scene, other)) == ("SUCCESS", "PROCESSING")
    assert len(told(scene, "ecpay_payment")) == 1
    assert sheets(scene) == []


def test_left_cashier_is_left_for_good(scene: Scene) -> None:
    """A left cashier closes when its order times out, or was paid elsewhere."""
    ordered(scene)
    scene.phone("pay", decision="leave")
    execute(scene.box, "advance_clock", body={"by": 901})
    assert sheets(scene) == []

    scene.phone("pay", order=ordered(scene), decision="leave")
    assert scene.phone("pay")["code"] == 0
    assert sheets(scene) == []


def test_paid_elsewhere_while_it_waits(scene: Scene) -> None:
    """A cashier whose order somebody else paid is closed: code 3, and nothing is paid twice."""
    asks(scene)
    number = ordered(scene)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "pay", order=number)
        until(lambda: sheets(scene), "the cashier")
        execute(scene.box, "switch_rule", path={"id": "asks"}, body={"off": True})
        assert scene.phone("pay", person="小红", order=number)["code"] == 0
        execute(scene.box, "answer_sheet", body={"allow": True})
        assert waiting.result() == {"code": 3, "errMsg": "pay:ok"}

    assert len(told(scene, "ecpay_payment")) == 1
    assert paid(scene, "NEXT") == "NEXT"


# What the journal says.


def says(scene: Scene, kind: str = "phone.pay", language: Language = "en") -> list[str]:
    """Return what the journal says of the acts of a kind."""
    acts = [each for each in scene.world.journal.newest() if isinstance(each, Act)]
    return [act.says.render(language) for act in acts if act.kind == kind]


@pytest.mark.parametrize(
    ("decision", "outcome"),
    [
        ("pay", "paid by WeChat (code 0)"),
        ("timeout", "timed out (code 1)"),
        ("fail", "the payment failed (code 2)"),
        ("close", "closed the cashier (code 3)"),
        ("cancel", "cancelled (code 4)"),
        ("leave", "left the cashier open: how it ends is not known yet (code 9)"),
    ],
)
def test_journal_says_what_came_of_it(scene: Scene, decision: str, outcome: str) -> None:
    """Whoever reads a story of payment sees how the cashier ended, and how it was paid."""
    scene.phone("pay", order=ordered(scene), decision=decision)

    assert says(scene) == [f"小明 calls tt.pay in mini_program: {outcome}"]


def test_journal_says_why_nobody_is_called_back(scene: Scene) -> None:
    """A payment without any address, or with a rule in the way, is said to have no callback."""
    scene.phone("pay", order=ordered(scene, notify_url=""), way="alipay")
    body = {"on": "create_order", "happens": "callback_is_lost"}
    execute(scene.box, "add_rule", body=body)
    scene.phone("pay", order=ordered(scene), way="douyin")

    assert told(scene, "ecpay_payment") == []
    assert [each.partition("tt.pay：")[2] for each in says(scene, language="zh")] == [
        "付款成功（支付宝，code 0）；没有回调：下单时没有传 notify_url，应用也没有默认回调地址",
        "付款成功（抖音支付，code 0）；按规则，回调丢失",
    ]


def test_journal_names_the_choice_at_a_waiting_cashier(scene: Scene) -> None:
    """Neither to cancel nor to leave a cashier is said to allow what the app asks for."""
    asks(scene)
    number = ordered(scene)
    for answer in ({"decision": "close"}, {"allow": False}, {"way": "wx"}):
        answered(scene, number, **answer)
    answered(scene, ordered(scene), decision="leave")

    chosen = [each.partition("选择")[2] for each in says(scene, "sheet.answer", "zh")]
    assert [each.partition("：")[0] for each in chosen] == ["“关闭”", "“取消”", "“付款”", "“离开”"]
    assert says(scene)[2] == "小明 calls tt.pay in mini_program: paid by WeChat (code 0)"


def test_journal_of_a_cashier_that_closes_with_its_order(scene: Scene) -> None:
    """The call that waited is said to have timed out."""
    asks(scene)
    number = ordered(scene)
    with ThreadPoolExecutor() as threads:
        waiting = threads.submit(scene.phone, "pay", order=number)
        until(lambda: sheets(scene), "the cashier")
        execute(scene.box, "advance_clock", body={"by": 901})
        waiting.result()

    assert says(scene) == ["小明 calls tt.pay in mini_program: timed out (code 1)"]
