"""Findings about payments: each mistake is noticed, and a correct backend is left in peace."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from mockdouyin.control import execute
from mockdouyin.core.clock import DAY, HOUR
from mockdouyin.core.http import Request
from mockdouyin.core.outbox import Attempt, Delivery
from mockdouyin.core.webhooks import settle
from mockdouyin.sandbox.deliveries import listed
from tests.endpoints.calls import Scene, compact
from tests.endpoints.calls_merchant import account, application, with_token, withdrawn
from tests.endpoints.calls_merchant import ask as merchant_call
from tests.endpoints.calls_payment import (
    operation,
    order_detail,
    ordered,
    paid,
    pushing,
    refunded,
    settled,
    signed,
)
from tests.support.ecpay import sign

GOOD = '{"err_no":0,"err_tips":"success"}'

RULES = {
    *("unusable_notify_url", "local_notify_url"),
    *("amount_in_yuan", "other_environment_salt"),
    *("new_number_on_retry", "callback_forgotten", "fulfilled_unverified"),
    *("refund_unchecked", "settled_too_early", "number_reused"),
}


def found(scene: Scene, rule: str = "", level: str = "mistake") -> list[str]:
    """Return what the rules about payments say, all of it in Chinese, too."""
    query = {"rule": rule, "level": level}
    answers = [
        execute(scene.box, "findings", query=query, language=language)["findings"]
        for language in ("en", "zh")
    ]
    english, chinese = ([each for each in one if each["rule"] in RULES] for one in answers)
    assert [each["rule"] for each in english] == [each["rule"] for each in chinese]
    assert all(each["says"] != other["says"] for each, other in zip(english, chinese, strict=True))
    return [f"{each['rule']}: {each['says']}" for each in english]


def called_back(
    scene: Scene, body: str = GOOD, sent: bytes | None = None, took_ms: int = 0
) -> Delivery:
    """Have the receiver answer the latest callback, or what a tester sent in its place."""

    def answer() -> Delivery:
        now = scene.world.clock.now()
        unit = scene.world.store.unit(now)
        last = listed(scene.world)[-1]
        if sent is not None:
            last = replace(last, body=sent)
        made = settle(last, Attempt(time=now, status=200, body=body, took_ms=took_ms))
        unit.write(made.id, made)
        unit.commit()
        return made

    return scene.world.transact(answer)


def order_fields(**fields: Any) -> dict[str, Any]:
    """Return the fields of an order."""
    return {
        "out_order_no": "A-1",
        "total_amount": 1990,
        "subject": "月度会员",
        "body": "月度会员 30 天",
        "valid_time": 900,
        **fields,
    }


def rule(scene: Scene, **given: Any) -> None:
    """Add a rule to the world."""
    execute(scene.box, "add_rule", body=given)


def ask(scene: Scene, **fields: Any) -> None:
    """Ask for an order, whatever comes of it."""
    scene.send(signed(scene, "/api/apps/ecpay/v1/create_order", **order_fields(**fields)))


# A correct backend.


def test_a_correct_backend() -> None:
    """Orders, a repeated order, callbacks and queries: nothing is found."""
    scene = Scene()
    number = paid(scene, notify_url="https://shop.example.com/pay/notify")
    called_back(scene)
    operation(scene, "query_order", out_order_no=number)
    other = ordered(scene, cp_extra="x", notify_url="http://127.0.0.1:9000/pay")
    ordered(scene, other, cp_extra="x")
    paid(scene, other, notify_url="http://10.0.0.7/pay")
    called_back(scene)
    operation(scene, "query_order", out_order_no="nobody's")

    assert found(scene) == []


# Addresses.


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("http://shop.example.com/pay", "is http; the platform takes https only"),
        ("http://shop.example.com:80/pay", "is http; the platform takes https only"),
        ("https://shop.example.com:8443/pay", "has the port 8443; the platform takes 443 only"),
    ],
)
def test_an_address_that_is_refused_in_production(url: str, says: str) -> None:
    """A public host is called back by https at 443 alone."""
    scene = Scene()
    ask(scene, notify_url=url)
    ask(scene, out_order_no="A-2", notify_url=url)

    assert found(scene) == [f"unusable_notify_url: notify_url {url} {says}"]


def test_addresses_of_withdrawals_and_applications() -> None:
    """`callback` and `callback_url` are looked at as notify_url is, by signature and by token."""
    scene = Scene()
    url = "http://shop.example.com/money"
    withdrawn(scene, "W-1", 10, callback=url)
    token = scene.app_token()
    applied = {**application(), "access_token": token, "callback_url": url}
    merchant_call(scene, "create_merchant", **applied)

    says = f"{url} is http; the platform takes https only"
    assert sorted(found(scene)) == [
        f"unusable_notify_url: callback {says}",
        f"unusable_notify_url: callback_url {says}",
    ]
    other = Scene()
    fields = {**account(other), "withdraw_amount": 10, "out_order_id": "W-2", "callback": url}
    other.send(with_token(other, "/api/apps/ecpay/saas/merchant_withdraw/", **fields))
    assert found(other) == [f"unusable_notify_url: callback {says}"]


LOCAL = "http://127.0.0.1:9000/notify"
WORKS = "works here; the platform takes https at port 443 alone, so production needs another one"


@pytest.mark.parametrize(
    "url",
    [
        LOCAL,
        "http://localhost/pay",
        "https://localhost:8443/pay",
        "http://10.0.0.7/pay",
        "http://[::1]:9000/pay",
        "http://shop/pay",
        "http://shop.test/pay",
    ],
)
def test_a_note_of_an_address_of_ones_own(url: str) -> None:
    """A local or private address that only works here is a note, and no mistake."""
    scene = Scene()
    ask(scene, notify_url=url)
    ask(scene, out_order_no="A-2", notify_url=url)

    assert found(scene) == []
    assert found(scene, level="note") == [f"local_notify_url: notify_url {url} {WORKS}"]
    [note] = execute(scene.box, "findings", query={"rule": "local_notify_url"})["findings"]
    assert note["level"] == "note"
    assert note["exchange"]["id"] == scene.world.journal.newest(1)[0].number


def test_notes_of_withdrawals_and_applications() -> None:
    """`callback` and `callback_url` have notes, too."""
    scene = Scene()
    withdrawn(scene, "W-1", 10, callback=LOCAL)
    applied = {**application(), "access_token": scene.app_token(), "callback_url": LOCAL}
    merchant_call(scene, "create_merchant", **applied)

    assert found(scene) == []
    assert sorted(found(scene, level="note")) == [
        f"local_notify_url: callback {LOCAL} {WORKS}",
        f"local_notify_url: callback_url {LOCAL} {WORKS}",
    ]


@pytest.mark.parametrize("url", ["https://127.0.0.1/pay", "https://localhost:443/pay"])
def test_no_note_of_https_at_443(url: str) -> None:
    """What the platform takes needs no note, and a public address is a mistake instead."""
    scene = Scene()
    ask(scene, notify_url=url)
    ask(scene, out_order_no="A-2", notify_url="http://shop.example.com/pay")

    assert found(scene, level="note") == []
    assert len(found(scene, level="mistake")) == 1


def test_no_note_of_an_address_that_is_refused() -> None:
    """With `strict_urls` the refusal tells of it, and so for a call that is refused otherwise."""
    scene = Scene()
    execute(scene.box, "change_settings", body={"strict_urls": True})
    ask(scene, notify_url=LOCAL)
    execute(scene.box, "change_settings", body={"strict_urls": False})
    ask(scene, notify_url="http://127.0.0.1:9001/pay", total_amount=-1)

    shown = execute(scene.box, "journal")["exchanges"]
    assert [each["verdict"] for each in shown] == ["refused", "refused"]
    assert found(scene, level="") == []


def test_mistakes_come_before_notes() -> None:
    """All of them are in one list, with the mistakes first; `rules` are of the level asked for."""
    scene = Scene()
    ask(scene, notify_url=LOCAL)
    ask(scene, out_order_no="A-2", total_amount="19.90")

    answer = execute(scene.box, "findings")
    levels = [each["level"] for each in answer["findings"]]
    assert (levels[0], levels[-1]) == ("mistake", "note")
    assert levels == sorted(levels)
    for level in ("mistake", "note"):
        of_level = execute(scene.box, "findings", query={"level": level})
        assert {each["level"] for each in of_level["findings"]} == {level}
        assert {each["level"] for each in of_level["rules"]} == {level}
    none = execute(scene.box, "findings", query={"level": "mistake", "rule": "local_notify_url"})
    assert (none["findings"], none["rules"]) == ([], [])


def test_an_address_that_strict_urls_refuses() -> None:
    """It is found where it is refused at once, too."""
    scene = Scene()
    execute(scene.box, "change_settings", body={"strict_urls": True})
    ask(scene, notify_url="http://shop.example.com/pay")

    assert scene.world.journal.newest(1)[0].verdict == "refused"
    assert len(found(scene, "unusable_notify_url")) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example.com/pay",
        "https://shop.example.com:443/pay",
        "http://127.0.0.1:9000/pay",
        "http://localhost:9000/pay",
        "http://shop:8080/pay",
        "http://192.168.1.7/pay",
        "http://shop.local/pay",
        "http://[::1]:9000/pay",
        "https://shop.example.com:port/",
        "mailto:me",
    ],
)
def test_an_address_that_is_right_here(url: str) -> None:
    """What is right, or can only be a developer's own, is no mistake; nonsense is refused."""
    scene = Scene()
    ask(scene, notify_url=url)

    assert found(scene) == []


