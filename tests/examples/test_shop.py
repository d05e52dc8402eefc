"""The shop of examples/shop, from outside: its customers, the phone, the platform's retries."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest

from mockdouyin.core.crypto import callback_signature
from mockdouyin.testing.fixture import Douyin
from tests.cli.shell import Running, run
from tests.support.ports import free_port
from tests.support.shop import PROGRAM, Shop, open_shop
from tests.support.waiting import until

Opening = Callable[[], AbstractContextManager[Shop]]


@pytest.fixture
def opening(douyin: Douyin, tmp_path: Path) -> Opening:
    """Return what opens the shop: at one address and with one database, however often."""
    port, database = free_port(), str(tmp_path / "shop.db")
    app = douyin.app()
    keys = {"APP_ID": app.client_key, "SALT": app.payment.salt, "TOKEN": app.payment.token}
    return lambda: open_shop(douyin.url, port, database, **keys)


@pytest.fixture
def shop(opening: Opening) -> Iterator[Shop]:
    """Yield a shop that is open."""
    with opening() as shop:
        yield shop


def attempts(douyin: Douyin) -> list[int | None]:
    """Return what the shop answered to the latest callback, attempt by attempt."""
    return [attempt.status for attempt in douyin.deliveries[-1].attempts]


def test_an_order_is_paid_by_its_callback(douyin: Douyin, shop: Shop) -> None:
    """What create_order answers opens the cashier; its callback ships the order."""
    info = shop.order().json()

    assert douyin.phone().pay(orderInfo=info)["code"] == 0
    until(lambda: attempts(douyin) == [200], "the callback is answered")

    assert (shop.shown()["status"], shop.shown()["shipped"]) == ("paid", 1)
    assert not douyin.journal.of("ecpay.query_order")


def test_an_order_is_made_once(douyin: Douyin, shop: Shop) -> None:
    """Whoever asks twice gets the same order; another item under its number is refused."""
    assert shop.order().json() == shop.order().json()
    assert shop.order(item="cake").status_code == 409
    assert shop.order("CART-2", "tea").status_code == 404


def test_an_answer_that_is_lost(douyin: Douyin, shop: Shop) -> None:
    """The connection breaks after the platform made the order: asked again, it is that order."""
    douyin.rule("create_order", fault="reset", times=1)

    assert shop.order().status_code == 502
    info = shop.order().json()

    assert douyin.phone().pay(orderInfo=info)["code"] == 0


def test_a_shop_that_was_closed(douyin: Douyin, opening: Opening) -> None:
    """The callback is sent again to a shop that was down; the clock is moved to that."""
    with opening() as shop:
        shop.order()
    douyin.phone().pay()
    until(lambda: attempts(douyin) == [None], "the first attempt has failed")

    with opening() as shop:
        douyin.clock.advance("15s")

        assert attempts(douyin)[1:] == [200]
        assert shop.shown()["status"] == "paid"


def test_a_callback_that_comes_twice(douyin: Douyin, shop: Shop) -> None:
    """The same callback again is acknowledged, and nothing is shipped again."""
    shop.order()
    douyin.phone().pay()
    until(lambda: attempts(douyin) == [200], "the callback is answered")

    again = douyin.operation("replay", path={"id": douyin.deliveries[-1].id})

    assert [each["status"] for each in again["attempts"]][-1] == 200
    assert shop.shown()["shipped"] == 1


def test_a_callback_that_never_comes(douyin: Douyin, shop: Shop) -> None:
    """Nothing told the shop, so it asks the platform when the order is looked at."""
    douyin.settings(webhook_delay="1h")
    shop.order()
    assert shop.shown()["status"] == "new"

    douyin.phone().pay()

    assert shop.shown()["status"] == "paid"


def test_an_order_that_nobody_pays(douyin: Douyin, shop: Shop) -> None:
    """After fifteen minutes the order is closed, here and on the phone."""
    info = shop.order().json()
    douyin.clock.advance("15m1s")

    assert shop.shown()["status"] == "closed"
    assert douyin.phone().pay(orderInfo=info)["errNo"] == 10401


@pytest.mark.parametrize(
    ("changed", "token", "status"),
    [
        ({}, "not the Token", 400),
        ({"status": "FAIL"}, None, 200),
        ({"total_amount": 1}, None, 404),
        ({"cp_orderno": "CART-2"}, None, 404),
    ],
    ids=["forged", "not paid", "of another amount", "of another shop"],
)
def test_a_callback_that_pays_nothing(
    douyin: Douyin, shop: Shop, changed: dict[str, Any], token: str | None, status: int
) -> None:
    """A forged callback, of no order as we made it, or of no success: nothing is shipped."""
    shop.order()
    msg = json.dumps(
        {"cp_orderno": "CART-1", "total_amount": 1990, "status": "SUCCESS", **changed}
    )
    token = token or douyin.app().payment.token
    signature = callback_signature(token, "1714521600", "1234", msg)
    body = {"timestamp": "1714521600", "nonce": "1234", "msg": msg, "type": "payment"}

    reply = httpx.post(f"{shop.url}/notify", json={**body, "msg_signature": signature})

    assert reply.status_code == status
    assert shop.shown()["status"] == "new"


def test_the_shop_passes_its_examination(douyin: Douyin, shop: Shop) -> None:
    """`check-webhook` finds no fault in how the shop takes callbacks."""
    shop.order()

    done = run(
        *("check-webhook", f"{shop.url}/notify", "--kind", "ecpay"),
        *("--token", douyin.app().payment.token, "--order", "CART-1", "--amount", "1990"),
    )

    assert done.returncode == 0, done.stdout + done.stderr
    assert (shop.shown()["status"], shop.shown()["shipped"]) == ("paid", 1)


def test_a_refund(douyin: Douyin, shop: Shop) -> None:
    """A refund is accepted, and done when its callback says so; asked twice, it is one refund."""
    shop.order()
    assert shop.refund().status_code == 409
    douyin.phone().pay()
    until(lambda: attempts(douyin) == [200], "the payment is known")

    first, again = shop.refund(), shop.refund()
    douyin.clock.advance("2s")
    until(lambda: attempts(douyin) == [200], "the refund is known")

    assert first.json() == again.json()
    assert shop.shown()["status"] == "refunded"
    assert not douyin.journal.of("ecpay.query_refund")


def test_a_refund_whose_callback_is_late(douyin: Douyin, shop: Shop) -> None:
    """Nothing told the shop how the refund ended, so it asks."""
    shop.order()
    douyin.phone().pay()
    until(lambda: attempts(douyin) == [200], "the payment is known")
    douyin.settings(webhook_delay="1h")
    shop.refund()
    assert shop.shown("CART-1/refund")["status"] == "asked"

    douyin.clock.advance("2s")

    assert shop.shown("CART-1/refund")["status"] == "done"
    assert shop.shown()["status"] == "refunded"


def test_the_shop_under_run(tmp_path: Path) -> None:
    """As its first lines say: Douyin's own host, and the phone of another terminal."""
    port = free_port()
    running = Running(tmp_path, "run", "--", sys.executable, str(PROGRAM), str(port))
    try:
        shop = Shop(f"http://127.0.0.1:{port}")
        until(shop.listens, "the shop listens")
        assert shop.order().json()["order_token"]
    finally:
        running.process.terminate()
        running.process.wait()