# Amounts.


@pytest.mark.parametrize("amount", [19.9, "19.90", "19.00", 0.01], ids=repr)
def test_yuan(amount: object) -> None:
    """An amount with decimals can only be in yuan, whether it is refused or read as text."""
    scene = Scene()
    ask(scene, total_amount=amount)

    assert found(scene) == [
        "amount_in_yuan: ecpay.create_order was sent a decimal total_amount once,"
        f" {amount} at last; amounts are integers of fen"
    ]


@pytest.mark.parametrize("amount", [1, 19, 1990, "1990", 0, -1, "", "abc", None, 2.0], ids=repr)
def test_amounts_that_may_be_right(amount: object) -> None:
    """A small amount may be what it says, and other nonsense is not about yuan."""
    scene = Scene()
    ask(scene, total_amount=amount)

    assert found(scene) == []


def settle_with(scene: Scene, params: object) -> None:
    """Settle an order with some settle_params."""
    number = paid(scene, notify_url="https://shop.example.com/pay/notify")
    operation(
        scene,
        "settle",
        out_order_no=number,
        out_settle_no="S-1",
        settle_desc="settle",
        settle_params=params,
    )


def test_shares_in_yuan() -> None:
    """The amounts of a settlement's receivers are in fen as well."""
    scene = Scene()
    settle_with(scene, '[{"merchant_uid":"7","amount":5},{"merchant_uid":"8","amount":3.5}]')

    assert found(scene) == [
        "amount_in_yuan: ecpay.settle was sent a decimal settle_params.amount once, 3.5 at last;"
        " amounts are integers of fen"
    ]


@pytest.mark.parametrize(
    "params", ['[{"merchant_uid":"7","amount":5}]', "", "[7]", "{}", "oops", [{"amount": 3.5}]]
)
def test_shares_that_may_be_right(params: object) -> None:
    """Integers are right, and what is no list in a text is refused for that."""
    scene = Scene()
    settle_with(scene, params)

    assert found(scene) == []


# Environments.


def wrongly_signed(scene: Scene, salt: str) -> None:
    """Ask for an order at production with some SALT."""
    fields = {"app_id": scene.app("mini_program").client_key, **order_fields()}
    body = compact({**fields, "sign": sign(fields, salt)})
    scene.box.handle(Request("POST", "/api/apps/ecpay/v1/create_order", body=body))


def test_the_sandboxs_salt_at_production() -> None:
    """The SALT of the other environment is recognised, each way."""
    scene = Scene()
    payment = scene.app("mini_program").payment
    wrongly_signed(scene, payment.sandbox_salt)
    wrongly_signed(scene, payment.sandbox_salt)

    assert found(scene) == [
        "other_environment_salt: ecpay.create_order was called twice, signed with"
        " the sandbox's SALT, and the call is to production"
    ]


def test_productions_salt_at_the_sandbox() -> None:
    """The other way round it is found as well."""
    scene = Scene()
    execute(scene.box, "change_settings", body={"payment_environment": "sandbox"})
    wrongly_signed(scene, scene.app("mini_program").payment.salt)

    assert found(scene) == [
        "other_environment_salt: ecpay.create_order was called once, signed with"
        " production's SALT, and the call is to the sandbox"
    ]


def test_each_environments_salt_at_the_other() -> None:
    """Mixed up both ways, they are two mistakes."""
    scene = Scene()
    payment = scene.app("mini_program").payment
    wrongly_signed(scene, payment.sandbox_salt)
    execute(scene.box, "change_settings", body={"payment_environment": "sandbox"})
    wrongly_signed(scene, payment.salt)

    assert [each.partition("once, ")[2] for each in found(scene)] == [
        "signed with the sandbox's SALT, and the call is to production",
        "signed with production's SALT, and the call is to the sandbox",
    ]


def test_another_wrong_sign() -> None:
    """A sign that is wrong for another reason is another matter."""
    scene = Scene()
    wrongly_signed(scene, scene.app("mini_program").payment.token)
    wrongly_signed(scene, "nobody's")

    assert found(scene) == []


# Retries.


def lose(scene: Scene, times: int = 1, **how: Any) -> None:
    """Have the answers to the next orders lost."""
    rule(scene, on="create_order", times=times, **(how or {"fault": "reset"}))


@pytest.mark.parametrize("how", [{"fault": "reset"}, {"fault": "cut"}, {"status": 502}], ids=str)
def test_a_retry_under_another_number(how: dict[str, Any]) -> None:
    """A new number for the same order, after an answer that was lost, makes a second order."""
    scene = Scene()
    lose(scene, 2, **how)
    for number in ("A-1", "A-2", "A-3"):
        ask(scene, out_order_no=number, cp_extra='{"cart":7}')

    assert found(scene) == [
        "new_number_on_retry: one order was asked for under 3 different out_order_no:"
        " A-1, A-2, A-3; the answers before the last were lost, or not waited for"
    ]


def test_a_retry_under_another_number_while_the_answer_is_due() -> None:
    """Who does not wait for a slow answer, and asks under a new number, makes a second order."""
    scene = Scene()
    lose(scene, delay="3s")
    ask(scene, cp_extra="7")
    scene.advance(2)
    ask(scene, out_order_no="A-2", cp_extra="7")

    assert len(found(scene, "new_number_on_retry")) == 1


@pytest.mark.parametrize("later", [0, 3])
def test_another_order_after_a_slow_answer(later: float) -> None:
    """Whoever got the answer may order again; with a clock that stands still nobody can tell."""
    scene = Scene()
    lose(scene, delay="3s")
    ask(scene, cp_extra="7")
    scene.advance(later)
    ask(scene, out_order_no="A-2", cp_extra="7")

    assert found(scene) == []


def test_a_retry_under_the_same_number() -> None:
    """The same number again is right."""
    scene = Scene()
    lose(scene)
    ask(scene, cp_extra="7")
    ask(scene, cp_extra="7")

    assert found(scene) == []


def test_a_new_number_after_a_refusal() -> None:
    """After an answer with an error the platform itself asks for a new number."""
    scene = Scene()
    ask(scene, cp_extra="7", valid_time=-1)
    ask(scene, cp_extra="7", out_order_no="A-2")

    assert found(scene) == []


def test_alike_orders_of_several_people() -> None:
    """Orders that are alike may be several people's: a constant cp_extra tells nothing."""
    scene = Scene()
    ask(scene, out_order_no="A-0", cp_extra="shop=1")
    lose(scene)
    ask(scene, out_order_no="A-1", cp_extra="shop=1")
    ask(scene, out_order_no="A-2", cp_extra="shop=1")

    assert found(scene) == []


@pytest.mark.parametrize("extra", [{}, {"cp_extra": ""}], ids=str)
def test_orders_that_nothing_tells_apart(extra: dict[str, str]) -> None:
    """Without a cp_extra the next order may be anybody's."""
    scene = Scene()
    lose(scene)
    ask(scene, out_order_no="A-1", **extra)
    ask(scene, out_order_no="A-2", **extra)

    assert found(scene) == []


def test_another_order_much_later() -> None:
    """Who gave up, and orders the same again after a while, makes a new order."""
    scene = Scene()
    lose(scene)
    ask(scene, out_order_no="A-1", cp_extra="7")
    scene.advance(61)
    ask(scene, out_order_no="A-2", cp_extra="7")

    assert found(scene) == []


def test_a_number_that_is_used_again_for_another_amount() -> None:
    """The platform answers the first order without a word, so the person pays the old amount."""
    scene = Scene()
    ask(scene)
    ask(scene, total_amount=2990)

    assert found(scene) == [
        "number_reused: A-1 was asked for again with 2990 fen in place of 1990; the answer is the"
        " first order"
    ]


def test_numbers_that_are_used_again_rightly() -> None:
    """The same amount, however it is written, or another environment: nothing is found."""
    scene = Scene()
    for amount in (1990, "1990", 1990.0, " 1990 "):
        ask(scene, total_amount=amount, subject="另一个")
    execute(scene.box, "change_settings", body={"payment_environment": "sandbox"})
    fields = {"app_id": scene.app("mini_program").client_key, **order_fields(total_amount=5)}
    salt = scene.app("mini_program").payment.sandbox_salt
    body = compact({**fields, "sign": sign(fields, salt)})
    scene.box.handle(Request("POST", "/api/apps/ecpay/v1/create_order", body=body))

    assert scene.world.journal.newest(1)[0].verdict == "ok"
    assert found(scene) == []


# Callbacks.


def test_a_payment_that_is_forgotten() -> None:
    """Who acknowledged a payment and then asks for the order again has not kept it."""
    scene = Scene()
    number = paid(scene)
    called_back(scene)
    scene.advance(10)
    ordered(scene, number)

    assert found(scene) == [
        f"callback_forgotten: the payment of order {number} was acknowledged, and 10 s later the"
        " order was asked for again"
    ]


def test_payments_that_are_not_forgotten() -> None:
    """One that was refused, one that crossed a request, and another order say nothing."""
    scene = Scene()
    refused, crossed = paid(scene, "A-1"), "A-2"
    called_back(scene, "oops")
    scene.advance(10)
    ordered(scene, refused)
    paid(scene, crossed)
    called_back(scene)
    scene.advance(4)
    ordered(scene, crossed)
    scene.advance(60)
    ordered(scene, "A-3")

    assert found(scene) == []


@pytest.mark.parametrize("body", [b"", b"[]", b'{"msg":7}', b'{"msg":"[]"}', b"\xff"], ids=repr)
def test_a_callback_that_says_nothing(body: bytes) -> None:
    """A tester's own body is not read as a payment."""
    scene = Scene()
    number = paid(scene)
    called_back(scene, sent=body)
    scene.advance(10)
    ordered(scene, number)

    assert found(scene) == []


# Fulfilment.


def push(scene: Scene, number: str, **fields: Any) -> None:
    """Push an order, by default as used."""
    assert scene.ask(pushing(scene, number, **fields))["err_code"] == 0


def test_an_order_that_is_pushed_before_its_callback() -> None:
    """Who believes the phone is found, once for each order."""
    scene = Scene()
    number = paid(scene)
    push(scene, number)
    push(scene, number)
    scene.advance(2)
    called_back(scene)

    assert found(scene) == [
        f"fulfilled_unverified: order {number} was pushed as 已核销 2.0 s before its payment was"
        " called back, and no query had said SUCCESS"
    ]


def test_an_order_that_is_pushed_while_its_callback_is_yet_to_come() -> None:
    """A callback that is not due yet has told nobody anything."""
    scene = Scene()
    execute(scene.box, "change_settings", body={"webhook_delay": "1h"})
    number = paid(scene)
    push(scene, number)

    assert found(scene) == [
        f"fulfilled_unverified: order {number} was pushed as 已核销, though no payment was called"
        " back, and no query had said SUCCESS"
    ]


@pytest.mark.parametrize("is_paid", [True, False])
def test_an_order_that_nobody_could_verify(is_paid: bool) -> None:
    """Without any address to call back, only a query could tell."""
    scene = Scene()
    number = (paid if is_paid else ordered)(scene, notify_url="")
    operation(scene, "query_order", out_order_no="nobody's")
    push(scene, number, order_status=1, order_detail=order_detail(number, status="已支付"))

    assert found(scene) == [
        f"fulfilled_unverified: order {number} was pushed as 已支付, though no payment was called"
        " back, and no query had said SUCCESS"
    ]


def test_orders_that_were_verified() -> None:
    """A callback that was sent, even unanswered yet, or a query: either is enough."""
    scene = Scene()
    number = paid(scene)
    called_back(scene)
    push(scene, number)
    slow = paid(scene)
    push(scene, slow)
    scene.advance(1)
    called_back(scene, took_ms=1500)
    asked = paid(scene, notify_url="")
    operation(scene, "query_order", out_order_no=asked)
    push(scene, asked)

    assert found(scene) == []


def test_a_query_before_the_payment_verifies_nothing() -> None:
    """It has to say SUCCESS."""
    scene = Scene()
    number = ordered(scene, notify_url="")
    operation(scene, "query_order", out_order_no=number)
    scene.phone("pay", order=number)
    push(scene, number)

    assert len(found(scene, "fulfilled_unverified")) == 1


def test_pushes_that_say_nothing() -> None:
    """Other states, other systems' orders, and callbacks that a test hands over by itself."""
    scene = Scene()
    waiting = ordered(scene, notify_url="")
    push(scene, waiting, order_status=0, order_detail=order_detail(waiting, status="待支付"))
    push(scene, "of-another-system")
    handed_over = paid(scene)
    push(scene, handed_over)

    assert found(scene) == []


def test_a_push_after_the_deliveries_are_gone() -> None:
    """Callbacks are kept for a week: after that nothing can be said."""
    scene = Scene()
    number = paid(scene, notify_url="")
    scene.advance(7 * DAY)
    push(scene, number)

    assert found(scene) == []


# Refunds.


def test_a_refund_that_nobody_looks_at() -> None:
    """A refund without an address and without a query is found after an hour."""
    scene = Scene()
    number = refunded(scene, notify_url="")
    scene.advance(HOUR - 1)
    ordered(scene)
    early = found(scene)
    scene.advance(1)
    ordered(scene)

    assert early == []
    assert found(scene) == [
        f"refund_unchecked: the refund {number} was accepted; it has no notify_url, and was never"
        " queried"
    ]


def test_refunds_that_somebody_looks_at() -> None:
    """A callback, a query, a refusal: nothing is found."""
    scene = Scene()
    refunded(scene)
    asked = refunded(scene, notify_url="")
    operation(scene, "create_refund", out_order_no="nobody's", out_refund_no="R")
    scene.advance(2 * HOUR)
    operation(scene, "query_refund", out_refund_no=asked)

    assert found(scene) == []


def test_a_refund_of_last_week() -> None:
    """Its callback would no longer be kept."""
    scene = Scene()
    refunded(scene, notify_url="")
    scene.advance(7 * DAY)
    ordered(scene)

    assert found(scene) == []


# Settlements.


@pytest.mark.parametrize("url", ["", "https://shop.example.test/pay/settled"])
def test_a_settlement_that_is_too_early(url: str) -> None:
    """Its callback says so, and so does a query where there is none."""
    scene = Scene()
    order = paid(scene)
    execute(scene.box, "change_settings", body={"settle_after": "7d"})
    number = settled(scene, order, notify_url=url)
    scene.advance(5)
    if not url:
        operation(scene, "query_settle", out_settle_no=number)

    assert found(scene) == [
        f"settled_too_early: the settlement {number} of order {order} failed:"
        " 原支付单未支付成功并核销,禁止分账"
    ]


def test_settlements_that_are_not_early() -> None:
    """One that succeeds, and one that a tester had fail."""
    scene = Scene()
    execute(scene.box, "change_settings", body={"settle_needs_fulfilment": True})
    order = paid(scene)
    called_back(scene)
    push(scene, order)
    number = settled(scene, order)
    rule(scene, on="ecpay.settle", happens="settle_fails")
    other = paid(scene)
    called_back(scene)
    push(scene, other)
    settled(scene, other)
    scene.advance(5)
    operation(scene, "query_settle", out_settle_no=number)

    assert found(scene) == []
